"""run, save, open_run, check, explain: the one place that ties the doors to the pipeline."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from landuse import ledger, pipeline
from landuse.errors import PlanError, RejectedError
from landuse.inspecting import doubled_land, fault_issues, inspect
from landuse.io.gather import gather
from landuse.io.keeping import archive, database_write
from landuse.io.plan.file import Plan, load_plan
from landuse.labels import label
from landuse.pipeline import Inputs, Settings
from landuse.policy import Policy, check_in_force, load_policy, policies_of
from landuse.screening import Explanation
from landuse.screening import explain as explain_facts
from landuse.tables import ISSUES, REJECTED, Checked, Reading, Result, Source, stack

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
    "write_database",
]

STEPS = ("read", *pipeline.VERBS, "write")
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
Steps = Callable[[str], None]


def check_target(
    out: str | os.PathLike[str], plan: str | os.PathLike[str] | Mapping[str, Any] | None = None
) -> Path:
    """Return the output folder if a run of a plan may replace it.

    Raises
    ------
    OutputError
        Where it is a file, or holds something that no run of ours wrote, or what the plan reads.
    LanduseError
        A fault of the plan.
    """
    return archive.check_target(out, inputs=() if plan is None else _files_of(load_plan(plan)))


def _files_of(plan: Plan) -> list[Path]:
    """Return the files that a plan reads, itself too."""
    policies = [Path(p) for p in plan.policies if p.endswith(".toml")]
    data = [f.found for f in plan.files if isinstance(f.found, Path)]
    return [*([Path(plan.file)] if plan.file else []), *policies, *data]


def run(
    plan: str | os.PathLike[str] | Mapping[str, Any],
    *,
    as_of: date | None = None,
    mapper: Mapper = map,
    step: Steps = lambda _: None,
) -> Result:
    """Run a plan: read the files, then every verb in the order of ``pipeline``.

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
    inputs = gather(whole, policies=policies, mapper=mapper)
    _limit_rejected(inputs, whole)
    _refuse_half(inputs.quota, "quota", "of the quota cannot be used, and what it limits would have no limit")
    _refuse_half(inputs.hooks, "hook", "of the hook projects cannot be used, and its zone would have none")
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
        names=plan.link.names,
        footprints=plan.link.footprints,
        inspect=plan.inspect.model_dump(),
        months=plan.supervise.months,
        gap_m=plan.consolidate.gap_m,
        min_mu=plan.consolidate.min_mu,
        objective=plan.allocate.objective,
        stock_first=plan.allocate.stock_first,
        year=plan.as_of.year if len(years) != 1 else None,
        zone_scores=plan.scoring.zones,
        firm_classes=plan.scoring.classes,
        quota_bases=plan.scoring.bases,
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


def _refuse_half(reading: Reading | None, key: str, what: str) -> None:
    """Refuse a list with a row that cannot be used, where what it lacks would be taken for what is not."""
    if reading is None or not len(reading.rejected):
        return
    first = reading.rejected.iloc[0]
    raise RejectedError(
        f"a row {what}: {first['message']}",
        file=first["source_file"],
        row=None if pd.isna(first["row"]) else int(first["row"]),
        key=key,
        remedy="correct the row or take it out; landuse check lists them all (rejected.csv)",
    )


def _book(plan: Plan, policies: list[Policy], inputs: Inputs, outcome: pipeline.Outcome) -> dict[str, Any]:
    return {
        "title": plan.title,
        "as_of": plan.as_of.isoformat() if plan.as_of else None,
        "plan": plan.file,
        "notes": [*plan.notes, *([] if policies else [label("plan", "no_policies")])],
        "inputs": ledger.source_rows(_sources(inputs)),
        "working_crs": inputs.parcels.table.crs.to_string(),
        "working_crs_why": _why_working_crs(inputs),
        "datum_shifts": [shift.describe() for shift in plan.datum_shifts],
        "rates": [
            {"currency": r.currency, "yuan": float(r.yuan), "on": r.on.isoformat(), "source": r.source}
            for r in plan.rates
        ],
        "policies": {p.id: ledger.text_digest(p.text) for p in policies},
        "area": plan.measure.area,
        "approx_rel": plan.measure.approx_rel,
        "inspect": plan.inspect.model_dump(),
        "link": plan.link.model_dump(),
        "supervise": plan.supervise.model_dump(),
        "gap_m": plan.consolidate.gap_m,
        "min_mu": plan.consolidate.min_mu,
        "objective": dict(plan.allocate.objective),
        "stock_first": plan.allocate.stock_first,
        "scoring": plan.scoring.book(),
        "output": {"map": plan.output.map, "workbook": plan.output.workbook},
        "versions": ledger.versions(),
        "accounts": outcome.accounts,
        "digests": ledger.table_digests(outcome.tables),
    }


