"""Settling links: a project's shares, whose the land of a parcel is, and where nothing tells it apart."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from landuse.errors import LinkError
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.linking.by_code import Flags, Ints
from landuse.tables import place_of
from landuse.tables.facts import STATED_TOLERANCE

Floats = npt.NDArray[np.float64]

SNAP = 0.01
"""A footprint that holds all of a parcel but this share holds the parcel: both were drawn by hand."""
OVERLAID = 0.001
"""Footprints that share no more than this part of the smaller one stand side by side."""
GRID = 2.0**52
"""Shares are whole multiples of 1/GRID: any sum of them up to 2 is exact, in whatever order it is taken."""

__all__ = ["areas_of_links", "joint_sites", "land_parts", "share_basis", "side_by_side", "split"]


def areas_of_links(
    parcels: gpd.GeoDataFrame, areas: pd.Series | None, project: Ints, parcel: Ints
) -> tuple[Floats, Flags]:
    """Return the area [m2] of the parcel of each link and whether it is the stated one.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``.
    areas : Series of float64, optional
        The areas to use [m2], by parcel_id. Without them: stated, where all parcels of a project state one
        that lies within 1 % of the ellipsoid area; else the ellipsoid area.
    project, parcel : ndarray of int64, one a link
        Positions.

    Raises
    ------
    LinkError
        Where ``areas`` lacks a parcel.
    """
    stated = parcels["stated_area_m2"].to_numpy(dtype=np.float64)
    if areas is not None:
        at = areas.index.get_indexer(parcels.index)
        if (at < 0).any():
            missing = parcels.index[int(np.flatnonzero(at < 0)[0])]
            raise LinkError(
                f"no area is given for parcel {missing!r}", key="areas", remedy="measure the same parcels"
            )
        used = areas.to_numpy(dtype=np.float64)[at][parcel]
        return used, used == stated[parcel]
    here, of_link = np.unique(parcel, return_inverse=True)
    measured = ellipsoid_areas(parcels.geometry.to_numpy()[here], parcels.crs)
    with np.errstate(divide="ignore", invalid="ignore"):
        usable = np.abs(stated[here] / measured - 1.0) <= STATED_TOLERANCE
    lacking = np.bincount(project, weights=~usable[of_link], minlength=int(project.max(initial=-1)) + 1)
    by_stated = lacking[project] == 0
    return np.where(by_stated, stated[parcel], measured[of_link]), by_stated


def split(project: Ints, weight: Floats, given: Floats, projects: pd.DataFrame) -> Floats:
    """Split each project's money over its parcels.

    Parameters
    ----------
    project : ndarray of int64, one a link, ascending
        Position of the project.
    weight : ndarray of float64, one a link
        What the money is split by: overlap or area [m2], the same for all links of a project.
    given : ndarray of float64, one a link
        Share the analyst gives; missing: what the others leave, by weight.
    projects : DataFrame
        Table ``projects``, for messages.

    Returns
    -------
    ndarray of float64
        Shares; those of a project sum to exactly 1, in any order. What rounding leaves goes to its largest.

    Raises
    ------
    LinkError
        Where a project's parcels have no area to split by.
    """
    if not len(project):
        return np.zeros(0)
    count = len(projects)
    by_area = np.isnan(given)
    left = 1.0 - np.bincount(project[~by_area], weights=given[~by_area], minlength=count)
    split_over = np.bincount(project[by_area], minlength=count)
    alone = by_area & (split_over[project] == 1)
    weight = np.where(alone, 1.0, weight)
    total = np.bincount(project[by_area], weights=weight[by_area], minlength=count)
    unusable = by_area & ~(np.isfinite(total) & (total > 0.0))[project]
    for at in np.flatnonzero(unusable)[:1]:
        raise LinkError(
            f"the parcels of project {projects.index[project[at]]!r} have no area to split its money by",
            **place_of(projects, int(project[at])),
            remedy="give them an outline or a stated area, or give the shares as corrections",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.where(by_area, left[project] * weight / total[project], given)
    share = np.rint(wanted / np.bincount(project, weights=wanted, minlength=count)[project] * GRID) / GRID
    starts = np.flatnonzero(np.r_[True, project[1:] != project[:-1]])
    sizes = np.diff(np.r_[starts, len(project)])
    top = share == np.repeat(np.maximum.reduceat(share, starts), sizes)
    largest = np.minimum.reduceat(np.where(top, np.arange(len(share)), len(share)), starts)
    share[largest] += 1.0 - np.add.reduceat(share, starts)
    return share


def share_basis(
    project: Ints, by_overlap: Flags, by_stated: Flags, given: Floats, count: int
) -> npt.NDArray[np.object_]:
    """Say what each share rests on: given, whole, overlap, stated_area or area."""
    links = np.bincount(project, minlength=count)
    by_area = np.isnan(given)
    unstated = np.bincount(project[by_area & ~by_stated], minlength=count)
    basis = np.where(unstated[project] == 0, "stated_area", "area").astype(object)
    basis[by_overlap] = "overlap"
    basis[links[project] == 1] = "whole"
    basis[~by_area] = "given"
    return basis


def side_by_side(
    project: Ints, parcel: Ints, part: Floats, footprints: npt.NDArray[Any], parcels: npt.NDArray[Any]
) -> Flags:
    """Say of each link whether footprints tell its land apart from that of the parcel's other projects.

    Parameters
    ----------
    project, parcel : ndarray of int64, one a link
        Positions.
    part : ndarray of float64, one a link
        Share of the parcel under the project's footprint; missing: no footprint with an area.
    footprints, parcels : ndarray of shapely geometries
        Of all projects and parcels, in one plane.

    Returns
    -------
    ndarray of bool
        True where the parcel carries several projects, each has a footprint on it, and no two of these
        share more than 0.1 % of the smaller.
    """
    several = np.bincount(parcel, minlength=len(parcels))[parcel] > 1
    bare = np.bincount(parcel[~(part > 0.0)], minlength=len(parcels)) > 0
    at = np.flatnonzero(several & ~bare[parcel])
    apart = np.zeros(len(project), dtype=bool)
    if not len(at):
        return apart
    ground = shapely.intersection(footprints[project[at]], parcels[parcel[at]])
    one, other = shapely.STRtree(ground).query(ground, predicate="intersects")
    pair = (one < other) & (parcel[at[one]] == parcel[at[other]])
    one, other = one[pair], other[pair]
    shared = shapely.area(shapely.intersection(ground[one], ground[other]))
    least = np.minimum(shapely.area(ground[one]), shapely.area(ground[other]))
    overlaid = np.bincount(parcel[at[one[shared > OVERLAID * least]]], minlength=len(parcels)) > 0
    apart[at] = ~overlaid[parcel[at]]
    return apart


def land_parts(parcel: Ints, part: Floats, apart: Flags, joint: Flags, count: int) -> tuple[Floats, Floats]:
    """Return the share of its parcel's land that each link counts, at the least and at the most.

    Parameters
    ----------
    parcel : ndarray of int64, one a link
        Position of the parcel.
    part : ndarray of float64, one a link
        Share of the parcel under the project's footprint; missing: no footprint with an area.
    apart, joint : ndarray of bool, one a link
        Whether footprints tell its land apart; whether the project belongs to a joint site.
    count : int
        How many parcels there are.

    Returns
    -------
    low, high : ndarray of float64, one a link
        Told apart: the overlap, scaled down where those of a parcel come to more than the parcel. A project
        alone on a parcel holds its footprint at the least and the parcel at the most. Missing where projects
        share a parcel and nothing tells their land apart.
    """
    held = np.where(part >= 1.0 - SNAP, 1.0, np.clip(np.where(np.isnan(part), 1.0, part), 0.0, 1.0))
    taken = np.bincount(parcel[apart], weights=part[apart], minlength=count)[parcel]
    own = np.where(apart, part / np.maximum(taken, 1.0), held)
    low = np.where(joint & ~apart, np.nan, own)
    return low, np.where(joint & ~apart, np.nan, np.where(apart, own, 1.0))


def joint_sites(project: Ints, parcel: Ints, apart: Flags, project_ids: pd.Index) -> npt.NDArray[Any]:
    """Return the joint site of each link: "J-" and its smallest project_id, missing where there is none.

    A joint site is what hangs together through parcels that carry two projects or more and whose land nothing
    tells apart. All links of its projects have its name.
    """
    sites = np.full(len(project), None, dtype=object)
    if not len(project):
        return sites
    projects, p = np.unique(project, return_inverse=True)
    parcels, q = np.unique(parcel, return_inverse=True)
    nodes = len(projects) + len(parcels)
    tied = ~apart
    edges = (np.ones(tied.sum(), dtype=np.int8), (p[tied], len(projects) + q[tied]))
    component = connected_components(coo_array(edges, shape=(nodes, nodes)), directed=False)[1][p]
    shared = tied & (np.bincount(q[tied], minlength=len(parcels))[q] > 1)
    joint = np.isin(component, component[shared])
    names = pd.Series(np.asarray(project_ids, dtype=object)[project[joint]])
    sites[joint] = "J-" + names.groupby(component[joint]).transform("min").to_numpy(dtype=object)
    return sites
