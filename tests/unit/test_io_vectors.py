"""Vector files: round trips, refusals, rows that cannot be used; the reserve; encodings."""

from __future__ import annotations

import codecs
import hashlib
import json
import shutil
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.errors import CrsError, FormatError, HeaderError, IdError, MissingFileError
from landuse.io.encodings import dbf_encoding, decode
from landuse.io.readers import read_parcels, read_reserve, read_zones
from landuse.measuring.area import ellipsoid_area
from landuse.tables import PARCELS, RESERVE, ZONES

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


@pytest.mark.parametrize("ending", ENDINGS)
def test_round_trip(tmp_path, ending):
    table = parcels(面积亩=[15.0, 15.0], 土地用途=["工业用地", None])
    path = write(table, tmp_path / f"宗地.{ending}")
    before = sorted(tmp_path.iterdir())
    header = SHORT["面积亩"] if ending == "shp" else "面积亩"
    reading = read(path, columns={header: "stated_area_m2"}, area_unit="亩")
    assert sorted(tmp_path.iterdir()) == before, "reading left a file behind"
    found = reading.table
    PARCELS.check(found)
    assert found.index.tolist() == (CODES[::-1] if ending == "fgb" else CODES)  # fgb orders by place
    found = found.sort_values("source_row", ascending=ending != "fgb")
    assert found.crs.to_epsg() == 4525
    assert found.geometry.area.tolist() == [10_000.0, 10_000.0]
    assert found["stated_area_m2"].tolist() == [10_000.0, 10_000.0]
    assert found["land_use"].isna().tolist() == [False, True]
    assert found["ownership"].tolist() == ["state", "collective"]
    assert sorted(found["source_row"]) == [1, 2]
    assert set(found["source_file"]) == {str(path)}
    assert reading.sources[0].crs == "EPSG:4525"
    assert not len(reading.issues)


@pytest.mark.parametrize("ending", ["shp", "gpkg", "parquet"])
def test_no_crs_is_refused_and_the_plan_may_name_it(tmp_path, ending):
    bare = parcels(crs=None)
    path = tmp_path / f"bare.{ending}"
    bare.to_parquet(path) if ending == "parquet" else _without_warning(bare, path)
    with pytest.raises(CrsError) as caught:
        read(path)
    assert f"bare.{ending}" in str(caught.value)
    assert 'crs = "EPSG:4525"' in str(caught.value)
    assert read(path, crs="EPSG:4525").table.crs.to_epsg() == 4525


def _without_warning(table, path):
    with pytest.warns(UserWarning, match="crs"):
        write(table, path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_plan_that_disagrees_is_refused(tmp_path, ending):
    path = write(parcels(), tmp_path / f"a.{ending}")
    with pytest.raises(CrsError, match="the file is in EPSG:4525, the plan says EPSG:4526"):
        read(path, crs="EPSG:4526")


@pytest.mark.parametrize("ending", ENDINGS)
def test_degrees_given_a_planar_crs(tmp_path, ending):
    degrees = parcels().to_crs(4490).set_crs(4525, allow_override=True)
    path = write(degrees, tmp_path / f"a.{ending}")
    with pytest.raises(CrsError, match=rf"a\.{ending}.*are degrees"):
        read(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_planar_numbers_given_degrees(tmp_path, ending):
    planar = parcels().set_crs(4490, allow_override=True)
    path = write(planar, tmp_path / f"a.{ending}")
    with pytest.raises(CrsError, match="metres in a plane"):
        read(path)


def test_wrong_zone_is_refused(tmp_path):
    path = write(parcels(crs="EPSG:4526"), tmp_path / "a.gpkg")
    with pytest.raises(CrsError, match=r'begin with 37.*crs = "EPSG:4525"'):
        read(path)


def geojson(path, coordinates, crs=None):
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"宗地代码": "A"},
                "geometry": {"type": "Polygon", "coordinates": [coordinates]},
            }
        ],
    }
    if crs is not None:
        content["crs"] = {"type": "name", "properties": {"name": crs}} if crs != "null" else None
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


DEGREES = [[112.0, 34.0], [112.01, 34.0], [112.01, 34.01], [112.0, 34.0]]
METRES = [[E, N], [E + 9, N], [E + 9, N + 9], [E, N]]


def test_geojson_without_member_is_wgs84(tmp_path):
    reading = read(geojson(tmp_path / "a.geojson", DEGREES))
    assert reading.table.crs.to_epsg() == 4326
    for crs in ("null", "urn:ogc:def:crs:OGC:1.3:CRS84"):
        assert read(geojson(tmp_path / "a.geojson", DEGREES, crs)).table.crs.is_geographic


