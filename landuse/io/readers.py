"""Read files into tables: parcels, zones and the reserve here, ledgers re-exported."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.io.coordinates.crs import name_of
from landuse.io.coordinates.datum_shifts import Shift
from landuse.io.coordinates.extent import outside_faults
from landuse.io.database import is_database, read_database_layer
from landuse.io.files.sources import existing
from landuse.io.header.alias_files import own_book
from landuse.io.header.grid import Grid
from landuse.io.header.own_headers import without_own
from landuse.io.layers import layer_at
from landuse.io.ledgers import read_corrections, read_hooks, read_projects, read_quota, read_renames
from landuse.io.survey.txt import read_survey
from landuse.io.table.dialect import Options, rejected_table, settle_ids, translate
from landuse.io.table.stacking import stack_parcels
from landuse.io.vector.placing import placed
from landuse.io.vector.shapes import settle_shapes
from landuse.io.vector.vectors import Layer, read_layer
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.parsing.rates import Rate, rates_by_currency
from landuse.tables import PARCELS, RESERVE, ZONES, Reading, Table, issue, issue_table
from landuse.tables.facts import STATED_TOLERANCE
from landuse.tables.own_facts import Declared, own_facts

__all__ = [
    "read_corrections",
    "read_hooks",
    "read_parcels",
    "read_projects",
    "read_quota",
    "read_renames",
    "read_reserve",
    "read_zones",
    "stack_parcels",
]

PathLike = str | os.PathLike[str]


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
    axes: str | None = None,
    datum_shifts: Sequence[Shift] = (),
    rates: Sequence[Rate] = (),
    aliases: Sequence[PathLike] = (),
    facts: Sequence[Declared] = (),
) -> Reading:
    """Read parcels from a vector layer, or from a survey TXT or a folder of them.

    Parameters
    ----------
    path : path
        .shp, .gpkg, .gdb, .geojson, .parquet, .fgb, .kml, .kmz, .dxf, or a .zip of one of them; a survey
        .txt or a folder of them; the address of a PostGIS table.
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
    axes : {"north_east"}, optional
        For a vector file whose x is the northing (or latitude).
    datum_shifts : sequence of Shift
        Parameters between datums, for a folder of survey TXT in several; as ``load_plan`` returns them.
    rates : sequence of Rate
        Exchange rates, one a currency; money in any other one is unknown.
    aliases : sequence of path
        A bureau's own alias files (TOML): more headers and words for our columns.
    facts : sequence of OwnFact
        Columns of your own, as a policy declares them (``policy.facts``); those of parcels count.

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
    options = _options(
        columns,
        amount_unit,
        area_unit,
        blanks,
        approx_rel,
        axes,
        datum_shifts,
        aliases,
        rates=rates,
        facts=facts,
        file=path,
    )
    if is_database(path):
        return _from_layer(read_database_layer(str(path), layer=layer, crs=crs), PARCELS, options)
    found = existing(path)
    if found.suffix.lower() == ".txt" or (found.is_dir() and found.suffix.lower() != ".gdb"):
        return without_own(
            read_survey(found, layer=layer, crs=crs, encoding=encoding, options=options),
            PARCELS,
            own_facts(facts),
        )
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
    axes: str | None = None,
    datum_shifts: Sequence[Shift] = (),
    aliases: Sequence[PathLike] = (),
    facts: Sequence[Declared] = (),
) -> Reading:
    """Read zones from a vector layer; parameters as for ``read_parcels``.

    Returns
    -------
    Reading
        ``.table`` is the table ``zones``; a zone without id takes its name for one.
    """
    options = _options(
        columns,
        amount_unit,
        area_unit,
        blanks,
        approx_rel,
        axes,
        datum_shifts,
        aliases,
        facts=facts,
        file=path,
    )
    return _from_layer(layer_at(path, layer=layer, crs=crs, encoding=encoding), ZONES, options)


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
    axes: str | None = None,
    datum_shifts: Sequence[Shift] = (),
    aliases: Sequence[PathLike] = (),
) -> Reading:
    """Read the land reserve from a vector layer; parameters as for ``read_parcels``.

    Returns
    -------
    Reading
        ``.table`` is the table ``reserve``. Its ``area_m2`` [m2] is the stated area where that lies within
        1 % of the ellipsoid area, otherwise the latter, said.
    """
    options = _options(columns, amount_unit, area_unit, blanks, approx_rel, axes, datum_shifts, aliases)
    return _from_layer(layer_at(path, layer=layer, crs=crs, encoding=encoding), RESERVE, options)


