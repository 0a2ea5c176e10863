"""Where construction stands on the as-of date: started, suspended, how long, how much is developed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label
from landuse.measuring.pairs import Flags, Floats, Pair, choose, columns_of, pair_of, ratio
from landuse.measuring.spans import days_since, full_years_since
from landuse.measuring.states import ORDER, STEPS, settle_states
from landuse.tables import disorder, issues_at
from landuse.tables.spans import Span, Words, choose_span, days_between, span_of, start_of
from landuse.tables.table import nothing

EVENTS = ("signed_on", "handed_over_on", *STEPS)
DUES = ("handover_due", "start_due", "start_due_extended", "finish_due")
SHOWN = ("started_on", "suspended_on", "resumed_on", "finished_on")
LEAST_LAND_M2 = 0.01

__all__ = ["Progress", "developed", "progress"]


@dataclass(frozen=True)
class Progress:
    """Columns of ``parcel_facts`` that depend on dates, and the issues found on the way."""

    columns: dict[str, Any]
    issues: list[dict[str, Any]]


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
        The dates; ``start_agreed``, ``start_state``, ``days_past_start`` [d], ``full_years_past_start``
        [a], and the same from the contract and from hand-over (all missing once started); ``handed_over``,
        ``days_handed_over_late`` [d]; ``finished``, ``days_past_finish`` [d] (missing once finished);
        ``suspend_state``, ``days_suspended`` [d], ``full_years_suspended`` [a] (both 0 where not
        suspended). Counts are pairs: from a month or year (``start_due_period`` …) they are as wide as it
        is. Dates that contradict each other or a state leave it unknown.
    """
    today = start_of(as_of)
    spans = {c: span_of(parcels, c) for c in (*EVENTS, *DUES)}
    wrong = {(first, second): spans[second].before(spans[first]) for first, second in ORDER}
    extended = spans["start_due_extended"]
    due = choose_span(extended.known, extended, spans["start_due"]).only(
        ~wrong["start_due", "start_due_extended"]
    )
    states = settle_states(parcels, spans, today, wrong)
    columns: dict[str, Any] = {"start_state": states.start, "suspend_state": states.suspend}
    columns["start_agreed"] = _settled(
        parcels["start_agreed"], spans["start_due"].known | extended.known, np.zeros(len(parcels), dtype=bool)
    )
    shown = spans | {"start_due": due, "start_due_agreed": spans["start_due"]}
    for name in (*EVENTS, "handover_due", "start_due", "start_due_agreed", "finish_due"):
        columns |= _dated(name, shown[name])
    open_ = states.start != "started"
    since = {"start": due, "signed": spans["signed_on"], "handover": spans["handed_over_on"]}
    for stem, span in since.items():
        columns |= columns_of(f"days_past_{stem}", days_since(span, today).only(open_))
        columns |= columns_of(f"full_years_past_{stem}", full_years_since(span, today).only(open_))
    columns |= _handover(parcels, spans, today) | _finish(parcels, spans, states.start, today)
    halted = spans["suspended_on"]
    columns |= columns_of("days_suspended", _while(states.suspend, days_since(halted, today)))
    columns |= columns_of("full_years_suspended", _while(states.suspend, full_years_since(halted, today)))
    issues = [row for column in EVENTS for row in _later(parcels, column, spans[column], today)]
    issues += [row for column in STEPS for row in _straddling(parcels, column, spans[column], today)]
    issues += [
        row for pair in ORDER for row in disorder(parcels, pair, spans, wrong[pair], names="event_dates")
    ]
    issues += _state_issues(parcels, "start_state", states.start_clash, spans)
    issues += _state_issues(parcels, "suspend_state", states.suspend_clash, spans)
    return Progress(columns, issues)


def _dated(name: str, span: Span) -> dict[str, Any]:
    """Return the two columns of a date."""
    whole = not span.known.any() or not pd.notna(span.period).any()
    period = nothing(len(span.day)) if whole else pd.array(span.period, dtype="str")
    return {name: span.day, f"{name}_period": period}


def _settled(said: pd.Series, yes: Flags, no: Flags) -> Any:
    """Return a flag: as the date has it where that decides, else as the file says."""
    flags = said.array.copy()
    flags[yes], flags[no] = True, False
    return flags


def _happened(said: pd.Series, span: Span, today: np.datetime64) -> Any:
    """Return whether something has happened on the as-of date; a month around it leaves that open."""
    flags = _settled(said, span.over(today), span.first >= today)
    flags[span.doubtful(today)] = pd.NA
    return flags


def _handover(parcels: pd.DataFrame, spans: dict[str, Span], today: np.datetime64) -> dict[str, Any]:
    """Say whether the land is handed over, and how late: up to the as-of date where it is not yet."""
    due, day = spans["handover_due"], spans["handed_over_on"]
    done = _happened(parcels["handed_over"], day, today)
    waiting = ~day.known & ~done.to_numpy(dtype=bool, na_value=True)
    first = np.where(waiting, today, np.fmin(day.first, today))
    last = np.where(waiting, today, np.fmin(day.last, today))
    known = due.known & (day.known | waiting)
    late = Pair(days_between(due.last, first), days_between(due.first, last)).only(known)
    return {"handed_over": done} | columns_of("days_handed_over_late", late)


def _finish(
    parcels: pd.DataFrame, spans: dict[str, Span], start: Words, today: np.datetime64
) -> dict[str, Any]:
    """Say whether construction is finished, and how long ago it was due to be; what never began is not."""
    done = _happened(parcels["finished"], spans["finished_on"], today)
    done[(start == "not_started") & np.asarray(done.isna())] = False
    open_ = ~done.to_numpy(dtype=bool, na_value=False)
    return {"finished": done} | columns_of(
        "days_past_finish", days_since(spans["finish_due"], today).only(open_)
    )


def _while(state: Words, length: Pair) -> Pair:
    """Return a length where suspended, 0 where not, NaN where unknown."""
    zero = Pair(*(np.zeros(len(state)) for _ in range(2)))
    return choose(state == "not_suspended", zero, length.only(state == "suspended"))


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


def _later(parcels: pd.DataFrame, column: str, span: Span, today: np.datetime64) -> list[dict[str, Any]]:
    def words(at: Any) -> dict[str, Any]:
        what = label("event_dates", column)
        return {"raw": span.text(at), "parcel": parcels.index[at], "what": what, "as_of": today}

    return issues_at("after_as_of", "kept", parcels, span.first >= today, field=column, words=words)


def _straddling(parcels: pd.DataFrame, column: str, span: Span, today: np.datetime64) -> list[dict[str, Any]]:
    def words(at: Any) -> dict[str, Any]:
        what = label("event_dates", column)
        return {"raw": span.text(at), "parcel": parcels.index[at], "what": what, "as_of": today}

    return issues_at("around_as_of", "kept", parcels, span.doubtful(today), field=column, words=words)


def _state_issues(
    parcels: pd.DataFrame, field: str, clash: Flags, spans: dict[str, Span]
) -> list[dict[str, Any]]:
    dated = {column: spans[column].known for column in SHOWN}

    def words(at: Any) -> dict[str, Any]:
        state = label(f"{field}s", parcels[field].iloc[at])
        known = [c for c in SHOWN if dated[c][at]]
        said = "; ".join(f"{label('event_dates', c)} {spans[c].text(at)}" for c in known)
        return {"raw": said, "parcel": parcels.index[at], "state": state}

    return issues_at(f"{field}_differs", "kept", parcels, clash, field=field, words=words)
