"""Cells to values: what is mended, kept in doubt or rejected; expected values by hand."""

from __future__ import annotations

import csv
import math
from datetime import date, datetime

import pandas as pd
import pytest

from landuse.errors import PlanError
from landuse.io.header.alias_files import dialect_of
from landuse.io.table.dialect import Options, rejected_table, translate
from landuse.tables import CORRECTIONS, PARCELS, PROJECTS, QUOTA, ZONES
from tests.unit.foreign_tables import MU, TABLES, grid, kinds, project, read

# cells


def test_amounts_of_a_mixed_column():
    cells = ["1.2亿元", "约5000万元", "3000-4000", "不超过2000万元", "5000万美元", "待定", None, "一期2亿元/二期3亿元", "很多",
             "１，２００", 800, 4999.99]  # fmt: skip
    found = read(project(**{"总投资（万元）": cells}), PROJECTS, approx_rel=0.2)
    low, high = found.frame.total_invest_wan_low.tolist(), found.frame.total_invest_wan_high.tolist()
    nan = math.nan
    assert low == pytest.approx(
        [12000, 4000, 3000, 0, nan, nan, nan, nan, nan, 1200, 800, 4999.99], nan_ok=True
    )
    assert high == pytest.approx(
        [12000, 6000, 4000, 2000, nan, nan, nan, nan, nan, 1200, 800, 4999.99], nan_ok=True
    )
    said = {i["row"]: (i["kind"], i["action"], i["raw"]) for i in found.issues}
    assert said == {
        3: ("approximate", "mended", "约5000万元"),
        4: ("range", "kept", "3000-4000"),
        5: ("bounded", "kept", "不超过2000万元"),
        6: ("foreign_currency", "kept", "5000万美元"),
        9: ("ambiguous", "kept", "一期2亿元/二期3亿元"),
        10: ("not_a_number", "kept", "很多"),
        11: ("full_width", "mended", "１，２００"),
    }
    assert "4000–6000" in next(i["message"] for i in found.issues if i["kind"] == "approximate")


def test_a_column_in_foreign_currency_is_unknown():
    found = read(project(**{"总投资（万美元）": [100, "200", "300万元"]}), PROJECTS)
    assert found.frame.total_invest_wan_low.tolist() == pytest.approx(
        [math.nan, math.nan, 300.0], nan_ok=True
    )
    assert kinds(found) == ["foreign_currency"] * 2


@pytest.mark.parametrize("cells", [[-3.0, 2.0], ["-3亩", "2亩"], pd.Series([-3.0, 2.0])])
def test_a_negative_area_rejects_its_row(cells):
    found = read({"宗地代码": ["A", "B"], "面积（亩）": cells})
    assert {p: k for p, (k, _) in found.rejected.items()} == {0: "negative"}
    assert [(i["row"], i["action"]) for i in found.issues] == [(2, "rejected")]
    table = rejected_table(grid({"宗地代码": ["A", "B"], "面积（亩）": cells}), found.rejected, ["A", "B"])
    assert table.record_id.tolist() == ["A"]
    assert table.row.tolist() == [2]
    assert '"宗地代码": "A"' in table.raw[0]


def test_a_negative_amount_rejects_its_row():
    assert set(read(project(**{"总投资（万元）": [1, -1]}), PROJECTS).rejected) == {1}


def test_a_single_valued_area_takes_no_interval():
    found = read({"面积": ["约100亩", "99.5亩", "6.67公顷"]})
    assert found.frame.stated_area_m2.tolist() == pytest.approx([math.nan, 99.5 * MU, 66_700.0], nan_ok=True)
    assert kinds(found) == ["inexact"]


