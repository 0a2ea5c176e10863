"""Money over land: what the ledger leaves open, parcels, projects, joint sites. Ratios of sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label
from landuse.measuring.joins import Joins
from landuse.measuring.pairs import (
    Flags,
    Floats,
    Ints,
    Pair,
    choose,
    columns_of,
    exactly,
    pair_of,
    ratio,
    spread,
    sums,
    total,
)
from landuse.tables import MONEY, issues_at
from landuse.tables.facts import MU
from landuse.units import WAN_PER_MU_CEILING, WAN_PER_MU_FLOOR, fen

RATIOS = {
    "fixed_wan_per_mu": ("intensity_fixed_wan", "fixed_invest_wan"),
    "total_wan_per_mu": ("intensity_total_wan", "total_invest_wan"),
    "output_wan_per_mu": ("intensity_output_wan", "output_wan"),
    "tax_wan_per_mu": ("intensity_tax_wan", "tax_wan"),
}
"""Each ratio with its numerator column and the money it is made of."""

__all__ = [
    "RATIOS",
    "Land",
    "Money",
    "complete_money",
    "intensities",
    "land_of_parcels",
    "land_of_projects",
    "land_of_units",
    "money_of_parcels",
    "out_of_range",
    "over_land",
]


@dataclass(frozen=True)
class Money:
    """The money of each project, completed, and whether the ledger itself gives both ends of a figure."""

    figures: dict[str, Pair]
    read: dict[str, Flags]


@dataclass(frozen=True)
class Land:
    """Land [m2] that ratios are taken over, and the same land by the other area bases."""

    used: Pair
    other: Pair


def complete_money(projects: pd.DataFrame) -> tuple[Money, list[dict[str, Any]]]:
    """Say what the ledger leaves open: fixed assets are part of the total.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``, amounts in [wan].

    Returns
    -------
    money : Money
        Missing fixed assets under a known total lie in 0 to total, a missing total over known fixed assets
        has no upper end, and where both are known each narrows the other. Fixed assets that must be more
        than the total make both unknown.
    issues : list of dict
        ``fixed_over_total``.
    """
    figures = {stem: pair_of(projects, stem) for stem in MONEY}
    whole, fixed = figures["total_invest_wan"], figures["fixed_invest_wan"]
    against = fen(fixed.low) > fen(whole.high)
    read = {stem: figures[stem].finite & ~against for stem in ("total_invest_wan", "fixed_invest_wan")}
    open_fixed = Pair(np.where(whole.known, 0.0, np.nan), whole.high)
    open_whole = Pair(fixed.low, np.where(fixed.known, np.inf, np.nan))
    figures["fixed_invest_wan"] = choose(
        fixed.known, Pair(fixed.low, np.fmax(np.fmin(fixed.high, whole.high), fixed.low)), open_fixed
    ).only(~against)
    figures["total_invest_wan"] = choose(
        whole.known, Pair(np.fmin(np.fmax(whole.low, fixed.low), whole.high), whole.high), open_whole
    ).only(~against)

    def words(at: Any) -> dict[str, Any]:
        said = {"fixed": _said(fixed, at), "total": _said(whole, at)}
        return {"raw": said["fixed"], "project": projects.index[at]} | said

    issues = issues_at("fixed_over_total", "kept", projects, against, field="fixed_invest_wan", words=words)
    return Money(figures, read), issues


def land_of_units(joins: Joins, areas: pd.DataFrame) -> Land:
    """Return the land [m2] of each unit, every parcel once; open above where parcels it names are missing."""
    short = np.bincount(joins.unit[~joins.complete], minlength=joins.units) > 0

    def summed(low: str, high: str) -> Pair:
        least = sums(joins.unit, areas[low].to_numpy()[joins.parcel] * joins.part.low, joins.units)
        most = sums(joins.unit, areas[high].to_numpy()[joins.parcel] * joins.part.high, joins.units)
        return Pair(least, np.where(short, np.inf, most))

    return Land(summed("area_used_m2", "area_used_m2"), summed("alt_low_m2", "alt_high_m2"))


def land_of_projects(projects: pd.DataFrame, joins: Joins, of_units: Land, *, lost: Flags) -> Land:
    """Return the land [m2] of each project: of its unit, else the land it asks for.

    ``lost`` are projects that name parcels, or lie on some, and could be linked to none: what land they stand
    on is not known, whatever they ask for.
    """
    requested = pair_of(projects, "requested_m2")
    requested = requested.only((requested.high > 0.0) & ~lost)
    linked = joins.unit_of_project >= 0
    return Land(
        choose(linked, spread(of_units.used, joins.unit_of_project), requested),
        choose(linked, spread(of_units.other, joins.unit_of_project), requested),
    )


def land_of_parcels(joins: Joins, of_units: Land, areas: pd.DataFrame) -> Land:
    """Return the land [m2] that each parcel's ratios are taken over: its own, or its joint site's."""
    used = exactly(areas["area_used_m2"].to_numpy(dtype=np.float64))
    other = Pair(areas["alt_low_m2"].to_numpy(), areas["alt_high_m2"].to_numpy())
    joint = ~pd.isna(joins.site_of_parcel)
    return Land(
        choose(joint, spread(of_units.used, joins.unit_of_parcel), used),
        choose(joint, spread(of_units.other, joins.unit_of_parcel), other),
    )


def money_of_parcels(money: Money, joins: Joins, count: int) -> dict[str, Pair]:
    """Return the money [wan] on each parcel: its projects' shares.

    Where a project names parcels that were not found, anything from none of its share up may lie here. What
    is spent and its base are known only where they are for every project.
    """
    figures = {}
    for stem, figure in money.figures.items():
        of_link = figure.at(joins.project)
        with np.errstate(invalid="ignore"):
            high = np.where(joins.share == 0.0, 0.0, joins.share * of_link.high)
        part = Pair(joins.share * of_link.low, high).only(of_link.known)
        strict = stem in ("invested_wan", "planned_wan")
        if strict:
            part = part.only(joins.complete)
        else:
            part = Pair(np.where(joins.complete, part.low, 0.0 * part.low), part.high)
        figures[stem] = total(joins.parcel, part, count, strict=strict)
    return figures


def intensities(
    own: dict[str, Pair], money: Money, joins: Joins, *, unit: Ints, joint: Flags
) -> dict[str, Pair]:
    """Return the numerators of the ratios: a subject's own money, that of the site on a joint site.

    Parameters
    ----------
    own : dict of str to Pair, shape (n,)
        Money of each subject [wan].
    money : Money
        Money of each project.
    joins : Joins
        The links.
    unit : ndarray of int64, shape (n,)
        Unit of each subject, -1 for none.
    joint : ndarray of bool, shape (n,)
        Whether the subject belongs to a joint site.
    """
    members = np.flatnonzero(joins.unit_of_project >= 0)
    of_member = joins.unit_of_project[members]
    numerators = {}
    for numerator, stem in RATIOS.values():
        site = total(of_member, money.figures[stem].at(members), joins.units)
        numerators[numerator] = choose(joint, spread(site, unit), own[stem])
    return numerators


def over_land(numerators: dict[str, Pair], land: Land) -> dict[str, Floats]:
    """Return the columns of money over land: numerators, land, land by other bases, ratios [wan/mu]."""
    usable = land.used.high > 0.0
    used, other = land.used.only(usable), land.other.only(usable)
    columns: dict[str, Floats] = {}
    for stem, figure in numerators.items():
        columns |= columns_of(stem, figure)
    columns |= columns_of("intensity_land_m2", used) | columns_of("intensity_alt_land_m2", other)
    for name, (numerator, _) in RATIOS.items():
        columns |= columns_of(name, ratio(numerators[numerator], used, float(MU)))
    return columns


def out_of_range(projects: pd.DataFrame, columns: dict[str, Floats]) -> list[dict[str, Any]]:
    """Point at projects whose money over land, taken as read, is hardly possible: one issue a project."""
    found: list[dict[str, Any]] = []
    seen = np.zeros(len(projects), dtype=bool)
    for name in ("fixed_wan_per_mu", "total_wan_per_mu"):
        value = Pair(columns[f"{name}_low"], columns[f"{name}_high"])
        odd = value.finite & ((value.high < WAN_PER_MU_FLOOR) | (value.low > WAN_PER_MU_CEILING)) & ~seen
        found += issues_at(
            "intensity_out_of_range",
            "kept",
            projects,
            odd,
            field=name,
            words=partial(_range_words, projects, name, value),
        )
        seen |= odd
    return found


def _range_words(projects: pd.DataFrame, name: str, value: Pair, at: Any) -> dict[str, Any]:
    return {
        "raw": _said(value, at),
        "project": projects.index[at],
        "ratio": label("measured_ratios", name),
        "value": _said(value, at),
        "floor": f"{WAN_PER_MU_FLOOR:g}",
        "ceiling": f"{WAN_PER_MU_CEILING:g}",
    }


def _said(figure: Pair, at: Any) -> str:
    low, high = figure.low[at], figure.high[at]
    return f"{low:.10g}" if low == high else f"{low:.10g}-{high:.10g}"
