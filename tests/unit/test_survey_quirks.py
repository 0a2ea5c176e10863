"""Survey TXT as programs really write it: layouts without header, odd rings, headers that say too much."""

from __future__ import annotations

import pytest

from landuse.errors import CrsError, FormatError
from landuse.io.readers import read_parcels

N, E = 3_833_000.0, 37_632_000.0
HEADER = {
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "37",
}


def corners(east=E, north=N, size=100.0):
    """The corners of a square as (X north, Y east)."""
    return [(north, east), (north + size, east), (north + size, east + size), (north, east + size)]


def rows(points, number=1, first=1):
    return [f"J{first + i},{number},{x:.3f},{y:.3f}" for i, (x, y) in enumerate(points)]


def closed(points, number=1, first=1):
    return [*rows(points, number, first), f"J{first},{number},{points[0][0]:.3f},{points[0][1]:.3f}"]


def page(*blocks, head="5,1,A,,面,,,,@", **header):
    lines = ["[属性描述]", *(f"{k}={v}" for k, v in (HEADER | header).items()), "[地块坐标]"]
    for block in blocks:
        lines += [head, *block] if not block[0].endswith("@") else block
    return "\n".join(lines) + "\n"


@pytest.fixture
def read(tmp_path):
    def reader(text, **options):
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        reading = read_parcels(tmp_path / "a.txt", **options)
        (source,) = reading.sources
        assert (
            source.rows_read
            == source.accepted + source.rejected
            == len(reading.table) + len(reading.rejected)
        )
        return reading

    return reader


def kinds(reading):
    return reading.issues["kind"].tolist()


PROVINCE = [
    "1,1,1,J1,{0},{2}", "2,1,1,J2,{1},{2}", "3,1,1,J3,{1},{3}", "4,1,1,J4,{0},{3}", "5,1,1,J1,{0},{2}",
    "6,1,2,J5,{4},{5}", "7,1,2,J6,{6},{5}", "8,1,2,J7,{6},{7}", "9,1,2,J8,{4},{7}", "10,1,2,J5,{4},{5}",
    "", "11,2,1,J1,{0},{8}", "12,2,1,J2,{1},{8}", "13,2,1,J3,{1},{9}", "14,2,1,J1,{0},{8}",
]  # fmt: skip
PROVINCE_TEXT = "\n".join(PROVINCE).format(
    N, N + 100, E, E + 100, N + 20, E + 20, N + 70, E + 70, E + 500, E + 600
)


def test_provincial_layout_of_six_columns(read):
    reading = read(PROVINCE_TEXT, crs="EPSG:4525")
    assert reading.table.geometry.area.tolist() == [7_500.0, 5_000.0]
    assert reading.table.index.tolist() == ["a#1", "a#2"]
    assert reading.table["source_row"].tolist() == [1, 12]
    assert reading.table["stated_area_m2"].isna().all()
    assert kinds(reading) == ["bare_layout", "id_made", "id_made"]
    assert "省厅" in reading.issues["message"].iloc[0]


def test_provincial_layout_parts_features_without_blank_lines_too(read):
    reading = read(PROVINCE_TEXT.replace("\n\n", "\n"), crs="EPSG:4525")
    assert reading.table.geometry.area.tolist() == [7_500.0, 5_000.0]


@pytest.mark.parametrize("banner", ["", "GISQLANDPLAN$$2019-4-19\n"])
@pytest.mark.parametrize("swapped", [False, True])
def test_bare_pairs(read, banner, swapped):
    blocks = [corners(), corners(E + 500)]
    text = "\n\n".join(
        "\n".join(f"{y:.3f},{x:.3f}" if swapped else f"{x:.3f},{y:.3f}" for x, y in [*block, block[0]])
        for block in blocks
    )
    reading = read(banner + text, crs="EPSG:4525")
    assert reading.table.geometry.area.tolist() == [10_000.0, 10_000.0]
    assert reading.table.geometry.bounds["minx"].tolist() == [E, E + 500]
    assert ("axes_swapped" in kinds(reading)) == swapped
    assert reading.table["source_row"].tolist() == [1 + bool(banner), 7 + bool(banner)]


