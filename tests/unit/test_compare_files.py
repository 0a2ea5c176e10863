"""``landuse compare``: two folders in, one folder out, whole or not at all; what is refused, and the workbook."""

from __future__ import annotations

import json
import shutil

import openpyxl
import pandas as pd
import pytest

import landuse as lu
from landuse.cli.main import main
from landuse.errors import RunError
from landuse.tables import COMPARISON_TABLES
from tests import small_plan

LATER = small_plan.LEDGER.replace("甲厂,A,Z1,新建,6000", "甲厂,A,Z1,新建,5000")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two runs of the small plan: in the second the total of X1 fell to the bar."""
    base = tmp_path_factory.mktemp("compare")
    for name, ledger, day in (("old", small_plan.LEDGER, "2026-03-31"), ("new", LATER, "2026-06-30")):
        plan = small_plan.write(base / f"{name}_plan", ledger=ledger)
        assert main(["run", str(plan), "--out", str(base / name), "--as-of", day]) == 0
    return base


@pytest.fixture
def compared(folders, capsys):
    """Call the command; return its code and what it said."""

    def call(*arguments) -> tuple[int, str, str]:
        code = main(["compare", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def written(folders):
    assert main(["compare", str(folders / "old"), str(folders / "new"), "--out", str(folders / "out")]) == 0
    return folders / "out"


def test_without_out_it_prints_a_summary_and_writes_nothing(folders, compared):
    before = set(folders.rglob("*"))
    code, out, err = compared(folders / "old", folders / "new")
    assert (code, err) == (0, "")
    assert set(folders.rglob("*")) == before
    assert "项目：新增问题 1、结论未变 1" in out
    assert "变化原因：数据变化 1" in out
    assert "不再单独供地项目：1 → 2" in out
    assert "2026-03-31" in out
    assert "2026-06-30" in out


def test_the_folder(folders, written):
    assert {p.name for p in written.iterdir()} == {
        "comparison.json",
        "tables",
        "changes.csv",
        "bulletin.xlsx",
    }
    assert {p.stem for p in (written / "tables").iterdir()} == {*COMPARISON_TABLES, "issues"}
    book = json.loads((written / "comparison.json").read_text(encoding="utf-8"))
    assert book["kind"] == "landuse comparison"
    for side, day in (("old", "2026-03-31"), ("new", "2026-06-30")):
        ledger = json.loads((folders / side / "ledger.json").read_text(encoding="utf-8"))
        assert (book[side]["title"], book[side]["as_of"]) == (ledger["title"], day)
        assert book[side]["digests"] == ledger["digests"]
        assert book[side]["policies"] == ledger["policies"]
    changes = pd.read_parquet(written / "tables" / "changes.parquet")
    assert sum(row["rows"] for row in book["counts"]) == len(changes)


def test_the_list_opens_in_excel_and_holds_what_changed(written):
    raw = (written / "changes.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = pd.read_csv(written / "changes.csv", dtype=str)
    assert rows[["subject_id", "kind", "old_verdict", "new_verdict", "cause"]].values.tolist() == [
        ["X1", "newly_flagged", "separate_land", "no_separate_land", "facts"]
    ]
    assert "total_invest_wan" in rows.at[0, "changed_facts"].split(", ")


def test_the_same_runs_give_the_same_folder(folders, written, compared):
    code, _, _ = compared(folders / "old", folders / "new", "--out", folders / "again")
    assert code == 0
    for file in written.rglob("*"):
        if file.is_file():
            assert (folders / "again" / file.relative_to(written)).read_bytes() == file.read_bytes()


def test_an_earlier_comparison_is_replaced(folders, written, compared, tmp_path):
    out = shutil.copytree(written, tmp_path / "out")
    (out / "left_over.txt").write_text("x", encoding="utf-8")
    assert compared(folders / "new", folders / "new", "--out", out)[0] == 0
    assert not (out / "left_over.txt").exists()
    assert len(pd.read_csv(out / "changes.csv")) == 0


@pytest.mark.parametrize("where", ["old", "new", "old/inside", "new/tables/deep"])
def test_a_folder_that_is_or_lies_in_a_run_is_refused(folders, compared, where):
    before = {p: p.stat().st_mtime_ns for p in folders.rglob("*")}
    code, out, err = compared(folders / "old", folders / "new", "--out", folders / where)
    assert (code, out) == (2, "")
    assert "beside the runs" in err
    assert {p: p.stat().st_mtime_ns for p in folders.rglob("*")} == before


def test_a_third_run_and_a_strangers_folder_are_not_replaced(folders, compared, tmp_path):
    third = shutil.copytree(folders / "old", tmp_path / "third")
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("x", encoding="utf-8")
    for folder in (third, other):
        before = sorted(folder.rglob("*"))
        code, _, err = compared(folders / "old", folders / "new", "--out", folder)
        assert code == 2
        assert "comparison.json" in err
        assert sorted(folder.rglob("*")) == before


def test_a_comparison_that_holds_a_run_is_not_replaced(folders, written, compared, tmp_path):
    out = shutil.copytree(written, tmp_path / "out")
    run = shutil.copytree(folders / "old", out / "run")
    code, _, err = compared(run, folders / "new", "--out", out)
    assert code == 2
    assert "ledger.json" in err
    assert (run / "ledger.json").exists()


def test_a_run_does_not_replace_a_comparison(written, folders, capsys):
    assert main(["run", str(folders / "old_plan" / "plan.toml"), "--out", str(written)]) == 2
    assert "ledger.json" in capsys.readouterr().err
    assert (written / "comparison.json").exists()


def test_the_wrong_order_is_refused(folders, compared, tmp_path):
    code, _, err = compared(folders / "new", folders / "old", "--out", tmp_path / "out")
    assert code == 2
    assert "earlier run first" in err
    assert not (tmp_path / "out").exists()
    with pytest.raises(RunError, match="2026-06-30"):
        lu.compare(lu.open_run(folders / "new"), lu.open_run(folders / "old"))


@pytest.mark.parametrize("missing", ["old", "new"])
def test_no_such_run(folders, compared, tmp_path, missing):
    sides = {"old": folders / "old", "new": folders / "new"} | {missing: tmp_path / "none"}
    code, _, err = compared(sides["old"], sides["new"])
    assert code == 2
    assert "none" in err
    assert "no such run folder" in err


def test_a_comparison_is_no_run(written, folders, compared):
    code, _, err = compared(folders / "old", written)
    assert code == 2
    assert "no finished run" in err


def test_runs_of_other_places_are_said_to_have_nothing_in_common(folders, tmp_path):
    ledger = small_plan.LEDGER.replace("X1", "Y1").replace("X2", "Y2")
    plan = small_plan.write(tmp_path / "plan", ledger=ledger)
    other = lu.run(plan)
    for name in ("parcels", "parcel_facts"):
        other.tables[name].index = other.tables[name].index + "9"
    found = lu.compare(lu.open_run(folders / "old"), other)
    assert "nothing_in_common" in set(found.issues["kind"])
    assert set(found.changes.loc[found.changes["subject"] != "zone", "kind"]) == {"came", "went"}


def test_the_bulletin(written):
    book = openpyxl.load_workbook(written / "bulletin.xlsx")
    assert book.sheetnames == [
        "通报",
        "按集聚区（宗地）",
        "按集聚区（项目）",
        "按主管部门（宗地）",
        "按主管部门（项目）",
        "涉嫌闲置的变化",
        "原问题消除",
        "新增问题",
        "其他结论变化",
        "行的增减",
        "金额面积变化",
        "规则与设置",
    ]
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        for row in sheet.iter_rows():
            assert all(c.data_type != "f" for c in row)
    header, first, *more = book["按集聚区（项目）"].iter_rows(values_only=True)
    zone = dict(zip(header[:9], first[:9], strict=True))
    assert zone["集聚区"] == "甲集聚区"
    flow = ("上期不再单独供地", "新增", "其他转入", "转为其他结论", "其他转出", "本期不再单独供地", "增减")
    assert [zone[name] for name in flow] == [1, 1, 0, 0, 0, 2, 1]
    assert [row[0] for row in more] == ["区外", "不详", "合计"]
    header, row = book["新增问题"].iter_rows(values_only=True)
    listed = dict(zip(header, row, strict=True))
    assert (listed["编号"], listed["名称或用地单位"]) == ("X1", "甲厂")
    assert (listed["上期结论"], listed["本期结论"]) == ("可单独供地", "不再单独供地")
    assert listed["变化原因"].startswith("数据变化（总投资")
    header, *rows = book["金额面积变化"].iter_rows(values_only=True)
    amounts = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(a["编号"], a["字段"], a["上期"], a["本期"], a["增减"]) for a in amounts[:1]] == [
        ("X1", "总投资", 6000, 5000, -1000)
    ]


def test_what_is_not_known_is_said_in_the_bulletin(tmp_path):
    from landuse.reports import write_bulletin
    from tests.quarters_by_hand import run_of

    parcels = [
        {"id": "甲", "due": pd.Timestamp("2024-05-10"), "state": "not_started", "price": [100, 120]},
        {"id": "乙", "due": pd.Timestamp("2024-05-10"), "state": "not_started"},
        {"id": "丙", "due": pd.Timestamp("2024-05-10"), "state": "not_started", "slot": 5},
    ]
    run = run_of(parcels)
    write_bulletin(lu.compare(run, run), tmp_path / "bulletin.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "bulletin.xlsx")["按集聚区（宗地）"]
    header, *rows = sheet.iter_rows(values_only=True)
    by_zone = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_zone["东区"]["本期价款（万元）"] == "100.00 至 120.00（另 1 不详）"
    assert by_zone["西区"]["本期价款（万元）"] == "不详"
    assert by_zone["区外"]["本期价款（万元）"] == 0
    fee = "本期涉嫌闲置费（万元）"
    assert by_zone["东区"][fee] == "20.00 至 24.00（另 1 不详）"
    assert by_zone["西区"][fee] == "不详"
    assert by_zone["区外"][fee] == 0
    assert by_zone["合计"][fee] == "20.00 至 24.00（另 2 不详）"
