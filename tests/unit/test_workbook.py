"""The workbook, written from a small run made by hand and read back with openpyxl."""

from __future__ import annotations

import zipfile
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from landuse import tables as t
from landuse.labels import section
from landuse.policy import load_policy
from landuse.reports import workbook, write_workbook
from tests.unit.workbook_world import CODE, CRS, LONG_ID, POLICIES, small_result


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "workbook.xlsx"
    write_workbook(small_result(), path)
    return openpyxl.load_workbook(path)


def rows_of(book, name):
    """Return the sheet's rows as dicts by header; no header may stand twice."""
    header, *rows = book[name].iter_rows(values_only=True)
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def cell_of(book, name, header, row):
    headers = [c.value for c in book[name][1]]
    return book[name].cell(row=row, column=headers.index(header) + 1)


def test_every_column_of_every_table_has_a_chinese_label():
    labels = section("columns")
    for table in t.RUN_TABLES.values():
        for stem in [*table.stems(), *([table.key] if table.key else [])]:
            assert stem in labels, f"{table.name}.{stem}"
            assert any("\u4e00" <= sign <= "\u9fff" for sign in labels[stem])


def test_no_label_stands_for_no_column():
    every = [table for table in vars(t).values() if isinstance(table, t.Table)]
    known = {stem for table in every for stem in [*table.stems(), table.key]}
    assert set(section("columns")) <= known


def test_every_value_of_a_closed_column_has_a_name():
    from landuse.reports.columns import VALUE_NAMES

    for table in t.RUN_TABLES.values():
        for name, column in table.columns.items():
            if name in VALUE_NAMES:
                assert set((column.metadata or {}).get("values", ())) <= set(section(VALUE_NAMES[name])), name


def test_the_sheets(book):
    assert book.sheetnames == [
        "总览",
        "项目",
        "宗地",
        "集聚区",
        "其他规则的结论",
        "供后监管",
        "近期到期",
        "逾期事项",
        "逾期单位",
        "整理地块",
        "年度供地",
        "年度供地指标",
        "未关联资金",
        "几何问题",
        "问题清单",
        "剔除记录",
    ]


def test_a_project_row_reads_as_the_tables_say(book):
    first, second, third = rows_of(book, "项目")
    assert first["项目编号"] == LONG_ID
    assert first["集聚区"] == "示例产业集聚区"
    assert (first["集聚区类别"], second["集聚区类别"], third["集聚区类别"]) == ("市区", None, "区外")
    assert (first["新建项目"], second["新建项目"], third["新建项目"]) == ("是", "否", "不详")
    assert (first["结论"], second["结论"], third["结论"]) == ("可单独供地", "不再单独供地", "待核实")
    assert second["临界"] == "是"
    assert second["建议"] == "标准化厂房"
    assert third["缺少的数据"] == "总投资、新建项目"
    assert first["条款"] == "各条均不成立"
    assert second["条款"] == load_policy(POLICIES[0]).about("project")[0].cite
    assert first["关联宗地"] == f"{CODE}、G2"
    assert (first["用地口径"], second["用地口径"]) == ("已供宗地", "申请用地")
    assert (first["来源文件"], first["来源行号"]) == ("台账.xlsx", 3)


def test_a_pair_is_one_column_where_its_ends_are_equal_and_two_elsewhere(book):
    first, second, third = rows_of(book, "项目")
    assert first["固定资产投资（万元）"] == 4999.999
    assert "固定资产投资下限（万元）" not in first
    assert (first["总投资下限（万元）"], first["总投资上限（万元）"]) == (12000.5, 12000.5)
    assert (second["总投资下限（万元）"], second["总投资上限（万元）"]) == (3000, "不限")
    assert (third["总投资下限（万元）"], third["总投资上限（万元）"]) == (None, None)
    assert second["申请用地面积（亩）"] == 30


