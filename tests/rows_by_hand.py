"""Tables from a few plain rows, for tests of linking and measuring.

Parcels are squares in one row from west to east, 4 km from one to the next; the plane is the 3-degree zone 37
next to its central meridian, where plane and ellipsoid agree to a few parts in a million. The stated area is the
exact one.
"""

from __future__ import annotations

import math
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landuse.linking import link
from landuse.measuring import measure
from landuse.tables import CORRECTIONS, MONEY, PARCELS, PROJECTS, ZONES

CRS = "EPSG:4525"
EAST, NORTH, STEP, LARGEST = 37_500_000.0, 3_833_000.0, 4000.0, 3000.0
M2_PER_MU = 2000.0 / 3.0
AS_OF = date(2026, 6, 30)
SHORT = {stem.removesuffix("_invest_wan").removesuffix("_wan"): stem for stem in MONEY}
SHORT |= {"requested": "requested_m2", "developed": "developed_m2", "due": "due_development_m2"}


def ends(value):
    """A figure from one number, or from [low, high]."""
    if value is None:
        return (math.nan, math.nan)
    return tuple(map(float, value)) if isinstance(value, list | tuple) else (float(value), float(value))


def _spread(rows):
    """Pairs by their short names; every other key is a column."""
    plain = []
    for row in rows:
        cells = {}
        for key, value in row.items():
            if key in SHORT:
                cells[f"{SHORT[key]}_low"], cells[f"{SHORT[key]}_high"] = ends(value)
            else:
                cells[key] = value
        plain.append(cells)
    return plain


def place(slot):
    return EAST + slot * STEP, NORTH


def rectangle(sides):
    """A rectangle from [x, y, width, height] in metres from the place of slot 0."""
    x, y, width, height = map(float, sides)
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def parcels_of(rows):
    """Rows: id, mu or m2, zone (named in the file), slot (place in the row), and any column of the table.

    ``rect`` [x, y, width, height] draws a parcel in metres from the place of slot 0 instead.
    """
    cells, shapes, ids = [], [], []
    for number, row in enumerate(_spread(rows)):
        row = {"source_file": "宗地.shp", "source_row": number + 1} | row
        if "rect" in row:
            shapes.append(rectangle(row.pop("rect")))
            area = shapes[-1].area
        else:
            area = float(row.pop("m2")) if "m2" in row else float(row.pop("mu")) * M2_PER_MU
            x, y = place(row.pop("slot", number))
            shapes.append(shapely.box(x, y, x + math.sqrt(area), y + math.sqrt(area)))
        ids.append(row.pop("id"))
        row.setdefault("stated_area_m2", area)
        row["zone_id"] = row.pop("zone", None)
        cells.append(row)
    frame = gpd.GeoDataFrame(
        pd.DataFrame(cells, index=pd.Index(ids, dtype="str", name="parcel_id")), geometry=shapes, crs=CRS
    )
    return PARCELS.conform(frame)


def projects_of(rows):
    """Rows: id, refs, total, fixed, invested, planned, output, tax [wan], requested [m2], zone, new.

    ``footprint`` [x, y, width, height] and ``point`` [x, y] are drawn as ``rect`` of parcels.
    """
    cells, ids, shapes = [], [], []
    for number, row in enumerate(_spread(rows)):
        row = {"source_file": "项目.xlsx", "source_row": number + 3} | row
        ids.append(row.pop("id"))
        row["parcel_refs"] = list(row.pop("refs", []))
        row["zone_id"] = row.pop("zone", None)
        point = row.pop("point", None)
        shape = rectangle(row.pop("footprint")) if "footprint" in row else None
        shapes.append(shape if point is None else shapely.Point(EAST + point[0], NORTH + point[1]))
        cells.append(row)
    columns = None if cells else ["parcel_refs", "zone_id"]
    frame = pd.DataFrame(cells, index=pd.Index(ids, dtype="str", name="project_id"), columns=columns)
    return PROJECTS.conform(gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS))


def zones_of(rows):
    """Rows: id, name, class, slots [first, last]: the zone holds those places, whole."""
    shapes = []
    for row in rows:
        first, last = row["slots"]
        x0, y0 = place(first)
        x1, _ = place(last)
        shapes.append(shapely.box(x0 - 50, y0 - 50, x1 + STEP - 100, y0 + LARGEST))
    frame = gpd.GeoDataFrame(
        {"name": [r.get("name") for r in rows], "zone_class": [r.get("class") for r in rows]},
        index=pd.Index([r["id"] for r in rows], dtype="str", name="zone_id"),
        geometry=shapes,
        crs=CRS,
    )
    return ZONES.conform(frame)


def corrections_of(rows):
    """Rows: [parcel, project], with a share, with the word of a decision (yes, no, only, open), or both."""
    cells = [
        {
            "parcel_id": r[0],
            "project_id": r[1],
            "share": next((v for v in r[2:] if not isinstance(v, str)), np.nan),
            "decision": next((v for v in r[2:] if isinstance(v, str)), "only"),
            "source_file": "links.csv",
            "source_row": n + 2,
        }
        for n, r in enumerate(rows)
    ]
    return CORRECTIONS.conform(pd.DataFrame(cells))


def linked(parcels, projects, corrections=None, **options):
    """Link over the stated areas."""
    return link(parcels, projects, corrections=corrections, areas=parcels["stated_area_m2"], **options)


def measured(parcels, projects, links=None, *, zones=None, as_of=AS_OF):
    """Measure over the stated areas."""
    links = linked(parcels, projects) if links is None else links
    return measure(parcels, projects, links, zones=zones, as_of=as_of, area="stated")


def pair(facts, row, stem):
    return (float(facts.at[row, f"{stem}_low"]), float(facts.at[row, f"{stem}_high"]))
