"""Great synthetic cities for benchmarks: arrays all the way, no expected results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.tables import PARCELS, PROJECTS, ZONES
from landuse.testing.cityplan import CRS
from landuse.testing.stories import AS_OF

__all__ = ["BigCity", "big_city"]

Floats = npt.NDArray[np.float64]

WEST, SOUTH = 37_445_000.0, 3_780_000.0
PITCH_M, BEND_M = 110.0, 9.0
ZONES_ACROSS = 5
FIRST_DUE = np.datetime64("2018-01-01", "D")


@dataclass(frozen=True)
class BigCity:
    """Tables ready to link and measure."""

    as_of: date
    parcels: gpd.GeoDataFrame
    projects: pd.DataFrame
    zones: gpd.GeoDataFrame


def big_city(parcels: int, seed: int = 1) -> BigCity:
    """Make a city of irregular parcels that share their boundaries, with a project for every fifth parcel.

    Parameters
    ----------
    parcels : int
        How many; 1 to some million.
    seed : int
        Of all chance.

    Returns
    -------
    BigCity
        ``parcels`` of eight corners and about 1.2 ha, stated areas on 97 % of them, dates and prices;
        ``projects`` on one to three neighbouring parcels each, some of them sharing one; 25 ``zones``.

    Examples
    --------
    >>> town = big_city(1000)
    >>> len(town.parcels), len(town.projects), len(town.zones)
    (1000, 200, 25)
    """
    rng = np.random.default_rng(seed)
    wide = int(np.ceil(np.sqrt(parcels)))
    high = int(np.ceil(parcels / wide))
    shapes = _shapes(wide, high, rng)[:parcels]
    ids = _ids(parcels)
    land = _parcels(shapes, ids, rng)
    projects = _projects(ids, land["stated_area_m2"].to_numpy(), rng)
    return BigCity(AS_OF, land, projects, _zones(land.total_bounds))


def _shapes(wide: int, high: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    """Return the polygons of a bent lattice, row by row; neighbours share corners and bends."""
    east = np.cumsum(rng.uniform(0.7, 1.3, wide + 1)) * PITCH_M + WEST
    north = np.cumsum(rng.uniform(0.7, 1.3, high + 1)) * PITCH_M + SOUTH
    corner = np.stack(np.broadcast_arrays(east[None, :], north[:, None]), axis=-1)
    corner = corner + rng.uniform(-2 * BEND_M, 2 * BEND_M, corner.shape)
    along = (corner[:, 1:] + corner[:, :-1]) / 2
    along += rng.uniform(-BEND_M, BEND_M, along.shape)
    up = (corner[1:] + corner[:-1]) / 2
    up += rng.uniform(-BEND_M, BEND_M, up.shape)
    ring = [
        corner[:-1, :-1],
        along[:-1],
        corner[:-1, 1:],
        up[:, 1:],
        corner[1:, 1:],
        along[1:],
        corner[1:, :-1],
        up[:, :-1],
        corner[:-1, :-1],
    ]
    points = np.round(np.stack(ring, axis=2).reshape(wide * high, len(ring), 2), 3)
    return np.asarray(shapely.polygons(points), dtype=object)


def _ids(count: int) -> pd.Index:
    """Return structurally valid parcel numbers."""
    return pd.Index([f"410311{n // 99_999:06d}GB{n % 99_999 + 1:05d}" for n in range(count)], dtype="str")


def _parcels(shapes: npt.NDArray[Any], ids: pd.Index, rng: np.random.Generator) -> gpd.GeoDataFrame:
    count = len(shapes)
    stated = np.round(shapely.area(shapes), 2)
    stated[rng.random(count) < 0.03] = np.nan
    price = np.round(stated / 666.67 * rng.uniform(9, 26, count), 2)
    due = FIRST_DUE + rng.integers(0, 3400, count).astype("timedelta64[D]")
    begun = due + rng.integers(-90, 400, count).astype("timedelta64[D]")
    started = (rng.random(count) < 0.85) & (begun < np.datetime64(AS_OF))
    table = pd.DataFrame(
        {
            "ownership": "state",
            "ownership_basis": "code",
            "construction_land": True,
            "land_use": np.array(["工业用地", "仓储用地", "科研用地"], dtype=object)[
                rng.integers(0, 3, count)
            ],
            "stated_area_m2": stated,
            "price_wan_low": price,
            "price_wan_high": price,
            "start_due": due,
            "start_state": np.where(started, "started", "not_started"),
            "started_on": np.where(started, begun, np.datetime64("NaT")),
            "suspend_state": "not_suspended",
            "government_cause": "none",
            "source_file": "big",
            "source_row": np.arange(1, count + 1),
            "geometry": shapes,
        },
        index=ids,
    )
    return PARCELS.conform(table, crs=CRS)


def _projects(ids: pd.Index, area_m2: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """Return a project for every fifth parcel: on it, and often on one or two beside it."""
    first = np.arange(0, len(ids) - len(ids) % 5, 5)
    count = len(first)
    names = ids.to_numpy(dtype=object)
    parts = rng.choice([1, 2, 3], count, p=[0.7, 0.2, 0.1])
    shared = (rng.random(count) < 0.02) & (first > 0)
    refs = [
        [*names[at : at + n], *names[at - 5 : at - 5 + both]]
        for at, n, both in zip(first.tolist(), parts.tolist(), shared.tolist(), strict=True)
    ]
    land_mu = np.nan_to_num(area_m2[first], nan=12_000.0) * parts * 3 / 2000
    fixed = np.round(land_mu * rng.uniform(60, 480, count), 2)
    total = np.round(fixed * rng.uniform(1.02, 1.35, count), 2)
    fixed[rng.random(count) < 0.04] = np.nan
    new = pd.array(rng.random(count) < 0.8, dtype="boolean")
    new[rng.random(count) < 0.03] = pd.NA
    table = pd.DataFrame(
        {
            "parcel_refs": pd.Series(refs, dtype=object),
            "is_new": new,
            "total_invest_wan_low": total,
            "total_invest_wan_high": np.where(rng.random(count) < 0.05, total * 1.2, total),
            "fixed_invest_wan_low": fixed,
            "fixed_invest_wan_high": fixed,
            "planned_wan_low": total,
            "planned_wan_high": total,
            "invested_wan_low": np.round(total * 0.5, 2),
            "invested_wan_high": np.round(total * 0.5, 2),
            "source_file": "big",
            "source_row": np.arange(1, count + 1),
        }
    )
    table.index = pd.Index([f"XM{n:07d}" for n in range(1, count + 1)], dtype="str", name="project_id")
    return PROJECTS.conform(table)


def _zones(bounds: Floats) -> gpd.GeoDataFrame:
    """Return a chequerboard of zones over the whole lattice."""
    east = np.linspace(bounds[0] - PITCH_M, bounds[2] + PITCH_M, ZONES_ACROSS + 1)
    north = np.linspace(bounds[1] - PITCH_M, bounds[3] + PITCH_M, ZONES_ACROSS + 1)
    rows, columns = np.divmod(np.arange(ZONES_ACROSS**2), ZONES_ACROSS)
    table = pd.DataFrame(
        {
            "name": [f"zone {n + 1}" for n in range(ZONES_ACROSS**2)],
            "zone_class": np.where((rows + columns) % 2 == 0, "urban", "county"),
            "geometry": shapely.box(east[columns], north[rows], east[columns + 1], north[rows + 1]),
        },
        index=pd.Index([f"Z{n + 1:02d}" for n in range(ZONES_ACROSS**2)], dtype="str"),
    )
    return ZONES.conform(table, crs=CRS)
