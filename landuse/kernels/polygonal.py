"""Of whatever an operation on polygons gives back, the polygons."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["polygonal"]

_POLYGON = 3


def polygonal(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the land of each shape: its polygons without the points and lines beside them.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        Of any type; may be missing.

    Returns
    -------
    ndarray of Polygon, MultiPolygon or None, shape (n,)
        None where no polygon is left.

    Examples
    --------
    >>> touch = shapely.from_wkt("GEOMETRYCOLLECTION (POLYGON ((0 0, 1 0, 1 1, 0 0)), LINESTRING (5 5, 6 6))")
    >>> [s and s.geom_type for s in polygonal(np.array([touch, shapely.Point(0, 0)]))]
    ['Polygon', None]
    """
    result = np.full(len(shapes), None, dtype=object)
    plain = (shapely.get_type_id(shapes) == _POLYGON) & ~shapely.is_empty(shapes)
    result[plain] = shapes[plain]
    rest = np.flatnonzero(~plain)
    parts, owner = shapely.get_parts(shapes[rest], return_index=True)
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    land = (shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)
    parts, owner = parts[land], owner[land]
    single = np.bincount(owner, minlength=len(rest))[owner] == 1
    result[rest[owner[single]]] = parts[single]
    if not single.all():
        held, place = np.unique(owner[~single], return_inverse=True)
        result[rest[held]] = shapely.multipolygons(parts[~single], indices=place)
    return result
