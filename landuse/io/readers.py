"""Read files into tables: parcels, zones and the reserve here, ledgers re-exported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landuse.errors import FormatError
from landuse.io.crs import name_of
from landuse.io.dialect import Options, rejected_table, settle_ids, translate
from landuse.io.extent import check_extent
from landuse.io.grid import Grid
from landuse.io.ledgers import read_corrections, read_projects, read_quota
from landuse.io.shapes import shape_faults
from landuse.io.sources import existing
from landuse.io.stacking import stack_parcels
from landuse.io.survey_txt import read_survey
from landuse.io.vectors import Layer, read_layer
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.tables import PARCELS, RESERVE, ZONES, Reading, Source, Table, issue, issue_table

__all__ = [
    "read_corrections",
    "read_parcels",
    "read_projects",
    "read_quota",
    "read_reserve",
    "read_zones",
    "stack_parcels",
]

PathLike = str | os.PathLike[str]
_STATED_TOLERANCE = 0.01


def read_parcels(
    path: PathLike,
    *,
    layer: str | None = None,
    crs: Any = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    area_unit: str | None = None,
    amount_unit: str | None = None,
    blanks: Mapping[str, str] | None = None,
    approx_rel: float = 0.1,
) -> Reading:
    """Read parcels from a vector layer, or from a survey TXT or a folder of them.

    Parameters
    ----------
    path : path
        .shp, .gpkg, .geojson, .fgb, .parquet, .txt, or a folder of .txt.
    layer : str, optional
        Which layer; needed where there is more than one.
    crs : any pyproj understands, optional
        Only for a file that names none.
    encoding : str, optional
        Overrules detection.
    columns : mapping, optional
        Header of the file to our column, or to ``"ignore"``.
    area_unit, amount_unit : str, optional
        Unit of bare numbers under headers that name none.
    blanks : mapping, optional
        What an empty cell means, by column: ``{"started_on": "not_started"}``; otherwise unknown.
    approx_rel : float
        Half the relative width of "about".

    Returns
    -------
    Reading
        ``.table`` is the table ``parcels`` in the file's coordinate system; rows that cannot be used stand in
        ``.rejected``, everything mended or doubtful in ``.issues``.

    Raises
    ------
    MissingFileError, FormatError, HeaderError, CrsError, IdError
        A fault of the file, naming it and what to do.
    """
    found = existing(path)
    options = Options(dict(columns or {}), amount_unit, area_unit, dict(blanks or {}), approx_rel)
    if found.suffix.lower() == ".txt" or (found.is_dir() and found.suffix.lower() != ".gdb"):
        return read_survey(found, layer=layer, crs=crs, encoding=encoding, options=options)
    return _from_layer(read_layer(found, layer=layer, crs=crs, encoding=encoding), PARCELS, options)


def read_zones(
    path: PathLike,
    *,
    layer: str | None = None,
    crs: Any = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    area_unit: str | None = None,
    amount_unit: str | None = None,
    blanks: Mapping[str, str] | None = None,
    approx_rel: float = 0.1,
) -> Reading:
    """Read zones from a vector layer; parameters as for ``read_parcels``.

    Returns
    -------
    Reading
        ``.table`` is the table ``zones``; a zone without id takes its name for one.
    """
    options = Options(dict(columns or {}), amount_unit, area_unit, dict(blanks or {}), approx_rel)
    return _from_layer(_layer(path, layer=layer, crs=crs, encoding=encoding), ZONES, options)


def read_reserve(
    path: PathLike,
    *,
    layer: str | None = None,
    crs: Any = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    area_unit: str | None = None,
    amount_unit: str | None = None,
    blanks: Mapping[str, str] | None = None,
    approx_rel: float = 0.1,
) -> Reading:
    """Read the land reserve from a vector layer; parameters as for ``read_parcels``.

    Returns
    -------
    Reading
        ``.table`` is the table ``reserve``. Its ``area_m2`` [m2] is the stated area where that lies within
        1 % of the ellipsoid area, otherwise the latter, said.
    """
    options = Options(dict(columns or {}), amount_unit, area_unit, dict(blanks or {}), approx_rel)
    return _from_layer(_layer(path, layer=layer, crs=crs, encoding=encoding), RESERVE, options)


def _layer(path: PathLike, *, layer: str | None, crs: Any, encoding: str | None) -> Layer:
    found = existing(path)
    if found.is_dir():
        raise FormatError("this is a folder", file=str(path), remedy="name a file in it")
    return read_layer(found, layer=layer, crs=crs, encoding=encoding)


def _from_layer(layer: Layer, table: Table, options: Options) -> Reading:
    """Turn a layer into a table, with every row accounted for."""
    grid = layer.grid
    translated = translate(grid, table, options)
    issues = layer.issues + translated.issues
    rejected = dict(translated.rejected)
    issues += _reject_shapes(layer, rejected)
    frame = translated.frame.assign(geometry=pd.Series(layer.shapes, dtype=object))
    settled = settle_ids(frame, table, grid=grid, skip=rejected)
    issues += settled.issues
    rejected |= settled.rejected
    kept = np.ones(len(frame), dtype=bool)
    kept[list(rejected)] = False
    accepted = gpd.GeoDataFrame(frame[kept], geometry="geometry", crs=layer.crs)
    accepted.index = pd.Index(settled.ids[kept], dtype="str", name=table.key)
    accepted = accepted.drop(columns="__id__")
    if table.name == RESERVE.name:
        accepted, said = _with_area(accepted, grid)
        issues += said
    source = Source(
        role=table.name,
        path=grid.file,
        sha256=layer.sha256,
        crs=name_of(layer.crs),
        rows_read=len(frame),
        accepted=len(accepted),
        rejected=len(rejected),
        encoding=layer.encoding,
        layer=grid.layer,
    )
    return Reading(
        table.conform(accepted), issue_table(issues), rejected_table(grid, rejected, settled.ids), (source,)
    )


def _reject_shapes(layer: Layer, rejected: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    """Add rows whose shapes cannot be used to ``rejected``; return what is said about them."""
    grid = layer.grid
    faults = shape_faults(layer.shapes, skip=rejected)
    sound = np.ones(len(layer.shapes), dtype=bool)
    sound[[*rejected, *faults]] = False
    places = np.flatnonzero(sound)
    inside = check_extent(layer.shapes[places], layer.crs, file=grid.file)
    faults |= {int(p): ("outside_crs", {"crs": name_of(layer.crs)}) for p in places[~inside]}
    said = []
    for position, (kind, words) in sorted(faults.items()):
        row = issue(
            kind,
            "rejected",
            file=grid.file,
            sheet=grid.layer,
            row=int(grid.rows[position]),
            field="geometry",
            **words,
        )
        rejected[position] = (kind, row["message"])
        said.append(row)
    return said


def _with_area(reserve: gpd.GeoDataFrame, grid: Grid) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Settle the area of reserve land: stated where it lies within 1 % of the measured one, else measured."""
    measured = ellipsoid_areas(np.asarray(reserve.geometry.values), reserve.crs)
    stated = np.asarray(reserve["area_m2"], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        usable = np.abs(stated - measured) <= _STATED_TOLERANCE * measured
    said = [
        issue(
            "reserve_area_measured",
            "kept" if np.isnan(stated[at]) else "mended",
            file=grid.file,
            sheet=grid.layer,
            row=int(reserve["source_row"].iloc[at]),
            field="area_m2",
            raw=None if np.isnan(stated[at]) else f"{stated[at]:g}",
            block=reserve.index[at],
            measured=f"{measured[at]:,.2f}",
        )
        for at in np.flatnonzero(~usable)
    ]
    return reserve.assign(area_m2=np.where(usable, stated, measured)), said
