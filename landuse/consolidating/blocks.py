"""Verb consolidate: recoverable parcels that adjoin, as blocks of potential land."""

from __future__ import annotations

from math import isfinite
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.consolidating.neighbours import join_neighbours
from landuse.errors import CrsError, PlanError, TableError
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.tables import BLOCK_MEMBERS, BLOCKS, OUTSIDE, RECOVERABLE, Blocks, Status
from landuse.units import m2_to_mu

__all__ = ["consolidate"]


def consolidate(
    parcels: gpd.GeoDataFrame, status: Status, *, gap_m: float = 0.0, min_mu: float = 0.0
) -> Blocks:
    """Consolidate recoverable parcels that lie near each other in one zone into blocks.

    A block is potential for consolidation, never land that can be supplied.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels`` in a projected coordinate system [m], ``zone_id`` settled.
    status : Status
        Verdicts; those of the headline policy count.
    gap_m : float
        Greatest distance between neighbours [m], such as the width of a lane; 0: they touch, be it in one
        point. Distances are taken to the millimetre.
    min_mu : float
        Blocks with less land [mu] are not listed, only counted.

    Returns
    -------
    Blocks
        ``table`` with the blocks, greatest area first, ``members`` with their parcels, and in ``small`` the
        number of blocks that are not listed (``blocks``) and their land (``mu``).

    Raises
    ------
    CrsError
        Where the parcels have no coordinate system, or one that is not in metres.
    PlanError
        Where gap or least area are negative or no numbers.
    TableError
        Where a recoverable parcel is not in the table or has no outline.

    Notes
    -----
    Land outside every zone, or of an unknown one, forms blocks of its own. Compactness is 4 pi area over
    squared perimeter in the plane of the coordinate system; the area of a block is that of the union of its
    members on the ellipsoid.

    Examples
    --------
    >>> from landuse.tables import PARCEL_STATUS, PROJECT_STATUS, ZONE_STATUS
    >>> parcels = gpd.GeoDataFrame(
    ...     {"zone_id": ["Z1", "Z1"]},
    ...     index=["A", "B"],
    ...     geometry=shapely.box([37500000, 37500100], 3800000, [37500100, 37500200], 3800100),
    ...     crs="EPSG:4525",
    ... )
    >>> rows = pd.DataFrame({"subject_id": ["A", "B"], "verdict": ["idle_1y", "idle_2y"], "headline": True})
    >>> status = Status(PARCEL_STATUS.conform(rows), PROJECT_STATUS.empty(), ZONE_STATUS.empty())
    >>> consolidate(parcels, status).table[["members", "compactness"]].round(3).to_dict("index")
    {'B-Z1-001': {'members': 2, 'compactness': 0.698}}
    """
    _refuse(parcels.crs, gap_m, min_mu)
    chosen, shapes = _recoverable(parcels, status)
    zones, _ = pd.factorize(chosen["zone"])
    clusters = join_neighbours(shapes, np.asarray(zones, dtype=np.int64), gap_m=gap_m)
    found = _measured(_outlines(shapes, clusters), parcels.crs)
    _, found["first"] = np.unique(clusters, return_index=True)
    found["zone"] = chosen["zone"].to_numpy()[found["first"]]
    for verdict in RECOVERABLE:
        found[verdict] = np.bincount(clusters[chosen["verdict"] == verdict], minlength=len(found))
    found["members"] = found[list(RECOVERABLE)].sum(axis=1)
    small = found["area_mu"] < min_mu
    table = _ranked(found[~small])
    block_of = table["block_id"].reindex(clusters)
    members = pd.DataFrame({"block_id": block_of.to_numpy(), "parcel_id": chosen.index.to_numpy()})
    place = table.set_index("block_id")["rank"]
    members = members.dropna().sort_values("block_id", key=lambda ids: ids.map(place), kind="stable")
    return Blocks(
        table=BLOCKS.conform(gpd.GeoDataFrame(table.set_index("block_id"), crs=parcels.crs)),
        members=BLOCK_MEMBERS.conform(members),
        small={"blocks": float(small.sum()), "mu": float(found.loc[small, "area_mu"].sum())},
    )


def _refuse(crs: Any, gap_m: float, min_mu: float) -> None:
    if crs is None:
        raise CrsError("the parcels have no coordinate system", remedy="set it when they are read")
    if not crs.is_projected or crs.axis_info[0].unit_conversion_factor != 1.0:
        raise CrsError(
            f"the parcels lie in {crs.name}, which is not in metres",
            remedy="bring them into a projected one",
        )
    for key, value in (("gap_m", gap_m), ("min_mu", min_mu)):
        if not isfinite(value) or value < 0:
            raise PlanError(f"{value} is not a number of 0 or more", key=f"consolidate.{key}")


def _recoverable(parcels: gpd.GeoDataFrame, status: Status) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    """Return the recoverable parcels by id, with verdict and zone, and their outlines."""
    told = status.parcels
    told = told[told["headline"] & told["verdict"].isin(RECOVERABLE)]
    verdicts = told.set_index("subject_id")["verdict"].sort_index()
    outlines = parcels.geometry.reindex(verdicts.index)
    shapes = np.asarray(outlines, dtype=object)
    bare = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if bare.any():
        raise TableError(
            f"{int(bare.sum())} recoverable parcels have no outline", row=str(verdicts.index[bare][0])
        )
    zones = parcels["zone_id"].reindex(verdicts.index).fillna(OUTSIDE)
    return pd.DataFrame({"verdict": verdicts, "zone": zones}), shapes


def _outlines(shapes: npt.NDArray[np.object_], clusters: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Return the union of each cluster; a parcel that stands alone is left as it is."""
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order], prepend=-1))
    groups = np.split(shapes[order], starts[1:]) if len(starts) else []
    outlines = np.empty(len(groups), dtype=object)
    for place, group in enumerate(groups):
        outlines[place] = group[0] if len(group) == 1 else shapely.union_all(group)
    return outlines


def _measured(outlines: npt.NDArray[np.object_], crs: Any) -> pd.DataFrame:
    area_m2 = ellipsoid_areas(outlines, crs)
    perimeter = shapely.length(outlines)
    return pd.DataFrame(
        {
            "geometry": outlines,
            "area_m2": area_m2,
            "area_mu": m2_to_mu(area_m2),
            "compactness": 4 * np.pi * shapely.area(outlines) / perimeter**2,
        }
    )


def _ranked(found: pd.DataFrame) -> pd.DataFrame:
    """Return the blocks by area, the greatest first, numbered by zone; equals go by first member."""
    table = found.sort_values(["area_m2", "first"], ascending=[False, True])
    number = table.groupby("zone").cumcount() + 1
    ids = [f"B-{zone}-{place:03d}" for zone, place in zip(table["zone"], number, strict=True)]
    return table.assign(
        block_id=pd.array(ids, dtype="str"),
        rank=np.arange(1, len(table) + 1),
        zone_id=table["zone"].where(table["zone"] != OUTSIDE),
    )
