"""Write a ledger so that a spreadsheet program opens it unharmed and it reads back as the same table."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from landuse.errors import OutputError
from landuse.io.sheet.raw_rows import bare_cell
from landuse.tables import PROJECTS, Table

__all__ = ["write_ledger"]

_LEFT_OUT = ("source_file", "source_row", "geometry")
_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NUMBER_LIKE = re.compile(r"[0-9][0-9eE.,:/%\-\u5e74\u6708\u65e5 ]*|'.*", re.DOTALL)
_LONGEST_FORMULA = 250
_LONGEST_CELL = 32_767
_BETWEEN = "\u3001"
_YES, _NO = "\u662f", "\u5426"


def write_ledger(ledger: pd.DataFrame, path: str | os.PathLike[str], *, table: Table = PROJECTS) -> None:
    """Write a ledger under our own column names.

    Parameters
    ----------
    ledger : DataFrame
        The table; where its rows were read from, and shapes, are left out, as are columns without a value.
    path : path
        .csv (UTF-8 with byte order mark) or .xlsx; replaced where it is there.
    table : Table
        What it is; the ledger of projects where nothing is said.

    Raises
    ------
    OutputError
        Where the file has another ending, cannot be written, or a text is too long for a cell.

    Notes
    -----
    Reading the file gives the table again: texts, days and figures; an .xlsx keeps 16 digits of a figure. In
    a CSV a text that a spreadsheet program would take for a formula, a number or a date stands as
    ``="text"``, which shows as the text and is taken off by our readers; in a workbook no cell is a formula.
    """
    target = Path(path)
    frame = _sheet(table.conform(ledger), table)
    try:
        if target.suffix.lower() == ".csv":
            target.write_bytes(_csv(frame).encode("utf-8-sig"))
        elif target.suffix.lower() == ".xlsx":
            _write_workbook(frame, target, table.name)
        else:
            raise OutputError(
                f"a ledger is not written as {target.suffix or 'a nameless'} file",
                file=str(path),
                remedy="name it .csv or .xlsx",
            )
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise OutputError(
            f"cannot write: {error}", file=str(path), remedy="close programs that have the file open"
        ) from error


def _sheet(ledger: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the cells: the key first, texts, floats, days, None where there is nothing."""
    frame = pd.DataFrame(index=pd.RangeIndex(len(ledger)))
    if table.key:
        frame[table.key] = ledger.index.to_numpy(dtype=object)
    for name in table.columns:
        if name in _LEFT_OUT:
            continue
        cells = [_cell(v) for v in ledger[name]]
        if name in ("total_invest_wan_low", "total_invest_wan_high") or any(c is not None for c in cells):
            frame[name] = pd.Series(cells, dtype=object)
    for name in [c for c in frame.columns if c.endswith(("_low", "_high"))]:
        stem, end = name.rsplit("_", 1)
        other = f"{stem}_{'high' if end == 'low' else 'low'}"
        if table.is_pair(name) and other not in frame:
            frame[other] = pd.Series([None] * len(frame), dtype=object)
    return frame


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return _BETWEEN.join(value) or None
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return _YES if value else _NO
    return value


def _csv(frame: pd.DataFrame) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        writer.writerow([_text(cell) for cell in row])
    return out.getvalue()


def _text(cell: Any) -> str:
    """Return the text of a cell, wrapped where a spreadsheet program would change it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(float(cell))
    text = str(cell)
    if isinstance(cell, str) and text and (text[0] in _FORMULA or _NUMBER_LIKE.fullmatch(text)):
        if len(text) > _LONGEST_FORMULA:
            return f"'{text}"
        quoted = text.replace('"', '""')
        return f'="{quoted}"'
    return text


def _write_workbook(frame: pd.DataFrame, target: Path, name: str) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(os.fspath(target), {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(name)
        as_text = book.add_format({"num_format": "@"})
        for column, header in enumerate(frame.columns):
            page.write_string(0, column, header)
            for row, cell in enumerate(frame[header], 1):
                if isinstance(cell, datetime):
                    page.write_datetime(row, column, cell)
                elif isinstance(cell, str):
                    if len(cell) > _LONGEST_CELL:
                        raise OutputError(
                            f"the {header} of row {row + 1} has {len(cell):,} signs, and a cell holds "
                            f"{_LONGEST_CELL:,}",
                            file=str(target),
                            row=row + 1,
                            key=header,
                            remedy="write the ledger as .csv",
                        )
                    mark = "" if bare_cell(cell) == cell else "'"  # what our reader would take off
                    page.write_string(row, column, mark + cell, as_text)
                elif isinstance(cell, float) and math.isinf(cell):
                    page.write_string(row, column, "inf", as_text)
                elif cell is not None:
                    page.write_number(row, column, cell)
        page.freeze_panes(1, 1)
