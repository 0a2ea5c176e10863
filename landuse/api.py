"""run, save, open_run, check, explain: the one place that ties the doors to the pipeline."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from landuse import ledger, pipeline
from landuse.errors import PlanError, RejectedError
from landuse.io import archive
from landuse.io.archive import check_target
from landuse.io.gather import gather
from landuse.io.plan_file import Plan, load_plan
from landuse.pipeline import Inputs, Settings
from landuse.policy import Policy, check_in_force, load_policy, load_text
from landuse.screening import Explanation
from landuse.screening import explain as explain_facts
from landuse.tables import ISSUES, REJECTED, Facts, Result, Source, stack

__all__ = [
    "STEPS",
    "Checked",
    "check",
    "check_target",
    "explain",
    "open_run",
    "run",
    "save",
    "save_check",
]

STEPS = ("read", *pipeline.VERBS, "write")
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
Steps = Callable[[str], None]


@dataclass(frozen=True)
class Checked:
    """What an intake found: the inputs with their row accounts, issues and rejected rows."""

    title: str
    as_of: date | None
    inputs: list[dict[str, Any]]
    issues: pd.DataFrame
    rejected: pd.DataFrame


def run(
    plan: str | os.PathLike[str] | Mapping[str, Any],
    *,
    as_of: date | None = None,
    mapper: Mapper = map,
    step: Steps = lambda _: None,
) -> Result:
    """Run a plan: read, link, measure, screen, judge, consolidate, allocate.

    Parameters
    ----------
    plan : path or dict
        The plan file, or its content (paths then relative to the current folder).
    as_of : date, optional
        Overrules the plan's; one of the two must be given.
    mapper : callable, optional
        Any ``map``: spreads the reading of the files.
    step : callable, optional
        Called with the name of each step before it runs (``STEPS``).

    Returns
    -------
    Result
        Every table, the ledger, the policies' texts.

    Raises
    ------
    LanduseError
        A fault of a file or of the plan, with where it stands and what to do.
    """
    whole = load_plan(plan, as_of=as_of)
    if whole.as_of is None:
        raise PlanError(
            "no as-of date", file=whole.file, key="as_of", remedy="write as_of = 2026-06-30, or give --as-of"
        )
    policies = [load_policy(p) for p in whole.policies]
    check_in_force(policies, whole.as_of, forced=whole.forced)
    step("read")
    inputs = gather(whole, mapper=mapper)
    _limit_rejected(inputs, whole)
    outcome = pipeline.run_verbs(inputs, _settings(whole, policies, inputs), step=step)
    return Result(
        outcome.tables,
        _book(whole, policies, inputs, outcome),
        {p.id: p.text for p in policies},
        whole.title,
        whole.as_of,
    )


def _settings(plan: Plan, policies: list[Policy], inputs: Inputs) -> Settings:
    if plan.as_of is None:
        raise PlanError("no as-of date", file=plan.file, key="as_of")
    years = set() if inputs.quota is None else set(inputs.quota.table["year"])
    return Settings(
        as_of=plan.as_of,
        policies=policies,
        area=plan.measure.area,
        gap_m=plan.consolidate.gap_m,
        min_mu=plan.consolidate.min_mu,
        objective=plan.allocate.objective,
        stock_first=plan.allocate.stock_first,
        year=plan.as_of.year if len(years) != 1 else None,
    )


def _sources(inputs: Inputs) -> tuple[Source, ...]:
    return tuple(s for reading in inputs.readings() for s in reading.sources)


def _limit_rejected(inputs: Inputs, plan: Plan) -> None:
    count = sum(s.rejected for s in _sources(inputs))
    if plan.max_rejected is not None and count > plan.max_rejected:
        first = stack([r.rejected for r in inputs.readings()], REJECTED).iloc[0]
        raise RejectedError(
            f"{count} rows cannot be used, the plan allows {plan.max_rejected}; first: {first['message']}",
            file=first["source_file"],
            row=None if pd.isna(first["row"]) else int(first["row"]),
            key="max_rejected",
            remedy="landuse check lists them all (rejected.csv); mend them, or raise max_rejected",
        )


def _book(plan: Plan, policies: list[Policy], inputs: Inputs, outcome: pipeline.Outcome) -> dict[str, Any]:
    return {
        "title": plan.title,
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "plan": plan.file,
        "notes": list(plan.notes),
        "inputs": ledger.source_rows(_sources(inputs)),
        "working_crs": inputs.parcels.table.crs.to_string(),
        "policies": {p.id: ledger.text_digest(p.text) for p in policies},
        "area": plan.measure.area,
        "approx_rel": plan.measure.approx_rel,
        "gap_m": plan.consolidate.gap_m,
        "min_mu": plan.consolidate.min_mu,
        "objective": dict(plan.allocate.objective),
        "stock_first": plan.allocate.stock_first,
        "output": {"map": plan.output.map, "workbook": plan.output.workbook},
        "versions": ledger.versions(),
        "accounts": outcome.accounts,
        "digests": ledger.table_digests(outcome.tables),
    }


def save(result: Result, dir: str | os.PathLike[str]) -> Path:
    """Save a result as a run folder: whole or not at all.

    Parameters
    ----------
    result : Result
        Of ``run``; its plan's ``[output]`` says whether map and workbook are made.
    dir : path
        Absent, empty, or an earlier run of ours, which it replaces.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        Where the folder holds something else, or cannot be written.
    """
    wanted = result.ledger.get("output", {})
    with archive.folder(dir) as partial:
        archive.write_result(result, partial)
        if wanted.get("workbook", True):
            from landuse.reports import write_workbook

            write_workbook(result, partial / "workbook.xlsx")
        if wanted.get("map", True):
            _draw(result, partial)
    return Path(dir)


def _draw(result: Result, folder: Path) -> None:
    from landuse import maps

    maps.save_html(maps.plan_map(result), folder / "map.html")
    figure = maps.plan_figure(result)
    maps.save_figure(figure, folder / "map.png")
    maps.save_figure(figure, folder / "map.pdf")


def open_run(dir: str | os.PathLike[str]) -> Result:
    """Open a run folder again.

    Raises
    ------
    MissingFileError, FormatError
        Where it is not there, or no run of ours.
    """
    return archive.open_folder(dir)


def check(plan: str | os.PathLike[str] | Mapping[str, Any], *, mapper: Mapper = map) -> Checked:
    """Read everything a plan names and say what was found; nothing is judged.

    Raises
    ------
    LanduseError
        A fault of a file or of the plan.
    """
    whole = load_plan(plan)
    inputs = gather(whole, mapper=mapper)
    readings = inputs.readings()
    return Checked(
        whole.title,
        whole.as_of,
        ledger.source_rows(_sources(inputs)),
        stack([r.issues for r in readings], ISSUES),
        stack([r.rejected for r in readings], REJECTED),
    )


def save_check(checked: Checked, dir: str | os.PathLike[str]) -> Path:
    """Save what an intake found: issues.csv, rejected.csv and a ledger of the inputs."""
    with archive.folder(dir) as partial:
        archive.write_check(checked.title, checked.inputs, checked.issues, checked.rejected, partial)
    return Path(dir)


def explain(subject_id: str, *, result: Result, subject: str | None = None) -> Explanation:
    """Explain a verdict of a finished run, clause by clause.

    Parameters
    ----------
    subject_id : str
        Id of a parcel, project or zone.
    result : Result
        Of ``run`` or ``open_run``.
    subject : {"parcel", "project", "zone"}, optional
        Needed only where one id stands for two subjects.
    """
    tables = result.tables
    facts = Facts(tables["parcel_facts"], tables["project_facts"], tables["zone_facts"], result.as_of)
    order = result.ledger.get("policies", {})
    policies = [load_text(result.policies[name], file=f"{name}.toml") for name in order]
    return explain_facts(
        subject_id,
        facts=facts,
        policies=policies,
        subject=subject,
        origins={s: tables[f"{s}s"][["source_file", "source_row"]] for s in ("parcel", "project", "zone")},
    )
