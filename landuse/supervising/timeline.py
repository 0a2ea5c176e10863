"""Where a parcel stands: the step it has reached, since when, and what is due next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.supervising.owed import YES, Owed
from landuse.supervising.steps import Steps
from landuse.tables.spans import NEVER, Flags, Span, Words, choose_span, days_between

__all__ = ["next_due", "stages"]

NEXT = {
    "obligation": "next_obligation",
    "deadline": "next_deadline",
    "owed_by": "next_owed_by",
    "state": "next_state",
    "due_first": "next_first",
    "due_last": "next_last",
    "days_left_low": "next_days_left_low",
    "days_left_high": "next_days_left_high",
}


def stages(steps: Steps, start: Owed, today: np.datetime64) -> dict[str, Any]:
    """Return the step that each parcel has reached, and since when, as columns of ``supervision``."""
    finish, handover = steps.done["finish"], steps.done["handover"]
    signed, not_due = steps.dates["signed_on"].over(today), start.state == "due"
    waiting = steps.start == "not_started"
    held: dict[str, tuple[Flags, Span]] = {
        "out_of_scope": (steps.supervised == 0, _nothing(len(waiting))),
        "unknown": (steps.supervised != YES, _nothing(len(waiting))),
        "finished": (finish.truth == YES, finish.on),
        "suspended": (steps.suspended == YES, steps.dates["suspended_on"]),
        "started": (steps.start == "started", _since_start(steps)),
        "overdue": (start.state == "overdue", steps.due["start"]),
        "handed_over": (waiting & not_due & (handover.truth == YES), handover.on),
        "signed": (waiting & not_due & signed, steps.dates["signed_on"]),
        "not_due": (waiting & not_due, _nothing(len(waiting))),
        "not_started": (waiting, _nothing(len(waiting))),
    }
    status: Words = np.full(len(waiting), "unknown", dtype=object)
    since = _nothing(len(waiting))
    for stage, (flags, span) in reversed(held.items()):
        status[flags] = stage
        since = choose_span(flags, span, since)
    since = since.only(since.first < today)
    low = np.where(since.known, np.maximum(days_between(since.last, today), 1.0), np.nan)
    return {
        "status": pd.array(status, dtype="str"),
        "since": since.day,
        "since_period": pd.array(since.period, dtype="str"),
        "days_in_status_low": low,
        "days_in_status_high": days_between(since.first, today),
    }


def _since_start(steps: Steps) -> Span:
    """Return the day from which construction goes on: the start, or the day it was resumed."""
    return choose_span(steps.resumed, steps.dates["resumed_on"], steps.done["start"].on)


def _nothing(rows: int) -> Span:
    return Span(np.full(rows, NEVER), np.full(rows, NEVER), np.full(rows, None, dtype=object))


def next_due(obligations: pd.DataFrame, parcels: pd.Index, today: np.datetime64) -> pd.DataFrame:
    """Return by parcel the obligation that is due next: the earliest that is not past and may be open."""
    last = obligations["due_last"].to_numpy(dtype="datetime64[D]")
    coming = obligations["state"].isin(["due", "unknown"]).to_numpy(dtype=bool) & (last >= today)
    ahead = obligations[coming].sort_values(["due_first", "due_last"], kind="stable")
    first = ahead.drop_duplicates("parcel_id").set_index("parcel_id")
    return first[list(NEXT)].rename(columns=NEXT).reindex(parcels)
