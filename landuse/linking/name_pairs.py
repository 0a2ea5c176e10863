"""Pairs of names that may be one holder's: how they were found, the score, what speaks against a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.linking.name_candidates import Candidates, candidates
from landuse.linking.name_scores import Flags, Floats, Ints, NameBook, PlaceRelation, score

TEXT, CORE, FORMER, RENAMED, SHORT, BRAND, ALIKE = (
    "text",
    "core",
    "former",
    "renamed",
    "short",
    "brand",
    "alike",
)
LINKED_AT = 0.9
"""Least score of a link."""
REVIEW_AT = 0.05
"""Least score of a pair worth an analyst's look."""
RIVAL = 0.6
"""A name is a rival where its score reaches this share of the pair's own."""
_GIVEN = {TEXT: 0.999, FORMER: 0.99, RENAMED: 0.99, SHORT: 0.5}
_LONG = 6
"""A text of this many characters names somebody even without a legal form; a person's name is shorter."""
_DOUBTS = (
    "place_clash",
    "form_clash",
    "branch",
    "no_form",
    "no_brand",
    "short_name",
    "low_score",
    "rival",
    "rival_unseen",
)

__all__ = ["LINKED_AT", "REVIEW_AT", "NamePairs", "pair_names"]


@dataclass(frozen=True)
class NamePairs:
    """Pairs of names, positions in the book, sorted.

    ``basis`` says what was found (a key of labels ``name_basis``); ``doubts`` are columns of flags (keys of
    ``name_doubts``): a pair without any is good for a link. ``looked`` says what was compared at all.
    """

    left: Ints
    right: Ints
    score: Floats
    basis: npt.NDArray[np.object_]
    doubts: Mapping[str, Flags]
    looked: Candidates

    @property
    def sound(self) -> Flags:
        """Whether nothing speaks against linking the pair."""
        return np.asarray(~np.any(list(self.doubts.values()), axis=0), dtype=bool)

    @property
    def given(self) -> Flags:
        """Whether the names themselves, or the book of renames, say that they are one holder's."""
        return np.isin(self.basis, list(_GIVEN))


def pair_names(
    book: NameBook,
    left: Ints,
    right: Ints,
    *,
    later: Mapping[str, frozenset[str]] | None = None,
    coefficients: Floats | None = None,
) -> NamePairs:
    """Compare the names of two sides.

    Parameters
    ----------
    book : NameBook
        All names.
    left, right : ndarray of int64
        Positions of the names of either side, ascending.
    later : mapping, optional
        From the book of renames: key of a name to the keys of all its later names.
    coefficients : ndarray of float64, optional
        Of the score; those shipped where left out.

    Returns
    -------
    NamePairs
        Every pair of one core and every pair whose score reaches ``REVIEW_AT``, but for those that ``looked``
        leaves out. The same pairs, turned round, where the sides are, if it leaves out none.
    """
    looked = candidates(book, left, right)
    i, j = looked.left, looked.right
    worth = score(book, i, j, coefficients=coefficients)
    same_core = book.core[i] == book.core[j]
    same_brand = (book.brand[i] == book.brand[j]).all(axis=1)
    found = np.select([same_core, same_brand], [CORE, BRAND], ALIKE).astype(object)
    frame = pd.DataFrame({"left": i, "right": j, "score": worth, "basis": found})
    frame = pd.concat([_given(book, left, right, later or {}), frame[same_core | (worth >= REVIEW_AT)]])
    frame = frame.sort_values(["left", "right", "score", "basis"], ascending=[True, True, False, True])
    frame = frame.drop_duplicates(["left", "right"])
    i, j = frame["left"].to_numpy(dtype=np.int64), frame["right"].to_numpy(dtype=np.int64)
    worth, basis = frame["score"].to_numpy(dtype=np.float64), frame["basis"].to_numpy(dtype=object)
    return NamePairs(i, j, worth, basis, _doubts(book, i, j, worth, basis, looked.unseen), looked)


