"""Ledgers from file to table: every row and every yuan accounted for."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import openpyxl
import pytest

from landuse.errors import FormatError, HeaderError, IdError, MissingFileError
from landuse.io.ledgers import read_corrections, read_projects, read_quota
from landuse.tables import CORRECTIONS, ISSUES, PROJECTS, QUOTA, REJECTED

MU = 2000 / 3


def text(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8-sig")
    return path


@pytest.fixture
def messy(tmp_path):
    """An ordinary workbook: title, two header rows, mixed units, merged cells, totals, notes."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "台账"
    for row in [
        ["洛阳市示例集聚区项目台账"],
        ["单位：万元、亩"],
        [
            "序号",
            "项目名称",
            "项目编号",
            "投资额（万元）",
            None,
            "用地面积",
            "宗地号",
            "所在园区",
            "建设性质",
        ],
        [None, None, None, "总投资", "其中：固定资产投资", None, None, None, None],
        [1, "甲厂", "P1", 6000, "约５０００", "30亩", "410302001001GB00001、A-2", "甲区", "新建"],
        [2, "乙厂", "P2", "1.2亿元", "3000-4000万", 12.5, "A-3", "甲区", "改扩建"],
        [None] * 9,
        [3, "丙厂", "P3", -5, None, None, None, None, None],
        [4, None, None, 100, None, None, None, None, None],
        [5, "丁厂", None, 0.5, None, "待定", None, None, None],
        [6, "戊厂", "P6", 9000, 8000, 20, "B-1", "乙区", "新建"],
        [None, None, None, None, None, None, "B-2", None, None],
        [None, "合计", None, 99999, 8888, None, None, None, None],
        ["填表人：张三", None, None, None, "审核人：李四"],
    ]:
        page.append(row)
    for cells in (
        "A1:I1",
        "D3:E3",
        *(f"{c}3:{c}4" for c in "ABCFGHI"),
        *(f"{c}11:{c}12" for c in "ABCDEFHI"),
    ):
        page.merge_cells(cells)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    return path


def test_a_messy_workbook_row_by_row(messy):
    reading = read_projects(messy)
    table = PROJECTS.check(reading.table)
    assert table.index.tolist() == ["P1", "P2", "台账#10", "P6"]
    assert table.source_row.tolist() == [5, 6, 10, 11]
    assert table.total_invest_wan_low.tolist() == [6000.0, 12000.0, 0.5, 9000.0]
    assert table.fixed_invest_wan_low.tolist() == pytest.approx([4500, 3000, math.nan, 8000], nan_ok=True)
    assert table.fixed_invest_wan_high.tolist() == pytest.approx([5500, 4000, math.nan, 8000], nan_ok=True)
    assert table.requested_m2_high.tolist() == pytest.approx(
        [30 * MU, 12.5 * MU, math.nan, 20 * MU], nan_ok=True
    )
    assert table.parcel_refs.tolist() == [["410302001001GB00001", "A-2"], ["A-3"], [], ["B-1", "B-2"]]
    assert table.is_new.fillna(False).tolist() == [True, False, False, True]
    assert table.zone_id.fillna("").tolist() == ["甲区", "甲区", "", "乙区"]


def test_its_accounts_and_evidence(messy):
    reading = read_projects(messy)
    (source,) = reading.sources
    assert (source.rows_read, source.accepted, source.rejected) == (6, 4, 2)
    assert (source.role, source.layer, source.path) == ("projects", "台账", str(messy))
    assert source.sha256 == hashlib.sha256(messy.read_bytes()).hexdigest()
    rejected = REJECTED.check(reading.rejected)
    assert [(r.row, r.kind) for r in rejected.itertuples()] == [(8, "negative"), (9, "no_id")]
    assert rejected.record_id.fillna("").tolist() == ["P3", ""]
    assert json.loads(rejected.raw[0])["项目名称"] == "丙厂"
    issues = ISSUES.check(reading.issues)
    counted = issues.groupby("kind").size().to_dict()
    assert counted == {
        "title_row": 2, "unit_from_title": 2, "header_unused": 1, "total_row": 1, "note_row": 1, "negative": 1,
        "no_id": 1, "id_made": 1, "full_width": 1, "approximate": 1, "range": 1, "rows_joined": 1, "total_differs": 2,
    }  # fmt: skip
    mended = issues[issues.kind == "approximate"].iloc[0]
    assert (mended.raw, mended.row, mended.action) == ("约５０００", 5, "mended")
    assert mended.sheet_or_layer == "台账"


def test_the_users_units_win_over_the_title(messy):
    read = read_projects(messy, area_unit="公顷")
    assert read.table.requested_m2_low["P2"] == 125_000.0
    assert read.table.requested_m2_low["P1"] == pytest.approx(30 * MU)
    assert (read.issues.kind == "unit_from_title").sum() == 1


def test_a_project_over_several_rows_must_not_hold_two_amounts(messy):
    book = openpyxl.load_workbook(messy)
    page = book["台账"]
    page.unmerge_cells("F11:F12")
    page["F12"] = 20
    book.save(messy)
    with pytest.raises(IdError) as caught:
        read_projects(messy)
    text_ = str(caught.value)
    assert "rows 11 to 12" in text_
    assert "用地面积" in text_
    assert caught.value.remedy


