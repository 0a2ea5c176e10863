"""Texts of a column: hidden characters out, whole numbers without ``.0``, ruined codes told."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.parsing.words import is_blank

__all__ = ["clean_texts", "is_lost_number", "tidy", "whole_text"]

_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_ODD = re.compile(rf"{_HIDDEN.pattern}|[^\S ]|[\x00-\x1f\x7f-\x9f]|  |^ | $")
_PLAIN_CODE = "[!-DF-df-~]*[0-9][!-DF-df-~]*"
"""Printed ASCII with a digit and without e or E: nothing to clean, no blank, no 1.23e+18."""
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2,}")
_EXACT = float(2**53)
_LONGEST_BLANK = 8


def whole_text(value: Any) -> str:
    """Return a cell as text; a whole number without decimals.

    Examples
    --------
    >>> whole_text(410302.0), whole_text("a b")
    ('410302', 'a b')
    """
    if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < _EXACT:
        return str(int(value))
    return str(value)


def is_lost_number(text: Any) -> bool:
    """Say whether a text is a long number that a sheet has written as 1.23E+18.

    Examples
    --------
    >>> is_lost_number("4.10302E+18"), is_lost_number("410302001001GB00001")
    (True, False)
    """
    return isinstance(text, str) and _SCIENTIFIC.fullmatch(text.strip()) is not None


def clean_texts(raw: pd.Series) -> tuple[pd.Series, npt.NDArray[np.bool_]]:
    """Return the texts of a column (blank cells missing) and which of them are codes that were lost.

    Parameters
    ----------
    raw : Series
        The cells as the driver gave them.

    Returns
    -------
    texts : Series of str
        Hidden characters and white space at the ends removed, runs of white space one space.
    lost : ndarray of bool
        Numbers of 2**53 and more held as floats, and texts such as 1.23E+18.
    """
    raw = raw.reset_index(drop=True)
    if pd.api.types.is_integer_dtype(raw.dtype):
        return raw.astype("str"), np.zeros(len(raw), dtype=bool)
    held = np.zeros(len(raw), dtype=bool)
    if not isinstance(raw.dtype, pd.StringDtype) and pd.api.types.infer_dtype(raw, skipna=True) != "string":
        cells = raw.astype(object)
        held = np.fromiter((isinstance(c, float) and abs(c) >= _EXACT for c in cells), bool, len(cells))
        raw = pd.Series([None if _absent(c) else whole_text(c) for c in cells], dtype="str")
    texts = raw.astype("str")
    plain = texts.str.fullmatch(_PLAIN_CODE).fillna(False).to_numpy(dtype=bool)
    odd = np.flatnonzero(texts.notna().to_numpy(dtype=bool) & ~plain)
    if not len(odd):
        return texts, held
    codes, uniques = pd.factorize(texts.iloc[odd])
    cleaned = pd.Series([_cleaned(u) for u in uniques.tolist()], dtype="str")
    lost = np.array([is_lost_number(t) for t in cleaned.tolist()], dtype=bool)
    held[odd] |= lost[codes]
    if len(odd) == len(texts):
        return cleaned.take(codes).reset_index(drop=True), held
    texts = texts.copy()
    texts.iloc[odd] = cleaned.take(codes).array
    return texts, held


def tidy(text: str) -> str:
    """Return a text without hidden characters and outer spaces, runs of white space one space."""
    return _SPACES.sub(" ", _HIDDEN.sub("", text)).strip()


def _cleaned(text: str) -> str | None:
    """Clean one text; None where it says nothing."""
    if _ODD.search(text):
        text = tidy(text)
    short = len(text) <= _LONGEST_BLANK and not any(sign.isdigit() for sign in text)
    return None if short and is_blank(text) else text


def _absent(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
