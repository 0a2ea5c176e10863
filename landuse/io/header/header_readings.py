"""The ways to read a header: as it stands, without the unit in it, by its levels."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from landuse.io.header.alias_files import common, header_key
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor

__all__ = ["LEVEL", "Reading", "fits", "joined", "level_readings", "readings", "without_brackets"]

LEVEL = " > "
"""What stands between the levels of a header of two or three rows."""
_BRACKETS = re.compile(r"[(\[{<【〔]([^()\[\]{}<>【】〔〕]*)(?:[)\]}>】〕]|$)")
_SEPARATORS = " _-/:,、.。"


@dataclass(frozen=True)
class Reading:
    """One way to read a header: its key and the units cut from it."""

    key: str
    units: tuple[str, ...] = ()


def fits(unit: str, cell: str, column: str) -> bool:
    """Say whether a unit measures what a column holds."""
    if cell == "end":
        cell = "area" if column.rsplit("_", 1)[0].endswith("_m2") else "amount"
    if cell in ("amount", "own_money"):
        return amount_unit_factor(unit) is not None
    return cell in ("area", "floor", "own_area") and area_unit_factor(unit) is not None


def _is_unit(text: str) -> bool:
    return bool(text) and (amount_unit_factor(text) is not None or area_unit_factor(text) is not None)


def readings(header: str) -> Iterator[Reading]:
    """Yield every way to read a header, the most literal first."""
    levels = header.split(LEVEL)
    for start in range(len(levels)):
        yield from joined(levels[start:])


def joined(levels: Sequence[str]) -> Iterator[Reading]:
    """Yield the readings of levels taken as one header."""
    for parts in itertools.product(*(tuple(level_readings(level)) for level in levels)):
        units = tuple(u for p in parts for u in p.units)
        yield Reading("".join(p.key for p in parts), units)


def level_readings(text: str) -> Iterator[Reading]:
    """Yield the readings of one level: as it is, without its unit, without what stands in brackets."""
    key = header_key(text)
    yield Reading(key)
    if _is_unit(key):
        yield Reading("", (key,))
    if key in common()["sheets"]["totals"]:
        yield Reading("")
    units: list[str] = []
    cut = bare = key
    for match in _BRACKETS.finditer(key):
        content = _without_says(match[1])
        if _is_unit(content):
            units.append(content)
            cut, bare = cut.replace(match[0], ""), bare.replace(match[0], "")
        elif not _like_unit(content):
            bare = bare.replace(match[0], "")
    if cut != key:
        yield Reading(cut, tuple(units))
    if bare not in (key, cut):
        yield Reading(bare, tuple(units))
    for place in range(1, len(bare)):
        tail = _without_says(bare[place:].lstrip(_SEPARATORS))
        if _is_unit(tail) and bare[:place].rstrip(_SEPARATORS):
            yield Reading(bare[:place].rstrip(_SEPARATORS), (*units, tail))
            return


def without_brackets(header: str) -> str:
    """Return the key of a header's last level without anything in brackets."""
    return _BRACKETS.sub("", header_key(header.split(LEVEL)[-1]))


def _without_says(text: str) -> str:
    for word in common()["units"]["says"]:
        if text.startswith(word):
            return text.removeprefix(word).lstrip(_SEPARATORS)
    return text


def _like_unit(content: str) -> bool:
    """Say whether what stands in a bracket could be a unit that we do not know; such a bracket stays."""
    return any(sign in content for sign in common()["units"]["signs"])
