"""Cells of the users' own columns: figures in the declared unit, texts of a closed list."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import AmbiguousError, CellError, UnitError, nearest
from landuse.io.cell.figures import extent
from landuse.io.cell.model import (
    Cells,
    Floats,
    Manner,
    Note,
    Read,
    blank_cells,
    halves,
    mended,
    read_each,
    spread,
)
from landuse.io.cell.texts import clean_texts
from landuse.io.header.alias_files import header_key
from landuse.io.header.own_headers import measure_unit
from landuse.parsing.amounts import amount_unit_currency, amount_unit_factor, parse_amount
from landuse.parsing.areas import area_unit_factor, parse_area
from landuse.parsing.measures import MeasureUnit, parse_measure, unit_size
from landuse.parsing.numbers import parse_number
from landuse.parsing.text import plain
from landuse.tables.own_facts import OwnFact

__all__ = ["own_ends", "own_figures", "own_texts"]

PERCENT = "%"


def own_figures(raw: pd.Series, manner: Manner) -> Cells:
    """Read a column of figures of the users' own, in the unit that the policy declares.

    Parameters
    ----------
    raw : Series
        The cells as the driver gave them.
    manner : Manner
        Its ``cell`` is own_money, own_area or own_number; its ``unit`` that of the header, if any.

    Returns
    -------
    Cells
        A pair. A figure in another unit, or one that cannot be read, is unknown, and said; so is a negative
        one of a fact per land.
    """
    fact = _fact(manner)
    numbers, texts = halves(raw)
    low, notes = _bare(numbers, _size_of_header(manner, fact))
    if _may_be_parts(manner, fact):
        doubtful = (numbers != 0) & (np.abs(numbers) <= 1)
        low[doubtful] = np.nan
        notes += [Note(int(p), "own_percent", "kept") for p in np.flatnonzero(doubtful)]
    high = low.copy()
    codes, reads, more = read_each(texts, lambda text: _read(text, manner, fact))
    spoken = codes >= 0
    low[spoken] = spread(reads, codes)[spoken]
    high[spoken] = spread(reads, codes, high=True)[spoken]
    notes += more
    if fact.per:
        with np.errstate(invalid="ignore"):
            below = low < 0
        low[below], high[below] = np.nan, np.nan
        notes += [Note(int(p), "own_negative", "kept") for p in np.flatnonzero(below)]
    values = {f"{fact.name}_low": low, f"{fact.name}_high": high}
    return Cells(values, blank_cells(codes, reads, numbers), notes)


def _may_be_parts(manner: Manner, fact: OwnFact) -> bool:
    """Say whether a bare 0.35 of a fact in per cent may mean 35 %: no header says what figures are in."""
    return fact.unit == PERCENT and manner.unit is None


def _fact(manner: Manner) -> OwnFact:
    if manner.own is None:
        raise TypeError(f"{manner.column} is no column of the users' own")
    return manner.own


def _size_of_header(manner: Manner, fact: OwnFact) -> Fraction:
    """Return how many of the declared unit one of the header's is."""
    if manner.unit is None:
        return Fraction(1)
    if manner.cell == "own_number":
        unit = measure_unit(fact.unit)
        size = unit_size(manner.unit, unit.names)
        return Fraction(1) if size is None else size / unit.size
    factor = amount_unit_factor if manner.cell == "own_money" else area_unit_factor
    header, own = factor(manner.unit), factor(fact.unit)
    if header is None or own is None:
        raise UnitError(f"{manner.unit!r} does not measure {fact.name}")
    return header / own


def _bare(numbers: Floats, size: Fraction) -> tuple[Floats, list[Note]]:
    """Convert bare numbers; what is not finite is no number."""
    with np.errstate(over="ignore"):
        values = numbers * float(size.numerator) / float(size.denominator)
    bad = np.isinf(values)
    values[bad] = np.nan
    return values, [Note(int(p), "not_a_number", "kept") for p in np.flatnonzero(bad)]


