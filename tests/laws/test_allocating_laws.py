"""What holds of every annual plan, whatever the projects, quotas and blocks."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracles import allocation as oracle
from tests.plans_by_hand import plan_of, ways_of
from tests.unit.test_grants_oracle import random_plan, solved

HAY = 1e-9
"""What figures in mu may lack of their exact value as floats [mu]."""

zones = st.sampled_from(["Z1", "Z2", None])
amounts = st.integers(0, 40).map(lambda tenths: tenths / 4)
spans = st.one_of(amounts, st.none(), st.tuples(amounts, amounts).map(sorted), st.just([1, "不限"]))
projects = st.fixed_dictionaries(
    {
        "zone": zones,
        "mu": spans,
        "farmland": spans,
        "cultivated": spans,
        "fixed": st.one_of(st.none(), st.integers(0, 5).map(lambda n: n * 1500.5)),
        "verdict": st.sampled_from(["separate_land"] * 5 + ["undecided", "no_separate_land", "out_of_scope"]),
        "asking": st.sampled_from([True] * 5 + [False, "不详"]),
    }
)
rows = st.tuples(
    zones, st.sampled_from(["new_construction"] * 2 + ["farmland", "cultivated", "hook_turnover", "stock"])
)
blocks = st.fixed_dictionaries(
    {
        "zone": zones,
        "mu": st.integers(0, 15),
        "available_on": st.sampled_from(["2020-01-01", "2026-12-31", "2027-01-01", "不详"]),
    }
)


@st.composite
def cases(draw):
    """A case in the words of the golden ones."""
    listed = draw(st.lists(projects, max_size=6))
    quota = draw(st.lists(rows, unique=True, max_size=6))
    return {
        "projects": [p | {"id": f"P{i}"} for i, p in enumerate(listed)],
        "quota": [{"zone": z, "resource": r, "mu": draw(st.integers(0, 25))} for z, r in quota],
        "blocks": [b | {"id": f"R{i}"} for i, b in enumerate(draw(st.lists(blocks, max_size=3)))],
    }


def most(value):
    return value[-1] if isinstance(value, list) else value


def taken(project, row, resource):
    """Mu that a grant takes of a quota row."""
    if row["zone"] not in (None, project["zone"]):
        return Fraction(0)
    land = Fraction(str(most(project["mu"])))
    if row["resource"] == resource:
        return land
    if resource != "new_construction" or row["resource"] not in ("farmland", "cultivated"):
        return Fraction(0)
    for part in ("farmland", "cultivated"):
        figure = most(project[part])
        if figure not in (None, "不限"):
            land = min(land, Fraction(str(figure)))
        if part == row["resource"]:
            break
    return land


@settings(max_examples=60)
@given(cases())
def test_grants_keep_to_every_limit_and_to_the_rules(case):
    plan = plan_of(case)
    assert plan.grants["project_id"].tolist() == [p["id"] for p in case["projects"]]
    assert plan.grants["reason"].str.len().gt(0).all()
    by_id = {p["id"]: p for p in case["projects"]}
    blocks = {b["id"]: b for b in case["blocks"]}
    granted = [(by_id[name], *way.split(" ")) for name, way in ways_of(plan).items()]
    for project, resource, *block in granted:
        assert project["verdict"] == "separate_land"
        assert project["asking"] is True
        assert most(project["mu"]) not in (None, "不限", 0)
        if block:
            assert blocks[block[0]]["zone"] == project["zone"] is not None
            assert blocks[block[0]]["available_on"] in ("2020-01-01", "2026-12-31")
        else:
            own = [r for r in case["quota"] if r["resource"] == resource]
            assert any(r["zone"] in (None, project["zone"]) for r in own)
    for row in case["quota"]:
        assert sum(taken(p, row, resource) for p, resource, *_ in granted) <= row["mu"]
    for name, block in blocks.items():
        assert sum(Fraction(str(most(p["mu"]))) for p, _, *b in granted if b == [name]) <= block["mu"]
    worth = sum(Fraction(str(most([p["fixed"] or 0]))) for p, *_ in granted)
    assert plan.objective == plan.bound == float(worth)
    assert plan.usage["left_mu"].ge(0).all()
    assert plan.usage["quota_mu"].sub(plan.usage["used_mu"] + plan.usage["left_mu"]).abs().le(HAY).all()
    assert plan.alternatives["loss"].ge(0).all()


@settings(max_examples=30)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case, dice):
    shuffled = {key: dice.sample(rows, len(rows)) for key, rows in case.items()}
    one, other = plan_of(case), plan_of(shuffled)
    for table in ("grants", "usage", "alternatives"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


@given(st.integers(1000, 10**9), st.data())
def test_more_quota_is_never_worse(seed, data):
    plan = random_plan(seed)
    means = [*plan["quota"], *plan["blocks"].values()]
    if not means:
        return
    at, extra = data.draw(st.integers(0, len(means) - 1)), data.draw(st.integers(1, 40))
    widened = [dict(m) for m in means]
    widened[at]["mu"] += extra
    quota, blocks = widened[: len(plan["quota"])], widened[len(plan["quota"]) :]
    richer = plan | {"quota": quota, "blocks": dict(zip(plan["blocks"], blocks, strict=True))}
    before, after = (oracle.worth(p, solved(p)[0]) for p in (plan, richer))
    assert after >= before


@given(st.integers(1000, 10**9))
def test_doubling_every_worth_or_every_area_changes_nothing_but_the_scale(seed):
    plan = random_plan(seed)
    dearer = {n: p | {"worth": p["worth"] * 2} for n, p in plan["projects"].items()}
    larger = {
        n: p | {k: p[k] * 2 for k in ("mu", "farmland", "cultivated")} for n, p in plan["projects"].items()
    }
    wider = {
        "quota": [r | {"mu": r["mu"] * 2} for r in plan["quota"]],
        "blocks": {n: b | {"mu": b["mu"] * 2} for n, b in plan["blocks"].items()},
    }
    best = oracle.worth(plan, solved(plan)[0])
    assert oracle.worth(plan, solved(plan | {"projects": dearer})[0]) == best
    assert oracle.worth(plan, solved(plan | wider | {"projects": larger})[0]) == best
