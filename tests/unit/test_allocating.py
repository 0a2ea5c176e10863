"""The packing core on published and on hostile problems, and what allocate refuses."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from fractions import Fraction

import pandas as pd
import pytest

from landuse.allocating import allocate
from landuse.allocating.check import check_plan
from landuse.allocating.model import LARGEST, Packing, Row, maximise
from landuse.errors import PlanError, SolverError, TableError
from landuse.tables import CANDIDATES, GRANTS, QUOTA, RESERVE
from tests.plans_by_hand import blocks_of, candidates_of, plan_of, quota_of, ways_of

ONE = {"id": "P1", "zone": "Z1", "mu": 30, "fixed": 9000}
QUOTA_ROW = {"resource": "new_construction", "mu": 100}


def knapsacks(path):
    """The instances of OR-Library's mknap1: values, rows, capacities and the published optimum."""
    words = iter(path.read_text().split())
    for _ in range(int(next(words))):
        size, limits, optimum = int(next(words)), int(next(words)), Fraction(next(words))
        values = [Fraction(next(words)) for _ in range(size)]
        rows = [[Fraction(next(words)) for _ in range(size)] for _ in range(limits)]
        yield values, rows, [Fraction(next(words)) for _ in range(limits)], optimum


def whole(figures):
    """The figures in tenths of a thousandth, which are whole."""
    scaled = [f * 10_000 for f in figures]
    assert all(f.denominator == 1 for f in scaled)
    return [int(f) for f in scaled]


def test_published_optima_of_multi_constraint_knapsacks(shared_data):
    found = 0
    for values, rows, most, optimum in knapsacks(shared_data / "knapsack" / "mknap1.txt"):
        limits = tuple(
            Row(dict(enumerate(whole(row))), *whole([cap])) for row, cap in zip(rows, most, strict=True)
        )
        best = maximise(Packing(len(values), limits), [whole(values)])
        assert best.values == tuple(whole([optimum]))
        found += 1
    assert found == 7


@pytest.mark.parametrize("digits", [3, 6, 9, 12])
def test_plans_that_differ_by_single_units_are_told_apart(digits):
    """Sums of nearly equal figures at exactly, or one below, a capacity: floats confuse them beyond 10^5."""
    dice = random.Random(digits)
    for _ in range(4):
        size, middle = 10, 10**digits // 2
        rows = [[middle + dice.randrange(20) for _ in range(size)] for _ in range(2)]
        values = [w + dice.randrange(20) for w in rows[0]]
        taken = [dice.randrange(2) for _ in range(size)]
        caps = [sum(map(int.__mul__, row, taken)) - dice.randrange(2) for row in rows]
        limits = tuple(Row(dict(enumerate(row)), cap) for row, cap in zip(rows, caps, strict=True))
        plans = [
            plan
            for plan in itertools.product((0, 1), repeat=size)
            if all(limit.used(plan) <= limit.most for limit in limits)
        ]
        scores = [(sum(map(int.__mul__, values, plan)), -sum(plan)) for plan in plans]
        best = maximise(Packing(size, limits), [values, [-1] * size])
        assert best.values == max(scores)


def test_no_plan_at_all_is_none_and_figures_too_large_are_refused():
    assert maximise(Packing(1, (Row({0: -1}, -1), Row({0: 1}, 0))), [[1]]) is None
    assert maximise(Packing(0, (Row({}, -1),)), [[]]) is None
    with pytest.raises(SolverError, match="cannot be reckoned exactly"):
        maximise(Packing(2, ()), [[LARGEST, 1]])
    assert maximise(Packing(2, ()), [[LARGEST * 4, LARGEST * 8]]).values == (LARGEST * 12,)


