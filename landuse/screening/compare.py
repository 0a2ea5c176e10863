"""Compare intervals with limits, exactly: money in fen, ratios by cross-multiplication."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from landuse.units import FEN_PER_WAN, fen

__all__ = ["BLOCK", "HOLDS", "NOT", "UNKNOWN", "Bar", "Interval", "Stand", "near", "round_figures", "stand"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Truth = npt.NDArray[np.int8]
Rows: TypeAlias = slice | npt.NDArray[np.int64]

Bar: TypeAlias = Fraction | tuple[Floats, Floats]
"""What a figure stands against: a number, or low and high of another figure row by row."""

Edge: TypeAlias = float | Floats
HOLDS, NOT, UNKNOWN = 1, 0, -1
ONE = Fraction(1)
BLOCK = 1 << 15
"""Rows held against a limit at a time: few enough to stay in the cache."""
SAME = 1e-13
"""Two sides this close, relatively, are equal: a thousandth of a fen in ten billion yuan."""


@dataclass(frozen=True)
class Interval:
    """A figure between ``low / over_high`` and ``high / over_low``; not divided where ``over`` is None.

    Comparing it with a limit needs no division: ``low`` stands against ``limit * over_high``, ``high``
    against ``limit * over_low``, the limit multiplied by ``each`` first. ``unknown`` says where nothing is
    known: no value, or nothing to divide by. Where ``money`` is set the figures count to whole fen; the limit
    is what the policy says, be it part of a fen. Two ends that are the same everywhere may be one array.
    """

    low: Floats
    high: Floats
    unknown: Bools
    over: tuple[Floats, Floats] | None = None
    each: Fraction = ONE
    money: bool = False

    @classmethod
    def plain(cls, low: Floats, high: Floats, *, money: bool) -> Interval:
        """Return an undivided figure [unit of the fact]."""
        return cls(low, high, np.isnan(low) | np.isnan(high), money=money)

    def take(self, rows: Rows) -> Interval:
        """Return the figures of some rows."""
        low, high = _cut((self.low, self.high), rows)
        return Interval(low, high, self.unknown[rows], _cut(self.over, rows), self.each, self.money)

    def in_fen(self) -> tuple[Floats, Floats]:
        """Return low and high, in whole fen where the figure is money."""
        if not self.money:
            return self.low, self.high
        low = fen(self.low)
        return low, (low if self.low is self.high else fen(self.high))

    def rounded(self, digits: int, mode: str, factor: float) -> Interval:
        """Return the figures as a clause rounds them, divided out.

        Parameters
        ----------
        digits : int
            Decimals kept.
        mode : {"half_up", "down", "up"}
            What becomes of the rest: dropped, carried, or carried from a half on; a figure below 0 likewise,
            so that what is dropped brings it nearer to 0.
        factor : float
            What a figure in the unit of the clause is multiplied by to be in the unit of the fact.
        """
        ends = self.in_fen()
        if self.over is not None:
            each = float(self.each)
            with np.errstate(invalid="ignore", divide="ignore"):
                ends = (self.low / (self.over[1] * each), self.high / (self.over[0] * each))
        if self.money:
            ends = (ends[0] / FEN_PER_WAN, ends[1] / FEN_PER_WAN)
        low, high = (round_figures(end / factor, digits, mode) * factor for end in ends)
        lost = self.unknown
        return Interval.plain(np.where(lost, np.nan, low), np.where(lost, np.nan, high), money=self.money)


def round_figures(figures: Floats, digits: int, mode: str) -> Floats:
    """Round to decimals; a figure that float64 holds a hair off a step, or off a half, counts as on it.

    Examples
    --------
    >>> round_figures(np.array([2.5, -2.5, 2.4, np.inf]), 0, "half_up").tolist()
    [3.0, -3.0, 2.0, inf]
    """
    size, step = np.abs(figures), 10.0**digits
    steps = size * step
    whole = np.floor(steps)
    with np.errstate(invalid="ignore"):
        rest = steps - whole
    least = {"half_up": 0.5, "down": 1.0, "up": 0.0}[mode]
    with np.errstate(invalid="ignore"):
        slack = SAME * np.maximum(steps, 1.0)
        carried = rest > slack if mode == "up" else rest >= least - slack
    rounded = np.where(np.isfinite(steps), whole + carried, steps) / step
    return np.asarray(np.copysign(rounded, figures), dtype=np.float64)


def near(a: npt.ArrayLike, b: npt.ArrayLike) -> Bools:
    """Say whether two figures are equal up to the rounding of float64."""
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(x) & np.isfinite(y)
        close = np.abs(x - y) <= SAME * np.maximum(np.abs(x), np.abs(y))
        return np.asarray((x == y) | (finite & close), dtype=np.bool_)


@dataclass(frozen=True)
class Stand:
    """How figures stand to a limit.

    Parameters
    ----------
    truth : ndarray of int8
        Whether all of the interval satisfies the comparison (1), none of it does (0), or neither (-1).
    touched : ndarray of bool
        Whether the limit is the value or lies between its low and high.
    """

    truth: Truth
    touched: Bools


def stand(op: str, value: Interval, bar: Bar) -> Stand:
    """Hold figures against a limit.

    Parameters
    ----------
    op : str
        One of ``<  <=  >  >=  ==  !=``.
    value : Interval
        The figures.
    bar : Fraction, or (low, high)
        The limit [unit of the fact]; NaN where it is unknown.

    Returns
    -------
    Stand

    Examples
    --------
    >>> low, high = np.array([4999.99, 5000.0, 4000.0]), np.array([4999.99, 5000.0, 6000.0])
    >>> told = stand("<", Interval.plain(low, high, money=True), Fraction(5000))
    >>> told.truth.tolist(), told.touched.tolist()
    ([1, 0, -1], [False, True, True])
    """
    rows = len(value.low)
    truth, touched = np.empty(rows, dtype=np.int8), np.empty(rows, dtype=np.bool_)
    each = value.each * (FEN_PER_WAN if value.money else 1)
    number = math.nan if isinstance(bar, tuple) else float(bar * each)
    for start in range(0, rows, BLOCK):
        here = slice(start, start + BLOCK)
        ends = _times(_cut(bar, here), float(each)) if isinstance(bar, tuple) else (number, number)
        truth[here], touched[here] = _stand(op, value.take(here), ends)
    return Stand(truth, touched)


def _times(pair: tuple[Floats, Floats], each: float) -> tuple[Floats, Floats]:
    if each == 1:
        return pair
    first = pair[0] * each
    return first, (first if pair[0] is pair[1] else pair[1] * each)


def _stand(op: str, value: Interval, bar: tuple[Edge, Edge]) -> tuple[Truth, Bools]:
    """Tell one block of rows; comparisons with NaN are False, so that what is unknown is neither."""
    low, high = value.in_fen()
    with np.errstate(invalid="ignore"):
        (least, least_up), (most_down, most) = _edges(value, bar)
        below, above = high < least, low > most
        if op in ("<", ">="):
            yes, no = below, low >= most_down
        elif op in ("<=", ">"):
            yes, no = high <= least_up, above
        else:
            yes, no = (high <= least_up) & (low >= most_down), below | above
        yes = yes & ~no  # nothing over land that may be nothing seems to be at most a limit below 0
    if op in (">=", ">", "!="):
        yes, no = no, yes
    truth = 2 * yes.view(np.int8) + no.view(np.int8) - np.int8(1)
    truth[value.unknown] = UNKNOWN
    clear = below | above | value.unknown
    if not isinstance(bar[0], float):
        lost = np.isnan(bar[0]) | np.isnan(bar[1])
        truth[lost] = UNKNOWN
        clear |= lost
    return truth, ~clear


def _edges(value: Interval, bar: tuple[Edge, Edge]) -> tuple[tuple[Edge, Edge], tuple[Edge, Edge]]:
    """Return the limit times the denominator: what ``high`` is held against, then ``low``.

    Each a hair less and a hair more (``SAME``): what lies between the two is equal to it.
    """
    over = value.over or (None, None)
    least = _hairs(bar[0], over[0])
    if bar[0] is bar[1] and over[0] is over[1]:
        return least, least
    return least, _hairs(bar[1], over[1])


def _hairs(bar: Edge, over: Floats | None) -> tuple[Edge, Edge]:
    """Return a limit times a denominator, a hair less and a hair more; nothing times anything is nothing."""
    hair = np.copysign(SAME, bar)
    down, up = bar * (1.0 - hair), bar * (1.0 + hair)
    if over is None or (isinstance(bar, float) and bar == 0.0):
        return down, up
    down, up = down * over, up * over
    if not isinstance(bar, float) and not np.all(bar):
        down[bar == 0.0] = up[bar == 0.0] = 0.0
    return down, up


def _cut(pair: tuple[Floats, Floats] | None, rows: Rows) -> Any:
    """Return some rows of two arrays, one array where they are the same."""
    if pair is None:
        return None
    first = pair[0][rows]
    return first, (first if pair[0] is pair[1] else pair[1][rows])
