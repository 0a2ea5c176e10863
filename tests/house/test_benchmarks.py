"""The benchmarks run, agree with the plain way and print their ratios; how fast is no matter here."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pandas as pd
import pytest


def run(repo, *arguments):
    command = [sys.executable, str(repo / "benchmarks" / "main_job.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("kind", ["gpkg", "parquet"])
def test_the_main_job_runs_agrees_with_the_plain_way_and_prints_its_ratios(repo, kind):
    done = run(repo, "400", "--format", kind)
    assert done.returncode == 0, done.stderr
    assert "400 parcels and 80 projects have the same verdicts" in done.stdout
    lines = {line.split("  ")[0]: line for line in done.stdout.splitlines() if line}
    figure = r" +[\d,]+\.\d+"
    for stage in ("read", "areas", "link", "measure", "judge", "total"):
        assert re.fullmatch(rf"{stage}(?:{figure}){{6}} +[\d,]+", lines[stage]), done.stdout
    memory = "  not available on this system" if sys.platform == "win32" else r" +\d+ +\d+ +\d+\.\d"
    assert re.fullmatch(rf"peak MB{memory}", lines["peak MB"]), done.stdout


PARCELS = {
    "area_m2": [1e4, 2e4],
    "used_m2": [1e4, 2e4],
    "fee_wan": [None, 3.0],
    "verdict": ["in_use", "idle_1y"],
}
PROJECTS = {"fixed_low": [200.0], "fixed_high": [210.0], "verdict": ["separate_land"]}


@pytest.mark.parametrize(
    ("parcels", "projects", "said"),
    [
        ({}, {}, None),
        ({"area_m2": [1e4, 2e4 + 0.1]}, {}, None),
        ({"area_m2": [1e4, 2e4 + 0.3]}, {}, "area_m2 of parcels"),
        ({"fee_wan": [None, None]}, {}, "fee_wan of parcels"),
        ({"verdict": ["in_use", "idle_2y"]}, {}, "verdicts of 1 parcels"),
        ({}, {"verdict": ["undecided"]}, "verdicts of 1 projects"),
        ({}, {"fixed_high": [210.1]}, "fixed_high of projects"),
        ({}, {"verdict": [None]}, "the same projects"),
    ],
)
def test_ratios_are_not_printed_where_the_two_ways_differ(
    repo, tmp_path, monkeypatch, parcels, projects, said
):
    monkeypatch.syspath_prepend(str(repo / "benchmarks"))
    main_job = importlib.import_module("main_job")
    for name, same, other in (("parcels", PARCELS, parcels), ("projects", PROJECTS, projects)):
        pd.DataFrame(same).to_parquet(tmp_path / f"ours_{name}.parquet")
        pd.DataFrame(same | other).to_parquet(tmp_path / f"plain_{name}.parquet")
    if said is None:
        assert main_job._check(tmp_path)["parcels"] == 2
        return
    with pytest.raises(SystemExit, match=said):
        main_job._check(tmp_path)
