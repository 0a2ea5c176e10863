"""Views of the obligations: what falls due soon, and who is behind."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from landuse.supervising.obligations import KIND_ORDER
from landuse.tables import CALENDAR, NO_CAUSE, OVERDUE_HOLDERS
from landuse.tables.spans import start_of
from landuse.units import FEN_PER_WAN, fen

__all__ = ["calendar", "months_later", "overdue_by_holder"]


def months_later(day: date, months: int) -> date:
    """Return the same day some months on; the month's last day where it has no such day.

    Examples
    --------
    >>> months_later(date(2025, 11, 30), 3)
    datetime.date(2026, 2, 28)
    """
    month = np.datetime64(f"{day:%Y-%m}", "M") + months
    last = (month + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    same = month.astype("datetime64[D]") + np.timedelta64(day.day - 1, "D")
    found: date = min(same, last).astype(object)
    return found


def calendar(obligations: pd.DataFrame, *, as_of: date, until: date) -> pd.DataFrame:
    """Return the obligations that may fall due from the as-of date to before ``until``, by day.

    Parameters
    ----------
    obligations : DataFrame
        Table ``obligations``.
    as_of, until : date
        First day, and the day after the last.

    Returns
    -------
    DataFrame
        Table ``calendar``: what is due or may be; what is met, overdue or out of scope is not in it.
    """
    first, last = (obligations[c].to_numpy(dtype="datetime64[D]") for c in ("due_first", "due_last"))
    may_be_open = obligations["state"].isin(["due", "unknown"]).to_numpy(dtype=bool)
    rows = obligations[may_be_open & (first < start_of(until)) & (last >= start_of(as_of))]
    order = rows.assign(_kind=rows["obligation"].map(KIND_ORDER)).sort_values(
        ["due_first", "due_last", "parcel_id", "_kind", "policy", "deadline"], kind="stable"
    )
    return CALENDAR.conform(order.drop(columns="_kind"))


def overdue_by_holder(obligations: pd.DataFrame, supervision: pd.DataFrame) -> pd.DataFrame:
    """Return who owes what is overdue: counts, land, longest delay, and the fee at stake [wan].

    Parameters
    ----------
    obligations, supervision : DataFrame
        Those tables. Land and fee of a parcel count once, however many of its obligations are overdue.

    Returns
    -------
    DataFrame
        Table ``overdue_holders``; fees are summed in whole fen.
    """
    late = obligations[(obligations["state"] == "overdue") & (obligations["owed_by"] == "holder")]
    kinds = late.assign(
        starts=(late["obligation"] == "start").astype("int64"),
        finishes=(late["obligation"] == "finish").astype("int64"),
    )
    by_duty = kinds.groupby("holder", dropna=False, sort=True)[
        ["starts", "finishes", "days_over_low", "days_over_high"]
    ].agg({"starts": "sum", "finishes": "sum", "days_over_low": "max", "days_over_high": "max"})
    land = supervision[supervision["overdue_of_holder"] > 0]
    by_land = _by_land(land)
    found = by_duty.join(by_land).reset_index()
    order = found.sort_values(["days_over_low", "days_over_high", "holder"], ascending=[False, False, True])
    return OVERDUE_HOLDERS.conform(order)


def _by_land(land: pd.DataFrame) -> pd.DataFrame:
    claimed = (land["government_cause"].notna() & (land["government_cause"] != NO_CAUSE)).to_numpy(dtype=bool)
    fee = land["fee_wan_low"].notna().to_numpy(dtype=bool)
    rows = pd.DataFrame(
        {
            "holder": land["holder"].array,
            "parcels": 1,
            "area_mu": land["area_mu"].to_numpy(dtype=np.float64),
            "fee_parcels": fee.astype(np.int64),
            "fee_wan_low": fen(land["fee_wan_low"]),
            "fee_wan_high": fen(land["fee_wan_high"]),
            "fee_unknown": land["fee_open"].fillna(False).to_numpy(dtype=bool).astype(np.int64),
            "handovers_late": land["handover_late"].fillna(False).to_numpy(dtype=bool).astype(np.int64),
            "causes_claimed": claimed.astype(np.int64),
        }
    )
    by = rows.groupby("holder", dropna=False, sort=True)
    found = by[["parcels", "fee_parcels", "fee_unknown", "handovers_late", "causes_claimed"]].sum()
    found["area_mu"] = by["area_mu"].sum().mask(by["area_mu"].count() < found["parcels"])
    fees = by[["fee_wan_low", "fee_wan_high"]].sum(min_count=1) / FEN_PER_WAN
    return found.join(fees)
