"""Places by an uncertain score: the best and the worst that each can be."""

from __future__ import annotations

import numpy as np

from landuse.scoring.intervals import Flags, Interval, Ints

__all__ = ["Places", "places_of", "ties_of"]

Places = tuple[Ints, Ints]


def places_of(score: Interval) -> Places:
    """Return the best and the worst place of each row, the greatest score first; equal scores share a place.

    Parameters
    ----------
    score : Interval, shape (n,)
        Known throughout; an unknown score is its whole range.

    Returns
    -------
    best, worst : ndarray of int64, shape (n,)
        One more than the rows that are above for certain, and one more than those that may be.

    Examples
    --------
    >>> places_of(Interval(np.array([9.0, 7.0, 7.0, 1.0]), np.array([9.0, 7.0, 7.0, 8.0])))
    (array([1, 2, 2, 2]), array([1, 3, 3, 4]))
    """
    lows, highs = np.sort(score.low), np.sort(score.high)
    count = len(lows)
    best = 1 + count - np.searchsorted(lows, score.high, side="right")
    above = count - np.searchsorted(highs, score.low, side="right")
    own = score.high > score.low
    return best.astype(np.int64), (1 + above - own).astype(np.int64)


def ties_of(score: Interval) -> Flags:
    """Say which rows share their exact score with another one."""
    exact = score.low == score.high
    values, counts = np.unique(score.low[exact], return_counts=True)
    return np.asarray(exact & np.isin(score.low, values[counts > 1]), dtype=np.bool_)
