"""Cells with dates: a day, or the month or year of which no more is known, or a word in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import AmbiguousError, CellError, NoSuchDayError
from landuse.io.cell.model import Cells, Manner, Read, blank_cells, mended, read_each
from landuse.io.header.alias_files import header_key
from landuse.parsing.dates import is_placeholder_date, parse_date
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank, says_not_started
from landuse.tables.columns import PERIOD

__all__ = ["date_cells", "period_cells"]

_FIRST_YEAR, _LAST_YEAR = 1950, 2100
"""Dates of these years stand for no other; the others are looked at one by one."""


def date_cells(raw: pd.Series, manner: Manner) -> Cells:
    """Read a column of dates.

    Parameters
    ----------
    raw : Series
        The cells as the driver gave them.
    manner : Manner
        ``words`` may stand in the place of a date; with ``period``, a month or year is kept as text in
        ``<column>_period``.

    Returns
    -------
    Cells
        Any other span of days (a quarter, ten days) is unknown, and said.
    """
    sure = _sure(raw)
    raw = raw.reset_index(drop=True)
    rest = raw if sure is None else raw.mask(sure)
    codes, reads, notes = read_each(rest, lambda value: _date(value, manner.words, manner.period))
    days = pd.Series([r.value for r in reads] + [None], dtype="datetime64[us]")
    found = days.to_numpy()[codes]
    blank = blank_cells(codes, reads)
    if sure is not None:
        found[sure] = raw.dt.normalize().to_numpy(dtype="datetime64[us]")[sure]
        blank &= ~sure
    values: dict[str, Any] = {manner.column: pd.Series(found, dtype="datetime64[us]")}
    if manner.period:
        periods = pd.array([r.period for r in reads] + [None], dtype="str")
        values[f"{manner.column}_period"] = pd.Series(periods[codes])
    worded = np.array([bool(r.word) for r in reads] + [False])[codes]
    meant = {int(p): reads[codes[p]].word for p in np.flatnonzero(worded)}
    return Cells(values, blank, notes, meant)


def _sure(raw: pd.Series) -> npt.NDArray[np.bool_] | None:
    """Say which moments are days of these times; None where the column holds no moments without zone."""
    if not (isinstance(raw.dtype, np.dtype) and raw.dtype.kind == "M"):
        return None
    years = raw.dt.year.to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray((years >= _FIRST_YEAR) & (years <= _LAST_YEAR))


def _date(value: Any, words: Mapping[str, str], period: bool) -> Read:
    """Read a date, or a word that stands in its place (not started)."""
    if is_placeholder_date(value):
        return Read(blank=True, said=(("placeholder_date", "mended", {}),))
    try:
        span = parse_date(value)
    except CellError as error:
        word = words.get(header_key(value))
        if word is None and "not_started" in words.values() and says_not_started(value):
            word = "not_started"
        if word is not None:
            return Read(word=word)
        return Read(said=((_fault(error), "kept", {}),))
    if span is None:
        unsaid = isinstance(value, str) and words.get(header_key(value)) == "unknown"
        return Read(word="unknown") if unsaid else Read(blank=True)
    if span.first == span.last:
        return Read(pd.Timestamp(span.first), said=mended(value))
    ends = {"first": span.first, "last": span.last}
    if period and span.period is not None:
        return Read(period=span.period, said=(*mended(value), ("period_only", "kept", ends)))
    return Read(said=(("month_only", "kept", ends),))


def _fault(error: CellError) -> str:
    if isinstance(error, NoSuchDayError):
        return "no_such_day"
    return "ambiguous" if isinstance(error, AmbiguousError) else "not_a_date"


def period_cells(raw: pd.Series, manner: Manner) -> Cells:
    """Read a column of ours that holds months or years as text (``start_due_period``)."""
    codes, reads, notes = read_each(raw, _period)
    periods = pd.array([r.period for r in reads] + [None], dtype="str")
    return Cells({manner.column: pd.Series(periods[codes])}, blank_cells(codes, reads), notes)


def _period(value: Any) -> Read:
    if is_blank(value):
        return Read(blank=True)
    text = plain(value)
    if re.fullmatch(PERIOD, text):
        return Read(period=text)
    return Read(said=(("not_a_date", "kept", {}),))
