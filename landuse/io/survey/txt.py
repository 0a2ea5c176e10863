"""Read survey coordinate TXT files, or a folder of them, as parcels."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from landuse.errors import FormatError, PlanError
from landuse.io.cell.states import settle_land
from landuse.io.coordinates.crs import name_of
from landuse.io.coordinates.datum_shifts import Shift
from landuse.io.coordinates.extent import outside_faults
from landuse.io.coordinates.moving import bring_to
from landuse.io.coordinates.working import settle_working
from landuse.io.files.encodings import decode
from landuse.io.header.alias_files import dialect_of
from landuse.io.header.grid import Options
from landuse.io.survey.areas import stated_area
from landuse.io.survey.crs import systems_of
from landuse.io.survey.files import hold
from landuse.io.survey.lines import parse_survey
from landuse.io.survey.records import Record, Survey
from landuse.io.survey.rings import Drawn, draw, polygons
from landuse.io.table.stacking import doubled
from landuse.io.vector.shapes import settle_shapes
from landuse.tables import ISSUES, PARCELS, REJECTED, Reading, Source, issue, issue_table, stack

__all__ = ["read_survey"]

Shapes = npt.NDArray[Any]
_RUNNING = re.compile(r"\d{1,4}")
"""A number that only counts the parcels of a file; where it repeats, it identifies nothing."""


@dataclass(frozen=True)
class _Entry:
    """A parcel of a file: file, name for made ids, its place there from 1, its record, rings and system."""

    file: str
    name: str
    place: int
    record: Record
    drawn: Drawn
    system: pyproj.CRS | None


@dataclass(frozen=True)
class _Log:
    """What is said about the entries, and which are rejected: position to kind and message.

    ``fallback`` holds the system by header and plan of files that hold no usable parcel.
    """

    entries: list[_Entry]
    issues: list[dict[str, Any]] = field(default_factory=list)
    rejected: dict[int, tuple[str, str]] = field(default_factory=dict)
    fallback: list[pyproj.CRS] = field(default_factory=list)

    def say(self, at: int, kind: str, action: str, *, column: str, raw: Any = None, **words: Any) -> None:
        """Add an issue; an entry is rejected for the first reason only."""
        entry = self.entries[at]
        said = issue(kind, action, file=entry.file, row=entry.record.line, field=column, raw=raw, **words)
        if action == "rejected":
            if at in self.rejected:
                return
            self.rejected[at] = (kind, said["message"])
        self.issues.append(said)


def read_survey(
    path: Path,
    *,
    layer: str | None = None,
    crs: Any = None,
    encoding: str | None = None,
    options: Options | None = None,
) -> Reading:
    """Read a survey coordinate TXT, or all in a folder, as the table ``parcels``.

    Parameters
    ----------
    path : Path
        An existing .txt file, or a folder; in a folder and its folders every .txt is read, in the order of
        their names.
    layer : str, optional
        Refused: the format has no layers.
    crs : any pyproj understands, optional
        Only for files whose header names none.
    encoding : str, optional
        Overrules detection.
    options : Options, optional
        Of these ``area_unit`` has a meaning, the unit of bare areas, otherwise hectares; and
        ``datum_shifts``, for a folder of files on several datums.

    Returns
    -------
    Reading
        In the coordinate system of the parcels, of several that of most; ``planar_m2`` [m2] keeps the area
        in its own plane of a parcel that came from another. ``source_row`` is the line of the parcel's first
        row. A parcel without number is called ``<file stem>#<n>``, n its place in the file from 1 (the way
        from the folder where two files have one stem).

    Raises
    ------
    FormatError
        Where a file is no survey file, or the folder holds none.
    CrsError
        Where coordinates, header and plan do not tell the coordinate system, or contradict each other.
    IdError
        Where one number stands on different parcels. (A number of up to four digits only counts the parcels
        of its file: where it repeats, each gets a made one, said as ``running_number``.)
    """
    wanted = options or Options()
    _refuse_options(path, layer, wanted)
    held = hold(path)
    log, encodings = _Log([]), set()
    if held.passed_over:
        names = ", ".join(held.passed_over[:20]) + (" …" if len(held.passed_over) > 20 else "")
        log.issues.append(issue("files_passed_over", "kept", file=str(path), raw=None, names=names))
    for file, name, data in held.files:
        text, used = decode(data, encoding=encoding, file=str(file))
        encodings.add(used)
        _add_file(log, str(file), name, parse_survey(text, file=str(file)), crs=crs)
    shapes, parts = polygons([e.drawn for e in log.entries])
    _say_shapes(log, parts)
    shapes = _settle_shapes(log, shapes)
    frame = _frame(log, shapes, _stated_areas(log, shapes, wanted.area_unit))
    kept = np.ones(len(frame), dtype=bool)
    kept[list(log.rejected)] = False
    table, moved = _in_one_system(log, frame, kept, wanted.datum_shifts)
    again, issues, repeats = doubled(table)
    source = Source(
        role=PARCELS.name,
        path=str(path),
        sha256=held.sha256,
        crs=", ".join(sorted({name_of(s) for s in _by_system(log)})) or name_of(table.crs),
        rows_read=len(frame),
        accepted=int(np.count_nonzero(~again)),
        rejected=len(log.rejected) + int(np.count_nonzero(again)),
        encoding=", ".join(sorted(encodings)),
    )
    return Reading(
        PARCELS.conform(table[~again]),
        stack([issue_table(log.issues + moved), issues], ISSUES),
        stack([_rejected(log, frame.index), repeats], REJECTED),
        (source,),
    )


def _refuse_options(path: Path, layer: str | None, options: Options) -> None:
    for key, value in (("layer", layer), ("columns", options.columns), ("axes", options.axes)):
        if value:
            raise FormatError(
                f"a survey TXT takes no {key}", file=str(path), key=key, remedy=f"leave {key} out of the plan"
            )
    for column in options.blanks:
        raise PlanError(
            f"a survey TXT has no {column} that could be empty",
            file=str(path),
            key=f"blank_{column}",
            remedy="leave it out of the plan",
        )


def _add_file(log: _Log, file: str, name: str, survey: Survey, *, crs: Any) -> None:
    """Add the parcels of a file."""
    if not survey.records:
        raise FormatError("the file holds no parcel", file=file, remedy="leave it out, or export it again")
    drawn = [draw(r) for r in survey.records]
    systems, said = systems_of(survey, drawn, given=crs, file=file)
    log.issues.extend(said)
    if all(s is None for s in systems):
        found, _ = systems_of(survey, [Drawn([], None, True, [])], given=crs, file=file)
        log.fallback.extend(s for s in found if s is not None)
    log.entries.extend(
        _Entry(file, name, place, record, one, system)
        for place, (record, one, system) in enumerate(zip(survey.records, drawn, systems, strict=True), 1)
    )


def _say_shapes(log: _Log, parts: dict[int, int]) -> None:
    for at, entry in enumerate(log.entries):
        if entry.record.unusual:
            log.say(at, "parcel_line_unusual", "kept", column="record", raw=entry.record.raw)
        for kind, action, words in entry.drawn.notes:
            log.say(at, kind, action, column="geometry", **words)
        if at in parts:
            log.say(at, "ring_is_part", "mended", column="geometry", count=parts[at])
        if entry.drawn.fault:
            kind, words = entry.drawn.fault
            log.say(at, kind, "rejected", column="geometry", **words)
        elif entry.system is None:
            log.say(at, "not_in_china", "rejected", column="geometry")


def _settle_shapes(log: _Log, shapes: Shapes) -> Shapes:
    """Mend shapes; reject those that are invalid, or do not lie where their coordinate system is used."""
    settled = settle_shapes(shapes, skip=log.rejected)
    shapes = settled.shapes
    for action, cases in (("mended", settled.mended), ("rejected", settled.faults)):
        for at, (kind, words) in sorted(cases.items()):
            log.say(at, kind, action, column="geometry", **words)
    for system, places in _by_system(log).items():
        sound = np.array([p for p in places if p not in log.rejected], dtype=int)
        if len(sound):
            outside = outside_faults(shapes[sound], system, file=log.entries[sound[0]].file)
            for at, (kind, words) in outside.items():
                log.say(int(sound[at]), kind, "rejected", column="geometry", **words)
    return shapes


def _by_system(log: _Log) -> dict[pyproj.CRS, list[int]]:
    found: dict[pyproj.CRS, list[int]] = {}
    for at, entry in enumerate(log.entries):
        if entry.system is not None:
            found.setdefault(entry.system, []).append(at)
    return found


def _stated_areas(log: _Log, shapes: Shapes, unit: str | None) -> npt.NDArray[np.float64]:
    planar = shapely.area(shapes)
    stated = np.full(len(log.entries), np.nan)
    for at, entry in enumerate(log.entries):
        stated[at], note = stated_area(entry.record.area, planar_m2=float(planar[at]), unit=unit)
        if note:
            kind, action, words = note
            log.say(at, kind, action, column="stated_area_m2", raw=entry.record.area, **words)
    return stated


def _frame(log: _Log, shapes: Shapes, stated: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return all entries with the columns that the format has, by their ids."""
    records = [e.record for e in log.entries]
    data: dict[str, Any] = {
        "parcel_id": pd.Series(_ids(log, shapes), dtype="str"),
        "parcel_name": pd.Series([r.name for r in records], dtype="str"),
        "land_use": pd.Series([r.use for r in records], dtype="str"),
        "stated_area_m2": pd.Series(stated),
        "source_file": pd.Series([e.file for e in log.entries], dtype="str"),
        "source_row": pd.Series([r.line for r in records], dtype="Int64"),
        "geometry": pd.Series(shapes, dtype=object),
    }
    land, _ = settle_land(data, len(records))
    return pd.DataFrame(data | land).set_index("parcel_id")


