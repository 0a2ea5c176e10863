"""Read everything that a plan names, and bring it into one working coordinate system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from landuse.errors import IdError
from landuse.io import readers
from landuse.io.crs import bring_to
from landuse.io.plan_file import Plan
from landuse.io.plan_model import PlanFile
from landuse.io.stacking import stack_parcels
from landuse.pipeline import Inputs
from landuse.tables import ISSUES, PROJECTS, REJECTED, ZONES, Reading, Table, issue_table, stack

__all__ = ["gather"]

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
_READERS: dict[str, Callable[..., Reading]] = {
    "parcels": readers.read_parcels,
    "projects": readers.read_projects,
    "zones": readers.read_zones,
    "quota": readers.read_quota,
    "reserve": readers.read_reserve,
    "corrections": readers.read_corrections,
}
_OPTIONS = ("layer", "crs", "sheet", "encoding", "amount_unit", "area_unit")


def gather(plan: Plan, *, mapper: Mapper = map) -> Inputs:
    """Read the files of a plan.

    Parameters
    ----------
    plan : Plan
        With its files found.
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
    read = list(mapper(partial(_read, approx_rel=plan.measure.approx_rel), work))
    by: dict[str, list[Reading]] = {kind: [] for kind in _READERS}
    for (kind, _), reading in zip(work, read, strict=True):
        by[kind].append(reading)
    parcels = stack_parcels(by["parcels"])
    crs = parcels.table.crs
    return Inputs(
        parcels=parcels,
        projects=_stacked(by["projects"], PROJECTS, crs),
        zones=_stacked(by["zones"], ZONES, crs) if by["zones"] else None,
        quota=by["quota"][0] if by["quota"] else None,
        reserve=_moved(by["reserve"][0], crs) if by["reserve"] else None,
        corrections=by["corrections"][0] if by["corrections"] else None,
    )


def _entries(plan: Plan, kind: str) -> Sequence[PlanFile]:
    named = getattr(plan, kind)
    if named is None:
        return ()
    return (named,) if isinstance(named, PlanFile) else tuple(named)


def _read(job: tuple[str, PlanFile], *, approx_rel: float) -> Reading:
    kind, entry = job
    options = {name: getattr(entry, name) for name in _OPTIONS if getattr(entry, name, None) is not None}
    if entry.columns:
        options["columns"] = entry.columns
    if entry.blanks:
        options["blanks"] = entry.blanks
    if kind in ("parcels", "projects"):
        options["approx_rel"] = approx_rel
    return _renamed(_READERS[kind](entry.found, **options), entry)


def _renamed(reading: Reading, entry: PlanFile) -> Reading:
    """Name files as the plan does, so that tables do not depend on where the plan lies."""
    base = str(entry.found)

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


def _moved(reading: Reading, crs: Any) -> Reading:
    table = reading.table
    if not isinstance(table, gpd.GeoDataFrame) or table.crs is None or crs is None or not len(table):
        return reading
    moved, said = bring_to(table, crs, file=reading.sources[0].path)
    return replace(reading, table=moved, issues=stack([reading.issues, issue_table(said)], ISSUES))


def _stacked(readings: Sequence[Reading], table: Table, crs: Any) -> Reading:
    """Put readings one under the other; an id may stand in one file only."""
    if not readings:
        return Reading(table.empty(crs=crs))
    moved = [_moved(r, crs) for r in readings]
    frames = [r.table for r in moved if len(r.table)]
    whole = table.conform(pd.concat(frames), crs=crs) if frames else table.empty(crs=crs)
    twice = whole.index[whole.index.duplicated()]
    if len(twice):
        rows = whole.loc[[twice[0]]]
        raise IdError(
            f"the id {twice[0]!r} stands in {rows['source_file'].iloc[0]} and here",
            file=str(rows["source_file"].iloc[1]),
            row=int(rows["source_row"].iloc[1]),
            key=table.key,
            remedy="keep the row in one of the two files",
        )
    return Reading(
        whole,
        stack([r.issues for r in moved], ISSUES),
        stack([r.rejected for r in moved], REJECTED),
        tuple(s for r in moved for s in r.sources),
    )
