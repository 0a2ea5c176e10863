"""The main job over synthetic cities: how long, how much memory, and how the plain way compares.

    python benchmarks/main_job.py 10000 100000
    python benchmarks/main_job.py 100000 --format parquet --repeat 3

For each number of parcels the city is written to files, then both ways run read -> areas -> link ->
measure -> judge over the same files, each in a process of its own, so that the memory of one is not that of
the other. Ratios are plain over ours: above 1 ours is quicker or smaller. They are printed only once areas,
intensities, fees and verdicts of both are seen to be the same. CPU seconds say more on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import city_files as city  # this process loads nothing heavy: a child begins with the memory of its parent

STAGES = ("read", "areas", "link", "measure", "judge")
AREA_RTOL = 1e-5
"""Edges straight in (B, L) against geodesic ones: up to 5e-6 of a parcel with edges of 150 m."""
RATIO_RTOL = 1e-5


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The main job, beside the plain way of doing it.")
    parser.add_argument("parcels", nargs="+", type=int, help="how many; several numbers, one run each")
    parser.add_argument("--format", choices=city.FORMATS, default="gpkg", help="of the parcels' file")
    parser.add_argument("--repeat", type=int, default=1, help="run each way so often, take the quickest run")
    parser.add_argument("--child", nargs=2, metavar=("TASK", "FOLDER"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.child:
        task, folder = told.child
        print(json.dumps(_child(task, Path(folder), told.parcels[0], told.format)))
        return 0
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    for count in told.parcels:
        with tempfile.TemporaryDirectory() as folder:
            _compare(Path(folder), count, told.format, told.repeat)
    return 0


def _compare(folder: Path, count: int, kind: str, repeat: int) -> None:
    rows = _run("write", folder, count, kind)
    print(f"\n{rows['parcels']:,} parcels ({kind}), {rows['projects']:,} projects (csv)")
    ways = {
        way: min((_run(way, folder, count, kind) for _ in range(repeat)), key=lambda run: run["total"][0])
        for way in ("plain", "ours")
    }
    agreed = _run("check", folder, count, kind)
    print(
        f"both ways agree: {agreed['parcels']:,} parcels and {agreed['projects']:,} projects have the same "
        f"verdicts; areas differ by {agreed['areas']:.1e}, intensities by {agreed['intensities']:.1e}"
    )
    _print_table(ways["plain"], ways["ours"], rows["parcels"])


def _print_table(plain: dict[str, Any], ours: dict[str, Any], parcels: int) -> None:
    heads = ("plain s", "ours s", "ratio", "plain CPU s", "ours CPU s", "ratio", "ours, parcels/s")
    print(f"{'stage':<9}" + "".join(f"{head:>{len(head) + 3}}" for head in heads))
    for stage in (*STAGES, "total"):
        (slow, slow_cpu), (fast, fast_cpu) = plain[stage], ours[stage]
        figures = (slow, fast, slow / fast, slow_cpu, fast_cpu, slow_cpu / fast_cpu, parcels / fast)
        cells = zip(heads, figures, (2, 2, 1, 2, 2, 1, 0), strict=True)
        print(f"{stage:<9}" + "".join(f"{x:>{len(head) + 3},.{places}f}" for head, x, places in cells))
    for line, key in (("peak MB", "peak_mb"), ("start MB", "start_mb")):
        if plain[key] is None:
            print(f"{line:<9}  not available on this system")
        else:
            print(f"{line:<9}{plain[key]:>10.0f}{ours[key]:>9.0f}{plain[key] / ours[key]:>8.1f}")


def _run(task: str, folder: Path, count: int, kind: str) -> dict[str, Any]:
    """Run a task in a process of its own and return what it printed last."""
    command = [sys.executable, __file__, str(count), "--format", kind, "--child", task, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        sys.exit(f"{task} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _child(task: str, folder: Path, count: int, kind: str) -> dict[str, Any]:
    if task == "write":
        return city.write_city(folder, count, kind)
    if task == "check":
        return _check(folder)
    if task == "plain":
        from plain_way import PlainWay as Way
    else:
        from our_way import OurWay as Way
    way = Way(folder, kind)
    start = _peak_mb()
    figures: dict[str, Any] = {stage: _timed(getattr(way, stage)) for stage in STAGES}
    figures["total"] = [sum(figures[stage][i] for stage in STAGES) for i in (0, 1)]
    figures |= {"peak_mb": _peak_mb(), "start_mb": start}
    for name, table in zip(("parcels", "projects"), way.results(), strict=True):
        table.to_parquet(folder / f"{task}_{name}.parquet")
    return figures


def _timed(work: Any) -> list[float]:
    """Return the seconds on the clock and the CPU seconds of a call."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return [time.perf_counter() - clock, time.process_time() - cpu]


def _peak_mb() -> float | None:
    """Return the most memory this process has held [MB]; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def _check(folder: Path) -> dict[str, Any]:
    """Compare what both ways found; a difference ends the run."""
    import numpy as np
    import pandas as pd

    found: dict[str, Any] = {}
    for name, columns in (
        ("parcels", {"area_m2": AREA_RTOL, "used_m2": AREA_RTOL, "fee_wan": RATIO_RTOL}),
        ("projects", {"fixed_low": RATIO_RTOL, "fixed_high": RATIO_RTOL}),
    ):
        ours = pd.read_parquet(folder / f"ours_{name}.parquet")
        plain = pd.read_parquet(folder / f"plain_{name}.parquet").reindex(ours.index)
        if len(ours) != len(plain) or plain["verdict"].isna().any():
            sys.exit(f"the two ways do not hold the same {name}")
        differ = ours.index[(ours["verdict"] != plain["verdict"]).to_numpy()]
        if len(differ):
            rows = f"ours\n{ours.loc[differ[:5]]}\nplain\n{plain.loc[differ[:5]]}"
            sys.exit(f"the verdicts of {len(differ)} {name} differ, such as\n{rows}")
        for column, rtol in columns.items():
            a, b = ours[column].to_numpy(dtype=float), plain[column].to_numpy(dtype=float)
            if not np.allclose(a, b, rtol=rtol, atol=1e-6, equal_nan=True):
                sys.exit(f"{column} of {name} differs by more than {rtol:g}")
            known = ~np.isnan(a) & (b != 0)
            worst = float(np.max(np.abs(a[known] / b[known] - 1.0), initial=0.0))
            key = "areas" if column.endswith("_m2") else "intensities"
            found[key] = max(found.get(key, 0.0), worst)
        found[name] = len(ours)
    return found


if __name__ == "__main__":
    sys.exit(main())
