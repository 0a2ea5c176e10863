"""A great synthetic city as a bureau hands it in: parcels, zones, and the ledger as a CSV in GBK."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2026, 6, 30)
FORMATS = ("gpkg", "parquet")
LEDGER, ZONES = "ledger.csv", "zones.gpkg"

# the files' headers, as the plain way needs them; the library knows them by itself
PARCEL_HEADERS = {
    "宗地代码": "parcel_id",
    "土地用途": "land_use",
    "面积（平方米）": "stated_m2",
    "成交价格（万元）": "price_wan",
    "约定开工时间": "start_due",
    "实际开工时间": "started_on",
    "开工状态": "start_state",
    "停工状态": "suspend_state",
    "政府原因": "government_cause",
}
LEDGER_HEADERS = {
    "项目编号": "project_id",
    "宗地代码": "refs",
    "建设性质": "nature",
    "总投资（万元）": "total",
    "固定资产投资（万元）": "fixed",
    "已投资额（不含地价）（万元）": "invested",
    "总投资额（不含地价）（万元）": "planned",
}
ZONE_HEADERS = {"园区编号": "zone_id", "园区名称": "name", "类别": "zone_class"}
STARTED, NEW, OLD, URBAN, COUNTY = "已开工", "新建", "扩建", "市区", "县域"
COMMA = "、"

__all__ = ["AS_OF", "FORMATS", "LEDGER", "ZONES", "parcels_file", "write_city"]


def parcels_file(kind: str) -> str:
    """Return the name of the parcels' file in a format."""
    return f"parcels.{kind}"


def write_city(folder: Path, parcels: int, kind: str) -> dict[str, int]:
    """Write ``big_city(parcels)`` as files; return how many rows each table has."""
    from landuse.testing.bigcity import big_city  # not loaded by the plain way, whose memory is measured

    city = big_city(parcels)
    if city.as_of != AS_OF:
        raise RuntimeError(f"the city is of {city.as_of}, the benchmark of {AS_OF}")
    land = _layer(_parcels(city.parcels), city.parcels)
    if kind == "parquet":
        land.to_parquet(folder / parcels_file(kind), compression="zstd")
    else:
        land.to_file(folder / parcels_file(kind), layer="parcels")
    _layer(_zones(city.zones), city.zones).to_file(folder / ZONES)
    _ledger(city.projects).to_csv(folder / LEDGER, index=False, encoding="gbk")
    return {"parcels": len(city.parcels), "projects": len(city.projects), "zones": len(city.zones)}


def _layer(columns: dict[str, Any], table: Any) -> Any:
    import geopandas as gpd
    import numpy as np

    cells = {name: np.asarray(values, dtype=object) if _is_text(values) else np.asarray(values)
             for name, values in columns.items()}  # fmt: skip
    return gpd.GeoDataFrame(cells, geometry=table.geometry.array, crs=table.crs)


def _is_text(values: Any) -> bool:
    return str(getattr(values, "dtype", "")) in ("str", "object")


def _parcels(table: Any) -> dict[str, Any]:
    states = {"started": STARTED, "not_started": "未开工"}
    n = len(table)
    values = (
        table.index,
        table["land_use"],
        table["stated_area_m2"],
        table["price_wan_low"],
        table["start_due"],
        table["started_on"],
        table["start_state"].map(states),
        ["未停工"] * n,
        ["无"] * n,
    )
    return dict(zip(PARCEL_HEADERS, values, strict=True))


def _zones(table: Any) -> dict[str, Any]:
    classes = table["zone_class"].map({"urban": URBAN, "county": COUNTY})
    return dict(zip(ZONE_HEADERS, (table.index, table["name"], classes), strict=True))


def _ledger(table: Any) -> Any:
    import pandas as pd

    low, high = table["total_invest_wan_low"], table["total_invest_wan_high"]
    exact = low.map("{:.2f}".format)
    span = exact + "-" + high.map("{:.2f}".format)
    values = (
        table.index,
        table["parcel_refs"].map(COMMA.join).array,
        table["is_new"].map({True: NEW, False: OLD}).array,
        exact.where(low == high, span).array,
        table["fixed_invest_wan_low"].array,
        table["invested_wan_low"].array,
        table["planned_wan_low"].array,
    )
    return pd.DataFrame(dict(zip(LEDGER_HEADERS, values, strict=True)))