def test_typed_columns_take_the_fast_way_to_the_same_values():
    numbers = [30.0, math.nan, 12.5]
    typed = read({"面积（亩）": pd.Series(numbers)}).frame.stated_area_m2
    spoken = read({"面积（亩）": ["30", None, "12.5"]}).frame.stated_area_m2
    assert typed.tolist() == pytest.approx(spoken.tolist(), nan_ok=True, rel=1e-15)
    whole = read({"面积（亩）": pd.Series([30, None, 12], dtype="Int64")}).frame.stated_area_m2
    assert whole.tolist() == pytest.approx([20000.0, math.nan, 8000.0], nan_ok=True)


def test_dates_in_every_dress():
    cells = ["2018年12月31日", "2018-12-31", datetime(2018, 12, 31, 15, 30), date(2018, 12, 31), 43465, "20181231",
             "1900-01-01", None, "2018年12月", "待定", "年底", "2018.12.31"]  # fmt: skip
    found = read({"约定开工时间": cells})
    day = pd.Timestamp(2018, 12, 31)
    assert found.frame.start_due.isna().tolist() == [False] * 6 + [True] * 5 + [False]
    assert set(found.frame.start_due.dropna()) == {day}
    said = {i["row"]: (i["kind"], i["action"]) for i in found.issues if i["row"]}
    assert said == {
        8: ("placeholder_date", "mended"),
        10: ("period_only", "kept"),
        12: ("not_a_date", "kept"),
    }


def test_typed_dates_and_their_placeholders():
    days = pd.Series(pd.to_datetime(["2018-12-31 08:00", None, "1900-01-01 00:00"]).astype("datetime64[ms]"))
    found = read({"约定开工时间": days})
    assert found.frame.start_due.dtype == "datetime64[us]"
    assert found.frame.start_due.tolist()[0] == pd.Timestamp(2018, 12, 31)
    assert found.frame.start_due.isna().tolist() == [False, True, True]
    assert kinds(found).count("placeholder_date") == 1


def test_start_as_dates_words_and_blanks_have_it():
    cells = ["2019-03-01", "未开工", "已开工", "", "1900-01-01", "2019年3月", "不清楚"]
    expected = ["started", "not_started", "started", None, None, "started", "unknown"]
    silent = read({"实际开工时间": cells})
    assert silent.frame.start_state.tolist() == [e or "unknown" for e in expected]
    told = read({"实际开工时间": cells}, blanks={"started_on": "not_started"})
    assert told.frame.start_state.tolist() == [e or "not_started" for e in expected]
    assert silent.frame.started_on.notna().tolist() == [True] + [False] * 6
    assert silent.frame.started_on_period.tolist()[5] == "2019-03"
    assert sorted(k for k in kinds(silent) if k != "header_unused") == [
        "not_a_date",
        "period_only",
        "placeholder_date",
    ]


def test_a_file_without_the_column_says_nothing_of_the_start():
    found = read({"宗地代码": ["A"]}, blanks={"started_on": "not_started"})
    assert found.frame.start_state.tolist() == ["unknown"]
    assert found.frame.suspend_state.tolist() == ["unknown"]


def test_state_column_and_date_that_disagree_are_unknown():
    found = read(
        {
            "实际开工时间": ["2019-03-01", "2019-03-01", None, None],
            "开工状态": ["未开工", "已开工", "已开工", None],
        },
        blanks={"started_on": "not_started"},
    )
    assert found.frame.start_state.tolist() == ["unknown", "started", "started", "not_started"]
    assert [i["row"] for i in found.issues if i["kind"] == "states_differ"] == [2]


def test_suspension_likewise():
    cells = ["2020-05-01", None, "未停工"]
    found = read({"停工时间": cells}, blanks={"suspended_on": "not_suspended"})
    assert found.frame.suspend_state.tolist() == ["suspended", "not_suspended", "not_suspended"]
    assert read({"停工时间": cells}).frame.suspend_state.tolist() == ["suspended", "unknown", "not_suspended"]


def test_government_cause():
    cells = ["信访", "无", None]
    assert read({"政府原因": cells}).frame.government_cause.isna().tolist() == [False, False, True]
    told = read({"政府原因": cells}, blanks={"government_cause": "none"}).frame.government_cause
    assert told.tolist() == ["信访", "none", "none"]


