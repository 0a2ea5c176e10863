"""The benchmark of screening runs, agrees with bare numpy and prints its ratios; how fast is no matter here."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys

import numpy as np
import pytest


def test_screening_runs_agrees_with_bare_numpy_and_prints_its_ratios(repo):
    command = [sys.executable, str(repo / "benchmarks" / "screening.py"), "3000"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "3,000 parcels, 10 clauses: the same truths and verdicts" in done.stdout
    lines = {line[:16].strip(): line[16:] for line in done.stdout.splitlines() if line}
    figure = r" +[\d,]+\.\d+"
    stages = ("screen", "judge", "both", "without reasons", "verdicts", "findings", "reasons", "tables")
    for stage in stages:
        assert re.fullmatch(rf"(?:{figure}){{3}} +[\d,]+", lines[stage]), done.stdout
    memory = "not available on this system" if sys.platform == "win32" else r" +\d+ +\d+"
    assert re.fullmatch(memory, lines["peak MB"]), done.stdout


TRUTHS = [[2] * 10, [1] * 10, [0] * 10]
VERDICTS = [[3, 8], [0, 0], [2, 2]]


@pytest.mark.parametrize(
    ("clause", "policy", "said"),
    [
        (None, None, None),
        (4, None, r"truths of clauses differ .*'2\(2\)': 1, '1': 0"),
        (None, 1, r"verdicts differ .*\[0, 1\]"),
    ],
)
def test_ratios_are_not_printed_where_the_two_ways_differ(repo, tmp_path, monkeypatch, clause, policy, said):
    monkeypatch.syspath_prepend(str(repo / "benchmarks"))
    screening = importlib.import_module("screening")
    truths, verdicts = np.array(TRUTHS, dtype=np.int8), np.array(VERDICTS, dtype=np.int8)
    np.savez(tmp_path / "bare.npz", truths=truths, verdicts=verdicts)
    ours = truths - 1
    ours[ours == 0], ours[truths == 0] = -1, 0
    if clause is not None:
        ours[0, clause] = 0
    if policy is not None:
        verdicts[1, policy] = 1
    np.savez(tmp_path / "ours.npz", truths=ours, verdicts=verdicts, findings=7, reason_mb=0.1)
    if said is None:
        assert screening.check(tmp_path)["clauses"] == 10
        return
    with pytest.raises(SystemExit, match=said):
        screening.check(tmp_path)
