"""Rows of an .xlsx workbook: values by calamine, and what the XML says beyond them."""

from __future__ import annotations

import io
import posixpath
import re
from functools import partial
from typing import Any

import python_calamine as calamine

from landuse.errors import FormatError
from landuse.io.sheet.packages import parse_xml, plain_package, read_package
from landuse.io.sheet.pages import Page, chosen
from landuse.io.sheet.raw_rows import Merge, RawRows, bare_cell, cell_name, said_marks
from landuse.io.sheet.shares import as_percent
from landuse.io.sheet.sheet_xml import percent_styles, sheet_marks
from landuse.tables import issue

__all__ = ["opened", "rows_of_xlsx", "values_of"]

_AFRESH = "open it in a spreadsheet program and save it as .xlsx, without a password"
_UNNEEDED = ("docProps/", "xl/media/", "xl/drawings/", "xl/charts/", "xl/embeddings/", "customXml/")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|f|is)[ >/]")
_ODD_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>(?:[\s='&\xc2]|\xe1\x9a|\xe2[\x80\x81]|\xe3\x80\x80)")
"""A text that begins with white space, a quote or a sign of equality."""
_OWN_TEXT = (b't="str"', b't="inlineStr"')
_WORKSHEET = "/worksheet"


def rows_of_xlsx(data: bytes, *, file: str, sheet: str | None = None) -> RawRows:
    """Read the rows of a sheet of an .xlsx or .xlsm workbook.

    Parameters
    ----------
    data : bytes
        The whole file.
    file : str
        As it is shown to people.
    sheet : str, optional
        Needed where several visible sheets hold anything.

    Returns
    -------
    RawRows
        Values as they were saved; a formula gives its saved result, a cell shown as a percentage ``35%``.

    Raises
    ------
    FormatError
        Where it is no such workbook, breaks a limit, or it is not plain which sheet is meant.
    """
    parts = read_package(data, file=file, keep=_needed)
    pages = _pages(parts, file)
    name, issues = chosen(
        [Page(n, shown, partial(_holds, parts, part)) for n, (part, shown) in pages.items()],
        file=file,
        sheet=sheet,
    )
    part = pages[name][0]
    styles = next((data for path, data in parts.items() if path.endswith("/styles.xml")), None)
    percent = [] if styles is None else percent_styles(styles, file=file)
    marks = sheet_marks(parts[part], file=file, sheet=name, percent=percent)
    own = any(kind in parts[part] for kind in _OWN_TEXT)
    plain = not own and not any(_ODD_TEXT.search(data) for data in _shared(parts))
    rows, merges = values_of(opened(plain_package(parts), file), name, file, plain=plain)
    for (row, column), digits in marks.long.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = digits
            if digits.isdigit():
                place: dict[str, Any] = {"sheet": name, "row": row + 1, "field": cell_name(row, column)}
                issues.append(issue("long_code_kept", "mended", file=file, raw=digits, **place))
    for row, column in marks.percent:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = as_percent(rows[row][column])
    raw = RawRows(rows, list(range(1, len(rows) + 1)), merges, sheet=name, issues=issues, plain=plain)
    raw.issues.extend(
        said_marks(
            raw, file, hidden_rows=marks.hidden_rows, hidden_columns=marks.hidden_columns, marks=marks.marks
        )
    )
    return raw


def opened(stream: io.BytesIO, file: str) -> calamine.CalamineWorkbook:
    """Open a workbook with calamine.

    Raises
    ------
    FormatError
        Where calamine cannot read it, or it is locked with a password.
    """
    try:
        return calamine.CalamineWorkbook.from_filelike(stream)
    except calamine.PasswordError:
        raise FormatError("the workbook is locked with a password", file=file, remedy=_AFRESH) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FormatError(f"this is no workbook ({error})", file=file, remedy=_AFRESH) from None
    except BaseException as error:  # a panic of the Rust code is no Exception
        raise _panic(error, file) from None


def values_of(
    book: calamine.CalamineWorkbook, name: str, file: str, *, plain: bool = False
) -> tuple[list[list[Any]], list[Merge]]:
    """Return the cells of a sheet from A1 on (None where empty), and its merged ranges.

    Parameters
    ----------
    book : CalamineWorkbook
        The workbook.
    name, file : str
        The sheet, and the file as it is shown to people.
    plain : bool
        Whether no text needs to be looked at for ``="…"``.

    Raises
    ------
    FormatError
        Where calamine cannot read the sheet.
    """
    try:
        page = book.get_sheet_by_name(name)
        cells = page.to_python(skip_empty_area=False)
        merged = page.merged_cell_ranges or []
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FormatError(f"the sheet {name!r} cannot be read ({error})", file=file, remedy=_AFRESH) from None
    except BaseException as error:  # a panic of the Rust code is no Exception
        raise _panic(error, file) from None
    rows = [[None if c == "" else c for c in row] for row in cells]
    for row in () if plain else rows:
        for place, cell in enumerate(row):
            if cell.__class__ is str and cell[0] in "='":
                row[place] = bare_cell(cell)
    merges = [Merge(top, bottom, left, right) for (top, left), (bottom, right) in merged]
    return rows, sorted(merges, key=lambda m: (m.top, m.left))


def _panic(error: BaseException, file: str) -> BaseException:
    if type(error).__name__ != "PanicException":
        return error
    return FormatError(f"this is no whole workbook ({error})", file=file, remedy=_AFRESH)


def _shared(parts: dict[str, bytes]) -> list[bytes]:
    return [data for part, data in parts.items() if part.casefold().endswith("sharedstrings.xml")]


def _needed(part: str) -> bool:
    return part.endswith((".xml", ".rels")) and not part.startswith(_UNNEEDED)


def _holds(parts: dict[str, bytes], part: str) -> bool:
    return _VALUE.search(parts[part]) is not None


def _pages(parts: dict[str, bytes], file: str) -> dict[str, tuple[str, bool]]:
    """Return part and visibility of every worksheet, by name."""
    book = next(
        (
            t
            for t, kind in _targets(parts, "_rels/.rels", "", file).values()
            if kind.endswith("/officeDocument")
        ),
        "xl/workbook.xml",
    )
    if book not in parts:
        raise FormatError(
            "this is no .xlsx workbook: the zip holds no list of sheets", file=file, remedy=_AFRESH
        )
    folder, base = posixpath.split(book)
    targets = _targets(parts, f"{folder}/_rels/{base}.rels", folder, file)
    pages: dict[str, tuple[str, bool]] = {}
    for sheet in parse_xml(parts[book], file=file).iter("{*}sheet"):
        key = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        part, kind = targets.get(key, ("", ""))
        if kind.endswith(_WORKSHEET) and part in parts:
            pages[sheet.get("name", "")] = (part, sheet.get("state", "visible") == "visible")
    return pages


def _targets(parts: dict[str, bytes], rels: str, folder: str, file: str) -> dict[str, tuple[str, str]]:
    """Return part and type of every relation, by id."""
    if rels not in parts:
        return {}
    found = {}
    for relation in parse_xml(parts[rels], file=file).iter("{*}Relationship"):
        target = relation.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        found[relation.get("Id", "")] = (path.removeprefix("./").lstrip("/"), relation.get("Type", ""))
    return found
