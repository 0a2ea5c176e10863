"""Which limit each row is held against: by its class, where the limit depends on one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landuse.policy.bars import ANY, INDUSTRY, Bars, industry_key, possible_classes
from landuse.screening.compare import Bools
from landuse.screening.sheet import Codes, Sheet
from landuse.screening.texts import Kinds
from landuse.tables import Table

__all__ = ["NOT_KNOWN", "NOT_LISTED", "Places", "Places32", "other_edition", "places_of"]

Ints = npt.NDArray[np.int64]
Places32 = npt.NDArray[np.int32]

NOT_KNOWN, NOT_LISTED = -1, -2
EDITION = "industry_std_year"
NO_CLASS = "\0"
"""Stands for the classes that no limit names."""
ASTRAY = "\1"
"""Stands for the class of what may lie in no zone."""


@dataclass(frozen=True)
class Places:
    """The limits that rows may be held against.

    Parameters
    ----------
    place : ndarray of int32, shape (rows,), or None
        Place of the row's limit among the bars, None where there is one for all; -1 where it depends on a
        class that is not known, -2 where there is no limit for its class.
    wanted : dict of str to ndarray of bool
        By class fact, the rows whose class is not known and may make a difference.
    groups : tuple
        Rows whose limit is not known, each with the places of the limits that may be theirs; empty where
        there may be no limit for their class.
    """

    place: Places32 | None
    wanted: dict[str, Bools]
    groups: tuple[tuple[Ints, tuple[int, ...]], ...] = ()


def places_of(bars: Bars, sheet: Sheet) -> Places:
    """Say which of the bars each row is held against.

    Parameters
    ----------
    bars : Bars
        The limits.
    sheet : Sheet
        The facts.

    Returns
    -------
    Places

    Notes
    -----
    Where several limits are for a row's classes the one that names them most closely counts: a named class
    before every class, a longer industry code before a shorter one, the first fact of ``by`` first.
    """
    if not bars.by:
        return Places(None, {})
    codes, names = zip(*(_classes(fact, bars, sheet) for fact in bars.by), strict=True)
    kinds = Kinds(sheet.rows)
    for fact, code, values in zip(bars.by, codes, names, strict=True):
        lost = sheet.astray(fact)
        kinds.split(np.where(lost, len(values), code) if lost.any() else code, [*values, ASTRAY, None])
    which, classes = kinds.sorted()
    found = np.full(len(classes), NOT_KNOWN, dtype=np.int32)
    groups = []
    every = list(range(len(bars.keys)))
    for at, held in enumerate(classes):
        may = sorted(set(_winners(bars, held, sheet.table, every)))
        if len(may) == 1:
            found[at] = may[0]
        else:
            rows = np.flatnonzero(which == at).astype(np.int64)
            groups.append((rows, () if NOT_LISTED in may else tuple(may)))
    place = found[which]
    wanted = {f: (code < 0) & (place == NOT_KNOWN) for f, code in zip(bars.by, codes, strict=True)}
    return Places(place, wanted, tuple(groups))


def _classes(fact: str, bars: Bars, sheet: Sheet) -> tuple[Codes, list[str]]:
    codes, names = sheet.classes(fact)
    if fact != INDUSTRY:
        return codes, names
    lost = other_edition(sheet, bars.std)
    return np.where(lost, codes.dtype.type(NOT_KNOWN), codes), [industry_key(n) for n in names]


def other_edition(sheet: Sheet, std: int | None) -> Bools:
    """Say where industry codes are not known to be of an edition of GB/T 4754: their numbers may differ."""
    low, _ = sheet.figures(EDITION)
    return np.asarray(low != float(std or 0), dtype=np.bool_)


def _winners(
    bars: Bars, held: Sequence[str | None], table: Table, left: list[int], at: int = 0
) -> Iterator[int]:
    """Yield, for everything that the classes not known may be, the place of the limit that counts then."""
    if at == len(bars.by) or not left:
        yield max(left, key=lambda p: _closeness(bars.keys[p]), default=NOT_LISTED)
        return
    fact, value = bars.by[at], held[at]
    named = {bars.keys[p][at] for p in left}
    unknown = value is None or value == ASTRAY
    for may in _candidates(fact, named, table, astray=value is not None) if unknown else [str(value)]:
        fitting = [p for p in left if _fits(bars.keys[p][at], may, fact)]
        yield from _winners(bars, held, table, fitting, at + 1)


def _candidates(fact: str, named: set[str], table: Table, *, astray: bool) -> list[str]:
    """Return the classes that an unknown one may be; all that no limit names alike stand as one."""
    possible = possible_classes(table, fact, astray=astray)
    named = named - {ANY}
    if not possible:
        return [*sorted(named), NO_CLASS]
    return [*(v for v in possible if v in named), *([NO_CLASS] if set(possible) - named else [])]


def _fits(cell: str, value: str, fact: str) -> bool:
    """Say whether a limit is for a class."""
    return cell in (ANY, value) or (fact == INDUSTRY and value.startswith(cell))


def _closeness(key: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(len(cell) for cell in key)
