"""Slow and exact: the area that two polygons share, in fractions, slab by slab; nothing of landuse or GEOS in it."""

from __future__ import annotations

from fractions import Fraction


def edges_of(shape):
    """Return the edges of all rings of a polygon or multipolygon, in fractions."""
    rings = []
    for part in getattr(shape, "geoms", [shape]):
        rings += [part.exterior, *part.interiors]
    found = []
    for ring in rings:
        points = [(Fraction(x), Fraction(y)) for x, y, *_ in ring.coords]
        found += list(zip(points, points[1:], strict=False))
    return [e for e in found if e[0][0] != e[1][0]]


def height(edge, x):
    (x0, y0), (x1, y1) = edge
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def crossing(one, other):
    """Return the x at which two edges cross inside both, None where they do not."""
    left = max(min(one[0][0], one[1][0]), min(other[0][0], other[1][0]))
    right = min(max(one[0][0], one[1][0]), max(other[0][0], other[1][0]))
    if left >= right:
        return None
    at_left = height(one, left) - height(other, left)
    at_right = height(one, right) - height(other, right)
    if at_left * at_right >= 0:
        return None
    return left + (right - left) * at_left / (at_left - at_right)


def spans(edges, left, right):
    """Return the edges over a slab from below to above, two by two: inside lies between them."""
    middle = (left + right) / 2
    over = [e for e in edges if min(e[0][0], e[1][0]) <= left and max(e[0][0], e[1][0]) >= right]
    over.sort(key=lambda e: height(e, middle))
    return list(zip(over[::2], over[1::2], strict=True))


def shared_area(one, other):
    """Return the area that two valid polygons share, exactly."""
    a, b = edges_of(one), edges_of(other)
    cuts = {p[0] for e in (*a, *b) for p in e}
    cuts |= {x for e in a for f in b if (x := crossing(e, f)) is not None}
    total, cuts = Fraction(0), sorted(cuts)
    for left, right in zip(cuts, cuts[1:], strict=False):
        middle = (left + right) / 2
        for low, high in spans(a, left, right):
            for low2, high2 in spans(b, left, right):
                floor = max(height(low, middle), height(low2, middle))
                roof = min(height(high, middle), height(high2, middle))
                total += max(roof - floor, Fraction(0)) * (right - left)
    return total
