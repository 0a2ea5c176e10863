"""What facts take over as it was read: of a parcel, of a project, and what all projects of a parcel share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.measuring.joins import Joins
from landuse.measuring.pairs import Flags, Ints

OF_PARCEL = (
    "ownership", "ownership_basis", "government_cause", "county_code", "holder", "department", "land_use",
    "supply_mode", "land_grade", "far_min", "far_max",
)  # fmt: skip
_DATES = ("signed_on", "handover_due", "start_due", "started_on", "finish_due", "finished_on")
OF_PROJECT = (
    "holder", "department", "is_new", "industry_code", "industry_std_year", "stage", "jobs", "land_use",
    "supply_mode", "land_grade", "far_min", "far_max", *_DATES, *(f"{day}_period" for day in _DATES),
)  # fmt: skip
SHARED = ("is_new", "industry_code", "industry_std_year", "stage")

__all__ = ["OF_PARCEL", "OF_PROJECT", "SHARED", "shared_by_projects"]


def shared_by_projects(projects: pd.DataFrame, joins: Joins, count: int) -> dict[str, Any]:
    """Return what all projects of each parcel share.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    joins : Joins
        The links.
    count : int
        Number of parcels.

    Returns
    -------
    dict of array
        The columns of ``SHARED``; missing for a parcel without a project, where projects differ, and where
        one of them does not say.
    """
    return {name: _shared(projects[name], joins.project, joins.parcel, count) for name in SHARED}


def _shared(column: pd.Series, project: Ints, parcel: Ints, count: int) -> Any:
    codes, values = pd.factorize(column)
    unsaid = len(values)
    mine = np.where(codes < 0, unsaid, codes)[project]
    low, high = np.full(count, unsaid), np.full(count, -1)
    np.minimum.at(low, parcel, mine)
    np.maximum.at(high, parcel, mine)
    one: Flags = low == high
    absent = pd.array([None], dtype=column.dtype)
    known = pd.concat([pd.Series(values, dtype=column.dtype), pd.Series(absent)], ignore_index=True)
    return known.array[np.where(one, low, unsaid)]
