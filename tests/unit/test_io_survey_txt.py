"""Survey coordinate TXT: the six real files, and every quirk of the format on hand-made squares."""

from __future__ import annotations

import codecs
import math
import re

import pytest

from landuse.errors import CrsError, FormatError, IdError, PlanError
from landuse.io.readers import read_parcels

N0, E0 = 3_833_000.0, 37_632_000.0
HEADER = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "投影类型": "高斯克吕格", "计量单位": "米",
          "带号": "37", "精度": "0.001", "转换参数": ",,,,,,"}  # fmt: skip


def corners(east=E0, north=N0, size=100.0):
    """The corners of a square as (X north, Y east)."""
    return [(north, east), (north + size, east), (north + size, east + size), (north, east + size)]


def ring(points, number=1, first=1, closed=True):
    rows = [f"J{first + i},{number},{x:.3f},{y:.3f}" for i, (x, y) in enumerate(points)]
    return [*rows, f"J{first},{number},{points[0][0]:.3f},{points[0][1]:.3f}"] if closed else rows


def page(*blocks, **header):
    lines = ["[属性描述]", *(f"{k}={v}" for k, v in (HEADER | header).items()), "[地块坐标]"]
    for block in blocks:
        lines += block
    return "\n".join(lines) + "\n"


def parcel(head="5,1,410302001001GB00001,一号地,面,I-49,工业用地,0601,@", rows=None):
    return [head, *(ring(corners()) if rows is None else rows)]


@pytest.fixture
def read(tmp_path):
    def reader(text, *, name="a.txt", written="utf-8", **options):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(written))
        reading = read_parcels(tmp_path / name, **options)
        (source,) = reading.sources
        assert source.rows_read == source.accepted + source.rejected
        assert source.accepted == len(reading.table)
        assert source.rejected == len(reading.rejected)
        return reading

    return reader


def kinds(reading):
    return set(reading.issues["kind"])


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


def test_a_ring_inside_is_a_hole(read):
    inner = ring(corners(E0 + 20, N0 + 20, 50.0), number=2, first=5)
    reading = read(page(parcel("10,0.75,A,,面,,,,@", ring(corners()) + inner)))
    assert reading.table.geometry.area.tolist() == [7_500.0]
    assert not len(reading.issues)


def test_a_ring_outside_is_a_part(read):
    other = ring(corners(E0 + 300, N0, 50.0), number=2, first=5)
    reading = read(page(parcel("10,1.25,A,,面,,,,@", ring(corners()) + other)))
    shape = reading.table.geometry.iloc[0]
    assert (shape.geom_type, shape.area) == ("MultiPolygon", 12_500.0)
    assert reading.issues["kind"].tolist() == ["ring_is_part"]


def test_an_island_in_a_hole_and_a_hole_in_a_part(read):
    rows = (
        ring(corners()) + ring(corners(E0 + 10, N0 + 10, 80.0), 2) + ring(corners(E0 + 20, N0 + 20, 10.0), 3)
        + ring(corners(E0 + 300, N0, 50.0), 4) + ring(corners(E0 + 310, N0 + 10, 10.0), 5)
    )  # fmt: skip
    reading = read(page(parcel("25,0.61,A,,面,,,,@", rows)))
    assert reading.table.geometry.area.tolist() == [10_000 - 6_400 + 100 + 2_500 - 100]
    assert len(reading.table.geometry.iloc[0].geoms) == 3


def test_point_numbers_never_make_rings(read):
    rows = [re.sub(r"^J\d+", "J1", r) for r in ring(corners())]
    assert read(page(parcel(rows=rows))).table.geometry.area.tolist() == [10_000.0]


def test_ring_numbers_may_begin_anew_in_each_parcel(read):
    second = parcel("5,1,B,,面,,,,@", ring(corners(E0 + 500)))
    reading = read(page(parcel(), second))
    assert reading.table.geometry.area.tolist() == [10_000.0, 10_000.0]


def test_corrupt_closing_row_is_dropped(read):
    rows = [*ring(corners(), closed=False), f"J1,1,{N0:.3f},{N0:.3f}"]
    reading = read(page(parcel(rows=rows)))
    assert reading.table.geometry.area.tolist() == [10_000.0]
    (said,) = reading.issues.to_dict("records")
    assert said["kind"] == "closing_row_dropped"
    assert f"{N0:.3f}" in said["message"]


