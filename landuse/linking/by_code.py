"""Links by code: the parcel numbers that the ledger names, found among the parcels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.parsing.parcel_codes import normalise_ref
from landuse.tables import issue, place_of

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PRINTED = r"[!-~]+"
"""The normal form of printed ASCII is its upper case; anything else goes through ``normalise_ref``."""

__all__ = ["Matches", "ParcelBook", "match_codes"]


@dataclass(frozen=True)
class Matches:
    """What the parcel numbers of a ledger led to.

    ``project``, ``parcel`` and ``evidence`` are aligned: one entry a link, positions in the two tables and
    the number as the ledger has it. ``unfound`` counts, by project, the numbers that no parcel bears.
    """

    project: Ints
    parcel: Ints
    evidence: npt.NDArray[np.object_]
    unfound: Ints
    issues: list[dict[str, Any]]
    accounts: dict[str, int]


class ParcelBook:
    """Finds parcels by number: by the very text first, then by its normal form where that is unambiguous."""

    def __init__(self, ids: pd.Index) -> None:
        self.ids = ids
        keys = _keys(ids)
        twice = keys.duplicated(keep=False)
        self._single = pd.Index(keys[~twice])
        self._at = np.flatnonzero(~twice)
        self._several = pd.Index(keys[twice].unique())

    def find(self, refs: pd.Index) -> tuple[Ints, Flags, pd.Index]:
        """Return positions (-1: none), whether several parcels answer to the number, and normal forms."""
        keys = _keys(refs)
        exact = np.asarray(self.ids.get_indexer(refs), dtype=np.int64)
        alike = np.asarray(self._single.get_indexer(keys), dtype=np.int64)
        by_key = np.full(len(refs), -1, dtype=np.int64)
        by_key[alike >= 0] = self._at[alike[alike >= 0]]
        found = np.where(exact >= 0, exact, by_key)
        several = (found < 0) & np.asarray(keys.isin(self._several), dtype=bool)
        return found, several, keys


def _keys(codes: pd.Index) -> pd.Index:
    texts = pd.Series(np.asarray(codes, dtype=object), dtype="str")
    keys = texts.str.upper()
    odd = ~texts.str.fullmatch(PRINTED).to_numpy(dtype=bool)
    if odd.any():
        keys = keys.to_numpy(dtype=object)
        keys[odd] = [normalise_ref(text) for text in texts[odd]]
    return pd.Index(keys, dtype="str")


def match_codes(book: ParcelBook, projects: pd.DataFrame, *, overruled: Flags) -> Matches:
    """Find the parcels that a ledger names.

    Parameters
    ----------
    book : ParcelBook
        The parcels.
    projects : DataFrame
        Table ``projects``.
    overruled : ndarray of bool, one a project
        Projects whose numbers are not looked at, because a correction says where they stand.

    Returns
    -------
    Matches
        A number that a cell repeats counts once.
    """
    lists = projects["parcel_refs"].tolist()
    counts = np.fromiter((len(cell) for cell in lists), dtype=np.int64, count=len(lists))
    refs = np.array(list(chain.from_iterable(lists)), dtype=object)
    project = np.repeat(np.arange(len(lists), dtype=np.int64), counts)
    ruled_out = overruled[project]
    refs, project = refs[~ruled_out], project[~ruled_out]
    found, several, keys = book.find(pd.Index(refs, dtype="str"))
    what = np.where(found >= 0, found, -1 - pd.factorize(keys)[0])
    again = pd.DataFrame({"project": project, "what": what}).duplicated().to_numpy()
    hit, lost = (found >= 0) & ~again, (found < 0) & ~again
    kinds = [
        ("parcel_ref_not_found", "kept", lost & ~several),
        ("parcel_ref_ambiguous", "kept", lost & several),
        ("parcel_ref_repeated", "mended", again),
    ]
    return Matches(
        project=project[hit],
        parcel=found[hit],
        evidence=refs[hit],
        unfound=np.bincount(project[lost], minlength=len(projects)),
        issues=[
            _ref_issue(kind, action, projects, project[at], refs[at])
            for kind, action, rows in kinds
            for at in np.flatnonzero(rows)
        ],
        accounts={
            "refs_in": int(counts.sum()),
            "refs_matched": int(hit.sum()),
            "refs_missing": int(lost.sum()),
            "refs_repeated": int(again.sum()),
            "refs_overruled": int(ruled_out.sum()),
        },
    )


def _ref_issue(kind: str, action: str, projects: pd.DataFrame, at: Any, ref: str) -> dict[str, Any]:
    return issue(
        kind,
        action,
        **place_of(projects, at),
        field="parcel_refs",
        raw=ref,
        project=projects.index[at],
    )
