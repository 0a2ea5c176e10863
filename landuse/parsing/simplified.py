"""Traditional characters into simplified ones, character by character."""

from __future__ import annotations

from functools import cache

__all__ = ["simplified"]

_FIRST, _LAST = 0x3400, 0x9FFF


@cache
def _table() -> dict[int, str]:
    """Return the characters that change, from the dictionary of OpenCC (``t2s``), each to where it stays."""
    from opencc import OpenCC

    signs = [chr(code) for code in range(_FIRST, _LAST + 1)]
    turned = OpenCC("t2s").convert("\n".join(signs)).split("\n")
    changes = {sign: to for sign, to in zip(signs, turned, strict=True) if sign != to and len(to) == 1}
    settled = {}
    for sign in changes:
        to, seen = changes[sign], {sign}
        while to in changes and to not in seen:
            seen.add(to)
            to = changes[to]
        settled[ord(sign)] = to
    return settled


def simplified(text: str) -> str:
    """Return a text in simplified characters.

    One character at a time, so that no character depends on its neighbours and a second pass changes nothing.

    References
    ----------
    OpenCC, dictionary ``TSCharacters`` (Apache License 2.0).

    Examples
    --------
    >>> simplified("洛陽軸承集團有限公司")
    '洛阳轴承集团有限公司'
    """
    return text if text.isascii() else text.translate(_table())
