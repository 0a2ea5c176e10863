"""Halves and cuts over uncertain figures: which classes each firm of a group can have.

All bounds hold whatever the unknown figures turn out to be, and however ties are broken; a firm for which
nothing but one class is left has it for certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from landuse.scoring.intervals import Flags, Interval, Ints

__all__ = ["Ladder", "Possible", "places_rounded", "possible_classes"]


def places_rounded(share: Fraction, firms: int, mode: str) -> int:
    """Return a share of so many firms in whole firms.

    Examples
    --------
    >>> [places_rounded(Fraction(1, 10), 25, mode) for mode in ("half_up", "half_even", "up", "down")]
    [3, 2, 3, 2]
    """
    exact = share * firms
    below = exact.numerator // exact.denominator
    rest = exact - below
    if mode == "up":
        return below + (rest > 0)
    if mode == "down":
        return below
    half = Fraction(1, 2)
    if mode == "half_even" and rest == half:
        return below + below % 2
    return below + (rest >= half)


@dataclass(frozen=True)
class Ladder:
    """A group of firms: what tells halves apart, what A and C are taken by (both the greater the sooner)."""

    halves: Interval
    first: Interval
    last: Interval
    half: int
    first_places: int
    last_places: int


@dataclass(frozen=True)
class Possible:
    """Which classes each firm can have."""

    a: Flags
    b: Flags
    c: Flags


def possible_classes(group: Ladder) -> Possible:
    """Return the classes that each firm of a group can have.

    Notes
    -----
    A firm is in the top half for certain where, even with every tie against it, fewer firms than the half has
    places may stand above it. Of those that may be in it, as many as there are places left are. A is taken
    from the top half, C from the rest; a firm is B where it can be neither, and may be B unless it is A or C
    for certain.
    """
    count = len(group.halves.low)
    above_perhaps, above_surely = _rivals(group.halves, np.ones(count, dtype=bool))
    top, out = above_perhaps < group.half, above_surely >= group.half
    perhaps = ~top & ~out
    a_may, a_must = _cut(group.first, top, perhaps, group.half, group.first_places)
    c_may, c_must = _cut(group.last, out, perhaps, count - group.half, group.last_places)
    return Possible(a_may, ~a_must & ~c_must, c_may)


def _cut(key: Interval, inside: Flags, perhaps: Flags, places: int, wanted: int) -> tuple[Flags, Flags]:
    """Return who may be and who must be among the first of a half.

    ``inside`` are in the half for certain, of ``perhaps`` as many as it has places left.
    """
    left = places - int(inside.sum())
    near_sure, far_sure = _rivals(key, inside)
    near_open, far_open = _rivals(key, perhaps)
    most = near_sure + np.minimum(near_open, left)
    others = int(perhaps.sum()) - perhaps
    spare = np.where(perhaps, left - 1, left)
    least = far_sure + np.maximum(spare - (others - far_open), 0)
    return (inside | perhaps) & (least < wanted), inside & (most < wanted)


def _rivals(key: Interval, among: Flags) -> tuple[Ints, Ints]:
    """Count for each row the others of some rows that may stand level or above, and those that must above."""
    lows, highs = np.sort(key.low[among]), np.sort(key.high[among])
    level = len(highs) - np.searchsorted(highs, key.low, side="left") - among
    above = len(lows) - np.searchsorted(lows, key.high, side="right")
    return level.astype(np.int64), above.astype(np.int64)
