"""The benchmark of intake runs and prints its ratios; how fast is no matter here."""

from __future__ import annotations

import re
import subprocess
import sys


def test_intake_benchmark_prints_a_ratio_a_format(repo):
    command = [sys.executable, str(repo / "benchmarks" / "intake.py"), "300"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for kind, line in zip(("parquet", "gpkg"), lines, strict=False):
        figures = rf"{kind} +300 parcels .* plain +[\d.]+ s  layer +[\d.]+ s \( *\d+% of plain speed\)"
        assert re.match(figures + r"  whole +[\d.]+ s \( *\d+%, [\d,]+ rows/s\)", line), done.stdout
    assert lines[-1].startswith("peak memory")
