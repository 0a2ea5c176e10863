"""Verb supervise: the timeline of every parcel after supply, what is owed, what falls due, who is behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import PlanError, TableError
from landuse.policy.model import Deadline
from landuse.supervising.deadlines import set_off
from landuse.supervising.obligations import contract_owed, handover_late, obligation_table, three_valued
from landuse.supervising.steps import Steps, steps_of
from landuse.supervising.timeline import next_due, stages
from landuse.supervising.views import calendar, months_later, overdue_by_holder
from landuse.tables import PARCELS, SUPERVISION, Facts, Status, Supervision, issue_table
from landuse.tables.spans import start_of

__all__ = ["supervise"]

VERDICT = ("verdict", "fee_wan_low", "fee_wan_high", "fee_open")


def supervise(
    parcels: pd.DataFrame,
    facts: Facts,
    status: Status,
    *,
    deadlines: Mapping[str, Sequence[Deadline]] | None = None,
    found_on: pd.Series | None = None,
    months: int = 3,
) -> Supervision:
    """Supervise parcels after supply: what each has come to, what is owed, by whom and until when.

    Parameters
    ----------
    parcels : DataFrame
        Table ``parcels``: the dates that contract or decision agree on, and those of what happened.
    facts : Facts
        Of ``measure`` for these parcels; its as-of date is the start of that day.
    status : Status
        Of ``judge``; the verdict of the headline policy stands beside every parcel.
    deadlines : mapping, optional
        By policy id the deadlines that it declares; each is set off by the policy's own verdicts.
    found_on : Series of datetime64, optional
        Day of finding by parcel id, from which deadlines count. Where none is known before the as-of date,
        that date is taken, and ``found_basis`` says so.
    months : int
        How far the calendar looks ahead.

    Returns
    -------
    Supervision
        ``table`` (one row a parcel), ``obligations`` (one row a parcel and obligation), ``calendar`` and
        ``overdue`` (by holder); days [d], land [mu], fees [wan].

    Raises
    ------
    TableError
        Where the facts are those of other parcels.
    PlanError
        Where ``months`` is less than 1.

    Notes
    -----
    A date known to a month or year is due or done on any of its days; what differs between them is unknown,
    and so is what is missing: never overdue. A handover that was late moves no other day: it stands beside
    the start, for art. 8(1) names it among the causes that lie with the government. Land that is not
    state-owned construction land is out of scope; where that is not known every state is unknown.

    References
    ----------
    Ministry of Land and Resources, decree no. 53 (2012), arts. 2, 5, 8.

    Examples
    --------
    >>> from datetime import date
    >>> from landuse import tables
    >>> land = pd.DataFrame({"holder": ["Jia", None]}, index=["A", "B"])
    >>> known = pd.DataFrame(
    ...     {
    ...         "state_construction": True,
    ...         "start_state": "not_started",
    ...         "start_due": pd.to_datetime(["2026-06-01", None]),
    ...     },
    ...     index=["A", "B"],
    ... )
    >>> others = tables.PROJECT_FACTS.empty(), tables.ZONE_FACTS.empty()
    >>> facts = Facts(tables.PARCEL_FACTS.conform(known), *others, as_of=date(2026, 6, 30))
    >>> judged = Status(*(tables.RUN_TABLES[f"{s}_status"].empty() for s in ("parcel", "project", "zone")))
    >>> found = supervise(land, facts, judged)
    >>> found.table["status"].tolist()
    ['overdue', 'not_started']
    >>> found.obligations.query("obligation == 'start'")[["state", "days_over_low"]].values.tolist()
    [['overdue', 29.0], ['unknown', nan]]
    """
    if months < 1:
        raise PlanError(f"{months} months are none", key="supervise.months", remedy="give 1 or more")
    parcels = PARCELS.conform(parcels)
    if not facts.parcels.index.equals(parcels.index):
        raise TableError("the facts are those of other parcels", key="facts", remedy="measure the same table")
    today, until = start_of(facts.as_of), months_later(facts.as_of, months)
    steps = steps_of(parcels, facts.parcels, today)
    beside = _beside(parcels, facts.parcels, status.parcels)
    settled = contract_owed(steps, today)
    fired = list(set_off(deadlines or {}, status.parcels, parcels.index, found_on, today))
    obligations = obligation_table(beside, steps, settled, fired, today)
    columns = stages(steps, settled["start"], today) | _beside_start(steps, settled) | {"as_of": today}
    table = beside.assign(**columns, **_overdue(obligations, parcels.index))
    table = SUPERVISION.conform(table.join(next_due(obligations, parcels.index, today)))
    return Supervision(
        table=table,
        obligations=obligations,
        calendar=calendar(obligations, as_of=facts.as_of, until=until),
        overdue=overdue_by_holder(obligations, table),
        until=until,
        issues=issue_table(steps.issues),
    )


def _beside(parcels: pd.DataFrame, facts: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Return by parcel what stands beside its dates: who, where, how much, and the headline verdict."""
    own = parcels[["holder", "department", "source_file", "source_row"]]
    headline = status[status["headline"].to_numpy(dtype=bool)].set_index("subject_id")
    said = headline[list(VERDICT)].reindex(parcels.index)
    return pd.concat([own, facts[["zone_id", "area_mu", "government_cause"]], said], axis=1)


def _beside_start(steps: Steps, settled: Mapping[str, Any]) -> dict[str, Any]:
    late, days = handover_late(settled["handover"])
    return {
        "supervised": three_valued(steps.supervised),
        "handover_late": three_valued(late),
        "handover_days_over_low": days[0],
        "handover_days_over_high": days[1],
        "contradiction": pd.array(steps.contradiction, dtype="str"),
    }


def _overdue(obligations: pd.DataFrame, parcels: pd.Index) -> dict[str, Any]:
    """Count by parcel what is overdue, and what of it the holder owes."""
    late = obligations[obligations["state"] == "overdue"]
    counts = {"overdue": late, "overdue_of_holder": late[late["owed_by"] == "holder"]}
    return {
        name: rows["parcel_id"].value_counts().reindex(parcels, fill_value=0).to_numpy(dtype=np.int64)
        for name, rows in counts.items()
    }
