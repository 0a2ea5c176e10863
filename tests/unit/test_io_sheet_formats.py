"""The same ledger in every file a bureau keeps it in: .xlsx, .xls, .ods, HTML, XML 2003, text falsely named."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import landuse as lu
from landuse.errors import FormatError
from landuse.io.sheet.sheet_files import read_rows
from tests.xls_by_hand import Error, Formula, Page, compound, xls

ROWS = [
    ["某集聚区项目台账", None, None, None, None, None],
    ["项目编号", "项目名称", "投资额（万元）", None, "约定开工时间", "宗地号"],
    [None, None, "总投资", "固定资产投资", None, None],
    ["0012", "甲厂", 6000.0, 5000.5, date(2026, 5, 1), "A-1"],
    ["P2", "乙厂", 1200.0, 300.0, None, "A-2"],
    [None, "合计", 7200.0, 5300.5, None, None],
]
MERGES = [(0, 0, 0, 5), (1, 1, 2, 3), (1, 2, 0, 0), (1, 2, 1, 1), (1, 2, 4, 4), (1, 2, 5, 5)]
HIDDEN_ROW = 4


def as_xlsx(path: Path, rows=ROWS, merges=MERGES) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "台账"
    for row in rows:
        page.append(row)
    for top, bottom, left, right in merges:
        page.merge_cells(start_row=top + 1, end_row=bottom + 1, start_column=left + 1, end_column=right + 1)
    page.row_dimensions[HIDDEN_ROW + 1].hidden = True
    page.column_dimensions["F"].hidden = True
    draft = book.create_sheet("草稿")
    draft.sheet_state = "hidden"
    draft["A1"] = "x"
    book.save(path)


def as_xls(path: Path) -> None:
    page = Page(
        "台账",
        ROWS,
        merges=[(t, b, a, z) for t, b, a, z in MERGES],
        hidden_rows=[HIDDEN_ROW],
        hidden_columns=[5],
    )
    path.write_bytes(xls(page, Page("草稿", [["x"]], state=1)))


def spans() -> dict[tuple[int, int], tuple[int, int]]:
    return {(t, a): (b - t + 1, z - a + 1) for t, b, a, z in MERGES}


def covered(row: int, column: int) -> bool:
    return any(t <= row <= b and a <= column <= z and (row, column) != (t, a) for t, b, a, z in MERGES)


def as_html(path: Path) -> None:
    lines = []
    for r, row in enumerate(ROWS):
        cells = []
        for c, cell in enumerate(row):
            if not covered(r, c):
                down, across = spans().get((r, c), (1, 1))
                text = "&nbsp;" if cell is None else f"<b>{cell}</b>"
                cells.append(f'<td rowspan="{down}" colspan="{across}">{text}</td>')
        hidden = ' style="display:none"' if r == HIDDEN_ROW else ""
        lines.append(f"<tr{hidden}>{''.join(cells)}</tr>")
    text = f"<html><head><meta charset='gb2312'></head><body><table>{''.join(lines)}</table></body></html>"
    path.write_bytes(text.encode("gb18030"))


def as_xml(path: Path) -> None:
    out = ['<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
           '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
           ' xmlns:x="urn:schemas-microsoft-com:office:excel"><Worksheet ss:Name="台账"><Table><Column ss:Index="6" ss:Hidden="1"/>']  # fmt: skip
    for r, row in enumerate(ROWS):
        hidden = ' ss:Hidden="1"' if r == HIDDEN_ROW else ""
        out.append(f'<Row ss:Index="{r + 1}"{hidden}>')
        for c, cell in enumerate(row):
            if cell is None:
                continue
            down, across = spans().get((r, c), (1, 1))
            kind, text = "String", str(cell)
            if isinstance(cell, date):
                kind, text = "DateTime", f"{cell}T00:00:00.000"
            elif isinstance(cell, float):
                kind = "Number"
            merge = f' ss:MergeDown="{down - 1}" ss:MergeAcross="{across - 1}"'
            out.append(f'<Cell ss:Index="{c + 1}"{merge}><Data ss:Type="{kind}">{text}</Data></Cell>')
        out.append("</Row>")
    out.append("</Table></Worksheet><Worksheet ss:Name='草稿'><Table><Row><Cell><Data ss:Type='String'>x</Data></Cell></Row>"
               "</Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>")  # fmt: skip
    path.write_text("".join(out), encoding="utf-8")


NAMES = "urn:oasis:names:tc:opendocument:xmlns:"


def as_ods(path: Path) -> None:
    lines = [
        "<table:table-column table:number-columns-repeated='5'/><table:table-column table:visibility='collapse'/>"
    ]
    for r, row in enumerate(ROWS):
        cells = []
        for c, cell in enumerate(row):
            tag = "covered-table-cell" if covered(r, c) else "table-cell"
            down, across = spans().get((r, c), (1, 1))
            more = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            if isinstance(cell, date):
                more += f' office:value-type="date" office:date-value="{cell}"'
            elif isinstance(cell, float):
                more += f' office:value-type="float" office:value="{cell}"'
            elif cell is not None:
                more += ' office:value-type="string"'
            body = "" if cell is None else f"<text:p>{cell}</text:p>"
            cells.append(f"<table:{tag}{more}>{body}</table:{tag}>")
        hidden = ' table:visibility="filter"' if r == HIDDEN_ROW else ""
        lines.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    lines.append("<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>")  # fmt: skip
    names = " ".join(f'xmlns:{n}="{NAMES}{n}:1.0"' for n in ("office", "table", "text", "style"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:automatic-styles>'
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="台账">{"".join(lines)}</table:table><table:table table:name="草稿" table:style-name="h">'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)


WRITERS = {
    "a.xlsx": as_xlsx,
    "a.xls": as_xls,
    "b.xls": as_html,
    "c.xls": as_xml,
    "a.ods": as_ods,
    "a.html": as_html,
}


@pytest.fixture(params=WRITERS)
def book(request, tmp_path) -> Path:
    path = tmp_path / request.param
    WRITERS[request.param](path)
    return path


def test_every_format_gives_the_same_table(book):
    reading = lu.read_projects(book)
    table = reading.table
    assert table.index.tolist() == ["0012", "P2"]
    assert table["name"].tolist() == ["甲厂", "乙厂"]
    assert table["total_invest_wan_low"].tolist() == [6000.0, 1200.0]
    assert table["fixed_invest_wan_high"].tolist() == [5000.5, 300.0]
    assert table["start_due"].tolist() == [pd.Timestamp(2026, 5, 1), pd.NaT]
    assert table["parcel_refs"].tolist() == [["A-1"], ["A-2"]]
    assert table["source_row"].tolist() == [4, 5]
    kinds = reading.issues["kind"].value_counts()
    assert kinds["title_row"] == kinds["total_row"] == kinds["hidden_rows"] == 1
    assert "total_differs" not in kinds


def test_hidden_sheets_are_said_and_read_only_by_name(book):
    if book.suffix == ".html" or book.name == "b.xls":
        return
    kinds = lu.read_projects(book).issues.set_index("kind")["raw"]
    assert kinds["hidden_sheet_left"] == "草稿"
    assert kinds["hidden_columns"] == "F"
    raw = read_rows(book, file="a", sheet="草稿")
    assert raw.rows == [["x"]]
    assert "hidden_sheet" in [i["kind"] for i in raw.issues]


def test_false_names_are_said(tmp_path):
    for name, write in (("b.xls", as_html), ("c.xls", as_xml), ("d.xls", as_xlsx), ("e.xlsx", as_xls)):
        write(tmp_path / name)
        assert "other_format" in set(lu.read_projects(tmp_path / name).issues["kind"])
    as_xls(tmp_path / "f.xls")
    assert "other_format" not in set(lu.read_projects(tmp_path / "f.xls").issues["kind"])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_tab_parted_text_named_xls(tmp_path, encoding):
    path = tmp_path / "a.xls"
    path.write_bytes("项目编号\t项目名称\t总投资（万元）\n0012\t甲厂\t5000\n".encode(encoding))
    reading = lu.read_projects(path)
    assert reading.table.index.tolist() == ["0012"]
    assert "other_format" in set(reading.issues["kind"])


def test_errors_and_formulas_of_an_old_workbook_are_said(tmp_path):
    rows = [
        ["项目编号", "总投资（万元）"],
        ["P1", Formula(7.0)],
        ["P2", Error(7)],
        ["P3", Formula(Error(42))],
    ]
    path = tmp_path / "a.xls"
    path.write_bytes(xls(Page("一", rows), small=True))
    reading = lu.read_projects(path)
    assert reading.table["total_invest_wan_low"].fillna(-1).tolist() == [7.0, -1.0, -1.0]
    said = reading.issues[reading.issues["kind"] == "cell_error"]
    assert said[["row", "field", "raw"]].values.tolist() == [[3, "B3", "#DIV/0!"], [4, "B4", "#N/A"]]


def test_formulas_without_a_result_in_the_other_formats(tmp_path):
    ss = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    (tmp_path / "a.xml").write_text(
        f"<?xml version='1.0'?><Workbook {ss}><Worksheet ss:Name='一'><Table><Row><Cell><Data ss:Type='String'>项目编号</Data></Cell>"
        "<Cell><Data ss:Type='String'>总投资（万元）</Data></Cell></Row><Row><Cell><Data ss:Type='String'>P1</Data></Cell>"
        "<Cell ss:Formula='=1+1'/></Row><Row><Cell><Data ss:Type='String'>P2</Data></Cell><Cell ss:Formula='=1/0'>"
        "<Data ss:Type='Error'>#DIV/0!</Data></Cell></Row></Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    issues = lu.read_projects(tmp_path / "a.xml").issues
    said = issues[issues["kind"].isin(["formula_without_value", "cell_error"])]
    assert said[["kind", "row", "raw"]].values.tolist() == [
        ["formula_without_value", 2, "=1+1"], ["cell_error", 3, "#DIV/0!"],
    ]  # fmt: skip


def test_a_page_of_several_tables_is_refused_and_one_can_be_named(tmp_path):
    one = "<table><tr><td>项目编号</td><td>总投资（万元）</td></tr><tr><td>{}</td><td>5</td></tr></table>"
    path = tmp_path / "a.xls"
    path.write_text(
        f"<html><table><tr><td>题</td></tr></table>{one.format('P1')}{one.format('P2')}</html>",
        encoding="utf-8",
    )
    with pytest.raises(FormatError, match="'1', '2'") as caught:
        lu.read_projects(path)
    assert 'sheet = "1"' in caught.value.remedy
    assert lu.read_projects(path, sheet="2").table.index.tolist() == ["P2"]


def test_cells_of_html_keep_line_breaks_and_the_number_behind_what_is_shown(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><th>项目编号</th><th>宗地号</th><th>总投资（万元）</th></tr>'
        '<tr><td>P1</td><td>A-1<br>A-2</td><td x:num="5000.123456">5,000.12</td></tr></table></html>',
        encoding="utf-8",
    )
    table = lu.read_projects(path).table
    assert table["parcel_refs"].tolist() == [["A-1", "A-2"]]
    assert table["total_invest_wan_low"].tolist() == [5000.123456]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"%PDF-1.4", "a PDF"), ("a.xls", b"MIME-Version: 1.0\n", "web archive"), ("a.csv", b"<html><table>", "no .csv"),
        ("a.xls", b"<?xml version='1.0'?><a/>", "no XML Spreadsheet"), ("a.xls", b"<html><frameset></frameset></html>", "frames"),
        ("a.xls", b"<html><p>x</p></html>", "no table"), ("a.xlsb", b"x", "xlsb"), ("a.xls", b"one word", "no .xls"),
        ("a.ods", b"a\tb\n", "no .ods"), ("a.xls", b"\0\1\2", "no .xls"),
    ],
)  # fmt: skip
def test_what_is_no_ledger_is_refused_clearly(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=words) as caught:
        lu.read_projects(tmp_path / name)
    assert name in str(caught.value)
    assert caught.value.remedy


def test_locked_workbooks_are_refused(tmp_path):
    (tmp_path / "a.xls").write_bytes(xls(Page("一", [["项目编号"]]), locked=True))
    (tmp_path / "b.xlsx").write_bytes(compound({"EncryptedPackage": b"x" * 5000}))
    for name in ("a.xls", "b.xlsx"):
        with pytest.raises(FormatError, match="password"):
            lu.read_projects(tmp_path / name)


def outcome(path: Path) -> str:
    try:
        return f"{len(lu.read_projects(path).table)} rows"
    except lu.LanduseError as error:
        return str(error)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "b.xls", "c.xls", "a.ods"])
def test_half_a_workbook_and_a_damaged_one_never_crash(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    whole = path.read_bytes()
    for cut in range(10, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:cut])
        assert name in outcome(path) or name in ("b.xls", "c.xls")
        path.write_bytes(whole[:cut] + b"\xff\xff\xff\xff" + whole[cut + 4 :])
        assert outcome(path)
