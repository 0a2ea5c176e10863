"""Words for limits, conditions and clauses."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from landuse.labels import has, label, say
from landuse.policy.bars import ANY, Bars, bars_of
from landuse.policy.model import (
    AllOf,
    AnyOf,
    ByClass,
    ByFact,
    ByTable,
    Clause,
    Condition,
    Empty,
    Leaf,
    NotOf,
    Policy,
)
from landuse.policy.vocabulary import FactTable, fact_label, fact_table, fact_unit, kind, unit_name

__all__ = [
    "bar_text",
    "classes_text",
    "condition_words",
    "in_words",
    "limit_phrase",
    "number_text",
    "rounded_phrase",
    "value_name",
]

VALUES = {
    "zone_class": "zone_classes",
    "ownership": "ownerships",
    "start_state": "start_states",
    "suspend_state": "suspend_states",
    "land_basis": "land_bases",
    "area_basis": "area_bases",
    "government_cause": "government_causes",
}
"""The label section of a text fact's values; facts without one show what they hold."""


def in_words(clause: Clause, policy: Policy | None = None) -> str:
    """Return the condition of a clause, and what it is limited to, in Chinese.

    Parameters
    ----------
    clause : Clause
        The clause.
    policy : Policy, optional
        Its policy: names own facts and holds the tables of limits.

    Examples
    --------
    >>> from landuse.policy import load_policy
    >>> "5000" in in_words(load_policy("cn-luoyang-zones-2011").clauses[0])
    True
    """
    table = fact_table(policy, clause.subject)
    when = _condition(clause.when, table, policy)
    if clause.scope is None:
        return when
    return say("conditions", "scoped", when=when, scope=_condition(clause.scope, table, policy))


def condition_words(condition: Condition, subject: str, policy: Policy | None = None) -> str:
    """Return a condition about a subject in Chinese."""
    return _condition(condition, fact_table(policy, subject), policy)


def _condition(condition: Condition, table: FactTable, policy: Policy | None, *, inside: bool = False) -> str:
    match condition:
        case Leaf():
            return _leaf(condition, table, policy)
        case NotOf(condition=part):
            return say("conditions", "not", body=_condition(part, table, policy))
        case AllOf(all=parts):
            link = label("conditions", "all")
        case AnyOf(any=parts):
            link = label("conditions", "any")
    body = link.join(_condition(p, table, policy, inside=True) for p in parts)
    return say("conditions", "group", body=body) if inside and len(parts) > 1 else body


def _leaf(leaf: Leaf, table: FactTable, policy: Policy | None) -> str:
    fact, op = fact_label(table, leaf.fact), label("ops", leaf.op)
    if leaf.limit is None:
        return say("conditions", "state", fact=fact, op=op)
    said = say("conditions", "leaf", fact=fact, op=op, limit=limit_phrase(leaf, table, policy))
    return said + rounded_phrase(leaf)


def rounded_phrase(leaf: Leaf) -> str:
    """Say how a figure is rounded before it is compared; '' where it is not."""
    if leaf.round is None:
        return ""
    return say("conditions", "rounded", digits=leaf.round.digits, mode=label("rounding", leaf.round.mode))


def limit_phrase(leaf: Leaf, table: FactTable, policy: Policy | None = None, place: int = -1) -> str:
    """Return a limit in words and in the unit of its fact: of the class at ``place``, or of every class."""
    limit = leaf.limit
    match limit:
        case bool():
            return value_name(leaf.fact, str(limit).lower())
        case str():
            return value_name(leaf.fact, limit)
        case tuple():
            return label("conditions", "and").join(value_name(leaf.fact, n) for n in limit)
        case None:
            return ""
        case Empty():
            return label("conditions", "empty")
        case ByFact(fact=fact, times=times):
            name = fact_label(table, fact)
            return name if times == 1 else say("conditions", "times", times=number_text(times), fact=name)
        case ByTable(table=name, indicator=indicator) if place < 0:
            return say("conditions", "table", table=name, indicator=indicator)
        case ByClass(values=values) if place < 0 and any(v is None for _, v in values):
            return label("conditions", "empty")
    bars = bars_of(leaf, table, policy)
    if not bars.by:
        return bar_text(bars.values[0], leaf, table)
    if place >= 0:
        return bar_text(bars.values[place], leaf, table)
    each = zip(bars.keys, bars.values, strict=True)
    return label("conditions", "and").join(
        f"{classes_text(k, bars)} {bar_text(v, leaf, table)}" for k, v in each
    )


def bar_text(value: Fraction, leaf: Leaf, table: FactTable) -> str:
    """Write a limit with its unit; a day as a date."""
    if kind(table, leaf.fact) == "date":
        return (date(1970, 1, 1) + timedelta(days=int(value))).isoformat()
    unit = fact_unit(table, leaf.fact)
    return number_text(value) + (f" {unit_name(unit)}" if unit else "")


def classes_text(key: tuple[str, ...], bars: Bars) -> str:
    """Name the classes of a limit."""
    names = [
        label("conditions", "other") if c == ANY else value_name(b, c)
        for b, c in zip(bars.by, key, strict=True)
    ]
    return label("conditions", "class_and").join(names)


def number_text(value: Fraction) -> str:
    """Write a limit: a whole or decimal number as such, any other as a fraction.

    Examples
    --------
    >>> number_text(Fraction(5000)), number_text(Fraction(1, 4)), number_text(Fraction(1, 3))
    ('5000', '0.25', '1/3')
    """
    exact = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return exact if Fraction(exact) == value else f"{value.numerator}/{value.denominator}"


def value_name(fact: str, value: str) -> str:
    """Return what people call a value of a text or yes/no fact."""
    section = "yes_no" if value in ("true", "false") else VALUES.get(fact, "")
    return label(section, value) if has(section, value) else value