def _read(text: Any, manner: Manner, fact: OwnFact) -> Read:
    """Read one figure written as text."""
    try:
        found = _house_figure(text, manner, fact) if manner.cell != "own_number" else _own(text, manner, fact)
    except UnitError:
        unit = {"unit": fact.unit} if fact.unit else {"unit": "—"}
        return Read(said=(("own_unit_other", "kept", unit),))
    except _PercentError:
        return Read(said=(("own_percent", "kept", {}),))
    except AmbiguousError:
        return Read(said=(("ambiguous", "kept", {}),))
    except (CellError, OverflowError):
        return Read(said=(("not_a_number", "kept", {}),))
    if found is None:
        return Read(blank=True)
    low, high, bound, approx = found
    return Read(low, high, mended(text) + extent(low, high, bound=bound, approx=approx))


class _PercentError(Exception):
    """A figure of which it cannot be told whether it is in per cent or in parts of one."""


_Found = tuple[float, float, str, bool]


def _own(text: Any, manner: Manner, fact: OwnFact) -> _Found | None:
    bare = None if manner.unit is None else _size_of_header(manner, fact)
    unit = measure_unit(fact.unit)
    shown = PERCENT in plain(text)
    if not fact.unit and shown:
        unit = MeasureUnit((PERCENT,), Fraction(100))
    found = parse_measure(text, unit, bare=bare, approx_rel=manner.approx_rel)
    if found is None:
        return None
    most = max(abs(found.low), abs(found.low if found.high is None else found.high))
    if not shown and _may_be_parts(manner, fact) and 0 < most <= 1:
        raise _PercentError
    return float(found.low), math.inf if found.high is None else float(found.high), found.bound, found.approx


def _house_figure(text: Any, manner: Manner, fact: OwnFact) -> _Found | None:
    """Read money or land as the house does, and bring it into the declared unit."""
    unit, rel = manner.unit or fact.unit, manner.approx_rel
    if manner.cell == "own_money":
        amount = parse_amount(text, unit, approx_rel=rel)
        if amount is None:
            return None
        if amount.currency != amount_unit_currency(fact.unit):
            raise UnitError(f"money in {amount.currency}")
        low, high, bound, approx = amount.low, amount.high, amount.bound, amount.approx
        factor = amount_unit_factor(fact.unit)
    else:
        area = parse_area(text, unit, approx_rel=rel, land=False)
        if area is None:
            return None
        low, high, bound, approx = area.low, area.high, area.bound, area.approx
        factor = area_unit_factor(fact.unit)
    size = Fraction(1) if factor is None else factor
    return _over(low, size), _over(high, size), bound, approx


def _over(value: float, size: Fraction) -> float:
    """Divide the shortest decimal of a float: 0.001234 wan are 12.34 yuan."""
    return value if math.isinf(value) else float(Fraction(str(value)) / size)


def own_ends(raw: pd.Series, manner: Manner) -> Cells:
    """Read one end of a pair that a file of ours holds in a column of its own; inf is no upper end."""
    numbers, texts = halves(raw)
    codes, reads, notes = read_each(texts, _end)
    values = np.where(codes >= 0, spread(reads, codes), numbers)
    return Cells({manner.column: values}, blank_cells(codes, reads, numbers), notes)


def _end(text: Any) -> Read:
    if isinstance(text, str) and plain(text).casefold() in ("inf", "-inf", "∞"):
        return Read(float(plain(text).replace("∞", "inf")))
    try:
        value = parse_number(text)
    except CellError:
        return Read(said=(("not_a_number", "kept", {}),))
    return Read(blank=True) if value is None else Read(value, said=mended(text))


def own_texts(raw: pd.Series, manner: Manner) -> Cells:
    """Read texts; one that a closed list does not hold is unknown, and said with the nearest of the list."""
    texts, _ = clean_texts(raw)
    known = {header_key(v): v for v in _fact(manner).values}
    if not known:
        return Cells({manner.column: texts}, texts.isna().to_numpy(dtype=bool))
    whole = raw.astype(object).reset_index(drop=True)
    codes, reads, notes = read_each(whole, lambda text: _listed(text, known))
    found = pd.array([r.value for r in reads] + [None], dtype="str")
    return Cells({manner.column: pd.Series(found[codes])}, blank_cells(codes, reads), notes)


def _listed(text: Any, known: Mapping[str, str]) -> Read:
    cleaned, _ = clean_texts(pd.Series([text], dtype=object))
    word = known.get(header_key(text))
    if word is not None:
        return Read(word)
    if cleaned.isna().iloc[0]:
        return Read(blank=True)
    like = nearest(header_key(text), list(known))
    return Read(said=(("own_value_unknown", "kept", {"nearest": known[like] if like else "—"}),))
