"""Whether land lies in any zone at all: where that is in doubt, an unknown class may be that of none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.measuring.pairs import Flags
from landuse.parsing.words import says_outside
from landuse.tables import OUTSIDE

__all__ = ["doubtful_of", "inside_of", "names_one"]


def inside_of(classes: npt.NDArray[np.object_], surely: Flags) -> npt.NDArray[np.object_]:
    """Say whether rows lie in any zone: by their class or, where that is not known, where it is sure."""
    found = np.full(len(classes), None, dtype=np.object_)
    found[surely] = True
    known = ~pd.isna(classes)
    found[known] = classes[known] != OUTSIDE
    return found


def doubtful_of(inside: npt.NDArray[np.object_], *, spoken: Flags) -> Flags:
    """Say which rows are spoken of as in a zone, and may lie in none all the same.

    A row of which no file says anything is not among them: its class is unknown, one of those of zones.
    """
    return np.asarray(pd.isna(inside) & spoken, dtype=np.bool_)


def names_one(texts: npt.NDArray[np.object_]) -> Flags:
    """Say where a file names a zone, be it one that nobody knows, in words that do not say "outside"."""
    codes, words = pd.factorize(texts)
    named: Flags = np.array([*(not says_outside(w) for w in words), False], dtype=bool)
    return np.asarray(named[codes], dtype=np.bool_)
