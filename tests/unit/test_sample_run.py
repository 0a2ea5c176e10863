"""The sample, run whole: every verdict, row and fen is what the recipe of its maker says.

An empty cell in ``sample_parcels/expected_*`` means that the recipe does not say.
"""

from __future__ import annotations

import csv
import json
import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import landuse as lu
from landuse.policy import load_policy
from landuse.tables import RUN_TABLES
from landuse.testing.worlds import World, city

FEN = 1_000_000
LATER = ("fixed_over_total", "stated_area_not_used")
"""Kinds found after reading: their raw is the figure in the table, not the text of the cell."""
UNKNOWABLE = ("zone_class", "land_basis", "asking")
"""Columns in which the recipe leaves a cell empty because nothing tells: the run must not know it either."""


@pytest.fixture(scope="module")
def folder(repo: Path) -> Path:
    return repo / "sample_parcels"


@pytest.fixture(scope="module")
def run(folder):
    return lu.run(folder / "plan.toml")


@pytest.fixture(scope="module")
def made() -> World:
    return city()


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def said(value: object) -> str:
    """A value of the run as the expected files write it."""
    return "" if pd.isna(value) else str(value)


def by_subject(status: pd.DataFrame) -> pd.DataFrame:
    """The headline verdicts by subject."""
    first = status[status["headline"]].set_index("subject_id")
    assert first.index.is_unique
    return first


def differences(expected: list[dict[str, str]], key: str, column: str, found) -> dict[str, tuple[str, str]]:
    """Return what the recipe says and what the run says, by id, where the two differ."""
    return {
        row[key]: (row[column], said(found[row[key]]))
        for row in expected
        if row[column] and said(found[row[key]]) not in row[column].split("|")
    }


def test_projects_and_parcels_are_those_expected(run, folder):
    for name, key in (("projects", "project_id"), ("parcels", "parcel_id")):
        ids = [row[key] for row in rows_of(folder / f"expected_{name}.csv")]
        assert len(ids) == len(set(ids)) > 100
        assert set(ids) == set(run.tables[name].index) == set(run.tables[f"{name[:-1]}_facts"].index)
        assert set(ids) == set(by_subject(run.tables[f"{name[:-1]}_status"]).index)


@pytest.mark.parametrize(
    "column", ["verdict", "clauses", "route", "borderline", "zone_id", "zone_class", "land_basis", "asking"]
)
def test_every_project(run, folder, column):
    expected = rows_of(folder / "expected_projects.csv")
    assert sum(bool(row[column]) for row in expected) >= 30
    status = by_subject(run.project_status)
    found = run.project_facts if column in run.project_facts else status.rename(columns={"clause": "clauses"})
    assert differences(expected, "project_id", column, found[column]) == {}
    if column in UNKNOWABLE:
        blank = [row["project_id"] for row in expected if not row[column]]
        assert len(blank) >= 3
        assert found.loc[blank, column].isna().all()


@pytest.mark.parametrize("column", ["verdict", "clause", "zone_id", "zone_class", "government_cause"])
def test_every_parcel(run, folder, column):
    expected = rows_of(folder / "expected_parcels.csv")
    assert sum(bool(row[column]) for row in expected) >= 380
    status = by_subject(run.parcel_status)
    found = run.parcel_facts if column in ("zone_id", "zone_class") else status
    assert differences(expected, "parcel_id", column, found[column]) == {}
    blank = [row["parcel_id"] for row in expected if not row[column]]
    assert found.loc[blank, column].isna().all()


def test_fees_are_a_fifth_of_the_price_to_the_fen(run, folder):
    expected = {row["parcel_id"]: int(row["fee_fen"]) for row in rows_of(folder / "expected_parcels.csv")}
    assert sum(fee > 0 for fee in expected.values()) >= 5
    status = by_subject(run.parcel_status)
    for end in ("low", "high"):
        fees = status[f"fee_wan_{end}"]
        assert {i: 0 if math.isnan(v) else round(v * FEN) for i, v in fees.items()} == expected


def test_blocks_part_the_parcels_as_expected(run, folder):
    expected: dict[str, set[str]] = {}
    zones: dict[str, set[str]] = {}
    for row in rows_of(folder / "expected_blocks.csv"):
        expected.setdefault(row["block"], set()).add(row["parcel_id"])
        zones.setdefault(row["block"], set()).add(row["zone_id"])
    found = run.block_members.groupby("block_id")["parcel_id"].agg(frozenset)
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected.values()))
    assert {i: len(m) for i, m in found.items()} == run.blocks["members"].to_dict()
    zone_of = {frozenset(members): zones[block] for block, members in expected.items()}
    assert all({run.blocks.at[i, "zone_id"]} == zone_of[m] for i, m in found.items())


def test_rows_in_doubt_are_those_expected_and_no_others(run, folder):
    expected = rows_of(folder / "expected_rows.csv")
    wanted = {(row["file"], int(row["row"]), row["fate"], row["kind"]) for row in expected}
    assert {fate for *_, fate, _ in wanted} == {"rejected", "mended", "kept"}
    kinds = {row["kind"] for row in expected}
    found = {
        (Path(i.source_file).stem, i.row, i.action, i.kind)
        for i in run.issues.itertuples()
        if i.kind in kinds
    }
    assert found == wanted
    gone = {(Path(r.source_file).stem, r.row, r.kind) for r in run.rejected.itertuples()}
    assert gone == {(file, row, kind) for file, row, fate, kind in wanted if fate == "rejected"}
    assert len(run.rejected) == len(gone)


