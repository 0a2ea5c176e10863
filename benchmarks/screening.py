"""Parcels screened and judged, beside the same comparisons on bare numpy arrays.

    python benchmarks/screening.py 100000 1000000
    python benchmarks/screening.py 1000000 --repeat 3

Ten clauses of two policies (idle land as shipped, a local standard that is made up), over intervals of which
some are unknown, wide or close to a limit. Bare is numpy as one would write it by hand for these ten clauses:
arrays in, the truth of every clause and two verdict codes out; no fen, no tolerance, no borderline, no words.
Ours is ``screen`` and ``judge``: the same truths and verdicts, findings, reasons, missing facts, fees. Each
way runs in a process of its own; ratios are ours over bare, printed only once truths and verdicts are seen to
be the same. ``verdicts`` is what ours needs for truths and verdicts alone; ``findings``, ``reasons`` and
``tables`` are the evidence on top. Seconds are of CPU, for the clock knows what else the machine does.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STAGES = ("screen", "judge", "both", "without reasons", "verdicts", "findings", "reasons", "tables")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Screening beside bare numpy.")
    parser.add_argument("parcels", nargs="+", type=int, help="how many; several numbers, one run each")
    parser.add_argument("--repeat", type=int, default=1, help="run each way so often, take the quickest run")
    parser.add_argument("--child", nargs=2, metavar=("TASK", "FOLDER"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.child:
        task, folder = told.child
        print(json.dumps({"bare": _bare, "ours": _ours}[task](Path(folder), told.parcels[0])))
        return 0
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    for count in told.parcels:
        with tempfile.TemporaryDirectory() as folder:
            _compare(Path(folder), count, told.repeat)
    return 0


def _compare(folder: Path, count: int, repeat: int) -> None:
    bare, ours = (
        min((_run(way, folder, count) for _ in range(repeat)), key=lambda run: run["both"])
        for way in ("bare", "ours")
    )
    agreed = check(folder)
    print(f"\n{count:,} parcels, {agreed['clauses']} clauses: the same truths and verdicts")
    print(f"{agreed['findings']:,} findings, reasons of {agreed['reason_mb']:.0f} MB")
    print(f"{'':<16}   bare s   ours s   ratio   ours, parcels/s")
    for stage in STAGES:
        spent = ours[stage]
        print(
            f"{stage:<16}{bare['both']:>9.3f}{spent:>9.3f}{spent / bare['both']:>8.1f}{count / spent:>18,.0f}"
        )
    if ours["peak_mb"] is None:
        print("peak MB         not available on this system")
        return
    print(f"{'peak MB':<16}{bare['peak_mb']:>9.0f}{ours['peak_mb']:>9.0f}")
    print(f"{'of them facts':<16}{bare['facts_mb']:>9.0f}{ours['facts_mb']:>9.0f}")


def _run(task: str, folder: Path, count: int) -> dict[str, Any]:
    """Run a way in a process of its own and return what it printed last."""
    command = [sys.executable, __file__, str(count), "--child", task, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        sys.exit(f"{task} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _bare(folder: Path, count: int) -> dict[str, Any]:
    import numpy as np
    import screening_bare as bare
    import screening_city as city

    arrays = bare.arrays_of(city.facts_of(count))
    facts_mb = peak_mb()
    start = time.process_time()
    truths, verdicts = bare.judged_bare(arrays)  # 2, 1, 0 for holds, unknown, does not
    spent = time.process_time() - start
    np.savez(folder / "bare.npz", truths=np.stack(truths, axis=1), verdicts=np.stack(verdicts, axis=1))
    return {"both": spent, "peak_mb": peak_mb(), "facts_mb": facts_mb}


def _ours(folder: Path, count: int) -> dict[str, Any]:
    import numpy as np
    import screening_bare as bare
    import screening_city as city

    from landuse import judge, screen

    facts, policies = city.facts_of(count), city.policies()
    judge(screen(city.facts_of(10), policies), policies)  # labels and schemas are read once a process
    facts_mb = peak_mb()
    clocks = {name: _Clock(functions) for name, functions in PARTS.items()}
    start = time.process_time()
    findings = screen(facts, policies)
    middle = time.process_time()
    status = judge(findings, policies).parcels
    end = time.process_time()
    parts = {name: clock.spent for name, clock in clocks.items()}
    np.savez(
        folder / "ours.npz",
        truths=np.concatenate([findings.truth[p.id, "parcel"].to_numpy() for p in policies], axis=1),
        verdicts=np.stack([_codes(status, p.id, bare.VERDICTS) for p in policies], axis=1),
        findings=len(findings.table),
        reason_mb=status["reason"].array.nbytes / 1e6,
    )
    both = end - start
    return {
        "screen": middle - start,
        "judge": end - middle,
        "both": both,
        "without reasons": both - parts["reasons"],
        **parts,
        "tables": both - sum(parts.values()),
        "peak_mb": peak_mb(),
        "facts_mb": facts_mb,
    }


PARTS = {
    "verdicts": (("landuse.screening.screen", "weigh_sheet"), ("landuse.screening.judge", "decide")),
    "findings": (("landuse.screening.screen", "finding_rows"),),
    "reasons": (("landuse.screening.judge", "reasons"),),
}
"""The functions that do each part, with the module that calls them."""


class _Clock:
    """Adds up the seconds of CPU that functions take."""

    def __init__(self, functions: tuple[tuple[str, str], ...]) -> None:
        self.spent = 0.0
        for module, name in functions:
            caller = importlib.import_module(module)
            setattr(caller, name, self._timed(getattr(caller, name)))

    def _timed(self, function: Any) -> Any:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            found = function(*given, **named)
            self.spent += time.process_time() - start
            return found

        return timed


def check(folder: Path) -> dict[str, Any]:
    """Compare what both ways found; a difference ends the run."""
    import numpy as np
    import screening_bare as bare

    found = {way: dict(np.load(folder / f"{way}.npz")) for way in ("bare", "ours")}
    truths = np.array([0, -1, 1], dtype=np.int8)[found["bare"]["truths"]]
    differ = (truths != found["ours"]["truths"]).sum(axis=0)
    if differ.any():
        worst = dict(zip(bare.CLAUSES, differ.tolist(), strict=True))
        sys.exit(f"the truths of clauses differ for so many parcels: {worst}")
    differ = (found["bare"]["verdicts"] != found["ours"]["verdicts"]).sum(axis=0)
    if differ.any():
        sys.exit(f"the verdicts differ for so many parcels, by policy: {differ.tolist()}")
    ours = found["ours"]
    size, findings = float(ours["reason_mb"]), int(ours["findings"])
    return {"clauses": truths.shape[1], "findings": findings, "reason_mb": size}


def _codes(status: Any, policy: str, verdicts: tuple[str, ...]) -> Any:
    own = status.loc[status["policy"] == policy, "verdict"]
    return own.map({name: code for code, name in enumerate(verdicts)}).to_numpy(dtype="int8")


def peak_mb() -> float | None:
    """Return the most memory this process has held [MB]; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


if __name__ == "__main__":
    sys.exit(main())
