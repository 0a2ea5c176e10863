"""Shapes in files: what is mended, dropped, drawn as chords or refused is said, row by row."""

from __future__ import annotations

import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import landuse as lu
from landuse.io.vector.curves import count_curves
from tests.small_plan import E0, N0, square

ENDINGS = ["gpkg", "geojson", "parquet", "fgb"]


def moved(wkt):
    return shapely.transform(shapely.from_wkt(wkt), lambda xy: xy * 10 + np.array([E0, N0]))


SPIKE = "POLYGON ((0 0, 10 0, 10 10, 20 10, 10 10, 0 10, 0 0))"
NESTED = "MULTIPOLYGON (((20 0, 30 0, 30 10, 20 10, 20 0)), ((22 2, 24 2, 24 4, 22 4, 22 2)))"
BOW = "POLYGON ((40 0, 50 10, 50 0, 40 10, 40 0))"


def write(folder, shapes, ending):
    table = gpd.GeoDataFrame(
        {"宗地编号": [f"P{i}" for i in range(len(shapes))]}, geometry=shapes, crs="EPSG:4525"
    )
    path = folder / f"a.{ending}"
    if ending == "parquet":
        table.to_parquet(path)
    else:
        table.to_file(path)
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_mended_and_what_is_refused_is_said_by_row(tmp_path, ending):
    if ending == "fgb":  # keeps its rows in an order of its own
        shapes = [moved(SPIKE)]
        reading = lu.read_parcels(write(tmp_path, shapes, ending))
        assert reading.issues["kind"].tolist() == ["shape_mended"]
        return
    reading = lu.read_parcels(
        write(tmp_path, [moved(SPIKE), moved(NESTED), moved(BOW), square(0, 5)], ending)
    )
    assert reading.table.index.tolist() == ["P0", "P1", "P3"]
    assert reading.table.geometry.area.tolist() == pytest.approx([10_000.0, 9_600.0, 10_000.0])
    assert reading.table.geometry.is_valid.all()
    said = reading.issues[["kind", "action", "row", "field"]].to_numpy().tolist()
    assert said == [
        ["shape_mended", "mended", 1, "geometry"],
        ["rings_by_containment", "mended", 2, "geometry"],
        ["invalid_geometry", "rejected", 3, "geometry"],
    ]
    assert "10,400.000 变为 9,600.000 平方米（-800.000）" in reading.issues["message"].iloc[1]
    assert reading.issues["raw"].iloc[1].startswith("Nested shells")
    assert reading.rejected["row"].tolist() == [3]
    source = reading.sources[0]
    assert (source.rows_read, source.accepted, source.rejected) == (4, 3, 1)


def test_heights_are_said_once_with_how_many(tmp_path):
    shapes = [shapely.force_3d(square(0, 0), 150.0), square(1, 0), shapely.force_3d(square(2, 0), 151.0)]
    reading = lu.read_parcels(write(tmp_path, shapes, "parquet"))
    assert reading.issues["kind"].tolist() == ["z_dropped"]
    assert reading.issues["message"].iloc[0].startswith("2 个图形")


def circle(x, y, radius):
    """A disc of arcs as ISO WKB: a CurvePolygon of one CircularString; no library here writes it."""
    points = [(x - radius, y), (x, y + radius), (x + radius, y), (x, y - radius), (x - radius, y)]
    arcs = struct.pack("<BII", 1, 8, len(points)) + b"".join(struct.pack("<dd", *p) for p in points)
    return struct.pack("<BII", 1, 10, 1) + arcs


def curved(path, declared):
    shapes = np.array(
        [circle(E0, N0, 50.0), circle(E0 + 200, N0, 50.0), shapely.to_wkb(square(5, 0))], dtype=object
    )
    pyogrio.raw.write(
        path,
        geometry=shapes,
        field_data=[np.array(["A", "B", "C"], dtype=object)],
        fields=np.array(["宗地编号"]),
        geometry_type="Unknown",
        crs="EPSG:4525",
        driver="GPKG",
        layer="a",
    )
    with sqlite3.connect(path) as base:
        base.execute("update gpkg_geometry_columns set geometry_type_name = ?", (declared,))
    base.close()
    return path


@pytest.mark.parametrize("declared", ["GEOMETRY", "CURVEPOLYGON", "MULTISURFACE"])
def test_arcs_are_drawn_as_chords_and_said(tmp_path, declared):
    path = curved(tmp_path / "a.gpkg", declared)
    assert count_curves(path, "a") == 2
    reading = lu.read_parcels(path)
    said = reading.issues[reading.issues["kind"] == "curves_densified"]
    assert said["action"].tolist() == ["mended"]
    assert said["message"].iloc[0].startswith("2 个图形含圆弧")
    areas = reading.table.geometry.area
    disc = np.pi * 50.0**2
    assert areas["A"] == pytest.approx(disc, rel=1e-3)
    assert areas["A"] < disc * (1 - 7e-4), "the message says by how much: 0.08 %"
    assert areas["C"] == 10_000.0


def test_plain_layers_have_no_arcs(tmp_path):
    path = write(tmp_path, [square(0, 0)], "gpkg")
    assert count_curves(path, "a") == 0
    assert lu.read_parcels(path).issues.empty
