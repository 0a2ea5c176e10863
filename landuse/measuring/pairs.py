"""Uncertain figures as pairs of arrays: the least and the most each can be; NaN where nothing is known."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

__all__ = [
    "Flags",
    "Floats",
    "Ints",
    "Pair",
    "choose",
    "columns_of",
    "exactly",
    "pair_of",
    "ratio",
    "spread",
    "total",
]


class Pair(NamedTuple):
    """Least and greatest value of a figure, row by row; ``high`` is inf where no upper end is known."""

    low: Floats
    high: Floats

    @property
    def known(self) -> Flags:
        """Whether anything is known of the figure."""
        return ~np.isnan(self.low)

    @property
    def finite(self) -> Flags:
        """Whether both ends are known."""
        return np.isfinite(self.low) & np.isfinite(self.high)

    def at(self, rows: Any) -> Pair:
        """Return the rows at positions or under a mask."""
        return Pair(self.low[rows], self.high[rows])

    def only(self, mask: Flags) -> Pair:
        """Return the figure where the mask holds, unknown elsewhere."""
        return Pair(np.where(mask, self.low, np.nan), np.where(mask, self.high, np.nan))


def pair_of(table: pd.DataFrame, stem: str) -> Pair:
    """Return the two columns of a figure; unknown as a whole where either end is missing."""
    low = table[f"{stem}_low"].to_numpy(dtype=np.float64)
    high = table[f"{stem}_high"].to_numpy(dtype=np.float64)
    return Pair(low, high).only(~(np.isnan(low) | np.isnan(high)))


def exactly(values: Floats) -> Pair:
    """Return a figure that is known exactly."""
    return Pair(values, values)


def columns_of(stem: str, figure: Pair) -> dict[str, Floats]:
    """Return the two columns of a figure, by name."""
    return {f"{stem}_low": figure.low, f"{stem}_high": figure.high}


def choose(mask: Flags, one: Pair, other: Pair) -> Pair:
    """Return ``one`` where the mask holds, ``other`` elsewhere."""
    return Pair(np.where(mask, one.low, other.low), np.where(mask, one.high, other.high))


def spread(figure: Pair, at: Ints) -> Pair:
    """Return the figure at each position, unknown at -1."""
    return Pair(np.r_[figure.low, np.nan][at], np.r_[figure.high, np.nan][at])


def ratio(numerator: Pair, denominator: Pair, factor: float = 1.0) -> Pair:
    """Return numerator over ``factor`` times denominator; unknown where either is, or the latter is 0.

    Notes
    -----
    ``low = numerator.low / denominator.high`` and ``high = numerator.high / denominator.low``; a numerator of
    0 gives 0 over whatever the denominator is.

    Examples
    --------
    >>> import numpy as np
    >>> one = lambda *v: np.array(v)
    >>> ratio(Pair(one(10.0, 0.0), one(20.0, 0.0)), Pair(one(2.0, 0.0), one(5.0, np.inf)))
    Pair(low=array([2., 0.]), high=array([10.,  0.]))
    """
    usable = numerator.known & denominator.known & (denominator.high > 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = numerator.low / (denominator.high * factor)
        high = numerator.high / (denominator.low * factor)
    high = np.where(numerator.high == 0.0, 0.0, high)
    return Pair(low, high).only(usable)


def sums(groups: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each group, 0 for a group without rows."""
    return np.asarray(np.bincount(groups, weights=values, minlength=count), dtype=np.float64)


def total(groups: Ints, figure: Pair, count: int, *, strict: bool = False) -> Pair:
    """Sum a figure by group.

    Parameters
    ----------
    groups : ndarray of int64, shape (n,)
        Group of each row, 0 to count - 1.
    figure : Pair, shape (n,)
        Amounts that are not negative.
    count : int
        Number of groups.
    strict : bool
        Whether one unknown amount makes the sum unknown. Otherwise it lies anywhere from 0 up, so that the
        sum is at least what is known and has no upper end.

    Returns
    -------
    Pair, shape (count,)
        Unknown where no amount of a group is known, and for a group without rows.
    """
    known = figure.known
    low = sums(groups[known], figure.low[known], count)
    high = sums(groups[known], figure.high[known], count)
    some = np.bincount(groups[known], minlength=count) > 0
    short = np.bincount(groups[~known], minlength=count) > 0
    if strict:
        return Pair(low, high).only(some & ~short)
    return Pair(low, np.where(short, np.inf, high)).only(some)