def test_what_stands_in_a_doubtful_cell_is_kept(run, folder):
    expected = [r for r in rows_of(folder / "expected_rows.csv") if r["raw"] and r["kind"] not in LATER]
    assert len(expected) >= 4
    for row in expected:
        here = run.issues["source_file"].str.startswith(row["file"]) & run.issues["row"].eq(int(row["row"]))
        assert run.issues.loc[here & run.issues["kind"].eq(row["kind"]), "raw"].tolist() == [row["raw"]]


def test_figures_found_doubtful_after_reading_are_named(run, made):
    for kind, table, column in (
        ("fixed_over_total", made.projects, "fixed_invest_wan_low"),
        ("stated_area_not_used", made.parcels, "stated_area_m2"),
    ):
        figures = table.set_index("source_row")[column]
        issues = run.issues[run.issues["kind"] == kind]
        assert len(issues) >= 2
        for said_of in issues.itertuples():
            assert float(said_of.raw) == pytest.approx(figures[said_of.row], abs=5e-5)


def test_tables_read_are_those_the_files_were_made_from(run, made):
    """All columns that the maker knows: text, dates, money and land of every parcel and project."""
    for table, name in ((made.parcels, "parcels"), (made.projects, "projects")):
        read = run.tables[name].loc[table.index]
        for column in table.columns.drop(["geometry", "source_file", "zone_id"], errors="ignore"):
            if table[column].dtype == object:
                ours, theirs = ([sorted(v) for v in t[column]] for t in (table, read))
                assert ours == theirs, column
            elif table[column].notna().any() and table[column].dtype == "float64":
                assert read[column].to_numpy() == pytest.approx(
                    table[column].to_numpy(), rel=1e-12, nan_ok=True
                )
            elif table[column].notna().any():
                pd.testing.assert_series_equal(read[column], table[column], check_dtype=False, obj=column)


def test_totals_are_those_expected(run, folder):
    totals = tomllib.loads((folder / "expected_totals.toml").read_text(encoding="utf-8"))
    assert run.ledger["accounts"]["money"] == totals["money"]
    inputs = {s["role"]: s for s in run.ledger["inputs"]}
    for role in ("parcels", "projects"):
        assert inputs[role]["accepted"] == totals[f"{role}_accepted"] == len(run.tables[role])
        assert inputs[role]["rows_read"] == inputs[role]["accepted"] + inputs[role]["rejected"]
        assert inputs[role]["rejected"] >= 1


def test_every_verdict_that_the_policies_of_the_sample_give_is_there_three_times(run):
    for subject in ("parcel", "project"):
        verdicts = set()
        for policy in map(load_policy, run.policies):
            if policy.about(subject):
                verdicts |= {clause.verdict for clause in policy.about(subject)}
                verdicts |= {policy.otherwise[subject], "undecided", "out_of_scope"}
        counts = run.tables[f"{subject}_status"]["verdict"].value_counts()
        assert len(verdicts) >= 4
        assert {v: counts.get(v, 0) for v in verdicts if counts.get(v, 0) < 3} == {}


def test_every_clause_of_the_policies_of_the_sample_decides_something(run):
    for policy in map(load_policy, run.policies):
        for clause in policy.clauses:
            status = run.tables[f"{clause.subject}_status"]
            assert ((status["policy"] == policy.id) & (status["clause"] == clause.id)).sum() >= 3, clause.id


def test_grants_keep_to_the_quota_and_to_the_verdicts(run):
    granted = run.grants[run.grants["granted"]].set_index("project_id")
    verdicts = by_subject(run.project_status)["verdict"]
    assert len(granted) >= 5
    assert verdicts[granted.index].eq("separate_land").all()
    assert run.project_facts.loc[granted.index, "asking"].eq(True).all()
    plan = run.ledger["accounts"]["allocation"]
    assert (plan["gap"], plan["objective"]) == (0.0, plan["bound"])
    worth = run.project_facts.loc[granted.index, "fixed_invest_wan_low"]
    assert plan["objective"] == pytest.approx(math.fsum(worth), rel=1e-12)
    assert len(plan["usage"]) == len(run.quota) + len(run.reserve)
    for row in plan["usage"]:
        here = granted["zone_id"].eq(row["zone_id"]) if row["zone_id"] else True
        own = granted["resource"].eq(row["resource"])
        if row["block_id"]:
            own &= granted["block_id"].eq(row["block_id"])
        if row["resource"] not in ("farmland", "cultivated"):
            assert row["used_mu"] == pytest.approx(granted.loc[own & here, "mu"].sum(), abs=1e-6)
        assert row["used_mu"] <= row["quota_mu"]


def test_tables_keep_to_their_schemas_and_the_ledger_is_plain_json(run):
    assert set(run.tables) == set(RUN_TABLES)
    for name, table in RUN_TABLES.items():
        table.check(run.tables[name])
    book = json.dumps(run.ledger, ensure_ascii=False, allow_nan=False)
    assert json.loads(book)["accounts"]["money"] == run.ledger["accounts"]["money"]
