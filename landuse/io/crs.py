"""Coordinate systems: which one a file is in, whether its coordinates agree, and how to get to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from landuse.errors import CrsError
from landuse.tables import issue

__all__ = [
    "bring_to",
    "datum_of",
    "gauss_kruger",
    "is_transverse_mercator",
    "is_zone",
    "lon_lat",
    "name_of",
    "resolve",
    "same",
    "working_crs",
]

Issues = list[dict[str, Any]]
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
    if not (system.is_projected or system.is_geographic):
        raise CrsError(
            f"{system.name} is neither a plane nor longitude and latitude",
            file=file,
            key="crs",
            remedy=NAME_IT,
        )
    return system


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
        The table's own where it is a Transverse Mercator plane or the table is empty; for CGCS2000 and WGS 84
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


def bring_to(frame: gpd.GeoDataFrame, crs: Any, *, file: str) -> tuple[gpd.GeoDataFrame, Issues]:
    """Bring a table to another coordinate system, never by a guess.

    Parameters
    ----------
    frame : GeoDataFrame
        Any table with shapes and a coordinate system.
    crs : any pyproj understands
        Where to.
    file : str
        Named in refusals and issues.

    Returns
    -------
    frame : GeoDataFrame
        The same rows; where it was in a Transverse Mercator plane, its column ``planar_m2`` [m2] (if it has
        one) keeps the area in that plane.
    issues : list of dict
        ``crs_changed``; ``datum_taken_as_same`` (WGS 84 and CGCS2000); ``datum_changed`` with its accuracy.

    Raises
    ------
    CrsError
        Where the table has no system, or no transformation between the two datums is known for the place
        (Xian 1980 or Beijing 1954 to CGCS2000: the parameters are the surveying authority's).
    """
    if frame.crs is None:
        raise CrsError("the table has no coordinate system", file=file, key="crs", remedy=NAME_IT)
    source, target = pyproj.CRS.from_user_input(frame.crs), pyproj.CRS.from_user_input(crs)
    if same(source, target):
        return frame, []
    words: dict[str, Any] = {"source": name_of(source), "target": name_of(target)}
    one, other = datum_of(source), datum_of(target)
    issues = [issue("crs_changed", "mended", file=file, field="geometry", raw=words["source"], **words)]
    through = pyproj.Transformer.from_crs(source, target, always_xy=True)
    if {one, other} == {"cgcs2000", "wgs84"}:
        issues.append(issue("datum_taken_as_same", "kept", file=file, field="geometry", **words))
    elif one != other:
        through = _datum_change(frame, source, target, file)
        accuracy = f"{through.accuracy:g}"
        issues.append(issue("datum_changed", "kept", file=file, field="geometry", accuracy=accuracy, **words))
    shapes = np.asarray(frame.geometry.values)
    moved = shapely.transform(shapes, through.transform, interleaved=False)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise CrsError(
            f"some coordinates cannot be brought from {words['source']} to {words['target']}",
            file=file,
            key="crs",
            remedy="check the coordinate system against the coordinates",
        )
    result = frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=target))
    if "planar_m2" in frame and is_transverse_mercator(source):
        kept = np.asarray(frame["planar_m2"], dtype=np.float64)
        result = result.assign(planar_m2=np.where(np.isnan(kept), shapely.area(shapes), kept))
    return result, issues


def datum_of(crs: pyproj.CRS) -> str:
    """Return the datum: "cgcs2000", "xian1980", "beijing1954", "wgs84" or its name."""
    geodetic = crs.geodetic_crs
    if geodetic is None or geodetic.datum is None:
        return str(crs.name)
    name = geodetic.datum.name.lower().removeprefix("d_").replace("_", " ").removesuffix(" ensemble")
    return _DATUMS.get(name, name)


def _datum_change(
    frame: gpd.GeoDataFrame, source: pyproj.CRS, target: pyproj.CRS, file: str
) -> pyproj.Transformer:
    """Return the best known transformation that covers all shapes."""
    west, south, east, north = _extent(frame, source)
    place = AreaOfInterest(west, south, east, north)
    group = TransformerGroup(
        source,
        target,
        always_xy=True,
        allow_ballpark=False,
        area_of_interest=place,  # type: ignore[arg-type]
    )
    known: Sequence[pyproj.Transformer] = [
        t for t in group.transformers if t.accuracy >= 0 and _covers(t, west, south, east, north)
    ]
    if known:
        return known[0]
    raise CrsError(
        f"no transformation from {name_of(source)} ({source.name}) to {name_of(target)} ({target.name}) "
        "is known for this place",
        file=file,
        key="crs",
        remedy=f"convert the file to {name_of(target)} with the parameters of your surveying authority, "
        "and give the result",
    )


def _extent(frame: gpd.GeoDataFrame, crs: pyproj.CRS) -> tuple[float, float, float, float]:
    west, south, east, north = frame.total_bounds
    if not np.isfinite([west, south, east, north]).all():
        return CHINA
    lon, lat = lon_lat(np.array([west, west, east, east]), np.array([south, north, south, north]), crs)
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _covers(through: pyproj.Transformer, west: float, south: float, east: float, north: float) -> bool:
    area = through.area_of_use
    return area is None or (
        area.west <= west and area.south <= south and area.east >= east and area.north >= north
    )
