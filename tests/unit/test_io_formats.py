"""Formats beside each other: what is written comes back the same; layers; Arrow gives what the plain way gives."""

from __future__ import annotations

import datetime
import shutil
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
import shapely
import shapely.affinity

from landuse.errors import FormatError
from landuse.io.vector import arrow, drivers
from landuse.io.vector.drivers import read_driver
from tests.unit.vector_files import CODES, E, N, parcels, read, square, write

DAYS = [datetime.date(2019, 3, 1), None, datetime.date(2020, 2, 29)]
LAND = ["工业用地", "仓储用地（瀍河）", None]
PRICES = [1234.5678, np.nan, 0.1]
AREAS = [10_000.25, 9_999.75, 12_345.0]
NAMES = {
    "宗地代码": "ZDDM",
    "土地用途": "TDYT",
    "面积（平方米）": "ZDMJ",
    "成交价格（万元）": "CJJG",
    "实际开工日期": "SJKGSJ",
    "合同编号": "HTBH",
}
FORMATS = ["gpkg", "geojson", "parquet", "fgb", "shp", "gdb"]
GDB = {"driver": "OpenFileGDB", "promote_to_multi": True, "TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"}
STEP = {"geojson": 1e-7}
"""Formats that round coordinates, and to what [coordinate units]; the others keep every bit."""


def texts(column):
    return [None if pd.isna(c) else c for c in column]


def lots():
    corner = shapely.Polygon([(E + 500.123456789, N), (E + 600.1, N + 0.3), (E + 555.5, N + 80.7)])
    hole = shapely.affinity.translate(square(8, size=30), 20, 20)
    ring = shapely.Polygon(square(8).exterior, [hole.exterior])
    return [corner, shapely.MultiPolygon([square(2), square(4, size=33.3)]), ring]


def full():
    return gpd.GeoDataFrame(
        {
            "宗地代码": [*CODES, "P3"],
            "土地用途": LAND,
            "面积（平方米）": AREAS,
            "成交价格（万元）": PRICES,
            "实际开工日期": pd.to_datetime(pd.Series(DAYS)),
            "合同编号": ["007", "410302200001", None],
        },
        geometry=lots(),
        crs=4525,
    )


def store(table, path):
    if path.suffix == ".shp":
        table["实际开工日期"] = table["实际开工日期"].dt.strftime("%Y-%m-%d")
        table.rename(columns=NAMES).to_file(path, encoding="utf-8")
    elif path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".gdb":
        table.to_file(path, layer="宗地", **GDB)
    else:
        table.to_file(path)
    return path


@pytest.mark.parametrize("ending", FORMATS)
def test_table_to_file_to_table(tmp_path, ending):
    path = store(full(), tmp_path / f"a.{ending}")
    units = {"area_unit": "平方米", "amount_unit": "万元"} if ending == "shp" else {}
    found = read(path, **units).table.loc[[*CODES, "P3"]]
    assert texts(found["land_use"]) == LAND
    assert texts(found["contract_no"]) == [
        "007",
        "410302200001",
        None,
    ]
    assert found["stated_area_m2"].tolist() == AREAS
    np.testing.assert_array_equal(found["price_wan_low"].to_numpy(), PRICES)
    np.testing.assert_array_equal(found["price_wan_high"].to_numpy(), PRICES)
    days = [None if pd.isna(d) else d.date() for d in found["started_on"]]
    assert days == DAYS
    step = STEP.get(ending, 0.0)
    for now, was in zip(found.geometry, lots(), strict=True):
        if (
            ending in ("gdb", "fgb", "gpkg")
            and was.geom_type == "Polygon"
            and now.geom_type == "MultiPolygon"
        ):
            now = now.geoms[0]
        apart = shapely.hausdorff_distance(now, was)
        assert apart <= max(step, 1e-4 if ending == "gdb" else 0.0)
        assert now.equals_exact(was, max(step, 1e-4 if ending == "gdb" else 0.0), normalize=True)
    assert found.crs.to_epsg() == 4525


