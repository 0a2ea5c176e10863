"""Bars: the limits of a comparison in the unit of its fact, one for each class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from landuse.labels import section
from landuse.policy.model import ByClass, ByTable, Leaf, Policy
from landuse.policy.vocabulary import closed_values, fact_unit, kind
from landuse.tables import Table
from landuse.units import M2_PER_HA, M2_PER_MU, WAN_PER_YI, WAN_PER_YUAN

__all__ = [
    "ANY",
    "INDUSTRY",
    "Bars",
    "bars_of",
    "class_key",
    "day_number",
    "factor_to",
    "industry_key",
    "limit_unit",
    "possible_classes",
    "scale",
    "unit_code",
]

INDUSTRY = "industry_code"

ANY = ""
"""The class cell that stands for every class."""

_SCALES: dict[str, tuple[str, Fraction]] = {
    "wan": ("money", Fraction(1)),
    "yi": ("money", WAN_PER_YI),
    "yuan": ("money", WAN_PER_YUAN),
    "wan/a": ("money a year", Fraction(1)),
    "yi/a": ("money a year", WAN_PER_YI),
    "wan/mu": ("money per land", Fraction(1)),
    "wan/ha": ("money per land", M2_PER_MU / M2_PER_HA),
    "yuan/m2": ("money per land", WAN_PER_YUAN * M2_PER_MU),
    "m2": ("land", Fraction(1)),
    "mu": ("land", M2_PER_MU),
    "ha": ("land", M2_PER_HA),
    "d": ("days", Fraction(1)),
    "a": ("full years", Fraction(1)),
    "persons": ("persons", Fraction(1)),
}


@dataclass(frozen=True)
class Bars:
    """The limits of a comparison [unit of the fact; a day as its number].

    Parameters
    ----------
    values : tuple of Fraction
        The limits.
    by : tuple of str
        The facts that hold the classes; () where one limit holds for all.
    keys : tuple of tuple of str
        The classes of each limit, one for each fact of ``by``; ``ANY`` for every class.
    std : int or None
        The edition of GB/T 4754 that industry codes among the keys are of.
    """

    values: tuple[Fraction, ...]
    by: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ((),)
    std: int | None = None


def unit_code(unit: str) -> str | None:
    """Return the code of a unit as a policy names it, None where it is not known.

    Examples
    --------
    >>> unit_code("")
    ''
    """
    return "" if unit == "" else section("policy_units").get(unit)


def scale(code: str) -> tuple[str, Fraction]:
    """Return the dimension of a unit and its size in the dimension's base unit.

    A unit that the house does not know is a dimension of its own.
    """
    return ("none", Fraction(1)) if code == "" else _SCALES.get(code, (code, Fraction(1)))


def factor_to(unit: str, table: Table, fact: str) -> Fraction:
    """Return what a figure in a unit of the policy is multiplied by to be in the unit of a fact."""
    code = unit_code(unit)
    return scale(unit if code is None else code)[1] / scale(fact_unit(table, fact))[1]


def limit_unit(leaf: Leaf, policy: Policy | None) -> str:
    """Return the unit that the limit of a comparison is in, as the policy or its table names it."""
    if isinstance(leaf.limit, ByTable) and policy is not None:
        return next((row.unit for row in policy.rows_of(leaf.limit)), "")
    return leaf.unit


def day_number(day: date) -> Fraction:
    """Return a day as its number, 1970-01-01 being 0."""
    return Fraction((day - date(1970, 1, 1)).days)


def industry_key(code: str) -> str:
    """Return an industry code of GB/T 4754 as its digits, without the letter of the section.

    Examples
    --------
    >>> industry_key(" C3610 "), industry_key("36")
    ('3610', '36')
    """
    bare = code.strip().upper()
    return bare[1:] if bare[:1].isalpha() and bare[1:].isdigit() else bare


def class_key(fact: str, name: str) -> str:
    """Return a class as rows are held against it: an industry without the letter of its section."""
    return industry_key(name) if fact == INDUSTRY else name


def bars_of(leaf: Leaf, table: Table, policy: Policy | None = None) -> Bars:
    """Return the limits of a comparison of numbers or dates, exactly.

    Parameters
    ----------
    leaf : Leaf
        Its limit is a number, a day, or goes by class or table.
    table : Table
        The facts.
    policy : Policy, optional
        Holds the tables of limits.

    Raises
    ------
    TypeError
        For a limit of another kind.

    Examples
    --------
    >>> from landuse.tables import PARCEL_FACTS
    >>> bars_of(Leaf(fact="developed_ratio", op="<", limit="1/3"), PARCEL_FACTS).values
    (Fraction(1, 3),)
    """
    match leaf.limit:
        case Fraction() as number:
            return Bars((number * factor_to(leaf.unit, table, leaf.fact),))
        case date() as day:
            return Bars((day_number(day),))
        case ByClass() as limit:
            return _by_class(limit, leaf, table)
        case ByTable() as limit if policy is not None:
            return _by_table(limit, leaf, table, policy)
    raise TypeError(f"the limit of {leaf.fact} is not a number")


def _by_class(limit: ByClass, leaf: Leaf, table: Table) -> Bars:
    factor = factor_to(leaf.unit, table, leaf.fact)
    given = [(class_key(limit.by, name), v) for name, v in limit.values if v is not None]
    if limit.other is not None:
        given.append((ANY, limit.other))
    return Bars(tuple(v * factor for _, v in given), (limit.by,), tuple((k,) for k, _ in given), limit.std)


def _by_table(limit: ByTable, leaf: Leaf, table: Table, policy: Policy) -> Bars:
    rows = policy.rows_of(limit)
    about = next(t for t in policy.tables if t.id == limit.table)
    values = tuple(r.value * factor_to(r.unit, table, leaf.fact) for r in rows)
    return Bars(values, about.by, tuple(r.classes for r in rows), about.std)


def possible_classes(table: Table, fact: str, *, astray: bool = False) -> tuple[str, ...]:
    """Return the classes an unknown value may turn out to be; empty where they are open.

    ``astray`` is for land of which it is not known whether it lies in a zone at all.
    """
    if kind(table, fact) == "flag":
        return ("true", "false")
    return closed_values(table, fact, possible=not astray)
