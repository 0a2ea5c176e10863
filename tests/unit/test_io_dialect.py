"""Headers to columns, cells to values: what is mended, kept in doubt or rejected; expected values by hand."""

from __future__ import annotations

import csv
import math
import tomllib
from datetime import date, datetime
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.errors import HeaderError, IdError, PlanError
from landuse.io.alias_files import dialect_of, header_key
from landuse.io.dialect import Grid, Options, rejected_table, settle_ids, translate
from landuse.tables import CORRECTIONS, PARCELS, PROJECTS, QUOTA, RESERVE, ZONES

TABLES = {t.name: t for t in (PARCELS, PROJECTS, ZONES, QUOTA, RESERVE, CORRECTIONS)}
MU = 2000 / 3


def grid(columns: dict, *, first_row: int = 2, file: str = "某表.xlsx", layer: str = "表1") -> Grid:
    """A grid from header to list of cells (object cells), or to a Series that keeps its type."""
    series = [v if isinstance(v, pd.Series) else pd.Series(v, dtype=object) for v in columns.values()]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame()
    frame.columns = range(len(series))
    return Grid(file, layer, list(columns), frame, np.arange(first_row, first_row + len(frame)))


def read(cells: dict, table=PARCELS, **options):
    return translate(grid(cells), table, Options(**options))


def kinds(translation) -> list[str]:
    return [i["kind"] for i in translation.issues]


def project(**columns):
    return {"项目名称": ["甲"] * len(next(iter(columns.values()))), **columns}


# the alias files


def test_every_alias_file_keeps_to_its_table():
    for name, table in TABLES.items():
        page = tomllib.loads((files("landuse.io") / "aliases" / f"{name}.toml").read_text(encoding="utf-8"))
        known = set(table.stems()) | {table.key} - {None}
        assert set(page["columns"]) <= known
        own = {"source_file", "source_row", "geometry", "ownership_basis"}
        assert known - own - set(page["columns"]) == set(), f"{name}: columns without headers"


def test_the_way_a_cell_is_read_fits_the_type_of_its_column():
    fits = {
        "amount": "float64", "area": "float64", "floor": "float64", "number": "float64", "share": "float64",
        "end": "float64", "date": "datetime64", "text": "str", "code": "str", "ownership": "str",
        "zone_class": "str", "choice": "str", "cause": "str", "county": "str", "flag": "boolean",
        "new": "boolean", "refs": "object", "year": "Int64",
    }  # fmt: skip
    for table in TABLES.values():
        for column, cell in dialect_of(table).cells.items():
            if cell == "id":
                assert column == table.key
                continue
            dtype = _named((table.columns.get(column) or table.columns[f"{column}_low"]).dtype)
            assert fits[cell].lower() == dtype.lower() or (cell == "year" and dtype == "int64"), column


def _named(dtype) -> str:
    """The type without the detail that pandera puts in its name."""
    return next((kind for kind in ("str", "datetime64") if str(dtype).startswith(kind)), str(dtype))


def test_words_of_a_choice_are_values_of_its_column():
    for table in TABLES.values():
        for column, words in dialect_of(table).words.items():
            if column == "government_cause" or not words:
                continue
            assert set(words.values()) <= set(table.columns[column].metadata["values"]), column


# headers


@pytest.mark.parametrize(
    ("header", "low"),
    [
        ("总投资（万元）", 5000.0),
        ("总投资(亿元)", 50_000_000.0),
        ("计划总投资（单位：万元）", 5000.0),
        ("总 投 资\n(万元)", 5000.0),
        ("*总投资（万元）", 5000.0),
        ("投资额万元", 5000.0),
        ("总投资_万元", 5000.0),
        ("总投资（元）", 0.5),
        ("总投资（万元", 5000.0),
        ("Total_Investment(万元)", 5000.0),
        ("total_invest_wan", 5000.0),
        ("TOTAL_INVEST_WAN", 5000.0),
        ("总投资（计划）（万元）", 5000.0),
        ("投资额（万元） > 总投资", 5000.0),
        ("投资额 > 总投资（万元）", 5000.0),
        ("总投资 > （万元）", 5000.0),
        ("总投资（万元） > 合计", 5000.0),
        ("项目情况 > 投资额（万元） > 总投资", 5000.0),
    ],
)
def test_headers_of_money_and_their_units(header, low):
    frame = read(project(**{header: [5000]}), PROJECTS).frame
    assert frame.total_invest_wan_low.tolist() == [low]
    assert frame.total_invest_wan_high.tolist() == [low]


