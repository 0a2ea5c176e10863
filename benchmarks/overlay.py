"""Footprints over parcels: geopandas.overlay beside overlapping_pairs, on the same files.

    python benchmarks/overlay.py 100000
    python benchmarks/overlay.py 1000000 --repeat 3

A made city: parcels that share their boundaries, and a turned rectangle of eight corners over one to six of
them for every fifth. Each way reads both layers (GeoParquet), finds what every footprint and parcel have in
common and leaves a table of ids and areas, in a process of its own, so that the memory of one is not that of
the other. Ratios are plain over ours, printed only once both are seen to hold the same pairs and areas.
What ours does once is apart: loading the compiler (a process), and taking the corners out of the layers'
shapes and checking that each is valid (a layer, ``rings_of``). ``both`` is corners and overlay.
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

PARCELS, FOOTPRINTS = "parcels.parquet", "footprints.parquet"
RTOL, ATOL_M2 = 1e-6, 1e-4
LEAST_M2 = 1e-3
"""Pairs with less land in common may be float64 along a boundary: they are summed, not matched."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Footprints over parcels, beside geopandas.overlay.")
    parser.add_argument("parcels", nargs="+", type=int, help="how many; several numbers, one run each")
    parser.add_argument("--repeat", type=int, default=1, help="run each way so often, take the quickest run")
    parser.add_argument("--child", nargs=2, metavar=("TASK", "FOLDER"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.child:
        print(json.dumps(_child(*told.child, told.parcels[0])))
        return 0
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}")
    for count in told.parcels:
        with tempfile.TemporaryDirectory() as folder:
            _compare(Path(folder), count, told.repeat)
    return 0


def _compare(folder: Path, count: int, repeat: int) -> None:
    made = _run("write", folder, count)
    print(f"\n{made['parcels']:,} parcels, {made['footprints']:,} footprints")
    plain, ours = (
        min((_run(way, folder, count) for _ in range(repeat)), key=lambda run: run["both"][0])
        for way in ("plain", "ours")
    )
    agreed = _run("check", folder, count)
    print(
        f"both ways agree: {agreed['pairs']:,} pairs, {agreed['area']:,.2f} m2 in all (apart by "
        f"{agreed['apart']:.1e}), each area within {agreed['worst']:.1e} m2"
    )
    heads = ("plain s", "ours s", "ratio", "plain CPU s", "ours CPU s", "ratio", "ours, pairs/s")
    print(f"{'stage':<11}" + "".join(f"{head:>{len(head) + 3}}" for head in heads))
    for stage in ("read", "compiler", "corners", "overlay", "both"):
        (slow, slow_cpu), (fast, fast_cpu) = plain[stage], ours[stage]
        figures = (slow, fast, slow / fast, slow_cpu, fast_cpu, slow_cpu / fast_cpu, agreed["pairs"] / fast)
        cells = zip(heads, figures, (2, 2, 1, 2, 2, 1, 0), strict=True)
        print(f"{stage:<11}" + "".join(f"{x:>{len(head) + 3},.{places}f}" for head, x, places in cells))
    for line, key in (("peak MB", "peak_mb"), ("read MB", "read_mb")):
        if plain[key] is None:
            print(f"{line:<11}  not available on this system")
            continue
        print(f"{line:<11}{plain[key]:>10.0f}{ours[key]:>9.0f}{plain[key] / ours[key]:>8.1f}")


def _run(task: str, folder: Path, count: int) -> dict[str, Any]:
    """Run a task in a process of its own and return what it printed last."""
    command = [sys.executable, __file__, str(count), "--child", task, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        sys.exit(f"{task} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _child(task: str, folder: str, count: int) -> dict[str, Any]:
    if task == "write":
        return _write(Path(folder), count)
    return {"plain": _plain, "ours": _ours, "check": _check}[task](Path(folder))


def _write(folder: Path, count: int) -> dict[str, Any]:
    """Write both layers."""
    import geopandas as gpd
    import numpy as np
    import shapely

    from landuse.testing.bigcity import big_city

    land = big_city(count).parcels.geometry
    shapes, many = np.asarray(land.values), max(count // 5, 1)
    rng = np.random.default_rng(3)
    centre = shapely.get_coordinates(shapely.centroid(shapes[rng.integers(0, len(shapes), many)]))
    centre += rng.uniform(-45, 45, (many, 2))
    half, turn = rng.uniform(25, 80, (many, 2, 1)), rng.uniform(0, np.pi, (many, 1))
    ring = np.array([[-1, -1], [0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1]])
    x, y = ring[:, 0] * half[:, 0], ring[:, 1] * half[:, 1]
    east = centre[:, :1] + x * np.cos(turn) - y * np.sin(turn)
    north = centre[:, 1:] + x * np.sin(turn) + y * np.cos(turn)
    prints = shapely.polygons(np.round(np.stack([east, north], axis=-1), 3))
    parcels = gpd.GeoDataFrame({"parcel": np.arange(count)}, geometry=shapes, crs=land.crs)
    parcels.to_parquet(folder / PARCELS)
    footprints = gpd.GeoDataFrame({"footprint": np.arange(many)}, geometry=prints, crs=land.crs)
    footprints.to_parquet(folder / FOOTPRINTS)
    return {"parcels": count, "footprints": many}


def _plain(folder: Path) -> dict[str, Any]:
    import geopandas as gpd

    parcels, footprints, figures = _read(folder)
    figures |= {"compiler": [0.0, 0.0], "corners": [0.0, 0.0]}

    def overlay() -> Any:
        pieces = gpd.overlay(footprints, parcels, how="intersection")
        return pieces[["footprint", "parcel"]].assign(area=pieces.area)

    return _finished(folder, "plain", figures, overlay)


def _ours(folder: Path) -> dict[str, Any]:
    import pandas as pd

    from landuse.kernels.overlaps import overlapping_pairs
    from landuse.kernels.rings import rings_of

    parcels, footprints, figures = _read(folder)
    one = footprints.geometry.to_numpy()[:1]
    figures["compiler"] = _timed(lambda: overlapping_pairs(one, one))[1]

    sides, figures["corners"] = _timed(
        lambda: [rings_of(layer.geometry.to_numpy()) for layer in (footprints, parcels)]
    )

    def overlay() -> Any:
        left, right, area = overlapping_pairs(*sides)
        ids = (footprints["footprint"].to_numpy()[left], parcels["parcel"].to_numpy()[right])
        return pd.DataFrame({"footprint": ids[0], "parcel": ids[1], "area": area})

    return _finished(folder, "ours", figures, overlay)


def _read(folder: Path) -> tuple[Any, Any, dict[str, Any]]:
    import geopandas as gpd

    layers, seconds = _timed(lambda: [gpd.read_parquet(folder / name) for name in (PARCELS, FOOTPRINTS)])
    return *layers, {"read": seconds, "read_mb": _peak_mb()}


def _finished(folder: Path, way: str, figures: dict[str, Any], overlay: Any) -> dict[str, Any]:
    table, figures["overlay"] = _timed(overlay)
    figures["both"] = [figures["corners"][i] + figures["overlay"][i] for i in (0, 1)]
    figures["peak_mb"] = _peak_mb()
    table.to_parquet(folder / f"{way}_pairs.parquet")
    return figures


def _check(folder: Path) -> dict[str, Any]:
    """Compare what both ways found; a difference ends the run."""
    import numpy as np
    import pandas as pd

    plain, ours = (pd.read_parquet(folder / f"{way}_pairs.parquet") for way in ("plain", "ours"))
    sums = [float(table["area"].sum()) for table in (plain, ours)]
    both = plain.merge(ours, on=["footprint", "parcel"], how="outer", suffixes=("_plain", "_ours"))
    a, b = (both[f"area_{way}"].fillna(0.0).to_numpy() for way in ("plain", "ours"))
    wrong = ~np.isclose(b, a, rtol=RTOL, atol=ATOL_M2)
    if wrong.any():
        sys.exit(f"{wrong.sum()} areas differ, such as\n{both[wrong].head()}")
    if abs(sums[0] - sums[1]) > 1e-9 * sums[0]:
        sys.exit(f"the sums differ: {sums}")
    worst = float(np.max(np.abs(a - b), initial=0.0))
    pairs = int((a > LEAST_M2).sum())
    return {"pairs": pairs, "area": sums[1], "apart": abs(sums[0] - sums[1]) / sums[0], "worst": worst}


def _timed(work: Any) -> tuple[Any, list[float]]:
    """Return what a call returns, its seconds on the clock and its CPU seconds."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, [time.perf_counter() - clock, time.process_time() - cpu]


def _peak_mb() -> float | None:
    """Return the most memory this process has held [MB]; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


if __name__ == "__main__":
    sys.exit(main())
