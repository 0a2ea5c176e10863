"""Words for facts, limits and comparisons: what reasons and explanations are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from landuse.labels import label, say
from landuse.policy.model import ByClass, Leaf
from landuse.policy.vocabulary import fact_unit
from landuse.policy.wording import limit_phrase, number_text, value_name
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
}


def limit_texts(leaf: Leaf) -> tuple[list[str], str]:
    """Return a limit as the policy writes it: the one of each class, and all in one text."""
    if isinstance(leaf.limit, ByClass):
        own = [_with_unit(number_text(v), leaf.unit) for _, v in leaf.limit.values]
        return own, ", ".join(
            f"{name} {text}" for (name, _), text in zip(leaf.limit.values, own, strict=True)
        )
    if isinstance(leaf.limit, bool):
        return [], str(leaf.limit).lower()
    if isinstance(leaf.limit, tuple):
        return [], ", ".join(leaf.limit)
    if isinstance(leaf.limit, str):
        return [], leaf.limit
    text = _with_unit(number_text(leaf.limit), leaf.unit)
    return [text], text


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
    if compared.words is not None:
        codes, found = compared.words.iloc[rows].factorize()
        names = np.array([*(value_name(fact, str(v)) for v in found), ""], dtype=object)
        return np.asarray(names[codes], dtype=object)
    if compared.low is None or compared.high is None:
        raise TypeError(f"{fact} has no figures")
    limits = None if compared.limit is None else compared.limit[rows]
    return span_texts(compared.low[rows], compared.high[rows], fact_unit(sheet.subject, fact), limits)


def span_texts(low: Floats, high: Floats, unit: str, limits: Floats | None = None) -> Words:
    """Write figures from low to high with their unit; '' where nothing is known."""
    texts = figure_texts(low, unit, limits)
    open_ended = np.isinf(high)
    between = ~near(low, high) & ~open_ended & ~np.isnan(low)
    tops = figure_texts(high[between], unit, None if limits is None else limits[between])
    texts[between] = texts[between] + label("reasons", "to") + tops
    texts = texts + (f" {label('units', unit)}" if unit else "")
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
    fact = label("columns", leaf.fact)
    text = np.empty(len(rows), dtype=object)
    value = values(compared, sheet, rows)
    truth = compared.truth[rows]
    known = value != ""
    if compared.words is not None:
        text[known] = _fill("text", fact=fact, value=value[known])
    else:
        classes = np.zeros(len(rows), dtype=np.int8) if compared.classes is None else compared.classes[rows]
        for place in np.unique(classes).tolist():
            limit = limit_phrase(leaf, sheet.subject, place)
            for state in (HOLDS, 0, UNKNOWN):
                here = known & (classes == place) & (truth == state)
                if not here.any():
                    continue
                if state == UNKNOWN:
                    kind = "between" if place >= 0 else "either"
                    text[here] = _fill(kind, fact=fact, value=value[here], limit=limit)
                else:
                    op = label("ops", leaf.op if state == HOLDS else OPPOSITE[leaf.op])
                    text[here] = _fill("number", fact=fact, value=value[here], op=op, limit=limit)
    text[~known] = say("reasons", "missing", fact=fact)
    text = text + _marks(compared, sheet, rows)
    wanted = compared.class_wanted[rows]
    if wanted.any() and isinstance(leaf.limit, ByClass):
        text[wanted] = (
            say("reasons", "missing", fact=label("columns", leaf.limit.by))
            + label("reasons", "next")
            + text[wanted]
        )
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
