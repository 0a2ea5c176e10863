"""The rows of findings: what is kept, and what stands in them."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from landuse.errors import PolicyError
from landuse.policy import load_policy
from landuse.screening import explain, judge, screen
from landuse.tables import FINDINGS
from tests.clauses_by_hand import facts_of, intensity, policy_of

TOTAL = '{ fact = "total_invest_wan", op = "<=", unit = "万元", limit = 5000 }'
THIN = '{ fact = "fixed_wan_per_mu", op = "<", unit = "万元/亩", limit = 200 }'
NEW = '{ fact = "is_new", op = "==", limit = true }'
NO = "no_separate_land"


def test_findings_keep_what_holds_what_is_unknown_and_what_is_close():
    """All comparisons of such a clause, none of a clause that plainly does not hold: explain tells of it."""
    either = f"{{ any = [ {TOTAL}, {THIN} ] }}"
    policy = policy_of("project", ("1", NO, TOTAL, NEW), ("2", NO, either))
    facts = facts_of(
        project={
            "holds": {"is_new": True, "total_invest_wan": 4000} | intensity(4000, 10),
            "not": {"is_new": True, "total_invest_wan": 6000} | intensity(6000, 10),
            "close": {"is_new": True, "total_invest_wan": 6000} | intensity(2000, 10),
            "open": {"is_new": True} | intensity(6000, 10),
            "outside": {"is_new": False, "total_invest_wan": 5000} | intensity(6000, 10),
        }
    )
    findings = screen(facts, [policy])
    FINDINGS.check(findings.table)
    assert findings.table[["clause", "part", "subject_id", "fact"]].to_numpy().tolist() == [
        ["1", 1, "holds", "total_invest_wan"],
        ["1", 1, "open", "total_invest_wan"],
        *(["2", 1, row, "total_invest_wan"] for row in ("holds", "close", "open", "outside")),
        *(["2", 2, row, "fixed_wan_per_mu"] for row in ("holds", "close", "open", "outside")),
    ]
    assert findings.truth[policy.id, "project"].to_numpy().tolist() == [
        [1, 1],
        [0, 0],
        [0, 0],
        [-1, -1],
        [0, 1],
    ]


def test_explain_tells_of_clauses_that_left_no_finding():
    policy = policy_of("project", ("1", NO, TOTAL), ("2", NO, THIN))
    facts = facts_of(project={"A": {"total_invest_wan": 6000} | intensity(6000, 10)})
    assert len(screen(facts, [policy]).table) == 0
    assert judge(screen(facts, [policy]), [policy]).projects["clause"].tolist() == ["none_held"]
    clauses = explain("A", facts=facts, policies=[policy]).rulings[0].clauses
    told = [(c.clause, c.holds, p.value, p.limit) for c in clauses for p in c.parts]
    assert told == [("1", False, "6000 万元", "5000 万元"), ("2", False, "600 万元/亩", "200 万元/亩")]


def test_findings_judge_the_same_after_pickling_and_refuse_a_policy_that_was_changed():
    policy = policy_of("project", ("1", NO, TOTAL), ("2", NO, THIN))
    facts = facts_of(project={"A": intensity(100, 10), "B": {"total_invest_wan": 4000} | intensity(9000, 10)})
    findings = screen(facts, [policy])
    again = pickle.loads(pickle.dumps(findings))
    assert not again.weighed
    pd.testing.assert_frame_equal(judge(again, [policy]).projects, judge(findings, [policy]).projects)
    with pytest.raises(PolicyError, match="another policy mine"):
        judge(findings, [policy_of("project", ("1", NO, TOTAL), ("2", NO, NEW))])


def test_findings_name_value_limit_and_unit():
    policy = load_policy("cn-luoyang-zones-2011")
    row = {"zone_class": "county", "is_new": True, "total_invest_wan": [2900, 3100]} | intensity(1400, 10)
    findings = screen(facts_of(project={"P1": row}), [policy])
    FINDINGS.check(findings.table)
    total, thin = findings.table.to_dict("records")
    assert {
        k: total[k] for k in ("clause", "part", "fact", "value_low", "value_high", "op", "limit", "unit")
    } == {
        "clause": "2.total",
        "part": 1,
        "fact": "total_invest_wan",
        "value_low": 2900.0,
        "value_high": 3100.0,
        "op": "<=",
        "limit": 3000.0,
        "unit": "wan",
    }
    assert pd.isna(total["holds"])
    assert pd.isna(total["part_holds"])
    assert total["borderline"]
    assert (thin["fact"], thin["limit"], thin["limit_text"], thin["unit"]) == (
        "fixed_wan_per_mu",
        150.0,
        "150 万元/亩",
        "wan/mu",
    )
    assert thin["value_low"] == thin["value_high"] == pytest.approx(140.0)
    assert thin["holds"] is True
    assert bool(thin["in_scope"])
