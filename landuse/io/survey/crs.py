"""Which coordinate system the records of a survey TXT are in: the eastings say the zone, else the header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyproj

from landuse.errors import CrsError
from landuse.io.coordinates.crs import (
    NAME_IT,
    gauss_kruger,
    is_gcj02,
    is_transverse_mercator,
    is_zone,
    name_of,
    resolve,
)
from landuse.io.survey.lines import words
from landuse.io.survey.records import Survey
from landuse.io.survey.rings import Drawn
from landuse.labels import label
from landuse.tables import issue

__all__ = ["systems_of"]


def systems_of(
    survey: Survey, drawn: Sequence[Drawn], *, given: Any, file: str
) -> tuple[list[pyproj.CRS | None], list[dict[str, Any]]]:
    """Settle the coordinate system of every record.

    Parameters
    ----------
    survey : Survey
        The file.
    drawn : sequence of Drawn
        Its records.
    given : any pyproj understands, or None
        What the plan says.
    file : str
        Named in refusals.

    Returns
    -------
    systems : list of pyproj.CRS or None
        None for a record that has a fault, or whose coordinates are unlike those of the others.
    issues : list of dict
        ``zone_header_differs`` where the header names another zone than the eastings, which win;
        ``zone_from_header`` where only the header names one; ``datum_by_plan`` where the header names a datum
        without grid; ``parameters_not_applied``; ``bare_layout`` of a file without header.

    Raises
    ------
    CrsError
        Where neither coordinates, header nor plan tell the system, or they contradict each other.
    """
    if is_gcj02(given):
        raise CrsError("a survey TXT holds metres, never GCJ-02", file=file, key="crs", remedy=NAME_IT)
    datum, doubt = _datum(survey)
    stated = _number(survey, "zone")
    local = _is_local(given, file)
    usable = [d for d in drawn if not d.fault]
    some_fit = any(d.fits for d in usable) and not local
    known: dict[int | None, pyproj.CRS] = {}
    systems: list[pyproj.CRS | None] = []
    for one in drawn:
        if one.fault or (some_fit and not one.fits):
            systems.append(None)
            continue
        if one.zone not in known:
            own = _own(datum, one, stated) if datum and not local else None
            if own is None and given is None:
                raise CrsError(doubt or _no_zone(survey, one), file=file, key="crs", remedy=NAME_IT)
            known[one.zone] = resolve(own, given, file=file)
        systems.append(known[one.zone])
    said = [i for zone in known if zone for i in _zone_issues(survey, zone, file)]
    if None in known and given is None and stated is not None:
        said += _from_header(survey, stated, known[None], file)
    return systems, said + _header_issues(survey, None if local else datum, known, file)


def _is_local(given: Any, file: str) -> bool:
    return given is not None and not is_transverse_mercator(resolve(None, given, file=file))


def _from_header(survey: Survey, zone: int, crs: pyproj.CRS, file: str) -> list[dict[str, Any]]:
    """Say that nothing but the header names the zone, which writers often leave at a default."""
    line, value = survey.header["zone"]
    field = words()["keys"]["zone"][0]
    where: dict[str, Any] = {"file": file, "row": line, "field": field, "raw": value}
    said = [issue("zone_from_header", "kept", **where, crs=f"{name_of(crs)} ({crs.name})")]
    return said + [i for i in _zone_issues(survey, zone, file) if i["field"] != field]


def _header_issues(
    survey: Survey, datum: str | None, known: Mapping[int | None, pyproj.CRS], file: str
) -> list[dict[str, Any]]:
    said = []
    used = ", ".join(dict.fromkeys(name_of(crs) for crs in known.values()))
    if survey.layout != "sections":
        layout = label("survey_layouts", survey.layout)
        said.append(issue("bare_layout", "kept", file=file, raw=None, layout=layout, crs=used))
    for key, kind in (("datum", "datum_by_plan"), ("transform", "parameters_not_applied")):
        line, value = survey.header.get(key, (0, ""))
        doubtful = datum is None if key == "datum" else re.search("[1-9]", value) is not None
        if value and doubtful:
            field = words()["keys"][key][0]
            said.append(issue(kind, "kept", file=file, row=line, field=field, raw=value, crs=used))
    return said


def _own(datum: str, one: Drawn, stated: int | None) -> pyproj.CRS | None:
    zone = one.zone if one.zone is not None else stated
    if not one.fits or zone is None or not is_zone(zone):
        return None
    return gauss_kruger(datum, zone, prefix=one.zone is not None)


def _datum(survey: Survey) -> tuple[str | None, str | None]:
    """Return the datum that the header names, or why there is none that can be used."""
    for key, section in (("projection", "projections"), ("unit", "units")):
        line, value = survey.header.get(key, (0, ""))
        allowed = next(iter(words()[section].values()))
        fits = any(w in value.lower() for w in allowed) if key == "projection" else value.lower() in allowed
        if value and not fits:
            return None, f"line {line} of the header names {value!r}, not {allowed[0]}"
    line, value = survey.header.get("datum", (0, ""))
    for datum, names in words()["datums"].items():
        if any(n in value.upper() for n in names):
            if datum == "wgs84":
                break
            return datum, None
    shown = f"line {line} of the header names {value!r}, which" if value else "the header names none that"
    return None, f"no coordinate system: {shown} stands for no Chinese grid"


def _no_zone(survey: Survey, one: Drawn) -> str:
    if not one.fits:
        x, y = one.rings[0][0]
        return f"coordinates such as X={y:.3f}, Y={x:.3f} are no northing and easting of China"
    _, value = survey.header.get("zone", (0, ""))
    key = words()["keys"]["zone"][0]
    shown = f"{key}={value} is no zone" if value else f"the header has no {key}"
    return f"the eastings carry no zone number and {shown}"


def _number(survey: Survey, key: str) -> int | None:
    digits = re.search(r"\d+", survey.header.get(key, (0, ""))[1])
    return int(digits[0]) if digits else None


def _zone_issues(survey: Survey, zone: int, file: str) -> list[dict[str, Any]]:
    said = []
    for key, expected in (("zone", zone), ("width", 3 if zone >= 25 else 6)):
        stated = _number(survey, key)
        if stated is not None and stated != expected:
            line, value = survey.header[key]
            field = words()["keys"][key][0]
            said.append(
                issue(
                    "zone_header_differs",
                    "mended",
                    file=file,
                    row=line,
                    field=field,
                    raw=value,
                    expected=expected,
                    zone=zone,
                )
            )
    return said
