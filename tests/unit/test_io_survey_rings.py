"""Survey coordinate TXT: rings, holes and parts; closing rows; shapes that cannot be used."""

from __future__ import annotations

import re

import pytest

from tests.unit.survey_pages import E0, N0, corners, kinds, page, parcel, reader_in, ring


@pytest.fixture
def read(tmp_path):
    return reader_in(tmp_path)


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
    assert "自相交" in reading.rejected["message"].iloc[0]


def test_only_parcels_that_cannot_be_used(read):
    reading = read(page(parcel(rows=[])))
    assert len(reading.table) == 0
    assert reading.table.crs is not None
    assert reading.sources[0].rejected == 1
