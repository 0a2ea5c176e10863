"""Shapes as a file holds them: flat, polygons, valid; or why not."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Fault", "flat", "shape_faults"]

Shapes = npt.NDArray[Any]
Fault = tuple[str, dict[str, str]]
"""A kind of issue and the words that fill its message."""

_POLYGON, _MULTIPOLYGON = 3, 6


def flat(shapes: Shapes) -> tuple[Shapes, bool]:
    """Return the shapes without heights and measures, and whether there were any.

    Examples
    --------
    >>> flat(shapely.from_wkt(["POLYGON Z ((0 0 9, 1 0 9, 1 1 9, 0 0 9))"]))[1]
    True
    """
    if not (shapely.has_z(shapes).any() or shapely.has_m(shapes).any()):
        return shapes, False
    return np.asarray(shapely.force_2d(shapes), dtype=object), True


def shape_faults(shapes: Shapes, *, skip: Container[int] = ()) -> dict[int, Fault]:
    """Say which shapes cannot stand for land.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
    skip : container of int
        Positions that are not looked at.

    Returns
    -------
    dict
        Position to (``no_geometry`` | ``not_a_polygon`` | ``invalid_geometry``, words).

    Examples
    --------
    >>> bow = shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    >>> shape_faults(np.array([shapely.box(0, 0, 1, 1), None, shapely.Point(0, 0), bow]))[3]
    ('invalid_geometry', {'reason': 'Self-intersection[0.5 0.5]'})
    """
    bare = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    types = shapely.get_type_id(shapes)
    other = ~bare & (types != _POLYGON) & (types != _MULTIPOLYGON)
    invalid = ~bare & ~other & ~shapely.is_valid(shapes)
    faults: dict[int, Fault] = {}
    for at in np.flatnonzero(bare | other | invalid).tolist():
        if at in skip:
            continue
        if bare[at]:
            faults[at] = ("no_geometry", {})
        elif other[at]:
            faults[at] = ("not_a_polygon", {"found": str(shapes[at].geom_type)})
        else:
            faults[at] = ("invalid_geometry", {"reason": str(shapely.is_valid_reason(shapes[at]))})
    return faults
