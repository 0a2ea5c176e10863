"""Ledgers of projects kept as layers: a footprint or a point beside the columns of a ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landuse.io.coordinates.crs import name_of
from landuse.io.header.headers import match_headers
from landuse.io.sheet.sheet_layout import kind_of_row
from landuse.io.sheet.sheets import FIGURES
from landuse.io.supply import SUPPLY, is_supply, settle_supply
from landuse.io.table.dialect import Options, Translation, rejected_table, settle_ids, translate
from landuse.io.vector.project_shapes import settle_footprints
from landuse.io.vector.vectors import Layer
from landuse.tables import PROJECTS, Reading, Table, issue, issue_table

__all__ = ["PROJECT_LAYER", "project_reading"]

PROJECT_LAYER = replace(PROJECTS, name="project_layer")
"""The table ``projects``, read by the headers of a layer: it may lack the columns of money."""
_MONEY = ("total_invest_wan", "fixed_invest_wan")
Issues = list[dict[str, Any]]
Rejected = dict[int, tuple[str, str]]


def project_reading(layer: Layer, options: Options) -> Reading:
    """Turn a layer into the table ``projects``, with every row accounted for.

    Parameters
    ----------
    layer : Layer
        As it stands in its file.
    options : Options
        What the user says about it.

    Returns
    -------
    Reading
        ``.table`` is in the layer's coordinate system. No row is rejected for its shape: see
        ``settle_footprints``. A row without shape that adds up others (``total_row``), one without id and
        name and one that repeats another are rejected. Rows of one id that differ in nothing but the shape
        are one project in several parts.

    Raises
    ------
    HeaderError
        Where no header stands for id or name; see ``match_headers``.
    IdError
        Where one id stands on rows that differ.
    CrsError
        See ``settle_footprints``.
    """
    supply = is_supply(layer.grid.headers, options.columns, book=options.book)
    table = SUPPLY if supply else PROJECT_LAYER
    stated = name_of(layer.crs)
    layer, issues = _joined(layer, table, options)
    translated = translate(layer.grid, table, options)
    issues = [*layer.issues, *issues, *translated.issues]
    rejected = dict(translated.rejected)
    issues += _totals(layer, translated, rejected)
    drawn, said = settle_footprints(replace(layer, issues=[]), axes=options.axes, skip=rejected)
    grid = drawn.grid
    settled_terms = settle_supply(translated.frame, table, grid, translated.matches)
    frame = settled_terms.frame.assign(geometry=pd.Series(drawn.shapes, dtype=object))
    issues += [*drawn.issues, *said, *settled_terms.issues]
    if not supply:
        issues += _without_money(translated, layer)
    settled = settle_ids(frame, table, grid=grid, skip=rejected)
    issues += settled.issues
    rejected |= settled.rejected
    kept = np.ones(len(frame), dtype=bool)
    kept[list(rejected)] = False
    accepted = gpd.GeoDataFrame(frame[kept], geometry="geometry", crs=drawn.crs, copy=False)
    accepted.index = pd.Index(settled.ids[kept], dtype="str", name=table.key)
    counts = {"read": len(frame), "accepted": len(accepted), "rejected": len(rejected)}
    source = layer.source(PROJECTS.name, crs=stated, **counts)
    return Reading(
        PROJECTS.conform(accepted.drop(columns="__id__")),
        issue_table(issues),
        rejected_table(grid, rejected, settled.ids),
        (source,),
    )


def _joined(layer: Layer, table: Table, options: Options) -> tuple[Layer, Issues]:
    """Join the rows of one project that differ in nothing but the shape: one project in several parts."""
    grid = layer.grid
    matches, _ = match_headers(grid, table, options)
    at = {m.column: m.position for m in matches}
    lead = at.get("project_id", at.get("name"))
    cells = grid.cells[sorted(at.values())].astype("str")
    same = cells.duplicated(keep=False) & grid.cells[lead].notna()
    same &= ~(shapely.is_missing(layer.shapes) | shapely.is_empty(layer.shapes))
    shapes, drop, issues = layer.shapes.copy(), set[int](), Issues()
    groups = cells[same].groupby(list(cells.columns), sort=False, dropna=False).indices
    for group in (np.flatnonzero(same)[places] for places in groups.values()):
        first = int(group[0])
        whole = _together(shapes[group])
        if whole is None:
            continue
        shapes[first] = whole
        drop |= set(group[1:].tolist())
        raw = grid.cells[lead].iat[first]
        place: dict[str, Any] = {"file": grid.file, "sheet": grid.layer, "row": int(grid.rows[first])}
        issues.append(
            issue("project_parts_joined", "mended", **place, field="geometry", raw=raw, count=len(group))
        )
    if not drop:
        return layer, []
    keep = np.array([i not in drop for i in range(len(grid.rows))], dtype=bool)
    left = replace(grid, cells=grid.cells[keep].reset_index(drop=True), rows=grid.rows[keep])
    return replace(layer, grid=left, shapes=shapes[keep]), issues


def _together(parts: Any) -> Any | None:
    """Return different polygons, or different points, as one shape; None for anything else."""
    kinds = shapely.get_type_id(parts)
    different = len({shape.wkb for shape in parts}) > 1
    if not different or not (np.isin(kinds, (3, 6)).all() or np.isin(kinds, (0, 4)).all()):
        return None
    if shapely.is_valid(parts).all():
        return shapely.normalize(shapely.union_all(parts))
    return shapely.multipolygons(shapely.get_parts(parts))


def _totals(layer: Layer, translated: Translation, rejected: Rejected) -> Issues:
    """Reject rows without a shape that add up others: their money stands in the rows already."""
    grid, issues = layer.grid, Issues()
    figures = [m.position for m in translated.matches if m.cell in FIGURES]
    leading = min(figures, default=len(grid.headers))
    bare = np.flatnonzero(shapely.is_missing(layer.shapes) | shapely.is_empty(layer.shapes))
    rows = grid.cells.iloc[bare].to_numpy(dtype=object)
    for at, cells in zip(bare.tolist(), rows, strict=True):
        row = [None if _missing(c) else c for c in cells]
        if at in rejected or kind_of_row(row, leading, wide=False) != "total_row":
            continue
        text = " ".join(str(c) for c in row if c is not None)
        place: dict[str, Any] = {"file": grid.file, "sheet": grid.layer, "row": int(grid.rows[at])}
        said = issue("total_row", "rejected", **place, raw=text)
        rejected[at] = ("total_row", said["message"])
        issues.append(said)
    return issues


def _missing(cell: Any) -> bool:
    return cell is None or bool(pd.isna(cell)) or (isinstance(cell, str) and not cell.strip())


def _without_money(translated: Translation, layer: Layer) -> Issues:
    """Say that a layer names no investment at all."""
    stems = {m.column.removesuffix("_low").removesuffix("_high") for m in translated.matches}
    grid = layer.grid
    if stems & set(_MONEY) or not len(grid.rows):
        return []
    words: dict[str, Any] = {"count": len(grid.rows), "field": _MONEY[0]}
    return [issue("project_layer_without_money", "kept", file=grid.file, sheet=grid.layer, **words)]
