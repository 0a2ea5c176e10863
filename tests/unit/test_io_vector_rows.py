"""Vector files: rows that cannot be used, ids, digests; zones and the reserve."""

from __future__ import annotations

import hashlib
import json
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.errors import FormatError, HeaderError, IdError
from landuse.io.readers import read_reserve, read_zones
from landuse.measuring.area import ellipsoid_area
from landuse.tables import RESERVE, ZONES
from tests.unit.vector_files import CODES, E, N, parcels, read, square, write


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet", "shp"])
def test_heights_are_dropped_and_said_once(tmp_path, ending):
    table = parcels([shapely.force_3d(square(0), 150.0), shapely.force_3d(square(1), 151.0)])
    reading = read(write(table, tmp_path / f"a.{ending}"))
    assert not reading.table.geometry.has_z.any()
    assert reading.issues["kind"].tolist() == ["z_dropped"]
    assert reading.issues["action"].tolist() == ["mended"]


def measured_shapefile(path):
    """A shapefile of one polygon with measures (type 25), byte by byte; the library cannot write one."""
    points = [(E, N), (E, N + 100), (E + 100, N + 100), (E + 100, N), (E, N)]
    box = struct.pack("<4d", E, N, E + 100, N + 100)
    body = struct.pack("<i", 25) + box + struct.pack("<3i", 1, 5, 0)
    body += b"".join(struct.pack("<2d", *p) for p in points) + struct.pack("<7d", 5, 5, *[5.0] * 5)
    head = struct.pack("<2i", 1000, 25) + box + struct.pack("<4d", 0, 0, 5, 5)
    record = struct.pack(">2i", 1, len(body) // 2) + body
    path.with_suffix(".shp").write_bytes(
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(record)) // 2) + head + record
    )
    path.with_suffix(".shx").write_bytes(
        struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 54) + head + struct.pack(">2i", 50, len(body) // 2)
    )
    field = b"ZDDM".ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([5, 0]) + b"\0" * 14
    path.with_suffix(".dbf").write_bytes(
        struct.pack("<4BIHH20x", 3, 120, 1, 1, 1, 65, 6) + field + b"\r" + b" A    "
    )
    return path.with_suffix(".shp")


def test_measures_are_dropped_and_said(tmp_path):
    reading = read(measured_shapefile(tmp_path / "m"), crs="EPSG:4525")
    assert reading.table.index.tolist() == ["A"]
    assert not shapely.has_m(reading.table.geometry.values).any()
    assert reading.table.geometry.area.tolist() == [10_000.0]
    assert reading.issues["kind"].tolist() == ["z_dropped"]


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
def test_rows_whose_shape_cannot_be_used(tmp_path, ending):
    bow = shapely.Polygon([(E, N), (E + 50, N + 50), (E + 50, N), (E, N + 50)])
    shapes = [square(0), None, shapely.Polygon(), shapely.LineString([(E, N), (E + 1, N)]), bow,
              shapely.MultiPolygon([square(5), square(6)]), shapely.Point(E, N), square(1, y=100.0 + N)]  # fmt: skip
    reading = read(write(parcels(shapes), tmp_path / f"a.{ending}"))
    assert reading.table["source_row"].tolist() == [1, 6, 8]
    assert reading.rejected["row"].tolist() == [2, 3, 4, 5, 7]
    assert reading.rejected["kind"].tolist() == [
        "no_geometry", "no_geometry", "not_a_polygon", "invalid_geometry", "not_a_polygon"]  # fmt: skip
    assert "自相交" in reading.rejected["message"].iloc[3]
    assert reading.rejected["record_id"].tolist() == [CODES[1], "P2", "P3", "P4", "P6"]
    assert json.loads(reading.rejected["raw"].iloc[3]) == {"宗地代码": "P4"}
    assert reading.issues["action"].tolist() == ["rejected"] * 5


def test_a_stray_shape_is_a_fault_of_its_row(tmp_path):
    reading = read(write(parcels([square(0), square(1), shapely.box(0, 0, 5, 5)]), tmp_path / "a.gpkg"))
    assert reading.rejected["kind"].tolist() == ["outside_crs"]
    assert "EPSG:4525" in reading.rejected["message"].iloc[0]
    assert len(reading.table) == 2


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_coordinates_that_are_no_numbers(tmp_path, bad):
    odd = shapely.set_coordinates(square(1), [(E, N), (E + 9, N), (E + 9, bad), (E, N + 9), (E, N)])
    reading = read(write(parcels([square(0), odd]), tmp_path / "a.parquet"))
    assert reading.rejected["kind"].tolist() == ["invalid_geometry"]


