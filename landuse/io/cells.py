"""The cells of one column to values: numbers all at once, texts once for every distinct one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import AmbiguousError, CellError, UnitError
from landuse.io.alias_files import header_key
from landuse.io.texts import clean_texts, is_lost_number, whole_text
from landuse.parsing.amounts import amount_unit_currency, amount_unit_factor, parse_amount
from landuse.parsing.areas import area_unit_factor, parse_area
from landuse.parsing.dates import is_placeholder_date, parse_date
from landuse.parsing.numbers import parse_number
from landuse.parsing.parcel_codes import split_refs
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank, is_new, ownership, says_not_started, yes_no, zone_class

__all__ = ["Cells", "Note", "read_cells"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Note:
    """Something to say about a cell: where, what kind, what was done, and the words of its message."""

    position: int
    kind: str
    action: str
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """A column as it was read: values by column name, which cells were blank, what is to be said.

    ``words`` holds what a word in the place of a date means, by position.
    """

    values: dict[str, Any]
    blank: Flags
    notes: list[Note] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    """One distinct text as it was read."""

    value: Any = None
    high: float = math.nan
    said: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    blank: bool = False
    word: str = ""


def read_cells(
    raw: pd.Series,
    *,
    column: str,
    cell: str,
    unit: str | None,
    approx_rel: float,
    words: Mapping[str, str],
    pair: bool,
) -> Cells:
    """Read the cells of a column.

    Parameters
    ----------
    raw : Series
        The cells as the driver gave them.
    column : str
        Our column; a pair by its stem.
    cell : str
        How they are read: amount, area (of land), floor, end, number, share, date, text, code, id, refs,
        flag, new, ownership, zone_class, choice, cause, county, year.
    unit : str or None
        Unit of bare numbers.
    approx_rel : float
        Half the relative width of "about".
    words : mapping
        Words with a meaning of their own, for choice, cause and date.
    pair : bool
        Whether the column is a low/high pair.

    Returns
    -------
    Cells
    """
    if cell in ("amount", "area", "floor"):
        return _figures(raw, column, cell, unit, approx_rel, pair)
    if cell in ("number", "share", "end"):
        return _numbers(raw, column, cell, unit)
    if cell == "date":
        return _dates(raw, column, words)
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
    }[cell]
    return _worded(raw, column, cell, reader, words)


def _halves(raw: pd.Series) -> tuple[Floats, pd.Series]:
    """Return the numbers of a column (NaN elsewhere) and its other cells (missing elsewhere)."""
    if pd.api.types.is_bool_dtype(raw.dtype):
        return np.full(len(raw), np.nan), raw.astype(object).reset_index(drop=True)
    if pd.api.types.is_numeric_dtype(raw.dtype):
        return raw.to_numpy(dtype=np.float64, na_value=np.nan), pd.Series([None] * len(raw), dtype=object)
    cells = raw.astype(object).reset_index(drop=True)
    number = np.fromiter(
        (isinstance(c, int | float | np.number) and not isinstance(c, bool) for c in cells), bool, len(cells)
    )
    values = np.full(len(raw), np.nan)
    values[number] = np.asarray(cells[number].tolist(), dtype=np.float64)
    return values, cells.mask(number, None)


def _by_text(
    cells: pd.Series, read: Callable[[Any], _Read]
) -> tuple[npt.NDArray[np.intp], list[_Read], list[Note]]:
    """Read every distinct cell once; codes are -1 where there is none."""
    codes, uniques = pd.factorize(cells, use_na_sentinel=True)
    reads = [read(u) for u in uniques]
    loud = np.array([bool(r.said) for r in reads] + [False])
    notes = [
        Note(int(p), kind, action, words)
        for p in np.flatnonzero(loud[codes])
        for kind, action, words in reads[codes[p]].said
    ]
    return codes, reads, notes


def _spread(reads: list[_Read], codes: npt.NDArray[np.intp], *, high: bool = False) -> Floats:
    values = [r.high if high else (math.nan if r.value is None else float(r.value)) for r in reads]
    return np.array([*values, math.nan])[codes]


def _blank(codes: npt.NDArray[np.intp], reads: list[_Read], numbers: Floats | None = None) -> Flags:
    flags = np.array([r.blank for r in reads] + [True])[codes]
    return flags if numbers is None else flags & np.isnan(numbers)


def _mended(text: Any) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """Say that the text of a number or date had to be cleaned before it could be read."""
    if not isinstance(text, str) or plain(text) == text.strip():
        return ()
    wide = any("\uff01" <= sign <= "\uff5e" for sign in text)
    return (("full_width" if wide else "mended_text", "mended", {"now": plain(text)}),)


def _figures(
    raw: pd.Series, column: str, cell: str, unit: str | None, approx_rel: float, pair: bool
) -> Cells:
    numbers, texts = _halves(raw)
    low, notes = _bare(numbers, cell, unit)
    high = low.copy()
    codes, reads, more = _by_text(texts, lambda t: _figure(t, cell, unit, approx_rel, pair))
    spoken = codes >= 0
    low[spoken] = _spread(reads, codes)[spoken]
    high[spoken] = _spread(reads, codes, high=True)[spoken]
    values = {f"{column}_low": low, f"{column}_high": high} if pair else {column: low}
    return Cells(values, _blank(codes, reads, numbers), [*notes, *more])


def _bare(numbers: Floats, cell: str, unit: str | None) -> tuple[Floats, list[Note]]:
    """Convert bare numbers by the unit of their header; without one they are unknown."""
    there = ~np.isnan(numbers)
    if not there.any():
        return numbers.copy(), []
    bad = there & ((numbers < 0) | np.isinf(numbers))
    notes = [
        Note(int(p), "negative", "rejected") if numbers[p] < 0 else Note(int(p), "not_a_number", "kept")
        for p in np.flatnonzero(bad)
    ]
    good = there & ~bad
    foreign = cell == "amount" and unit is not None and amount_unit_currency(unit) not in (None, "CNY")
    if unit is None or foreign:
        words = {"currency": amount_unit_currency(unit)} if foreign else {}
        kind = "foreign_currency" if foreign else "unit_unknown"
        notes += [Note(int(p), kind, "kept", words) for p in np.flatnonzero(good)]
        return np.full(len(numbers), np.nan), notes
    factor = amount_unit_factor(unit) if cell == "amount" else area_unit_factor(unit)
    if factor is None:
        raise UnitError(f"{unit!r} is not a unit of {cell}")
    values = np.where(good, numbers, np.nan) * float(factor.numerator) / float(factor.denominator)
    return values, notes


def _figure(text: Any, cell: str, unit: str | None, approx_rel: float, pair: bool) -> _Read:
    """Read one amount or area written as text."""
    try:
        found: Any = (
            parse_amount(text, unit, approx_rel=approx_rel)
            if cell == "amount"
            else parse_area(text, unit, approx_rel=approx_rel, land=cell == "area")
        )
    except UnitError:
        return _Read(said=(("unit_unknown", "kept", {}),))
    except AmbiguousError:
        return _Read(said=(("ambiguous", "kept", {}),))
    except CellError:
        negative = bool(re.match(r"[-−–]\s*[0-9.]", plain(text)))
        return _Read(said=(("negative", "rejected", {}) if negative else ("not_a_number", "kept", {}),))
    if found is None:
        return _Read(blank=True)
    if cell == "amount" and found.currency != "CNY":
        return _Read(said=(("foreign_currency", "kept", {"currency": found.currency}),))
    ends = {"low": _short(found.low), "high": _short(found.high)}
    if not pair and found.low != found.high:
        return _Read(said=(("inexact", "kept", ends),))
    said = _mended(text)
    if found.bound != "exact":
        said += (("bounded", "kept", ends),)
    elif found.approx:
        said += (("approximate", "mended", ends),)
    elif found.low != found.high:
        said += (("range", "kept", ends),)
    return _Read(found.low, found.high, said)


def _short(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.10g}"


def _numbers(raw: pd.Series, column: str, cell: str, unit: str | None) -> Cells:
    """Read plain numbers; the ends of a pair of ours are in the unit of their name, or of the header."""
    numbers, texts = _halves(raw)
    codes, reads, notes = _by_text(texts, _number)
    spoken = codes >= 0
    values = numbers.copy()
    values[spoken] = _spread(reads, codes)[spoken]
    for p in np.flatnonzero(values < 0):
        values[p] = np.nan
        kind = ("negative", "rejected") if cell == "end" else ("not_a_number", "kept")
        notes.append(Note(int(p), *kind))
    if cell == "end" and unit is not None:
        factor = amount_unit_factor(unit) or area_unit_factor(unit)
        if factor is not None:
            values = values * float(factor.numerator) / float(factor.denominator)
    return Cells({column: values}, _blank(codes, reads, numbers), notes)


def _number(text: Any) -> _Read:
    try:
        value = parse_number(text)
    except CellError:
        if isinstance(text, str) and plain(text).casefold() in ("inf", "∞"):
            return _Read(math.inf)
        return _Read(said=(("not_a_number", "kept", {}),))
    return _Read(blank=True) if value is None else _Read(value, said=_mended(text))


def _dates(raw: pd.Series, column: str, words: Mapping[str, str]) -> Cells:
    codes, reads, notes = _by_text(raw, lambda value: _date(value, words))
    days = pd.Series([r.value for r in reads] + [None], dtype="datetime64[us]")
    values = pd.Series(days.to_numpy()[codes], dtype="datetime64[us]")
    worded = np.array([bool(r.word) for r in reads] + [False])[codes]
    meant = {int(p): reads[codes[p]].word for p in np.flatnonzero(worded)}
    return Cells({column: values}, _blank(codes, reads), notes, meant)


def _date(value: Any, words: Mapping[str, str]) -> _Read:
    """Read a date, or a word that stands in its place (not started)."""
    if is_placeholder_date(value):
        return _Read(blank=True, said=(("placeholder_date", "mended", {}),))
    try:
        span = parse_date(value)
    except CellError as error:
        word = words.get(header_key(value))
        if word is None and "not_started" in words.values() and says_not_started(value):
            word = "not_started"
        if word is not None:
            return _Read(word=word)
        return _Read(said=(("ambiguous" if isinstance(error, AmbiguousError) else "not_a_date", "kept", {}),))
    if span is None:
        unsaid = isinstance(value, str) and words.get(header_key(value)) == "unknown"
        return _Read(word="unknown") if unsaid else _Read(blank=True)
    if span.first != span.last:
        return _Read(said=(("month_only", "kept", {"first": span.first, "last": span.last}),))
    return _Read(pd.Timestamp(span.first), said=_mended(value))


def _texts(raw: pd.Series, column: str, cell: str) -> Cells:
    """Read texts; whole numbers lose their ``.0``, and codes that Excel turned into 1.23E+18 are said."""
    texts, lost = clean_texts(raw)
    coded = cell in ("id", "refs", "code")
    action = "rejected" if cell == "id" else "kept"
    notes = [Note(int(p), "long_code_lost", action) for p in np.flatnonzero(lost)] if coded else []
    if coded and cell != "refs":
        texts = texts.mask(lost)
    if cell == "id":
        narrow = texts.str.normalize("NFKC")
        for p in np.flatnonzero((texts.notna() & (narrow != texts)).to_numpy(dtype=bool)):
            notes.append(Note(int(p), "full_width", "mended", {"now": narrow.iat[p]}))
        texts = narrow
    blank = texts.isna().to_numpy(dtype=bool)
    if cell != "refs":
        return Cells({column: texts}, blank, notes)
    codes, uniques = pd.factorize(texts)
    lists = [split_refs(u) if not is_lost_number(u) else [u] for u in uniques]
    refs = pd.Series([list(lists[c]) if c >= 0 else [] for c in codes], dtype=object)
    return Cells({column: refs}, blank, notes)


def _worded(
    raw: pd.Series, column: str, cell: str, reader: Callable[[Any], Any], words: Mapping[str, str]
) -> Cells:
    """Read words with a fixed meaning; a word without one is unknown, and said."""

    def read(value: Any) -> _Read:
        meant = isinstance(value, str) and header_key(value) in words
        if not meant and is_blank(value):
            return _Read(blank=True)
        found = reader(value if isinstance(value, bool) else whole_text(value))
        return _Read(found) if found is not None else _Read(said=(("not_recognised", "kept", {}),))

    codes, reads, notes = _by_text(raw.astype(object).reset_index(drop=True), read)
    dtype = {"flag": "boolean", "new": "boolean", "year": "Int64"}.get(cell, "str")
    found = pd.array([r.value for r in reads] + [None], dtype=dtype)
    return Cells({column: pd.Series(found[codes])}, _blank(codes, reads), notes)


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
