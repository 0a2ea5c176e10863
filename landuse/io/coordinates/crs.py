"""Coordinate systems: which one a file is in, which plane of China a zone is, which plane to work in."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from landuse.errors import CrsError

__all__ = [
    "CHINA",
    "GCJ02",
    "NAME_IT",
    "datum_of",
    "gauss_kruger",
    "is_gcj02",
    "is_plane",
    "is_transverse_mercator",
    "is_zone",
    "lon_lat",
    "name_of",
    "parameter",
    "resolve",
    "same",
    "working_crs",
]

Floats = npt.NDArray[np.float64]

NAME_IT = 'name the coordinate system in the plan, for instance crs = "EPSG:4525"'
CHINA = (73.62, 16.7, 134.77, 53.56)
"""West, south, east, north of the area of use of CGCS2000 [deg]."""
_GRIDS = {
    "cgcs2000": ((4488, 4509), (4478, 4489)),
    "xian1980": ((2324, 2345), (2314, 2325)),
    "beijing1954": ((2376, 2397), (21400, 21440)),
}
"""EPSG code of zone 0 of the 3-degree and the 6-degree grid: with the zone in the easting, and without."""
GCJ02 = pyproj.CRS.from_wkt(
    'GEOGCRS["GCJ-02",DATUM["GCJ-02",ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]]],'
    'CS[ellipsoidal,2],AXIS["longitude",east],AXIS["latitude",north],ANGLEUNIT["degree",0.0174532925199433]]'
)
"""Longitude and latitude displaced by up to 600 m, no geodetic system; see ``gcj02``."""
_DATUMS = {
    "china 2000": "cgcs2000",
    "xian 1980": "xian1980",
    "beijing 1954": "beijing1954",
    "world geodetic system 1984": "wgs84",
    "wgs 1984": "wgs84",
}


def is_zone(number: int) -> bool:
    """Say whether China has a zone of this number: 13 to 23 of 6 degrees, 25 to 45 of 3 degrees."""
    return 13 <= number <= 23 or 25 <= number <= 45


def gauss_kruger(datum: str, zone: int, *, prefix: bool) -> pyproj.CRS | None:
    """Return a Chinese Gauss-Krueger zone, None where there is no such zone.

    Parameters
    ----------
    datum : {"cgcs2000", "xian1980", "beijing1954"}
    zone : int
        13 to 23 are zones of the 6-degree grid, 25 to 45 of the 3-degree grid.
    prefix : bool
        Whether eastings begin with the number of the zone.

    References
    ----------
    EPSG Geodetic Parameter Dataset.

    Examples
    --------
    >>> gauss_kruger("cgcs2000", 37, prefix=True).to_epsg()
    4525
    """
    if datum not in _GRIDS or not is_zone(zone):
        return None
    base = _GRIDS[datum][0 if zone >= 25 else 1][0 if prefix else 1]
    return pyproj.CRS.from_epsg(base + zone)


def name_of(crs: Any) -> str:
    """Return the shortest name of a coordinate system: its authority code, else its name."""
    system = pyproj.CRS.from_user_input(crs)
    authority = system.to_authority()
    return ":".join(authority) if authority else str(system.name)


def same(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Say whether two coordinate systems are one (axis order aside)."""
    return bool(
        one.equals(other, ignore_axis_order=True)
        or (one.to_epsg() is not None and one.to_epsg() == other.to_epsg())
    )


def is_transverse_mercator(crs: pyproj.CRS) -> bool:
    """Say whether a coordinate system is a Transverse Mercator (Gauss-Krueger, UTM) plane."""
    operation = crs.coordinate_operation
    return operation is not None and operation.method_name in ("Transverse Mercator", "Gauss-Kruger")


def is_plane(crs: pyproj.CRS) -> bool:
    """Say whether surveyors draw in a system: a Transverse Mercator plane, or a local one."""
    return is_transverse_mercator(crs) or crs.type_name == "Derived Projected CRS"


def is_gcj02(crs: Any) -> bool:
    """Say whether a coordinate system is the declared GCJ-02 (``crs = "GCJ-02"``)."""
    if isinstance(crs, str):
        return crs.strip().upper().replace("-", "") == "GCJ02"
    return isinstance(crs, pyproj.CRS) and crs.name == GCJ02.name


def parameter(crs: pyproj.CRS, name: str) -> float:
    """Return a parameter of a projection by its EPSG name, 0 where it has none of that name."""
    operation = crs.coordinate_operation
    found = (p.value for p in operation.params if p.name == name) if operation is not None else iter(())
    return float(next(found, 0.0))


