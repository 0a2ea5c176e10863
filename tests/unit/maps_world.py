"""A small city made by hand for the tests of maps: thirty parcels, five projects, two zones.

Zone 一 (urban) holds the parcels A01–A20 in four rows of five, zone 二 (county) B01–B10 in two rows; every
parcel is a square of 200 m with lanes of 20 m between, but A03 is an L, A07 has a hole, and B02 lies in two parts.
"""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import MultiPolygon, Polygon, box

from landuse import tables as t

CRS = "EPSG:4525"
EAST, NORTH = 37_632_000.0, 3_833_000.0
SIDE, STEP = 200.0, 220.0
MU = 2000.0 / 3.0
NASTY = "河南\"华夏\"机械</script><script>alert('x')</script>&amp;<b>有限公司"

VERDICTS = (
    ["in_use"] * 10
    + ["not_due"] * 3
    + ["overdue"] * 2
    + ["idle_1y"] * 4
    + ["idle_2y"] * 3
    + ["idle_suspended"] * 2
    + ["underused"] * 3
    + ["undecided"] * 2
    + ["out_of_scope"]
)
"""Verdicts of A01, A02 … B10 in that order."""
# parcel -> intensity low, high [wan/mu]; parcels without an entry carry no project
INTENSITY = {
    "A01": (90.0, 90.0),
    "A02": (120.0, 120.0),
    "A03": (150.0, 150.0),
    "A04": (199.99999999999997, 199.99999999999997),  # 200 but for the last bit of a float
    "A05": (250.0, 250.0),
    "A06": (300.0, np.inf),
    "A07": (120.0, 180.0),
    "A08": (np.nan, np.nan),
    "B01": (151.0, 199.0),
    "B02": (90.0, 90.0),
}
LINKS = [
    ("A01", "P1"),
    ("A02", "P1"),
    ("A03", "P2"),
    ("A04", "P2"),
    ("A05", "P3"),
    ("A06", "P3"),
    ("A06", "P4"),
    ("A07", "P4"),
    ("A08", "P4"),
    ("B01", "P5"),
    ("B02", "P5"),
    ("B02", "P1"),
]
PROJECT_VERDICTS = {
    "P1": "no_separate_land",
    "P2": "separate_land",
    "P3": "separate_land",
    "P4": "undecided",
    "P5": "no_separate_land",
}
PROJECT_CLASSES = {
    "A01": "no_separate_land",
    "A02": "no_separate_land",
    "A03": "separate_land",
    "A04": "separate_land",
    "A05": "separate_land",
    "A06": "mixed",
    "A07": "undecided",
    "A08": "undecided",
    "B01": "no_separate_land",
    "B02": "no_separate_land",
}
"""What a reader would write beside each parcel; all others carry no project."""
IDLE_REASON = "(第十四条)满两年未动工：约定动工 2023-03-01，至 2026-06-30 已满 3 年，界限 2 年"


def parcel_ids() -> list[str]:
    """Return A01 … A20, B01 … B10."""
    return [f"A{n:02d}" for n in range(1, 21)] + [f"B{n:02d}" for n in range(1, 11)]


