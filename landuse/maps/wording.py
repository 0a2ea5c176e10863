"""The sentences round a map: what it shows, of which day, by which policies, from which files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from unicodedata import east_asian_width

from pyproj import CRS

from landuse.labels import label, say
from landuse.tables import Result

SAME_ON_SCREEN = ("China Geodetic Coordinate System 2000", "CGCS2000", "WGS 84", "WGS 1984")
"""Datums whose longitudes and latitudes agree to less than a metre."""


def sheet_lines(result: Result) -> list[str]:
    """Return what stands under the title: the as-of date and the policies."""
    day = say("map_words", "date", year=result.as_of.year, month=result.as_of.month, day=result.as_of.day)
    ids = label("map_words", "list").join(result.policies)
    policies = say("map_words", "policies", ids=ids) if ids else label("map_words", "no_policies")
    return [say("map_words", "as_of", date=day), policies]


def screen_notes(result: Result) -> list[str]:
    """Return the notes at the foot of the page: what it is not, how its figures are meant, its sources."""
    return [
        *_meant("suspected", "potential", "areas", "intensity"),
        *_system(result, paper=False),
        *_sources(result),
    ]


def paper_notes(result: Result) -> list[str]:
    """Return the notes at the foot of the sheet; the first is that suspicion is no finding of law."""
    return [*_meant("suspected", "potential", "areas"), *_system(result, paper=True), *_sources(result)]


def wrapped(text: str, width: float) -> list[str]:
    """Break a text into lines of at most ``width`` Chinese characters; others count half.

    Examples
    --------
    >>> wrapped("abcd", 1.2)
    ['ab', 'cd']
    """
    lines, room = [""], width
    for sign in text:
        size = 1.0 if east_asian_width(sign) in "WFA" else 0.55
        if size > room:
            lines.append("")
            room = width
        lines[-1] += sign
        room -= size
    return lines


def _meant(*keys: str) -> list[str]:
    return [label("map_notes", key) for key in keys]


def _system(result: Result, *, paper: bool) -> list[str]:
    crs = result.parcels.crs
    if crs is None:
        return []
    system = CRS.from_user_input(crs)
    datum = system.geodetic_crs.name.replace("_", " ") if system.geodetic_crs else ""
    key = "crs_paper" if paper else "crs" if datum.endswith(SAME_ON_SCREEN) else "crs_other"
    return [say("map_notes", key, crs=system.name)]


def _sources(result: Result) -> list[str]:
    names = dict.fromkeys(_file_name(s) for s in result.ledger.get("inputs", []))
    return [say("map_notes", "sources", files=label("map_words", "list").join(names))] if names else []


def _file_name(source: Mapping[str, Any]) -> str:
    return PurePath(str(source["path"])).name
