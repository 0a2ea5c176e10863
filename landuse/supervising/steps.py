"""What a parcel's dates and states say of handover, start and finish on the as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label, say
from landuse.supervising.owed import NO, UNKNOWN, YES, Done, Truth, flagged, worded
from landuse.tables import disorder
from landuse.tables.spans import Flags, Span, Words, span_of

__all__ = ["AGREED", "Steps", "steps_of"]

DATES = (
    "signed_on",
    "handover_due",
    "handed_over_on",
    "start_due",
    "start_due_extended",
    "finish_due",
    "started_on",
    "suspended_on",
    "resumed_on",
    "finished_on",
)
AGREED = (("handover_due", "start_due"), ("start_due", "finish_due"), ("start_due_extended", "finish_due"))
"""Days agreed on, of which the first cannot be the later one."""
HAPPENED = (
    ("started_on", "suspended_on"),
    ("suspended_on", "resumed_on"),
    ("started_on", "finished_on"),
    ("suspended_on", "finished_on"),
)
"""The same of what happened. Handover and contract are not among them: there are buildings before either."""


@dataclass(frozen=True)
class Steps:
    """The dates of parcels, what is due when, what was done, and what contradicts itself.

    ``due`` and ``done`` are by obligation: handover, start, finish. ``start`` and ``suspended`` are the
    states that the facts have; ``contradiction`` says in words what is wrong, None where nothing is.
    """

    dates: Mapping[str, Span]
    due: Mapping[str, Span]
    done: Mapping[str, Done]
    supervised: Truth
    start: Words
    suspended: Truth
    resumed: Flags
    extended: Flags
    contradiction: Words
    issues: list[dict[str, Any]]


def steps_of(parcels: pd.DataFrame, facts: pd.DataFrame, today: np.datetime64) -> Steps:
    """Read the timeline of every parcel.

    Parameters
    ----------
    parcels, facts : DataFrame
        Tables ``parcels`` and ``parcel_facts``, row by row the same parcels.
    today : datetime64[D]
        The as-of date, the start of that day.

    Returns
    -------
    Steps
        A due day that contradicts another one is not relied on, nor is a date of starting or finishing that
        contradicts what else happened; the due day of the start is that of the facts.
    """
    dates = {name: span_of(parcels, name) for name in DATES}
    wrong = {(a, b): dates[b].before(dates[a]) for a, b in (*AGREED, *HAPPENED)}
    start = facts["start_state"].to_numpy(dtype=object)
    suspend = facts["suspend_state"].to_numpy(dtype=object)
    denied = (parcels["start_state"].to_numpy(dtype=object) == "not_started") & (start != "not_started")
    due = {
        "handover": dates["handover_due"].only(~wrong["handover_due", "start_due"]),
        "start": span_of(facts, "start_due"),
        "finish": dates["finish_due"].only(
            ~(wrong["start_due", "finish_due"] | wrong["start_due_extended", "finish_due"])
        ),
    }
    started_wrong = wrong["started_on", "suspended_on"] | wrong["started_on", "finished_on"]
    finished_wrong = wrong["started_on", "finished_on"] | wrong["suspended_on", "finished_on"]
    done = {
        "handover": Done(_flag(facts["handed_over"]), dates["handed_over_on"]),
        "start": Done(worded(start, "started", "not_started"), dates["started_on"].only(~started_wrong)),
        "finish": Done(
            _finished(facts, (start == "not_started") | (suspend == "suspended"), finished_wrong),
            dates["finished_on"].only(~finished_wrong),
        ),
    }
    extended = dates["start_due_extended"].known & due["start"].known
    return Steps(
        dates,
        due,
        done,
        _flag(facts["state_construction"]),
        start,
        worded(suspend, "suspended", "not_suspended"),
        dates["resumed_on"].over(today),
        extended,
        _contradictions(parcels, dates, wrong, denied),
        [row for pair in AGREED for row in disorder(parcels, pair, dates, wrong[pair], names="columns")],
    )


def _flag(column: pd.Series) -> Truth:
    """Return a nullable yes/no column as 1, 0, -1."""
    flags = column.astype("boolean")
    return flagged(*(flags.eq(yes).to_numpy(dtype=np.bool_, na_value=False) for yes in (True, False)))


def _finished(facts: pd.DataFrame, cannot: Flags, wrong: Flags) -> Truth:
    """Say whether construction was finished: what has not started or stands suspended is not."""
    said = _flag(facts["finished"])
    found = np.where(wrong, UNKNOWN, said)
    return np.where(cannot & (said == YES), UNKNOWN, np.where(cannot, NO, found))


def _contradictions(
    parcels: pd.DataFrame,
    dates: Mapping[str, Span],
    wrong: Mapping[tuple[str, str], Flags],
    denied: Flags,
) -> Words:
    """Say in words what contradicts itself, parcel by parcel; only those where something does are visited."""
    found = np.full(len(parcels), None, dtype=object)
    for (first, second), flags in wrong.items():
        for at in np.flatnonzero(flags):
            words = say(
                "supervision", "order", earlier=_dated(dates, second, at), later=_dated(dates, first, at)
            )
            found[at] = words if found[at] is None else found[at] + label("reasons", "next") + words
    for at in np.flatnonzero(denied):
        words = label("supervision", "denied")
        found[at] = words if found[at] is None else found[at] + label("reasons", "next") + words
    return found


def _dated(dates: Mapping[str, Span], name: str, at: Any) -> str:
    return f"{label('columns', name)} {dates[name].text(at)}"
