"""Settling links: a project's shares, and the sites where projects share parcels."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from landuse.errors import LinkError
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.linking.by_code import Flags, Ints
from landuse.tables import place_of
from landuse.tables.facts import STATED_TOLERANCE

Floats = npt.NDArray[np.float64]

GRID = 2.0**52
"""Shares are whole multiples of 1/GRID: any sum of them up to 2 is exact, in whatever order it is taken."""

__all__ = ["areas_of_links", "joint_sites", "share_basis", "split"]


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


def split(project: Ints, area: Floats, given: Floats, projects: pd.DataFrame) -> Floats:
    """Split each project's money over its parcels.

    Parameters
    ----------
    project : ndarray of int64, one a link, ascending
        Position of the project.
    area : ndarray of float64, one a link
        Area of the parcel [m2].
    given : ndarray of float64, one a link
        Share the analyst gives; missing: what the others leave, by area.
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
    weight = np.where(alone, 1.0, area)
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


def share_basis(project: Ints, by_stated: Flags, given: Floats, count: int) -> npt.NDArray[np.object_]:
    """Say what each share rests on: given, whole, stated_area or area."""
    links = np.bincount(project, minlength=count)
    by_area = np.isnan(given)
    unstated = np.bincount(project[by_area & ~by_stated], minlength=count)
    basis = np.where(unstated[project] == 0, "stated_area", "area").astype(object)
    basis[links[project] == 1] = "whole"
    basis[~by_area] = "given"
    return basis


def joint_sites(project: Ints, parcel: Ints, project_ids: pd.Index) -> npt.NDArray[Any]:
    """Return the joint site of each link: "J-" and its smallest project_id, missing where there is none.

    A joint site is what hangs together through parcels that carry two projects or more.
    """
    sites = np.full(len(project), None, dtype=object)
    if not len(project):
        return sites
    projects, p = np.unique(project, return_inverse=True)
    parcels, q = np.unique(parcel, return_inverse=True)
    nodes = len(projects) + len(parcels)
    graph = coo_array((np.ones(len(p), dtype=np.int8), (p, len(projects) + q)), shape=(nodes, nodes))
    component = connected_components(graph, directed=False)[1][p]
    shared = np.bincount(q)[q] > 1
    joint = np.isin(component, component[shared])
    names = pd.Series(np.asarray(project_ids, dtype=object)[project[joint]])
    sites[joint] = "J-" + names.groupby(component[joint]).transform("min").to_numpy(dtype=object)
    return sites
