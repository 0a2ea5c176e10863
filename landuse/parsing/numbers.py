"""Numbers as people write them: thousands separators, full-width digits, Chinese numerals."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real

from landuse.errors import CellError
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank

__all__ = ["as_float", "cell_number", "chinese_integer", "decimal_number", "digits_times", "parse_number"]

_PLAIN = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DIGITS_ONLY = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?")
_LONGEST = 40
_DIGITS = (
    {c: i for i, c in enumerate("零一二三四五六七八九")}
    | {c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")}
    | {"两": 2, "○": 0}
)
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_UNIT = re.compile(r"\s*(人|名|个|户|%)$")


def decimal_number(text: str) -> Fraction | None:
    """Return the exact value of Arabic digits with or without thousands separators; None where malformed.

    Examples
    --------
    >>> decimal_number("8,000.50")
    Fraction(16001, 2)
    >>> decimal_number("1,2000") is None
    True
    """
    if len(text) > _LONGEST or not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    return Fraction(text.replace(",", "").rstrip("."))


def digits_times(text: object, factor: Fraction) -> float | None:
    """Return the number of a text of ASCII digits, decimals allowed, times a factor; None for other cells.

    Most cells of a ledger are such; they need no search for words and units. The result is the float nearest
    to the exact product, for Python divides whole numbers so.

    Examples
    --------
    >>> digits_times("1200.5", Fraction(1, 10)), digits_times("约1200", Fraction(1))
    (120.05, None)
    """
    if not isinstance(text, str) or not _DIGITS_ONLY.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    return float(int(whole + part) * factor.numerator / (10 ** len(part) * factor.denominator))


def chinese_integer(text: str) -> int | None:
    """Return the value of a Chinese numeral below 10,000; None where it is vague or malformed.

    Two digits in a row (``三五``: three to five) and a dropped last unit (``两千五``) are refused.

    Examples
    --------
    >>> chinese_integer("一千零五十"), chinese_integer("十二"), chinese_integer("三五")
    (1050, 12, None)
    """
    total, digit, least, zero = 0, None, 10_000, False
    for sign in text:
        if sign in _DIGITS:
            if digit is not None:
                return None
            if _DIGITS[sign] == 0:
                if not total or zero:
                    return 0 if text == sign else None
                zero = True
            else:
                digit = _DIGITS[sign]
        elif sign in _TENS:
            size = _TENS[sign]
            if size >= least or (digit is None and (size != 10 or total)):
                return None
            total, digit, least, zero = total + (digit or 1) * size, None, size, False
        else:
            return None
    if digit is not None and total and not zero and least > 10:
        return None
    if digit is None and zero:
        return None
    return total + (digit or 0) if text else None


def cell_number(value: object) -> Fraction | None:
    """Return the exact value of a cell that holds a number, None where it holds none (NaN, NA).

    Raises
    ------
    CellError
        For yes/no values, infinities and anything that is not a number.
    """
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        raise CellError(f"a yes/no value, not a number: {value!r}")
    if isinstance(value, Fraction):
        return value
    if isinstance(value, Decimal | Real):
        if math.isnan(value):
            return None
        if math.isinf(value):
            raise CellError(f"not a finite number: {value!r}")
        return Fraction(int(value)) if isinstance(value, Integral) else Fraction(str(float(value)))
    raise CellError(f"not a number: {value!r}")


def parse_number(text: object) -> float | None:
    """Read a number without a unit.

    Parameters
    ----------
    text : object
        The cell: a number, or text such as ``"1,200.5"``, ``"35%"`` (0.35), ``"120人"``, ``"十二"``.

    Returns
    -------
    float or None
        The number; None where the cell is blank.

    Raises
    ------
    CellError
        Where the cell holds anything else.

    Examples
    --------
    >>> parse_number("１，２００"), parse_number("35%"), parse_number("—")
    (1200.0, 0.35, None)
    """
    if is_blank(text):
        return None
    if not isinstance(text, str):
        exact = cell_number(text)
        return None if exact is None else as_float(exact, text)
    words = plain(text)
    unit = _UNIT.search(words)
    body = words[: unit.start()] if unit else words
    sign = -1 if body[:1] in ("-", "−") else 1
    body = body.lstrip("-−+").strip() if body[:1] in ("-", "−", "+") else body
    found = decimal_number(body)
    if found is None:
        whole = chinese_integer(body)
        found = None if whole is None else Fraction(whole)
    if found is None:
        raise CellError(f"not a number: {text!r}", remedy="write digits only, or leave the cell empty")
    return as_float(sign * (found / 100 if unit and unit[1] == "%" else found), text)


def as_float(exact: Fraction, raw: object) -> float:
    """Return the nearest float.

    Raises
    ------
    CellError
        Where the number is too large for one.
    """
    try:
        return float(exact)
    except OverflowError:
        raise CellError(f"too large a number: {raw!r}") from None
