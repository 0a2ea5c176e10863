"""Parcels as a survey coordinate TXT (勘测定界界址点), in every spelling that programs write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

__all__ = ["SurveyStyle", "survey_text"]

_WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


@dataclass(frozen=True)
class SurveyStyle:
    """How a program writes the format.

    Parameters
    ----------
    header : dict
        Entries of the header, as they stand; replaced or added to the usual ones. None leaves one out.
    north_first : bool
        X is north, as the format wants.
    closing : {"first", "on", "none"}
        The last row of a ring repeats its first point under the same number, under the next one, or is left
        out.
    count_closing : bool
        Whether the declared number of points counts the closing rows.
    number_on : bool
        Whether point numbers run on from ring to ring.
    point : str
        Pattern of a point's name.
    ring_numbers : {"on", "same"}
        Rings are numbered 1, 2, 3; or all 1 (then only their closing rows part them).
    brackets : str
        The two signs around the titles of sections.
    wide : bool
        Full-width digits and commas in the lines of parcels and points.
    tail : str
        What follows the shape in a parcel line.
    newline : str
        End of a line.
    """

    header: dict[str, str | None] = field(default_factory=dict)
    north_first: bool = True
    closing: str = "first"
    count_closing: bool = True
    number_on: bool = True
    point: str = "J{}"
    ring_numbers: str = "on"
    brackets: str = "[]"
    wide: bool = False
    tail: str = ",,,"
    newline: str = "\n"


def survey_text(parcels: gpd.GeoDataFrame, *, style: SurveyStyle | None = None) -> str:
    """Write parcels as the text of a survey TXT.

    Parameters
    ----------
    parcels : GeoDataFrame
        Indexed by the parcel's number, shapes in a Gauss-Krueger zone [m]; of its columns ``parcel_name`` and
        ``stated_area_m2`` [m2] are written. Without a stated area it is the one in the plane.
    style : SurveyStyle, optional
        The usual one where left out.

    Returns
    -------
    str
        Coordinates to the millimetre, areas in hectares to four decimals.

    Examples
    --------
    >>> square = shapely.box(37_632_000, 3_833_000, 37_632_100, 3_833_100)
    >>> text = survey_text(gpd.GeoDataFrame(index=["A1"], geometry=[square], crs="EPSG:4525"))
    >>> text.splitlines()[11:13]
    ['J1,1,3833000.000,37632100.000', 'J2,1,3833100.000,37632100.000']
    """
    how = style or SurveyStyle()
    usual: dict[str, str | None] = {
        "格式版本号": "1.01版本",
        "坐标系": "2000国家大地坐标系",
        "几度分带": "3",
        "投影类型": "高斯克吕格",
        "计量单位": "米",
        "带号": "37",
        "精度": "0.001",
        "转换参数": ",,,,,,",
    }
    entries = [f"{k}={v}" for k, v in (usual | how.header).items() if v is not None]
    left, right = how.brackets[0], how.brackets[1]
    body: list[str] = []
    for at in range(len(parcels)):
        body += _parcel(parcels, at, how)
    if how.wide:
        body = [line.translate(_WIDE) for line in body]
    lines = [f"{left}属性描述{right}", *entries, f"{left}地块坐标{right}", *body]
    return how.newline.join(lines) + how.newline


def _parcel(parcels: gpd.GeoDataFrame, at: int, how: SurveyStyle) -> list[str]:
    shape = parcels.geometry.iloc[at]
    rows: list[str] = []
    corners = number = 0
    rings = shapely.get_rings(shapely.get_parts(shape))
    for place, ring in enumerate(rings, start=1):
        points = shapely.get_coordinates(ring)[:-1]
        corners += len(points)
        first = number + 1 if how.number_on else 1
        names = [how.point.format(first + i) for i in range(len(points))]
        if how.closing != "none":
            points = np.vstack([points, points[:1]])
            names.append(names[0] if how.closing == "first" else how.point.format(first + len(names)))
        number = first + len(names) - (2 if how.closing == "first" else 1)
        label = place if how.ring_numbers == "on" else 1
        for name, (east, north) in zip(names, points, strict=True):
            one, two = (north, east) if how.north_first else (east, north)
            rows.append(f"{name},{label},{one:.3f},{two:.3f}")
    count = len(rows) if how.count_closing else corners
    stated = _cell(parcels, "stated_area_m2", at)
    area = f"{(shape.area if stated is None else stated) / 10_000:.4f}".rstrip("0").rstrip(".")
    name = _cell(parcels, "parcel_name", at) or ""
    return [f"{count},{area},{parcels.index[at]},{name},面,{how.tail},@", *rows]


def _cell(parcels: gpd.GeoDataFrame, column: str, at: int) -> Any:
    value = parcels[column].iloc[at] if column in parcels else None
    return None if value is None or pd.isna(value) else value
