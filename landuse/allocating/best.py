"""The best plan, and the best one that grants to another set of projects."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from landuse.allocating.choices import Choice, Means, choices_of, packing_of
from landuse.allocating.model import Row, Solution, maximise
from landuse.allocating.wishes import Wish
from landuse.errors import SolverError

__all__ = ["best_plans"]

Plan = tuple[Choice, ...]


def best_plans(wishes: Sequence[Wish], means: Means, *, stock_first: bool = True) -> tuple[Plan, Plan | None]:
    """Return the best plan and the best that grants to another set of projects (None: there is no other).

    Best is: greatest worth, then (``stock_first``) most land from the reserve, then most projects.

    Notes
    -----
    The second best by worth tells whether any other set of projects is worth as much. Where none is, the set
    stands and only its resources remain to be settled, a far smaller question than all three aims at once.
    """
    task = _Task(wishes, means)
    first = task.solve(task.worth)
    if first is None:
        raise SolverError("the optimiser finds no plan, though granting nothing is one")
    second = task.solve(task.worth, rows=[task.other_than(first)])
    if second is not None and second.values == first.values:
        aims = [task.worth, *([task.stock] if stock_first else []), [1] * len(task.choices)]
        tied = task.solve(*aims)
        if tied is None:
            raise SolverError("the optimiser lost the plans that it had found")
        best: Solution = tied
        rival: Solution | None = first if task.granted(first) != task.granted(tied) else second
    else:
        rival = second
        best = task.settle(first, task.stock) if stock_first else first
    plan = task.plan(best)
    if rival is None:
        return plan, None
    return plan, task.plan(task.settle(rival, *([task.stock] if stock_first else []), task.same_as(best)))


class _Task:
    """All choices by project, the limits on them and the aims, in whole numbers."""

    def __init__(self, wishes: Sequence[Wish], means: Means) -> None:
        self.choices = [choice for wish in wishes for choice in choices_of(wish, means)]
        self.packing = packing_of(self.choices, means)
        whole = lcm(*(c.wish.worth.denominator for c in self.choices))
        self.worth = [int(c.wish.worth * whole) for c in self.choices]
        self.stock = [c.wish.land if c.resource == "stock" else 0 for c in self.choices]

    def solve(self, *aims: Sequence[int], rows: Sequence[Row] = ()) -> Solution | None:
        return maximise(self.packing.more(*rows), aims)

    def plan(self, solution: Solution) -> Plan:
        return tuple(c for c, taken in zip(self.choices, solution.taken, strict=True) if taken)

    def granted(self, solution: Solution) -> set[str]:
        return {c.wish.project for c in self.plan(solution)}

    def same_as(self, solution: Solution) -> Sequence[int]:
        """Return the aim to keep the choices of a plan."""
        return solution.taken

    def other_than(self, solution: Solution) -> Row:
        """Return the limit that every plan keeps to that grants to another set of projects."""
        granted = self.granted(solution)
        signs = {i: 1 if c.wish.project in granted else -1 for i, c in enumerate(self.choices)}
        return Row(signs, len(granted) - 1)

    def settle(self, solution: Solution, *aims: Sequence[int]) -> Solution:
        """Return the best way to serve the projects that a plan grants to, and no others."""
        ways: dict[str, dict[int, int]] = {}
        for i, choice in enumerate(self.choices):
            ways.setdefault(choice.wish.project, {})[i] = 1
        granted = self.granted(solution)
        rows = [
            Row(dict.fromkeys(places, -1), -1) if project in granted else Row(places, 0)
            for project, places in ways.items()
        ]
        settled = self.solve(*aims, rows=rows) if aims else solution
        if settled is None:
            raise SolverError("the optimiser lost the plan that it had found")
        return settled
