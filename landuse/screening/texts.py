"""Columns of texts of which few are distinct, made without a Python object a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Kinds", "Pieces", "choose", "joined", "repeat", "spread", "text_column"]

Ints = npt.NDArray[np.int64]
Pieces: TypeAlias = list[Any]
"""Arrow arrays of texts, one behind the other in every row; a missing text is none."""

TEXT = pa.large_string()
FEW = 1 << 17
"""Below so many numbers, those that occur are found by counting, above by hashing."""


def choose(texts: Sequence[str | None], places: npt.NDArray[Any]) -> Any:
    """Return a text column that holds in every row the text at its place; -1 is the last one.

    Examples
    --------
    >>> choose(["a", "b", None], np.array([0, 1, -1])).tolist()
    ['a', 'b', nan]
    """
    return pd.array(np.array([*texts], dtype=object), dtype="str").take(places)


def repeat(text: str | None, rows: int) -> Any:
    """Return a text column that holds one text in every row."""
    return choose([text], np.zeros(rows, dtype=np.int8))


def text_column(texts: Any) -> Any:
    """Return arrow texts as a text column of a table."""
    return pd.StringDtype(na_value=np.nan).__from_arrow__(texts)


def joined(pieces: Pieces, rows: int) -> Any:
    """Return the texts of all pieces, row by row, as an arrow array.

    Examples
    --------
    >>> joined([pa.array(["a", None], TEXT), pa.array(["b", "c"], TEXT)], 2).to_pylist()
    ['ab', 'c']
    """
    if not pieces:
        return pa.array([""] * rows, TEXT)
    nothing = pa.scalar("", TEXT)
    return pc.binary_join_element_wise(*pieces, nothing, null_handling="replace", null_replacement="")


def spread(piece: Any, rows: Ints, count: int) -> Any:
    """Return texts of some rows as texts of all ``count`` rows, missing in the others."""
    if len(rows) == count:
        return piece
    places, absent = np.zeros(count, dtype=np.int32), np.ones(count, dtype=np.bool_)
    places[rows], absent[rows] = np.arange(len(rows), dtype=np.int32), False
    return piece.take(pa.array(places, mask=absent))


class Kinds:
    """Rows sorted into kinds: alike in everything they were split by.

    Parameters
    ----------
    rows : int
        How many there are; at first all of one kind.

    Examples
    --------
    >>> kinds = Kinds(3)
    >>> kinds.split(np.array([0, 1, 0]), ["dry", "wet"])
    >>> kinds.split(np.array([1, 1, 1]), ["cold", "warm"])
    >>> kinds.of_row.tolist(), kinds.traits
    ([0, 1, 0], [('dry', 'warm'), ('wet', 'warm')])
    """

    def __init__(self, rows: int) -> None:
        self.of_row: Ints = np.zeros(rows, dtype=np.int64)
        self.traits: list[tuple[Any, ...]] = [()]

    def split(self, places: npt.NDArray[Any], traits: Iterable[Any]) -> None:
        """Tell rows apart by a trait, given by its place among the traits; -1 is the last one."""
        named = list(traits)
        many = len(named)
        mixed = self.of_row * many + places
        mixed[places < 0] += many
        self.of_row, present = _compact(mixed, len(self.traits) * many)
        self.traits = [(*self.traits[at // many], named[at % many]) for at in present]


def _compact(numbers: Ints, size: int) -> tuple[Ints, list[int]]:
    """Number anew what occurs among numbers from 0 to ``size`` - 1."""
    if size > FEW:
        places, found = pd.factorize(numbers)
        return places.astype(np.int64, copy=False), found.tolist()
    present = np.flatnonzero(np.bincount(numbers, minlength=size))
    places = np.zeros(size, dtype=np.int64)
    places[present] = np.arange(len(present))
    return places[numbers], present.tolist()
