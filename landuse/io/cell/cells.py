"""The cells of one column to values: numbers all at once, texts once for every distinct one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import CellError
from landuse.io.cell.codes import spelt_ids, spelt_refs
from landuse.io.cell.dates import date_cells, period_cells
from landuse.io.cell.figures import figure_cells
from landuse.io.cell.model import (
    Cells,
    Manner,
    Note,
    Read,
    blank_cells,
    halves,
    mended,
    read_each,
    spread,
)
from landuse.io.cell.own_cells import own_ends, own_figures, own_texts
from landuse.io.cell.texts import clean_texts, is_lost_number, whole_text
from landuse.io.header.alias_files import header_key
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.numbers import parse_number
from landuse.parsing.parcel_codes import split_refs
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank, is_new, ownership, yes_no, zone_class
from landuse.tables import INDUSTRY_EDITIONS, PARCELS

__all__ = ["Cells", "Manner", "Note", "read_cells"]

_READERS: dict[str, Callable[[pd.Series, Manner], Cells]] = {
    "amount": figure_cells,
    "area": figure_cells,
    "floor": figure_cells,
    "date": date_cells,
    "period": period_cells,
    "own_money": own_figures,
    "own_area": own_figures,
    "own_number": own_figures,
    "own_end": own_ends,
    "own_text": own_texts,
}


def read_cells(raw: pd.Series, manner: Manner) -> Cells:
    """Read the cells of a column.

    Parameters
    ----------
    raw : Series
        The cells as the driver gave them.
    manner : Manner
        How they are to be read.

    Returns
    -------
    Cells
    """
    if manner.cell in _READERS:
        return _READERS[manner.cell](raw, manner)
    column, cell, words = manner.column, manner.cell, manner.words
    if cell in ("number", "share", "end"):
        return _numbers(raw, column, cell, manner.unit)
    if cell in ("text", "code", "id", "refs"):
        return _texts(raw, column, cell)
    reader: Callable[[Any], Any] = {
        "flag": yes_no,
        "new": is_new,
        "ownership": ownership,
        "zone_class": zone_class,
        "choice": lambda text: _chosen(text, words),
        "cause": lambda text: words.get(header_key(text), whole_text(text)),
        "county": _county,
        "year": _year,
        "edition": _edition,
    }[cell]
    return _worded(raw, column, cell, reader, words)


def _numbers(raw: pd.Series, column: str, cell: str, unit: str | None) -> Cells:
    """Read plain numbers; the ends of a pair of ours are in the unit of their name, or of the header."""
    numbers, texts = halves(raw)
    codes, reads, notes = read_each(texts, _number)
    spoken = codes >= 0
    values = numbers.copy()
    values[spoken] = spread(reads, codes)[spoken]
    for p in np.flatnonzero(values < 0):
        values[p] = np.nan
        kind = ("negative", "rejected") if cell == "end" else ("not_a_number", "kept")
        notes.append(Note(int(p), *kind))
    if cell == "end" and unit is not None:
        factor = amount_unit_factor(unit) or area_unit_factor(unit)
        if factor is not None:
            with np.errstate(over="ignore"):
                values = values * float(factor.numerator) / float(factor.denominator)
    return Cells({column: values}, blank_cells(codes, reads, numbers), notes)


def _number(text: Any) -> Read:
    try:
        value = parse_number(text)
    except CellError:
        if isinstance(text, str) and plain(text).casefold() in ("inf", "∞"):
            return Read(math.inf)
        return Read(said=(("not_a_number", "kept", {}),))
    return Read(blank=True) if value is None else Read(value, said=mended(text))


def _texts(raw: pd.Series, column: str, cell: str) -> Cells:
    """Read texts; whole numbers lose their ``.0``, and codes that Excel turned into 1.23E+18 are said."""
    texts, lost = clean_texts(raw)
    coded = cell in ("id", "refs", "code")
    action = "rejected" if cell == "id" else "kept"
    notes = [Note(int(p), "long_code_lost", action) for p in np.flatnonzero(lost)] if coded else []
    if coded and cell != "refs":
        texts = texts.mask(lost)
    if cell == "id":
        narrow = _narrow(texts)
        for p in np.flatnonzero((texts.notna() & (narrow != texts)).to_numpy(dtype=bool)):
            notes.append(Note(int(p), "full_width", "mended", {"now": narrow.iat[p]}))
        texts, more = spelt_ids(narrow)
        notes += more
    if cell == "code" and column == PARCELS.key:
        texts, more = spelt_ids(texts)
        notes += more
    if cell == "refs":
        notes += spelt_refs(texts)
    blank = texts.isna().to_numpy(dtype=bool)
    if cell != "refs":
        return Cells({column: texts}, blank, notes)
    codes, uniques = pd.factorize(texts)
    lists = [split_refs(u) if not is_lost_number(u) else [u] for u in uniques.tolist()]
    refs = pd.Series([list(lists[c]) if c >= 0 else [] for c in codes], dtype=object)
    return Cells({column: refs}, blank, notes)


def _narrow(texts: pd.Series) -> pd.Series:
    """Return texts in normal form (NFKC); ASCII is."""
    strange = ~texts.str.isascii().fillna(True).astype(bool)
    narrow = texts.copy()
    narrow[strange] = texts[strange].str.normalize("NFKC")
    return narrow


def _worded(
    raw: pd.Series, column: str, cell: str, reader: Callable[[Any], Any], words: Mapping[str, str]
) -> Cells:
    """Read words with a fixed meaning; a word without one is unknown, and said."""

    def read(value: Any) -> Read:
        meant = isinstance(value, str) and header_key(value) in words
        answers = (
            cell == "flag" and yes_no(value) is not None
        )  # a word for none is no answer in any other cell
        if not meant and not answers and is_blank(value):
            return Read(blank=True)
        found = reader(value if isinstance(value, bool) else whole_text(value))
        return Read(found) if found is not None else Read(said=(("not_recognised", "kept", {}),))

    codes, reads, notes = read_each(raw.astype(object).reset_index(drop=True), read)
    dtype = {"flag": "boolean", "new": "boolean", "year": "Int64", "edition": "Int64"}.get(cell, "str")
    found = pd.array([r.value for r in reads] + [None], dtype=dtype)
    return Cells({column: pd.Series(found[codes])}, blank_cells(codes, reads), notes)


def _chosen(text: Any, words: Mapping[str, str]) -> str | None:
    key = header_key(text)
    return words.get(key, key if key in words.values() else None)


def _county(text: Any) -> str | None:
    """Read the county-level code: the first six digits of an administrative code of six or more."""
    found = re.fullmatch(r"([1-9]\d{5})\d*", plain(text))
    return found[1] if found else None


def _year(text: Any) -> int | None:
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", plain(text))
    return int(found[0]) if len(found) == 1 else None


def _edition(text: Any) -> int | None:
    """Read the year of an edition of GB/T 4754."""
    year = _year(text)
    return year if year in INDUSTRY_EDITIONS else None
