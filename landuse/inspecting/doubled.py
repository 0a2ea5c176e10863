"""Land that is counted more than once: how much of it, in which parcels, projects and zones."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landuse.tables import Facts
from landuse.units import m2_to_mu

__all__ = ["doubled_land", "flag_doubled"]


def doubled_land(faults: gpd.GeoDataFrame, members: pd.DataFrame) -> pd.Series:
    """Return the land that the parcels of a group count more than once.

    Parameters
    ----------
    faults : GeoDataFrame
        Table ``geometry_faults``.
    members : DataFrame
        ``group`` and ``parcel_id``, each pair once.

    Returns
    -------
    Series of float64, by group
        Sum of the areas of its parcels minus the area of their union [m2]; groups without such land are
        absent.

    Notes
    -----
    Where k parcels of a group hold a place, it counts k - 1 times: the piece of a pair counts but for what
    the first of the two shares with one before it, whose pairs have counted it.

    Examples
    --------
    >>> from landuse.inspecting.verb import inspect
    >>> shapes = [shapely.box(37500000, 3800000, 37500000 + e, 3800010) for e in (10, 9, 8)]
    >>> parcels = gpd.GeoDataFrame(index=["A", "B", "C"], geometry=shapes, crs="EPSG:4525")
    >>> members = pd.DataFrame({"group": "Z1", "parcel_id": ["A", "B", "C"]})
    >>> doubled_land(inspect(parcels), members).round(1).to_dict()
    {'Z1': 170.0}
    """
    pairs = _within_groups(faults, members)
    before: dict[tuple[str, str], list[object]] = {}
    for group, other, land in zip(pairs["group"], pairs["other_id"], pairs["geometry"], strict=True):
        before.setdefault((group, other), []).append(land)
    counted = pairs["area_m2"].to_numpy(copy=True)
    again = [key in before for key in zip(pairs["group"], pairs["parcel_id"], strict=True)]
    for at in np.flatnonzero(again).tolist():
        row = pairs.iloc[at]
        rest = shapely.difference(row["geometry"], shapely.union_all(before[row["group"], row["parcel_id"]]))
        counted[at] *= shapely.area(rest) / shapely.area(row["geometry"])
    return pd.Series(counted, dtype="float64").groupby(pairs["group"].to_numpy()).sum()


def _within_groups(faults: gpd.GeoDataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the overlaps of parcels of one group, once for each group."""
    land = pd.DataFrame(faults[faults["nature"] == "overlap"])
    land = land[["parcel_id", "other_id", "area_m2", "geometry"]]
    by = members.astype({"parcel_id": "str"})
    found = land.merge(by, on="parcel_id").merge(
        by.rename(columns={"parcel_id": "other_id"}), on=["other_id", "group"]
    )
    return found.sort_values(["group", "parcel_id", "other_id"], ignore_index=True)


def flag_doubled(facts: Facts, faults: gpd.GeoDataFrame, links: pd.DataFrame) -> tuple[Facts, float]:
    """Set down in the facts how much of their land is counted more than once.

    Parameters
    ----------
    facts : Facts
        Of ``measure``.
    faults : GeoDataFrame
        Table ``geometry_faults`` of the same parcels.
    links : DataFrame
        Table ``links``.

    Returns
    -------
    facts : Facts
        ``overlap_m2`` of parcels, ``doubled_mu`` of projects (of the joint site, where they stand on one) and
        zones are filled; nothing else changes.
    doubled_m2 : float
        Land counted more than once among all parcels [m2].
    """
    parcels, projects, zones = facts.parcels, facts.projects, facts.zones
    everything = pd.DataFrame({"group": "", "parcel_id": parcels.index})
    in_zone = pd.DataFrame({"group": parcels["zone_id"].array, "parcel_id": parcels.index}).dropna()
    site = projects["joint_site_id"].fillna(pd.Series(projects.index, index=projects.index, dtype="str"))
    on = pd.DataFrame({"group": links["project_id"].map(site), "parcel_id": links["parcel_id"]})
    of_site, of_zone = doubled_land(faults, on.drop_duplicates()), doubled_land(faults, in_zone)
    flagged = replace(
        facts,
        parcels=parcels.assign(overlap_m2=_overlapped(faults, parcels.index)),
        projects=projects.assign(doubled_mu=_mu(site.map(of_site))),
        zones=zones.assign(doubled_mu=_mu(of_zone.reindex(zones.index))),
    )
    return flagged, float(doubled_land(faults, everything).sum())


def _mu(areas_m2: pd.Series) -> pd.Series:
    filled = areas_m2.astype("float64").fillna(0.0)
    return pd.Series(m2_to_mu(filled.to_numpy()), index=filled.index)


def _overlapped(faults: gpd.GeoDataFrame, ids: pd.Index) -> pd.Series:
    """Return the land of each parcel that others hold too [m2], each place once."""
    land = pd.DataFrame(faults[faults["nature"] == "overlap"])
    columns = ["area_m2", "geometry"]
    sides = [land[[side, *columns]].rename(columns={side: "parcel_id"}) for side in ("parcel_id", "other_id")]
    both = pd.concat(sides)
    total = both.groupby("parcel_id")["area_m2"].sum()
    for parcel, pieces in both[both["parcel_id"].duplicated(keep=False)].groupby("parcel_id"):
        shapes = np.asarray(pieces["geometry"], dtype=object)
        total[parcel] *= shapely.area(shapely.union_all(shapes)) / shapely.area(shapes).sum()
    return total.reindex(ids).fillna(0.0).astype("float64")
