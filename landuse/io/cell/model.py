"""How a column of cells is to be read, what came of it, and the way from distinct texts to a column."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.parsing.rates import Rate
from landuse.parsing.text import plain
from landuse.tables.own_facts import OwnFact

__all__ = [
    "Cells", "Flags", "Floats", "Manner", "Note", "Read", "blank_cells", "halves", "mended", "read_each",
    "spread",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Manner:
    """How the cells of a column are read.

    Parameters
    ----------
    column : str
        Our column; a pair by its stem.
    cell : str
        amount, area (of land), floor, end, number, share, date, period, text, code, id, refs, flag, new,
        ownership, zone_class, choice, cause, county, year, edition; for
        columns of the users' own own_money, own_area, own_number, own_end, own_text.
    unit : str or None
        Unit of bare numbers.
    approx_rel : float
        Half the relative width of "about".
    words : mapping
        Words with a meaning of their own, for choice, cause and date.
    pair : bool
        Whether the column is a low/high pair.
    period : bool
        Whether the table keeps, beside a date, the month or year where no more is known.
    rates : mapping
        Exchange rates by currency.
    own : OwnFact or None
        The fact, for a column of the users' own.
    """

    column: str
    cell: str
    unit: str | None = None
    approx_rel: float = 0.1
    words: Mapping[str, str] = field(default_factory=dict)
    pair: bool = False
    period: bool = False
    rates: Mapping[str, Rate] = field(default_factory=dict)
    own: OwnFact | None = None


@dataclass(frozen=True)
class Note:
    """Something to say about a cell: where, what kind, what was done, and the words of its message."""

    position: int
    kind: str
    action: str
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """A column as it was read: values by column name, which cells were blank, what is to be said.

    ``words`` holds what a word in the place of a date means, by position.
    """

    values: dict[str, Any]
    blank: Flags
    notes: list[Note] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """One distinct cell as it was read."""

    value: Any = None
    high: float = math.nan
    said: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    blank: bool = False
    word: str = ""
    period: str | None = None


def halves(raw: pd.Series) -> tuple[Floats, pd.Series]:
    """Return the numbers of a column (NaN elsewhere) and its other cells (missing elsewhere)."""
    if pd.api.types.is_bool_dtype(raw.dtype):
        return np.full(len(raw), np.nan), raw.astype(object).reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(raw.dtype):
        return raw.to_numpy(dtype=np.float64, na_value=np.nan), pd.Series([None] * len(raw), dtype=object)
    cells = raw.astype(object).reset_index(drop=True)
    number = np.fromiter(
        (isinstance(c, int | float | np.number) and not isinstance(c, bool) for c in cells), bool, len(cells)
    )
    values = np.full(len(raw), np.nan)
    values[number] = np.asarray(cells[number].tolist(), dtype=np.float64)
    return values, cells.mask(number, None)


def read_each(
    cells: pd.Series, read: Callable[[Any], Read]
) -> tuple[npt.NDArray[np.intp], list[Read], list[Note]]:
    """Read every distinct cell once; codes are -1 where there is none."""
    codes, uniques = pd.factorize(cells, use_na_sentinel=True)
    reads = [read(u) for u in uniques]
    loud = np.array([bool(r.said) for r in reads] + [False])
    notes = [
        Note(int(p), kind, action, words)
        for p in np.flatnonzero(loud[codes])
        for kind, action, words in reads[codes[p]].said
    ]
    return codes, reads, notes


def spread(reads: list[Read], codes: npt.NDArray[np.intp], *, high: bool = False) -> Floats:
    """Return the values of the cells (or their high ends), NaN where there is none."""
    values = [r.high if high else (math.nan if r.value is None else float(r.value)) for r in reads]
    return np.array([*values, math.nan])[codes]


def blank_cells(codes: npt.NDArray[np.intp], reads: list[Read], numbers: Floats | None = None) -> Flags:
    """Return which cells are blank."""
    flags = np.array([r.blank for r in reads] + [True])[codes]
    return flags if numbers is None else flags & np.isnan(numbers)


def mended(text: Any) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Say that the text of a number or date had to be cleaned before it could be read."""
    if not isinstance(text, str) or plain(text) == text.strip():
        return ()
    wide = any("\uff01" <= sign <= "\uff5e" for sign in text)
    return (("full_width" if wide else "mended_text", "mended", {"now": plain(text)}),)
