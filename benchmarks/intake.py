"""Reading parcels: ours beside the plain reader of the same file, in one process run.

    python benchmarks/intake.py 100000

Plain is ``geopandas.read_parquet`` or ``pyogrio.read_dataframe`` alone. ``layer`` is our ``read_layer``: the
same cells and shapes, sizes checked, the digest of the file taken beside it. ``whole`` is ``read_parcels``:
also every cell read into typed columns, every shape checked for validity and place, every row accounted for.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from landuse.io.readers import read_parcels
from landuse.io.vector.vectors import read_layer

ROUNDS = 3
EAST, NORTH, SIDE = 37_420_000.0, 3_810_000.0, 60.0
CRS = 4525


def parcels(count: int) -> gpd.GeoDataFrame:
    """Return parcels of 8 corners on a grid, with the columns of a supply ledger."""
    rng = np.random.default_rng(7)
    across = int(np.ceil(np.sqrt(count)))
    at = np.arange(count)
    east, north = EAST + SIDE * (at % across), NORTH + SIDE * (at // across)
    turns = np.linspace(0.0, 2 * np.pi, 9)[:-1]
    reach = rng.uniform(15.0, 29.0, (count, 8))
    corners = np.stack(
        [east[:, None] + reach * np.cos(turns), north[:, None] + reach * np.sin(turns)], axis=2
    )
    shapes = shapely.polygons(np.concatenate([corners, corners[:, :1]], axis=1).round(3))
    days = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 4000, count), unit="D")
    started = pd.Series(days + pd.Timedelta(days=200)).mask(rng.random(count) < 0.3)
    columns = {
        "宗地代码": [f"410302{i // 99999:06d}GB{i % 99999:05d}" for i in range(count)],
        "土地用途": np.array(["工业用地", "仓储用地", "商服用地", "住宅用地"], dtype=object)[
            rng.integers(0, 4, count)
        ],
        "土地使用权人": [f"洛阳第{i % 5000}有限公司" for i in range(count)],
        "面积（平方米）": shapely.area(shapes).round(2),
        "成交价格（万元）": rng.uniform(100, 9000, count).round(4),
        "约定开工时间": days,
        "实际开工时间": started.to_numpy(),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def best(work: Callable[[], object]) -> float:
    """Return the least of some rounds [s]."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main(count: int) -> None:
    """Print one line a format: seconds, and speed as a share of the plain reader's."""
    with tempfile.TemporaryDirectory() as folder:
        table = parcels(count)
        files = {kind: Path(folder) / f"parcels.{kind}" for kind in ("parquet", "gpkg")}
        table.to_parquet(files["parquet"])
        table.to_file(files["gpkg"], layer="parcels", engine="pyogrio")
        plain: dict[str, Callable[[Path], object]] = {
            "parquet": gpd.read_parquet,
            "gpkg": pyogrio.read_dataframe,
        }
        for kind, path in files.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = best(lambda k=kind, p=path: plain[k](p))
            layer = best(lambda p=path: read_layer(p))
            whole = best(lambda p=path: read_parcels(p))
            print(
                f"{kind:8} {count:>9,} parcels {path.stat().st_size / 1e6:6.1f} MB  plain {theirs:6.2f} s  "
                f"layer {layer:6.2f} s ({theirs / layer:4.0%} of plain speed)  "
                f"whole {whole:6.2f} s ({theirs / whole:4.0%}, {count / whole:,.0f} rows/s)"
            )
    print(f"peak memory {_peak_gb()}")


def _peak_gb() -> str:
    """Return the most memory this process has held."""
    try:
        import resource
    except ImportError:
        return "not available on this system"
    unit = 1e9 if sys.platform == "darwin" else 1e6
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.2f} GB"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
