"""Ids: every row gets one of its own, none is used twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import IdError
from landuse.io.header.alias_files import dialect_of
from landuse.io.header.grid import Grid
from landuse.tables import Table, issue

__all__ = ["Settled", "settle_ids"]


@dataclass(frozen=True)
class Settled:
    """What ``settle_ids`` returns: the id of every row (text), what was said, and the rows rejected."""

    ids: pd.Series
    issues: list[dict[str, Any]]
    rejected: dict[int, tuple[str, str]]


def settle_ids(
    frame: pd.DataFrame, table: Table, *, grid: Grid, skip: Mapping[int, Any] | None = None
) -> Settled:
    """Give every row an id of its own.

    Parameters
    ----------
    frame : DataFrame
        The frame of a Translation; with a ``geometry`` column where the rows have shapes.
    table : Table
        The table it is to become.
    grid : Grid
        Where the rows stood.
    skip : mapping, optional
        Positions of rows that are rejected already; they take no part.

    Returns
    -------
    Settled
        Ids by position. Missing ids and ids that a template wrote become ``<file stem>#<row>`` (zones take
        their name), said as ``id_made`` or ``id_from_name``. A row that repeats another one whole is rejected
        (``duplicate_row``); a project without id and name is, too (``no_id``).

    Raises
    ------
    IdError
        Where one id stands on rows that differ.
    """
    gone = set(skip or ())
    ids, issues, rejected = _made(frame, table, grid, gone)
    twice = _repeated(frame, ids, gone | rejected.keys())
    for position, (first, same) in twice.items():
        if not same:
            rows = int(grid.rows[first]), int(grid.rows[position])
            raise IdError(
                f"the id {ids.iat[position]!r} stands on two different rows, {rows[0]} and {rows[1]}",
                file=grid.file,
                row=rows[1],
                key=table.key,
                remedy="correct one of the two ids, or delete the row that is out of date",
            )
        row = issue(
            "duplicate_row",
            "rejected",
            file=grid.file,
            sheet=grid.layer,
            row=int(grid.rows[position]),
            field=table.key,
            raw=ids.iat[position],
            first=int(grid.rows[first]),
        )
        issues.append(row)
        rejected[position] = ("duplicate_row", row["message"])
    return Settled(ids, issues, rejected)


def _made(
    frame: pd.DataFrame, table: Table, grid: Grid, gone: set[int]
) -> tuple[pd.Series, list[dict[str, Any]], dict[int, tuple[str, str]]]:
    """Return the ids with those made that are missing or were written by a template."""
    ids = frame["__id__"].reset_index(drop=True).copy()
    template = dialect_of(table).template_ids
    if template is not None:
        ids = ids.mask(ids.str.fullmatch(template.pattern, case=False).fillna(False).astype(bool))
    issues: list[dict[str, Any]] = []
    rejected: dict[int, tuple[str, str]] = {}
    missing = [int(p) for p in np.flatnonzero(ids.isna()) if int(p) not in gone]
    names = frame["name"].reset_index(drop=True) if "name" in frame else None
    by_name = table.key == "zone_id"
    new: dict[int, str] = {}
    for position in missing:
        name = None if names is None or pd.isna(names.iat[position]) else str(names.iat[position])
        place: dict[str, Any] = {
            "file": grid.file,
            "sheet": grid.layer,
            "row": int(grid.rows[position]),
            "field": table.key,
            "raw": None if pd.isna(frame["__id__"].iat[position]) else frame["__id__"].iat[position],
        }
        if names is not None and name is None:
            row = issue("no_id", "rejected", **place)
            issues.append(row)
            rejected[position] = ("no_id", row["message"])
            continue
        new[position] = name if by_name and name else f"{grid.stem}#{place['row']}"
        issues.append(issue("id_from_name" if by_name else "id_made", "mended", **place, id=new[position]))
    if new:
        ids.iloc[list(new)] = list(new.values())
    return ids, issues, rejected


def _repeated(frame: pd.DataFrame, ids: pd.Series, gone: set[int]) -> dict[int, tuple[int, bool]]:
    """Return the rows whose id stands on an earlier row: which one, and whether all else is the same."""
    taken = ids.drop(index=sorted(gone))
    again = taken[taken.duplicated(keep=False) & taken.notna()]
    first: dict[str, int] = {}
    found: dict[int, tuple[int, bool]] = {}
    for position, key in again.items():
        if key not in first:
            first[key] = int(position)
        else:
            found[int(position)] = (first[key], _same(frame, first[key], int(position)))
    return found


def _same(frame: pd.DataFrame, one: int, other: int) -> bool:
    """Say whether two rows hold the same in every column but the place they were read from."""
    columns = [c for c in frame.columns if c not in ("source_row", "geometry", "__id__")]
    for column in columns:
        a, b = frame[column].iat[one], frame[column].iat[other]
        if isinstance(a, list) or isinstance(b, list):
            if a != b:
                return False
        elif pd.isna(a) != pd.isna(b) or (not pd.isna(a) and a != b):
            return False
    if "geometry" not in frame:
        return True
    a, b = frame["geometry"].iat[one], frame["geometry"].iat[other]
    return (a is None and b is None) or (a is not None and b is not None and a.wkb == b.wkb)
