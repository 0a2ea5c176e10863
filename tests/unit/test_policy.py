"""The policy language: what loads, what is refused, with file, key path and remedy."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256

import pytest

from landuse.errors import MissingFileError, PolicyError
from landuse.policy import check_in_force, in_words, load_policy, load_text
from landuse.policy.bars import bars_of
from landuse.policy.model import ByClass, leaves
from landuse.tables import PROJECT_FACTS
from tests.unit.policy_faults import FAULTS, GOOD


def test_good_policy():
    policy = load_text(GOOD, file="mine.toml")
    assert (policy.id, policy.effective, policy.expires, policy.region) == (
        "mine",
        date(2020, 1, 1),
        None,
        None,
    )
    assert [c.id for c in policy.about("project")] == ["a"]
    assert policy.about("zone") == ()
    limit = policy.clauses[0].when.limit
    assert limit == ByClass("zone_class", (("urban", Fraction(5000)), ("county", Fraction(3000))))
    thin, done = leaves(policy.clauses[1].when)
    assert (thin.limit, done.limit) == (Fraction(201, 2), Fraction(1, 3))
    assert policy.sha256 == sha256(GOOD.encode()).hexdigest()
    again = load_text(policy.text, file="elsewhere.toml")
    assert again.clauses == policy.clauses
    assert again.sha256 == policy.sha256
    assert pickle.loads(pickle.dumps(policy)) == policy


@pytest.mark.parametrize("name", list(FAULTS))
def test_refused(name):
    good, bad, key, words = FAULTS[name]
    assert good in GOOD
    with pytest.raises(PolicyError) as refusal:
        load_text(GOOD.replace(good, bad, 1), file="mine.toml")
    error = refusal.value
    assert error.file == "mine.toml"
    assert error.key == key
    assert words in f"{error.what} {error.remedy}"
    assert error.remedy
    assert str(error).startswith("mine.toml")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "policy"),
        ("clause = 3", "policy"),
        ("policy = 3\nclause = [1]", "policy"),
        ("clause = [1]\n[policy]", "policy.id"),
        (GOOD.replace("[[clause]]", "[clause]", 1).split("[[clause]]")[0], "clause"),
        (GOOD + "[[clause]]\nwhen = 5\n", "clause[#3].id"),
        (GOOD + '[[clause]]\nid = 5\nsubject = "zone"', "clause[5].id"),
    ],
)
def test_wrong_shapes_are_refused(text, key):
    with pytest.raises(PolicyError) as refusal:
        load_text(text, file="mine.toml")
    assert refusal.value.key == key


@pytest.mark.parametrize(
    ("fact", "unit", "limit", "in_fact_unit"),
    [
        ("total_invest_wan", "亿元", "0.5", Fraction(5000)),
        ("total_invest_wan", "元", "50000000", Fraction(5000)),
        ("fixed_wan_per_mu", "万元/公顷", "3000", Fraction(200)),
        ("fixed_wan_per_mu", "元/平方米", "3000", Fraction(200)),
        ("requested_m2", "亩", "3", Fraction(2000)),
        ("requested_m2", "公顷", "0.1", Fraction(1000)),
        ("land_mu", "平方米", "2000", Fraction(3)),
        ("output_wan", "亿元/年", "1", Fraction(10000)),
        ("jobs", "人", "50", Fraction(50)),
    ],
)
def test_units_are_exact(fact, unit, limit, in_fact_unit):
    when = f'when = {{ fact = "{fact}", op = "<=", unit = "{unit}", limit = {limit} }}'
    text = "\n".join(when if line.startswith("when = { fact") else line for line in GOOD.splitlines())
    leaf = load_text(text, file="mine.toml").clauses[0].when
    assert bars_of(leaf, PROJECT_FACTS).values == (in_fact_unit,)


def test_the_seeds_limits():
    """As the document has them: 5000 / 3000 with the number itself, 200 / 150 without."""
    total, thin = load_policy("cn-luoyang-zones-2011").clauses
    assert (total.when.op, dict(total.when.limit.values)) == ("<=", {"urban": 5000, "county": 3000})
    assert (thin.when.op, dict(thin.when.limit.values)) == ("<", {"urban": 200, "county": 150})
    assert (total.when.unit, thin.when.unit) == ("万元", "万元/亩")
    assert (total.when.fact, thin.when.fact) == ("total_invest_wan", "fixed_wan_per_mu")


def test_in_words():
    total, _ = load_policy("cn-luoyang-zones-2011").clauses
    assert in_words(total) == (
        "总投资 ≤ 市区 5000 万元、县域 3000 万元（适用于：集聚区类别 属于 市区、县域）"
    )
    suspended = load_policy("cn-idle-land-2012").clauses[-1]
    assert "且（已动工面积比例 < 1/3，或已投资比例 < 0.25）" in in_words(suspended)
    mine = load_text(GOOD, file="mine.toml").clauses[1]
    assert in_words(mine) == "投资强度 < 100.5 万元/亩，且非（已动工面积比例 ≥ 1/3）"


def test_load_by_path(tmp_path):
    path = tmp_path / "我的标准.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_policy(path).id == load_policy(str(path)).id == "mine"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert load_policy(path).id == "mine"
    path.write_bytes(GOOD.encode("gbk"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load_policy(path)
    with pytest.raises(MissingFileError, match=r"没有\.toml"):
        load_policy(tmp_path / "没有.toml")


def test_unknown_id_names_the_nearest():
    with pytest.raises(PolicyError, match="'cn-idle-land-2012'"):
        load_policy("cn-idle-land")


def test_in_force():
    idle, zones = load_policy("cn-idle-land-2012"), load_policy("cn-luoyang-zones-2011")
    assert idle.out_of_force(date(2012, 6, 30))
    assert not idle.out_of_force(date(2012, 7, 1))
    with pytest.raises(PolicyError, match="took effect on 2012-07-01"):
        check_in_force([zones, idle], date(2011, 6, 30))
    check_in_force([zones, idle], date(2011, 6, 30), forced=["cn-idle-land-2012"])
    check_in_force([zones, idle], datetime(2026, 6, 30, 12, 0))
    ended = load_text(GOOD.replace("2020-01-01", "2020-01-01\nexpires = 2021-01-01"), file="mine.toml")
    check_in_force([ended], date(2020, 12, 31))
    with pytest.raises(PolicyError, match="expired on 2021-01-01"):
        check_in_force([ended], date(2021, 1, 1))
