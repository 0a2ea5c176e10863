"""Rows that add up others, held against the rows themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.io.cell.cells import read_cells
from landuse.io.cell.model import Manner
from landuse.io.header.grid import Options
from landuse.io.header.headers import Match, match_headers
from landuse.io.sheet.sheets import FIGURES, Sheet, without_records
from landuse.parsing.text import plain
from landuse.tables import Table, issue

__all__ = ["settle_totals"]

_EXACT = 1e-9
_UNITS = {"amount": "wan", "area": "m2", "floor": "m2"}
_NEGATIVE = re.compile(r"\s*[-\u2212](?=[0-9.])")
_NUMBER = re.compile(r"[0-9]+(?:\.([0-9]+))?")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Figures:
    """The figures of one column: low and high ends of records (inf where unknown) and of rows of totals."""

    match: Match
    low: Floats
    high: Floats
    total_low: Floats
    total_high: Floats


def settle_totals(sheet: Sheet, table: Table, options: Options) -> Sheet:
    """Leave out headings of groups that add up their rows, and say which totals disagree with the rows.

    A total may add up the records since the last break (a total, a note or a blank row), since an earlier
    one, since the beginning, those below it, or all; where none of these sums is the figure that stands
    there, it is said. A figure of a record that cannot be read may be anything.

    Parameters
    ----------
    sheet : Sheet
        The sheet, its totals left out.
    table : Table
        What the records are.
    options : Options
        What the user says about the file.

    Returns
    -------
    Sheet

    Raises
    ------
    HeaderError
        See ``match_headers``.
    """
    if not sheet.totals and not sheet.headings:
        return sheet
    grid = sheet.grid
    matches, _ = match_headers(grid, table, options)
    figures = [
        _figures(sheet, m, options) for m in matches if m.cell in FIGURES and not m.cell.startswith("own")
    ]
    sums = _group_sums(sheet, figures)
    if sums:
        return settle_totals(_without(sheet, sums), table, options)
    said = [row for at in range(len(sheet.totals)) for row in _disagreements(sheet, at, figures)]
    said += [_heading(sheet, at) for at in sheet.headings]
    return replace(sheet, issues=[*sheet.issues, *said])


def _figures(sheet: Sheet, match: Match, options: Options) -> _Figures:
    """Read one column of records and totals; the unit of bare numbers does not matter to a sum."""
    unit = match.unit or (options.amount_unit if match.cell == "amount" else options.area_unit)
    manner = Manner(
        match.column,
        match.cell,
        unit=unit or _UNITS.get(match.cell),
        approx_rel=options.approx_rel,
        pair=match.cell in _UNITS,
        rates=options.rates,
    )
    records = sheet.grid.cells.iloc[:, match.position]
    totals = pd.Series([dict(enumerate(t.cells)).get(match.position) for t in sheet.totals], dtype=object)
    cells = pd.concat([records, totals], ignore_index=True).astype(object)
    below = np.fromiter((_is_negative(c) for c in cells), bool, len(cells))
    cells[below] = [_positive(c) for c in cells[below]]
    read = read_cells(cells, manner)
    values = [np.asarray(v, dtype=np.float64) for v in read.values.values()]
    low, high = (np.where(below, -v, v) for v in (values[0], values[-1]))
    unread = np.isnan(low) & ~read.blank
    low = np.where(np.isnan(low), 0.0, low)
    high = np.where(unread, np.inf, np.where(np.isnan(high), 0.0, high))
    n = len(records)
    shown = np.where(read.blank | unread, np.nan, low)
    return _Figures(match, low[:n], high[:n], shown[n:], high[n:])


def _is_negative(cell: Any) -> bool:
    if isinstance(cell, str):
        return _NEGATIVE.match(cell) is not None
    return isinstance(cell, float | int) and cell < 0


def _positive(cell: Any) -> Any:
    return _NEGATIVE.sub("", cell) if isinstance(cell, str) else -cell


def _group_sums(sheet: Sheet, figures: Sequence[_Figures]) -> set[int]:
    """Return the headings whose every figure is the sum of the records down to the next heading or break."""
    found = set()
    for at in sheet.headings:
        below = [p for p in (*sheet.headings, *sheet.breaks, len(sheet.grid.rows)) if p > at]
        held = [
            _agrees(f.low[at], f.high[at], f.low[at + 1 : min(below)], f.high[at + 1 : min(below)], 0.0)
            for f in figures
            if 0 < f.high[at] < np.inf
        ]
        if all(held) and len(held) + min(below) - at - 1 > 2:  # one figure over one row may be chance
            found.add(at)
    return found


def _without(sheet: Sheet, headings: set[int]) -> Sheet:
    """Take headings that add up their group out of the records."""
    grid, rejected, moved = without_records(sheet, headings)
    place: dict[str, Any] = {"file": sheet.grid.file, "sheet": sheet.grid.layer}
    said = [
        issue("total_row", "kept", **place, row=int(sheet.grid.rows[at]), raw=_text(sheet, at))
        for at in sorted(headings)
    ]
    spans = [
        replace(s, first=int(moved[s.first]) + (s.first in headings), last=int(moved[s.last]))
        for s in sheet.spans
    ]
    left_above = [sum(1 for h in headings if h < p) for p in range(len(sheet.grid.rows) + 1)]
    return replace(
        sheet,
        grid=grid,
        rejected=rejected,
        issues=[*sheet.issues, *said],
        spans=tuple(s for s in spans if s.last > s.first),
        totals=tuple(replace(t, above=t.above - left_above[t.above]) for t in sheet.totals),
        breaks=tuple(sorted({b - left_above[b] for b in (*sheet.breaks, *headings)})),
        headings=tuple(h - left_above[h] for h in sheet.headings if h not in headings),
    )


def _heading(sheet: Sheet, at: int) -> dict[str, Any]:
    grid = sheet.grid
    row, text = int(grid.rows[at]), _text(sheet, at)
    return issue("maybe_total", "kept", file=grid.file, sheet=grid.layer, row=row, raw=text)


def _text(sheet: Sheet, at: int) -> str:
    return str(next((c for c in sheet.grid.cells.iloc[at] if isinstance(c, str)), ""))


def _disagreements(sheet: Sheet, at: int, figures: Sequence[_Figures]) -> list[dict[str, Any]]:
    """Say which figures of a row of totals are no sum of rows."""
    total = sheet.totals[at]
    ranges = _ranges(total.above, sheet.breaks, len(sheet.grid.rows))
    place: dict[str, Any] = {"file": sheet.grid.file, "sheet": sheet.grid.layer, "row": total.row}
    said = []
    for f in figures:
        low, high = f.total_low[at], f.total_high[at]
        if np.isnan(low):
            continue
        raw = dict(enumerate(total.cells)).get(f.match.position)
        scale, places = _scale(raw, low)
        slack = scale / 2 / 10**places
        if not any(_agrees(low, high, f.low[r], f.high[r], slack) for r in ranges):
            nearest = min((float(f.low[r].sum()) for r in ranges), key=partial(_distance, low))
            words: dict[str, Any] = {"field": f.match.header, "sum": f"{nearest / scale:.12g}"}
            said.append(issue("total_differs", "kept", **place, raw=raw, **words))
    return said


def _distance(one: float, other: float) -> float:
    return abs(one - other)


def _scale(raw: Any, value: float) -> tuple[float, int]:
    """Return what one of the unit of a cell is worth, and how many decimals the cell shows."""
    shown = f"{raw:.10g}" if isinstance(raw, float | int) else plain(raw).replace(",", "")
    number = _NUMBER.search(shown)
    if number is None or float(number[0]) == 0:
        return 1.0, 0
    return (value / float(number[0]) or 1.0), len(number[1] or "")


def _ranges(above: int, breaks: Sequence[int], rows: int) -> list[slice]:
    """Return what a total may add up, the likeliest first."""
    before = sorted({0, *(b for b in breaks if b < above)}, reverse=True)
    after = sorted({rows, *(b for b in breaks if b > above)})
    found = [slice(b, above) for b in before if b < above]
    found += [slice(above, b) for b in after if b > above]
    return [*found, slice(0, rows)]


def _agrees(low: float, high: float, lows: Floats, highs: Floats, slack: float) -> bool:
    """Say whether a figure can be the sum of others."""
    least, most = float(lows.sum()), float(highs.sum())
    room = slack + _EXACT * max(abs(low), abs(least))
    return low - room <= most and high + room >= least
