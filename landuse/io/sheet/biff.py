"""What the records of an old workbook (.xls, BIFF 5 and 8) say beyond its values: hidden rows, shares.

References
----------
[MS-CFB] Compound File Binary File Format; [MS-XLS] Excel Binary File Format: records BoundSheet8, Row,
ColInfo, BoolErr, Formula, FilePass, Format, XF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from landuse.errors import FormatError
from landuse.io.sheet.shares import shows_percent

__all__ = ["SheetRecords", "streams", "workbook_records"]

_FREE = 0xFFFFFFFA
_EOF, _BOF, _BOUNDSHEET, _FILEPASS = 0x0A, 0x809, 0x85, 0x2F
_ROW, _COLINFO, _BOOLERR, _FORMULA = 0x208, 0x7D, 0x205, 0x06
_FORMAT, _XF, _MULRK = 0x41E, 0xE0, 0xBD
_NUMBERS = frozenset((_FORMULA, 0x203, 0x27E))
"""Formula, Number, RK: the style comes after row and column."""
_CELLS = frozenset((0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xBE, 0xFD))
"""Formula, Number, Label, BoolErr, RK, MulRk, MulBlank, LabelSst: row and column come first."""
_COLUMNS = 256
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BROKEN = "open it in a spreadsheet program and save it as .xlsx, without a password"


@dataclass
class SheetRecords:
    """What the records of a sheet say; rows and columns from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    marks: list[tuple[int, int, str, str | None]] = field(default_factory=list)
    percent: set[tuple[int, int]] = field(default_factory=set)


def streams(data: bytes, *, file: str) -> dict[str, bytes]:
    """Return the streams of a compound file by name.

    Raises
    ------
    FormatError
        Where the chains of its sectors do not hold together.
    """
    try:
        return _streams(data)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise FormatError(f"this old workbook is not whole ({error})", file=file, remedy=_BROKEN) from None


def _streams(data: bytes) -> dict[str, bytes]:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError(f"sectors of {size} bytes")
    fat_count, start, cutoff = (struct.unpack_from("<I", data, at)[0] for at in (44, 48, 56))
    mini_start, _, difat_start, _ = struct.unpack_from("<4I", data, 60)
    fats = list(struct.unpack_from("<109I", data, 76))
    while difat_start < _FREE and len(fats) < fat_count:
        more = struct.unpack_from(f"<{size // 4}I", data, (difat_start + 1) * size)
        fats += more[:-1]
        difat_start = more[-1]
    fat: list[int] = []
    for sector in fats[:fat_count]:
        fat += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)

    def chain(sector: int, links: list[int]) -> Iterator[int]:
        for _ in range(len(links) + 1):
            if sector >= _FREE:
                return
            yield sector
            sector = links[sector]
        raise ValueError("a chain of sectors without end")

    def whole(sector: int) -> bytes:
        return b"".join(data[(s + 1) * size : (s + 2) * size] for s in chain(sector, fat))

    folder = whole(start)
    mini = whole(mini_start) if mini_start < _FREE else b""
    mini_fat = list(struct.unpack(f"<{len(mini) // 4}I", mini))
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    root = whole(struct.unpack_from("<I", entries[0], 116)[0])
    found = {}
    for entry in entries:
        if entry[66] != 2:
            continue
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        first, length = struct.unpack_from("<II", entry, 116)
        if length < cutoff:
            body = b"".join(root[s * 64 : s * 64 + 64] for s in chain(first, mini_fat))
        else:
            body = whole(first)
        found[name] = body[:length]
    return found


def workbook_records(data: bytes, index: int, *, file: str) -> SheetRecords:
    """Look through the records of one sheet.

    Parameters
    ----------
    data : bytes
        The whole .xls file.
    index : int
        Place of the sheet among all sheets, from 0.
    file : str
        As it is shown to people.

    Raises
    ------
    FormatError
        Where the file is no such workbook, is locked with a password, or any of its sheets holds cells where
        no cell can be (a reader would make room for all cells up to there).
    """
    inside = streams(data, file=file)
    if "EncryptedPackage" in inside:
        raise FormatError("the workbook is locked with a password", file=file, remedy=_BROKEN)
    book = inside.get("Workbook", inside.get("Book"))
    if book is None:
        raise FormatError(
            f"this is an old document, but no workbook (it holds {', '.join(inside) or 'nothing'})",
            file=file,
            remedy=_BROKEN,
        )
    found = SheetRecords()
    try:
        starts, forms, styles = [], {9: True, 10: True}, []
        for kind, body in _records(book, 0):
            if kind == _FILEPASS:
                raise FormatError("the workbook is locked with a password", file=file, remedy=_BROKEN)
            if kind == _BOUNDSHEET:
                starts.append(struct.unpack_from("<I", body)[0])
            elif kind == _FORMAT:
                forms[struct.unpack_from("<H", body)[0]] = shows_percent(_form(body))
            elif kind == _XF:
                styles.append(struct.unpack_from("<H", body, 2)[0])
        percent = {at for at, form in enumerate(styles) if forms.get(form)}
        if index >= len(starts):
            raise FormatError("the list of sheets is not whole", file=file, remedy=_BROKEN)
        for number, start in enumerate(starts):
            for kind, body in _records(book, start):
                if kind in _CELLS and struct.unpack_from("<H", body, 2)[0] >= _COLUMNS:
                    raise ValueError("a cell beyond the last column")
                if number == index:
                    _note(kind, body, found)
                    found.percent.update(_shares(kind, body, percent) if percent else ())
    except (struct.error, IndexError, ValueError) as error:
        raise FormatError(f"this old workbook is not whole ({error})", file=file, remedy=_BROKEN) from None
    return found


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a stream from a place on to the end of that part, charts within it left out."""
    depth = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        body = book[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body


def _note(kind: int, body: bytes, found: SheetRecords) -> None:
    if kind == _ROW and body[12] & 0x20:
        found.hidden_rows.add(struct.unpack_from("<H", body)[0])
    elif kind == _COLINFO and body[8] & 1:
        first, last = struct.unpack_from("<HH", body)
        found.hidden_columns |= set(range(first, min(last, 255) + 1))
    elif kind == _BOOLERR and body[7]:
        row, column = struct.unpack_from("<HH", body)
        found.marks.append((row, column, "cell_error", _ERRORS.get(body[6], "#?")))
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        row, column = struct.unpack_from("<HH", body)
        found.marks.append((row, column, "cell_error", _ERRORS.get(body[8], "#?")))


def _form(body: bytes) -> str:
    """Return a number format; BIFF 5 counts its signs in one byte, BIFF 8 in two."""
    if len(body) == 3 + body[2]:
        return body[3:].decode("latin-1")
    return body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")


def _shares(kind: int, body: bytes, percent: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the cells of a record that are shown as percentages."""
    if kind in _NUMBERS:
        row, column, style = struct.unpack_from("<HHH", body)
        if style in percent:
            yield row, column
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", body)
        for place in range((len(body) - 6) // 6):
            if struct.unpack_from("<H", body, 4 + 6 * place)[0] in percent:
                yield row, first + place
