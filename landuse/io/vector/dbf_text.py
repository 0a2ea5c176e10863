"""The text of a shapefile's attribute table: raw bytes from the driver, decoded on evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import FormatError
from landuse.io.files.text_evidence import Verdict, codec_of, decode_start, judge
from landuse.io.header.grid import Cut
from landuse.labels import label
from landuse.tables import issue

__all__ = ["RAW", "Decoded", "decode_table"]

RAW = "ISO-8859-1"
"""Read as this, every byte of a table comes through as one character."""
_NAME_BYTES = 10
"""A field name of a DBF table has ten bytes and a closing zero; some programs use the eleventh."""
_REMEDY = 'name the encoding in the plan: encoding = "gbk" (or "utf-8", "big5", "cp1252")'
_BROKEN_SHARE = 0.2


@dataclass(frozen=True)
class Decoded:
    """A table with its text decoded.

    Parameters
    ----------
    headers : list of str
        A name of which the last character was cut in half ends in "…".
    cells : DataFrame
        Columns 0 … n-1.
    cut : dict
        Position of a header that may have been cut to ten bytes, to what is left of it.
    encoding : str
    issues : list of dict
    """

    headers: list[str]
    cells: pd.DataFrame
    cut: dict[int, Cut]
    encoding: str
    issues: list[dict[str, Any]] = field(default_factory=list)


def decode_table(
    headers: Sequence[str],
    cells: pd.DataFrame,
    *,
    rows: npt.NDArray[np.int64],
    file: str,
    declared: str | None,
    language: int,
    given: str | None,
) -> Decoded:
    """Decode field names and texts that a driver read as ``RAW``.

    Parameters
    ----------
    headers : sequence of str
    cells : DataFrame
        Columns 0 … n-1.
    rows : ndarray of int64, shape (n,)
        Record numbers, for issues.
    file : str
        Named in issues and refusals.
    declared, language
        What the .cpg and the head of the table say.
    given : str or None
        The user's word; it overrules.

    Raises
    ------
    FormatError
        Where no encoding fits, or the one given is unknown or fits hardly any text.
    """
    texts = [at for at in range(cells.shape[1]) if _is_text(cells[at])]
    coded = {at: pd.factorize(cells[at]) for at in texts}
    raw = {at: [str(u).encode("latin-1") for u in uniques] for at, (_, uniques) in coded.items()}
    names = [str(h).encode("latin-1", errors="replace") for h in headers]
    strange = [*names, *(t for several in raw.values() for t in several if not t.isascii())]
    verdict, issues = _verdict(strange, file, declared, language, given)
    if given is None:
        _refuse_mixed(names, verdict, file, language)
    codec = verdict.encoding
    shown, cut = _names(names, codec)
    new = cells.copy(deep=False)
    for at in texts:
        if all(t.isascii() for t in raw[at]):
            continue
        codes, _ = coded[at]
        values, odd = _decoded(raw[at], codec)
        new[at] = pd.Series([*values, None], dtype="str").take(codes).reset_index(drop=True)
        for code, (kind, action) in odd.items():
            for place in np.flatnonzero(codes == code).tolist():
                words = {"raw": raw[at][code].decode(codec, errors="backslashreplace"), "used": codec}
                issues.append(issue(kind, action, file=file, row=int(rows[place]), field=shown[at], **words))
    return Decoded(shown, new, cut, codec, issues)


def _is_text(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.StringDtype) or column.dtype == object


def _verdict(
    texts: Sequence[bytes], file: str, declared: str | None, language: int, given: str | None
) -> tuple[Verdict, list[dict[str, Any]]]:
    """Return the encoding and what is to be said about it."""
    found = judge(texts, declared=declared, language=language)
    if given is not None:
        return _as_given(given, texts, found, file), []
    if found is None:
        latin = judge(texts, declared="cp1252")
        like = latin is not None and latin.encoding == "cp1252"
        raise FormatError(
            "the attribute table is no text in UTF-8 or GBK"
            + (f", nor in {declared} as its .cpg says" if declared else ""),
            file=file,
            key="encoding",
            remedy='it looks like cp1252: encoding = "cp1252"' if like else _REMEDY,
        )
    words: dict[str, Any] = {"used": found.encoding, "reason": label("encoding_reasons", found.reason)}
    if found.overruled is not None:
        raw = found.overruled
        return found, [issue("encoding_differs", "mended", file=file, field=".cpg", raw=raw, **words)]
    if found.reason in ("ascii", "declared"):
        return found, []
    return found, [issue("encoding_found", "kept", file=file, field=".dbf", **words)]


def _refuse_mixed(names: Sequence[bytes], verdict: Verdict, file: str, language: int) -> None:
    """Refuse a table whose field names are plainly in another encoding than its texts."""
    own = judge(names, declared=verdict.encoding, language=language)
    if own is None or own.encoding != verdict.encoding:
        other = f"in {own.encoding}" if own is not None else "not"
        raise FormatError(
            f"the texts of the attribute table are in {verdict.encoding}, its field names are {other}",
            file=file,
            key="encoding",
            remedy=f"{_REMEDY}, and give the other ones by columns",
        )


def _as_given(given: str, texts: Sequence[bytes], found: Verdict | None, file: str) -> Verdict:
    codec = codec_of(given)
    if codec is None:
        raise FormatError(f"unknown encoding {given!r}", file=file, key="encoding", remedy=_REMEDY)
    strange = [t for t in texts if not t.isascii()]
    broken = sum(not _fits(t, codec) for t in strange)
    if broken > _BROKEN_SHARE * len(strange):
        like = f', or name encoding = "{found.encoding}"' if found is not None else ""
        raise FormatError(
            f"the attribute table is not {given}",
            file=file,
            key="encoding",
            remedy=f"leave encoding out of the plan{like}",
        )
    return Verdict(codec, "told")


def _fits(text: bytes, codec: str) -> bool:
    try:
        decode_start(text, codec)
    except UnicodeError:
        return False
    return True


def _names(names: Sequence[bytes], codec: str) -> tuple[list[str], dict[int, Cut]]:
    """Return the field names, and which of them may have been cut."""
    shown: list[str] = []
    cut: dict[int, Cut] = {}
    for at, name in enumerate(names):
        try:
            text, tail = decode_start(name, codec)
        except UnicodeError:
            text, tail = name.decode(codec, errors="replace"), b""
        if tail or len(name) in (_NAME_BYTES, _NAME_BYTES + 1):
            cut[at] = Cut(text, tail, codec)
        header = f"{text}…" if tail else text
        again = sum(h.split("…")[0] == text for h in shown) if tail else 0
        shown.append(f"{header}({again + 1})" if again else header)
    return shown, cut


def _decoded(texts: Sequence[bytes], codec: str) -> tuple[list[str | None], dict[int, tuple[str, str]]]:
    """Return the texts, and by position which of them lost half a character or cannot be read."""
    values: list[str | None] = []
    odd: dict[int, tuple[str, str]] = {}
    for at, text in enumerate(texts):
        try:
            whole, tail = decode_start(text, codec)
        except UnicodeError:
            values.append(None)
            odd[at] = ("text_undecodable", "kept")
            continue
        values.append(whole)
        if tail:
            odd[at] = ("text_cut", "kept")
    return values, odd
