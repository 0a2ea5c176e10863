"""The benchmark of names runs and prints its figures; how fast is no matter here."""

from __future__ import annotations

import re
import subprocess
import sys


def test_the_benchmark_of_names_runs_and_finds_what_it_made(repo):
    command = [sys.executable, str(repo / "benchmarks" / "names.py"), "300"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert re.search(r"300 × 300 +ours +[\d.]+ s  loop +[\d.]+ s \(scaled from 200\)  ratio", done.stdout)
    right = re.search(
        r"of them right ([\d.]+); right holder linked ([\d.]+), linked or in review ([\d.]+)", done.stdout
    )
    assert float(right[1]) > 0.98
    assert float(right[2]) > 0.95
    assert float(right[3]) > 0.99
