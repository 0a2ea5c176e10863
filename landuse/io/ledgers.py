"""Read ledgers: projects (sheets and layers), quota, corrections, the book of renames, hook projects."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import FormatError
from landuse.io.database import database_sheet, is_database, shown
from landuse.io.files.sources import existing
from landuse.io.files.watching import unchanged
from landuse.io.header.alias_files import own_book
from landuse.io.header.grid import Grid
from landuse.io.layers import layer_at
from landuse.io.project_layers import project_reading
from landuse.io.sheet.joined_rows import join_rows
from landuse.io.sheet.review_sheet import is_review, without_own_headers
from landuse.io.sheet.sheet_files import read_rows
from landuse.io.sheet.sheets import Sheet, read_sheet, sheet_of
from landuse.io.sheet.totals import settle_totals
from landuse.io.supply import SUPPLY, is_supply, ledger_of, settle_supply
from landuse.io.table.dialect import Options, Translation, rejected_table, settle_ids, translate
from landuse.io.vector.vectors import SUFFIXES
from landuse.parsing.rates import Rate, rates_by_currency
from landuse.tables import (
    CORRECTIONS,
    HOOKS,
    PROJECTS,
    QUOTA,
    RENAMES,
    Reading,
    Source,
    Table,
    issue,
    issue_table,
)
from landuse.tables.own_facts import Declared

__all__ = ["read_corrections", "read_hooks", "read_projects", "read_quota", "read_renames"]

PathLike = str | os.PathLike[str]


def read_projects(
    path: PathLike,
    *,
    sheet: str | None = None,
    layer: str | None = None,
    crs: Any = None,
    axes: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    amount_unit: str | None = None,
    area_unit: str | None = None,
    approx_rel: float = 0.1,
    rates: Sequence[Rate] = (),
    aliases: Sequence[PathLike] = (),
    facts: Sequence[Declared] = (),
) -> Reading:
    """Read a project ledger, or a land-supply ledger (one contract a row): a sheet, or a layer with shapes.

    Title rows above the header, total rows and notes are left out and said; a header may take three rows.
    A ledger that names a supplied area and its terms, and no investment, is one of land supply. No row of a
    layer is rejected for its shape: what is no valid polygon and no point is left behind, said.

    Parameters
    ----------
    path : path
        A sheet (.xlsx, .xlsm, .xls, .et, .ods, .html, .xml (XML Spreadsheet 2003), .csv, .tsv or .txt), a
        layer (.shp, .gpkg, .gdb, .geojson, .parquet, .fgb, .kml, .kmz, .dxf, or a .zip of one of them), or
        the address of a database.
    sheet : str, optional
        Needed where several visible sheets hold anything; of a database the table to read without shapes.
    layer : str, optional
        Needed where there are several layers; of a database the table to read with its shapes.
    crs : any pyproj understands, optional
        Only for a layer that names none.
    axes : {"north_east"}, optional
        For a layer whose x is the northing (or latitude).
    encoding : str, optional
        To overrule detection.
    columns : mapping, optional
        Header of the file to our column, or to ``"ignore"``. It says which column is meant, not which unit.
    amount_unit, area_unit : str, optional
        Unit of bare numbers under headers that name none (wan, mu).
    approx_rel : float
        Half the relative width of "about".
    rates : sequence of Rate
        Exchange rates, one a currency; money in any other one is unknown.
    aliases : sequence of path
        A bureau's own alias files (TOML): more headers and words for our columns.
    facts : sequence of OwnFact
        Columns of your own, as a policy declares them (``policy.facts``); those of projects count.

    Returns
    -------
    Reading
        ``.table`` is the table ``projects``, of a layer in its coordinate system; rows that cannot be used
        stand in ``.rejected``, everything mended or doubtful in ``.issues``.

    Raises
    ------
    MissingFileError, FormatError, HeaderError, CrsError, IdError
        A fault of the file, naming it and what to do; ``layer``, ``crs`` or ``axes`` of a sheet, ``sheet`` of
        a layer.
    """
    options = Options(
        dict(columns or {}),
        amount_unit,
        area_unit,
        {},
        approx_rel,
        axes,
        rates=rates_by_currency(rates),
        book=own_book(aliases, facts, file=path),
    )
    if _is_layer(path, sheet=sheet, layer=layer, crs=crs, axes=axes):
        return project_reading(layer_at(path, layer=layer, crs=crs, encoding=encoding), options)
    table, read = _project_sheet(path, sheet=sheet, encoding=encoding, options=options)
    return _reading(read, table, options)


def read_quota(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    area_unit: str | None = None,
    aliases: Sequence[PathLike] = (),
) -> Reading:
    """Read the annual land plan: year, zone (empty: the whole city), resource, area, what it is part of.

    Parameters as for ``read_projects``. A row without year, resource or area is rejected.

    Returns
    -------
    Reading
        ``.table`` is the table ``quota``.
    """
    options = Options(dict(columns or {}), None, area_unit, book=own_book(aliases))
    read = _sheet(path, QUOTA, sheet=sheet, encoding=encoding, options=options)
    return _reading(read, QUOTA, options, needed=("year", "resource", "quota_m2"))


def read_corrections(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    aliases: Sequence[PathLike] = (),
) -> Reading:
    """Read the analyst's own links of parcels and projects; parameters as for ``read_projects``.

    Returns
    -------
    Reading
        ``.table`` is the table ``corrections``.

    Raises
    ------
    HeaderError
        Where it is the review workbook of a run, and its column of decisions is gone or has another header.
    """
    options = Options(dict(columns or {}), book=own_book(aliases))
    read = _sheet(path, CORRECTIONS, sheet=sheet, encoding=encoding, options=options)
    review = is_review(read.grid, options)
    reading = _reading(read, CORRECTIONS, options, needed=("parcel_id", "project_id"))
    return without_own_headers(reading) if review else reading


def read_renames(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    aliases: Sequence[PathLike] = (),
) -> Reading:
    """Read the book of renames: old name, new name, short name; parameters as for ``read_projects``.

    A row without old or new name is rejected.

    Returns
    -------
    Reading
        ``.table`` is the table ``renames``.
    """
    options = Options(dict(columns or {}), book=own_book(aliases))
    read = _sheet(path, RENAMES, sheet=sheet, encoding=encoding, options=options)
    return _reading(read, RENAMES, options, needed=("old_name", "new_name"))


def read_hooks(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    aliases: Sequence[PathLike] = (),
) -> Reading:
    """Read the list of hook projects: zone, project, batch, day reported.

    Parameters as for ``read_projects``. A row without a zone is rejected.

    Returns
    -------
    Reading
        ``.table`` is the table ``hooks``.
    """
    options = Options(dict(columns or {}), book=own_book(aliases))
    read = _sheet(path, HOOKS, sheet=sheet, encoding=encoding, options=options)
    return _reading(read, HOOKS, options, needed=("zone_id",))


def _is_layer(path: PathLike, *, sheet: str | None, **drawn: Any) -> bool:
    """Say whether a ledger is read as a layer: by the kind of file; of a database, where a layer is named.

    Raises
    ------
    FormatError
        Where it is a folder, or something is said of it that its kind does not have.
    """
    told = [name for name, value in drawn.items() if value is not None]
    database = is_database(path)
    if not database and Path(path).is_dir() and Path(path).suffix.lower() != ".gdb":
        raise FormatError("this is a folder", file=str(path), remedy="name a file in it")
    layer = bool(told) if database else Path(path).suffix.lower() in SUFFIXES
    wrong = told if not layer else [] if sheet is None else ["sheet"]
    if wrong:
        kind, other = ("layer with shapes", "layer") if layer else ("sheet", "sheet")
        raise FormatError(
            f"{wrong[0]} is given, and this ledger is read as a {kind}",
            file=shown(str(path)) if database else str(path),
            key=wrong[0],
            remedy=f"leave {wrong[0]} out; which part of it is meant is said by {other}",
        )
    return layer


def _sheet(
    path: PathLike, table: Table, *, sheet: str | None, encoding: str | None, options: Options
) -> Sheet:
    """Read records from a file, or from a table of a database."""
    if is_database(path):
        return database_sheet(str(path), sheet=sheet)
    return read_sheet(
        existing(path), table, sheet=sheet, encoding=encoding, columns=options.columns, book=options.book
    )


def _project_sheet(
    path: PathLike, *, sheet: str | None, encoding: str | None, options: Options
) -> tuple[Table, Sheet]:
    """Read a ledger of projects, and tell whether it is one of land supply."""
    if is_database(path):
        found = database_sheet(str(path), sheet=sheet)
        supply = is_supply(found.grid.headers, options.columns, book=options.book)
        return (SUPPLY if supply else PROJECTS), found
    there = existing(path)
    file = str(there)
    with unchanged(lambda: [there], file=file) as watch:
        raw = read_rows(there, file=file, sheet=sheet, encoding=encoding)
    table = ledger_of(raw, options.columns, file=file, book=options.book)
    made = sheet_of(raw, table, file=file, sha256=watch.sha256, columns=options.columns, book=options.book)
    return table, made


def _reading(sheet: Sheet, table: Table, options: Options, *, needed: tuple[str, ...] = ()) -> Reading:
    """Turn a sheet into a table, with every row accounted for."""
    options, issues = _with_title_units(sheet, options)
    sheet = settle_totals(sheet, table, options)
    projects = table.name in (PROJECTS.name, SUPPLY.name)
    if projects:
        sheet = join_rows(sheet, table, options)
    grid = sheet.grid
    translated = translate(grid, table, options)
    issues += sheet.issues + translated.issues
    rejected = translated.rejected | sheet.rejected
    frame, ids = translated.frame, None
    if projects:
        settled_terms = settle_supply(frame, table, grid, translated.matches)
        frame, issues = settled_terms.frame, issues + settled_terms.issues
    if table.key:
        settled = settle_ids(frame, table, grid=grid, skip=rejected)
        issues += settled.issues
        rejected |= settled.rejected
        ids = settled.ids
        frame = frame.drop(columns="__id__")
    issues += _lacking(grid, translated, needed, rejected)
    kept = np.ones(len(frame), dtype=bool)
    kept[list(rejected)] = False
    accepted = frame[kept]
    if ids is not None:
        accepted.index = pd.Index(ids[kept], dtype="str", name=table.key)
    source = Source(
        role=PROJECTS.name if projects else table.name,
        path=grid.file,
        sha256=sheet.sha256,
        crs=None,
        rows_read=len(frame),
        accepted=len(accepted),
        rejected=len(rejected),
        encoding=sheet.encoding,
        layer=grid.layer,
    )
    return Reading(
        table.conform(accepted), issue_table(issues), rejected_table(grid, rejected, ids), (source,)
    )


def _with_title_units(sheet: Sheet, options: Options) -> tuple[Options, list[dict[str, Any]]]:
    """Take the units named above the table where the user names none."""
    amount = None if options.amount_unit else sheet.units.get("amount")
    area = None if options.area_unit else sheet.units.get("area")
    place: dict[str, Any] = {"file": sheet.grid.file, "sheet": sheet.grid.layer}
    issues = [issue("unit_from_title", "kept", raw=unit, **place) for unit in (amount, area) if unit]
    options = replace(options, amount_unit=options.amount_unit or amount, area_unit=options.area_unit or area)
    return options, issues


def _lacking(
    grid: Grid, translated: Translation, needed: tuple[str, ...], rejected: dict[int, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Reject rows that lack a cell without which they say nothing."""
    issues = []
    headers = {m.column: m.header for m in translated.matches}
    for column in needed:
        for p in np.flatnonzero(translated.frame[column].isna()):
            if int(p) in rejected:
                continue
            field = headers.get(column, column)
            row = int(grid.rows[p])
            said = issue("missing_cell", "rejected", file=grid.file, sheet=grid.layer, row=row, field=field)
            issues.append(said)
            rejected[int(p)] = ("missing_cell", said["message"])
    return issues
