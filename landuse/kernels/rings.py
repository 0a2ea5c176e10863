"""Polygons as plain arrays: coordinates, rings, which way each ring turns; the invalid refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.errors import TableError

__all__ = ["Rings", "rings_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[Any]

_POLYGON, _MULTIPOLYGON = 3, 6
_SHOWN = 10


@dataclass(frozen=True)
class Rings:
    """The rings of n polygons.

    Attributes
    ----------
    shapes : ndarray of shapely Polygon, MultiPolygon or None, shape (n,)
        The polygons.
    points : ndarray of float64, shape (p, 2)
        Corners of all rings, one ring after the other, each closed.
    ring_from : ndarray of int64, shape (r + 1,)
        Where each ring begins in ``points``.
    shape_from : ndarray of int64, shape (n + 1,)
        Where the rings of each polygon begin; a missing or empty one has none.
    turn : ndarray of float64, shape (r,)
        1 or -1: times this, every outer ring turns to the left and every hole to the right.
    bounds : ndarray of float64, shape (n, 4)
        Least x, least y, greatest x, greatest y; nan where there is no ring.
    area : ndarray of float64, shape (n,)
        In squared units of the coordinates.
    """

    shapes: Shapes
    points: Floats
    ring_from: Ints
    shape_from: Ints
    turn: Floats
    bounds: Floats
    area: Floats

    def corners(self) -> Ints:
        """Return how many corners each polygon has, closing ones included."""
        return np.diff(self.ring_from[self.shape_from])


def rings_of(shapes: Shapes, rows: Ints | None = None) -> Rings:
    """Return the rings of polygons.

    Parameters
    ----------
    shapes : ndarray of shapely Polygon, MultiPolygon or None, shape (n,)
        A third coordinate is left out.
    rows : ndarray of int64, shape (n,), optional
        What a refusal calls them; otherwise their positions.

    Returns
    -------
    Rings

    Raises
    ------
    TableError
        Where one is neither polygon nor multipolygon, or is invalid; ``failures`` name the positions.

    Notes
    -----
    A ring whose edges are seen in float64 (within its error bounds) to stay clear of one another is valid;
    all others are put to GEOS.

    Examples
    --------
    >>> rings = rings_of(np.array([shapely.box(0, 0, 3, 2), None], dtype=object))
    >>> rings.area.tolist(), rings.corners().tolist(), rings.turn.tolist()
    ([6.0, 0.0], [5, 0], [1.0])
    """
    from landuse.kernels.loops import ring_facts

    shapes = np.asarray(shapes, dtype=object)
    kinds = shapely.get_type_id(shapes)
    _refuse(shapes, rows, ~np.isin(kinds, (-1, _POLYGON, _MULTIPOLYGON)), "not a polygon")
    counts = np.asarray(shapely.get_num_coordinates(shapes), dtype=np.int64)
    single = (kinds == _POLYGON) & (counts > 0) & (shapely.get_num_interior_rings(shapes) == 0)
    ring_from, shape_from, hole = _offsets(shapes, counts, single)
    points = np.ascontiguousarray(shapely.get_coordinates(shapes))
    bounds, area, turn, clear = ring_facts(points, ring_from, shape_from, hole)
    doubtful = np.flatnonzero(~clear)
    wrong = np.zeros(len(shapes), dtype=bool)
    wrong[doubtful] = ~shapely.is_valid(shapes[doubtful])
    _refuse(shapes, rows, wrong, "invalid polygon")
    return Rings(shapes, points, ring_from, shape_from, turn, bounds, area)


def _offsets(
    shapes: Shapes, counts: Ints, single: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Return where rings and shapes begin, and which rings are holes."""
    many = np.flatnonzero(~single & (counts > 0))
    if not len(many):
        used = counts[single]
        return _starts(used), _starts(single.astype(np.int64)), np.zeros(len(used), dtype=bool)
    parts, owner = shapely.get_parts(shapes[many], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    per_shape = single.astype(np.int64)
    per_shape[many] = np.bincount(owner[part], minlength=len(many))
    shape_from = _starts(per_shape)
    sizes = np.empty(shape_from[-1], dtype=np.int64)
    hole = np.zeros(shape_from[-1], dtype=bool)
    sizes[shape_from[:-1][single]] = counts[single]
    inner = np.ones(shape_from[-1], dtype=bool)
    inner[shape_from[:-1][single]] = False
    sizes[inner] = shapely.get_num_coordinates(rings)
    hole[inner] = np.r_[False, part[1:] == part[:-1]]
    return _starts(sizes), shape_from, hole


def _starts(sizes: Ints) -> Ints:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes, dtype=np.int64)])


def _refuse(shapes: Shapes, rows: Ints | None, wrong: npt.NDArray[np.bool_], check: str) -> None:
    at = np.flatnonzero(wrong)
    if not len(at):
        return
    shown = at[:_SHOWN]
    names = shown if rows is None else rows[shown]
    reasons = shapely.is_valid_reason(shapes[shown])
    failures: list[dict[str, Any]] = [
        {"column": "geometry", "check": check, "row": int(name), "value": f"{shape.geom_type}: {reason}"}
        for name, shape, reason in zip(names, shapes[shown], reasons, strict=True)
    ]
    raise TableError(
        f"{len(at)} of {len(shapes)} shapes cannot be measured",
        failures=failures,
        key="geometry",
        remedy="read them with landuse, which mends or rejects such shapes, or mend them (make_valid)",
    )
