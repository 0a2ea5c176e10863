"""How large is a parcel: on the ellipsoid, in the plane, as stated, and which of them is used."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from landuse.errors import CrsError, PlanError
from landuse.kernels.ellipsoid import ellipsoid_areas, longest_edges
from landuse.labels import label
from landuse.tables import issue
from landuse.tables.facts import AREA_BASES
from landuse.units import m2_to_mu

Floats = npt.NDArray[np.float64]

STATED_TOLERANCE = 0.01
"""A stated area is used where it lies within this share of the measured one."""
ROUNDING_M2, SAME_READING, NEAR_READING = 0.5, 5e-5, 1e-3
"""A stated area written in hectares to four decimals is rounded by up to half a square metre."""
LONG_EDGE_M, DENSE_STEP_M = 300.0, 20.0
FACTORS = {"factor_15": 15.0, "factor_667": 2000.0 / 3.0, "factor_10000": 10_000.0}

__all__ = ["ellipsoid_area", "measure_areas"]


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


def measure_areas(
    parcels: gpd.GeoDataFrame, *, basis: str = "stated"
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Measure parcels every way there is and settle which area is used.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``; needs a coordinate system.
    basis : {"stated", "ellipsoid", "planar"}
        "stated" uses the stated area where it lies within 1 % of the ellipsoid area, else the latter, said.

    Returns
    -------
    areas : DataFrame, same index
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
    stated = _floats(parcels, "stated_area_m2")
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
    doubtful = np.flatnonzero(~np.isnan(stated) & ~usable)
    return areas, _gap_issues(parcels, areas, doubtful) + _long_edge_issues(parcels, areas)


def _floats(table: pd.DataFrame, column: str) -> Floats:
    if column not in table:
        return np.full(len(table), np.nan)
    return np.asarray(table[column], dtype=np.float64)


def _planar(parcels: gpd.GeoDataFrame) -> Floats:
    """Take the plane that the file was drawn in; the table's own where it is a Transverse Mercator one."""
    system = pyproj.CRS.from_user_input(parcels.crs)
    operation = system.coordinate_operation
    here = np.full(len(parcels), np.nan)
    if operation is not None and operation.method_name in ("Transverse Mercator", "Gauss-Kruger"):
        here = shapely.area(parcels.geometry.values)
    own = _floats(parcels, "planar_m2")
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
    parcels: gpd.GeoDataFrame, areas: pd.DataFrame, rows: npt.NDArray[np.int64]
) -> list[dict[str, Any]]:
    found = []
    for at in rows:
        line = areas.iloc[at]
        found.append(
            issue(
                "stated_area_not_used",
                "kept",
                **_place(parcels, at),
                field="stated_area_m2",
                raw=f"{line.stated_area_m2:.4f}",
                parcel=parcels.index[at],
                measured=f"{line.area_m2:,.2f}",
                gap=f"{line.stated_gap:+.2%}",
                reading=label("stated_readings", line.stated_reading),
            )
        )
    return found


def _long_edge_issues(parcels: gpd.GeoDataFrame, areas: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the figure with edges straight in the plane too, where edges are long enough to matter."""
    if pyproj.CRS.from_user_input(parcels.crs).is_geographic:
        return []
    shapes = parcels.geometry.values
    rows = np.flatnonzero(longest_edges(shapes) > LONG_EDGE_M)
    straight = ellipsoid_areas(shapely.segmentize(shapes[rows], DENSE_STEP_M), parcels.crs)
    return [
        issue(
            "long_edges",
            "kept",
            **_place(parcels, at),
            field="geometry",
            parcel=parcels.index[at],
            official=f"{areas.area_m2.iloc[at]:,.3f}",
            straight=f"{area:,.3f}",
        )
        for at, area in zip(rows, straight, strict=True)
    ]


def _place(table: pd.DataFrame, at: Any) -> dict[str, Any]:
    if "source_file" not in table or "source_row" not in table:
        return {}
    file, row = table["source_file"].iloc[at], table["source_row"].iloc[at]
    return {"file": None if pd.isna(file) else str(file), "row": None if pd.isna(row) else int(row)}
