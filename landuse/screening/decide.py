"""Decide: which clause settles the verdict of each row, in the order of the clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landuse.policy.model import Clause
from landuse.screening.compare import HOLDS, UNKNOWN, Bools, Truth

__all__ = ["NO_CLAUSE", "Decision", "decide"]

NO_CLAUSE = -1


@dataclass(frozen=True)
class Decision:
    """The verdict of every row and what it rests on.

    Parameters
    ----------
    verdict : ndarray of object, shape (rows,)
        The verdicts.
    clause : ndarray of int, shape (rows,)
        Place of the clause that holds or, for an undecided row, of the first that keeps it so; -1 where none
        holds.
    open : ndarray of bool, shape (rows, clauses)
        The clauses whose being unknown keeps the row undecided.
    """

    verdict: npt.NDArray[np.object_]
    clause: npt.NDArray[np.int64]
    open: Bools


def decide(truth: Truth, scope: Truth, clauses: Sequence[Clause], *, otherwise: str) -> Decision:
    """Walk the clauses in order, for all rows at once.

    Parameters
    ----------
    truth, scope : ndarray of int8, shape (rows, clauses)
        Whether each clause holds, whether it applies: 1, 0, -1 (unknown).
    clauses : sequence of Clause
        The clauses, in the order that decides.
    otherwise : str
        The verdict where none holds.

    Returns
    -------
    Decision

    Notes
    -----
    The first clause that holds decides, unless an earlier one is unknown and has another verdict: then the
    row is undecided. Where none holds, an unknown clause leaves the row undecided. Where none can hold, the
    row is out of scope if no clause applies, undecided if it is unknown whether any does, and gets
    ``otherwise`` if one does.
    """
    rows, count = truth.shape
    verdict = np.full(rows, "undecided", dtype=object)
    clause = np.full(rows, NO_CLAUSE, dtype=np.int64)
    blocking = np.zeros((rows, count), dtype=np.bool_)
    unknown = truth == UNKNOWN
    walking = np.ones(rows, dtype=np.bool_)
    for place, here in enumerate(clauses):
        holds = walking & (truth[:, place] == HOLDS)
        rival = np.array([c.verdict != here.verdict for c in clauses[:place]] + [False] * (count - place))
        contested = holds & (unknown & rival).any(axis=1)
        blocking[contested] = unknown[contested] & rival
        won = holds & ~contested
        verdict[won], clause[won] = here.verdict, place
        walking &= ~holds
    doubtful = walking & unknown.any(axis=1)
    blocking[doubtful] = unknown[doubtful]
    settled = walking & ~doubtful
    applies, may_apply = (scope == HOLDS).any(axis=1), (scope == UNKNOWN).any(axis=1)
    verdict[settled & applies] = otherwise
    verdict[settled & ~applies & ~may_apply] = "out_of_scope"
    unsure = settled & ~applies & may_apply
    blocking[unsure] = scope[unsure] == UNKNOWN
    undecided = blocking.any(axis=1)
    clause[undecided] = blocking[undecided].argmax(axis=1)
    return Decision(verdict, clause, blocking)
