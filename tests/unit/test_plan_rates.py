"""Exchange rates of the plan: read, refused, and carried through a run into its ledger."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import geopandas as gpd
import pytest
import shapely

import landuse as lu
from landuse.errors import PlanError
from landuse.io.plan.file import load_plan

HEAD = 'as_of = 2026-06-30\npolicies = ["cn-luoyang-zones-2011"]\n'
BODY = '[[parcels]]\npath = "宗地.csv"\n'
RATE = '[[rates]]\ncurrency = "USD"\nyuan = 6.4614\non = 2021-06-30\nsource = "中国外汇交易中心"\n'


@pytest.fixture
def plan(tmp_path):
    (tmp_path / "宗地.csv").touch()

    def write(text):
        path = tmp_path / "方案.toml"
        path.write_text(HEAD + BODY + text, encoding="utf-8")
        return path

    return write


def test_a_rate(plan):
    [rate] = load_plan(plan(RATE)).rates
    assert (rate.currency, rate.yuan, rate.on) == ("USD", Fraction(64614, 10_000), date(2021, 6, 30))
    assert rate.source == "中国外汇交易中心"
    assert load_plan(plan("")).rates == ()


def test_a_rate_of_a_later_day_is_noted(plan):
    notes = load_plan(plan(RATE), as_of=date(2021, 6, 30)).notes
    assert any("USD" in note and "2021-06-30" in note for note in notes)
    assert not any("USD" in note for note in load_plan(plan(RATE), as_of=date(2021, 7, 1)).notes)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"USD"', '"USDD"', "rates[1].currency"),
        ('"USD"', '"CNY"', "rates[1].currency"),
        ("6.4614", "0", "rates[1].yuan"),
        ("6.4614", '"6.4614"', "rates[1].yuan"),
        ("6.4614", "inf", "rates[1].yuan"),
        ("2021-06-30", "2021-06-30T08:00:00", "rates[1].on"),
        ("on = 2021-06-30\n", "", "rates[1].on"),
        ('source = "中国外汇交易中心"\n', "", "rates[1].source"),
        ('"中国外汇交易中心"', '" "', "rates[1].source"),
        ("yuan = ", "yuann = ", "rates[1].yuann"),
    ],
)
def test_refused_with_its_key(plan, old, new, key):
    with pytest.raises(PlanError) as caught:
        load_plan(plan(RATE.replace(old, new)))
    assert caught.value.key == key
    assert caught.value.remedy


def test_two_rates_for_a_currency_are_refused(plan):
    with pytest.raises(PlanError) as caught:
        load_plan(plan(RATE + RATE))
    assert caught.value.key == "rates[2].currency"


def test_a_run_counts_dollars_by_the_rate_and_says_so(tmp_path):
    square = shapely.box(37_500_000, 3_833_000, 37_500_100, 3_833_100)
    gpd.GeoDataFrame({"宗地代码": ["A1"]}, geometry=[square], crs="EPSG:4525").to_file(tmp_path / "宗地.gpkg")
    (tmp_path / "台账.csv").write_text(
        "项目名称,宗地号,总投资\n甲,A1,500万美元\n乙,A1,100万元\n", encoding="utf-8-sig"
    )
    body = '[[parcels]]\npath = "宗地.gpkg"\n[[projects]]\npath = "台账.csv"\n'
    path = tmp_path / "方案.toml"
    path.write_text(HEAD + body + RATE, encoding="utf-8")
    result = lu.run(path)
    assert sorted(result.tables["projects"]["total_invest_wan_low"]) == [100.0, 3230.7]
    assert result.ledger["rates"] == [
        {"currency": "USD", "yuan": 6.4614, "on": "2021-06-30", "source": "中国外汇交易中心"}
    ]
    json.dumps(result.ledger)
    assert "currency_converted" in set(result.tables["issues"]["kind"])
    path.write_text(HEAD + body, encoding="utf-8")
    without = lu.run(path)
    assert without.tables["projects"]["total_invest_wan_low"].isna().sum() == 1
    assert without.ledger["rates"] == []
