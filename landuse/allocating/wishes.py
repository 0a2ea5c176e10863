"""Who competes for land, with how much of what, and what each is worth to the objective."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf, isfinite, isnan
from typing import Any

import pandas as pd

from landuse.allocating.quota import units
from landuse.errors import PlanError, TableError, nearest
from landuse.tables import FACT_TABLES, VERDICTS, Table
from landuse.tables.table import with_key

__all__ = ["COMPETES", "Wish", "wishes_of"]

COMPETES = "competes"
PER_UNIT = 1_000_000
"""Facts are taken to the millionth of their unit: money, held in wan, to the fen."""


@dataclass(frozen=True)
class Wish:
    """A project as the plan sees it.

    ``standing`` is ``competes``, or the kind of reason why it does not. ``land`` and its parts are the most
    they can be, in whole units; ``worth`` is its contribution to the objective, and ``unknown`` names the
    facts that were unknown and count 0 in it.
    """

    project: str
    zone: str | None
    standing: str
    reason: str
    route: str | None
    land: int = 0
    land_low: int = 0
    farmland: int = 0
    cultivated: int = 0
    worth: Fraction = Fraction(0)
    unknown: tuple[str, ...] = ()


def wishes_of(candidates: pd.DataFrame, objective: Mapping[str, float]) -> tuple[Wish, ...]:
    """Return the candidates by id.

    Parameters
    ----------
    candidates : DataFrame
        Table ``candidates`` with the facts that the objective names.
    objective : mapping of str to float
        Weight by fact: a column, or the stem of a low/high pair, of which the low counts.

    Raises
    ------
    PlanError
        Where a fact is unknown or no number, or a weight is negative or no number.
    TableError
        Where a verdict is none of the known ones.
    """
    columns = {fact: _column(fact, candidates) for fact in _weights(objective)}
    worths = _weights(objective)
    rows = with_key(candidates).to_dict("records")
    return tuple(sorted((_wish(row, columns, worths) for row in rows), key=lambda wish: wish.project))


def _weights(objective: Mapping[str, float]) -> dict[str, Fraction]:
    if not objective:
        raise PlanError(
            "the objective names no fact",
            key="allocate.objective",
            remedy="name one with its weight, such as fixed_invest_wan = 1.0; weight 0: most projects",
        )
    weights = {}
    for fact, weight in objective.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < inf:
            raise PlanError(
                f"weight {weight!r} of {fact} is not a number of 0 or more", key="allocate.objective"
            )
        weights[fact] = Fraction(str(weight))
    return weights


def _column(fact: str, candidates: pd.DataFrame) -> str | None:
    """Return the column that a fact counts by; None where there is no candidate that could hold it."""
    table = FACT_TABLES["project"]
    here = {c for c in candidates.columns if pd.api.types.is_numeric_dtype(candidates[c].dtype)}
    here -= {c for c in candidates.columns if pd.api.types.is_bool_dtype(candidates[c].dtype)}
    for column in (f"{fact}_low", fact):
        if column in here:
            return column
    known = {_stem(c, here) for c in here} | _numbers(table)
    if candidates.empty and fact in known:
        return None
    guess = nearest(fact, known)
    remedy = f"did you mean {guess}?" if guess and guess != fact else "the candidates must carry it"
    raise PlanError(f"no fact {fact} of projects that is a number", key="allocate.objective", remedy=remedy)


def _stem(column: str, columns: set[str]) -> str:
    stem = column.removesuffix("_low").removesuffix("_high")
    return stem if {f"{stem}_low", f"{stem}_high"} <= columns else column


def _numbers(table: Table) -> set[str]:
    names = {c for c, about in table.columns.items() if str(about.dtype) in ("float64", "int64", "Int64")}
    return {_stem(c, names) for c in names}


def _wish(row: dict[str, Any], columns: dict[str, str | None], weights: dict[str, Fraction]) -> Wish:
    standing = _standing(row)
    wish = Wish(
        project=str(row["project_id"]),
        zone=_text(row["zone_id"]),
        standing=standing,
        reason=_text(row["reason"]) or "",
        route=_text(row["route"]),
    )
    if standing != COMPETES:
        return wish
    land = units(row["requested_m2_high"])
    low = row["requested_m2_low"]
    farmland = _part(row["farmland_m2_high"], land)
    values = {fact: row[column] for fact, column in columns.items() if column}
    unknown = tuple(f for f, v in values.items() if pd.isna(v) and weights[f] > 0)
    worth = sum((weights[f] * round(v * PER_UNIT) for f, v in values.items() if not pd.isna(v)), Fraction(0))
    return Wish(
        project=wish.project,
        zone=wish.zone,
        standing=standing,
        reason=wish.reason,
        route=wish.route,
        land=land,
        land_low=0 if isnan(low) else units(low),
        farmland=farmland,
        cultivated=_part(row["cultivated_m2_high"], farmland),
        worth=worth / PER_UNIT,
        unknown=unknown,
    )


def _standing(row: dict[str, Any]) -> str:
    verdict = _text(row["verdict"]) or "undecided"
    if verdict not in VERDICTS["project"]:
        raise TableError(
            f"verdict {verdict!r} is not one of {', '.join(VERDICTS['project'])}",
            row=str(row["project_id"]),
            key="verdict",
        )
    if verdict != "separate_land":
        return verdict
    asking, wanted = row["asking"], row["requested_m2_high"]
    if pd.isna(asking):
        return "asking_unknown"
    if not asking:
        return "has_land"
    if isnan(wanted):
        return "request_unknown"
    if not isfinite(wanted):
        return "request_open"
    return COMPETES if units(wanted) > 0 else "request_none"


def _part(most: float, whole: int) -> int:
    """Return the most that a part can be: the whole, where the part is unknown."""
    return whole if not isfinite(most) else min(units(most), whole)


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
