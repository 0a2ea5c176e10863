"""The facts a clause may name: those of the house and the policy's own, their kind, values and unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal, TypeAlias

from pandera.pandas import Column

from landuse.labels import has, label, say, section
from landuse.policy.model import OwnFact, Policy
from landuse.tables import FACT_TABLES, OUTSIDE, Table
from landuse.tables.columns import Columns, dated, flag, pair, text
from landuse.tables.facts import MU
from landuse.tables.needs import NEEDS

__all__ = [
    "SHARES",
    "FactTable",
    "Kind",
    "absent_value",
    "closed_values",
    "extended_table",
    "fact_label",
    "fact_table",
    "fact_unit",
    "fact_with_needs",
    "facts_of",
    "kind",
    "unit_name",
]

Kind: TypeAlias = Literal["number", "text", "flag", "date"]

_KINDS: tuple[tuple[str, Kind], ...] = (
    ("float", "number"),
    ("int", "number"),
    ("str", "text"),
    ("bool", "flag"),
    ("datetime", "date"),
)
"""What can be compared, by how the type of its column begins; lists and shapes cannot."""

SHARES = (
    "building_ratio",
    "built_out_share",
    "built_share",
    "developed_ratio",
    "invested_ratio",
    "vegetation_share",
)
"""Facts that are shares: 1 is all of it."""
LAND_OF = {"parcel": "area_used_m2", "project": "land_m2", "zone": "area_m2"}
"""The land that an own fact ``per = "mu"`` is taken over."""


@dataclass(frozen=True)
class FactTable(Table):
    """The fact table of a subject with a policy's own facts; ``labels`` names these."""

    labels: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> Mapping[str, Kind | None]:
        """What each fact is, as ``kind`` says."""
        return _kinds(self)


@cache
def extended_table(subject: str, own: tuple[OwnFact, ...]) -> FactTable:
    """Return the facts of a subject with own ones beside them."""
    base = FACT_TABLES[subject]
    columns: Columns = dict(base.columns)
    labels: dict[str, str] = {}
    for fact in own:
        if fact.subject == subject:
            columns |= _columns(fact)
            total = say("conditions", "total", fact=fact.label)
            labels |= {fact.name: fact.label, f"{fact.name}_total": total}
    return FactTable(base.name, base.meaning, columns, base.key, base.open, labels)


def _columns(fact: OwnFact) -> Columns:
    unit = section("policy_units").get(fact.unit, fact.unit)
    match fact.type:
        case "number" if fact.per:
            total = f"{fact.name}_total"
            ratio = (total, LAND_OF[fact.subject], MU)
            per = f"{fact.unit}/{label('units', 'mu')}"
            per = section("policy_units").get(per, per)
            return pair(total, unit, fact.label) | pair(fact.name, per, fact.label, ratio=ratio)
        case "number":
            return pair(fact.name, unit, fact.label, least=None)
        case "flag":
            return {fact.name: flag(fact.label)}
        case "date":
            return dated(fact.name, fact.label)
    return {fact.name: text(fact.label, values=fact.values or None)}


def fact_table(policy: Policy | None, subject: str) -> FactTable:
    """Return the facts of a subject as a policy sees them: the house's, and the policy's own.

    Parameters
    ----------
    policy : Policy or None
        None: the house's facts alone.
    subject : {"parcel", "project", "zone"}
        The subject.
    """
    return extended_table(subject, () if policy is None else policy.facts)


def facts_of(table: Table) -> list[str]:
    """Return the facts that can be compared; a month beside a date is part of that date."""
    kinds = table.kinds if isinstance(table, FactTable) else _kinds(table)
    periods = {f"{s}_period" for s in kinds}
    return [s for s, what in kinds.items() if what and s not in periods]


def kind(table: Table, fact: str) -> Kind | None:
    """Return what a fact is, None where it cannot be compared (lists, shapes).

    Raises
    ------
    KeyError
        Where the table has no such fact; a low/high pair is named by its stem.
    """
    return (table.kinds if isinstance(table, FactTable) else _kinds(table))[fact]


def _kinds(table: Table) -> dict[str, Kind | None]:
    return {stem: _kind(table.columns.get(stem) or table.columns[f"{stem}_low"]) for stem in table.stems()}


def _kind(column: Column) -> Kind | None:
    dtype = str(column.dtype).lower()
    return next((k for start, k in _KINDS if dtype.startswith(start)), None)


def fact_unit(table: Table, fact: str) -> str:
    """Return the unit of a fact, as the tables write it; '' where it has none."""
    unit = table.unit(fact)
    return "" if unit == "date" else unit


def fact_label(table: Table, fact: str) -> str:
    """Return what people call a fact."""
    own = table.labels.get(fact) if isinstance(table, FactTable) else None
    return own or label("columns", fact)


def fact_with_needs(table: Table, fact: str) -> str:
    """Return what people call a fact, and the columns of the files that it comes from where these differ."""
    name = fact_label(table, fact)
    columns = [label("columns", c) for c in NEEDS.get(fact, ())]
    if not columns or columns == [name]:
        return name
    return say("conditions", "needs", fact=name, columns=label("conditions", "and").join(columns))


def unit_name(unit: str) -> str:
    """Return what people call a unit; a unit of the user's own is its own name."""
    return label("units", unit) if has("units", unit) else unit


def absent_value(table: Table, fact: str) -> str | None:
    """Return the text by which a text fact says that it is unknown, None where missing does."""
    column = table.columns.get(fact)
    value = (column.metadata or {}).get("absent") if column is not None else None
    return None if value is None else str(value)


def closed_values(table: Table, fact: str, *, possible: bool = False) -> tuple[str, ...]:
    """Return the values a text fact may hold, () where they are open.

    Parameters
    ----------
    table, fact
        The fact.
    possible : bool
        Only what an unknown value may turn out to be: not ``outside``, which is known when it stands.
    """
    column = table.columns.get(fact)
    values = (column.metadata or {}).get("values") or () if column is not None else ()
    absent = absent_value(table, fact)
    return tuple(v for v in values if v != absent and not (possible and v == OUTSIDE))
