"""Cells that a sheet shows as percentages, in every format that can: 35 % is not 0.35 %."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from landuse.io.readers import read_projects
from landuse.tables.own_facts import OwnFact
from tests.xls_by_hand import Page, Share, xls

HEAD = ["项目编号", "项目名称", "总投资（万元）", "建筑系数"]
ROWS = [("P1", "甲", 6000, 0.35), ("P2", "乙", 7000, 0.29), ("P3", "丙", 8000, 1)]
FACT = OwnFact("coefficient", "project", "number", ("建筑系数",), "建筑系数", "%")
FILES = {}


def written(function):
    FILES[function.__name__.removeprefix("as_")] = function
    return function


def sheet(path: Path, form: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in ROWS:
        book.active.append(row)
        book.active.cell(book.active.max_row, 4).number_format = form
    book.save(path)


@written
def as_xlsx(path: Path) -> None:
    sheet(path, "0%")


@written
def as_xls(path: Path) -> None:
    path.write_bytes(xls(Page("一", [HEAD, *([*row, Share(float(last))] for *row, last in ROWS)])))


@written
def as_ods(path: Path) -> None:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        kind = "percentage" if value <= 1 else "float"
        return f'<table:table-cell office:value-type="{kind}" office:value="{value}"/>'

    names = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{n}="{names}{n}:1.0"' for n in ("office", "table", "text"))
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (HEAD, *ROWS))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        body = f'<table:table table:name="一">{lines}</table:table>'
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )


@written
def as_xml_xls(path: Path) -> None:
    def cell(value: object) -> str:
        kind = "String" if isinstance(value, str) else "Number"
        style = ' ss:StyleID="s1"' if kind == "Number" and value <= 1 else ""
        return f'<Cell{style}><Data ss:Type="{kind}">{value}</Data></Cell>'

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    lines = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in (HEAD, *ROWS))
    style = '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="Percent"/></Style></Styles>'
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{style}'
        f'<Worksheet ss:Name="一"><Table>{lines}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )


@pytest.mark.parametrize("kind", FILES)
def test_what_is_shown_as_35_percent_is_35_percent(kind, tmp_path):
    path = tmp_path / f"台账.{kind.rsplit('_')[-1]}"
    FILES[kind](path)
    reading = read_projects(path, facts=[FACT])
    assert reading.table["coefficient_low"].tolist() == [35.0, 29.0, 100.0]
    assert reading.table["coefficient_high"].tolist() == [35.0, 29.0, 100.0]


def test_a_sign_that_is_only_written_behind_multiplies_nothing(tmp_path):
    """0.00"%" shows 0.35%, and General 0.35: which of the two readings is meant is not known."""
    for form in ('0.00"%"', "General"):
        sheet(tmp_path / "台账.xlsx", form)
        reading = read_projects(tmp_path / "台账.xlsx", facts=[FACT])
        assert reading.table["coefficient_low"].isna().all()
        assert reading.issues["kind"].tolist().count("own_percent") == 3