def test_closing_row_may_be_numbered_on_or_padded(read):
    rows = ring(corners(), closed=False)
    x, y = corners()[0]
    for name in ("J5", "J01", "1", "5"):
        reading = read(page(parcel(rows=[*rows, f"{name},1,{x:.3f},{y:.3f}"])))
        assert reading.table.geometry.area.tolist() == [10_000.0]
        assert not len(reading.issues)


def test_open_ring_is_closed_and_said(read):
    reading = read(page(parcel("4,1,A,,面,,,,@", ring(corners(), closed=False))))
    assert reading.table.geometry.area.tolist() == [10_000.0]
    assert reading.issues["kind"].tolist() == ["ring_closed"]


@pytest.mark.parametrize(
    ("count", "said"), [("4", False), ("5", False), ("", False), ("6", True), ("x", True)]
)
def test_declared_number_of_points(read, count, said):
    reading = read(page(parcel(f"{count},1,A,,面,,,,@")))
    assert kinds(reading) == ({"point_count_differs"} if said else set())
    assert len(reading.table) == 1


def test_identical_header_lines_stay_separate(read):
    head = "5,1,FID_0,DKMC,面,TFH,DKYT,DLBM,@"
    reading = read(page(parcel(head), parcel(head, ring(corners(E0 + 500)))))
    assert reading.table.index.tolist() == ["a#1", "a#2"]
    assert reading.table.geometry.bounds["minx"].tolist() == [E0, E0 + 500]
    assert reading.table["source_row"].tolist() == [10, 16]


@pytest.mark.parametrize("number", ["", "FID_0", "DKMC"])
def test_missing_and_template_numbers_are_made_and_said(read, number):
    reading = read(page(parcel(f"5,1,{number},DKMC,面,TFH,DKYT,DLBM,@")))
    assert reading.table.index.tolist() == ["a#1"]
    assert reading.table[["parcel_name", "land_use"]].isna().all(axis=None)
    assert reading.issues["kind"].tolist() == ["id_made"]
    assert "a#1" in reading.issues["message"].iloc[0]


def test_running_number_on_two_parcels_identifies_neither(read):
    head = "5,1,1,地块,面,,,,@"
    reading = read(page(parcel(head), parcel(head, ring(corners(E0 + 500)))))
    assert reading.table.index.tolist() == ["a#1", "a#2"]
    assert reading.issues["kind"].tolist() == ["running_number"] * 2
    assert reading.issues["raw"].tolist() == ["1", "1"]


def test_running_number_on_one_parcel_stays(read):
    assert read(page(parcel("5,1,1,地块,面,,,,@"))).table.index.tolist() == ["1"]


def test_code_on_two_different_parcels_is_refused(read):
    with pytest.raises(IdError) as caught:
        read(page(parcel(), parcel(rows=ring(corners(E0 + 500)))), name="two.txt")
    assert "410302001001GB00001" in str(caught.value)
    assert "two.txt, row 16" in str(caught.value)
    assert "row 10" in str(caught.value)


def test_parcel_written_twice_is_rejected_once(read):
    reading = read(page(parcel(), parcel()))
    assert len(reading.table) == 1
    assert reading.rejected["kind"].tolist() == ["duplicate_parcel"]
    assert reading.rejected["row"].tolist() == [16]


@pytest.mark.parametrize(
    ("written", "stated", "kind"),
    [
        ("1", 10_000.0, None), ("1.0049", 10_049.0, None), ("0.8", 8_000.0, None),
        ("10000", 10_000.0, "area_unit_read_as"), ("9999.87", 9_999.87, "area_unit_read_as"),
        ("15", 10_000.0, "area_unit_read_as"),
        ("1公顷", 10_000.0, None), ("10000㎡", 10_000.0, None), ("15亩", 10_000.0, None),
        ("", math.nan, None), ("0", math.nan, "area_zero"), ("abc", math.nan, "not_a_number"),
    ],
)  # fmt: skip
def test_declared_area(read, written, stated, kind):
    reading = read(page(parcel(f"5,{written},A,,面,,,,@")))
    assert reading.table["stated_area_m2"].tolist() == pytest.approx([stated], nan_ok=True)
    assert kinds(reading) == ({kind} if kind else set())
    if kind:
        assert reading.issues["raw"].tolist() == [written]


