"""Verb inspect: duplicates, overlaps, gaps and slivers between parcels."""

from __future__ import annotations

from math import isfinite
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.errors import CrsError, PlanError
from landuse.inspecting.gaps import enclosed_land, mean_width
from landuse.inspecting.overlaps import Pieces, shared_land
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.tables import FAULT_KINDS, GEOMETRY_FAULTS

__all__ = ["inspect"]

TOLERANCE_M2, GAP_M2, SLIVER_M = 0.001, 100.0, 0.2
"""Twice the mean error of a boundary point of the third class (10 cm, TD/T 1001) is a sliver."""
SAME_SHARE = 1e-6
"""Two shapes are one where they differ by less than this share: what a change of plane may do."""


def inspect(
    parcels: gpd.GeoDataFrame,
    *,
    tolerance_m2: float = TOLERANCE_M2,
    gap_m2: float = GAP_M2,
    sliver_m: float = SLIVER_M,
) -> gpd.GeoDataFrame:
    """Find land that two parcels hold, and land between parcels that none holds.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels`` in a projected coordinate system [m]; shapes are valid, or missing.
    tolerance_m2 : float
        Land up to this [m2] is none.
    gap_m2 : float
        Enclosed land greater than this [m2] is not looked upon as a gap: a road, a pond, land of others.
    sliver_m : float
        Overlaps and gaps of a lesser mean width [m] are slivers.

    Returns
    -------
    GeoDataFrame
        Table ``geometry_faults``: duplicates, overlaps, gaps, slivers, each kind by area, greatest first;
        ``parcel_id`` before ``other_id`` in the order of text. The order of the parcels does not matter.

    Raises
    ------
    CrsError
        Where the parcels have no coordinate system, or one that is not in metres.
    PlanError
        Where a limit is negative or no number.

    Notes
    -----
    A gap is a hole of the union of all parcels that two or more of them bound. A hole of one parcel alone is
    how that parcel was drawn; a strip that is open at an end is not enclosed and not found. Where three
    parcels hold one place, there are three rows: ``doubled_land`` counts it twice, not thrice.

    Examples
    --------
    >>> shapes = shapely.box([37500000, 37500099], 3800000, [37500100, 37500200], 3800100)
    >>> parcels = gpd.GeoDataFrame(index=["B", "A"], geometry=shapes, crs="EPSG:4525")
    >>> inspect(parcels)[["kind", "parcel_id", "other_id", "area_m2", "width_m"]].round(1).values.tolist()
    [['overlap', 'A', 'B', 100.0, 1.0]]
    """
    limits = {"tolerance_m2": tolerance_m2, "gap_m2": gap_m2, "sliver_m": sliver_m}
    outlines = np.asarray(parcels.geometry, dtype=object)
    drawn = ~(shapely.is_missing(outlines) | shapely.is_empty(outlines))
    shapes, ids = outlines[drawn], np.asarray(parcels.index[drawn], dtype=object)
    order = np.argsort(ids, kind="stable")
    shapes, ids = shapes[order], ids[order]
    if not len(shapes):
        return GEOMETRY_FAULTS.empty(crs=parcels.crs)
    _refuse(parcels.crs, limits)
    twice = shared_land(shapes)
    none = enclosed_land(shapes, gap_m2=gap_m2, sliver_m=sliver_m)
    faults = pd.concat(
        [_rows(p, shapes, ids, nature, parcels.crs) for p, nature in ((twice, "overlap"), (none, "gap"))]
    )
    faults["kind"] = np.where(faults["width_m"] < sliver_m, "sliver", faults["nature"])
    faults["kind"] = faults["kind"].mask(_duplicates(twice, shapes, len(faults)), "duplicate")
    faults = faults[faults["area_m2"] > tolerance_m2]
    rank = faults["kind"].map(FAULT_KINDS.index)
    exact = faults["area_m2"].round(6)
    faults = faults.assign(_rank=rank, _area=-exact).sort_values(["_rank", "_area", "parcel_id", "other_id"])
    return GEOMETRY_FAULTS.conform(gpd.GeoDataFrame(faults, geometry="geometry", crs=parcels.crs))


def _refuse(crs: Any, limits: dict[str, float]) -> None:
    for key, value in limits.items():
        if not isfinite(value) or value < 0:
            raise PlanError(f"{value} is not a number of 0 or more", key=key)
    if crs is None:
        raise CrsError("the parcels have no coordinate system", remedy="set it when they are read")
    if not crs.is_projected or crs.axis_info[0].unit_conversion_factor != 1.0:
        raise CrsError(
            f"the parcels lie in {crs.name}, which is not in metres",
            remedy="bring them into a projected one",
        )


def _rows(
    pieces: Pieces, shapes: npt.NDArray[Any], ids: npt.NDArray[Any], nature: str, crs: Any
) -> pd.DataFrame:
    """Return the pieces as rows, their planar area brought to the ellipsoid by the scale of a parcel there.

    The official series would not do: it takes edges straight in (B, L), which lie a tenth of a millimetre off
    the plane's in 100 m, and a sliver along a boundary with points of its own is no wider.
    """
    land = shapely.normalize(pieces.land)
    own = shapes[pieces.one]
    scale = ellipsoid_areas(own, crs) / shapely.area(own)
    first, second = np.minimum(pieces.one, pieces.other), np.maximum(pieces.one, pieces.other)
    return pd.DataFrame(
        {
            "nature": nature,
            "parcel_id": ids[first],
            "other_id": ids[second],
            "area_m2": shapely.area(land) * scale,
            "width_m": mean_width(land),
            "geometry": land,
        }
    )


def _duplicates(twice: Pieces, shapes: npt.NDArray[Any], rows: int) -> npt.NDArray[np.bool_]:
    """Say which rows (overlaps stand first) are pairs of one shape."""
    one, other = shapely.area(shapes[twice.one]), shapely.area(shapes[twice.other])
    shared = shapely.area(twice.land)
    same = np.zeros(rows, dtype=bool)
    same[: len(shared)] = one + other - 2.0 * shared <= SAME_SHARE * np.maximum(one, other)
    return same
