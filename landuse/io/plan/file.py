"""Read PLAN.toml: every key known, every file there, or a refusal that says which and what to do."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from landuse.errors import MissingFileError, PlanError, nearest
from landuse.io.coordinates.crs import name_of
from landuse.io.coordinates.datum_shifts import Shift
from landuse.io.database import is_database
from landuse.io.files.remote import plan_address
from landuse.io.plan.faults import shown, unknown_key, wrong_value
from landuse.io.plan.model import (
    LATER,
    Allocate,
    Consolidate,
    CorrectionsFile,
    HookFile,
    Inspect,
    Link,
    Measure,
    Output,
    ParcelsFile,
    PlanFile,
    PlanKeys,
    ProjectsFile,
    QuotaFile,
    RenamesFile,
    ReserveFile,
    Supervise,
    ZonesFile,
)
from landuse.io.plan.rate_keys import rate_notes, rates_of
from landuse.io.plan.score_keys import Scoring, scoring_of
from landuse.io.plan.shift_keys import checked_working_crs, local_planes, shifts_of
from landuse.labels import label
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.rates import Rate

__all__ = ["Plan", "load_plan"]

_File = TypeVar("_File", bound=PlanFile)
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*'
    r"|(?P<key>[^\s\"'=,{}\[\]#.]*[^\x00-\x7f\s\"'=,{}\[\]#.][^\s\"'=,{}\[\]#.]*)(?=[ \t]*=)",
    re.DOTALL,
)
"""Strings, comments, and the bare keys that TOML does not take."""
_FILES = ("parcels", "projects", "zones", "quota", "reserve", "corrections", "renames", "hook")


@dataclass(frozen=True)
class Plan:
    """A plan whose keys are known and whose files are there.

    Parameters
    ----------
    file : str or None
        The plan file; None for a plan given as a dict.
    title : str
        Its title; the file's name where it has none.
    as_of : date or None
        The as-of date.
    policies : tuple of str
        Ids of shipped policies, and paths of policy files, resolved.
    forced : tuple of str
        Ids of policies that are applied though out of force.
    max_rejected : int or None
        How many rows may be rejected.
    parcels, projects, zones : tuple
        Files; ``found`` of each is where it lies.
    quota, reserve, corrections, renames, hook
        A file each, or None.
    measure, inspect, link, supervise, consolidate, allocate, output
        The tables of that name.
    notes : tuple of str
        What the plan asks for and this version does not do.
    working_crs : str or None
        The plane to work in, where the plan names one.
    datum_shifts : tuple of Shift
        Changes of datum by the plan's own parameters.
    local_planes : dict
        Planes that only the plan knows: name to a definition that pyproj reads.
    rates : tuple of Rate
        Exchange rates.
    aliases : tuple of str
        A bureau's own alias files.
    scoring : Scoring
        What [score], [classes] and [incentive] say, checked.
    """

    file: str | None
    title: str
    as_of: date | None
    policies: tuple[str, ...]
    forced: tuple[str, ...]
    max_rejected: int | None
    parcels: tuple[ParcelsFile, ...]
    projects: tuple[ProjectsFile, ...]
    zones: tuple[ZonesFile, ...]
    quota: QuotaFile | None
    reserve: ReserveFile | None
    corrections: CorrectionsFile | None
    renames: RenamesFile | None
    hook: HookFile | None
    measure: Measure
    inspect: Inspect
    link: Link
    supervise: Supervise
    consolidate: Consolidate
    allocate: Allocate
    output: Output
    notes: tuple[str, ...]
    working_crs: str | None = None
    datum_shifts: tuple[Shift, ...] = ()
    local_planes: Mapping[str, str] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    aliases: tuple[str, ...] = ()
    scoring: Scoring = field(default_factory=Scoring)

    @property
    def files(self) -> tuple[PlanFile, ...]:
        """Every file that the plan names, in the order in which they are read."""
        single = (self.quota, self.reserve, self.corrections, self.renames, self.hook)
        return (*self.parcels, *self.projects, *self.zones, *(f for f in single if f is not None))


def load_plan(plan: str | os.PathLike[str] | Mapping[str, Any], *, as_of: date | None = None) -> Plan:
    """Load a plan.

    Parameters
    ----------
    plan : path or dict
        A TOML file, or what would stand in it (its paths then relative to the current folder).
    as_of : date, optional
        Overrules the plan's; text such as 2026-06-30 is taken too.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        An unknown key (the nearest known one is named), a wrong value, no parcels, a remote path, or no TOML.
    MissingFileError
        A file that the plan names is not there.
    """
    if isinstance(plan, Mapping):
        file, folder, content = None, Path(), dict(plan)
    else:
        path = Path(plan)
        file, folder, content = str(plan), path.parent, _content(path)
    keys = _checked(content, file)
    allowed = keys.allow_network
    files = {kind: _found(getattr(keys, kind), kind, folder, file, allowed) for kind in _FILES}
    working = checked_working_crs(keys.working_crs, file)
    rates = rates_of(keys, file)
    day = keys.as_of if as_of is None else _given_day(as_of, file)
    stem = Path(file).stem if file else "plan"
    return Plan(
        file=file,
        title=keys.title if keys.title is not None else stem,
        as_of=day,
        policies=tuple(_policy(p, folder, file) for p in keys.policies),
        forced=tuple(keys.force_policies),
        max_rejected=keys.max_rejected,
        measure=keys.measure,
        inspect=keys.inspect,
        link=keys.link,
        supervise=keys.supervise,
        consolidate=keys.consolidate,
        allocate=keys.allocate,
        output=keys.output,
        notes=(*((label("plan", "no_brief"),) if keys.output.brief else ()), *rate_notes(rates, day)),
        working_crs=None if working is None else name_of(working),
        datum_shifts=shifts_of(keys, file),
        local_planes=local_planes(keys, file),
        rates=rates,
        aliases=tuple(str(_there(a, "aliases", folder, file)) for a in keys.aliases),
        scoring=scoring_of(keys, file, lambda name: _policy(name, folder, file, key="scheme")),
        **files,
    )


def _given_day(value: date | str, file: str | None) -> date:
    """Return the as-of date that a caller gives; of a point in time the day counts."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if not isinstance(day, date):
        raise PlanError(f"as_of = {value!r} is not a date", file=file, key="as_of", remedy="2026-06-30")
    return day.date() if isinstance(day, datetime) else day