def test_every_quota_shows_what_is_granted_and_what_is_left(book):
    rows = [list(row.values()) for row in rows_of(book, "年度供地指标")]
    assert [row[1:4] for row in rows] == [
        ["全市", "新增建设用地", None],
        ["示例产业集聚区", "新增建设用地", None],
        ["示例产业集聚区", "其中农用地", None],
        ["Z9", "增减挂钩周转指标", None],
        [None, "储备土地", "R2"],
        ["Z9", "储备土地", "R1"],
    ]
    assert {row[0] for row in rows} == {2026}
    assert [row[4:] for row in rows] == [
        [100, 10, 90, 0.1, None],
        [40, 10, 30, 0.25, None],
        [20, 5, 15, 0.25, None],
        [0, 0, 0, None, None],
        [12.5, 0, 12.5, 0, "可供时间不明，不能安排"],
        [30, 30, 0, 1, None],
    ]


def test_numbers_never_look_whole_where_they_are_not(book):
    assert cell_of(book, "项目", "固定资产投资（万元）", 2).number_format == "#,##0.000"
    assert cell_of(book, "项目", "投资强度（万元/亩）", 2).number_format == "#,##0.00000"
    assert cell_of(book, "项目", "总投资下限（万元）", 2).number_format == "#,##0.00"
    assert cell_of(book, "项目", "已投资比例", 2).number_format == "0.00%"


@pytest.mark.parametrize(
    ("value", "places"),
    [(200.0, 2), (199.99999999999997, 2), (199.994, 2), (199.996, 3), (0.0001, 4), (0.0, 2), (1e15, 2)],
)
def test_decimals(value, places):
    assert workbook._decimals(value) == places


def test_ids_and_dangerous_texts_are_texts(book):
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    _, second, third = rows_of(book, "项目")
    assert (second["名称"], second["用地单位"], third["名称"], third["用地单位"]) == (
        "=SUM(A1:A9)",
        "@乙公司",
        "+86 光伏",
        "-丙公司",
    )
    assert third["项目编号"] == "0003"
    assert cell_of(book, "项目", "项目编号", 2).number_format == "@"
    assert [row["宗地编号"] for row in rows_of(book, "宗地")] == [CODE, "G2", "http://x.cn"]
    assert rows_of(book, "宗地")[1]["合同编号"] == "0012"
    assert rows_of(book, "问题清单")[0]["原值"] == "=1+1"


def test_parcels_are_suspected_only(book):
    first, second, third = rows_of(book, "宗地")
    assert first["结论"] == "涉嫌闲置（满一年）"
    assert first["涉嫌闲置费（万元）"] == 100
    assert (first["主张的政府原因"], second["主张的政府原因"], third["主张的政府原因"]) == (
        "无",
        None,
        "规划调整",
    )
    assert first["约定动工日期"] == datetime(2024, 2, 29)
    assert first["关联项目"] == LONG_ID
    verdicts = section("parcel_verdicts")
    assert all("涉嫌" in verdicts[v] for v in t.RECOVERABLE)
    assert any("不是法律认定" in str(row[0].value) for row in book["总览"].iter_rows())


def test_the_other_sheets(book):
    assert rows_of(book, "整理地块")[0]["所含宗地"] == CODE
    granted, refused = rows_of(book, "年度供地")
    assert (granted["项目编号"], granted["安排供地"], granted["指标类别"], granted["供地面积（亩）"]) == (
        "P2",
        "是",
        "储备土地",
        30,
    )
    assert (refused["项目名称"], refused["安排供地"], refused["理由"]) == ("轴承项目", "否", "宜入标准化厂房")
    lost, none = rows_of(book, "未关联资金")
    assert (lost["理由"], lost["台账所列宗地编号"], lost["总投资上限（万元）"]) == (
        "所列宗地编号均未找到",
        "X-1、X-2",
        "不限",
    )
    assert none["理由"] == "台账未列宗地编号"
    assert rows_of(book, "问题清单")[0]["处理"] == "已修正"
    gone = rows_of(book, "剔除记录")[0]
    assert (gone["编号或名称"], gone["行号"], len(gone["原值"])) == ("007", 4, 32767)
    assert rows_of(book, "集聚区")[0]["面积（亩）"] == 375


