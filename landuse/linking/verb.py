"""The verb itself: the analyst's word, numbers, footprints, names; then shares, land, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.errors import IdError, LinkError
from landuse.linking.by_code import ContractBook, Flags, Ints, Matches, ParcelBook, match_codes
from landuse.linking.by_footprint import FootprintMatches, match_footprints
from landuse.linking.by_name import NameMatches, match_names
from landuse.linking.corrections import Given, check_sums, read_corrections
from landuse.linking.repeated import repeated_projects
from landuse.linking.review import edge_issues, for_review, pairs_among, review_issues, review_table
from landuse.linking.settle import (
    Floats,
    areas_of_links,
    joint_sites,
    land_parts,
    share_basis,
    side_by_side,
    split,
)
from landuse.linking.weigh import PAIR, Weighed, weigh
from landuse.tables import CORRECTIONS, LINKS, PARCELS, PROJECTS, UNLINKED, Links, issue, issue_table

NAMES = ("review", "link", "off")
"""What a name alone may do: put a pair up for review, link it where nothing speaks against it, nothing."""
LANDED = (0, 3, 4, 6)
"""Kinds of shapes that lie on land: points and polygons, one or several."""
ON_PARCELS = 0.8
"""A footprint with this share on parcels has all of its parcels in the file: roads are no parcels."""

__all__ = ["NAMES", "link"]


@dataclass(frozen=True)
class _Evidence:
    """All evidence there is, before it is weighed."""

    codes: Matches
    prints: FootprintMatches
    names: NameMatches | None

    def pairs(self) -> pd.DataFrame:
        """Return every pair that anything points to, strongest evidence first."""
        c, f = self.codes, self.prints
        frames = [
            _pairs(c.project, c.parcel, "code", np.ones(len(c.project)), "linked", c.evidence),
            _pairs(f.project, f.parcel, "footprint", f.share_of_footprint, "linked", f.evidence),
        ]
        if self.names is not None:
            n = self.names
            frames.append(_pairs(n.project, n.parcel, "name", n.score, n.band, n.evidence))
        return pd.concat(frames, ignore_index=True)


def _pairs(project: Ints, parcel: Ints, method: str, score: Floats, band: Any, evidence: Any) -> pd.DataFrame:
    columns = {"project": project, "parcel": parcel, "method": method, "score": np.clip(score, 0.0, 1.0)}
    return pd.DataFrame(columns | {"band": band, "evidence": evidence}, index=range(len(project)))


def link(
    parcels: gpd.GeoDataFrame,
    projects: pd.DataFrame,
    *,
    corrections: pd.DataFrame | None = None,
    areas: pd.Series | None = None,
    names: str = "review",
    footprints: str = "all",
    renames: pd.DataFrame | None = None,
    zones: tuple[pd.Series, pd.Series] | None = None,
) -> Links:
    """Link projects to parcels, and split their money.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``.
    projects : DataFrame
        Table ``projects``: ``parcel_refs`` and ``contract_no``, the footprint or point in ``geometry`` (in
        the plane of the parcels), ``holder`` and ``name``.
    corrections : DataFrame, optional
        Table ``corrections``; they win.
    areas : Series of float64, optional
        Areas to split by [m2], by parcel_id. Without them: the stated areas of a project's parcels where all
        are within 1 % of the ellipsoid area, else the ellipsoid areas.
    names : {"review", "link", "off"}
        What a name alone may do. ``link``: link where nothing speaks against it.
    footprints : {"all", "largest"}
        Every parcel under a footprint, or only the one with the largest overlap.
    renames : DataFrame, optional
        Table ``renames``: the book of known changes of name, and of short names.
    zones : pair of Series, optional
        Settled zones of the parcels and of the projects, in their order; otherwise the texts of ``zone_id``.

    Returns
    -------
    Links
        ``table`` sorted by project and parcel, ``unlinked`` with the money that could not be placed,
        ``review`` with the pairs to be decided on, ``issues``, and ``accounts`` of rows: parcels_in =
        parcels_linked + parcels_unlinked, projects_in = projects_linked + projects_unlinked, refs_in =
        refs_matched + refs_missing + refs_repeated + refs_overruled, links_out = links_corrected +
        links_code + links_footprint + links_name; with a book, renames_in = renames_used +
        renames_unchanged + renames_repeated.

    Raises
    ------
    LinkError
        Where corrections name what is not there or do not sum to 1, the book of renames lacks a column or a
        name, or ``names`` is no such word.
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
    if names not in NAMES:
        raise LinkError(f"names = {names!r} is not one of {', '.join(NAMES)}", key="names")
    parcels, projects = PARCELS.conform(parcels), PROJECTS.conform(projects)
    for table in (parcels, projects):
        if not table.index.is_unique:
            twice = table.index[table.index.duplicated()][0]
            raise IdError(f"{table.index.name} {twice!r} stands twice", remedy="give every row its own id")
    if zones is not None:
        parcels, projects = (
            table.assign(zone_id=pd.array(np.asarray(z, dtype=object), dtype="str"))
            for table, z in zip((parcels, projects), zones, strict=True)
        )
    book = ParcelBook(parcels.index)
    rows = CORRECTIONS.conform(corrections) if corrections is not None else CORRECTIONS.empty()
    given = read_corrections(rows, book, projects)
    anchored = np.bincount(given.project, minlength=len(projects)) > 0
    repeats, repeat_issues = repeated_projects(projects, kept=anchored)
    closed = given.only | (repeats >= 0)
    found = _Evidence(
        match_codes(book, projects, contracts=ContractBook(parcels["contract_no"]), overruled=closed),
        match_footprints(projects, parcels, rule=footprints),
        None if names == "off" else match_names(projects, parcels, renames=renames),
    )
    weighed = weigh(
        projects, parcels, codes=found.codes, prints=found.prints, names=found.names, given=given,
        closed=closed, mode=names,
    )  # fmt: skip
    table = _settled(parcels, projects, given, found, weighed, rows, areas)
    review = review_table(
        weighed.review, found.pairs(), given, projects, parcels,
        parcels["stated_area_m2"] if areas is None else areas.reindex(parcels.index),
    )  # fmt: skip
    linked = np.asarray(projects.index.isin(table["project_id"]), dtype=bool)
    waiting = for_review(review, projects)
    issues = [*given.issues, *found.codes.issues, *found.prints.issues, *repeat_issues]
    issues += _unread(renames) if found.names is None else found.names.issues
    issues += [*edge_issues(weighed.edges, projects, parcels), *review_issues(review, projects, linked)]
    accounts = found.codes.accounts | _accounts(table, projects, parcels, waiting, repeats, review)
    accounts |= {} if found.names is None else dict(found.names.renames)
    unlinked = _left_over(projects, linked, waiting, found.codes.unfound, repeats, given)
    return Links(table, unlinked, issue_table(issues), dict(sorted(accounts.items())), review)


