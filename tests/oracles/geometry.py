"""Slow and plain: what two shapes share, and what shapes enclose; nothing of landuse in it."""

from __future__ import annotations

from itertools import combinations

import shapely


def overlaps(shapes, least=0.0):
    """Return {(i, j): area} of every pair with more land in common than ``least``."""
    found = {}
    for i, j in combinations(range(len(shapes)), 2):
        area = shapes[i].intersection(shapes[j]).area
        if area > least:
            found[i, j] = area
    return found


def enclosed(shapes, most, least=0.0):
    """Return the enclosed pieces of no shape's land, each bounded by two or more shapes: (area, who bounds)."""
    box = shapely.box(*shapely.union_all(shapes).bounds).buffer(10.0)
    outside = box
    for shape in shapes:
        outside = outside.difference(shape)
    found = []
    for piece in getattr(outside, "geoms", [outside]):
        who = [i for i, s in enumerate(shapes) if piece.distance(s) < 0.001]
        open_ = piece.touches(box.exterior) or piece.intersects(box.exterior)
        if not open_ and least < piece.area <= most and len(who) > 1:
            found.append((piece.area, tuple(who)))
    return sorted(found)


def counted_twice(shapes):
    """Return the sum of the areas minus the area of the union."""
    return sum(s.area for s in shapes) - shapely.union_all(shapes).area
