"""Compare intervals with limits, exactly: money in fen, ratios by cross-multiplication."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from landuse.units import fen

__all__ = ["HOLDS", "NOT", "UNKNOWN", "Interval", "near", "tell", "touches"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Truth = npt.NDArray[np.int8]

HOLDS, NOT, UNKNOWN = 1, 0, -1
SAME = 1e-13
"""Two sides this close, relatively, are equal: a thousandth of a fen in ten billion yuan."""


@dataclass(frozen=True)
class Interval:
    """A figure between ``low / over_high`` and ``high / over_low``; not divided where ``over`` is 1.

    Comparing it with a limit needs no division: ``low`` stands against ``limit * over_high``, ``high``
    against ``limit * over_low``. NaN in any of the four makes the figure unknown. Where ``money`` is set,
    ``low`` and ``high`` are whole fen and so is the limit.
    """

    low: Floats
    high: Floats
    over_low: Floats
    over_high: Floats
    money: bool = False

    @classmethod
    def plain(cls, low: Floats, high: Floats, *, money: bool) -> Interval:
        """Return an undivided figure [unit of the fact, or fen]."""
        one = np.ones(len(low))
        return cls(fen(low), fen(high), one, one, money) if money else cls(low, high, one, one)

    @property
    def unknown(self) -> Bools:
        """Whether nothing is known: no value, or nothing to divide by."""
        lost = np.isnan(self.low) | np.isnan(self.high) | np.isnan(self.over_low) | np.isnan(self.over_high)
        return lost | (self.over_high <= 0)

    def sides(self, limit: Fraction) -> tuple[Floats, Floats]:
        """Return what ``low`` and what ``high`` stand against."""
        bar = float(fen(float(limit))) if self.money else float(limit)
        if bar == 0:
            zero = np.zeros(len(self.low))
            return zero, zero
        return bar * self.over_high, bar * self.over_low


def near(a: npt.ArrayLike, b: npt.ArrayLike) -> Bools:
    """Say whether two figures are equal up to the rounding of float64."""
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(x) & np.isfinite(y)
        close = np.abs(x - y) <= SAME * np.maximum(np.abs(x), np.abs(y))
        return np.asarray((x == y) | (finite & close), dtype=np.bool_)


def _less(a: Floats, b: Floats) -> Bools:
    return (a < b) & ~near(a, b)


def tell(op: str, value: Interval, limit: Fraction) -> Truth:
    """Say whether all of the interval satisfies ``op limit`` (1), none of it does (0), or neither (-1).

    Parameters
    ----------
    op : str
        One of ``<  <=  >  >=  ==  !=``.
    value : Interval
        The figures.
    limit : Fraction
        The limit [unit of the fact].

    Returns
    -------
    ndarray of int8

    Examples
    --------
    >>> low, high = np.array([4999.99, 5000.0, 4000.0]), np.array([4999.99, 5000.0, 6000.0])
    >>> tell("<", Interval.plain(low, high, money=True), Fraction(5000)).tolist()
    [1, 0, -1]
    """
    at_low, at_high = value.sides(limit)
    below, above = _less(value.high, at_high), _less(at_low, value.low)
    not_above = below | near(value.high, at_high)
    not_below = above | near(value.low, at_low)
    pinned = not_above & not_below
    yes, no = {
        "<": (below, not_below),
        "<=": (not_above, above),
        ">": (above, not_above),
        ">=": (not_below, below),
        "==": (pinned, below | above),
        "!=": (below | above, pinned),
    }[op]
    truth = np.where(yes, HOLDS, np.where(no, NOT, UNKNOWN))
    return np.where(value.unknown, UNKNOWN, truth).astype(np.int8)


def touches(value: Interval, limit: Fraction) -> Bools:
    """Say whether the limit is the value or lies between its low and high."""
    at_low, at_high = value.sides(limit)
    clear = _less(value.high, at_high) | _less(at_low, value.low)
    return ~clear & ~value.unknown
