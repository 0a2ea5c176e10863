"""Tables of the annual plan from a few words a project, quota and block."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from landuse.allocating import allocate

MU = Fraction(2000, 3)


def m2(mu):
    """Square metres [float] of a figure in mu, as a file would give them; None is unknown."""
    return float("nan") if mu is None else float("inf") if mu == "不限" else float(Fraction(str(mu)) * MU)


def span(value):
    return value if isinstance(value, list) else [value, value]


def candidates_of(projects):
    """Table ``candidates``: id, zone, mu (a figure, a span or 不详), fixed [wan], farmland, cultivated …"""
    rows = []
    for p in projects:
        row = {
            "project_id": p["id"],
            "zone_id": p.get("zone"),
            "verdict": p.get("verdict", "separate_land"),
            "route": p.get("route", "separate_land"),
            "reason": p.get("why"),
            "asking": {True: True, False: False, "不详": None}[p.get("asking", True)],
        }
        for stem, key in (
            ("requested_m2", "mu"),
            ("farmland_m2", "farmland"),
            ("cultivated_m2", "cultivated"),
        ):
            row[f"{stem}_low"], row[f"{stem}_high"] = map(m2, span(p.get(key)))
        for fact in ("fixed", "total"):
            low, high = span(p.get(fact))
            row[f"{fact}_invest_wan_low"], row[f"{fact}_invest_wan_high"] = low, high
        row["jobs"] = p.get("jobs")
        rows.append(row)
    columns = ["project_id", "zone_id", "verdict", "route", "reason", "asking"]
    columns += [f"{s}_{e}" for s in ("requested_m2", "farmland_m2", "cultivated_m2") for e in ("low", "high")]
    columns += [f"{s}_invest_wan_{e}" for s in ("fixed", "total") for e in ("low", "high")] + ["jobs"]
    frame = pd.DataFrame(rows, columns=columns).set_index("project_id")
    frame.index = frame.index.astype("str")
    figures = [c for c in columns if c.endswith(("_low", "_high"))] + ["jobs"]
    words = ["zone_id", "verdict", "route", "reason"]
    return frame.astype(
        dict.fromkeys(figures, "float64") | dict.fromkeys(words, "str") | {"asking": "boolean"}
    )


def quota_of(rows, year=2026):
    """Table ``quota``: resource, mu or ha, zone (none: the whole city), within, year."""
    return pd.DataFrame(
        {
            "year": [r.get("year", year) for r in rows],
            "zone_id": pd.array([r.get("zone") for r in rows], dtype="str"),
            "resource": pd.array([r["resource"] for r in rows], dtype="str"),
            "quota_m2": pd.array(
                [r["ha"] * 10_000 if "ha" in r else m2(r["mu"]) for r in rows], dtype="float64"
            ),
            "within": pd.array([r.get("within") for r in rows], dtype="str"),
        }
    )


def blocks_of(rows):
    """Table ``reserve``: id, zone, mu, available_on (不详: unknown; by default long since)."""
    days = [r.get("available_on", "2020-01-01") for r in rows]
    return pd.DataFrame(
        {
            "zone_id": pd.array([r.get("zone") for r in rows], dtype="str"),
            "area_m2": pd.array([m2(r["mu"]) for r in rows], dtype="float64"),
            "available_on": pd.to_datetime([None if d == "不详" else d for d in days]).astype(
                "datetime64[us]"
            ),
        },
        index=pd.Index([r["id"] for r in rows], dtype="str", name="block_id"),
    )


def plan_of(case, **changes):
    """Allocate a case: projects, quota, blocks, objective (by default fixed_invest_wan), stock_first, year."""
    case = case | changes
    return allocate(
        candidates_of(case["projects"]),
        quota_of(case.get("quota", [])),
        blocks=blocks_of(case.get("blocks", [])),
        objective=case.get("objective", {"fixed_invest_wan": 1.0}),
        stock_first=case.get("stock_first", True),
        year=case.get("year", 2026),
    )


def ways_of(plan):
    """Who is granted what: {project: resource, or resource and block}."""
    granted = plan.grants[plan.grants["granted"]]
    return {
        r.project_id: r.resource if pd.isna(r.block_id) else f"{r.resource} {r.block_id}"
        for r in granted.itertuples()
    }
