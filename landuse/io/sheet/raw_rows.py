"""Rows of a sheet or text as they stand, with their numbers and merged ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from landuse.tables import issue

__all__ = ["Merge", "RawRows", "bare_cell", "cell_name", "said_marks"]

_WRAPPED = re.compile(r"=\"(.*)\"|'(?=['0-9=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])(.*)", re.DOTALL)


@dataclass(frozen=True)
class Merge:
    """A merged range: first and last place in ``rows``, first and last column, all from 0."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class RawRows:
    """Rows of cells as they stand in a file.

    Parameters
    ----------
    rows : list of list
        The cells: text, number, date, yes/no; None where empty. Texts of white space alone stay.
    numbers : list of int
        The number of each row, as the program that shows the file counts.
    merges : list of Merge
        Merged ranges; the value stands in the first cell.
    sheet : str or None
        The sheet; None for a text.
    encoding : str or None
        Of a text.
    issues : list of dict
        What was said on the way.
    plain : bool
        Whether it is known that no text begins with white space.
    """

    rows: list[list[Any]]
    numbers: list[int]
    merges: list[Merge] = field(default_factory=list)
    sheet: str | None = None
    encoding: str | None = None
    issues: list[dict[str, Any]] = field(default_factory=list)
    plain: bool = False


def bare_cell(cell: str) -> str | None:
    """Return a text cell; the ways of keeping a code as text (``="4103…"``, ``'4103…``) are taken off.

    Examples
    --------
    >>> bare_cell('="0012"'), bare_cell("'=A"), bare_cell('="a ""b"" c"'), bare_cell("")
    ('0012', '=A', 'a "b" c', None)
    """
    if not cell:
        return None
    if cell[0] not in "='" and not cell[0].isspace():
        return cell
    found = _WRAPPED.fullmatch(cell.strip())
    if found is None:
        return cell
    return (found[1].replace('""', '"') if found[1] is not None else found[2]) or None


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, row and column counted from 0.

    Examples
    --------
    >>> cell_name(0, 0), cell_name(4, 27)
    ('A1', 'AB5')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def said_marks(
    raw: RawRows,
    file: str,
    *,
    hidden_rows: set[int],
    hidden_columns: set[int],
    marks: list[tuple[int, int, str, str | None]],
) -> list[dict[str, Any]]:
    """Return what is said of a sheet: cells without a value of their own, hidden rows and columns.

    Parameters
    ----------
    raw : RawRows
        The sheet.
    file : str
        The file.
    hidden_rows, hidden_columns : set of int
        From 0; only those that hold something are said.
    marks : list of (row, column, kind, raw)
        Cells to speak of, row and column from 0.
    """
    place: dict[str, Any] = {"file": file, "sheet": raw.sheet}
    said = [
        issue(kind, "kept", **place, row=row + 1, field=cell_name(row, column), raw=text)
        for row, column, kind, text in sorted(marks, key=lambda m: m[:3])
    ]
    rows = sum(1 for r in hidden_rows if r < len(raw.rows) and any(c is not None for c in raw.rows[r]))
    if rows:
        said.append(issue("hidden_rows", "kept", **place, count=rows))
    full = [c for c in sorted(hidden_columns) if any(c < len(r) and r[c] is not None for r in raw.rows)]
    if full:
        names = " ".join(cell_name(0, c)[:-1] for c in full)
        said.append(issue("hidden_columns", "kept", **place, count=len(full), raw=names))
    return said
