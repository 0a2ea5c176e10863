"""The verb itself: what is known of parcels, projects and zones on a date, as three tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landuse.errors import LinkError
from landuse.measuring.area import Areas, measure_areas
from landuse.measuring.built import built_land
from landuse.measuring.carried import OF_PARCEL, OF_PROJECT, shared_by_projects
from landuse.measuring.drawn_zones import check_drawn
from landuse.measuring.in_zone import doubtful_of
from landuse.measuring.investment import (
    Land,
    Money,
    complete_money,
    intensities,
    land_of_parcels,
    land_of_projects,
    land_of_units,
    money_of_parcels,
    out_of_range,
    over_land,
)
from landuse.measuring.joins import Joins, joins_of
from landuse.measuring.own_facts import own_columns, own_columns_of_zones, within_sites
from landuse.measuring.pairs import Flags, Floats, Pair, columns_of, exactly, pair_of, ratio
from landuse.measuring.progress import developed, progress
from landuse.measuring.zone_sums import zone_facts
from landuse.measuring.zones import Places, ZoneBook, places_of_parcels, places_of_projects
from landuse.tables import (
    PARCEL_FACTS,
    PARCELS,
    PROJECT_FACTS,
    PROJECTS,
    ZONE_FACTS,
    ZONES,
    Facts,
    Links,
    issue_table,
)
from landuse.tables.own_facts import Declared
from landuse.tables.own_facts import own_facts as merged
from landuse.tables.spans import start_of
from landuse.units import m2_to_mu

ENDS = ("low", "high")
__all__ = ["measure"]


def measure(
    parcels: gpd.GeoDataFrame,
    projects: pd.DataFrame,
    links: Links,
    *,
    zones: gpd.GeoDataFrame | None = None,
    as_of: date,
    area: str = "ellipsoid",
    areas: Areas | None = None,
    places: Places | None = None,
    own_facts: Sequence[Declared] = (),
) -> Facts:
    """Measure parcels, projects and zones: what is known of each on a date.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``; needs a coordinate system.
    projects : DataFrame
        Table ``projects``, amounts in [wan].
    links : Links
        Of ``link``, for these parcels and projects.
    zones : GeoDataFrame, optional
        Table ``zones``, in the coordinate system of the parcels. Without it no class is known.
    as_of : date
        The start of that day.
    area : {"ellipsoid", "stated", "planar"}
        The area that is used.
    areas : Areas, optional
        Of ``measure_areas`` for these very parcels, where they have been measured already; they then decide
        and ``area`` is not looked at.
    places : Places, optional
        Of ``settle_zones`` for these very parcels and zones, where that has been done already.
    own_facts : sequence of OwnFact
        Facts over columns of the users' own, as policies declare them (``policy.facts``).

    Returns
    -------
    Facts
        ``parcels``, ``projects`` and ``zones`` in the order of the input, and the issues found.

    Raises
    ------
    CrsError
        Where parcels have no coordinate system, or zones another one.
    LinkError
        Where the links or the areas belong to other tables.

    Examples
    --------
    >>> import datetime, geopandas, pandas, shapely
    >>> from landuse.linking import link
    >>> land = geopandas.GeoDataFrame(
    ...     {"stated_area_m2": [20_000.0, 20_000.0]},
    ...     geometry=[shapely.box(37_500_000 + x, 3_833_000, 37_500_200 + x, 3_833_100) for x in (0, 200)],
    ...     index=pandas.Index(["A1", "A2"], name="parcel_id"), crs="EPSG:4525")
    >>> ledger = pandas.DataFrame(
    ...     {"parcel_refs": [["A1"]], "fixed_invest_wan_low": [6000.0], "fixed_invest_wan_high": [6000.0]},
    ...     index=pandas.Index(["P1"], name="project_id"))
    >>> day = datetime.date(2026, 6, 30)
    >>> facts = measure(land, ledger, link(land, ledger), as_of=day, area="stated")
    >>> facts.parcels["fixed_wan_per_mu_low"].tolist()
    [200.0, nan]
    >>> facts.projects[["total_wan_per_mu_low", "total_wan_per_mu_high"]].values.tolist()
    [[200.0, inf]]
    >>> len(measure(land.iloc[:0], ledger.iloc[:0], link(land.iloc[:0], ledger.iloc[:0]), as_of=day).parcels)
    0
    """
    parcels, projects = PARCELS.conform(parcels), PROJECTS.conform(projects)
    zones = None if zones is None else ZONES.conform(zones)
    joins = joins_of(links, parcels.index, projects.index)
    if areas is not None and not areas.table.index.equals(parcels.index):
        raise LinkError("the areas are those of other parcels", key="areas", remedy="measure the same table")
    measured, issues = areas or measure_areas(parcels, basis=area)
    money, money_issues = complete_money(projects)
    of_units = land_of_units(joins, measured)
    book = ZoneBook(zones)
    area_m2 = measured["area_m2"].to_numpy(dtype=np.float64)
    where = places or places_of_parcels(parcels, book, area_m2)
    of_projects = places_of_projects(projects, book, joins, where)
    of_projects = check_drawn(of_projects, projects, book, linked=joins.unit_of_project >= 0)
    parcel_columns, parcel_issues = _parcel_columns(parcels, measured, money, joins, of_units, as_of)
    parcel_columns |= shared_by_projects(projects, joins, len(parcels))
    project_columns, project_issues = _project_columns(projects, money, joins, of_units, links)
    mine = {subject: merged(own_facts, subject) for subject in ("parcel", "project", "zone")}
    parcel_columns |= own_columns(parcels, mine["parcel"], land=exactly(_area_used(measured)))
    project_columns |= own_columns(
        projects,
        mine["project"],
        land=Pair(*(project_columns[f"land_m2_{end}"] for end in ENDS)),
        gathered=within_sites(joins),
    )
    doubtful = doubtful_of(where.inside, spoken=parcels["zone_id"].notna().to_numpy(dtype=bool))
    parcel_columns |= _zone_columns(where, doubtful) | {"as_of": start_of(as_of)}
    named = projects["zone_id"].notna().to_numpy(dtype=bool)
    theirs = np.bincount(joins.project[doubtful[joins.parcel]], minlength=len(projects)) > 0
    project_columns |= _zone_columns(of_projects, doubtful_of(of_projects.inside, spoken=named | theirs)) | {
        "as_of": start_of(as_of)
    }
    parcel_facts = PARCEL_FACTS.conform(pd.DataFrame(parcel_columns, index=parcels.index, copy=False))
    project_facts = PROJECT_FACTS.conform(pd.DataFrame(project_columns, index=projects.index, copy=False))
    zone_table = zone_facts(zones, parcel_facts, project_facts, money, joins)
    zone_table = zone_table.assign(**own_columns_of_zones(zones, zone_table, mine["zone"]))
    issues = issues + money_issues + where.issues + of_projects.issues + parcel_issues + project_issues
    return Facts(
        parcels=parcel_facts,
        projects=project_facts,
        zones=ZONE_FACTS.conform(zone_table.assign(as_of=start_of(as_of))),
        as_of=as_of,
        issues=_in_order(issues),
    )


def _area_used(areas: pd.DataFrame) -> Floats:
    return np.asarray(areas["area_used_m2"], dtype=np.float64)


def _parcel_columns(
    parcels: gpd.GeoDataFrame,
    areas: pd.DataFrame,
    money: Money,
    joins: Joins,
    of_units: Land,
    as_of: date,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    own = money_of_parcels(money, joins, len(parcels))
    joint = ~pd.isna(joins.site_of_parcel)
    numerators = intensities(own, money, joins, unit=joins.unit_of_parcel, joint=joint)
    used = _area_used(areas)
    stands = progress(parcels, as_of)
    built = developed(parcels, used, areas["alt_high_m2"].to_numpy(dtype=np.float64))
    linked = joins.unit_of_parcel >= 0
    columns: dict[str, Any] = {name: parcels[name].array for name in OF_PARCEL}
    columns |= {name: areas[name].array for name in areas.columns if name in PARCEL_FACTS.columns}
    columns |= {
        "state_construction": _state_construction(parcels),
        "projects": np.bincount(joins.parcel, minlength=len(parcels)),
        "money_basis": _words([joint, linked], ["joint", "linked"]),
        "joint_site_id": pd.array(joins.site_of_parcel, dtype="str"),
    }
    columns |= _money_columns(own) | over_land(numerators, land_of_parcels(joins, of_units, areas))
    for name, stem in (("far", "floor_area_m2"), ("building_ratio", "footprint_m2")):
        figure = pair_of(parcels, stem)
        columns |= columns_of(stem, figure) | columns_of(name, ratio(figure, exactly(used)))
    columns |= columns_of("price_wan", pair_of(parcels, "price_wan"))
    start, done = stands.columns["start_state"], Pair(*(built.columns[f"developed_m2_{e}"] for e in ENDS))
    columns |= columns_of("built_m2", built_land(parcels, used, start, done, as_of))
    return columns | stands.columns | built.columns, stands.issues + built.issues


def _project_columns(
    projects: pd.DataFrame, money: Money, joins: Joins, of_units: Land, links: Links
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    joint = ~pd.isna(joins.site_of_project)
    linked = joins.unit_of_project >= 0
    requested = pair_of(projects, "requested_m2")
    lost = _lost(projects, linked, links)
    asks = ~linked & (requested.high > 0.0) & ~lost
    land = land_of_projects(projects, joins, of_units, lost=lost)
    numerators = intensities(money.figures, money, joins, unit=joins.unit_of_project, joint=joint)
    ratios = over_land(numerators, land)
    columns: dict[str, Any] = {name: projects[name].array for name in OF_PROJECT}
    columns |= {
        "parcels": np.bincount(joins.project, minlength=len(projects)),
        "land_basis": _words([joint, linked, asks], ["joint", "linked", "requested"]),
        "joint_site_id": pd.array(joins.site_of_project, dtype="str"),
        "asking": _asking(linked, asks),
    }
    columns |= columns_of("land_m2", land.used)
    columns |= columns_of("land_mu", Pair(m2_to_mu(land.used.low), m2_to_mu(land.used.high)))
    columns |= _money_columns(money.figures) | ratios
    for stem in ("requested_m2", "farmland_m2", "cultivated_m2", "price_wan"):
        columns |= columns_of(stem, pair_of(projects, stem))
    return columns, out_of_range(projects, ratios)


def _money_columns(figures: dict[str, Pair]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for stem, figure in figures.items():
        columns |= columns_of(stem, figure)
    return columns | columns_of("invested_ratio", ratio(figures["invested_wan"], figures["planned_wan"]))


def _lost(projects: pd.DataFrame, linked: Flags, links: Links) -> Flags:
    """Say which projects name parcels, or lie on some, and could be linked to none; repeated rows too."""
    left = links.unlinked
    waiting = links.review["decision"] == "open"
    drawn = links.review.loc[waiting & (links.review["method"] != "name"), "project_id"]
    lost = left["reason"].isin(["refs_not_found", "duplicate"])
    lost |= (left["reason"] == "for_review") & (
        (left["parcel_refs"].map(len) > 0) | left["project_id"].isin(drawn)
    )
    return np.asarray(~linked & projects.index.isin(left.loc[lost, "project_id"]), dtype=bool)


def _asking(linked: Flags, asks: Flags) -> Any:
    """Return whether each project wants land that is not yet supplied to it; missing: not known."""
    wants = pd.array(asks, dtype="boolean")
    wants[~linked & ~asks] = pd.NA
    return wants


def _state_construction(parcels: pd.DataFrame) -> Any:
    """Return whether land is state-owned and for construction, as far as the file says."""
    owner = parcels["ownership"].to_numpy(dtype=object)
    barred = parcels["construction_land"].eq(False).fillna(False).to_numpy(dtype=bool)
    found = pd.array((owner == "state") & ~barred, dtype="boolean")
    found[~barred & (owner != "state") & (owner != "collective")] = pd.NA
    return found


def _words(conditions: list[Flags], words: list[str]) -> Any:
    """Return the word of the first condition that holds, missing where none does."""
    found = np.full(len(conditions[0]), None, dtype=object)
    for condition, word in reversed(list(zip(conditions, words, strict=True))):
        found[condition] = word
    return pd.array(found, dtype="str")


def _zone_columns(places: Places, doubtful: Flags) -> dict[str, Any]:
    return {
        "zone_id": pd.array(places.zone_id, dtype="str"),
        "zone_class": pd.array(places.zone_class, dtype="str"),
        "in_zone": pd.array(places.inside, dtype="boolean"),
        "zone_doubtful": doubtful,
    }


def _in_order(issues: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the issues by file, row and kind, whatever the order of the tables' rows."""
    keys = ["source_file", "row", "kind", "field", "message"]
    return issue_table(issues).sort_values(keys, ignore_index=True)
