"""Texts that are not what they seem: white space for nothing, stray spaces, codes written as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from landuse.io.cell.long_codes import from_power
from landuse.io.cell.texts import tidy
from landuse.io.sheet.raw_rows import RawRows
from landuse.tables import issue

__all__ = ["Place", "mend_texts", "take_blanks"]

Place = tuple[int, int]
"""Place in the rows and column, from 0."""
_TEXTS = ("text", "code", "id", "use", "county_name")
_CODES = ("id", "refs", "code")
_BETWEEN = "\u2502"
_EACH = 200
"""White-space cells of a column that are said one by one; more than that is a habit, said once."""


def take_blanks(raw: RawRows) -> list[Place]:
    """Empty the cells that hold white space alone; return where they stood and keep what stood there."""
    found = []
    for place, row in enumerate(() if raw.plain else raw.rows):
        for column, cell in enumerate(row):
            if cell.__class__ is str and cell.isspace():
                row[column] = None
                found.append((place, column))
    return found


def mend_texts(
    raw: RawRows,
    places: Sequence[int],
    kinds: Sequence[str | None],
    blanks: Sequence[Place],
    say_of: Callable[[int, int], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Mend codes written with a power of ten where all digits are there; say this, and stray spaces.

    Parameters
    ----------
    raw : RawRows
        The sheet; changed in place.
    places : sequence of int
        The rows that are records.
    kinds : sequence of str or None
        How the cells of each column are read; None for columns that are left out.
    blanks : sequence of Place
        The cells that held white space alone.
    say_of : callable
        Row, sheet, file and field of a place, as ``issue`` takes them.

    Returns
    -------
    list of dict
        Rows of the issues table.
    """
    said = _said_blanks(set(places), kinds, blanks, say_of)
    for column, kind in enumerate(kinds):
        if kind in _CODES:
            said += _rescued(raw, places, column, say_of)
        if kind in _TEXTS and _any_stray(raw, places, column):
            for place in places:
                cell = raw.rows[place][column] if column < len(raw.rows[place]) else None
                if cell.__class__ is str and _is_stray(cell):
                    said.append(
                        issue("stray_spaces", "mended", raw=cell, now=tidy(cell), **say_of(place, column))
                    )
    return said


def _any_stray(raw: RawRows, places: Sequence[int], column: int) -> bool:
    """Look at all texts of a column at once; false alarms do no harm."""
    rows = raw.rows
    cells = [rows[p][column] for p in places if column < len(rows[p])]
    whole = _BETWEEN.join(["", *(c for c in cells if c.__class__ is str), ""])
    ends = f" {_BETWEEN}" in whole or f"{_BETWEEN} " in whole
    return ends or not whole.isprintable() or "  " in whole


def _is_stray(cell: str) -> bool:
    return not cell.isprintable() or cell[0] == " " or cell[-1] == " " or "  " in cell


def _rescued(
    raw: RawRows, places: Sequence[int], column: int, say_of: Callable[[int, int], dict[str, Any]]
) -> list[dict[str, Any]]:
    said = []
    for place in places:
        cell = raw.rows[place][column] if column < len(raw.rows[place]) else None
        if cell.__class__ is str and ("E+" in cell or "e+" in cell):
            digits = from_power(cell)
            if digits is not None:
                raw.rows[place][column] = digits
                said.append(
                    issue("long_code_rescued", "mended", raw=cell, now=digits, **say_of(place, column))
                )
    return said


def _said_blanks(
    records: set[int],
    kinds: Sequence[str | None],
    blanks: Sequence[Place],
    say_of: Callable[[int, int], dict[str, Any]],
) -> list[dict[str, Any]]:
    by_column: dict[int, list[int]] = {}
    for place, column in blanks:
        if place in records and column < len(kinds) and kinds[column] is not None:
            by_column.setdefault(column, []).append(place)
    said = []
    for column, rows in sorted(by_column.items()):
        if len(rows) <= _EACH:
            said += [issue("blank_spaces", "mended", raw=" ", **say_of(p, column)) for p in rows]
        else:
            words = say_of(rows[0], column) | {"count": len(rows)}
            said.append(issue("blank_spaces_often", "mended", raw=" ", **words))
    return said
