"""The sample at the end of two quarters: the same files, three months later, or by another area basis."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

import landuse as lu
from landuse.tables import COMPARISON_TABLES, ISSUES

OLD, NEW = date(2026, 3, 31), date(2026, 6, 30)


@pytest.fixture(scope="module")
def runs(repo):
    plan = repo / "sample_parcels" / "plan.toml"
    return lu.run(plan, as_of=OLD), lu.run(plan, as_of=NEW)


@pytest.fixture(scope="module")
def quarter(runs):
    return lu.compare(*runs)


def anniversary(day: date, years: int) -> date:
    """The same day some years on; the last of February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def standing(due: date, as_of: date) -> str:
    """What the decree says of land that is not started, by the calendar."""
    if as_of <= due:
        return "not_due"
    full = sum(as_of > anniversary(due, n) for n in (1, 2))
    return ("overdue", "idle_1y", "idle_2y")[full]


def test_three_months_move_the_land_that_is_not_started_as_the_calendar_says(runs, quarter):
    facts = runs[1].parcel_facts
    here = (
        (facts["start_state"] == "not_started")
        & facts["start_due"].notna()
        & facts["state_construction"].eq(True).fillna(False)
    )
    expected = {
        i: (standing(due.date(), OLD), standing(due.date(), NEW))
        for i, due in facts.loc[here, "start_due"].items()
    }
    assert len(expected) > 20
    rows = quarter.changes[
        (quarter.changes["policy"] == "cn-idle-land-2012")
        & quarter.changes["subject_id"].isin(list(expected))
    ]
    found = {r.subject_id: (r.old_verdict, r.new_verdict) for r in rows.itertuples()}
    assert found == expected
    moved = {i for i, (one, other) in expected.items() if one != other}
    assert {i for i, (_, other) in expected.items() if other == "idle_1y"} & moved
    kinds = set(rows.loc[rows["subject_id"].isin(moved), "kind"])
    assert {"newly_idle", "still_idle", "newly_flagged"} <= kinds


def test_where_only_time_passed_time_is_the_cause(quarter):
    """Holds only where measuring the old files on the new day gives the very facts of the new run."""
    assert len(quarter.attribution) >= 6
    assert set(quarter.attribution["cause"]) == {"time"}
    assert not any(len(facts) for facts in quarter.attribution["changed_facts"])
    assert len(quarter.amount_changes) == 0
    assert quarter.rule_changes["kind"].tolist() == ["as_of_changed"]


def test_the_bulletin_counts_what_the_two_runs_say(runs, quarter):
    totals = quarter.bulletin_zones[quarter.bulletin_zones["line"] == "total"].set_index("group")
    for side, run in zip(("old", "new"), runs, strict=True):
        first = run.parcel_status[run.parcel_status["headline"]]
        idle = first.loc[first["verdict"].str.startswith("idle"), "subject_id"]
        assert totals.at["idle", f"count_{side}"] == len(idle)
        assert totals.at["idle", f"land_mu_{side}_low"] == pytest.approx(
            run.parcel_facts.loc[idle, "area_mu"].sum()
        )
        assert totals.at["parcels", f"count_{side}"] == len(run.parcels)
        zones = (
            quarter.bulletin_zones.query("group == 'parcels'").dropna(subset=["zone_id"]).set_index("zone_id")
        )
        counts = run.parcel_facts["zone_id"].value_counts()
        assert zones[f"count_{side}"].reindex(counts.index).tolist() == counts.tolist()


def test_tables_keep_to_their_schemas(quarter):
    for name, table in (COMPARISON_TABLES | {"issues": ISSUES}).items():
        table.check(quarter.tables[name])
    assert set(quarter.tables) == {*COMPARISON_TABLES, "issues"}


def test_the_runs_are_not_changed_by_a_comparison(runs):
    before = [lu.compare(*runs).ledger["old"]["digests"], runs[0].ledger["digests"]]
    assert before[0] == before[1]


def test_a_run_opened_again_is_the_run(runs, tmp_path):
    lu.save(runs[1], tmp_path / "out")
    again = lu.compare(runs[1], lu.open_run(tmp_path / "out"))
    assert set(again.changes["kind"]) == {"same"}
    for name in ("attribution", "amount_changes", "rule_changes"):
        assert len(again.tables[name]) == 0
    assert again.ledger["old"]["ledger_sha256"] == again.ledger["new"]["ledger_sha256"]


def test_where_only_the_area_basis_changed_the_setting_is_the_cause(runs, repo, tmp_path):
    folder = shutil.copytree(repo / "sample_parcels", tmp_path / "sample")
    plan = folder / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    assert text.count('area = "stated"') == 1
    plan.write_text(text.replace('area = "stated"', 'area = "ellipsoid"'), encoding="utf-8")
    other = lu.compare(runs[1], lu.run(plan))
    assert set(other.attribution["cause"]) <= {"setting"}
    settings = other.rule_changes[["kind", "item", "old_value", "new_value"]].values.tolist()
    assert settings == [["setting_changed", "area", "stated", "ellipsoid"]]
    areas = other.amount_changes[other.amount_changes["field"] == "area_used_m2"]
    used = [run.parcel_facts["area_used_m2"].round(2) for run in (runs[1], lu.run(plan))]
    assert set(areas["subject_id"]) == set(used[0].index[used[0] != used[1].reindex(used[0].index)])
    assert len(areas) > 100


def test_departments_are_those_of_the_zones(quarter):
    """The zones file names three departments and the management of one zone; of one zone it names none."""
    rows = quarter.bulletin_departments.query("group == 'parcels'")
    assert rows["line"].tolist() == ["department"] * 4 + ["unknown", "total"]
    counts = quarter.changes.query("subject == 'parcel'")["department_basis"].value_counts()
    assert set(counts.index) == {"zone", "unknown"}
    assert counts["unknown"] == rows.set_index("line").at["unknown", "count_new"] > 10
    assert "no_departments" not in set(quarter.issues["kind"])