def outlines() -> dict[str, Polygon | MultiPolygon]:
    """Return the outline of every parcel."""
    shapes: dict[str, Polygon | MultiPolygon] = {}
    for place, name in enumerate(parcel_ids()):
        in_zone = place if place < 20 else place - 20
        east = EAST + (0.0 if place < 20 else 2600.0) + STEP * (in_zone % 5)
        north = NORTH + STEP * (in_zone // 5)
        shapes[name] = box(east, north, east + SIDE, north + SIDE)
    e, n = shapes["A03"].bounds[:2]
    shapes["A03"] = Polygon(
        [(e, n), (e + 200, n), (e + 200, n + 60), (e + 60, n + 60), (e + 60, n + 200), (e, n + 200)]
    )
    e, n = shapes["A07"].bounds[:2]
    hole = [(e + 50, n + 50), (e + 150, n + 50), (e + 150, n + 150), (e + 50, n + 150)]
    shapes["A07"] = Polygon(shapes["A07"].exterior.coords, [hole])
    e, n = shapes["B02"].bounds[:2]
    shapes["B02"] = MultiPolygon([box(e, n, e + 80, n + 200), box(e + 120, n, e + 200, n + 200)])
    return shapes


def small_result(*, title: str = "示例市 2026 年产业集聚区用地计划") -> t.Result:
    """Return a finished run of the small city."""
    tables = {name: table.empty(crs=CRS) for name, table in t.RUN_TABLES.items()}
    tables |= _land() | _zones() | _ledger() | _verdicts() | _blocks() | _plan()
    inputs = [
        {"role": "parcels", "path": "data/宗地.gpkg"},
        {"role": "projects", "path": "data/项目台账.xlsx"},
    ]
    return t.Result(
        tables=tables,
        ledger={"title": title, "as_of": "2026-06-30", "inputs": inputs},
        policies={"cn-luoyang-zones-2011": "0" * 64, "cn-idle-land-2012": "1" * 64},
        title=title,
        as_of=date(2026, 6, 30),
    )


def _land() -> dict[str, pd.DataFrame]:
    shapes, ids = outlines(), parcel_ids()
    area = np.array([shapes[i].area for i in ids])
    zone = np.array(["Z1"] * 20 + ["Z2"] * 10)
    parcels = gpd.GeoDataFrame(
        {
            "zone_id": zone,
            "holder": [NASTY if i == "A01" else f"{i} 公司" for i in ids],
            "source_file": "宗地.gpkg",
            "source_row": range(1, 31),
            "geometry": [shapes[i] for i in ids],
        },
        index=ids,
        crs=CRS,
    )
    linked = {parcel for parcel, _ in LINKS}
    pairs = [INTENSITY.get(i, (np.nan, np.nan)) for i in ids]
    facts = pd.DataFrame(
        {
            "zone_id": zone,
            "zone_class": np.where(zone == "Z1", "urban", "county"),
            "area_used_m2": area,
            "area_mu": area / MU,
            "area_basis": "ellipsoid",
            "projects": [int(i in linked) for i in ids],
            "joint_site_id": [("J-P1" if i == "B02" else None) for i in ids],
            "fixed_wan_per_mu_low": [p[0] for p in pairs],
            "fixed_wan_per_mu_high": [p[1] for p in pairs],
        },
        index=ids,
    )
    return {"parcels": t.PARCELS.conform(parcels), "parcel_facts": t.PARCEL_FACTS.conform(facts)}


def _zones() -> dict[str, pd.DataFrame]:
    zones = gpd.GeoDataFrame(
        {
            "name": ["示例一产业集聚区", "示例二产业集聚区"],
            "zone_class": ["urban", "county"],
            "geometry": [
                box(EAST - 60, NORTH - 60, EAST + 1140, NORTH + 920),
                box(EAST + 2540, NORTH - 60, EAST + 3740, NORTH + 480),
            ],
        },
        index=["Z1", "Z2"],
        crs=CRS,
    )
    zone_area = zones.area.to_numpy()
    zone_facts = pd.DataFrame(
        {
            "name": zones["name"],
            "area_m2": zone_area,
            "area_mu": zone_area / MU,
            "parcels": [20, 10],
            "projects": [4, 1],
            "fixed_wan_per_mu_low": [160.0, np.nan],
            "fixed_wan_per_mu_high": [180.0, np.nan],
        },
        index=["Z1", "Z2"],
    )
    return {"zones": t.ZONES.conform(zones), "zone_facts": t.ZONE_FACTS.conform(zone_facts)}


def _ledger() -> dict[str, pd.DataFrame]:
    ids = list(PROJECT_VERDICTS)
    projects = pd.DataFrame(
        {
            "name": ["轴承项目", "光伏玻璃项目", NASTY, "农机装配项目", "食品加工项目"],
            "holder": [f"{i} 公司" for i in ids],
            "source_file": "项目台账.xlsx",
            "source_row": range(3, 8),
        },
        index=ids,
    )
    facts = pd.DataFrame(
        {
            "zone_id": ["Z1", "Z1", "Z1", "Z1", "Z2"],
            "zone_class": ["urban"] * 4 + ["county"],
            "fixed_wan_per_mu_low": [105.0, 175.0, 275.0, 120.0, 151.0],
            "fixed_wan_per_mu_high": [105.0, 175.0, np.inf, 180.0, 199.0],
        },
        index=ids,
    )
    links = pd.DataFrame(LINKS, columns=["parcel_id", "project_id"])
    links["share"], links["method"], links["score"] = 0.5, "code", 1.0
    return {
        "projects": t.PROJECTS.conform(projects),
        "project_facts": t.PROJECT_FACTS.conform(facts),
        "links": t.LINKS.conform(links),
    }


def _verdicts() -> dict[str, pd.DataFrame]:
    ids = parcel_ids()
    parcel = pd.DataFrame(
        {
            "subject_id": ids,
            "policy": "cn-idle-land-2012",
            "verdict": VERDICTS,
            "clause": ["none_held" if v == "in_use" else "14.two_years" for v in VERDICTS],
            "reason": [
                IDLE_REASON if v == "idle_2y" else f"{i}：{v}，值 1 < 界限 2 <b>&amp;"
                for i, v in zip(ids, VERDICTS, strict=True)
            ],
            "headline": True,
            "government_cause": ["第八条（二）" if i == "A16" else None for i in ids],
            "fee_low": [np.nan] * 30,
        }
    )
    parcel["fee_wan_low"] = parcel["fee_wan_high"] = np.where(parcel["verdict"] == "idle_1y", 123.4, np.nan)
    project = pd.DataFrame(
        {
            "subject_id": list(PROJECT_VERDICTS),
            "policy": "cn-luoyang-zones-2011",
            "verdict": list(PROJECT_VERDICTS.values()),
            "clause": "2.total",
            "reason": [f"(五)2：{i} 总投资 4800 万元 ≤ 5000 万元" for i in PROJECT_VERDICTS],
            "headline": True,
            "route": ["standard_factory", "separate_land", "separate_land", "review", "standard_factory"],
        }
    )
    return {
        "parcel_status": t.PARCEL_STATUS.conform(parcel.drop(columns="fee_low")),
        "project_status": t.PROJECT_STATUS.conform(project),
    }


def _blocks() -> dict[str, pd.DataFrame]:
    shapes = outlines()
    block_shapes = [
        shapes["A16"].union(shapes["A17"]).convex_hull,
        shapes["A20"].union(shapes["A19"]).convex_hull,
    ]
    area = np.array([s.area for s in block_shapes])
    blocks = gpd.GeoDataFrame(
        {
            "zone_id": ["Z1", "Z1"],
            "area_m2": area,
            "area_mu": area / MU,
            "members": [2, 2],
            "idle_1y": [2, 1],
            "idle_2y": [0, 1],
            "idle_suspended": [0, 0],
            "underused": [0, 0],
            "compactness": [0.7, 0.7],
            "rank": [1, 2],
            "geometry": block_shapes,
        },
        index=["Z1-01", "Z1-02"],
        crs=CRS,
    )
    members = pd.DataFrame(
        {"block_id": ["Z1-01"] * 2 + ["Z1-02"] * 2, "parcel_id": ["A16", "A17", "A19", "A20"]}
    )
    return {"blocks": t.BLOCKS.conform(blocks), "block_members": t.BLOCK_MEMBERS.conform(members)}


def _plan() -> dict[str, pd.DataFrame]:
    reserve = gpd.GeoDataFrame(
        {
            "zone_id": ["Z2", "Z1"],
            "area_m2": [200_000 / 3, 40_000.0],
            "available_on": pd.to_datetime(["2026-01-01", None]),
            "source_file": "储备.gpkg",
            "source_row": [1, 2],
            "geometry": [
                box(EAST + 3600, NORTH + 520, EAST + 3600 + 1000 / 3, NORTH + 720),
                box(EAST + 1180, NORTH, EAST + 1380, NORTH + 200),
            ],
        },
        index=["R1", "R2"],
        crs=CRS,
    )
    grants = pd.DataFrame(
        {
            "year": 2026,
            "project_id": ["P2", "P3", "P1"],
            "zone_id": ["Z2", "Z1", "Z1"],
            "resource": ["stock", "new_construction", "standard_factory"],
            "block_id": ["R1", None, None],
            "mu": [60.0, 30.5, 0.0],
            "rank": [1, 2, None],
            "granted": [True, True, False],
            "reason": [
                "储备地块可供，投资强度居首",
                "新增指标余 30.5 亩",
                "(五)2 总投资 4800 万元 ≤ 5000 万元，宜入标准化厂房",
            ],
        }
    )
    return {"reserve": t.RESERVE.conform(reserve), "grants": t.GRANTS.conform(grants)}
