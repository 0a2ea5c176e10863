"""Verbs screen and judge on facts written down by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from landuse.errors import PolicyError, TableError
from landuse.policy import load_policy
from landuse.screening import judge, screen
from landuse.tables import ZONE_STATUS
from tests.clauses_by_hand import facts_of, intensity, policy_of

TOTAL = '{ fact = "total_invest_wan", op = "<=", unit = "万元", limit = 5000 }'
THIN = '{ fact = "fixed_wan_per_mu", op = "<", unit = "万元/亩", limit = 200 }'
NEW = '{ fact = "is_new", op = "==", limit = true }'
NO = "no_separate_land"


def truths(policy, facts, subject="project"):
    return screen(facts, [policy]).truth[policy.id, subject].iloc[:, 0].tolist()


def verdicts(policy, facts, subject="project"):
    status = judge(screen(facts, [policy]), [policy]).of(subject)
    return list(zip(status["verdict"], status["clause"], strict=True))


def close(findings):
    return findings.table.loc[findings.table["borderline"], "subject_id"].tolist()


STATES = {"yes": {"is_new": True}, "no": {"is_new": False}, "open": {}}
ASKING = {"yes": {"asking": True}, "no": {"asking": False}, "open": {}}
PAIRS = [(a, b) for a in STATES for b in ASKING]


@pytest.mark.parametrize(
    ("join", "expected"),
    [
        # yes-yes yes-no yes-open no-yes no-no no-open open-yes open-no open-open
        ("all", [1, 0, -1, 0, 0, 0, -1, 0, -1]),
        ("any", [1, 1, 1, 1, 0, -1, 1, -1, -1]),
    ],
)
def test_kleene(join, expected):
    facts = facts_of(project={f"{a}-{b}": STATES[a] | ASKING[b] for a, b in PAIRS})
    condition = f'{{ {join} = [ {NEW}, {{ fact = "asking", op = "==", limit = true }} ] }}'
    assert truths(policy_of("project", ("1", NO, condition)), facts) == expected
    opposite = [-1 if t == -1 else 1 - t for t in expected]
    assert truths(policy_of("project", ("1", NO, f"{{ not = {condition} }}")), facts) == opposite


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # urban, county, outside, an unknown class (urban or county, never outside), one in doubt (may be all three)
        ('op = "in", limit = ["urban", "county"]', [1, 1, 0, 1, -1]),
        ('op = "in", limit = ["urban", "county", "outside"]', [1, 1, 1, 1, 1]),
        ('op = "in", limit = ["urban"]', [1, 0, 0, -1, -1]),
        ('op = "in", limit = ["outside"]', [0, 0, 1, 0, -1]),
        ('op = "not_in", limit = ["urban", "county"]', [0, 0, 1, 0, -1]),
        ('op = "not_in", limit = ["outside"]', [1, 1, 0, 1, -1]),
        ('op = "==", limit = "county"', [0, 1, 0, -1, -1]),
        ('op = "!=", limit = "county"', [1, 0, 1, -1, -1]),
        ('op = "!=", limit = "outside"', [1, 1, 0, 1, -1]),
    ],
)
def test_closed_words(condition, expected):
    facts = facts_of(
        project={
            "U": {"zone_class": "urban"},
            "C": {"zone_class": "county"},
            "O": {"zone_class": "outside"},
            "X": {},
            "Y": {"zone_doubtful": True},
        }
    )
    when = f'{{ fact = "zone_class", {condition} }}'
    assert truths(policy_of("project", ("1", NO, when)), facts) == expected


def test_open_words_and_words_for_unknown():
    facts = facts_of(
        parcel={
            "A": {"start_state": "unknown", "government_cause": "none"},
            "B": {"start_state": "started", "government_cause": "军事管制"},
            "C": {"start_state": "not_started"},
        }
    )
    started = policy_of(
        "parcel", ("1", "underused", '{ fact = "start_state", op = "!=", limit = "started" }')
    )
    claimed = policy_of(
        "parcel", ("1", "underused", '{ fact = "government_cause", op = "!=", limit = "none" }')
    )
    assert truths(started, facts, "parcel") == [-1, 0, 1]
    assert truths(claimed, facts, "parcel") == [0, 1, -1]


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        # at the limit, below, above, up to it, from it on, about it, no upper end, unknown
        ("<", [0, 1, 0, -1, 0, -1, -1, -1]),
        ("<=", [1, 1, 0, 1, -1, -1, -1, -1]),
        (">", [0, 0, 1, 0, -1, -1, -1, -1]),
        (">=", [1, 0, 1, -1, 1, -1, -1, -1]),
        ("==", [1, 0, 0, -1, -1, -1, -1, -1]),
        ("!=", [0, 1, 1, -1, -1, -1, -1, -1]),
    ],
)
def test_intervals(op, expected):
    spans = [5000, 4999.99, 5000.01, [4000, 5000], [5000, 6000], [4000, 6000], [4000, np.inf], np.nan]
    facts = facts_of(project={f"P{i}": {"total_invest_wan": span} for i, span in enumerate(spans)})
    when = f'{{ fact = "total_invest_wan", op = "{op}", unit = "万元", limit = 5000 }}'
    policy = policy_of("project", ("1", NO, when))
    assert truths(policy, facts) == expected
    assert close(screen(facts, [policy])) == ["P0", "P3", "P4", "P5", "P6"]


def test_money_is_compared_in_fen():
    """0.1 + 0.2 wan and 0.3 wan differ as floats, not in fen; a fen less is less."""
    facts = facts_of(project={"A": {"total_invest_wan": 0.1 + 0.2}, "B": {"total_invest_wan": 0.299999}})
    when = '{ fact = "total_invest_wan", op = "<", unit = "万元", limit = 0.3 }'
    assert truths(policy_of("project", ("1", NO, when)), facts) == [0, 1]


def test_ratios_are_compared_without_dividing():
    """Of 2,000 lands at exactly 200 wan/mu many quotients miss 200; no comparison does."""
    lands = [1 + i / 7 for i in range(2000)]
    facts = facts_of(project={f"P{i}": intensity(200 * mu, mu) for i, mu in enumerate(lands)})
    quotients = facts.projects["intensity_fixed_wan_low"] / (facts.projects["intensity_land_m2_low"] * 0.0015)
    assert (quotients < 200).any()
    assert set(truths(policy_of("project", ("1", NO, THIN)), facts)) == {0}


def test_a_ratio_whose_land_or_money_is_open():
    row = intensity([1000, 3000], 10) | {
        "intensity_land_m2": [10 * 2000 / 3, np.inf],
        "fixed_wan_per_mu": [0, 300],
    }
    thin = intensity([1000, 1500], 10) | {
        "intensity_land_m2": [10 * 2000 / 3, np.inf],
        "fixed_wan_per_mu": [0, 150],
    }
    none = {"fixed_wan_per_mu": np.nan, "intensity_fixed_wan": 100, "intensity_land_m2": 100}
    bare = {"fixed_wan_per_mu": 199.0}
    facts = facts_of(project={"A": row, "B": thin, "C": none, "D": bare})
    assert truths(policy_of("project", ("1", NO, THIN)), facts) == [-1, 1, -1, 1]


def test_a_limit_by_class_outside_every_class_does_not_exist():
    when = '{ fact = "total_invest_wan", op = "<=", unit = "万元", limit = { by = "zone_class", urban = 5000, county = 3000 } }'
    facts = facts_of(
        project={
            "O": {"zone_class": "outside", "total_invest_wan": 10},
            "X": {"total_invest_wan": 10},
            "Y": {"total_invest_wan": 4000},
            "Z": {"zone_doubtful": True, "total_invest_wan": 10},
        }
    )
    policy = policy_of("project", ("1", NO, when))
    assert truths(policy, facts) == [-1, 1, -1, -1]
    findings = screen(facts, [policy])
    assert findings.table["limit"].isna().all()
    assert findings.table["limit_text"].unique().tolist() == ["urban 5000 万元, county 3000 万元"]
    status = judge(findings, [policy]).projects
    assert ["限值中没有这一集聚区类别" in text for text in status["reason"]] == [True, False, False, False]
    assert ["集聚区类别不明" in text for text in status["reason"]] == [False, False, True, True]
    assert status["missing_facts"].tolist() == [
        ["zone_class"],
        [],
        ["zone_class"],
        ["zone_class"],
    ]


def test_another_area_basis_makes_borderline():
    facts = facts_of(
        project={
            "A": intensity(2001, 10, other_mu=[10, 10.01]),  # 200.1, but 199.9 by another basis
            "B": intensity(2100, 10, other_mu=[10, 10.01]),
            "C": intensity(1999, 10, other_mu=[9.99, 10]),  # 199.9, but 200.1
            "D": intensity(1999, 10, other_mu=np.nan),
        }
    )
    policy = policy_of("project", ("1", NO, THIN))
    assert truths(policy, facts) == [0, 0, 1, 1]
    assert close(screen(facts, [policy])) == ["A", "C"]
    assert judge(screen(facts, [policy]), [policy]).projects["borderline"].tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_full_years_are_counts_and_never_borderline():
    facts = facts_of(parcel={"A": {"full_years_past_start": 1, "days_past_start": 0}})
    years = '{ fact = "full_years_past_start", op = ">=", unit = "年", limit = 1 }'
    days = '{ fact = "days_past_start", op = ">", unit = "天", limit = 0 }'
    for when, borderline in ((years, False), (days, True)):
        table = screen(facts, [policy_of("parcel", ("1", "underused", when))]).table
        assert table["borderline"].tolist() == [borderline]


def test_borderline_needs_scope():
    policy = policy_of("project", ("1", NO, TOTAL, NEW))
    facts = facts_of(project={k: {"total_invest_wan": 5000} | v for k, v in STATES.items()})
    table = screen(facts, [policy]).table
    assert table[["subject_id", "borderline"]].to_numpy().tolist() == [["yes", True], ["open", True]]
    assert table["in_scope"].isna().tolist() == [False, True]


def test_the_first_clause_that_holds_decides():
    policy = policy_of(
        "parcel",
        ("1", "idle_2y", '{ fact = "full_years_past_start", op = ">=", unit = "年", limit = 2 }'),
        ("2", "idle_1y", '{ fact = "projects", op = "==", limit = 1 }'),
        ("3", "idle_1y", '{ fact = "area_mu", op = ">", unit = "亩", limit = 10 }'),
    )
    facts = facts_of(
        parcel={
            "both hold": {"full_years_past_start": 3, "projects": 1, "area_mu": 1},
            "second holds": {"full_years_past_start": 1, "projects": 1, "area_mu": 1},
            "a rival is unknown": {"projects": 1, "area_mu": 1},
            "a later one is unknown": {"full_years_past_start": 0, "projects": 1},
            "only unknown ones": {"full_years_past_start": 0, "projects": 0},
            "none": {"full_years_past_start": 0, "projects": 0, "area_mu": 1},
        }
    )
    assert verdicts(policy, facts, "parcel") == [
        ("idle_2y", "1"),
        ("idle_1y", "2"),
        ("undecided", "1"),
        ("idle_1y", "2"),
        ("undecided", "3"),
        ("in_use", "none_held"),
    ]


def test_an_unknown_clause_of_the_same_verdict_does_not_matter():
    policy = policy_of("project", ("1", NO, TOTAL), ("2", NO, THIN))
    facts = facts_of(project={"A": intensity(100, 10), "B": intensity(9000, 10)})
    assert verdicts(policy, facts) == [(NO, "2"), ("undecided", "1")]


def test_scope_decides_what_is_out_of_scope():
    policy = policy_of("project", ("1", NO, TOTAL, NEW))
    facts = facts_of(project={k: {"total_invest_wan": 9000} | v for k, v in STATES.items()})
    assert verdicts(policy, facts) == [
        ("separate_land", "none_held"),
        ("out_of_scope", "none_held"),
        ("undecided", "1"),
    ]
    status = judge(screen(facts, [policy]), [policy]).projects
    assert status["missing_facts"].tolist() == [[], [], ["is_new"]]
    assert "新建项目不明" in status["reason"].iloc[2]


def test_a_fact_that_is_not_known_is_said_once():
    """Two comparisons of one fact are both open; a class that only one of them needs is said too."""
    by_class = TOTAL.replace("limit = 5000", 'limit = { by = "zone_class", urban = 5000, county = 3000 }')
    assert by_class != TOTAL
    late = TOTAL.replace("limit = 5000", "limit = 4000")
    policy = policy_of("project", ("1", NO, TOTAL), ("2", NO, late), ("3", NO, by_class), ("4", NO, NEW))
    facts = facts_of(
        project={"A": {"is_new": False}, "B": {"total_invest_wan": [3500, 6000], "is_new": False}}
    )
    first, second = judge(screen(facts, [policy]), [policy]).projects["reason"]
    assert first.count("总投资不明") == 2
    assert "集聚区类别不明；总投资不明" in first
    assert second.count("总投资 3500–6000") == 3


def test_a_policy_about_zones():
    policy = policy_of("zone", ("1", "not_met", THIN))
    facts = facts_of(
        zone={
            "Z1": {"fixed_invest_wan": 3000, "intensity_land_m2": 20000, "fixed_wan_per_mu": 100},
            "Z2": {"fixed_invest_wan": 9000, "intensity_land_m2": 20000, "fixed_wan_per_mu": 300},
            "Z3": {},
        }
    )
    status = judge(screen(facts, [policy]), [policy])
    ZONE_STATUS.check(status.zones)
    assert status.zones["verdict"].tolist() == ["not_met", "met", "undecided"]
    assert len(status.parcels) == len(status.projects) == 0


def test_a_limit_in_another_unit_is_shown_in_the_unit_of_the_fact():
    when = '{ fact = "fixed_wan_per_mu", op = "<", unit = "元/平方米", limit = 3000 }'
    policy = policy_of("project", ("1", NO, when))
    facts = facts_of(project={"A": intensity(1999, 10), "B": intensity(2000, 10)})
    row = screen(facts, [policy]).table.iloc[0]
    assert (row["limit"], row["limit_text"], row["unit"]) == (200.0, "3000 元/平方米", "wan/mu")
    assert truths(policy, facts) == [1, 0]
    reason = judge(screen(facts, [policy]), [policy]).projects["reason"].iloc[0]
    assert "投资强度 199.9 万元/亩 < 200 万元/亩" in reason


@pytest.mark.parametrize(("subject", "basis"), [("project", "land_basis"), ("parcel", "money_basis")])
def test_a_joint_site_says_so(subject, basis):
    verdict = {"project": NO, "parcel": "underused"}[subject]
    policy = policy_of(subject, ("1", verdict, THIN))
    facts = facts_of(
        **{subject: {"A": intensity(100, 10) | {basis: "joint"}, "B": intensity(100, 10) | {basis: "linked"}}}
    )
    joint, alone = judge(screen(facts, [policy]), [policy]).of(subject)["reason"]
    assert "按合并地块计" in joint
    assert "按合并地块计" not in alone


def test_headline_is_the_first_policy_that_speaks_of_a_subject():
    one, two = (
        policy_of("project", ("1", NO, TOTAL), name="one"),
        policy_of("project", ("1", NO, THIN), name="two"),
    )
    idle = load_policy("cn-idle-land-2012")
    facts = facts_of(project={"A": {"total_invest_wan": 9000} | intensity(100, 10)}, parcel={"K": {}})
    policies = [idle, two, one]
    status = judge(screen(facts, policies), policies)
    shown = status.projects[["policy", "headline", "verdict"]].to_numpy().tolist()
    assert shown == [["two", True, NO], ["one", False, "separate_land"]]
    assert status.parcels["headline"].tolist() == [True]


def test_rules_that_never_or_always_hold_are_said():
    policy = policy_of("project", ("1", NO, TOTAL), ("2", NO, THIN), ("3", NO, NEW))
    rows = {f"P{i}": {"total_invest_wan": 10} | intensity(9000, 10) | {"is_new": i == 0} for i in range(3)}
    issues = screen(facts_of(project=rows), [policy]).issues
    assert issues[["kind", "field", "action"]].to_numpy().tolist() == [
        ["rule_always_held", "1", "kept"],
        ["rule_never_held", "2", "kept"],
    ]
    assert "3 个项目无一成立" in issues["message"].iloc[1]
    assert len(screen(facts_of(), [policy]).issues) == 0


def test_a_fact_that_is_mostly_unknown_is_said():
    policy = policy_of("project", ("1", NO, THIN, NEW))
    lost = {f"P{i}": {"is_new": True} for i in range(3)}
    known = {f"Q{i}": {"is_new": True} | intensity(100, 10) for i in range(2)}
    outside = {f"R{i}": {"is_new": False} for i in range(9)}

    def said(rows):
        issues = screen(facts_of(project=rows), [policy]).issues
        found = issues[issues["kind"] == "fact_mostly_unknown"]
        return list(zip(found["field"], found["message"], strict=True))

    [(field, message)] = said(lost | known | outside)
    assert field == "fixed_wan_per_mu"
    assert "5 个项目中，3 个" in message
    assert "投资强度" in message
    assert said(known | {"P0": lost["P0"], "P1": lost["P1"]}) == []  # half is not most
    started = {
        f"S{i}": {"state_construction": True, "start_state": "started", "full_years_suspended": 0}
        for i in range(3)
    }
    idle = load_policy("cn-idle-land-2012")
    assert "fact_mostly_unknown" not in set(screen(facts_of(parcel=started), [idle]).issues["kind"])


def test_refusals():
    policy = policy_of("project", ("1", NO, TOTAL))
    facts = facts_of(project={"A": {}})
    with pytest.raises(PolicyError, match="mine is named twice"):
        screen(facts, [policy, policy])
    lame = type(facts)(
        facts.parcels, facts.projects.drop(columns="total_invest_wan_low"), facts.zones, facts.as_of
    )
    with pytest.raises(TableError, match="total_invest_wan_low"):
        screen(lame, [policy])


def test_empty_tables():
    policies = [load_policy("cn-luoyang-zones-2011"), load_policy("cn-idle-land-2012")]
    findings = screen(facts_of(), policies)
    status = judge(findings, policies)
    assert [len(t) for t in (findings.table, status.parcels, status.projects, status.zones)] == [0, 0, 0, 0]


def test_nothing_is_changed():
    policies = [load_policy("cn-luoyang-zones-2011"), load_policy("cn-idle-land-2012")]
    facts = facts_of(project={"A": {"zone_class": "urban"}}, parcel={"K": {}})
    before = [facts.parcels.copy(), facts.projects.copy()]
    judge(screen(facts, policies), policies)
    pd.testing.assert_frame_equal(facts.parcels, before[0])
    pd.testing.assert_frame_equal(facts.projects, before[1])
