"""Rows of a delimited text: which sign parts the cells, and what a spreadsheet program wrapped them in."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from landuse.errors import FormatError
from landuse.io.sheet.raw_rows import RawRows, bare_cell

__all__ = ["LONGEST_CELL", "rows_of_text"]

_USUAL = ",\t;|"
_RARE = "\uff0c\uff1b^~\x01\x1f"
"""Full-width comma and semicolon, and signs that databases export with; only where no usual one fits."""
_SAMPLE = 30
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
LONGEST_CELL = 131_072
"""Signs in a cell; a longer one is a quote that was never closed, or no ledger."""


def rows_of_text(text: str, *, file: str, encoding: str) -> RawRows:
    """Read the rows of a delimited text.

    Parameters
    ----------
    text : str
        The whole file.
    file : str
        As it is shown to people.
    encoding : str
        The encoding it was decoded from; handed on.

    Returns
    -------
    RawRows
        All cells text; ``numbers`` are the lines on which the rows begin.

    Raises
    ------
    FormatError
        Where a quote is never closed or stands wrongly, or a cell is longer than ``LONGEST_CELL``.
    """
    rows: list[list[Any]] = []
    numbers: list[int] = []
    hint = _HINT.match(text)
    delimiter = hint[1] if hint else _delimiter(text)
    skipped = 1 if hint else 0
    body = text[hint.end() :] if hint else text
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    start = 1 + skipped
    try:
        for cells in reader:
            rows.append([bare_cell(c) for c in cells])
            numbers.append(start)
            start = reader.line_num + 1 + skipped
    except csv.Error as error:
        raise _refusal(error, start, file) from None
    return RawRows(rows, numbers, encoding=encoding)


def _refusal(error: csv.Error, line: int, file: str) -> FormatError:
    if "field larger" in str(error):
        return FormatError(
            f"the row that begins on line {line} holds a cell of more than {LONGEST_CELL:,} signs",
            file=file,
            row=line,
            remedy="close the quote that is open there, or leave the cell out",
        )
    return FormatError(
        f"the quotes of the row that begins on line {line} do not close as they should ({error})",
        file=file,
        row=line,
        remedy='close the quote; a quote inside a quoted cell is written twice: "a ""b"" c"',
    )


def _delimiter(text: str) -> str:
    """Return the sign that cuts most lines into the same number of cells, more than one."""
    lines = "".join(text.splitlines(keepends=True)[:_SAMPLE])
    for signs in (_USUAL, _RARE):
        best = (0, 0, ",")
        for sign in signs:
            wide = [w for w in _widths(lines, sign) if w > 1]
            if wide:
                usual = max(set(wide), key=lambda w: (wide.count(w), w))
                best = max(best, (wide.count(usual), usual, sign), key=lambda b: b[:2])
        if best[0]:
            return best[2]
    return ","


def _widths(lines: str, sign: str) -> list[int]:
    """Return how many cells each line has, as far as the quotes allow to tell."""
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(lines, newline=""), delimiter=sign):
            if row:
                widths.append(len(row))
    except csv.Error:
        pass
    return widths
