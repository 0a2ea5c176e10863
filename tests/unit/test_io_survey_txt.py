"""Survey coordinate TXT: the six real files, encodings, coordinate systems, and what is no such file."""

from __future__ import annotations

import codecs

import pytest

from landuse.errors import CrsError, FormatError, PlanError
from landuse.io.readers import read_parcels
from tests.unit.survey_pages import E0, N0, corners, kinds, page, parcel, reader_in, ring


@pytest.fixture
def read(tmp_path):
    return reader_in(tmp_path)


def test_six_real_files_declare_their_planar_area(shared_data):
    reading = read_parcels(shared_data / "survey_txt")
    table = reading.table
    assert table.crs.to_epsg() == 4526
    assert list(table.index) == [f"{n}#1" for n in (
        44120000072, 44120000105, 44120000120, 44120000326, 44120000957, 44120001111)]  # fmt: skip
    assert [f"{a / 10_000:.4f}" for a in table.geometry.area] == [
        "1.2247", "8.7423", "2.6708", "0.0100", "0.7749", "6.0254"]  # fmt: skip
    assert table["stated_area_m2"].tolist() == [12247.0, 87423.0, 26708.0, 100.0, 7749.0, 60254.0]
    assert set(table["source_row"]) == {10}
    assert table["land_use"].isna().all()
    assert table["parcel_name"].isna().all()
    assert kinds(reading) == {"id_made"}
    assert set(reading.issues["raw"]) == {"FID_0"}
    (source,) = reading.sources
    assert (source.rows_read, source.accepted, source.rejected, source.crs) == (6, 6, 0, "EPSG:4526")


def test_real_files_one_by_one_are_the_folder(shared_data):
    whole = read_parcels(shared_data / "survey_txt").table
    for path in sorted((shared_data / "survey_txt").glob("*.txt")):
        one = read_parcels(path).table
        assert one.geometry.iloc[0].equals(whole.geometry[one.index[0]])


def test_columns_and_row(read):
    reading = read(page(parcel()))
    row = reading.table.loc["410302001001GB00001"]
    assert row["parcel_name"] == "一号地"
    assert row["land_use"] == "工业用地"
    assert row["construction_land"]
    assert row["ownership"] == "state"
    assert row["ownership_basis"] == "code"
    assert row["stated_area_m2"] == 10_000.0
    assert row["source_row"] == 10
    assert row["start_state"] == "unknown"
    assert reading.table.crs.to_epsg() == 4525
    assert reading.table.total_bounds.tolist() == [E0, N0, E0 + 100, N0 + 100]
    assert not len(reading.issues)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(read, encoding, ending):
    reading = read(page(parcel()).rstrip("\n").replace("\n", ending), written=encoding)
    assert reading.table["parcel_name"].tolist() == ["一号地"]
    assert reading.table["source_row"].tolist() == [10]
    wanted = {"utf-8-sig": "utf-8", "gbk": "gb18030", "utf-16": "utf-16-le"}.get(encoding, encoding)
    assert reading.sources[0].encoding == wanted


def test_utf16_big_endian_with_mark(read):
    data = codecs.BOM_UTF16_BE + page(parcel()).encode("utf-16-be")
    assert read(data).table["land_use"].tolist() == ["工业用地"]


def test_full_width_signs_sections_before_and_leading_space(read):
    text = page(parcel()).replace("[属性描述]", " 【项目信息】\n项目名称=某项目\n ［属性描述］")
    text = text.replace("[地块坐标]", "【地块坐标】").replace("带号=37", "带号＝３７")
    text = text.replace("5,1,4103", "５，１，4103").replace("J2,1,", "Ｊ２，１，")
    reading = read(text, written="gbk")
    assert reading.table.index.tolist() == ["410302001001GB00001"]
    assert reading.table.geometry.area.tolist() == [10_000.0]
    assert not len(reading.issues)


@pytest.mark.parametrize(
    ("spelling", "zone", "epsg"),
    [
        ("2000国家大地坐标系", 37, 4525), ("CGCS2000", 38, 4526), ("国家2000大地坐标系", 40, 4528),
        ("80国家大地坐标系", 37, 2361), ("1980西安坐标系", 38, 2362), ("1954北京坐标系", 37, 2413),
        ("2000国家大地坐标系", 19, 4497), ("1980西安坐标系", 19, 2333), ("1954北京坐标系", 20, 21420),
    ],
)  # fmt: skip
def test_datum_and_zone_prefix_name_the_system(read, spelling, zone, epsg):
    square = corners(east=zone * 1e6 + 500_100)
    header = {"坐标系": spelling, "带号": str(zone), "几度分带": "3" if zone > 24 else "6"}
    reading = read(page(parcel(rows=ring(square)), **header))
    assert reading.table.crs.to_epsg() == epsg
    assert not len(reading.issues)


@pytest.mark.parametrize("header", ["38", "3", "40"])
def test_zone_of_the_eastings_wins_over_the_header(read, header):
    reading = read(page(parcel(), **{"带号": header}))
    assert reading.table.crs.to_epsg() == 4525
    (said,) = reading.issues.to_dict("records")
    assert (said["kind"], said["raw"], said["row"], said["field"]) == (
        "zone_header_differs",
        header,
        6,
        "带号",
    )
    assert "37" in said["message"]


