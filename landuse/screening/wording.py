"""Words for facts, limits and comparisons: what reasons and explanations are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from landuse.labels import label, say
from landuse.policy.bars import Bars
from landuse.policy.model import ByClass, ByFact, Leaf
from landuse.policy.vocabulary import fact_label, fact_unit, kind, unit_name
from landuse.policy.wording import (
    bar_text,
    classes_text,
    limit_phrase,
    number_text,
    rounded_phrase,
    value_name,
)
from landuse.screening.classes import NOT_KNOWN, NOT_LISTED
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools
from landuse.screening.evaluate import Compared
from landuse.screening.figures import day_pieces, day_texts, few_figures, figure_pieces, span_texts, spans
from landuse.screening.sheet import INTENSITY_LAND, Sheet
from landuse.screening.texts import TEXT, Kinds, Pieces, put_together

__all__ = ["Phrases", "limit_texts", "phrases", "values"]

Words = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]

FIGURE = "\0"
"""Where a figure belongs in words."""
FEW_TEXTS = 64
"""So many values of a text fact, or fewer, are written into the words."""
OPPOSITE = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
    "in": "not_in",
    "not_in": "in",
    "under": "not_under",
    "not_under": "under",
}


def limit_texts(leaf: Leaf, bars: Bars | None, sheet: Sheet) -> tuple[list[str], str]:
    """Return a limit as the policy has it: the one of each class, and all in one text."""
    match leaf.limit:
        case bool():
            return [], str(leaf.limit).lower()
        case tuple():
            return [], ", ".join(leaf.limit)
        case str():
            return [], leaf.limit
        case ByFact(fact=fact, times=times):
            return [], fact if times == 1 else f"{number_text(times)} {fact}"
    if bars is None:
        return [], ""
    match leaf.limit:
        case Fraction() as number:
            return [text := _with_unit(number_text(number), leaf.unit)], text
        case ByClass(values=values, other=other):
            given = [(n, v) for n, v in values if v is not None]
            given += [("other", other)] if other is not None else []
            keys = [name for name, _ in given]
            own = [_with_unit(number_text(v), leaf.unit) for _, v in given]
        case _:
            keys = [classes_text(k, bars) for k in bars.keys]
            own = [bar_text(v, leaf, sheet.table) for v in bars.values]
    if not bars.by:
        return own, own[0]
    return own, ", ".join(f"{k} {text}" for k, text in zip(keys, own, strict=True))


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit}" if unit else number


def values(compared: Compared, sheet: Sheet, rows: Ints) -> Words:
    """Write the values of a comparison with their unit, in words; a text where the value is missing is ''."""
    fact = compared.leaf.fact
    match kind(sheet.table, fact):
        case "number":
            low, high = sheet.figures(fact)
            unit = fact_unit(sheet.table, fact)
            return span_texts(low[rows], high[rows], unit, compared.limits(rows))
        case "date":
            low, high = sheet.figures(fact)
            return day_texts(low[rows], high[rows])
    codes, found = sheet.classes(fact)
    names = np.array([*(value_name(fact, v) for v in found), ""], dtype=object)
    return np.asarray(names[codes[rows]], dtype=object)


@dataclass(frozen=True)
class Phrases:
    """What is said of a comparison, row by row: words, with figures between them.

    Parameters
    ----------
    rows : ndarray of int
        The rows spoken of.
    frame : ndarray of int, shape (rows,)
        Place of each row's words among ``frames``.
    frames : list of tuple of str
        Words before the first figure (the low end), before the second (the high end), behind them.
    figure : callable
        Given the end (0 or 1) and rows, their figures in pieces.
    """

    rows: Ints
    frame: npt.NDArray[Any]
    frames: list[tuple[str, ...]]
    figure: Callable[[int, Ints], Pieces]

    def texts(self) -> Words:
        """Return the phrases as texts."""
        recipes = [[f[0], *(item for at, w in enumerate(f[1:]) for item in ((at,), w))] for f in self.frames]
        whole = put_together(self.frame, recipes, lambda key, at: self.figure(key[0], self.rows[at]))
        return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=object)


def phrases(compared: Compared, sheet: Sheet, rows: Ints) -> Phrases:
    """Say, for each of the rows, what the fact is and how it stands to the limit.

    Parameters
    ----------
    compared : Compared
        The comparison.
    sheet : Sheet
        The facts.
    rows : ndarray of int
        Positions of the rows to speak of.

    Returns
    -------
    Phrases
        In Chinese.
    """
    leaf = compared.leaf
    kinds = Kinds(len(rows))
    figure = _split_by_value(kinds, compared, sheet, rows)
    if compared.place is None or compared.bars is None:
        kinds.split(np.zeros(len(rows), dtype=np.int32), [0])
    else:
        place, count = compared.place[rows], len(compared.bars.values)
        kinds.split(np.where(place == NOT_LISTED, count, place), [*range(count), NOT_LISTED, NOT_KNOWN])
    kinds.split(compared.truth[rows], [NOT, HOLDS, UNKNOWN])
    kinds.split(_joint(leaf, sheet, rows), ["", label("reasons", "joint")])
    kinds.split(compared.borderline[rows], ["", label("reasons", "borderline")])
    listed = True if compared.place is None else compared.place[rows] != NOT_LISTED
    for other, lost in compared.wanted.items():
        if other != leaf.fact:
            name, following = fact_label(sheet.table, other), label("reasons", "next")
            words = [say("reasons", k, fact=name) + following for k in ("unlisted", "missing")]
            kinds.split(np.where(lost[rows], 1 + np.int8(listed), np.int8(0)), ["", *words])
    of_row, traits = kinds.sorted()
    limits = {p: limit_phrase(leaf, sheet.table, sheet.policy, p) for p in {t[1] for t in traits}}
    frames = []
    for value, place, truth, joint, close, *lacking in traits:
        said = _said(leaf, sheet, value, truth, place, limits[place])
        frames.append(tuple(("".join(reversed(lacking)) + said + joint + close).split(FIGURE)))
    return Phrases(rows, of_row, frames, figure)


def _split_by_value(
    kinds: Kinds, compared: Compared, sheet: Sheet, rows: Ints
) -> Callable[[int, Ints], Pieces]:
    """Tell rows apart by what is said of their value; return how the figures are written.

    A value in words holds a mark where a figure belongs; it is None where the value is not known. Values of
    which few are distinct are words.
    """
    fact = compared.leaf.fact
    sort = kind(sheet.table, fact)
    if sort in ("text", "flag"):
        return _split_by_text(kinds, fact, sheet, rows)
    ends = sheet.figures(fact)
    low = ends[0][rows]
    high = low if ends[0] is ends[1] else ends[1][rows]
    unit, limits = fact_unit(sheet.table, fact), compared.limits(rows)
    one_limit = compared.bars is not None and compared.place is None
    few = few_figures(low) if sort == "number" and one_limit and low is high else None
    if few is not None and limits is not None:
        places, figures = few
        kinds.split(places, [*span_texts(figures, figures, unit, limits[: len(figures)]), None])
        return _no_figure
    between = low != high if sort == "date" else spans(low, high)
    form = np.where(np.isnan(low), 3, np.where(np.isinf(high), 2, between))
    suffix = f" {unit_name(unit)}" if unit else ""
    span = FIGURE + label("reasons", "to") + FIGURE
    more = FIGURE + suffix + label("reasons", "or_more")
    kinds.split(form, [FIGURE + suffix, span + suffix, more, None])
    if sort == "date":
        return lambda end, at: day_pieces(ends[end][at])
    return lambda end, at: figure_pieces(ends[end][at], unit, compared.limits(at))


def _split_by_text(kinds: Kinds, fact: str, sheet: Sheet, rows: Ints) -> Callable[[int, Ints], Pieces]:
    codes, found = sheet.classes(fact)
    names = [*(value_name(fact, v) for v in found), None]
    if len(names) <= FEW_TEXTS:
        kinds.split(codes[rows], names)
        return _no_figure
    kinds.split(codes[rows] < 0, [FIGURE, None])
    known = pa.array(names, TEXT)
    return lambda _, at: [known.take(pa.array(codes[at]))]


def _no_figure(_end: int, _rows: Ints) -> Pieces:
    return []


def _said(leaf: Leaf, sheet: Sheet, value: str | None, truth: int, place: int, limit: str) -> str:
    """Say what the fact is and how it stands to the limit."""
    fact = fact_label(sheet.table, leaf.fact)
    if value is None:
        return say("reasons", "missing", fact=fact)
    if leaf.limit is None:
        return say("reasons", "state", fact=fact, value=value, op=label("ops", "is_known"))
    if kind(sheet.table, leaf.fact) in ("text", "flag"):
        return say("reasons", "text", fact=fact, value=value)
    value += rounded_phrase(leaf)
    if truth == UNKNOWN:
        return say("reasons", "between" if place >= 0 else "either", fact=fact, value=value, limit=limit)
    op = label("ops", leaf.op if truth == HOLDS else OPPOSITE[leaf.op])
    return say("reasons", "number", fact=fact, value=value, op=op, limit=limit)


def _joint(leaf: Leaf, sheet: Sheet, rows: Ints) -> Bools:
    """Say where a ratio is that of a joint site."""
    ratio = sheet.table.ratio(leaf.fact)
    if ratio is None or ratio[1] != INTENSITY_LAND:
        return np.zeros(len(rows), dtype=np.bool_)
    return sheet.joint[rows]
