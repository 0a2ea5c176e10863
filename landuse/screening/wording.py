"""Words for facts, limits and comparisons: what reasons and explanations are made of."""

from __future__ import annotations

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
from landuse.policy.wording import bar_text, classes_text, limit_phrase, number_text, value_name
from landuse.screening.classes import NOT_KNOWN, NOT_LISTED
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools
from landuse.screening.evaluate import Compared
from landuse.screening.figures import day_texts, days_of, few_figures, span_pieces, span_texts
from landuse.screening.sheet import INTENSITY_LAND, Sheet
from landuse.screening.texts import TEXT, Kinds, Pieces, joined

__all__ = ["Phrases", "limit_texts", "phrases", "values"]

Words = npt.NDArray[Any]

FIGURE = "\0"
"""Where a figure belongs in words."""
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


def values(compared: Compared, sheet: Sheet, rows: npt.NDArray[np.int64]) -> Words:
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
    """What is said of a comparison, row by row: words before a figure, the figure, words behind it.

    Parameters
    ----------
    frame : ndarray of int, shape (rows,)
        Place of each row's words among ``frames``.
    frames : list of (str, str)
        The words before and behind.
    figures : list of arrow arrays
        The figure in pieces; empty where the words hold it.
    """

    frame: npt.NDArray[np.int64]
    frames: list[tuple[str, str]]
    figures: Pieces

    def texts(self) -> Words:
        """Return the phrases as texts."""
        sides = [pa.array([f[side] for f in self.frames], TEXT).take(self.frame) for side in (0, 1)]
        whole = joined([sides[0], *self.figures, sides[1]], len(self.frame))
        return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=object)


def phrases(compared: Compared, sheet: Sheet, rows: npt.NDArray[np.int64]) -> Phrases:
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
    figures = _split_by_value(kinds, compared, sheet, rows)
    if compared.place is None or compared.bars is None:
        kinds.split(np.zeros(len(rows), dtype=np.int32), [0])
    else:
        place, count = compared.place[rows], len(compared.bars.values)
        kinds.split(np.where(place == NOT_LISTED, count, place), [*range(count), NOT_LISTED, NOT_KNOWN])
    kinds.split(compared.truth[rows], [NOT, HOLDS, UNKNOWN])
    kinds.split(_joint(leaf, sheet, rows), ["", label("reasons", "joint")])
    kinds.split(compared.borderline[rows], ["", label("reasons", "borderline")])
    for other, lost in compared.wanted.items():
        if other != leaf.fact:
            words = say("reasons", "missing", fact=fact_label(sheet.table, other)) + label("reasons", "next")
            kinds.split(lost[rows], ["", words])
    limits = {p: limit_phrase(leaf, sheet.table, sheet.policy, p) for p in {t[1] for t in kinds.traits}}
    frames = []
    for value, place, truth, joint, close, *lacking in kinds.traits:
        before, after = _frame(leaf, sheet, value, truth, place, limits[place])
        frames.append(("".join(reversed(lacking)) + before, after + joint + close))
    return Phrases(kinds.of_row, frames, figures)


def _split_by_value(kinds: Kinds, compared: Compared, sheet: Sheet, rows: npt.NDArray[np.int64]) -> Pieces:
    """Tell rows apart by what is said of their value; return the figures that are too many for that.

    A value in words holds a mark where such a figure belongs; it is None where the value is not known.
    """
    fact = compared.leaf.fact
    sort = kind(sheet.table, fact)
    if sort in ("text", "flag"):
        codes, found = sheet.classes(fact)
        kinds.split(codes[rows], [*(value_name(fact, v) for v in found), None])
        return []
    ends = sheet.figures(fact)
    low = ends[0][rows]
    high = low if ends[0] is ends[1] else ends[1][rows]
    unknown = np.isnan(low)
    if sort == "date":
        kinds.split(unknown, [FIGURE, None])
        return [days_of(low, high)]
    unit = fact_unit(sheet.table, fact)
    limits = compared.limits(rows)
    one_limit = compared.bars is not None and compared.place is None
    few = few_figures(low) if one_limit and low is high else None
    if few is not None and limits is not None:
        places, figures = few
        kinds.split(places, [*span_texts(figures, figures, unit, limits[: len(figures)]), None])
        return []
    suffix = f" {unit_name(unit)}" if unit else ""
    opened = FIGURE + suffix + label("reasons", "or_more")
    kinds.split(np.where(unknown, -1, np.isinf(high)), [FIGURE + suffix, opened, None])
    return span_pieces(low, high, unit, limits)


def _frame(
    leaf: Leaf, sheet: Sheet, value: str | None, truth: int, place: int, limit: str
) -> tuple[str, str]:
    """Return the words before and behind the figure."""
    fact = fact_label(sheet.table, leaf.fact)
    if value is None:
        return say("reasons", "missing", fact=fact), ""
    if leaf.limit is None:
        said = say("reasons", "state", fact=fact, value=value, op=label("ops", "is_known"))
    elif kind(sheet.table, leaf.fact) in ("text", "flag"):
        said = say("reasons", "text", fact=fact, value=value)
    elif truth == UNKNOWN:
        said = say("reasons", "between" if place >= 0 else "either", fact=fact, value=value, limit=limit)
    else:
        op = label("ops", leaf.op if truth == HOLDS else OPPOSITE[leaf.op])
        said = say("reasons", "number", fact=fact, value=value, op=op, limit=limit)
    before, _, after = said.partition(FIGURE)
    return before, after


def _joint(leaf: Leaf, sheet: Sheet, rows: npt.NDArray[np.int64]) -> Bools:
    """Say where a ratio is that of a joint site."""
    ratio = sheet.table.ratio(leaf.fact)
    if ratio is None or ratio[1] != INTENSITY_LAND:
        return np.zeros(len(rows), dtype=np.bool_)
    return sheet.joint[rows]
