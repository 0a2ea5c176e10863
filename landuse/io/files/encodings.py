"""Which encoding a text file is in: decided on its bytes, refused where they do not say."""

from __future__ import annotations

import codecs

from landuse.errors import FormatError
from landuse.io.files.text_evidence import score

__all__ = ["decode", "known_codec"]

_REMEDY = 'name the encoding in the plan: encoding = "gbk" (or "utf-8", "utf-16", "big5")'
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_COMMON_SHARE = 0.5
"""Chinese text in GBK is nearly all of level 1 of GB 2312; what is valid GBK by accident hardly ever is."""
_DAMAGED_SHARE = 0.2
_SAMPLE = 400_000


def decode(data: bytes, *, encoding: str | None = None, file: str | None = None) -> tuple[str, str]:
    """Decode the bytes of a text file.

    A byte order mark decides; else UTF-16 shows by its zero bytes, UTF-8 by being valid, and GBK (read as its
    superset GB 18030) by being valid and made of common characters.

    Parameters
    ----------
    data : bytes
        The whole file.
    encoding : str, optional
        Overrules detection.
    file : str, optional
        Named in the refusal.

    Returns
    -------
    text : str
        Without byte order mark.
    encoding : str
        The one that was used: "utf-8", "gb18030", "utf-16-le", "utf-16-be" or the one given.

    Raises
    ------
    FormatError
        Where the encoding given is unknown or does not fit, or no encoding fits.

    Examples
    --------
    >>> decode(b"a,b")
    ('a,b', 'utf-8')
    >>> decode(bytes([0xD6, 0xD0]))[1]
    'gb18030'
    """
    if encoding is not None:
        return _decode_as(data, _superset(encoding, file), file)
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, codec, file)[0], name
    if b"\0" in data:
        return _decode_wide(data, file)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        damage = error.start
    else:
        chinese = None if _plausible(text) else _chinese(data)
        return (text, "utf-8") if chinese is None else (chinese, "gb18030")
    if _nearly_utf8(data):
        raise FormatError(
            f"the text is UTF-8 but for the byte at position {damage + 1}", file=file, remedy=_REMEDY
        )
    chinese = _chinese(data)
    if chinese is None:
        raise FormatError("the bytes are no text in UTF-8, GBK or UTF-16", file=file, remedy=_REMEDY)
    return chinese, "gb18030"


def known_codec(encoding: str) -> bool:
    """Say whether there is an encoding of this name."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _superset(encoding: str, file: str | None) -> str:
    if not known_codec(encoding):
        raise FormatError(f"unknown encoding {encoding!r}", file=file, key="encoding", remedy=_REMEDY)
    name = codecs.lookup(encoding).name
    return {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig"}.get(name, name)


def _decode_as(data: bytes, codec: str, file: str | None) -> tuple[str, str]:
    name = codec.removesuffix("-sig")
    try:
        text = data.decode(codec)
    except UnicodeError as error:
        at = f" at byte {error.start + 1}" if isinstance(error, UnicodeDecodeError) else ""
        raise FormatError(
            f"the file is not {name}{at}",
            file=file,
            key="encoding",
            remedy='leave encoding out of the plan, or name the right one: encoding = "gbk"',
        ) from None
    return text.removeprefix("\ufeff"), name


def _decode_wide(data: bytes, file: str | None) -> tuple[str, str]:
    """Decode UTF-16 without a mark: the zero halves of its ASCII characters tell the byte order."""
    high_first = data[0::2].count(0) > data[1::2].count(0)
    name = "utf-16-be" if high_first else "utf-16-le"
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        text = "\0"
    if any(c < " " and c not in "\t\n\r\f\x1a" for c in text):
        raise FormatError(
            "the file holds zero bytes and is no UTF-16 text", file=file, remedy="is it a text file?"
        )
    return text, name


def _nearly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", errors="replace")
    beyond = [c for c in text if c > "\x7f"]
    broken = sum(c == "\ufffd" for c in beyond)
    return broken <= _DAMAGED_SHARE * len(beyond)


def _plausible(text: str) -> bool:
    return score([text[:_SAMPLE]]) >= _COMMON_SHARE


def _chinese(data: bytes) -> str | None:
    """Return the text as GBK, None where it is not plausible Chinese."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return text if not text.isascii() and _plausible(text) else None
