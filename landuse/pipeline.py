"""The order of the verbs: inspect, link, measure, screen, judge, supervise, score, consolidate, allocate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from landuse import ledger
from landuse.allocating import allocate
from landuse.consolidating import consolidate
from landuse.inspecting import fault_issues, flag_doubled, inspect
from landuse.linking import link
from landuse.measuring import measure, settle_hooks, settle_means, settle_zones
from landuse.measuring.area import Areas, measure_areas
from landuse.measuring.zones import Places
from landuse.policy import Policy
from landuse.scoring import ClassRules, ScoreRules, class_firms, quota_factors, score
from landuse.screening import judge, screen
from landuse.supervising import supervise
from landuse.tables import (
    CANDIDATES,
    CLASS_COUNTS,
    FIRM_STATUS,
    ISSUES,
    QUOTA,
    REJECTED,
    RESERVE,
    ZONES,
    Allocation,
    Blocks,
    Facts,
    Findings,
    Links,
    Reading,
    Scores,
    Status,
    issue,
    issue_table,
    stack,
)
from landuse.units import m2_to_mu

SUBJECTS = ("parcel", "project", "zone")
VERBS = ("inspect", "link", "measure", "screen", "supervise", "score", "consolidate", "allocate")

__all__ = ["VERBS", "Inputs", "Outcome", "Settings", "candidates_of", "run_verbs"]


@dataclass(frozen=True)
class Inputs:
    """What was read: parcels and projects always, the rest where the plan names it."""

    parcels: Reading
    projects: Reading
    zones: Reading | None = None
    quota: Reading | None = None
    reserve: Reading | None = None
    corrections: Reading | None = None
    renames: Reading | None = None
    hooks: Reading | None = None

    def readings(self) -> list[Reading]:
        """Return every reading there is."""
        books = (self.quota, self.reserve, self.corrections, self.renames, self.hooks)
        several = (self.parcels, self.projects, self.zones, *books)
        return [r for r in several if r is not None]


@dataclass(frozen=True)
class Settings:
    """What the plan decides.

    ``area`` is the basis (stated, ellipsoid, planar), ``names`` what a name alone may link, ``footprints``
    the parcels under a footprint that count (all, largest), ``inspect`` the limits of that verb, ``months``
    how far the calendar of what falls due looks ahead, ``gap_m`` and ``min_mu`` shape the blocks,
    ``zone_scores`` and ``firm_classes`` say how zones are scored and firms classed, None not at all,
    ``quota_bases`` holds next year's quotas of zones before any factor [m2], ``objective`` weighs facts of
    projects in the annual plan.
    """

    as_of: date
    policies: Sequence[Policy]
    area: str = "stated"
    names: str = "review"
    footprints: str = "all"
    inspect: Mapping[str, float] = field(default_factory=dict)
    months: int = 3
    gap_m: float = 0.0
    min_mu: float = 0.0
    objective: Mapping[str, float] = field(default_factory=lambda: {"fixed_invest_wan": 1.0})
    stock_first: bool = True
    year: int | None = None
    zone_scores: ScoreRules | None = None
    firm_classes: ClassRules | None = None
    quota_bases: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """Every table of the run, and its accounts."""

    tables: dict[str, pd.DataFrame]
    accounts: dict[str, Any]


def run_verbs(inputs: Inputs, settings: Settings, *, step: Callable[[str], None] = lambda _: None) -> Outcome:
    """Run the verbs over what was read.

    Parameters
    ----------
    inputs : Inputs
        All geometry in one working coordinate system.
    settings : Settings
        As-of date, policies and the plan's choices.
    step : callable, optional
        Called with the name of each verb before it runs (``VERBS`` in order).

    Returns
    -------
    Outcome
        The tables of ``landuse.tables.RUN_TABLES`` by name, and the accounts of rows, money and land.

    Raises
    ------
    LanduseError
        What a verb refuses.
    """
    parcels, projects = inputs.parcels.table, inputs.projects.table
    zones = inputs.zones.table if inputs.zones else None
    step("inspect")
    faults = inspect(parcels, **settings.inspect)
    step("link")
    areas = measure_areas(parcels, basis=settings.area)
    places, named = settle_zones(parcels, projects, zones, areas.table["area_m2"].to_numpy(dtype=np.float64))
    links = _link(inputs, settings, areas.table["area_used_m2"], named)
    step("measure")
    facts = _measure(inputs, settings, links, areas, places)
    facts, doubled_m2 = flag_doubled(facts, faults, links.table)
    step("screen")
    findings = screen(facts, settings.policies)
    status = judge(findings, settings.policies)
    step("supervise")
    watched = supervise(
        parcels,
        facts,
        status,
        deadlines={p.id: p.deadlines for p in settings.policies},
        months=settings.months,
    )
    step("score")
    scored = _score(inputs, settings, findings, status)
    step("consolidate")
    placed = parcels.assign(zone_id=facts.parcels["zone_id"])
    blocks = consolidate(placed, status, gap_m=settings.gap_m, min_mu=settings.min_mu)
    step("allocate")
    plan, quota, reserve, said = _plan_the_year(inputs, settings, facts, status)
    readings = inputs.readings()
    found = [fault_issues(parcels, faults)]
    found += [verb.issues for verb in (links, facts, findings, watched, scored)]
    tables = {
        "parcels": parcels,
        "projects": projects,
        "zones": zones if zones is not None else ZONES.empty(crs=parcels.crs),
        "links": links.table,
        "link_review": links.review,
        "unlinked": links.unlinked,
        **{f"{subject}_facts": facts.of(subject) for subject in SUBJECTS},
        "findings": findings.table,
        **{f"{subject}_status": status.of(subject) for subject in SUBJECTS},
        **watched.tables(),
        **scored.tables,
        "blocks": blocks.table,
        "block_members": blocks.members,
        "grants": plan.grants,
        "quota": quota,
        "reserve": reserve,
        "geometry_faults": faults,
        "issues": stack([*(r.issues for r in readings), *found, issue_table(said)], ISSUES),
        "rejected": stack([r.rejected for r in readings], REJECTED),
    }
    accounts = _accounts(tables, links, facts, blocks, plan)
    accounts["land"]["doubled_mu"] = m2_to_mu(doubled_m2)
    accounts["supervision"] = {"until": watched.until.isoformat()}
    return Outcome(tables, accounts)


def _measure(inputs: Inputs, settings: Settings, links: Links, areas: Areas, places: Places) -> Facts:
    return measure(
        inputs.parcels.table,
        inputs.projects.table,
        links,
        zones=inputs.zones.table if inputs.zones else None,
        as_of=settings.as_of,
        areas=areas,
        places=places,
        own_facts=[fact for policy in settings.policies for fact in policy.facts],
    )


def _link(
    inputs: Inputs, settings: Settings, areas_m2: pd.Series, zones: tuple[pd.Series, pd.Series]
) -> Links:
    return link(
        inputs.parcels.table,
        inputs.projects.table,
        corrections=inputs.corrections.table if inputs.corrections else None,
        areas=areas_m2,
        names=settings.names,
        footprints=settings.footprints,
        renames=inputs.renames.table if inputs.renames else None,
        zones=zones,
    )


def _score(inputs: Inputs, settings: Settings, findings: Findings, status: Status) -> Scores:
    """Score zones, class firms, multiply quotas; hook projects are brought to the zones that they name."""
    facts, hooks = findings.facts, None
    said: list[dict[str, Any]] = []
    if inputs.hooks is not None:
        hooks, said = settle_hooks(inputs.hooks.table, inputs.zones.table if inputs.zones else None)
    found = [
        score(facts, status, hooks=hooks, rules=settings.zone_scores),
        quota_factors(findings, status, settings.policies, bases=settings.quota_bases),
    ]
    tables = {"firm_status": FIRM_STATUS.empty(), "class_counts": CLASS_COUNTS.empty()}
    if settings.firm_classes is not None:
        found.append(class_firms(facts, inputs.projects.table, rules=settings.firm_classes))
    for one in found:
        tables |= one.tables
    return Scores(tables, stack([issue_table(said), *(one.issues for one in found)], ISSUES))


def _plan_the_year(
    inputs: Inputs, settings: Settings, facts: Facts, status: Status
) -> tuple[Allocation, pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Return the annual plan, quota and reserve with their zones settled, and what is to be said of them."""
    zones = inputs.zones.table if inputs.zones else None
    quota = inputs.quota.table if inputs.quota else QUOTA.empty()
    reserve = inputs.reserve.table if inputs.reserve else RESERVE.empty(crs=inputs.parcels.table.crs)
    quota, reserve, said = settle_means(quota, reserve, zones)
    plan = allocate(
        candidates_of(facts, status),
        quota,
        blocks=reserve,
        objective=settings.objective,
        stock_first=settings.stock_first,
        year=settings.year,
        as_of=settings.as_of,
    )
    return plan, quota, reserve, said + _other_year(inputs.quota, settings)


