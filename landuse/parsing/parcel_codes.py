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
from dataclasses import dataclass
from numbers import Integral, Real

import pandas as pd

from landuse.parsing.text import plain
from landuse.parsing.words import is_blank

__all__ = [
    "ParcelCode",
    "code_fault",
    "normalise_ref",
    "ownership_from_code",
    "parse_parcel_code",
    "spell_code",
    "split_refs",
]

_CODE = re.compile(r"[1-9]\d{11}(?P<owner>[GJZ])(?P<kind>[A-HSXWY])\d{5}(?:[FLQW]\d{8})?", re.ASCII)
_DIGIT = "[0-9OoIil]"
_LIKE_CODE = re.compile(
    rf"({_DIGIT}{{12}})([GJZgjz][A-HSXWYa-hsxwy])({_DIGIT}{{5}})(?:([FLQWflqw])({_DIGIT}{{8}}))?"
)
_LOOKS = str.maketrans("OoIil", "00111")
_ALMOST = re.compile(r"[1-9]\d{11}(?P<mark>[A-Z]{2})\d*(?:[A-Z]\d*)?", re.ASCII)
_COLLECTIVE_ONLY = ("A", "C")
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


@dataclass(frozen=True)
class ParcelCode:
    """A parcel code by its layers.

    Parameters
    ----------
    county : str
        County-level administrative code, six digits.
    district, subdistrict : str
        Cadastral district and sub-district, three digits each.
    mark : str
        Two letters: who owns the land, and which right.
    number : str
        Five digits.
    fixture : str or None
        One letter and eight digits, where the code is one of a real-estate unit.
    """

    county: str
    district: str
    subdistrict: str
    mark: str
    number: str
    fixture: str | None = None

    @property
    def grouped(self) -> str:
        """The code as it is shown to people, in groups."""
        parts = [self.county, self.district + self.subdistrict, self.mark + self.number, self.fixture]
        return " ".join(part for part in parts if part)

    @property
    def owner(self) -> str | None:
        """``"state"``, ``"collective"``, or None where the mark does not say or contradicts itself."""
        if self.mark[1] in _COLLECTIVE_ONLY and self.mark[0] != "J":
            return None
        return {"G": "state", "J": "collective"}.get(self.mark[0])


def parse_parcel_code(text: object) -> ParcelCode | None:
    """Read a parcel code of 19 or 28 signs; None for any other text.

    Examples
    --------
    >>> parse_parcel_code("410302 001001 GB00001 F00010001").fixture
    'F00010001'
    >>> parse_parcel_code("410302001001GB00001").grouped, parse_parcel_code("A-3")
    ('410302 001001 GB00001', None)
    """
    code = spell_code(text)
    if code is None:
        return None
    return ParcelCode(code[:6], code[6:9], code[9:12], code[12:14], code[14:19], code[19:] or None)


def spell_code(text: object) -> str | None:
    """Return a parcel code in its one spelling; None for a text that is none.

    White space goes, letters become upper case, and a letter O or I (l) where the code has a digit becomes 0
    or 1. In the places of letters nothing is mended.

    Examples
    --------
    >>> spell_code("4103O2 00l00I gbOOOO1"), spell_code("4103020010010B00001")
    ('410302001001GB00001', None)
    """
    match = _LIKE_CODE.fullmatch(re.sub(r"\s", "", plain(text)))
    if match is None:
        return None
    digits, mark, number, letter, fixture = match.groups(default="")
    code = f"{digits.translate(_LOOKS)}{mark.upper()}{number.translate(_LOOKS)}{letter.upper()}"
    code += fixture.translate(_LOOKS)
    return code if _CODE.fullmatch(code) else None


def code_fault(text: str) -> str | None:
    """Say what is wrong with a text that is almost a parcel code; None for codes and for other texts.

    Returns
    -------
    str or None
        ``"length"`` (not 19 or 28 signs), ``"mark"`` (letters that the standard does not know) or ``"owner"``
        (A and C stand for collective land, and the first letter says otherwise).

    Examples
    --------
    >>> [code_fault(c) for c in ("410302001001GB0001", "410302001001KB00001", "410302001001GC00001", "A-3")]
    ['length', 'mark', 'owner', None]
    """
    code = normalise_ref(text)
    if _CODE.fullmatch(code):
        return "owner" if code[13] in _COLLECTIVE_ONLY and code[12] != "J" else None
    if not _ALMOST.fullmatch(code):
        return None
    return "mark" if len(code) in (19, 28) else "length"


def split_refs(cell: object) -> list[str]:
    """Return the parcel numbers of a cell, each normalised, in order, none twice.

    They stand apart by ``、 , ; / |`` , white space or line breaks; the spaces within the display form of a
    code of 19 or 28 signs do not part it, and letters that look like its digits are mended.

    Examples
    --------
    >>> split_refs("410302001001GB 00001、410302001001GB00002；A-3 A-4")
    ['410302001001GB00001', '410302001001GB00002', 'A-3', 'A-4']
    """
    if isinstance(cell, Iterable) and not isinstance(cell, str):
        return list(dict.fromkeys(ref for part in cell for ref in split_refs(part)))
    if isinstance(cell, str) and _CODE.fullmatch(cell):
        return [cell]  # by far the most: one code, written as it should be
    if is_blank(cell):
        return []
    if not isinstance(cell, str):
        return [normalise_ref(cell)]
    lines = [plain(line) for line in re.split(r"[\n\r\t]+", cell)]
    pieces = [piece.split() for line in lines for piece in _HARD.split(line)]
    refs = (spell_code(ref) or normalise_ref(ref) for tokens in pieces for ref in _rejoined(tokens))
    return list(dict.fromkeys(ref for ref in refs if not is_blank(ref)))


def _rejoined(tokens: list[str]) -> list[str]:
    """Join neighbouring pieces that together are one code; the longest that fits wins."""
    refs: list[str] = []
    place = 0
    while place < len(tokens):
        for end in range(min(place + _LONGEST, len(tokens)), place, -1):
            joined = "".join(tokens[place:end])
            if end == place + 1 or spell_code(joined):
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
    valid = _is_code(texts)
    other = texts.notna() & ~valid
    if other.any():
        spelt = [None if is_blank(c) else normalise_ref(c) for c in codes[other]]
        texts = texts.mask(other, pd.Series(spelt, index=codes.index[other], dtype="str"))
        valid = _is_code(texts)
    owner, kind = texts.str.slice(12, 13).where(valid), texts.str.slice(13, 14)
    owner = owner.where(owner.eq("J") | ~kind.isin(["A", "C"]))
    return owner.map({"G": "state", "J": "collective"}).astype("str")


def _is_code(texts: pd.Series) -> pd.Series:
    return texts.str.fullmatch(_CODE.pattern).fillna(False).astype(bool)
