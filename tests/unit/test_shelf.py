"""The shipped policies: what each is, what is in force when and where, what a template asks for."""

from __future__ import annotations

from datetime import date

import pytest

from landuse.errors import OutputError, PolicyError
from landuse.policy import (
    check_in_force,
    load_policy,
    load_text,
    policies_in_force,
    shipped,
    write_copy,
)
from landuse.policy.model import leaves
from landuse.screening import screen
from tests.clauses_by_hand import facts_of

LAWS = ["cn-idle-land-1999", "cn-idle-land-2012", "cn-luoyang-zones-2011", "cn-quota-link-2018"]
TEMPLATES = ["cn-control-indicators-2008", "cn-control-indicators-2023", "underused-template"]
LAST_DAY, FIRST_DAY = date(2012, 6, 30), date(2012, 7, 1)


def in_force(on, region=None):
    return [p.id for p in policies_in_force(on, region=region)]


def test_what_is_shipped():
    assert shipped() == sorted(LAWS + TEMPLATES)
    assert [name for name in shipped() if load_policy(name).template] == TEMPLATES


@pytest.mark.parametrize("name", LAWS + TEMPLATES)
def test_every_policy_says_what_it_rests_on(name):
    policy = load_policy(name)
    assert policy.id == name
    assert policy.source
    assert policy.note
    for clause in policy.clauses:
        assert clause.cite
        ordered = [leaf for leaf in leaves(clause.when) if leaf.op in ("<", "<=", ">", ">=")]
        assert all(leaf.inclusive is not None for leaf in ordered)
    again = load_text(policy.text, file=policy.file)
    assert again == policy


def test_only_the_rule_of_1999_is_known_to_have_expired():
    assert {n: load_policy(n).expires for n in shipped() if load_policy(n).expires} == {
        "cn-idle-land-1999": FIRST_DAY
    }


def test_no_limit_of_a_template_is_shipped():
    """Nothing that was not read: every table is empty, and so is every limit that is not another fact."""
    for name in TEMPLATES:
        policy = load_policy(name)
        assert policy.rows == ()
        empty = {gap.split("]")[0].removeprefix("clause[") for gap in policy.gaps()}
        filled = {c.id for c in policy.clauses} - empty
        assert filled == ({"far"} if name == "underused-template" else set())


@pytest.mark.parametrize(
    ("on", "region", "ids"),
    [
        (date(1999, 4, 27), None, []),
        (date(1999, 4, 28), None, ["cn-idle-land-1999"]),
        (date(2010, 12, 31), None, ["cn-idle-land-1999"]),
        (LAST_DAY, None, ["cn-idle-land-1999", "cn-luoyang-zones-2011"]),
        (FIRST_DAY, None, ["cn-idle-land-2012", "cn-luoyang-zones-2011"]),
        (date(2026, 6, 30), None, LAWS[1:]),
        (date(2026, 6, 30), "410323", LAWS[1:]),
        (date(2026, 6, 30), "410300", LAWS[1:]),
        (date(2026, 6, 30), "410100", ["cn-idle-land-2012", "cn-quota-link-2018"]),
        (LAST_DAY, "410100", ["cn-idle-land-1999"]),
    ],
)
def test_policies_in_force(on, region, ids):
    assert in_force(on, region) == ids


def test_what_is_in_force_can_be_applied_as_it_is():
    for on in (date(2011, 6, 30), LAST_DAY, FIRST_DAY, date(2026, 6, 30)):
        policies = policies_in_force(on)
        check_in_force(policies, on)
        assert not any(p.gaps() for p in policies)


def test_the_day_the_rule_changes():
    old, new = load_policy("cn-idle-land-1999"), load_policy("cn-idle-land-2012")
    check_in_force([old], LAST_DAY)
    check_in_force([new], FIRST_DAY)
    with pytest.raises(PolicyError, match="took effect on 2012-07-01"):
        check_in_force([new], LAST_DAY)
    with pytest.raises(PolicyError, match="expired on 2012-07-01"):
        check_in_force([old], FIRST_DAY)


def test_one_rule_gives_way_to_the_other_unless_forced():
    both = [load_policy("cn-idle-land-2012"), load_policy("cn-idle-land-1999")]
    with pytest.raises(PolicyError, match="gave way to cn-idle-land-2012 on 2012-07-01"):
        check_in_force(both, FIRST_DAY)
    check_in_force(both, FIRST_DAY, forced=["cn-idle-land-1999"])
    with pytest.raises(PolicyError, match="cn-idle-land-2012 is not in force"):
        check_in_force(both, LAST_DAY)
    check_in_force(both, LAST_DAY, forced=["cn-idle-land-2012"])


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_refused_and_says_what_to_fill_in(name):
    template = load_policy(name)
    with pytest.raises(PolicyError, match="limits are empty") as refusal:
        check_in_force([template], date(2026, 6, 30))
    assert template.gaps()[0] in refusal.value.what
    assert f"landuse policies {name} --copy" in refusal.value.remedy
    with pytest.raises(PolicyError, match="limits are empty"):
        check_in_force([template], date(2026, 6, 30), forced=[name])
    with pytest.raises(PolicyError, match="limits are empty"):
        screen(facts_of(), [template])


def test_limits_by_table_name_indicator_and_table_in_the_refusal():
    gaps = load_policy("cn-control-indicators-2008").gaps()
    assert "clause[far] design_far < (table limits, indicator 容积率)" in gaps


@pytest.mark.parametrize("name", LAWS + TEMPLATES)
def test_a_copy_is_the_policy(name, tmp_path):
    written = write_copy(name, tmp_path / "新建")
    assert written[0].name == f"{name}.toml"
    assert {p.suffix for p in written[1:]} == ({".csv"} if "control" in name else set())
    copy = load_policy(written[0])
    original = load_policy(name)
    assert (copy.clauses, copy.facts, copy.rows) == (original.clauses, original.facts, original.rows)
    with pytest.raises(OutputError, match="there already"):
        write_copy(name, tmp_path / "新建")


def test_excel_opens_the_tables_as_what_they_are(tmp_path):
    for name in TEMPLATES[:2]:
        (table,) = write_copy(name, tmp_path)[1:]
        content = table.read_bytes()
        assert content.startswith("\ufeffindicator,".encode())
        assert "建筑系数" in content.decode("utf-8-sig")


def test_deadlines():
    (one,) = load_policy("cn-idle-land-2012").deadlines
    assert (one.id, one.cite, one.days) == ("5", "第五条", 30)
    assert set(one.after) == {"idle_1y", "idle_2y", "idle_suspended"}
    assert all(not load_policy(n).deadlines for n in shipped() if n != "cn-idle-land-2012")
