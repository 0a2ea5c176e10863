"""Where the header of a sheet stands, what above it is title, and which rows below it are no records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from landuse.errors import FormatError
from landuse.io.header.alias_files import common, dialect_of, header_key
from landuse.io.header.header_readings import LEVEL, level_readings
from landuse.io.header.headers import recognised
from landuse.io.header.own_aliases import AliasBook
from landuse.io.sheet.raw_rows import RawRows
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.text import plain
from landuse.tables import Table

__all__ = ["Block", "find_header", "kind_of_row", "opens_section", "title_units"]

_DEEPEST = 3
_SEARCHED = 25
_OPENING = 12
"""Signs in which a group shows its number."""
_WIDE = "[\uff01-\uff5e]"


@dataclass(frozen=True)
class Block:
    """The header: its first place in the rows, how many rows it takes, and the headers it makes."""

    top: int
    depth: int
    headers: list[str]


def find_header(
    raw: RawRows,
    table: Table,
    columns: Mapping[str, str],
    *,
    file: str,
    book: AliasBook | None = None,
) -> Block:
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
    full = (i for i, row in enumerate(raw.rows) if any(c is not None for c in row))
    for top in islice(full, _SEARCHED):
        for depth in range(1, _DEEPEST + 1):
            block = _block(raw, top, depth)
            if block is None:
                continue
            first = first or (block if len(_filled(raw.rows[top])) > 1 else None)
            known = len({c for c in recognised(block.headers, table, columns, book=book) if c})
            if known and (known, -depth) > best[0]:
                best = ((known, -depth), block)
    found = best[1] or first
    if found is None:
        raise FormatError(
            "the sheet holds no row of headers",
            file=file,
            remedy="write the headers in one row above the records",
        )
    while found.depth < _DEEPEST and _only_headers(raw, found.top + found.depth, table, book):
        deeper = _block(raw, found.top, found.depth + 1)
        if deeper is None:
            break
        found = deeper
    return found


def _only_headers(raw: RawRows, place: int, table: Table, book: AliasBook | None) -> bool:
    """Say whether a row holds known headers and units alone; such a row belongs to the header above it."""
    cells = _filled(raw.rows[place]) if place < len(raw.rows) else []
    dialect = dialect_of(table, book)
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


def kind_of_row(row: Sequence[Any], leading: int, *, wide: bool) -> str | None:
    """Tell what a row below the header is: blank, total_row, note_row, or None for a record.

    Parameters
    ----------
    row : sequence
        Its cells.
    leading : int
        How many columns stand before the first figure; a total is named in one of them.
    wide : bool
        Whether a cell that spans most of the table begins in it.
    """
    filled = _filled(row)
    if not filled:
        return "blank"
    texts = [c for c in row[:leading] if isinstance(c, str)]
    texts = texts or [c for c in filled if isinstance(c, str)][:3]
    if _total_signs().search("".join(texts)) and any(_is_total(header_key(t)) for t in texts):
        return "total_row"
    first = filled[0]
    if not isinstance(first, str):
        return None
    start = first.lstrip().lstrip("*:#'\"").lstrip()[:1]
    if (start in _note_signs() or "\uff01" <= start <= "\uff5e") and _is_note(
        header_key(first), alone=len(filled) <= 2
    ):
        return "note_row"
    return "note_row" if len(filled) == 1 and (wide or opens_section(filled)) else None


@cache
def _total_signs() -> re.Pattern[str]:
    """One sign of every word for a total, and full-width ones: a row without any of them is none."""
    words = (*common()["sheets"]["totals"], *common()["sheets"]["total_ends"])
    signs = {max(word) for word in words}
    return re.compile("[" + "".join(sorted(signs | {s.upper() for s in signs})) + _WIDE[1:])


@cache
def _note_signs() -> frozenset[str]:
    firsts = {word[0] for word in common()["sheets"]["notes"]}
    return frozenset(firsts | {s.upper() for s in firsts})


@cache
def _section_signs() -> frozenset[str]:
    """What a group's number can begin with; nothing at all is no sign of it."""
    return frozenset(common()["sheets"]["section"]) | {"\uff08"}


def opens_section(row: Sequence[Any]) -> bool:
    """Say whether the first text of a row numbers a group (a Chinese numeral and a stop)."""
    first = next((c.lstrip() for c in row if isinstance(c, str)), "")
    if first[:1] not in _section_signs():
        return False
    return re.match(common()["sheets"]["section"], header_key(first[:_OPENING])) is not None


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