def test_area_unit_of_the_plan_overrules_hectares(read):
    text = page(parcel("5,15,A,,面,,,,@"))
    reading = read(text, area_unit="亩")
    assert reading.table["stated_area_m2"].tolist() == [10_000.0]
    assert not len(reading.issues)


def test_area_unit_of_the_plan_is_not_argued_with(read):
    reading = read(page(parcel("5,10000,A,,面,,,,@")), area_unit="公顷")
    assert reading.table["stated_area_m2"].tolist() == [1e8]


@pytest.mark.parametrize("written", ["-1", "-1公顷"])
def test_negative_area_rejects_the_parcel(read, written):
    reading = read(page(parcel(f"5,{written},A,,面,,,,@"), parcel()))
    assert reading.table.index.tolist() == ["410302001001GB00001"]
    assert reading.rejected["kind"].tolist() == ["negative"]
    assert written in reading.rejected["raw"].iloc[0]


@pytest.mark.parametrize(
    ("head", "number", "name", "use", "unusual"),
    [
        ("5,1,A,甲地,面,,,@", "A", "甲地", None, False),
        ("5,1,A,甲地,面,I-49,工业用地,@", "A", "甲地", "工业用地", False),
        ("5,1,410302100,某乡,A,甲地,面,I-49,工业用地,0601,@", "A", "甲地", "工业用地", False),
        ("5,1,A,甲,乙地块,面,,工业用地,,@", "A", "甲,乙地块", "工业用地", True),
        ("5,1,A,甲地,,,工业用地,,@", "A", "甲地", "工业用地", True),
        ("5,1,A,甲地,面,I-49,工业用地,0601,建设用地,10,11,备注,@", "A", "甲地", "工业用地", False),
        ("5,1,A,甲地,面,I-49,工业用地,0601,1,2,3,4,5,6,@", "A", "甲地", "工业用地", False),
        ("@5,1,A,甲地,面,,工业用地,,", "A", "甲地", "工业用地", False),
        ("5,1, A , 彭埠单元B/R-14地块 ,面, , , ,@", "A", "彭埠单元B/R-14地块", None, False),
        ("5,1,A,甲地,面,,工业用地,地上,@", "A", "甲地", "工业用地", False),
    ],
)  # fmt: skip
def test_parcel_lines_of_any_width(read, head, number, name, use, unusual):
    reading = read(page(parcel(head)))
    (row,) = reading.table.reset_index().to_dict("records")
    assert row["parcel_id"] == number
    assert row["parcel_name"] == name
    assert row["land_use"] == use or (use is None and row["land_use"] != row["land_use"])
    assert row["stated_area_m2"] == 10_000.0
    assert kinds(reading) == ({"parcel_line_unusual"} if unusual else set())


def test_points_and_lines_are_rejected(read):
    point = ["1,0,P,,点,,,,@", f"J1,1,{N0},{E0}"]
    line = ["2,0,L,,线,,,,@", f"J1,1,{N0},{E0}", f"J2,1,{N0 + 9},{E0}"]
    reading = read(page(parcel(), point, line))
    assert len(reading.table) == 1
    assert reading.rejected["kind"].tolist() == ["not_a_polygon"] * 2
    assert reading.rejected["record_id"].tolist() == ["P", "L"]
    assert "LineString" in reading.rejected["message"].iloc[1]


def test_row_that_is_no_point_rejects_its_parcel_naming_the_line(read):
    rows = ring(corners())
    rows[2] = "J3,1,3833100.000"
    reading = read(page(parcel(), parcel("5,1,B,,面,,,,@", rows)))
    assert len(reading.table) == 1
    assert reading.rejected["kind"].tolist() == ["point_not_read"]
    assert "19" in reading.rejected["message"].iloc[0]
    assert "J3,1,3833100.000" in reading.rejected["message"].iloc[0]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([], "no_geometry"),
        (ring(corners()[:2]), "ring_too_short"),
        (ring([corners()[i] for i in (0, 2, 1, 3)]), "invalid_geometry"),
        (ring([*corners()[:3], (N0, E0 + 1_000_100)]), "zones_mixed"),
    ],
)
def test_shapes_that_cannot_be_used(read, rows, kind):
    reading = read(page(parcel(), parcel("5,1,B,,面,,,,@", rows)))
    assert reading.table.index.tolist() == ["410302001001GB00001"]
    assert reading.rejected["kind"].tolist() == [kind]
    assert "B" in reading.rejected["raw"].iloc[0]
    assert reading.issues[reading.issues["action"] == "rejected"]["row"].tolist() == [16]


