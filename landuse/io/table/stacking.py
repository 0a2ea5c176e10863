"""Several files of parcels as one table: one working coordinate system, ids unique across files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.errors import IdError
from landuse.io.coordinates.datum_shifts import Shift
from landuse.io.coordinates.moving import bring_to
from landuse.io.coordinates.working import settle_working
from landuse.tables import ISSUES, PARCELS, REJECTED, Reading, issue, issue_table, stack

__all__ = ["doubled", "stack_parcels"]

_SAME_SHARE, _SAME_M2 = 1e-6, 0.01
"""Two shapes are one where they differ by less than this share and area: what a change of plane may do."""
_OWN = ("source_file", "source_row", "planar_m2", "geometry")
"""Columns in which two records of one parcel may differ."""
_DATES = tuple(n for c in PARCELS.columns if f"{c}_period" in PARCELS.columns for n in (c, f"{c}_period"))
"""Dates and the months or years beside them; the one may stand in one file, the other in the next."""


def stack_parcels(readings: Sequence[Reading], *, crs: Any = None, shifts: Sequence[Shift] = ()) -> Reading:
    """Put the parcels of several files into one table.

    Parameters
    ----------
    readings : sequence of Reading
        Of ``read_parcels``, in the order of the plan.
    crs : any pyproj understands, optional
        The coordinate system to work in; otherwise ``settle_working`` chooses.
    shifts : sequence of Shift
        Changes of datum that the plan gives parameters for.

    Returns
    -------
    Reading
        All rows, issues and rejected rows; ``sources`` stay apart. A parcel that an earlier file holds too is
        rejected (``duplicate_parcel``).

    Raises
    ------
    IdError
        Where one id stands on different parcels in two files.
    CrsError
        See ``bring_to``.
    """
    if not readings:
        return Reading(PARCELS.empty())
    target, why = settle_working([r.table for r in readings], given=crs, shifts=shifts)
    tables, said = [], [issue_table(why)]
    for reading in readings:
        table, moved = reading.table.set_crs(target, allow_override=True), list[dict[str, Any]]()
        if len(table):
            table, moved = bring_to(reading.table, target, file=reading.sources[0].path, shifts=shifts)
        tables.append(table)
        said.append(issue_table(moved))
    owner = np.repeat(np.arange(len(tables)), [len(t) for t in tables])
    whole = _joined(tables)
    again, issues, rejected = doubled(whole)
    lost = np.bincount(owner[again], minlength=len(readings)).tolist()
    sources = [
        replace(s, accepted=s.accepted - n, rejected=s.rejected + n)
        for r, n in zip(readings, lost, strict=True)
        for s in r.sources
    ]
    return Reading(
        PARCELS.conform(whole[~again]),
        stack([*(r.issues for r in readings), *said, issues], ISSUES),
        stack([*(r.rejected for r in readings), rejected], REJECTED),
        tuple(sources),
    )


def _joined(tables: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Concatenate; a column beyond the schema that has two types becomes text."""
    extra = {c for t in tables for c in t.columns if c not in PARCELS.columns}
    mixed = [c for c in sorted(extra) if len({str(t[c].dtype) for t in tables if c in t}) > 1]
    full = [t.astype({c: "str" for c in mixed if c in t}) for t in tables if len(t)]
    return pd.concat(full) if len(full) > 1 else (full or tables)[0]


def doubled(whole: gpd.GeoDataFrame) -> tuple[npt.NDArray[np.bool_], pd.DataFrame, pd.DataFrame]:
    """Find the rows of a table of parcels that hold a parcel of an earlier row.

    Returns
    -------
    again : ndarray of bool
        Those rows.
    issues, rejected : DataFrame
        What is said about them.

    Raises
    ------
    IdError
        Where one id stands on different parcels.
    """
    twice = _repeats(whole)
    again = np.zeros(len(whole), dtype=bool)
    again[list(twice)] = True
    return again, *_say_doubled(whole, twice)


def _repeats(whole: gpd.GeoDataFrame) -> dict[int, int]:
    """Return rows that hold the parcel of an earlier row: position to position."""
    first: dict[str, int] = {}
    found: dict[int, int] = {}
    for position in np.flatnonzero(whole.index.duplicated(keep=False)).tolist():
        key = whole.index[position]
        if key not in first:
            first[key] = position
            continue
        differs = _differs(whole, first[key], position)
        if differs:
            one, other = (_place(whole, p) for p in (first[key], position))
            raise IdError(
                f"the id {key!r} stands on two different parcels: they differ in {differs}; "
                f"the other is row {one[1]} of {one[0]}",
                file=other[0],
                row=other[1],
                key=PARCELS.key,
                remedy="correct one of the two ids, or take the record that is out of date out of its file",
            )
        found[position] = first[key]
    return found


def _differs(whole: gpd.GeoDataFrame, one: int, other: int) -> str | None:
    """Name the columns in which two rows contradict each other; a value beside an unknown does not."""
    a, b = whole.geometry.iloc[one], whole.geometry.iloc[other]
    if not a.equals_exact(b, 0.0):
        apart = shapely.area(shapely.symmetric_difference(a, b))
        if apart > max(_SAME_SHARE * shapely.area(a), _SAME_M2):
            return "geometry"
    left, right = whole.iloc[one], whole.iloc[other]
    columns = [
        c
        for c in whole.columns
        if c not in (*_OWN, *_DATES) and _known(left[c]) and _known(right[c]) and left[c] != right[c]
    ]
    for column in _DATES[::2]:
        a_date, b_date = _date(left, column), _date(right, column)
        if not (a_date.startswith(b_date) or b_date.startswith(a_date)):
            columns.append(column)
    return ", ".join(columns) or None


def _date(row: pd.Series, column: str) -> str:
    """Return a date as far as it is known: 2019-03-05, 2019-03, 2019 or nothing."""
    day, period = row[column], row[f"{column}_period"]
    if pd.notna(day):
        return f"{day:%Y-%m-%d}"
    return "" if pd.isna(period) else str(period)


def _known(value: Any) -> bool:
    return bool(pd.notna(value)) and value != "unknown"


def _place(whole: gpd.GeoDataFrame, position: int) -> tuple[str, int]:
    return str(whole["source_file"].iloc[position]), int(whole["source_row"].iloc[position])


def _say_doubled(whole: gpd.GeoDataFrame, twice: dict[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    issues, rows = [], []
    for position, first in twice.items():
        file, row = _place(whole, position)
        other, other_row = _place(whole, first)
        said = issue(
            "duplicate_parcel",
            "rejected",
            file=file,
            row=row,
            field=PARCELS.key,
            raw=whole.index[position],
            other=other,
            other_row=other_row,
        )
        issues.append(said)
        cells = whole.iloc[position].drop("geometry").dropna().to_dict()
        rows.append(
            {
                "source_file": file,
                "row": row,
                "record_id": whole.index[position],
                "kind": said["kind"],
                "message": said["message"],
                "raw": json.dumps(cells, ensure_ascii=False, default=str),
            }
        )
    return issue_table(issues), REJECTED.conform(pd.DataFrame(rows, columns=list(REJECTED.columns)))
