"""The benchmark of overlays runs, agrees with geopandas and prints its ratios; how fast is no matter here."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import pandas as pd
import pytest


def test_the_overlay_runs_agrees_with_geopandas_and_prints_its_ratios(repo):
    command = [sys.executable, str(repo / "benchmarks" / "overlay.py"), "2000"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "2,000 parcels, 400 footprints" in done.stdout
    assert re.search(r"both ways agree: 1,\d{3} pairs, [\d,.]+ m2 in all", done.stdout), done.stdout
    lines = {line.split("  ")[0]: line for line in done.stdout.splitlines() if line}
    figure = r" +[\d,]+\.\d+"
    for stage in ("read", "compiler", "corners", "overlay", "both"):
        assert re.fullmatch(rf"{stage}(?:{figure}){{6}} +[\d,]+", lines[stage]), done.stdout
    memory = "  not available on this system" if sys.platform == "win32" else r" +\d+ +\d+ +\d+\.\d"
    assert re.fullmatch(rf"peak MB{memory}", lines["peak MB"]), done.stdout


PAIRS = {"footprint": [0, 0, 1], "parcel": [0, 1, 1], "area": [100.0, 1e-7, 2500.0]}


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (PAIRS, None),
        ({"footprint": [0, 1], "parcel": [0, 1], "area": [100.0, 2500.0]}, None),
        (PAIRS | {"area": [100.0, 1e-7, 2500.01]}, "1 areas differ"),
        (PAIRS | {"parcel": [0, 1, 2]}, "2 areas differ"),
    ],
)
def test_ratios_are_not_printed_where_the_two_ways_differ(repo, tmp_path, monkeypatch, ours, said):
    monkeypatch.syspath_prepend(str(repo / "benchmarks"))
    overlay = importlib.import_module("overlay")
    pd.DataFrame(PAIRS).to_parquet(tmp_path / "plain_pairs.parquet")
    pd.DataFrame(ours).to_parquet(tmp_path / "ours_pairs.parquet")
    if said is None:
        assert overlay._check(tmp_path)["pairs"] == 2
        return
    with pytest.raises(SystemExit, match=said):
        overlay._check(tmp_path)
