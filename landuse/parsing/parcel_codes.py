"""Parcel codes: one spelling, several in a cell, and what the code says of the owner.

References
----------
GB/T 37346 不动产单元设定与代码编制规则: county 6, cadastral district 3, sub-district 3, mark 2, number 5
(19 in all), then mark 1 and number 8 of the fixture (28 in all). The first sign of the mark is G (state),
J (collective) or Z (undetermined). There is no check digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from numbers import Integral, Real

import pandas as pd

from landuse.parsing.text import plain
from landuse.parsing.words import is_blank

__all__ = ["normalise_ref", "ownership_from_code", "split_refs"]

_CODE = re.compile(r"[1-9]\d{11}(?P<owner>[GJZ])(?P<kind>[A-HSXWY])\d{5}(?:[FLQW]\d{8})?", re.ASCII)
_HARD = re.compile(r"[、,;/|\n\r\t]+")
_LONGEST = 6
"""Pieces that a code is shown in at most: county, district, sub-district, mark and number, fixture."""


def normalise_ref(text: object) -> str:
    """Return a parcel number in one spelling: half-width, upper case, without spaces.

    Examples
    --------
    >>> normalise_ref(" 410302001001gb　00001 ")
    '410302001001GB00001'
    """
    if isinstance(text, Real) and not isinstance(text, bool | Integral) and float(text).is_integer():
        text = int(float(text))
    return plain(text).upper().replace(" ", "")


def split_refs(cell: object) -> list[str]:
    """Return the parcel numbers of a cell, each normalised, in order, none twice.

    They stand apart by ``、 , ; / |`` , white space or line breaks; the spaces within the display form of a
    code of 19 or 28 signs do not part it.

    Examples
    --------
    >>> split_refs("410302001001GB 00001、410302001001GB00002；A-3 A-4")
    ['410302001001GB00001', '410302001001GB00002', 'A-3', 'A-4']
    """
    if isinstance(cell, Iterable) and not isinstance(cell, str):
        return list(dict.fromkeys(ref for part in cell for ref in split_refs(part)))
    if is_blank(cell):
        return []
    if not isinstance(cell, str):
        return [normalise_ref(cell)]
    lines = [plain(line) for line in re.split(r"[\n\r\t]+", cell)]
    pieces = [piece.split() for line in lines for piece in _HARD.split(line)]
    refs = (normalise_ref(ref) for tokens in pieces for ref in _rejoined(tokens))
    return list(dict.fromkeys(ref for ref in refs if not is_blank(ref)))


def _rejoined(tokens: list[str]) -> list[str]:
    """Join neighbouring pieces that together are one code; the longest that fits wins."""
    refs: list[str] = []
    place = 0
    while place < len(tokens):
        for end in range(min(place + _LONGEST, len(tokens)), place, -1):
            joined = "".join(tokens[place:end])
            if end == place + 1 or _CODE.fullmatch(joined.upper()):
                refs.append(joined)
                place = end
                break
    return refs


def ownership_from_code(codes: pd.Series) -> pd.Series:
    """Return who owns the land by the codes: ``"state"``, ``"collective"``, or missing.

    Parameters
    ----------
    codes : Series of str
        Parcel codes; anything that is not a valid code of 19 or 28 signs says nothing.

    Examples
    --------
    >>> ownership_from_code(pd.Series(["410302001001GB00001", "410302001001JC00001", "A-3"])).tolist()
    ['state', 'collective', nan]
    """
    texts = codes.astype("str")
    other = texts.notna() & ~texts.str.fullmatch(_CODE.pattern).fillna(False).astype(bool)
    spelt = [None if is_blank(c) else normalise_ref(c) for c in codes[other]]
    texts = texts.mask(other, pd.Series(spelt, index=codes.index[other], dtype="str"))
    parts = texts.str.extract(f"^{_CODE.pattern}$")
    owner = parts["owner"].where(parts["owner"].eq("J") | ~parts["kind"].isin(["A", "C"]))
    return owner.map({"G": "state", "J": "collective"}).astype("str")