def test_layouts_without_header_need_the_plan_to_name_the_system(read):
    with pytest.raises(CrsError, match="no coordinate system"):
        read(PROVINCE_TEXT)
    with pytest.raises(CrsError, match="begin with 37"):
        read(PROVINCE_TEXT, crs="EPSG:4526")


@pytest.mark.parametrize("line", ["1,2,3,4,5", "1,2,3", "x,y", "1,1,1,J1,a,b", "1,1,1,J1,inf,1", "说明"])
def test_one_odd_line_makes_it_another_file(read, line):
    with pytest.raises(FormatError, match="not a survey coordinate file"):
        read(PROVINCE_TEXT + "\n" + line, crs="EPSG:4525")


def test_two_files_put_one_after_the_other(read):
    second = page(closed(corners(E + 500)), head="5,1,B,,面,,,,@")
    reading = read(page(closed(corners())) + second)
    assert reading.table.index.tolist() == ["A", "B"]
    assert not kinds(reading)


@pytest.mark.parametrize(
    ("key", "value"), [("坐标系", "1980西安坐标系"), ("带号", "38"), ("几度分带", "6"), ("计量单位", "度")]
)
def test_a_second_header_that_contradicts_the_first_is_refused(read, key, value):
    with pytest.raises(FormatError, match=rf"row 1\d: .*{key}=.*{key}={value} here.*file of its own"):
        read(page(closed(corners())) + page(closed(corners(E + 500)), **{key: value}))


def test_points_outside_their_section_are_refused(read):
    text = page(closed(corners())) + "[注记]\n说明文字\n" + "\n".join(closed(corners(E + 500)))
    with pytest.raises(FormatError, match=r"row 16.*outside the section"):
        read(text)
    harmless = page(closed(corners())) + "[注记]\n说明文字,甲,乙,丙\n转换参数=0,0,0,0,0,0,0\n"
    assert len(read(harmless).table) == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [("0,0,0,0,0,0,0", False), (",,,,,,", False), ("0.000,0.0,,,,,", False), ("12.5,0,0,0,0,0,0", True)],
)
def test_parameters_in_the_header_are_not_applied_but_said(read, value, said):
    for key in ("转换参数", "转换坐标"):
        reading = read(page(closed(corners()), **{key: value}))
        assert kinds(reading) == (["parameters_not_applied"] if said else [])
        assert reading.table.total_bounds.tolist() == [E, N, E + 100, N + 100]


def test_a_zone_that_only_the_header_names_is_said(read):
    reading = read(page(closed(corners(632_000.0))))
    assert reading.table.crs.to_epsg() == 4546
    (said,) = reading.issues.to_dict("records")
    assert (said["kind"], said["raw"], said["field"], said["row"]) == ("zone_from_header", "37", "带号", 6)
    wide = read(page(closed(corners(632_000.0)), 几度分带="6"))
    assert kinds(wide) == ["zone_from_header", "zone_header_differs"]
    assert not kinds(read(page(closed(corners(632_000.0))), crs="EPSG:4546"))


@pytest.mark.parametrize("datum", ["WGS84坐标系", "洛阳独立坐标系"])
def test_a_datum_without_grid_that_the_plan_overrules_is_said(read, datum):
    reading = read(page(closed(corners()), 坐标系=datum), crs="EPSG:4525")
    assert kinds(reading) == ["datum_by_plan"]
    assert reading.issues["raw"].tolist() == [datum]


def test_east_first_as_one_tool_shows_it(read):
    points = [(39521000.123, 3758100.456), (39521100.123, 3758100.456), (39521100.123, 3758200.456)]
    reading = read(page(closed(points), head="4,0.5,A,,面,,,,@", 带号="39"))
    assert reading.table.crs.to_epsg() == 4527
    assert reading.table.total_bounds.tolist() == [39521000.123, 3758100.456, 39521100.123, 3758200.456]
    assert kinds(reading) == ["axes_swapped"]


def test_writer_of_seven_commas(read):
    reading = read(page(closed(corners()), head="5,1,A,甲,面,,,@"))
    assert reading.table["parcel_name"].tolist() == ["甲"]
    assert not kinds(reading)


@pytest.mark.parametrize("slip", [0.01, 0.9])
def test_a_slip_of_closing_is_dropped(read, slip):
    reading = read(page([*rows(corners()), f"J1,1,{N + slip:.3f},{E:.3f}"]))
    assert reading.table.geometry.area.tolist() == [10_000.0]
    assert kinds(reading) == ["closing_row_dropped"]


