"""The area that two polygons have in common, without building that piece, for whole arrays of pairs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.kernels.rings import Rings, rings_of

__all__ = ["overlap_areas", "overlapping_pairs"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[Any]

MANY_CORNERS = 1000
"""From so many on, asking whether a polygon holds another is quicker than running along its edges."""
WHOLE = 1e-12
"""A sum that falls short of the lesser area by no more than this share of it is that area, rounded."""
_PIECE, _MOST_THREADS = 8192, 8


def overlapping_pairs(a: Shapes | Rings, b: Shapes | Rings) -> tuple[Ints, Ints, Floats]:
    """Return every pair of polygons with land in common, and how much.

    Parameters
    ----------
    a, b : ndarray of shapely Polygon, MultiPolygon or None, shapes (n,) and (m,)
        In one plane; or their ``rings_of``, where they are used more than once.

    Returns
    -------
    left, right : ndarray of int64, shape (p,)
        Positions in ``a`` and ``b``, sorted by ``left``, then ``right``.
    area : ndarray of float64, shape (p,)
        Above 0, in squared units of the coordinates. What float64 leaves along a common boundary (about 1e-9
        m2) may stand among them: put a tolerance to it.

    Raises
    ------
    TableError
        Where a polygon that lies near one of the other side is invalid, or is no polygon.

    Examples
    --------
    >>> prints = shapely.box([0, 50], 0, [10, 60], 10)
    >>> left, right, area = overlapping_pairs(prints, shapely.box([5], 0, [15], 10))
    >>> left.tolist(), right.tolist(), area.tolist()
    ([0], [0], [50.0])
    """
    left, right = _near(a, b)
    area = overlap_areas(a, b, left, right)
    some = area > 0.0
    left, right, area = left[some], right[some], area[some]
    order = np.argsort(left * len(_shapes(b)) + right, kind="stable")
    return left[order], right[order], area[order]


def _shapes(side: Shapes | Rings) -> Shapes:
    return side.shapes if isinstance(side, Rings) else np.asarray(side, dtype=object)


def _near(a: Shapes | Rings, b: Shapes | Rings) -> tuple[Ints, Ints]:
    """Return the pairs whose boxes overlap, in any order."""
    from landuse.kernels.boxes import box_pairs

    turned = len(_shapes(a)) > len(_shapes(b))
    few, many = (b, a) if turned else (a, b)
    bounds = [s.bounds if isinstance(s, Rings) else shapely.bounds(_shapes(s)) for s in (few, many)]
    one, other, done = box_pairs(*bounds)
    if not done:
        found = shapely.STRtree(_shapes(few)).query(_shapes(many))
        other, one = (side.astype(np.int64) for side in found)
    return (other, one) if turned else (one, other)


def overlap_areas(a: Shapes | Rings, b: Shapes | Rings, left: Ints, right: Ints) -> Floats:
    """Return the area that the polygons of each pair have in common.

    Parameters
    ----------
    a, b : ndarray of shapely Polygon, MultiPolygon or None, shapes (n,) and (m,)
        In one plane. Holes and parts count; a missing or empty polygon has nothing in common with any. Or
        their ``rings_of``, where they are used more than once.
    left, right : ndarray of int, shape (p,)
        Positions in ``a`` and ``b``, one pair each.

    Returns
    -------
    ndarray of float64, shape (p,)
        In squared units of the coordinates [m2 in a plane in metres]; never more than the lesser area.

    Raises
    ------
    TableError
        Where a polygon that a pair names is invalid, or is no polygon.
    IndexError
        Where a pair names a position that is not there.

    Notes
    -----
    A polygon is the signed sum of what lies under its edges, so that
    ``|A n B| = sum over edges i of A, j of B of s_i s_j * integral of min(a_i(x), b_j(x)) dx`` over the x
    that both edges have in common. Heights and x count from the lower left corner of the box that both
    polygons have in common, which keeps the full precision at eastings of 3.7e7. No point of intersection is
    built. Where a polygon has many corners, those that it holds wholly are found first and have their own
    area.

    Examples
    --------
    >>> parcel = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    >>> prints = shapely.box([5, 4, 20], 0, [15, 5, 30], 10)
    >>> overlap_areas(np.array([parcel]), prints, [0, 0, 0], [0, 1, 2]).tolist()
    [48.0, 8.0, 0.0]
    """
    left, right = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
    one, left = _named(a, left)
    other, right = _named(b, right)
    lesser = np.minimum(one.area[left], other.area[right])
    held = _held(one, other, left, right)
    areas = np.where(held, lesser, 0.0)
    rest = np.flatnonzero(~held)
    areas[rest] = _measured(one, other, left[rest], right[rest])
    return np.where(areas > lesser * (1.0 - WHOLE), lesser, areas)


def _named(side: Shapes | Rings, at: Ints) -> tuple[Rings, Ints]:
    """Return the rings of the shapes that are named, and the positions among them."""
    if isinstance(side, Rings):
        if len(at) and not 0 <= at.min() <= at.max() < len(side.shapes):
            raise IndexError(f"positions run from 0 to {len(side.shapes) - 1}")
        return side, at
    shapes = _shapes(side)
    used = np.zeros(len(shapes), dtype=bool)
    used[at] = True
    return rings_of(shapes[used], np.flatnonzero(used)), (np.cumsum(used) - 1)[at]


def _held(one: Rings, other: Rings, left: Ints, right: Ints) -> Flags:
    """Say which pairs are one polygon within another of many corners."""
    held = np.zeros(len(left), dtype=bool)
    for outer, inner, at, within in ((one, other, left, right), (other, one, right, left)):
        great = outer.corners() >= MANY_CORNERS
        if not great.any():
            continue
        box, small = outer.bounds[at], inner.bounds[within]
        inside = (box[:, :2] < small[:, :2]).all(axis=1) & (box[:, 2:] > small[:, 2:]).all(axis=1)
        asked = np.flatnonzero(great[at] & inside & ~held)
        ready = outer.shapes[np.unique(at[asked])]
        ready = ready[~shapely.is_prepared(ready)]
        shapely.prepare(ready)
        held[asked] = shapely.contains_properly(outer.shapes[at[asked]], inner.shapes[within[asked]])
        shapely.destroy_prepared(ready)
    return held


def _measured(one: Rings, other: Rings, left: Ints, right: Ints) -> Floats:
    """Sum over pairs of edges, in as many threads as the machine has, at most eight."""
    if not len(left):
        return np.zeros(0)
    from landuse.kernels.loops import pair_areas

    most = int(max(one.corners().max(), other.corners().max()))

    def piece(at: slice) -> Floats:
        sides = [(r.points, r.ring_from, r.shape_from, r.turn, r.bounds) for r in (one, other)]
        return pair_areas(*sides[0], *sides[1], left[at], right[at], most)

    pieces = [slice(start, start + _PIECE) for start in range(0, len(left), _PIECE)]
    threads = min(os.cpu_count() or 1, _MOST_THREADS, len(pieces))
    if threads == 1:
        return np.concatenate([piece(at) for at in pieces])
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(piece, pieces)))
