"""Words for facts, limits and comparisons: what reasons and explanations are made of."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from landuse.labels import label, say
from landuse.policy.bars import Bars
from landuse.policy.model import ByClass, ByFact, Leaf
from landuse.policy.vocabulary import fact_label, fact_unit, kind, unit_name
from landuse.policy.wording import bar_text, classes_text, limit_phrase, number_text, value_name
from landuse.screening.compare import HOLDS, UNKNOWN, Bools, Floats, near
from landuse.screening.evaluate import Compared
from landuse.screening.sheet import INTENSITY_LAND, Sheet

__all__ = ["figure_texts", "limit_texts", "phrases", "span_texts", "values"]

Words = npt.NDArray[Any]

DIGITS = {"wan": 6, "wan/a": 6, "wan/mu": 2, "m2": 2, "mu": 4, "": 4}
"""Decimals shown, by unit; more where fewer would make a figure look like its limit."""
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


def figure_texts(values: Floats, unit: str, limits: Floats | None = None) -> Words:
    """Write figures, each short, but never so short that it looks like a limit which it is not.

    Examples
    --------
    >>> figure_texts(np.array([4999.99, 250.0]), "wan").tolist()
    ['4999.99', '250']
    """
    digits = DIGITS.get(unit, 0)
    numbers, places = np.unique(values, return_inverse=True)
    texts = np.array([_figure(v, digits) for v in numbers.tolist()], dtype=object)[places]
    if limits is not None:
        with np.errstate(invalid="ignore"):
            close = np.isfinite(values) & (np.abs(values - limits) < 10.0**-digits) & ~near(values, limits)
        texts[close] = [f"{v:.12g}" for v in values[close].tolist()]
    return texts


def _figure(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


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


def day_texts(low: Floats, high: Floats) -> Words:
    """Write days given as numbers from 1970-01-01; '' where nothing is known."""
    first, last = (_days(end) for end in (low, high))
    texts = np.where(low == high, first, first + label("reasons", "to") + last)
    texts[np.isnan(low)] = ""
    return np.asarray(texts, dtype=object)


def _days(numbers: Floats) -> Words:
    days = np.where(np.isnan(numbers), 0.0, numbers).astype(np.int64).astype("datetime64[D]")
    return np.asarray(days.astype(str), dtype=object)


def span_texts(low: Floats, high: Floats, unit: str, limits: Floats | None = None) -> Words:
    """Write figures from low to high with their unit; '' where nothing is known."""
    texts = figure_texts(low, unit, limits)
    open_ended = np.isinf(high)
    between = ~near(low, high) & ~open_ended & ~np.isnan(low)
    tops = figure_texts(high[between], unit, None if limits is None else limits[between])
    texts[between] = texts[between] + label("reasons", "to") + tops
    texts = texts + (f" {unit_name(unit)}" if unit else "")
    texts[open_ended] = texts[open_ended] + label("reasons", "or_more")
    texts[np.isnan(low)] = ""
    return np.asarray(texts, dtype=object)


def phrases(compared: Compared, sheet: Sheet, rows: npt.NDArray[np.int64]) -> Words:
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
    ndarray of object, shape (rows,)
        Chinese texts.
    """
    leaf = compared.leaf
    fact = fact_label(sheet.table, leaf.fact)
    text = np.empty(len(rows), dtype=object)
    value = values(compared, sheet, rows)
    truth = compared.truth[rows]
    known = value != ""
    if leaf.limit is None:
        text[known] = _fill("state", fact=fact, value=value[known], op=label("ops", "is_known"))
    elif kind(sheet.table, leaf.fact) in ("text", "flag"):
        text[known] = _fill("text", fact=fact, value=value[known])
    else:
        places = np.zeros(len(rows), dtype=np.int64) if compared.place is None else compared.place[rows]
        for place in np.unique(places).tolist():
            limit = limit_phrase(leaf, sheet.table, sheet.policy, place)
            for state in (HOLDS, 0, UNKNOWN):
                here = known & (places == place) & (truth == state)
                if not here.any():
                    continue
                if state == UNKNOWN:
                    how = "between" if place >= 0 else "either"
                    text[here] = _fill(how, fact=fact, value=value[here], limit=limit)
                else:
                    op = label("ops", leaf.op if state == HOLDS else OPPOSITE[leaf.op])
                    text[here] = _fill("number", fact=fact, value=value[here], op=op, limit=limit)
    text[~known] = say("reasons", "missing", fact=fact)
    text = text + _marks(compared, sheet, rows)
    for other, lost in compared.wanted.items():
        here = lost[rows]
        if other != leaf.fact and here.any():
            lacking = say("reasons", "missing", fact=fact_label(sheet.table, other))
            text[here] = lacking + label("reasons", "next") + text[here]
    return text


def _marks(compared: Compared, sheet: Sheet, rows: npt.NDArray[np.int64]) -> Words:
    """Return what stands behind a comparison: a joint site, a value close to the limit."""
    marks = np.full(len(rows), "", dtype=object)
    ratio = sheet.table.ratio(compared.leaf.fact)
    if ratio is not None and ratio[1] == INTENSITY_LAND:
        marks[sheet.joint[rows]] = label("reasons", "joint")
    close: Bools = compared.borderline[rows]
    marks[close] = marks[close] + label("reasons", "borderline")
    return marks


def _fill(kind: str, *, value: Words, **words: str) -> Words:
    """Fill a sentence whose ``{value}`` differs from row to row."""
    before, _, after = say("reasons", kind, value="\0", **words).partition("\0")
    return np.asarray(before + value + after, dtype=object)
