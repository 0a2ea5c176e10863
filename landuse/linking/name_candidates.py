"""Which names are compared at all: those of equal text or core, and those whose brands share characters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from landuse.linking.name_scores import Ints, NameBook

SHARED_LEAST = 0.5
"""Share of the shorter brand's pairs of neighbouring characters that two brands must have in common."""
CANDIDATES_MOST = 200
"""Names that one name is compared with, at most: the nearest by brand; equal text and core always."""
_CHUNK = 2_000
_STEP = 1 << 21
"""One more than the greatest code point, rounded up: two characters make one number."""

__all__ = ["CANDIDATES_MOST", "candidates"]


def candidates(book: NameBook, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of names to compare.

    Parameters
    ----------
    book : NameBook
        All names.
    left, right : ndarray of int64
        Positions of the names of either side, ascending.

    Returns
    -------
    tuple of ndarray of int64
        Positions in the book, sorted, each pair once.
    """
    one, other = _by_core(book, left, right)
    first, second = _by_brand(book, left, right)
    size = len(book.names)
    pairs = np.unique(np.concatenate([one * size + other, first * size + second]))
    return pairs // max(size, 1), pairs % max(size, 1)


def _by_core(book: NameBook, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    empty = np.array([not name.core for name in book.names], dtype=bool)
    frames = [pd.DataFrame({"core": book.core[side], "at": side}).loc[~empty[side]] for side in (left, right)]
    joined = frames[0].merge(frames[1], on="core")
    return joined["at_x"].to_numpy(dtype=np.int64), joined["at_y"].to_numpy(dtype=np.int64)


def _by_brand(book: NameBook, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Pair names whose brands share neighbouring characters, by a sparse product over those."""
    brand = book.brand.astype(np.int64)
    here = (brand[:, :-1] >= 0) & (brand[:, 1:] >= 0)
    row, column = np.nonzero(here)
    grams = pd.factorize(brand[row, column] * _STEP + brand[row, column + 1])[0]
    shape = (len(book.names), int(grams.max(initial=-1)) + 1)
    table = csr_array((np.ones(len(row)), (row, grams)), shape=shape)
    table.sum_duplicates()
    table.data[:] = 1.0
    sizes = np.diff(table.indptr)
    other = table[right].T.tocsr()
    found: list[tuple[Ints, Ints]] = []
    for start in range(0, len(left), _CHUNK):
        rows = left[start : start + _CHUNK]
        product = (table[rows] @ other).tocoo()
        i, j = rows[product.row], right[product.col]
        dice = 2.0 * product.data / (sizes[i] + sizes[j])
        near = product.data >= SHARED_LEAST * np.minimum(sizes[i], sizes[j])
        found.append(_nearest(i[near], j[near], dice[near]))
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])


def _nearest(i: Ints, j: Ints, near: npt.NDArray[np.float64]) -> tuple[Ints, Ints]:
    """Keep the nearest of each name."""
    order = np.lexsort((j, -near, i))
    i, j = i[order], j[order]
    first = np.flatnonzero(np.r_[True, i[1:] != i[:-1]]) if len(i) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(i)) - np.repeat(first, np.diff(np.r_[first, len(i)]))
    return i[rank < CANDIDATES_MOST], j[rank < CANDIDATES_MOST]
