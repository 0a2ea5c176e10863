"""Dates as people write them, as the span of days they can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np

from landuse.errors import AmbiguousError, CellError, NoSuchDayError
from landuse.parsing.numbers import cell_number, chinese_integer
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank

__all__ = ["DateSpan", "is_placeholder_date", "parse_date"]


@dataclass(frozen=True)
class DateSpan:
    """The days a text can mean: ``first`` = ``last`` for a date, a month for "2019年3月"."""

    first: date
    last: date
    raw: str

    @property
    def period(self) -> str | None:
        """The month or year as ISO 8601 writes it (2019-03, 2019); None for a day and for any other span.

        Examples
        --------
        >>> parse_date("2019年3月").period, parse_date("2019").period, parse_date("2019年上半年").period
        ('2019-03', '2019', None)
        """
        if self == _months(self.first.year, self.first.month, self.first.month, self.raw):
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y}" if self == _months(self.first.year, 1, 12, self.raw) else None


_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_EXCEL_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_001)
_CHINA = timezone(timedelta(hours=8))
_PLACEHOLDERS = {(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1, 1, 1)}
_REMEDY = "write it as 2019-04-19 or 2019年4月19日"

_TIME = r"(?:[ T]?\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?"
_DAY = re.compile(
    r"(?P<y>\d{4})\s*(?P<sep>[-/.\\_])\s*(?P<m>\d{1,2})\s*(?P=sep)\s*(?P<d>\d{1,2})" + _TIME, re.ASCII
)
_ZONED = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})", re.ASCII
)
_MONTH = re.compile(r"(?P<y>\d{4})\s*[-/.]\s*(?P<m>\d{1,2})", re.ASCII)
_SOLID = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?" + _TIME, re.ASCII)
_HAN = "零〇○O一二三四五六七八九十"
_CHINESE = re.compile(
    rf"(?P<y>\d{{4}}|[{_HAN}]{{4}})\s*年(?:度|份)?\s*(?:(?P<m>\d{{1,2}}|[{_HAN}]{{1,3}})\s*月(?:份)?\s*"
    rf"(?:(?P<d>\d{{1,2}}|[{_HAN}]{{1,3}})\s*[日号]{_TIME}|(?P<ten>[上中下])旬|(?P<vague>[初中底末]))?"
    rf"|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|[初底末中])?",
    re.ASCII,
)
_SHORT = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,4}", re.ASCII)
_TWO = re.compile(r"(?:19|20)\d{2}.{1,14}(?:19|20)\d{2}")


def is_placeholder_date(value: object) -> bool:
    """Say whether a cell holds a date that stands for none: 1900-01-01, year 9999, Excel's day 0.

    Examples
    --------
    >>> is_placeholder_date("1900/1/1"), is_placeholder_date("9999-12-31"), is_placeholder_date("2019-01-01")
    (True, True, False)
    """
    if isinstance(value, date | np.datetime64) and not is_blank(value):
        found = _from_object(value)
        return found is not None and _is_placeholder(found.year, found.month, found.day)
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(value) in (0.0, 1.0, 19000101.0) or 99_990_101 <= float(value) <= 99_991_231
    if not isinstance(value, str):
        return False
    match = _match(plain(value))
    if not match:
        return False
    year, month, day = (_whole(match.groupdict().get(k)) for k in "ymd")
    return _is_placeholder(year or 0, month or 1, day or 1)


def _is_placeholder(year: int, month: int, day: int) -> bool:
    return year == 9999 or (year, month, day) in _PLACEHOLDERS


def parse_date(value: object) -> DateSpan | None:
    """Read a date.

    Parameters
    ----------
    value : object
        Text (``2019-4-19``, ``2019.3.5``, ``20190419``, ``2019年3月1日``, ``二〇一九年三月五日``; a month or
        year alone is a span), a date object, or an Excel serial (20000 to 80000). A time of day is dropped;
        a moment with a time zone is taken to the date in China.

    Returns
    -------
    DateSpan or None
        First and last day it can mean; None where the cell is blank or holds a placeholder.

    Raises
    ------
    AmbiguousError
        Two dates, a year of two digits, day and month in doubt.
    CellError
        Not a date.

    Examples
    --------
    >>> parse_date("2019年3月").last, parse_date(43555).first, parse_date("1900-01-01")
    (datetime.date(2019, 3, 31), datetime.date(2019, 3, 31), None)
    """
    if is_blank(value) or is_placeholder_date(value):
        return None
    raw = str(value)
    if isinstance(value, date | np.datetime64):
        day = _from_object(value)
        return _span(day.year, day.month, day.day, raw) if day else None
    if not isinstance(value, str):
        return _from_number(value, raw)
    return _from_text(plain(value), raw)


def _from_object(value: Any) -> date | None:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").astype(object)
        if not isinstance(value, date):
            raise CellError(f"not a date: {value!r}", remedy=_REMEDY)
    return value.date() if isinstance(value, datetime) else value


def _from_number(value: object, raw: str) -> DateSpan:
    number = cell_number(value)
    if number is None:
        raise CellError(f"not a date: {raw!r}", remedy=_REMEDY)
    if int(number) in _SERIALS:
        day = _EXCEL_ZERO + timedelta(days=int(number))
        return DateSpan(day, day, raw)
    if number.denominator == 1:
        return _from_text(str(int(number)), raw)
    return _from_text(str(float(number)), raw)


def _match(text: str) -> re.Match[str] | None:
    for pattern in (_DAY, _CHINESE, _SOLID, _MONTH):
        if match := pattern.fullmatch(text):
            return match
    return None


def _from_text(text: str, raw: str) -> DateSpan:
    if _ZONED.fullmatch(text):
        return _from_moment(text, raw)
    if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text) and int(text[:5]) in _SERIALS:
        serial = _EXCEL_ZERO + timedelta(days=int(text[:5]))
        return DateSpan(serial, serial, raw)
    if re.fullmatch("[0-9]{13}", text):
        moment = datetime.fromtimestamp(int(text) // 1000, tz=_CHINA)
        return _span(moment.year, moment.month, moment.day, raw)
    if re.fullmatch("(?:19|20|21)[0-9]{2}", text):
        return _span(int(text), None, None, raw)
    if re.fullmatch(r"[0-9]{4}\.1", text):  # a sheet writes the number 2019.10 so
        raise AmbiguousError(f"January or October: {raw!r}", remedy=_REMEDY)
    match = _match(text)
    if match is None:
        if _SHORT.fullmatch(text) or (len(text) < 60 and _TWO.search(text)):
            raise AmbiguousError(f"a date that can be read in two ways: {raw!r}", remedy=_REMEDY)
        raise CellError(f"not a date: {raw!r}", remedy=_REMEDY)
    found = match.groupdict()
    year, month, day = (_whole(found.get(k)) for k in "ymd")
    if year is None or (found.get("m") and month is None) or (found.get("d") and day is None):
        raise CellError(f"not a date: {raw!r}", remedy=_REMEDY)
    span = _span(year, month, day, raw)
    if ten := found.get("ten"):
        first, last = {"上": (1, 10), "中": (11, 20), "下": (21, span.last.day)}[ten]
        return DateSpan(span.first.replace(day=first), span.first.replace(day=last), raw)
    if half := found.get("half"):
        return _months(year, *((1, 6) if half == "上" else (7, 12)), raw)
    if quarter := found.get("quarter"):
        number = _whole(quarter) or 1
        return _months(year, 3 * number - 2, 3 * number, raw)
    return span


def _from_moment(text: str, raw: str) -> DateSpan:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" +", "+")).astimezone(_CHINA)
    except (ValueError, OverflowError):
        raise CellError(f"not a date: {raw!r}", remedy=_REMEDY) from None
    return _span(moment.year, moment.month, moment.day, raw)


def _whole(text: str | None) -> int | None:
    """Read a year of four signs, a month or a day, in digits or Chinese numerals."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    signs = text.replace("O", "〇").replace("○", "〇")
    if len(signs) == 4:
        digits = [chinese_integer(sign) for sign in signs]
        return int("".join(map(str, digits))) if all(d is not None and d < 10 for d in digits) else None
    return chinese_integer(signs)


def _months(year: int, first: int, last: int, raw: str) -> DateSpan:
    return DateSpan(date(year, first, 1), date(year, last, monthrange(year, last)[1]), raw)


def _span(year: int, month: int | None, day: int | None, raw: str) -> DateSpan:
    """Return the days of a year, a month or a day."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise CellError(f"a year out of reach: {raw!r}", remedy=_REMEDY)
    try:
        if month is None:
            return DateSpan(date(year, 1, 1), date(year, 12, 31), raw)
        if day is None:
            return _months(year, month, month, raw)
        return DateSpan(date(year, month, day), date(year, month, day), raw)
    except (ValueError, IndexError):
        raise NoSuchDayError(f"no such day: {raw!r}", remedy=_REMEDY) from None
