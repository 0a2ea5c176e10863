"""The policy language: what a policy file may say, as frozen values.

A clause is a condition on facts that triggers a verdict. A condition is a comparison of one fact with a
limit, or ``all``, ``any``, ``not`` of conditions. There is nothing else: no formulas, no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from landuse.policy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Leaf,
    Model,
    NotOf,
    Rounding,
    Text,
    leaves,
    many,
)
from landuse.policy.limits import ByClass, ByFact, ByTable, Empty, Limit, fraction, read_rate

__all__ = [
    "AllOf",
    "AnyOf",
    "ByClass",
    "ByFact",
    "ByTable",
    "Clause",
    "Condition",
    "Consequence",
    "Deadline",
    "Empty",
    "Header",
    "Leaf",
    "Limit",
    "LimitTable",
    "NotOf",
    "OwnFact",
    "Policy",
    "PolicyFile",
    "Rounding",
    "Route",
    "leaves",
]

Subject: TypeAlias = Literal["parcel", "project", "zone"]


def _read_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"{value!r} is not a date; write it without quotes, as 2012-07-01")


def _read_factor(value: object) -> Fraction:
    factor = fraction(value)
    if factor is None or factor <= 0:
        raise ValueError('a factor is a number above 0, or a fraction such as "11/10"')
    return factor


_SHARE = WithJsonSchema({"type": ["number", "string"]})
Day: TypeAlias = Annotated[
    date, PlainValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})
]
Texts: TypeAlias = Annotated[tuple[Text, ...], BeforeValidator(many)]


class Consequence(Model):
    """What follows from a verdict, in words and figures.

    ``rate`` of the fact ``fee_of`` is due, waived where ``unless`` holds; ``action`` says what follows
    besides; ``quota_factor`` multiplies the quota of next year (zones).
    """

    fee_of: Text | None = None
    rate: Annotated[Fraction | None, PlainValidator(read_rate), _SHARE] = None
    unless: Condition | None = None
    action: Text | None = None
    quota_factor: Annotated[Fraction | None, PlainValidator(_read_factor), _SHARE] = None


class Clause(Model):
    """One rule: where ``scope`` and ``when`` hold, the subject gets ``verdict``.

    ``outcome`` is the policy's own word for the result, where it has one.
    """

    id: Text
    subject: Subject
    cite: Text
    text: Text
    verdict: Text
    outcome: Text | None = None
    scope: Condition | None = None
    when: Condition
    consequence: Consequence | None = None


class Route(Model):
    """The way suggested under a verdict, and where that suggestion stands."""

    route: Text
    source: Text


class OwnFact(Model):
    """A fact of the user's own: an extra column of the files, by its headers.

    ``per = "mu"`` makes the fact the column over the land of the subject [unit/mu].
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    subject: Subject
    type: Literal["number", "text", "flag", "date"]
    columns: Annotated[tuple[Text, ...], BeforeValidator(many), Field(min_length=1)]
    label: Text
    unit: str = ""
    per: Literal["mu"] | None = None
    values: Texts = ()
    source: Text | None = None


class LimitTable(Model):
    """A table of limits beside the policy: CSV columns ``indicator``, those of ``by``, ``value``, ``source``.

    An empty class cell stands for every class; ``std`` is the edition of GB/T 4754 of its industry codes.
    """

    id: Text
    file: Text
    by: Annotated[tuple[Text, ...], BeforeValidator(many), Field(min_length=1)]
    unit: str = ""
    std: int | None = None


class Deadline(Model):
    """What must be done within ``days`` of a verdict among ``after``."""

    id: Text
    subject: Literal["parcel"] = "parcel"
    cite: Text
    text: Text
    after: Annotated[tuple[Text, ...], BeforeValidator(many), Field(min_length=1)]
    days: int = Field(gt=0)


class Header(Model):
    """What a policy is: its names, its source, when and where it is in force.

    ``supersedes`` names policies that give way to it from its first day on; a ``template`` may leave limits
    empty and is not evaluated before they are filled in.
    """

    id: Text
    title: Text
    source: Text
    effective: Day
    expires: Day | None = None
    region: Annotated[str, Field(pattern=r"^\d{6}$")] | None = None
    note: str | None = None
    supersedes: Texts = ()
    template: bool = False
    otherwise: dict[Subject, Text]
    routes: dict[str, Route] = Field(default_factory=dict)


class PolicyFile(Model):
    """A policy file, as it stands.

    ``conditions`` are named once and used by name, ``{ use = "…" }``; ``csv`` holds the texts of the tables
    of limits by file name, where they do not lie beside the policy.
    """

    policy: Header
    fact: Annotated[tuple[OwnFact, ...], BeforeValidator(many)] = ()
    table: Annotated[tuple[LimitTable, ...], BeforeValidator(many)] = ()
    conditions: dict[str, Condition] = Field(default_factory=dict)
    clause: Annotated[tuple[Clause, ...], BeforeValidator(many), Field(min_length=1)]
    deadline: Annotated[tuple[Deadline, ...], BeforeValidator(many)] = ()
    csv: dict[str, str] = Field(default_factory=dict)


class TableRow(Model):
    """A row of a table of limits: a class for each fact of ``by`` ('' for any), the limit and its source."""

    table: str
    indicator: str
    classes: tuple[str, ...]
    value: Fraction
    unit: str
    line: int
    source: str = ""


class Policy(Header):
    """A policy: its header, its clauses in the order that decides, and the text it was read from."""

    clauses: tuple[Clause, ...]
    facts: tuple[OwnFact, ...] = ()
    tables: tuple[LimitTable, ...] = ()
    rows: tuple[TableRow, ...] = Field(default=(), repr=False)
    deadlines: tuple[Deadline, ...] = ()
    text: str = Field(repr=False)
    file: str

    @property
    def sha256(self) -> str:
        """The digest of the policy's text, its tables included."""
        return sha256(self.text.encode()).hexdigest()

    def about(self, subject: str) -> tuple[Clause, ...]:
        """Return the clauses about a subject, in order."""
        return tuple(c for c in self.clauses if c.subject == subject)

    def out_of_force(self, on: date) -> bool:
        """Say whether the policy is known to be out of force on a day (a missing expiry is unknown)."""
        return on < self.effective or (self.expires is not None and on >= self.expires)

    def rows_of(self, limit: ByTable) -> tuple[TableRow, ...]:
        """Return the rows of a table that hold limits of an indicator."""
        return tuple(r for r in self.rows if (r.table, r.indicator) == (limit.table, limit.indicator))

    def gaps(self) -> tuple[str, ...]:
        """Return the key paths of limits that are still empty, for which the policy cannot be evaluated."""
        return tuple(path for clause in self.clauses for path in _gaps(clause, self))


def _gaps(clause: Clause, policy: Policy) -> Iterator[str]:
    unless = clause.consequence.unless if clause.consequence else None
    for condition in (clause.scope, clause.when, unless):
        for leaf in leaves(condition):
            path = f"clause[{clause.id}] {leaf.fact} {leaf.op}"
            match leaf.limit:
                case Empty():
                    yield path
                case ByClass(values=values) as limit if any(v is None for _, v in values):
                    lacking = [name for name, v in values if v is None]
                    yield f"{path} ({limit.by}: {', '.join(lacking)})"
                case ByTable() as limit if not policy.rows_of(limit):
                    yield f"{path} (table {limit.table}, indicator {limit.indicator})"