@pytest.mark.parametrize(
    ("header", "m2"),
    [
        ("用地面积(亩)", 30 * MU),
        ("拟用地面积（公顷）", 300_000.0),
        ("Area_mu", 30 * MU),
        ("requested_ha", 300_000.0),
        ("requested_m2", 30.0),
        ("占地面积（㎡）", 30.0),
        ("用地面积 亩", 30 * MU),
        ("用地 > 申请用地（亩）", 30 * MU),
    ],
)
def test_headers_of_land_and_their_units(header, m2):
    frame = read(project(**{"总投资（万元）": [1], header: [30]}), PROJECTS).frame
    assert frame.requested_m2_low.tolist() == pytest.approx([m2])
    assert frame.requested_m2_high.tolist() == pytest.approx([m2])


def test_the_level_above_lends_its_unit_and_only_groups():
    frame = read(
        project(**{"总投资（万元）": [9000], "总投资（万元） > 其中：固定资产投资": [8000]}), PROJECTS
    ).frame
    assert frame.fixed_invest_wan_low.tolist() == [8000.0]


def test_a_level_above_that_means_another_column_is_not_stepped_over():
    header = "已投资额（万元） > 固定资产投资"
    with pytest.raises(HeaderError) as caught:
        read(project(**{"总投资（万元）": [9000], header: [10]}), PROJECTS)
    assert caught.value.key == header


def test_intensity_is_never_taken_for_investment():
    found = read(project(**{"总投资（万元）": [1], "投资强度（万元/亩）": [300]}), PROJECTS)
    unused = [i["field"] for i in found.issues if i["kind"] == "header_unused"]
    assert unused == ["投资强度（万元/亩）"]


def test_a_unit_that_is_not_known_is_not_cut_away():
    with pytest.raises(HeaderError, match="百亿卢布"):
        read(project(**{"总投资（百亿卢布）": [1], "固定资产投资（万元）": [1]}), PROJECTS)


def test_plan_unit_serves_headers_that_name_none_and_no_others():
    columns = project(**{"总投资": [2], "固定资产投资（万元）": [3]})
    frame = read(columns, PROJECTS, amount_unit="亿元").frame
    assert frame.total_invest_wan_low.tolist() == [20000.0]
    assert frame.fixed_invest_wan_low.tolist() == [3.0]


def test_bare_numbers_without_any_unit_are_unknown_and_said():
    found = read(project(**{"总投资": [5000, "6000", "7000万元"]}), PROJECTS)
    assert found.frame.total_invest_wan_low.isna().tolist() == [True, True, False]
    said = [i for i in found.issues if i["kind"] == "unit_unknown"]
    assert sorted(i["row"] for i in said) == [2, 3]
    assert all(i["action"] == "kept" and i["field"] == "总投资" for i in said)


def test_both_ends_given_as_numbers():
    low, high = pd.Series([1.0, 3.0, np.nan, 5.0]), pd.Series([2.0, 2.0, np.nan, np.inf])
    found = read(
        project(total_invest_wan_low=low, total_invest_wan_high=high, **{"项目编号": list("abcd")}), PROJECTS
    )
    assert found.frame.total_invest_wan_low.tolist()[:1] == [1.0]
    assert found.frame.total_invest_wan_low.isna().tolist() == [False, True, True, False]
    assert math.isinf(found.frame.total_invest_wan_high.iat[3])
    assert [i["row"] for i in found.issues if i["kind"] == "ends_crossed"] == [3]


def test_one_end_alone_is_refused():
    with pytest.raises(HeaderError, match="total_invest_wan_high"):
        read(project(total_invest_wan_low=[1.0]), PROJECTS)


def test_two_headers_for_one_column_are_refused_with_both_names():
    with pytest.raises(HeaderError) as caught:
        read(project(**{"总投资（万元）": [1], "计划总投资（万元）": [1]}), PROJECTS)
    text = str(caught.value)
    assert "某表.xlsx" in text
    assert "总投资（万元）" in text
    assert "计划总投资（万元）" in text
    assert 'columns = { "计划总投资（万元）" = "ignore" }' in text
    read(
        project(**{"总投资（万元）": [1], "计划总投资（万元）": [1]}),
        PROJECTS,
        columns={"计划总投资（万元）": "ignore"},
    )


