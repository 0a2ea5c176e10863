"""Shapes of projects: footprints and points; what is neither is left behind, and the project stays."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.io.coordinates.extent import outside_faults
from landuse.io.vector.placing import placed
from landuse.io.vector.shapes import settle_shapes
from landuse.io.vector.vectors import Layer
from landuse.labels import label, say
from landuse.tables import issue

__all__ = ["settle_footprints"]

Shapes = npt.NDArray[Any]

_POINTS, _LINES, _POLYGONS = (0, 4), (1, 2, 5), (3, 6)
_COLLECTION = 7
_NAMED = 5
"""How many rows an issue about several names."""


@dataclass
class _Case:
    """The shapes of a layer as they are settled, and what is to be said of each row."""

    layer: Layer
    shapes: Shapes
    skip: Container[int]
    said: list[dict[str, Any]]

    def tell(self, kind: str, action: str, at: int, **words: Any) -> None:
        """Say something of the shape in a row."""
        grid = self.layer.grid
        place: dict[str, Any] = {"file": grid.file, "sheet": grid.layer, "row": int(grid.rows[at])}
        if at not in self.skip:
            self.said.append(issue(kind, action, **place, field="geometry", **words))

    def drop(self, at: int, what: str, **words: Any) -> None:
        """Leave the shape in a row behind; the project stays."""
        self.shapes[at] = None
        self.tell("project_shape_dropped", "kept", at, what=what, **words)


def settle_footprints(
    layer: Layer, *, axes: str | None = None, skip: Container[int] = ()
) -> tuple[Layer, list[dict[str, Any]]]:
    """Return a layer whose shapes are valid polygons, points or missing; no row is lost.

    Parameters
    ----------
    layer : Layer
        As it stands in its file.
    axes : {"north_east"}, optional
        See ``placed``.
    skip : container of int
        Positions of rows that are rejected for other reasons; nothing is said of their shapes.

    Returns
    -------
    layer : Layer
        In a system that is one (see ``placed``).
    issues : list of dict
        ``project_shape_dropped``: a line, a mixed collection, no numbers, the point (0, 0), an invalid
        polygon with more than one way to mend it, a place outside the area where the system is used.
        ``project_shape_flattened``, ``shape_mended``, ``rings_by_containment``: mended.
        ``project_shape_absent``: how many have none.

    Raises
    ------
    CrsError
        Where at least half of the shapes lie outside the area where the system is used; see ``placed``.
    """
    case = _Case(layer, layer.shapes.copy(), skip, [])
    _absent(case)
    _kinds(case)
    _numbers(case)
    moved = placed(replace(layer, shapes=case.shapes), axes=axes)
    case.layer, case.shapes = moved, moved.shapes.copy()
    _polygons(case)
    _places(case)
    return replace(moved, shapes=case.shapes), case.said


def _absent(case: _Case) -> None:
    """Count the rows without a shape."""
    bare = shapely.is_missing(case.shapes) | shapely.is_empty(case.shapes)
    case.shapes[bare] = None
    rows = [int(case.layer.grid.rows[p]) for p in np.flatnonzero(bare).tolist() if p not in case.skip]
    if rows:
        comma = label("footprint_evidence", "comma")
        shown = comma.join(map(str, rows[:_NAMED])) + ("…" if len(rows) > _NAMED else "")
        grid = case.layer.grid
        words: dict[str, Any] = {"count": len(rows), "rows": shown}
        case.said.append(
            issue("project_shape_absent", "kept", file=grid.file, sheet=grid.layer, field="geometry", **words)
        )


def _kinds(case: _Case) -> None:
    """Leave lines and mixed collections behind; a collection of one kind is of that kind."""
    kinds = shapely.get_type_id(case.shapes)
    for at in np.flatnonzero(np.isin(kinds, _LINES)).tolist():
        case.drop(at, label("footprint_kinds", "line"))
    for at in np.flatnonzero(kinds == _COLLECTION).tolist():
        parts = shapely.get_parts(shapely.get_parts(case.shapes[at]))
        within = shapely.get_type_id(parts)
        if len(parts) and np.isin(within, (_POLYGONS[0], _POINTS[0])).all() and len(set(within)) == 1:
            many = shapely.multipolygons if within[0] == _POLYGONS[0] else shapely.multipoints
            case.shapes[at] = many(parts)
            case.tell("project_shape_flattened", "mended", at, parts=len(parts))
        else:
            case.drop(at, label("footprint_kinds", "collection"))


def _numbers(case: _Case) -> None:
    """Leave behind what has no coordinates, and points at the origin, which programs write for none."""
    bounds = shapely.bounds(case.shapes)
    there = ~shapely.is_missing(case.shapes)
    points, owner = shapely.get_coordinates(case.shapes, return_index=True)
    odd = np.zeros(len(case.shapes), dtype=bool)
    odd[owner[~np.isfinite(points).all(axis=1)]] = True
    for at in np.flatnonzero(there & odd).tolist():
        case.drop(at, label("project_shapes", "no_numbers"))
    origin = there & ~odd & np.isin(shapely.get_type_id(case.shapes), _POINTS) & (bounds == 0.0).all(axis=1)
    for at in np.flatnonzero(origin).tolist():
        case.drop(at, label("project_shapes", "origin"))


def _polygons(case: _Case) -> None:
    """Mend invalid polygons where there is one way only; leave the others behind."""
    drawn = np.isin(shapely.get_type_id(case.shapes), _POLYGONS)
    places = np.flatnonzero(drawn)
    settled = settle_shapes(case.shapes[places], crs=case.layer.crs)
    case.shapes[places] = settled.shapes
    for at, (kind, words) in settled.mended.items():
        case.tell(kind, "mended", int(places[at]), **words)
    for at, (_, words) in settled.faults.items():
        what = say("footprint_kinds", "invalid", reason=words.get("reason", ""))
        case.drop(int(places[at]), what, raw=words.get("raw"))


def _places(case: _Case) -> None:
    """Leave behind the odd shape that lies where its system is not used."""
    faults = outside_faults(case.shapes, case.layer.crs, file=case.layer.grid.file)
    for at, (kind, words) in faults.items():
        case.drop(at, say("project_shapes", kind, **words))
