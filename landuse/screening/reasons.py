"""Reasons: why a verdict is what it is, in words, and which facts would have to be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from landuse.labels import label, say
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools
from landuse.screening.decide import NO_CLAUSE, Decision
from landuse.screening.evaluate import Compared, WeighedClause, comparisons, decisive
from landuse.screening.sheet import Sheet
from landuse.screening.texts import TEXT, Kinds, Pieces, joined, spread, text_column
from landuse.screening.wording import phrases

__all__ = ["missing_facts", "reasons"]

Words = npt.NDArray[Any]
NOWHERE = -1
BODY = "\0"
BLOCK = 1 << 16
"""Rows put together at a time."""


def reasons(decision: Decision, weighed: Sequence[WeighedClause], sheet: Sheet) -> Any:
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
    text column, shape (rows,)
        Chinese sentences.

    Notes
    -----
    Rows of which the same is said but for figures are one kind: the words are put together once a kind, the
    figures set between them row by row.
    """
    kinds = Kinds(sheet.rows)
    kinds.split(decision.code, [(v == "undecided", v == "out_of_scope") for v in decision.verdicts])
    cites = [w.clause.cite for w in weighed]
    kinds.split(decision.clause, [*cites, None])
    figures: list[Pieces] = []
    for compared, rows in _said_once(list(_shown(decision, weighed))):
        where = np.flatnonzero(rows).astype(np.int64, copy=False)
        if len(where) == 0:
            continue
        said = phrases(compared, sheet, where)
        frame = np.full(sheet.rows, NOWHERE, dtype=np.int64)
        frame[where] = said.frame
        kinds.split(frame, [*said.frames, None])
        figures.append([spread(piece, where, sheet.rows) for piece in said.figures])
    every = label("reasons", "and").join(dict.fromkeys(cites))
    words = [_words(traits, every, [bool(f) for f in figures]) for traits in kinds.traits]
    return text_column(_filled(kinds.of_row, words, [f for f in figures if f]))


def _words(traits: tuple[Any, ...], every: str, has_figure: list[bool]) -> list[str]:
    """Return the words of a reason: those before each figure, and those behind the last."""
    (undecided, outside), cite, *frames = traits
    settled = "none_held" if cite is None else "holds"
    kind = "undecided" if undecided else "out_of_scope" if outside else settled
    before, _, after = say("reasons", kind, body=BODY, cite=every if cite is None else cite).partition(BODY)
    words, text, follows = [], before, False
    for frame, figure in zip(frames, has_figure, strict=True):
        if frame is not None:
            text += (label("reasons", "next") if follows else "") + frame[0]
            follows = True
        if figure:
            words.append(text)
            text = ""
        if frame is not None:
            text += frame[1]
    return [*words, text + after]


def _filled(kind: npt.NDArray[np.int64], words: list[list[str]], figures: list[Pieces]) -> Any:
    """Set the figures between the words of each row's kind."""
    columns = [pa.array(column, TEXT) for column in zip(*words, strict=True)]
    blocks = []
    for start in range(0, len(kind), BLOCK):
        here = kind[start : start + BLOCK]
        pieces = [columns[0].take(here)]
        for figure, column in zip(figures, columns[1:], strict=True):
            pieces += [piece.slice(start, BLOCK) for piece in figure]
            pieces.append(column.take(here))
        blocks.append(joined(pieces, len(here)))
    return pa.chunked_array(blocks, TEXT)


def missing_facts(decision: Decision, weighed: Sequence[WeighedClause], sheet: Sheet) -> Words:
    """List the facts that would have to be known for each row; none for a decided one.

    Rows that lack the same facts share one list.
    """
    wanted: dict[str, Bools] = {}
    for compared, rows in _open(decision, weighed):
        for fact, lost in compared.wanted.items():
            _want(wanted, fact, rows & lost)
    where = np.flatnonzero(decision.undecided)
    kinds = Kinds(len(where))
    for fact, rows in wanted.items():
        kinds.split(rows[where], [None, fact])
    shared = np.empty(len(kinds.traits) + 1, dtype=object)
    shared[:] = [*([f for f in facts if f is not None] for facts in kinds.traits), []]
    every = np.full(sheet.rows, len(kinds.traits), dtype=np.int64)
    every[where] = kinds.of_row
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


def _said_once(shown: Sequence[tuple[Compared, Bools]]) -> Iterator[tuple[Compared, Bools]]:
    """Yield the same, but not the rows where all that is said is once more that a fact is not known."""
    often = Counter(compared.leaf.fact for compared, _ in shown)
    said: dict[str, Bools] = {}
    for compared, rows in shown:
        fact = compared.leaf.fact
        if often[fact] > 1:
            again = rows & compared.missing
            for other, lost in compared.wanted.items():
                if other != fact:
                    again &= ~lost
            before = said.get(fact)
            said[fact] = again if before is None else before | again
            rows = rows if before is None else rows & ~(again & before)
        yield compared, rows


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
