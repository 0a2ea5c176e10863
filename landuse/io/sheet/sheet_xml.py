"""What the XML of an xlsx sheet says beyond its values: hidden rows, formulas, errors, long numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

from landuse.errors import FormatError
from landuse.io.cell.long_codes import written_digits
from landuse.io.sheet.packages import parse_xml
from landuse.io.sheet.shares import shows_percent

__all__ = ["MOST_CELLS", "SheetMarks", "percent_styles", "sheet_marks"]

MOST_CELLS = 25_000_000
"""Cells between the first and the last one of a sheet: what can be held at once."""
_REMEDY = "delete what stands in the farthest cells of the sheet, and save it"
_WIDER, _WIDEST, _TALLEST = 702, 16_384, 1_048_576


@dataclass(frozen=True)
class SheetMarks:
    """What the XML of a sheet says; rows and columns from 0.

    ``marks`` are (row, column, kind, raw): formulas without a value, errors. ``long`` are whole numbers of 16
    digits and more by cell: as text where all digits survive, as ``4.1E+18`` where they do not. ``percent``
    are the cells that are shown as percentages.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: list[tuple[int, int, str, str | None]] = field(default_factory=list)
    long: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)


def percent_styles(styles: bytes, *, file: str) -> list[int]:
    """Return the styles, by their number, of cells that are shown as percentages.

    Parameters
    ----------
    styles : bytes
        The part ``styles.xml``.
    file : str
        As it is shown to people.
    """
    root = parse_xml(styles, file=file)
    forms = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iterfind("{*}numFmts/{*}numFmt")}
    forms = {"9": "0%", "10": "0.00%"} | forms
    looks = root.iterfind("{*}cellXfs/{*}xf")
    return [at for at, look in enumerate(looks) if shows_percent(forms.get(look.get("numFmtId"), ""))]


def sheet_marks(data: bytes, *, file: str, sheet: str, percent: Sequence[int] = ()) -> SheetMarks:
    """Look through the XML of a sheet.

    Parameters
    ----------
    data : bytes
        The part of the sheet.
    file, sheet : str
        As they are shown to people.
    percent : sequence of int
        Of ``percent_styles``.

    Raises
    ------
    FormatError
        Where the cells lie so far apart that the sheet cannot be held.
    """
    prefix = re.search(rb"<(\w+:)?worksheet\b", data[:4096])
    p = (prefix[1] if prefix else None) or b""
    if b"='" in data:
        data = re.sub(rb"(\s[\w:]+)='([^'<>\"]*)'", rb'\1="\2"', data)
    _check_extent(data, p, file, sheet)
    found = SheetMarks()
    start = data.find(b"<" + p + b"sheetData")
    if data.find(b"hidden=", start) >= 0:
        found.hidden_rows.update(_hidden_rows(data, p))
    for tag in re.findall(rb"<" + p + rb"col\b[^>]*>", data[:start]):
        ends = re.search(rb'\bmin="(\d+)"', tag), re.search(rb'\bmax="(\d+)"', tag)
        if re.search(rb'\shidden="(?:1|true)"', tag) and ends[0] and ends[1]:
            found.hidden_columns.update(range(int(ends[0][1]) - 1, min(int(ends[1][1]), _WIDEST)))
    _formulas(data, p, found)
    _errors(data, p, found)
    _long_numbers(data, p, found)
    if percent:
        styled = rb"<" + p + rb'c\b[^>]*\ss="(?:' + b"|".join(b"%d" % s for s in percent) + rb')"[^>/]*>'
        found.percent.update(_place(data, p, m.end()) for m in re.finditer(styled, data))
    return found


def _hidden_rows(data: bytes, p: bytes) -> Iterator[int]:
    for place, tag in enumerate(re.findall(rb"<" + p + rb"row\b[^>]*>", data)):
        if b"hidden=" in tag and re.search(rb'\shidden="(?:1|true)"', tag):
            number = re.search(rb'\sr="(\d{1,7})"', tag)
            yield int(number[1]) - 1 if number else place


