"""Dates as spans of days: a day, a month or a year of which no more is known."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import TableError
from landuse.tables.columns import PERIOD

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]
Words = npt.NDArray[np.object_]

__all__ = [
    "Days",
    "Flags",
    "Floats",
    "Span",
    "Words",
    "choose_span",
    "days_between",
    "full_years",
    "span_of",
    "start_of",
]

NEVER = np.datetime64("NaT", "D")


class Span(NamedTuple):
    """First and last day that each date can be; both NaT where nothing is known.

    ``period`` holds the month or year as text where no day is known, None elsewhere.
    """

    first: Days
    last: Days
    period: Words

    @property
    def known(self) -> Flags:
        """Whether anything is known of the date."""
        return ~np.isnat(self.first)

    @property
    def day(self) -> Days:
        """The day itself, NaT where it is not known."""
        return np.where(self.first == self.last, self.first, NEVER)

    def over(self, today: np.datetime64) -> Flags:
        """Say where the date certainly lies before a day."""
        return np.asarray(self.last < today, dtype=np.bool_)

    def doubtful(self, today: np.datetime64) -> Flags:
        """Say where the date may lie before a day or not."""
        return np.asarray((self.first < today) & (self.last >= today), dtype=np.bool_)

    def before(self, other: Span) -> Flags:
        """Say where the date certainly lies before another one."""
        return np.asarray(self.last < other.first, dtype=np.bool_)

    def only(self, mask: Flags) -> Span:
        """Return the dates where the mask holds, unknown elsewhere."""
        first, last = np.where(mask, self.first, NEVER), np.where(mask, self.last, NEVER)
        period = self.period.copy()
        period[~mask] = None
        return Span(first, last, period)

    def text(self, at: Any) -> str:
        """Return one date as it is known: 2019-03-05, 2019-03 or 2019."""
        return str(self.period[at] or self.first[at])


def span_of(table: pd.DataFrame, column: str) -> Span:
    """Return a date of a table, from its day where that is known, else from its period.

    Parameters
    ----------
    table : DataFrame
        With ``column`` (datetime64) and ``<column>_period`` (text: ``2019-03`` or ``2019``).
    column : str
        The date.

    Raises
    ------
    TableError
        For a period that is neither a month nor a year.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"due": pd.to_datetime(["2019-03-05", None]), "due_period": [None, "2020-02"]})
    >>> span_of(table, "due").last
    array(['2019-03-05', '2020-02-29'], dtype='datetime64[D]')
    """
    day = table[column].to_numpy(dtype="datetime64[D]")
    name = f"{column}_period"
    first, last = day.copy(), day.copy()
    period = np.full(len(day), None, dtype=object)
    vague = np.isnat(day) & table[name].notna().to_numpy(dtype=bool)
    if vague.any():
        texts = table[name].to_numpy(dtype=object)
        codes, uniques = pd.factorize(texts[vague])
        ends = [_ends(str(text), name) for text in uniques]
        first[vague] = np.array([e[0] for e in ends], dtype="datetime64[D]")[codes]
        last[vague] = np.array([e[1] for e in ends], dtype="datetime64[D]")[codes]
        period[vague] = texts[vague]
    return Span(first, last, period)


def _ends(text: str, column: str) -> tuple[np.datetime64, np.datetime64]:
    """Return first and last day of a month or year."""
    if not re.fullmatch(PERIOD, text):
        raise TableError(
            f"{text!r} is neither a month nor a year", key=column, remedy="write 2019-03 or 2019"
        )
    whole = np.datetime64(text, "M" if "-" in text else "Y")
    return whole.astype("datetime64[D]"), (whole + 1).astype("datetime64[D]") - np.timedelta64(1, "D")


def choose_span(mask: Flags, one: Span, other: Span) -> Span:
    """Return ``one`` where the mask holds, ``other`` elsewhere."""
    return Span(*(np.where(mask, a, b) for a, b in zip(one, other, strict=True)))


def start_of(day: date) -> np.datetime64:
    """Return the start of a day, as numpy counts days."""
    return np.datetime64(f"{day:%Y-%m-%d}", "D")


def days_between(since: Days, today: np.datetime64 | Days) -> Floats:
    """Return how many days lie between each day and today, negative for one to come; NaN where missing."""
    spans = (today - since).astype("timedelta64[D]")
    return np.where(np.isnat(since), np.nan, spans.astype(np.float64))


def full_years(since: Days, as_of: np.datetime64) -> Floats:
    """Return how many full years are over on the as-of date.

    Parameters
    ----------
    since : ndarray of datetime64[D], shape (n,)
        The day each count starts from.
    as_of : datetime64[D]
        The date; the start of that day.

    Returns
    -------
    ndarray of float64, shape (n,)
        Whole years [a]; 0 before the first is over, NaN where the day is missing.

    Notes
    -----
    n years from day d are over when the as-of date is later than the same day n years on; 29 February is
    followed by 28 February where the year has no such day.

    Examples
    --------
    >>> import numpy as np
    >>> due = np.array(["2024-06-30", "2024-02-29", "NaT"], dtype="datetime64[D]")
    >>> full_years(due, np.datetime64("2025-07-01"))
    array([ 1.,  1., nan])
    >>> full_years(due, np.datetime64("2025-02-28"))
    array([ 0.,  0., nan])
    """
    known = ~np.isnat(since)
    day = np.where(known, since, as_of)
    year, place = _year(day), _place_in_year(day)
    now, here = _year(as_of), int(_place_in_year(as_of))
    leap = (now % 4 == 0) & ((now % 100 != 0) | (now % 400 == 0))
    anniversary = np.where((place == 229) & ~leap, 228, place)
    years = np.maximum(now - year - (here <= anniversary), 0).astype(np.float64)
    return np.where(known, years, np.nan)


def _year(day: Any) -> Any:
    return day.astype("datetime64[Y]").astype(np.int64) + 1970


def _place_in_year(day: Any) -> Any:
    """Return month and day as one number, 229 for 29 February."""
    month = day.astype("datetime64[M]")
    number = month.astype(np.int64) % 12 + 1
    return number * 100 + (day - month.astype("datetime64[D]")).astype(np.int64) + 1