def test_nothing_is_printed():
    code = (
        "import landuse.allocating.model as m; m.maximise(m.Packing(2, (m.Row({0: 2, 1: 2}, 3),)), [[1, 2]])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def test_year_is_the_one_named_or_the_only_one():
    several = quota_of([QUOTA_ROW | {"year": 2025, "mu": 10}, QUOTA_ROW | {"year": 2026}])
    options = {"objective": {"fixed_invest_wan": 1.0}}
    candidates = candidates_of([ONE])
    with pytest.raises(PlanError, match="several years: 2025, 2026"):
        allocate(candidates, several, **options)
    assert not allocate(candidates, several, year=2025, **options).grants["granted"].any()
    plan = allocate(candidates, several, year=2026, **options)
    assert plan.grants[["year", "granted"]].to_numpy().tolist() == [[2026, True]]
    with pytest.raises(PlanError, match="no rows for 2027; it has 2025, 2026"):
        allocate(candidates, several, year=2027, **options)
    with pytest.raises(PlanError, match="no year is named"):
        allocate(candidates, several[:0], **options)
    as_of = pd.Timestamp(2024, 6, 30).date()
    assert allocate(candidates, several[:0], as_of=as_of, **options).grants["year"].tolist() == [2024]


def test_empty_tables():
    plan = allocate(CANDIDATES.empty(), QUOTA.empty(), objective={"fixed_invest_wan": 1.0}, year=2026)
    assert [len(t) for t in (plan.grants, plan.usage, plan.alternatives)] == [0, 0, 0]
    assert (plan.objective, plan.bound, plan.gap) == (0.0, 0.0, 0.0)
    assert plan.usage.columns.tolist() == [
        "year", "zone_id", "resource", "block_id", "quota_mu", "used_mu", "left_mu", "note"
    ]  # fmt: skip
    assert plan.alternatives.columns.tolist() == ["project_id", "change", "resource", "objective", "loss"]


@pytest.mark.parametrize(
    ("objective", "told"),
    [
        ({"fixed_invest": 1.0}, "did you mean fixed_invest_wan"),
        ({"verdict": 1.0}, "no fact verdict of projects that is a number"),
        ({"asking": 1.0}, "no fact asking of projects that is a number"),
        ({"output_wan": 1.0}, "the candidates must carry it"),
        ({"fixed_invest_wan": -1.0}, "not a number of 0 or more"),
        ({"fixed_invest_wan": float("nan")}, "not a number of 0 or more"),
        ({"fixed_invest_wan": True}, "not a number of 0 or more"),
        ({}, "names no fact"),
    ],
)
def test_senseless_objectives_are_refused(objective, told):
    with pytest.raises(PlanError, match=told) as refusal:
        plan_of({"projects": [ONE], "quota": [QUOTA_ROW]}, objective=objective)
    assert refusal.value.key == "allocate.objective"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([QUOTA_ROW, QUOTA_ROW], "a second quota of new_construction for the whole city in 2026"),
        ([{"resource": "standard_factory", "mu": 10}], "which takes no land"),
        ([{"resource": "hook_turnover", "mu": "不限"}], "an endless quota of hook_turnover"),
        ([{"resource": "farmland", "mu": 1, "within": "hook_turnover"}], "can be part of new_construction"),
        ([{"resource": "stock", "mu": 1, "within": "new_construction"}], "stock can be part of nothing"),
    ],
)
def test_quotas_that_contradict_themselves_are_refused(rows, told):
    quota = quota_of(rows).assign(source_file="quota.csv", source_row=range(2, len(rows) + 2))
    with pytest.raises(PlanError, match=r"quota\.csv, row") as refusal:
        allocate(candidates_of([ONE]), quota, objective={"fixed_invest_wan": 1.0})
    assert told in str(refusal.value)
    assert refusal.value.row == len(rows) + 1


def test_tables_that_break_their_schema_are_refused():
    with pytest.raises(TableError, match="verdict 'perhaps'"):
        plan_of({"projects": [ONE | {"verdict": "perhaps"}]})
    with pytest.raises(TableError, match="candidates"):
        plan_of({"projects": [ONE, ONE]})
    with pytest.raises(TableError, match="quota"):
        plan_of({"projects": [ONE], "quota": [QUOTA_ROW | {"mu": -1}]})


def test_plain_columns_and_stems_both_serve_as_facts():
    twice = {
        "projects": [ONE | {"jobs": 3}, ONE | {"id": "P2", "jobs": 5}],
        "quota": [QUOTA_ROW | {"mu": 30}],
    }
    assert ways_of(plan_of(twice, objective={"jobs": 2})) == {"P2": "new_construction"}
    assert plan_of(twice, objective={"jobs": 2}).objective == 10.0


def test_without_stock_first_the_reserve_is_still_open():
    case = {"projects": [ONE], "blocks": [{"id": "R1", "zone": "Z1", "mu": 30}]}
    assert ways_of(plan_of(case, stock_first=False)) == {"P1": "stock R1"}


def test_arguments_are_not_changed():
    tables = candidates_of([ONE]), quota_of([QUOTA_ROW]), blocks_of([{"id": "R1", "zone": "Z1", "mu": 30}])
    before = [t.copy() for t in tables]
    allocate(tables[0], tables[1], blocks=tables[2], objective={"fixed_invest_wan": 1.0})
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


BROKEN = {
    "undecided": ({"verdict": "undecided"}, {}, "may not be granted"),
    "has land": ({"asking": False}, {}, "may not be granted"),
    "endless": ({"mu": [1, "不限"]}, {}, "is granted 30.0 mu"),
    "too little quota": ({}, {"quota": [QUOTA_ROW | {"mu": 29}]}, "units of new_construction"),
    "farmland": ({}, {"quota": [QUOTA_ROW, {"resource": "farmland", "mu": 29}]}, "units of farmland"),
    "another zone": ({}, {"quota": [QUOTA_ROW | {"zone": "Z2"}]}, "not open to it"),
    "worth": ({"fixed": 8999}, {}, "an objective of 8999"),
    "another block": ({}, {"block": "R2"}, "not of its zone"),
    "unknown day": ({}, {"block": "R3"}, "cannot be supplied"),
    "block full": ({}, {"block": "R4"}, "units of block R4"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_check_finds_what_a_solver_got_wrong(fault):
    project, changes, told = BROKEN[fault]
    reserve = [
        {"id": "R2", "zone": "Z2", "mu": 30},
        {"id": "R3", "zone": "Z1", "mu": 30, "available_on": "不详"},
        {"id": "R4", "zone": "Z1", "mu": 29},
    ]
    grant = {"year": 2026, "project_id": "P1", "zone_id": "Z1", "mu": 30.0, "rank": 1, "granted": True}
    grant |= {"reason": "", "resource": "new_construction"}
    if "block" in changes:
        grant |= {"resource": "stock", "block_id": changes["block"]}
    tables = (
        GRANTS.conform(pd.DataFrame([grant])),
        CANDIDATES.conform(candidates_of([ONE | project])),
        QUOTA.conform(quota_of(changes.get("quota", [QUOTA_ROW]))),
        RESERVE.conform(blocks_of(reserve)),
    )
    with pytest.raises(SolverError, match=told):
        check_plan(*tables, objective={"fixed_invest_wan": 1.0}, value=Fraction(9000))
