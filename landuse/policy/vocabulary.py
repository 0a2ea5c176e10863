"""The facts a clause may name: their kind, their values, their unit, and limits turned into that unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias

from landuse.labels import section
from landuse.policy.model import ByClass, Leaf
from landuse.tables import FACT_TABLES, OUTSIDE
from landuse.units import M2_PER_HA, M2_PER_MU, WAN_PER_YI, WAN_PER_YUAN

__all__ = [
    "absent_value",
    "closed_values",
    "fact_unit",
    "kind",
    "limit_in_unit",
    "scale",
    "unit_code",
]

Kind: TypeAlias = Literal["number", "text", "flag"]

_KINDS: tuple[tuple[str, Kind], ...] = (
    ("float", "number"),
    ("int", "number"),
    ("str", "text"),
    ("bool", "flag"),
)
"""What can be compared, by how the type of its column begins; dates, lists and shapes cannot."""

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


def kind(subject: str, fact: str) -> Kind | None:
    """Return what a fact of a subject is, None where it cannot be compared (dates, lists).

    Raises
    ------
    KeyError
        Where the subject has no such fact; a low/high pair is named by its stem.
    """
    table = FACT_TABLES[subject]
    if fact not in table.stems():
        raise KeyError(fact)
    column = table.columns.get(fact) or table.columns[f"{fact}_low"]
    dtype = str(column.dtype).lower()
    return next((k for start, k in _KINDS if dtype.startswith(start)), None)


def fact_unit(subject: str, fact: str) -> str:
    """Return the unit of a fact, as the tables write it; '' where it has none."""
    return FACT_TABLES[subject].unit(fact)


def absent_value(subject: str, fact: str) -> str | None:
    """Return the text by which a text fact says that it is unknown, None where missing does."""
    column = FACT_TABLES[subject].columns.get(fact)
    value = (column.metadata or {}).get("absent") if column is not None else None
    return None if value is None else str(value)


def closed_values(subject: str, fact: str, *, possible: bool = False) -> tuple[str, ...]:
    """Return the values a text fact may hold, () where they are open.

    Parameters
    ----------
    subject, fact : str
        The fact.
    possible : bool
        Only what an unknown value may turn out to be: not ``outside``, which is known when it stands.
    """
    column = FACT_TABLES[subject].columns.get(fact)
    values = (column.metadata or {}).get("values") or () if column is not None else ()
    absent = absent_value(subject, fact)
    return tuple(v for v in values if v != absent and not (possible and v == OUTSIDE))


def unit_code(unit: str) -> str | None:
    """Return the code of a unit as a policy names it, None where it is not known.

    Examples
    --------
    >>> unit_code("")
    ''
    """
    return "" if unit == "" else section("policy_units").get(unit)


def scale(code: str) -> tuple[str, Fraction]:
    """Return the dimension of a unit and its size in the dimension's base unit."""
    return ("none", Fraction(1)) if code == "" else _SCALES[code]


def limit_in_unit(leaf: Leaf, subject: str) -> Fraction | dict[str, Fraction]:
    """Return the limit of a comparison of numbers in the unit of its fact, exactly; a dict where by class.

    Examples
    --------
    >>> limit_in_unit(Leaf(fact="developed_ratio", op="<", limit="1/3"), "parcel")
    Fraction(1, 3)
    """
    factor = scale(unit_code(leaf.unit) or "")[1] / scale(fact_unit(subject, leaf.fact))[1]
    if isinstance(leaf.limit, ByClass):
        return {name: value * factor for name, value in leaf.limit.values}
    if not isinstance(leaf.limit, Fraction):
        raise TypeError(f"the limit of {leaf.fact} is not a number")
    return leaf.limit * factor
