"""What stands in a survey TXT: its header, its parcels, their points as written."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

__all__ = ["Point", "Record", "Survey", "number"]

Point = tuple[str, float, float]
"""Name of a point, X and Y as the file has them (north and east) [m]."""


@dataclass(slots=True)
class Record:
    """A parcel as it stands: its header line and its points by ring.

    ``rings`` holds a list of points for each run of one ring number. ``fault`` is the line and text of the
    first row that is no point; ``heights`` counts rows that hold a fifth number.
    """

    line: int
    raw: str
    shape: str | None
    count: str
    area: str
    parcel_id: str | None
    name: str | None
    use: str | None
    unusual: bool
    rings: list[list[Point]] = field(default_factory=list)
    ring: str | None = None
    fault: tuple[int, str] | None = None
    heights: int = 0

    def add(self, ring: str, point: Point) -> None:
        """Add a point to the ring it names; another number begins another ring."""
        if ring != self.ring:
            self.ring = ring
            self.rings.append([])
        self.rings[-1].append(point)


@dataclass(frozen=True)
class Survey:
    """What stands in a file: header entries by our key, with their line, the records, the layout."""

    header: dict[str, tuple[int, str]]
    records: list[Record]
    layout: str = "sections"


def number(text: str) -> float:
    """Return the number that a text is, NaN where it is none.

    Examples
    --------
    >>> number("3833000.123"), number("3833_000"), number("")
    (3833000.123, nan, nan)
    """
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan
