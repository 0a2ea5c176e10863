"""Spellings that once were read wrongly, and sentences that speak of more than one figure."""

from __future__ import annotations

import pytest

from landuse.errors import AmbiguousError, CellError
from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area

INF = float("inf")


@pytest.mark.parametrize(
    ("text", "low", "high", "bound"),
    [
        ("大于等于3000万元", 3000, INF, "at_least"),
        ("大于或等于3000万元", 3000, INF, "at_least"),
        ("小于等于3000万元", 0, 3000, "at_most"),
        ("不大于等于3000万元", 0, 3000, "at_most"),
        ("3亿元±10%", 27_000, 33_000, "exact"),
        ("3亿±5%", 28_500, 31_500, "exact"),
        ("2个亿", 20_000, 20_000, "exact"),
        ("3至5个亿", 30_000, 50_000, "exact"),
        ("5仟万元", 5000, 5000, "exact"),
        ("5佰万元", 500, 500, "exact"),
        ("1亿2000万元", 12_000, 12_000, "exact"),
        ("一亿二千万", 12_000, 12_000, "exact"),
        ("五千万", 5000, 5000, "exact"),
        ("3000万元至5000万元", 3000, 5000, "exact"),
        ("3000万~5000万", 3000, 5000, "exact"),
        ("＞3000万", 3000, INF, "at_least"),
        ("1.2E+08元", 12_000, 12_000, "exact"),
    ],
)
def test_spellings(text, low, high, bound):
    found = parse_amount(text)
    assert (found.low, found.high, found.bound) == (low, high, bound)


@pytest.mark.parametrize(
    "text",
    [
        "1。2亿",  # a full stop for a decimal point: not 2亿
        "1亿~",  # a range without its end: not 1亿
        "~1亿",
        "3000万-",
        "总投资3亿元—",
        "3亿元±0.5亿元",
        "3亿元+/-10%",
        "3亿±",
    ],
)
def test_half_a_range_is_ambiguous(text):
    with pytest.raises(AmbiguousError):
        parse_amount(text)


BOTH = "总投资5000万元，其中固定资产投资4000万元"
SPENT = "总投资5000万元，已完成投资2000万元"


@pytest.mark.parametrize(
    ("of", "text", "wan"),
    [
        ("total", BOTH, 5000),
        ("fixed", BOTH, 4000),
        ("planned", BOTH, 5000),
        ("invested", BOTH, None),
        ("total", SPENT, 5000),
        ("invested", SPENT, 2000),
        ("planned", SPENT, 5000),
        ("fixed", SPENT, None),
        ("total", "5000万元，其中固定资产4000万元", 5000),
        ("fixed", "5000万元，其中固定资产4000万元", 4000),
        ("planned", "5000万元，其中固定资产4000万元", 5000),
        ("total", "固定资产投资4000万元", None),
        ("total", "固定资产总投资4000万元", None),
        ("total", "注册资本1000万元", None),
        ("total", "已完成投资2000万元", None),
        ("fixed", "总投资5000万元", None),
        ("total", "总投资1亿元，年产值2亿元", 10_000),
        ("output", "总投资1亿元，年产值2亿元", 20_000),
        ("tax", "总投资1亿元，年税收500万元", 500),
        ("tax", "利税500万元", None),
        ("price", "总投资1亿元，土地出让金1000万元", 1000),
        ("fixed", "一期固定资产2亿元，二期固定资产3亿元", None),
        ("total", "4000万元", 4000),
        ("fixed", "4000万元", 4000),
    ],
)
def test_a_column_takes_its_own_figure_of_a_sentence(of, text, wan):
    if wan is None:
        with pytest.raises(AmbiguousError):
            parse_amount(text, of=of)
    else:
        found = parse_amount(text, of=of)
        assert found.low == found.high == wan


LAND = "100亩，其中农用地60亩，耕地45亩"
SITE = "占地30亩，建筑面积5000平方米，绿化3亩"


@pytest.mark.parametrize(
    ("of", "text", "m2"),
    [
        ("land", "60亩，其中耕地45亩", 40_000),
        ("farmland", "120亩，其中农用地60亩，耕地45亩", 40_000),
        ("cultivated", LAND, 30_000),
        ("cultivated", "农用地60亩", None),
        ("farmland", "耕地45亩", None),
        ("land", "耕地45亩", None),
        ("land", SITE, 20_000),
        ("floor", SITE, 5000),
        ("floor", "占地30亩", None),
        ("footprint", SITE, None),
        ("footprint", "建筑占地5000平方米，建筑面积3万平方米", 5000),
        ("floor", "建筑占地5000平方米，建筑面积3万平方米", 30_000),
        ("land", "建筑占地5000平方米", None),
        ("developed", "应动工面积60亩，已动工面积30亩", 20_000),
        ("due", "应动工面积60亩，已动工面积30亩", 40_000),
        ("land", "绿化面积3亩", None),
        ("land", "30亩", 20_000),
    ],
)
def test_an_area_column_likewise(of, text, m2):
    land = of not in ("floor", "footprint")
    if m2 is None:
        with pytest.raises(CellError):
            parse_area(text, of=of, land=land)
    else:
        found = parse_area(text, of=of, land=land)
        assert found.low == found.high == m2


@pytest.mark.parametrize("text", ["20000平方米（约30亩）", "20000平方米(约合30亩)", "20000平方米（30亩）"])
def test_the_same_area_again_in_brackets(text):
    assert parse_area(text).low == parse_area(text).high == 20_000


@pytest.mark.parametrize(
    "text", ["20000平方米（约50亩）", "20000平方米（31亩）", "长200米宽100米", "占地200×100米"]
)
def test_another_area_in_brackets_and_lengths_are_refused(text):
    with pytest.raises(CellError):
        parse_area(text)
