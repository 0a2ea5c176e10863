"""The verb itself: corrections first, then codes, then shares and joint sites, and what is left over."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from landuse.errors import IdError
from landuse.linking.by_code import Flags, Ints, Matches, ParcelBook, match_codes
from landuse.linking.corrections import Given, read_corrections
from landuse.linking.settle import areas_of_links, joint_sites, share_basis, split
from landuse.tables import CORRECTIONS, LINKS, PARCELS, PROJECTS, UNLINKED, Links, issue_table

__all__ = ["link"]


def link(
    parcels: gpd.GeoDataFrame,
    projects: pd.DataFrame,
    *,
    corrections: pd.DataFrame | None = None,
    areas: pd.Series | None = None,
) -> Links:
    """Link projects to the parcels that the ledger names, and split their money.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``.
    projects : DataFrame
        Table ``projects``; ``parcel_refs`` lists the parcel numbers of each.
    corrections : DataFrame, optional
        Table ``corrections``; a project named there gets exactly the links given there.
    areas : Series of float64, optional
        Areas to split by [m2], by parcel_id. Without them: the stated areas of a project's parcels where all
        are within 1 % of the ellipsoid area, else the ellipsoid areas.

    Returns
    -------
    Links
        ``table`` sorted by project and parcel, ``unlinked`` with the money that could not be placed,
        ``issues``, and ``accounts`` of rows: parcels_in = parcels_linked + parcels_unlinked, projects_in =
        projects_linked + projects_unlinked, refs_in = refs_matched + refs_missing + refs_repeated +
        refs_overruled, links_out = refs_matched + links_corrected.

    Raises
    ------
    LinkError
        Where corrections name what is not there or do not sum to 1.
    IdError
        Where an id stands twice.

    Examples
    --------
    >>> import geopandas, pandas, shapely
    >>> land = geopandas.GeoDataFrame(
    ...     geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 400, 100)],
    ...     index=pandas.Index(["A1", "A2"], name="parcel_id"), crs="EPSG:4525")
    >>> ledger = pandas.DataFrame(
    ...     {"parcel_refs": [["A1", "a2"], ["Z9"], []]},
    ...     index=pandas.Index(["P1", "P2", "P3"], name="project_id"))
    >>> areas = pandas.Series([10_000.0, 30_000.0], index=land.index)
    >>> links = link(land, ledger, areas=areas)
    >>> links.table[["project_id", "parcel_id", "share"]].values.tolist()
    [['P1', 'A1', 0.25], ['P1', 'A2', 0.75]]
    >>> links.unlinked[["project_id", "reason"]].values.tolist()
    [['P2', 'refs_not_found'], ['P3', 'no_refs']]
    >>> len(link(land, ledger.iloc[:0]).table)
    0
    """
    parcels, projects = PARCELS.conform(parcels), PROJECTS.conform(projects)
    for table in (parcels, projects):
        if not table.index.is_unique:
            twice = table.index[table.index.duplicated()][0]
            raise IdError(f"{table.index.name} {twice!r} stands twice", remedy="give every row its own id")
    book = ParcelBook(parcels.index)
    rows = CORRECTIONS.conform(corrections) if corrections is not None else CORRECTIONS.empty()
    given = read_corrections(rows, book, projects)
    overruled = np.isin(np.arange(len(projects)), given.project)
    matches = match_codes(book, projects, overruled=overruled)
    table = _settled(parcels, projects, given, matches, areas)
    placed = np.bincount(np.r_[given.project, matches.project], minlength=len(projects)) > 0
    held = np.unique(np.r_[given.parcel, matches.parcel]).size
    accounts = matches.accounts | {
        "links_corrected": len(given.project),
        "links_out": len(table),
        "parcels_in": len(parcels),
        "parcels_linked": held,
        "parcels_unlinked": len(parcels) - held,
        "projects_in": len(projects),
        "projects_linked": int(placed.sum()),
        "projects_unlinked": int((~placed).sum()),
    }
    unlinked = _left_over(projects, ~placed, matches.unfound)
    return Links(table, unlinked, issue_table(matches.issues), dict(sorted(accounts.items())))


def _settled(
    parcels: gpd.GeoDataFrame,
    projects: pd.DataFrame,
    given: Given,
    matches: Matches,
    areas: pd.Series | None,
) -> pd.DataFrame:
    """Bring both kinds of links into one table, sorted by ids, with shares and joint sites."""
    project = np.concatenate([given.project, matches.project])
    parcel = np.concatenate([given.parcel, matches.parcel])
    order = _by_ids(projects.index, project, parcels.index, parcel)
    project, parcel = project[order], parcel[order]
    corrected = order < len(given.project)
    shares_given = np.concatenate([given.share, np.full(len(matches.project), np.nan)])[order]
    area, by_stated = areas_of_links(parcels, areas, project, parcel)
    first = np.r_[True, project[1:] != project[:-1]][: len(project)]
    sites = joint_sites(project, parcel, projects.index)
    return LINKS.conform(
        pd.DataFrame(
            {
                "parcel_id": parcels.index.take(parcel),
                "project_id": projects.index.take(project),
                "share": split(np.cumsum(first) - 1, area, shares_given, projects.iloc[project[first]]),
                "land_m2": np.where(pd.isna(sites), area, np.nan),
                "method": np.where(corrected, "correction", "code"),
                "score": 1.0,
                "share_basis": share_basis(project, by_stated, shares_given, len(projects)),
                "complete": corrected | (matches.unfound[project] == 0),
                "joint_site_id": pd.array(sites, dtype="str"),
                "evidence": np.concatenate([given.evidence, matches.evidence])[order],
            }
        )
    )


def _by_ids(project_ids: pd.Index, project: Ints, parcel_ids: pd.Index, parcel: Ints) -> Ints:
    first = pd.factorize(project_ids.take(project), sort=True)[0]
    second = pd.factorize(parcel_ids.take(parcel), sort=True)[0]
    return np.lexsort((second, first))


def _left_over(projects: pd.DataFrame, left: Flags, unfound: Ints) -> pd.DataFrame:
    """Return the projects without a link, with all their money, sorted by id."""
    rows = projects[left].assign(reason=np.where(unfound[left] > 0, "refs_not_found", "no_refs"))
    return UNLINKED.conform(rows.sort_index().reset_index())