def _content(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise MissingFileError(
            "the plan file is not there" if not path.exists() else "this is a folder, not a plan file",
            file=str(path),
            remedy="name a PLAN.toml",
        )
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(_TOKEN.sub(_quoted, text))
    except UnicodeDecodeError as error:
        raise PlanError(
            f"the plan is not UTF-8 (byte {error.start + 1})", file=str(path), remedy="save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise PlanError(
            f"the plan is not TOML: {error}",
            file=str(path),
            row=f"line {line[1]}" if line else "the last line",
            remedy="correct that line; text stands in quotes, a path with \\ in single quotes",
        ) from None


def _quoted(token: re.Match[str]) -> str:
    """Put a bare key with letters beyond ASCII in quotes: headers are written so, and TOML wants quotes."""
    return f'"{token["key"]}"' if token["key"] else token[0]


def _checked(content: dict[str, Any], file: str | None) -> PlanKeys:
    """Return the plan's keys if every one of them is known and right."""
    for key in LATER:
        if key in content:
            raise PlanError(
                f"[[{key}]] is not evaluated in this version",
                file=file,
                key=key,
                remedy="take it out of the plan",
            )
    try:
        keys = PlanKeys.model_validate(content)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        unknown = [f for f in faults if f["type"] == "extra_forbidden"]
        if unknown:
            raise unknown_key(unknown[0]["loc"], file) from None
        raise wrong_value(faults[0], file) from None
    if isinstance(keys.as_of, datetime):
        raise PlanError("as_of is a date without a time of day", file=file, key="as_of", remedy="2026-06-30")
    _check_units(keys, file)
    return keys


def _check_units(keys: PlanKeys, file: str | None) -> None:
    for kind, i, entry in _entries(keys):
        for name, factor, remedy in (
            ("amount_unit", amount_unit_factor, "wan, yuan or yi, or their Chinese names"),
            ("area_unit", area_unit_factor, "mu, ha or m2, or their Chinese names"),
        ):
            unit = getattr(entry, name, None)
            if unit is not None and factor(unit) is None:
                place = shown((kind, name) if i is None else (kind, i, name))
                raise PlanError(
                    f"{place} = {unit!r} is not a unit", file=file, key=place, remedy=f"write {remedy}"
                )


def _entries(keys: PlanKeys) -> Iterator[tuple[str, int | None, PlanFile]]:
    for kind in _FILES:
        value = getattr(keys, kind)
        if isinstance(value, list):
            yield from ((kind, i, entry) for i, entry in enumerate(value))
        elif value is not None:
            yield kind, None, value


def _found(value: Any, kind: str, folder: Path, file: str | None, allowed: bool) -> Any:
    """Return the files of a key with where each really lies."""
    if isinstance(value, list):
        places = [shown((kind, i, "path")) for i in range(len(value))]
        return tuple(_located(f, key, folder, file, allowed) for f, key in zip(value, places, strict=True))
    return None if value is None else _located(value, shown((kind, "path")), folder, file, allowed)


def _located(entry: _File, key: str, folder: Path, file: str | None, allowed: bool) -> _File:
    if is_database(entry.path):
        return entry.at(entry.path)
    address = plan_address(entry.path, key=key, file=file, allowed=allowed)
    if address is not None:
        return entry.at(address)
    return entry.at(_there(entry.path, key, folder, file))


def _there(text: str, key: str, folder: Path, file: str | None) -> Path:
    """Return where a path of the plan lies.

    Raises
    ------
    PlanError
        For an address, or a path on the network.
    MissingFileError
        Where nothing is there.
    """
    plan_address(text, key=key, file=file, allowed=False)
    found = folder / text
    if found.exists():
        return found
    beside = [p.name for p in found.parent.iterdir()] if found.parent.is_dir() else []
    like = nearest(found.name, beside, cutoff=0.6)
    raise MissingFileError(
        f"the file {found} is not there" if beside else f"the file {found} is not there, nor is its folder",
        file=file,
        key=key,
        remedy=(f"is it {like}? " if like else "correct the path; ") + "paths are relative to the plan",
    )


def _policy(name: str, folder: Path, file: str | None, *, key: str = "policies") -> str:
    """Return the id of a policy or scheme, or where its file lies."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return str(_there(name, key, folder, file))
    return name
