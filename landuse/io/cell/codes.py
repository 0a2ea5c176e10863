"""Parcel codes and county codes of a file: one spelling, look-alikes mended, old codes said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from landuse.io.cell.model import Note
from landuse.parsing.county_codes import CHANGED_IN, REUSED, county_name, current_county, renamed
from landuse.parsing.parcel_codes import code_fault, normalise_ref, spell_code
from landuse.tables.table import nothing

__all__ = ["county_notes", "spelt_ids", "spelt_refs"]

Said = tuple[int | None, str, str, dict[str, Any]]
_CODE_LIKE = r"(?:[0-9OoIil] ?){10,14}[A-Za-z] ?[A-Za-z](?: ?[0-9A-Za-z])*"
"""Prefilter: what may be a parcel code, well or badly written."""
_VALID = r"[1-9][0-9]{11}(?:[GZ][BD-HSXWY]|J[A-HSXWY])[0-9]{5}(?:[FLQW][0-9]{8})?"


def spelt_ids(texts: pd.Series) -> tuple[pd.Series, list[Note]]:
    """Bring parcel codes among the ids of a column into one spelling.

    Parameters
    ----------
    texts : Series of str
        Ids, cleaned; missing where there is none.

    Returns
    -------
    texts : Series of str
    notes : list of Note
        Codes mended, and texts that are almost codes. A look-alike is not mended where the column holds the
        mended code as well: they may be two parcels.
    """
    doubtful = ~texts.str.fullmatch(_VALID).fillna(False).astype(bool)
    doubtful &= texts.str.fullmatch(_CODE_LIKE).fillna(False).astype(bool)
    places = np.flatnonzero(doubtful.to_numpy(dtype=bool))
    if not len(places):
        return texts, []
    taken = Counter(texts.dropna())
    texts, notes = texts.copy(), []
    for place in places.tolist():
        text = str(texts.iat[place])
        code = spell_code(text)
        if code is not None and code != normalise_ref(text):
            kind = "lookalike_kept" if taken[code] else "lookalike"
            notes.append(Note(place, kind, "kept" if taken[code] else "mended", {"now": code}))
            code = None if taken[code] else code
        elif code is not None and code != text:
            notes.append(Note(place, "code_spelling", "mended", {"now": code}))
        fault = code_fault(code or text)
        if fault is not None:
            notes.append(Note(place, f"code_{fault}", "kept", {"signs": len(normalise_ref(text))}))
        texts.iat[place] = code or text
    return texts, notes


def spelt_refs(texts: pd.Series) -> list[Note]:
    """Say which cells name parcels by codes in which letters stood for digits; ``split_refs`` mends them."""
    notes = []
    for place in np.flatnonzero(texts.str.contains("[OoIil]", regex=True).fillna(False).to_numpy(dtype=bool)):
        for piece in _pieces(str(texts.iat[place])):
            code = spell_code(piece)
            if code is not None and code != normalise_ref(piece):
                notes.append(Note(int(place), "lookalike", "mended", {"now": code}))
    return notes


def _pieces(cell: str) -> list[str]:
    """Return every stretch of a cell that may be one code: up to six neighbouring pieces."""
    words = pd.Series([cell]).str.split(r"[、,，;；/|\s]+", regex=True).iat[0]
    return [
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + 6, len(words)) + 1)
    ]


def county_notes(data: Mapping[str, Any], rows: int) -> list[Said]:
    """Say where counties are named by codes of another time, or differently by column and parcel code."""
    empty = nothing(rows)
    column = data.get("county_code", empty)
    ids = data.get("parcel_id", empty)
    coded = ids.str.slice(0, 6).where(ids.str.fullmatch(_VALID).fillna(False).astype(bool))
    said: list[Said] = []
    for name, codes in (("county_code", column), ("parcel_id", coded)):
        for code, count in codes.value_counts().sort_index().items():
            old = renamed(str(code))
            if old is not None:
                words = {"count": int(count), "code": code, "name": old.name, "since": old.since}
                words |= {"now": old.now_code, "now_name": old.now_name}
                said.append((None, name, "county_code_old", words))
    today = [_today(c) for c in (column, coded)]
    differ = today[0].notna() & today[1].notna() & (today[0] != today[1])
    said += [
        (int(p), "county_code", "county_differs", {"code": coded.iat[p]}) for p in np.flatnonzero(differ)
    ]
    signed = data.get("signed_on")
    if signed is not None:
        early = column.isin(list(REUSED)) & (signed.dt.year < CHANGED_IN)
        said += [
            (int(p), "county_code", "county_code_reused", _reused(column.iat[p]))
            for p in np.flatnonzero(early)
        ]
    return said


def _today(codes: pd.Series) -> pd.Series:
    """Return the codes that counties have today, each distinct one looked up once."""
    places, uniques = pd.factorize(codes)
    now = pd.Series([*map(current_county, uniques), None], dtype="str")
    return now.take(places).reset_index(drop=True)


def _reused(code: str) -> dict[str, Any]:
    return {"since": CHANGED_IN, "now_name": county_name(code), "other": REUSED[code]}