def _unread(renames: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Say that a book of renames is given where no names are looked at."""
    if renames is None or not len(renames):
        return []
    return [issue("renames_not_used", "kept", field="names", raw="off", count=len(renames))]


def _settled(
    parcels: gpd.GeoDataFrame,
    projects: pd.DataFrame,
    given: Given,
    found: _Evidence,
    weighed: Weighed,
    corrections: pd.DataFrame,
    areas: pd.Series | None,
) -> pd.DataFrame:
    """Bring all links into one table, sorted by ids, with shares, land and joint sites."""
    count = len(given.project)
    links = pd.concat(
        [
            pd.DataFrame(
                {
                    "project": given.project, "parcel": given.parcel, "method": "correction", "score": 1.0,
                    "evidence": given.evidence, "given": given.share, "row": given.row,
                },
                index=range(count),
            ),
            weighed.links[[*PAIR, "method", "score", "evidence"]].assign(given=np.nan, row=-1),
        ],
        ignore_index=True,
    )  # fmt: skip
    links = links.iloc[_by_ids(projects.index, links["project"], parcels.index, links["parcel"])]
    project, parcel, row = (links[c].to_numpy(dtype=np.int64) for c in (*PAIR, "row"))
    share = links["given"].to_numpy(dtype=np.float64)
    check_sums(corrections, row, project, share, len(projects))
    overlap, part = _measured(found.prints, project, parcel, len(parcels))
    area, by_stated = areas_of_links(parcels, areas, project, parcel)
    bare = np.bincount(project[~(overlap > 0.0)], minlength=len(projects))
    by_overlap = bare[project] == 0
    apart = side_by_side(project, parcel, part, projects.geometry.to_numpy(), parcels.geometry.to_numpy())
    sites = joint_sites(project, parcel, apart, projects.index)
    low, high = land_parts(parcel, part, apart, ~pd.isna(sites), len(parcels))
    first = np.r_[True, project[1:] != project[:-1]][: len(project)]
    weight = np.where(by_overlap, overlap, area)
    shares = split(np.cumsum(first) - 1, weight, share, projects.iloc[project[first]])
    return LINKS.conform(
        pd.DataFrame(
            {
                "parcel_id": parcels.index.take(parcel),
                "project_id": projects.index.take(project),
                "share": shares,
                "land_m2": area * low,
                "parcel_part_low": low,
                "parcel_part_high": high,
                "apart": apart,
                "method": links["method"].to_numpy(dtype=object),
                "score": links["score"].to_numpy(dtype=np.float64),
                "share_basis": share_basis(project, by_overlap, by_stated, share, len(projects)),
                "complete": _complete(links, given, found, weighed, len(projects)),
                "joint_site_id": pd.array(sites, dtype="str"),
                "evidence": links["evidence"].to_numpy(dtype=object),
            }
        )
    )


def _complete(
    links: pd.DataFrame, given: Given, found: _Evidence, weighed: Weighed, count: int
) -> npt.NDArray[np.bool_]:
    """Say of each link whether all parcels of its project are known: none is lost or in dispute."""
    project = links["project"].to_numpy(dtype=np.int64)
    anchored = np.bincount(given.project, minlength=count) > 0
    whole = anchored | (found.codes.unfound == 0) & ~weighed.disputed
    balance = found.prints.balance
    covered = np.full(count, np.nan)
    covered[balance["project"]] = 1.0 - balance["outside_m2"] / balance["footprint_m2"]
    drawn = (links["method"] == "footprint").to_numpy(dtype=bool) & ~np.isnan(covered[project])
    return np.asarray(np.where(drawn, covered[project] >= ON_PARCELS, whole[project]), dtype=bool)


def _measured(prints: FootprintMatches, project: Ints, parcel: Ints, width: int) -> tuple[Floats, Floats]:
    """Return overlap [m2] and share of the parcel under the footprint of each link; missing without one."""
    frame = pd.DataFrame({"project": prints.project, "parcel": prints.parcel})
    at = pairs_among(project, parcel, frame, width)
    overlap, part = (np.r_[values, np.nan][at] for values in (prints.overlap_m2, prints.share_of_parcel))
    good = overlap > 0.0
    return np.where(good, overlap, np.nan), np.where(good, part, np.nan)


def _by_ids(project_ids: pd.Index, project: pd.Series, parcel_ids: pd.Index, parcel: pd.Series) -> Ints:
    first = pd.factorize(project_ids.take(project.to_numpy(dtype=np.int64)), sort=True)[0]
    second = pd.factorize(parcel_ids.take(parcel.to_numpy(dtype=np.int64)), sort=True)[0]
    return np.lexsort((second, first))


def _accounts(
    table: pd.DataFrame,
    projects: pd.DataFrame,
    parcels: pd.DataFrame,
    waiting: Flags,
    repeats: Ints,
    review: pd.DataFrame,
) -> dict[str, int]:
    """Count rows in and out: linked, unlinked, multiplied (a row with several links), for review."""
    found: dict[str, int] = {"links_out": len(table)}
    methods = {"correction": "corrected"}
    for method in ("correction", "code", "footprint", "name"):
        found[f"links_{methods.get(method, method)}"] = int((table["method"] == method).sum())
    for name, rows in (("project", projects), ("parcel", parcels)):
        links = table[f"{name}_id"].value_counts()
        found |= {
            f"{name}s_in": len(rows),
            f"{name}s_linked": len(links),
            f"{name}s_unlinked": len(rows) - len(links),
            f"{name}s_multiplied": int((links > 1).sum()),
        }
    return found | {
        "projects_for_review": int(waiting.sum()),
        "projects_repeated": int((repeats >= 0).sum()),
        "pairs_for_review": int((review["decision"] == "open").sum()),
    }


def _left_over(
    projects: pd.DataFrame, linked: Flags, waiting: Flags, unfound: Ints, repeats: Ints, given: Given
) -> pd.DataFrame:
    """Return the projects without a link, with all their money, sorted by id."""
    barred = np.bincount(given.no_project, minlength=len(projects)) > 0
    drawn = np.isin(shapely.get_type_id(projects.geometry.to_numpy()), LANDED)
    reason = np.select(
        [repeats >= 0, waiting, unfound > 0, barred, drawn],
        ["duplicate", "for_review", "refs_not_found", "decided_no", "shape_on_no_parcel"],
        default="no_refs",
    )
    ids = np.array([*projects.index, None], dtype=object)
    rows = projects.assign(reason=reason, duplicate_of=pd.array(ids[repeats], dtype="str"))[~linked]
    return UNLINKED.conform(rows.sort_index().reset_index())
