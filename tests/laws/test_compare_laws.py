"""Laws of comparing two runs, over random runs; and the slow oracle, subject by subject."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.comparing import STANDINGS, compare
from landuse.tables import COMPARISON_TABLES, VERDICTS
from tests.oracles import comparison as oracle
from tests.small_runs import IDS, NEW, OLD, result_of, runs

FEW = 25
MIRRORS = {
    "came": "went",
    "policy_added": "policy_removed",
    "same": "same",
    "verdict_changed": "verdict_changed",
}
MIRRORS |= {v: k for k, v in MIRRORS.items()} | {"still_idle": "still_idle"}


def none(value):
    return None if pd.isna(value) else value


def compared(old, new, **options):
    return compare(result_of(old, **options), result_of(new, **options), steps={})


def test_every_verdict_has_one_standing():
    counts = Counter(v for verdicts in STANDINGS.values() for v in verdicts)
    assert set(counts) == {v for verdicts in VERDICTS.values() for v in verdicts}
    assert set(counts.values()) == {1}


@settings(max_examples=FEW)
@given(runs())
def test_a_run_compared_with_itself_has_no_changes(run):
    found = compared(run, run)
    assert set(found.changes["kind"]) <= {"same"}
    for name in ("attribution", "amount_changes", "rule_changes"):
        assert len(found.tables[name]) == 0
    for name in ("bulletin_zones", "bulletin_departments"):
        table = found.tables[name]
        assert (table["count_difference"] == 0).all()
        for stem in ("land_mu", "money_wan", "fee_wan"):
            for end in ("low", "high"):
                figures = table[f"{stem}_difference_{end}"].dropna()
                assert (figures == 0).all()


@settings(max_examples=FEW)
@given(runs(), runs())
def test_every_subject_falls_into_one_kind_under_each_policy_and_the_counts_add_up(old, new):
    changes = compared(old, new).changes
    for subject in IDS:
        ids = {*oracle.rows_of(old, subject), *oracle.rows_of(new, subject)}
        mine = changes[changes["subject"] == subject]
        assert mine["headline"].sum() == len(ids)
        for _, rows in mine.groupby("policy", dropna=False):
            assert sorted(rows["subject_id"]) == sorted(ids)
            kinds = Counter(rows["kind"])
            before, after = (len(oracle.rows_of(run, subject)) for run in (old, new))
            assert before + kinds["came"] - kinds["went"] == after


@settings(max_examples=FEW)
@given(runs(), runs())
def test_reversing_the_runs_mirrors_the_kinds(old, new):
    there, back = compared(old, new), compared(new, old)
    key = ["subject", "subject_id", "policy"]
    both = there.changes.merge(back.changes, on=key, suffixes=("", "_back"))
    assert len(both) == len(there.changes) == len(back.changes)
    for row in both.itertuples():
        assert (none(row.old_verdict), none(row.new_verdict)) == (
            none(row.new_verdict_back),
            none(row.old_verdict_back),
        )
        if row.kind in MIRRORS:
            assert row.kind_back == MIRRORS[row.kind]
        idle = row.kind == "newly_idle"
        if (idle or row.kind == "newly_flagged") and row.old_verdict != "undecided":
            assert row.kind_back == ("newly_idle" if row.old_verdict in oracle.IDLE else "resolved")
        if row.kind == "newly_decided":
            assert row.kind_back == "newly_undecided"
    figures = ["subject_id", "field", "old_low", "old_high", "new_low", "new_high"]
    swapped = ["subject_id", "field", "new_low", "new_high", "old_low", "old_high"]
    pd.testing.assert_frame_equal(
        there.amount_changes[figures], back.amount_changes[swapped].set_axis(figures, axis=1)
    )
    assert (there.amount_changes["difference_low"] == -back.amount_changes["difference_high"]).sum() == (
        there.amount_changes["change"] == "changed"
    ).sum()
    stocks = there.bulletin_zones["group"].isin(
        ["parcels", "idle", "projects", "flagged", "parcels_undecided"]
    )
    for one, other in (("old", "new"), ("new", "old")):
        assert (
            there.bulletin_zones[f"count_{one}"][stocks] == back.bulletin_zones[f"count_{other}"][stocks]
        ).all()


@settings(max_examples=FEW)
@given(runs(), runs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(old, new, chance):
    one = compared(old, new)
    seed = chance.randrange(10**6)
    other = compared(old, new, order=random.Random(seed))
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name], obj=name)
    assert one.ledger["counts"] == other.ledger["counts"]


@settings(max_examples=FEW)
@given(runs(), runs())
def test_the_bulletin_adds_up(old, new):
    found = compared(old, new)
    totals = []
    for name in ("bulletin_zones", "bulletin_departments"):
        table = found.tables[name]
        COMPARISON_TABLES[name].check(table)
        figures = [c for c in table if c.startswith(("count_", "land_", "money_", "fee_"))]
        lines, total = table[table["line"] != "total"], table[table["line"] == "total"].set_index("group")
        sums = lines.groupby("group", sort=False)[[c for c in figures if "difference" not in c]].sum()
        for column in sums:
            wanted = total[column].fillna(0.0).to_numpy(dtype=float)
            assert sums[column].reindex(total.index).to_numpy(dtype=float) == pytest.approx(wanted, abs=1e-9)
        rows = {group: part.reset_index(drop=True) for group, part in table.groupby("group")}
        for core, newly in (("idle", "newly_idle"), ("flagged", "newly_flagged")):
            balance = rows[core]["count_old"] + rows[newly]["count_new"] + rows[f"{core}_in"]["count_new"]
            balance -= rows[f"{core}_resolved"]["count_old"] + rows[f"{core}_out"]["count_old"]
            assert (balance == rows[core]["count_new"]).all()
        totals.append(
            total[[c for c in figures if c.startswith("count_")]].drop(
                index=[g for g in total.index if g.endswith(("_in", "_out"))]
            )
        )
    pd.testing.assert_frame_equal(*totals)


@settings(max_examples=60)
@given(runs(), runs())
def test_the_oracle_agrees(old, new):
    found = compared(old, new, as_of=OLD)
    kinds = {
        (r.subject, r.subject_id, none(r.policy)): (r.kind, none(r.old_verdict), none(r.new_verdict))
        for r in found.changes.itertuples()
    }
    assert kinds == oracle.changes(old, new)
    for row in found.changes[found.changes["subject"] != "zone"].itertuples():
        run = old if row.kind == "went" else new
        given_row = oracle.rows_of(run, row.subject)[row.subject_id]
        assert (none(row.department), row.department_basis) == oracle.department(run, given_row)
    for subject, field in (("parcel", "price_wan"), ("project", "total_invest_wan")):
        rows = found.amount_changes
        rows = rows[(rows["subject"] == subject) & (rows["field"] == field)]
        told = {
            r.subject_id: (r.change, *(span(r, side) for side in ("old", "new", "difference")))
            for r in rows.itertuples()
        }
        assert told == {
            i: (c, *map(floats, more)) for i, (c, *more) in oracle.amounts(old, new, subject, "money").items()
        }
    for name, key in (("bulletin_zones", "zone"), ("bulletin_departments", "department")):
        assert_bulletin(
            found.tables[name], oracle.bulletin(old, new, key), "zone_id" if key == "zone" else key
        )


def span(row, side):
    low, high = getattr(row, f"{side}_low"), getattr(row, f"{side}_high")
    return None if np.isnan(low) else (low, high)


def floats(pair):
    """A pair as the table has it: to the nearest float of its fen."""
    return None if pair is None else tuple(v if isinstance(v, float) else float(v) for v in pair)


def assert_bulletin(table, wanted, key):
    seen = set()
    for row in table.itertuples():
        place = (row.line, none(getattr(row, key)), row.group)
        cells = wanted.get(place, {})
        seen.add(place)
        for side in ("old", "new"):
            assert getattr(row, f"count_{side}") == cells.get((side, "count"), 0)
            for what, stem in (("land", "land_mu"), ("money", "money_wan")):
                known, low, high = cells.get((side, what), (0, Fraction(0), Fraction(0)))
                assert getattr(row, f"{stem}_known_{side}") == known
                figures = (getattr(row, f"{stem}_{side}_low"), getattr(row, f"{stem}_{side}_high"))
                unknown = known == 0 and cells.get((side, "count"), 0) > 0
                expected = (np.nan, np.nan) if unknown else (float(low), float(high))
                assert figures == pytest.approx(expected, nan_ok=True, abs=1e-9)
    assert set(wanted) <= seen


def test_two_days_are_told_in_the_rules():
    run = {"policies": [], "parcels": {}, "projects": {}, "zones": {}}
    found = compare(result_of(run, as_of=OLD), result_of(run, as_of=NEW), steps={})
    assert found.rule_changes[["kind", "old_value", "new_value"]].values.tolist() == [
        ["as_of_changed", OLD.isoformat(), NEW.isoformat()]
    ]
    assert len(found.changes) == 0
