"""Read ledgers kept as sheets: projects, quota, corrections."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import IdError
from landuse.io.dialect import Options, Translation, rejected_table, settle_ids, translate
from landuse.io.grid import Grid
from landuse.io.headers import match_headers
from landuse.io.sheets import Sheet, Span, read_sheet
from landuse.io.sources import digest, existing
from landuse.io.texts import clean_texts
from landuse.tables import CORRECTIONS, PROJECTS, QUOTA, Reading, Source, Table, issue, issue_table

__all__ = ["read_corrections", "read_projects", "read_quota"]

PathLike = str | os.PathLike[str]


def read_projects(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    amount_unit: str | None = None,
    area_unit: str | None = None,
    approx_rel: float = 0.1,
) -> Reading:
    """Read a project ledger from a workbook or a delimited text.

    Title rows above the header, total rows and notes are left out and said; a header may take three rows.

    Parameters
    ----------
    path : path
        .xlsx, .xlsm, .csv, .tsv or .txt.
    sheet : str, optional
        Needed where several visible sheets hold anything.
    encoding : str, optional
        Of a text file, to overrule detection.
    columns : mapping, optional
        Header of the file to our column, or to ``"ignore"``. It says which column is meant, not which unit.
    amount_unit, area_unit : str, optional
        Unit of bare numbers under headers that name none (wan, mu).
    approx_rel : float
        Half the relative width of "about".

    Returns
    -------
    Reading
        ``.table`` is the table ``projects``; rows that cannot be used stand in ``.rejected``, everything
        mended or doubtful in ``.issues``.

    Raises
    ------
    MissingFileError, FormatError, HeaderError, IdError
        A fault of the file, naming it and what to do.
    """
    options = Options(dict(columns or {}), amount_unit, area_unit, {}, approx_rel)
    found = existing(path)
    read = read_sheet(found, PROJECTS, sheet=sheet, encoding=encoding, columns=options.columns)
    read = _rows_joined(read, options)
    return _reading(found, read, PROJECTS, options)


def read_quota(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    area_unit: str | None = None,
) -> Reading:
    """Read the annual land plan: year, zone (empty: the whole city), resource, area, what it is part of.

    Parameters as for ``read_projects``. A row without year, resource or area is rejected.

    Returns
    -------
    Reading
        ``.table`` is the table ``quota``.
    """
    options = Options(dict(columns or {}), None, area_unit)
    found = existing(path)
    read = read_sheet(found, QUOTA, sheet=sheet, encoding=encoding, columns=options.columns)
    return _reading(found, read, QUOTA, options, needed=("year", "resource", "quota_m2"))


def read_corrections(
    path: PathLike,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Reading:
    """Read the analyst's own links of parcels and projects; parameters as for ``read_projects``.

    Returns
    -------
    Reading
        ``.table`` is the table ``corrections``.
    """
    options = Options(dict(columns or {}))
    found = existing(path)
    read = read_sheet(found, CORRECTIONS, sheet=sheet, encoding=encoding, columns=options.columns)
    return _reading(found, read, CORRECTIONS, options, needed=("parcel_id", "project_id"))


def _reading(
    path: Path, sheet: Sheet, table: Table, options: Options, *, needed: tuple[str, ...] = ()
) -> Reading:
    """Turn a sheet into a table, with every row accounted for."""
    grid = sheet.grid
    options, issues = _with_title_units(sheet, options)
    translated = translate(grid, table, options)
    issues += sheet.issues + translated.issues
    rejected = translated.rejected | sheet.rejected
    frame, ids = translated.frame, None
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
        role=table.name,
        path=str(path),
        sha256=digest([path]),
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


def _rows_joined(sheet: Sheet, options: Options) -> Sheet:
    """Join the rows over which a project's id (or name, where there is no id) is merged: one project.

    Its parcel numbers are taken together; any other cell must stand once, or be the same throughout.
    """
    matches, _ = match_headers(
        sheet.grid.headers, PROJECTS, file=sheet.grid.file, layer=sheet.grid.layer, columns=options.columns
    )
    at = {m.column: m.position for m in matches}
    lead = at.get("project_id", at.get("name"))
    spans = [s for s in sheet.spans if s.column == lead]
    if not spans:
        return sheet
    cells, drop = sheet.grid.cells.copy(), set[int]()
    inside = {int(r) for s in spans for r in sheet.grid.rows[s.first : s.last + 1]}
    issues = [i for i in sheet.issues if i["kind"] != "merged_amount" or i["row"] not in inside]
    for span in spans:
        for match in matches:
            part = cells[match.position].iloc[span.first : span.last + 1]
            cells.iat[span.first, match.position] = _one_cell(part, match.cell, match.header, sheet, span)
        drop |= set(range(span.first + 1, span.last + 1))
        row = int(sheet.grid.rows[span.first])
        raw = cells.iat[span.first, span.column]
        words = {"raw": raw, "count": span.last - span.first + 1, "field": sheet.grid.headers[span.column]}
        issues.append(
            issue("rows_joined", "mended", file=sheet.grid.file, sheet=sheet.grid.layer, row=row, **words)
        )
    keep = np.array([i not in drop for i in range(len(cells))])
    grid = replace(sheet.grid, cells=cells[keep].reset_index(drop=True), rows=sheet.grid.rows[keep])
    moved = np.cumsum(keep) - 1
    rejected = {int(moved[p]): why for p, why in sheet.rejected.items() if keep[p]}
    return replace(sheet, grid=grid, issues=issues, rejected=rejected, spans=())


def _one_cell(part: pd.Series, cell: str, header: str, sheet: Sheet, span: Span) -> Any:
    """Return the one value of a column over the rows of a project."""
    texts, _ = clean_texts(part)
    there = [v for v, t in zip(part, texts, strict=True) if isinstance(t, str)]
    if cell == "refs":
        return "\n".join(dict.fromkeys(str(v) for v in there)) if len(there) > 1 else (there or [None])[0]
    counts = cell in ("amount", "area", "floor", "end", "number")
    if len(there) > 1 and (counts or len({str(v) for v in there}) > 1):
        rows = sheet.grid.rows[span.first], sheet.grid.rows[span.last]
        raise IdError(
            f"one project is merged over rows {rows[0]} to {rows[1]}, and {header!r} stands there twice",
            file=sheet.grid.file,
            row=int(rows[0]),
            key=header,
            remedy="write one row a project with the sum and all its parcel numbers, or give each row its id",
        )
    return there[0] if there else None
