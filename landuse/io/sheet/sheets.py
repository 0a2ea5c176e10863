"""A sheet of a workbook, or a delimited text, as a grid of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import FormatError
from landuse.io.files.watching import unchanged
from landuse.io.header.alias_files import dialect_of
from landuse.io.header.grid import Grid
from landuse.io.header.headers import recognised
from landuse.io.header.own_aliases import AliasBook
from landuse.io.sheet.raw_rows import RawRows
from landuse.io.sheet.sheet_files import read_rows
from landuse.io.sheet.sheet_layout import Block, find_header, kind_of_row, opens_section, title_units
from landuse.io.sheet.stray_texts import mend_texts, take_blanks
from landuse.tables import Table, issue

__all__ = ["FIGURES", "Sheet", "Span", "TotalRow", "read_sheet", "sheet_of", "without_records"]

FIGURES = ("amount", "area", "floor", "end", "number", "own_money", "own_area", "own_number", "own_end")
"""Cells that count something: a merged one counts once, not once a row."""


@dataclass(frozen=True)
class Span:
    """A cell merged over several records: its column, and the positions of the first and last record."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class TotalRow:
    """A row that adds up others: its number in the file, its cells, and how many records stand above it."""

    row: int
    cells: tuple[Any, ...]
    above: int


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
    sha256 : str
        Digest of the file's bytes, or of a database table's content.
    totals : tuple of TotalRow
        The rows of totals that were left out.
    breaks : tuple of int
        Positions of records above which a total, a note or a blank row stands: where sums begin and end.
    headings : tuple of int
        Positions of records that number a group (and may add it up).
    """

    grid: Grid
    issues: list[dict[str, Any]]
    rejected: dict[int, tuple[str, str]]
    spans: tuple[Span, ...]
    units: dict[str, str]
    encoding: str | None
    sha256: str
    totals: tuple[TotalRow, ...] = ()
    breaks: tuple[int, ...] = ()
    headings: tuple[int, ...] = ()


def read_sheet(
    path: Path,
    table: Table,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    book: AliasBook | None = None,
) -> Sheet:
    """Read a sheet whose records are rows of a table.

    Parameters
    ----------
    path : Path
        What ``read_rows`` reads.
    table : Table
        What the records are; its known headers tell where the header stands.
    sheet : str, optional
        Needed where several visible sheets hold anything.
    encoding : str, optional
        Of a text file, to overrule detection.
    columns : mapping, optional
        The user's word on headers.
    book : AliasBook, optional
        A bureau's own headers.

    Raises
    ------
    FormatError
        Where the file is not what its name says, or it is not plain which sheet is meant.
    """
    with unchanged(lambda: [path], file=str(path)) as watch:
        raw = read_rows(path, file=str(path), sheet=sheet, encoding=encoding)
    return sheet_of(raw, table, file=str(path), sha256=watch.sha256, columns=columns, book=book)


def sheet_of(
    raw: RawRows,
    table: Table,
    *,
    file: str,
    sha256: str,
    columns: Mapping[str, str] | None = None,
    book: AliasBook | None = None,
) -> Sheet:
    """Tell header, records, totals and notes of rows apart; parameters as for ``read_sheet``.

    The rows are changed: merged texts are spread, white space alone is emptied, rescued codes are put in.
    """
    blanks = take_blanks(raw)
    if not any(c is not None for row in raw.rows for c in row):
        raise FormatError("the file is empty", file=file, remedy="name a file that holds a table")
    block = find_header(raw, table, columns or {}, file=file, book=book)
    issues = list(raw.issues)
    titles = _titles(raw, block, file, issues)
    cells = dialect_of(table, book).cells
    known = recognised(block.headers, table, columns, book=book)
    kinds = [cells.get(c) if c else None for c in known]
    found = _records(raw, block, kinds, file, issues)
    places = found.places
    spans = _spread_merged(raw, places, kinds, block, file, issues)
    issues += mend_texts(raw, places, kinds, blanks, partial(_place_of, raw, block.headers, file))
    width = len(block.headers)
    rejected = _ragged(raw, places, width, file, issues)
    rows = np.array([raw.numbers[p] for p in places], dtype=np.int64)
    grid = Grid(file, raw.sheet, block.headers, _frame(raw, places, width), rows)
    return Sheet(
        grid,
        issues,
        rejected,
        spans,
        title_units(titles),
        raw.encoding,
        sha256,
        tuple(found.totals),
        tuple(sorted(set(found.breaks))),
        tuple(found.headings),
    )


def without_records(
    sheet: Sheet, drop: set[int]
) -> tuple[Grid, dict[int, tuple[str, str]], npt.NDArray[np.int64]]:
    """Return the grid and the rejected rows without some records, and the new position of each old one."""
    keep = np.array([i not in drop for i in range(len(sheet.grid.rows))], dtype=bool)
    moved = np.cumsum(keep) - 1
    cells = sheet.grid.cells[keep].reset_index(drop=True)
    grid = Grid(sheet.grid.file, sheet.grid.layer, sheet.grid.headers, cells, sheet.grid.rows[keep])
    return grid, {int(moved[p]): why for p, why in sheet.rejected.items() if keep[p]}, moved


def _frame(raw: RawRows, places: Sequence[int], width: int) -> pd.DataFrame:
    """Return the cells of the records, short rows filled up."""
    body = [raw.rows[p] for p in places]
    if any(len(row) != width for row in body):
        body = [row[:width] if len(row) >= width else [*row, *[None] * (width - len(row))] for row in body]
    cells = np.empty((len(body), width), dtype=object)
    if body:
        cells[:] = body
    frame = pd.DataFrame(cells, columns=range(width), dtype=object, copy=False)
    numbers = [c for c in frame if pd.api.types.infer_dtype(frame[c], skipna=True) == "floating"]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _place_of(raw: RawRows, headers: Sequence[str], file: str, place: int, column: int) -> dict[str, Any]:
    return {"file": file, "sheet": raw.sheet, "row": raw.numbers[place], "field": headers[column]}


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


@dataclass
class _Found:
    """The places of the records, the totals between them, where sums break off, and headings of groups."""

    places: list[int]
    totals: list[TotalRow]
    breaks: list[int]
    headings: list[int]


def _records(
    raw: RawRows, block: Block, kinds: Sequence[str | None], file: str, issues: list[dict[str, Any]]
) -> _Found:
    """Return the places of the records; totals and notes are left out and said."""
    found = _Found([], [], [], [])
    width = len(block.headers)
    leading = next((i for i, kind in enumerate(kinds) if kind in FIGURES), width)
    wide = {m.top for m in raw.merges if m.right - m.left + 1 > max(1, width // 2)}
    for place in range(block.top + block.depth, len(raw.rows)):
        row = raw.rows[place]
        kind = kind_of_row(row, leading, wide=place in wide)
        if kind is None:
            if opens_section(row):
                found.headings.append(len(found.places))
            found.places.append(place)
            continue
        found.breaks.append(len(found.places))
        if kind == "blank":
            continue
        if kind == "total_row":
            found.totals.append(TotalRow(raw.numbers[place], tuple(row[:width]), len(found.places)))
        text = " ".join(_shown(c) for c in row if c is not None)
        issues.append(_said(kind, raw, place, file, text))
    if len(found.headings) * 2 > len(found.places):
        found.headings.clear()
    return found


def _shown(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)


def _spread_merged(
    raw: RawRows,
    places: list[int],
    kinds: Sequence[str | None],
    block: Block,
    file: str,
    issues: list[dict[str, Any]],
) -> tuple[Span, ...]:
    """Give a cell merged over several records to all of them; one that counts something to the first only."""
    spans = []
    position = {place: i for i, place in enumerate(places)} if raw.merges else {}
    for m in sorted(raw.merges, key=lambda m: (m.top, m.left)):
        inside = [p for p in range(m.top, min(m.bottom, len(raw.rows) - 1) + 1) if p in position]
        if len(inside) < 2 or m.left >= len(kinds) or kinds[m.left] is None:
            continue
        value = raw.rows[m.top][m.left]
        if value is None:
            continue
        words = {"field": block.headers[m.left], "raw": value, "count": len(inside)}
        place: dict[str, Any] = {"file": file, "sheet": raw.sheet, "row": raw.numbers[m.top]}
        if kinds[m.left] in FIGURES or kinds[m.left] == "share":
            issues.append(issue("merged_amount", "kept", **place, **words))
            continue
        issues.append(issue("merged_text", "mended", **place, **words))
        for p in inside:
            raw.rows[p][m.left] = value
        spans.append(Span(m.left, position[inside[0]], position[inside[-1]]))
    return tuple(spans)


def _ragged(
    raw: RawRows, places: list[int], width: int, file: str, issues: list[dict[str, Any]]
) -> dict[int, tuple[str, str]]:
    """Reject rows with cells beyond the header: a comma in a number has moved everything after it."""
    rejected: dict[int, tuple[str, str]] = {}
    if raw.sheet is not None:
        more = [p for p in places if any(c is not None for c in raw.rows[p][width:])]
        if more:
            words: dict[str, Any] = {"row": raw.numbers[more[0]], "count": len(more)}
            issues.append(issue("beyond_header", "kept", file=file, sheet=raw.sheet, **words))
        return rejected
    for position, place in enumerate(places):
        if len(raw.rows[place]) > width and any(c is not None for c in raw.rows[place][width:]):
            words = {"count": len(raw.rows[place]), "width": width, "row": raw.numbers[place]}
            said = issue("ragged_row", "rejected", file=file, raw=raw.rows[place][-1], **words)
            issues.append(said)
            rejected[position] = ("ragged_row", said["message"])
    return rejected