def resolve(file_crs: Any, given: Any, *, file: str) -> pyproj.CRS:
    """Settle the coordinate system of a file.

    Parameters
    ----------
    file_crs : any pyproj understands, or None
        What the file itself says.
    given : any pyproj understands, or None
        What the plan says; only for files that say nothing.
    file : str
        Named in refusals.

    Returns
    -------
    pyproj.CRS
        The authority's definition where it is a known one.

    Raises
    ------
    CrsError
        Where neither says one, both do and differ, or one is not understood.

    Examples
    --------
    >>> resolve(None, "EPSG:4525", file="a.shp").name
    'CGCS2000 / 3-degree Gauss-Kruger zone 37'
    """
    own = None if file_crs is None else _parsed(file_crs, file, "the file's coordinate system")
    if own is not None and (own.is_engineering or own.name.startswith("Undefined")):
        own = None
    if is_gcj02(given):
        return _displaced(own, file)
    named = None if given is None else _parsed(given, file, f"crs = {str(given)!r}")
    if own is None and named is None:
        raise CrsError("the file names no coordinate system", file=file, key="crs", remedy=NAME_IT)
    if own is not None and named is not None and not same(own, named):
        raise CrsError(
            f"the file is in {name_of(own)}, the plan says {name_of(named)}",
            file=file,
            key="crs",
            remedy="leave crs out of the plan, or correct the file (for a shapefile its .prj)",
        )
    system = own if own is not None else named
    assert system is not None
    if not (system.is_projected or system.is_geographic or is_plane(system)):
        raise CrsError(
            f"{system.name} is neither a plane nor longitude and latitude",
            file=file,
            key="crs",
            remedy=NAME_IT,
        )
    return system


def _displaced(own: pyproj.CRS | None, file: str) -> pyproj.CRS:
    """Accept the word that a file is in GCJ-02, which its programs write as WGS 84 or CGCS2000 degrees."""
    if own is None or (own.is_geographic and datum_of(own) in ("wgs84", "cgcs2000")):
        return GCJ02
    raise CrsError(
        f"the plan says GCJ-02, the file is in {name_of(own)}",
        file=file,
        key="crs",
        remedy="GCJ-02 is longitude and latitude: leave crs out of the plan, or give the file in degrees",
    )


def _parsed(value: Any, file: str, what: str) -> pyproj.CRS:
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    try:
        crs = pyproj.CRS.from_user_input(value)
    except pyproj.exceptions.CRSError:
        raise CrsError(f"{what} is not understood", file=file, key="crs", remedy=NAME_IT) from None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if len(crs.axis_info) == 3:
        crs = crs.to_2d()
    code = crs.to_epsg()
    return pyproj.CRS.from_epsg(code) if code else crs


def lon_lat(x: Floats, y: Floats, crs: pyproj.CRS) -> tuple[Floats, Floats]:
    """Return longitude and latitude [deg] of coordinates, on the datum of their system."""
    if crs.is_geographic:
        return x, y
    lon, lat = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def working_crs(frame: gpd.GeoDataFrame) -> pyproj.CRS:
    """Choose the plane to work in: the table's own Transverse Mercator plane, else one that fits it.

    Parameters
    ----------
    frame : GeoDataFrame
        Any table with shapes and a coordinate system.

    Returns
    -------
    pyproj.CRS
        The table's own where it is a Transverse Mercator plane or the table is empty; the plane that a local
        one is tied to; for CGCS2000 and WGS 84
        inside China the CGCS2000 3-degree zone (with prefix) of the mean longitude, for the older Chinese
        datums their own; otherwise a UTM zone.

    Raises
    ------
    CrsError
        Where the table has no coordinate system.
    """
    if frame.crs is None:
        raise CrsError("the table has no coordinate system", key="crs", remedy=NAME_IT)
    own = pyproj.CRS.from_user_input(frame.crs)
    if own.type_name == "Derived Projected CRS" and own.source_crs is not None:
        return own.source_crs
    bounds = shapely.bounds(np.asarray(frame.geometry.values))
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if is_transverse_mercator(own) or not len(bounds):
        return own
    lon, lat = lon_lat((bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2, own)
    mean_lon, mean_lat = math.fsum(lon) / len(lon), math.fsum(lat) / len(lat)
    west, south, east, north = CHINA
    if west <= mean_lon <= east and south <= mean_lat <= north:
        datum = datum_of(own)
        nearest = math.floor(mean_lon / 3 + 0.5)
        zone = gauss_kruger("cgcs2000" if datum == "wgs84" else datum, nearest, prefix=True)
        if zone is not None:
            return zone
    return pyproj.CRS.from_user_input(frame.geometry.estimate_utm_crs())


def datum_of(crs: pyproj.CRS) -> str:
    """Return the datum: "cgcs2000", "xian1980", "beijing1954", "wgs84" or its name."""
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.datum is None:
        return str(crs.name)
    name = geodetic.datum.name.lower().removeprefix("d_").replace("_", " ").removesuffix(" ensemble")
    return _DATUMS.get(name, name)
