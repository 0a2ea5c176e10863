"""Messy workbooks and texts to grids: sheets, headers of several rows, merged cells, totals, notes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from landuse.errors import FormatError
from landuse.io.sheet.sheets import read_sheet
from landuse.tables import CORRECTIONS, PROJECTS, QUOTA

HEAD = ["项目编号", "项目名称", "总投资（万元）"]


def workbook(
    path: Path, *sheets: tuple[str, list[list]], merges: tuple[str, ...] = (), hidden: tuple = ()
) -> Path:
    """Write a workbook; merges and hidden rows are those of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    for cells in merges:
        book.worksheets[0].merge_cells(cells)
    for number in hidden:
        book.worksheets[0].row_dimensions[number].hidden = True
    book.save(path)
    return path


def read(path, table=PROJECTS, **more):
    return read_sheet(path, table, **more)


def said(sheet) -> list[tuple]:
    return [(i["kind"], i["row"], i["raw"]) for i in sheet.issues]


def column(sheet, header: str) -> list:
    return sheet.grid.cells[sheet.grid.headers.index(header)].tolist()


# which sheet


def test_the_only_full_visible_sheet_is_read(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("空", []), ("台账", [HEAD, ["1", "甲", 5]]), ("草稿", [["x"]]))
    book = openpyxl.load_workbook(path)
    book["草稿"].sheet_state = "hidden"
    book.save(path)
    sheet = read(path)
    assert sheet.grid.layer == "台账"
    assert sheet.grid.rows.tolist() == [2]
    assert column(sheet, "总投资(万元)") == [5]


def test_several_full_sheets_are_refused_and_listed(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("一季度", [HEAD]), ("二季度", [HEAD, ["1", "甲", 5]]))
    with pytest.raises(FormatError) as caught:
        read(path)
    text = str(caught.value)
    assert "a.xlsx" in text
    assert "'一季度', '二季度'" in text
    assert 'sheet = "一季度"' in caught.value.remedy
    assert len(read(path, sheet="二季度").grid.rows) == 1


def test_a_sheet_that_is_not_there_names_the_nearest(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("项目台账", [HEAD]), ("说明", [["x"]]))
    with pytest.raises(FormatError, match='sheet = "项目台账"'):
        read(path, sheet="项目台帐")


def test_an_empty_workbook_is_refused(tmp_path):
    with pytest.raises(FormatError, match="holds anything"):
        read(workbook(tmp_path / "a.xlsx", ("空", [])))


@pytest.mark.parametrize(
    "content", [b"this is no workbook", b"", b"PK\x03\x04 broken", bytes.fromhex("D0CF11E0A1B11AE1")]
)
def test_not_a_workbook(tmp_path, content):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read(path)
    assert "台账.xlsx" in str(caught.value)
    assert "save it as .xlsx" in caught.value.remedy


def test_endings_that_are_not_what_they_say(tmp_path):
    book = workbook(tmp_path / "a.xlsx", ("一", [HEAD]))
    wrong = book.rename(tmp_path / "a.csv")
    with pytest.raises(FormatError, match=r"name it \.xlsx"):
        read(wrong)
    for name in ("a.xls", "a.pdf", "a"):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(FormatError, match=name):
            read(tmp_path / name)
    (tmp_path / "b.csv").write_text("项目名称,总投资\n", encoding="utf-8")
    with pytest.raises(FormatError, match="no sheets"):
        read(tmp_path / "b.csv", sheet="一")


# headers


