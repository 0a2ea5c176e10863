"""The table ``obligations``: handover, start, finish and deadlines of every parcel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from landuse.supervising.deadlines import SetOff
from landuse.supervising.owed import NO, UNKNOWN, YES, Done, Owed, Range, Truth, owed
from landuse.supervising.steps import Steps
from landuse.tables import OBLIGATIONS
from landuse.tables.spans import NEVER, Flags, Span
from landuse.tables.supervision import OBLIGATION_KINDS

__all__ = ["contract_owed", "obligation_table", "three_valued"]

OWES = {"handover": "government", "start": "holder", "finish": "holder", "deadline": "government"}
BESIDE = ("holder", "zone_id", "verdict", "government_cause", "source_file", "source_row")


def three_valued(truth: Truth) -> Any:
    """Return 1, 0, -1 as a nullable yes/no column."""
    return pd.arrays.BooleanArray(truth == YES, truth == UNKNOWN)


def contract_owed(steps: Steps, today: np.datetime64) -> dict[str, Owed]:
    """Return the state of handover, start and finish, which contract or decision agree on."""
    return {kind: owed(steps.due[kind], steps.done[kind], steps.supervised, today) for kind in steps.due}


def obligation_table(
    beside: pd.DataFrame,
    steps: Steps,
    settled: dict[str, Owed],
    deadlines: Sequence[SetOff],
    today: np.datetime64,
) -> pd.DataFrame:
    """Return the table, parcel by parcel: handover, start, finish, then its deadlines.

    Parameters
    ----------
    beside : DataFrame
        By parcel: what stands beside each of its obligations (``BESIDE``).
    steps : Steps
        Their timelines.
    settled : dict
        Of ``contract_owed``.
    deadlines : sequence of SetOff
        What verdicts set off.
    today : datetime64[D]
        The as-of date, the start of that day.
    """
    everyone = np.arange(len(beside))
    late, days = handover_late(settled["handover"])
    parts = []
    for kind, state in settled.items():
        done = steps.done[kind]
        part = _part(kind, state, steps.due[kind], done)
        part["extended"] = steps.extended if kind == "start" else np.zeros(len(beside), dtype=bool)
        parts.append((everyone, part))
    for one in deadlines:
        parts.append((one.at, _deadline(one, today)))
    places = np.concatenate([at for at, _ in parts])
    frame = pd.concat([pd.DataFrame(part) for _, part in parts], ignore_index=True)
    order = np.argsort(places, kind="stable")
    frame, places = frame.take(order), places[order]
    own = beside.take(places)
    frame.index = pd.RangeIndex(len(frame))
    data = {name: own[name].array for name in BESIDE} | {"parcel_id": own.index}
    data |= {"handover_late": three_valued(late[places])}
    data |= _ends("handover_days_over", (days[0][places], days[1][places]))
    set_by = frame.pop("_verdict")
    data["verdict"] = own["verdict"].reset_index(drop=True).mask(set_by.notna(), set_by)
    return OBLIGATIONS.conform(frame.assign(**data))


def handover_late(handover: Owed) -> tuple[Truth, Range]:
    """Say whether land was handed over late, or should have been and was not, and by how many days."""
    yes = np.isin(handover.state.astype("U"), ["done_late", "overdue"])
    no = np.isin(handover.state.astype("U"), ["done", "due"]) | (handover.days_over[1] == 0.0)
    return np.where(yes, YES, np.where(no, NO, UNKNOWN)), handover.days_over


def _part(kind: str, state: Owed, due: Span, done: Done) -> dict[str, Any]:
    rows = len(state.state)
    met: Flags = done.truth == YES
    return {
        "obligation": _one(kind, rows),
        "owed_by": _one(OWES[kind], rows),
        "state": pd.array(state.state, dtype="str"),
        "done": three_valued(done.truth),
        "due_first": due.first,
        "due_last": due.last,
        "done_first": np.where(met, done.on.first, NEVER),
        "done_last": np.where(met, done.on.last, NEVER),
        "_verdict": _one(None, rows),
        **_ends("days_over", state.days_over),
        **_ends("days_left", state.days_left),
    }


def _deadline(one: SetOff, today: np.datetime64) -> dict[str, Any]:
    """Return the rows of a deadline: found on the as-of date it is open, found before it nothing is known."""
    rows = len(one.at)
    blank = np.full(rows, None, dtype=object)
    never = Span(np.full(rows, NEVER), np.full(rows, NEVER), blank)
    due = Span(one.due, one.due, blank)
    done = Done(np.where(one.given, UNKNOWN, NO), never)
    state = owed(due, done, np.full(rows, YES), today)
    return _part("deadline", state, due, done) | {
        "policy": _one(one.policy, rows),
        "deadline": _one(one.deadline.id, rows),
        "cite": _one(one.deadline.cite, rows),
        "deadline_text": _one(one.deadline.text, rows),
        "counted_from": one.found,
        "found_basis": pd.array(
            np.array(["as_of", "given"], dtype=object)[one.given.astype(int)], dtype="str"
        ),
        "extended": np.zeros(rows, dtype=bool),
        "_verdict": pd.array(one.verdict, dtype="str"),
    }


def _one(word: str | None, rows: int) -> Any:
    """Return a column of one word."""
    return pd.array([word], dtype="str").take(np.zeros(rows, dtype=np.int64))


def _ends(stem: str, figure: Range) -> dict[str, Any]:
    return {f"{stem}_low": figure[0], f"{stem}_high": figure[1]}


KIND_ORDER = {kind: place for place, kind in enumerate(OBLIGATION_KINDS)}
