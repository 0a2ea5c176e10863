"""Facts over the users' own columns: taken over as read, or over the land of their subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from landuse.measuring.joins import Joins
from landuse.measuring.pairs import Pair, choose, columns_of, exactly, pair_of, ratio, spread, total
from landuse.tables import Table
from landuse.tables.facts import MU
from landuse.tables.own_facts import OwnFact, raw_columns

__all__ = ["own_columns", "own_columns_of_zones", "within_sites"]


def own_columns(
    table: pd.DataFrame,
    facts: Iterable[OwnFact],
    *,
    land: Pair,
    gathered: Callable[[Pair], Pair] = lambda figure: figure,
) -> dict[str, Any]:
    """Return the columns of facts of a subject.

    Parameters
    ----------
    table : DataFrame
        ``parcels``, ``projects`` or ``zones`` as read, with the columns of the facts or without.
    facts : iterable of OwnFact
        Of this subject.
    land : Pair
        Land of each row [m2].
    gathered : callable, optional
        Brings a figure to what the land is that of: a joint site's land bears the sum of its projects.

    Returns
    -------
    dict of array
        Columns as read. Of a fact per mu ``<name>_total`` is the figure [unit] and ``<name>`` that figure
        over the land [unit/mu]; unknown where either is.
    """
    found: dict[str, Any] = {}
    for fact in facts:
        columns = raw_columns(fact)
        held = {name: table[name].array for name in columns if name in table}
        raw = Table("own", fact.label, columns).conform(pd.DataFrame(held, index=pd.RangeIndex(len(table))))
        if not fact.per:
            found |= {name: raw[name].array for name in columns}
            continue
        figure = gathered(pair_of(raw, fact.name))
        found |= columns_of(f"{fact.name}_total", figure)
        found |= columns_of(fact.name, ratio(figure, land, float(MU)))
    return found


def own_columns_of_zones(
    zones: pd.DataFrame | None, zone_facts: pd.DataFrame, facts: Iterable[OwnFact]
) -> dict[str, Any]:
    """Return the columns of facts of zones; unknown where there is no table of zones."""
    named = zones is None or not len(zones)
    table = pd.DataFrame(index=zone_facts.index) if named else zones
    area = np.full(len(zone_facts), np.nan) if named else zone_facts["area_m2"].to_numpy(dtype=np.float64)
    return own_columns(table, facts, land=exactly(area))


def within_sites(joins: Joins) -> Callable[[Pair], Pair]:
    """Return what makes of a figure of projects that of their joint sites: the sum, if all are known."""
    joint = ~pd.isna(joins.site_of_project)

    def gathered(figure: Pair) -> Pair:
        members = np.flatnonzero(joins.unit_of_project >= 0)
        site = total(joins.unit_of_project[members], figure.at(members), joins.units, strict=True)
        return choose(joint, spread(site, joins.unit_of_project), figure)

    return gathered
