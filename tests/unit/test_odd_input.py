"""What a sceptical analyst tries: odd plans, odd folders, broken pipes, interruptions."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import date, datetime

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import landuse as lu
from landuse.cli.main import main
from landuse.errors import LanduseError, OutputError, PlanError, PolicyError
from tests import small_plan

ASKING = """项目编号,项目名称,宗地编号,产业集聚区,建设性质,总投资（万元）,固定资产投资（万元）,申请用地面积（亩）
X3,丙厂,,Z1,新建,9000,8000,20
X4,丁厂,,Z1,新建,9000,7000,20
"""


def run(plan, out) -> int:
    return main(["run", str(plan), "--out", str(out)])


def with_quota(folder, rows: str):
    """A plan of two projects that ask for 20 mu each, with a quota."""
    plan = small_plan.write(folder, plan=small_plan.PLAN + '\n[quota]\npath = "quota.csv"\n', ledger=ASKING)
    (folder / "quota.csv").write_text(
        "年度,集聚区编号,指标类型,指标面积（亩）\n" + rows, encoding="utf-8-sig"
    )
    return plan


def issues_of(out, kind: str) -> pd.DataFrame:
    issues = lu.open_run(out).tables["issues"]
    return issues[issues["kind"] == kind]


# --- what would be lost -------------------------------------------------------------------------


@pytest.mark.parametrize("moved", ["ledger.csv", "plan.toml"])
def test_an_output_folder_that_holds_an_input_is_refused(tmp_path, capsys, moved):
    plan = small_plan.write(tmp_path)
    out = tmp_path / "out"
    assert run(plan, out) == 0
    if moved == "plan.toml":
        content = plan.read_text(encoding="utf-8").replace('path = "', f'path = "{tmp_path.as_posix()}/')
        plan = out / "plan.toml"
        plan.write_text(content, encoding="utf-8")
    else:
        (tmp_path / "ledger.csv").rename(out / "ledger.csv")
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace('"ledger.csv"', '"out/ledger.csv"'), encoding="utf-8")
    assert run(plan, out) == 2
    said = capsys.readouterr().err
    assert moved in said
    assert (out / moved).exists()
    assert main(["check", str(plan), "--out", str(out)]) == 2
    assert (out / moved).exists()
    with pytest.raises(OutputError, match="lies in it"):
        lu.save(lu.run(plan), out)
    assert (out / moved).exists()


def test_an_interruption_between_the_two_renames_keeps_the_earlier_run(tmp_path, monkeypatch):
    plan = small_plan.write(tmp_path)
    out = tmp_path / "out"
    assert run(plan, out) == 0
    before = (out / "ledger.json").read_bytes()
    result = lu.run(plan)
    real = type(out).rename

    def rename(self, target):
        if target == out.resolve():
            monkeypatch.setattr(type(out), "rename", real)
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(type(out), "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        lu.save(result, out)
    assert (out / "ledger.json").read_bytes() == before
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_leaves_nothing_and_no_traceback(tmp_path, number):
    plan = small_plan.write(tmp_path, plan=small_plan.PLAN.replace("map = false", "map = true"))
    code = (
        "import signal, sys; [signal.signal(s, signal.default_int_handler if s == 2 else signal.SIG_DFL)"
        " for s in (1, 2, 15)]; from landuse.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, "run", str(plan), "--out", str(tmp_path / "out")]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as job:
        until = time.monotonic() + 60
        while not [p for p in tmp_path.iterdir() if p.name.startswith(".out-")]:
            assert time.monotonic() < until
            assert job.poll() is None, "over before it could be stopped"
            time.sleep(0.005)
        job.send_signal(number)
        said = job.communicate(timeout=60)[1].decode()
    assert job.returncode == 128 + number
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_reader_that_closes_the_pipe_is_no_fault():
    words = [sys.executable, "-m", "landuse", "policies", "cn-luoyang-zones-2011"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as job:
        job.stdout.close()
        said = job.stderr.read().decode()
    assert said == ""
    assert job.returncode == 0


# --- the plan -----------------------------------------------------------------------------------


def test_ledger_is_json_that_any_reader_takes(tmp_path):
    assert (
        run(with_quota(tmp_path, "2026,Z1,新增建设用地,30\n2026,,新增建设用地,30\n"), tmp_path / "out") == 0
    )

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    book = json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"), parse_constant=refuse)
    usage = book["accounts"]["allocation"]["usage"]
    assert [u["zone_id"] for u in usage] == [None, "Z1"]


@pytest.mark.parametrize("given", [datetime(2026, 6, 30, 12), pd.Timestamp("2026-06-30 12:00"), "2026-06-30"])
def test_as_of_is_the_day_whatever_it_is_given_as(tmp_path, given):
    result = lu.run(small_plan.write(tmp_path), as_of=given)
    assert type(result.as_of) is date
    lu.save(result, tmp_path / "out")
    assert lu.open_run(tmp_path / "out").as_of == date(2026, 6, 30)


@pytest.mark.parametrize("given", ["June", 20260630, "2026-02-30"])
def test_as_of_that_is_no_day_is_refused(tmp_path, given):
    with pytest.raises(PlanError, match="as_of"):
        lu.run(small_plan.write(tmp_path), as_of=given)


def test_a_plan_without_policies_says_that_nothing_is_judged(tmp_path, capsys):
    plan = small_plan.write(
        tmp_path,
        plan=small_plan.PLAN.replace('policies = ["cn-luoyang-zones-2011", "cn-idle-land-2012"]\n', ""),
    )
    assert run(plan, tmp_path / "out") == 0
    assert "注意：方案没有列出规则" in capsys.readouterr().out
    assert lu.open_run(tmp_path / "out").ledger["notes"]


def test_a_brief_that_is_asked_for_and_not_made_is_said(tmp_path, capsys):
    plan = small_plan.write(tmp_path, plan=small_plan.PLAN + "brief = true\n")
    assert run(plan, tmp_path / "out") == 0
    assert "注意：本版本不生成会议材料" in capsys.readouterr().out


def test_forcing_a_policy_that_is_not_applied_is_refused(tmp_path, capsys):
    plan = small_plan.write(tmp_path, plan='force_policies = ["cn-idle-land-2021"]\n' + small_plan.PLAN)
    assert run(plan, tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "cn-idle-land-2021" in said
    assert "force_policies" in said


# --- the quota ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        "2026,,新增建设用地,约15",
        "2026,,新增建设用地,-15",
        "2026,,香蕉,15",
        "明年,,新增建设用地,15",
        "2026,,新增建设用地,",
    ],
)
def test_a_ceiling_that_cannot_be_read_is_not_left_out(tmp_path, capsys, bad):
    """Zone Z1 has 40 mu and the whole city a ceiling: without the ceiling both projects would be granted."""
    plan = with_quota(tmp_path, f"2026,Z1,新增建设用地,40\n{bad}\n")
    assert run(plan, tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "quota.csv" in said
    assert "row 3" in said
    assert main(["check", str(plan), "--out", str(tmp_path / "checked")]) == 0
    assert len(pd.read_csv(tmp_path / "checked" / "rejected.csv")) == 1


def test_the_ceiling_that_can_be_read_binds(tmp_path):
    plan = with_quota(tmp_path, "2026,Z1,新增建设用地,40\n2026,,新增建设用地,20\n")
    assert run(plan, tmp_path / "out") == 0
    grants = lu.open_run(tmp_path / "out").tables["grants"].set_index("project_id")
    assert grants.granted.to_dict() == {"X3": True, "X4": False}


def test_a_quota_of_another_year_is_said(tmp_path):
    assert run(with_quota(tmp_path, "2031,Z1,新增建设用地,40\n"), tmp_path / "out") == 0
    said = issues_of(tmp_path / "out", "quota_of_other_year")
    assert said.source_file.tolist() == ["quota.csv"]
    assert "2031" in said.message.iloc[0]
    assert "2026-06-30" in said.message.iloc[0]


def test_quotas_of_other_years_only_are_refused_with_a_remedy(tmp_path, capsys):
    plan = with_quota(tmp_path, "2024,Z1,新增建设用地,40\n2025,Z1,新增建设用地,40\n")
    assert run(plan, tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "2024, 2025" in said
    assert "What to do" in said


def test_a_quota_of_an_unknown_zone_is_said_with_its_row(tmp_path):
    assert run(with_quota(tmp_path, "2026,Z9,新增建设用地,40\n"), tmp_path / "out") == 0
    said = issues_of(tmp_path / "out", "quota_zone_not_known")
    assert said.row.tolist() == [2]
    assert said.raw.tolist() == ["Z9"]


# --- zones, units, verbs ------------------------------------------------------------------------


def test_zones_on_top_of_each_other_are_not_called_a_boundary(tmp_path):
    plan = small_plan.write(tmp_path, ledger=small_plan.LEDGER.replace(",Z1,", ",,"))
    shape = small_plan.square(0, 0, 1000.0)
    zones = {"集聚区编号": ["Z1", "Z2"], "集聚区名称": ["甲", "乙"], "类别": ["市区", "县域"]}
    (tmp_path / "zones.gpkg").unlink()
    gpd.GeoDataFrame(zones, geometry=[shape, shapely.reverse(shape)], crs="EPSG:4525").to_file(
        tmp_path / "zones.gpkg", layer="zones"
    )
    assert run(plan, tmp_path / "out") == 0
    said = issues_of(tmp_path / "out", "zone_straddled").message
    assert len(said) == 2
    assert said.str.contains("100.0%").all()
    assert not said.str.contains("跨集聚区边界").any()
    status = lu.open_run(tmp_path / "out").project_status.set_index("subject_id")
    assert status.verdict["X2"] == "undecided"


@pytest.mark.parametrize("width", [-1.0, 1.0, 5.0])
def test_a_width_of_about_that_is_no_share_is_refused(width):
    with pytest.raises(PlanError, match="approx_rel"):
        lu.parse_amount("约5万元", approx_rel=width)
    with pytest.raises(PlanError, match="approx_rel"):
        lu.parse_area("约5亩", approx_rel=width)


def test_ids_in_place_of_policies_are_refused(tmp_path):
    plan = small_plan.write(tmp_path)
    parcels = lu.read_parcels(tmp_path / "parcels.gpkg").table
    projects = lu.read_projects(tmp_path / "ledger.csv").table
    links = lu.link(parcels, projects)
    facts = lu.measure(parcels, projects, links, as_of=date(2026, 6, 30))
    seed, idle = (lu.load_policy(p) for p in ("cn-luoyang-zones-2011", "cn-idle-land-2012"))
    for wrong in (["cn-luoyang-zones-2011"], "cn-luoyang-zones-2011", seed):
        with pytest.raises(PolicyError, match="load_policy"):
            lu.screen(facts, wrong)
    with pytest.raises(PolicyError, match="cn-idle-land-2012"):
        lu.judge(lu.screen(facts, [seed]), [seed, idle])
    assert plan.exists()


def test_a_workbook_that_cannot_be_written_is_a_refusal(tmp_path):
    result = lu.run(small_plan.write(tmp_path))
    with pytest.raises(LanduseError, match="nowhere"):
        lu.reports.write_workbook(result, tmp_path / "nowhere" / "book.xlsx")


def test_explain_of_an_unknown_id_is_not_called_a_duplicate(tmp_path, capsys):
    assert run(small_plan.write(tmp_path), tmp_path / "out") == 0
    assert main(["explain", str(tmp_path / "out"), "nobody"]) == 2
    assert "重复" not in capsys.readouterr().err


def test_check_leaves_out_what_is_missing(tmp_path, capsys):
    ledger = small_plan.LEDGER + "备注：以上均为计划数,,,,,,\n"
    plan = small_plan.write(tmp_path, ledger="项目台账,,,,,,\n" + ledger)
    assert main(["check", str(plan), "--out", str(tmp_path / "checked")]) == 0
    said = capsys.readouterr().out
    assert "备注：以上均为计划数" in said
    assert not re.search(r"\bnan\b", said, re.ASCII)


def test_nor_is_the_workbook_of_an_intake_or_of_links(tmp_path):
    plan = small_plan.write(tmp_path)
    nowhere = tmp_path / "nowhere" / "book.xlsx"
    for write, what in (
        (lu.reports.write_review, lu.run(plan)),
        (lu.reports.write_check_workbook, lu.check(plan)),
    ):
        with pytest.raises(OutputError) as refusal:
            write(what, nowhere)
        assert refusal.value.file == str(nowhere)
        assert refusal.value.remedy
