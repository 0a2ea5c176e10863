"""Where construction stands on the as-of date: started, suspended, how long, how much is developed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.labels import label
from landuse.measuring.pairs import Flags, Floats, Pair, choose, columns_of, pair_of, ratio
from landuse.tables import issues_at

Days = npt.NDArray[np.datetime64]
Words = npt.NDArray[np.object_]

EVENTS = ("signed_on", "handed_over_on", "started_on", "finished_on", "suspended_on", "resumed_on")
ORDER = (
    ("start_due", "start_due_extended"),
    ("started_on", "suspended_on"),
    ("suspended_on", "resumed_on"),
    ("started_on", "finished_on"),
    ("suspended_on", "finished_on"),
)
"""Pairs of dates of which the first cannot be the later one."""
LEAST_LAND_M2 = 0.01

__all__ = ["Progress", "developed", "full_years", "progress", "start_of"]


@dataclass(frozen=True)
class Progress:
    """Columns of ``parcel_facts`` that depend on dates, and the issues found on the way."""

    columns: dict[str, Any]
    issues: list[dict[str, Any]]


def start_of(day: date) -> np.datetime64:
    """Return the start of a day, as numpy counts days."""
    return np.datetime64(f"{day:%Y-%m-%d}", "D")


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


def progress(parcels: pd.DataFrame, as_of: date) -> Progress:
    """Say how far construction has come on each parcel.

    Parameters
    ----------
    parcels : DataFrame
        Table ``parcels``.
    as_of : date
        The start of that day; what happens on it or later has not happened.

    Returns
    -------
    Progress
        ``start_state``, ``start_due``, ``started_on``, ``days_past_start`` [d], ``full_years_past_start``
        [a] (both missing once started), ``suspend_state``, ``suspended_on``, ``days_suspended`` [d],
        ``full_years_suspended`` [a] (both 0 where not suspended). Dates that contradict each other or a
        state leave it unknown.
    """
    today = start_of(as_of)
    days = {
        c: parcels[c].to_numpy(dtype="datetime64[D]") for c in (*EVENTS, "start_due", "start_due_extended")
    }
    wrong = {pair: days[pair[1]] < days[pair[0]] for pair in ORDER}
    due = np.where(np.isnat(days["start_due_extended"]), days["start_due"], days["start_due_extended"])
    due = np.where(wrong["start_due", "start_due_extended"], np.datetime64("NaT"), due)
    start, start_clash = _start(parcels, days, today)
    suspend, suspend_clash = _suspend(parcels, days, today, start, wrong)
    open_ = start != "started"
    standing = suspend == "suspended"
    columns = {
        "start_state": start,
        "start_due": due,
        "started_on": days["started_on"],
        "days_past_start": np.where(open_, _days_between(due, today), np.nan),
        "full_years_past_start": np.where(open_, full_years(due, today), np.nan),
        "suspend_state": suspend,
        "suspended_on": days["suspended_on"],
        "days_suspended": _while(standing, suspend, _days_between(days["suspended_on"], today)),
        "full_years_suspended": _while(standing, suspend, full_years(days["suspended_on"], today)),
    }
    issues = [row for column in EVENTS for row in _later(parcels, column, days[column], today)]
    issues += [row for pair in ORDER for row in _disorder(parcels, pair, days, wrong[pair])]
    issues += _state_issues(parcels, "start_state", start_clash)
    issues += _state_issues(parcels, "suspend_state", suspend_clash)
    return Progress(columns, issues)


def _start(parcels: pd.DataFrame, days: dict[str, Days], today: np.datetime64) -> tuple[Words, Flags]:
    """Return the start state and where the stated one contradicts the dates.

    A date of starting decides, else the state. What was suspended, resumed or finished had been started:
    that settles an unknown state, and unsettles "not started".
    """
    state = parcels["start_state"].to_numpy(dtype=object)
    begun, awaited = days["started_on"] < today, days["started_on"] >= today
    later_steps = np.zeros(len(state), dtype=bool)
    for column in ("finished_on", "suspended_on", "resumed_on"):
        later_steps |= days[column] < today
    found = np.select([begun, awaited], ["started", "not_started"], default=state).astype(object)
    clash = (begun & (state == "not_started")) | (later_steps & (found == "not_started"))
    found = np.where(later_steps & (found == "unknown"), "started", found)
    return np.where(later_steps & (found == "not_started"), "unknown", found), clash


def _suspend(
    parcels: pd.DataFrame,
    days: dict[str, Days],
    today: np.datetime64,
    start: Words,
    wrong: dict[tuple[str, str], Flags],
) -> tuple[Words, Flags]:
    """Return the suspend state and where the stated one contradicts the dates."""
    state = parcels["suspend_state"].to_numpy(dtype=object)
    halted, resumed, finished = (days[c] < today for c in ("suspended_on", "resumed_on", "finished_on"))
    undated = np.isnat(days["suspended_on"])
    standing = halted & ~resumed & ~finished
    said = (state == "suspended") & undated & ~resumed & ~finished
    clash = (standing & (state == "not_suspended")) | (said & (start == "not_started"))
    disorder = (wrong["suspended_on", "resumed_on"] | wrong["started_on", "suspended_on"]) & ~finished
    disorder |= wrong["suspended_on", "finished_on"] & halted
    unsettled = clash | disorder | (halted & ~finished & (start != "started"))
    over = finished | resumed | (state == "not_suspended") | (start == "not_started")
    over |= days["suspended_on"] >= today
    found = np.select(
        [unsettled, standing | said, over], ["unknown", "suspended", "not_suspended"], default="unknown"
    )
    return found.astype(object), clash


def _days_between(since: Days, today: np.datetime64) -> Floats:
    spans = (today - since).astype("timedelta64[D]")
    return np.where(np.isnat(since), np.nan, spans.astype(np.float64))


def _while(standing: Flags, state: Words, length: Floats) -> Floats:
    """Return a length where suspended, 0 where not, NaN where unknown."""
    return np.where(standing, length, np.where(state == "not_suspended", 0.0, np.nan))


def developed(parcels: pd.DataFrame, used_m2: Floats, greatest_m2: Floats) -> Progress:
    """Say which part of the land that should be developed is.

    Parameters
    ----------
    parcels : DataFrame
        Table ``parcels``.
    used_m2, greatest_m2 : ndarray of float64
        Area used, and the greatest area by any basis at hand [m2].

    Returns
    -------
    Progress
        ``developed_m2``, ``due_development_m2`` [m2] and ``developed_ratio``. Where the land that should be
        developed is not stated it is at least what was developed and at most the parcel. More developed
        than due leaves the ratio unknown.
    """
    done, stated = pair_of(parcels, "developed_m2"), pair_of(parcels, "due_development_m2")
    most = np.where(stated.known, stated.high, np.fmax(used_m2, greatest_m2))
    over = done.low > most
    whole = np.where(stated.known, stated.high, used_m2)
    done_in = Pair(np.fmin(done.low, whole), np.fmin(done.high, whole)).only(done.known)
    least = np.where(done.known, np.fmax(done_in.high, LEAST_LAND_M2), LEAST_LAND_M2)
    assumed = Pair(np.fmin(least, used_m2), used_m2)
    narrowed = Pair(np.fmax(stated.low, np.fmin(np.nan_to_num(done.low), whole)), stated.high)
    due = choose(stated.known, narrowed, assumed).only(~over)
    done = choose(over, done, done_in)
    columns = columns_of("developed_m2", done) | columns_of("due_development_m2", due)
    columns |= columns_of("developed_ratio", ratio(done, due))

    def words(at: Any) -> dict[str, Any]:
        return {"raw": f"{done.low[at]:.10g}", "parcel": parcels.index[at], "due": f"{most[at]:.10g}"}

    return Progress(
        columns,
        issues_at("developed_over_due", "kept", parcels, over, field="developed_m2", words=words),
    )


def _later(parcels: pd.DataFrame, column: str, days: Days, today: np.datetime64) -> list[dict[str, Any]]:
    def words(at: Any) -> dict[str, Any]:
        what = label("event_dates", column)
        return {"raw": days[at], "parcel": parcels.index[at], "what": what, "as_of": today}

    return issues_at("after_as_of", "kept", parcels, days >= today, field=column, words=words)


def _disorder(
    parcels: pd.DataFrame, pair: tuple[str, str], days: dict[str, Days], wrong: Flags
) -> list[dict[str, Any]]:
    first, second = pair

    def words(at: Any) -> dict[str, Any]:
        return {
            "raw": days[second][at],
            "parcel": parcels.index[at],
            "earlier": f"{label('event_dates', second)} {days[second][at]}",
            "later": f"{label('event_dates', first)} {days[first][at]}",
        }

    return issues_at("dates_out_of_order", "kept", parcels, wrong, field=second, words=words)


def _state_issues(parcels: pd.DataFrame, field: str, clash: Flags) -> list[dict[str, Any]]:
    def words(at: Any) -> dict[str, Any]:
        state = label(f"{field}s", parcels[field].iloc[at])
        return {"raw": _dates_said(parcels, at), "parcel": parcels.index[at], "state": state}

    return issues_at(f"{field}_differs", "kept", parcels, clash, field=field, words=words)


def _dates_said(parcels: pd.DataFrame, at: Any) -> str:
    said = {c: parcels[c].iloc[at] for c in ("started_on", "suspended_on", "resumed_on", "finished_on")}
    return "; ".join(f"{label('event_dates', c)} {d:%Y-%m-%d}" for c, d in said.items() if not pd.isna(d))
