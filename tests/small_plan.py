"""A plan one can check in one's head: two parcels of 100 m by 100 m, two projects, one zone."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

E0, N0 = 37_632_000.0, 3_833_000.0

PLAN = """title = "two parcels"
as_of = 2026-06-30
policies = ["cn-luoyang-zones-2011", "cn-idle-land-2012"]

[[parcels]]
path = "parcels.gpkg"

[[projects]]
path = "ledger.csv"

[[zones]]
path = "zones.gpkg"

[output]
map = false
workbook = false
"""

LEDGER = """项目编号,项目名称,宗地编号,产业集聚区,建设性质,总投资（万元）,固定资产投资（万元）
X1,甲厂,A,Z1,新建,6000,4000
X2,乙厂,B,Z1,新建,4000,3500
"""


def square(column: int, row: int, size: float = 100.0) -> shapely.Polygon:
    """The square in a column and row of a chessboard."""
    x, y = E0 + column * size, N0 + row * size
    return shapely.box(x, y, x + size, y + size)


def parcels(**columns) -> gpd.GeoDataFrame:
    """Parcels A and B, side by side."""
    return gpd.GeoDataFrame(
        {"宗地编号": ["A", "B"], **columns}, geometry=[square(0, 0), square(1, 0)], crs="EPSG:4525"
    )


def write(folder: Path, *, plan: str = PLAN, ledger: str = LEDGER) -> Path:
    """Write the plan and its files; return the plan's path."""
    folder.mkdir(parents=True, exist_ok=True)
    parcels().to_file(folder / "parcels.gpkg", layer="parcels")
    zone = gpd.GeoDataFrame(
        {"集聚区编号": ["Z1"], "集聚区名称": ["甲集聚区"], "类别": ["市区"]},
        geometry=[shapely.box(E0 - 1000, N0 - 1000, E0 + 1000, N0 + 1000)],
        crs="EPSG:4525",
    )
    zone.to_file(folder / "zones.gpkg", layer="zones")
    (folder / "ledger.csv").write_text(ledger, encoding="utf-8-sig")
    path = folder / "plan.toml"
    path.write_text(plan, encoding="utf-8")
    return path
