"""Read everything that a plan names, and bring it into one working coordinate system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from landuse.errors import IdError
from landuse.io import readers
from landuse.io.coordinates.datum_shifts import Shift, parameters_text
from landuse.io.coordinates.moving import bring_to
from landuse.io.files.remote import fetched, is_address
from landuse.io.plan.file import Plan
from landuse.io.plan.model import PlanFile
from landuse.io.table.own_absent import sift_absent
from landuse.io.table.stacking import stack_parcels
from landuse.parsing.rates import Rate
from landuse.pipeline import Inputs
from landuse.policy import Policy
from landuse.tables import ISSUES, PROJECTS, REJECTED, ZONES, Reading, Table, issue, issue_table, stack
from landuse.tables.own_facts import SUBJECT_OF, OwnFact, own_facts

__all__ = ["gather"]

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
_READERS: dict[str, Callable[..., Reading]] = {
    "parcels": readers.read_parcels,
    "projects": readers.read_projects,
    "zones": readers.read_zones,
    "quota": readers.read_quota,
    "reserve": readers.read_reserve,
    "corrections": readers.read_corrections,
    "renames": readers.read_renames,
    "hook": readers.read_hooks,
}
_OPTIONS = ("layer", "crs", "axes", "sheet", "encoding", "amount_unit", "area_unit")


def gather(plan: Plan, *, policies: Sequence[Policy] = (), mapper: Mapper = map) -> Inputs:
    """Read the files of a plan.

    Parameters
    ----------
    plan : Plan
        With its files found.
    policies : sequence of Policy
        Whose own facts are columns that the files may carry.
    mapper : callable
        Any ``map``; the files are read through it.

    Returns
    -------
    Inputs
        All geometry in one working coordinate system; paths of sources as the plan names them.

    Raises
    ------
    LanduseError
        What a reader refuses; one id in two files.
    """
    work = [(kind, entry) for kind in _READERS for entry in _entries(plan, kind)]
    reader = partial(
        _read,
        approx_rel=plan.measure.approx_rel,
        shifts=plan.datum_shifts,
        planes=dict(plan.local_planes),
        rates=plan.rates,
        aliases=plan.aliases,
        facts=own_facts(f for p in policies for f in p.facts),
    )
    read, absent = sift_absent(
        [kind for kind, _ in work], list(mapper(reader, work)), policies, file=plan.file
    )
    by: dict[str, list[Reading]] = {kind: [] for kind in _READERS}
    for (kind, _), reading in zip(work, read, strict=True):
        by[kind].append(reading)
    parcels = stack_parcels(by["parcels"], crs=plan.working_crs, shifts=plan.datum_shifts)
    moved = partial(_moved, crs=parcels.table.crs, shifts=plan.datum_shifts)
    inputs = Inputs(
        parcels=parcels,
        projects=_stacked([moved(r) for r in by["projects"]], PROJECTS, parcels.table.crs),
        zones=_stacked([moved(r) for r in by["zones"]], ZONES, parcels.table.crs) if by["zones"] else None,
        quota=by["quota"][0] if by["quota"] else None,
        reserve=moved(by["reserve"][0]) if by["reserve"] else None,
        corrections=by["corrections"][0] if by["corrections"] else None,
        renames=by["renames"][0] if by["renames"] else None,
        hooks=by["hook"][0] if by["hook"] else None,
    )
    said = _unused_shifts(inputs, plan) + absent
    issues = stack([parcels.issues, issue_table(said)], ISSUES)
    return replace(inputs, parcels=replace(parcels, issues=issues)) if said else inputs


def _unused_shifts(inputs: Inputs, plan: Plan) -> list[dict[str, Any]]:
    """Say which parameters of the plan moved nothing."""
    said = "\n".join(m for reading in inputs.readings() for m in reading.issues["message"].dropna())
    texts = {parameters_text(s): s for s in plan.datum_shifts}
    return [
        issue(
            "datum_shift_unused",
            "kept",
            file=plan.file,
            field="datum_shift",
            raw=text,
            start=s.source,
            end=s.target,
        )
        for text, s in texts.items()
        if text not in said
    ]


def _entries(plan: Plan, kind: str) -> Sequence[PlanFile]:
    named = getattr(plan, kind)
    if named is None:
        return ()
    return (named,) if isinstance(named, PlanFile) else tuple(named)


def _read(
    job: tuple[str, PlanFile],
    *,
    approx_rel: float,
    shifts: Sequence[Shift],
    planes: Mapping[str, str],
    rates: Sequence[Rate],
    aliases: Sequence[str],
    facts: Sequence[OwnFact],
) -> Reading:
    kind, entry = job
    options = {name: getattr(entry, name) for name in _OPTIONS if getattr(entry, name, None) is not None}
    options["aliases"] = aliases
    if entry.columns:
        options["columns"] = entry.columns
    if entry.blanks:
        options["blanks"] = entry.blanks
    if kind in ("parcels", "projects"):
        options |= {"approx_rel": approx_rel, "rates": rates}
    if kind in SUBJECT_OF:
        options["facts"] = facts
    if kind == "parcels":
        options["datum_shifts"] = shifts
    if options.get("crs") in planes:
        options["crs"] = planes[options["crs"]]
    found = entry.found
    if isinstance(found, str) and is_address(found):
        with fetched(found) as path:
            return _renamed(_READERS[kind](path, **options), entry, str(path))
    return _renamed(_READERS[kind](found, **options), entry, str(found))


def _renamed(reading: Reading, entry: PlanFile, base: str) -> Reading:
    """Name files as the plan does, so that tables do not depend on where the plan lies."""

    def name(text: Any) -> Any:
        if not isinstance(text, str) or not text.startswith(base):
            return text
        inner = text[len(base) :].replace("\\", "/")
        return f"{entry.path}{inner}"

    def table(frame: pd.DataFrame) -> pd.DataFrame:
        if "source_file" not in frame or not len(frame):
            return frame
        return frame.assign(source_file=frame["source_file"].map(name, na_action="ignore").astype("str"))

    return replace(
        reading,
        table=table(reading.table),
        issues=table(reading.issues),
        rejected=table(reading.rejected),
        sources=tuple(replace(s, path=name(s.path)) for s in reading.sources),
    )


def _moved(reading: Reading, *, crs: Any, shifts: Sequence[Shift]) -> Reading:
    table = reading.table
    if not isinstance(table, gpd.GeoDataFrame) or crs is None or not len(table):
        return reading
    if table.crs is None or table.geometry.isna().all():  # a sheet, or a layer without any shape
        return replace(reading, table=table.set_crs(crs, allow_override=True))
    moved, said = bring_to(table, crs, file=reading.sources[0].path, shifts=shifts)
    return replace(reading, table=moved, issues=stack([reading.issues, issue_table(said)], ISSUES))


def _stacked(readings: Sequence[Reading], table: Table, crs: Any) -> Reading:
    """Put readings one under the other; an id may stand in one file only."""
    if not readings:
        return Reading(table.empty(crs=crs))
    frames = [r.table for r in readings if len(r.table)]
    whole = table.conform(pd.concat(frames), crs=crs) if frames else table.empty(crs=crs)
    twice = whole.index[whole.index.duplicated()]
    if len(twice):
        rows = whole.loc[[twice[0]]]
        drawn = rows.geometry.notna() if table.has_geometry else pd.Series(dtype=bool)
        joined = "; or join the columns of the sheet to the layer by id, and give the layer only"
        raise IdError(
            f"the id {twice[0]!r} stands in {rows['source_file'].iloc[0]} and here",
            file=str(rows["source_file"].iloc[1]),
            row=int(rows["source_row"].iloc[1]),
            key=table.key,
            remedy="keep the row in one of the two files" + (joined if drawn.nunique() > 1 else ""),
        )
    return Reading(
        whole,
        stack([r.issues for r in readings], ISSUES),
        stack([r.rejected for r in readings], REJECTED),
        tuple(s for r in readings for s in r.sources),
    )
