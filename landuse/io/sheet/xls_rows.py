"""Rows of an old workbook (.xls, .et): values by calamine, and what the records say beyond them."""

from __future__ import annotations

import io
from functools import partial

import python_calamine as calamine

from landuse.io.cell.long_codes import long_number
from landuse.io.sheet.biff import workbook_records
from landuse.io.sheet.pages import Page, chosen
from landuse.io.sheet.raw_rows import RawRows, said_marks
from landuse.io.sheet.shares import as_percent
from landuse.io.sheet.xlsx_rows import opened, values_of

__all__ = ["rows_of_xls"]


def rows_of_xls(data: bytes, *, file: str, sheet: str | None = None) -> RawRows:
    """Read the rows of a sheet of an old workbook (BIFF 5 or 8).

    Parameters and errors as for ``rows_of_xlsx``. Formulas of such a file always hold their last result.
    """
    workbook_records(data, 0, file=file)  # refuses what is locked, broken or no workbook
    book = opened(io.BytesIO(data), file)
    order = [m.name for m in book.sheets_metadata]
    pages = [
        Page(m.name, m.visible == calamine.SheetVisibleEnum.Visible, partial(_holds, book, m.name, file))
        for m in book.sheets_metadata
        if m.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    name, issues = chosen(pages, file=file, sheet=sheet)
    records = workbook_records(data, order.index(name), file=file)
    rows, merges = values_of(book, name, file)
    for row in rows:
        for place, cell in enumerate(row):
            if cell.__class__ is float and (code := long_number(cell)):
                row[place] = code
    for line, column in records.percent:
        if line < len(rows) and column < len(rows[line]):
            rows[line][column] = as_percent(rows[line][column])
    raw = RawRows(rows, list(range(1, len(rows) + 1)), merges, sheet=name, issues=issues)
    raw.issues.extend(
        said_marks(
            raw,
            file,
            hidden_rows=records.hidden_rows,
            hidden_columns=records.hidden_columns,
            marks=records.marks,
        )
    )
    return raw


def _holds(book: calamine.CalamineWorkbook, name: str, file: str) -> bool:
    return any(c is not None for row in values_of(book, name, file)[0] for c in row)