def test_width_of_zones_that_contradicts_the_eastings_is_said(read):
    reading = read(page(parcel(), **{"几度分带": "6"}))
    assert reading.issues["kind"].tolist() == ["zone_header_differs"]
    assert reading.issues["field"].tolist() == ["几度分带"]


def test_width_written_in_words(read):
    text = page(parcel()).replace("几度分带=3", "分带=3度带")
    assert not len(read(text).issues)


@pytest.mark.parametrize(("zone", "epsg"), [("37", 4546), ("19", 4508)])
def test_without_prefix_the_header_decides(read, zone, epsg):
    header = {"带号": zone, "几度分带": "3" if zone == "37" else "6"}
    reading = read(page(parcel(rows=ring(corners(east=632_000.0))), **header))
    assert reading.table.crs.to_epsg() == epsg


@pytest.mark.parametrize("zone", ["", "3", "114"])
def test_no_zone_anywhere_is_refused(read, zone):
    with pytest.raises(CrsError, match="no zone") as caught:
        read(page(parcel(rows=ring(corners(east=632_000.0))), **{"带号": zone}), name="zone.txt")
    assert "zone.txt" in str(caught.value)
    assert 'crs = "EPSG:4525"' in str(caught.value)


def test_no_zone_anywhere_but_in_the_plan(read):
    text = page(parcel(rows=ring(corners(east=632_000.0))), **{"带号": ""})
    assert read(text, crs="EPSG:4546").table.crs.to_epsg() == 4546


@pytest.mark.parametrize("datum", ["", "WGS84坐标系", "洛阳独立坐标系"])
def test_datum_without_grid_needs_the_plan(read, datum):
    text = page(parcel(), **{"坐标系": datum})
    with pytest.raises(CrsError, match="no coordinate system") as caught:
        read(text)
    assert datum in str(caught.value)
    assert read(text, crs="EPSG:4525").table.crs.to_epsg() == 4525


def test_plan_that_contradicts_the_file_is_refused(read):
    with pytest.raises(CrsError, match="the file is in EPSG:4525, the plan says EPSG:4526"):
        read(page(parcel()), crs="EPSG:4526")
    assert len(read(page(parcel()), crs="EPSG:4525").table) == 1


def test_another_projection_or_unit_is_refused(read):
    with pytest.raises(CrsError, match="墨卡托"):
        read(page(parcel(), **{"投影类型": "墨卡托"}))
    with pytest.raises(CrsError, match="度"):
        read(page(parcel(), **{"计量单位": "度"}))


def test_coordinates_that_are_none_of_china(read):
    with pytest.raises(CrsError, match="no northing and easting"):
        read(page(parcel(rows=ring(corners(1000.0, 2000.0)))))


def test_one_parcel_off_the_country_is_rejected(read):
    odd = parcel("5,1,B,,面,,,,@", ring(corners(E0, 833_000.0)))
    reading = read(page(parcel(), odd))
    assert reading.table.index.tolist() == ["410302001001GB00001"]
    assert reading.rejected["kind"].tolist() == ["not_in_china"]
    assert reading.rejected["record_id"].tolist() == ["B"]
    assert reading.rejected["row"].tolist() == [16]


def test_swapped_axes_are_mended_and_said(read):
    rows = ring([(y, x) for x, y in corners()])
    reading = read(page(parcel(rows=rows)))
    assert reading.table.total_bounds.tolist() == [E0, N0, E0 + 100, N0 + 100]
    assert reading.issues["kind"].tolist() == ["axes_swapped"]
    assert reading.issues["action"].tolist() == ["mended"]
    assert reading.issues["row"].tolist() == [10]


@pytest.mark.parametrize("text", ["你好，世界\n", "[属性描述]\n带号=37\n", "1,1,J1,3833000,37632000\n"])
def test_text_that_is_no_survey_file(read, text):
    with pytest.raises(FormatError, match="地块坐标") as caught:
        read(text, name="note.txt")
    assert "note.txt" in str(caught.value)


def test_points_before_the_first_parcel(read):
    with pytest.raises(FormatError, match="before the first parcel"):
        read(page(ring(corners())))


def test_bytes_that_are_no_text_and_encodings_that_do_not_fit(read):
    with pytest.raises(FormatError, match=r"x\.txt: .*encoding = \"gbk\""):
        read(bytes(range(1, 256)), name="x.txt")
    with pytest.raises(FormatError, match=r"x\.txt, \[encoding\]: the file is not utf-8"):
        read(page(parcel()).encode("gbk"), name="x.txt", encoding="utf-8")
    with pytest.raises(FormatError, match="unknown encoding 'gkb'"):
        read(page(parcel()).encode("gbk"), encoding="gkb")


def test_what_the_format_does_not_have_is_refused(read):
    with pytest.raises(FormatError, match="layer"):
        read(page(parcel()), layer="parcels")
    with pytest.raises(FormatError, match="columns"):
        read(page(parcel()), columns={"编号": "parcel_id"})
    with pytest.raises(PlanError, match="blank_started_on"):
        read(page(parcel()), blanks={"started_on": "not_started"})
