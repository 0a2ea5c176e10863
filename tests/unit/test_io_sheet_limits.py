"""Hostile and half-ruined sheets: bombs, entities, quotes that never close, codes that lost their digits."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

import landuse as lu
from landuse.errors import FormatError
from landuse.io.cell.long_codes import from_power, long_number, written_digits
from landuse.io.cell.texts import clean_texts
from landuse.io.sheet import packages, sheet_files
from landuse.io.sheet.sheet_files import read_rows
from tests.xls_by_hand import Page, xls

HEAD = ["项目编号", "项目名称", "总投资（万元）"]


def workbook(path: Path, *rows: list) -> Path:
    book = openpyxl.Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(path)
    return path


def changed(path: Path, part: str, change) -> Path:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as package:
        parts = {n: package.read(n) for n in package.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def cell(reference: str, body: str):
    """Return a change that puts a cell into the place of another."""
    pattern = re.compile(rb'<c r="' + reference.encode() + rb'"[^>]*?(?:/>|>.*?</c>)')
    return lambda data: pattern.sub(body.encode(), data)


# limits


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5])
    changed(path, SHEET, lambda data: data.replace(b"</sheetData>", b"</sheetData>" + b" " * 5_000_000))
    assert path.stat().st_size < 50_000
    monkeypatch.setattr(packages, "LARGEST", 1_000_000)
    with pytest.raises(FormatError, match="unpacked") as caught:
        lu.read_projects(path)
    assert "a.xlsx" in str(caught.value)


def test_a_part_that_says_less_than_it_holds_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5])
    changed(path, SHEET, lambda data: data + b" " * 1_000_000)
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = package.getinfo(SHEET).file_size
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little")))
    with pytest.raises(FormatError, match="unpacked"):
        lu.read_projects(path)


def test_a_file_over_the_limit_is_refused_unread(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5])
    monkeypatch.setattr(sheet_files, "LARGEST_FILE", 100)
    with pytest.raises(FormatError, match="limit"):
        lu.read_projects(path)


@pytest.mark.parametrize("reference", ["XFD1048576", "ZZZZ9", "A1048577", "A99999999"])
def test_a_cell_at_the_end_of_the_world_is_refused_not_made_room_for(tmp_path, reference):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5])
    row = re.search(r"\d+", reference)[0]
    far = f'<row r="{row}"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    changed(path, SHEET, lambda data: data.replace(b"</sheetData>", far))
    with pytest.raises(FormatError, match=r"reaches|beyond") as caught:
        lu.read_projects(path)
    assert caught.value.remedy
    changed(path, SHEET, lambda data: data.replace(b'"', b"'"))
    with pytest.raises(FormatError, match=r"reaches|beyond"):
        lu.read_projects(path)


def test_an_old_workbook_with_a_cell_where_none_can_be(tmp_path):
    data = xls(Page("一", [HEAD, ["P1", "甲厂", 5.0]]))
    at = data.index(b"\x03\x02\x0e\x00") + 6  # the record of a number: its column
    (tmp_path / "a.xls").write_bytes(data[:at] + b"\xff\xff" + data[at + 2 :])
    with pytest.raises(FormatError, match="last column"):
        lu.read_projects(tmp_path / "a.xls")


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_in_a_workbook_are_refused(tmp_path, part):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    changed(path, part, lambda data: re.sub(rb"^(<\?xml[^>]*\?>)?", rb"\g<0>" + bomb, data, count=1))
    with pytest.raises(FormatError, match="entities"):
        lu.read_projects(path)


def test_entities_in_an_xml_spreadsheet_are_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>&a;</Data>'
        "</Cell></Row></Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    with pytest.raises(FormatError, match="entities"):
        lu.read_projects(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('P1,"甲厂,5\nP2,乙厂,6\n', "line 2"),
        ('P1,甲厂,5\nP2,"乙"厂,6\n', "line 3"),
        (f'P1,"{"甲" * 140_000}",5\n', "131,072"),
    ],
)
def test_quotes_that_do_not_close_are_refused_not_swallowed(tmp_path, text, words):
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEAD) + "\n" + text, encoding="utf-8")
    with pytest.raises(FormatError, match=words) as caught:
        lu.read_projects(path)
    assert caught.value.row


# delimiters


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，", "；", "^", "~", "\x01"])
def test_any_delimiter(tmp_path, mark):
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join(mark.join(r) for r in (HEAD, ["0012", "甲厂", "5"], ["P2", "乙厂", "6"])),
        encoding="gb18030",
    )
    assert lu.read_projects(path).table.index.tolist() == ["0012", "P2"]


def test_a_line_that_tells_the_delimiter(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n项目编号;项目名称;总投资（万元）\nP1;甲,乙厂;5\n", encoding="utf-8")
    reading = lu.read_projects(path)
    assert reading.table["name"].tolist() == ["甲,乙厂"]
    assert reading.table["source_row"].tolist() == [3]


def test_a_text_with_commas_of_its_own_is_not_cut_by_the_rarer_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "项目编号,项目名称,总投资（万元）\nP1,甲，乙；丙厂,5\nP2,甲，乙；丙厂,5\n", encoding="utf-8"
    )
    assert lu.read_projects(path).table["name"].tolist() == ["甲，乙；丙厂"] * 2


# codes


def test_digits_that_survived_and_digits_that_did_not():
    assert written_digits("4103020010010000123") == "4103020010010000123"
    for lost in (
        "4103020010010000000",
        "4103020010010000400",
        "4103020010010000384",
        "4.1030200100100004e+18",
    ):
        assert "e+18" in written_digits(lost), lost
    assert long_number(123456789012345.0) is None
    assert long_number(4103020010010012.0) == "4103020010010012"
    assert "e+15" in long_number(4103020010010010.0)
    assert from_power("4.10302001001E+11") == "410302001001"
    assert from_power("4.1030E+11") is None
    assert from_power("4.103020010010000000E+18") is None


@pytest.mark.parametrize(("digits", "kept"), [("4103020010010000123", True), ("4103020010010000000", False)])
def test_a_code_that_a_workbook_holds_as_a_number(tmp_path, digits, kept):
    path = workbook(tmp_path / "a.xlsx", ["x", "甲厂", 5], ["P2", "乙厂", 5])
    changed(path, SHEET, cell("A2", f'<c r="A2"><v>{digits}</v></c>'))
    reading = lu.read_projects(path)
    kinds = set(reading.issues["kind"])
    if kept:
        assert reading.table.index.tolist() == [digits, "P2"]
        assert "long_code_kept" in kinds
    else:
        assert reading.table.index.tolist() == ["P2"]
        assert reading.rejected["kind"].tolist() == ["long_code_lost"]


def test_codes_of_a_csv_in_powers_of_ten(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "项目编号,项目名称,总投资（万元）,宗地号\n4.10302001001E+11,甲,5,4.10302E+18\n4.10302E+18,乙,5,A-1\n0012,丙,5,A-2\n",
        encoding="utf-8",
    )
    reading = lu.read_projects(path)
    assert reading.table.index.tolist() == ["410302001001", "0012"]
    assert reading.rejected["row"].tolist() == [3]
    said = reading.issues[reading.issues["kind"].isin(["long_code_rescued", "long_code_lost"])]
    assert sorted(said[["row", "kind"]].values.tolist()) == [
        [2, "long_code_lost"],
        [2, "long_code_rescued"],
        [3, "long_code_lost"],
    ]


def test_a_missing_text_stays_missing():
    texts, _ = clean_texts(pd.Series(["甲", None, "乙 ", "A-1", None], dtype="str"))
    assert texts.fillna("-").tolist() == ["甲", "-", "乙", "A-1", "-"]
    assert clean_texts(pd.Series([None, None], dtype="str"))[0].isna().all()


# cells of the XML


def test_formulas_errors_and_cells_without_a_name(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", ["P1", "甲厂", 5], ["P2", "乙厂", 6], ["P3", "丙厂", 7], ["P4", "丁厂", 8]
    )
    changed(path, SHEET, cell("C2", '<c r="C2"><f>1+1</f></c>'))
    changed(path, SHEET, cell("C3", '<c r="C3"><f>A1&amp;"x"</f><v></v></c>'))
    changed(path, SHEET, cell("C4", '<c r="C4" t="e"><f>1/0</f><v>#DIV/0!</v></c>'))
    changed(path, SHEET, cell("C5", '<c r="C5"><f>3+4</f><v>7</v></c>'))
    reading = lu.read_projects(path)
    assert reading.table["total_invest_wan_low"].fillna(-1).tolist() == [-1, -1, -1, 7]
    said = reading.issues[reading.issues["kind"].isin(["formula_without_value", "cell_error"])]
    assert said[["kind", "field", "raw"]].values.tolist() == [
        ["formula_without_value", "C2", "=1+1"], ["formula_without_value", "C3", '=A1&"x"'], ["cell_error", "C4", "#DIV/0!"],
    ]  # fmt: skip
    bare = changed(path, SHEET, lambda data: re.sub(rb'(<c)\sr="[A-Z]+\d+"', rb"\1", data))
    again = lu.read_projects(bare).issues
    assert (
        said["field"].tolist()
        == again.loc[again["kind"].isin(["formula_without_value", "cell_error"]), "field"].tolist()
    )


def test_a_workbook_whose_xml_bears_prefixes(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5], ["P2", "乙厂", 6])
    changed(path, SHEET, cell("C3", '<c r="C3"><f>1+1</f></c>'))

    def prefixed(data: bytes) -> bytes:
        data = re.sub(rb"<(/?)(?![?!])(\w)", rb"<\1x:\2", data)
        return data.replace(b"xmlns=", b"xmlns:x=")

    changed(path, SHEET, prefixed)
    issues = lu.read_projects(path).issues
    assert issues.loc[issues["kind"] == "formula_without_value", "field"].tolist() == ["C3"]


def test_days_counted_from_1904_and_the_day_that_never_was(tmp_path):
    for start, expected in ((False, "1900-03-01"), (True, "1904-03-02")):
        path = tmp_path / f"{start}.xlsx"
        with xlsxwriter.Workbook(path, {"date_1904": start}) as book:
            page = book.add_worksheet()
            page.write_row(0, 0, [*HEAD, "约定开工时间"])
            page.write_row(1, 0, ["P1", "甲厂", 5])
            page.write_number(1, 3, 61, book.add_format({"num_format": "yyyy-mm-dd"}))
        assert lu.read_projects(path).table["start_due"].tolist() == [pd.Timestamp(expected)]


def test_what_stands_beyond_the_header_is_said(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ["P1", "甲厂", 5, None, "批注"], ["P2", "乙厂", 6])
    said = lu.read_projects(path).issues.set_index("kind")
    assert said.loc["beyond_header", "row"] == 2


def test_control_characters_go_through_a_workbook_and_back(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, ["P1", "甲\x01\x0b厂", 5])
    reading = lu.read_projects(path)
    assert reading.table["name"].tolist() == ["甲 厂"]
    assert "stray_spaces" in set(reading.issues["kind"])


def test_a_workbook_of_a_folder_or_without_sheets(tmp_path):
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(FormatError, match="folder"):
        read_rows(tmp_path / "a.xlsx", file="a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("x.txt", "x")
    with pytest.raises(FormatError, match="list of sheets"):
        lu.read_projects(tmp_path / "b.xlsx")
