"""Write the workbook: one sheet a table, in Chinese, ready to print and to filter."""

from __future__ import annotations

import math
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from landuse.errors import OutputError
from landuse.labels import label, say
from landuse.policy import policies_of
from landuse.reports.columns import Cell, Column, FigureText
from landuse.reports.contents import SheetContent, sheets
from landuse.reports.overview import Line, lines
from landuse.tables import Checked, Comparison, Result

Headed: TypeAlias = Result | Checked | Comparison
"""What a sheet is printed under: a title and an as-of date."""

__all__ = ["EPOCH", "Formats", "saved_book", "write_lines", "write_sheet", "write_workbook"]

EPOCH = date(2000, 1, 1)
"""What a workbook without an as-of date was made on: never the clock."""

FILLS = {
    "no_separate_land": "#F4B183",
    "separate_land": "#CFE2F3",
    "undecided": "#FFF2B3",
    "out_of_scope": "#E3E3E3",
    "not_due": "#CFE2F3",
    "overdue": "#FFE08A",
    "idle_1y": "#F8C26B",
    "idle_2y": "#F4B183",
    "idle_suspended": "#D9C7E6",
    "suspended": "#D9C7E6",
    "underused": "#DDCDB4",
    "not_met": "#F4B183",
    "met": "#CFE2F3",
    "borderline": "#FFF2B3",
    "granted": "#CFE2F3",
    "rejected": "#F4B183",
    "mended": "#FFF2B3",
    "total": "#DDE6EE",
}
"""Light tints, told apart by the colour-blind, under black text that says the same in words."""
BOLD = frozenset({"total", "no_separate_land", "idle_2y", "not_met", "rejected"})
UNRULED = frozenset({"title", "head", "note", "header"})
"""Kinds of cells without the thin line under a row that leads the eye across."""
MAX_ROWS, MAX_TEXT = 1_048_576, 32_767
WIDTHS = {
    "date": (11, 11),
    "wrap": (16, 60),
    "text": (8, 32),
    "number": (11, 18),
    "percent": (10, 12),
    "whole": (8, 12),
}
OVERVIEW = (26, 40, 30, 18, 18, 18, 18, 24)
SAMPLE = 2000
FITTED = 20_000
LINE, MOST_LINES = 14.5, 20
"""Height of a line of text [pt], and how many a row shows at most."""
A3, A4 = 8, 9
LEGIBLE = {A3: 330, A4: 230}
"""Half-width places that a page takes across and that can still be read."""


def write_workbook(result: Result, path: str | os.PathLike[str]) -> None:
    """Write a run as a workbook (xlsx): overview, projects, parcels, zones, blocks, grants, money, issues.

    Ids stay text, a blank is unknown, an open upper end is a word; no cell is ever a formula. The same
    result gives the same bytes.

    Parameters
    ----------
    result : Result
        A finished run.
    path : path
        The file; replaced where it is there.

    Raises
    ------
    PolicyError
        Where a policy of the result cannot be read.
    OutputError
        Where the file cannot be written.
    """
    policies = policies_of(result)
    contents = sheets(result, policies)
    with saved_book(path, title=result.title, day=result.as_of) as book:
        formats = Formats(book)
        name = label("workbook_sheets", "overview")
        write_lines(book, formats, result, name, list(lines(result, policies)))
        for content in contents:
            write_sheet(book, formats, result, content)


