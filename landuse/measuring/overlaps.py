"""How much of each parcel lies in each zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.measuring.pairs import Flags, Floats, Ints

TOUCH_M2 = 0.001
"""Overlaps up to this are shared boundaries, not land."""
STEPS = 1e9
"""Shares are rounded to a billionth, so that half a parcel is half whatever the last digits are."""

__all__ = ["Overlaps", "overlaps"]


@dataclass(frozen=True)
class Overlaps:
    """Pairs of parcel and zone that share land, by parcel and zone; the two largest shares of each parcel.

    ``best`` is -1 where a parcel shares land with no zone; ``has_shape`` is false where it has no outline.
    """

    parcel: Ints
    zone: Ints
    share: Floats
    best: Ints
    best_share: Floats
    second_share: Floats
    has_shape: Flags


def overlaps(parcels: npt.NDArray[Any], zones: npt.NDArray[Any], area_m2: Floats) -> Overlaps:
    """Return which share of each parcel lies in which zone.

    Parameters
    ----------
    parcels : ndarray of shapely polygons, shape (n,)
        Valid, or missing.
    zones : ndarray of shapely polygons, shape (k,)
        In the same coordinates.
    area_m2 : ndarray of float64, shape (n,)
        Areas of the parcels [m2].
    """
    plane = shapely.area(parcels)
    has_shape = np.nan_to_num(plane) > 0.0
    tree = shapely.STRtree(parcels)
    zone, parcel = tree.query(zones, predicate="intersects")
    inside = tree.query(zones, predicate="contains_properly")
    whole = np.isin(parcel * len(zones) + zone, inside[1] * len(zones) + inside[0])
    share = np.ones(len(parcel))
    part = np.flatnonzero(~whole)
    cut = shapely.area(shapely.intersection(parcels[parcel[part]], zones[zone[part]]))
    with np.errstate(divide="ignore", invalid="ignore"):
        share[part] = np.round(cut / plane[parcel[part]] * STEPS) / STEPS
    keep = has_shape[parcel] & (share * area_m2[parcel] > TOUCH_M2)
    parcel, zone, share = parcel[keep], zone[keep], share[keep]
    order = np.lexsort((zone, -share, parcel))
    first = order[np.r_[True, parcel[order][1:] != parcel[order][:-1]][: len(order)]]
    best = np.full(len(parcels), -1, dtype=np.int64)
    best_share, second_share = np.zeros(len(parcels)), np.zeros(len(parcels))
    best[parcel[first]], best_share[parcel[first]] = zone[first], share[first]
    others = np.setdiff1d(order, first)
    np.maximum.at(second_share, parcel[others], share[others])
    by_parcel = np.lexsort((zone, parcel))
    return Overlaps(
        parcel=parcel[by_parcel].astype(np.int64),
        zone=zone[by_parcel].astype(np.int64),
        share=share[by_parcel],
        best=best,
        best_share=best_share,
        second_share=second_share,
        has_shape=has_shape,
    )
