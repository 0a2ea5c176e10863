"""Rows of an "XML Spreadsheet 2003", which is often saved as .xls.

References
----------
Microsoft, XML Spreadsheet Reference (Office 2003): Workbook, Worksheet, Table, Row, Cell, Data.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from landuse.errors import FormatError
from landuse.io.cell.long_codes import written_digits
from landuse.io.sheet.canvas import Canvas
from landuse.io.sheet.packages import parse_xml
from landuse.io.sheet.pages import Page, chosen
from landuse.io.sheet.raw_rows import RawRows, bare_cell
from landuse.io.sheet.shares import as_percent, shows_percent

__all__ = ["MARK", "rows_of_xml"]

MARK = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{MARK}}}"
_MIDNIGHT = "T00:00:00.000"
_LONG = 16


def rows_of_xml(data: bytes, *, file: str, sheet: str | None = None) -> RawRows:
    """Read the rows of a sheet of an XML Spreadsheet 2003; parameters and errors as for ``rows_of_xlsx``."""
    root = parse_xml(data, file=file)
    if root.tag != f"{_SS}Workbook":
        raise FormatError(
            "this is XML, but no XML Spreadsheet 2003",
            file=file,
            remedy="open it in the program that wrote it and save it as .xlsx or .csv",
        )
    shares = {
        style.get(f"{_SS}ID", "")
        for style in root.iterfind(f"{_SS}Styles/{_SS}Style")
        for form in style.iterfind(f"{_SS}NumberFormat")
        if form.get(f"{_SS}Format") == "Percent" or shows_percent(form.get(f"{_SS}Format", ""))
    }
    found: dict[str, tuple[bool, Canvas]] = {}
    for page in root.iter(f"{_SS}Worksheet"):
        shown = next((e.text or "" for e in page.iter("{*}Visible")), "")
        found[page.get(f"{_SS}Name", "")] = (shown.strip() == "", _canvas(page, file, shares))
    pages = [Page(n, shown, partial(bool, canvas.full)) for n, (shown, canvas) in found.items()]
    name, issues = chosen(pages, file=file, sheet=sheet)
    raw = found[name][1].rows(name)
    raw.issues.extend(issues)
    return raw


def _number(element: Any, name: str, default: int) -> int:
    text = element.get(f"{_SS}{name}", "")
    return int(text) if text.isdigit() and len(text) < 8 else default


def _canvas(page: Any, file: str, shares: set[str]) -> Canvas:
    """Lay out a sheet: an index moves on, a span covers the cells to the right and below."""
    canvas = Canvas(file)
    column = 0
    for element in page.iterfind(f"{_SS}Table/{_SS}Column"):
        column = _number(element, "Index", column + 1)
        last = column + _number(element, "Span", 0)
        if element.get(f"{_SS}Hidden") == "1":
            canvas.hidden_columns |= set(range(column - 1, min(last, 16_384)))
        column = last
    row = 0
    covered: dict[int, int] = {}
    for line in page.iterfind(f"{_SS}Table/{_SS}Row"):
        row = _number(line, "Index", row + 1)
        last = row + _number(line, "Span", 0)
        if line.get(f"{_SS}Hidden") == "1":
            canvas.hidden_rows |= set(range(row - 1, min(last, 1_048_576)))
        _cells(line, row, canvas, covered, shares)
        row = last
    return canvas


def _cells(line: Any, row: int, canvas: Canvas, covered: dict[int, int], shares: set[str]) -> None:
    column = 0
    for cell in line.iterfind(f"{_SS}Cell"):
        if cell.get(f"{_SS}Index"):
            column = _number(cell, "Index", column + 1)
        else:
            column += 1
            while covered.get(column, 0) >= row:
                column += 1
        across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
        value, kind = _value(cell)
        share = (cell.get(f"{_SS}StyleID") or line.get(f"{_SS}StyleID")) in shares
        canvas.put(row - 1, column - 1, as_percent(value) if share else value)
        canvas.merge(row - 1, column - 1, down + 1, across + 1)
        if kind:
            written = cell.findtext(f"{_SS}Data") if kind == "cell_error" else cell.get(f"{_SS}Formula")
            canvas.marks.append((row - 1, column - 1, kind, written))
        if down:
            covered |= dict.fromkeys(range(column, column + min(across, 16_384) + 1), row + down)
        column += across


def _value(cell: Any) -> tuple[Any, str | None]:
    """Return the value of a cell, and what is to be said of one that has none."""
    data = cell.find(f"{_SS}Data")
    if data is None:
        return None, "formula_without_value" if cell.get(f"{_SS}Formula") else None
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type", "String")
    if kind == "Error":
        return None, "cell_error"
    if kind == "Boolean":
        return text.strip() == "1", None
    if kind == "DateTime":
        return _moment(text.strip()), None
    if kind == "Number":
        try:
            value = float(text)
        except ValueError:
            return text or None, None
        long = value >= 10 ** (_LONG - 1) and value != float("inf")
        return (written_digits(text.strip()) if long else value), None
    return bare_cell(text), None


def _moment(text: str) -> Any:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text or None
    return moment.date() if text.endswith(_MIDNIGHT) else moment
