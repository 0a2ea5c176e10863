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
    verdicts : tuple of str
        The verdicts there can be.
    code : ndarray of int16, shape (rows,)
        Place of each row's verdict among them.
    clause : ndarray of int16, shape (rows,)
        Place of the clause that holds or, for an undecided row, of the first that keeps it so; -1 where none
        holds.
    open : tuple of ndarray of bool
        By clause, the rows that it keeps undecided by being unknown.
    undecided : ndarray of bool, shape (rows,)
        The rows that any clause keeps undecided.
    """

    verdicts: tuple[str, ...]
    code: npt.NDArray[np.int16]
    clause: npt.NDArray[np.int16]
    open: tuple[Bools, ...]
    undecided: Bools


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
    names = tuple(dict.fromkeys(["undecided", "out_of_scope", otherwise, *(c.verdict for c in clauses)]))
    rows = len(truth)
    code, clause = np.zeros(rows, dtype=np.int16), np.full(rows, NO_CLAUSE, dtype=np.int16)
    unknown = [truth[:, place] == UNKNOWN for place in range(len(clauses))]
    blocking = [np.zeros(rows, dtype=np.bool_) for _ in clauses]
    walking = np.ones(rows, dtype=np.bool_)
    for place, here in enumerate(clauses):
        won = walking & (truth[:, place] == HOLDS)
        walking &= ~won
        rivals = [at for at in range(place) if clauses[at].verdict != here.verdict]
        contested = won & _any([unknown[at] for at in rivals], rows)
        if contested.any():
            won &= ~contested
            for at in rivals:
                blocking[at] |= contested & unknown[at]
        np.copyto(code, names.index(here.verdict), where=won)
        np.copyto(clause, place, where=won)
    doubtful = walking & _any(unknown, rows)
    settled = walking & ~doubtful
    scopes = [scope[:, place] for place in range(len(clauses))]
    applies, may_apply = _any([s == HOLDS for s in scopes], rows), _any([s == UNKNOWN for s in scopes], rows)
    np.copyto(code, names.index(otherwise), where=settled & applies)
    np.copyto(code, names.index("out_of_scope"), where=settled & ~applies & ~may_apply)
    unsure = settled & ~applies & may_apply
    for place in reversed(range(len(clauses))):
        blocking[place] |= (doubtful & unknown[place]) | (unsure & (scopes[place] == UNKNOWN))
        np.copyto(clause, place, where=blocking[place])
    return Decision(names, code, clause, tuple(blocking), _any(blocking, rows))


def _any(flags: Sequence[Bools], rows: int) -> Bools:
    """Say where any of the flags is set."""
    result = np.zeros(rows, dtype=np.bool_)
    for flag in flags:
        result |= flag
    return result
