"""Polygons and their records in little space: what the page of a map carries.

Shapes: a stream of unsigned varints (seven bits a byte, lowest first, the eighth says that more follow).
First the number of rings of each shape, then the number of vertices of each ring (rings are open, the first
vertex is not repeated), then for each vertex the step from the vertex before it, east and north,
zigzag-coded, in whole units of ``unit`` metres of Web Mercator from ``(x0, y0)``. Outer rings run against the
clock, holes with it. Then one byte of class per shape for each theme. The stream is deflated (zlib) and
written in base64.

Records: columns as JSON, each a list of values or, where values repeat, a dictionary ``d`` and places ``i``
in it (-1: missing), deflated and written in base64.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from landuse.errors import LanduseError

Floats: TypeAlias = npt.NDArray[np.float64]

SPHERE_M = 6378137.0
"""Radius of the sphere of Web Mercator [m]."""
UNIT_M = 0.1
"""Step of the coordinates [m of Web Mercator]; the error is at most half of it along each axis."""


@dataclass(frozen=True)
class ShapeData:
    """Encoded shapes and what a reader must know to decode them."""

    body: str
    meta: dict[str, Any]


def web_mercator(lon_deg: Floats, lat_deg: Floats) -> Floats:
    """Return Web Mercator coordinates [m], shape (n, 2), of longitudes and latitudes [degrees], shape (n,).

    Examples
    --------
    >>> web_mercator(np.array([0.0, 180.0]), np.array([0.0, 0.0])).round(1).tolist()
    [[0.0, -0.0], [20037508.3, -0.0]]
    """
    north = np.log(np.tan(np.pi / 4.0 + np.radians(lat_deg) / 2.0))
    return SPHERE_M * np.column_stack([np.radians(lon_deg), north])


def display_coordinates(xy: Floats, crs: Any) -> Floats:
    """Return coordinates as Web Mercator [m], longitudes and latitudes of any datum taken as those of WGS 84.

    CGCS2000 and WGS 84 differ by centimetres to decimetres; for older datums the whole map is shifted as one,
    which shows only over somebody else's base map.
    """
    system = CRS.from_user_input(crs)
    if not system.is_geographic:
        inverse = Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
        lon, lat = inverse.transform(xy[:, 0], xy[:, 1])
        return web_mercator(np.asarray(lon), np.asarray(lat))
    return web_mercator(xy[:, 0], xy[:, 1])


def spatial_order(shapes: gpd.GeoSeries) -> npt.NDArray[np.int64]:
    """Return the order of the shapes along a Hilbert curve; shapes without geometry come first."""
    drawn = ~(shapes.isna() | shapes.is_empty).to_numpy()
    distance = np.full(len(shapes), -1, dtype=np.int64)
    if drawn.any():
        distance[drawn] = shapes[drawn].hilbert_distance().to_numpy()
    return np.argsort(distance, kind="stable")


def encode_shapes(shapes: gpd.GeoSeries, codes: Sequence[npt.NDArray[np.uint8]]) -> ShapeData:
    """Encode polygons and their classes, in the order given.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons and multipolygons with a coordinate system; missing and empty ones have no rings.
    codes : sequence of uint8 arrays, each shape (shapes,)
        The class of each shape, theme by theme.

    Raises
    ------
    LanduseError
        Where a shape is a point or a line.
    """
    rings_of, vertices_of, xy = _rings(shapes)
    if len(xy):
        xy = display_coordinates(xy, shapes.crs)
    origin = xy.min(axis=0) if len(xy) else np.zeros(2)
    grid = np.rint((xy - origin) / UNIT_M).astype(np.int64)
    steps = np.diff(grid, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    stream = _varints(rings_of) + _varints(vertices_of) + _varints(_zigzag(steps).reshape(-1))
    body = stream + b"".join(np.ascontiguousarray(c, dtype=np.uint8).tobytes() for c in codes)
    width, height = (grid.max(axis=0) if len(grid) else np.zeros(2, dtype=np.int64)).tolist()
    meta = {
        "n": len(shapes),
        "x0": float(origin[0]),
        "y0": float(origin[1]),
        "unit": UNIT_M,
        "width": int(width),
        "height": int(height),
        "themes": len(codes),
    }
    return ShapeData(pack(body), meta)


def encode_records(tables: Mapping[str, pd.DataFrame]) -> str:
    """Encode tables for the page, column by column; their index is left out."""
    columns = {
        name: {str(c): _column(table[c]) for c in table.columns} | {"rows": len(table)}
        for name, table in tables.items()
    }
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return pack(text.encode("utf-8"))


def pack(data: bytes) -> str:
    """Deflate and write in base64, which holds no character that HTML minds."""
    return base64.b64encode(zlib.compress(data, 6)).decode("ascii")


def _rings(shapes: gpd.GeoSeries) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Floats]:
    """Return rings per shape, vertices per open ring, and the vertices one after another."""
    geometries = np.asarray(shapes.array, dtype=object)
    kinds = shapely.get_type_id(geometries)
    strange = ~np.isin(kinds, (-1, 3, 6)) & ~shapely.is_empty(geometries)
    if strange.any():
        place = shapes.index[strange][0]
        raise LanduseError(
            f"{place} is a {geometries[strange][0].geom_type}; a map layer holds polygons only",
            remedy="give every row an outline",
        )
    parts, owner = shapely.get_parts(shapely.orient_polygons(shapely.force_2d(geometries)), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    rings_of = np.bincount(owner[part], minlength=len(geometries))
    closed = np.bincount(ring, minlength=len(rings))
    last = np.cumsum(closed) - 1
    return rings_of, closed - 1, np.delete(xy, last, axis=0)


def _zigzag(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return (numbers << 1) ^ (numbers >> 63)


def _varints(numbers: npt.NDArray[Any]) -> bytes:
    """Write whole numbers below 2**35 as varints."""
    rest = np.asarray(numbers, dtype=np.uint64)
    columns = np.stack([(rest >> np.uint64(7 * k)) & np.uint64(127) for k in range(5)], axis=1).astype(
        np.uint8
    )
    length = 1 + sum((rest >= np.uint64(1 << (7 * k))).astype(np.int64) for k in range(1, 5))
    more = np.arange(5) < (np.asarray(length)[:, None] - 1)
    return (columns | (more.astype(np.uint8) << 7))[np.arange(5) < np.asarray(length)[:, None]].tobytes()


def _column(series: pd.Series) -> list[Any] | dict[str, list[Any]]:
    if pd.api.types.is_float_dtype(series.dtype):
        numbers = series.to_numpy(dtype=np.float64).round(6)
        return [number if isfinite(number) else None for number in numbers.tolist()]
    if pd.api.types.is_bool_dtype(series.dtype) or pd.api.types.is_integer_dtype(series.dtype):
        return [None if v is pd.NA else v for v in series.tolist()]
    places, words = pd.factorize(series)
    if len(words) < 0.6 * len(series):
        return {"d": [str(w) for w in words], "i": places.tolist()}
    return [None if empty else word for word, empty in zip(series, series.isna(), strict=True)]
