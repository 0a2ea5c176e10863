"""The sheets of supervision after supply: where parcels stand, what falls due, what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from landuse.labels import label, say
from landuse.reports.columns import Cell, Column, columns, text_column
from landuse.reports.sheet_content import ORIGIN, SheetContent, zone_column
from landuse.tables import RUN_TABLES, Result, Table

__all__ = ["supervision_sheets"]

NAMES = {
    "status": "stages",
    "verdict": "parcel_verdicts",
    "obligation": "obligations",
    "next_obligation": "obligations",
    "state": "obligation_states",
    "next_state": "obligation_states",
    "owed_by": "owing",
    "next_owed_by": "owing",
    "found_basis": "found_bases",
}
"""Columns whose values have names, and the section of the labels they stand in."""
TIMELINE = (
    "signed_on",
    "handover_due",
    "handed_over_on",
    "start_due",
    "started_on",
    "suspended_on",
    "finish_due",
    "finished_on",
)


def supervision_sheets(result: Result, zones: Mapping[str, str]) -> list[SheetContent]:
    """Return the four sheets.

    Parameters
    ----------
    result : Result
        A finished run.
    zones : mapping
        What people call each zone.
    """
    return [
        _parcels(result, zones),
        _calendar(result, zones),
        _overdue(result, zones),
        _holders(result),
    ]


def _parcels(result: Result, zones: Mapping[str, str]) -> SheetContent:
    table, own = RUN_TABLES["supervision"], result.tables["supervision"]
    facts = result.tables["parcel_facts"].reindex(own.index)
    said = ["verdict", "government_cause", "fee_wan"]
    late = ["handover_late", "handover_days_over"]
    said += ["fee_open"] if own["fee_open"].fillna(False).any() else []
    seldom = [name for name in ("contradiction", "department") if own[name].notna().any()]
    return SheetContent(
        "supervision",
        [
            *_columns(table, own, ["parcel_id", "holder"]),
            zone_column(own["zone_id"], zones),
            *_columns(table, own, ["area_mu"]),
            *_marked(_columns(table, own, ["status"]), own["status"]),
            _dates(label("columns", "since"), own["since"], own["since_period"]),
            *_columns(table, own, ["days_in_status", *said]),
            *(_dates(label("columns", n), facts[n], facts[f"{n}_period"]) for n in TIMELINE),
            *_columns(table, own, ["next_obligation", "next_owed_by", "next_state"]),
            _spans(label("workbook", "next_due"), own["next_first"], own["next_last"]),
            *_columns(table, own, ["next_days_left", "overdue", "overdue_of_holder", *late]),
            *_columns(table, own, [*seldom, *ORIGIN]),
        ],
        frozen=2,
    )


def _calendar(result: Result, zones: Mapping[str, str]) -> SheetContent:
    return SheetContent("calendar", _owed(result, result.tables["calendar"], zones, over=False), frozen=2)


def _overdue(result: Result, zones: Mapping[str, str]) -> SheetContent:
    owed = result.tables["obligations"]
    late = owed[owed["state"] == "overdue"]
    order = late.sort_values(
        ["days_over_low", "days_over_high", "parcel_id"], ascending=[False, False, True], kind="stable"
    )
    return SheetContent("overdue", _owed(result, order, zones, over=True), frozen=2)


def _owed(result: Result, rows: pd.DataFrame, zones: Mapping[str, str], *, over: bool) -> list[Column]:
    """Return the columns of obligations: how late they are, or how many days are left."""
    table = RUN_TABLES["obligations"]
    parcels = result.tables["supervision"].loc[rows["parcel_id"]]
    days = ["days_over"] if over else ["days_left", "state"]
    given = ["counted_from"] if (rows["found_basis"] == "given").any() else []
    shown = ["deadline_text", "cite", "found_basis", *given] if rows["deadline"].notna().any() else []
    return [
        _spans(label("workbook", "due"), rows["due_first"], rows["due_last"]),
        *_columns(table, rows, ["obligation", *days, "owed_by", "parcel_id", "holder"]),
        zone_column(rows["zone_id"], zones),
        *_columns(RUN_TABLES["supervision"], parcels, ["area_mu"]),
        *_marked(_columns(RUN_TABLES["supervision"], parcels, ["status"]), parcels["status"]),
        *_columns(table, rows, ["verdict", "government_cause", "handover_days_over"]),
        *_columns(table, rows, shown),
        *_columns(table, rows, ORIGIN),
    ]


def _holders(result: Result) -> SheetContent:
    table, rows = RUN_TABLES["overdue_holders"], result.tables["overdue_holders"]
    stems = [c for c in table.stems() if c != "holder"]
    names = rows["holder"].fillna(label("workbook", "no_holder"))
    return SheetContent(
        "overdue_holders",
        [text_column(label("columns", "holder"), names), *_columns(table, rows, stems)],
        wide=False,
    )


def _columns(table: Table, rows: pd.DataFrame, stems: Iterable[str]) -> list[Column]:
    """Return columns of a table with the names of their values; days are whole numbers."""
    found: list[Column] = []
    for stem in stems:
        several = columns(table, rows, [stem], names=NAMES)
        days = stem != table.key and table.unit(stem) == "d"
        found += [_whole(c) for c in several] if days else several
    return found


def _whole(column: Column) -> Column:
    values: list[Cell] = [None if v is None else int(float(str(v))) for v in column.values]
    return replace(column, values=values, kind="whole")


def _marked(found: list[Column], marks: pd.Series) -> list[Column]:
    """Return columns coloured by a column of words."""
    words = [None if pd.isna(w) else str(w) for w in marks]
    return [replace(column, marks=words) for column in found]


def _dates(header: str, days: pd.Series, periods: pd.Series) -> Column:
    """Return dates in one column: the day, or the month or year where no more is known."""
    values: list[Cell] = [
        (None if pd.isna(period) else str(period)) if pd.isna(day) else day.date()
        for day, period in zip(days, periods, strict=True)
    ]
    return Column(header, values, "date")


def _spans(header: str, first: pd.Series, last: pd.Series) -> Column:
    """Return dates that may be known to a span only in one column."""
    one = (first == last).to_numpy(dtype=np.bool_)
    values: list[Cell] = [
        None
        if pd.isna(a)
        else a.date()
        if same
        else say("workbook", "span", first=a.date().isoformat(), last=b.date().isoformat())
        for a, b, same in zip(first, last, one, strict=True)
    ]
    wide = any(isinstance(v, str) for v in values)
    return Column(header, values, "text" if wide else "date")
