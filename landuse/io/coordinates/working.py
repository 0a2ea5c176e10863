"""Which plane a run works in, where its files are in several: the choice, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import pyproj

from landuse.io.coordinates.crs import (
    datum_of,
    gauss_kruger,
    name_of,
    parameter,
    working_crs,
)
from landuse.io.coordinates.datum_shifts import Shift, SimilarityShift
from landuse.labels import label
from landuse.tables import issue

__all__ = ["Working", "settle_working"]

_FIRST = ("cgcs2000", "wgs84")
"""Datums that are preferred, whatever the number of rows in another: the country's own, then its like."""


class Working(NamedTuple):
    """The plane to work in, and rows for the table ``issues`` that say why."""

    crs: pyproj.CRS
    issues: list[dict[str, Any]]


def settle_working(
    tables: Sequence[gpd.GeoDataFrame], *, given: Any = None, shifts: Sequence[Shift] = ()
) -> Working:
    """Settle the plane to work in; the order of the tables does not matter.

    Parameters
    ----------
    tables : sequence of GeoDataFrame
        Parcels, a table for each file, at least one; each with a coordinate system.
    given : any pyproj understands, optional
        The plan's choice; it wins.
    shifts : sequence of Shift
        Changes of datum that the plan gives parameters for.

    Returns
    -------
    Working
        Without a choice in the plan: of the planes that suit the tables one by one (``working_crs``) the one
        with most rows, CGCS2000 before other datums, the lower code where two are even. Where parameters lead
        from its datum to another, that of the other.

    Raises
    ------
    CrsError
        Where a table has no coordinate system.
    """
    full = [t for t in tables if len(t)] or list(tables[:1])
    inputs = Counter[str]()
    for table in full:
        inputs[name_of(table.crs)] += len(table)
    if given is not None:
        chosen, why = pyproj.CRS.from_user_input(given), "plan"
    else:
        chosen = _suiting(full)
        why = "own" if set(inputs) == {name_of(chosen)} else "most_rows" if len(inputs) > 1 else "fitting"
        led = _led(chosen, shifts)
        chosen, why = (chosen, why) if led is None else (led, "shift")
    if why == "own" or (why == "plan" and set(inputs) == {name_of(chosen)}):
        return Working(chosen, [])
    words: dict[str, Any] = {
        "target": f"{name_of(chosen)} ({chosen.name})",
        "inputs": ", ".join(f"{name} ({rows})" for name, rows in sorted(inputs.items())),
        "why": label("working_crs", why),
    }
    return Working(chosen, [issue("working_crs", "kept", field="geometry", raw=None, **words)])


def _suiting(tables: Sequence[gpd.GeoDataFrame]) -> pyproj.CRS:
    rows = Counter[str]()
    planes: dict[str, pyproj.CRS] = {}
    for table in tables:
        plane = working_crs(table)
        planes[name_of(plane)] = plane
        rows[name_of(plane)] += len(table)

    def rank(name: str) -> tuple[int, int, str]:
        datum = datum_of(planes[name])
        return _FIRST.index(datum) if datum in _FIRST else len(_FIRST), -rows[name], name

    return planes[min(planes, key=rank)]


def _led(plane: pyproj.CRS, shifts: Sequence[Shift]) -> pyproj.CRS | None:
    """Return the plane that parameters of the plan lead to from a plane, None where none do."""
    for shift in shifts:
        start, end = shift.datums
        if start != datum_of(plane):
            continue
        if isinstance(shift, SimilarityShift):
            return pyproj.CRS(shift.target)
        zone = int(parameter(plane, "False easting") // 1_000_000)
        bare = zone == 0
        zone = zone or round(parameter(plane, "Longitude of natural origin") / 3.0)
        return gauss_kruger("cgcs2000" if end == "wgs84" else end, zone, prefix=not bare)
    return None
