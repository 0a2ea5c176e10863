"""Which encoding a text file is in: decided on its bytes, refused where they do not say."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

from landuse.errors import FormatError

__all__ = ["dbf_encoding", "decode"]

_REMEDY = 'name the encoding in the plan: encoding = "gbk" (or "utf-8", "utf-16", "big5")'
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_COMMON_SHARE = 0.5
"""Chinese text in GBK is nearly all GB 2312; what is only by accident valid GBK hardly ever is."""
_DAMAGED_SHARE = 0.2
_COMMON_SYMBOLS = frozenset("㎡〇㎞№℡¥€")
_DBF_SAMPLE = 5000


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
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        damage = error.start
    if _nearly_utf8(data):
        raise FormatError(
            f"the text is UTF-8 but for the byte at position {damage + 1}", file=file, remedy=_REMEDY
        )
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if not _plausible(text):
        raise FormatError("the bytes are no text in UTF-8, GBK or UTF-16", file=file, remedy=_REMEDY)
    return text, "gb18030"


def dbf_encoding(path: Path, *, stated: str | None = None, file: str | None = None) -> tuple[str, bool]:
    """Return the encoding of a DBF table's text, and whether that is the one its companions state.

    Parameters
    ----------
    path : Path
        The .dbf file.
    stated : str, optional
        What the .cpg file says.
    file : str, optional
        Named in the refusal.

    Returns
    -------
    encoding : str
        "utf-8" where all text is ASCII.
    as_stated : bool
        False only where ``stated`` names an encoding that the bytes break.

    Raises
    ------
    FormatError
        Where no encoding fits, or the file is not a DBF table.
    """
    texts, language = _dbf_texts(path, file)
    if stated is not None and _known(stated) and _all_decode(texts, stated):
        return stated, True
    as_stated = stated is None or not _known(stated)
    if _all_decode(texts, "utf-8"):
        return "utf-8", as_stated
    if _all_decode(texts, "gb18030"):
        # each text on its own: the table's width may have cut its last character
        decoded = "".join(t.decode("gb18030", errors="ignore") for t in texts)
        if language == 0x4D or _plausible(decoded):
            return "gb18030", as_stated
    raise FormatError("the attribute table is no text in UTF-8 or GBK", file=file, remedy=_REMEDY)


def _known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True


def _superset(encoding: str, file: str | None) -> str:
    if not _known(encoding):
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
    beyond = [c for c in text if c > "\x7f"]
    if not beyond:
        return bool(text)
    core = "".join(beyond)
    common = len(core.encode("gb2312", errors="ignore")) // 2 + sum(c in _COMMON_SYMBOLS for c in beyond)
    return common >= _COMMON_SHARE * len(beyond)


def _all_decode(texts: Sequence[bytes], encoding: str) -> bool:
    """Say whether every text decodes, a character cut off at its end allowed."""
    try:
        for text in texts:
            codecs.getincrementaldecoder(encoding)().decode(text, final=False)
    except (UnicodeError, LookupError):
        return False
    return True


def _dbf_texts(path: Path, file: str | None) -> tuple[list[bytes], int]:
    """Return the field names and the distinct non-ASCII texts of the first records, and the language byte."""
    with path.open("rb") as stream:
        head = stream.read(32)
        size = int.from_bytes(head[8:10], "little")
        width = int.from_bytes(head[10:12], "little")
        if len(head) < 32 or size < 33 or width < 1:
            raise FormatError(
                "the attribute table (.dbf) is no DBF table", file=file, remedy="export the layer afresh"
            )
        fields = stream.read(size - 32)
        records = stream.read(width * _DBF_SAMPLE)
    texts: set[bytes] = set()
    spans = []
    at = 1
    for start in range(0, len(fields) - 31, 32):
        field = fields[start : start + 32]
        if field[:1] == b"\r":
            break
        texts.add(field[:11].split(b"\0")[0])
        if field[11:12] == b"C":
            spans.append((at, at + field[16] + 256 * field[17]))
        at += field[16] + (256 * field[17] if field[11:12] == b"C" else 0)
    for start in range(0, len(records) - width + 1, width):
        texts.update(records[start + a : start + b].rstrip(b" \0") for a, b in spans)
    return sorted(t for t in texts if not t.isascii()), head[29]