def test_second_rank_headers_step_back():
    found = read({"宗地代码": ["A"], "不动产单元号": ["B"], "电子监管号": ["C"]})
    assert found.frame["__id__"].tolist() == ["A"]
    assert kinds(found).count("header_unused") == 2
    assert read({"电子监管号": ["C"]}).frame["__id__"].tolist() == ["C"]


def test_header_very_like_a_missing_one_is_refused_with_the_nearest():
    for header, known in (
        ("项目名", "项目名称"),
        ("总投姿（万元）", "总投资"),
        ("固定资产投次", "固定资产投资"),
    ):
        columns = {"项目编号": ["1"], "总投资（万元）": [1], "固定资产投资（万元）": [1], header: [1]}
        if "总投" in header:
            del columns["总投资（万元）"]
        if "固定" in header:
            del columns["固定资产投资（万元）"]
        with pytest.raises(HeaderError) as caught:
            read(columns, PROJECTS)
        assert caught.value.key == header
        assert known in str(caught.value)
        assert '"ignore"' in caught.value.remedy
        read(columns, PROJECTS, columns={header: "ignore"})


def test_a_header_like_one_that_is_there_is_left_out_and_said():
    found = read({"项目名称": ["甲"], "项目名": ["乙"], "总投资（万元）": [1]}, PROJECTS)
    assert [i["field"] for i in found.issues] == ["项目名"]
    assert kinds(found) == ["header_unused"]
    assert found.frame.name.tolist() == ["甲"]


def test_headers_cut_by_a_shapefile():
    layer = grid({"约定竣工时": ["2020-01-01"], "宗地代码": ["A"]}, file="宗地.shp")
    found = translate(layer, PARCELS, Options())
    assert found.frame.finish_due.tolist() == [pd.Timestamp(2020, 1, 1)]
    assert kinds(found).count("header_cut") == 1
    two = grid({"约定容积率": [1.0], "宗地代码": ["A"]}, file="宗地.shp")
    with pytest.raises(HeaderError, match="容积率"):  # of the upper or the lower limit
        translate(two, PARCELS, Options())


@pytest.mark.parametrize(
    ("table", "columns", "needs"),
    [
        (PROJECTS, {"总投资（万元）": [1]}, "project_id or name"),
        (PROJECTS, {"项目名称": ["甲"], "开竣工情况": [1]}, "total_invest_wan or fixed_invest_wan"),
        (ZONES, {"级别": ["市区"]}, "zone_id or name"),
        (QUOTA, {"年度": [2026], "公顷": [3]}, "resource"),
        (QUOTA, {"年度": [2026], "resource": ["stock"]}, "quota_m2"),
        (QUOTA, {"resource": ["stock"], "mu": [1]}, "year"),
        (CORRECTIONS, {"宗地号": ["A"]}, "project_id"),
        (CORRECTIONS, {"项目编号": ["A"]}, "parcel_id"),
    ],
)
def test_a_missing_column_is_refused_with_the_headers_found_and_a_remedy(table, columns, needs):
    with pytest.raises(HeaderError) as caught:
        read(columns, table)
    text = str(caught.value)
    assert needs in text
    assert "某表.xlsx" in text
    assert all(repr(h) in text for h in columns)
    assert "columns = {" in caught.value.remedy


def test_the_users_word_wins():
    found = read(
        {"编码": ["A"], "大小（亩）": [3.0], "面积": [7.0]},
        columns={"编码": "parcel_id", "大小（亩）": "stated_area_m2", "面积": "ignore"},
    )
    assert found.frame["__id__"].tolist() == ["A"]
    assert found.frame.stated_area_m2.tolist() == pytest.approx([2000.0])


def test_the_users_word_names_a_column_not_a_unit():
    found = read({"大小": [3.0]}, columns={"大小": "stated_area_m2"})
    assert found.frame.stated_area_m2.isna().all()
    assert "unit_unknown" in kinds(found)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"宗地编马": "parcel_id"}, ("宗地编马", "宗地编码")),
        ({"宗地编码": "parcel_ids"}, ("parcel_ids", "parcel_id")),
        ({"宗地编码": "geometry"}, ("geometry",)),
    ],
)
def test_the_users_word_on_what_is_not_there_is_refused(columns, named):
    with pytest.raises(HeaderError) as caught:
        read({"宗地编码": ["A"]}, columns=columns)
    assert all(n in str(caught.value) for n in named)


