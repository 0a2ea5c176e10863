"""The limits of a policy: numbers, texts, days, and limits that depend on a class, a fact or a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

__all__ = ["EMPTY", "ByClass", "ByFact", "ByTable", "Empty", "Limit", "fraction", "read_limit", "read_rate"]


@dataclass(frozen=True)
class ByClass:
    """A limit for each class: ``by`` names the fact that holds the class.

    ``other`` is the limit of every class that is not named; ``std`` is the edition of GB/T 4754 that
    industry codes are of. A value of None is a gap that a template leaves.
    """

    by: str
    values: tuple[tuple[str, Fraction | None], ...]
    other: Fraction | None = None
    std: int | None = None


@dataclass(frozen=True)
class ByFact:
    """Another fact of the same subject, ``times`` a factor."""

    fact: str
    times: Fraction = Fraction(1)


@dataclass(frozen=True)
class ByTable:
    """The limits of an indicator in a table of the policy."""

    table: str
    indicator: str


@dataclass(frozen=True)
class Empty:
    """No limit yet: a template leaves it to the user, and is not evaluated before it is filled in."""


Limit: TypeAlias = Fraction | bool | str | tuple[str, ...] | date | ByClass | ByFact | ByTable | Empty | None

_FRACTION = re.compile(r"-?\d+/\d+", re.ASCII)
GREATEST, DECIMALS = 10**15, 30
"""The greatest limit, and the most decimals of one."""
EMPTY = "limit is empty, refused"


def fraction(value: object) -> Fraction | None:
    """Return a number as written in TOML, or the text of a fraction, exactly; None for anything else.

    Raises
    ------
    ValueError
        For no number (nan, inf), a division by zero, and what no figure is held against: beyond 10^15, or
        with more than 30 decimals.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal | float):
        return _decimal(Decimal(str(value)))
    if isinstance(value, str) and _FRACTION.fullmatch(value.strip()):
        parts = value.strip().split("/")
        if max(map(len, parts)) > DECIMALS:
            raise ValueError("the fraction is too large or too fine to be compared with")
        if int(parts[1]) == 0:
            raise ValueError(f"{value!r} divides by zero")
        return _bounded(Fraction(value.strip()))
    return _bounded(Fraction(value)) if isinstance(value, int | Fraction) else None


def _decimal(value: Decimal) -> Fraction:
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that can be compared with")
    if value.adjusted() > DECIMALS:
        raise ValueError("the number is too large to be compared with")
    if int(value.as_tuple().exponent) < -DECIMALS:
        raise ValueError("the number is too fine to be compared with")
    return _bounded(Fraction(str(value)))


def _bounded(value: Fraction) -> Fraction:
    if abs(value) > GREATEST:
        raise ValueError("the number is too large to be compared with")
    return value


def read_limit(value: object) -> Limit:
    """Read a limit as it stands in TOML.

    Raises
    ------
    ValueError
        For what cannot be a limit.
    """
    if isinstance(value, bool | ByClass | ByFact | ByTable | Empty):
        return value
    number = fraction(value)
    if number is not None:
        return number
    if isinstance(value, datetime):
        raise ValueError(f"{value} has a time of day; a limit is a day, as 2012-07-01")
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return value if value.strip() else Empty()
    if isinstance(value, list | tuple):
        if not value or any(v is None or v == "" for v in value):
            raise ValueError(EMPTY)
        if not all(isinstance(v, str) for v in value):
            raise ValueError("a list limit holds texts only")
        return tuple(value)
    if isinstance(value, dict):
        return _read_table(value)
    if value is None:
        return None
    raise ValueError(
        f"{value!r} cannot be a limit; write a number, a text, true/false, a date, a list or {{ by = … }}"
    )


def _read_table(value: dict[str, Any]) -> Limit:
    if not value:
        raise ValueError(EMPTY)
    if "fact" in value:
        return _read_by_fact(value)
    if "table" in value:
        return _read_by_table(value)
    return _read_by_class(value)


def _read_by_fact(value: dict[str, Any]) -> ByFact:
    more = sorted(value.keys() - {"fact", "times"})
    times = fraction(value.get("times", 1))
    if more or not isinstance(value["fact"], str) or not value["fact"]:
        raise ValueError('a limit that is another fact is { fact = "far_min" }, with times = … where needed')
    if times is None or times <= 0:
        raise ValueError("times is a number above 0")
    return ByFact(value["fact"], times)


def _read_by_table(value: dict[str, Any]) -> ByTable:
    texts = [value.get("table"), value.get("indicator")]
    if set(value) != {"table", "indicator"} or not all(isinstance(t, str) and t for t in texts):
        raise ValueError('a limit by table names table and indicator: { table = "…", indicator = "…" }')
    return ByTable(value["table"], value["indicator"])


def _read_by_class(value: dict[str, Any]) -> ByClass:
    by = value.get("by")
    if not isinstance(by, str) or not by:
        raise ValueError('a limit by class names its class fact: { by = "zone_class", … }')
    std = value.get("std")
    if std is not None and (isinstance(std, bool) or not isinstance(std, int)):
        raise ValueError("std is the year of GB/T 4754, a whole number")
    values, other = [], None
    for name, raw in value.items():
        if name in ("by", "std"):
            continue
        number = None if raw in (None, "") else fraction(raw)
        if number is None and raw not in (None, ""):
            raise ValueError(f"{name}: {raw!r} is not a number")
        if not name.strip():
            raise ValueError("a class needs a name; the limit of all that are not named is other")
        if name == "other":
            other = number
        else:
            values.append((name, number))
    if not values:
        raise ValueError(EMPTY)
    return ByClass(by, tuple(values), other, std)


def read_rate(value: object) -> Fraction:
    """Read a share: a number above 0 and up to 1.

    Raises
    ------
    ValueError
        For anything else.
    """
    rate = fraction(value)
    if rate is None or not 0 < rate <= 1:
        raise ValueError('a rate is a number above 0 and up to 1, or a fraction such as "1/5"')
    return rate
