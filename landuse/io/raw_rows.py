"""Rows of a workbook or a delimited text as they stand, with their numbers and merged ranges."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from landuse.errors import FormatError, nearest
from landuse.io.encodings import decode
from landuse.tables import issue

__all__ = ["Merge", "RawRows", "read_rows"]

_WORKBOOKS = (".xlsx", ".xlsm")
_TEXTS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",\t;|"
_SAMPLE = 30
_FORMULA_TEXT = re.compile(r'="(.*)"|\'(?=[0-9])(.*)', re.DOTALL)


@dataclass(frozen=True)
class Merge:
    """A merged range: first and last place in ``rows``, first and last column, all from 0."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class RawRows:
    """Rows of cells (None where empty), the number of each row in its file, merged ranges, what was said."""

    rows: list[list[Any]]
    numbers: list[int]
    merges: list[Merge] = field(default_factory=list)
    sheet: str | None = None
    encoding: str | None = None
    issues: list[dict[str, Any]] = field(default_factory=list)


def read_rows(path: Path, *, file: str, sheet: str | None = None, encoding: str | None = None) -> RawRows:
    """Read the rows of a sheet.

    Parameters
    ----------
    path : Path
        .xlsx, .xlsm, .csv, .tsv or .txt.
    file : str
        The file as it is shown to people.
    sheet : str, optional
        Needed where several visible sheets hold anything.
    encoding : str, optional
        Of a text file, to overrule detection.

    Raises
    ------
    FormatError
        Where the file is no workbook or no text, or it is not plain which sheet is meant.
    """
    ending = path.suffix.lower()
    if ending in _WORKBOOKS:
        return _from_workbook(path, file, sheet)
    if ending not in _TEXTS:
        raise FormatError(
            f"a ledger cannot be read from a {ending or 'nameless'} file",
            file=file,
            remedy="save it as .xlsx or .csv" if ending in (".xls", ".et", ".ods") else "use .xlsx or .csv",
        )
    if sheet is not None:
        raise FormatError(
            "a text file has no sheets", file=file, key="sheet", remedy="leave out sheet, or name a workbook"
        )
    data = path.read_bytes()
    if data[:4] == b"PK\x03\x04":
        raise FormatError(f"this is no {ending} text but a workbook", file=file, remedy="name it .xlsx")
    text, used = decode(data, encoding=encoding, file=file)
    return _from_text(text, used)


def _from_text(text: str, encoding: str) -> RawRows:
    rows: list[list[Any]] = []
    numbers: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    start = 1
    for cells in reader:
        rows.append([_text_cell(c) for c in cells])
        numbers.append(start)
        start = reader.line_num + 1
    return RawRows(rows, numbers, encoding=encoding)


def _text_cell(cell: str) -> str | None:
    """Return a cell; the ways of keeping a code as text (``="4103…"``, ``'4103…``) are taken off."""
    found = _FORMULA_TEXT.fullmatch(cell.strip())
    if found:
        cell = found[1] if found[1] is not None else found[2]
    return cell if cell.strip() else None


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts most lines into the same number of cells, more than one."""
    lines = "".join(text.splitlines(keepends=True)[:_SAMPLE])
    best = (0, 0, ",")
    for delimiter in _DELIMITERS:
        widths = [len(r) for r in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter) if r]
        wide = [w for w in widths if w > 1]
        if wide:
            usual = max(set(wide), key=lambda w: (wide.count(w), w))
            best = max(best, (wide.count(usual), usual, delimiter), key=lambda b: b[:2])
    return best[2]


def _from_workbook(path: Path, file: str, sheet: str | None) -> RawRows:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it does not keep
        values, formulas = _open(path, file, values=True), _open(path, file, values=False)
    try:
        name = _chosen(values, file, sheet)
        page, written = values[name], formulas[name]
        rows, numbers, issues = [], [], []
        for number, (cells, texts) in enumerate(zip(page.iter_rows(), written.iter_rows(), strict=True), 1):
            row = []
            for cell, text in zip(cells, texts, strict=True):
                value, kind = _value(cell, text)
                row.append(value)
                if kind:
                    place = {"file": file, "sheet": name, "row": number, "field": cell.coordinate}
                    issues.append(issue(kind, "kept", raw=str(text.value), **place))
            rows.append(row)
            numbers.append(number)
        merges = [
            Merge(m.min_row - 1, m.max_row - 1, m.min_col - 1, m.max_col - 1)
            for m in page.merged_cells.ranges
        ]
        hidden = sum(1 for n in numbers if page.row_dimensions[n].hidden and any(rows[n - 1]))
        if hidden:
            issues.append(issue("hidden_rows", "kept", file=file, sheet=name, count=hidden))
        return RawRows(rows, numbers, merges, sheet=name, issues=issues)
    finally:
        values.close()
        formulas.close()


def _open(path: Path, file: str, *, values: bool) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(path, data_only=values)
    except (
        BadZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        old = path.read_bytes()[:8] == bytes.fromhex("D0CF11E0A1B11AE1")
        raise FormatError(
            "this is no .xlsx workbook" + (" but an old or encrypted one" if old else f" ({error})"),
            file=file,
            remedy="open it in a spreadsheet program and save it as .xlsx, without a password",
        ) from None


def _value(cell: Any, written: Any) -> tuple[Any, str | None]:
    """Return the value of a cell and what is to be said of it."""
    value = cell.value
    if cell.data_type == "e":
        return None, "cell_error"
    if value is None and written.data_type == "f":
        return None, "formula_without_value"
    if isinstance(value, str):
        found = _FORMULA_TEXT.fullmatch(value.strip())
        value = found[1] or found[2] if found else value
        return (value if value and value.strip() else None), None
    return value, None


def _chosen(workbook: Any, file: str, sheet: str | None) -> str:
    """Return the name of the sheet that is meant."""
    names: list[str] = [page.title for page in workbook.worksheets]
    if sheet is not None:
        if sheet in names:
            return sheet
        like = nearest(sheet, names)
        raise FormatError(
            f"there is no sheet {sheet!r}; the sheets are {_listed(names)}",
            file=file,
            key="sheet",
            remedy=f'the nearest is sheet = "{like}"',
        )
    full: list[str] = [
        page.title
        for page in workbook.worksheets
        if page.sheet_state == "visible" and any(c is not None for row in page.values for c in row)
    ]
    if len(full) == 1:
        return full[0]
    if not full:
        raise FormatError("no visible sheet holds anything", file=file, remedy="name another file")
    raise FormatError(
        f"{len(full)} sheets hold something: {_listed(full)}",
        file=file,
        key="sheet",
        remedy=f'say which one is meant: sheet = "{full[0]}"',
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(n) for n in names)
