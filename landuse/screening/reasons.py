"""Reasons: why a verdict is what it is, in words, and which facts would have to be known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.labels import label, say
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools
from landuse.screening.decide import NO_CLAUSE, Decision
from landuse.screening.evaluate import Compared, WeighedClause, comparisons, decisive
from landuse.screening.sheet import Sheet
from landuse.screening.wording import phrases

__all__ = ["missing_facts", "reasons"]

Words = npt.NDArray[Any]


def reasons(decision: Decision, weighed: Sequence[WeighedClause], sheet: Sheet) -> Words:
    """Say why each row has its verdict: the values, the limits and the clause.

    Parameters
    ----------
    decision : Decision
        The verdicts.
    weighed : sequence of WeighedClause
        The clauses, in order.
    sheet : Sheet
        The facts.

    Returns
    -------
    ndarray of object, shape (rows,)
        Chinese sentences.
    """
    text = np.full(sheet.rows, "", dtype=object)
    for compared, rows in _shown(decision, weighed):
        where = np.flatnonzero(rows)
        if len(where) == 0:
            continue
        piece = phrases(compared, sheet, where)
        follows = text[where] != ""
        piece[follows] = label("reasons", "next") + piece[follows]
        text[where] = text[where] + piece
    cites = [w.clause.cite for w in weighed]
    every = label("reasons", "and").join(dict.fromkeys(cites))
    undecided, outside = decision.is_("undecided"), decision.is_("out_of_scope")
    for place in np.unique(decision.clause).tolist():
        here = decision.clause == place
        cite = every if place == NO_CLAUSE else cites[place]
        settled = "none_held" if place == NO_CLAUSE else "holds"
        kinds = {"undecided": undecided, "out_of_scope": outside, settled: ~undecided & ~outside}
        for kind, rows in kinds.items():
            before, _, after = say("reasons", kind, body="\0", cite=cite).partition("\0")
            text[here & rows] = before + text[here & rows] + after
    return text


def missing_facts(decision: Decision, weighed: Sequence[WeighedClause], sheet: Sheet) -> Words:
    """List the facts that would have to be known for each row; none for a decided one.

    Rows that lack the same facts share one list.
    """
    wanted: dict[str, Bools] = {}
    for compared, rows in _open(decision, weighed):
        for fact, lost in compared.wanted.items():
            _want(wanted, fact, rows & lost)
    lists: list[list[str]] = [[]]
    where = np.flatnonzero(decision.undecided)
    which = np.zeros(len(where), dtype=np.int64)
    for fact, rows in wanted.items():
        mixed, kinds = pd.factorize(which * 2 + rows[where])
        lists = [[*lists[kind // 2], *([fact] if kind % 2 else [])] for kind in kinds.tolist()]
        which = mixed.astype(np.int64, copy=False)
    shared = np.empty(len(lists) + 1, dtype=object)
    shared[:] = [*lists, []]
    every = np.full(sheet.rows, len(lists), dtype=np.int64)
    every[where] = which
    return np.asarray(shared[every], dtype=object)


def _want(wanted: dict[str, Bools], fact: str, rows: Bools) -> None:
    if rows.any():
        wanted[fact] = wanted[fact] | rows if fact in wanted else rows


def _open(decision: Decision, weighed: Sequence[WeighedClause]) -> Iterator[tuple[Compared, Bools]]:
    """Yield what is unknown in the clauses that keep rows undecided."""
    for place, w in enumerate(weighed):
        rows = decision.open[place]
        if not rows.any():
            continue
        if w.scope is not None:
            yield from decisive(w.scope, rows & (w.scope.truth == UNKNOWN))
        yield from decisive(w.when, rows & (w.truth == UNKNOWN) & (w.when.truth == UNKNOWN))


def _shown(decision: Decision, weighed: Sequence[WeighedClause]) -> Iterator[tuple[Compared, Bools]]:
    """Yield the comparisons a reason shows, each once, with the rows it is shown for."""
    nowhere = np.zeros(len(decision.code), dtype=np.bool_)
    in_order = (c for w in weighed for c in (*comparisons(w.scope), *comparisons(w.when)))
    shown = {c.leaf: (c, nowhere) for c in in_order}
    for compared, rows in _all_shown(decision, weighed):
        shown[compared.leaf] = (compared, shown[compared.leaf][1] | rows)
    yield from shown.values()


def _all_shown(decision: Decision, weighed: Sequence[WeighedClause]) -> Iterator[tuple[Compared, Bools]]:
    settled = ~decision.undecided
    for place, w in enumerate(weighed):
        yield from decisive(w.when, settled & (decision.clause == place))
    none_held = settled & (decision.clause == NO_CLAUSE)
    for w in weighed:
        outside = none_held & (w.in_scope == NOT)
        if w.scope is not None:
            yield from decisive(w.scope, outside)
        yield from decisive(w.when, none_held & ~outside & (w.when.truth != HOLDS))
    yield from _open(decision, weighed)
