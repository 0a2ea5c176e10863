"""A plan whose parcels have one of every fault of geometry, each to be reckoned in the head."""

from __future__ import annotations

import geopandas as gpd
import shapely

from tests.small_plan import E0, N0, PLAN, square, write

DRAWN = PLAN.replace("map = false", "map = true").replace("workbook = false", "workbook = true")


def box(west, south, east, north):
    return shapely.box(E0 + west, N0 + south, E0 + east, N0 + north)


def faulty(folder):
    """Write the plan; return its path.

    A and B side by side; O lies 10 m into B (1,000 m2); T twice T2; S reaches 5 cm into T (5 m2); four round a
    gap of 6 m by 10 m; a bow-tie, a spike, a row without shape.
    """
    shapes = {
        "A": square(0, 0),
        "B": square(1, 0),
        "O": box(190, 0, 300, 100),
        "T": square(0, 3),
        "T2": square(0, 3),
        "S": box(99.95, 300, 200, 400),
        "G1": box(0, 600, 100, 630),
        "G2": box(0, 630, 30, 700),
        "G3": box(40, 630, 100, 700),
        "G4": box(30, 636, 40, 700),
        "BOW": shapely.Polygon([(E0, N0 + 800), (E0 + 50, N0 + 850), (E0 + 50, N0 + 800), (E0, N0 + 850)]),
        "SPIKE": shapely.Polygon(
            [
                (E0 + x, N0 + y)
                for x, y in [(200, 800), (300, 800), (300, 900), (330, 900), (300, 900), (200, 900)]
            ]
        ),
        "BARE": None,
    }
    path = write(folder, plan=DRAWN)
    table = gpd.GeoDataFrame({"宗地编号": list(shapes)}, geometry=list(shapes.values()), crs="EPSG:4525")
    (folder / "parcels.gpkg").unlink()
    table.to_file(folder / "parcels.gpkg", layer="parcels")
    return path
