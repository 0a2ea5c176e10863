"""Laws of screening: more knowledge only decides, never flips; rows do not know each other; logic is logic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.policy import load_policy
from landuse.policy.model import AllOf, AnyOf, ByClass, Leaf, NotOf
from landuse.screening import judge, screen
from landuse.tables import Facts
from tests.clauses_by_hand import facts_of, policy_of

OPS = ("<", "<=", ">", ">=", "==", "!=")
MARKS = (0, 1, 2, 3, 4, 5)
"""Values and limits share these, so that they meet often."""


@st.composite
def leaves(draw):
    op = draw(st.sampled_from(OPS))
    limit = draw(st.sampled_from(MARKS))
    return draw(
        st.sampled_from(
            [
                f'{{ fact = "total_invest_wan", op = "{op}", unit = "万元", limit = {limit} }}',
                f'{{ fact = "total_invest_wan", op = "{op}", unit = "万元", limit = {{ by = "zone_class", urban = {limit}, county = 3 }} }}',
                f'{{ fact = "fixed_wan_per_mu", op = "{op}", unit = "万元/亩", limit = {limit} }}',
                f'{{ fact = "jobs", op = "{op}", unit = "人", limit = {limit} }}',
                '{ fact = "is_new", op = "==", limit = true }',
                '{ fact = "is_new", op = "!=", limit = true }',
                '{ fact = "zone_class", op = "in", limit = ["urban"] }',
                '{ fact = "zone_class", op = "not_in", limit = ["county", "outside"] }',
                '{ fact = "zone_class", op = "in", limit = ["urban", "county"] }',
            ]
        )
    )


def joined(parts):
    several = st.lists(parts, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        several.map(lambda p: f"{{ all = [ {p} ] }}"),
        several.map(lambda p: f"{{ any = [ {p} ] }}"),
        parts.map(lambda p: f"{{ not = {p} }}"),
    )


conditions = st.recursive(leaves(), joined, max_leaves=5)


@st.composite
def policies(draw):
    verdicts = draw(st.lists(st.sampled_from(["separate_land", "no_separate_land"]), min_size=1, max_size=3))
    clauses = [
        (str(i), verdict, draw(conditions), *([draw(conditions)] if draw(st.booleans()) else []))
        for i, verdict in enumerate(verdicts)
    ]
    return policy_of("project", *clauses)


@st.composite
def rows(draw):
    """What is so, and what is known of it: the second contains the first."""
    number = st.sampled_from(MARKS)
    truth = {
        "total_invest_wan": draw(number),
        "intensity_fixed_wan": draw(number),
        "intensity_land_mu": draw(st.sampled_from((1, 2, 3))),
        "jobs": draw(number),
        "is_new": draw(st.booleans()),
        "zone_class": draw(st.sampled_from(["urban", "county"])),
    }
    known = {}
    for name in ("total_invest_wan", "intensity_fixed_wan"):
        low, high = draw(st.sampled_from(((0, 0), (1, 0), (0, 2), (9, 9), (0, 99))))
        known[name] = [max(0, truth[name] - low), truth[name] + high if high < 99 else np.inf]
        if draw(st.integers(0, 4)) == 0:
            known[name] = None
    for name in ("jobs", "is_new", "zone_class"):
        known[name] = truth[name] if draw(st.booleans()) else None
    known["intensity_land_mu"] = truth["intensity_land_mu"] if draw(st.integers(0, 3)) else None
    return truth, known


def cells(row):
    """A row as facts: the ratio is there where its parts are."""
    facts = {k: v for k, v in row.items() if v is not None and k != "intensity_land_mu"}
    land, money = row["intensity_land_mu"], row["intensity_fixed_wan"]
    if land is not None:
        facts["intensity_land_m2"] = land * 2000 / 3
        if money is not None:
            low, high = money if isinstance(money, list) else (money, money)
            facts["fixed_wan_per_mu"] = [low / land, high / land]
    return facts


def tables(drawn):
    truth = facts_of(project={f"P{i}": cells(t) for i, (t, _) in enumerate(drawn)})
    known = facts_of(project={f"P{i}": cells(k) for i, (_, k) in enumerate(drawn)})
    return truth, known


def outcome(facts, policy):
    findings = screen(facts, [policy])
    return findings.truth[policy.id, "project"], judge(findings, [policy]).projects


def holds(condition, row):
    """The rule in plain Python, where everything is known."""
    match condition:
        case AllOf(all=parts):
            return all(holds(p, row) for p in parts)
        case AnyOf(any=parts):
            return any(holds(p, row) for p in parts)
        case NotOf(condition=part):
            return not holds(part, row)
        case Leaf(fact=fact, op=op, limit=limit):
            if isinstance(limit, ByClass):
                limit = dict(limit.values)[row[limit.by]]
            value = row.get(fact)
            if fact == "fixed_wan_per_mu":
                value = Fraction(row["intensity_fixed_wan"], row["intensity_land_mu"])
            return {
                "<": lambda: value < limit,
                "<=": lambda: value <= limit,
                ">": lambda: value > limit,
                ">=": lambda: value >= limit,
                "==": lambda: value == limit,
                "!=": lambda: value != limit,
                "in": lambda: value in limit,
                "not_in": lambda: value not in limit,
            }[op]()


def plain_verdict(policy, row):
    applies = False
    for clause in policy.clauses:
        if clause.scope is not None and not holds(clause.scope, row):
            continue
        applies = True
        if holds(clause.when, row):
            return clause.verdict
    return policy.otherwise["project"] if applies else "out_of_scope"


@settings(max_examples=25)
@given(policies(), st.lists(rows(), min_size=4, max_size=12))
def test_what_is_known_is_judged_as_in_plain_python(policy, drawn):
    truth, _ = tables(drawn)
    status = outcome(truth, policy)[1]
    assert status["verdict"].tolist() == [plain_verdict(policy, row) for row, _ in drawn]
    assert all(m == [] for m in status["missing_facts"])


@settings(max_examples=30)
@given(policies(), st.lists(rows(), min_size=4, max_size=12))
def test_more_knowledge_decides_and_never_flips(policy, drawn):
    truth, known = tables(drawn)
    clauses_so, status_so = outcome(truth, policy)
    clauses_known, status_known = outcome(known, policy)
    decided = clauses_known.to_numpy() != -1
    assert (clauses_known.to_numpy()[decided] == clauses_so.to_numpy()[decided]).all()
    settled = (status_known["verdict"] != "undecided").to_numpy()
    assert status_known["verdict"][settled].tolist() == status_so["verdict"][settled].tolist()
    for verdict, missing in zip(status_known["verdict"], status_known["missing_facts"], strict=True):
        assert (verdict == "undecided") == (missing != [])


@settings(max_examples=10)
@given(conditions, st.lists(rows(), min_size=4, max_size=12))
def test_logic_is_logic(condition, drawn):
    _, known = tables(drawn)

    def truth(text):
        policy = policy_of("project", ("1", "separate_land", text))
        return screen(known, [policy]).truth[policy.id, "project"]["1"].to_numpy()

    plain = truth(condition)
    no = truth(f"{{ not = {condition} }}")
    assert (no == np.where(plain == -1, -1, 1 - plain)).all()
    assert (truth(f"{{ not = {{ not = {condition} }} }}") == plain).all()
    assert (truth(f"{{ all = [ {condition}, {condition} ] }}") == plain).all()
    assert (truth(f"{{ any = [ {condition} ] }}") == plain).all()
    not_all = truth(
        f'{{ not = {{ all = [ {condition}, {{ fact = "is_new", op = "==", limit = true }} ] }} }}'
    )
    any_not = truth(
        f'{{ any = [ {{ not = {condition} }}, {{ not = {{ fact = "is_new", op = "==", limit = true }} }} ] }}'
    )
    assert (not_all == any_not).all()


@settings(max_examples=12)
@given(policies(), st.lists(rows(), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(policy, drawn, random):
    _, known = tables(drawn)
    order = list(range(len(drawn)))
    random.shuffle(order)
    mixed = Facts(known.parcels, known.projects.iloc[order], known.zones, known.as_of)
    one, two = outcome(known, policy)[1], outcome(mixed, policy)[1]
    assert two["subject_id"].tolist() == mixed.projects.index.tolist()
    back = two.set_index("subject_id").loc[one["subject_id"]].reset_index()[one.columns]
    pd.testing.assert_frame_equal(one, back)
    alone = Facts(known.parcels, known.projects.iloc[order[:1]], known.zones, known.as_of)
    pd.testing.assert_frame_equal(outcome(alone, policy)[1], two.iloc[:1])


PARCEL = {
    "state_construction": st.sampled_from([True, False, None]),
    "start_state": st.sampled_from(["started", "not_started", "unknown"]),
    "full_years_suspended": st.sampled_from([0, 1, 2, None]),
    "developed_ratio": st.sampled_from([0.2, 1 / 3, 0.5, None]),
    "invested_ratio": st.sampled_from([0.2, 0.25, 0.5, None]),
    "days_past_start": st.sampled_from([-1, 0, 1, 365, 366, 731, 900, None]),
}


@settings(max_examples=25)
@given(st.lists(st.fixed_dictionaries(PARCEL), min_size=1, max_size=20))
def test_unknown_is_never_idle(drawn):
    """A verdict of idleness needs every fact that it names; what hides one leaves the parcel undecided at best."""
    facts = {}
    for i, row in enumerate(drawn):
        days = row["days_past_start"]
        years = {} if days is None else {"full_years_past_start": max(0, (days - 1) // 365)}
        facts[f"K{i}"] = {k: v for k, v in (row | years).items() if v is not None}
    idle = load_policy("cn-idle-land-2012")
    status = judge(screen(facts_of(parcel=facts), [idle]), [idle]).parcels
    for row, verdict in zip(drawn, status["verdict"], strict=True):
        if verdict.startswith("idle"):
            assert row["state_construction"] is True
        if verdict in ("idle_1y", "idle_2y"):
            assert row["start_state"] == "not_started"
            assert row["days_past_start"] > 365
        if verdict == "idle_suspended":
            assert row["start_state"] == "started"
            assert row["full_years_suspended"] >= 1
            little = [row["developed_ratio"] == 0.2, row["invested_ratio"] == 0.2]
            assert any(little)
        if row["state_construction"] is False:
            assert verdict == "out_of_scope"
