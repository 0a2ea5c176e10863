"""Rows of a ledger that tell one project twice: counted once, and said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.linking.by_code import Flags, Ints
from landuse.parsing.text import plain
from landuse.tables import PROJECTS, issue, place_of

__all__ = ["repeated_projects"]

_OWN = ("source_file", "source_row", "geometry")
"""Columns in which two rows of one project may differ."""
_SAME = ("name", "holder")


def repeated_projects(projects: pd.DataFrame, *, kept: Flags) -> tuple[Ints, list[dict[str, Any]]]:
    """Find the rows that repeat another one under a different id.

    A row repeats another where name, company and everything else that the ledger says are the same, and
    the shapes too, as far as both have one (a project may stand in a sheet and in a layer). Rows of one name
    and company that differ in anything are two projects (a phase, two years later, has other dates or sums);
    where they name the same parcels or the same total investment that is said.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    kept : ndarray of bool, one a project
        Projects that the analyst has placed: they never count as a repetition.

    Returns
    -------
    of : ndarray of int64, one a project
        Position of the project whose row it repeats, -1 for none. The one that the analyst has placed counts,
        else the one that has a shape, else the one that stands first in its file.
    issues : list of dict
        ``project_repeated``, ``project_alike`` and ``project_alike_money``.
    """
    of = np.full(len(projects), -1, dtype=np.int64)
    told = projects["holder"].notna().to_numpy(dtype=bool) | (projects["parcel_refs"].map(len) > 0).to_numpy()
    rows = np.flatnonzero(projects["name"].notna().to_numpy(dtype=bool) & told)
    keys = pd.DataFrame({c: _spelt(projects[c].iloc[rows]) for c in _SAME}, index=rows)
    twice = keys.index[keys.duplicated(keep=False)].to_numpy(dtype=np.int64)
    if not len(twice):
        return of, []
    few = projects.iloc[twice]
    order = np.lexsort(
        (
            pd.factorize(few.index, sort=True)[0],
            few["source_row"].fillna(0).to_numpy(dtype=np.int64),
            pd.factorize(few["source_file"], sort=True)[0],
            few.geometry.isna().to_numpy(dtype=bool),
            ~kept[twice],
        )
    )
    twice = twice[order]
    whole = _with_shapes(_whole(projects.iloc[twice], keys.loc[twice]), projects["geometry"].iloc[twice])
    first = pd.Series(twice, index=whole).groupby(level=0).transform("first").to_numpy(dtype=np.int64)
    again = (first != twice) & ~kept[twice]
    of[twice[again]] = first[again]
    return of, [
        *(_said("project_repeated", projects, at, of[at]) for at in np.sort(twice[again])),
        *_alike(projects, twice[~again], keys),
    ]


def _spelt(values: pd.Series) -> Any:
    codes, kinds = pd.factorize(values)
    return np.array([*(plain(kind).replace(" ", "") for kind in kinds), ""], dtype=object)[codes]


def _whole(rows: pd.DataFrame, keys: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return everything that a ledger says of each project, as one value; what is missing equals itself."""
    columns: list[list[Any]] = [keys[c].tolist() for c in _SAME]
    for name in PROJECTS.columns:
        if name in (*_OWN, *_SAME):
            continue
        cells = rows[name].astype(object)
        columns.append([tuple(c) if isinstance(c, list) else None if pd.isna(c) else c for c in cells])
    return list(zip(*columns, strict=True))


def _with_shapes(told: list[tuple[Any, ...]], shapes: pd.Series) -> list[tuple[Any, ...]]:
    """Return what rows say with their shapes; a row without one has that of the others that say the same.

    Where those have several different shapes, it has none of them.
    """
    drawn = [None if shape is None else shape.wkb for shape in shapes]
    of: dict[tuple[Any, ...], set[bytes]] = {}
    for key, wkb in zip(told, drawn, strict=True):
        of.setdefault(key, set()).update([] if wkb is None else [wkb])
    only = {key: next(iter(found)) if len(found) == 1 else None for key, found in of.items()}
    return [(*key, only[key] if wkb is None else wkb) for key, wkb in zip(told, drawn, strict=True)]


def _alike(projects: pd.DataFrame, twice: Ints, keys: pd.DataFrame) -> list[dict[str, Any]]:
    """Say which projects of one name and company have the same parcels or money, and differ elsewhere."""
    first: dict[tuple[Any, ...], int] = {}
    found = []
    money = [projects[f"total_invest_wan_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high")]
    for at in twice:
        refs = tuple(sorted(set(projects["parcel_refs"].iloc[at])))
        sums = tuple(float(end[at]) for end in money)
        ways = [("project_alike", (*keys.loc[at], refs))] if refs else []
        ways += [("project_alike_money", (*keys.loc[at], *sums))] if np.isfinite(sums).all() else []
        same = [(kind, first[key]) for kind, key in ways if key in first]
        found += [_said(kind, projects, at, other) for kind, other in same[:1]]
        for _, key in ways:
            first.setdefault(key, at)
    return found


def _said(kind: str, projects: pd.DataFrame, at: Any, other: Any) -> dict[str, Any]:
    there = place_of(projects, other)
    return issue(
        kind,
        "kept",
        **place_of(projects, at),
        field="project_id",
        raw=projects.index[at],
        project=projects.index[at],
        other=projects.index[other],
        other_file=there["file"],
        other_row=there["row"],
    )
