"""The packing core: which of many yes/no choices to take, exactly, one aim after another, with HiGHS.

All figures are whole numbers. HiGHS reckons in floating point with tolerances, and figures with many digits
would let it confuse plans that differ by one unit. Long figures are therefore cut into short digits with a
carry between them, which changes nothing in whole numbers and keeps every figure far above the tolerances.
What comes back is added up again in plain integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import highspy
import numpy as np
from highspy._core import _Highs

from landuse.errors import SolverError

__all__ = ["LARGEST", "Packing", "Row", "Solution", "maximise"]

BASE = 1 << 10
"""A digit of a figure that is too long is one of 0 … BASE - 1."""
LONG_ROW, LONG_AIM = 1 << 16, 1 << 24
"""A limit whose use, or an aim whose worth, can exceed this is cut into digits (found by trial against
complete enumeration of plans that differ by single units: limits fail long before aims do)."""
LARGEST = 10**15
"""Figures beyond this are refused: a float64 soon no longer holds every whole number."""
BUG = "report this as a bug, with the plan"


@dataclass(frozen=True)
class Row:
    """A limit: the sum of ``coefs[i]`` over the choices taken is at most ``most``."""

    coefs: Mapping[int, int]
    most: int

    def used(self, taken: Sequence[int]) -> int:
        """Return how much of it the choices take."""
        return sum(c * taken[i] for i, c in self.coefs.items())


@dataclass(frozen=True)
class Packing:
    """A number of yes/no choices and the limits on them."""

    choices: int
    rows: tuple[Row, ...]

    def more(self, *rows: Row) -> Packing:
        """Return the same choices under further limits."""
        return Packing(self.choices, self.rows + rows)


@dataclass(frozen=True)
class Solution:
    """The choices taken (1 or 0 each) and what they are worth, aim by aim."""

    taken: tuple[int, ...]
    values: tuple[int, ...]


def maximise(packing: Packing, aims: Sequence[Sequence[int]]) -> Solution | None:
    """Return the choices that are best by the first aim, among those best by the second, and so on.

    Parameters
    ----------
    packing : Packing
        The choices and their limits, in whole numbers.
    aims : sequence of sequences of int
        The worth of each choice: one or more aims of ``packing.choices`` figures each.

    Returns
    -------
    Solution or None
        None where the limits leave no plan at all.

    Raises
    ------
    SolverError
        Where figures are too large, HiGHS does not prove an optimum, or its answer breaks a limit.

    Examples
    --------
    Two of three fit; the pair worth most is taken.

    >>> best = maximise(Packing(3, (Row({0: 2, 1: 2, 2: 3}, 5),)), [[5, 3, 4]])
    >>> best.taken, best.values
    ((1, 0, 1), (9,))
    """
    _refuse_large(packing, aims)
    if packing.choices == 0:
        return Solution((), (0,) * len(aims)) if all(r.most >= 0 for r in packing.rows) else None
    model = _Model(packing.choices)
    for row in packing.rows:
        if not model.add_limit(row.coefs, row.most):
            return None
    taken: tuple[int, ...] | None = None
    for aim in aims:
        worth = {i: v for i, v in enumerate(aim) if v}
        if taken is not None and not worth:
            continue
        for digit in model.add_aim(worth):
            again = model.run(digit)
            if again is None and taken is not None:
                raise SolverError("the optimiser lost the plan that it had found", remedy=BUG)
            if again is None:
                return None
            taken = again
    return _checked(packing, aims, taken or (0,) * packing.choices)


def _refuse_large(packing: Packing, aims: Sequence[Sequence[int]]) -> None:
    figures: list[list[int]] = [[*row.coefs.values(), row.most] for row in packing.rows]
    for group in [*figures, *(list(aim) for aim in aims)]:
        if sum(abs(v) for v in group) // (gcd(*group) or 1) > LARGEST:
            raise SolverError(
                f"a limit or aim of the plan adds up to more than {LARGEST:.0e} of its smallest units and "
                "cannot be reckoned exactly",
                remedy="look for an amount or area read in a wrong unit, or round amounts and weights",
            )


def _checked(packing: Packing, aims: Sequence[Sequence[int]], taken: tuple[int, ...]) -> Solution:
    for row in packing.rows:
        if row.used(taken) > row.most:
            raise SolverError(f"the optimiser's plan breaks a limit of {row.most} units", remedy=BUG)
    return Solution(taken, tuple(sum(v * t for v, t in zip(aim, taken, strict=True)) for aim in aims))


class _Model:
    """The choices and limits as HiGHS holds them, all in short figures."""

    def __init__(self, choices: int) -> None:
        self.choices = choices
        self.highs: Any = _Highs()  # its child class highspy.Highs prints a banner when it is made
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
        }.items():
            _sure(self.highs.setOptionValue(option, value))
        _sure(self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize))
        self.most: list[int] = []
        for _ in range(choices):
            self._column(1)

    def add_limit(self, coefs: Mapping[int, int], most: int) -> bool:
        """Add ``sum coefs x <= most``, in digits where it is long; say whether anything can keep to it."""
        if sum(c * self.most[i] for i, c in coefs.items() if c > 0) <= most:
            return True
        if sum(c * self.most[i] for i, c in coefs.items() if c < 0) > most:
            return False
        shared = gcd(*coefs.values())
        coefs, most = {i: c // shared for i, c in coefs.items()}, most // shared
        while self._span(coefs) > LONG_ROW:
            low, carry = self._low_digit(coefs)
            self._row({**low, carry: -BASE}, -highspy.kHighsInf, most % BASE)
            coefs = {i: c // BASE for i, c in coefs.items() if c // BASE} | {carry: 1}
            most //= BASE
        self._row(coefs, -highspy.kHighsInf, most)
        return True

    def add_aim(self, worth: Mapping[int, int]) -> list[Mapping[int, int]]:
        """Return the digits of an aim, the greatest first: maximised in turn they maximise the aim."""
        shared = gcd(*worth.values()) or 1
        worth = {i: v // shared for i, v in worth.items()}
        digits: list[Mapping[int, int]] = []
        while self._span(worth) > LONG_AIM:
            low, carry = self._low_digit(worth)
            rest = self._column(BASE - 1)
            self._row({**low, carry: -BASE, rest: -1}, 0, 0)
            digits.append({rest: 1})
            worth = {i: v // BASE for i, v in worth.items() if v // BASE} | {carry: 1}
        return [worth, *reversed(digits)]

    def run(self, digit: Mapping[int, int]) -> tuple[int, ...] | None:
        """Maximise one digit, hold it at its best from now on, and return the choices."""
        costs = np.zeros(len(self.most))
        costs[list(digit)] = list(digit.values())
        _sure(self.highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs))
        _sure(self.highs.run())
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(
                f"the optimiser stopped without a proven optimum ({self.highs.modelStatusToString(status)})",
                remedy="plan fewer projects at once, zone by zone",
            )
        whole = [round(v) for v in self.highs.getSolution().col_value]
        best = sum(v * whole[i] for i, v in digit.items())
        bound = self.highs.getInfo().mip_dual_bound
        if not abs(bound - best) < 0.999:  # figures are whole: nothing better lies within one unit
            raise SolverError(f"the optimiser's plan is worth {best}, but its bound is {bound}", remedy=BUG)
        self.add_limit({i: -v for i, v in digit.items()}, -best)
        return tuple(whole[: self.choices])

    def _low_digit(self, coefs: Mapping[int, int]) -> tuple[dict[int, int], int]:
        low = {i: c % BASE for i, c in coefs.items() if c % BASE}
        return low, self._column(self._span(low) // BASE + 1)

    def _span(self, coefs: Mapping[int, int]) -> int:
        return sum(abs(c) * self.most[i] for i, c in coefs.items())

    def _column(self, most: int) -> int:
        place = len(self.most)
        _sure(self.highs.addVar(0.0, float(most)))
        _sure(self.highs.changeColIntegrality(place, highspy.HighsVarType.kInteger))
        self.most.append(most)
        return place

    def _row(self, coefs: Mapping[int, int], least: float, most: float) -> None:
        places = np.fromiter(coefs, dtype=np.int32, count=len(coefs))
        values = np.fromiter(coefs.values(), dtype=np.float64, count=len(coefs))
        _sure(self.highs.addRow(float(least), float(most), len(coefs), places, values))


def _sure(status: Any) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError("the optimiser refused the model", remedy=BUG)