def test_invalid_shape_says_why(read):
    bow = ring([corners()[i] for i in (0, 2, 1, 3)])
    reading = read(page(parcel(), parcel("5,1,B,,面,,,,@", bow)))
    assert "Self-intersection" in reading.rejected["message"].iloc[0]


def test_only_parcels_that_cannot_be_used(read):
    reading = read(page(parcel(rows=[])))
    assert len(reading.table) == 0
    assert reading.table.crs is not None
    assert reading.sources[0].rejected == 1


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


def test_folder_without_txt(tmp_path):
    with pytest.raises(FormatError, match=r"no \.txt"):
        read_parcels(tmp_path)


def write(folder, **pages):
    for name, text in pages.items():
        (folder / f"{name}.txt").write_text(text, encoding="gbk")
    (folder / "readme.md").write_text("not read")
    return folder


def test_folder_of_two_zones_keeps_the_first_and_the_planes(tmp_path):
    # the meridian 112.5 E: 37,638,000 and 38,362,000 lie within a kilometre or two of each other
    west = parcel("5,1,A,,面,,,,@", ring(corners(37_638_000.0)))
    east = parcel("5,1,B,,面,,,,@", ring(corners(38_362_000.0)))
    reading = read_parcels(write(tmp_path, a=page(west), b=page(east, **{"带号": "38"})))
    table = reading.table
    assert table.crs.to_epsg() == 4525
    assert table["planar_m2"].tolist() == pytest.approx([math.nan, 10_000.0], nan_ok=True)
    assert table.geometry["B"].distance(table.geometry["A"]) < 3_000
    assert table.geometry.area["B"] != 10_000.0
    assert table.geometry.area["B"] == pytest.approx(10_000.0, rel=1e-3)
    (said,) = reading.issues.to_dict("records")
    assert said["kind"] == "crs_changed"
    assert said["source_file"].endswith("b.txt")
    assert "EPSG:4526" in said["message"]
    (source,) = reading.sources
    assert (source.rows_read, source.accepted, source.path) == (2, 2, str(tmp_path))
    assert source.encoding == "gb18030"


def test_one_file_of_two_zones_keeps_its_order(read):
    blocks = [
        parcel(f"5,1,P{i},,面,,,,@", ring(corners(e + 200.0 * i)))
        for i, e in enumerate((37_638_000.0, 38_362_000.0, 37_638_000.0, 38_362_000.0))
    ]
    reading = read(page(*blocks))
    assert reading.table.index.tolist() == ["P0", "P1", "P2", "P3"]
    assert reading.table["planar_m2"].notna().tolist() == [False, True, False, True]
    assert kinds(reading) == {"crs_changed", "zone_header_differs"}


def test_folder_of_two_datums_is_refused(tmp_path):
    old = page(parcel("5,1,B,,面,,,,@"), **{"坐标系": "1980西安坐标系"})
    with pytest.raises(CrsError, match="no transformation") as caught:
        read_parcels(write(tmp_path, a=page(parcel()), b=old))
    assert "b.txt" in str(caught.value)


def test_folder_in_which_every_file_counts_from_one(tmp_path):
    one = page(parcel("5,1,1,,面,,,,@"), parcel("5,1,2,,面,,,,@", ring(corners(E0 + 200))))
    two = page(parcel("5,1,1,,面,,,,@", ring(corners(E0 + 500))))
    reading = read_parcels(write(tmp_path, a=one, b=two))
    assert reading.table.index.tolist() == ["a#1", "2", "b#1"]
    assert reading.issues["kind"].tolist() == ["running_number"] * 2


def test_folder_that_holds_another_text_file(tmp_path):
    with pytest.raises(FormatError, match=r"note\.txt"):
        read_parcels(write(tmp_path, a=page(parcel()), note="说明"))


def test_digest_is_over_the_files_in_order(tmp_path):
    import hashlib

    write(tmp_path, b=page(parcel()), a=page(parcel("5,1,B,,面,,,,@", ring(corners(E0 + 500)))))
    wanted = hashlib.sha256((tmp_path / "a.txt").read_bytes() + (tmp_path / "b.txt").read_bytes())
    assert read_parcels(tmp_path).sources[0].sha256 == wanted.hexdigest()
