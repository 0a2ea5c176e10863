"""A policy written and read again is the same policy."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.policy import load_policy, load_text, policy_toml, shipped
from landuse.policy.limits import fraction
from landuse.policy.write import toml_number
from landuse.testing.strategies import policies


def without_text(policy):
    return policy.model_copy(update={"text": "", "file": ""})


def again(policy):
    return load_text(policy_toml(policy), file="again.toml")


@pytest.mark.parametrize("name", shipped())
def test_shipped_policies_survive(name):
    policy = load_policy(name)
    assert without_text(again(policy)) == without_text(policy)


@settings(max_examples=60)
@given(policies())
def test_a_policy_written_saved_and_loaded_is_the_same(tmp_path_factory, policy):
    path = tmp_path_factory.mktemp("policy") / "again.toml"
    path.write_text(policy_toml(policy), encoding="utf-8")
    found = load_policy(path)
    assert without_text(found) == without_text(policy)
    assert [c.id for c in found.clauses] == [c.id for c in policy.clauses]
    assert policy_toml(found) == policy_toml(policy)


@given(st.fractions(-(10**9), 10**9, max_denominator=10**6))
def test_numbers_are_written_exactly(value):
    assert fraction(toml_number(value)) == value


@given(st.integers(-(10**15), 10**15), st.integers(0, 12))
def test_decimals_are_written_as_decimals(digits, places):
    value = Fraction(digits, 10**places)
    assert not isinstance(toml_number(value), str)
    assert fraction(toml_number(value)) == value


LINED = '''
[policy]
id = "lined"
title = "表"
source = "自拟"
effective = 2020-01-01
otherwise = { zone = "met" }
template = true
[[table]]
id = "t"
file = "t.csv"
by = ["name"]
unit = "万元/亩"
[csv]
"t.csv" = """
indicator,name,value,unit,source,note
far,甲,1/3,,附件一,
far,"乙
丙",2.50,万元/公顷,,x

far,,,,,
far,丁,7,,附件二,
"""
[[clause]]
id = "1"
subject = "zone"
cite = "一"
text = "…"
verdict = "not_met"
when = { all = [
    { fact = "fixed_wan_per_mu", op = "<", limit = { table = "t", indicator = "far" } },
    { fact = "fixed_wan_per_mu", op = "<", unit = "万元/亩", limit = { by = "zone_class", urban = "", county = 3 } },
    { fact = "far", op = "<", limit = "" },
] }
'''


def test_rows_of_tables_keep_line_and_source_and_templates_their_gaps():
    policy = load_text(LINED, file="lined.toml")
    assert [(r.line, r.value, r.unit, r.source) for r in policy.rows] == [
        (2, Fraction(1, 3), "万元/亩", "附件一"),
        (4, Fraction(5, 2), "万元/公顷", ""),
        (7, Fraction(7), "万元/亩", "附件二"),
    ]
    assert without_text(again(policy)) == without_text(policy)
    assert again(policy).gaps() == policy.gaps() != ()
