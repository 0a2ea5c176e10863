"""A small run made by hand for the tests of the workbook: three projects, three parcels, one zone."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from landuse import tables as t
from landuse.policy import load_policy

CRS = "EPSG:4525"
LONG_ID = "1234567890123456789"
CODE = "410302001001GB00001"
POLICIES = ("cn-luoyang-zones-2011", "cn-idle-land-2012")


def small_result() -> t.Result:
    run = {name: table.empty(crs=CRS) for name, table in t.RUN_TABLES.items()}
    run |= _read() | _facts() | _verdicts() | _rest()
    money = {
        "read_fen": 17_000_500_000,
        "linked_fen": 12_000_500_000,
        "unlinked_fen": 5_000_000_000,
        "open": 0,
        "missing": 0,
    }
    wider = money | {"read_fen": 18_000_500_000, "unlinked_fen": 6_000_000_000, "open": 1}
    book = {
        "inputs": [
            {"role": "parcels", "path": "宗地.shp", "sha256": "ab" * 32, "crs": CRS, "rows_read": 4, "accepted": 3, "rejected": 1, "encoding": "gbk", "layer": None},
            {"role": "projects", "path": "台账.xlsx", "sha256": "cd" * 32, "crs": None, "rows_read": 3, "accepted": 3, "rejected": 0, "encoding": None, "layer": "Sheet1"},
        ],
        "policies": dict.fromkeys(POLICIES, "ef" * 32),
        "accounts": {
            "money": {"total_invest_wan": {"low": money, "high": wider}, "fixed_invest_wan": {"low": money, "high": money}},
            "land": {"read_mu": 90.0, "linked_mu": 60.0, "unlinked_mu": 30.0, "doubled_mu": 1.5},
            "allocation": {"usage": _usage()},
        },
        "notes": ["示例数据"],
    }  # fmt: skip
    texts = {name: load_policy(name).text for name in POLICIES}
    return t.Result(run, book, texts, "示例 & 测试", date(2026, 6, 30))


def _usage():
    """Of the ledger, as the run folder keeps it: a part of new construction land first, a block last."""
    figures = [
        ("Z1", "farmland", None, 20.0, 5.0, None),
        ("Z1", "new_construction", None, 40.0, 10.0, None),
        (None, "new_construction", None, 100.0, 10.0, None),
        ("Z9", "hook_turnover", None, 0.0, 0.0, None),
        ("Z9", "stock", "R1", 30.0, 30.0, None),
        (None, "stock", "R2", 12.5, 0.0, "可供时间不明，不能安排"),
    ]
    return [
        {
            "year": 2026,
            "zone_id": zone,
            "resource": resource,
            "block_id": block,
            "quota_mu": most,
            "used_mu": used,
            "left_mu": most - used,
            "note": note,
        }
        for zone, resource, block, most, used, note in figures
    ]


def _read():
    projects = pd.DataFrame(
        {
            "name": ["轴承项目", "=SUM(A1:A9)", "+86 光伏"],
            "holder": ["甲公司", "@乙公司", "-丙公司"],
            "parcel_refs": [[CODE], ["X-1", "X-2"], []],
            "source_file": "台账.xlsx",
            "source_row": [3, 4, 5],
        },
        index=[LONG_ID, "P2", "0003"],
    )
    parcels = gpd.GeoDataFrame(
        {
            "holder": ["甲公司", "丁公司", None],
            "contract_no": ["4103022019B00001", "0012", None],
            "source_file": "宗地.shp",
            "source_row": [1, 2, 3],
            "geometry": [box(0, 0, 100, 200), box(100, 0, 200, 200), box(300, 0, 400, 200)],
        },
        index=[CODE, "G2", "http://x.cn"],
        crs=CRS,
    )
    zones = gpd.GeoDataFrame(
        {"name": ["示例产业集聚区"], "zone_class": ["urban"], "geometry": [box(0, 0, 500, 500)]},
        index=["Z1"],
        crs=CRS,
    )
    return {
        "projects": t.PROJECTS.conform(projects),
        "parcels": t.PARCELS.conform(parcels),
        "zones": t.ZONES.conform(zones),
        "links": t.LINKS.conform(pd.DataFrame({"parcel_id": [CODE, "G2"], "project_id": LONG_ID, "share": 0.5, "method": "code", "score": 1.0})),
    }  # fmt: skip


def _facts():
    projects = pd.DataFrame(
        {
            "zone_id": ["Z1", "Z9", None],
            "zone_class": ["urban", None, "outside"],
            "is_new": pd.array([True, False, None], dtype="boolean"),
            "total_invest_wan_low": [12000.5, 3000.0, np.nan],
            "total_invest_wan_high": [12000.5, np.inf, np.nan],
            "fixed_invest_wan_low": [4999.999, np.nan, np.nan],
            "fixed_invest_wan_high": [4999.999, np.nan, np.nan],
            "fixed_wan_per_mu_low": [199.99999, np.nan, np.nan],
            "fixed_wan_per_mu_high": [199.99999, np.nan, np.nan],
            "requested_m2_low": [np.nan, 20000.0, np.nan],
            "requested_m2_high": [np.nan, 20000.0, np.nan],
            "invested_ratio_low": [0.25, np.nan, np.nan],
            "invested_ratio_high": [0.25, np.nan, np.nan],
            "land_basis": ["linked", "requested", None],
        },
        index=[LONG_ID, "P2", "0003"],
    )
    parcels = pd.DataFrame(
        {
            "zone_id": ["Z1", "Z1", None],
            "area_mu": [30.0, 30.0, 30.0],
            "area_basis": ["stated", "ellipsoid", "ellipsoid"],
            "stated_gap": [0.0004, np.nan, np.nan],
            "start_due": pd.to_datetime(["2024-02-29", None, None]),
        },
        index=[CODE, "G2", "http://x.cn"],
    )
    zones = pd.DataFrame(
        {"name": ["示例产业集聚区"], "zone_class": ["urban"], "area_mu": [375.0]}, index=["Z1"]
    )
    return {
        "project_facts": t.PROJECT_FACTS.conform(projects),
        "parcel_facts": t.PARCEL_FACTS.conform(parcels),
        "zone_facts": t.ZONE_FACTS.conform(zones),
    }


def _verdicts():
    clause = load_policy(POLICIES[0]).about("project")[0]
    project = pd.DataFrame(
        {
            "subject_id": ["0003", "P2", LONG_ID],
            "policy": POLICIES[0],
            "verdict": ["undecided", "no_separate_land", "separate_land"],
            "clause": [clause.id, clause.id, "none_held"],
            "reason": ["总投资不明", "=理由", "各条均不成立"],
            "missing_facts": [["total_invest_wan", "is_new"], [], []],
            "borderline": [False, True, False],
            "headline": True,
            "route": ["review", "standard_factory", "separate_land"],
        }
    )
    second = project.assign(policy="another", verdict="out_of_scope", headline=False)
    parcel = pd.DataFrame(
        {
            "subject_id": [CODE, "G2", "http://x.cn"],
            "policy": POLICIES[1],
            "verdict": ["idle_1y", "in_use", "undecided"],
            "clause": ["none_held"] * 3,
            "reason": ["满一年", "在用", "不详"],
            "headline": True,
            "government_cause": ["none", None, "规划调整"],
            "fee_wan_low": [100.0, np.nan, np.nan],
            "fee_wan_high": [100.0, np.nan, np.nan],
        }
    )
    return {
        "project_status": t.PROJECT_STATUS.conform(pd.concat([project, second], ignore_index=True)),
        "parcel_status": t.PARCEL_STATUS.conform(parcel),
    }


def _rest():
    blocks = gpd.GeoDataFrame(
        {"zone_id": ["Z1"], "area_m2": [20000.0], "area_mu": [30.0], "members": [1], "idle_2y": [0], "idle_1y": [1],
         "idle_suspended": [0], "underused": [0], "compactness": [0.7], "rank": [1], "geometry": [box(0, 0, 100, 200)]},
        index=["Z1-01"], crs=CRS,
    )  # fmt: skip
    grants = pd.DataFrame(
        {"year": 2026, "project_id": [LONG_ID, "P2"], "zone_id": ["Z1", "Z9"], "resource": ["standard_factory", "stock"],
         "block_id": [None, "R1"], "mu": [0.0, 30.0], "rank": [None, 1], "granted": [False, True], "reason": ["宜入标准化厂房", "可供"]}
    )  # fmt: skip
    unlinked = pd.DataFrame(
        {"project_id": ["P2", "0003"], "name": ["=SUM(A1:A9)", "+86 光伏"], "reason": ["refs_not_found", "no_refs"],
         "parcel_refs": [["X-1", "X-2"], []], "total_invest_wan_low": [3000.0, np.nan], "total_invest_wan_high": [np.inf, np.nan],
         "source_file": "台账.xlsx", "source_row": [4, 5]}
    )  # fmt: skip
    issues = pd.DataFrame(
        {"source_file": ["台账.xlsx"], "row": [3], "field": ["总投资"], "raw": ["=1+1"], "kind": ["approximate"], "action": ["mended"], "message": ["约数"]}
    )  # fmt: skip
    rejected = pd.DataFrame(
        {
            "source_file": ["宗地.shp"],
            "row": [4],
            "record_id": ["007"],
            "kind": ["negative"],
            "message": ["面积为负"],
            "raw": ["{" + "长" * 40000],
        }
    )
    return {
        "blocks": t.BLOCKS.conform(blocks),
        "block_members": t.BLOCK_MEMBERS.conform(pd.DataFrame({"block_id": ["Z1-01"], "parcel_id": [CODE]})),
        "grants": t.GRANTS.conform(grants),
        "unlinked": t.UNLINKED.conform(unlinked),
        "issues": t.ISSUES.conform(issues),
        "rejected": t.REJECTED.conform(rejected),
    }