def _check_extent(data: bytes, p: bytes, file: str, sheet: str) -> None:
    """Refuse cells that lie too far apart; 26 columns and a million rows need no closer look."""
    if re.search(rb'r="(?:[A-Z]{2}|[A-Z]?\d{7})', data) is None:
        return
    rows = re.findall(rb"<" + p + rb'row\b[^>]*?\sr="(\d+)"', data)
    last = max(map(int, rows), default=0) or data.count(b"<" + p + b"row")
    if last > _TALLEST or re.search(rb'\sr="(?:[A-Z]{4}|[A-Z]{1,3}\d{8})', data):
        raise FormatError(
            f"the sheet {sheet!r} names a cell beyond the last row or column", file=file, remedy=_REMEDY
        )
    if last * _WIDER <= MOST_CELLS and not re.search(rb'\sr="[A-Z]{3}', data):
        return
    filled = re.compile(rb"<" + p + rb'c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?=<)(?!</)')
    most = [0, 0]
    for match in filled.finditer(data):
        most = [max(most[0], int(match[2])), max(most[1], _column(match[1]) + 1)]
    if most[0] * most[1] > MOST_CELLS:
        raise FormatError(
            f"the sheet {sheet!r} reaches to row {most[0]:,} and column {most[1]:,}: "
            f"{most[0] * most[1]:,} cells, and {MOST_CELLS:,} are the limit",
            file=file,
            remedy=_REMEDY,
        )


def _column(letters: bytes) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number - 1


def _place(data: bytes, p: bytes, at: int) -> tuple[int, int]:
    """Return row and column of the cell in which something stands; counted where the cell does not say."""
    start = data.rfind(b"<" + p + b"c", 0, at)
    named = re.match(rb'<[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"', data[start : start + 400])
    if named:
        return int(named[2]) - 1, _column(named[1])
    top = data.rfind(b"<" + p + b"row", 0, start)
    number = re.match(rb'<[^>]*?\sr="(\d{1,7})"', data[top : top + 400])
    row = int(number[1]) if number else len(re.findall(rb"<" + p + rb"row\b", data[: top + 9]))
    return row - 1, len(re.findall(rb"<" + p + rb"c\b", data[top:start]))


def _formulas(data: bytes, p: bytes, found: SheetMarks) -> None:
    """Find formulas whose result was not saved."""
    if b"<" + p + b"f" not in data:
        return
    empty = rb"<" + p + rb"v\s*/>|<" + p + rb"v></" + p + rb"v>"
    bare = rb"<" + p + rb"f\b[^>]*?(?:/>|>([^<]*)</" + p + rb"f>)\s*(?:" + empty + rb")?\s*</" + p + rb"c>"
    for match in re.finditer(bare, data):
        text = _unescaped(match[1] or b"")
        found.marks.append((*_place(data, p, match.start()), "formula_without_value", f"={text}"))


def _errors(data: bytes, p: bytes, found: SheetMarks) -> None:
    """Find cells that hold an error of the spreadsheet program."""
    if b't="e"' not in data:
        return
    cell = rb"<" + p + rb'c\b[^>]*\st="e"[^>]*>(?:(?!</' + p + rb"c>).)*?<" + p + rb"v>([^<]*)</"
    for match in re.finditer(cell, data, re.DOTALL):
        place = _place(data, p, match.start(1))
        found.marks.append((*place, "cell_error", _unescaped(match[1])))


def _long_numbers(data: bytes, p: bytes, found: SheetMarks) -> None:
    v = p + b"v"
    long = rb"[1-9]\d{15,39}(?:\.0*)?"
    if b"E+" in data or b"e+" in data:
        long += rb"|[1-9](?:\.\d+)?[eE]\+?(?:1[5-9]|[2-9]\d)"
    for match in re.finditer(rb"<" + v + rb">(" + long + rb")</" + v + rb">", data):
        tag = data[data.rfind(b"<" + p + b"c", 0, match.start()) : match.start()]
        if not re.search(rb'\st="(?!n")', tag):  # a text, or the number of one
            found.long[_place(data, p, match.start())] = written_digits(match[1].decode())


def _unescaped(text: bytes) -> str:
    return unescape(text.decode("utf-8", errors="replace"), {"&quot;": '"', "&apos;": "'"})
