"""The map for paper: one sheet of A3, landscape."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from landuse.errors import FormatError
from landuse.labels import label, say
from landuse.maps import fonts
from landuse.maps.drawing import (
    MM_PER_INCH,
    Pen,
    draw_marks,
    draw_north,
    draw_scale_bar,
    draw_theme,
    frame_on,
    rim,
)
from landuse.maps.key import draw_key, ranked_grants
from landuse.maps.layers import MapLayer, PlanLayers, plan_layers
from landuse.maps.placing import Box, Name, place_names
from landuse.maps.records import ids_of, zone_names
from landuse.maps.wording import paper_notes, sheet_lines, wrapped
from landuse.tables import Result

SHEET_MM = (420.0, 297.0)
MAP_MM: Box = (10.0, 22.0, 304.0, 247.0)
"""Left, foot, width and height of the map on the sheet."""
KEY_MM: Box = (319.0, 22.0, 91.0, 247.0)
DPI = 150
LEAST_MARK_MM, LEAST_OUTLINE_MM = 1.2, 0.8
"""Parcels that are usually smaller than this on paper get no marks, or no outlines."""


def plan_figure(result: Result) -> Figure:
    """Return the printed map of a finished run, A3 landscape.

    Parcels are filled by suspected idleness and marked with the verdict on their projects; blocks, reserve
    land and zones are outlined. ``save_figure`` writes it as PNG or PDF.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    DependencyError
        Where no font with Chinese characters is found.
    CrsError
        Where a table with shapes has no coordinate system.
    """
    pen = Pen(fonts.chinese_fonts())
    layers = _in_metres(plan_layers(result))
    figure = Figure(
        figsize=(SHEET_MM[0] / MM_PER_INCH, SHEET_MM[1] / MM_PER_INCH), dpi=DPI, facecolor="white"
    )
    FigureCanvasAgg(figure)
    sheet = _panel(figure, (0.0, 0.0, *SHEET_MM))
    sheet.axis("off")
    _write_title(sheet, pen, result)
    _write_notes(sheet, pen, result)
    panel = _panel(figure, MAP_MM)
    scale = frame_on(panel, _extent(layers), width_mm=MAP_MM[2], height_mm=MAP_MM[3])
    usual_mm = _usual_size(layers.parcels.shapes) / scale
    _draw_layers(panel, layers, usual_mm)
    _write_names(panel, pen, result, layers, scale)
    draw_scale_bar(panel, pen, metres_per_mm=scale)
    draw_north(panel, pen, metres_per_mm=scale)
    key = _panel(figure, KEY_MM)
    draw_key(key, pen, result, layers, marked=usual_mm >= LEAST_MARK_MM, scale=scale * 1000.0)
    return figure


def save_figure(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure as .png (150 dpi) or .pdf (its text can be searched), the same bytes each time.

    Raises
    ------
    FormatError
        Where the name ends in anything else.
    """
    kind = Path(path).suffix.lower()
    metadata = {".png": {"Software": None}, ".pdf": {"CreationDate": None, "Creator": "landuse"}}.get(kind)
    if metadata is None:
        raise FormatError(
            "a map is written as .png or .pdf", file=os.fspath(path), remedy="change the ending of the name"
        )
    with mpl.rc_context({"pdf.fonttype": 3}):
        figure.savefig(path, dpi=DPI, metadata=metadata)


def _panel(figure: Figure, place_mm: Box) -> Any:
    left, foot, width, height = place_mm
    axes = figure.add_axes(
        (left / SHEET_MM[0], foot / SHEET_MM[1], width / SHEET_MM[0], height / SHEET_MM[1]), facecolor="none"
    )
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_linewidth(0.6)
    return axes


def _write_title(sheet: Any, pen: Pen, result: Result) -> None:
    size = min(22.0, 800.0 / max(1, len(wrapped(result.title, 1000)[0])))
    pen.write(sheet, 10, 283, result.title, fontsize=size, fontweight="bold", va="center")
    pen.write(sheet, 10, 273.5, "    ".join(sheet_lines(result)), fontsize=10, va="center", color="#333333")


def _write_notes(sheet: Any, pen: Pen, result: Result) -> None:
    first, *others = paper_notes(result)
    pen.write(sheet, 10, 19, first, fontsize=8.5, fontweight="bold", color="#8c1d04", va="top")
    lines = wrapped("  ".join(others), 138)
    pen.write(sheet, 10, 14.5, "\n".join(lines), fontsize=8, color="#333333", va="top", linespacing=1.35)


