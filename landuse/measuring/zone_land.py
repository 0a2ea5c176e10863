"""Zones: what the parcels alone say of their land, each parcel's land once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.kernels.shares import share_bounds
from landuse.measuring.pairs import Flags, Floats, Ints, Pair, columns_of, exactly, pair_of, ratio, sums
from landuse.units import m2_to_mu

RATIOS = (
    ("far", "floor_area_m2", "far_land_m2", "coverage_far_mu"),
    ("building_ratio", "footprint_m2", "building_land_m2", "coverage_building_mu"),
)
"""Ratio, its figure, the land behind it [m2] and the same [mu]."""
STARTS = {
    "started": "started_land_mu",
    "not_started": "not_started_land_mu",
    "unknown": "start_unknown_land_mu",
}

__all__ = ["land_facts"]


def land_facts(parcels: pd.DataFrame, zone: Ints, count: int) -> dict[str, Any]:
    """Return the facts of zones that rest on parcels only.

    Parameters
    ----------
    parcels : DataFrame
        Table ``parcel_facts``.
    zone : ndarray of int64, shape (n,)
        Position of each parcel's zone, -1 for none.
    count : int
        Number of zones.

    Returns
    -------
    dict
        Columns of ``zone_facts``: land by state of start [mu]; floor area and land under buildings over the
        land of the parcels where both ends of them are known; the share that is built up.

    Notes
    -----
    ``built_out_share`` is the ratio of sums of built-up land over state-owned construction land. Parcels of
    such land are taken as supplied; those whose ownership is not known may count or not, both ways are tried.

    References
    ----------
    TD/T 1029-2010, as read in slides of an institute of land surveying: rate of land built = built-up
    construction land / state-owned construction land supplied. Control indicators of 2004 and 2008:
    floor-area ratio = floor area / whole land.
    """
    land = parcels["area_used_m2"].to_numpy(dtype=np.float64)
    inside = (zone >= 0) & (land > 0.0)
    columns: dict[str, Any] = {}
    start = parcels["start_state"].to_numpy(dtype=object)
    for state, column in STARTS.items():
        columns[column] = m2_to_mu(_sum(zone, land, inside & (start == state), count))
    for name, stem, ground, coverage in RATIOS:
        figure = pair_of(parcels, stem)
        known = inside & figure.finite
        whole = exactly(_sum(zone, land, known, count))
        summed = Pair(*(_sum(zone, end, known, count) for end in figure))
        there = whole.high > 0.0
        columns |= columns_of(stem, summed.only(there)) | columns_of(ground, whole.only(there))
        columns |= columns_of(name, ratio(summed, whole))
        columns[coverage] = m2_to_mu(whole.low)
    return columns | _built_out(parcels, zone, count)


def _built_out(parcels: pd.DataFrame, zone: Ints, count: int) -> dict[str, Any]:
    land = parcels["area_used_m2"].to_numpy(dtype=np.float64)
    state = parcels["state_construction"]
    inside = (zone >= 0) & (land > 0.0)
    sure = inside & state.eq(True).fillna(False).to_numpy(dtype=bool)
    perhaps = sure | (inside & state.isna().to_numpy(dtype=bool))
    built = pair_of(parcels, "built_m2")
    whole = Pair(_sum(zone, land, sure, count), _sum(zone, land, perhaps, count))
    part = Pair(_sum(zone, built.low, sure, count), _sum(zone, built.high, perhaps, count))
    share = Pair(*share_bounds(np.where(perhaps, zone, -1), land, built, sure, count))
    known = sure & (built.low == built.high)
    return {
        "coverage_built_mu": m2_to_mu(_sum(zone, land, known, count)),
        **columns_of("state_land_mu", Pair(m2_to_mu(whole.low), m2_to_mu(whole.high))),
        **columns_of("built_mu", Pair(m2_to_mu(part.low), m2_to_mu(part.high))),
        **columns_of("built_out_share", share),
    }


def _sum(zone: Ints, values: Floats, rows: Flags, count: int) -> Floats:
    return sums(zone[rows], values[rows], count)