def test_the_overview_holds_counts_accounts_policies_and_inputs(book):
    rows = [tuple(v for v in row if v is not None) for row in book["总览"].iter_rows(values_only=True)]
    assert rows[0] == ("示例 & 测试",)
    assert rows[1] == ("基准日", datetime(2026, 6, 30))
    assert ("示例数据",) in rows
    assert ("项目", "不再单独供地", 1) in rows
    assert ("宗地", "涉嫌闲置（满一年）", 1, 30) in rows
    assert ("总投资", "下限", 17000.5, 12000.5, 5000, 0, 0) in rows
    assert ("总投资", "上限", 18000.5, 12000.5, 6000, 1, 0) in rows
    assert ("固定资产投资", "合计", 17000.5, 12000.5, 5000, 0, 0) in rows
    assert (90, 60, 30, 1.5) in rows
    assert ("整理潜力地块", 1, 30) in rows
    assert ("安排供地的项目", 1, 30) in rows
    assert ("宗地", "宗地.shp", 4, 3, 1, CRS, "ab" * 32) in rows
    for name in POLICIES:
        policy = load_policy(name)
        assert any(row[:3] == (name, policy.title, policy.source) for row in rows)


def test_sheets_are_ready_to_print_and_filter(book):
    for name in book.sheetnames:
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize in (8, 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        pages = int(sheet.page_setup.fitToWidth or 1)  # 1 is the default
        places = sum(sheet.column_dimensions[c].width for c in sheet.column_dimensions)
        assert sheet.page_setup.fitToHeight == 0
        assert places / pages <= 330  # what can be read on A3
        assert pages == 1 or sheet.print_title_cols is not None
        if name != "总览":
            assert sheet.freeze_panes[-1] == "2"
            assert sheet.auto_filter.ref.startswith("A1:")
            assert sheet.print_title_rows == "$1:$1"
    assert book["项目"].oddHeader.left.text == "示例 && 测试"


def test_verdicts_are_coloured_and_contrast_with_black(book):
    colours = {row: cell_of(book, "项目", "结论", row).fill.start_color.rgb for row in (2, 3, 4)}
    assert len(set(colours.values())) == 3
    for fill in workbook.FILLS.values():
        red, green, blue = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
        luminance = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
        assert (luminance + 0.05) / 0.05 > 7


def test_the_same_result_gives_the_same_bytes(tmp_path):
    result = small_result()
    before = {name: table.copy() for name, table in result.tables.items()}
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(result, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"2026-06-30T00:00:00Z" in archive.read("docProps/core.xml")
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(before[name]))


def test_a_run_without_rows_gives_headers(tmp_path):
    full = small_result()
    empty = {name: table.empty(crs=CRS) for name, table in t.RUN_TABLES.items()}
    write_workbook(t.Result(empty, full.ledger, full.policies, "空", full.as_of), tmp_path / "empty.xlsx")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert rows_of(book, "项目") == []
    assert "总投资（万元）" in [c.value for c in book["项目"][1]]


def test_zones_of_one_name_are_told_apart(tmp_path):
    result = small_result()
    zones = pd.concat([result.tables["zones"], result.tables["zones"].rename(index={"Z1": "Z9"})])
    write_workbook(
        t.Result(result.tables | {"zones": zones}, result.ledger, result.policies, "同名", result.as_of),
        tmp_path / "z.xlsx",
    )
    rows = rows_of(openpyxl.load_workbook(tmp_path / "z.xlsx"), "项目")
    assert [row["集聚区"] for row in rows] == ["示例产业集聚区（Z1）", "示例产业集聚区（Z9）", None]


def test_verdicts_under_the_other_policies_have_a_sheet(book):
    first, *rest = rows_of(book, "其他规则的结论")
    assert (first["对象"], first["编号"], first["结论"]) == ("项目", "0003", "不适用")
    assert first["缺少的数据"] == "总投资、新建项目"
    assert [row["编号"] for row in rest] == ["P2", LONG_ID]
