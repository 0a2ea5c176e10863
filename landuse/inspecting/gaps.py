"""Land that shapes enclose between them and none holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.inspecting.overlaps import Pieces
from landuse.kernels.polygonal import polygonal

__all__ = ["enclosed_land", "mean_width"]

Shapes = npt.NDArray[Any]
MILLIMETRE = 0.001
"""What surveyed coordinates are written to [m]: shapes this near to each other touch."""


def mean_width(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return twice the area over the boundary's length: the width of a shape that is long and thin.

    Examples
    --------
    >>> mean_width(np.array([shapely.box(0, 0, 1000, 0.1)])).round(3).tolist()
    [0.1]
    """
    return np.asarray(2.0 * shapely.area(shapes) / shapely.length(shapes), dtype=np.float64)


def enclosed_land(shapes: Shapes, *, gap_m2: float, sliver_m: float) -> Pieces:
    """Return the holes of the union of shapes that lie between two or more of them.

    Parameters
    ----------
    shapes : ndarray of shapely Polygon or MultiPolygon, shape (n,)
        Valid, in a projected coordinate system [m].
    gap_m2 : float
        Greater holes count only where they are slivers.
    sliver_m : float
        What is thinner than this, on the mean, is a sliver [m].

    Returns
    -------
    Pieces
        The holes, and for each the two shapes that share most of its boundary.

    Examples
    --------
    >>> ring = shapely.box([0, 0, 3, 8], [0, 3, 5, 3], [9, 3, 9, 9], [3, 9, 9, 5])
    >>> found = enclosed_land(ring, gap_m2=100.0, sliver_m=0.2)
    >>> found.one.tolist(), found.other.tolist(), shapely.area(found.land).tolist()
    ([0], [2], [10.0])
    """
    holes = _holes(_union(shapes))
    holes = holes[(shapely.area(holes) <= gap_m2) | (mean_width(holes) < sliver_m)]
    return _between(holes, shapes)


def _union(shapes: Shapes) -> Shapes:
    """Return the parts of the union; what keeps to its neighbours point by point is united the fast way."""
    clean = shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    fast = shapely.get_parts(shapely.coverage_union_all(shapes[clean]))
    if clean.all():
        return np.asarray(fast, dtype=object)
    return np.asarray(shapely.get_parts(shapely.union_all(np.r_[fast, shapes[~clean]])), dtype=object)


def _holes(parts: Shapes) -> Shapes:
    """Return the holes of disjoint parts without the parts that lie inside of them."""
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.r_[False, part[1:] == part[:-1]] if len(rings) else np.zeros(0, dtype=bool)
    discs = shapely.polygons(rings[inner])
    hole, island = shapely.STRtree(parts).query(discs, predicate="contains")
    order = np.argsort(hole, kind="stable")
    hole, island = hole[order], island[order]
    starts = np.flatnonzero(np.diff(hole, prepend=-1))
    for members in np.split(np.arange(len(hole)), starts[1:]) if len(hole) else []:
        at = hole[members[0]]
        discs[at] = shapely.difference(discs[at], shapely.union_all(parts[island[members]]))
    land = polygonal(discs)
    return np.asarray(shapely.get_parts(land[~shapely.is_missing(land)]), dtype=object)


def _between(holes: Shapes, shapes: Shapes) -> Pieces:
    """Keep the holes that two or more shapes bound; name the two that share most of the boundary."""
    rims = shapely.buffer(holes, MILLIMETRE, cap_style="flat", join_style="mitre")
    hole, shape = shapely.STRtree(shapes).query(rims, predicate="intersects")
    share = shapely.area(shapely.intersection(rims[hole], shapes[shape])) / MILLIMETRE
    share = np.round(share, 3)
    order = np.lexsort((shape, -share, hole))
    hole, shape = hole[order], shape[order]
    first = np.flatnonzero(np.diff(hole, prepend=-1))
    size = np.diff(np.r_[first, len(hole)])
    first = first[size >= 2]
    return Pieces(shape[first], shape[first + 1], holes[hole[first]])
