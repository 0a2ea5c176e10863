"""The smallest change that flips a verdict: by hand, and held against every value on a grid."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.policy import load_policy, load_text
from landuse.screening import explain, judge, screen
from landuse.screening.flips import smallest_changes
from tests.clauses_by_hand import AS_OF, facts_of, intensity, policy_of

SEED, IDLE = load_policy("cn-luoyang-zones-2011"), load_policy("cn-idle-land-2012")
DUE = {"state_construction": True, "start_state": "not_started", "suspend_state": "not_suspended"}
SUSPENDED = {"days_suspended": 0, "full_years_suspended": 0}


def changes(subject, policy, **facts):
    frame = facts_of(**{subject: {"X": facts}}).of(subject)
    return {(c.fact, c.verdict): c.value for c in smallest_changes(frame, subject, policy, as_of=AS_OF)}


def verdicts(subject, policy, rows):
    whole = facts_of(**{subject: {str(i): facts for i, facts in enumerate(rows)}})
    return judge(screen(whole, [policy]), [policy]).of(subject)["verdict"].tolist()


def test_thin_money_needs_the_limit_itself():
    found = changes(
        "project", SEED, zone_class="urban", is_new=True, total_invest_wan=8000, **intensity(3600, 20)
    )
    assert found["fixed_wan_per_mu", "separate_land"] == 200.0
    assert found["zone_class", "separate_land"] == "county"
    assert found["is_new", "separate_land"] == "false"
    assert ("total_invest_wan", "separate_land") not in found  # more money in all does not thicken it


def test_a_total_of_the_limit_needs_a_fen_more():
    found = changes("project", SEED, zone_class="urban", is_new=False, total_invest_wan=5000)
    assert found["total_invest_wan", "separate_land"] == pytest.approx(5000.000001, abs=1e-9)


def test_a_total_below_the_fixed_assets_is_no_change_that_can_be():
    """8000 in all, 6000 of it fixed: the total alone cannot fall to 5000, nor the fixed assets rise beyond 8000."""
    facts = {"zone_class": "urban", "is_new": True, "total_invest_wan": 8000, "fixed_invest_wan": 6000}
    rich = facts | intensity(6000, 20) | {"intensity_total_wan": 8000}
    found = changes("project", SEED, **rich)
    assert ("total_invest_wan", "no_separate_land") not in found
    assert found["fixed_wan_per_mu", "no_separate_land"] == pytest.approx(199.99)
    thin = facts | intensity(6000, 50) | {"intensity_total_wan": 8000}
    assert ("fixed_wan_per_mu", "separate_land") not in changes("project", SEED, **thin)
    enough = facts | intensity(6000, 40) | {"intensity_total_wan": 8000}
    assert changes("project", SEED, **enough)["fixed_wan_per_mu", "separate_land"] == 200.0


def test_two_reasons_no_single_change():
    found = changes(
        "project", SEED, zone_class="urban", is_new=True, total_invest_wan=1000, **intensity(600, 20)
    )
    assert ("total_invest_wan", "separate_land") not in found
    assert ("fixed_wan_per_mu", "separate_land") not in found


def test_time_alone_brings_idleness():
    due = pd.Timestamp("2026-01-26")
    facts = DUE | SUSPENDED | {"start_due": due, "days_past_start": 155, "full_years_past_start": 0}
    found = changes("parcel", IDLE, **facts)
    assert found["as_of", "idle_1y"] == date(2027, 1, 27)
    assert found["as_of", "idle_2y"] == date(2028, 1, 27)
    assert found["start_state", "in_use"] == "started"


def test_the_month_of_a_start_passes_on_its_last_day():
    """2025-06: idle one year for certain only after the anniversary of 30 June."""
    facts = DUE | SUSPENDED | {"start_due_period": "2025-06", "days_past_start": [365, 394]}
    found = changes("parcel", IDLE, **facts | {"full_years_past_start": [0, 1]})
    assert found["as_of", "idle_1y"] == date(2026, 7, 1)


def test_knowing_decides():
    found = changes("parcel", IDLE, **DUE | SUSPENDED | {"start_state": "unknown"})
    assert found["start_state", "in_use"] == "started"


def test_it_is_said_in_words_and_rounded_to_the_safe_side():
    facts = facts_of(
        project={"P": {"zone_class": "urban", "is_new": True, "total_invest_wan": 8000} | intensity(3333, 17)}
    )
    text = str(explain("P", facts=facts, policies=[SEED]))
    assert "投资强度 为 200 万元/亩" in text
    assert "计算强度的固定资产投资不少于 3400 万元" in text
    assert "计算强度的用地面积不多于 11110 平方米" in text


def test_nothing_alone_changes_it():
    never = policy_of("parcel", ("a", "underused", '{ fact = "holder", op = "is_unknown" }'))
    facts = facts_of(parcel={"A": {"holder": "甲"}})
    assert "单改任何一项都不改变结论" in str(explain("A", facts=facts, policies=[never]))


SHARE = """
[[fact]]
name = "share"
subject = "parcel"
type = "number"
unit = "%"
columns = ["建筑系数"]
label = "建筑系数"
"""


def test_a_figure_in_a_unit_of_ones_own_is_said_with_its_decimals():
    """29.9999 % flips, 30 % does not; 0.3 % is not 0 %."""
    below = '{ fact = "share", op = "<", limit = 30, unit = "%" }'
    policy = policy_of("parcel", ("a", "underused", below), more=SHARE)
    facts = facts_of(
        parcel={"A": {"share_low": 44.0, "share_high": 44.0}, "B": {"share_low": 0.3, "share_high": 0.3}}
    )
    assert "建筑系数 为 29.9999 % → 涉嫌低效用地" in str(explain("A", facts=facts, policies=[policy]))
    assert "建筑系数 0.3 % < 30 %" in str(explain("B", facts=facts, policies=[policy]))


BOTH = """
[policy]
id = "both"
title = "试用"
source = "自拟"
effective = 2000-01-01
otherwise = { parcel = "in_use", zone = "met" }
[[clause]]
id = "p"
subject = "parcel"
cite = "一"
text = "…"
verdict = "underused"
when = { fact = "share", op = "<", limit = 30, unit = "%" }
[[clause]]
id = "z"
subject = "zone"
cite = "二"
text = "…"
verdict = "not_met"
when = { fact = "zone_share", op = "<", limit = 30, unit = "%" }
"""


def test_own_facts_of_other_subjects_stand_in_no_way():
    """One policy, an own fact of parcels and one of zones: each subject is explained by its own."""
    of_zones = SHARE.replace('"share"', '"zone_share"').replace('"parcel"', '"zone"')
    policy = load_text(BOTH + SHARE + of_zones, file="both.toml")
    for subject, fact, verdict in (("parcel", "share", "underused"), ("zone", "zone_share", "not_met")):
        found = changes(subject, policy, **{f"{fact}_low": 44.0, f"{fact}_high": 44.0})
        assert found[fact, verdict] == pytest.approx(29.9999)


@pytest.mark.parametrize(
    ("op", "mode", "now", "flips"),
    [("<", "half_up", 35.0, 29.4999), ("<", "down", 35.0, 29.9999), ("<", "up", 35.0, 29.0),
     (">", "half_up", 25.0, 30.5), (">", "down", 25.0, 31.0), (">", "up", 25.0, 30.0001)],
)  # fmt: skip
def test_a_rounded_figure_turns_where_rounding_turns_it(op, mode, now, flips):
    rounded = f'{{ fact = "share", op = "{op}", limit = 30, unit = "%", round = {{ digits = 0, mode = "{mode}" }} }}'
    policy = policy_of("parcel", ("a", "underused", rounded), more=SHARE)
    found = changes("parcel", policy, share_low=now, share_high=now)
    assert found["share", "underused"] == pytest.approx(flips, abs=1e-9)


def test_a_rounded_figure_is_said_to_be_rounded():
    """29.6 % do not look like 30 % and more unless it is said that they are rounded."""
    rounded = '{ fact = "share", op = "<", limit = 30, unit = "%", round = { digits = 0, mode = "half_up" } }'
    policy = policy_of("parcel", ("a", "underused", rounded), more=SHARE)
    facts = facts_of(parcel={"A": {"share_low": 29.6, "share_high": 29.6}})
    assert "建筑系数 29.6 %（先按 0 位小数四舍五入） ≥ 30 %" in str(
        explain("A", facts=facts, policies=[policy])
    )


GRID = np.round(np.arange(0.0, 12.01, 0.5), 2)


@given(st.sampled_from(GRID.tolist()), st.sampled_from(GRID.tolist()), st.data())
@settings(max_examples=40, deadline=None)
def test_no_smaller_change_flips(a, b, data):
    """Random clauses on two numbers: the change given flips, and none nearer on the grid does."""
    limits = [data.draw(st.integers(0, 12)) for _ in range(3)]
    ops = [data.draw(st.sampled_from(["<", "<=", ">", ">="])) for _ in range(3)]
    unit = 'unit = "万元"'
    leaves = [
        f'{{ fact = "{fact}", op = "{op}", limit = {limit}, {unit} }}'
        for fact, op, limit in zip(("price_wan", "invested_wan", "price_wan"), ops, limits, strict=True)
    ]
    policy = policy_of(
        "parcel",
        ("1", "idle_2y", f"{{ all = [ {leaves[0]}, {leaves[1]} ] }}"),
        ("2", "underused", leaves[2]),
    )
    base = {"price_wan": a, "invested_wan": b}
    frame = facts_of(parcel={"X": base}).parcels
    found = smallest_changes(frame, "parcel", policy, as_of=AS_OF)
    grid = [(fact, value) for fact in base for value in GRID.tolist()]
    tried = [(c.fact, c.value) for c in found] + grid
    now, *then = verdicts("parcel", policy, [base, *(base | {fact: value} for fact, value in tried)])
    assert [c.verdict for c in found] == then[: len(found)]
    assert now not in then[: len(found)]
    nearest = {(c.fact, c.verdict): c.distance for c in found}
    for (fact, value), other in zip(grid, then[len(found) :], strict=True):
        assert other == now or nearest[fact, other] <= abs(value - base[fact]) + 1e-9
