"""County-level codes of Luoyang (GB/T 2260): those of today, and what became of those given up.

References
----------
Reply of the State Council of 2021, as published by the government of Henan on 2021-03-18
(news.dahe.cn/2021/03-18/813998.html): Yanshi city becomes Yanshi district; Mengjin county and Jili district
become Mengjin district. Codes: GB/T 2260 and its yearly updates.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["REUSED", "Renamed", "county_name", "current_county", "renamed"]

CHANGED_IN = 2021
_NAMES = {
    "410302": "老城区",
    "410303": "西工区",
    "410304": "瀍河回族区",
    "410305": "涧西区",
    "410307": "偃师区",
    "410308": "孟津区",
    "410311": "洛龙区",
    "410323": "新安县",
    "410324": "栾川县",
    "410325": "嵩县",
    "410326": "汝阳县",
    "410327": "宜阳县",
    "410328": "洛宁县",
    "410329": "伊川县",
}
_OLD = {
    "410381": ("偃师市", "410307"),
    "410322": ("孟津县", "410308"),
    "410306": ("吉利区", "410308"),
}
REUSED = {"410307": "洛龙区"}
"""Codes of today that some older tables use for another district, and which."""


@dataclass(frozen=True)
class Renamed:
    """A county-level unit that was given up: its code and name, those of today, and since which year."""

    code: str
    name: str
    now_code: str
    now_name: str
    since: int


def renamed(code: str) -> Renamed | None:
    """Return what became of a code that was given up; None for any other.

    Examples
    --------
    >>> renamed("410381").now_code, renamed("410323")
    ('410307', None)
    """
    if code not in _OLD:
        return None
    name, now = _OLD[code]
    return Renamed(code, name, now, _NAMES[now], CHANGED_IN)


def current_county(code: str) -> str:
    """Return the code of today; a code that is not known stays as it is.

    Examples
    --------
    >>> current_county("410306"), current_county("410323"), current_county("110101")
    ('410308', '410323', '110101')
    """
    return _OLD[code][1] if code in _OLD else code


def county_name(code: str, year: int | None = None) -> str | None:
    """Return the name of a county-level unit of Luoyang in a year (of today without one).

    Returns
    -------
    str or None
        None where the code was not in use, is not known here, or stood for something else by some tables.

    Examples
    --------
    >>> county_name("410381", 2011), county_name("410381", 2025), county_name("410307", 2011)
    ('偃师市', None, None)
    """
    before = year is not None and year < CHANGED_IN
    if code in _OLD:
        return _OLD[code][0] if before else None
    if before and code in {now for _, now in _OLD.values()}:
        return None
    return _NAMES.get(code)