def _draw_layers(panel: Any, layers: PlanLayers, usual_mm: float) -> None:
    outline = 0.35 if usual_mm >= LEAST_OUTLINE_MM else 0.0
    _, projects, idle = layers.parcels.themes
    draw_theme(panel, layers.parcels.shapes, idle, outline_pt=outline, level=1)
    for level, layer in enumerate((layers.reserve, layers.blocks, layers.zones), start=2):
        draw_theme(panel, layer.shapes, layer.themes[0], outline_pt=outline, level=level)
    if usual_mm >= LEAST_MARK_MM:
        size = min(2.4, max(1.0, 0.4 * usual_mm)) * 72 / MM_PER_INCH
        draw_marks(panel, layers.parcels.shapes, projects, size_pt=size, level=6)


@dataclass(frozen=True)
class _Lettering:
    size: float
    colour: str
    weight: str = "bold"


ZONE_LETTERS = _Lettering(11.5, "#1f3a6e")
RESERVE_LETTERS = _Lettering(7.5, "#00592f")
BLOCK_LETTERS = _Lettering(7.0, "#7a0177")
MOST_BLOCKS = 20
"""How many blocks are named on paper, the largest."""


def _write_names(panel: Any, pen: Pen, result: Result, layers: PlanLayers, scale: float) -> None:
    """Write the names of zones, granted reserve land and blocks, the larger first."""
    wanted = [
        *((text, box, ZONE_LETTERS, True) for text, box in _named(layers.zones, zone_names(result))),
        *((text, box, RESERVE_LETTERS, False) for text, box in _named(layers.reserve, _grant_marks(result))),
        *(
            (text, box, BLOCK_LETTERS, False)
            for text, box in _named(layers.blocks, ids_of(result.blocks))[:MOST_BLOCKS]
        ),
    ]
    names, written = [], []
    for text, box, letters, needed in wanted:
        drawn = pen.write(
            panel, 0, 0, text, fontsize=letters.size, fontweight=letters.weight, color=letters.colour,
            ha="center", va="center", zorder=10, path_effects=rim(2.6), linespacing=1.2,
        )  # fmt: skip
        extent = drawn.get_window_extent(panel.figure.canvas.get_renderer())
        metres = scale * MM_PER_INCH / panel.figure.dpi
        names.append(Name(text, box, extent.width * metres, extent.height * metres, needed))
        written.append(drawn)
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    shapes = [s for s in layers.parcels.shapes if s is not None and not s.is_empty]
    places = place_names(names, frame=(west, south, east, north), drawn=shapes)
    for drawn, place in zip(written, places, strict=True):
        if place is None:
            drawn.remove()
        else:
            drawn.set_position(place)


def _named(layer: MapLayer, names: pd.Series) -> list[tuple[str, Box]]:
    """Return name and bounds of the shapes that have a name, the largest first."""
    found = [
        (shape.area, str(name), shape.bounds)
        for shape, name in zip(layer.shapes, names, strict=True)
        if shape is not None and not shape.is_empty and not pd.isna(name)
    ]
    return [(text, bounds) for _, text, bounds in sorted(found, key=lambda f: (-f[0], f[1]))]


def _grant_marks(result: Result) -> pd.Series:
    """Return, by id, what to write beside reserve land: the numbers of its grants in the legend."""
    grants = ranked_grants(result).dropna(subset="block_id")
    between = label("map_words", "list")
    places = (
        pd.Series(grants.index.astype(str), index=grants.index).groupby(grants["block_id"]).agg(between.join)
    )
    return places.map(lambda text: say("map_words", "grant_mark", places=text)).reindex(result.reserve.index)


def _in_metres(layers: PlanLayers) -> PlanLayers:
    """Return the layers in one projected system: that of the parcels, or of the zone they lie in."""
    crs = next((layer.shapes.crs for layer in layers.all() if layer.shapes.crs is not None), None)
    if crs is None:
        return layers
    if crs.is_geographic:
        crs = layers.parcels.shapes.estimate_utm_crs()
    put = {
        layer.key: replace(
            layer, shapes=layer.shapes if layer.shapes.crs in (None, crs) else layer.shapes.to_crs(crs)
        )
        for layer in layers.all()
    }
    return PlanLayers(**put)


def _extent(layers: PlanLayers) -> Box:
    boxes = np.array([layer.shapes.total_bounds for layer in layers.all() if len(layer.shapes)])
    boxes = boxes[~np.isnan(boxes).any(axis=1)] if len(boxes) else boxes
    if not len(boxes):
        return (0.0, 0.0, 1000.0, 1000.0)
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _usual_size(shapes: gpd.GeoSeries) -> float:
    """Return the side of a square as large as the middle parcel [m]."""
    sizes = shapes.area.dropna()
    return float(np.sqrt(sizes.median())) if len(sizes) else 0.0
