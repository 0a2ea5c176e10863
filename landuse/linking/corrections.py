"""The analyst's own links: they win over what the ledger says, and are refused where they cannot be right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import LinkError, nearest
from landuse.linking.by_code import Ints, ParcelBook
from landuse.tables import place_of

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-9
"""How far the shares given for a project may be from 1 in sum: nine decimals as typed."""

__all__ = ["Given", "read_corrections"]


@dataclass(frozen=True)
class Given:
    """Links that the analyst gives: positions, share (missing: by area) and the row they stand in."""

    project: Ints
    parcel: Ints
    share: Floats
    evidence: npt.NDArray[np.object_]


def read_corrections(corrections: pd.DataFrame, book: ParcelBook, projects: pd.DataFrame) -> Given:
    """Check the corrections and find what they name.

    Parameters
    ----------
    corrections : DataFrame
        Table ``corrections``: parcel_id, project_id, share (missing: by area).
    book : ParcelBook
        The parcels.
    projects : DataFrame
        Table ``projects``.

    Returns
    -------
    Given
        One entry a row.

    Raises
    ------
    LinkError
        Where a row names a parcel or project that is not there, a pair stands twice, or the shares given
        for a project cannot sum to 1.
    """
    projects_named = pd.Index(corrections["project_id"], dtype="str")
    parcels_named = pd.Index(corrections["parcel_id"], dtype="str")
    project = np.asarray(projects.index.get_indexer(projects_named), dtype=np.int64)
    parcel = book.find(parcels_named)[0]
    _refuse_unknown(corrections, "project", project, projects_named, projects.index)
    _refuse_unknown(corrections, "parcel", parcel, parcels_named, book.ids)
    again = pd.DataFrame({"project": project, "parcel": parcel}).duplicated().to_numpy()
    if again.any():
        at = int(np.flatnonzero(again)[0])
        raise LinkError(
            f"the correction of project {projects_named[at]!r} names parcel {parcels_named[at]!r} twice",
            **place_of(corrections, at),
            remedy="leave one of the two rows",
        )
    share = corrections["share"].to_numpy(dtype=np.float64)
    _check_sums(corrections, project, share, len(projects))
    return Given(project, parcel, share, _evidence(corrections))


def _refuse_unknown(
    corrections: pd.DataFrame, what: str, found: Ints, named: pd.Index, known: pd.Index
) -> None:
    for at in np.flatnonzero(found < 0)[:1]:
        like = nearest(str(named[at]), set(known.tolist()))
        raise LinkError(
            f"a correction names {what} {named[at]!r}, which is not there",
            **place_of(corrections, at),
            key=f"{what}_id",
            remedy=f"correct the id (nearest: {like!r})" if like is not None else f"give the {what}s too",
        )


def _check_sums(corrections: pd.DataFrame, project: Ints, share: Floats, count: int) -> None:
    open_ = np.bincount(project[np.isnan(share)], minlength=count) > 0
    named = np.bincount(project, minlength=count) > 0
    total = np.bincount(project, weights=np.nan_to_num(share), minlength=count)
    wrong = named & np.where(open_, total >= 1.0 - TOLERANCE, np.abs(total - 1.0) > TOLERANCE)
    for at in np.flatnonzero(wrong[project])[:1]:
        names = corrections["project_id"].iloc[at]
        said = f"{total[project[at]]:.10g}"
        raise LinkError(
            f"the shares given for project {names!r} sum to {said}"
            + (" and leave nothing for its other parcels" if open_[project[at]] else ", not to 1"),
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
