"""Cells with amounts and areas: bare numbers by the unit of their header, texts as they are written."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import AmbiguousError, CellError, UnitError
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
from landuse.parsing.amounts import Amount, amount_unit_currency, amount_unit_factor, parse_amount
from landuse.parsing.areas import area_unit_factor, parse_area
from landuse.parsing.rates import Rate
from landuse.parsing.text import plain

__all__ = ["extent", "figure_cells"]

_HOLDS = {
    "total_invest_wan": "total",
    "planned_wan": "planned",
    "fixed_invest_wan": "fixed",
    "invested_wan": "invested",
    "output_wan": "output",
    "tax_wan": "tax",
    "price_wan": "price",
    "stated_area_m2": "land",
    "requested_m2": "land",
    "supplied_m2": "land",
    "farmland_m2": "farmland",
    "cultivated_m2": "cultivated",
    "developed_m2": "developed",
    "due_development_m2": "due",
    "footprint_m2": "footprint",
    "floor_area_m2": "floor",
}
"""Which figure of a sentence a column takes."""


def figure_cells(raw: pd.Series, manner: Manner) -> Cells:
    """Read a column of amounts [wan] or areas [m2].

    Parameters
    ----------
    raw : Series
        The cells as the driver gave them.
    manner : Manner
        Its ``cell`` is amount, area or floor.

    Returns
    -------
    Cells
        Foreign money in yuan by the rate of its currency; unknown, and said, where there is none.
    """
    numbers, texts = halves(raw)
    low, notes = _bare(numbers, manner)
    high = low.copy()
    codes, reads, more = read_each(texts, lambda t: _figure(t, manner))
    spoken = codes >= 0
    low[spoken] = spread(reads, codes)[spoken]
    high[spoken] = spread(reads, codes, high=True)[spoken]
    column = manner.column
    values = {f"{column}_low": low, f"{column}_high": high} if manner.pair else {column: low}
    return Cells(values, blank_cells(codes, reads, numbers), [*notes, *more])


def _bare(numbers: Floats, manner: Manner) -> tuple[Floats, list[Note]]:
    """Convert bare numbers by the unit of their header; without one they are unknown."""
    there = ~np.isnan(numbers)
    if not there.any():
        return numbers.copy(), []
    bad = there & ((numbers < 0) | np.isinf(numbers))
    notes = [
        Note(int(p), "negative", "rejected") if numbers[p] < 0 else Note(int(p), "not_a_number", "kept")
        for p in np.flatnonzero(bad)
    ]
    good = there & ~bad
    unit = manner.unit
    currency = (amount_unit_currency(unit) if unit and manner.cell == "amount" else None) or "CNY"
    rate = manner.rates.get(currency)
    if unit is None or (currency != "CNY" and rate is None):
        words = {} if unit is None else {"currency": currency}
        kind = "unit_unknown" if unit is None else "foreign_currency"
        notes += [Note(int(p), kind, "kept", words) for p in np.flatnonzero(good)]
        return np.full(len(numbers), np.nan), notes
    factor = amount_unit_factor(unit) if manner.cell == "amount" else area_unit_factor(unit)
    if factor is None:
        raise UnitError(f"{unit!r} is not a unit of {manner.cell}")
    with np.errstate(over="ignore"):
        values = np.where(good, numbers, np.nan) * float(factor.numerator) / float(factor.denominator)
    beyond = np.isinf(values)
    notes += [Note(int(p), "not_a_number", "kept") for p in np.flatnonzero(beyond)]
    values[beyond], good = np.nan, good & ~beyond
    if rate is not None:
        kept, codes = np.unique(values[good], return_inverse=True)
        values[good] = np.array([rate.to_cny(v) for v in kept.tolist()])[codes]
        notes += [Note(int(p), *_converted(rate, values[p], values[p])) for p in np.flatnonzero(good)]
    return values, notes


def _figure(text: Any, manner: Manner) -> Read:
    """Read one amount or area written as text."""
    of = _HOLDS.get(manner.column)
    try:
        found: Any = (
            parse_amount(text, manner.unit, approx_rel=manner.approx_rel, of=of)
            if manner.cell == "amount"
            else parse_area(
                text, manner.unit, approx_rel=manner.approx_rel, land=manner.cell == "area", of=of
            )
        )
    except UnitError:
        return Read(said=(("unit_unknown", "kept", {}),))
    except AmbiguousError:
        return Read(said=(("ambiguous", "kept", {}),))
    except CellError:
        negative = bool(re.match(r"[-−–]\s*[0-9.]", plain(text)))
        return Read(said=(("negative", "rejected", {}) if negative else ("not_a_number", "kept", {}),))
    if found is None:
        return Read(blank=True)
    low, high, said = found.low, found.high, mended(text)
    if isinstance(found, Amount) and found.currency != "CNY":
        rate = manner.rates.get(found.currency)
        if rate is None:
            return Read(said=(("foreign_currency", "kept", {"currency": found.currency}),))
        low, high = rate.to_cny(low), rate.to_cny(high)
        said += (_converted(rate, low, high),)
    if not manner.pair and low != high:
        return Read(said=(("inexact", "kept", {"low": _short(low), "high": _short(high)}),))
    return Read(low, high, said + extent(low, high, bound=found.bound, approx=found.approx))


def extent(
    low: float, high: float, *, bound: str, approx: bool
) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Say that a figure is no exact one: bounded, about, or a range; nothing of an exact one."""
    ends = {"low": _short(low), "high": _short(high)}
    if bound != "exact":
        return (("bounded", "kept", ends),)
    if approx:
        return (("approximate", "mended", ends),)
    return (("range", "kept", ends),) if low != high else ()


def _converted(rate: Rate, low: float, high: float) -> tuple[str, str, dict[str, Any]]:
    wan = _short(low) if low == high else f"{_short(low)}–{_short(high)}"
    words = {
        "currency": rate.currency,
        "yuan": f"{float(rate.yuan):.10g}",
        "on": rate.on,
        "origin": rate.source,
    }
    return ("currency_converted", "mended", words | {"wan": wan})


def _short(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.10g}"
