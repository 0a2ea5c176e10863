"""Which encoding texts are in: what was declared, what decodes, what is plausible Chinese."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

__all__ = ["Verdict", "codec_of", "decode_start", "judge", "score"]

_DECLARED, _LANGUAGE, _VALID_UTF8 = 0.3, 0.2, 0.3
"""What each weighs beside the share of plausible characters (0 to 1)."""
_ENOUGH = 0.5
"""Chinese text is nearly all GB 2312 level 1; what is only by accident valid GBK hardly ever is."""
_SYMBOLS = frozenset("㎡〇㎞㎝㎜№℡¥€·—–")
"""Signs in use that GB 2312 lacks or codes otherwise."""
_LATIN = re.compile("(?<=[A-Za-z])[\u00c0-\u017f]|[\u00c0-\u017f](?=[A-Za-z])")
_LANGUAGES = {0x4D: "gb18030", 0x4E: "cp949", 0x4F: "cp950", 0x03: "cp1252", 0x7B: "cp932"}
"""The language byte of a DBF table; 0 and 0x57 say nothing."""
_SUPERSETS = {"gbk": "gb18030", "gb2312": "gb18030", "hz": "gb18030"}
_SAMPLE = 20_000
_SAMPLE_CHARACTERS = 400_000


@dataclass(frozen=True)
class Verdict:
    """An encoding, and why it was chosen.

    Parameters
    ----------
    encoding : str
    reason : str
        ``ascii``, ``declared``, ``utf8``, ``language`` or ``plausible``: a key of the labels
        ``[encoding_reasons]``.
    overruled : str or None
        What was declared and is contradicted by the bytes.
    """

    encoding: str
    reason: str
    overruled: str | None = None


def codec_of(name: str) -> str | None:
    """Return the codec that a declaration means, GBK and GB 2312 by their superset; None where it is unknown.

    Examples
    --------
    >>> codec_of("GBK"), codec_of("65001"), codec_of("ANSI 1252"), codec_of("SYSTEM")
    ('gb18030', 'utf-8', 'cp1252', None)
    """
    text = name.strip().strip("\ufeff\0").lower()
    number = re.fullmatch(r"(?:ansi|oem|cp|windows|ibm)?[ _-]*(\d{3,5})", text)
    if number:
        text = {"65001": "utf-8", "936": "gbk", "54936": "gb18030", "88591": "latin-1"}.get(
            number[1], f"cp{number[1]}"
        )
    try:
        found = codecs.lookup(text).name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(found, found)


def judge(texts: Sequence[bytes], *, declared: str | None = None, language: int = 0) -> Verdict | None:
    """Decide which encoding texts are in.

    Parameters
    ----------
    texts : sequence of bytes
        Each may be cut off within its last character.
    declared : str, optional
        What a file beside them says (.cpg).
    language : int
        The language byte of a DBF table.

    Returns
    -------
    Verdict or None
        None where nothing fits well enough.

    Examples
    --------
    >>> luoyang = bytes([0xC2, 0xE5, 0xD1, 0xF4])
    >>> judge([luoyang], declared="UTF-8")
    Verdict(encoding='gb18030', reason='plausible', overruled='UTF-8')
    >>> judge([luoyang.decode("gbk").encode()], declared="GBK").encoding
    'utf-8'
    """
    said = None if declared is None else codec_of(declared)
    telling = _sample(t for t in texts if not t.isascii())
    if not telling:
        return Verdict(said or "utf-8", "ascii" if said is None else "declared")
    spoken = _LANGUAGES.get(language)
    weights: dict[str, tuple[float, str]] = {"gb18030": (0.0, "plausible")}
    if spoken:
        weights[spoken] = (_LANGUAGE, "language")
    weights["utf-8"] = (_VALID_UTF8, "utf8")
    if said:
        weights[said] = (_DECLARED, "declared")
    best: tuple[float, str, str] | None = None
    for codec, (weight, reason) in reversed(weights.items()):
        decoded = _decoded(telling, codec)
        if decoded is None:
            continue
        plausible = score(decoded)
        if reason in ("plausible", "language") and plausible < _ENOUGH:
            continue
        if best is None or plausible + weight > best[0]:
            best = (plausible + weight, codec, reason)
    if best is None:
        return None
    overruled = declared if said is not None and best[1] != said else None
    return Verdict(best[1], best[2], overruled)


def score(texts: Iterable[str]) -> float:
    """Return the share of characters beyond ASCII that one meets in Chinese or Latin text; 1 without any.

    A Chinese character counts where it is of level 1 of GB 2312, a Latin letter with a mark where it stands
    beside an ASCII letter.

    Examples
    --------
    >>> score([bytes([0xC2, 0xE5]).decode("gbk")]), score(["å stray"]), score(["Vårbyg"])
    (1.0, 0.0, 1.0)
    """
    common = _common()
    beyond = plausible = 0
    for text in texts:
        strange = [c for c in text if c > "\x7f"]
        beyond += len(strange)
        plausible += sum(c in common for c in strange) + len(_LATIN.findall(text))
    return plausible / beyond if beyond else 1.0


def decode_start(text: bytes, codec: str) -> tuple[str, bytes]:
    r"""Return the whole characters of a text and the bytes of one that is cut off at its end.

    Raises
    ------
    UnicodeError
        Where the text is not in that encoding.

    Examples
    --------
    >>> decode_start(bytes([0x61, 0xE5, 0x9C]), "utf-8")
    ('a', b'\xe5\x9c')
    """
    decoder = codecs.getincrementaldecoder(codec)()
    decoded = decoder.decode(text, final=False)
    return decoded, decoder.getstate()[0]


def _decoded(texts: Sequence[bytes], codec: str) -> list[str] | None:
    try:
        return [decode_start(t, codec)[0] for t in texts]
    except UnicodeError:
        return None


def _sample(texts: Iterable[bytes]) -> list[bytes]:
    """Return texts spread over all of them, enough to decide."""
    every = list(texts)
    step = -(-len(every) // _SAMPLE) or 1
    found, characters = [], 0
    for text in every[::step]:
        found.append(text)
        characters += len(text)
        if characters > _SAMPLE_CHARACTERS:
            break
    return found


@cache
def _common() -> frozenset[str]:
    """Return the characters of level 1 of GB 2312 (rows 16 to 55), its signs and full widths (1, 3)."""
    rows = (0xA1, 0xA3, *range(0xB0, 0xD8))
    level = bytes(b for high in rows for low in range(0xA1, 0xFF) for b in (high, low))
    return frozenset(level.decode("gb2312", errors="ignore")) | _SYMBOLS
