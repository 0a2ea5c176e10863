"""Rows of an OpenDocument spreadsheet (.ods).

References
----------
OASIS, OpenDocument 1.3, part 3: table:table, table:table-row, table:table-cell and their repetitions.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from landuse.errors import FormatError
from landuse.io.cell.long_codes import written_digits
from landuse.io.sheet.canvas import Canvas
from landuse.io.sheet.packages import parse_xml, read_package
from landuse.io.sheet.pages import Page, chosen
from landuse.io.sheet.raw_rows import RawRows, bare_cell
from landuse.io.sheet.shares import as_percent

__all__ = ["rows_of_ods"]

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{{{_NAMES}{n}:1.0}}" for n in ("table", "office", "text", "style"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_LONG = 10**15
_MOST_REPEATS = 16_384


def rows_of_ods(data: bytes, *, file: str, sheet: str | None = None) -> RawRows:
    """Read the rows of a sheet of an OpenDocument spreadsheet; parameters, errors as for ``rows_of_xlsx``."""
    parts = read_package(data, file=file, keep=lambda part: part == "content.xml")
    if "content.xml" not in parts:
        raise FormatError("the zip holds no workbook", file=file, remedy="save it as .xlsx")
    root = parse_xml(parts["content.xml"], file=file)
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for look in style.iterfind(f"{_STYLE}table-properties")
        if look.get(f"{_TABLE}display") == "false"
    }
    found: dict[str, tuple[bool, Canvas]] = {}
    for table in root.iter(f"{_TABLE}table"):
        shown = table.get(f"{_TABLE}style-name") not in unseen
        found[table.get(f"{_TABLE}name", "")] = (shown, _canvas(table, file))
    pages = [Page(n, shown, partial(bool, canvas.full)) for n, (shown, canvas) in found.items()]
    name, issues = chosen(pages, file=file, sheet=sheet)
    raw = found[name][1].rows(name)
    raw.issues.extend(issues)
    return raw


def _repeats(element: Any, what: str) -> int:
    text = element.get(f"{_TABLE}{what}", "1")
    return max(int(text), 1) if text.isdigit() and len(text) < 8 else 1


def _canvas(table: Any, file: str) -> Canvas:
    canvas = Canvas(file)
    column = 0
    for element in table.iter(f"{_TABLE}table-column"):
        count = min(_repeats(element, "number-columns-repeated"), _MOST_REPEATS)
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            canvas.hidden_columns |= set(range(column, column + count))
        column += count
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        count = _repeats(line, "number-rows-repeated")
        cells = list(line.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
        if any(_speaks(c) for c in cells):
            for place in range(row, row + count):
                _cells(cells, place, canvas)
                if line.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                    canvas.hidden_rows.add(place)
        row += count
    return canvas


def _speaks(cell: Any) -> bool:
    return len(cell) > 0 or bool(cell.get(f"{_OFFICE}value-type")) or bool(cell.get(f"{_TABLE}formula"))


def _cells(cells: list[Any], row: int, canvas: Canvas) -> None:
    column = 0
    for cell in cells:
        count = _repeats(cell, "number-columns-repeated")
        if _speaks(cell) and cell.tag == f"{_TABLE}table-cell":
            value, kind, raw = _value(cell)
            for place in range(column, column + count):
                canvas.put(row, place, value)
                if kind:
                    canvas.marks.append((row, place, kind, raw))
            down, across = _repeats(cell, "number-rows-spanned"), _repeats(cell, "number-columns-spanned")
            canvas.merge(row, column, down, across)
        column += count


def _value(cell: Any) -> tuple[Any, str | None, str | None]:
    """Return the value of a cell; for one that has none what is to be said, and what stands there."""
    lines = ["".join(_pieces(p)) for p in cell.iterchildren(f"{_TEXT}p")]
    text = "\n".join(lines)
    kind = cell.get(f"{_OFFICE}value-type")
    formula = cell.get(f"{_TABLE}formula")
    if cell.get(f"{_CALC}value-type") == "error":
        return None, "cell_error", text
    if kind is None:
        return (
            (bare_cell(text), None, None) if text or not formula else (None, "formula_without_value", formula)
        )
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true", None, None
    if kind == "date":
        return _moment(cell.get(f"{_OFFICE}date-value", "")), None, None
    if kind in ("float", "percentage", "currency"):
        written = cell.get(f"{_OFFICE}value", "")
        try:
            value = float(written)
        except ValueError:
            return bare_cell(text), None, None
        if kind == "percentage":
            return as_percent(value), None, None
        return (written_digits(written) if _LONG <= value < float("inf") else value), None, None
    return bare_cell(text), None, None


def _pieces(paragraph: Any) -> list[str]:
    """Return the texts of a paragraph; a counted run of spaces, a tab and a line break are elements there."""
    parts = [paragraph.text or ""]
    for piece in paragraph:
        if piece.tag == f"{_TEXT}s":
            parts.append(" " * min(int(piece.get(f"{_TEXT}c", "1")), 1000))
        elif piece.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif piece.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(piece.tag, str):
            parts += _pieces(piece)
        parts.append(piece.tail or "")
    return parts


def _moment(text: str) -> Any:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text or None
    return moment.date() if len(text) == len("2026-01-01") else moment
