"""Areas as they stand in ledgers and news; expected values worked out by hand, in m2."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from landuse.errors import AmbiguousError, CellError, UnitError
from landuse.parsing.areas import area_unit_factor, parse_area

INF = float("inf")


@pytest.mark.parametrize(
    ("text", "m2"),
    [
        ("30亩", 20_000),
        ("30 亩", 20_000),
        ("３０亩", 20_000),
        ("三十亩", 20_000),
        ("6.67公顷", 66_700),
        ("6.67ha", 66_700),
        ("6.67 hm2", 66_700),
        ("66700㎡", 66_700),
        ("66,700 m²", 66_700),
        ("66700m2", 66_700),
        ("66700平方米", 66_700),
        ("66700平米", 66_700),
        ("10万㎡", 100_000),
        ("6万平方", 60_000),
        ("6万平方米", 60_000),
        ("1万5000平方米", 15_000),
        ("3.43平方千米", 3_430_000),
        ("1.2平方公里", 1_200_000),
        ("1.2km2", 1_200_000),
        ("1.2㎢", 1_200_000),
        ("0.3万亩", 2_000_000),
        ("5.238公顷", 52_380),
        ("占地面积237亩，建有现代化厂房80000余平方米", 158_000),
        ("规划面积30亩,总投资约7亿元", 20_000),
        ("占地30亩，其中绿化用地3亩", 20_000),
        ("绿地面积3亩,用地30亩", 20_000),
        ("总建筑面积5万平方米，占地30亩", 20_000),
        ("标准厂房项目占地30亩", 20_000),
        ("总占地30亩，一期占地20亩，二期占地10亩", 20_000),
        ("占地30亩（2公顷）", 20_000),
        ("1,200.50㎡", 1200.5),
    ],
)
def test_an_exact_area(text, m2):
    found = parse_area(text)
    assert (found.low, found.high, found.bound, found.approx, found.raw) == (m2, m2, "exact", False, text)


@pytest.mark.parametrize(
    ("text", "low", "high", "bound", "approx"),
    [
        ("约30亩", 18_000, 22_000, "exact", True),
        ("30亩左右", 18_000, 22_000, "exact", True),
        ("30余亩", 20_000, 22_000, "exact", True),
        ("30多亩", 20_000, 22_000, "exact", True),
        ("30-60亩", 20_000, 40_000, "exact", False),
        ("30亩至60亩", 20_000, 40_000, "exact", False),
        ("3-5万平方米", 30_000, 50_000, "exact", False),
        ("3万-5万平方米", 30_000, 50_000, "exact", False),
        ("不超过30亩", 0, 20_000, "at_most", False),
        ("30亩以内", 0, 20_000, "at_most", False),
        ("30亩以上", 20_000, INF, "at_least", False),
        ("≥2公顷", 20_000, INF, "at_least", False),
    ],
)
def test_intervals(text, low, high, bound, approx):
    found = parse_area(text)
    assert (found.low, found.high, found.bound, found.approx) == (low, high, bound, approx)


@pytest.mark.parametrize(
    ("cell", "unit", "m2"),
    [
        ("30", "亩", 20_000),
        (30, "亩", 20_000),
        (6.67, "公顷", 66_700),
        ("2万", "平方米", 20_000),
        ("2公顷", "亩", 20_000),
    ],
)
def test_bare_numbers_take_the_unit_that_is_named(cell, unit, m2):
    assert parse_area(cell, unit).low == parse_area(cell, unit).high == m2


@pytest.mark.parametrize("cell", ["30", 30, 30.5, "2万", "30-60"])
def test_bare_numbers_without_a_unit_are_refused(cell):
    with pytest.raises(UnitError):
        parse_area(cell)


@pytest.mark.parametrize(
    "text", ["一期占地20亩，二期占地10亩", "30亩、60亩", "总用地面积120亩，净用地面积100亩", "60-30亩"]
)
def test_two_readings_are_ambiguous(text):
    with pytest.raises(AmbiguousError):
        parse_area(text)


@pytest.mark.parametrize(
    "cell",
    [
        "-5亩",
        -5,
        True,
        INF,
        "12,34亩",
        "投资5亿元",
        "200万元/亩",
        "万亩",
        "3亩5分",
        "建筑面积5000平方米",
        "厂房3000平方米",
        "绿化面积3亩",
        "2平方英尺",
        "见图",
    ],
)
def test_what_is_no_area_of_land_is_refused(cell):
    with pytest.raises(CellError):
        parse_area(cell, "亩")


@pytest.mark.parametrize("text", [None, float("nan"), "", "—", "待定"])
def test_blank_is_none(text):
    assert parse_area(text, "亩") is None


def test_floor_area_is_read_where_it_is_asked_for():
    assert parse_area("建筑面积5000平方米", land=False).low == 5000
    assert parse_area("占地30亩，建筑面积5000平方米", land=False).low == 5000
    assert parse_area("30亩", land=False).low == 20_000


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("亩", Fraction(2000, 3)),
        ("市亩", Fraction(2000, 3)),
        ("mu", Fraction(2000, 3)),
        ("公顷", 10_000),
        ("ha", 10_000),
        ("HA", 10_000),
        ("㎡", 1),
        ("m²", 1),
        ("平方米", 1),
        ("万平方米", 10_000),
        ("万㎡", 10_000),
        ("平方公里", 1_000_000),
        ("km2", 1_000_000),
        ("（亩）", Fraction(2000, 3)),
    ],
)
def test_units_of_area(unit, factor):
    assert area_unit_factor(unit) == factor


@pytest.mark.parametrize("unit", ["", "元", "万元", "万", "个", "万元/亩", "亩数"])
def test_what_is_no_unit_of_area(unit):
    assert area_unit_factor(unit) is None


def test_the_real_sentences(shared_data):
    sentences = json.loads(
        (shared_data / "land_supply/amount_area_sentences.json").read_text(encoding="utf-8")
    )
    for sentence in sentences:
        found = parse_area(sentence["text"])
        m2 = sentence.get("area_m2") or float(Fraction(sentence["area_mu"]) * 2000 / 3)
        if sentence.get("area_approx"):
            assert found.approx
            assert found.low == pytest.approx(m2 * 0.9, rel=1e-15)
            assert found.high == pytest.approx(m2 * 1.1, rel=1e-15)
        else:
            assert (found.low, found.high) == (m2, m2)
