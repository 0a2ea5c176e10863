"""Cells that a sheet shows as a percentage: it holds 0.35 and shows 35 %."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

__all__ = ["as_percent", "shows_percent"]

_SPOKEN = re.compile(r'"[^"]*"|\\.|_.')


def shows_percent(form: str) -> bool:
    """Say whether a number format multiplies by a hundred: a sign of per cent that is no mere text.

    Examples
    --------
    >>> shows_percent("0.00%"), shows_percent('0.00"%"'), shows_percent("General")
    (True, False, False)
    """
    return "%" in _SPOKEN.sub("", form)


def as_percent(value: Any) -> Any:
    """Return what a sheet shows of a number in such a cell, all decimals kept; anything else as it is.

    Examples
    --------
    >>> as_percent(0.35), as_percent(0.29), as_percent(1), as_percent("35%")
    ('35%', '29%', '100%', '35%')
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e15:
        return value
    return f"{(Decimal(repr(value)) * 100).normalize():f}%"
