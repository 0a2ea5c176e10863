"""Which limit each row is held against: by its class, where the limit depends on one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.policy.bars import ANY, Bars, industry_key
from landuse.screening.compare import Bools
from landuse.screening.sheet import Sheet

__all__ = ["NOT_KNOWN", "NOT_LISTED", "Places", "places_of"]

Ints = npt.NDArray[np.int64]

NOT_KNOWN, NOT_LISTED = -1, -2
INDUSTRY, EDITION = "industry_code", "industry_std_year"


@dataclass(frozen=True)
class Places:
    """The limits that rows may be held against.

    Parameters
    ----------
    place : ndarray of int64, shape (rows,)
        Place of the row's limit among the bars; -1 where a class is not known, -2 where there is no limit for
        its class.
    wanted : dict of str to ndarray of bool
        By class fact, the rows whose class is not known.
    groups : tuple
        Rows whose class is not known, each with the places of the limits that may be theirs; empty where
        other classes than those listed may be theirs.
    """

    place: Ints
    wanted: dict[str, Bools]
    groups: tuple[tuple[Ints, tuple[int, ...]], ...] = ()

    def held(self) -> Iterator[tuple[int, Ints | slice]]:
        """Yield each limit with the rows that are held against it."""
        if not self.wanted:
            yield 0, slice(None)
            return
        for at in np.unique(self.place).tolist():
            if at >= 0:
                yield at, np.flatnonzero(self.place == at)


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
        return Places(np.zeros(sheet.rows, dtype=np.int64), {})
    codes, names = zip(*(_classes(fact, bars, sheet) for fact in bars.by), strict=True)
    mixed = np.zeros(sheet.rows, dtype=np.int64)
    for code, values in zip(codes, names, strict=True):
        mixed = mixed * (len(values) + 1) + code + 1
    which, kinds = pd.factorize(mixed)
    found = np.full(len(kinds), NOT_KNOWN, dtype=np.int64)
    groups = []
    for at, kind in enumerate(kinds.tolist()):
        classes = _unmixed(kind, [len(v) for v in names])
        held = [None if c < 0 else names[i][c] for i, c in enumerate(classes)]
        fitting = [p for p, key in enumerate(bars.keys) if _fits(key, held, bars.by)]
        if None in held:
            may = tuple(fitting) if bars.complete else ()
            groups.append((np.flatnonzero(which == at).astype(np.int64), may))
        else:
            found[at] = max(fitting, key=lambda p: _closeness(bars.keys[p]), default=NOT_LISTED)
    wanted = {fact: np.asarray(code < 0) for fact, code in zip(bars.by, codes, strict=True)}
    return Places(found[which], wanted, tuple(groups))


def _classes(fact: str, bars: Bars, sheet: Sheet) -> tuple[Ints, list[str]]:
    codes, names = sheet.classes(fact)
    if fact != INDUSTRY:
        return codes, names
    return np.where(other_edition(sheet, bars.std), NOT_KNOWN, codes), [industry_key(n) for n in names]


def other_edition(sheet: Sheet, std: int | None) -> Bools:
    """Say where industry codes are not known to be of an edition of GB/T 4754: their numbers may differ."""
    low, _ = sheet.figures(EDITION)
    return np.asarray(low != float(std or 0), dtype=np.bool_)


def _unmixed(kind: int, sizes: list[int]) -> list[int]:
    classes: list[int] = []
    for size in reversed(sizes):
        kind, code = divmod(kind, size + 1)
        classes.insert(0, code - 1)
    return classes


def _fits(key: tuple[str, ...], held: list[str | None], by: tuple[str, ...]) -> bool:
    """Say whether a limit is for classes; one that is not known may be any."""
    for cell, value, fact in zip(key, held, by, strict=True):
        if cell == ANY or value is None:
            continue
        if fact == INDUSTRY and value.startswith(industry_key(cell)):
            continue
        if cell != value:
            return False
    return True


def _closeness(key: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(len(cell) for cell in key)
