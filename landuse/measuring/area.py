"""How large is a parcel: on the ellipsoid, in the plane, as stated, and which of them is used."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from landuse.errors import CrsError, PlanError
from landuse.kernels.ellipsoid import ellipsoid_areas, longest_edges
from landuse.labels import label
from landuse.tables import issues_at
from landuse.tables.facts import AREA_BASES, STATED_TOLERANCE
from landuse.units import m2_to_mu

Floats = npt.NDArray[np.float64]

ROUNDING_M2, SAME_READING, NEAR_READING = 0.5, 5e-5, 1e-3
"""A stated area written in hectares to four decimals is rounded by up to half a square metre."""
LONG_EDGE_M, DENSE_STEP_M = 300.0, 20.0
FACTORS = {"factor_15": 15.0, "factor_667": 2000.0 / 3.0, "factor_10000": 10_000.0}

__all__ = ["Areas", "ellipsoid_area", "measure_areas"]


class Areas(NamedTuple):
    """What ``measure_areas`` returns: the areas, one row a parcel, and rows for the table ``issues``."""

    table: pd.DataFrame
    issues: list[dict[str, Any]]


def ellipsoid_area(shapes: gpd.GeoSeries) -> pd.Series:
    """Return the area of polygons on the ellipsoid, by the official series.

    Parameters
    ----------
    shapes : GeoSeries of Polygon or MultiPolygon, length n
        With a coordinate system; geographic or projected.

    Returns
    -------
    Series of float64, length n, same index
        Areas [m2].

    Raises
    ------
    CrsError
        Without a coordinate system.

    References
    ----------
    Office of the State Council's Leading Group for the Second Land Survey, guotu diaocha banfa [2008] no. 32;
    edges straight in (B, L).

    Examples
    --------
    >>> import geopandas, shapely
    >>> square = shapely.box(37_500_000, 3_833_000, 37_500_100, 3_833_100)
    >>> ellipsoid_area(geopandas.GeoSeries([square], crs="EPSG:4525")).round(2).tolist()
    [10000.0]
    """
    return pd.Series(ellipsoid_areas(shapes.values, shapes.crs), index=shapes.index, name="area_m2")


def measure_areas(parcels: gpd.GeoDataFrame, *, basis: str = "stated") -> Areas:
    """Measure parcels every way there is and settle which area is used.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``, conformed; needs a coordinate system.
    basis : {"stated", "ellipsoid", "planar"}
        "stated" uses the stated area where it lies within 1 % of the ellipsoid area, else the latter, said.

    Returns
    -------
    table : DataFrame, same index
        ``area_m2``, ``planar_m2``, ``stated_area_m2``, ``area_used_m2``, ``alt_low_m2``, ``alt_high_m2``
        [m2], ``area_mu`` [mu], ``stated_gap``, ``stated_reading``, ``area_basis``.
    issues : list of dict
        Rows for the table ``issues``.

    Raises
    ------
    CrsError
        Without a coordinate system, or where planar areas are asked for and the plane is not a
        Transverse Mercator one.
    """
    if basis not in AREA_BASES:
        raise PlanError(
            f"unknown area basis {basis!r}", key="measure.area", remedy="one of " + ", ".join(AREA_BASES)
        )
    shapes = parcels.geometry.values
    ellipsoid = ellipsoid_areas(shapes, parcels.crs)
    planar = _planar(parcels)
    stated = parcels["stated_area_m2"].to_numpy(dtype=np.float64)
    if basis == "planar" and np.isnan(planar).any():
        raise CrsError(
            "planar areas need coordinates in a Transverse Mercator plane",
            key="measure.area",
            remedy='use area = "ellipsoid", or give the parcels in a Gauss-Krueger zone',
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.where(ellipsoid > 0, stated / ellipsoid - 1.0, np.nan)
    usable = np.abs(gap) <= STATED_TOLERANCE
    used, by = ellipsoid, np.full(len(parcels), "ellipsoid", dtype=object)
    if basis == "stated":
        used, by = np.where(usable, stated, ellipsoid), np.where(usable, "stated", "ellipsoid")
    elif basis == "planar":
        used, by = planar, np.full(len(parcels), "planar", dtype=object)
    choices = np.vstack([ellipsoid, np.where(usable, stated, np.nan), planar])
    reading = _readings(stated, ellipsoid, planar)
    areas = pd.DataFrame(
        {
            "area_m2": ellipsoid,
            "planar_m2": planar,
            "stated_area_m2": stated,
            "stated_gap": gap,
            "stated_reading": reading,
            "area_basis": pd.array(by, dtype="str"),
            "area_used_m2": used,
            "area_mu": m2_to_mu(used),
            "alt_low_m2": np.nanmin(choices, axis=0) if len(parcels) else [],
            "alt_high_m2": np.nanmax(choices, axis=0) if len(parcels) else [],
        },
        index=parcels.index,
    )
    doubtful = ~np.isnan(stated) & ~usable
    return Areas(areas, _gap_issues(parcels, areas, doubtful) + _long_edge_issues(parcels, areas))


def _planar(parcels: gpd.GeoDataFrame) -> Floats:
    """Take the plane that the file was drawn in; the table's own where it is a Transverse Mercator one."""
    system = pyproj.CRS.from_user_input(parcels.crs)
    operation = system.coordinate_operation
    here = np.full(len(parcels), np.nan)
    if operation is not None and operation.method_name in ("Transverse Mercator", "Gauss-Kruger"):
        here = shapely.area(parcels.geometry.values)
    own = parcels["planar_m2"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(own), here, own)


