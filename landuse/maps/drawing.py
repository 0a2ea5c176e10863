"""Shapes, marks, scale bar and north arrow on a printed map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib import patheffects
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from landuse.labels import label
from landuse.maps.layers import Theme
from landuse.maps.style import ClassStyle

HATCH = {
    "rise": "//////",
    "fall": "\\\\\\\\\\\\",
    "cross": "xxxx",
    "level": "----",
    "upright": "||||",
    "grid": "+++",
    "dots": ".....",
}
POINTS_PER_PIXEL = 72 / 96
BATCH = 500
MM_PER_INCH = 25.4
MARKS = {"separate_land": "o", "no_separate_land": "X", "undecided": "^", "mixed": "D"}
"""How the verdict on the projects of a parcel is marked; other classes are not."""


@dataclass(frozen=True)
class Pen:
    """Writes in the fonts that hold Chinese, and never reads dollar signs as formulas."""

    fonts: tuple[str, ...]

    def write(self, axes: Any, x: float, y: float, text: str, **options: Any) -> Any:
        """Write on axes; options are those of ``Axes.text``."""
        return axes.text(x, y, text, fontfamily=list(self.fonts), parse_math=False, **options)


def rim(width_pt: float) -> list[Any]:
    """Return the effect of a white rim round lines or letters."""
    return [patheffects.withStroke(linewidth=width_pt, foreground="white")]


def compound_path(shapes: npt.NDArray[Any]) -> Path:
    """Return polygons as one path: outer rings one way round, holes the other."""
    parts = shapely.get_parts(shapely.orient_polygons(shapely.force_2d(shapes)))
    xy, ring = shapely.get_coordinates(shapely.get_rings(parts), return_index=True)
    codes = np.full(len(xy), Path.LINETO, dtype=np.uint8)
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    codes[first] = Path.MOVETO
    codes[np.append(first[1:], len(xy)) - 1] = Path.CLOSEPOLY
    return Path(xy, codes)


def draw_theme(axes: Any, shapes: gpd.GeoSeries, theme: Theme, *, outline_pt: float, level: float) -> None:
    """Draw the shapes in the classes of a theme.

    Parameters
    ----------
    outline_pt : float
        Outline of classes that are not bold [pt].
    level : float
        Where in the stack of layers; higher lies on top.
    """
    geometries = np.asarray(shapes.array, dtype=object)
    drawn = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    for code, style in enumerate(theme.styles):
        members = geometries[drawn & (theme.codes == code)]
        for start in range(0, len(members), BATCH):
            path = compound_path(members[start : start + BATCH])
            for patch in class_patches(path, style, outline_pt):
                axes.add_artist(patch).set_zorder(level)  # add_patch would walk every vertex for its limits


def class_patches(path: Path, style: ClassStyle, outline_pt: float) -> list[PathPatch]:
    """Return the patches of a path in the look of a class: its area, then its outline where that is bold."""
    width = 0.0 if style.bold else outline_pt
    patches = []
    if style.fill or style.hatch or not style.bold:
        area = PathPatch(path, facecolor=style.fill or "none", edgecolor=style.ink, linewidth=width)
        if style.hatch:
            area.set_hatch(HATCH[style.hatch])
            area.set_hatch_linewidth(0.45)
        patches.append(area)
    if style.bold:
        points = style.width * POINTS_PER_PIXEL * 0.75
        line = (0, (5, 2.5)) if style.dash else "solid"
        edge = PathPatch(path, facecolor="none", edgecolor=style.ink, linewidth=points, linestyle=line)
        edge.set_path_effects(rim(points + 1.4))
        patches.append(edge)
    return patches


def draw_marks(axes: Any, shapes: gpd.GeoSeries, theme: Theme, *, size_pt: float, level: float) -> None:
    """Mark the parcels that carry projects with the verdict on these."""
    for code, style in enumerate(theme.styles):
        members = shapes[(theme.codes == code) & ~(shapes.isna() | shapes.is_empty).to_numpy()]
        if style.key in MARKS and len(members):
            points = members.representative_point()
            put_mark(axes, points.x.to_numpy(), points.y.to_numpy(), style, size_pt=size_pt, level=level)


def put_mark(axes: Any, x: Any, y: Any, style: ClassStyle, *, size_pt: float, level: float) -> None:
    """Put the mark of a class at places."""
    axes.scatter(
        x,
        y,
        s=size_pt**2,
        marker=MARKS[style.key],
        facecolor=style.fill,
        edgecolor="#111111",
        linewidth=0.5,
        zorder=level,
        path_effects=rim(1.8),
    )


def draw_scale_bar(axes: Any, pen: Pen, *, metres_per_mm: float) -> None:
    """Draw a bar of whole metres or kilometres at the lower left of axes in metres."""
    west, south = axes.get_xlim()[0], axes.get_ylim()[0]
    room = 70.0 * metres_per_mm
    power = 10.0 ** floor(log10(room))
    length = next(k * power for k in (5, 2, 1) if k * power <= room)
    left, foot, high = west + 6 * metres_per_mm, south + 6 * metres_per_mm, 1.4 * metres_per_mm
    axes.add_patch(
        Rectangle(
            (left - 3 * metres_per_mm, foot - 3 * metres_per_mm),
            length + 16 * metres_per_mm,
            10 * metres_per_mm,
            facecolor="white",
            edgecolor="none",
            alpha=0.85,
            zorder=19,
        )
    )
    for part in range(4):
        colour = "black" if part % 2 == 0 else "white"
        piece = Rectangle(
            (left + part * length / 4, foot), length / 4, high, facecolor=colour, edgecolor="black"
        )
        piece.set(linewidth=0.6, zorder=20)
        axes.add_patch(piece)
    unit, size = ("kilometre", 1000.0) if length >= 1000.0 else ("metre", 1.0)
    for part in (0, 2, 4):
        words = f"{length * part / 4 / size:g}" + (f" {label('map_words', unit)}" if part == 4 else "")
        at = left + part * length / 4
        pen.write(axes, at, foot + 1.5 * high, words, ha="center", va="bottom", fontsize=8, zorder=20)


def draw_north(axes: Any, pen: Pen, *, metres_per_mm: float) -> None:
    """Draw a north arrow at the upper right of axes in metres; the map stands with grid north on top."""
    x = axes.get_xlim()[1] - 9 * metres_per_mm
    top = axes.get_ylim()[1] - 11 * metres_per_mm
    corners = [(0, 0), (3.2, -12), (0, -9.2), (-3.2, -12)]
    arrow = [(x + dx * metres_per_mm, top + dy * metres_per_mm) for dx, dy in corners]
    axes.add_patch(
        Polygon(arrow, closed=True, facecolor="#1b1b1b", edgecolor="white", linewidth=1, zorder=20)
    )
    words = label("map_words", "north")
    pen.write(
        axes,
        x,
        top + metres_per_mm,
        words,
        ha="center",
        va="bottom",
        fontsize=13,
        zorder=20,
        path_effects=rim(2.5),
    )


def frame_on(axes: Any, bounds: Sequence[float], *, width_mm: float, height_mm: float) -> float:
    """Fit axes of a given size on bounds, equal in both directions, and return the metres in a millimetre."""
    west, south, east, north = bounds
    scale = max((east - west) / (width_mm - 16), (north - south) / (height_mm - 34), 1e-3)
    x, y = (west + east) / 2, (south + north) / 2
    axes.set_xlim(x - scale * width_mm / 2, x + scale * width_mm / 2)
    axes.set_ylim(y - scale * height_mm / 2, y + scale * height_mm / 2)
    axes.set_xticks([])
    axes.set_yticks([])
    return scale
