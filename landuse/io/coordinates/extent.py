"""Whether coordinates lie where their coordinate system is used, and what they look like if not."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from landuse.errors import CrsError
from landuse.io.coordinates.crs import (
    NAME_IT,
    datum_of,
    gauss_kruger,
    is_transverse_mercator,
    is_zone,
    lon_lat,
    name_of,
    parameter,
)

__all__ = ["MARGIN_DEG", "check_extent", "outside_faults"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MARGIN_DEG = 3.0
"""How far outside its area of use a coordinate system is still believed."""


def check_extent(shapes: npt.NDArray[Any], crs: pyproj.CRS, *, file: str) -> Bools:
    """Check that coordinates lie where their coordinate system is used, within 3 degrees.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        Missing and empty ones are passed over.
    crs : pyproj.CRS
    file : str
        Named in the refusal.

    Returns
    -------
    ndarray of bool, shape (n,)
        False for the odd shape that lies outside: a fault of that row.

    Raises
    ------
    CrsError
        Where at least half of the shapes lie outside: a fault of the coordinate system.
    """
    bounds = shapely.bounds(shapes)
    placed = np.isfinite(bounds).all(axis=1)
    if not placed.any():
        return np.ones(len(shapes), dtype=bool)
    x, y = (bounds[placed, 0] + bounds[placed, 2]) / 2, (bounds[placed, 1] + bounds[placed, 3]) / 2
    angular = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
    if crs.is_geographic:
        inside = angular.copy()
        inside[angular] = _in_area(x[angular], y[angular], crs)
    else:
        inside = ~angular
        lon, lat = lon_lat(x, y, crs)
        inside &= np.isfinite(lon) & np.isfinite(lat)
        inside[inside] = _in_area(lon[inside], lat[inside], crs)
    if 2 * np.count_nonzero(~inside) >= len(inside) and not inside.all():
        worst = np.flatnonzero(~inside)[0]
        raise _misplaced(float(x[worst]), float(y[worst]), bool(angular[worst]), crs, file)
    result = np.ones(len(shapes), dtype=bool)
    result[placed] = inside
    return result


def outside_faults(
    shapes: npt.NDArray[Any], crs: pyproj.CRS, *, file: str
) -> dict[int, tuple[str, dict[str, Any]]]:
    """Say which shapes lie outside the area where their system is used, and what they look like.

    Parameters
    ----------
    shapes, crs, file
        As ``check_extent`` takes them.

    Returns
    -------
    dict
        Position to (``outside_crs`` | ``outside_crs_swapped`` | ``outside_crs_zone``, words).

    Raises
    ------
    CrsError
        As ``check_extent``.
    """
    faults: dict[int, tuple[str, dict[str, Any]]] = {}
    for at in np.flatnonzero(~check_extent(shapes, crs, file=file)).tolist():
        bounds = shapely.bounds(shapes[at])
        x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        words: dict[str, Any] = {"crs": name_of(crs), "x": f"{x:.6g}", "y": f"{y:.6g}"}
        zone = int(x // 1_000_000)
        if _turned_fits(shapes[at], crs):
            faults[at] = ("outside_crs_swapped", words)
        elif crs.is_projected and is_zone(zone) and zone != parameter(crs, "False easting") // 1_000_000:
            faults[at] = ("outside_crs_zone", words | {"zone": zone})
        else:
            faults[at] = ("outside_crs", words)
    return faults


def _turned_fits(shape: Any, crs: pyproj.CRS) -> bool:
    """Say whether a shape would lie where its system is used if x and y were swapped."""
    turned = np.array([shapely.transform(shape, lambda points: points[:, ::-1])], dtype=object)
    try:
        return bool(check_extent(turned, crs, file="").all())
    except CrsError:
        return False


def _in_area(lon: Floats, lat: Floats, crs: pyproj.CRS) -> Bools:
    west, south, east, north = _area_of_use(crs)
    span = (east - west) % 360.0 or 360.0
    off = (lon - west + MARGIN_DEG) % 360.0
    across = (off <= span + 2 * MARGIN_DEG) | (span + 2 * MARGIN_DEG >= 360.0)
    return np.asarray(across & (lat >= south - MARGIN_DEG) & (lat <= north + MARGIN_DEG))


def _area_of_use(crs: pyproj.CRS) -> tuple[float, float, float, float]:
    """Return where a system is used; for a plane of one's own, 3 degrees to either side of its meridian."""
    if crs.type_name == "Derived Projected CRS" and crs.source_crs is not None:
        return _area_of_use(crs.source_crs)
    if crs.area_of_use is not None:
        west, south, east, north = crs.area_of_use.bounds
        return west, south, east, north
    if is_transverse_mercator(crs):
        meridian = parameter(crs, "Longitude of natural origin")
        return meridian - 3.0, -80.0, meridian + 3.0, 84.0
    return -180.0, -90.0, 180.0, 90.0


def _misplaced(x: float, y: float, angular: bool, crs: pyproj.CRS, file: str) -> CrsError:
    """Say what is wrong with a pair of coordinates, and what it looks like."""
    at = f"({x:.6g}, {y:.6g})" if angular else f"({x:.1f}, {y:.1f})"
    name = f"{name_of(crs)} ({crs.name})"
    if not crs.is_geographic and angular:
        what = f"coordinates such as {at} are degrees, {name} is a plane in metres"
        return CrsError(what, file=file, key="crs", remedy='for degrees name crs = "EPSG:4490"')
    if crs.is_geographic and not angular and not (abs(x) <= 90 and abs(y) <= 180):
        what = f"coordinates such as {at} are metres in a plane, {name} is in degrees"
        return CrsError(what, file=file, key="crs", remedy=_named_by(x, crs) or NAME_IT)
    what = f"coordinates such as {at} lie outside the area where {name} is used"
    swapped = abs(x) <= 90 < abs(y) <= 180 if crs.is_geographic else 1.8e6 <= x <= 6e6
    if swapped:
        return CrsError(
            f"{what}; x and y look swapped",
            file=file,
            key="axes",
            remedy='if x is north in this file write axes = "north_east", or export it with x east',
        )
    return CrsError(what, file=file, key="crs", remedy=_named_by(x, crs) or NAME_IT)


def _named_by(easting: float, crs: pyproj.CRS) -> str | None:
    """Name the zone that an easting points to, in the words of a remedy."""
    datum = datum_of(crs)
    zone = int(easting // 1_000_000)
    found = gauss_kruger("cgcs2000" if datum == "wgs84" else datum, zone, prefix=True)
    if found is not None:
        return f'the eastings begin with {zone}: is it crs = "{name_of(found)}" ({found.name})?'
    if 0 < easting < 1_000_000:
        bare = gauss_kruger(datum, int(parameter(crs, "False easting") // 1_000_000), prefix=False)
        if bare is not None:
            return f'the eastings carry no zone number: is it crs = "{name_of(bare)}" ({bare.name})?'
    return None
