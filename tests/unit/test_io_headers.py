"""Alias files and headers: which column a header stands for, and what is refused."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from landuse.errors import HeaderError
from landuse.io.header.alias_files import dialect_of, header_key
from landuse.io.header.grid import BLANKS, Cut
from landuse.io.table.dialect import Options, translate
from landuse.tables import CORRECTIONS, PARCELS, PROJECTS, QUOTA, ZONES
from tests.unit.foreign_tables import MU, TABLES, grid, kinds, project, read

# the alias files


def test_every_alias_file_keeps_to_its_table():
    for name, table in TABLES.items():
        page = tomllib.loads((files("landuse.io") / "aliases" / f"{name}.toml").read_text(encoding="utf-8"))
        known = {c for c in table.stems() if not c.endswith("_period")} | {table.key} - {None}
        assert set(page["columns"]) <= known
        own = {"source_file", "source_row", "geometry", "ownership_basis"}
        assert known - own - set(page["columns"]) == set(), f"{name}: columns without headers"


def test_the_way_a_cell_is_read_fits_the_type_of_its_column():
    fits = {
        "amount": "float64", "area": "float64", "floor": "float64", "number": "float64", "share": "float64",
        "end": "float64", "date": "datetime64", "period": "str", "text": "str", "code": "str", "ownership": "str",
        "zone_class": "str", "choice": "str", "cause": "str", "county": "str", "flag": "boolean",
        "new": "boolean", "refs": "object", "year": "Int64", "edition": "Int64",
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
            dated = {BLANKS[column]} if f"{column}_period" in table.columns else set()
            assert set(words.values()) <= (dated or set(table.columns[column].metadata["values"])), column


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
    layer = replace(layer, cut={0: Cut("约定竣工时", b"", "gb18030")})
    found = translate(layer, PARCELS, Options())
    assert found.frame.finish_due.tolist() == [pd.Timestamp(2020, 1, 1)]
    assert kinds(found).count("header_cut") == 1
    two = grid({"约定容积率": [1.0], "宗地代码": ["A"]}, file="宗地.shp")
    two = replace(two, cut={0: Cut("约定容积率", b"", "gb18030")})
    with pytest.raises(HeaderError, match=r"容积率下限 \(far_min\)"):  # of the upper or the lower limit
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


def test_header_key_is_one_spelling():
    assert header_key("其中：固定 资产\n投资 *") == "其中:固定资产投资"
