"""Boxes that overlap: the grid finds the pairs that a comparison of all finds, or says that it does not."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse.kernels import overlaps
from landuse.kernels.boxes import box_pairs
from landuse.kernels.overlaps import overlapping_pairs

E, N = 37_560_000.0, 3_833_000.0
NONE = [np.nan] * 4


def slow(few, many):
    """Return the pairs with an area in common, every box against every other."""
    low = np.maximum(few[:, None, :2], many[None, :, :2])
    high = np.minimum(few[:, None, 2:], many[None, :, 2:])
    return set(map(tuple, np.argwhere((low < high).all(axis=2)).tolist()))


def found(few, many):
    one, other, done = box_pairs(few, many)
    pairs = list(zip(one.tolist(), other.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)), "a pair stands once"
    return set(pairs), done


@st.composite
def boxes(draw, offset):
    cells = st.tuples(*(st.integers(0, 20) for _ in range(2)), *(st.integers(1, 9) for _ in range(2)))
    rows = [[x, y, x + w, y + h] for x, y, w, h in draw(st.lists(cells, min_size=1, max_size=12))]
    shift = np.array([E, N, E, N]) + draw(st.integers(-5, 5)) * offset
    table = np.array(rows, dtype=np.float64) + shift
    table[draw(st.lists(st.integers(0, len(rows) - 1), max_size=2))] = np.nan
    return table


@given(boxes(0), boxes(4))
def test_the_grid_finds_the_pairs_that_overlap_and_no_others(few, many):
    pairs, done = found(few, many)
    if done:
        assert pairs == slow(few, many)
    else:
        assert not (few[:, 0] <= few[:, 2]).any(), "so few boxes always fit a grid"


@pytest.mark.parametrize("sizes", [(1, 1), (1, 10), (0.2, 3)])
def test_many_boxes_of_many_sizes(sizes):
    rng = np.random.default_rng(2)
    corner, side = rng.uniform(0, 900, (2, 600, 2)), rng.uniform(*sizes, (2, 600, 2)) * 10
    few, many = (np.c_[c, c + s] + np.array([E, N, E, N]) for c, s in zip(corner, side, strict=True))
    pairs, done = found(few, many)
    assert done
    assert pairs == slow(few, many)
    assert len(pairs) > 20


def row(count, side, step):
    x = np.arange(count) % 100 * step
    return shapely.box(x, 0, x + side, side)


UNFIT = {
    "a crowd, and one far away": np.r_[row(3000, 1.0, 1.0), shapely.box([1e7], 1e7, 1e7 + 1, 1e7 + 1)],
    "a few great ones among many small": np.r_[row(2000, 1e-3, 9.0), shapely.box([0] * 200, 0, 900, 900)],
    "all in one place": shapely.box(np.zeros(2000), 0, 1, 1),
    "none": np.array([None, shapely.Polygon()], dtype=object),
}


@pytest.mark.parametrize("shapes", UNFIT.values(), ids=UNFIT)
def test_boxes_that_fit_no_grid_are_found_by_a_tree(shapes, monkeypatch):
    other = np.r_[shapes[::2], shapely.box([0], 0, [0.5], 0.5), [None] * len(shapes)]
    few, many = shapely.bounds(shapes), shapely.bounds(other)
    assert not found(few, many)[1]
    trees, real = [], shapely.STRtree
    monkeypatch.setattr(overlaps.shapely, "STRtree", lambda s: trees.append(len(s)) or real(s))
    left, right, area = overlapping_pairs(shapes, other)
    assert trees == [len(shapes)]
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == slow(few, many)
    assert (area > 0).all()


def test_boxes_along_a_line_and_far_apart_fit_a_grid():
    for shift in ([1e7, 0], [0, 1e7], [1e7, 1e7]):
        few = np.add.outer(np.arange(50.0), [0.0, 0.0, 0.9, 0.9])
        few[25:] += [*shift, *shift]
        many = few[::-1] + 0.5
        assert found(few, many) == (slow(few, many), True)