def _readings(stated: Floats, ellipsoid: Floats, planar: Floats) -> Any:
    def misfit(measured: Floats) -> Floats:
        return np.abs(stated - measured)

    def fits(measured: Floats) -> npt.NDArray[np.bool_]:
        return misfit(measured) <= np.maximum(ROUNDING_M2, SAME_READING * measured)

    by_plane, by_ellipsoid = fits(planar), fits(ellipsoid)
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.fmin(misfit(planar), misfit(ellipsoid)) <= NEAR_READING * ellipsoid
        nearer_plane = misfit(planar) < misfit(ellipsoid)
        ratio = stated / ellipsoid
    reading = np.full(len(stated), "none", dtype=object)
    for name, factor in FACTORS.items():
        for scale in (factor, 1.0 / factor):
            reading[np.abs(ratio / scale - 1.0) <= STATED_TOLERANCE] = name
    reading[near] = np.where(nearer_plane, "planar", "ellipsoid")[near]
    reading[by_ellipsoid] = "ellipsoid"
    reading[by_plane] = "planar"
    reading[by_plane & by_ellipsoid] = "both"
    reading[np.isnan(stated)] = None
    return pd.array(reading, dtype="str")


def _gap_issues(
    parcels: gpd.GeoDataFrame, areas: pd.DataFrame, doubtful: npt.NDArray[np.bool_]
) -> list[dict[str, Any]]:
    stated, measured = areas["stated_area_m2"].to_numpy(), areas["area_m2"].to_numpy()
    gap, reading = areas["stated_gap"].to_numpy(), areas["stated_reading"].to_numpy(dtype=object)

    def words(at: Any) -> dict[str, Any]:
        return {
            "raw": f"{stated[at]:.4f}",
            "parcel": parcels.index[at],
            "measured": f"{measured[at]:,.2f}",
            "gap": f"{gap[at]:+.2%}",
            "reading": label("stated_readings", reading[at]),
        }

    return issues_at("stated_area_not_used", "kept", parcels, doubtful, field="stated_area_m2", words=words)


def _long_edge_issues(parcels: gpd.GeoDataFrame, areas: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the figure with edges straight in the plane too, where edges are long enough to matter."""
    if pyproj.CRS.from_user_input(parcels.crs).is_geographic:
        return []
    shapes = parcels.geometry.values
    long = _has_long_edge(shapes)
    straight = np.full(len(shapes), np.nan)
    straight[long] = ellipsoid_areas(shapely.segmentize(shapes[long], DENSE_STEP_M), parcels.crs)
    official = areas["area_m2"].to_numpy()

    def words(at: Any) -> dict[str, Any]:
        figures = {"official": f"{official[at]:,.3f}", "straight": f"{straight[at]:,.3f}"}
        return {"parcel": parcels.index[at]} | figures

    return issues_at("long_edges", "kept", parcels, long, field="geometry", words=words)


def _has_long_edge(shapes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Say which shapes have an edge over LONG_EDGE_M; only in a box as wide as that can there be one."""
    west, south, east, north = shapely.bounds(shapes).T
    long = np.hypot(east - west, north - south) >= LONG_EDGE_M
    long[long] = longest_edges(shapes[long]) > LONG_EDGE_M
    return np.asarray(long, dtype=np.bool_)
