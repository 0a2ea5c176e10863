"""Columns of texts of which few are distinct, made without a Python object a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = [
    "TEXT",
    "Kinds",
    "Pieces",
    "Repeated",
    "choose",
    "chosen",
    "joined",
    "put_together",
    "repeat",
    "text_column",
]

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.signedinteger[Any]]
Pieces: TypeAlias = list[Any]
"""Arrow arrays of texts, or one text for all rows, one behind the other; a missing text is none."""

TEXT = pa.large_string()
FEW_KINDS = 1 << 15
"""Fewer kinds are held in two bytes a row."""
MANY = np.iinfo(np.int32).max
FEW = 1 << 16
"""Up to so many possible kinds, those that occur are found by counting, beyond by hashing."""


def chosen(texts: Sequence[str | None], places: npt.NDArray[Any]) -> Any:
    """Return an arrow array that holds in every row the text at its place; -1 is the last one.

    Examples
    --------
    >>> chosen(["a", "b", None], np.array([0, 1, -1])).to_pylist()
    ['a', 'b', None]
    """
    if places.dtype.kind == "i" and len(places) and places.min() < 0:
        places = np.where(places < 0, places + len(texts), places)
    return pa.array(texts, TEXT).take(pa.array(places))


def choose(texts: Sequence[str | None], places: npt.NDArray[Any]) -> Any:
    """Return the same as a text column of a table."""
    return text_column(chosen(texts, places))


def repeat(text: str | None, rows: int) -> Any:
    """Return a text column that holds one text in every row."""
    return text_column(Repeated(rows).block(text, rows))


def text_column(texts: Any) -> Any:
    """Return arrow texts as a text column of a table."""
    return pd.StringDtype(na_value=np.nan).__from_arrow__(texts)


class Repeated:
    """Blocks of rows that hold one text each, cut from one array a text.

    Parameters
    ----------
    most : int
        Rows of the largest block.

    Examples
    --------
    >>> Repeated(3).block("ab", 2).to_pylist()
    ['ab', 'ab']
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._made: dict[str | None, Any] = {}

    def block(self, text: str | None, rows: int) -> Any:
        """Return an arrow array of the text."""
        if text not in self._made:
            self._made[text] = self._make(text)
        return self._made[text].slice(0, rows)

    def _make(self, text: str | None) -> Any:
        if text is None:
            return pa.nulls(self.most, TEXT)
        raw = text.encode()
        ends = np.arange(self.most + 1, dtype=np.int64) * len(raw)
        return pa.LargeStringArray.from_buffers(self.most, pa.py_buffer(ends), pa.py_buffer(raw * self.most))


def joined(pieces: Pieces) -> Any:
    """Return the texts of all pieces, row by row, as an arrow array.

    Examples
    --------
    >>> joined([pa.array(["a", None], TEXT), pa.array(["b", "c"], TEXT)]).to_pylist()
    ['ab', 'c']
    """
    nothing = pa.scalar("", TEXT)
    return pc.binary_join_element_wise(*pieces, nothing, null_handling="replace", null_replacement="")


def put_together(kind: Ints, recipes: Sequence[Sequence[Any]], figure: Callable[[Any, Ints], Pieces]) -> Any:
    """Return texts made of words and figures, kind of row by kind of row.

    Parameters
    ----------
    kind : ndarray of int, shape (rows,)
        Place of each row's recipe.
    recipes : sequence of sequence of str or tuple
        Words, and keys of figures between them; every recipe has rows.
    figure : callable
        Given a key and rows, the figures of these rows in pieces.

    Returns
    -------
    arrow array of texts, shape (rows,)

    Examples
    --------
    >>> even = lambda key, rows: [pa.array([str(2 * row) for row in rows], TEXT)]
    >>> put_together(np.array([0, 1, 0]), [["twice is ", ("even",)], ["odd"]], even).to_pylist()
    ['twice is 0', 'odd', 'twice is 4']
    """
    order = np.argsort(kind, kind="stable")
    counts = np.bincount(kind, minlength=len(recipes))
    starts = np.concatenate([[0], np.cumsum(counts)])
    pieces: dict[Any, Pieces] = {}
    for key in dict.fromkeys(item for recipe in recipes for item in recipe if isinstance(item, tuple)):
        rows = [order[starts[at] : starts[at + 1]] for at, recipe in enumerate(recipes) if key in recipe]
        pieces[key] = figure(key, np.concatenate(rows))
    used = dict.fromkeys(pieces, 0)
    blocks, made = [pa.array([], TEXT)], 0
    places = np.empty(len(kind), dtype=np.int64)
    for at, (recipe, count) in enumerate(zip(recipes, counts.tolist(), strict=True)):
        parts: Pieces = []
        for item in recipe:
            if isinstance(item, str):
                parts.append(pa.scalar(item, TEXT))
                continue
            parts += [piece.slice(used[item], count) for piece in pieces[item]]
            used[item] += count
        plain = all(isinstance(item, str) for item in recipe)
        blocks.append(pa.array(["".join(recipe)], TEXT) if plain else joined(parts))
        here = order[starts[at] : starts[at + 1]]
        places[here] = made if plain else np.arange(made, made + count)
        made += len(blocks[-1])
    whole = pa.concat_arrays(blocks)
    return pc.take(whole, pa.array(places), memory_pool=pa.system_memory_pool())  # which grows in place


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
    >>> kinds.split(np.array([True, True, True]), ["cold", "warm"])
    >>> of_row, traits = kinds.sorted()
    >>> of_row.tolist(), traits
    ([0, 1, 0], [('dry', 'warm'), ('wet', 'warm')])
    """

    def __init__(self, rows: int) -> None:
        self._code: Codes = np.zeros(rows, dtype=np.int32)
        self._known: list[tuple[Any, ...]] = [()]
        self._since: list[list[Any]] = []

    def split(self, places: npt.NDArray[Any], traits: Iterable[Any]) -> None:
        """Tell rows apart by a trait, given by its place among the traits; -1 is the last one."""
        named = list(traits)
        if self._size() * len(named) > FEW:
            self._settle()
        wide = np.int32 if self._size() * len(named) <= MANY else np.int64
        code = np.multiply(self._code, len(named), dtype=wide) + places.astype(wide, copy=False)
        if places.dtype != np.bool_ and len(places) and places.min() < 0:
            code += np.where(places < 0, wide(len(named)), wide(0))
        self._code = code
        self._since.append(named)

    def sorted(self) -> tuple[Codes, list[tuple[Any, ...]]]:
        """Return the kind of every row, and the traits of every kind that has rows."""
        self._settle()
        small = np.int16 if len(self._known) < FEW_KINDS else np.int32
        return self._code.astype(small, copy=False), self._known

    def _size(self) -> int:
        return len(self._known) * math.prod(len(named) for named in self._since)

    def _settle(self) -> None:
        """Number the kinds anew: those that have rows."""
        if self._size() > FEW:
            places, found = pd.factorize(self._code)
            self._code = places.astype(np.int32, copy=False)
        else:
            found = np.flatnonzero(np.bincount(self._code, minlength=self._size()))
            number = np.zeros(self._size(), dtype=np.int32)
            number[found] = np.arange(len(found), dtype=np.int32)
            self._code = number[self._code]
        known = []
        for at in found.tolist():
            traits: list[Any] = []
            for named in reversed(self._since):
                at, place = divmod(at, len(named))
                traits.insert(0, named[place])
            known.append((*self._known[at], *traits))
        self._known, self._since = known, []