@contextmanager
def saved_book(path: str | os.PathLike[str], *, title: str, day: date) -> Iterator[Workbook]:
    """Open a workbook to be written; it is saved at the end.

    Parameters
    ----------
    path : path
        The file; replaced where it is there.
    title : str
        Stands in its properties.
    day : date
        Stands there as the day it was made: never the clock.

    Raises
    ------
    OutputError
        Where the file cannot be written.
    """
    book = xlsxwriter.Workbook(os.fspath(path), {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": title, "created": datetime(*day.timetuple()[:3])})
    yield book
    try:
        book.close()
    except FileCreateError as error:
        raise OutputError(
            f"cannot write the workbook: {error}",
            file=str(path),
            remedy="close it where it is open, check the folder and the free space",
        ) from error


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def of(self, kind: str, *, mark: str | None = None, decimals: int = 2) -> Any:
        """Return the format of a kind of cell, coloured by a mark."""
        fill = FILLS.get(mark or "")
        key = (kind, mark if fill else None, decimals if kind in ("number", "percent") else 0)
        if key not in self._made:
            look: dict[str, Any] = {"valign": "top", "font_size": 10, "font_name": "DengXian"}
            if kind not in UNRULED:
                look |= {"bottom": 7, "bottom_color": "#BFBFBF"}
            look |= self._kind(kind, decimals)
            if fill:
                look |= {"bg_color": fill, "border": 1, "border_color": "#BFBFBF", "bold": mark in BOLD}
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    @staticmethod
    def _kind(kind: str, decimals: int) -> dict[str, Any]:
        places = "0" * decimals
        looks: dict[str, dict[str, Any]] = {
            "text": {"num_format": "@", "align": "left", "indent": 1},
            "wrap": {"num_format": "@", "text_wrap": True, "align": "left", "indent": 1},
            "number": {"num_format": f"#,##0.{places}", "align": "right"},
            "percent": {"num_format": f"0.{places}%", "align": "right"},
            "whole": {"num_format": "0", "align": "right"},
            "date": {"num_format": "yyyy-mm-dd", "align": "center"},
            "open": {"num_format": "@", "align": "right"},
            "header": {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center",
                       "bg_color": "#DDE6EE", "border": 1, "border_color": "#7F7F7F"},
            "title": {"bold": True, "font_size": 16},
            "head": {"bold": True, "font_size": 12, "bottom": 1},
            "note": {},
        }  # fmt: skip
        return looks[kind]


def _decimals(value: float, least: int = 2) -> int:
    """Return how many decimals show a number without making it look whole where it is not."""
    if abs(value - round(value)) <= 1e-12 * max(1.0, abs(value)):
        return least
    for places in range(least, 8):
        shown = round(value, places)
        if shown != round(shown):
            return places
    return 8


def _put(
    sheet: Worksheet, formats: Formats, at: tuple[int, int], value: Cell, kind: str, mark: str | None
) -> None:
    """Write a cell by its type; text is never taken for a formula, a link or a number."""
    row, column = at
    if value is None:
        if mark in FILLS:
            sheet.write_blank(row, column, None, formats.of(kind, mark=mark))
    elif isinstance(value, str):
        text = value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
        style = "open" if isinstance(value, FigureText) else "wrap" if kind == "wrap" else "text"
        sheet.write_string(row, column, text, formats.of(style, mark=mark))
    elif isinstance(value, date):
        sheet.write_datetime(
            row, column, datetime(value.year, value.month, value.day), formats.of("date", mark=mark)
        )
    elif math.isinf(value):
        sheet.write_string(row, column, label("workbook", "open"), formats.of("open", mark=mark))
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats.of("whole", mark=mark))
    else:
        shown = value * 100 if kind == "percent" else value
        style = formats.of("percent" if kind == "percent" else "number", mark=mark, decimals=_decimals(shown))
        sheet.write_number(row, column, value, style)


def write_sheet(book: Workbook, formats: Formats, result: Headed, content: SheetContent) -> None:
    """Write a sheet: headers, cells by their kind, filters, and how it is printed."""
    sheet = book.add_worksheet(content.name)
    rows = len(content.columns[0].values)
    shown = min(rows, MAX_ROWS - 2)
    sheet.set_row(0, 32)
    for row, height in enumerate(_heights(content, shown), start=1):
        sheet.set_row(row, height)
    for place, column in enumerate(content.columns):
        sheet.write_string(0, place, column.header, formats.of("header"))
        sheet.set_column(place, place, _width(column))
        marks = column.marks
        for row in range(shown):
            mark = marks[row] if marks is not None else None
            _put(sheet, formats, (row + 1, place), column.values[row], column.kind, mark)
    if shown < rows:
        cut = say("workbook", "cut", rows=rows, shown=shown)
        sheet.write_string(shown + 1, 0, cut, formats.of("note"))
    sheet.freeze_panes(1, content.frozen)
    sheet.autofilter(0, 0, max(shown, 1), len(content.columns) - 1)
    sheet.repeat_rows(0)
    paper = A3 if content.wide else A4
    pages = math.ceil(sum(map(_width, content.columns)) / LEGIBLE[paper])
    if pages > 1 and content.frozen:
        sheet.repeat_columns(0, content.frozen - 1)
    _page(sheet, result, content.name, paper, pages=pages)


def write_lines(
    book: Workbook,
    formats: Formats,
    result: Headed,
    name: str,
    overview: Sequence[Line],
    *,
    widths: Sequence[int] = OVERVIEW,
) -> None:
    """Write a sheet of lines under heads, as the overview is, with columns of the widths given."""
    sheet = book.add_worksheet(name)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for row, line in enumerate(overview):
        if line.style == "title":
            sheet.set_row(row, 26)
        for place, value in enumerate(line.cells):
            if line.style == "row":
                long = isinstance(value, str) and _cells(value) > widths[place]
                kind = "wrap" if long and place + 1 < len(line.cells) else "text"
                _put(sheet, formats, (row, place), value, kind, line.mark if place == 1 else None)
            elif line.style == "names":
                sheet.write_string(row, place, str(value), formats.of("header"))
            else:
                sheet.write_string(row, place, str(value), formats.of(line.style))
    _page(sheet, result, name, A4)


def _page(sheet: Worksheet, result: Headed, name: str, paper: int, *, pages: int = 1) -> None:
    """Set up printing: landscape, as many pages across as can be read, with title, date and page numbers."""
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(pages, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
    title = result.title[:80].replace("&", "&&")
    day = "" if result.as_of is None else say("workbook", "as_of", as_of=result.as_of.isoformat())
    sheet.set_header(f"&L{title}&C{name}&R{day}")
    sheet.set_footer(f"&C{label('workbook', 'page')}")


def _width(column: Column) -> float:
    """Return a width that fits header and values of a column, within what its kind allows."""
    least, most = WIDTHS[column.kind]
    texts = [v for v in column.values[:SAMPLE] if isinstance(v, str)]
    longest = max((_cells(text) for text in texts), default=0)
    return float(min(max(least, longest + 3, math.ceil(_cells(column.header) / 2) + 3), most))


def _heights(content: SheetContent, rows: int) -> list[float]:
    """Return a height for each row that shows its wrapped texts whole [pt]; not every program finds it.

    None where there are more rows than anyone prints, or no such text.
    """
    wrapped = [column for column in content.columns if column.kind == "wrap"]
    if not wrapped or rows > FITTED:
        return []
    lines = [1] * rows
    for column in wrapped:
        room = _width(column) - 2
        for row, text in enumerate(column.values[:rows]):
            if isinstance(text, str):
                lines[row] = max(lines[row], math.ceil(_cells(text) / room))
    return [LINE * min(n, MOST_LINES) for n in lines]


def _cells(text: str) -> int:
    """Return how many half-width places a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
