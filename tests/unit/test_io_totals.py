"""Rows of totals: found in any leading cell, left out, and held against the rows they add up."""

from __future__ import annotations

from pathlib import Path

import pytest

import landuse as lu
from landuse.tables import Reading

HEAD = "序号,项目编号,项目名称,总投资（万元）,用地面积（亩）\n"


def ledger(folder: Path, *lines: str, head: str = HEAD) -> Reading:
    path = folder / "台账.csv"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return lu.read_projects(path)


def said(reading, kind: str) -> list[tuple[int, str, str]]:
    rows = reading.issues[reading.issues["kind"] == kind]
    return [(int(r.row), str(r.field), str(r.raw)) for r in rows.itertuples()]


@pytest.mark.parametrize(
    "total",
    ["合计,,,300,30", ",合 计,,300,30", ",,总计,300,30", "总计：2个,,,300,30", "Total,,,300,30", ",,本页小计,300,30",
     ",subtotal,,300,30", "ＳＵＭ,,,300,30"],
)  # fmt: skip
def test_a_total_in_any_leading_cell_is_no_project(tmp_path, total):
    reading = ledger(tmp_path, "1,P1,甲厂,100,10", "2,P2,乙厂,200,20", total)
    assert reading.table.index.tolist() == ["P1", "P2"]
    assert [r for r, _, _ in said(reading, "total_row")] == [4]
    assert said(reading, "total_differs") == []


def test_a_total_in_a_leading_cell_beyond_the_third(tmp_path):
    head = "项目编号,项目名称,建设单位,所在园区,项目阶段,总投资（万元）\n"
    reading = ledger(tmp_path, "P1,甲厂,甲,A,在建,100", "洛龙区,工业,新建,甲区,小计,100", head=head)
    assert reading.table.index.tolist() == ["P1"]


def test_a_company_whose_name_holds_the_word_stays(tmp_path):
    reading = ledger(tmp_path, "1,P1,洛阳总计仪器有限公司,100,10", "2,P2,合计量具厂,1,1")
    assert reading.table.index.tolist() == ["P1", "P2"]


def test_a_total_that_disagrees_with_its_rows_is_said_with_the_sum(tmp_path):
    reading = ledger(tmp_path, "1,P1,甲厂,100,10", "2,P2,乙厂,200,20", ",合计,,310,30")
    assert said(reading, "total_differs") == [(4, "总投资(万元)", "310")]
    (message,) = reading.issues.loc[reading.issues["kind"] == "total_differs", "message"]
    assert "300" in message


def test_subtotals_add_up_their_part_and_the_total_everything(tmp_path):
    rows = [
        "1,P1,甲厂,100,10",
        ",小计,,100,10",
        "2,P2,乙厂,200,20",
        "3,P3,丙厂,50,5",
        ",小计,,250,25",
        ",合计,,350,35",
    ]
    assert said(ledger(tmp_path, *rows), "total_differs") == []
    rows[4] = ",小计,,249,25"
    assert said(ledger(tmp_path, *rows), "total_differs") == [(6, "总投资(万元)", "249")]


def test_a_total_above_its_rows(tmp_path):
    reading = ledger(tmp_path, ",合计,,300,30", "1,P1,甲厂,100,10", "2,P2,乙厂,200,20")
    assert len(reading.table) == 2
    assert said(reading, "total_differs") == []


def test_units_rounding_ranges_and_unknowns(tmp_path):
    rows = ["1,P1,甲厂,1.2亿元,10.26", "2,P2,乙厂,3000-4000万元,20"]
    assert said(ledger(tmp_path, *rows, ",合计,,1.55亿元,30.3"), "total_differs") == []
    assert said(ledger(tmp_path, *rows, ",合计,,1.7亿元,30.4"), "total_differs") == [
        (4, "总投资(万元)", "1.7亿元"),
        (4, "用地面积(亩)", "30.4"),
    ]
    unknown = [*rows, "3,P3,丙厂,面议,1"]
    assert said(ledger(tmp_path, *unknown, ",合计,,9亿元,31.26"), "total_differs") == []
    assert said(ledger(tmp_path, *unknown, ",合计,,1.0亿元,31.26"), "total_differs") == [
        (5, "总投资(万元)", "1.0亿元")
    ]


def test_a_negative_row_counts_in_the_sum_it_stands_in(tmp_path):
    reading = ledger(tmp_path, "1,P1,甲厂,100,10", "2,P2,核减,-40,0", ",合计,,60,10")
    assert reading.rejected["kind"].tolist() == ["negative"]
    assert said(reading, "total_differs") == []


def test_a_heading_that_adds_up_its_group_is_a_total(tmp_path):
    rows = [
        ",,一、续建项目,100,30",
        "1,P1,甲,40,10",
        "2,P2,乙,60,20",
        ",,二、新建项目,5,1",
        "3,P3,丙,5,1",
        "4,P4,丁,,",
    ]
    reading = ledger(tmp_path, *rows)
    assert reading.table.index.tolist() == ["P1", "P2", "P3", "P4"]
    assert said(reading, "total_row") == [(2, "nan", "一、续建项目"), (5, "nan", "二、新建项目")]
    assert said(reading, "maybe_total") == []


def test_a_heading_with_other_figures_stays_in_doubt(tmp_path):
    rows = [",,一、续建项目,100,30", "1,P1,甲,40,10", "2,P2,乙,61,20", "3,P3,丙,1,1"]
    reading = ledger(tmp_path, *rows)
    assert len(reading.table) == 4
    assert said(reading, "maybe_total") == [(2, "nan", "一、续建项目")]


def test_projects_numbered_in_chinese_are_projects(tmp_path):
    reading = ledger(tmp_path, "1,P1,一、甲厂,100,10", "2,P2,二、乙厂,100,10", "3,P3,三、丙厂,200,20")
    assert len(reading.table) == 3
    assert said(reading, "maybe_total") == []


def test_totals_of_people_are_checked_too(tmp_path):
    head = "项目编号,项目名称,总投资（万元）,就业人数\n"
    reading = ledger(tmp_path, "P1,甲,1,10", "P2,乙,1,20", ",合计,2,31", head=head)
    assert said(reading, "total_differs") == [(4, "就业人数", "31")]