def test_geojson_without_member_holds_metres(tmp_path):
    path = geojson(tmp_path / "a.geojson", METRES)
    with pytest.raises(CrsError, match='begin with 37: is it crs = "EPSG:4525"'):
        read(path)
    assert read(path, crs="EPSG:4525").table.crs.to_epsg() == 4525
    with pytest.raises(CrsError, match="metres"):
        read(path, crs="EPSG:4490")


def test_geojson_without_member_believes_the_plan_as_far_as_the_numbers_do(tmp_path):
    path = geojson(tmp_path / "a.geojson", DEGREES)
    assert read(path, crs="EPSG:4490").table.crs.to_epsg() == 4490
    with pytest.raises(CrsError, match="are degrees"):
        read(path, crs="EPSG:4525")


def test_geojson_with_member_is_believed(tmp_path):
    path = geojson(tmp_path / "a.geojson", METRES, "urn:ogc:def:crs:EPSG::4525")
    assert read(path).table.crs.to_epsg() == 4525
    with pytest.raises(CrsError, match="the plan says"):
        read(path, crs="EPSG:4490")
    with pytest.raises(CrsError, match="nonsense"):
        read(geojson(tmp_path / "b.geojson", DEGREES, "nonsense"))


def test_missing_file_names_the_nearest(tmp_path):
    write(parcels(), tmp_path / "宗地2025.gpkg")
    for reader in (read_parcels, read_zones, read_reserve):
        with pytest.raises(MissingFileError, match=r"宗地2026\.gpkg.*宗地2025\.gpkg"):
            reader(tmp_path / "宗地2026.gpkg")
    with pytest.raises(MissingFileError, match="folder"):
        read_parcels(tmp_path / "nowhere" / "a.gpkg")


