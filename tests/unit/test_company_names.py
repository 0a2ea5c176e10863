"""Names taken apart: golden parts, places, several holders in a cell."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from landuse.parsing.company_names import parse_company, split_holders
from landuse.parsing.places import cut_places
from landuse.parsing.simplified import simplified

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "golden" / "names" / "parts.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_parts(case):
    found = parse_company(case["name"])
    assert (found.core, found.brand, found.form) == (case["core"], case["brand"], case["form"])
    assert list(found.places) == case.get("places", [])
    assert found.group == case.get("group", False)
    assert found.branch == case.get("branch")
    assert list(found.former) == case.get("former", [])
    assert list(found.short) == case.get("short", [])


def test_an_empty_cell_has_no_parts():
    for cell in ("", "　", "（）", "——"):
        found = parse_company(cell)
        assert (found.key, found.core, found.brand, found.places) == ("", "", "", ())


@pytest.mark.parametrize(
    ("text", "places", "rest"),
    [
        ("吉林市恒泰机械", ("吉林",), "恒泰机械"),
        ("洛阳市场开发", ("洛阳",), "市场开发"),
        ("北京市海淀区恒泰机械", ("北京", "海淀"), "恒泰机械"),
        ("江苏南京恒泰机械", ("江苏", "南京"), "恒泰机械"),
        ("河南南京恒泰机械", ("河南",), "南京恒泰机械"),
        ("稷山县永东化工", ("稷山",), "永东化工"),
        ("安康医药", (), "安康医药"),
        ("安康市医药公司", ("安康",), "医药公司"),
        ("嵩县恒泰", ("嵩县",), "恒泰"),
        ("新安电力", (), "新安电力"),
        ("洛阳", (), "洛阳"),
    ],
)
def test_places_at_the_head_of_a_name(text, places, rest):
    assert cut_places(text) == (places, rest)


def test_brackets_that_nothing_opens_or_closes_are_dropped():
    assert parse_company("恒泰机械）有限公司").full == "恒泰机械有限公司"
    assert parse_company("恒泰（集团（洛阳））有限公司）").full == "恒泰(集团(洛阳))有限公司"


def test_holders_in_one_cell():
    assert split_holders("甲乙机械厂；张三") == ["甲乙机械厂", "张三"]
    assert split_holders("甲乙有限公司（集团）、丙丁有限公司") == ["甲乙有限公司(集团)", "丙丁有限公司"]
    assert split_holders("甲乙有限公司\n丙丁有限公司") == ["甲乙有限公司", "丙丁有限公司"]
    assert split_holders("甲、乙有限公司") == ["甲、乙有限公司"]
    assert split_holders(" ") == []


def test_characters_stay_where_they_have_settled():
    for sign in "薴後乾於":
        assert simplified(simplified(sign)) == simplified(sign)
