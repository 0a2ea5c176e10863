"""What the year's plan can draw on: quotas with their parts and blocks of the reserve, in whole units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import pandas as pd

from landuse.errors import PlanError

__all__ = [
    "UNITS_PER_MU",
    "Block",
    "Limit",
    "blocks_of",
    "limits_of",
    "plan_year",
    "units",
    "units_to_mu",
]

UNITS_PER_M2 = 30_000
UNITS_PER_MU = 20_000_000
"""Land is counted in 1/30000 m2, so that square metres, mu and hectares are all whole."""
PARENTS = {"farmland": ("new_construction",), "cultivated": ("farmland", "new_construction")}
"""Which resource a part may stand within."""
GRANTED = ("stock", "new_construction", "hook_turnover")
"""The resources that land is granted from."""


def units(area_m2: float) -> int:
    """Return an area [m2] in whole units of 1/30000 m2, the nearest.

    Examples
    --------
    >>> units(20000 / 3) == 10 * UNITS_PER_MU
    True
    """
    return round(area_m2 * UNITS_PER_M2)


def units_to_mu(land: int) -> float:
    """Return units of land as [mu]."""
    return land / UNITS_PER_MU


@dataclass(frozen=True)
class Limit:
    """A row of the quota: how much of a resource (or of its part) a zone, or the whole city, may use."""

    zone: str | None
    resource: str
    most: int

    def binds(self, zone: str | None) -> bool:
        """Say whether it bounds the grants in a zone."""
        return self.zone is None or self.zone == zone


@dataclass(frozen=True)
class Block:
    """A block of the reserve; ``available`` says whether it can be supplied within the year."""

    block: str
    zone: str | None
    area: int
    available: bool
    known: bool


def plan_year(quota: pd.DataFrame, year: int | None, as_of: date | None) -> int:
    """Return the year of the plan: the one asked for, else the only one of the quota, else that of ``as_of``.

    Raises
    ------
    PlanError
        Where the quota holds several years and none is named, does not hold the one named, or is empty and
        there is no date.
    """
    years = sorted({int(y) for y in quota["year"]})
    listed = ", ".join(map(str, years))
    if year is not None:
        if years and year not in years:
            raise PlanError(
                f"the quota has no rows for {year}; it has {listed}",
                key="quota",
                remedy="give the rows of that year, or the as-of date of the year to plan",
            )
        return year
    if len(years) > 1:
        raise PlanError(
            f"the quota holds several years: {listed}", key="year", remedy="name the year to plan"
        )
    if years:
        return years[0]
    if as_of is None:
        raise PlanError("the quota is empty and no year is named", key="year", remedy="name the year to plan")
    return as_of.year


def limits_of(quota: pd.DataFrame, year: int) -> tuple[Limit, ...]:
    """Return the limits of a year, those of the city first, then by zone.

    Raises
    ------
    PlanError
        Where two rows bound the same, a quota is endless, a part stands within what it cannot be part of, or
        a quota is given for what is not granted as land.
    """
    found: dict[tuple[str | None, str], Limit] = {}
    for row in quota[quota["year"] == year].to_dict("records"):
        zone, resource = _text(row["zone_id"]), str(row["resource"])
        _refuse_row(row, resource)
        if (zone, resource) in found:
            raise _refusal(
                row,
                f"a second quota of {resource} for {zone or 'the whole city'} in {year}",
                "add the two up or leave one out",
            )
        found[zone, resource] = Limit(zone, resource, units(row["quota_m2"]))
    return tuple(sorted(found.values(), key=lambda x: (x.zone is not None, x.zone or "", x.resource)))


def _refuse_row(row: dict[str, Any], resource: str) -> None:
    within = _text(row["within"])
    if resource not in (*GRANTED, *PARENTS):
        raise _refusal(row, f"a quota of {resource}, which takes no land", "leave the row out")
    if not isfinite(row["quota_m2"]):
        raise _refusal(row, f"an endless quota of {resource}", "give the figure")
    if within is not None and within not in PARENTS.get(resource, ()):
        parents = " or ".join(PARENTS.get(resource, ())) or "nothing"
        raise _refusal(row, f"{resource} within {within}", f"{resource} can be part of {parents}")


def _refusal(row: dict[str, Any], what: str, remedy: str) -> PlanError:
    number = row["source_row"]
    return PlanError(
        what,
        file=_text(row["source_file"]),
        row=None if pd.isna(number) else int(number),
        key="quota",
        remedy=remedy,
    )


def blocks_of(reserve: pd.DataFrame, year: int) -> tuple[Block, ...]:
    """Return the blocks of the reserve by id; one whose first day of supply is unknown is not available."""
    last = pd.Timestamp(year, 12, 31)
    blocks = (
        Block(
            str(row["block_id"]),
            _text(row["zone_id"]),
            units(row["area_m2"]),
            available=bool(pd.notna(row["available_on"]) and row["available_on"] <= last),
            known=bool(pd.notna(row["available_on"])),
        )
        for row in reserve[["zone_id", "area_m2", "available_on"]].reset_index().to_dict("records")
    )
    return tuple(sorted(blocks, key=lambda b: b.block))


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
