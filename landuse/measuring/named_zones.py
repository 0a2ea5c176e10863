"""Zones that a list names, by id or by name."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from landuse.measuring.zones import STRANGE, ZoneBook, id_texts
from landuse.tables import issues_at

__all__ = ["settle_hooks"]


def settle_hooks(
    hooks: pd.DataFrame, zones: gpd.GeoDataFrame | None
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Settle which zones the list of hook projects speaks of.

    Parameters
    ----------
    hooks : DataFrame
        Table ``hooks``.
    zones : GeoDataFrame or None
        Table ``zones``; without it whatever the list names is taken as an id.

    Returns
    -------
    hooks : DataFrame
        With ``zone_id`` as in ``zones``; a name that is not known there is kept, and said.
    issues : list of dict
        Rows for the table ``issues``.
    """
    book = ZoneBook(zones)
    named = book.find(hooks["zone_id"])
    issues = issues_at(
        "hook_zone_not_known",
        "kept",
        hooks,
        named == STRANGE,
        field="zone_id",
        words=lambda at: {"raw": hooks["zone_id"].iloc[at]},
    )
    return hooks.assign(zone_id=pd.array(id_texts(book, named, hooks["zone_id"]), dtype="str")), issues
