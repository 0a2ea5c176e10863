"""How alike two names are: a few features that can be told in words, and one calibrated score.

All features are symmetric and look at the two names alone, never at the other names of the tables: so no
score changes when a row is added or taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.parsing.company_names import CompanyName
from landuse.parsing.places import COUNTRY

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEATURES = (
    "one",
    "same_core",
    "same_brand",
    "brand_shared",
    "brand_inside",
    "rest_shared",
    "rest_open",
    "place_clash",
)
"""What the score looks at; ``features`` says what each is."""

COEFFICIENTS = np.array([-3.83, 5.3, 1.36, -0.69, 1.03, 3.04, 3.68, -3.62])
"""One a feature: a logistic regression on real renames, see ``benchmarks/names_calibrate.py``."""

_WIDTH = 16
"""Characters of a brand, and of what follows it, that are compared."""
_BLOCK = 200_000
"""Pairs that are compared at once."""

__all__ = ["COEFFICIENTS", "FEATURES", "NameBook", "PlaceRelation", "features", "score"]


class PlaceRelation:
    """How the places of two names stand to each other."""

    UNKNOWN, SAME, CLASH = 0, 1, 2


@dataclass(frozen=True)
class NameBook:
    """Names taken apart, as arrays.

    ``names`` are the parts; ``brand`` and ``rest`` are characters as code points, one row a name, -1 behind
    the end; ``place``, ``form`` and ``core`` are numbers that stand for the places, the form, the core.
    """

    names: tuple[CompanyName, ...]
    core: Ints
    brand: npt.NDArray[np.int32]
    rest: npt.NDArray[np.int32]
    place: Ints
    places: tuple[tuple[str, ...], ...]
    form: Ints

    @classmethod
    def of(cls, names: Sequence[CompanyName]) -> NameBook:
        """Lay names out as arrays."""
        cores = pd.factorize(np.array([name.core for name in names], dtype=object))[0]
        placed = [tuple(p for p in name.places if p != COUNTRY) for name in names]
        place, kinds = pd.factorize(pd.Series(placed, dtype=object))
        forms = np.array([name.form for name in names], dtype=object)
        return cls(
            tuple(names),
            np.asarray(cores, dtype=np.int64),
            _codes([name.brand for name in names]),
            _codes([name.core[len(name.brand) :] for name in names]),
            np.asarray(place, dtype=np.int64),
            tuple(kinds),
            np.asarray(pd.factorize(forms)[0], dtype=np.int64),
        )

    def relation(self, i: Ints, j: Ints) -> Ints:
        """Return how the places of names i and j stand to each other, one number a pair."""
        count = len(self.places)
        pair = self.place[i] * count + self.place[j]
        kinds, back = np.unique(pair, return_inverse=True)
        told = [_relation(self.places[k // count], self.places[k % count]) for k in kinds.tolist()]
        return np.array(told, dtype=np.int64)[back]


def _relation(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    if not one or not other:
        return PlaceRelation.UNKNOWN
    if set(one) <= set(other) or set(other) <= set(one):
        return PlaceRelation.SAME
    return PlaceRelation.CLASH


def _codes(texts: list[str]) -> npt.NDArray[np.int32]:
    padded = np.array([text[:_WIDTH] for text in texts], dtype=f"<U{_WIDTH}")
    codes = padded.view(np.int32).reshape(len(texts), _WIDTH).copy()
    codes[codes == 0] = -1
    return codes


def _longest_shared(one: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> Ints:
    """Return the length of the longest run of characters that two texts share, one number a pair."""
    best = np.zeros(len(one), dtype=np.int8)
    for shift in range(-_WIDTH + 1, _WIDTH):
        a = one[:, max(0, shift) : _WIDTH + min(0, shift)]
        b = other[:, max(0, -shift) : _WIDTH + min(0, -shift)]
        same = (a == b) & (a >= 0)
        if not same.any():
            continue
        run = np.zeros(len(one), dtype=np.int8)
        for at in range(same.shape[1]):
            run = (run + 1) * same[:, at]
            np.maximum(best, run, out=best)
    return best.astype(np.int64)


def features(book: NameBook, i: Ints, j: Ints) -> Floats:
    """Return the features of pairs of names.

    Parameters
    ----------
    book : NameBook
        The names.
    i, j : ndarray of int64, one a pair
        Positions in the book.

    Returns
    -------
    ndarray of float64, pairs × features
        ``one`` 1; ``same_core`` the same brand and trade; ``same_brand`` the same brand; ``brand_shared`` the
        longest run of characters that different brands share, by the longer brand; ``brand_inside`` the
        shorter of them stands whole in the longer; ``rest_shared`` the longest run that the words of trade
        share, by the shorter; ``rest_open`` one of the names says no trade; ``place_clash`` both name places,
        and different ones.
    """
    brands = book.brand[i], book.brand[j]
    rests = book.rest[i], book.rest[j]
    lengths = [(part >= 0).sum(axis=1) for part in (*brands, *rests)]
    same_core = book.core[i] == book.core[j]
    same_brand = (brands[0] == brands[1]).all(axis=1) & (lengths[0] > 0)
    run = _longest_shared(*brands)
    shorter, longer = np.minimum(lengths[0], lengths[1]), np.maximum(lengths[0], lengths[1])
    least = np.minimum(lengths[2], lengths[3])
    other = ~same_brand & ~same_core
    columns = [
        np.ones(len(i)),
        same_core,
        same_brand,
        np.where(other, run / np.maximum(longer, 1), 0.0),
        other & (shorter > 1) & (run == shorter),
        np.where(same_core, 0.0, _longest_shared(*rests) / np.maximum(least, 1)),
        ~same_core & (least == 0),
        book.relation(i, j) == PlaceRelation.CLASH,
    ]
    return np.column_stack(columns).astype(np.float64)


def score(book: NameBook, i: Ints, j: Ints, *, coefficients: Floats | None = None) -> Floats:
    """Return how likely two names are to be one holder's, 0 to 1 (logistic in the features).

    Summed column by column and rounded to six decimals: a product of matrices may sum in another order when
    there are more pairs.
    """
    used = COEFFICIENTS if coefficients is None else coefficients
    total = np.zeros(len(i))
    for start in range(0, len(i), _BLOCK):
        some = slice(start, start + _BLOCK)
        for column, weight in zip(features(book, i[some], j[some]).T, used.tolist(), strict=True):
            total[some] += column * weight
    return np.round(1.0 / (1.0 + np.exp(-total)), 6)
