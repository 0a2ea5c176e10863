"""Bring shapes from one coordinate system to another: exactly, by given parameters, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from landuse.errors import CrsError
from landuse.io.coordinates.crs import CHINA, NAME_IT, datum_of, is_plane, lon_lat, name_of, same
from landuse.io.coordinates.datum_shifts import DATUM_CODES, Shift, parameters_text, shift_between
from landuse.tables import issue

__all__ = ["FARTHEST_M", "bring_to"]

Issues = list[dict[str, Any]]
Floats = npt.NDArray[np.float64]
Through = Callable[[Floats, Floats], tuple[Floats, Floats]]

FARTHEST_M = 1000.0
"""No two datums of China lie this far apart: parameters that move points farther are misread."""
_DEGREE_M = 111_320.0


def bring_to(
    frame: gpd.GeoDataFrame, crs: Any, *, file: str, shifts: Sequence[Shift] = ()
) -> tuple[gpd.GeoDataFrame, Issues]:
    """Bring a table to another coordinate system, never by a guess.

    Parameters
    ----------
    frame : GeoDataFrame
        Any table with shapes and a coordinate system.
    crs : any pyproj understands
        Where to.
    file : str
        Named in refusals and issues.
    shifts : sequence of Shift
        Parameters that the user gives for changes of datum; they go before what is known of the place.

    Returns
    -------
    frame : GeoDataFrame
        The same rows; where it was in a surveyor's plane (see ``is_plane``), its column ``planar_m2`` [m2]
        (if it has one) keeps the area in that plane.
    issues : list of dict
        ``crs_changed``; ``datum_taken_as_same`` (WGS 84 and CGCS2000); ``datum_shifted`` with the parameters
        given, or ``datum_changed`` with the accuracy known.

    Raises
    ------
    CrsError
        Where the table has no system; where no transformation between the two datums is known for the place
        (Xian 1980 or Beijing 1954 to CGCS2000: the parameters are the surveying authority's); where the
        parameters given move a point by a kilometre or more.
    """
    if frame.crs is None:
        raise CrsError("the table has no coordinate system", file=file, key="crs", remedy=NAME_IT)
    source, target = pyproj.CRS.from_user_input(frame.crs), pyproj.CRS.from_user_input(crs)
    if same(source, target):
        return frame, []
    words: dict[str, Any] = {"source": name_of(source), "target": name_of(target)}
    said = [issue("crs_changed", "mended", file=file, field="geometry", raw=words["source"], **words)]
    through, more = _way(frame, source, target, file, shifts)
    said += [issue(kind, "kept", file=file, field="geometry", **words, **extra) for kind, extra in more]
    shapes = np.asarray(frame.geometry.values)
    moved = shapely.transform(shapes, through, interleaved=False)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise CrsError(
            f"some coordinates cannot be brought from {words['source']} to {words['target']}",
            file=file,
            key="crs",
            remedy="check the coordinate system against the coordinates",
        )
    result = frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=target))
    if "planar_m2" in frame and is_plane(source):
        kept = np.asarray(frame["planar_m2"], dtype=np.float64)
        result = result.assign(planar_m2=np.where(np.isnan(kept), shapely.area(shapes), kept))
    return result, said


def _way(
    frame: gpd.GeoDataFrame, source: pyproj.CRS, target: pyproj.CRS, file: str, shifts: Sequence[Shift]
) -> tuple[Through, list[tuple[str, dict[str, Any]]]]:
    """Return how to get from one system to the other, and what is to be said about it."""
    one, other = datum_of(source), datum_of(target)
    if one == other and (one in DATUM_CODES or source.ellipsoid == target.ellipsoid):
        return _exactly(source, target), []
    if {one, other} == {"cgcs2000", "wgs84"}:
        return _exactly(source, target), [("datum_taken_as_same", {})]
    given = shift_between(one, other, shifts)
    if given is not None:
        return _shifted(frame, source, target, file, *given)
    through = _datum_change(frame, source, target, file)
    return through.transform, [("datum_changed", {"accuracy": f"{through.accuracy:g}"})]


def _exactly(source: pyproj.CRS | None, target: pyproj.CRS | None) -> Through:
    if source is None or target is None:
        raise CrsError("a coordinate system has no longitude and latitude", key="crs", remedy=NAME_IT)
    through: Through = pyproj.Transformer.from_crs(source, target, always_xy=True).transform
    return through


def _shifted(
    frame: gpd.GeoDataFrame, source: pyproj.CRS, target: pyproj.CRS, file: str, shift: Shift, back: bool
) -> tuple[Through, list[tuple[str, dict[str, Any]]]]:
    """Return the way by given parameters: to longitude and latitude, over the datum, to the target."""
    to_degrees = _exactly(source, source.geodetic_crs)
    to_target = _exactly(target.geodetic_crs, target)
    over = shift.inverse if back else shift.forward

    def through(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return to_target(*over(*to_degrees(x, y)))

    points = shapely.get_coordinates(np.asarray(frame.geometry.values))
    if not len(points):
        return through, []
    lon, lat = to_degrees(points[:, 0], points[:, 1])
    east, north = over(lon, lat)
    apart = np.hypot((east - lon) * np.cos(np.radians(lat)), north - lat) * _DEGREE_M
    if not (np.isfinite(apart).all() and apart.max() < FARTHEST_M):
        raise CrsError(
            f"the parameters given from {shift.source} to {shift.target} move a point {apart.max():,.0f} m",
            file=file,
            key="datum_shift",
            remedy="check signs, units (metre, arc-second, 1e-6) and the convention of rotation",
        )
    words = {
        "parameters": parameters_text(shift),
        "origin": shift.origin or "—",
        "least": f"{apart.min():.2f}",
        "most": f"{apart.max():.2f}",
    }
    said = [("datum_shifted_back" if back else "datum_shifted", words)]
    ends, wanted = set(shift.datums), {datum_of(source), datum_of(target)}
    return through, said + ([] if ends == wanted else [("datum_taken_as_same", {})])


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
        remedy="give the parameters of your surveying authority in the plan, [[datum_shift]] from = "
        f'"{_named(source)}"  to = "{_named(target)}", or convert the file to {name_of(target)} with them '
        "and give the result",
    )


def _named(crs: pyproj.CRS) -> str:
    datum = datum_of(crs)
    return datum if datum in DATUM_CODES else name_of(crs)


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
