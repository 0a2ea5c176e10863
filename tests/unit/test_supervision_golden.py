"""Golden cases of supervision: from a parcel's dates to its status, obligations and calendar."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from landuse.policy import load_policy
from landuse.screening import judge, screen
from landuse.supervising import supervise
from landuse.tables import RUN_TABLES
from landuse.tables.supervision import OBLIGATION_STATES, STAGES
from tests.rows_by_hand import ends, measured, parcels_of, projects_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "supervision"
CASES = {
    f"{path.stem}: {case['title']}": case
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
}
OBLIGATIONS = ("handover", "start", "finish")
EXPECTED = {"status", "since", "days_in_status", "next", "calendar", "overdue", "overdue_of_holder"}
POLICY = load_policy("cn-idle-land-2012")
UNKNOWN = "不详"


def parcel_of(name, case):
    row = {"id": name, "mu": 45, "ownership": "state", "construction_land": True}
    for column, value in case["parcel"].items():
        if hasattr(value, "year"):
            row[column] = pd.Timestamp(value)
        elif value and column.endswith(("_on", "_due", "_extended")):
            row[f"{column}_period"] = value
        else:
            row[column] = None if value == "" else value
    return row


@pytest.fixture(scope="module")
def supervised():
    """The cases of each as-of date as one table of parcels, measured, judged and supervised."""
    found = {}
    for day in {case["as_of"] for case in CASES.values()}:
        here = {name: case for name, case in CASES.items() if case["as_of"] == day}
        parcels = parcels_of([parcel_of(name, case) for name, case in here.items()])
        facts = measured(parcels, projects_of([]), as_of=day)
        found[day] = supervise(parcels, facts, judge(screen(facts, [POLICY]), [POLICY]))
        for name, table in found[day].tables().items():
            RUN_TABLES[name].check(table)
    return found


def assert_cell(row, name, value):
    if f"{name}_low" in row:
        got = (row[f"{name}_low"], row[f"{name}_high"])
        assert all(map(math.isnan, got)) if value == UNKNOWN else got == ends(value), (name, got)
    elif value == UNKNOWN:
        assert pd.isna(row[name]), (name, row[name])
    else:
        assert row[name] == (pd.Timestamp(value) if hasattr(value, "year") else value), (name, row[name])


@pytest.mark.parametrize("name", list(CASES))
def test_case(name, supervised):
    case = CASES[name]
    assert set(case) <= {"title", "as_of", "parcel", "contradiction", *OBLIGATIONS, *EXPECTED}
    found = supervised[case["as_of"]]
    row = found.table.loc[name]
    rows = found.obligations[found.obligations["parcel_id"] == name].set_index("obligation")
    assert list(rows.index) == list(OBLIGATIONS)
    for obligation in OBLIGATIONS:
        for column, value in case.get(obligation, {}).items():
            assert_cell(rows.loc[obligation], column, value)
    assert row["status"] == case["status"]
    for key in ("since", "days_in_status", "overdue", "overdue_of_holder"):
        if key in case:
            assert_cell(row, key, case[key])
    assert row["overdue"] == (rows["state"] == "overdue").sum()
    if "next" in case:
        assert row["next_obligation"] == case["next"]
        assert row["next_first"] == rows.at[case["next"], "due_first"]
    if "calendar" in case:
        coming = found.calendar[found.calendar["parcel_id"] == name]
        assert coming["obligation"].tolist() == case["calendar"]
    assert pd.notna(row["contradiction"]) == case.get("contradiction", False)


def test_every_status_and_state_has_a_case():
    assert {case["status"] for case in CASES.values()} == set(STAGES)
    states = {case[o].get("state") for case in CASES.values() for o in OBLIGATIONS if o in case}
    assert states - {None} == set(OBLIGATION_STATES)
