"""The zone that a ledger names against the zone that holds the project's own footprint or point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from landuse.errors import CrsError
from landuse.labels import label
from landuse.measuring.overlaps import overlaps
from landuse.measuring.pairs import Flags, Ints
from landuse.measuring.zones import OUT, STRADDLED, Places, ZoneBook, zone_by_shape
from landuse.tables import issues_at

__all__ = ["check_drawn"]


def check_drawn(places: Places, projects: pd.DataFrame, book: ZoneBook, *, linked: Flags) -> Places:
    """Compare the ledger's zone with the place of the shape, for projects that stand on no parcel yet.

    Parameters
    ----------
    places : Places
        Of ``places_of_projects``.
    projects : DataFrame
        Table ``projects``; its shapes in the coordinate system of the zones.
    book : ZoneBook
        The zones.
    linked : ndarray of bool, one a project
        Projects whose parcels have been compared already.

    Returns
    -------
    Places
        With an issue for each difference; the class is unknown where the two zones have not the same.

    Raises
    ------
    CrsError
        Where shapes and zones have different coordinate systems.
    """
    shapes = np.asarray(projects.geometry.to_numpy(), dtype=object)
    asked = ~linked & ~shapely.is_missing(shapes) & (places.at >= 0)
    rows = np.flatnonzero(asked)
    if book.zones is None or not len(rows):
        return places
    if projects.crs != book.zones.crs:
        raise CrsError(
            f"the projects are in {projects.crs}, the zones in {book.zones.crs}",
            remedy="bring them to one coordinate system first (to_crs)",
        )
    found = np.full(len(projects), OUT, dtype=np.int64)
    found[rows] = _where(shapes[rows], book)
    differs = asked & (found != places.at)
    clash = differs & (book.class_at(found) != book.class_at(places.at))

    def words(at: Any) -> dict[str, Any]:
        there = label("zone_evidence", "border") if found[at] == STRADDLED else book.say(found[at])
        raw = projects["zone_id"].iloc[at]
        return {"raw": raw, "project": projects.index[at], "named": book.say(places.at[at]), "found": there}

    said = issues_at("project_zone_differs", "kept", projects, differs, field="zone_id", words=words)
    classes = places.zone_class.copy()
    classes[clash] = None
    inside = places.inside.copy()
    inside[clash & (found < 0)] = None
    disputed = places.disputed | clash
    return replace(places, zone_class=classes, inside=inside, disputed=disputed, issues=places.issues + said)


def _where(shapes: Any, book: ZoneBook) -> Ints:
    """Return the zone that holds half of each shape, or its point."""
    zones = book.zones
    if zones is None:
        return np.full(len(shapes), OUT, dtype=np.int64)
    ground = np.asarray(zones.geometry.to_numpy(), dtype=object)
    area = np.nan_to_num(shapely.area(shapes))
    polygons = shapes.copy()
    polygons[area == 0.0] = None
    found = zone_by_shape(overlaps(polygons, ground, area))
    dots = np.flatnonzero(area == 0.0)
    dot, zone = shapely.STRtree(ground).query(shapes[dots], predicate="intersects")
    held = np.bincount(dot, minlength=len(dots))
    of_dot = np.full(len(dots), OUT, dtype=np.int64)
    of_dot[dot] = zone
    found[dots] = np.where(held > 1, STRADDLED, of_dot)
    return found
