"""Small worlds of dated parcels: as texts for the oracle, as tables for the library."""

from __future__ import annotations

import math

import pandas as pd
from hypothesis import strategies as st

from landuse.policy.model import Deadline
from landuse.supervising import supervise
from landuse.tables import PARCEL_STATUS, PROJECT_STATUS, ZONE_STATUS, Status
from tests.rows_by_hand import measured, parcels_of, projects_of

DATES = (
    "signed_on",
    "handover_due",
    "handed_over_on",
    "start_due",
    "start_due_extended",
    "started_on",
    "suspended_on",
    "resumed_on",
    "finish_due",
    "finished_on",
)
POLICY = "some-policy"
DEADLINE = Deadline(id="5", cite="第五条", text="三十日内调查", after=("idle_1y", "idle_2y"), days=30)
VERDICTS = ("in_use", "overdue", "idle_1y", "idle_2y", "undecided")
FIRST, LAST = pd.Timestamp("2023-01-01"), pd.Timestamp("2027-12-31")


def date_text(number, known):
    """A date from a number of days and how much of it is known."""
    day = FIRST + pd.Timedelta(days=number)
    return {"day": f"{day:%Y-%m-%d}", "month": f"{day:%Y-%m}", "year": f"{day:%Y}", "none": None}[known]


def parcels():
    """One parcel: dates known to a day, a month, a year or not, states, flags, holder, verdict, fee."""
    known = st.sampled_from(["none", "none", "day", "day", "month", "year"])
    dates = st.builds(date_text, st.integers(0, (LAST - FIRST).days), known)
    flags = st.sampled_from([None, None, True, False])
    return st.fixed_dictionaries(
        dict.fromkeys(DATES, dates)
        | {
            "start_state": st.sampled_from(["started", "not_started", "unknown"]),
            "suspend_state": st.sampled_from(["unknown", "not_suspended", "suspended"]),
            "handed_over": flags,
            "finished": flags,
            "ownership": st.sampled_from(["state"] * 6 + ["collective", None]),
            "holder": st.sampled_from(["甲", "乙", "丙", None]),
            "verdict": st.sampled_from(VERDICTS),
            "fee_fen": st.none() | st.integers(0, 10**12),
            "mu": st.integers(1, 60),
        }
    )


def table_of(rows):
    """The table ``parcels`` of rows by id."""
    cells = []
    for name, row in rows.items():
        cell = {"id": name, "mu": row["mu"], "construction_land": True}
        for date in DATES:
            exact = row[date] is not None and len(row[date]) == 10
            cell[date] = pd.Timestamp(row[date]) if exact else pd.NaT
            cell[f"{date}_period"] = None if exact else row[date]
        for column in ("start_state", "suspend_state", "handed_over", "finished", "ownership", "holder"):
            cell[column] = row[column]
        cell["government_cause"] = row.get("government_cause")
        cells.append(cell)
    return parcels_of(cells)


def status_of(rows):
    """Verdicts and fees [wan] of one policy, as the rows have them."""
    fees = [math.nan if row["fee_fen"] is None else row["fee_fen"] / 1_000_000 for row in rows.values()]
    said = pd.DataFrame(
        {
            "subject_id": list(rows),
            "policy": POLICY,
            "verdict": [row["verdict"] for row in rows.values()],
            "clause": "1",
            "reason": "",
            "headline": True,
            "fee_wan_low": fees,
            "fee_wan_high": fees,
            "fee_open": [
                row["fee_fen"] is None and row["verdict"] == "idle_1y" and not row.get("government_cause")
                for row in rows.values()
            ],
        }
    )
    return Status(PARCEL_STATUS.conform(said), PROJECT_STATUS.empty(), ZONE_STATUS.empty())


def supervised(rows, as_of, **options):
    """Parcels of rows by id, measured and supervised; the facts beside."""
    table = table_of(rows)
    facts = measured(table, projects_of([]), as_of=as_of)
    options = {"deadlines": {POLICY: (DEADLINE,)}} | options
    return supervise(table, facts, status_of(rows), **options), facts
