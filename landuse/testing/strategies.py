"""Hypothesis strategies: tiny worlds (a row of parcels and a few projects, as tables), and policies.

Needs the optional package hypothesis (extra ``test``).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from landuse.errors import DependencyError
from landuse.tables import MONEY, PARCELS, PROJECTS
from landuse.testing.cityplan import CRS
from landuse.testing.evidence import Row, random_rows
from landuse.testing.rules import random_policy

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from landuse.policy import Policy

__all__ = [
    "amount_pairs",
    "evidence",
    "parcel_tables",
    "policies",
    "project_tables",
    "strategies_of_hypothesis",
    "worlds",
]

WEST, SOUTH, DEEP_M = 37_632_000.0, 3_833_000.0, 100.0
EARLIEST, LATEST = date(2015, 1, 1), date(2028, 12, 31)


def strategies_of_hypothesis() -> Any:
    """Return hypothesis.strategies, or say what is missing."""
    try:
        from hypothesis import strategies
    except ImportError:
        raise DependencyError(
            "strategies for tests need hypothesis", remedy='install it: pip install "landuse[test]"'
        ) from None
    return strategies


def amount_pairs() -> SearchStrategy[tuple[float, float]]:
    """Amounts as pairs [wan] in whole yuan: exact, a range, open above, or unknown (NaN, NaN)."""
    st = strategies_of_hypothesis()
    yuan = st.integers(0, 2_000_000_000).map(lambda n: n / 10_000)
    return st.one_of(  # type: ignore[no-any-return]
        yuan.map(lambda low: (low, low)),
        st.tuples(yuan, yuan).map(lambda ends: (min(ends), max(ends))),
        yuan.map(lambda low: (low, float("inf"))),
        st.just((float("nan"), float("nan"))),
    )


def parcel_tables(most: int = 6) -> SearchStrategy[gpd.GeoDataFrame]:
    """Tables ``parcels`` of 1 to ``most`` parcels side by side in CGCS2000 zone 37, 50 to 400 m wide."""
    st = strategies_of_hypothesis()
    days = st.none() | st.dates(EARLIEST, LATEST)
    row = st.fixed_dictionaries(
        {
            "width": st.integers(50, 400),
            "stated": st.sampled_from([None, 1.0, 1.005, 0.9, 15.0]),
            "ownership": st.sampled_from([None, "state", "state", "collective"]),
            "construction_land": st.sampled_from([None, True, True, False]),
            "start_state": st.sampled_from(["started", "not_started", "unknown"]),
            "start_due": days,
            "start_known": st.sampled_from(["%Y-%m-%d", "%Y-%m-%d", "%Y-%m", "%Y"]),
            "price": amount_pairs(),
        }
    )
    return st.lists(row, min_size=1, max_size=most).map(_parcels)  # type: ignore[no-any-return]


def _parcels(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    made, west = [], WEST
    for row in rows:
        shape = shapely.box(west, SOUTH, west + row["width"], SOUTH + DEEP_M)
        west += row["width"]
        known, exact = row["start_known"], row["start_known"].endswith("%d")
        made.append(
            {
                "ownership": row["ownership"],
                "construction_land": row["construction_land"],
                "start_state": row["start_state"],
                "start_due": pd.Timestamp(row["start_due"]) if row["start_due"] and exact else pd.NaT,
                "start_due_period": f"{row['start_due']:{known}}" if row["start_due"] and not exact else None,
                "stated_area_m2": float("nan") if row["stated"] is None else shape.area * row["stated"],
                "price_wan_low": row["price"][0],
                "price_wan_high": row["price"][1],
                "suspend_state": "not_suspended",
                "geometry": shape,
            }
        )
    frame = pd.DataFrame(made, index=pd.Index([f"A{n}" for n in range(1, len(rows) + 1)], dtype="str"))
    frame["construction_land"] = frame["construction_land"].astype("boolean")
    return PARCELS.conform(frame, crs=CRS)


def project_tables(parcel_ids: list[str], most: int = 6) -> SearchStrategy[pd.DataFrame]:
    """Tables ``projects`` of 0 to ``most`` projects, each naming up to three parcels, or one not there."""
    st = strategies_of_hypothesis()
    row = st.fixed_dictionaries(
        {
            "refs": st.lists(st.sampled_from([*parcel_ids, "NOT-THERE"]), max_size=3, unique=True),
            "is_new": st.sampled_from([None, True, True, False]),
            "requested": amount_pairs(),
            **{stem: amount_pairs() for stem in MONEY},
        }
    )
    return st.lists(row, max_size=most).map(_projects)  # type: ignore[no-any-return]


def _projects(rows: list[dict[str, Any]]) -> pd.DataFrame:
    made = []
    for row in rows:
        one: dict[str, Any] = {"parcel_refs": row["refs"], "is_new": row["is_new"]}
        for stem in MONEY:
            one[f"{stem}_low"], one[f"{stem}_high"] = row[stem]
        one["requested_m2_low"], one["requested_m2_high"] = row["requested"]
        made.append(one)
    frame = pd.DataFrame(made, index=pd.Index([f"P{n}" for n in range(1, len(rows) + 1)], dtype="str"))
    if "is_new" in frame:
        frame["is_new"] = frame["is_new"].astype("boolean")
    return PROJECTS.conform(frame)


def policies(subject: str | None = None, *, knowing: bool = True) -> SearchStrategy[Policy]:
    """Policies about one subject, of every form that the language has, as ``random_policy`` makes them."""
    st = strategies_of_hypothesis()
    randoms = st.randoms(use_true_random=False)
    return randoms.map(lambda random: random_policy(random, subject, knowing=knowing))  # type: ignore[no-any-return]


def evidence(
    subject: str | None = None, *, most: int = 8, knowing: bool = True
) -> SearchStrategy[tuple[Policy, list[Row]]]:
    """Policies, each with what is known of 1 to ``most`` subjects near its limits."""
    st = strategies_of_hypothesis()

    def with_rows(policy: Policy) -> Any:
        about, randoms = policy.clauses[0].subject, st.randoms(use_true_random=False)
        rows = st.tuples(randoms, st.integers(1, most)).map(lambda d: random_rows(d[0], policy, about, d[1]))
        return st.tuples(st.just(policy), rows)

    return policies(subject, knowing=knowing).flatmap(with_rows)


def worlds(most: int = 6) -> SearchStrategy[tuple[gpd.GeoDataFrame, pd.DataFrame]]:
    """Tiny worlds: parcels, and projects that name them."""
    st = strategies_of_hypothesis()

    def with_projects(parcels: gpd.GeoDataFrame) -> Any:
        return st.tuples(st.just(parcels), project_tables(list(parcels.index), most))

    return parcel_tables(most).flatmap(with_projects)