def _ids(log: _Log, shapes: Shapes) -> list[str]:
    """Return the numbers of the parcels; made ones where there is none, or one that identifies nothing."""
    template = dialect_of(PARCELS).template_ids
    drawn: dict[str, set[bytes]] = {}
    for at, entry in enumerate(log.entries):
        number = entry.record.parcel_id
        if number and at not in log.rejected and _RUNNING.fullmatch(number):
            drawn.setdefault(number, set()).add(shapely.to_wkb(shapes[at]))
    ids = []
    for at, entry in enumerate(log.entries):
        number, made = entry.record.parcel_id, f"{entry.name}#{entry.place}"
        if not number or (template is not None and template.fullmatch(number)):
            kind = "id_made"
        elif len(drawn.get(number, ())) > 1:
            kind = "running_number"
        else:
            ids.append(number)
            continue
        ids.append(made)
        if at not in log.rejected:
            log.say(at, kind, "mended", column="parcel_id", raw=number, id=made)
    return ids


def _in_one_system(
    log: _Log, frame: pd.DataFrame, kept: npt.NDArray[np.bool_], shifts: Sequence[Shift]
) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Return the entries kept as parcels in one system (``settle_working``), in their order."""
    groups = {s: np.array([p for p in places if kept[p]], dtype=int) for s, places in _by_system(log).items()}
    groups = {s: places for s, places in groups.items() if len(places)}
    if not groups:
        systems = [e.system for e in log.entries if e.system is not None] + log.fallback
        return PARCELS.empty(crs=systems[0]), []
    main = next(iter(groups))
    own = [PARCELS.conform(frame.iloc[places], crs=system) for system, places in groups.items()]
    tables, said = [], list[dict[str, Any]]()
    if len(groups) > 1:
        main, said = settle_working(own, shifts=shifts)
    for table, places in zip(own, groups.values(), strict=True):
        files = dict.fromkeys(log.entries[p].file for p in places)
        table, moved = bring_to(table, main, file=next(iter(files)), shifts=shifts)
        tables.append(table)
        said += [m | {"source_file": f} for f in files for m in moved]
    if len(tables) == 1:
        return tables[0], said
    order = np.argsort(np.concatenate(list(groups.values())))
    return pd.concat(tables).iloc[order], said


def _rejected(log: _Log, ids: Sequence[str]) -> pd.DataFrame:
    rows = [
        {
            "source_file": log.entries[at].file,
            "row": log.entries[at].record.line,
            "record_id": ids[at],
            "kind": kind,
            "message": message,
            "raw": json.dumps({"record": log.entries[at].record.raw}, ensure_ascii=False),
        }
        for at, (kind, message) in sorted(log.rejected.items())
    ]
    return REJECTED.conform(pd.DataFrame(rows, columns=list(REJECTED.columns)))
