"""The finished plan checked afresh from the tables, in plain whole numbers and without the solver."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isclose, isfinite
from typing import Any

import pandas as pd

from landuse.allocating.quota import UNITS_PER_MU, units
from landuse.errors import SolverError
from landuse.tables.table import with_key

__all__ = ["check_plan"]

Rows = dict[str, dict[str, Any]]
PARTS = ("farmland", "cultivated")


def check_plan(
    grants: pd.DataFrame,
    candidates: pd.DataFrame,
    quota: pd.DataFrame,
    reserve: pd.DataFrame,
    *,
    objective: Mapping[str, float],
    value: Fraction,
) -> None:
    """Check a plan against every rule, quota and block, and its objective against the facts.

    Parameters
    ----------
    grants, candidates, quota, reserve : DataFrame
        The tables of those names.
    objective : mapping of str to float
        Weight by fact.
    value : Fraction
        The objective that the plan claims.

    Raises
    ------
    SolverError
        Where anything does not hold.
    """
    projects: Rows = {str(r["project_id"]): r for r in with_key(candidates).to_dict("records")}
    blocks: Rows = {
        str(r["block_id"]): r
        for r in pd.DataFrame(reserve).drop(columns="geometry").reset_index().to_dict("records")
    }
    rows: list[dict[str, Any]] = grants.to_dict("records")
    if sorted(str(r["project_id"]) for r in rows) != sorted(projects):
        raise _broken("not every candidate has one row")
    year = rows[0]["year"] if rows else None
    limits = [r for r in quota.to_dict("records") if r["year"] == year]
    for row in rows:
        _check_row(row, projects[str(row["project_id"])], limits, blocks)
    granted = [(r, projects[str(r["project_id"])]) for r in rows if r["granted"]]
    for limit in limits:
        used = sum(_takes(row, project, limit) for row, project in granted)
        if used > units(limit["quota_m2"]):
            raise _broken(f"{used} units of {limit['resource']} for {limit['zone_id']}")
    for name, block in blocks.items():
        used = sum(units(p["requested_m2_high"]) for r, p in granted if r["block_id"] == name)
        if used > units(block["area_m2"]):
            raise _broken(f"{used} units of block {name}")
    worth = sum((_worth(project, objective) for _, project in granted), Fraction(0))
    if worth != value:
        raise _broken(f"an objective of {float(worth)} instead of {float(value)}")


def _check_row(row: dict[str, Any], project: dict[str, Any], limits: list[Any], blocks: Rows) -> None:
    name = row["project_id"]
    if not row["granted"]:
        if row["mu"] != 0 or not pd.isna(row["rank"]) or not pd.isna(row["block_id"]):
            raise _broken(f"{name} is not granted land and yet has some")
        return
    asked = project["requested_m2_high"]
    if project["verdict"] != "separate_land" or pd.isna(project["asking"]) or not project["asking"]:
        raise _broken(f"{name} may not be granted land")
    if not isfinite(asked) or not isclose(row["mu"] * UNITS_PER_MU, units(asked), rel_tol=1e-12):
        raise _broken(f"{name} is granted {row['mu']} mu of the {asked} m2 it asks for")
    zone = project["zone_id"]
    if row["resource"] == "stock":
        block = blocks.get(str(row["block_id"]))
        if block is None or pd.isna(zone) or block["zone_id"] != zone:
            raise _broken(f"{name} stands on block {row['block_id']}, which is not of its zone")
        if pd.isna(block["available_on"]) or block["available_on"].year > row["year"]:
            raise _broken(f"{name} stands on block {row['block_id']}, which cannot be supplied")
    elif row["resource"] not in ("new_construction", "hook_turnover") or not any(
        r["resource"] == row["resource"] and (pd.isna(r["zone_id"]) or r["zone_id"] == zone) for r in limits
    ):
        raise _broken(f"{name} draws on {row['resource']}, which is not open to it")


def _takes(row: dict[str, Any], project: dict[str, Any], limit: dict[str, Any]) -> int:
    if not pd.isna(limit["zone_id"]) and limit["zone_id"] != project["zone_id"]:
        return 0
    land = units(project["requested_m2_high"])
    if limit["resource"] == row["resource"]:
        return land
    if limit["resource"] not in PARTS or row["resource"] != "new_construction":
        return 0
    for part in PARTS[: PARTS.index(limit["resource"]) + 1]:
        most = project[f"{part}_m2_high"]
        land = min(land, units(most)) if isfinite(most) else land
    return land


def _worth(project: dict[str, Any], objective: Mapping[str, float]) -> Fraction:
    total = Fraction(0)
    for fact, weight in objective.items():
        figure = project[f"{fact}_low"] if f"{fact}_low" in project else project[fact]
        if not pd.isna(figure):
            total += Fraction(str(weight)) * Fraction(round(figure * 10**6), 10**6)
    return total


def _broken(what: str) -> SolverError:
    return SolverError(f"the plan fails its check: {what}", remedy="report this as a bug, with the plan")