def test_a_last_row_that_may_be_a_corner_is_not_guessed(read):
    # a known exporter names a corner J1 again where its X is that of the first; without closing row it comes last
    points = corners()
    doubtful = [*rows(points[:3]), f"J1,1,{points[3][0]:.3f},{points[3][1]:.3f}"]
    reading = read(page(closed(corners(E + 500)), ["4,1,B,,面,,,,@", *doubtful]))
    assert reading.table.index.tolist() == ["A"]
    assert reading.rejected["kind"].tolist() == ["closing_row_doubtful"]
    assert "B" in reading.rejected["raw"].iloc[0]


def test_numbers_that_begin_anew_inside_a_ring_do_no_harm(read):
    points = corners()
    text = [f"J1,1,{points[0][0]},{points[0][1]}", f"J2,1,{points[1][0]},{points[1][1]}",
            f"J3,1,{points[2][0]},{points[2][1]}", f"J1,1,{points[3][0]},{points[3][1]}",
            f"J1,1,{points[0][0]},{points[0][1]}"]  # fmt: skip
    assert read(page(text)).table.geometry.area.tolist() == [10_000.0]


def test_an_open_ring_whose_points_have_one_name_keeps_every_corner(read):
    text = [line.replace(line.split(",")[0], "J1", 1) for line in rows(corners())]
    reading = read(page(text, head="4,1,A,,面,,,,@"))
    assert reading.table.geometry.area.tolist() == [10_000.0]
    assert kinds(reading) == ["ring_closed"]


def test_rings_under_one_number_are_parted_where_they_close(read):
    outer, hole, part = corners(), corners(E + 20, N + 20, 50.0), corners(E + 300, N, 10.0)
    text = closed(outer) + closed(hole, first=5) + closed(part, first=9)
    reading = read(page(text, head="15,0.76,A,,面,,,,@"))
    assert reading.table.geometry.area.tolist() == [10_000.0 - 2_500.0 + 100.0]
    assert kinds(reading) == ["ring_split", "ring_is_part"]


def test_a_ring_that_touches_itself_at_its_first_point(read):
    outer = [(N, E), (N + 100, E), (N + 100, E + 100), (N, E + 100), (N, E)]
    inner = [(N + 40, E + 10), (N + 10, E + 40), (N, E)]
    reading = read(page(rows(outer + inner), head="8,1,A,,面,,,,@"))
    (shape,) = reading.table.geometry
    assert shape.area == pytest.approx(10_000.0 - 750.0)
    assert len(shape.interiors) == 1
    assert kinds(reading) == ["ring_split"]


def test_what_follows_a_closed_ring_and_is_none_is_not_guessed(read):
    strays = [(N + 500, E), (N + 500, E + 50), (N + 600, E + 50), (N + 600, E + 90)]
    crossing = [(N + 50, E + 50), (N + 50, E + 200), (N + 20, E + 200), (N + 20, E + 60), (N + 90, E - 50)]
    for after in (strays, crossing):
        reading = read(
            page(closed(corners(E + 900)), ["10,1,B,,面,,,,@", *closed(corners()), *rows(after, first=6)])
        )
        assert "ring_split" not in kinds(reading)
        assert reading.rejected["kind"].tolist() == ["invalid_geometry"]


def test_heights_are_dropped_and_said(read):
    reading = read(page([f"{line},153.2" for line in closed(corners())]))
    assert reading.table.geometry.area.tolist() == [10_000.0]
    assert kinds(reading) == ["z_dropped"]
    assert not kinds(read(page([f"{line},界桩" for line in closed(corners())])))


@pytest.mark.parametrize("text", ["3833_000", "3833000m", "NaN", "inf", "1e400"])
def test_what_is_no_number_is_no_point(read, text):
    lines = closed(corners())
    lines[1] = f"J2,1,{text},{E}"
    reading = read(page(closed(corners(E + 500)), ["5,1,B,,面,,,,@", *lines]))
    assert reading.rejected["kind"].tolist() == ["point_not_read"]


def test_axes_are_found_not_told(read):
    with pytest.raises(FormatError, match="takes no axes"):
        read(page(closed(corners())), axes="north_east")