def test_meanings_of_blanks_are_checked():
    with pytest.raises(PlanError, match="blank_started_on"):
        Options(blanks={"started_on": "started"})
    with pytest.raises(PlanError, match="area_unit"):
        Options(area_unit="万元")


def test_ownership_from_column_code_and_supply():
    state, collective = "410302001001GB00001", "410302001001JB00001"
    found = read(
        {
            "宗地代码": [state, collective, "A-1", "A-2", "A-3", state[:-1] + "2"],
            "权属性质": [None, "集体", "国有", None, None, "集体"],
            "供地方式": [None, None, None, "挂牌出让", None, None],
        }
    )
    assert found.frame.ownership.tolist()[:4] == ["state", "collective", "state", "state"]
    assert found.frame.ownership.isna().tolist() == [False] * 4 + [True] * 2
    assert found.frame.ownership_basis.tolist()[:4] == ["code", "column", "column", "supply"]
    by_supply = [i for i in found.issues if i["kind"] == "ownership_by_supply"]
    assert len(by_supply) == 1
    assert "1 宗" in by_supply[0]["message"]
    assert [i["row"] for i in found.issues if i["kind"] == "ownership_differs"] == [7]


def test_contract_or_agreed_start_are_supply_too():
    found = read({"合同编号": ["410302-2015-1", None, None], "约定开工时间": [None, "2016-01-01", None]})
    assert found.frame.ownership.fillna("").tolist() == ["state", "state", ""]


def test_construction_land_from_use():
    found = read({"土地用途": ["工业用地", "0102", "综合", None]})
    assert found.frame.construction_land.tolist() == [True, False, pd.NA, pd.NA]


def test_words_that_mean_nothing_known_are_said():
    found = read(project(**{"总投资（万元）": [1, 1, 1], "建设性质": ["新建", "技改", "续建"]}), PROJECTS)
    assert found.frame.is_new.tolist() == [True, False, pd.NA]
    assert [(i["kind"], i["raw"]) for i in found.issues] == [("not_recognised", "续建")]


def test_parcel_numbers_of_a_project():
    cells = ["A-1、A-2；A-3", "410302001001GB 00001", None, 12.0, 4.10302e18]
    found = read(project(**{"总投资（万元）": [1] * 5, "宗地号": cells}), PROJECTS)
    assert found.frame.parcel_refs.tolist() == [
        ["A-1", "A-2", "A-3"],
        ["410302001001GB00001"],
        [],
        ["12"],
        ["4.10302e+18"],  # kept, so that the project does not pass for one without land
    ]
    assert kinds(found) == ["long_code_lost"]


def test_codes_that_a_sheet_has_ruined():
    cells = [410302.0, 2.0**53, "1.23E+18", "12.5", True]
    found = read({"宗地代码": cells})
    assert {p: k for p, (k, _) in found.rejected.items()} == {1: "long_code_lost", 2: "long_code_lost"}
    assert found.frame["__id__"].tolist()[0] == "410302"
    whole = read({"宗地代码": pd.Series([2**60 + 1, 7])})
    assert whole.frame["__id__"].tolist() == [str(2**60 + 1), "7"]


def test_hidden_characters_and_spaces_go():
    found = read(
        {"宗地代码": ["\ufeffA-1\u00a0", "Ａ－２", "\u200bA 3 "], "权利人": [" 甲 \n厂 ", "—", "N/A"]}
    )
    assert found.frame["__id__"].tolist() == ["A-1", "A-2", "A 3"]
    assert found.frame.holder.tolist()[0] == "甲 厂"
    assert found.frame.holder.isna().tolist() == [False, True, True]
    assert kinds(found) == ["full_width"]


