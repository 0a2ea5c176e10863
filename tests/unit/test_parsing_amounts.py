"""Amounts as they stand in ledgers and news; expected values worked out by hand, in 万元."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from landuse.errors import AmbiguousError, CellError, UnitError
from landuse.parsing.amounts import amount_unit_currency, amount_unit_factor, parse_amount

INF = float("inf")


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("5000万元", 5000),
        ("5000万", 5000),
        ("0.5亿", 5000),
        ("1.2亿", 12_000),
        ("1亿2000万元", 12_000),
        ("1亿零500万元", 10_500),
        ("1亿2千万元", 12_000),
        ("3万5000元", 3.5),
        ("3千万", 3000),
        ("5百万元", 500),
        ("十亿元", 100_000),
        ("五千万元", 5000),
        ("一亿二千万元", 12_000),
        ("三点五亿元", 35_000),
        ("两千五百万元", 2500),
        ("5000元", 0.5),
        ("4999.99万元", 4999.99),
        ("总投资：8,000.00万元", 8000),
        ("８，０００．５万元", 8000.5),
        ("５０００ 万 元", 5000),
        ("￥1,000,000.00元", 100),
        ("人民币5000万", 5000),
        ("5000万元人民币", 5000),
        ("5000万元（人民币）", 5000),
        ("RMB5000万元", 5000),
        ("CNY 5000万", 5000),
        ("5000万元整", 5000),
        ("5000万元/年", 5000),
        ("5億元", 50_000),
        ("项目总投资达10亿元", 100_000),
        ("总投资——5亿元", 50_000),
        ("签约5亿元", 50_000),
        ("1.2亿元（12000万元）", 12_000),
        ("总投资10亿元，其中固定资产投资8亿元", 100_000),
        ("注册资本2000万元，总投资1.5亿元", 15_000),
        ("总投资7亿 占地350亩", 70_000),
        ("2019.3.5签约,总投资5亿元", 50_000),
        ("2019-2021年总投资5亿", 50_000),
        ("年产5000万件，总投资3亿元，亩均200万元", 30_000),
        ("0万元", 0),
    ],
)
def test_an_exact_amount(text, wan):
    found = parse_amount(text)
    assert (found.low, found.high) == (wan, wan)
    assert (found.bound, found.currency, found.approx, found.raw) == ("exact", "CNY", False, text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3000-5000万", 3000, 5000),
        ("3-5亿元", 30_000, 50_000),
        ("3000万至5000万元", 3000, 5000),
        ("3~5亿", 30_000, 50_000),
        ("０．５～０．８亿", 5000, 8000),
        ("3—5亿元", 30_000, 50_000),
        ("3亿到5亿", 30_000, 50_000),
        ("5000万元-1亿元", 5000, 10_000),
        ("三至五亿元", 30_000, 50_000),
        ("3亿元以上5亿元以下", 30_000, 50_000),
        ("3000万元以上，5000万元以下", 3000, 5000),
    ],
)
def test_a_range(text, low, high):
    found = parse_amount(text)
    assert (found.low, found.high, found.bound, found.approx) == (low, high, "exact", False)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("约5000万元", 4500, 5500),
        ("大约5000万元", 4500, 5500),
        ("近5000万元", 4500, 5500),
        ("5000万元左右", 4500, 5500),
        ("约为5000万元", 4500, 5500),
        ("约人民币5000万元", 4500, 5500),
        ("30余亿元", 300_000, 330_000),
        ("1亿多元", 10_000, 11_000),
        ("500多万元", 500, 550),
        ("5000万元余", 5000, 5500),
        ("约3-5亿元", 27_000, 55_000),
        ("3亿至约5亿元", 27_000, 55_000),
    ],
)
def test_about(text, low, high):
    found = parse_amount(text)
    assert (found.low, found.high, found.bound, found.approx) == (low, high, "exact", True)


def test_the_width_of_about_is_the_callers():
    assert parse_amount("约1亿元", approx_rel=0.05).low == 9500
    assert parse_amount("约1亿元", approx_rel=0).high == 10_000


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("不超过3000万元", 3000),
        ("不高于3000万元", 3000),
        ("≤3000万", 3000),
        ("<=3000万", 3000),
        ("未超过3000万元", 3000),
        ("不得超过3000万元", 3000),
        ("3000万元以内", 3000),
        ("3000万元以下", 3000),
        ("3000万元及以下", 3000),
        ("不足3000万元", 3000),
        ("低于3000万元", 3000),
        ("控制在3000万元以内", 3000),
        ("总投资不超过人民币46.24亿元", 462_400),
    ],
)
def test_at_most(text, wan):
    found = parse_amount(text)
    assert (found.low, found.high, found.bound) == (0, wan, "at_most")


@pytest.mark.parametrize(
    "text",
    [
        "≥3000万",
        "＞3000万",
        "不低于3000万元",
        "不得低于3000万元",
        "不少于3000万元",
        "超过3000万元",
        "3000万元以上",
        "3000万元（含）以上",
        "至少3000万元",
        "3000万元起",
        "3000万+",
    ],
)
def test_at_least(text):
    found = parse_amount(text)
    assert (found.low, found.high, found.bound) == (3000, INF, "at_least")


def test_about_and_a_bound_together():
    found = parse_amount("不超过约5亿元")
    assert (found.low, found.high, found.bound, found.approx) == (0, 55_000, "at_most", True)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("500万美元", "USD"),
        ("5,000,000美元", "USD"),
        ("USD 500万", "USD"),
        ("US$500万", "USD"),
        ("$500万", "USD"),
        ("500万（美元）", "USD"),
        ("500万元（美元）", "USD"),
        ("500万欧元", "EUR"),
        ("500万港元", "HKD"),
        ("500万日元", "JPY"),
        ("¥500万", "CNY"),
        ("港币500万元", "HKD"),
        ("总投资港币 500万元", "HKD"),
        ("总投资（折合美元）：500万元", "USD"),
        ("美金：500万", "USD"),
        ("日元500万元", "JPY"),
        ("S$500万", "SGD"),
        ("NT$500万", "TWD"),
        ("人民币500万元", "CNY"),
    ],
)
def test_currencies(text, currency):
    found = parse_amount(text)
    assert (found.low, found.high, found.currency) == (500, 500, currency)


@pytest.mark.parametrize("text", ["约港币500万元", "港币约500万元", "港币500万元左右"])
def test_a_currency_does_not_hide_the_word_before_it(text):
    found = parse_amount(text)
    assert (found.low, found.high, found.currency, found.approx) == (450, 550, "HKD", True)


def test_the_unit_of_one_amount_is_not_the_currency_of_the_next():
    found = parse_amount("注册资本800万美元 总投资5600万元")
    assert (found.low, found.currency) == (5600, "CNY")
    with pytest.raises(CellError):
        parse_amount("800万美元 5600万元")


def test_a_range_of_dollars():
    found = parse_amount("3000万-5000万美元")
    assert (found.low, found.high, found.currency) == (3000, 5000, "USD")


@pytest.mark.parametrize(
    "text", [None, float("nan"), pd.NA, pd.NaT, "", "  ", "—", "-", "/", "待定", "无", "N/A", "　"]
)
def test_blank_is_none(text):
    assert parse_amount(text) is None
    assert parse_amount(text, "万元") is None


@pytest.mark.parametrize(
    ("cell", "unit", "wan"),
    [
        ("5000", "万元", 5000),
        ("5,000", "元", 0.5),
        (5000, "万元", 5000),
        (0.1, "亿元", 1000),
        (np.float64(0.1), "亿元", 1000),
        (np.int64(3), "亿元", 30_000),
        (Decimal("1.5"), "亿元", 15_000),
        ("1.2E+05", "元", 12),
        ("约5000", "万元", (4500, 5500)),
        ("3-5", "亿元", (30_000, 50_000)),
        ("≥3000", "万元", (3000, INF)),
        ("总投资：5000", "万元", 5000),
        ("8000万元", "亿元", 8000),
        ("五千", "万元", 5000),
        ("¥5,000", "万元", 5000),
    ],
)
def test_bare_numbers_take_the_unit_that_is_named(cell, unit, wan):
    found = parse_amount(cell, unit)
    assert (found.low, found.high) == (wan if isinstance(wan, tuple) else (wan, wan))


def test_a_header_in_dollars():
    assert parse_amount("500", "万美元").currency == "USD"
    assert parse_amount(500, "万美元").currency == "USD"
    assert parse_amount("500万元", "万美元").currency == "CNY"


@pytest.mark.parametrize("cell", ["5000", 5000, "约5000", "3-5", "1e5", "¥5000"])
def test_bare_numbers_without_a_unit_are_refused(cell):
    with pytest.raises(UnitError):
        parse_amount(cell)


def test_an_unknown_default_unit_is_refused():
    with pytest.raises(UnitError, match="亩"):
        parse_amount("5000", "亩")


@pytest.mark.parametrize(
    "text",
    [
        "一期2亿元/二期3亿元",
        "一期2亿，二期3亿",
        "一期投资2亿元，二期待定",
        "一期总投资2亿元，二期总投资3亿元",
        "2亿元、3亿元",
        "3、5亿元",
        "5 000万",
        "1/2亿",
        "5-3亿",
        "5000-1.2亿",
        "3亿-5",
        "500万美元（约合3500万元）",
        "人民币500万美元",
        "不超过3亿元以上",
        "3亿元-5亿美元",
        "2x5000万元",
    ],
)
def test_two_readings_are_ambiguous(text):
    with pytest.raises(AmbiguousError):
        parse_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        "-5000万",
        "−5000万元",
        "¥-5000万",
        "-5000",
        "(5000)",
        "负5000万元",
        "1,2000万",
        "12,34万元",
        "1.2.3亿",
        "1亿2",
        "见附件",
        "万元",
        "几千万",
        "上亿元",
        "十几亿元",
        "三五千万",
        "200万元/亩",
        "亩均200万元",
        "年产5000万件",
        "占地350亩",
        "36个月",
        "①2万亿斤",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(CellError):
        parse_amount(text, "万元")


@pytest.mark.parametrize(
    "cell", [True, False, np.True_, INF, -1.0, -5, [5000], {"a": 1}, pd.Timestamp("2020-01-01")]
)
def test_other_cells_are_refused(cell):
    with pytest.raises(CellError):
        parse_amount(cell, "万元")


@pytest.mark.parametrize(
    ("unit", "factor", "currency"),
    [
        ("元", Fraction(1, 10_000), "CNY"),
        ("千元", Fraction(1, 10), "CNY"),
        ("万元", 1, "CNY"),
        ("万", 1, "CNY"),
        ("百万元", 100, "CNY"),
        ("千万元", 1000, "CNY"),
        ("亿元", 10_000, "CNY"),
        ("（亿元）", 10_000, "CNY"),
        ("万元/年", 1, "CNY"),
        ("人民币万元", 1, "CNY"),
        ("万美元", 1, "USD"),
        ("亿美元", 10_000, "USD"),
        ("美元", Fraction(1, 10_000), "USD"),
        ("万欧元", 1, "EUR"),
        ("wan", 1, "CNY"),
    ],
)
def test_units_of_money(unit, factor, currency):
    assert amount_unit_factor(unit) == factor
    assert amount_unit_currency(unit) == currency


@pytest.mark.parametrize("unit", ["", "亩", "公顷", "平方米", "吨", "年", "百", "万元/亩", "人"])
def test_what_is_no_unit_of_money(unit):
    assert amount_unit_factor(unit) is None


def test_the_real_sentences(shared_data):
    sentences = json.loads(
        (shared_data / "land_supply/amount_area_sentences.json").read_text(encoding="utf-8")
    )
    assert len(sentences) == 5
    for sentence in sentences:
        found, wan = parse_amount(sentence["text"]), sentence["invest_wan"]
        if sentence.get("invest_op") == "<=":
            assert (found.low, found.high, found.bound) == (0, wan, "at_most")
        elif "约7亿元" in sentence["text"]:
            assert (found.low, found.high, found.approx) == (wan * 0.9, wan * 1.1, True)
        else:
            assert (found.low, found.high, found.bound) == (wan, wan, "exact")
