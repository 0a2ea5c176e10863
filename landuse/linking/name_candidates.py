"""Which names are compared at all: those of equal text or core, and those whose brands share characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from landuse.linking.name_scores import Flags, Ints, NameBook

SHARED_LEAST = 0.5
"""Share of the shorter brand's pairs of neighbouring characters that two brands must have in common."""
CANDIDATES_MOST = 200
"""Names that one name is compared with, at most: the nearest by brand; equal text and core always."""
CORE_MOST = 40_000
"""Pairs of names that one core may stand for (200 on either side); a core of more is said, not compared."""
PRODUCT_MOST = 2_000_000
"""Entries of the sparse product that are held at once; a single name may need one for each other name."""
_STEP = 1 << 21
"""One more than the greatest code point, rounded up: two characters make one number."""

__all__ = ["CANDIDATES_MOST", "CORE_MOST", "Candidates", "candidates"]


@dataclass(frozen=True)
class Candidates:
    """The pairs of names to compare, and what is left out of the comparison.

    Attributes
    ----------
    left, right : ndarray of int64
        Positions in the book, sorted, each pair once.
    cut : ndarray of int64
        Names of the left with more near names than ``CANDIDATES_MOST``.
    unseen : ndarray of bool, one a name of the book
        Whether a pair that might have been a rival (the same brand; or one brand inside the other and no word
        of trade) was left out for it.
    crowded : DataFrame
        Cores of more than ``CORE_MOST`` pairs, none of them compared: ``core``, ``left``, ``right`` (names).
    """

    left: Ints
    right: Ints
    cut: Ints
    unseen: Flags
    crowded: pd.DataFrame


def candidates(book: NameBook, left: Ints, right: Ints) -> Candidates:
    """Return the pairs of names to compare.

    Parameters
    ----------
    book : NameBook
        All names.
    left, right : ndarray of int64
        Positions of the names of either side, ascending.

    Returns
    -------
    Candidates
        Memory grows with the names, not with their product: a name has ``CANDIDATES_MOST`` near names, a
        core ``CORE_MOST`` pairs, at most.
    """
    counts = [np.bincount(book.core[side], minlength=len(book.names) + 1) for side in (left, right)]
    empty = np.array([not name.core for name in book.names], dtype=bool)
    full = counts[0] * counts[1] > CORE_MOST
    full[book.core[empty]] = False
    sides = [side[~(empty | full[book.core])[side]] for side in (left, right)]
    one, other = _by_core(book, *sides)
    first, second, cut, unseen = _by_brand(book, left, right, full)
    size = len(book.names)
    pairs = np.unique(np.concatenate([one * size + other, first * size + second]))
    crowded = np.unique(book.core[left][full[book.core[left]]])
    named = dict(zip(book.core.tolist(), (name.core for name in book.names), strict=True))
    told = pd.DataFrame(
        {
            "core": pd.array([named[k] for k in crowded.tolist()], dtype="str"),
            "left": counts[0][crowded],
            "right": counts[1][crowded],
        }
    )
    return Candidates(pairs // max(size, 1), pairs % max(size, 1), cut, unseen, told)


def _by_core(book: NameBook, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    frames = [pd.DataFrame({"core": book.core[side], "at": side}) for side in (left, right)]
    joined = frames[0].merge(frames[1], on="core")
    return joined["at_x"].to_numpy(dtype=np.int64), joined["at_y"].to_numpy(dtype=np.int64)


def _by_brand(book: NameBook, left: Ints, right: Ints, full: Flags) -> tuple[Ints, Ints, Ints, Flags]:
    """Pair names whose brands share neighbouring characters, by a sparse product over those.

    Returns
    -------
    left, right : ndarray of int64
        The pairs, without those of one core that is ``full``.
    cut : ndarray of int64
        Names of the left of which pairs are left out.
    unseen : ndarray of bool, one a name
        Whether one of those might have been a rival.
    """
    brand = book.brand.astype(np.int64)
    here = (brand[:, :-1] >= 0) & (brand[:, 1:] >= 0)
    row, column = np.nonzero(here)
    grams = pd.factorize(brand[row, column] * _STEP + brand[row, column + 1])[0]
    shape = (len(book.names), int(grams.max(initial=-1)) + 1)
    table = csr_array((np.ones(len(row)), (row, grams)), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1.0
    sizes = np.diff(table.indptr)
    opened = book.rest[:, 0] < 0
    unseen = np.zeros(len(book.names), dtype=bool)
    found: list[tuple[Ints, Ints]] = [(left[:0], right[:0])]
    cut: list[Ints] = [left[:0]]
    for rows, across, shared in _products(table, left, right):
        least = np.minimum(sizes[rows], sizes[across])
        near = shared >= SHARED_LEAST * least
        near &= ~((book.core[rows] == book.core[across]) & full[book.core[rows]])
        i, j, inside = rows[near], across[near], (shared == least)[near]
        dice = 2.0 * shared[near] / (sizes[i] + sizes[j])
        kept = _nearest(i, j, dice)
        rival = ~kept & inside & ((dice == 1.0) | opened[i] | opened[j])
        unseen[i[rival]] = unseen[j[rival]] = True
        found.append((i[kept], j[kept]))
        cut.append(np.unique(i[~kept]))
    return (
        np.concatenate([pair[0] for pair in found]),
        np.concatenate([pair[1] for pair in found]),
        np.concatenate(cut),
        unseen,
    )


def _products(
    table: csr_array, left: Ints, right: Ints
) -> Iterator[tuple[Ints, Ints, npt.NDArray[np.float64]]]:
    """Count the pieces that names share, for some names of the left at a time: pairs and counts."""
    other = table[right].T.tocsr()
    most = np.minimum(table[left] @ np.diff(other.indptr).astype(np.float64), len(right))
    block = np.cumsum(most) // PRODUCT_MOST
    starts = np.flatnonzero(np.r_[True, block[1:] != block[:-1]]) if len(left) else left[:0]
    for rows in np.split(left, starts)[1:]:
        product = (table[rows] @ other).tocoo()
        yield rows[product.row], right[product.col], product.data


def _nearest(i: Ints, j: Ints, near: npt.NDArray[np.float64]) -> Flags:
    """Say which pairs are among the nearest of their name."""
    order = np.lexsort((j, -near, i))
    side = i[order]
    first = np.flatnonzero(np.r_[True, side[1:] != side[:-1]]) if len(i) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(i)) - np.repeat(first, np.diff(np.r_[first, len(i)]))
    kept = np.zeros(len(i), dtype=bool)
    kept[order] = rank < CANDIDATES_MOST
    return kept
