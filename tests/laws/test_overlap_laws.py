"""What holds of the overlap areas of any polygons."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import affinity

from landuse.kernels.loops import ring_facts
from landuse.kernels.overlaps import overlap_areas
from tests.oracles.overlaps import shared_area

E, N = 37_560_000.0, 3_833_000.0


@st.composite
def polygons(draw):
    """Triangles on a lattice, put together and cut out of one another: holes, parts, edges that coincide."""

    def triangle():
        corners = [(draw(st.integers(0, 12)), draw(st.integers(0, 12))) for _ in range(3)]
        return shapely.Polygon(corners)

    shape = shapely.Polygon()
    for _ in range(draw(st.integers(1, 4))):
        piece = triangle()
        if piece.is_valid and piece.area:
            shape = shape.difference(piece) if draw(st.booleans()) and shape.area else shape.union(piece)
    shape = shapely.union_all([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])
    assume(shape.area > 0 and shape.is_valid and shape.geom_type in ("Polygon", "MultiPolygon"))
    return shape


def both(one, other):
    return float(overlap_areas(np.array([one]), np.array([other]), [0], [0])[0])


@given(polygons(), polygons())
def test_the_area_is_the_exact_one(one, other):
    assert both(one, other) == pytest.approx(float(shared_area(one, other)), rel=1e-12, abs=1e-12)


@given(polygons(), polygons())
def test_it_does_not_matter_which_is_which_nor_how_it_is_written(one, other):
    area = both(one, other)
    assert both(other, one) == pytest.approx(area, rel=1e-12, abs=1e-12)
    assert both(one.reverse(), other.normalize()) == pytest.approx(area, rel=1e-12, abs=1e-12)


@given(polygons(), polygons())
def test_never_more_than_the_lesser_and_never_less_than_nothing(one, other):
    measured = [both(s, s) for s in (one, other)]
    assert 0.0 <= both(one, other) <= min(measured)
    assert measured == pytest.approx([one.area, other.area], rel=1e-12)


@given(polygons(), polygons(), st.integers(0, 9), st.integers(0, 9))
def test_far_from_the_origin_it_is_the_same(one, other, east, north):
    a, b = (affinity.translate(s, E + east, N + north) for s in (one, other))
    assume(a.is_valid and b.is_valid)
    exact = float(shared_area(a, b))
    assert both(a, b) == pytest.approx(exact, rel=1e-9, abs=1e-9)
    assert both(a, b) == pytest.approx(both(one, other), abs=1e-6)


@given(polygons(), st.integers(1, 5), st.floats(0.0, 360.0))
def test_over_a_tiling_the_parts_sum_to_the_whole(shape, cells, turn):
    steps = np.arange(cells) * (24.0 / cells) - 6.0
    x, y = (v.ravel() for v in np.meshgrid(steps, steps))
    tiles = shapely.box(x, y, x + 24.0 / cells, y + 24.0 / cells)
    shape = affinity.rotate(shape, turn, (6, 6))
    assume(shape.is_valid and shapely.box(-6, -6, 18, 18).contains(shape))
    at = np.arange(len(tiles))
    areas = overlap_areas(np.array([shape]), tiles, np.zeros_like(at), at)
    assert areas.sum() == pytest.approx(shape.area, rel=1e-12, abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9),
    st.sampled_from([0.0, E]),
)
def test_a_ring_that_is_seen_to_be_clear_is_valid(corners, east):
    points = np.add([*corners, corners[0]], (east, 0.0))
    count = len(points)
    clear = ring_facts(points, np.array([0, count]), np.array([0, 1]), np.zeros(1, dtype=bool))[3][0]
    valid = shapely.is_valid(shapely.polygons(points))
    assert valid or not clear
    if len(set(corners)) == len(corners) == 3 and valid:
        assert clear, "a triangle needs no second look"
