"""Parcels and policies for the benchmark of screening.

The limits of the local policy are made up: they are nobody's rule.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from landuse.policy import Policy, load_policy, load_text
from landuse.tables import PARCEL_FACTS, PROJECT_FACTS, ZONE_FACTS, Facts

AS_OF = date(2026, 6, 30)
M2_PER_MU = 2000 / 3
RATIOS = (
    "developed_ratio",
    "invested_ratio",
    "fixed_wan_per_mu",
    "output_wan_per_mu",
    "tax_wan_per_mu",
    "far",
    "building_ratio",
)
LOCAL = """
[policy]
id = "made-up-standard"
title = "试用标准"
source = "自拟，仅供测速"
effective = 2020-01-01
otherwise = { parcel = "in_use" }

[[clause]]
id = "1"
subject = "parcel"
cite = "第一条"
text = "投资强度低于所在区域标准"
verdict = "underused"
scope = { fact = "start_state", op = "==", limit = "started" }
[clause.when]
fact = "fixed_wan_per_mu"
op = "<"
unit = "万元/亩"
limit = { by = "zone_class", urban = 200, county = 150 }

[[clause]]
id = "2"
subject = "parcel"
cite = "第二条"
text = "容积率低于约定下限"
verdict = "underused"
scope = { fact = "start_state", op = "==", limit = "started" }
when = { fact = "far", op = "<", limit = { fact = "far_min" } }

[[clause]]
id = "3"
subject = "parcel"
cite = "第三条"
text = "建筑系数低于百分之三十"
verdict = "underused"
scope = { fact = "start_state", op = "==", limit = "started" }
when = { fact = "building_ratio", op = "<", limit = "3/10" }

[[clause]]
id = "4"
subject = "parcel"
cite = "第四条"
text = "亩均产出、亩均税收均低"
verdict = "underused"
scope = { fact = "start_state", op = "==", limit = "started" }
[clause.when]
all = [
    { fact = "output_wan_per_mu", op = "<", unit = "万元/亩", limit = 200 },
    { fact = "tax_wan_per_mu", op = "<", unit = "万元/亩", limit = 10 },
]

[[clause]]
id = "5"
subject = "parcel"
cite = "第五条"
text = "建成率低，或者总投资不足"
verdict = "underused"
scope = { fact = "start_state", op = "==", limit = "started" }
[clause.when]
any = [
    { fact = "built_share", op = "<", limit = "2/5" },
    { fact = "total_invest_wan", op = "<=", unit = "万元", limit = 500 },
]
"""


def policies() -> list[Policy]:
    """Return the two policies: idle land as shipped, and a local standard."""
    return [load_policy("cn-idle-land-2012"), load_text(LOCAL, file="made-up-standard.toml")]


def facts_of(count: int) -> Facts:
    """Return facts of parcels: the columns that the clauses name, some figures unknown, wide or close."""
    rng = np.random.default_rng(5)
    data: dict[str, Any] = {}

    def pair(stem: str, exact: Any, *, wide: float = 0.03, lost: float = 0.05) -> None:
        low = np.where(rng.random(count) < lost, np.nan, exact)
        data[f"{stem}_low"] = low
        data[f"{stem}_high"] = np.where(rng.random(count) < wide, low * 1.2, low) if wide else low.copy()

    def texts(name: str, values: list[str | None], shares: list[float]) -> None:
        codes = rng.choice(len(values), count, p=shares)
        data[name] = pd.array(np.array(values, dtype=object), dtype="str").take(codes)

    area = np.round(rng.lognormal(10, 0.7, count), 2)
    mu = area / M2_PER_MU
    texts("zone_class", ["urban", "county", "outside", None], [0.4, 0.5, 0.07, 0.03])
    texts("start_state", ["started", "not_started", "unknown"], [0.85, 0.12, 0.03])
    texts("money_basis", ["whole", "joint"], [0.9, 0.1])
    texts("government_cause", ["none", "军事管制", None], [0.8, 0.1, 0.1])
    data["state_construction"] = pd.array(rng.random(count) < 0.97, dtype="boolean")
    days = rng.integers(-400, 1500, count).astype(np.float64)
    pair("days_past_start", days, wide=0.0)
    years = np.maximum(data["days_past_start_low"] - 1, 0) // 365.25
    data["full_years_past_start_low"], data["full_years_past_start_high"] = years, years.copy()
    pair("full_years_suspended", rng.choice([0.0, 1.0, 2.0], count, p=[0.9, 0.07, 0.03]), wide=0.0)
    pair("due_development_m2", area, wide=0.0, lost=0.1)
    pair("developed_m2", np.round(area * rng.random(count), 2), lost=0.1)
    pair("planned_wan", np.round(rng.lognormal(8, 1, count), 2), lost=0.1)
    pair("invested_wan", np.round(data["planned_wan_low"] * rng.random(count) * 1.2, 2), lost=0.1)
    pair("price_wan", np.round(rng.lognormal(6, 1, count), 2))
    data["area_used_m2"] = area
    pair("intensity_land_m2", area, wide=0.0, lost=0.02)
    data["intensity_alt_land_m2_low"], data["intensity_alt_land_m2_high"] = area * 0.999, area * 1.001
    pair("intensity_fixed_wan", np.round(mu * rng.lognormal(5.9, 0.5, count), 2), lost=0.1)
    pair("intensity_output_wan", np.round(mu * rng.lognormal(5.8, 0.5, count), 2), lost=0.1)
    pair("intensity_tax_wan", np.round(mu * rng.lognormal(2.9, 0.5, count), 2), lost=0.1)
    pair("total_invest_wan", np.round(mu * rng.lognormal(6.2, 0.5, count), 2))
    pair("floor_area_m2", np.round(area * rng.uniform(0.5, 2.5, count), 2), lost=0.1)
    pair("footprint_m2", np.round(area * rng.uniform(0.25, 0.6, count), 2), lost=0.1)
    data["far_min"] = np.where(rng.random(count) < 0.1, np.nan, rng.choice([0.6, 0.8, 1.0], count))
    data["built_share"] = np.where(rng.random(count) < 0.1, np.nan, np.round(rng.uniform(0.3, 1, count), 4))
    for stem in RATIOS:
        top, bottom, factor = PARCEL_FACTS.ratio(stem)
        for end, other in (("low", "high"), ("high", "low")):
            over = data.get(f"{bottom}_{other}", area) * float(factor)
            data[f"{stem}_{end}"] = data[f"{top}_{end}"] / over
    ids = pd.Index([f"K{i:07d}" for i in range(count)], dtype="str", name="parcel_id")
    frame = pd.DataFrame({c: data[c] for c in PARCEL_FACTS.columns if c in data}, index=ids, copy=False)
    return Facts(frame, PROJECT_FACTS.empty(), ZONE_FACTS.empty(), as_of=AS_OF)