def _given(book: NameBook, left: Ints, right: Ints, later: Mapping[str, frozenset[str]]) -> pd.DataFrame:
    """Pair names of equal text, and names that say of themselves, or of which the book says, they are one."""
    keys = [name.key for name in book.names]
    known: list[tuple[int, str, str]] = []
    for at, name in enumerate(book.names):
        if len(keys[at]) > 1:
            known.append((at, keys[at], TEXT))
        known += [(at, other.replace("(", "").replace(")", ""), FORMER) for other in name.former]
        known += [(at, other.replace("(", "").replace(")", ""), SHORT) for other in name.short]
        known += [(at, other, RENAMED) for other in sorted(later.get(keys[at], ()))]
    said = pd.DataFrame(known, columns=["at", "key", "basis"], dtype=object).astype({"at": np.int64})
    frames = []
    for one, other, turned in ((left, right, False), (right, left, True)):
        mine = said[said["at"].isin(one)]
        theirs = pd.DataFrame({"key": np.array([keys[k] for k in other], dtype=object), "to": other})
        pairs = mine.merge(theirs, on="key")
        first, second = ("to", "at") if turned else ("at", "to")
        columns = {"left": pairs[first], "right": pairs[second], "basis": pairs["basis"].astype(object)}
        frames.append(pd.DataFrame(columns))
    both = pd.concat(frames, ignore_index=True)
    return both.assign(score=both["basis"].map(_GIVEN).astype(np.float64))


def _doubts(
    book: NameBook, i: Ints, j: Ints, worth: Floats, basis: npt.NDArray[np.object_], unseen: Flags
) -> dict[str, Flags]:
    """Say what speaks against linking each pair."""
    given = np.isin(basis, [TEXT, FORMER, RENAMED])
    formless = np.array([not name.form for name in book.names], dtype=bool)
    brandless = np.array([not name.brand for name in book.names], dtype=bool)
    brief = np.array([len(name.key) < _LONG for name in book.names], dtype=bool)
    branches = pd.factorize(
        np.array(["" if n.branch is None else f"/{n.branch}" for n in book.names], dtype=object)
    )[0]
    told = {
        "place_clash": ~given & (book.relation(i, j) == PlaceRelation.CLASH),
        "form_clash": ~given & (book.form[i] != book.form[j]) & ~formless[i] & ~formless[j],
        "branch": ~given & (branches[i] != branches[j]),
        "no_form": np.where(given, formless[i] & brief[i], formless[i] | formless[j]),
        "no_brand": ~given & (brandless[i] | brandless[j]),
        "short_name": basis == SHORT,
        "low_score": worth < LINKED_AT,
        "rival": _has_rival(i, worth, given) | _has_rival(j, worth, given),
        "rival_unseen": ~given & (unseen[i] | unseen[j]),
    }
    return {name: np.asarray(told[name], dtype=bool) for name in _DOUBTS}


def _has_rival(side: Ints, worth: Floats, given: Flags) -> Flags:
    """Say whether a name of one side pairs with another nearly as well; a given pair yields only to one."""
    if not len(side):
        return np.zeros(0, dtype=bool)
    rank = np.where(given, 2.0, worth)
    table = pd.DataFrame({"side": side, "rank": rank})
    order = table.sort_values(["side", "rank"], ascending=[True, False], kind="stable").index.to_numpy()
    s, r = side[order], rank[order]
    first = np.r_[True, s[1:] != s[:-1]]
    starts = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    best = r[starts][group]
    size = np.diff(np.r_[starts, len(s)])[group]
    second_at = np.minimum(starts + 1, len(s) - 1)
    second = r[second_at][group]
    other = np.where(np.arange(len(s)) == starts[group], second, best)
    limit = np.where(r == 2.0, 2.0, RIVAL * r)
    result = np.zeros(len(side), dtype=bool)
    result[order] = (size > 1) & (other >= limit)
    return result