def test_quota_in_any_unit_and_word():
    found = read(
        {"年度": ["2026年", 2026, "去年"], "指标类型": ["新增建设用地", "其中：耕地", "stock"],
         "公顷": [2, "3", None], "所属指标": [None, "新增建设用地", "杂项"]},
        QUOTA,
    )  # fmt: skip
    assert found.frame.resource.tolist() == ["new_construction", "cultivated", "stock"]
    assert found.frame.quota_m2.tolist()[:2] == [20_000.0, 30_000.0]
    assert found.frame.year.tolist() == [2026, 2026, pd.NA]
    assert found.frame.within.fillna("").tolist() == ["", "new_construction", ""]
    for header, m2 in (("mu", MU), ("quota_mu", MU), ("ha", 10_000.0), ("指标面积（亩）", MU)):
        assert read({"year": [2026], "resource": ["stock"], header: [3]}, QUOTA).frame.quota_m2[0] == 3 * m2


def test_shares_of_the_analysts_links():
    found = read(
        {"parcel_id": list("abcd"), "project_id": ["P"] * 4, "份额": ["40%", 0.6, None, 40]}, CORRECTIONS
    )
    assert found.frame.share.tolist() == pytest.approx([0.4, 0.6, math.nan, 40], nan_ok=True)
    assert [i["row"] for i in found.issues if i["kind"] == "not_one_of"] == [5]


def test_zone_class_and_county():
    found = read(
        {"集聚区名称": ["甲", "乙"], "类别": ["市区", "特区"], "行政区代码": [410302.0, "410323100"]}, ZONES
    )
    assert found.frame.zone_class.fillna("").tolist() == ["urban", ""]
    assert found.frame.county_code.tolist() == ["410302", "410323"]


def test_investment_without_land_price_is_said_to_be_assumed():
    found = read(project(**{"总投资（万元）": [1], "已投资额（万元）": [1]}), PROJECTS)
    assert kinds(found) == ["meaning_assumed"]
    plain = read(project(**{"总投资（万元）": [1], "已投资额（不含地价）（万元）": [1]}), PROJECTS)
    assert plain.issues == []
    assert plain.frame.invested_wan_low.tolist() == [1.0]


def test_nothing_given_is_changed_and_rows_keep_their_place():
    source = grid({"宗地代码": ["A", "B"], "面积（亩）": ["30", "约3"]}, first_row=7)
    before = source.cells.copy(deep=True)
    found = translate(source, PARCELS, Options())
    pd.testing.assert_frame_equal(source.cells, before)
    assert found.frame.source_row.tolist() == [7, 8]
    assert found.frame.index.equals(pd.RangeIndex(2))
    bare = found.frame.drop(columns="__id__")
    assert list(bare.columns) == [c for c in PARCELS.columns if c != "geometry"]


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_file_is_an_empty_table_of_the_right_types(name):
    table = TABLES[name]
    headers = {c: [] for c in table.stems() if c in dialect_of(table).cells}
    headers |= {table.key: []} if table.key else {}
    found = translate(grid(headers), table, Options())
    assert len(found.frame) == 0
    assert found.rejected == {}


# the real ledger of land supply (80 rows, hectares and wan, which its headers do not say)


def test_real_land_supply_ledger(shared_data):
    path = shared_data / "land_supply" / "landchina_results_1-80.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = {h: [r[h] for r in rows] for h in rows[0]}
    found = read(columns)
    frame = found.frame
    assert found.rejected == {}
    assert frame["__id__"].tolist() == [r["idnumber"].strip() for r in rows]
    assert frame.stated_area_m2.tolist() == pytest.approx([float(r["area"]) * 10_000 for r in rows])
    prices = [float(r["price"]) if r["price"].strip() else math.nan for r in rows]
    assert frame.price_wan_low.tolist() == pytest.approx(prices, nan_ok=True)
    assert frame.price_wan_low.equals(frame.price_wan_high.rename("price_wan_low"))
    due = [r["time4commencement_plan"].strip() for r in rows]
    expected = [
        pd.Timestamp(*map(int, d.rstrip("日").replace("年", "月").split("月"))) if d else pd.NaT for d in due
    ]
    assert frame.start_due.tolist() == expected
    crossed = [
        i for i, r in enumerate(rows, 2)
        if r["plot_ratio_minimum"].strip() and r["plot_ratio_maximum"].strip()
        and float(r["plot_ratio_minimum"]) > float(r["plot_ratio_maximum"])
    ]  # fmt: skip
    assert [i["row"] for i in found.issues if i["kind"] == "far_crossed"] == crossed
    assert crossed
    assert set(frame.ownership) == {"state"}
    assert set(frame.start_state) == {"unknown"}


