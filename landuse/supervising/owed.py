"""When something is due, whether it was done, and what that makes of it: three-valued over spans of days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landuse.tables.spans import Days, Flags, Floats, Span, Words

__all__ = ["NO", "UNKNOWN", "YES", "Done", "Owed", "Range", "Truth", "flagged", "owed", "worded"]

Truth = npt.NDArray[np.int8]
Range = tuple[Floats, Floats]
"""The least and the most a figure can be."""
YES, NO, UNKNOWN = np.int8(1), np.int8(0), np.int8(-1)
A_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Done:
    """Whether something was done by the as-of date (1, 0, -1: unknown), and when, as far as that is known."""

    truth: Truth
    on: Span


@dataclass(frozen=True)
class Owed:
    """The state of an obligation, and its days [d] over and left."""

    state: Words
    days_over: Range
    days_left: Range


def worded(words: Words, yes: str, no: str) -> Truth:
    """Return 1 where a word says yes, 0 where it says no, -1 elsewhere."""
    return flagged(words == yes, words == no)


def flagged(yes: Flags, no: Flags) -> Truth:
    """Return 1 where only ``yes`` holds, 0 where only ``no`` does, -1 elsewhere."""
    return np.where(yes & ~no, YES, np.where(no & ~yes, NO, UNKNOWN))


def owed(due: Span, done: Done, supervised: Truth, today: np.datetime64) -> Owed:
    """Say of each obligation whether it was met, in time or late, is due or overdue.

    Parameters
    ----------
    due : Span
        The last day it can be met on.
    done : Done
        Whether and when it was met.
    supervised : ndarray of int8
        Whether the land is what supervision is about; -1: unknown, and then every state is.
    today : datetime64[D]
        The as-of date, the start of that day.

    Returns
    -------
    Owed
        ``days_over`` is 0 where it was met in time or is not due yet; ``days_left`` is 0 where the day is
        past, and missing where it was met. Both are as wide as the dates.

    Notes
    -----
    What was met was met before the as-of date. Overdue: not met, and the whole of the due span lies before
    that date; on the due day itself it is still due.
    """
    met, open_ = (done.truth == YES) & (supervised == YES), (done.truth == NO) & (supervised == YES)
    by = np.where(done.on.known, np.minimum(done.on.last, today - A_DAY), today - A_DAY)
    late = met & (done.on.first > due.last)
    in_time = met & (by <= due.first)
    ahead, past = due.first >= today, due.last < today
    state = np.select(
        [supervised == NO, late, in_time, met & ~late & ~in_time, open_ & past, open_ & ahead],
        ["out_of_scope", "done_late", "done", "done_timing_unknown", "overdue", "due"],
        default="unknown",
    ).astype(object)
    never_over = ahead & (supervised == YES)
    low = np.where(met, _days(due.last, done.on.first), _days(due.last, today))
    low = np.where(met & ~done.on.known & due.known, 0.0, low)
    high = np.where(met, _days(due.first, by), _days(due.first, today))
    known = due.known & (met | open_ | never_over)
    left = due.known & ~met & (supervised == YES)
    ends = (_days(today, due.first), _days(today, due.last))
    return Owed(
        state,
        (np.where(known, low, np.nan), np.where(known, high, np.nan)),
        (np.where(left, ends[0], np.nan), np.where(left, ends[1], np.nan)),
    )


def _days(since: Days | np.datetime64, until: Days | np.datetime64) -> Floats:
    """Return the days from one day to another, 0 where it comes first, NaN where either is missing."""
    spans = np.asarray(until - since, dtype="timedelta64[D]")
    days = np.where(np.isnat(spans), np.nan, spans.astype(np.float64))
    return np.asarray(np.maximum(days, 0.0), dtype=np.float64)