def _options(
    columns: Mapping[str, str] | None,
    amount_unit: str | None,
    area_unit: str | None,
    blanks: Mapping[str, str] | None,
    approx_rel: float,
    axes: str | None,
    datum_shifts: Sequence[Shift],
    aliases: Sequence[PathLike],
    *,
    rates: Sequence[Rate] = (),
    facts: Sequence[Declared] = (),
    file: PathLike | None = None,
) -> Options:
    """Gather what a caller says of a file."""
    return Options(
        dict(columns or {}),
        amount_unit,
        area_unit,
        dict(blanks or {}),
        approx_rel,
        axes,
        tuple(datum_shifts),
        rates=rates_by_currency(rates),
        book=own_book(aliases, facts, file=file),
    )


def _from_layer(layer: Layer, table: Table, options: Options) -> Reading:
    """Turn a layer into a table, with every row accounted for."""
    grid, stated = layer.grid, name_of(layer.crs)
    layer = placed(layer, axes=options.axes)
    translated = translate(grid, table, options)
    issues = layer.issues + translated.issues
    rejected = dict(translated.rejected)
    shapes, said = _settle_shapes(layer, rejected)
    issues += said
    frame = translated.frame.assign(geometry=pd.Series(shapes, dtype=object))
    settled = settle_ids(frame, table, grid=grid, skip=rejected)
    issues += settled.issues
    rejected |= settled.rejected
    kept = np.ones(len(frame), dtype=bool)
    kept[list(rejected)] = False
    accepted = frame if kept.all() else frame[kept]
    accepted = gpd.GeoDataFrame(accepted, geometry="geometry", crs=layer.crs, copy=False)
    accepted.index = pd.Index(settled.ids[kept], dtype="str", name=table.key)
    accepted = accepted.drop(columns="__id__")
    if table.name == RESERVE.name:
        accepted, said = _with_area(accepted, grid)
        issues += said
    counts = {"read": len(frame), "accepted": len(accepted), "rejected": len(rejected)}
    source = layer.source(table.name, crs=stated, **counts)
    return Reading(
        table.conform(accepted), issue_table(issues), rejected_table(grid, rejected, settled.ids), (source,)
    )


def _settle_shapes(
    layer: Layer, rejected: dict[int, tuple[str, str]]
) -> tuple[npt.NDArray[Any], list[dict[str, Any]]]:
    """Mend shapes, add rows whose shapes are of no use to ``rejected``; return shapes and what is said."""
    grid = layer.grid
    settled = settle_shapes(layer.shapes, crs=layer.crs, skip=rejected)
    faults = dict(settled.faults)
    sound = np.ones(len(settled.shapes), dtype=bool)
    sound[[*rejected, *faults]] = False
    places = np.flatnonzero(sound)
    outside = outside_faults(settled.shapes[places], layer.crs, file=grid.file)
    faults |= {int(places[p]): fault for p, fault in outside.items()}
    mended = {p: fault for p, fault in settled.mended.items() if p not in faults}
    said = []
    for action, cases in (("mended", mended), ("rejected", faults)):
        for position, (kind, words) in sorted(cases.items()):
            place: dict[str, Any] = {"file": grid.file, "sheet": grid.layer, "row": int(grid.rows[position])}
            row = issue(kind, action, **place, field="geometry", **words)
            said.append(row)
            if action == "rejected":
                rejected[position] = (kind, row["message"])
    return settled.shapes, said


def _with_area(reserve: gpd.GeoDataFrame, grid: Grid) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """Settle the area of reserve land: stated where it lies within 1 % of the measured one, else measured."""
    measured = ellipsoid_areas(np.asarray(reserve.geometry.values), reserve.crs)
    stated = np.asarray(reserve["area_m2"], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        usable = np.abs(stated - measured) <= STATED_TOLERANCE * measured
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