@pytest.mark.parametrize("ending", ENDINGS)
def test_not_that_format(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_text("no map")
    if ending == "shp":
        (tmp_path / "a.dbf").write_bytes(b"\0" * 40)
        (tmp_path / "a.shx").write_bytes(b"\0" * 100)
    with pytest.raises(FormatError, match=rf"a\.{ending}"):
        read(path)


def test_ending_that_lies(tmp_path):
    write(parcels(), tmp_path / "a.gpkg").rename(tmp_path / "a.geojson")
    with pytest.raises(FormatError, match=r"a\.geojson.*GPKG"):
        read(tmp_path / "a.geojson")


@pytest.mark.parametrize("name", ["a.dwg", "a.zip", "a"])
def test_ending_that_is_not_read(tmp_path, name):
    (tmp_path / name).write_text("x")
    with pytest.raises(FormatError, match=r"\.gpkg.*\.txt"):
        read(tmp_path / name)


def test_parquet_without_shapes(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FormatError, match="no shapes"):
        read(tmp_path / "a.parquet")


def test_layers_must_be_named_where_there_are_several(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg", layer="宗地")
    write(parcels([square(5)]), path, layer="旧宗地")
    with pytest.raises(FormatError) as caught:
        read(path)
    for words in ("a.gpkg", "宗地, 旧宗地", 'layer = "宗地"'):
        assert words in str(caught.value)
    reading = read(path, layer="旧宗地")
    assert len(reading.table) == 1
    assert reading.sources[0].layer == "旧宗地"
    with pytest.raises(FormatError, match=r"no layer '旧宗'.*layer = .旧宗地"):
        read(path, layer="旧宗")


def test_tables_without_shapes_are_no_layers(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg", layer="宗地")
    import pyogrio

    pyogrio.write_dataframe(pd.DataFrame({"style": ["x"]}), path, layer="layer_styles")
    assert len(read(path).table) == 2


def test_formats_without_layers(tmp_path):
    path = write(parcels(), tmp_path / "a.parquet")
    with pytest.raises(FormatError, match="no layers"):
        read(path, layer="a")


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
    assert "Self-intersection" in reading.rejected["message"].iloc[3]
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


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_shapefile_of_which_a_part_is_missing(tmp_path, part):
    shp = write(parcels(), tmp_path / "a.shp")
    shp.with_suffix(part).unlink()
    with pytest.raises(FormatError, match=rf"a\.shp.*{part}"):
        read(shp)


def test_shapefile_whose_table_was_changed_apart(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    write(parcels([square(0)]), tmp_path / "b.shp")
    shutil.copy(tmp_path / "b.dbf", tmp_path / "a.dbf")
    with pytest.raises(FormatError, match="2 shapes and 1 attribute records"):
        read(shp)


def test_shapefile_cut_short(tmp_path):
    shp = write(parcels([square(i) for i in range(20)]), tmp_path / "a.shp")
    shp.write_bytes(shp.read_bytes()[:-700])
    with pytest.raises(FormatError, match=r"a\.shp"):
        read(shp)


@pytest.mark.parametrize("name", ["a_gbk_cpg", "b_gbk_nocpg", "e_gbk_nocpg_ldid4d"])
def test_real_gbk_shapefiles(shared_data, name):
    path = shared_data / "shp_encoding" / f"{name}.shp"
    reading = read_zones(path, columns={"区县名称": "name", "adcode": "zone_id"})
    assert "洛龙区" in set(reading.table["name"])
    assert "瀍河回族区" in set(reading.table["name"])
    assert reading.sources[0].encoding.lower() in ("gbk", "gb18030")
    assert not len(reading.rejected)


def test_shapefile_whose_cpg_lies(shared_data, tmp_path):
    for part in (shared_data / "shp_encoding").glob("b_gbk_nocpg.*"):
        shutil.copy(part, tmp_path / part.name)
    (tmp_path / "b_gbk_nocpg.cpg").write_text("UTF-8")
    columns = {"区县名称": "name", "adcode": "zone_id"}
    reading = read_zones(tmp_path / "b_gbk_nocpg.shp", columns=columns)
    assert "洛龙区" in set(reading.table["name"])
    (said,) = reading.issues.to_dict("records")
    assert (said["kind"], said["raw"]) == ("encoding_differs", "UTF-8")
    with pytest.raises(FormatError, match='encoding = "gb18030"'):
        read_zones(tmp_path / "b_gbk_nocpg.shp", columns=columns, encoding="utf-8")


def test_dbf_text_cut_in_the_middle_of_a_character(tmp_path):
    shp = write(parcels(用途=["工业用地", "住宅"]), tmp_path / "a.shp")
    shp.with_suffix(".cpg").unlink()
    data = bytearray(shp.with_suffix(".dbf").read_bytes())
    at = data.index("工业用地".encode())
    data[at : at + 12] = "工业用地xx".encode("gbk") + b"\xb9\xa4"
    data[at + 11] = 0x20  # the last character lost its second half
    shp.with_suffix(".dbf").write_bytes(data)
    with pytest.raises(FormatError, match="gbk"):  # utf-8 headers and gbk cells: neither fits
        dbf_encoding(shp.with_suffix(".dbf"), file="a.shp")


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


TEXT = "宗地代码,面积（公顷）\n410302001001GB00001,1.2\n瀍河,洛阳市产业集聚区\n"


@pytest.mark.parametrize(
    ("codec", "used"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gbk", "gb18030"), ("gb18030", "gb18030"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-16", "utf-16-le")],
)  # fmt: skip
def test_decode_by_evidence(codec, used):
    assert decode(TEXT.encode(codec)) == (TEXT, used)


def test_decode_as_told():
    assert decode(TEXT.encode("gbk"), encoding="GB2312") == (TEXT, "gb18030")
    assert decode("漢字".encode("big5"), encoding="big5") == ("漢字", "big5")
    assert decode(codecs.BOM_UTF8 + b"a", encoding="utf-8") == ("a", "utf-8")
    with pytest.raises(FormatError, match='encoding = "gbk"'):
        decode(TEXT.encode("gbk"), encoding="utf-8", file="a.csv")
    with pytest.raises(FormatError, match="unknown encoding 'gkb'"):
        decode(b"", encoding="gkb")


@pytest.mark.parametrize("sign", ["㎡", "№", "¥", "℃"])
def test_decode_a_single_sign(sign):
    assert decode(f"area({sign})\n".encode("gb18030"))[0] == f"area({sign})\n"


@pytest.mark.parametrize(
    "data",
    [
        "宗地代碼,面積,洛陽市土地使用權的一是我不在".encode("big5"),
        "Müller, Größe, Straße, señor".encode("latin-1"),
        "日本語のテキスト、土地".encode("shift-jis"),
        "洛阳市产业集聚区".encode()[:12] + b"\xff" + "洛阳市产业集聚区土地".encode()[12:],
        bytes(range(128, 256)),
        b"\x00\x01\x02\x03\x04\x05",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    ],
)
def test_decode_refuses_what_nothing_fits(data):
    with pytest.raises(FormatError) as caught:
        decode(data, file="a.csv")
    assert "a.csv" in str(caught.value)


def test_a_damaged_byte_in_utf8_is_not_taken_for_gbk():
    data = "洛阳市产业集聚区土地".encode() * 3
    for broken, position in (
        (data[:12] + b"\x80" + data[13:], 13),
        (data[:31] + b"\xb5\xd8" + data[31:], 31),
    ):
        with pytest.raises(FormatError, match=rf"but for the byte at position {position}\b"):
            decode(broken)


def test_refusals_of_encodings_name_the_remedy():
    with pytest.raises(FormatError, match='encoding = "gbk"'):
        decode("Müller".encode("latin-1"), file="a.csv")


def test_ascii_is_utf8():
    assert decode(b"") == ("", "utf-8")
    assert decode(b"a,b\r\n") == ("a,b\r\n", "utf-8")
