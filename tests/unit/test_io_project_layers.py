"""Ledgers of projects kept as layers: footprints and points in every format, and no row lost for its shape."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import landuse as lu
from landuse.errors import CrsError, FormatError, HeaderError, IdError
from landuse.io.coordinates.gcj02 import shift
from landuse.io.gather import gather
from landuse.io.header.grid import Options
from landuse.io.plan.file import load_plan
from landuse.io.project_layers import project_reading
from landuse.io.readers import read_projects
from tests.small_plan import E0, N0, square
from tests.unit.test_io_dxf import dxf, light
from tests.unit.test_io_kml import data, kml, placemark
from tests.unit.test_io_working import XIAN

CRS = "EPSG:4525"
BOW = shapely.Polygon([(E0, N0), (E0 + 10, N0 + 10), (E0 + 10, N0), (E0, N0 + 10)])
SPIKE = shapely.Polygon(
    [(E0, N0), (E0 + 9, N0), (E0 + 9, N0 + 9), (E0 + 20, N0 + 9), (E0 + 9, N0 + 9), (E0, N0 + 9)]
)
DOT = shapely.Point(E0 + 50, N0 + 50)
LINE = shapely.LineString([(E0, N0), (E0 + 9, N0)])


def layer(shapes, **columns):
    count = len(shapes)
    cells = {
        "项目编号": [f"P{i}" for i in range(count)],
        "项目名称": [f"项目{i}" for i in range(count)],
        "总投资（万元）": [100.0 * (i + 1) for i in range(count)],
        "固定资产投资（万元）": [50.0 * (i + 1) for i in range(count)],
    }
    return gpd.GeoDataFrame(cells | columns, geometry=list(shapes), crs=CRS)


def read(path, **options):
    reading = read_projects(path, **options)
    (source,) = reading.sources
    assert source.rows_read == source.accepted + source.rejected
    assert source.accepted == len(reading.table)
    assert (source.role, source.path) == ("projects", str(path))
    return reading


@pytest.fixture
def put(tmp_path):
    def writer(table, name="项目.gpkg"):
        path = tmp_path / name
        if path.suffix == ".parquet":
            table.to_parquet(path)
        elif path.suffix == ".shp":
            short = {
                "项目编号": "XMBH",
                "项目名称": "XMMC",
                "总投资（万元）": "ZTZ",
                "固定资产投资（万元）": "GDZCTZ",
            }
            table.rename(columns=short).to_file(path, encoding="utf-8")
        else:
            table.to_file(path, **({"driver": "GeoJSON"} if path.suffix == ".geojson" else {}))
        return path

    return writer


# ---- formats


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet", "fgb", "shp"])
def test_footprints_and_money_from_every_format(put, ending):
    path = put(layer([square(0, 0), square(2, 0)]), f"项目.{ending}")
    table = read(path, amount_unit="万元").table.sort_index()  # FlatGeobuf keeps rows by place
    assert table.index.tolist() == ["P0", "P1"]
    assert table["name"].tolist() == ["项目0", "项目1"]
    assert table["total_invest_wan_high"].tolist() == [100.0, 200.0]
    assert table["fixed_invest_wan_low"].tolist() == [50.0, 100.0]
    assert table.geometry.area.tolist() == [10_000.0, 10_000.0]
    assert table.crs.to_epsg() == 4525


def test_points_from_a_zip_and_a_filegdb(tmp_path, put):
    import zipfile

    put(layer([DOT, DOT]), "项目.shp")
    with zipfile.ZipFile(tmp_path / "项目.zip", "w") as archive:
        for part in sorted(tmp_path.glob("项目.*")):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    assert read(tmp_path / "项目.zip", amount_unit="万元").table.geometry.geom_type.tolist() == ["Point"] * 2
    layer([DOT]).to_file(tmp_path / "a.gdb", driver="OpenFileGDB", layer="项目")
    assert read(tmp_path / "a.gdb", layer="项目").table.geometry.geom_type.tolist() == ["Point"]


def test_a_kml_with_points_beside_polygons(tmp_path):
    dot = "<Point><coordinates>112.0005,34.0005</coordinates></Point>"
    both = f"<MultiGeometry>{dot}<Point><coordinates>112.0006,34.0005</coordinates></Point></MultiGeometry>"
    money = data(项目编号="P1", 总投资="6000万元", 固定资产投资="4000万元")
    body = f"<Folder><name>点位</name>{placemark('甲', dot, money)}{placemark('乙', both)}</Folder>"
    body += f"<Folder><name>宗地</name>{placemark('丙')}</Folder>"
    reading = read(kml(tmp_path / "a.kml", body), layer="点位")
    assert reading.table["name"].tolist() == ["甲", "乙"]
    assert reading.table["total_invest_wan_low"].tolist()[0] == 6000.0
    assert reading.table.geometry.geom_type.tolist() == ["Point", "MultiPoint"]
    assert reading.issues["kind"].value_counts()["project_shape_flattened"] == 1


def test_a_drawing_gives_footprints_under_its_handles(tmp_path):
    path = dxf(tmp_path / "a.dxf", light("红线", handle="1A"), light("红线", closed=False, handle="2B"))
    with pytest.raises(HeaderError, match=r"no header stands for project_id or name"):
        read(path, crs=CRS)
    reading = read(path, crs=CRS, columns={"handle": "project_id"})
    assert reading.table.index.tolist() == ["1A", "2B"]
    assert shapely.area(reading.table.geometry).tolist() == [5000.0, pytest.approx(math.nan, nan_ok=True)]
    assert reading.issues["kind"].tolist().count("project_shape_dropped") == 1
    (said,) = reading.issues.query("kind == 'project_layer_without_money'")["message"]
    assert "2 个项目的投资额不详" in said
    assert reading.table["total_invest_wan_low"].isna().all()


def test_a_land_supply_ledger_with_shapes(put):
    table = gpd.GeoDataFrame(
        {"电子监管号": ["4103002021B00123"], "项目名称": ["甲"], "面积（公顷）": [1.5], "供地方式": ["挂牌出让"],
         "成交价格（万元）": [900.0], "约定容积率下限": [1.0]},
        geometry=[square(0, 0)], crs=CRS,
    )  # fmt: skip
    reading = read(put(table))
    assert reading.table["supplied_m2_low"].tolist() == [15_000.0]
    assert reading.table["contract_no"].tolist() == ["4103002021B00123"]
    assert "supply_ledger" in reading.issues["kind"].tolist()


# ---- shapes


@pytest.mark.parametrize(
    ("shape", "kept", "kind", "said"),
    [
        (square(0, 0), "Polygon", None, ""),
        (DOT, "Point", None, ""),
        (shapely.MultiPoint([DOT, shapely.Point(E0, N0)]), "MultiPoint", None, ""),
        (shapely.force_3d(square(0, 0), 150.0), "Polygon", "z_dropped", "高程"),
        (None, None, "project_shape_absent", "第 1 行"),
        (shapely.Polygon(), None, "project_shape_absent", "1 个项目没有图形"),
        (shapely.Point(), None, "project_shape_absent", "1 个项目没有图形"),
        (LINE, None, "project_shape_dropped", "线"),
        (shapely.MultiLineString([LINE]), None, "project_shape_dropped", "线"),
        (shapely.Point(0, 0), None, "project_shape_dropped", "(0, 0)"),
        (shapely.GeometryCollection([square(0, 0), DOT]), None, "project_shape_dropped", "点线面混合"),
        (shapely.GeometryCollection([square(0, 0)]), "MultiPolygon", "project_shape_flattened", "1 个同类"),
        (shapely.GeometryCollection([shapely.MultiPoint([DOT])]), "MultiPoint", "project_shape_flattened", "1 个同类"),
        (BOW, None, "project_shape_dropped", "边线自相交"),
        (SPIKE, "Polygon", "shape_mended", "已修复"),
        (shapely.Point(112.45, 34.62), None, "project_shape_dropped", "适用范围之外"),
        (shapely.Point(N0, E0), None, "project_shape_dropped", "写反"),
        (shapely.Point(E0 + 1_000_000, N0), None, "project_shape_dropped", "38 带"),
    ],
    ids=str,
)  # fmt: skip
def test_no_project_is_lost_for_its_shape(put, shape, kept, kind, said):
    others = [square(5, 5), square(7, 5), square(9, 5)]
    reading = read(put(layer([shape, *others]), "a.parquet"))
    assert reading.table.index.tolist() == ["P0", "P1", "P2", "P3"]
    assert reading.table["total_invest_wan_low"].sum() == 1000.0
    first = reading.table.geometry.iloc[0]
    assert (None if first is None else first.geom_type) == kept
    assert reading.issues["kind"].tolist() == ([] if kind is None else [kind])
    assert all(said in message for message in reading.issues["message"])
    assert reading.rejected.empty
    rows = reading.issues["row"].dropna().tolist()
    assert rows in ([], [1])


def test_coordinates_that_are_no_numbers(put):
    odd = shapely.from_wkb(shapely.to_wkb(shapely.Point(1.0, 2.0)).replace(
        np.float64(1.0).tobytes(), np.float64(np.inf).tobytes()))  # fmt: skip
    reading = read(put(layer([odd, square(5, 5)]), "a.parquet"))
    assert reading.table.geometry.isna().tolist() == [True, False]
    assert "坐标不是数" in reading.issues["message"].iloc[0]


def test_half_of_the_shapes_out_of_place_is_a_fault_of_the_file(put):
    with pytest.raises(CrsError, match="outside the area"):
        read(put(layer([shapely.Point(N0, E0), square(5, 5)]), "a.parquet"))


SHAPES = st.sampled_from(
    [None, square(0, 0), square(3, 2), DOT, LINE, BOW, SPIKE, shapely.Polygon(), shapely.Point(), shapely.Point(0, 0),
     shapely.MultiPoint([DOT]), shapely.GeometryCollection([square(1, 1), LINE]), shapely.GeometryCollection(),
     shapely.MultiPolygon([square(0, 0), square(0, 0)]), shapely.LinearRing(square(0, 0).exterior),
     shapely.GeometryCollection([shapely.GeometryCollection([DOT])])]
)  # fmt: skip


@given(st.lists(SHAPES, min_size=1, max_size=8))
def test_whatever_the_shapes_every_row_and_every_yuan_stays(shapes):
    import pyproj

    from landuse.io.header.grid import Grid
    from landuse.io.vector.vectors import Layer

    table = layer(shapes)
    cells = pd.DataFrame({i: table[c] for i, c in enumerate(table.columns[:-1])})
    rows = np.arange(1, len(table) + 1)
    grid = Grid("a.gpkg", "a", list(table.columns[:-1]), cells, rows)
    given_shapes = np.array([*shapes, None], dtype=object)[:-1]
    whole = Layer(grid, given_shapes, pyproj.CRS(CRS), [], "0")
    reading = project_reading(whole, Options())
    assert reading.table.index.tolist() == table["项目编号"].tolist()
    assert math.fsum(reading.table["total_invest_wan_low"]) == math.fsum(table["总投资（万元）"])
    found = reading.table.geometry
    assert shapely.is_valid(found[found.notna()].to_numpy()).all()
    assert set(found[found.notna()].geom_type) <= {"Polygon", "MultiPolygon", "Point", "MultiPoint"}
    told = reading.issues[reading.issues["field"] == "geometry"]
    changed = [i for i, (a, b) in enumerate(zip(shapes, found, strict=True)) if (a is None) != (b is None)]
    named = set(told["row"].dropna())
    absent = {i + 1 for i, s in enumerate(shapes) if s is None or s.is_empty}
    assert {i + 1 for i in changed} - absent <= named, "what is left behind is said"
    assert (len(absent) > 0) == ("project_shape_absent" in set(told["kind"]))


# ---- rows


def test_rows_that_add_up_others_are_not_money(put):
    table = layer([square(0, 0), DOT, None])
    table.loc[2, ["项目编号", "项目名称"]] = ["合计", None]
    reading = read(put(table, "a.parquet"))
    assert reading.table.index.tolist() == ["P0", "P1"]
    assert reading.rejected["kind"].tolist() == ["total_row"]


def test_a_project_called_total_that_has_a_shape_is_one(put):
    table = layer([square(0, 0), DOT])
    table.loc[1, "项目编号"] = "合计"
    assert read(put(table, "a.parquet")).table.index.tolist() == ["P0", "合计"]


def test_a_project_in_several_rows_that_differ_in_the_shape_alone_is_one(put):
    table = layer([square(0, 0), square(3, 0), square(9, 9), DOT, DOT.buffer(0.5).centroid])
    same = ["项目编号", "项目名称", "总投资（万元）", "固定资产投资（万元）"]
    for column in same:
        table[column] = [table[column].iloc[0]] * 2 + table[column].tolist()[2:]
    reading = read(put(table.iloc[[0, 2, 1]], "a.parquet"))
    assert reading.table.index.tolist() == ["P0", "P2"]
    assert reading.table.geometry.area.tolist() == [20_000.0, 10_000.0]
    assert reading.table["total_invest_wan_low"].sum() == 100.0 + 300.0
    (said,) = reading.issues.query("kind == 'project_parts_joined'")["message"]
    assert "2 行" in said


def test_parts_that_overlap_count_their_land_once(put):
    table = layer([square(0, 0), shapely.box(E0 + 50, N0, E0 + 150, N0 + 100)])
    for column in table.columns[:-1]:
        table[column] = table[column].iloc[0]
    assert read(put(table)).table.geometry.area.tolist() == [15_000.0]


def test_one_id_on_rows_that_differ_is_refused(put):
    table = layer([square(0, 0), square(3, 0)], 项目编号=["P0", "P0"])
    with pytest.raises(IdError, match=r"'P0' stands on two different rows, 1 and 2"):
        read(put(table))


def test_the_same_row_twice_counts_once(put):
    table = layer([square(0, 0), square(0, 0)])
    for column in table.columns[:-1]:
        table[column] = table[column].iloc[0]
    reading = read(put(table))
    assert len(reading.table) == 1
    assert reading.rejected["kind"].tolist() == ["duplicate_row"]


# ---- what the plan says of it


@pytest.mark.parametrize(
    ("name", "options", "key"),
    [
        ("项目.gpkg", {"sheet": "甲"}, "sheet"),
        ("台账.csv", {"layer": "甲"}, "layer"),
        ("台账.xlsx", {"crs": CRS}, "crs"),
        ("台账.csv", {"axes": "north_east"}, "axes"),
        ("postgresql://server/land", {"sheet": "a", "layer": "b"}, "sheet"),
    ],
)
def test_what_a_kind_of_file_does_not_have_is_refused(tmp_path, name, options, key):
    with pytest.raises(FormatError, match=rf"\[{key}\]") as caught:
        read_projects(name if "//" in name else tmp_path / name, **options)
    assert caught.value.remedy


def test_a_folder_and_an_empty_layer(tmp_path, put):
    with pytest.raises(FormatError, match="this is a folder") as caught:
        read_projects(tmp_path)
    assert caught.value.remedy
    assert read(put(layer([]), "a.parquet")).issues.empty
    with pytest.raises(HeaderError, match="no header stands for project_id or name"):
        read(put(layer([square(0, 0)])[["总投资（万元）", "geometry"]], "b.parquet"))


def test_layers_are_told_apart_by_name(tmp_path):
    layer([square(0, 0)]).to_file(tmp_path / "a.gpkg", layer="红线")
    layer([DOT]).to_file(tmp_path / "a.gpkg", layer="点位", mode="a")
    with pytest.raises(FormatError, match=r"2 layers: 红线, 点位"):
        read(tmp_path / "a.gpkg")
    assert read(tmp_path / "a.gpkg", layer="点位").table.geometry.geom_type.tolist() == ["Point"]


def test_north_before_east_and_gcj02(put):
    turned = layer([shapely.transform(square(0, 0), lambda p: p[:, ::-1]), None])
    reading = read(put(turned, "a.parquet"), axes="north_east")
    assert reading.table.geometry.iloc[0].equals(square(0, 0))
    assert "axes_swapped_as_told" in reading.issues["kind"].tolist()
    lon, lat = shift(np.array([112.45]), np.array([34.62]))
    dots = layer([shapely.Point(lon[0], lat[0]), shapely.Point(0, 0), None]).set_crs(
        4326, allow_override=True
    )
    dots = pd.DataFrame(dots.drop(columns="geometry")).assign(g=dots.geometry)
    path = put(gpd.GeoDataFrame(dots, geometry="g", crs=None), "b.shp")
    path.with_suffix(".prj").unlink(missing_ok=True)
    reading = read(path, crs="GCJ-02", amount_unit="万元")
    x, y = shapely.get_coordinates(reading.table.geometry.iloc[0])[0]
    assert (x, y) == pytest.approx((112.45, 34.62), abs=1e-8)
    assert reading.table.geometry.isna().tolist() == [False, True, True]


@pytest.fixture
def gathered(tmp_path):
    def gatherer(*projects, parcels_crs=4525, **more):
        land = gpd.GeoDataFrame({"宗地编号": ["A", "B"]}, geometry=[square(0, 0), square(1, 0)], crs=4525)
        land.to_crs(parcels_crs).to_file(tmp_path / "land.gpkg")
        plan = {"as_of": "2026-06-30", "parcels": [{"path": str(tmp_path / "land.gpkg")}]}
        return gather(load_plan(plan | {"projects": [{"path": str(p)} for p in projects], **more}))

    return gatherer


def test_sheets_and_layers_stand_side_by_side_in_the_plane_of_the_parcels(put, gathered, tmp_path):
    (tmp_path / "台账.csv").write_text("项目编号,项目名称,总投资（万元）\nX1,甲,10\n", encoding="utf-8-sig")
    east = put(layer([square(0, 0), None, DOT]).to_crs(4526), "东.gpkg")
    bare = put(layer([None, None], 项目编号=["N0", "N1"]).set_crs(2361, allow_override=True), "无.parquet")
    table = gathered(tmp_path / "台账.csv", east, bare).projects.table
    assert table.index.tolist() == ["X1", "P0", "P1", "P2", "N0", "N1"]
    assert table.crs.to_epsg() == 4525
    assert table.geometry.isna().tolist() == [True, False, True, False, True, True]
    apart = shapely.symmetric_difference(table.geometry.loc["P0"], square(0, 0)).area
    assert apart < 1e-3
    again = gathered(bare, east, tmp_path / "台账.csv").projects.table
    pd.testing.assert_frame_equal(table.sort_index(), again.sort_index())


def test_a_change_of_datum_needs_the_plans_parameters(put, gathered):
    path = put(layer([square(0, 0)]).set_crs(2361, allow_override=True))
    with pytest.raises(CrsError, match=r"项目\.gpkg.*no transformation from EPSG:2361"):
        gathered(path)
    inputs = gathered(path, datum_shift=[XIAN])
    assert inputs.projects.table.crs.to_epsg() == 4525
    assert "datum_shifted" in inputs.projects.issues["kind"].tolist()
    moved = inputs.projects.table.geometry.iloc[0].centroid.distance(square(0, 0).centroid)
    assert 10.0 < moved < 1000.0


def test_one_id_in_a_sheet_and_a_layer_is_refused(put, gathered, tmp_path):
    (tmp_path / "台账.csv").write_text("项目编号,项目名称,总投资（万元）\nP0,甲,10\n", encoding="utf-8-sig")
    with pytest.raises(IdError, match=r"'P0' stands in .*台账\.csv and here") as caught:
        gathered(tmp_path / "台账.csv", put(layer([square(0, 0)])))
    assert "join the columns of the sheet to the layer" in caught.value.remedy


def test_python_and_plan_link_alike(put, gathered):
    path = put(layer([square(0, 0).union(square(1, 0)), DOT, None]))
    inputs = gathered(path)
    here = lu.link(inputs.parcels.table, read_projects(path).table)
    there = lu.link(inputs.parcels.table, inputs.projects.table)
    pd.testing.assert_frame_equal(here.table, there.table)
    assert here.table[["project_id", "parcel_id", "method"]].to_numpy().tolist() == [
        ["P0", "A", "footprint"], ["P0", "B", "footprint"], ["P1", "A", "footprint"],
    ]  # fmt: skip
