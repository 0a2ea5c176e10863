"""Whole amounts split by shares so that nothing is lost: the method of the largest remainder."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["split_whole"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_GRID = 2**60


def split_whole(group: Ints, share: Floats, total: Ints) -> Ints:
    """Split whole amounts by shares.

    Parameters
    ----------
    group : ndarray of int64, shape (n,)
        Whose amount a share is of, ascending.
    share : ndarray of float64, shape (n,)
        Shares; those of a group sum to 1.
    total : ndarray of int64, one a group number
        The amounts.

    Returns
    -------
    ndarray of int64, shape (n,)
        Parts; those of a group sum to its amount. Each is its share of the amount rounded down, and what is
        left goes one by one to the parts that lost most (of equal losses, the first).

    Notes
    -----
    In whole numbers throughout, so that no rounding of floats decides who gets the last fen.

    Examples
    --------
    >>> split_whole(np.array([0, 0, 0, 2]), np.array([0.25, 0.25, 0.5, 1.0]), np.array([6, 9, 7])).tolist()
    [2, 1, 3, 7]
    """
    parts = total[group]
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]][: len(group)])
    ends = np.r_[starts[1:], len(group)]
    for start, end in zip(starts[ends - starts > 1].tolist(), ends[ends - starts > 1].tolist(), strict=True):
        amount = int(parts[start])
        wanted = [amount * round(s * _GRID) for s in share[start:end].tolist()]
        floors = [w // _GRID for w in wanted]
        by_loss = sorted(range(end - start), key=lambda at: (floors[at] * _GRID - wanted[at], at))
        for at in by_loss[: amount - sum(floors)]:
            floors[at] += 1
        parts[start:end] = floors
    return parts
