"""The analyst's own word on pairs: it wins over all evidence, and is refused where it cannot be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import LinkError, nearest
from landuse.linking.by_code import Flags, Ints, ParcelBook
from landuse.tables import issue, issues_at, place_of

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-9
"""How far the shares given for a project may be from 1 in sum: nine decimals as typed."""

__all__ = ["Given", "check_sums", "read_corrections"]


@dataclass(frozen=True)
class Given:
    """What the analyst says.

    ``project``, ``parcel``, ``share`` (missing: by area), ``evidence`` and ``row`` (in the table of
    corrections) are aligned: one entry a link. ``no_project`` and ``no_parcel`` are pairs that are no links;
    ``only`` says of each project whether it stands on its given parcels alone. ``decided`` holds every pair
    spoken of, by position, with ``decision`` and ``share``.
    """

    project: Ints
    parcel: Ints
    share: Floats
    evidence: npt.NDArray[np.object_]
    row: Ints
    no_project: Ints
    no_parcel: Ints
    only: Flags
    decided: pd.DataFrame
    issues: list[dict[str, Any]]


def read_corrections(corrections: pd.DataFrame, book: ParcelBook, projects: pd.DataFrame) -> Given:
    """Check the corrections and find what they name.

    Parameters
    ----------
    corrections : DataFrame
        Table ``corrections``. ``yes`` links a pair beside whatever else links its project, ``only`` links it
        and leaves the project nothing else, ``no`` forbids it, ``open`` says nothing.
    book : ParcelBook
        The parcels.
    projects : DataFrame
        Table ``projects``.

    Returns
    -------
    Given

    Raises
    ------
    LinkError
        Where a link names a parcel or project that is not there, or a pair stands twice.
    """
    said = corrections[corrections["decision"] != "open"].reset_index(drop=True)
    projects_named = pd.Index(said["project_id"], dtype="str")
    parcels_named = pd.Index(said["parcel_id"], dtype="str")
    project = np.asarray(projects.index.get_indexer(projects_named), dtype=np.int64)
    parcel = book.find(parcels_named)[0]
    barred = (said["decision"] == "no").to_numpy(dtype=bool)
    _refuse_unknown(said, "project", (project < 0) & ~barred, projects_named, projects.index)
    _refuse_unknown(said, "parcel", (parcel < 0) & ~barred, parcels_named, book.ids)
    there = (project >= 0) & (parcel >= 0)
    again = pd.DataFrame({"project": project, "parcel": parcel}).duplicated().to_numpy() & there
    if again.any():
        at = int(np.flatnonzero(again)[0])
        first = int(np.flatnonzero((project == project[at]) & (parcel == parcel[at]))[0])
        row = place_of(said, first)["row"]
        words = said["decision"].iloc[[first, at]].tolist()
        raise LinkError(
            f"the correction of project {projects_named[at]!r} names parcel {parcels_named[at]!r} twice"
            + (f", first in row {row}" if row is not None else "")
            + ("" if words[0] == words[1] else f", and says {words[0]} there and {words[1]} here"),
            **place_of(said, at),
            remedy="leave one of the two rows",
        )
    link, no = there & ~barred, there & barred
    only = np.zeros(len(projects), dtype=bool)
    only[project[link & (said["decision"] == "only").to_numpy(dtype=bool)]] = True
    share = said["share"].to_numpy(dtype=np.float64)
    decided = pd.DataFrame({"project": project, "parcel": parcel, "decision": said["decision"]})
    return Given(
        project=project[link],
        parcel=parcel[link],
        share=share[link],
        evidence=_evidence(said)[link],
        row=np.flatnonzero((corrections["decision"] != "open").to_numpy(dtype=bool))[link],
        no_project=project[no],
        no_parcel=parcel[no],
        only=only,
        decided=decided.assign(share=share)[there].reset_index(drop=True),
        issues=[
            issue(
                "correction_without_object",
                "kept",
                **place_of(said, at),
                field="decision",
                raw=projects_named[at],
                project=projects_named[at],
                parcel=parcels_named[at],
            )
            for at in np.flatnonzero(~there & barred)
        ]
        + _idle_shares(corrections),
    )


def _idle_shares(corrections: pd.DataFrame) -> list[dict[str, Any]]:
    """Say which shares stand beside a no, or beside no decision at all: they move nothing."""
    idle = corrections["share"].notna() & corrections["decision"].isin(["open", "no"])

    def words(at: Any) -> dict[str, Any]:
        row = corrections.iloc[at]
        return {"raw": f"{row['share']:g}", "project": row["project_id"], "parcel": row["parcel_id"]}

    return issues_at("share_without_yes", "kept", corrections, idle, field="share", words=words)


def _refuse_unknown(
    corrections: pd.DataFrame, what: str, lost: Flags, named: pd.Index, known: pd.Index
) -> None:
    for at in np.flatnonzero(lost)[:1]:
        like = nearest(str(named[at]), set(known.tolist()))
        raise LinkError(
            f"a correction names {what} {named[at]!r}, which is not there",
            **place_of(corrections, at),
            key=f"{what}_id",
            remedy=f"correct the id (nearest: {like!r})" if like is not None else f"give the {what}s too",
        )


def check_sums(corrections: pd.DataFrame, row: Ints, project: Ints, share: Floats, count: int) -> None:
    """Refuse shares that cannot sum to 1.

    Parameters
    ----------
    corrections : DataFrame
        Table ``corrections``.
    row : ndarray of int64, one a link
        Row of the corrections that gives the link, -1 where none does.
    project : ndarray of int64, one a link
        Position of the project.
    share : ndarray of float64, one a link
        The share given, missing where it is by area.
    count : int
        How many projects there are.

    Raises
    ------
    LinkError
        Naming the first row of such a project.
    """
    open_ = np.bincount(project[np.isnan(share)], minlength=count) > 0
    some = np.bincount(project[~np.isnan(share)], minlength=count) > 0
    total = np.bincount(project, weights=np.nan_to_num(share), minlength=count)
    wrong = some & np.where(open_, total >= 1.0 - TOLERANCE, np.abs(total - 1.0) > TOLERANCE)
    rows = np.sort(row[wrong[project] & (row >= 0)])
    for at in rows[:1]:
        mine = project[row == at][0]
        raise LinkError(
            f"the shares given for project {corrections['project_id'].iloc[at]!r} sum to {total[mine]:.10g}"
            + (" and leave nothing for its other parcels" if open_[mine] else ", not to 1"),
            **place_of(corrections, at),
            key="share",
            remedy="give shares that sum to 1, or leave them out to split by area",
        )


def _evidence(corrections: pd.DataFrame) -> npt.NDArray[np.object_]:
    places: list[dict[str, Any]] = [place_of(corrections, at) for at in range(len(corrections))]
    texts = [
        f"{p['file'] or ''}#{p['row'] if p['row'] is not None else at + 1}" for at, p in enumerate(places)
    ]
    return np.array(texts, dtype=object)
