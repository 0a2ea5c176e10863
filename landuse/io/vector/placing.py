"""What the plan declares of a layer's coordinates: north before east, or GCJ-02; undone, and said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from landuse.errors import CrsError
from landuse.io.coordinates.crs import is_gcj02
from landuse.io.coordinates.extent import check_extent
from landuse.io.coordinates.gcj02 import inverse
from landuse.tables import issue

if TYPE_CHECKING:
    from landuse.io.vector.vectors import Layer

__all__ = ["placed"]

TRUE_DEGREES = 4490
"""What GCJ-02 is brought back to: CGCS2000, of which WGS 84 is taken as the same."""


def placed(layer: Layer, *, axes: str | None = None) -> Layer:
    """Return a layer with x east and y north, in a system that is one.

    Parameters
    ----------
    layer : Layer
        As it stands in its file.
    axes : {"north_east"}, optional
        The plan's word that x holds the northing (or latitude) and y the easting.

    Returns
    -------
    Layer
        With ``axes_swapped_as_told`` or ``gcj02_inverted`` among its issues.

    Raises
    ------
    CrsError
        Where the plan says north_east of a layer whose x is east already; coordinates beyond GCJ-02.
    """
    if axes == "north_east":
        layer = _swapped(layer)
    return _true(layer) if is_gcj02(layer.crs) else layer


def _swapped(layer: Layer) -> Layer:
    file, drawn = layer.grid.file, layer.shapes
    turned = shapely.transform(drawn, lambda points: points[:, ::-1])
    if _fits(drawn, layer.crs, file) and not _fits(turned, layer.crs, file):
        raise CrsError(
            'the plan says axes = "north_east", but x is east in this file',
            file=file,
            key="axes",
            remedy="take axes out of the plan",
        )
    return replace(layer, shapes=turned, issues=[*layer.issues, _said(layer, "axes_swapped_as_told")])


def _fits(shapes: npt.NDArray[Any], crs: pyproj.CRS, file: str) -> bool:
    try:
        return bool(check_extent(shapes, crs, file=file).all())
    except CrsError:
        return False


def _true(layer: Layer) -> Layer:
    owner = np.repeat(np.arange(len(layer.shapes)), shapely.get_num_coordinates(layer.shapes))
    points = shapely.get_coordinates(layer.shapes)
    lon, lat, residual = inverse(points[:, 0], points[:, 1], file=layer.grid.file)
    shapes = shapely.set_coordinates(layer.shapes.copy(), np.column_stack([lon, lat]))
    said = _said(
        layer, "gcj02_inverted", raw="GCJ-02", residual=f"{residual:.1e}", count=len(np.unique(owner))
    )
    system = pyproj.CRS.from_epsg(TRUE_DEGREES)
    return replace(layer, shapes=shapes, crs=system, issues=[*layer.issues, said])


def _said(layer: Layer, kind: str, **words: Any) -> dict[str, Any]:
    return issue(kind, "mended", file=layer.grid.file, sheet=layer.grid.layer, field="geometry", **words)