def test_the_same_ledger_with_the_headers_of_its_web_page():
    columns = {
        "行政区": ["洛龙区"], "电子监管号": ["4103112018B00011"], " 面积(公顷)\u00a0": ["1.5"], "土地用途": ["工业用地"],
        "供地方式": ["挂牌出让"], "成交价格(万元": ["900.0000"], "约定容积率下限": ["0.80"], "约定开工时间": ["2019年1月2日"],
        "合同签定日期": ["2018年12月31日"], "土地使用年": ["50"],
    }  # fmt: skip
    row = read(columns).frame.iloc[0]
    assert row["__id__"] == "4103112018B00011"
    assert row.stated_area_m2 == 15_000.0
    assert row.price_wan_low == 900.0
    assert row.far_min == 0.8
    assert row.signed_on == pd.Timestamp(2018, 12, 31)


def test_a_start_that_was_not_agreed():
    cells = {"约定动工日期": ["2025-03-01", None, "未约定", "2025年3月", "说不清"]}
    untold = read(cells).frame.start_agreed
    assert untold.tolist() == [True, pd.NA, False, True, pd.NA]
    told = read(cells, blanks={"start_due": "not_agreed"}).frame.start_agreed
    assert told.tolist() == [True, False, False, True, pd.NA]
    extended = read(cells | {"延期后动工日期": [None, "2026-01-01", None, None, None]})
    assert extended.frame.start_agreed.tolist() == [True, True, False, True, pd.NA]


def test_a_file_without_the_column_says_nothing_of_it():
    found = read({"宗地代码": ["A1"]}, blanks={"start_due": "not_agreed", "finished_on": "not_finished"})
    assert found.frame[["start_agreed", "handed_over", "finished"]].isna().all(axis=None)


def test_handed_over_and_finished_likewise():
    cells = {"实际交地日期": ["2025-03-01", None, "未交地"], "实际竣工日期": [None, "在建", "2026-01-01"]}
    found = read(cells).frame
    assert found.handed_over.tolist() == [True, pd.NA, False]
    assert found.finished.tolist() == [pd.NA, False, True]
    blanks = {"handed_over_on": "not_handed_over", "finished_on": "not_finished"}
    assert read(cells, blanks=blanks).frame.handed_over.tolist() == [True, False, False]
    assert read(cells, blanks=blanks).frame.finished.tolist() == [False, False, True]


def test_a_date_and_a_word_that_contradict_each_other():
    cells = {"是否交地": ["否", "是", "否"], "实际交地日期": ["2025-03-01", "2025-03-01", None]}
    found = read(cells)
    assert found.frame.handed_over.tolist() == [pd.NA, True, False]
    (row,) = (i for i in found.issues if i["kind"] == "states_differ")
    assert (row["row"], row["field"], row["raw"]) == (2, "实际交地日期", "2025-03-01")


def test_the_edition_of_the_industry_code():
    cells = ["2017", "GB/T 4754-2011", 2002, "GB/T 4754—2017", "2019", "新版", None]
    found = read(project(总投资=[1] * 7, 行业标准年份=cells), PROJECTS, amount_unit="万元")
    assert found.frame.industry_std_year.tolist() == [2017, 2011, 2002, 2017, pd.NA, pd.NA, pd.NA]
    assert [(i["row"], i["raw"]) for i in found.issues if i["kind"] == "not_recognised"] == [
        (6, "2019"),
        (7, "新版"),
    ]
