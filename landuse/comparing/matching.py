"""Which row of the old run and which of the new one are the same parcel, project or zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.labels import label
from landuse.tables import Result, issue

Bools = npt.NDArray[np.bool_]

SUBJECTS = ("parcel", "project", "zone")
EVIDENCE = {"parcel": "geometry", "project": "name", "zone": "id"}
"""What a made id is held against: it is only the place of a row in a file."""

__all__ = ["SUBJECTS", "match"]


def match(old: Result, new: Result) -> tuple[dict[str, pd.DataFrame], list[dict[str, Any]]]:
    """Match parcels, projects and zones of two runs.

    Parameters
    ----------
    old, new : Result
        The two runs.

    Returns
    -------
    matches : dict of str to DataFrame
        By subject: ``old_id``, ``new_id`` (one of them missing where a row came or went), ``matched_by``,
        sorted by id.
    issues : list of dict
        What is to be said of made ids.

    Notes
    -----
    Ids match where they are equal. An id that the intake made (``<file stem>#<row>``) is not stable: such a
    row matches only one with exactly the same outline (parcels) or name and company (projects), first of
    those with the same id, then where there is one on either side.
    """
    matches: dict[str, pd.DataFrame] = {}
    issues: list[dict[str, Any]] = []
    for subject in SUBJECTS:
        tables = [_read(r, subject) for r in (old, new)]
        made = [_made(r, table) for r, table in zip((old, new), tables, strict=True)]
        found = _by_id(tables[0].index, tables[1].index, *made)
        if made[0].any() or made[1].any():
            found = pd.concat([found, _by_evidence(tables, made, found, EVIDENCE[subject])])
            issues.append(_say(subject, made, found))
        matches[subject] = _with_rest(found, tables[0].index, tables[1].index)
    return matches, issues


def _read(result: Result, subject: str) -> pd.DataFrame:
    return result.tables[f"{subject}s"]


def _made(result: Result, table: pd.DataFrame) -> Bools:
    """Say which ids the intake made: it said so of the row, and the id ends with the row's number."""
    said = result.tables["issues"]
    said = said.loc[said["kind"] == "id_made", ["source_file", "row"]].dropna()
    if not len(said):
        return np.zeros(len(table), dtype=np.bool_)
    rows = pd.MultiIndex.from_arrays([table["source_file"], table["source_row"]])
    of_row = rows.isin(pd.MultiIndex.from_frame(said))
    ends = table.index.str.rsplit("#").str[-1] == table["source_row"].astype("str").to_numpy(dtype=object)
    return np.asarray(
        of_row & np.asarray(ends, dtype=np.bool_) & table.index.str.contains("#"), dtype=np.bool_
    )


def _by_id(old: pd.Index, new: pd.Index, made_old: Bools, made_new: Bools) -> pd.DataFrame:
    both = old[~made_old].intersection(new[~made_new])
    return pd.DataFrame({"old_id": both, "new_id": both, "matched_by": "id"}, dtype="str")


def _by_evidence(
    tables: list[pd.DataFrame], made: list[Bools], found: pd.DataFrame, evidence: str
) -> pd.DataFrame:
    """Match the rows that are left, where one of the two has a made id, by what else they hold."""
    left = [
        pd.DataFrame({side: t.index, "made": m, "key": keys})[~t.index.isin(found[side])].dropna(subset="key")
        for side, t, m, keys in zip(("old_id", "new_id"), tables, made, _keys(tables, evidence), strict=True)
    ]
    same = left[0].merge(left[1], on="key")
    same = same[same["made_x"] | same["made_y"]]
    first = same[same["old_id"] == same["new_id"]]
    rest = same[~same["old_id"].isin(first["old_id"]) & ~same["new_id"].isin(first["new_id"])]
    rest = rest[~rest.duplicated("old_id", keep=False) & ~rest.duplicated("new_id", keep=False)]
    matched = pd.concat([first, rest])
    return matched[["old_id", "new_id"]].astype("str").assign(matched_by=evidence)


def _keys(tables: list[pd.DataFrame], evidence: str) -> list[pd.Series]:
    if evidence == "geometry":
        crs = [getattr(t, "crs", None) for t in tables]
        if crs[0] != crs[1]:
            return [pd.Series(None, index=t.index, dtype=object) for t in tables]
        return [_outlines(gpd.GeoDataFrame(t)) for t in tables]
    if evidence == "name":
        return [_texts(t, ["name", "holder"]) for t in tables]
    return [pd.Series(t.index, index=t.index, dtype=object) for t in tables]


def _outlines(table: gpd.GeoDataFrame) -> pd.Series:
    shapes = shapely.to_wkb(shapely.normalize(table.geometry.to_numpy()))
    return pd.Series(shapes, index=table.index, dtype=object)


def _texts(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    first, *more = (table[c].astype(object) for c in columns)
    text = first
    for column in more:
        text = text + "\n" + column.where(column.notna(), "")
    return text


def _with_rest(found: pd.DataFrame, old: pd.Index, new: pd.Index) -> pd.DataFrame:
    """Put beside the matches the rows that went and those that came, sorted by id."""
    went = pd.DataFrame({"old_id": old[pd.Index(found["old_id"]).get_indexer(old) < 0]})
    came = pd.DataFrame({"new_id": new[pd.Index(found["new_id"]).get_indexer(new) < 0]})
    rows = pd.concat([found, went, came], ignore_index=True).astype("str")
    rows.insert(0, "subject_id", rows["new_id"].fillna(rows["old_id"]))
    return rows.sort_values(["subject_id", "old_id", "new_id"], ignore_index=True)


def _say(subject: str, made: list[Bools], found: pd.DataFrame) -> dict[str, Any]:
    words: Mapping[str, Any] = {
        "subject": label("subjects", subject),
        "old": int(made[0].sum()),
        "new": int(made[1].sum()),
        "matched": int((found["matched_by"] != "id").sum()),
        "evidence": label("comparison_matches", EVIDENCE[subject]),
    }
    return issue("made_ids_compared", "kept", field=f"{subject}_id", **words)
