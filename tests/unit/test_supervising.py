"""Supervision: deadlines of policies, holders who are behind, what is refused, plan and sheets."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import landuse as lu
from landuse.errors import PlanError, TableError
from landuse.io.plan.file import load_plan
from landuse.policy.model import Deadline
from landuse.reports.supervision import supervision_sheets
from landuse.supervising.obligations import OWES
from landuse.supervising.views import overdue_by_holder
from landuse.tables import RUN_TABLES, Result
from landuse.tables.supervision import OBLIGATION_KINDS, OBLIGATION_STATES, OWING
from tests.laws.dated_worlds import DATES, DEADLINE, POLICY, status_of, supervised, table_of

AS_OF = date(2026, 6, 30)


def world(**parcels):
    """Parcels by id: state land, not started, nothing else known but what is given."""
    bare = dict.fromkeys(DATES) | {
        "start_state": "not_started",
        "suspend_state": "unknown",
        "handed_over": None,
        "finished": None,
        "ownership": "state",
        "holder": "甲公司",
        "verdict": "in_use",
        "fee_fen": None,
        "mu": 30,
    }
    return {name: bare | given for name, given in parcels.items()}


def deadlines_of(found):
    rows = found.obligations
    return rows[rows["obligation"] == "deadline"].set_index("parcel_id")


def test_a_deadline_counts_from_the_as_of_date_where_the_day_of_finding_is_not_known():
    rows = world(A={"verdict": "idle_1y"}, B={"verdict": "overdue"}, C={"verdict": "undecided"})
    found, _ = supervised(rows, AS_OF)
    rows = deadlines_of(found)
    assert rows.index.tolist() == ["A"]
    row = rows.loc["A"]
    assert (row["state"], row["owed_by"], row["done"]) == ("due", "government", False)
    assert row["counted_from"] == pd.Timestamp(AS_OF)
    assert row["found_basis"] == "as_of"
    assert row["due_first"] == row["due_last"] == pd.Timestamp(2026, 7, 30)
    assert (row["days_left_low"], row["days_left_high"], row["days_over_low"]) == (30.0, 30.0, 0.0)
    assert (row["policy"], row["deadline"], row["cite"]) == (POLICY, "5", "第五条")
    assert row["deadline_text"] == "三十日内调查"
    assert row["verdict"] == "idle_1y"
    assert found.table.at["A", "next_obligation"] == "deadline"
    assert found.table.at["A", "next_deadline"] == "5"
    assert ("A", "deadline") in zip(found.calendar["parcel_id"], found.calendar["obligation"], strict=True)


@pytest.mark.parametrize(
    ("day", "basis", "due", "state", "left"),
    [
        ("2026-06-29", "given", "2026-07-29", "unknown", 29.0),
        ("2026-06-30", "as_of", "2026-07-30", "due", 30.0),
        ("2026-07-15", "as_of", "2026-07-30", "due", 30.0),
        (None, "as_of", "2026-07-30", "due", 30.0),
        ("2026-05-01", "given", "2026-05-31", "unknown", 0.0),
    ],
)
def test_a_day_of_finding_that_is_given_counts_once_it_is_past(day, basis, due, state, left):
    """Nothing says whether the authority has investigated since: unknown, never overdue."""
    found, _ = supervised(
        world(A={"verdict": "idle_2y"}),
        AS_OF,
        found_on=pd.Series({"A": pd.Timestamp(day) if day else pd.NaT}),
    )
    row = deadlines_of(found).loc["A"]
    assert (row["found_basis"], row["state"], row["days_left_low"]) == (basis, state, left)
    assert row["due_last"] == pd.Timestamp(due)
    assert found.table.at["A", "overdue"] == 0


def test_a_deadline_is_set_off_by_the_verdict_of_its_own_policy():
    other = Deadline(id="x", cite="一", text="二", after=("idle_1y",), days=10)
    rows = world(A={"verdict": "idle_1y"})
    found, _ = supervised(rows, AS_OF, deadlines={"another-policy": (other,)})
    assert len(deadlines_of(found)) == 0
    found, _ = supervised(rows, AS_OF, deadlines={POLICY: (DEADLINE, other)})
    assert deadlines_of(found)["deadline"].tolist() == ["5", "x"]
    assert found.table.at["A", "next_deadline"] == "x"


def test_holders_who_are_behind_are_told_apart_and_a_missing_one_is_a_row():
    late = {"start_due": "2026-06-01"}
    claimed = {"verdict": "idle_1y", "government_cause": "军事管制"}
    rows = world(
        A=late | {"verdict": "idle_1y", "fee_fen": 12_345_678, "mu": 10},
        B={"start_due": "2025-06-01", "finish_due": "2026-06-29", "mu": 20} | claimed,
        C=late | {"holder": None, "verdict": "idle_1y", "handover_due": "2026-01-01", "handed_over": False},
        D=late | {"holder": "乙公司", "ownership": "collective"},
        E={"start_due": "2026-07-01"},
    )
    found, _ = supervised(rows, AS_OF)
    table = found.overdue
    assert table["holder"].fillna("").tolist() == ["甲公司", ""]
    ours, nobody = (row for _, row in table.iterrows())
    assert (ours["parcels"], ours["starts"], ours["finishes"]) == (2, 2, 1)
    assert ours["area_mu"] == pytest.approx(30.0)
    assert (ours["days_over_low"], ours["days_over_high"]) == (394.0, 394.0)
    assert (ours["fee_parcels"], ours["fee_wan_low"], ours["fee_unknown"]) == (1, 12.345678, 0)
    assert (ours["causes_claimed"], nobody["causes_claimed"]) == (1, 0)
    assert (nobody["parcels"], nobody["fee_parcels"], nobody["fee_unknown"]) == (1, 0, 1)
    assert pd.isna(nobody["fee_wan_low"])
    assert nobody["handovers_late"] == 1
    assert found.table.loc[["A", "B", "C", "D", "E"], "overdue"].tolist() == [1, 2, 2, 0, 0]
    assert found.table.loc[["A", "B", "C", "D", "E"], "overdue_of_holder"].tolist() == [1, 2, 1, 0, 0]


def test_land_of_unknown_size_makes_the_land_of_its_holder_unknown():
    rows = world(A={"start_due": "2026-06-01"}, B={"start_due": "2026-06-01"})
    found, _ = supervised(rows, AS_OF)
    assert found.overdue["area_mu"].tolist() == [pytest.approx(60.0)]
    table = found.table.copy()
    table.loc["B", "area_mu"] = float("nan")
    assert overdue_by_holder(found.obligations, table)["area_mu"].isna().tolist() == [True]


def test_the_calendar_goes_by_day_and_as_far_as_is_asked():
    rows = world(
        A={"start_due": "2026-12-01", "finish_due": "2027-08-01"},
        B={"start_due": "2026-07-01", "finish_due": "2026-07-01"},
    )
    found, _ = supervised(rows, AS_OF, months=12)
    assert found.until == date(2027, 6, 30)
    coming = list(zip(found.calendar["parcel_id"], found.calendar["obligation"], strict=True))
    assert coming == [("B", "start"), ("B", "finish"), ("A", "start")]
    assert found.table["next_first"].tolist() == [pd.Timestamp(2026, 12, 1), pd.Timestamp(2026, 7, 1)]


def test_who_owes_what():
    assert set(OWES) == set(OBLIGATION_KINDS)
    assert set(OWES.values()) == set(OWING)


def test_facts_of_other_parcels_are_refused():
    _, facts = supervised(world(A={}), AS_OF)
    with pytest.raises(TableError, match="other parcels"):
        lu.supervise(table_of(world(B={})), facts, status_of(world(B={})))
    with pytest.raises(PlanError, match="months"):
        lu.supervise(table_of(world(A={})), facts, status_of(world(A={})), months=0)


def plan_of(**keys):
    return {"as_of": "2026-06-30", "parcels": [{"path": "sample_parcels/parcels.gpkg"}], **keys}


def test_the_plan_says_how_far_the_calendar_looks(repo, monkeypatch):
    monkeypatch.chdir(repo)
    assert load_plan(plan_of()).supervise.months == 3
    assert load_plan(plan_of(supervise={"months": 6})).supervise.months == 6
    with pytest.raises(PlanError, match="month"):
        load_plan(plan_of(supervise={"moths": 6}))
    with pytest.raises(PlanError, match="months"):
        load_plan(plan_of(supervise={"months": 0}))


BLANKS = {
    "blank_handed_over_on": "not_handed_over",
    "blank_started_on": "not_started",
    "blank_finished_on": "not_finished",
}


@pytest.mark.parametrize(
    ("told", "status", "states"),
    [
        ({}, "unknown", ["unknown", "unknown", "unknown"]),
        ({"blank_started_on": "not_started"}, "overdue", ["unknown", "overdue", "overdue"]),
        ({"blank_finished_on": "not_finished"}, "unknown", ["unknown", "unknown", "overdue"]),
        (BLANKS, "overdue", ["overdue", "overdue", "overdue"]),
    ],
)
def test_empty_cells_say_nothing_unless_the_plan_says_what_they_mean(tmp_path, told, status, states):
    cells = {
        "宗地代码": "410311001001GB00001",
        "权利人": "甲公司",
        "约定交地时间": "2024-01-01",
        "实际交地时间": "",
        "约定开工时间": "2025-01-01",
        "实际开工时间": "",
        "约定竣工时间": "2026-01-01",
        "实际竣工时间": "",
    }
    land = gpd.GeoDataFrame(
        pd.DataFrame([cells]), geometry=[shapely.box(37632000, 3833000, 37632200, 3833100)], crs="EPSG:4525"
    )
    land.to_file(tmp_path / "land.gpkg")
    parcels = [{"path": str(tmp_path / "land.gpkg")} | told]
    found = lu.run({"as_of": "2026-06-30", "parcels": parcels})
    assert found.supervision["status"].tolist() == [status]
    assert found.obligations["state"].tolist() == states


@pytest.fixture(scope="module")
def sample(repo):
    return lu.run(repo / "sample_parcels" / "plan.toml")


def test_the_sample_shows_every_status_and_accounts_for_every_row(sample):
    table, owed = sample.supervision, sample.obligations
    stages = set(RUN_TABLES["supervision"].columns["status"].metadata["values"])
    assert set(table["status"]) | {"not_due"} == stages  # there the contract, or the handover, is known
    assert set(owed["state"]) == set(OBLIGATION_STATES)
    kinds = owed["obligation"].value_counts()
    assert kinds["handover"] == kinds["start"] == kinds["finish"] == len(table) == len(sample.parcels)
    rows = sample.ledger["accounts"]["rows"]["supervise"]
    assert rows == {
        "in": len(sample.parcels),
        "supervision": len(table),
        "obligations": len(owed),
        "calendar": len(sample.calendar),
        "overdue_holders": len(sample.overdue_holders),
    }
    assert sample.ledger["accounts"]["supervision"] == {"until": "2026-09-30"}
    first = sample.parcel_status[sample.parcel_status["headline"]].set_index("subject_id")
    idle = {"overdue", "idle_1y", "idle_2y"}
    assert (table["status"] == "overdue").eq(first["verdict"].isin(idle)).all()
    assert table["fee_wan_low"].sum() == first["fee_wan_low"].sum() > 0


def test_the_sheets_are_those_tables_in_words(sample, tmp_path):
    lu.reports.write_workbook(sample, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")

    def rows_of(name):
        header, *rows = book[name].iter_rows(values_only=True)
        assert len(set(header)) == len(header)
        return [dict(zip(header, row, strict=True)) for row in rows]

    stands = {row["宗地编号"]: row for row in rows_of("供后监管")}
    assert set(stands) == set(sample.supervision.index)
    assert {row["供后状态"] for row in stands.values()} >= {"已竣工", "中止开发", "逾期未动工", "已动工"}
    coming = rows_of("近期到期")
    assert len(coming) == len(sample.calendar)
    days = [row["到期日"] for row in coming]
    assert days == sorted(days)
    assert {row["责任方"] for row in coming} == {"政府", "用地单位"}
    late = rows_of("逾期事项")
    assert len(late) == (sample.obligations["state"] == "overdue").sum()
    over = [row["逾期天数（天）"] for row in late]
    assert over == sorted(over, reverse=True)
    assert all(isinstance(days, int) for days in over)
    behind = rows_of("逾期单位")
    assert sum(row["宗地数"] for row in behind) == (sample.supervision["overdue_of_holder"] > 0).sum()


def test_a_missing_holder_has_a_name_on_paper(sample, tmp_path):
    rows = world(A={"start_due": "2026-06", "holder": None}, B={"start_due": "2026-08", "holder": None})
    found, facts = supervised(rows, date(2026, 7, 1))
    run = {name: table.empty(crs="EPSG:4525") for name, table in RUN_TABLES.items()}
    run |= found.tables() | {"parcel_facts": facts.parcels}
    made = {s.key: s for s in supervision_sheets(Result(run, {}, {}, "", date(2026, 7, 1)), {})}
    cells = {key: {c.header: list(c.values) for c in sheet.columns} for key, sheet in made.items()}
    assert cells["overdue_holders"]["用地单位"] == ["（未写用地单位）"]
    assert cells["overdue"]["到期日"] == ["2026-06-01 至 2026-06-30"]
    assert (cells["overdue"]["逾期天数下限（天）"], cells["overdue"]["逾期天数上限（天）"]) == ([1], [30])
    assert cells["calendar"]["到期日"] == ["2026-08-01 至 2026-08-31"]
    assert cells["supervision"]["状态起始日期"] == ["2026-06", None]
