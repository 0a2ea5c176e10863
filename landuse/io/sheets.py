"""A sheet of a workbook, or a delimited text, as a grid of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import FormatError
from landuse.io.alias_files import dialect_of
from landuse.io.grid import Grid
from landuse.io.headers import recognised
from landuse.io.raw_rows import RawRows, read_rows
from landuse.io.sheet_layout import Block, find_header, kind_of_row, opens_section, title_units
from landuse.tables import Table, issue

__all__ = ["Sheet", "Span", "read_sheet"]

_FIGURES = ("amount", "area", "floor", "end", "number", "share")
"""Cells that count something: a merged one counts once, not once a row."""


@dataclass(frozen=True)
class Span:
    """A cell merged over several records: its column, and the positions of the first and last record."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was read.

    Parameters
    ----------
    grid : Grid
        The records; titles, totals and notes left out.
    issues : list of dict
        What was left out, spread or doubted.
    rejected : dict
        Position to (kind, message), for rows that do not fit under the header.
    spans : tuple of Span
        Cells merged over several records.
    units : dict
        Units that the text above the table names: ``amount``, ``area``.
    encoding : str or None
        Of a text file.
    """

    grid: Grid
    issues: list[dict[str, Any]]
    rejected: dict[int, tuple[str, str]]
    spans: tuple[Span, ...]
    units: dict[str, str]
    encoding: str | None


def read_sheet(
    path: Path,
    table: Table,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Sheet:
    """Read a sheet whose records are rows of a table.

    Parameters
    ----------
    path : Path
        .xlsx, .xlsm, .csv, .tsv or .txt.
    table : Table
        What the records are; its known headers tell where the header stands.
    sheet : str, optional
        Needed where several visible sheets hold anything.
    encoding : str, optional
        Of a text file, to overrule detection.
    columns : mapping, optional
        The user's word on headers.

    Raises
    ------
    FormatError
        Where the file is not what its name says, or it is not plain which sheet is meant.
    """
    file = str(path)
    raw = read_rows(path, file=file, sheet=sheet, encoding=encoding)
    if not any(c is not None for row in raw.rows for c in row):
        raise FormatError("the file is empty", file=file, remedy="name a file that holds a table")
    block = find_header(raw, table, columns or {}, file=file)
    issues = list(raw.issues)
    titles = _titles(raw, block, file, issues)
    places = _records(raw, block, file, issues)
    known = recognised(block.headers, table, columns)
    cells = dialect_of(table).cells
    kinds = [cells.get(c) if c else None for c in known]
    spans = _spread_merged(raw, places, kinds, block, file, issues)
    width = len(block.headers)
    rejected = _ragged(raw, places, width, file, issues)
    body = [[*raw.rows[p][:width], *[None] * (width - len(raw.rows[p]))] for p in places]
    frame = pd.DataFrame(body, columns=range(width), dtype=object)
    rows = np.array([raw.numbers[p] for p in places], dtype=np.int64)
    grid = Grid(file, raw.sheet, block.headers, frame, rows)
    return Sheet(grid, issues, rejected, spans, title_units(titles), raw.encoding)


def _titles(raw: RawRows, block: Block, file: str, issues: list[dict[str, Any]]) -> list[str]:
    titles = []
    for place in range(block.top):
        text = " ".join(str(c) for c in raw.rows[place] if c is not None)
        if text:
            titles.append(text)
            issues.append(_said("title_row", raw, place, file, text))
    return titles


def _said(kind: str, raw: RawRows, place: int, file: str, text: str) -> dict[str, Any]:
    return issue(kind, "kept", file=file, sheet=raw.sheet, row=raw.numbers[place], raw=text)


def _records(raw: RawRows, block: Block, file: str, issues: list[dict[str, Any]]) -> list[int]:
    """Return the places of the records; totals and notes are left out and said."""
    places = []
    for place in range(block.top + block.depth, len(raw.rows)):
        kind = kind_of_row(raw.rows[place], place, raw.merges, len(block.headers))
        if kind is None:
            places.append(place)
        elif kind != "blank":
            text = " ".join(str(c) for c in raw.rows[place] if c is not None)
            issues.append(_said(kind, raw, place, file, text))
    groups = [p for p in places if opens_section(raw.rows[p])]
    if len(groups) * 2 <= len(places):
        issues += [_said("maybe_total", raw, p, file, str(next(filter(None, raw.rows[p])))) for p in groups]
    return places


def _spread_merged(
    raw: RawRows,
    places: list[int],
    kinds: list[str | None],
    block: Block,
    file: str,
    issues: list[dict[str, Any]],
) -> tuple[Span, ...]:
    """Give a cell merged over several records to all of them; one that counts something to the first only."""
    spans = []
    position = {place: i for i, place in enumerate(places)}
    for m in sorted(raw.merges, key=lambda m: (m.top, m.left)):
        inside = [p for p in range(m.top, m.bottom + 1) if p in position]
        if len(inside) < 2 or m.left >= len(kinds) or kinds[m.left] is None:
            continue
        value = raw.rows[m.top][m.left]
        if value is None:
            continue
        if kinds[m.left] in _FIGURES:
            words = {"field": block.headers[m.left], "raw": value, "count": len(inside)}
            row = raw.numbers[m.top]
            issues.append(issue("merged_amount", "kept", file=file, sheet=raw.sheet, row=row, **words))
            continue
        for place in inside:
            raw.rows[place][m.left] = value
        spans.append(Span(m.left, position[inside[0]], position[inside[-1]]))
    return tuple(spans)


def _ragged(
    raw: RawRows, places: list[int], width: int, file: str, issues: list[dict[str, Any]]
) -> dict[int, tuple[str, str]]:
    """Reject rows with cells beyond the header: a comma in a number has moved everything after it."""
    rejected = {}
    for position, place in enumerate(places):
        beyond = [c for c in raw.rows[place][width:] if c is not None]
        if beyond and raw.sheet is None:
            words = {"count": len(raw.rows[place]), "width": width, "raw": raw.rows[place][-1]}
            row = raw.numbers[place]
            said = issue("ragged_row", "rejected", file=file, sheet=raw.sheet, row=row, **words)
            issues.append(said)
            rejected[position] = ("ragged_row", said["message"])
    return rejected