def test_one_id_on_two_parcels_is_refused(tmp_path):
    twice = parcels()
    twice["宗地代码"] = "A"
    with pytest.raises(IdError, match=r"twice\.gpkg, row 2.*'A'"):
        read(write(twice, tmp_path / "twice.gpkg"))


def test_the_same_row_twice_is_rejected(tmp_path):
    twice = parcels([square(0), square(0)])
    twice["宗地代码"] = "A"
    reading = read(write(twice, tmp_path / "a.gpkg"))
    assert reading.rejected["kind"].tolist() == ["duplicate_row"]
    assert len(reading.table) == 1


def test_template_and_missing_ids_are_made(tmp_path):
    table = parcels()
    table["宗地代码"] = ["FID_0", None]
    reading = read(write(table, tmp_path / "宗地.gpkg"))
    assert reading.table.index.tolist() == ["宗地#1", "宗地#2"]
    assert reading.issues["kind"].tolist() == ["id_made", "id_made"]


def test_negative_area_rejects_the_row(tmp_path):
    reading = read(write(parcels(**{"面积（亩）": [15.0, -15.0]}), tmp_path / "a.geojson"))
    assert reading.table.index.tolist() == CODES[:1]
    assert reading.rejected["row"].tolist() == [2]


def test_whole_numbers_with_gaps_stay_whole(tmp_path):
    table = parcels(批准文号=pd.array([9_007_199_254_740_993, None], dtype="Int64"))
    reading = read(write(table, tmp_path / "a.gpkg"), columns={"批准文号": "contract_no"})
    assert reading.table["contract_no"].iloc[0] == "9007199254740993"


def test_header_that_is_not_recognised_names_the_nearest(tmp_path):
    table = parcels().rename(columns={"宗地代码": "宗地统一编马"})
    with pytest.raises(HeaderError, match=r"a\.gpkg.*宗地统一编"):
        read(write(table, tmp_path / "a.gpkg"))


def test_empty_layer(tmp_path):
    reading = read(write(parcels().iloc[:0], tmp_path / "a.gpkg"))
    assert len(reading.table) == 0
    assert reading.table.crs.to_epsg() == 4525


def test_digest_of_a_file_and_of_a_shapefile(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg")
    assert read(path).sources[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    shp = write(parcels(), tmp_path / "b.shp")
    whole = b"".join(shp.with_suffix(s).read_bytes() for s in (".shp", ".dbf", ".shx", ".prj", ".cpg"))
    assert read(shp).sources[0].sha256 == hashlib.sha256(whole).hexdigest()


def test_zones(tmp_path):
    zones = gpd.GeoDataFrame(
        {"集聚区编号": ["Z1", None], "集聚区名称": ["甲", "乙"], "类别": ["市区", "县域"]},
        geometry=[square(0), square(1)],
        crs=4525,
    )
    reading = read_zones(write(zones, tmp_path / "z.gpkg"))
    ZONES.check(reading.table)
    assert reading.table.index.tolist() == ["Z1", "乙"]
    assert reading.table["zone_class"].tolist() == ["urban", "county"]
    assert reading.sources[0].role == "zones"
    with pytest.raises(FormatError, match="folder"):
        read_zones(tmp_path)


def test_reserve_area_is_stated_where_it_fits_and_measured_elsewhere(tmp_path):
    shapes = [square(0), square(1), square(2)]
    land = gpd.GeoDataFrame(
        {"block_id": ["a", "b", "c"], "面积(亩)": [15.01, None, 30.0]}, geometry=shapes, crs=4525
    )
    reading = read_reserve(write(land, tmp_path / "reserve.gpkg"))
    RESERVE.check(reading.table)
    measured = ellipsoid_area(gpd.GeoSeries(shapes, crs=4525)).tolist()
    assert reading.table["area_m2"].tolist() == pytest.approx([15.01 * 2000 / 3, *measured[1:]])
    said = reading.issues[reading.issues["kind"] == "reserve_area_measured"]
    assert said["row"].tolist() == [2, 3]
    assert said["action"].tolist() == ["kept", "mended"]
    assert reading.sources[0].role == "reserve"


def test_hundred_thousand_rows_are_not_looped_over(tmp_path):
    import time

    n = 30_000
    x, y = 37_400_000.0 + np.arange(n) % 200 * 50.0, N + np.arange(n) // 200 * 50.0
    table = gpd.GeoDataFrame(
        {"zddm": [f"A{i}" for i in range(n)]}, geometry=shapely.box(x, y, x + 50, y + 50), crs=4525
    )
    path = write(table, tmp_path / "a.parquet")
    start = time.perf_counter()
    assert len(read(path).table) == n
    assert time.perf_counter() - start < 6.0, "0.6 s on an idle machine"
