"""The legend of a printed map, with counts and areas, and the list of the year's grants."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.path import Path

from landuse.labels import label, say
from landuse.maps.drawing import MARKS, Pen, class_patches, put_mark
from landuse.maps.layers import PlanLayers, Theme
from landuse.maps.style import ClassStyle
from landuse.maps.wording import wrapped
from landuse.tables import Result
from landuse.units import m2_to_mu

COUNT_AT, MU_AT, EDGE = 67.0, 88.0, 3.0
ROW_MM = 6.0
GRANT_MM = 4.6


@dataclass
class _Column:
    """A column that is written from the top down; ``at`` is where the next line goes [mm from the foot]."""

    axes: Any
    pen: Pen
    at: float
    foot: float = field(default=EDGE)

    def line(
        self, text: str, *, size: float, left: float = EDGE, weight: str = "normal", right: bool = False
    ) -> None:
        side = "right" if right else "left"
        self.pen.write(self.axes, left, self.at, text, fontsize=size, fontweight=weight, ha=side, va="center")

    def heading(self, text: str, *, figures: bool) -> None:
        self.at -= 2.0
        self.line(text, size=10, weight="bold")
        if figures:
            self.line(label("map_words", "count"), size=8, left=COUNT_AT, right=True)
            self.line(label("map_words", "mu"), size=8, left=MU_AT, right=True)
        self.at -= 3.2
        self.axes.plot([EDGE, MU_AT], [self.at, self.at], color="#888888", linewidth=0.5)
        self.at -= 3.4

    def row(self, style: ClassStyle, count: int, area_m2: float, *, sample: str = "area") -> None:
        if sample == "mark":
            put_mark(self.axes, [EDGE + 4.5], [self.at], style, size_pt=7, level=3)
        elif sample == "area":
            x, y, w, h = EDGE, self.at - 2.0, 9.0, 4.0
            box = Path([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], [1, 2, 2, 2, 79])
            for patch in class_patches(box, style, 0.4):
                self.axes.add_artist(patch)
        self.line(style.label, size=8.5, left=EDGE + 12)
        self.line(f"{count:,}", size=8.5, left=COUNT_AT, right=True)
        self.line(f"{m2_to_mu(area_m2):,.1f}", size=8.5, left=MU_AT, right=True)
        self.at -= ROW_MM


def draw_key(axes: Any, pen: Pen, result: Result, layers: PlanLayers, *, marked: bool, scale: float) -> None:
    """Draw the legend on axes in millimetres.

    Parameters
    ----------
    marked : bool
        Whether the map carries the marks of project verdicts.
    scale : float
        The denominator of the map's scale.
    """
    column = _Column(axes, pen, axes.get_ylim()[1] - 6.0)
    column.line(label("map_words", "legend"), size=13, weight="bold")
    column.line(say("map_words", "scale", scale=_round(scale)), size=8.5, left=MU_AT, right=True)
    column.at -= 5.0
    _, projects, idle = layers.parcels.themes
    _section(column, idle)
    marks = "panel_marks" if marked else "panel_no_marks"
    column.heading(label("map_words", marks), figures=True)
    for style, count, area in zip(projects.styles, projects.counts, projects.area_m2, strict=True):
        if style.key in MARKS:
            column.row(style, count, area, sample="mark" if marked else "none")
    column.heading(label("map_words", "overlays"), figures=True)
    for layer in (layers.reserve, layers.blocks, layers.zones):
        _rows(column, layer.themes[0])
    _grants(column, result)


def _section(column: _Column, theme: Theme) -> None:
    column.heading(theme.name, figures=True)
    _rows(column, theme)


def _rows(column: _Column, theme: Theme) -> None:
    for style, count, area in zip(theme.styles, theme.counts, theme.area_m2, strict=True):
        column.row(style, count, area)


def _grants(column: _Column, result: Result) -> None:
    """List the grants, greatest contribution first, as far as there is room."""
    grants = ranked_grants(result)
    if grants.empty:
        return
    total = float(grants["mu"].sum())
    column.heading(say("map_words", "grants_heading", n=len(grants), mu=total), figures=False)
    room = int((column.at - column.foot) / GRANT_MM)
    shown = len(grants) if len(grants) <= room else room - 1
    for grant in grants.head(shown).itertuples():
        short = wrapped(grant.name, 22)
        column.line(f"{grant.Index}. {short[0]}{'…' if len(short) > 1 else ''}", size=7.5)
        column.line(f"{grant.mu:,.2f}", size=7.5, left=MU_AT, right=True)
        column.at -= GRANT_MM
    if shown < len(grants):
        column.line(say("map_words", "grants_more", n=len(grants) - shown), size=7.5)


def ranked_grants(result: Result) -> pd.DataFrame:
    """Return the grants, greatest contribution first, numbered from 1, with the names of their projects."""
    grants = result.grants[result.grants["granted"]].sort_values(["rank", "project_id"], kind="stable")
    names = grants["project_id"].map(result.projects["name"]).astype("str").fillna(grants["project_id"])
    return grants.assign(name=names).set_axis(pd.RangeIndex(1, len(grants) + 1))


def _round(scale: float) -> int:
    """Return a scale's denominator to two figures."""
    digits = max(0, len(str(int(scale))) - 2)
    return int(round(scale / 10**digits) * 10**digits)
