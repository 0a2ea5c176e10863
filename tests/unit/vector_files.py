"""Layers of squares, written in every format that is read."""

from __future__ import annotations

import geopandas as gpd
import shapely

from landuse.io.readers import read_parcels

E, N = 37_632_000.0, 3_833_000.0
ENDINGS = ["shp", "gpkg", "geojson", "fgb", "parquet"]
CODES = ["410302001001GB00001", "410302001001JB00002"]


def square(column=0, size=100.0, y=N):
    x = E + 200.0 * column
    return shapely.box(x, y, x + size, y + size)


def parcels(shapes=None, crs="EPSG:4525", **columns):
    shapes = [square(0), square(1)] if shapes is None else shapes
    data = {"宗地代码": [*CODES, *(f"P{i}" for i in range(2, len(shapes)))][: len(shapes)]}
    return gpd.GeoDataFrame(data | columns, geometry=shapes, crs=crs)


SHORT = {"宗地代码": "ZDDM", "土地用途": "TDYT", "面积亩": "MJ"}
"""Field names of a shapefile have ten bytes."""


def write(table, path, **options):
    if path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".shp":
        table.rename(columns=SHORT).to_file(path, encoding="utf-8", **options)
    else:
        table.to_file(path, **options)
    return path


def read(path, **options):
    reading = read_parcels(path, **options)
    (source,) = reading.sources
    assert source.rows_read == source.accepted + source.rejected
    assert source.accepted == len(reading.table)
    assert source.rejected == len(reading.rejected)
    assert (source.role, source.path) == ("parcels", str(path))
    return reading
