"""Figures, spans and days as texts, for many rows at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landuse.labels import label
from landuse.policy.vocabulary import unit_name
from landuse.screening.compare import Bools, Floats, near
from landuse.screening.texts import TEXT, Pieces, joined

__all__ = [
    "day_pieces",
    "day_texts",
    "digits_of",
    "few_figures",
    "figure_pieces",
    "figure_texts",
    "span_texts",
    "spans",
]

Words = npt.NDArray[Any]

DIGITS = {"wan": 6, "wan/a": 6, "wan/mu": 2, "m2": 2, "d": 0, "a": 0, "persons": 0}
OTHER_DIGITS = 4
"""Decimals shown, by unit and elsewhere; more where fewer would make a figure look like its limit."""
FEW = 256
"""So many distinct figures or fewer are written once each."""
EXACT = 2.0**52
"""Whole numbers up to here have no neighbour in float64 closer than 1."""
HALF_WAY = 4 * np.finfo(np.float64).eps
"""As near to a half as this, relatively, a figure is rounded digit by digit."""


def digits_of(unit: str) -> int:
    """Return how many decimals of a figure are shown.

    Examples
    --------
    >>> digits_of("wan/mu"), digits_of("%"), digits_of("d")
    (2, 4, 0)
    """
    return DIGITS.get(unit, OTHER_DIGITS)


def figure_texts(values: Floats, unit: str, limits: Floats | None = None) -> Words:
    """Write figures, each short, but never so short that it looks like a limit which it is not.

    Examples
    --------
    >>> figure_texts(np.array([4999.99, 250.0]), "wan").tolist()
    ['4999.99', '250']
    """
    return _objects(joined(figure_pieces(values, unit, limits)))


def span_texts(low: Floats, high: Floats, unit: str, limits: Floats | None = None) -> Words:
    """Write figures from low to high with their unit; '' where nothing is known."""
    texts = figure_texts(low, unit, limits)
    between = spans(low, high)
    tops = figure_texts(high[between], unit, None if limits is None else limits[between])
    texts[between] = texts[between] + label("reasons", "to") + tops
    texts = texts + (f" {unit_name(unit)}" if unit else "")
    texts[np.isinf(high)] += label("reasons", "or_more")
    texts[np.isnan(low)] = ""
    return texts


def spans(low: Floats, high: Floats) -> Bools:
    """Say which figures have two ends; one that is open above has one."""
    if low is high:
        return np.zeros(len(low), dtype=np.bool_)
    apart: Bools = low != high
    apart[apart] = ~near(low[apart], high[apart]) & ~np.isinf(high[apart]) & ~np.isnan(low[apart])
    return apart


def few_figures(values: Floats) -> tuple[npt.NDArray[np.int64], Floats] | None:
    """Return figures by their places among the distinct ones (NaN: -1), None where these are many."""
    if len(np.unique(values[:: max(1, len(values) // (2 * FEW))])) > FEW // 2:
        return None
    places, found = pd.factorize(values)
    return (places.astype(np.int64, copy=False), found) if len(found) <= FEW else None


def figure_pieces(values: Floats, unit: str, limits: Floats | None = None) -> Pieces:
    """Write figures as whole numbers and what stands behind the point; NaN is left out.

    Figures are rounded as ``format`` does. Where that takes more than one multiplication (just at a half,
    beyond 2**52, below 0) ``format`` does it.
    """
    digits = digits_of(unit)
    with np.errstate(invalid="ignore", over="ignore"):
        steps = values * 10.0**digits
        whole = np.rint(steps)
        size = np.abs(steps)
        odd = ~(size < EXACT) | (np.abs(np.abs(steps - whole) - 0.5) <= HALF_WAY * size)
    odd |= np.signbit(values) & ((whole == 0) | (digits > 0))
    close = np.zeros(len(values), dtype=np.bool_)
    if limits is not None:
        with np.errstate(invalid="ignore"):
            close = np.abs(values - limits) < 10.0**-digits
        close &= np.isfinite(values)
        close[close] = ~near(values[close], limits[close])
    rare = (odd | close) & ~np.isnan(values)
    left = odd | close
    number = np.where(left, 0.0, whole).astype(np.int64)
    first, pieces = number, []
    if digits:
        first = number // 10**digits
        pieces = _decimals(number - first * 10**digits, left, digits)
    texts = pc.cast(pa.array(first, mask=left), TEXT)
    if rare.any():
        written = [
            f"{v:.12g}" if c else _figure(v, digits)
            for v, c in zip(values[rare].tolist(), close[rare].tolist(), strict=True)
        ]
        texts = pc.replace_with_mask(texts, pa.array(rare), pa.array(written, TEXT))
    return [texts, *pieces]


def _figure(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _decimals(parts: npt.NDArray[np.int64], left: Bools, digits: int) -> Pieces:
    """Write what stands behind the point: ``parts`` of ``10**digits``."""
    if digits <= 4:
        return [_endings(digits, ".").take(pa.array(parts, mask=left))]
    low = digits // 2
    more, rest = np.divmod(parts, 10**low)
    more += np.where(rest == 0, 0, 10 ** (digits - low))
    pointed = pa.concat_arrays([_endings(digits - low, "."), _padded(digits - low)])
    return [
        pointed.take(pa.array(more, mask=left)),
        _endings(low, "").take(pa.array(rest, mask=left)),
    ]


@cache
def _endings(digits: int, point: str) -> Any:
    """Return nothing, ``.01``, ``.02`` … without noughts at the end."""
    texts = [point + f"{part:0{digits}d}".rstrip("0") if part else "" for part in range(10**digits)]
    return pa.array(texts, TEXT)


@cache
def _padded(digits: int) -> Any:
    return pa.array([f".{part:0{digits}d}" for part in range(10**digits)], TEXT)


def day_texts(low: Floats, high: Floats) -> Words:
    """Write days given as numbers from 1970-01-01; '' where nothing is known."""
    first, last = (_objects(day_pieces(end)[0]) for end in (low, high))
    texts = np.where(low == high, first, first + label("reasons", "to") + last)
    texts[np.isnan(low)] = ""
    return np.asarray(texts, dtype=object)


def day_pieces(numbers: Floats) -> Pieces:
    """Write days given as numbers from 1970-01-01; NaN is the first of them."""
    places, found = pd.factorize(np.where(np.isnan(numbers), 0.0, numbers))
    days = found.astype(np.int64).astype("datetime64[D]").astype(str)
    return [pa.array(days.tolist(), TEXT).take(pa.array(places))]


def _objects(texts: Any) -> Words:
    return np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)
