"""The compiled loops: rings checked and measured, overlaps summed. Loaded when first needed (numba)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landuse.kernels.compiled import compiled

__all__ = ["pair_areas", "ring_facts"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_MOST_CORNERS = 129
"""Beyond, GEOS is quicker to see that a ring does not meet itself."""
_ORIENT_ERROR = 4e-16
"""Times both products: more than the error of their difference (Shewchuk 1997: 3 eps + 16 eps2)."""


@compiled
def _side(px: float, py: float, qx: float, qy: float, x: float, y: float) -> int:
    """Return 1 or -1 where (x, y) surely lies left or right of the line p to q, 0 where that is not sure."""
    one, other = (px - x) * (qy - y), (py - y) * (qx - x)
    turn, error = one - other, _ORIENT_ERROR * (abs(one) + abs(other))
    if turn > error:
        return 1
    if turn < -error:
        return -1
    return 0


@compiled
def _apart(points: Floats, i: int, j: int) -> bool:
    """Say whether the edges that begin at two corners surely have no point in common."""
    ax, ay, bx, by = points[i, 0], points[i, 1], points[i + 1, 0], points[i + 1, 1]
    cx, cy, dx, dy = points[j, 0], points[j, 1], points[j + 1, 0], points[j + 1, 1]
    if max(ax, bx) < min(cx, dx) or max(cx, dx) < min(ax, bx):
        return True
    if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
        return True
    side = _side(ax, ay, bx, by, cx, cy)
    if side != 0 and side == _side(ax, ay, bx, by, dx, dy):
        return True
    side = _side(cx, cy, dx, dy, ax, ay)
    return side != 0 and side == _side(cx, cy, dx, dy, bx, by)


@compiled
def _onward(points: Floats, i: int, j: int, k: int) -> bool:
    """Say whether the way i - j - k surely does not turn back on itself at j."""
    ax, ay = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
    bx, by = points[k, 0] - points[j, 0], points[k, 1] - points[j, 1]
    if ax * bx + ay * by > 0.0:
        return True
    return _side(points[i, 0], points[i, 1], points[j, 0], points[j, 1], points[k, 0], points[k, 1]) != 0


@compiled
def _clear(points: Floats, start: int, stop: int) -> bool:
    """Say whether a closed ring surely does not meet itself; False: not sure."""
    edges = stop - start - 1
    if edges < 3 or edges >= _MOST_CORNERS:
        return False
    if points[start, 0] != points[stop - 1, 0] or points[start, 1] != points[stop - 1, 1]:
        return False
    for i in range(start, stop - 1):
        if points[i, 0] == points[i + 1, 0] and points[i, 1] == points[i + 1, 1]:
            return False
        before = i - 1 if i > start else stop - 2
        if not _onward(points, before, i, i + 1):
            return False
    for i in range(start, stop - 3):
        last = stop - 2 if i == start else stop - 1
        for j in range(i + 2, last):
            if not _apart(points, i, j):
                return False
    return True


@compiled
def ring_facts(
    points: Floats, ring_from: Ints, shape_from: Ints, hole: Flags
) -> tuple[Floats, Floats, Floats, Flags]:
    """Return bounds (n, 4) and area (n,) of polygons, turn (r,) of rings, which polygons are surely valid.

    ``hole`` says which rings are holes; for the rest see ``Rings``. A polygon of several rings is never sure.
    """
    count = len(shape_from) - 1
    bounds, area = np.full((count, 4), np.nan), np.zeros(count)
    turn, clear = np.ones(len(ring_from) - 1), np.zeros(count, dtype=np.bool_)
    for shape in range(count):
        first, last = shape_from[shape], shape_from[shape + 1]
        clear[shape] = first == last
        if first == last:
            continue
        x0 = y0 = np.inf
        x1 = y1 = -np.inf
        for ring in range(first, last):
            start, stop = ring_from[ring], ring_from[ring + 1]
            ox, oy, twice = points[start, 0], points[start, 1], 0.0
            for i in range(start, stop - 1):
                ax, ay = points[i, 0], points[i, 1]
                twice += (ax - ox) * (points[i + 1, 1] - oy) - (points[i + 1, 0] - ox) * (ay - oy)
                x0, x1, y0, y1 = min(x0, ax), max(x1, ax), min(y0, ay), max(y1, ay)
            if (twice < 0.0) != hole[ring]:
                turn[ring] = -1.0
            area[shape] += turn[ring] * twice / 2.0
        bounds[shape, 0], bounds[shape, 1], bounds[shape, 2], bounds[shape, 3] = x0, y0, x1, y1
        if last == first + 1:
            clear[shape] = _clear(points, ring_from[first], ring_from[last])
    return bounds, area, turn, clear


@compiled
def _cut(
    points: Floats, ring_from: Ints, turn: Floats, rings: tuple[int, int], window: Floats, edges: Floats
) -> int:
    """Write the edges of a polygon as far as they matter in a window into ``edges``; return how many.

    ``window`` is x, y, width, height. An edge is written from left to right as x, y, end x, slope, sign, with
    the window's corner as origin: cut off at the left, right and lower side; one that lies wholly above runs
    along the upper side. Upright edges have no part in the sum.
    """
    n = 0
    wide, high = window[2], window[3]
    for ring in range(rings[0], rings[1]):
        for i in range(ring_from[ring], ring_from[ring + 1] - 1):
            x0, y0 = points[i, 0] - window[0], points[i, 1] - window[1]
            x1, y1 = points[i + 1, 0] - window[0], points[i + 1, 1] - window[1]
            sign = turn[ring]
            if x0 > x1:
                x0, y0, x1, y1, sign = x1, y1, x0, y0, -sign
            if x0 == x1 or x1 <= 0.0 or x0 >= wide or (y0 <= 0.0 and y1 <= 0.0):
                continue
            slope = (y1 - y0) / (x1 - x0)
            if y0 >= high and y1 >= high:
                y0 = y1 = high
                slope = 0.0
            if x0 < 0.0:
                y0 -= slope * x0
                x0 = 0.0
            if x1 > wide:
                y1 -= slope * (x1 - wide)
                x1 = wide
            if y0 <= 0.0 and y1 <= 0.0:
                continue
            if y0 < 0.0:
                x0 -= y0 / slope
                y0 = 0.0
            elif y1 < 0.0:
                x1 -= y1 / slope
            if x0 < x1:
                edges[n, 0], edges[n, 1], edges[n, 2], edges[n, 3], edges[n, 4] = x0, y0, x1, slope, sign
                n += 1
    return n


@compiled
def _summed(one: Floats, n: int, other: Floats, m: int) -> float:
    """Return the signed sum over pairs of edges of the integral of the lower of both."""
    total = 0.0
    for i in range(n):
        x0, y0, x1, slope = one[i, 0], one[i, 1], one[i, 2], one[i, 3]
        part = 0.0
        for j in range(m):
            left, right = max(x0, other[j, 0]), min(x1, other[j, 2])
            if left < right:
                a0 = y0 + slope * (left - x0)
                a1 = y0 + slope * (right - x0)
                b0 = other[j, 1] + other[j, 3] * (left - other[j, 0])
                b1 = other[j, 1] + other[j, 3] * (right - other[j, 0])
                mean = (min(a0, b0) + min(a1, b1)) / 2.0
                d0, d1 = a0 - b0, a1 - b1
                if (d0 < 0.0 < d1) or (d1 < 0.0 < d0):
                    mean += abs(d0) * (abs(d1) / (2.0 * (abs(d0) + abs(d1))))
                part += other[j, 4] * mean * (right - left)
        total += one[i, 4] * part
    return total


@compiled
def pair_areas(
    points: Floats,
    ring_from: Ints,
    shape_from: Ints,
    turn: Floats,
    bounds: Floats,
    points2: Floats,
    ring_from2: Ints,
    shape_from2: Ints,
    turn2: Floats,
    bounds2: Floats,
    left: Ints,
    right: Ints,
    most: int,
) -> Floats:
    """Return the area that each pair has in common; ``most`` is how many corners a polygon has at most."""
    areas = np.zeros(len(left))
    one, other, window = np.empty((most, 5)), np.empty((most, 5)), np.empty(4)
    for k in range(len(left)):
        a, b = left[k], right[k]
        window[0], window[1] = max(bounds[a, 0], bounds2[b, 0]), max(bounds[a, 1], bounds2[b, 1])
        window[2] = min(bounds[a, 2], bounds2[b, 2]) - window[0]
        window[3] = min(bounds[a, 3], bounds2[b, 3]) - window[1]
        if not (window[2] > 0.0 and window[3] > 0.0):
            continue
        n = _cut(points, ring_from, turn, (shape_from[a], shape_from[a + 1]), window, one)
        m = _cut(points2, ring_from2, turn2, (shape_from2[b], shape_from2[b + 1]), window, other)
        areas[k] = max(_summed(one, n, other, m), 0.0)
    return areas
