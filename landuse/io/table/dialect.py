"""Cells of a foreign file to the columns of our tables, with everything that was done on the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landuse.io.cell.cells import Cells, Manner, Note, read_cells
from landuse.io.cell.codes import county_notes
from landuse.io.cell.states import STATE_OF, Said, settle_land, settle_periods, settle_states
from landuse.io.header.alias_files import dialect_of
from landuse.io.header.grid import BLANKS, Grid, Options
from landuse.io.header.headers import Match, match_headers
from landuse.io.header.own_headers import absent_facts
from landuse.io.table.ids import Settled, settle_ids
from landuse.tables import CORRECTIONS, PARCELS, REJECTED, Table, issue
from landuse.tables.columns import whole
from landuse.tables.own_facts import with_own
from landuse.tables.table import nothing

__all__ = ["BLANKS", "Grid", "Options", "Settled", "Translation", "rejected_table", "settle_ids", "translate"]


@dataclass(frozen=True)
class Translation:
    """What ``translate`` returns.

    Parameters
    ----------
    frame : DataFrame
        A RangeIndex aligned with the rows of the grid; every column of the table but the geometry, of its
        type, and ``__id__`` with the text of the id or missing, where the table has a key.
    issues : list of dict
        Rows of the issues table.
    rejected : dict
        Position of a row to (kind, message), for rows that cannot be used.
    matches : tuple of Match
        Which header stood for which column.
    """

    frame: pd.DataFrame
    issues: list[dict[str, Any]]
    rejected: dict[int, tuple[str, str]]
    matches: tuple[Match, ...] = ()


def translate(grid: Grid, table: Table, options: Options) -> Translation:
    """Read the cells of a grid as the columns of a table.

    Parameters
    ----------
    grid : Grid
        What stands in the file.
    table : Table
        What it is to become: PARCELS, PROJECTS, ZONES, QUOTA, RESERVE, CORRECTIONS, RENAMES or HOOKS.
    options : Options
        What the user says about the file.

    Returns
    -------
    Translation
        The columns, and what was mended, kept in doubt or rejected. A cell that cannot be read is unknown.

    Raises
    ------
    HeaderError
        See ``match_headers``.
    """
    matches, issues = match_headers(grid, table, options)
    dialect = dialect_of(table, options.book)
    table = with_own(table, dialect.facts.values())
    read: dict[str, Cells] = {}
    data: dict[str, Any] = {}
    notes: list[tuple[Match, Note]] = []
    for match in matches:
        manner = Manner(
            match.column,
            match.cell,
            unit=match.unit or _plan_unit(match.cell, options),
            approx_rel=options.approx_rel,
            words=dialect.words.get(STATE_OF.get(match.column, match.column), {}),
            pair=table.is_pair(match.column),
            period=f"{match.column}_period" in table.columns,
            rates=options.rates,
            own=dialect.facts.get(match.column),
        )
        cells = read_cells(grid.cells.iloc[:, match.position], manner)
        read[match.column] = cells
        data |= cells.values
        notes += [(match, note) for note in cells.notes]
    ends, crossed = _own_ends(read)
    data |= ends
    rejected: dict[int, tuple[str, str]] = {}
    for match, note in notes:
        row = _note_issue(grid, match, note)
        issues.append(row)
        if note.action == "rejected":
            rejected.setdefault(note.position, (note.kind, row["message"]))
    shown = {m.column: m for m in matches}
    said: list[Said] = [(p, c, "ends_crossed", {}) for p, c in crossed]
    days, clashes = settle_periods(read)
    data |= days
    said += clashes
    if table.name == PARCELS.name:
        states, more = settle_states(read, data, len(grid.rows), options.blanks)
        land, much = settle_land(data, len(grid.rows))
        data |= states | land
        said += [*more, *much, *county_notes(data, len(grid.rows))]
    if table.name == CORRECTIONS.name and "decision" in data:
        data["decision"] = data["decision"].fillna("open")  # the analyst has said nothing of the pair yet
    if table.name == CORRECTIONS.name and "share" in data:
        said += [(int(p), "share", "not_one_of", {}) for p in np.flatnonzero(data["share"] > 1)]
    issues += [_said(grid, shown, *s) for s in said]
    issues += absent_facts(dialect.facts.values(), shown, file=grid.file, sheet=grid.layer)
    return Translation(_conformed(grid, table, data), issues, rejected, tuple(matches))


def _plan_unit(cell: str, options: Options) -> str | None:
    """Return the unit that the user names for bare numbers of a kind."""
    if cell == "amount":
        return options.amount_unit
    return options.area_unit if cell in ("area", "floor") else None


def _note_issue(grid: Grid, match: Match, note: Note) -> dict[str, Any]:
    return issue(
        note.kind,
        note.action,
        file=grid.file,
        sheet=grid.layer,
        row=int(grid.rows[note.position]),
        field=match.header,
        raw=grid.cells.iat[note.position, match.position],
        **note.words,
    )


def _said(
    grid: Grid,
    shown: Mapping[str, Match],
    position: int | None,
    column: str,
    kind: str,
    words: dict[str, Any],
) -> dict[str, Any]:
    match = shown.get(column)
    return issue(
        kind,
        "kept",
        file=grid.file,
        sheet=grid.layer,
        row=None if position is None else int(grid.rows[position]),
        field=match.header if match else column,
        raw=grid.cells.iat[position, match.position] if match and position is not None else None,
        **words,
    )


def _own_ends(read: Mapping[str, Cells]) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """Make pairs whose ends stand in two columns whole: an end without the other, or crossed, is unknown."""
    data: dict[str, Any] = {}
    crossed: list[tuple[int, str]] = []
    for column in read:
        if not column.endswith("_low"):
            continue
        other = f"{column.removesuffix('_low')}_high"
        low, high = read[column].values[column], read[other].values[other]
        good = low <= high
        data[column], data[other] = np.where(good, low, np.nan), np.where(good, high, np.nan)
        crossed += [(int(p), column) for p in np.flatnonzero(~good & ~(np.isnan(low) & np.isnan(high)))]
    return data, crossed


def _conformed(grid: Grid, table: Table, data: dict[str, Any]) -> pd.DataFrame:
    columns = {
        c: whole(v.metadata["meaning"]) if str(v.dtype) == "int64" else v  # what is missing is rejected later
        for c, v in table.columns.items()
        if c != "geometry"
    }
    bare = Table(table.name, table.meaning, columns, open=True)
    rows = len(grid.rows)
    if table.key:
        data = data | {"__id__": data.get(table.key, nothing(rows))}
        data.pop(table.key, None)
    data = data | {
        "source_file": pd.Series(grid.file, index=pd.RangeIndex(rows), dtype="str"),
        "source_row": pd.Series(grid.rows, dtype="Int64"),
    }
    return bare.conform(pd.DataFrame(data, index=pd.RangeIndex(rows), copy=False))


def rejected_table(
    grid: Grid, rejected: Mapping[int, tuple[str, str]], ids: Sequence[Any] | pd.Series | None = None
) -> pd.DataFrame:
    """Return the rejected rows of a grid as the table REJECTED, with the row's cells as JSON.

    Parameters
    ----------
    grid : Grid
        Where the rows stood.
    rejected : mapping
        Position to (kind, message).
    ids : Series, optional
        Ids by position.
    """
    rows = []
    for position, (kind, message) in sorted(rejected.items()):
        cells = {
            h or f"#{i + 1}": grid.cells.iat[position, i]
            for i, h in enumerate(grid.headers)
            if not _missing(grid.cells.iat[position, i])
        }
        known = ids is not None and not _missing(pd.Series(ids).iat[position])
        rows.append(
            {
                "source_file": grid.file,
                "sheet_or_layer": grid.layer,
                "row": int(grid.rows[position]),
                "record_id": str(pd.Series(ids).iat[position]) if known else None,
                "kind": kind,
                "message": message,
                "raw": json.dumps(cells, ensure_ascii=False, default=str),
            }
        )
    return REJECTED.conform(pd.DataFrame(rows, columns=list(REJECTED.columns)))


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, list | np.ndarray) and bool(pd.isna(value)))
