"""Compare intervals with limits, exactly: money in fen, ratios by cross-multiplication."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from landuse.units import FEN_PER_WAN, fen

__all__ = ["HOLDS", "NOT", "UNKNOWN", "Bar", "Interval", "near", "round_figures", "tell", "touches"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Truth = npt.NDArray[np.int8]

Bar: TypeAlias = Fraction | tuple[Floats, Floats]
"""What a figure stands against: a number, or low and high of another figure row by row."""

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

    def sides(self, bar: Bar) -> tuple[Floats, Floats]:
        """Return what ``high`` stays under where it is below the bar, what ``low`` exceeds where above."""
        if isinstance(bar, tuple):
            low, high = (fen(b) for b in bar) if self.money else bar
            return _times(low, self.over_low), _times(high, self.over_high)
        number = float(fen(float(bar))) if self.money else float(bar)
        return _times(number, self.over_low), _times(number, self.over_high)

    def take(self, rows: npt.NDArray[np.int64]) -> Interval:
        """Return the figures of some rows."""
        ends = (self.low[rows], self.high[rows], self.over_low[rows], self.over_high[rows])
        return Interval(*ends, money=self.money)

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
        with np.errstate(invalid="ignore", divide="ignore"):
            ends = (self.low / self.over_high, self.high / self.over_low)
        if self.money:
            ends = (ends[0] / FEN_PER_WAN, ends[1] / FEN_PER_WAN)
        low, high = (round_figures(end / factor, digits, mode) * factor for end in ends)
        lost = self.unknown
        return Interval.plain(np.where(lost, np.nan, low), np.where(lost, np.nan, high), money=self.money)


def _times(bar: float | Floats, over: Floats) -> Floats:
    """Multiply; nothing stays nothing, whatever it is multiplied by."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.asarray(bar) == 0, 0.0, bar * over), dtype=np.float64)


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


def _less(a: Floats, b: Floats) -> Bools:
    return (a < b) & ~near(a, b)


def tell(op: str, value: Interval, bar: Bar) -> Truth:
    """Say whether all of the interval satisfies ``op bar`` (1), none of it does (0), or neither (-1).

    Parameters
    ----------
    op : str
        One of ``<  <=  >  >=  ==  !=``.
    value : Interval
        The figures.
    bar : Fraction, or (low, high)
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
    least, most = value.sides(bar)
    truth = np.full(len(value.low), UNKNOWN, dtype=np.int8)
    if op in ("<", ">="):
        yes, no = _less(value.high, least), ~_less(value.low, most)
    elif op in ("<=", ">"):
        yes, no = ~_less(least, value.high), _less(most, value.low)
    else:
        apart = _less(value.high, least) | _less(most, value.low)
        yes, no = ~_less(least, value.high) & ~_less(value.low, most), apart
    if op in (">=", ">", "!="):
        yes, no = no, yes
    truth[no] = NOT
    truth[yes] = HOLDS
    truth[value.unknown | _lost(bar)] = UNKNOWN
    return truth


def _lost(bar: Bar) -> Bools:
    """Say where the bar itself is unknown."""
    if isinstance(bar, tuple):
        return np.asarray(np.isnan(bar[0]) | np.isnan(bar[1]), dtype=np.bool_)
    return np.zeros(1, dtype=np.bool_)


def touches(value: Interval, bar: Bar) -> Bools:
    """Say whether the limit is the value or lies between its low and high."""
    least, most = value.sides(bar)
    clear = _less(value.high, least) | _less(most, value.low)
    return ~clear & ~value.unknown & ~_lost(bar)