def _other_year(quota: Reading | None, settings: Settings) -> list[dict[str, Any]]:
    """Say that the only year of the quota is not the year of the as-of date."""
    years = [] if quota is None else sorted(set(quota.table["year"]))
    if settings.year is not None or len(years) != 1 or years[0] == settings.as_of.year:
        return []
    file = None if quota is None else next((s.path for s in quota.sources), None)
    year = int(years[0])
    said = issue(
        "quota_of_other_year", "kept", file=file, field="year", raw=year, year=year, as_of=settings.as_of
    )
    return [said]


def _accounts(
    tables: Mapping[str, pd.DataFrame], links: Links, facts: Facts, blocks: Blocks, plan: Allocation
) -> dict[str, Any]:
    """Account for money, land and rows; say how the plan was proven."""
    return {
        "money": ledger.money_account(tables["projects"], links),
        "land": ledger.land_account(facts.parcels["area_used_m2"], links),
        "sources": ledger.source_accounts(
            tables["projects"], tables["parcels"], facts.parcels["area_used_m2"], links
        ),
        "rows": _rows(tables, links),
        "blocks_under_min_mu": dict(blocks.small),
        "allocation": {
            "objective": plan.objective,
            "bound": plan.bound,
            "gap": plan.gap,
            "usage": _records(plan.usage),
            "alternatives": _records(plan.alternatives),
        },
    }


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows as they may stand in a JSON file: a missing value is None."""
    rows: list[dict[Any, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows


def candidates_of(facts: Facts, status: Status) -> pd.DataFrame:
    """Return the projects as the annual plan sees them: facts beside the headline verdict.

    Parameters
    ----------
    facts : Facts
        Of ``screen``.
    status : Status
        Of ``judge``; where no policy speaks of projects, all are undecided.

    Returns
    -------
    DataFrame
        Table ``candidates`` with all money facts.
    """
    headline = status.projects[status.projects["headline"]].set_index("subject_id")
    verdicts = headline[["verdict", "route", "reason"]].reindex(facts.projects.index)
    verdicts["verdict"] = verdicts["verdict"].fillna("undecided")
    verdicts["route"] = verdicts["route"].fillna("review")
    return CANDIDATES.conform(facts.projects.join(verdicts))


def _rows(tables: Mapping[str, pd.DataFrame], links: Links) -> dict[str, dict[str, int]]:
    def count(*names: str) -> dict[str, int]:
        return {name: len(tables[name]) for name in names}

    return {
        "inspect": {"in": len(tables["parcels"])} | count("geometry_faults"),
        "link": dict(links.accounts),
        "measure": {"in": len(tables["parcels"])} | count("parcel_facts", "project_facts", "zone_facts"),
        "screen": count("findings"),
        "judge": count("parcel_status", "project_status", "zone_status"),
        "supervise": {"in": len(tables["parcels"])}
        | count("supervision", "obligations", "calendar", "overdue_holders"),
        "score": count("zone_scorecards", "zone_scores", "firm_status", "incentives", "zone_hooks"),
        "consolidate": count("blocks", "block_members"),
        "allocate": {"in": len(tables["projects"])} | count("grants"),
    }
