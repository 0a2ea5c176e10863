"""Reasons: why a verdict is what it is, in words, and which facts would have to be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from landuse.labels import label, say
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools
from landuse.screening.decide import NO_CLAUSE, Decision
from landuse.screening.evaluate import Compared, WeighedClause, comparisons, decisive
from landuse.screening.sheet import Sheet
from landuse.screening.texts import TEXT, Kinds, Pieces, put_together, text_column
from landuse.screening.wording import Phrases, phrases

__all__ = ["missing_facts", "reasons"]

Words = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
NOWHERE = -1
BODY = "\0"
BLOCK = 1 << 17
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
    cites = [w.clause.cite for w in weighed]
    every = label("reasons", "and").join(dict.fromkeys(cites))
    shown = list(_said_once(list(_shown(decision, weighed))))
    blocks = []
    for start in range(0, sheet.rows, BLOCK):
        here = slice(start, start + BLOCK)
        kinds = Kinds(len(decision.code[here]))
        kinds.split(decision.code[here], decision.verdicts)
        kinds.split(decision.clause[here], [*cites, None])
        said = []
        for compared, rows in shown:
            where = np.flatnonzero(rows[here]).astype(np.int64, copy=False)
            if len(where) == 0:
                continue
            said.append(phrases(compared, sheet, where + start))
            frame = np.full(len(rows[here]), NOWHERE, dtype=np.int32)
            frame[where] = said[-1].frame
            kinds.split(frame, [*said[-1].frames, None])
        of_row, traits = kinds.sorted()
        recipes = [_recipe(verdict, cite, frames, every) for verdict, cite, *frames in traits]
        figure = partial(_figure, said, start)
        blocks.append(put_together(of_row, recipes, figure))
    return text_column(pa.chunked_array(blocks, TEXT))


def _figure(said: list[Phrases], start: int, key: tuple[int, int], rows: Ints) -> Pieces:
    phrase, end = key
    return said[phrase].figure(end, rows + start)


def _recipe(verdict: str, cite: str | None, frames: Sequence[Any], every: str) -> list[Any]:
    """Return the words of a reason, and the figures between them by phrase and end."""
    settled = "none_held" if cite is None else "holds"
    kind = verdict if verdict in ("undecided", "out_of_scope") else settled
    before, _, after = say("reasons", kind, body=BODY, cite=every if cite is None else cite).partition(BODY)
    recipe: list[Any] = []
    said: set[str] = set()
    text, following = before, ""
    for at, frame in enumerate(frames):
        if frame is None:
            continue
        text += following + _not_again(frame[0], said)
        following = label("reasons", "next")
        for end, words in enumerate(frame[1:]):
            recipe += [text, (at, end)]
            text = words
    return [*recipe, text + after]


def _not_again(words: str, said: set[str]) -> str:
    """Leave out what goes before a comparison and has been said already: that a class is not known."""
    *before, last = words.split(label("reasons", "next"))
    left = [w for w in before if w not in said]
    said.update(before, [last])
    return label("reasons", "next").join([*left, last])


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
    of_row, traits = kinds.sorted()
    shared = np.empty(len(traits) + 1, dtype=object)
    shared[:] = [*([f for f in facts if f is not None] for facts in traits), []]
    every = np.full(sheet.rows, len(traits), dtype=np.int64)
    every[where] = of_row
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
