"""Columns of the users' own, that a policy declares over their files: how tables hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from landuse.errors import PolicyError
from landuse.tables.columns import Columns, dated, flag, pair, text
from landuse.tables.table import Table

__all__ = ["SUBJECT_OF", "Declared", "OwnFact", "own_facts", "raw_columns", "with_own"]

SUBJECT_OF = {
    "parcels": "parcel",
    "projects": "project",
    "supply": "project",
    "project_layer": "project",
    "zones": "zone",
}
"""What the rows of a table are that may carry such columns."""


class Declared(Protocol):
    """What a policy says of an own fact; see ``OwnFact``."""

    @property
    def name(self) -> str:
        """Its name; the column's, too."""

    @property
    def subject(self) -> str:
        """parcel, project or zone."""

    @property
    def type(self) -> str:
        """number, text, flag or date."""

    @property
    def columns(self) -> Sequence[str]:
        """Headers by which files carry it."""

    @property
    def label(self) -> str:
        """What people call it."""

    @property
    def unit(self) -> str:
        """Unit of a number."""

    @property
    def per(self) -> str | None:
        """Whether it is taken over land."""

    @property
    def values(self) -> Sequence[str]:
        """The texts that may stand in it."""


@dataclass(frozen=True)
class OwnFact:
    """A fact over a column of the users' own.

    Parameters
    ----------
    name : str
        Its name; the column's, too.
    subject : str
        parcel, project or zone.
    type : str
        number, text, flag or date.
    columns : tuple of str
        Headers by which files carry it.
    label : str
        What people call it.
    unit : str
        Unit of a number; figures are kept in it.
    per : {"mu"} or None
        Whether the fact is the column over the land of the subject [unit/mu].
    values : tuple of str
        The texts that may stand in it; empty: any.
    """

    name: str
    subject: str
    type: str
    columns: tuple[str, ...]
    label: str
    unit: str = ""
    per: str | None = None
    values: tuple[str, ...] = ()


def own_facts(declared: Iterable[Declared], subject: str | None = None) -> tuple[OwnFact, ...]:
    """Return the facts that policies declare, each once: one that several declare has the headers of all.

    Parameters
    ----------
    declared : iterable of Declared
        Of one policy or several.
    subject : str, optional
        Only those of a subject.

    Raises
    ------
    PolicyError
        Where two declare one name with another type, unit, base or list of values.
    """
    found: dict[tuple[str, str], OwnFact] = {}
    for one in declared:
        if subject not in (None, one.subject):
            continue
        fact = OwnFact(
            one.name,
            one.subject,
            one.type,
            tuple(one.columns),
            one.label,
            one.unit,
            one.per,
            tuple(one.values),
        )
        key = (fact.subject, fact.name)
        known = found.setdefault(key, fact)
        if replace(fact, columns=(), label="") != replace(known, columns=(), label=""):
            unlike = [n for n in ("type", "unit", "per", "values") if getattr(fact, n) != getattr(known, n)]
            told = ", ".join(f"{n} {getattr(known, n)!r} and {getattr(fact, n)!r}" for n in unlike)
            raise PolicyError(
                f"two policies declare the fact {fact.name} of a {fact.subject}, and not alike: {told}",
                key=f"fact[{fact.name}]",
                remedy="give both the same type, unit, per and values, or one of them another name",
            )
        found[key] = replace(known, columns=tuple(dict.fromkeys((*known.columns, *fact.columns))))
    return tuple(found.values())


def raw_columns(fact: OwnFact) -> Columns:
    """Describe the columns of a fact as it was read: a number is a pair, a date a day and its period."""
    match fact.type:
        case "number":
            return pair(fact.name, fact.unit, fact.label, least=None)
        case "flag":
            return {fact.name: flag(fact.label)}
        case "date":
            return dated(fact.name, fact.label)
    return {fact.name: text(fact.label, values=fact.values or None)}


def with_own(table: Table, facts: Iterable[OwnFact]) -> Table:
    """Return a table with the columns of the facts of its rows."""
    subject = SUBJECT_OF.get(table.name)
    more = {n: c for f in facts if f.subject == subject for n, c in raw_columns(f).items()}
    return replace(table, columns=table.columns | more) if more else table
