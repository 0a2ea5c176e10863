"""Survey TXT without header: the provincial layout of six columns, and bare pairs of coordinates."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from landuse.io.survey.records import Point, Record, Survey, number
from landuse.parsing.text import plain

__all__ = ["parse_bare"]

_WHOLE = re.compile(r"\d+")
_BANNER = "$$"
"""What the first line of an export of bare pairs holds: a name and a date."""


class _Row(NamedTuple):
    """A row of a point: its feature (None where only blank lines part them), ring, and the point."""

    feature: str | None
    ring: str
    point: Point


def parse_bare(lines: Sequence[str]) -> Survey | None:
    """Parse a file that has no sections.

    Parameters
    ----------
    lines : sequence of str
        As they stand in the file.

    Returns
    -------
    Survey or None
        None where any line is neither blank nor a point of the one layout: then it is another file. Its
        ``layout`` is "province" (running number, feature, ring, name, X, Y) or "pairs" (X, Y); a blank line
        ends a feature.
    """
    clean = [plain(line) for line in lines]
    for layout, read in (("province", _province), ("pairs", _pair)):
        first = int(layout == "pairs" and bool(clean) and _BANNER in clean[0])
        records = _records(clean, lines, first, read)
        if records:
            return Survey({}, records, layout=layout)
    return None


def _records(
    clean: Sequence[str], lines: Sequence[str], first: int, read: Callable[[str], _Row | None]
) -> list[Record]:
    records: list[Record] = []
    feature: str | None = None
    fresh = True
    for at in range(first, len(clean)):
        if not clean[at]:
            fresh = True
            continue
        row = read(clean[at])
        if row is None:
            return []
        if fresh or row.feature != feature:
            records.append(_empty(at + 1, lines[at]))
            feature, fresh = row.feature, False
        records[-1].add(row.ring, row.point)
    return records


def _province(line: str) -> _Row | None:
    tokens = [t.strip() for t in line.split(",")]
    if len(tokens) != 6 or not all(_WHOLE.fullmatch(t) for t in tokens[:3]):
        return None
    x, y = number(tokens[4]), number(tokens[5])
    return _Row(tokens[1], tokens[2], (tokens[3], x, y)) if math.isfinite(x) and math.isfinite(y) else None


def _pair(line: str) -> _Row | None:
    tokens = line.split(",")
    if len(tokens) != 2:
        return None
    x, y = number(tokens[0]), number(tokens[1])
    return _Row(None, "1", ("", x, y)) if math.isfinite(x) and math.isfinite(y) else None


def _empty(line: int, raw: str) -> Record:
    return Record(
        line=line,
        raw=raw.strip(),
        shape="polygon",
        count="",
        area="",
        parcel_id=None,
        name=None,
        use=None,
        unusual=False,
    )
