"""Limits that go by class, table or fact, roundings and codes: each on facts written down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from landuse.screening import judge, screen
from tests.clauses_by_hand import facts_of, policy_of

NO = {"project": "no_separate_land", "parcel": "underused", "zone": "not_met"}


def truths(when, rows, subject="project", more=""):
    policy = policy_of(subject, ("1", NO[subject], when), more=more)
    facts = facts_of(**{subject: {f"R{i}": row for i, row in enumerate(rows)}})
    return screen(facts, [policy]).truth[policy.id, subject].iloc[:, 0].tolist()


def test_only_industry_codes_have_a_letter_of_their_section():
    """A plot of use R1 does not stand under M1; an industry C3610 stands under 36."""
    use = '{ fact = "land_use", op = "under", limit = ["M1"] }'
    assert truths(use, [{"land_use": w} for w in ("M11", "M1", "R1", "1", "m1")], "parcel") == [1, 1, 0, 0, 0]
    code = '{ fact = "industry_code", op = "under", std = 2017, limit = ["C36", "371"] }'
    codes = ("C3610", "3610", "36", "3711", "3721", "C3711")
    rows = [{"industry_code": c, "industry_std_year": 2017} for c in codes]
    assert truths(code, rows) == [1, 1, 1, 1, 0, 1]


def test_the_longer_industry_code_counts_whatever_its_letter():
    limit = '{ by = "industry_code", std = 2017, C36 = 1, 361 = 2, other = 3 }'
    when = f'{{ fact = "jobs", op = ">=", unit = "人", limit = {limit} }}'
    rows = [{"industry_code": c, "industry_std_year": 2017, "jobs": 1.0} for c in ("C3610", "3620", "4000")]
    assert truths(when, rows) == [0, 1, 0]


def test_a_limit_that_is_a_fact_in_another_unit():
    """A mu is 2000/3 m2: 2000 m2 are 3 mu, and less than 4."""
    when = '{ fact = "requested_m2", op = "<=", limit = { fact = "land_mu" } }'
    rows = [{"requested_m2": 2000.0, "land_mu": mu} for mu in (3.0, 4.0, 2.9, np.nan)]
    assert truths(when, rows) == [1, 1, 0, -1]
    half = '{ fact = "land_mu", op = ">", limit = { fact = "requested_m2", times = 0.5 } }'
    rows = [{"requested_m2": 2000.0, "land_mu": mu} for mu in (1.5, 1.6, [1.0, 2.0])]
    assert truths(half, rows) == [0, 1, -1]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("down", {0.9: 0, -0.9: 0, 1.0: 1, -1.0: -1, 1.5: 1, -1.5: -1}),
        ("up", {0.1: 1, -0.1: -1, 1.0: 1, -1.0: -1, 1.5: 2, -1.5: -2}),
        ("half_up", {0.5: 1, -0.5: -1, 0.4: 0, -0.4: 0, 1.5: 2, 2.5: 3, -2.5: -3}),
    ],
)
def test_rounding_is_about_the_figure_not_its_sign(mode, expected):
    """To drop a digit is to move towards nothing, to carry one is to move away from it."""
    for value, rounded in expected.items():
        when = (
            f'{{ fact = "days_handed_over_late", op = "==", unit = "天", limit = {rounded}, '
            f'round = {{ digits = 0, mode = "{mode}" }} }}'
        )
        assert truths(when, [{"days_handed_over_late": value}], "parcel") == [1], value


def test_rounding_sees_a_fen():
    """4 fen over a whole yuan are carried to the next yuan, be the amount ever so large."""
    when = (
        '{ fact = "total_invest_wan", op = ">", unit = "元", limit = 5000000000, '
        'round = { digits = 0, mode = "up" } }'
    )
    rows = [{"total_invest_wan": wan} for wan in (500_000.0, 500_000.000004, 499_999.999996)]
    assert truths(when, rows) == [0, 1, 0]
    land = '{ fact = "land_m2", op = ">", unit = "平方米", limit = 10000000, round = { digits = 1, mode = "up" } }'
    assert truths(land, [{"land_m2": m2} for m2 in (1e7, 1e7 + 0.001)]) == [0, 1]


def test_a_limit_is_not_rounded_to_the_fen():
    """A third of a wan is 333333 1/3 fen: 333333 fen are less, 333334 more, and half of 3 fen lies between 1 and 2."""
    third = '{ fact = "price_wan", op = "<", unit = "万元", limit = "1/3" }'
    assert truths(third, [{"price_wan": 0.333333}, {"price_wan": 0.333334}], "parcel") == [1, 0]
    half = '{ fact = "invested_wan", op = ">", limit = { fact = "price_wan", times = "1/2" } }'
    rows = [{"invested_wan": n / 1e6, "price_wan": 3 / 1e6} for n in (1, 2)]
    assert truths(half, rows, "parcel") == [0, 1]
    same = '{ fact = "invested_wan", op = "==", limit = { fact = "price_wan", times = "1/2" } }'
    assert truths(same, rows, "parcel") == [0, 0]


IN_MU = """
[[table]]
id = "limits"
file = "limits.csv"
by = ["zone_class"]
unit = "亩"
[csv]
"limits.csv" = "indicator,zone_class,value\\nland,,12"
"""


def test_a_figure_held_against_a_table_is_rounded_in_the_unit_of_the_table():
    """11.96 mu are 12.0 mu; 7973.3 m2, rounded as square metres, would stay less than 12 mu."""
    limit = '{ table = "limits", indicator = "land" }'
    round_ = '{ digits = 1, mode = "half_up" }'
    for fact, size in (("land_mu", 1.0), ("land_m2", 2000 / 3)):
        when = f'{{ fact = "{fact}", op = "<", limit = {limit}, round = {round_} }}'
        rows = [{fact: mu * size} for mu in (11.96, 11.94, 12.0)]
        assert truths(when, rows, more=IN_MU) == [0, 1, 0]


GRADES = '''
[[table]]
id = "limits"
file = "limits.csv"
by = ["industry_code", "land_grade"]
std = 2017
unit = "人"
[csv]
"limits.csv" = """
indicator,industry_code,land_grade,value
jobs,36,,10
jobs,361,,20
jobs,,1,30
jobs,,2,40
"""
'''
BY_TABLE = '{ fact = "jobs", op = ">=", limit = { table = "limits", indicator = "jobs" } }'


def test_a_class_that_is_not_known_matters_only_where_another_limit_would_count():
    """An industry of 36 has the limit of 36 in every grade; a grade alone may have that of any industry."""

    def row(jobs, industry=None, grade=None):
        coded = {} if industry is None else {"industry_code": industry, "industry_std_year": 2017}
        return {"jobs": float(jobs)} | coded | ({} if grade is None else {"land_grade": grade})

    rows = [
        row(15, "3650"),  # 10 whatever its grade
        row(15, "3610"),  # 20 whatever its grade
        row(15, "4000"),  # 30, 40 or, in another grade, none
        row(50, "4000"),
        row(35, None, "1"),  # 10, 20 or 30: reached by all
        row(25, None, "1"),
        row(5, None, "2"),
        row(99),  # may be an industry without limit in a grade without limit
        row(35, "4000", "1"),
        row(35, "4000", "3"),  # no limit for its classes
    ]
    assert truths(BY_TABLE, rows, more=GRADES) == [1, 0, -1, -1, 1, -1, 0, -1, 1, -1]


def test_other_counts_only_for_classes_that_there_can_be():
    """Every class of zone is named, so an unknown one has one of these limits; the other is for no zone at all."""
    limit = '{ by = "zone_class", urban = 5, county = 3, other = 100 }'
    when = f'{{ fact = "jobs", op = ">=", unit = "人", limit = {limit} }}'
    rows = [{"jobs": 9.0}, {"jobs": 4.0}, {"jobs": 1.0}]
    assert truths(when, rows) == [1, -1, 0]
    doubtful = [row | {"zone_doubtful": True} for row in (*rows, {"jobs": 100.0})]
    assert truths(when, [{"jobs": 9.0, "zone_class": "outside"}, *doubtful]) == [0, -1, -1, 0, 1]


def test_what_would_have_to_be_known_is_named_only_where_it_matters():
    facts = facts_of(
        project={"A": {"industry_code": "3650", "industry_std_year": 2017}, "B": {"industry_code": "3650"}}
    )
    policy = policy_of("project", ("1", NO["project"], BY_TABLE), more=GRADES)
    missing = judge(screen(facts, [policy]), [policy]).projects["missing_facts"].tolist()
    assert missing[0] == ["jobs"]
    assert set(missing[1]) == {"jobs", "industry_code", "land_grade"}


def test_a_fee_is_rounded_to_the_fen_as_money_is():
    """Half of 3 fen are 2 fen, of 5 fen 3."""
    fee = 'consequence = { fee_of = "price_wan", rate = "1/2" }'
    policy = policy_of(
        "parcel", ("1", "underused", '{ fact = "finished", op = "==", limit = false }'), more=fee
    )
    prices = {"A": 3e-6, "B": 5e-6, "C": [1e-6, np.inf], "D": np.nan}
    facts = facts_of(parcel={i: {"finished": False, "price_wan": p} for i, p in prices.items()})
    status = judge(screen(facts, [policy]), [policy]).parcels
    np.testing.assert_allclose(status["fee_wan_low"], [2e-6, 3e-6, 1e-6, np.nan])
    np.testing.assert_allclose(status["fee_wan_high"], [2e-6, 3e-6, np.inf, np.nan])
    assert status["fee_open"].tolist() == [False, False, False, True]


def test_nothing_over_land_that_may_be_nothing_is_not_below_a_negative_limit():
    land = {"intensity_fixed_wan": 0.0, "fixed_wan_per_mu": 0.0, "intensity_land_m2": [0.0, float("inf")]}
    when = '{{ fact = "fixed_wan_per_mu", op = "{op}", unit = "万元/亩", limit = -1 }}'
    assert [truths(when.format(op=op), [land])[0] for op in ("!=", "==", "<=", "<", ">", ">=")] == [
        1,
        0,
        0,
        0,
        1,
        1,
    ]
