"""Part over whole by group, where parts are intervals and some rows may not belong to the whole at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["share_bounds"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def share_bounds(
    group: Ints, whole: Floats, part: tuple[Floats, Floats], sure: Flags, count: int
) -> tuple[Floats, Floats]:
    """Return the least and the greatest that ``sum of parts / sum of wholes`` can be, group by group.

    Parameters
    ----------
    group : ndarray of int64, shape (n,)
        Group of each row, 0 to ``count`` - 1; -1 for none.
    whole : ndarray of float64, shape (n,)
        What the part is of, in any unit; rows of 0 count for nothing.
    part : two ndarrays of float64, shape (n,)
        Least and greatest part of each row, 0 to ``whole``.
    sure : ndarray of bool, shape (n,)
        Whether the row belongs to the whole for certain; otherwise it may or may not.
    count : int
        Number of groups.

    Returns
    -------
    low, high : ndarray of float64, shape (count,)
        NaN for a group that can have no whole.

    Notes
    -----
    Of the rows that may belong, the greatest share takes those with the greatest shares of their own, as many
    as raise it; the least likewise. Both bounds are reached.

    Examples
    --------
    >>> one = np.array([0, 0, 0])
    >>> share_bounds(one, np.array([4.0, 4.0, 2.0]), (np.array([4.0, 0, 0]), np.array([4.0, 0, 2.0])),
    ...              np.array([True, True, False]), 1)
    (array([0.4]), array([0.6]))
    """
    used = (group >= 0) & (whole > 0.0)
    low = _least(group[used], whole[used], part[0][used], sure[used], count, sign=1.0)
    high = _least(group[used], whole[used], part[1][used], sure[used], count, sign=-1.0)
    return low, -high


def _least(group: Ints, whole: Floats, part: Floats, sure: Flags, count: int, *, sign: float) -> Floats:
    """Return the least of ``sign`` times the share."""
    base = np.bincount(group[sure], weights=whole[sure], minlength=count)
    over = np.bincount(group[sure], weights=part[sure], minlength=count) * sign
    with np.errstate(invalid="ignore"):
        best = over / base
    maybe = np.flatnonzero(~sure)
    if not len(maybe):
        return np.asarray(best, dtype=np.float64)
    own = sign * part[maybe] / whole[maybe]
    order = maybe[np.lexsort((whole[maybe], own, group[maybe]))]
    at = group[order]
    starts = np.flatnonzero(np.r_[True, at[1:] != at[:-1]])
    sizes = np.diff(np.r_[starts, len(at)])

    def running(values: Floats) -> Floats:
        sums = np.cumsum(values)
        before = np.r_[0.0, sums][starts]
        return np.asarray(sums - np.repeat(before, sizes), dtype=np.float64)

    shares = (over[at] + sign * running(part[order])) / (base[at] + running(whole[order]))
    best[at[starts]] = np.fmin(best[at[starts]], np.minimum.reduceat(shares, starts))
    return np.asarray(best, dtype=np.float64)
