"""Cells of a column: months and years, foreign money, look-alikes, yes and no; what is said of each."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from landuse.errors import IdError, PlanError
from landuse.io.table.stacking import stack_parcels
from landuse.parsing.rates import Rate, rates_by_currency
from landuse.tables import CORRECTIONS, PROJECTS, REJECTED, RESERVE, Reading, Source, issue_table
from tests.rows_by_hand import parcels_of
from tests.unit.foreign_tables import kinds, project, read

USD = Rate("USD", 6.5, date(2021, 6, 30), "中国外汇交易中心")
CODE = "410302001001GB00001"


def said(found, kind):
    return [i for i in found.issues if i["kind"] == kind]


def test_a_month_or_a_year_is_kept_beside_the_day():
    cells = [
        "2019-03-05",
        "2019年3月",
        "2019.03",
        "二〇一九年三月",
        "2019",
        "2019年上半年",
        "2019年一季度",
        None,
    ]
    found = read({"约定开工时间": cells})
    assert found.frame.start_due.notna().tolist() == [True] + [False] * 7
    assert [None if pd.isna(v) else v for v in found.frame.start_due_period] == [
        None, "2019-03", "2019-03", "2019-03", "2019", None, None, None,
    ]  # fmt: skip
    assert [i["row"] for i in said(found, "period_only")] == [3, 4, 5, 6]
    assert [i["row"] for i in said(found, "month_only")] == [7, 8]
    assert "2019-03-01 至 2019-03-31" in said(found, "period_only")[0]["message"]


def test_impossible_days_are_told_from_what_is_no_date():
    found = read(
        {"约定开工时间": ["2019-02-30", "2019年13月", "见合同", "2019.1", "9999-12-31", "1900-01-01"]}
    )
    assert [(i["row"], i["kind"]) for i in found.issues if i["row"]] == [
        (2, "no_such_day"), (3, "no_such_day"), (4, "not_a_date"), (5, "ambiguous"),
        (6, "placeholder_date"), (7, "placeholder_date"),
    ]  # fmt: skip
    assert found.frame.start_due.isna().all()
    assert found.frame.start_due_period.isna().all()


def test_a_table_without_periods_leaves_a_month_unknown():
    found = read({"地块编号": ["B1"], "可供地时间": ["2026年3月"]}, RESERVE)
    assert found.frame.available_on.isna().all()
    assert "available_on_period" not in found.frame
    assert len(said(found, "month_only")) == 1


def test_a_month_says_that_it_happened_and_that_land_was_supplied():
    found = read(
        {
            "实际开工时间": ["2019年3月", None],
            "停工时间": [None, "2020年"],
            "约定开工时间": ["2018年1月", "2018年"],
        },
        blanks={"started_on": "not_started", "suspended_on": "not_suspended"},
    )
    assert found.frame.start_state.tolist() == ["started", "not_started"]
    assert found.frame.suspend_state.tolist() == ["not_suspended", "suspended"]
    assert found.frame.ownership.tolist() == ["state", "state"]
    assert found.frame.ownership_basis.tolist() == ["supply", "supply"]


def test_a_table_of_ours_comes_back_with_its_periods():
    columns = {
        "start_due": ["2019-03-05", None, None, "2019-03-05", "2018年5月"],
        "start_due_period": [None, "2019-03", "2019", "2019-04", "2018"],
        "started_on_period": ["2020-01", None, "2020", "20201", None],
    }
    found = read(columns)
    assert [str(d)[:10] for d in found.frame.start_due] == ["2019-03-05", "NaT", "NaT", "NaT", "NaT"]
    periods = [None if pd.isna(v) else v for v in found.frame.start_due_period]
    assert periods == [None, "2019-03", "2019", None, "2018-05"]
    assert [(i["row"], i["raw"]) for i in said(found, "periods_differ")] == [(5, "2019-03-05")]
    assert found.frame.start_state.tolist() == ["started", "unknown", "started", "unknown", "unknown"]
    assert [i["row"] for i in said(found, "not_a_date")] == [5]


def test_foreign_money_by_a_dated_rate():
    cells = ["500万美元", "3-5亿美元", "约100万美元", "500万港元", "500万元", "不超过100万美元"]
    found = read(project(总投资=cells), PROJECTS, rates=rates_by_currency([USD]))
    low, high = found.frame.total_invest_wan_low.tolist(), found.frame.total_invest_wan_high.tolist()
    assert low == pytest.approx([3250, 195_000, 585, math.nan, 500, 0], nan_ok=True, rel=1e-15)
    assert high == pytest.approx([3250, 325_000, 715, math.nan, 500, 650], nan_ok=True, rel=1e-15)
    first = said(found, "currency_converted")[0]
    assert (first["raw"], first["action"]) == ("500万美元", "mended")
    for words in ("1 USD = 6.5 元", "2021-06-30", "中国外汇交易中心", "3250 万元"):
        assert words in first["message"]
    assert [i["row"] for i in said(found, "foreign_currency")] == [5]
    assert "[[rates]]" in said(found, "foreign_currency")[0]["message"]


def test_a_column_in_dollars_by_a_dated_rate():
    rates = rates_by_currency([USD])
    for cells in ([100, "200", "300万元", None], pd.Series([100.0, 200.0])):
        found = read({"项目名称": ["甲"] * len(cells), "总投资（万美元）": cells}, PROJECTS, rates=rates)
        expected = [650.0, 1300.0, 300.0, math.nan][: len(cells)]
        assert found.frame.total_invest_wan_low.tolist() == pytest.approx(expected, nan_ok=True)
        assert kinds(found) == ["currency_converted"] * 2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Rate("美元", 6.5, date(2021, 6, 30), "某"),
        lambda: Rate("CNY", 1.0, date(2021, 6, 30), "某"),
        lambda: Rate("USD", 0.0, date(2021, 6, 30), "某"),
        lambda: Rate("USD", math.inf, date(2021, 6, 30), "某"),
        lambda: Rate("USD", 6.5, date(2021, 6, 30), " "),
        lambda: rates_by_currency([USD, Rate("USD", 6.6, date(2022, 6, 30), "某")]),
    ],
)
def test_rates_that_are_refused(wrong):
    with pytest.raises(PlanError, match="rates"):
        wrong()


def test_codes_are_mended_and_said():
    cells = [
        "4103O2001001GB00001",
        "410302 001001 gb00002",
        "A-1O",
        "410302001001GB0003",
        "410302001001GC00004",
        CODE[:-1] + "9",
    ]
    found = read({"宗地代码": cells})
    assert found.frame["__id__"].tolist() == [
        CODE, "410302001001GB00002", "A-1O", "410302001001GB0003", "410302001001GC00004", CODE[:-1] + "9",
    ]  # fmt: skip
    assert [(i["row"], i["kind"], i["action"]) for i in found.issues if i["row"]] == [
        (2, "lookalike", "mended"),
        (3, "code_spelling", "mended"),
        (5, "code_length", "kept"),
        (6, "code_owner", "kept"),
    ]
    assert said(found, "lookalike")[0]["raw"] == "4103O2001001GB00001"
    assert found.frame.ownership.tolist()[:2] == ["state", "state"]
    assert pd.isna(found.frame.ownership[4])


def test_a_look_alike_is_left_where_both_codes_stand_in_the_file():
    found = read({"宗地代码": [CODE, "4103O2001001GB00001"]})
    assert found.frame["__id__"].tolist() == [CODE, "4103O2001001GB00001"]
    assert kinds(found) == ["lookalike_kept"]


def test_look_alikes_in_a_ledger():
    found = read(
        project(**{"总投资（万元）": [1, 1], "宗地号": ["4103O2 001001 GB00001、A-O1", "A-1"]}), PROJECTS
    )
    assert found.frame.parcel_refs.tolist() == [[CODE, "A-O1"], ["A-1"]]
    assert [(i["row"], i["kind"]) for i in found.issues] == [(2, "lookalike")]


def test_look_alikes_in_the_links_of_the_analyst():
    found = read({"宗地代码": ["4103O2001001GB00001"], "项目编号": ["P-1O"]}, CORRECTIONS)
    assert (found.frame.parcel_id[0], found.frame.project_id[0]) == (CODE, "P-1O")
    assert kinds(found) == ["lookalike"]


def test_county_codes_of_another_time():
    found = read(
        {
            "宗地代码": [
                "410381001001GB00001",
                "410381001001GB00002",
                "410323001001GB00001",
                "410302001001GB00001",
            ],
            "县代码": ["410307", "410381", "410311", "410307"],
            "合同签订日期": ["2022-01-01", "2019-01-01", None, "2015-01-01"],
        }
    )
    assert found.frame.county_code.tolist() == ["410307", "410381", "410311", "410307"]
    old = {(i["field"], i["row"]): i["message"] for i in said(found, "county_code_old")}
    assert set(old) == {("县代码", None), ("宗地代码", None)}
    assert "1 行用旧代码 410381（偃师市），2021 年起为 410307（偃师区）" in old["县代码", None]
    assert [i["row"] for i in said(found, "county_differs")] == [4, 5]
    assert [i["row"] for i in said(found, "county_code_reused")] == [5]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["是", "√", "有", "已", "Y", "1", "✓", 1, True, "yes", "TRUE", "☑", 1.0], True),
        (["否", "×", "无", "未", "N", "0", "✗", 0, False, "no", "FALSE", "没有", 0.0], False),
        (["部分", "x", "2", "不详的", "√×"], None),
    ],
)
def test_yes_and_no(words, expected):
    for word in words:
        found = read({"宗地代码": ["A"], "是否建设用地": [word]})
        answer = found.frame.construction_land[0]
        assert answer is pd.NA if expected is None else answer == expected, word
        assert kinds(found) == (["not_recognised"] if expected is None else []), word


@pytest.mark.parametrize("word", [None, "", "—", "/", "待定", "暂无"])
def test_no_answer_is_none(word):
    found = read({"宗地代码": ["A"], "是否建设用地": [word]})
    assert found.frame.construction_land[0] is pd.NA
    assert kinds(found) == []


def test_each_column_takes_its_own_figure():
    text = "总投资5000万元;其中固定资产投资4000万元;已完成投资1000万元"
    found = read(project(总投资=[text], 固定资产投资=[text], 年税收=[text]), PROJECTS)
    row = found.frame.iloc[0]
    assert (row.total_invest_wan_low, row.fixed_invest_wan_low) == (5000, 4000)
    assert math.isnan(row.tax_wan_low)
    assert [(i["kind"], i["field"]) for i in found.issues] == [("ambiguous", "年税收")]


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        ({"start_due": "2019-03-05"}, {"start_due_period": "2019-03"}, False),
        ({"start_due_period": "2019"}, {"start_due_period": "2019-03"}, False),
        ({"start_due_period": "2019-03"}, {}, False),
        ({"start_due": "2019-03-05"}, {"start_due_period": "2020"}, True),
        ({"start_due_period": "2019-03"}, {"start_due_period": "2019-04"}, True),
        ({"start_due": "2019-03-05"}, {"start_due": "2019-03-06"}, True),
    ],
)
def test_one_parcel_in_two_files_may_be_dated_more_and_less_exactly(one, other, refused):
    readings = []
    for file, dates in (("甲.gpkg", one), ("乙.gpkg", other)):
        row = {"id": "A1", "m2": 10_000, "source_file": file, "stated_area_m2": 10_000.0}
        row |= {k: v if k.endswith("period") else pd.Timestamp(v) for k, v in dates.items()}
        table = parcels_of([row])
        source = Source("parcels", file, "0" * 64, "EPSG:4525", 1, 1, 0)
        readings.append(Reading(table, issue_table([]), REJECTED.empty(), (source,)))
    if refused:
        with pytest.raises(IdError, match="start_due"):
            stack_parcels(readings)
    else:
        assert stack_parcels(readings).rejected["kind"].tolist() == ["duplicate_parcel"]
