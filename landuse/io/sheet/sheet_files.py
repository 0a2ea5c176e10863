"""Files that hold sheets, each read as what it is: workbook old or new, OpenDocument, HTML, XML or text."""

from __future__ import annotations

import re
from pathlib import Path

from landuse.errors import FormatError
from landuse.io.files.encodings import decode
from landuse.io.sheet.html_rows import rows_of_html
from landuse.io.sheet.ods_rows import rows_of_ods
from landuse.io.sheet.raw_rows import RawRows
from landuse.io.sheet.text_rows import rows_of_text
from landuse.io.sheet.xls_rows import rows_of_xls
from landuse.io.sheet.xlsx_rows import rows_of_xlsx
from landuse.io.sheet.xml_rows import MARK, rows_of_xml
from landuse.tables import issue

__all__ = ["LARGEST_FILE", "read_rows"]

LARGEST_FILE = 1 << 30
"""Bytes of a ledger file; all of it is held at once."""
_WORKBOOKS = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".et": "xls",
    ".ods": "ods",
    ".html": "html",
    ".htm": "html",
    ".xml": "xml",
}
_TEXTS = (".csv", ".tsv", ".txt")
_NAMES = {
    "xlsx": ".xlsx",
    "xls": ".xls",
    "ods": ".ods",
    "html": ".html",
    "xml": ".xml",
    "text": ".csv",
}
_HEAD = 4096
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_WORKBOOK_REMEDY = "open it in a spreadsheet program and save it as .xlsx, without a password"
_MARKS = re.compile(
    rb"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_UNREADABLE = {
    b"%PDF": "a PDF",
    b"MIME-Version": "a web archive (.mht)",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def read_rows(path: Path, *, file: str, sheet: str | None = None, encoding: str | None = None) -> RawRows:
    """Read the rows of a sheet.

    Parameters
    ----------
    path : Path
        .xlsx, .xlsm, .xls, .et, .ods, .html, .xml (XML Spreadsheet 2003), .csv, .tsv or .txt. A workbook is
        read as what it is, whatever of these its name says; where the two differ, that is said.
    file : str
        The file as it is shown to people.
    sheet : str, optional
        Needed where several visible sheets hold anything.
    encoding : str, optional
        Of a text file, to overrule detection.

    Raises
    ------
    FormatError
        Where the file is no workbook or no text, breaks a limit, or it is not plain which sheet is meant.
    """
    ending = path.suffix.lower()
    if ending not in _WORKBOOKS and ending not in _TEXTS:
        raise FormatError(
            f"a ledger cannot be read from a {ending or 'nameless'} file",
            file=file,
            remedy="save it as .xlsx or .csv"
            if ending in (".xlsb", ".wps", ".numbers")
            else "use .xlsx or .csv",
        )
    if path.is_dir():
        raise FormatError("this is a folder", file=file, remedy="name a file in it")
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise FormatError(
            f"the file holds {size:,} bytes; {LARGEST_FILE:,} are the limit",
            file=file,
            remedy="cut it into several files, each with the header",
        )
    if sheet is not None and ending in _TEXTS:
        raise FormatError(
            "a text file has no sheets", file=file, key="sheet", remedy="leave out sheet, or name a workbook"
        )
    data = path.read_bytes()
    form = _form(data, file)
    if ending in _TEXTS and form != "text":
        raise FormatError(
            f"this is no {ending} text but a workbook",
            file=file,
            remedy=f"name it {_NAMES[form]}",
        )
    meant = _WORKBOOKS.get(ending, "text")
    raw = _read(data, form, meant, file, sheet, encoding)
    if form != meant:
        said = issue("other_format", "kept", file=file, sheet=raw.sheet, raw=path.name, now=_NAMES[form])
        raw.issues.insert(0, said)
    return raw


def _form(data: bytes, file: str) -> str:
    """Tell by its content what a file is."""
    for start, what in _UNREADABLE.items():
        if data.startswith(start):
            raise FormatError(
                f"this is {what}, not a ledger",
                file=file,
                remedy="save the ledger itself as .xlsx or .csv, and name that",
            )
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "ods" if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200] else "xlsx"
    if data[:8] == _OLE:
        return "xls"
    head = data[:_HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="ignore").encode("utf-8")
    head = head.removeprefix(b"\xef\xbb\xbf")
    if MARK.encode() in head and b"<" in head[:200] and b"<html" not in head.lower():
        return "xml"
    if _MARKS.match(head) or b'xmlns:x="urn:schemas-microsoft-com:office:excel"' in head:
        return "html"
    return "xml" if head.lstrip().startswith(b"<?xml") else "text"


def _read(data: bytes, form: str, meant: str, file: str, sheet: str | None, encoding: str | None) -> RawRows:
    if form == "xlsx":
        return rows_of_xlsx(data, file=file, sheet=sheet)
    if form == "xls":
        return rows_of_xls(data, file=file, sheet=sheet)
    if form == "ods":
        return rows_of_ods(data, file=file, sheet=sheet)
    if form == "html":
        return rows_of_html(data, file=file, sheet=sheet, encoding=encoding)
    if form == "xml":
        return rows_of_xml(data, file=file, sheet=sheet)
    if meant != "text":
        _refuse_odd_text(data, meant, file)
    text, used = decode(data, encoding=encoding, file=file)
    raw = rows_of_text(text, file=file, encoding=used)
    if meant != "text" and not any(len(row) > 1 for row in raw.rows):
        raise FormatError(f"this is no {_NAMES[meant]} workbook", file=file, remedy=_WORKBOOK_REMEDY)
    return raw


def _refuse_odd_text(data: bytes, meant: str, file: str) -> None:
    """Only an .xls may be text: programs hand out tab-parted text under that name."""
    if meant != "xls" or not data.strip() or (b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise FormatError(f"this is no {_NAMES[meant]} workbook", file=file, remedy=_WORKBOOK_REMEDY)
