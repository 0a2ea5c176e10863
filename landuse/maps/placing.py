"""Where the names on a printed map go: each beside its shape, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import shapely
from shapely import STRtree

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Name:
    """A name to be placed.

    Parameters
    ----------
    text : str
        What to write.
    bounds : tuple of float
        West, south, east and north of what it names [m].
    width, height : float
        Size of the written text [m on the ground at the scale of the map].
    needed : bool
        Whether it is written even where it must cover something; others are left out.
    """

    text: str
    bounds: Box
    width: float
    height: float
    needed: bool


def place_names(
    names: Sequence[Name], *, frame: Box, drawn: Sequence[Any]
) -> list[tuple[float, float] | None]:
    """Return the middle of each name, None where it is left out.

    Names are placed in the order given. A place is the better the less it covers: first other names and the
    margin of the map, then what is drawn.

    Parameters
    ----------
    names : sequence of Name
        The most important first.
    frame : tuple of float
        West, south, east and north of the map [m].
    drawn : sequence of shapely geometry
        What should stay visible.
    """
    tree = STRtree(list(drawn))
    taken: list[Box] = []
    places: list[tuple[float, float] | None] = []
    for name in names:
        scored = [(_cost(box, frame, taken, tree), box) for box in _boxes(name)]
        (clash, _), box = min(scored, key=lambda item: item[0])
        if clash > 0 and not name.needed:
            places.append(None)
            continue
        taken.append(box)
        places.append(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
    return places


def _boxes(name: Name) -> Iterator[Box]:
    west, south, east, north = name.bounds
    x, y = (west + east) / 2, (south + north) / 2
    w, h = name.width / 2, name.height / 2
    gap = 0.3 * name.height
    middles = [
        (x, north + h + gap),
        (x, south - h - gap),
        (west + w, north + h + gap),
        (east - w, north + h + gap),
        (west + w, south - h - gap),
        (east - w, south - h - gap),
        (east + w + gap, y),
        (west - w - gap, y),
        (x, y),
    ]
    for middle_x, middle_y in middles:
        yield (middle_x - w, middle_y - h, middle_x + w, middle_y + h)


def _cost(box: Box, frame: Box, taken: Sequence[Box], tree: STRtree) -> tuple[float, float]:
    """Return what a place covers of names and margin, and of the drawing, as shares of its own area."""
    own = (box[2] - box[0]) * (box[3] - box[1])
    outside = own - _overlap(box, frame)
    clash = outside + sum(_overlap(box, other) for other in taken)
    window = shapely.box(*box)
    covered = shapely.area(
        shapely.intersection(tree.geometries[tree.query(window, "intersects")], window)
    ).sum()
    return (round(clash / own, 6), round(float(covered) / own, 6))


def _overlap(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0
