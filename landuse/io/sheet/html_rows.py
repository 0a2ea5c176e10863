"""Rows of a table in an HTML page: what web systems hand out as .xls."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from lxml import etree, html

from landuse.errors import FormatError
from landuse.io.cell.long_codes import long_number
from landuse.io.files.encodings import decode
from landuse.io.sheet.canvas import Canvas
from landuse.io.sheet.pages import Page, chosen
from landuse.io.sheet.raw_rows import RawRows, bare_cell

__all__ = ["rows_of_html"]

_WHITE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_HEAD = 4096
_MOST_DOWN, _MOST_ACROSS = 65_534, 1_000


def rows_of_html(data: bytes, *, file: str, sheet: str | None = None, encoding: str | None = None) -> RawRows:
    """Read the rows of the table of an HTML page.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        As it is shown to people.
    sheet : str, optional
        Which table, counted from 1, where there are several of two rows and more.
    encoding : str, optional
        Overrules what the page says of itself; that is believed only where the bytes bear it out.

    Raises
    ------
    FormatError
        Where the page holds no table, or it is not plain which one is meant.
    """
    text, used = _decoded(data, encoding, file)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = html.document_fromstring(_DECLARED.sub("", text), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise FormatError(f"this is no HTML page ({error})", file=file, remedy="save it as .xlsx") from None
    if root.xpath("//frameset"):
        raise FormatError(
            "the page only frames other files, and the sheets are in those",
            file=file,
            remedy="open it in a spreadsheet program and save it as .xlsx",
        )
    tables = [_canvas(t, file) for t in root.iter("table") if next(t.iterdescendants("table"), None) is None]
    large = [t for t in tables if t.full and max(r for r, _ in t.cells) > 0] or [t for t in tables if t.full]
    pages = [Page(str(i), True, partial(bool, t.full)) for i, t in enumerate(large, 1)]
    if not pages:
        raise FormatError("the page holds no table", file=file, remedy="name another file")
    name, _ = chosen(pages, file=file, sheet=sheet)
    raw = large[int(name) - 1].rows(f"table {name}")
    return RawRows(raw.rows, raw.numbers, raw.merges, raw.sheet, used, raw.issues)


def _decoded(data: bytes, encoding: str | None, file: str) -> tuple[str, str]:
    """Decode by evidence; what the page says of itself counts where the evidence does not decide."""
    try:
        return decode(data, encoding=encoding, file=file)
    except FormatError:
        stated = _CHARSET.search(data[:_HEAD])
        if encoding is not None or stated is None:
            raise
        return decode(data, encoding=stated[1].decode("ascii"), file=file)


def _canvas(table: Any, file: str) -> Canvas:
    """Lay out the cells of a table; a cell that spans rows pushes the ones beside it to the right."""
    canvas = Canvas(file)
    until: dict[int, int] = {}
    for row, line in enumerate(table.iter("tr")):
        if _HIDDEN.search(line.get("style") or ""):
            canvas.hidden_rows.add(row)
        column = 0
        for cell in line.iterchildren("td", "th"):
            while until.get(column, 0) > row:
                column += 1
            down, across = _span(cell.get("rowspan"), _MOST_DOWN), _span(cell.get("colspan"), _MOST_ACROSS)
            canvas.put(row, column, _value(cell))
            canvas.merge(row, column, down, across)
            for place in range(column, column + across):
                until[place] = row + down
            column += across
    return canvas


def _span(text: str | None, most: int) -> int:
    found = re.fullmatch(r"\s*(\d{1,6})\s*", text or "")
    return min(max(int(found[1]), 1), most) if found else 1


def _value(cell: Any) -> Any:
    """Return the text of a cell; line breaks kept, and the whole number where it shows a rounded one."""
    parts: list[str] = []
    for piece in cell.iter():
        if piece.tag in ("br", "p") and parts:
            parts.append("\x00")
        if isinstance(piece.tag, str) and piece.tag not in ("script", "style"):
            parts.append(piece.text or "")
        if piece is not cell:
            parts.append(piece.tail or "")
    text = _WHITE.sub(" ", "".join(parts))
    text = "\n".join(line.strip(" ") for line in text.split("\x00"))
    held = next((v for k, v in cell.attrib.items() if k in ("x:num", "num")), None)
    if held and _NUMBER.fullmatch(held.strip()) and _NUMBER.fullmatch(text.strip()):
        value = float(held.replace(",", ""))
        return long_number(value) or value
    return bare_cell(text)
