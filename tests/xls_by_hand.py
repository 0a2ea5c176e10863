"""Old workbooks (.xls) written record by record: nothing else that tests may use writes them.

References: [MS-CFB] for the container, [MS-XLS] for the records. Dates are ``date`` objects, errors ``Error``,
formulas ``Formula``, shares ``Share``; a sheet is (name, state, rows, merges, hidden rows, hidden columns).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

GENERAL, DAY, PERCENT = 0, 1, 2
DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Error:
    """An error of the spreadsheet program, by its number: 7 is #DIV/0!."""

    code: int


@dataclass(frozen=True)
class Formula:
    """A formula with its last result: a number or an error."""

    result: float | Error


@dataclass(frozen=True)
class Share:
    """A number that is shown as a percentage: 0.35 as 35%."""

    value: float


@dataclass(frozen=True)
class Page:
    """A sheet; state 0 is visible, 1 hidden. Merges are (first row, last row, first column, last column)."""

    name: str
    rows: Sequence[Sequence[Any]]
    state: int = 0
    merges: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = field(default_factory=tuple)


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x2000, 1997, 0, 6))


def xls(*pages: Page, small: bool = False, locked: bool = False) -> bytes:
    """Return the bytes of a workbook; ``small`` puts it into the short sectors of the container."""
    texts = list(dict.fromkeys(c for p in pages for row in p.rows for c in row if isinstance(c, str)))
    head = bof(5) + (record(0x2F, b"\0\0") if locked else b"") + record(0x42, struct.pack("<H", 1200))
    head += b"".join(record(0xE0, struct.pack("<HH16x", 0, kind)) for kind in (0, 14, 200))
    head += record(0x41E, struct.pack("<HHB", 200, 4, 0) + b"0.0%")
    words = b"".join(struct.pack("<HB", len(t), 1) + t.encode("utf-16-le") for t in texts)
    sst = record(0xFC, struct.pack("<II", len(texts), len(texts)) + words) + record(0x0A, b"")
    names = [p.name.encode("utf-16-le") for p in pages]
    start = len(head) + sum(4 + 8 + len(n) for n in names) + len(sst)
    sheets = [_sheet(p, texts) for p in pages]
    bounds = b""
    for page, name, sheet in zip(pages, names, sheets, strict=True):
        body = struct.pack("<IBBBB", start, page.state, 0, len(name) // 2, 1) + name
        bounds += record(0x85, body)
        start += len(sheet)
    return compound({"Workbook": head + bounds + sst + b"".join(sheets)}, small=small)


def _sheet(page: Page, texts: list[str]) -> bytes:
    out = bof(0x10)
    for column in page.hidden_columns:
        out += record(0x7D, struct.pack("<HHHHHH", column, column, 2000, 0, 1, 0))
    for number in range(len(page.rows)):
        flags = 0x120 if number in page.hidden_rows else 0x100
        out += record(0x208, struct.pack("<HHHHHHHH", number, 0, 99, 300, 0, 0, flags, 0))
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row):
            out += _cell(r, c, cell, texts)
    if page.merges:
        out += record(
            0xE5, struct.pack("<H", len(page.merges)) + b"".join(struct.pack("<4H", *m) for m in page.merges)
        )
    return out + record(0x0A, b"")


def _cell(r: int, c: int, cell: Any, texts: list[str]) -> bytes:
    look = DAY if isinstance(cell, date) else PERCENT if isinstance(cell, Share) else GENERAL
    place = struct.pack("<HHH", r, c, look)
    if isinstance(cell, Share):
        return record(0x203, place + struct.pack("<d", cell.value))
    if cell is None:
        return b""
    if isinstance(cell, str):
        return record(0xFD, place + struct.pack("<I", texts.index(cell)))
    if isinstance(cell, bool):
        return record(0x205, place + struct.pack("<BB", cell, 0))
    if isinstance(cell, Error):
        return record(0x205, place + struct.pack("<BB", cell.code, 1))
    if isinstance(cell, Formula):
        failed = isinstance(cell.result, Error)
        result = (
            struct.pack("<BBBBBBH", 2, 0, cell.result.code, 0, 0, 0, 0xFFFF)
            if failed
            else struct.pack("<d", cell.result)
        )
        one = b"\x1e\x01\x00"  # the integer 1
        return record(0x06, place + result + struct.pack("<HIH", 0, 0, len(one)) + one)
    number = (cell - DAY_ZERO).days if isinstance(cell, date) else cell
    return record(0x203, place + struct.pack("<d", number))


def compound(streams: dict[str, bytes], *, small: bool = False) -> bytes:
    """Return a compound file that holds the streams."""
    size, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    fat: list[int] = []
    sectors: list[bytes] = []

    def store(body: bytes) -> int:
        first = len(sectors)
        parts = [body[i : i + size].ljust(size, b"\0") for i in range(0, len(body), size)]
        sectors.extend(parts)
        fat.extend([*range(first + 1, first + len(parts)), end])
        return first

    entries = []
    mini, mini_fat = b"", []
    for name, body in streams.items():
        if small:
            first, count = len(mini_fat), -(-len(body) // 64)
            mini_fat += [*range(first + 1, first + count), end]
            mini += body.ljust(count * 64, b"\0")
        else:
            body = body.ljust(4096, b"\0")
            first = store(body)
        entries.append(_entry(name, 2, first, len(body)))
    root = store(mini) if mini else end
    mini_start = store(b"".join(struct.pack("<I", s) for s in mini_fat)) if mini_fat else end
    folder = store(b"".join([_entry("Root Entry", 5, root, len(mini), child=1), *entries]))
    fat_sector = len(sectors)
    fat.append(0xFFFFFFFD)
    fat += [free] * (size // 4 - len(fat))
    if len(fat) > size // 4:
        raise ValueError("too large for one sector of places")
    sectors.append(struct.pack(f"<{size // 4}I", *fat))
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<III", 0, 1, folder) + bytes(4) + struct.pack("<I", 4096)
    head += struct.pack("<II", mini_start, 1 if mini_fat else 0) + struct.pack("<II", end, 0)
    head += struct.pack("<109I", fat_sector, *[free] * 108)
    return head + b"".join(sectors)


def _entry(name: str, kind: int, start: int, length: int, *, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, length)
    )
