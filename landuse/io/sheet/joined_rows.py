"""One project over several rows of a sheet: its id is merged over them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from landuse.errors import IdError
from landuse.io.cell.texts import clean_texts
from landuse.io.header.grid import Options
from landuse.io.header.headers import match_headers
from landuse.io.sheet.sheets import FIGURES, Sheet, Span, without_records
from landuse.tables import Table, issue

__all__ = ["join_rows"]

_MERGED = ("merged_amount", "merged_text")


def join_rows(sheet: Sheet, table: Table, options: Options) -> Sheet:
    """Join the rows over which a project's id (or name, where there is no id) is merged: one project.

    Its parcel numbers are taken together; any other cell must stand once, or be the same throughout.

    Raises
    ------
    IdError
        Where a cell stands twice.
    """
    if not sheet.spans:
        return sheet
    matches, _ = match_headers(sheet.grid, table, options)
    at = {m.column: m.position for m in matches}
    lead = at.get("project_id", at.get("name"))
    spans = [s for s in sheet.spans if s.column == lead]
    if not spans:
        return sheet
    cells, drop = sheet.grid.cells.astype(object), set[int]()
    inside = {int(r) for s in spans for r in sheet.grid.rows[s.first : s.last + 1]}
    issues = [i for i in sheet.issues if i["kind"] not in _MERGED or i["row"] not in inside]
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
    whole = replace(sheet, grid=replace(sheet.grid, cells=cells))
    grid, rejected, _ = without_records(whole, drop)
    return replace(sheet, grid=grid, issues=issues, rejected=rejected, spans=())


def _one_cell(part: pd.Series, cell: str, header: str, sheet: Sheet, span: Span) -> Any:
    """Return the one value of a column over the rows of a project."""
    texts, _ = clean_texts(part)
    there = [v for v, t in zip(part, texts, strict=True) if isinstance(t, str)]
    if cell == "refs":
        return "\n".join(dict.fromkeys(str(v) for v in there)) if len(there) > 1 else (there or [None])[0]
    counts = cell in FIGURES
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
