"""Words, numbers, text and parcel codes."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from landuse.errors import CellError
from landuse.parsing import words
from landuse.parsing.numbers import chinese_integer, parse_number
from landuse.parsing.parcel_codes import normalise_ref, ownership_from_code, split_refs
from landuse.parsing.text import plain


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("　Ａ１　２ ", "A1 2"),
        ("５㎡", "5m2"),
        ("5m²", "5m2"),
        ("5 ㎢", "5 km2"),
        ("①２亿", "①2亿"),
        ("10²万", "10²万"),
        ("½亩", "½亩"),
        ("a\u200bb\ufeffc", "abc"),
        ("a\xa0\n b", "a b"),
        (12, "12"),
        ("（亿元）", "(亿元)"),
    ],
)
def test_plain(raw, clean):
    assert plain(raw) == clean


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("１，２３４", 1234),
        ("-3", -3),
        ("35%", 0.35),
        ("120人", 120),
        ("十二", 12),
        ("1e3", 1000),
        (7, 7),
        (np.float32(0.5), 0.5),
        ("", None),
        (None, None),
        ("—", None),
        (float("nan"), None),
    ],
)
def test_numbers(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["1,2000", "约5", "3-5", "五六", True, "1.2.3", float("inf"), "9" * 50, [1]])
def test_what_is_no_number(text):
    with pytest.raises(CellError):
        parse_number(text)


def test_chinese_numerals_below_ten_thousand_without_exception():
    digits = "零一二三四五六七八九"

    def spell(n):
        out, zero = "", False
        for size, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, n = divmod(n, size)
            if digit:
                out += ("零" if zero and out else "") + digits[digit] + sign
                zero = False
            else:
                zero = True
        return out

    for number in range(1, 10_000):
        assert chinese_integer(spell(number)) == number, spell(number)


@pytest.mark.parametrize("text", ["", "二三", "两千五", "百", "千万", "一百十", "十十", "零零", "二〇"])
def test_vague_numerals_are_refused(text):
    assert chinese_integer(text) is None


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        " ",
        "—",
        "——",
        "-",
        "/",
        "无",
        "待定",
        "暂无",
        "NULL",
        "N/A",
        pd.NA,
        pd.NaT,
        float("nan"),
        "…",
    ],
)
def test_blank(cell):
    assert words.is_blank(cell)


@pytest.mark.parametrize("cell", ["0", 0, False, "无锡", [], "A-1", "未开工", np.array([1.0, 2.0])])
def test_not_blank(cell):
    assert not words.is_blank(cell)


def test_none_is_said():
    assert words.says_none("无")
    assert not words.says_none("—")
    assert not words.says_none(None)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("新建", True),
        ("拟新建项目", True),
        ("是", True),
        ("否", False),
        ("改建", False),
        ("扩建", False),
        ("改扩建", False),
        ("技改", False),
        ("迁建", False),
        ("非新建", False),
        ("新建/扩建", None),
        ("续建", None),
        ("", None),
        (None, None),
    ],
)
def test_is_new(text, new):
    assert words.is_new(text) is new


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("是", True),
        ("√", True),
        ("Y", True),
        (True, True),
        (1, True),
        ("否", False),
        ("无", False),
        (0, False),
        ("部分", None),
        (None, None),
        ("", None),
    ],
)
def test_yes_no(text, answer):
    assert words.yes_no(text) is answer


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("国有", "state"),
        ("国有建设用地使用权", "state"),
        ("State", "state"),
        ("集体", "collective"),
        ("", None),
        ("国有、集体", None),
        ("私有", None),
    ],
)
def test_ownership(text, owner):
    assert words.ownership(text) == owner


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("市区", "urban"),
        ("城区", "urban"),
        ("urban", "urban"),
        ("县域", "county"),
        ("伊川县", "county"),
        ("county", "county"),
        ("", None),
        ("市区/县域", None),
        ("区外", None),
        ("非市区", None),
    ],
)
def test_zone_class(text, zone):
    assert words.zone_class(text) == zone


@pytest.mark.parametrize(
    ("text", "built"),
    [
        ("工业用地", True),
        ("0601", True),
        ("061", True),
        ("0601 工业用地", True),
        ("1101 物流仓储用地", True),
        ("城镇村道路用地", True),
        ("05H1", True),
        ("0810A", True),
        ("1201", True),
        ("1109", True),
        ("M1", True),
        ("201A", True),
        ("非农建设用地", True),
        ("水浇地", False),
        ("0102", False),
        ("0307K", False),
        ("1006", False),
        ("104", False),
        ("农村道路", False),
        ("1104A", False),
        ("1202 设施农用地", False),
        ("设施农用地", False),
        ("水库水面", False),
        ("非建设用地", False),
        ("综合", None),
        ("其他土地", None),
        ("耕地转工业用地", None),
        ("", None),
        ("10", None),
    ],
)
def test_construction_land(text, built):
    assert words.construction_land(text) is built


def test_the_uses_of_the_land_supply_list(shared_data):
    uses = json.loads((shared_data / "land_supply/landchina_dict_use.json").read_text(encoding="utf-8"))
    coded = {name: code for name, code in uses.items() if code.isdigit() and len(code) == 3}
    farm = {"农村道路", "设施农用地", "田坎"}
    for name, code in coded.items():
        built = code[:2] in ("05", "06", "07", "08", "09") or (
            name
            in {
                "铁路用地",
                "公路用地",
                "街巷用地",
                "机场用地",
                "港口码头用地",
                "管道运输用地",
                "水工建筑用地",
                "空闲地",
            }
        )
        assert words.construction_land(code) is built, name
        assert words.construction_land(name) in (
            (built,) if built is False or name in farm else (True, None)
        ), name


def test_supply_of_state_land(shared_data):
    supplies = json.loads(
        (shared_data / "land_supply/landchina_dict_supply.json").read_text(encoding="utf-8")
    )
    assert all(words.is_supply_of_state_land(name) for name in supplies)
    for text in ("集体经营性建设用地出让", "拟出让", "未供", "转让", "厂房租赁", "", None):
        assert not words.is_supply_of_state_land(text), text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("未开工", True),
        ("未动工", True),
        ("尚未动工建设", True),
        ("尚未", True),
        ("没有开工", True),
        ("not_started", True),
        ("待开工", True),
        ("已开工", False),
        ("尚未竣工", False),
        ("未竣工", False),
        ("未按期开工", False),
        ("", False),
    ],
)
def test_says_not_started(text, said):
    assert words.says_not_started(text) is said


@pytest.mark.parametrize(
    ("cell", "refs"),
    [
        ("410302001001GB00001", ["410302001001GB00001"]),
        ("410302001001GB 00001", ["410302001001GB00001"]),
        ("410302 001 001 GB00001 F00010001", ["410302001001GB00001F00010001"]),
        ("410302001001GB 00001 410302001001GB 00002", ["410302001001GB00001", "410302001001GB00002"]),
        ("A-1、A-2，A-3;A-4；A-5/A-6 A-7\nA-8", [f"A-{n}" for n in range(1, 9)]),
        ("a-1, A-1", ["A-1"]),
        ("Ａ－１", ["A-1"]),
        (["A-1", "A-2 A-3"], ["A-1", "A-2", "A-3"]),
        (1001, ["1001"]),
        (1001.0, ["1001"]),
        ("—", []),
        (None, []),
        (float("nan"), []),
    ],
)
def test_refs(cell, refs):
    assert split_refs(cell) == refs


def test_normalise_ref_is_stable():
    assert normalise_ref(" 410302001001ｇｂ　00001") == "410302001001GB00001"
    assert normalise_ref(normalise_ref("ａ b")) == "AB"


def test_ownership_by_code():
    codes = {
        "410302001001GB00001": "state",
        "410302001001GB 00001": "state",
        "410302001001JC00001F00010001": "collective",
        "410302001001ZW00001": None,
        "410302001001GA00001": None,
        "GB00001": None,
        "": None,
    }
    found = ownership_from_code(pd.Series(list(codes), index=list("tuvwxyz"), dtype="str"))
    assert [None if pd.isna(owner) else owner for owner in found] == list(codes.values())
    assert list(found.index) == list("tuvwxyz")
    assert str(found.dtype) == "str"
    assert len(ownership_from_code(found[:0])) == 0
