"""Rows of points of a survey record to a polygon: axes, closing rows, holes and further parts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.io.coordinates.crs import is_zone
from landuse.io.survey.records import Point, Record

__all__ = ["Drawn", "draw", "polygons"]

Note = tuple[str, str, dict[str, Any]]
"""Kind, action and words of an issue."""
Ring = npt.NDArray[np.float64]

NORTH = (1.8e6, 6.0e6)
"""Where northings of China lie [m]."""
_SAME_M = 0.0005
_CLOSING_M, _STRAY_M = 1.0, 100_000.0
"""A last row named as the first is a slip of closing below, corrupt beyond, between perhaps a corner."""


@dataclass(frozen=True)
class Drawn:
    """The rings of a record in the plane, and what was done to get them.

    Parameters
    ----------
    rings : list of ndarray, shape (k, 2)
        Closed rings, east and north [m], as numbered in the file.
    zone : int or None
        The zone that its eastings begin with.
    fits : bool
        Whether the coordinates look like northings and eastings of China.
    notes : list
        Issues.
    fault : tuple or None
        Kind and words, where the record cannot be used.
    """

    rings: list[Ring]
    zone: int | None
    fits: bool
    notes: list[Note]
    fault: tuple[str, dict[str, Any]] | None = None


def draw(record: Record) -> Drawn:
    """Turn the rows of points of a record into closed rings.

    Parameters
    ----------
    record : Record
        A parcel as it stands in the file.

    Returns
    -------
    Drawn
    """
    notes: list[Note] = []
    fault = _fault(record)
    if fault:
        return Drawn([], None, False, notes, fault)
    if record.heights:
        notes.append(("z_dropped", "mended", {"count": 1}))
    pieces = [piece for ring in record.rings for piece in _split(ring, notes)]
    opened = [_without_closing(ring, notes) for ring in pieces]
    if None in opened:
        return Drawn([], None, False, notes, ("closing_row_doubtful", {"name": record.rings[0][0][0]}))
    whole = [o for o in opened if o is not None]
    _count_rows(record, whole, notes)
    rings = [np.array([p[1:] for p in ring], dtype=np.float64) for ring, _ in whole]
    if sum(not closed for _, closed in whole):
        notes.append(("ring_closed", "mended", {"count": sum(not closed for _, closed in whole)}))
    if min(len(ring) for ring in rings) < 3:
        return Drawn([], None, False, notes, ("ring_too_short", {}))
    rings = [np.vstack([ring, ring[:1]]) for ring in rings]
    points = np.vstack(rings)
    swapped = bool(_within(points[:, 1], NORTH).all() and not _within(points[:, 0], NORTH).any())
    if swapped:
        notes.append(("axes_swapped", "mended", {}))
    else:
        rings = [ring[:, ::-1] for ring in rings]
        points = points[:, ::-1]
    fits = bool(_within(points[:, 1], NORTH).all())
    zones = np.unique(points[:, 0] // 1_000_000).astype(int).tolist()
    if fits and len(zones) > 1:
        return Drawn([], None, fits, notes, ("zones_mixed", {"zones": ", ".join(map(str, zones))}))
    if not fits or not (zones[0] == 0 or is_zone(zones[0])):
        return Drawn(rings, None, False, notes)
    return Drawn(rings, zones[0] or None, True, notes)


def _fault(record: Record) -> tuple[str, dict[str, Any]] | None:
    if record.shape in ("line", "point"):
        return "not_a_polygon", {"found": {"line": "LineString", "point": "Point"}[record.shape]}
    if record.fault:
        line, raw = record.fault
        return "point_not_read", {"line": line, "text": raw[:80]}
    return None if record.rings else ("no_geometry", {})


def _within(values: Ring, ends: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return (values >= ends[0]) & (values < ends[1])


def _same(one: Point, other: Point) -> bool:
    return abs(one[1] - other[1]) <= _SAME_M and abs(one[2] - other[2]) <= _SAME_M


def _split(ring: Sequence[Point], notes: list[Note]) -> list[list[Point]]:
    """Part rows under one ring number that come back to their first point before they end.

    What follows is another ring where it closes on itself, or the rest of a ring that touches itself there.
    Anything else stays whole, for the checks of shapes to judge.
    """
    pieces: list[list[Point]] = []
    rest = list(ring)
    while rest:
        end = next((i for i in range(3, len(rest) - 3) if _same(rest[0], rest[i])), None)
        if end is None:
            break
        after = rest[end + 1 :]
        if _same(after[-1], rest[0]):
            after = [rest[0], *after]
        elif not any(_same(after[0], p) for p in after[3:]):
            break
        pieces.append(rest[: end + 1])
        rest = after
    if pieces:
        notes.append(("ring_split", "mended", {"count": len(pieces) + 1}))
    return [*pieces, rest]


def _without_closing(ring: Sequence[Point], notes: list[Note]) -> tuple[list[Point], bool] | None:
    """Return the ring without its closing row, and whether it had one, whole or corrupt.

    None where its last row has the name of the first and lies elsewhere, where a corner may well lie.
    """
    first, last = ring[0], ring[-1]
    if len(ring) < 2:
        return list(ring), False
    if _same(first, last):
        return list(ring[:-1]), True
    named = _number(first[0]) is not None and len({p[0] for p in ring}) > 1
    if len(ring) > 3 and named and _number(first[0]) == _number(last[0]):
        apart = math.hypot(first[1] - last[1], first[2] - last[2])
        if _CLOSING_M < apart < _STRAY_M:
            return None
        words = {"name": last[0], "x": f"{last[1]:.3f}", "y": f"{last[2]:.3f}"}
        notes.append(("closing_row_dropped", "mended", words))
        return list(ring[:-1]), True
    return list(ring), False


def _number(name: str) -> int | None:
    """Return the number of a point: J1, J01 and 1 are one."""
    digits = re.search(r"\d+", name)
    return int(digits[0]) if digits else None


def _count_rows(record: Record, opened: list[tuple[list[Point], bool]], notes: list[Note]) -> None:
    """Compare the declared number of points, which may or may not count closing rows."""
    corners, rows = sum(len(ring) for ring, _ in opened), sum(len(ring) for ring in record.rings)
    if record.count and record.count not in {str(corners), str(corners + len(opened)), str(rows)}:
        notes.append(("point_count_differs", "kept", {"stated": record.count, "count": corners}))


def polygons(drawn: Sequence[Drawn]) -> tuple[npt.NDArray[Any], dict[int, int]]:
    """Return the shapes of records, and how many further parts were found, by position.

    A ring lies around others or inside them: with an even number of rings around it, it is a part, otherwise
    a hole of the smallest part around it.

    Parameters
    ----------
    drawn : sequence of Drawn

    Returns
    -------
    shapes : ndarray of shapely geometries
        None where the record has a fault.
    parts : dict
        Position to the number of parts beyond the first.
    """
    shapes = np.full(len(drawn), None, dtype=object)
    single = [i for i, d in enumerate(drawn) if not d.fault and len(d.rings) == 1]
    if single:
        owner = np.repeat(np.arange(len(single)), [len(drawn[i].rings[0]) for i in single])
        rings = shapely.linearrings(np.vstack([drawn[i].rings[0] for i in single]), indices=owner)
        shapes[single] = shapely.polygons(rings)
    more: dict[int, int] = {}
    for i, one in enumerate(drawn):
        if not one.fault and len(one.rings) > 1:
            parts = _nested(one.rings)
            shapes[i] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
            if len(parts) > 1:
                more[i] = len(parts) - 1
    return shapes, more


def _nested(rings: Sequence[Ring]) -> list[Any]:
    discs = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    probes = shapely.point_on_surface(discs)
    areas = shapely.area(discs)
    around = shapely.contains(discs[:, None], probes[None, :])
    around &= areas[:, None] > areas[None, :]
    depth = around.sum(axis=0)
    holes: dict[int, list[Ring]] = {int(i): [] for i in np.flatnonzero(depth % 2 == 0)}
    for hole in np.flatnonzero(depth % 2 == 1).tolist():
        owners = [i for i in holes if around[i, hole] and depth[i] == depth[hole] - 1]
        if owners:
            holes[min(owners, key=lambda i: float(areas[i]))].append(rings[hole])
        else:  # rings that cross: as a part it makes the shape invalid, which is said
            holes[hole] = []
    return [shapely.Polygon(rings[i], holes[i]) for i in holes]
