"""Judge what an old run read as a new run would: what two runs are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from landuse.inspecting import flag_doubled
from landuse.measuring import measure
from landuse.measuring.area import measure_areas
from landuse.policy import Policy
from landuse.screening import judge, screen
from landuse.tables import FACT_TABLES, ISSUES, Facts, Links, Result, Step

__all__ = ["judge_again"]


def judge_again(old: Result, new: Result, policies: Sequence[Policy]) -> dict[str, Step]:
    """Judge what an old run read as a new run would: under its rules, with its area basis, on its date.

    Parameters
    ----------
    old, new : Result
        Two finished runs.
    policies : sequence of Policy
        Those of the new run, in its order.

    Returns
    -------
    dict of str to Step
        ``rule``: the old facts under the new policies. ``setting``, where the area basis is another one: the
        old files measured anew. ``time``, where the date is another one: the same on the new date.
    """
    area, before = (r.ledger.get("area", "stated") for r in (new, old))
    subjects = {s: _with_columns(old.tables[f"{s}_facts"], new.tables[f"{s}_facts"]) for s in FACT_TABLES}
    facts = Facts(subjects["parcel"], subjects["project"], subjects["zone"], old.as_of)
    steps = {"rule": _step(facts, policies)}
    if area != before:
        steps["setting"] = _step(_measured_again(old, policies, area, old.as_of), policies)
    if new.as_of != old.as_of:
        steps["time"] = _step(_measured_again(old, policies, area, new.as_of), policies)
    return steps


def _step(facts: Facts, policies: Sequence[Policy]) -> Step:
    return Step(facts, judge(screen(facts, policies), policies))


def _measured_again(run: Result, policies: Sequence[Policy], area: str, as_of: date) -> Facts:
    """Measure the parcels, projects and zones that a run read, with another area basis or on another day."""
    tables = run.tables
    parcels, zones = tables["parcels"], tables["zones"] if len(tables["zones"]) else None
    links = Links(tables["links"], tables["unlinked"], ISSUES.empty(), {}, tables["link_review"])
    own = [fact for policy in policies for fact in policy.facts]
    areas = measure_areas(parcels, basis=area)
    facts = measure(
        parcels, tables["projects"], links, zones=zones, as_of=as_of, areas=areas, own_facts=own
    )  # fmt: skip
    return flag_doubled(facts, tables["geometry_faults"], links.table)[0]


def _with_columns(facts: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return facts with the columns of other facts; what they do not know is missing."""
    lacking = [c for c in other.columns if c not in facts]
    return facts if not lacking else facts.join(other[lacking].iloc[:0])
