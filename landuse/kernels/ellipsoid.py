"""Areas on the ellipsoid by the official series, edges straight in (B, L), for whole arrays of polygons."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from landuse.errors import CrsError

Floats = npt.NDArray[np.float64]

__all__ = ["ellipsoid_areas", "longest_edges", "series"]


def series(semi_major: float, semi_minor: float) -> Floats:
    """Return the five coefficients A to E of the area series for an ellipsoid with axes [m].

    References
    ----------
    Office of the State Council's Leading Group for the Second Land Survey, guotu diaocha banfa [2008] no. 32,
    area of map patches on the ellipsoid.

    Examples
    --------
    >>> series(6378137.0, 6356752.314140356).round(12).tolist()
    [1.003364089834, 0.001124189382, 1.699459e-06, 2.718e-09, 4e-12]
    """
    e2 = (semi_major**2 - semi_minor**2) / semi_major**2
    powers = e2 ** np.arange(5)
    table = np.array(
        [
            [1.0, 3 / 6, 30 / 80, 35 / 112, 630 / 2304],
            [0.0, 1 / 6, 15 / 80, 21 / 112, 420 / 2304],
            [0.0, 0.0, 3 / 80, 7 / 112, 180 / 2304],
            [0.0, 0.0, 0.0, 1 / 112, 45 / 2304],
            [0.0, 0.0, 0.0, 0.0, 5 / 2304],
        ]
    )
    return np.asarray(table @ powers, dtype=np.float64)


def _rings(
    geometries: npt.NDArray[Any],
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return coordinates, ring of each coordinate, polygon of each ring, and which rings are holes."""
    parts, polygon_of_part = shapely.get_parts(geometries, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    hole = np.zeros(len(rings), dtype=bool)
    if len(rings):
        hole[1:] = part_of_ring[1:] == part_of_ring[:-1]
    return coordinates, ring_of_point, polygon_of_part[part_of_ring], hole


def ellipsoid_areas(geometries: npt.NDArray[Any], crs: Any) -> Floats:
    """Return the areas [m2] of polygons on the ellipsoid of their coordinate system.

    Parameters
    ----------
    geometries : ndarray of shapely Polygon or MultiPolygon, shape (n,)
        Valid polygons; missing or empty ones have area 0.
    crs : anything pyproj understands
        Projected or geographic; its ellipsoid is the one that is used.

    Returns
    -------
    ndarray of float64, shape (n,)
        Exterior minus holes [m2].

    Raises
    ------
    CrsError
        Without a coordinate system, or where coordinates cannot be turned into latitude and longitude.

    Notes
    -----
    Every vertex is brought to (B, L); each edge adds the trapezoid between itself and the meridian of the
    ring's first vertex,
    ``S = 2 b2 dL [A sin(dB/2) cos Bm - B sin(3dB/2) cos 3Bm + ... + E sin(9dB/2) cos 9Bm]``,
    where dL is the mean longitude of its ends from that meridian. Edges are not densified.

    References
    ----------
    Office of the State Council's Leading Group for the Second Land Survey, guotu diaocha banfa [2008] no. 32,
    area of map patches on the ellipsoid.

    Examples
    --------
    >>> cell = shapely.box(112.0, 34.0, 113.0, 35.0)
    >>> round(float(ellipsoid_areas(np.array([cell]), "EPSG:4490")[0]), 3)
    10187811966.476
    """
    if crs is None:
        raise CrsError(
            "areas on the ellipsoid need a coordinate system", remedy="give the table one (set_crs)"
        )
    system = pyproj.CRS.from_user_input(crs)
    points, ring_of_point, polygon_of_ring, hole = _rings(np.asarray(geometries, dtype=object))
    areas = np.zeros(len(geometries))
    if not len(points):
        return areas
    lon, lat = _to_radians(points, system)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise CrsError(
            f"some coordinates do not exist in {system.name}",
            remedy="check the coordinate system against the coordinates",
        )
    first = np.flatnonzero(np.r_[True, ring_of_point[1:] != ring_of_point[:-1]])
    counts = np.diff(np.r_[first, len(points)])
    lon = lon - np.repeat(lon[first], counts)
    inside = ring_of_point[1:] == ring_of_point[:-1]
    half, middle = (lat[1:] - lat[:-1]) / 2.0, (lat[1:] + lat[:-1]) / 2.0
    a, b = _axes(system)
    zone = np.zeros(len(half))
    for n, coefficient in enumerate(series(a, b)):
        k = 2 * n + 1
        zone += (-1) ** n * coefficient * np.sin(k * half) * np.cos(k * middle)
    pieces = np.where(inside, b * b * (lon[1:] + lon[:-1]) * zone, 0.0)
    ring_areas = np.abs(np.bincount(ring_of_point[:-1], weights=pieces, minlength=len(hole)))
    np.add.at(areas, polygon_of_ring, np.where(hole, -ring_areas, ring_areas))
    return areas


def _axes(system: pyproj.CRS) -> tuple[float, float]:
    if system.ellipsoid is None:
        raise CrsError(f"{system.name} has no ellipsoid", remedy="name a coordinate system with a datum")
    return system.ellipsoid.semi_major_metre, system.ellipsoid.semi_minor_metre


def _to_radians(points: Floats, system: pyproj.CRS) -> tuple[Floats, Floats]:
    geographic = system.geodetic_crs
    if geographic is None:
        raise CrsError(f"{system.name} has no latitude and longitude", remedy="name a geodetic one")
    x, y = points[:, 0], points[:, 1]
    if not system.is_geographic:
        x, y = pyproj.Transformer.from_crs(system, geographic, always_xy=True).transform(x, y)
    return np.radians(x), np.radians(y)


def longest_edges(geometries: npt.NDArray[Any]) -> Floats:
    """Return the length of the longest edge of each polygon, in the units of its coordinates.

    Parameters
    ----------
    geometries : ndarray of shapely Polygon or MultiPolygon, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    points, ring_of_point, polygon_of_ring, _ = _rings(np.asarray(geometries, dtype=object))
    longest = np.zeros(len(geometries))
    if len(points) > 1:
        steps = np.hypot(*(points[1:] - points[:-1]).T)
        inside = ring_of_point[1:] == ring_of_point[:-1]
        np.maximum.at(longest, polygon_of_ring[ring_of_point[1:][inside]], steps[inside])
    return longest
