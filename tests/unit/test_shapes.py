"""Shapes that a file holds: used as they are, mended in the one way there is, sorted out, or refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse.io.vector.shapes import by_containment, flat, settle_shapes

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "shapes" / "shapes.toml"
CASES = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["case"]
WHERE = {"at the origin": (0.0, 0.0), "in a plane of China": (37_632_000.0, 3_833_000.0)}


def moved(wkt, east, north):
    return shapely.transform(shapely.from_wkt(wkt), lambda xy: xy + np.array([east, north]))


@pytest.mark.parametrize("place", WHERE)
@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_a_shape_is_read_as_the_land_office_would(case, place):
    shape = moved(case["wkt"], *WHERE[place])
    settled = settle_shapes(np.array([shape]))
    if case["reading"] == "剔除":
        assert settled.faults[0][0] == "invalid_geometry"
        assert not settled.mended
        return
    assert not settled.faults
    assert shapely.is_valid(settled.shapes[0])
    assert shapely.area(settled.shapes[0]) == pytest.approx(case["area"], abs=1e-6)
    kinds = [kind for kind, _ in settled.mended.values()]
    assert kinds == {"照用": [], "修复": ["shape_mended"], "重定": ["rings_by_containment"]}[case["reading"]]


def test_every_reading_is_there():
    assert {c["reading"] for c in CASES} == {"照用", "修复", "重定", "剔除"}


def test_mending_says_the_area_before_and_after_and_what_was_wrong():
    case = next(c for c in CASES if c["name"].startswith("写成部分"))
    kind, words = settle_shapes(np.array([shapely.from_wkt(case["wkt"])])).mended[0]
    assert kind == "rings_by_containment"
    assert (words["before"], words["after"], words["change"]) == ("104.000", "96.000", "-8.000")
    assert words["raw"] == "Nested shells[2 2]"
    assert words["reason"].startswith("部分套部分")


def test_what_is_no_land_is_a_fault_and_the_rest_stays_where_it_was():
    good = shapely.box(0, 0, 1, 1)
    odd = [None, shapely.Polygon(), shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)])]
    mixed = shapely.GeometryCollection([good, shapely.Point(5, 5)])
    shapes = np.array([good, *odd, mixed, good], dtype=object)
    settled = settle_shapes(shapes, skip={1})
    assert {at: kind for at, (kind, _) in settled.faults.items()} == {
        2: "no_geometry",
        3: "not_a_polygon",
        4: "not_a_polygon",
        5: "not_a_polygon",
    }
    assert settled.shapes[0] is good
    assert settled.shapes[6] is good


def test_skipped_shapes_are_not_mended():
    spike = shapely.from_wkt(CASES[2]["wkt"])
    settled = settle_shapes(np.array([spike, spike]), skip={0})
    assert list(settled.mended) == [1]
    assert not shapely.is_valid(settled.shapes[0])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_coordinates_that_are_no_numbers_are_refused(bad):
    odd = shapely.set_coordinates(shapely.box(0, 0, 1, 1), [(0, 0), (9, 0), (9, bad), (0, 9), (0, 0)])
    assert settle_shapes(np.array([odd])).faults[0][0] == "invalid_geometry"


def test_degrees_are_weighed_as_metres():
    metre = 1 / 111_320.0
    for size, reading in ((100.0, "faults"), (0.01, "mended")):
        # a loop against the sense of the rest: 100 m across it is a bow-tie, a centimetre across it is noise
        bow = shapely.Polygon(
            [(112, 34), (112.01, 34), (112.01, 34.01), (112, 34.01), (112, 34 + size * metre / 2),
             (112 - size * metre, 34 + size * metre), (112 - size * metre, 34)]
        )  # fmt: skip
        crossed = shapely.Polygon([*bow.exterior.coords[:4], (112, 34), (112 - size * metre, 34 + size * metre),
                                   (112, 34 + size * metre)])  # fmt: skip
        assert not crossed.is_valid
        settled = settle_shapes(np.array([crossed]), crs="EPSG:4490")
        assert len(getattr(settled, reading)) == 1


def test_heights_are_counted():
    shapes = shapely.from_wkt(["POLYGON Z ((0 0 9, 1 0 9, 1 1 9, 0 0 9))", "POLYGON ((0 0, 1 0, 1 1, 0 0))"])
    plain, count = flat(np.asarray(shapes, dtype=object))
    assert count == 1
    assert not shapely.has_z(plain).any()


def test_rings_that_cross_are_not_sorted_out():
    one, other = shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)
    assert by_containment(shapely.MultiPolygon([one, other])) is None
    assert by_containment(one) is None


@given(st.permutations(range(4)), st.sampled_from([0.0, 37_632_000.0]))
def test_the_order_of_rings_does_not_matter(order, east):
    boxes = [shapely.box(east + i, i, east + 20 - i, 20 - i) for i in range(4)]
    nested = by_containment(shapely.MultiPolygon([boxes[i] for i in order]))
    # 20² − 18² + 16² − 14²
    assert nested.area == pytest.approx(400 - 324 + 256 - 196)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9),
    st.sampled_from([0.0, 37_632_000.0]),
)
def test_a_mended_shape_keeps_the_area_of_its_rings_as_drawn(points, east):
    ring = [(east + x, 3_833_000.0 + y) for x, y in points]
    shape = shapely.Polygon(ring)
    settled = settle_shapes(np.array([shape]))
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))
    if settled.faults:
        return
    assert shapely.is_valid(settled.shapes[0])
    assert shapely.area(settled.shapes[0]) == pytest.approx(abs(twice) / 2, abs=1e-3)
