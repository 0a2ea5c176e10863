"""Codes that a sheet holds as numbers: whether all their digits are still there."""

from __future__ import annotations

import re

__all__ = ["from_power", "long_number", "written_digits"]

_SURE = 15
"""Digits that a spreadsheet program keeps of a number; it puts zeros for the rest."""
_EXACT = 2**53
_POWER = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{2})")


def written_digits(text: str) -> str:
    """Return a whole number of 16 digits or more as a file has it, as digits or, where lost, as ``4.1e+18``.

    A spreadsheet program keeps 15 digits and puts zeros for the rest; a program that counts in binary writes
    the shortest digits that give the same number, or all digits of the number it holds. Only digits that
    none of them could have made were written as they are.

    Examples
    --------
    >>> written_digits("4103020010010000123"), written_digits("4103020010010000000")
    ('4103020010010000123', '4.10302001001e+18')
    """
    digits, _, point = text.partition(".")
    value = float(text)
    lost = f"{value:.{_SURE}g}"
    if "e" in digits.lower() or point.strip("0") or set(digits[_SURE:]) <= {"0"}:
        return lost
    if value < _EXACT:
        return digits
    by_machine = digits in (str(int(value)), _filled(repr(value)), _filled(f"{value:.16e}"))
    return lost if by_machine or "." in text else digits


def long_number(value: float) -> str | None:
    """Return a whole number of 16 digits or more, held as a float, as ``written_digits`` does; else None.

    Examples
    --------
    >>> long_number(4103020010010012.0), long_number(4103020010010010.0), long_number(12.0)
    ('4103020010010012', '4.10302001001001e+15', None)
    """
    if not abs(value) >= 10**_SURE or value in (float("inf"), float("-inf")):
        return None
    if 0 < value < _EXACT and value.is_integer():
        return written_digits(str(int(value)))
    return f"{value:.{_SURE}g}"


def from_power(text: str) -> str | None:
    """Return the digits of a number written with a power of ten, None where some are missing.

    Examples
    --------
    >>> from_power("4.10302001001E+11"), from_power("4.10302E+11"), from_power("4.103E+18")
    ('410302001001', None, None)
    """
    found = _POWER.fullmatch(text.strip())
    if found is None or len(found[2] or "") != int(found[3]):
        return None
    digits = found[1] + (found[2] or "")
    return digits if len(digits) <= _SURE or digits[_SURE:].strip("0") else None


def _filled(number: str) -> str:
    """Return the digits of a float as Python writes it, zeros put for those it leaves out."""
    mantissa, _, power = number.partition("e")
    if not power:
        return mantissa.partition(".")[0]
    digits = mantissa.replace(".", "")
    return digits + "0" * (int(power) + 1 - len(digits))
