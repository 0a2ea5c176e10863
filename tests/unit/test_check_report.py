"""landuse check: what an office gets to see of its data, and what it is told to do."""

from __future__ import annotations

import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import landuse as lu
from landuse.cli.main import main
from landuse.labels import section
from tests import small_plan
from tests.unit.check_world import faulty

KINDS = {
    "invalid_geometry": 1, "no_geometry": 1, "parcels_overlap": 2, "parcels_same_shape": 2, "sliver_overlap": 4,
    "gap_between": 2, "shape_mended": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return faulty(tmp_path_factory.mktemp("faulty"))


@pytest.fixture(scope="module")
def out(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("check") / "out"
    assert main(["check", str(plan), "--out", str(folder)]) == 0
    return folder


def test_every_kind_of_issue_has_a_name_and_says_what_to_do():
    kinds = set(section("issues"))
    assert kinds == set(section("issue_kinds"))
    assert kinds == set(section("issue_remedies"))


def test_the_console_says_rows_kinds_examples_and_remedies(plan, tmp_path, capsys):
    assert main(["check", str(plan), "--out", str(tmp_path / "o")]) == 0
    text = capsys.readouterr().out
    assert "parcels.gpkg：读取 13 行 = 采用 11 + 剔除 2" in text
    assert "几何检查：图形重复 1 处、重叠 1 处、空隙 1 处、细缝或窄条重叠 2 处" in text
    for kind, rows in KINDS.items():
        assert f"【{section('issue_kinds')[kind]}】" in text
        assert section("issue_remedies")[kind] in text
        if rows > 3:
            assert f"其余 {rows - 3} 条" in text
    assert "parcels.gpkg 第 11 行：图形无效，剔除：边线自相交" in text
    assert text.index("图形无效】剔除") < text.index("【宗地重叠】保留") < text.index("【图形已修复】已修正")


def test_lists_hold_every_issue_and_every_row_left_out(out):
    issues = pd.read_csv(out / "issues.csv", encoding="utf-8-sig")
    assert issues["kind"].value_counts().to_dict() == KINDS
    rejected = pd.read_csv(out / "rejected.csv", encoding="utf-8-sig")
    assert rejected["record_id"].tolist() == ["BOW", "BARE"]
    assert {p.name for p in out.iterdir()} == {
        "check.gpkg", "check.html", "check.xlsx", "issues.csv", "ledger.json", "rejected.csv",
    }  # fmt: skip


def test_land_counted_twice_is_summed(out):
    book = json.loads((out / "ledger.json").read_text(encoding="utf-8"))
    assert book["geometry_faults"] == {"duplicate": 1, "gap": 1, "overlap": 1, "sliver": 2}
    # 10 m by 100 m; 100 m by 100 m; 5 cm by 100 m into T, which T2 holds as well: counted once more only
    assert book["doubled_mu"] == pytest.approx((1000 + 10_000 + 5) * 3 / 2000, rel=1e-3)


def rows_of(out, sheet):
    book = openpyxl.load_workbook(out / "check.xlsx")
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_has_files_kinds_lists_and_geometry(out):
    book = openpyxl.load_workbook(out / "check.xlsx")
    assert book.sheetnames == ["文件", "问题分类", "问题清单", "剔除记录", "几何问题"]
    first = rows_of(out, "文件")[0]
    assert (first["文件"], first["读取行数"], first["采用行数"], first["剔除行数"]) == (
        "parcels.gpkg",
        13,
        11,
        2,
    )
    kinds = {row["代码"]: row for row in rows_of(out, "问题分类")}
    assert {kind: row["条数"] for kind, row in kinds.items()} == KINDS
    assert all(row["怎么办"] for row in kinds.values())
    assert "parcels.gpkg 第 11 行" in kinds["invalid_geometry"]["例"]
    assert {row["字段"] for row in rows_of(out, "问题清单")} == {"图形"}
    assert len(rows_of(out, "问题清单")) == sum(KINDS.values())
    assert [row["编号或名称"] for row in rows_of(out, "剔除记录")] == ["BOW", "BARE"]
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"


def test_the_sheet_of_geometry_names_both_parcels_where_they_stand_and_the_area(out):
    faults = rows_of(out, "几何问题")
    assert [row["类型"] for row in faults] == ["图形重复", "重叠", "空隙", "细缝或窄条重叠", "细缝或窄条重叠"]
    assert (faults[1]["宗地编号"], faults[1]["另一宗地编号"]) == ("B", "O")
    assert faults[1]["椭球面积（平方米）"] == pytest.approx(1000.0, rel=1e-3)
    assert faults[2]["椭球面积（平方米）"] == pytest.approx(60.0, rel=1e-3)
    book = openpyxl.load_workbook(out / "check.xlsx")
    places = [cell.value for cell in book["几何问题"]["E"]]
    assert places[2] == "parcels.gpkg 第 2 行"


def test_the_layer_can_be_opened_in_a_gis(out):
    layer = gpd.read_file(out / "check.gpkg", layer="geometry_faults")
    assert layer.crs == "EPSG:4525"
    assert sorted(layer["kind"]) == ["duplicate", "gap", "overlap", "sliver", "sliver"]


def test_the_map_asks_for_nothing(out):
    page = (out / "check.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in page
    assert "数据检查" in page


def test_a_plan_without_faults_says_so(tmp_path, capsys):
    plan = small_plan.write(tmp_path / "p")
    assert main(["check", str(plan), "--out", str(tmp_path / "o")]) == 0
    text = capsys.readouterr().out
    assert "宗地之间没有重叠、重复、空隙" in text
    assert "未发现问题" in text
    assert {p.name for p in (tmp_path / "o").iterdir()} == {"issues.csv", "rejected.csv", "ledger.json"}


def test_the_same_intake_gives_the_same_workbook_and_map(plan, out, tmp_path):
    lu.api.save_check(lu.api.check(plan), tmp_path / "again")
    for name in ("check.xlsx", "check.html"):
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes()


def test_a_run_says_who_overlaps_and_flags_every_sum(plan, tmp_path, capsys):
    assert main(["run", str(plan), "--out", str(tmp_path / "run")]) == 0
    assert "几何检查：图形重复 1 处" in capsys.readouterr().out
    result = lu.open_run(tmp_path / "run")
    faults = result.geometry_faults
    assert len(faults) == 5
    said = result.issues[result.issues["kind"] == "parcels_overlap"]
    assert said["row"].tolist() == [2, 3]
    assert said["raw"].tolist() == ["O", "B"]
    facts = result.parcel_facts
    assert facts.loc["B", "overlap_m2"] == pytest.approx(1000.0, rel=1e-3)
    assert facts.loc["A", "overlap_m2"] == 0.0
    assert facts.loc["T", "overlap_m2"] == pytest.approx(10_000.0, rel=1e-3), "S lies where T2 lies too"
    doubled = (1000 + 10_000 + 5) * 3 / 2000
    assert result.zone_facts.loc["Z1", "doubled_mu"] == pytest.approx(doubled, rel=1e-3)
    assert result.ledger["accounts"]["land"]["doubled_mu"] == pytest.approx(doubled, rel=1e-3)
    assert result.project_facts["doubled_mu"].tolist() == [0.0, 0.0]
    assert gpd.read_file(tmp_path / "run" / "results.gpkg", layer="geometry_faults")["kind"].size == 5
    book = openpyxl.load_workbook(tmp_path / "run" / "workbook.xlsx")
    assert book["几何问题"].max_row == 6
    zone = dict(zip(*list(book["集聚区"].iter_rows(values_only=True))[:2], strict=True))
    assert zone["重复计入面积（亩）"] == pytest.approx(doubled, rel=1e-3)


def test_a_project_on_two_parcels_that_overlap_is_flagged(tmp_path):
    plan = faulty(tmp_path)
    ledger = small_plan.LEDGER.replace("甲厂,A,", '甲厂,"B、O",').replace("乙厂,B,", "乙厂,A,")
    (tmp_path / "ledger.csv").write_text(ledger, encoding="utf-8-sig")
    facts = lu.run(plan).project_facts
    assert facts["doubled_mu"].tolist() == pytest.approx([1.5, 0.0], rel=1e-3)
