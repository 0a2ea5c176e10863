"""Zones: sums over linked land with known money, each project's money and each parcel's land once."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landuse.measuring.area import ellipsoid_area
from landuse.measuring.investment import Money
from landuse.measuring.joins import Joins
from landuse.measuring.pairs import Flags, Floats, Ints, Pair, columns_of, exactly, ratio, sums
from landuse.measuring.zone_land import land_facts
from landuse.tables.facts import MU
from landuse.units import m2_to_mu

FIGURES = (
    ("fixed_invest_wan", "fixed_wan_per_mu", "intensity_land_m2", "coverage_mu"),
    ("total_invest_wan", "total_wan_per_mu", "intensity_total_land_m2", "coverage_total_mu"),
    ("output_wan", "output_wan_per_mu", "output_land_m2", "coverage_output_mu"),
    ("tax_wan", "tax_wan_per_mu", "tax_land_m2", "coverage_tax_mu"),
    ("jobs", "jobs_per_mu", "jobs_land_m2", "coverage_jobs_mu"),
)
"""Figure of projects, its ratio, the land behind it [m2] and the same [mu]."""

__all__ = ["zone_facts"]


def zone_facts(
    zones: gpd.GeoDataFrame | None,
    parcels: pd.DataFrame,
    projects: pd.DataFrame,
    money: Money,
    joins: Joins,
) -> pd.DataFrame:
    """Return the facts of each zone.

    Parameters
    ----------
    zones : GeoDataFrame, optional
        Table ``zones``; without it, the zones that parcels and projects name.
    parcels, projects : DataFrame
        Their facts, with settled zones and areas.
    money : Money
        Of each project [wan].
    joins : Joins
        The links.

    Returns
    -------
    DataFrame
        Columns of ``zone_facts``, indexed by zone_id.

    Notes
    -----
    Land counts where a project is linked to every parcel it names and the ledger itself gives both ends of
    its figure; a joint site counts only if all its projects do. A project's zone decides; where it is not
    known, or a joint site's projects are of several zones, the parcels' zones do, and money goes by share.
    What the parcels alone say of their zone is in ``land_facts``.
    """
    if zones is None or not len(zones):
        named = set(parcels["zone_id"].dropna()) | set(projects["zone_id"].dropna())
        facts = pd.DataFrame(index=pd.Index(sorted(named), dtype="str", name="zone_id"))
    else:
        facts = pd.DataFrame(
            {
                "name": zones["name"],
                "zone_class": zones["zone_class"],
                "area_m2": ellipsoid_area(zones.geometry),
            },
            index=zones.index,
        )
        facts["area_mu"] = m2_to_mu(facts["area_m2"].to_numpy())
    count = len(facts)
    of_parcel, of_project = (_positions(facts.index, t["zone_id"]) for t in (parcels, projects))
    area = parcels["area_used_m2"].to_numpy(dtype=np.float64)
    facts["parcels"] = np.bincount(of_parcel[of_parcel >= 0], minlength=count)
    facts["parcel_land_mu"] = m2_to_mu(sums(of_parcel[of_parcel >= 0], area[of_parcel >= 0], count))
    facts["projects"] = np.bincount(of_project[of_project >= 0], minlength=count)
    figures = money.figures | {"jobs": exactly(projects["jobs"].to_numpy(dtype=np.float64))}
    for stem, per_mu, land, coverage in FIGURES:
        covered = _covered(money.read.get(stem, figures[stem].finite), joins)
        summed, ground = _placed(figures[stem], covered, joins, of_project, of_parcel, area, count)
        here = ground.high > 0.0
        summed, ground = summed.only(here), ground.only(here)
        columns: dict[str, Any] = columns_of(stem, summed) | columns_of(land, ground)
        columns |= columns_of(per_mu, ratio(summed, ground, float(MU)))
        columns[coverage] = m2_to_mu(np.nan_to_num(ground.low))
        if stem == "fixed_invest_wan":
            there = of_project[covered & (of_project >= 0)]
            columns["covered_projects"] = np.bincount(there, minlength=count)
        facts = facts.assign(**columns)
    return facts.assign(**land_facts(parcels, of_parcel, count))


def _positions(index: pd.Index, values: pd.Series) -> Ints:
    at = np.asarray(index.get_indexer(pd.Index(values)), dtype=np.int64)
    return np.where(values.isna().to_numpy(), -1, at)


def _covered(read: Flags, joins: Joins) -> Flags:
    """Return the projects whose money and land are both known, together with their whole unit."""
    linked = joins.unit_of_project >= 0
    bad_project = np.zeros(len(read), dtype=bool)
    bad_project[joins.project[~joins.complete]] = True
    bad_project |= ~read
    bad_unit = np.zeros(joins.units + 1, dtype=bool)
    bad_unit[joins.unit_of_project[linked & bad_project]] = True
    return linked & ~bad_unit[joins.unit_of_project]


def _placed(
    figure: Pair,
    covered: Flags,
    joins: Joins,
    of_project: Ints,
    of_parcel: Ints,
    area: Floats,
    count: int,
) -> tuple[Pair, Pair]:
    """Return money [wan] and land [m2] by zone."""
    members = np.flatnonzero(covered)
    unit = joins.unit_of_project[members]
    low = np.full(joins.units + 1, count, dtype=np.int64)
    high = np.full(joins.units + 1, -1, dtype=np.int64)
    np.minimum.at(low, unit, of_project[members])
    np.maximum.at(high, unit, of_project[members])
    zone_of_unit = np.where((low == high) & (low >= 0), high, -1)
    whole = members[zone_of_unit[unit] >= 0]
    zone_of_whole = zone_of_unit[joins.unit_of_project[whole]]

    link = np.flatnonzero(covered[joins.project])
    zone = zone_of_unit[joins.unit[link]]
    by_parcel = link[(zone < 0) & (of_parcel[joins.parcel[link]] >= 0)]
    zone_of_part = of_parcel[joins.parcel[by_parcel]]
    invested = [
        sums(zone_of_whole, end[whole], count)
        + sums(zone_of_part, end[joins.project[by_parcel]] * joins.share[by_parcel], count)
        for end in figure
    ]
    zone = np.where(zone < 0, of_parcel[joins.parcel[link]], zone)
    here = zone >= 0
    land = area[joins.parcel[link[here]]]
    ground = [sums(zone[here], land * end[link[here]], count) for end in joins.part]
    return Pair(invested[0], invested[1]), Pair(ground[0], ground[1])