def test_one_id_on_two_different_rows_is_refused_the_same_row_twice_is_rejected(tmp_path):
    head = "项目编号,项目名称,总投资（万元）\n"
    with pytest.raises(IdError) as caught:
        read_projects(text(tmp_path, "a.csv", head + "P1,甲,1\nP2,乙,1\nP1,甲,2\n"))
    said = str(caught.value)
    assert "a.csv" in said
    assert "'P1'" in said
    assert "2 and 4" in said
    same = read_projects(text(tmp_path, "b.csv", head + "P1,甲,1\nP1,甲,1\n"))
    assert same.rejected.kind.tolist() == ["duplicate_row"]
    assert (same.sources[0].rows_read, same.sources[0].accepted) == (2, 1)


def test_a_row_rejected_for_another_fault_does_not_clash(tmp_path):
    path = text(tmp_path, "a.csv", "项目编号,项目名称,总投资（万元）\nP1,甲,1\nP1,甲,-1\n")
    assert read_projects(path).rejected.kind.tolist() == ["negative"]


def test_refusals_of_headers_come_from_the_file(tmp_path):
    with pytest.raises(HeaderError, match="total_invest_wan"):
        read_projects(text(tmp_path, "a.csv", "项目编号,项目名称\nP1,甲\n"))
    path = text(tmp_path, "b.csv", "项目编号,总投资（万元）\nP1,1\n")
    with pytest.raises(HeaderError, match=r"columns\.投资款"):
        read_projects(path, columns={"投资款": "total_invest_wan"})


def test_a_file_that_is_not_there_names_its_neighbour(tmp_path):
    text(tmp_path, "台账2026.csv", "x")
    with pytest.raises(MissingFileError, match=r"台账2026\.csv"):
        read_projects(tmp_path / "台账2025.csv")


def test_encoding_given_overrules(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("项目编号,项目名称,总投资（万元）\nP1,甲,1\n".encode("gbk"))
    assert read_projects(path).table.name.tolist() == ["甲"]
    with pytest.raises(FormatError, match=r"a\.csv"):
        read_projects(path, encoding="utf-8")


def test_raw_tables_hold_only_what_the_cells_say(tmp_path):
    path = text(
        tmp_path, "a.csv", "项目编号,总投资（万元）,固定资产投资（万元）\nP1,5000,\nP2,,300\nP3,1,2\n"
    )
    table = read_projects(path).table
    assert table.fixed_invest_wan_low.tolist() == pytest.approx([math.nan, 300, 2], nan_ok=True)
    assert table.total_invest_wan_high.tolist() == pytest.approx([5000, math.nan, 1], nan_ok=True)


def test_money_is_read_to_the_fen(tmp_path):
    cells = ["4999.999999", "5000.000001", "0.000001", "123456789.123456"]
    lines = [f"P{i},{c}" for i, c in enumerate(cells)]
    path = text(tmp_path, "a.csv", "项目编号,总投资（万元）\n" + "\n".join(lines))
    fen = [round(v * 1e6) for v in read_projects(path).table.total_invest_wan_low]
    assert fen == [4999999999, 5000000001, 1, 123456789123456]


def test_quota(tmp_path):
    path = text(
        tmp_path,
        "quota.csv",
        "year,zone_id,resource,mu,within\n2026,,new_construction,600,\n2026,Z1,farmland,300,new_construction\n"
        "2026,Z1,swamp,3,\n,Z1,stock,3,\n2026,Z1,stock,,\n2026,Z1,stock,-3,\n",
    )
    reading = read_quota(path)
    table = QUOTA.check(reading.table)
    assert table.quota_m2.tolist() == pytest.approx([400_000.0, 200_000.0])
    assert table.zone_id.fillna("").tolist() == ["", "Z1"]
    assert table.within.fillna("").tolist() == ["", "new_construction"]
    assert table.year.dtype == "int64"
    assert reading.rejected.kind.tolist() == ["missing_cell", "missing_cell", "missing_cell", "negative"]
    assert reading.rejected.row.tolist() == [4, 5, 6, 7]
    assert (reading.sources[0].rows_read, reading.sources[0].role) == (6, "quota")


def test_corrections(tmp_path):
    path = text(tmp_path, "links.csv", "宗地号,项目编号,份额\nA-1,P1,40%\nA-2,P1,60%\nA-3,,\n")
    reading = read_corrections(path)
    table = CORRECTIONS.check(reading.table)
    assert table.parcel_id.tolist() == ["A-1", "A-2"]
    assert table.share.tolist() == [0.4, 0.6]
    assert reading.rejected.kind.tolist() == ["missing_cell"]
    assert "项目编号" in reading.rejected.message[0]


def test_an_empty_ledger_is_an_empty_table(tmp_path):
    reading = read_projects(text(tmp_path, "a.csv", "项目编号,总投资（万元）\n"))
    assert len(PROJECTS.check(reading.table)) == 0
    assert reading.sources[0].rows_read == 0
