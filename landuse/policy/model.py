"""The policy language: what a policy file may say, as frozen values.

A clause is a condition on facts that triggers a verdict. A condition is a comparison of one fact with a
limit, or ``all``, ``any``, ``not`` of conditions. There is nothing else: no formulas, no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, PlainValidator, Tag

__all__ = [
    "AllOf",
    "AnyOf",
    "ByClass",
    "Clause",
    "Condition",
    "Consequence",
    "Header",
    "Leaf",
    "Limit",
    "NotOf",
    "Policy",
    "PolicyFile",
    "Route",
    "leaves",
]

Subject: TypeAlias = Literal["parcel", "project", "zone"]
Op: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!=", "in", "not_in"]


@dataclass(frozen=True)
class ByClass:
    """A limit for each class: ``by`` names the fact that holds the class."""

    by: str
    values: tuple[tuple[str, Fraction], ...]


Limit: TypeAlias = Fraction | bool | str | tuple[str, ...] | ByClass

_FRACTION = re.compile(r"\d+/\d+")
_EMPTY = "limit is empty, refused"


def _fraction(value: object) -> Fraction | None:
    """Return a number as written in TOML, or the text of a fraction, exactly; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, Decimal | float):
        if not Decimal(value).is_finite():
            raise ValueError(f"{value} is not a number that can be compared with")
        return Fraction(str(value))
    if isinstance(value, str) and _FRACTION.fullmatch(value.strip()):
        if int(value.split("/")[1]) == 0:
            raise ValueError(f"{value!r} divides by zero")
        return Fraction(value.strip())
    return None


def _read_limit(value: object) -> Limit:
    if isinstance(value, bool | ByClass):
        return value
    number = _fraction(value)
    if number is not None:
        return number
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError(_EMPTY)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        if not value or any(v is None or v == "" for v in value):
            raise ValueError(_EMPTY)
        if not all(isinstance(v, str) for v in value):
            raise ValueError("a list limit holds texts only")
        return tuple(value)
    if isinstance(value, dict):
        return _read_by_class(value)
    raise ValueError(
        f"{value!r} cannot be a limit; write a number, a text, true/false, a list or {{ by = … }}"
    )


def _read_by_class(value: dict[str, Any]) -> ByClass:
    if not value:
        raise ValueError(_EMPTY)
    by = value.get("by")
    if not isinstance(by, str) or not by:
        raise ValueError('a limit by class names its class fact: { by = "zone_class", … }')
    values = []
    for name, raw in value.items():
        if name == "by":
            continue
        if raw is None or raw == "":
            raise ValueError(f"{name}: {_EMPTY}")
        number = _fraction(raw)
        if number is None:
            raise ValueError(f"{name}: {raw!r} is not a number")
        values.append((name, number))
    if not values:
        raise ValueError(_EMPTY)
    return ByClass(by, tuple(values))


def _read_rate(value: object) -> Fraction:
    rate = _fraction(value)
    if rate is None or not 0 < rate <= 1:
        raise ValueError('a rate is a number above 0 and up to 1, or a fraction such as "1/5"')
    return rate


def _read_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"{value!r} is not a date; write it without quotes, as 2012-07-01")


def _filled(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty")
    return value


def _many(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Text: TypeAlias = Annotated[str, BeforeValidator(_filled)]
Day: TypeAlias = Annotated[date, PlainValidator(_read_date)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Leaf(_Model):
    """A comparison: ``fact op limit``, the limit in ``unit``."""

    fact: Text
    op: Op
    limit: Annotated[Limit, PlainValidator(_read_limit)] = Field(default=None, validate_default=True)
    unit: str = ""
    inclusive: bool | None = None


class AllOf(_Model):
    """Holds where every one of its conditions holds."""

    all: Conditions


class AnyOf(_Model):
    """Holds where at least one of its conditions holds."""

    any: Conditions


class NotOf(_Model):
    """Holds where its condition does not."""

    condition: Condition = Field(alias="not")


def _kind(value: object) -> str:
    if isinstance(value, BaseModel):
        kinds = {AllOf: "<all>", AnyOf: "<any>", NotOf: "<not>"}
        return kinds.get(type(value), "<leaf>")
    for key in ("all", "any", "not"):
        if isinstance(value, dict) and key in value:
            return f"<{key}>"
    return "<leaf>"


Condition: TypeAlias = Annotated[
    Annotated[Leaf, Tag("<leaf>")]
    | Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")],
    Discriminator(_kind),
]
Conditions: TypeAlias = Annotated[tuple[Condition, ...], BeforeValidator(_many), Field(min_length=1)]


class Consequence(_Model):
    """What a verdict costs: ``rate`` of the fact ``fee_of``, waived where ``unless`` holds."""

    fee_of: Text
    rate: Annotated[Fraction, PlainValidator(_read_rate)]
    unless: Condition | None = None


class Clause(_Model):
    """One rule: where ``scope`` and ``when`` hold, the subject gets ``verdict``."""

    id: Text
    subject: Subject
    cite: Text
    text: Text
    verdict: Text
    scope: Condition | None = None
    when: Condition
    consequence: Consequence | None = None


class Route(_Model):
    """The way suggested under a verdict, and where that suggestion stands."""

    route: Text
    source: Text


class Header(_Model):
    """What a policy is: its names, its source, when and where it is in force."""

    id: Text
    title: Text
    source: Text
    effective: Day
    expires: Day | None = None
    region: Annotated[str, Field(pattern=r"^\d{6}$")] | None = None
    note: str | None = None
    otherwise: dict[Subject, Text]
    routes: dict[str, Route] = Field(default_factory=dict)


class PolicyFile(_Model):
    """A policy file, as it stands."""

    policy: Header
    clause: Annotated[tuple[Clause, ...], BeforeValidator(_many), Field(min_length=1)]


class Policy(Header):
    """A policy: its header, its clauses in the order that decides, and the text it was read from."""

    clauses: tuple[Clause, ...]
    text: str = Field(repr=False)
    file: str

    @property
    def sha256(self) -> str:
        """The digest of the policy's text."""
        return sha256(self.text.encode()).hexdigest()

    def about(self, subject: str) -> tuple[Clause, ...]:
        """Return the clauses about a subject, in order."""
        return tuple(c for c in self.clauses if c.subject == subject)

    def out_of_force(self, on: date) -> bool:
        """Say whether the policy is known to be out of force on a day (a missing expiry is unknown)."""
        return on < self.effective or (self.expires is not None and on >= self.expires)


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Yield the comparisons of a condition, in order."""
    match condition:
        case Leaf():
            yield condition
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from leaves(part)
        case NotOf(condition=part):
            yield from leaves(part)
