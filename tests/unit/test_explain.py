"""Verb explain: one subject's verdicts in words, from facts written down by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from landuse.errors import IdError
from landuse.policy import load_policy
from landuse.screening import explain
from tests.clauses_by_hand import facts_of, intensity, policy_of

POLICIES = [load_policy("cn-luoyang-zones-2011"), load_policy("cn-idle-land-2012")]
FACTS = facts_of(
    project={
        "P1": {
            "zone_class": "urban",
            "zone_id": "Z1",
            "is_new": True,
            "total_invest_wan": 5000,
            "land_basis": "joint",
        }
        | intensity(3000, 10),
        "P2": {"zone_class": "county", "total_invest_wan": 9000},
        "same": {},
    },
    parcel={
        "410302001001GB00001": {
            "state_construction": True,
            "start_state": "not_started",
            "days_past_start": 400,
            "full_years_past_start": 1,
            "price_wan": [900, 1000],
            "government_cause": "第八条第（一）项",
        },
        "410302001001GB00002": {"state_construction": True, "start_state": "started"},
        "same": {},
    },
    zone={"Z1": {"name": "甲区"}},
)
ORIGINS = {
    "project": pd.DataFrame({"source_file": ["项目.xlsx"], "source_row": [7]}, index=["P1"]),
    "parcel": pd.DataFrame(
        {"source_file": ["宗地.shp"], "source_row": [None]}, index=["410302001001GB00001"]
    ),
}


def why(subject_id, **more):
    return explain(subject_id, facts=FACTS, policies=POLICIES, origins=ORIGINS, **more)


def test_a_project():
    found = why("P1")
    assert (found.subject, found.source_file, found.source_row) == ("project", "项目.xlsx", 7)
    [ruling] = found.rulings
    assert (ruling.status["verdict"], ruling.status["clause"]) == ("no_separate_land", "2.total")
    total, thin = ruling.clauses
    assert (total.decides, total.holds, total.in_scope, thin.decides, thin.holds) == (
        True,
        True,
        True,
        False,
        False,
    )
    [scope, limit] = total.parts
    assert (scope.of, scope.fact, scope.holds, scope.value) == ("scope", "zone_class", True, "市区")
    assert (limit.of, limit.value, limit.op, limit.limit) == ("when", "5000 万元", "<=", "5000 万元")
    assert limit.borderline
    assert limit.holds
    assert limit.missing == ()
    values = {f.fact: f.value for f in found.facts}
    assert values["intensity_land_m2"] == "6666.67 平方米"
    assert values["fixed_wan_per_mu"] == "300 万元/亩"
    assert values["is_new"] == "是"
    assert values["zone_id"] == "Z1"


def test_its_lines():
    lines = why("P1").lines()
    assert lines[0] == "项目 P1（2026-06-30）"
    assert lines[1] == "来源：项目.xlsx 第7行"
    text = str(why("P1"))
    assert text == "\n".join(lines)
    for words in (
        "不再单独供地",
        "（五）2 [2.total]",
        "总投资 5000 万元 ≤ 5000 万元（临界） —— 符合",
        "投资强度 300 万元/亩 ≥ 200 万元/亩（按合并地块计） —— 不符合",
        "标准化厂房",
        "以下的项目不再单独供地",
    ):
        assert words in text


def test_what_is_missing():
    found = why("P2")
    assert (found.source_file, found.source_row) == (None, None)
    [ruling] = found.rulings
    assert ruling.status["missing_facts"] == ["is_new", "fixed_wan_per_mu"]
    thin = ruling.clauses[1]
    assert (thin.holds, thin.in_scope, thin.decides) == (None, None, True)
    assert [p.missing for p in thin.parts] == [(), ("is_new",), ("fixed_wan_per_mu",)]
    assert "需补：新建项目、投资强度" in str(found)


def test_a_parcel_with_a_claimed_cause():
    found = why("410302001001GB00001")
    assert (found.subject, found.source_file, found.source_row) == ("parcel", "宗地.shp", None)
    [ruling] = found.rulings
    assert (ruling.status["verdict"], ruling.status["clause"]) == ("idle_1y", "14(1)")
    text = str(found)
    assert "涉嫌闲置（满一年）" in text
    assert "主张的政府原因：第八条第（一）项" in text
    assert "可能的闲置费" not in text
    assert "动工情况：未动工" in text


def test_the_fee_at_stake():
    parcels = FACTS.parcels.assign(government_cause=pd.Series(dtype="str"))
    facts = type(FACTS)(parcels, FACTS.projects, FACTS.zones, FACTS.as_of)
    text = str(explain("410302001001GB00001", facts=facts, policies=POLICIES))
    assert "可能的闲置费：180–200 万元" in text


def test_a_zone_without_a_policy():
    found = why("Z1")
    assert (found.subject, found.rulings) == ("zone", ())
    assert found.lines()[0].startswith("集聚区 Z1")
    assert found.lines()[-1] == "没有规则涉及此对象"


def test_ids_that_are_not_there_or_stand_twice():
    with pytest.raises(IdError, match="did you mean '410302001001GB00002'"):
        why("410302001001GB0002")
    with pytest.raises(IdError, match="is the id of a parcel and of a project") as refusal:
        why("same")
    assert "subject = 'parcel'" in str(refusal.value)
    assert why("same", subject="project").subject == "project"
    with pytest.raises(IdError, match="no zone has the id 'P1'"):
        why("P1", subject="zone")
    with pytest.raises(IdError, match="no subject"):
        why("P1", subject="projects")


def test_whether_a_fact_is_known_is_laid_out_without_a_limit():
    known = '{ all = [{ fact = "zone_class", op = "is_known" }, { fact = "jobs", op = "is_unknown" }] }'
    policy = policy_of("project", ("1", "no_separate_land", known))
    lines = explain("P2", facts=FACTS, policies=[policy]).lines()
    assert "    条件 集聚区类别已知：县域（要求已知） —— 符合" in lines
    assert "    条件 就业人数不明（要求未知） —— 符合" in lines
