"""Overlap areas: by hand, beside shapely, on awkward shapes, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from shapely import affinity

from landuse.errors import TableError
from landuse.kernels import overlaps
from landuse.kernels.overlaps import overlap_areas, overlapping_pairs
from landuse.kernels.rings import rings_of
from landuse.testing.worlds import big_city
from tests.oracles.overlaps import shared_area

E, N = 37_560_000.0, 3_833_000.0


def both(one, other):
    return float(overlap_areas(np.array([one]), np.array([other]), [0], [0])[0])


def wkt(text, east=0.0, north=0.0):
    return affinity.translate(shapely.from_wkt(text), east, north)


SQUARE = "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))"
RING = "POLYGON ((0 0, 30 0, 30 30, 0 30, 0 0), (10 10, 20 10, 20 20, 10 20, 10 10))"
ISLAND = "MULTIPOLYGON (((0 0, 30 0, 30 30, 0 30, 0 0), (5 5, 25 5, 25 25, 5 25, 5 5)), ((10 10, 20 10, 20 20, 10 20, 10 10)))"
CASES = {
    "apart": (SQUARE, "POLYGON ((20 0, 30 0, 30 10, 20 0))", 0),
    "one inside the other": (SQUARE, "POLYGON ((2 2, 4 2, 4 4, 2 4, 2 2))", 4),
    "half": (SQUARE, "POLYGON ((5 -5, 25 -5, 25 25, 5 25, 5 -5))", 50),
    "a triangle cut twice": (SQUARE, "POLYGON ((-5 5, 15 -5, 15 15, -5 5))", 87.5),
    "a cross": ("POLYGON ((0 4, 10 4, 10 6, 0 6, 0 4))", "POLYGON ((4 0, 6 0, 6 10, 4 10, 4 0))", 4),
    "in the hole": (RING, "POLYGON ((12 12, 18 12, 18 18, 12 18, 12 12))", 0),
    "over the hole": (RING, "POLYGON ((5 5, 25 5, 25 25, 5 25, 5 5))", 300),
    "the hole's own shape": (RING, "POLYGON ((10 10, 20 10, 20 20, 10 20, 10 10))", 0),
    "hole in hole": (RING, "POLYGON ((5 5, 25 5, 25 25, 5 25, 5 5), (8 8, 22 8, 22 22, 8 22, 8 8))", 204),
    "two parts": ("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((8 8, 12 8, 12 12, 8 12, 8 8)))", SQUARE, 8),
    "an island in a hole": (ISLAND, "POLYGON ((0 0, 30 0, 30 15, 0 15, 0 0))", 300),
    "ring and island": (ISLAND, RING, 500),
    "a comb": (
        "POLYGON ((0 0, 10 0, 10 5, 8 5, 8 1, 6 1, 6 5, 4 5, 4 1, 2 1, 2 5, 0 5, 0 0))",
        "POLYGON ((0 2, 10 2, 10 4, 0 4, 0 2))",
        12,
    ),
    "a shared edge": (SQUARE, "POLYGON ((10 0, 20 0, 20 10, 10 10, 10 0))", 0),
    "a shared corner": (SQUARE, "POLYGON ((10 10, 20 10, 20 20, 10 20, 10 10))", 0),
    "part of an edge": (SQUARE, "POLYGON ((10 3, 20 3, 20 7, 10 7, 10 3))", 0),
}


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (E, N), (-180.0, 89.0)])
@pytest.mark.parametrize(("one", "other", "area"), CASES.values(), ids=CASES)
def test_areas_that_can_be_counted(one, other, area, east, north):
    a, b = wkt(one, east, north), wkt(other, east, north)
    assert both(a, b) == pytest.approx(area, abs=1e-9)
    assert both(b, a) == pytest.approx(area, abs=1e-9)
    assert both(a.reverse(), b) == pytest.approx(area, abs=1e-9)
    assert both(
        affinity.rotate(a, 90, (east, north)), affinity.rotate(b, 90, (east, north))
    ) == pytest.approx(area, abs=1e-7)
    if area == 0:
        assert both(a, b) < 1e-9


def test_a_shape_in_itself_and_in_another_is_its_whole_area_to_the_bit():
    ring = wkt(RING, E, N)
    small = shapely.box(E + 1, N + 1, E + 9, N + 8.5)
    assert both(ring, ring) == ring.area
    assert both(ring, small) == both(small, ring) == 60.0
    assert both(shapely.segmentize(ring, 1.0), ring) == pytest.approx(800.0, rel=1e-12)


@pytest.mark.parametrize("wide", [1e-3, 1e-5, 1e-7])
def test_slivers_keep_their_area(wide):
    one = shapely.box(E, N, E + 100, N + 100)
    other = shapely.Polygon([(E + 100 - wide, N), (E + 150, N), (E + 150, N + 100), (E + 100, N + 100)])
    exact = float(shared_area(one, other))
    assert exact == pytest.approx(wide * 50, rel=0.1)
    assert both(one, other) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("turn", [1e-2, 1e-5, 1e-8, 1e-11])
def test_edges_that_are_nearly_parallel(turn):
    one = shapely.box(0, 0, 1000, 10)
    other = affinity.rotate(one, turn, (500, 0), use_radians=True)
    a, b = (affinity.translate(s, E, N) for s in (one, other))
    assert both(a, b) == pytest.approx(float(shared_area(a, b)), rel=1e-9)


def test_upright_and_level_needles():
    upright = wkt("POLYGON ((5 -1000, 5.0000001 1000, 4.9999999 1000, 5 -1000))", E, N)
    square = wkt(SQUARE, E, N)
    assert both(square, upright) == pytest.approx(float(shared_area(square, upright)), rel=1e-9)
    level = affinity.rotate(upright, 90, (E + 5, N + 5))
    assert both(square, level) == pytest.approx(float(shared_area(square, level)), rel=1e-9)


def test_missing_empty_and_no_shapes_have_nothing_in_common():
    shapes = np.array([shapely.box(0, 0, 1, 1), None, shapely.Polygon()], dtype=object)
    assert overlap_areas(shapes, shapes, [0, 0, 0, 1, 2], [0, 1, 2, 1, 2]).tolist() == [1, 0, 0, 0, 0]
    assert overlap_areas(shapes, shapes, [], []).shape == (0,)
    left, right, area = overlapping_pairs(shapes, shapes[1:])
    assert (len(left), len(right), len(area)) == (0, 0, 0)
    assert [len(x) for x in overlapping_pairs(shapes[:0], shapes[:0])] == [0, 0, 0]


def test_a_position_that_is_not_there():
    with pytest.raises(IndexError):
        overlap_areas(shapely.box([0], 0, [1], 1), shapely.box([0], 0, [1], 1), [1], [0])
    for wrong in (1, -1):
        with pytest.raises(IndexError):
            overlap_areas(rings_of(shapely.box([0], 0, [1], 1)), shapely.box([0], 0, [1], 1), [wrong], [0])


WRONG = {
    "bow": "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))",
    "spike": "POLYGON ((0 0, 10 0, 10 10, 10 15, 10 10, 0 10, 0 0))",
    "touches itself": "POLYGON ((0 0, 10 0, 5 5, 10 10, 0 10, 5 5, 0 0))",
    "hole outside": "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (6 6, 8 6, 8 8, 6 8, 6 6))",
    "nested parts": "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((1 1, 2 1, 2 2, 1 2, 1 1)))",
    "flat": "POLYGON ((0 0, 10 0, 5 0, 0 0))",
    "line": "LINESTRING (0 0, 10 10)",
    "point": "POINT (1 1)",
    "collection": "GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)))",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_shapes_without_an_area_are_refused_by_name(text):
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1), wkt(text)], dtype=object)
    with pytest.raises(TableError, match=r"1 of . shapes cannot be measured") as caught:
        overlap_areas(shapes[:2], shapes, [0, 1], [0, 2])
    assert [f["row"] for f in caught.value.failures] == [2]
    assert overlap_areas(shapes[:2], shapes, [0, 1], [0, 1]).tolist() == [1, 1], "no pair names it"


def test_coordinates_that_are_no_numbers_are_refused():
    shape = shapely.set_coordinates(shapely.box(0, 0, 1, 1), [[0, 0], [1, np.nan], [1, 1], [0, 1], [0, 0]])
    with pytest.raises(TableError):
        rings_of(np.array([shape], dtype=object))


def test_repeated_corners_and_heights_change_nothing():
    plain = wkt(SQUARE, E, N)
    twice = shapely.Polygon([p for p in plain.exterior.coords for _ in (0, 1)])
    high = shapely.Polygon([(x, y, 7.0) for x, y in plain.exterior.coords])
    other = shapely.box(E + 5, N + 5, E + 15, N + 15)
    assert [both(s, other) for s in (plain, twice, high)] == [25.0, 25.0, 25.0]


def stars(rng, count, spread, corners=(5, 40)):
    """Return star-shaped polygons, some with a hole, some of two parts."""
    shapes = []
    for _ in range(count):
        parts = []
        for part in range(int(rng.integers(1, 3))):
            count_here = int(rng.integers(*corners))
            turns = (np.arange(count_here) + rng.uniform(0, 0.8, count_here)) * (2 * np.pi / count_here)
            ring = np.stack([np.cos(turns), np.sin(turns)], axis=1)
            centre = (E + spread * rng.random() + 300 * part, N + spread * rng.random())
            outer = ring * rng.uniform(40, 100, (len(ring), 1)) + centre
            shape = shapely.Polygon(outer)
            hole = shapely.Point(centre).buffer(rng.uniform(1, 25), 4)
            parts.append(shape.difference(hole) if rng.random() < 0.5 else shape)
        shapes.append(shapely.union_all(shapely.get_parts(parts)))
    return np.array([s if s.is_valid else s.buffer(0) for s in shapes], dtype=object)


def test_random_polygons_with_holes_and_parts_are_as_shapely_has_them():
    rng = np.random.default_rng(5)
    a, b = stars(rng, 150, 400), stars(rng, 150, 400)
    left, right = (x.ravel() for x in np.indices((len(a), len(b))))
    ours = overlap_areas(a, b, left, right)
    theirs = shapely.area(shapely.intersection(a[left], b[right]))
    assert (theirs > 1).mean() > 0.1
    assert (shapely.get_num_interior_rings(shapely.get_parts(a)) > 0).any()
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-4)
    l2, r2, area = overlapping_pairs(a, b)
    found = np.zeros((len(a), len(b)))
    found[l2, r2] = area
    assert np.array_equal(found[left, right], ours), "no pair is lost on the way"
    assert np.array_equal(np.lexsort((r2, l2)), np.arange(len(l2)))
    ready = overlapping_pairs(rings_of(a), rings_of(b))
    assert all(np.array_equal(x, y) for x, y in zip(ready, (l2, r2, area), strict=True))


def test_polygons_of_many_corners_take_the_way_by_containment(monkeypatch):
    rng = np.random.default_rng(6)
    turns = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    reach = 1000 + rng.uniform(-30, 30, 3000)
    city = shapely.Polygon(np.c_[E + reach * np.cos(turns), N + reach * np.sin(turns)])
    city = np.array([city.difference(shapely.box(E, N, E + 50, N + 50))])
    x, y = rng.uniform(-1100, 1000, (2, 800))
    small = shapely.box(E + x, N + y, E + x + 40, N + y + 40)
    ours = overlapping_pairs(city, small)
    inner = shapely.contains_properly(city[0], small[ours[1]])
    assert inner.sum() > 300
    assert np.array_equal(ours[2][inner], rings_of(small[ours[1]][inner]).area)
    assert np.array_equal(overlapping_pairs(small, city)[2], ours[2])
    monkeypatch.setattr(overlaps, "MANY_CORNERS", 10**9)
    np.testing.assert_allclose(overlapping_pairs(city, small)[2], ours[2], rtol=1e-9, atol=1e-6)
    theirs = shapely.area(shapely.intersection(city[0], small[ours[1]]))
    np.testing.assert_allclose(ours[2], theirs, rtol=1e-6, atol=1e-4)


def test_pieces_and_threads_change_nothing():
    side = np.arange(150) * 10.0
    x, y = (v.ravel() + w for v, w in zip(np.meshgrid(side, side), (E, N), strict=True))
    tiles, moved = shapely.box(x, y, x + 10, y + 10), shapely.box(x + 4, y + 3, x + 14, y + 13)
    at = np.arange(len(tiles))
    assert len(at) > 2 * overlaps._PIECE
    assert np.array_equal(overlap_areas(tiles, moved, at, at), np.full(len(at), 42.0))
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: overlapping_pairs(tiles, moved)[2].sum(), range(4)))
    assert again == [again[0]] * 4
    assert again[0] == pytest.approx((1500 - 4) * (1500 - 3), rel=1e-12)


@pytest.mark.slow
def test_a_city_of_100_000_parcels_and_20_000_footprints_is_as_shapely_has_it():
    parcels = np.asarray(big_city(100_000).parcels.geometry.values)
    rng = np.random.default_rng(8)
    at = shapely.get_coordinates(shapely.centroid(rng.choice(parcels, 20_000))) + rng.uniform(
        -45, 45, (20_000, 2)
    )
    boxes = shapely.box(at[:, 0] - 60, at[:, 1] - 40, at[:, 0] + 60, at[:, 1] + 40)
    footprints = np.array(
        [affinity.rotate(s, a) for s, a in zip(boxes, rng.uniform(0, 90, 20_000), strict=True)]
    )
    left, right, area = overlapping_pairs(footprints, parcels)
    theirs = shapely.area(shapely.intersection(footprints[left], parcels[right]))
    np.testing.assert_allclose(area, theirs, rtol=1e-6, atol=1e-5)
    assert area.sum() == pytest.approx(theirs.sum(), rel=1e-9)
    one, other = shapely.STRtree(parcels).query(footprints, predicate="overlaps")
    lost = set(zip(one.tolist(), other.tolist(), strict=True)) - set(
        zip(left.tolist(), right.tolist(), strict=True)
    )
    assert not lost
    covered = np.bincount(left, weights=area, minlength=len(footprints))
    inside = shapely.contains_properly(shapely.coverage_union_all(parcels), footprints)
    assert inside.sum() > 19_000
    np.testing.assert_allclose(covered[inside], shapely.area(footprints)[inside], rtol=1e-9)


def test_the_compiler_is_loaded_only_where_shapes_are_measured():
    code = "import sys, landuse, landuse.linking, landuse.kernels.overlaps; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_where_nothing_can_be_kept_the_loops_are_compiled_anew(monkeypatch):
    from landuse.kernels import compiled

    kept = []

    def njit(**options):
        kept.append(options.get("cache", False))
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda loop: loop

    monkeypatch.setattr(compiled.numba, "njit", njit)
    assert compiled.compiled(len)("abc") == 3
    assert kept == [True, False]
