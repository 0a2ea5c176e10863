"""Links by code: the parcel and contract numbers that the ledger names, found among the parcels."""

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
UNIT = r"([1-9][0-9]{11}[GJZ][A-HSXWY][0-9]{5})(?:[FLQW][0-9]{8})?"
"""The code of a parcel, alone (19 signs) or at the head of that of a real-estate unit on it (28)."""
CONTRACT = r"(?=(?:.*[0-9]){4})(?!0+$).{5,}"
"""What a contract number must look like: five signs, four digits, not all noughts."""

__all__ = ["ContractBook", "Matches", "ParcelBook", "match_codes"]


@dataclass(frozen=True)
class Matches:
    """What the parcel numbers of a ledger led to.

    ``project``, ``parcel``, ``evidence`` and ``by_contract`` are aligned: one entry a pair, positions in the
    two tables, the number as the ledger has it, whether it is the ledger's contract number. ``unfound``
    counts, by project, the parcel numbers that no parcel bears.
    """

    project: Ints
    parcel: Ints
    evidence: npt.NDArray[np.object_]
    by_contract: Flags
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
        units = _units(keys)
        alone = ~units.duplicated(keep=False) & units.notna()
        self._unit, self._unit_at = units[alone], np.flatnonzero(alone)

    def find(self, refs: pd.Index) -> tuple[Ints, Flags, pd.Index]:
        """Return positions (-1: none), whether several parcels answer to the number, and normal forms.

        The code of a real-estate unit finds its parcel, and that of a parcel the only unit on it.
        """
        keys = _keys(refs)
        exact = np.asarray(self.ids.get_indexer(refs), dtype=np.int64)
        alike = np.asarray(self._single.get_indexer(keys), dtype=np.int64)
        by_key = np.full(len(refs), -1, dtype=np.int64)
        by_key[alike >= 0] = self._at[alike[alike >= 0]]
        found = np.where(exact >= 0, exact, by_key)
        units = _units(keys)
        of_unit = np.asarray(self._unit.get_indexer(units), dtype=np.int64)
        open_ = (found < 0) & (of_unit >= 0) & units.notna()
        found[open_] = self._unit_at[of_unit[open_]]
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


def _units(keys: pd.Index) -> pd.Index:
    """Return the code of the parcel that each key begins with, missing for any other key."""
    texts = pd.Series(np.asarray(keys, dtype=object), dtype="str")
    return pd.Index(texts.str.extract(f"^{UNIT}$", expand=False))


class ContractBook:
    """Finds parcels by the number of their supply contract; one contract may supply several."""

    def __init__(self, numbers: pd.Series) -> None:
        at, keys = _contracts(numbers)
        order = np.argsort(keys, kind="stable")
        self._keys, self._at = keys[order], at[order]

    def find(self, numbers: pd.Series) -> tuple[Ints, Ints]:
        """Return pairs: the place in ``numbers``, and the position of a parcel of that contract."""
        at, keys = _contracts(numbers)
        first = np.searchsorted(self._keys, keys, side="left")
        count = np.searchsorted(self._keys, keys, side="right") - first
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(at, count), self._at[np.repeat(first, count) + step]


def _contracts(numbers: pd.Series) -> tuple[Ints, npt.NDArray[np.object_]]:
    """Return places and normal forms of what may be a contract number."""
    at = np.flatnonzero(numbers.notna().to_numpy(dtype=bool)).astype(np.int64)
    keys = pd.Series(_keys(pd.Index(numbers.iloc[at], dtype="str")), dtype="str")
    good = keys.str.fullmatch(CONTRACT).to_numpy(dtype=bool)
    return at[good], keys[good].to_numpy(dtype=object)


def match_codes(
    book: ParcelBook, projects: pd.DataFrame, *, contracts: ContractBook, overruled: Flags
) -> Matches:
    """Find the parcels that a ledger names.

    Parameters
    ----------
    book : ParcelBook
        The parcels.
    projects : DataFrame
        Table ``projects``.
    contracts : ContractBook
        The contracts of the parcels: for numbers that no parcel bears, and for the ledger's ``contract_no``.
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
    unknown = np.flatnonzero(lost & ~several)
    at, there = contracts.find(pd.Series(refs[unknown], dtype="str"))
    lost[unknown[at]] = False
    own_at, own_there = contracts.find(projects["contract_no"].mask(overruled))
    kinds = [
        ("parcel_ref_not_found", "kept", lost & ~several),
        ("parcel_ref_ambiguous", "kept", lost & several),
        ("parcel_ref_repeated", "mended", again),
    ]
    numbers = projects["contract_no"].to_numpy(dtype=object)
    return Matches(
        project=np.r_[project[hit], project[unknown[at]], own_at],
        parcel=np.r_[found[hit], there, own_there],
        evidence=np.r_[refs[hit], refs[unknown[at]], numbers[own_at]],
        by_contract=np.r_[np.zeros(hit.sum() + len(at), dtype=bool), np.ones(len(own_at), dtype=bool)],
        unfound=np.bincount(project[lost], minlength=len(projects)),
        issues=[
            _ref_issue(kind, action, projects, project[at], refs[at])
            for kind, action, rows in kinds
            for at in np.flatnonzero(rows)
        ],
        accounts={
            "refs_in": int(counts.sum()),
            "refs_matched": int((~again & ~lost).sum()),
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