def test_the_users_word_may_name_the_lower_level_only_where_it_stands_once():
    columns = {"项目": ["甲"], "甲类（万元） > 数": [1], "乙类 > 数": [2]}
    with pytest.raises(HeaderError, match="2 times"):
        read(columns, PROJECTS, columns={"数": "total_invest_wan"})
    one = {"项目": ["甲"], "甲类 > 数（万元）": [1]}
    assert read(one, PROJECTS, columns={"数（万元）": "total_invest_wan"}).frame.total_invest_wan_low[0] == 1


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
    assert said == {8: ("placeholder_date", "mended"), 10: ("month_only", "kept"), 12: ("not_a_date", "kept")}


def test_typed_dates_and_their_placeholders():
    days = pd.Series(pd.to_datetime(["2018-12-31 08:00", None, "1900-01-01 00:00"]).astype("datetime64[ms]"))
    found = read({"约定开工时间": days})
    assert found.frame.start_due.dtype == "datetime64[us]"
    assert found.frame.start_due.tolist()[0] == pd.Timestamp(2018, 12, 31)
    assert found.frame.start_due.isna().tolist() == [False, True, True]
    assert kinds(found).count("placeholder_date") == 1


def test_start_as_dates_words_and_blanks_have_it():
    cells = ["2019-03-01", "未开工", "已开工", "", "1900-01-01", "2019年3月", "不清楚"]
    expected = ["started", "not_started", "started", None, None, "unknown", "unknown"]
    silent = read({"实际开工时间": cells})
    assert silent.frame.start_state.tolist() == [e or "unknown" for e in expected]
    told = read({"实际开工时间": cells}, blanks={"started_on": "not_started"})
    assert told.frame.start_state.tolist() == [e or "not_started" for e in expected]
    assert silent.frame.started_on.notna().tolist() == [True] + [False] * 6
    assert sorted(k for k in kinds(silent) if k != "header_unused") == [
        "month_only",
        "not_a_date",
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


# ids


def _settle(ids, table=PARCELS, skip=None, **columns):
    source = grid({"x": [0] * len(ids)}, file="地块.shp")
    frame = pd.DataFrame({"__id__": pd.Series(ids, dtype="str"), **columns})
    frame["source_row"] = source.rows
    return settle_ids(frame, table, grid=source, skip=skip)


def test_missing_and_template_ids_are_made_from_file_and_row():
    found = _settle(["A", None, "FID_0", "DKMC", "OBJECTID", "ID7"])
    assert found.ids.tolist() == ["A", "地块#3", "地块#4", "地块#5", "地块#6", "ID7"]
    assert [(i["kind"], i["row"], i["raw"]) for i in found.issues] == [
        ("id_made", 3, None),
        ("id_made", 4, "FID_0"),
        ("id_made", 5, "DKMC"),
        ("id_made", 6, "OBJECTID"),
    ]


def test_zones_take_their_name_and_projects_need_one_of_both():
    assert _settle([None, "Z2"], ZONES, name=["甲区", "乙区"]).ids.tolist() == ["甲区", "Z2"]
    found = _settle([None, None], PROJECTS, name=["甲厂", None])
    assert found.ids.tolist()[0] == "地块#2"
    assert {p: k for p, (k, _) in found.rejected.items()} == {1: "no_id"}


def test_a_row_that_repeats_another_whole_is_rejected():
    square = shapely.box(0, 0, 1, 1)
    found = _settle(
        ["A", "A", "B"], holder=["甲", "甲", "甲"], geometry=[square, shapely.box(0, 0, 1, 1), square]
    )
    assert {p: k for p, (k, _) in found.rejected.items()} == {1: "duplicate_row"}
    assert "第 2 行" in found.rejected[1][1]


@pytest.mark.parametrize(
    "columns",
    [
        {"holder": ["甲", "乙"]},
        {"holder": ["甲", None]},
        {"geometry": [shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 2)]},
        {"geometry": [shapely.box(0, 0, 1, 1), None]},
        {"parcel_refs": [["a"], ["b"]]},
    ],
)
def test_one_id_on_different_rows_is_refused_with_both(columns):
    with pytest.raises(IdError) as caught:
        _settle(["A", "A"], **columns)
    text = str(caught.value)
    assert "地块.shp" in text
    assert "'A'" in text
    assert "2 and 3" in text
    assert caught.value.remedy
    assert _settle(["A", "A"], skip={1: ()}, **columns).rejected == {}


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


def test_header_key_is_one_spelling():
    assert header_key("其中：固定 资产\n投资 *") == "其中:固定资产投资"