@pytest.mark.parametrize("ending", FORMATS)
def test_a_second_time_round_changes_nothing(tmp_path, ending):
    """What we read, written again in the same format, reads the same: to the last bit."""
    units = {"area_unit": "平方米", "amount_unit": "万元"} if ending == "shp" else {}
    first = read(store(full(), tmp_path / f"a.{ending}"), **units).table
    columns = ["land_use", "stated_area_m2", "price_wan_low", "started_on", "contract_no"]
    again = first[[*columns, "geometry"]].reset_index()
    back = {
        "parcel_id": "宗地代码",
        **dict(
            zip(
                columns,
                ["土地用途", "面积（平方米）", "成交价格（万元）", "实际开工日期", "合同编号"],
                strict=True,
            )
        ),
    }
    second = read(store(again.rename(columns=back), tmp_path / f"b.{ending}"), **units).table.loc[first.index]
    pd.testing.assert_frame_equal(pd.DataFrame(first[columns]), pd.DataFrame(second[columns]))
    assert [g.normalize().wkb for g in first.geometry] == [g.normalize().wkb for g in second.geometry]


def types_table(n=200):
    rng = np.random.default_rng(3)
    gaps = rng.random(n) < 0.3
    x = E + 200.0 * np.arange(n)
    return gpd.GeoDataFrame(
        {
            "text": pd.Series([f"宗{i}" for i in range(n)], dtype="str").mask(gaps),
            "whole": rng.integers(-(2**31), 2**31 - 1, n),
            "long": rng.integers(2**53, 2**62, n),
            "gapped": pd.Series(rng.integers(0, 100, n)).astype("Int64").mask(gaps),
            "small": rng.integers(0, 99, n).astype("int16"),
            "real": pd.Series(rng.normal(size=n)).mask(gaps),
            "flag": rng.random(n) < 0.5,
            "moment": pd.Series(pd.date_range("2019-01-01", periods=n, freq="37h"))
            .dt.as_unit("ms")
            .mask(gaps),
            "zoned": pd.Series(pd.date_range("2019-01-01", periods=n, freq="37h", tz="UTC")).dt.as_unit("ms"),
            "mark": pd.Series(["", " a ", "\ufeff零", "x\ty"] * (n // 4), dtype="str"),
        },
        geometry=shapely.box(x, N, x + 50, N + 50),
        crs=4525,
    )


DRIVER = {
    "gpkg": "GPKG",
    "fgb": "FlatGeobuf",
    "geojson": "GeoJSON",
    "gdb": "OpenFileGDB",
    "shp": "ESRI Shapefile",
}


@pytest.mark.parametrize("ending", list(DRIVER))
def test_arrow_gives_what_the_plain_way_gives(tmp_path, monkeypatch, ending):
    table = types_table()
    if ending == "shp":
        table = table.drop(columns=["moment", "zoned", "mark"])
    path = tmp_path / f"a.{ending}"
    if ending == "gdb":
        table = table.drop(columns=["moment"])
    table.to_file(path, **(GDB if ending == "gdb" else {"driver": DRIVER[ending]}))
    info = pyogrio.read_info(path)
    assert info["geometry_type"] in drivers._PLAIN, "so it is read through Arrow"
    layer = info["layer_name"]
    fast = read_driver(path, DRIVER[ending], layer, "a")
    monkeypatch.setattr(drivers, "_by_arrow", None)
    monkeypatch.setattr(drivers, "_PLAIN", frozenset())
    slow = read_driver(path, DRIVER[ending], layer, "a")
    assert fast.headers == slow.headers
    assert fast.crs == slow.crs
    assert [s.wkb for s in fast.shapes] == [s.wkb for s in slow.shapes]
    for at, name in enumerate(fast.headers):
        left, right = fast.cells[at], slow.cells[at]
        assert left.isna().tolist() == right.isna().tolist(), name
        there = left.notna()
        assert left[there].astype(object).tolist() == right[there].astype(object).tolist(), (name, left.dtype)


def test_arrow_and_days(tmp_path, monkeypatch):
    path = tmp_path / "a.gpkg"
    days = pa.table(
        {
            "d": pa.array(DAYS, pa.date32()),
            "shape": shapely.to_wkb([shapely.MultiPolygon([square(i)]) for i in range(3)]),
        }
    )
    pyogrio.write_arrow(
        days, path, driver="GPKG", geometry_name="shape", geometry_type="MultiPolygon", crs="EPSG:4525"
    )
    assert pyogrio.read_info(path)["dtypes"].tolist() == ["datetime64[D]"]
    for kinds in (drivers._PLAIN | {"Unknown"}, frozenset()):
        monkeypatch.setattr(drivers, "_PLAIN", kinds)
        found = read_driver(path, "GPKG", None, "a").cells[0]
        assert [None if pd.isna(d) else d.date() for d in pd.to_datetime(found)] == DAYS


def test_filegdb_folder_and_zip(tmp_path):
    gdb = store(full(), tmp_path / "地籍.gdb")
    parcels([square(5)]).to_file(gdb, layer="旧宗地", mode="a", **GDB)
    with pytest.raises(FormatError, match=r"地籍\.gdb.*2 layers: 宗地, 旧宗地"):
        read(gdb)
    reading = read(gdb, layer="宗地")
    assert reading.sources[0].layer == "宗地"
    assert sorted(reading.table.index) == sorted([*CODES, "P3"])
    packed = tmp_path / "地籍.gdb.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(gdb.iterdir()):
            archive.write(file, f"地籍.gdb/{file.name}")
    again = read(packed, layer="宗地")
    assert again.sources[0].layer == "地籍.gdb/宗地"
    assert again.table.geometry.to_wkb().tolist() == reading.table.geometry.to_wkb().tolist()
    assert read(packed, layer="地籍.gdb/旧宗地").table.index.tolist() == CODES[:1]


def test_a_folder_that_is_no_gdb(tmp_path):
    (tmp_path / "a.gdb").mkdir()
    (tmp_path / "a.gdb" / "x.txt").write_text("x")
    with pytest.raises(FormatError, match=r"a\.gdb.*OpenFileGDB.*\.gdbtable"):
        read(tmp_path / "a.gdb")


@pytest.mark.parametrize("codec", ["gbk", "utf-16", "utf-8-sig"])
def test_geojson_that_is_not_utf8(tmp_path, codec):
    path = write(parcels(土地用途=["工业用地", "住宅用地"]), tmp_path / "a.geojson")
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode(codec))
    reading = read(path)
    assert reading.table["land_use"].tolist() == ["工业用地", "住宅用地"]
    assert reading.table.crs.to_epsg() == 4525
    assert ("text_not_utf8" in set(reading.issues["kind"])) == (codec != "utf-8-sig")


@pytest.mark.parametrize("ending", ["gpkg", "fgb"])
def test_encoding_is_no_question_in_formats_of_utf8(tmp_path, ending):
    path = write(parcels(), tmp_path / f"a.{ending}")
    with pytest.raises(FormatError, match="always UTF-8"):
        read(path, encoding="gbk")


def test_lists_in_cells_become_text(tmp_path):
    table = parcels()
    table["标签"] = [["a", "b"], ["甲"]]
    path = tmp_path / "a.parquet"
    table.to_parquet(path)
    reading = read(path, columns={"标签": "contract_no"})
    assert reading.table["contract_no"].tolist() == ['["a", "b"]', '["甲"]']


def test_a_layer_of_many_batches(tmp_path):
    n = 70_000
    x = E - 100_000 + 1.0 * np.arange(n)
    table = gpd.GeoDataFrame(
        {"ZDDM": [f"A{i}" for i in range(n)]}, geometry=shapely.box(x, N, x + 0.5, N + 1), crs=4525
    )
    path = tmp_path / "a.fgb"
    table.to_file(path, SPATIAL_INDEX="NO")
    found = read_driver(path, "FlatGeobuf", None, "a")
    assert found.cells[0].tolist() == table["ZDDM"].tolist()
    assert found.shapes[-1].equals(table.geometry.iloc[-1])


def test_limits_of_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(arrow, "_LONGEST_TEXT", 1000)
    for ending in ("gpkg", "geojson", "fgb", "parquet"):
        path = write(parcels(备注=["x", "长" * 400]), tmp_path / f"a.{ending}")
        with pytest.raises(FormatError, match=r"1,200 bytes, more than 1,000|400 .*") as caught:
            read(path)
        assert caught.value.key == "备注"
        assert caught.value.row in (1, 2)  # fgb orders by place
    shutil.rmtree(tmp_path / "x", ignore_errors=True)