def test_two_rows_of_headers_a_title_and_a_unit_line(tmp_path):
    rows = [
        ["洛阳市示例集聚区项目台账"],
        [None, "单位：万元、亩"],
        ["序号", "项目名称", "投资额（万元）", None, "用地面积", "备注"],
        [None, None, "总投资", "其中：固定资产投资", None, None],
        [1, "甲厂", 6000, 5000, 30, None],
    ]
    path = workbook(
        tmp_path / "a.xlsx", ("一", rows), merges=("A1:F1", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4")
    )
    sheet = read(path)
    assert sheet.grid.headers == [
        "序号", "项目名称", "投资额(万元) > 总投资", "投资额(万元) > 其中:固定资产投资", "用地面积", "备注",
    ]  # fmt: skip
    assert sheet.grid.rows.tolist() == [5]
    assert sheet.units == {"amount": "万元", "area": "亩"}
    assert said(sheet) == [("title_row", 1, "洛阳市示例集聚区项目台账"), ("title_row", 2, "单位：万元、亩")]


def test_three_rows_of_headers(tmp_path):
    rows = [
        ["项目名称", "投资", None, "用地面积"],
        [None, "计划总投资", "固定资产投资", None],
        [None, "（万元）", "（亿元）", "（亩）"],
        ["甲", 1, 2, 3],
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", ("一", rows), merges=("A1:A3", "B1:C1", "D1:D2")))
    assert sheet.grid.headers == [
        "项目名称",
        "投资 > 计划总投资 > (万元)",
        "投资 > 固定资产投资 > (亿元)",
        "用地面积 > (亩)",
    ]
    assert sheet.grid.rows.tolist() == [4]


def test_a_row_above_the_header_that_adds_nothing_is_a_title(tmp_path):
    rows = [
        ["项目", "投资", None],
        ["名称", "总投资", "固定资产投资"],
        [None, "（万元）", "（亿元）"],
        ["甲", 1, 2],
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", ("一", rows)))
    assert sheet.grid.headers == ["名称", "总投资 > (万元)", "固定资产投资 > (亿元)"]
    assert said(sheet) == [("title_row", 1, "项目 投资")]


def test_a_header_whose_columns_only_the_user_knows(tmp_path):
    rows = [["某某局 2026 年"], ["码", "名", "钱"], ["1", "甲", 5]]
    columns = {"码": "project_id", "名": "name", "钱": "total_invest_wan"}
    sheet = read(workbook(tmp_path / "a.xlsx", ("一", rows)), columns=columns)
    assert sheet.grid.headers == ["码", "名", "钱"]
    assert sheet.grid.rows.tolist() == [3]


def test_numbers_are_no_header(tmp_path):
    with pytest.raises(FormatError, match="no row of headers"):
        read(workbook(tmp_path / "a.xlsx", ("一", [[1, 2, 3], [4, 5, 6]])))


# rows


def test_totals_notes_sections_and_blank_rows_are_no_records(tmp_path):
    rows = [
        [*HEAD, "建设性质"],
        ["一、新建项目", None, None, None],
        ["P1", "甲厂", 100, "新建"],
        [None, None, None, None],
        ["小 计", None, 100, None],
        ["（二）改建项目", None, None, None],
        ["P2", "乙总计仪器有限公司", 50, "改建"],
        [None, "洛龙区小计", 50, None],
        ["P3", "丙厂", None, None],
        ["合计：3个", None, 150, None],
        ["备注：1.以上为示例", None, None, None],
        ["注：2.不含在谈项目", None, None, None],
        ["填表人：张三", None, "审核人：李四", None],
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", ("一", rows)))
    assert column(sheet, "项目编号") == ["P1", "P2", "P3"]
    assert sheet.grid.rows.tolist() == [3, 7, 9]
    assert [(k, r) for k, r, _ in said(sheet)] == [
        ("note_row", 2), ("total_row", 5), ("note_row", 6), ("total_row", 8), ("total_row", 10),
        ("note_row", 11), ("note_row", 12), ("note_row", 13),
    ]  # fmt: skip


def test_merged_texts_hold_for_every_row_merged_amounts_for_the_first(tmp_path):
    rows = [
        ["项目编号", "项目名称", "总投资（万元）", "所在园区", "备注"],
        ["P1", "甲", 9000, "甲区", "x"],
        ["P2", "乙", None, None, None],
        ["P3", "丙", 5, "乙区", None],
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", ("一", rows), merges=("C2:C3", "D2:D3", "E2:E3")))
    assert sheet.grid.cells[2].fillna(0).tolist() == [9000, 0, 5]
    assert column(sheet, "所在园区") == ["甲区", "甲区", "乙区"]
    assert said(sheet) == [("merged_amount", 2, "9000"), ("merged_text", 2, "甲区")]
    assert [(s.column, s.first, s.last) for s in sheet.spans] == [(3, 0, 1)]


def test_cells_of_every_kind(tmp_path):
    day = date(2026, 5, 1)
    rows = [
        [*HEAD, "项目阶段", "用地面积（亩）"],
        ["P1", "甲", "=1+1", day, "#DIV/0!"],
        ['="0012"', "'0013", "  ", True, 1.5],
    ]
    path = workbook(tmp_path / "a.xlsx", ("一", rows), hidden=(3,))
    sheet = read(path)
    assert column(sheet, "总投资(万元)") == [None, None]
    assert column(sheet, "项目阶段") == [day, True]
    assert column(sheet, "项目编号")[0] == "P1"
    assert column(sheet, "项目名称")[1] == "0013"
    assert ("formula_without_value", 2, "=1+1") in said(sheet)
    assert ("cell_error", 2, "#DIV/0!") in said(sheet)
    assert [i["message"] for i in sheet.issues if i["kind"] == "hidden_rows"] == ["隐藏行 1 行照常读入"]


# texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_encodings(tmp_path, mark, encoding):
    lines = [HEAD, ["P1", f"甲{mark}乙有限公司", "5000"], ["P2", "两\n行", "1,200.5"]]
    quoted = ['"' + c + '"' if mark in c or "\n" in c or "," in c else c for row in lines for c in row]
    text = "\n".join(mark.join(quoted[i : i + 3]) for i in (0, 3, 6)) + "\n"
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    sheet = read(path)
    assert sheet.grid.headers == ["项目编号", "项目名称", "总投资(万元)"]
    assert column(sheet, "项目名称") == [f"甲{mark}乙有限公司", "两\n行"]
    assert column(sheet, "总投资(万元)") == ["5000", "1,200.5"]
    assert sheet.grid.rows.tolist() == [2, 3]
    assert sheet.encoding


def test_lines_are_counted_as_an_editor_does(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('表名\n\n项目编号,项目名称\nP1,"两\n行"\n\nP2,乙\n', encoding="utf-8")
    sheet = read(path)
    assert sheet.grid.rows.tolist() == [4, 7]
    assert said(sheet) == [("title_row", 1, "表名"), ("stray_spaces", 4, "两\n行")]


def test_a_comma_in_a_number_moves_cells_and_rejects_the_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("项目编号,项目名称,总投资（万元）\nP1,甲,5,000\nP2,乙,5000,\n", encoding="utf-8")
    sheet = read(path)
    assert {p: k for p, (k, _) in sheet.rejected.items()} == {0: "ragged_row"}
    assert "4 个单元格" in sheet.rejected[0][1]
    assert [(i["row"], i["action"]) for i in sheet.issues] == [(2, "rejected")]


def test_codes_kept_as_text_in_a_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('宗地号,项目编号\n="0012",\'0013\n\t0014,P\n', encoding="utf-8")
    sheet = read(path, CORRECTIONS)
    assert column(sheet, "宗地号") == ["0012", "\t0014"]
    assert column(sheet, "项目编号") == ["0013", "P"]


def test_an_empty_text_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(FormatError, match="empty"):
        read(path)


def test_a_header_alone_is_an_empty_ledger(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("year,zone_id,resource,mu,within\n", encoding="utf-8")
    sheet = read(path, QUOTA)
    assert len(sheet.grid.rows) == 0
    assert sheet.grid.headers == ["year", "zone_id", "resource", "mu", "within"]
