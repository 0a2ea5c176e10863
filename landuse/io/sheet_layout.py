"""Where the header of a sheet stands, what above it is title, and which rows below it are no records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landuse.errors import FormatError
from landuse.io.alias_files import common, dialect_of, header_key
from landuse.io.header_readings import LEVEL, level_readings
from landuse.io.headers import recognised
from landuse.io.raw_rows import Merge, RawRows
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.text import plain
from landuse.tables import Table

__all__ = ["Block", "find_header", "kind_of_row", "opens_section", "title_units"]

_DEEPEST = 3
_SEARCHED = 25


@dataclass(frozen=True)
class Block:
    """The header: its first place in the rows, how many rows it takes, and the headers it makes."""

    top: int
    depth: int
    headers: list[str]


def find_header(raw: RawRows, table: Table, columns: Mapping[str, str], *, file: str) -> Block:
    """Return the rows that name most columns of a table; the shallowest and first of them.

    A block ends where no merged range runs on below it, and takes in a row of known headers or units that
    follows. Where no header is known, the first row of two or more texts is taken.

    Raises
    ------
    FormatError
        Where the sheet holds no row that could be a header.
    """
    best: tuple[tuple[int, int], Block | None] = ((0, 0), None)
    first: Block | None = None
    searched = [i for i, row in enumerate(raw.rows) if _filled(row)][:_SEARCHED]
    for top in searched:
        for depth in range(1, _DEEPEST + 1):
            block = _block(raw, top, depth)
            if block is None:
                continue
            first = first or (block if len(_filled(raw.rows[top])) > 1 else None)
            known = len({c for c in recognised(block.headers, table, columns) if c})
            if known and (known, -depth) > best[0]:
                best = ((known, -depth), block)
    found = best[1] or first
    if found is None:
        raise FormatError(
            "the sheet holds no row of headers",
            file=file,
            remedy="write the headers in one row above the records",
        )
    while found.depth < _DEEPEST and _only_headers(raw, found.top + found.depth, table):
        deeper = _block(raw, found.top, found.depth + 1)
        if deeper is None:
            break
        found = deeper
    return found


def _only_headers(raw: RawRows, place: int, table: Table) -> bool:
    """Say whether a row holds known headers and units alone; such a row belongs to the header above it."""
    cells = _filled(raw.rows[place]) if place < len(raw.rows) else []
    dialect = dialect_of(table)
    known = dialect.aliases.keys() | dialect.unused | {""}
    return bool(cells) and all(
        isinstance(c, str) and any(r.key in known for r in level_readings(c)) for c in cells
    )


def _block(raw: RawRows, top: int, depth: int) -> Block | None:
    """Return the header that some rows make, None where they cannot be one."""
    bottom = top + depth - 1
    if bottom >= len(raw.rows) or any(m.top < top <= m.bottom for m in raw.merges):
        return None
    if any(top <= m.top <= bottom < m.bottom for m in raw.merges):
        return None
    if depth > 1 and not all(_filled(raw.rows[i]) for i in range(top, bottom + 1)):
        return None
    if any(not isinstance(c, str) for i in range(top, bottom + 1) for c in _filled(raw.rows[i])):
        return None
    width = max(len(row) for row in raw.rows[top : bottom + 1])
    levels = [_spread(raw, i, width) for i in range(top, bottom + 1)]
    headers = []
    for column in range(width):
        names = [levels[i][column] for i in range(depth)]
        headers.append(LEVEL.join(dict.fromkeys(n for n in names if n)))
    while headers and not headers[-1]:
        headers.pop()
    return Block(top, depth, headers) if headers else None


def _spread(raw: RawRows, place: int, width: int) -> list[str]:
    """Return the texts of a header row, a merged one over all of its columns and rows."""
    row = raw.rows[place]
    texts = [plain(row[c]) if c < len(row) and row[c] is not None else "" for c in range(width)]
    for m in raw.merges:
        if m.top <= place <= m.bottom and m.left < len(raw.rows[m.top]):
            value = raw.rows[m.top][m.left]
            for column in range(m.left, min(m.right + 1, width)):
                texts[column] = "" if value is None else plain(value)
    return texts


def _filled(row: Sequence[Any]) -> list[Any]:
    return [c for c in row if c is not None]


def kind_of_row(row: Sequence[Any], place: int, merges: Sequence[Merge], width: int) -> str | None:
    """Tell what a row below the header is: blank, total_row, note_row, or None for a record."""
    filled = _filled(row)
    if not filled:
        return "blank"
    texts = [header_key(c) for c in filled if isinstance(c, str)][:3]
    if any(_is_total(t) for t in texts):
        return "total_row"
    if texts and isinstance(filled[0], str) and _is_note(texts[0], alone=len(filled) <= 2):
        return "note_row"
    if len(filled) == 1 and opens_section(filled):
        return "note_row"
    wide = any(m.top == place and m.right - m.left + 1 > max(1, width // 2) for m in merges)
    return "note_row" if wide and len(filled) == 1 else None


def opens_section(row: Sequence[Any]) -> bool:
    """Say whether the first text of a row numbers a group (a Chinese numeral and a stop)."""
    texts = [header_key(c) for c in row if isinstance(c, str)][:1]
    return bool(texts) and re.match(common()["sheets"]["section"], texts[0]) is not None


def _is_total(key: str) -> bool:
    bare = re.sub(rf"[(\[].*|[:\d]+[{common()['sheets']['counters']}]?$", "", key)
    words = common()["sheets"]
    return bare in words["totals"] or (len(bare) <= 10 and bare.endswith(tuple(words["total_ends"])))


def _is_note(key: str, *, alone: bool) -> bool:
    for word in common()["sheets"]["notes"]:
        rest = key.removeprefix(word)
        if rest != key and (rest[:1] == ":" or re.match(r"\d+[:.、]", rest) or (alone and not rest)):
            return True
    return False


def title_units(titles: Sequence[str]) -> dict[str, str]:
    """Return the units that the text above a table names, by kind; none where two differ."""
    says = "|".join(common()["units"]["says"])
    joins = rf"[{common()['units']['joins']}\s]+"
    found: dict[str, set[str]] = {"amount": set(), "area": set()}
    for title in titles:
        for match in re.finditer(rf"(?:{says})\s*:\s*([^()\[\]]+)", plain(title), re.IGNORECASE):
            for word in re.split(joins, match[1]):
                if word and amount_unit_factor(word) is not None:
                    found["amount"].add(word)
                elif word and area_unit_factor(word) is not None:
                    found["area"].add(word)
    return {kind: next(iter(units)) for kind, units in found.items() if len(units) == 1}