def _why_working_crs(inputs: Inputs) -> str | None:
    """Return what the intake says of its choice of plane; None where all parcels came in it."""
    issues = inputs.parcels.issues
    said = issues.loc[issues["kind"] == "working_crs", "message"]
    return str(said.iloc[0]) if len(said) else None


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
        Where the folder holds something else, or what the run read, or cannot be written.
    """
    wanted = result.ledger.get("output", {})
    plan = Path(result.ledger.get("plan") or ".")
    read = [plan.parent / str(source["path"]) for source in result.ledger.get("inputs", ())]
    archive.check_target(dir, inputs=[plan, *read] if result.ledger.get("plan") else read)
    with archive.folder(dir) as partial:
        archive.write_result(result, partial)
        if wanted.get("workbook", True):
            from landuse.reports import write_workbook

            write_workbook(result, partial / "workbook.xlsx")
        if (result.tables["link_review"]["decision"] == "open").any():
            from landuse.reports import write_review

            write_review(result, partial / "review.xlsx")
        if wanted.get("map", True):
            _draw(result, partial)
    return Path(dir)


def _draw(result: Result, folder: Path) -> None:
    from landuse import maps

    maps.save_html(maps.plan_map(result), folder / "map.html")
    figure = maps.plan_figure(result)
    maps.save_figure(figure, folder / "map.png")
    maps.save_figure(figure, folder / "map.pdf")


def write_database(result: Result, address: str, *, schema: str = "landuse") -> None:
    """Write a result into a schema of a PostGIS database: every table, and the ledger as JSON.

    Parameters
    ----------
    result : Result
        Of ``run`` or ``open_run``.
    address : str
        ``postgresql://user@host/database``; the password may stand in PGPASSWORD or a .pgpass file.
    schema : str
        Absent, empty, or an earlier run of ours, which is replaced; whole or not at all.

    Raises
    ------
    OutputError, DatabaseError, DependencyError
        Where the schema holds something else, the server refuses, or its driver is not installed.
    """
    database_write.write_database(result.tables, result.ledger, address, schema=schema)


def open_run(dir: str | os.PathLike[str]) -> Result:
    """Open a run folder again.

    Raises
    ------
    MissingFileError, FormatError
        Where it is not there, or no run of ours.
    """
    return archive.open_folder(dir)


def check(plan: str | os.PathLike[str] | Mapping[str, Any], *, mapper: Mapper = map) -> Checked:
    """Read everything a plan names, inspect the parcels, and say what was found; nothing is judged.

    Returns
    -------
    Checked
        Row accounts, issues, rejected rows, faults between parcels.

    Raises
    ------
    LanduseError
        A fault of a file or of the plan.
    """
    whole = load_plan(plan)
    inputs = gather(whole, policies=[load_policy(p) for p in whole.policies], mapper=mapper)
    readings, parcels = inputs.readings(), inputs.parcels.table
    faults = inspect(parcels, **whole.inspect.model_dump())
    everything = pd.DataFrame({"group": "", "parcel_id": parcels.index})
    return Checked(
        title=whole.title,
        as_of=whole.as_of,
        inputs=ledger.source_rows(_sources(inputs)),
        issues=stack([*(r.issues for r in readings), fault_issues(parcels, faults)], ISSUES),
        rejected=stack([r.rejected for r in readings], REJECTED),
        parcels=parcels,
        faults=faults,
        doubled_m2=float(doubled_land(faults, everything).sum()),
        limits=whole.inspect.model_dump(),
        output={"map": whole.output.map, "workbook": whole.output.workbook},
    )


def save_check(checked: Checked, dir: str | os.PathLike[str]) -> Path:
    """Save what an intake found: issues.csv, rejected.csv, check.xlsx, check.html, a ledger of the inputs.

    Raises
    ------
    OutputError
        Where the folder holds something else, or cannot be written.
    """
    with archive.folder(dir) as partial:
        archive.write_check(checked, partial)
        if checked.output.get("workbook", True):
            from landuse.reports import write_check_workbook

            write_check_workbook(checked, partial / "check.xlsx")
        if checked.output.get("map", True):
            from landuse import maps

            maps.save_html(maps.check_map(checked), partial / "check.html")
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
    return explain_facts(
        subject_id,
        facts=result.facts,
        policies=policies_of(result),
        subject=subject,
        origins={s: tables[f"{s}s"][["source_file", "source_row"]] for s in ("parcel", "project", "zone")},
    )
