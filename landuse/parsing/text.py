"""The one way to clean the text of a cell: half-width, no invisible characters, single spaces."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain"]

_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_POWER = re.compile("(?<=[mM米])[²³]")


def plain(text: object) -> str:
    """Return the text of a cell in one spelling.

    Full-width letters, digits and punctuation become half-width, squared units become ``m2``, runs of white
    space one space. Circled and raised digits and printed fractions stay as they are: they are no part of a
    number (``①2亿`` is not ``12亿``).

    Parameters
    ----------
    text : object
        The cell.

    Returns
    -------
    str
        Its text, without space at either end.

    Examples
    --------
    >>> plain("　１，２００．５㎡ ")
    '1,200.5m2'
    >>> plain("①２亿")
    '①2亿'
    """
    raw = text if isinstance(text, str) else str(text)
    if raw.isascii():
        if raw.isprintable() and " " not in raw:
            return raw
    else:
        raw = _INVISIBLE.sub("", _POWER.sub(lambda m: "2" if m[0] == "²" else "3", raw))
        if not unicodedata.is_normalized("NFKC", raw):
            raw = "".join(_half_width(part) for part in _parts(raw))
    return _SPACES.sub(" ", raw).strip()


def _parts(raw: str) -> list[str]:
    """Cut the text so that every circled, raised or fractional digit stands alone."""
    parts: list[str] = [""]
    for sign in raw:
        if unicodedata.category(sign) == "No":
            parts += [sign, ""]
        else:
            parts[-1] += sign
    return parts


def _half_width(part: str) -> str:
    if len(part) == 1 and unicodedata.category(part) == "No":
        return part
    return unicodedata.normalize("NFKC", part)
