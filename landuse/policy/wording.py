"""Words for limits, conditions and clauses."""

from __future__ import annotations

from fractions import Fraction

from landuse.labels import has, label, say
from landuse.policy.model import AllOf, AnyOf, ByClass, Clause, Condition, Leaf, NotOf
from landuse.policy.vocabulary import fact_unit, limit_in_unit

__all__ = ["in_words", "limit_phrase", "number_text", "value_name"]

VALUES = {
    "zone_class": "zone_classes",
    "ownership": "ownerships",
    "start_state": "start_states",
    "suspend_state": "suspend_states",
    "land_basis": "land_bases",
    "area_basis": "area_bases",
}
"""The label section of a text fact's values; facts without one show what they hold."""


def in_words(clause: Clause) -> str:
    """Return the condition of a clause, and what it is limited to, in Chinese.

    Examples
    --------
    >>> from landuse.policy import load_policy
    >>> "5000" in in_words(load_policy("cn-luoyang-zones-2011").clauses[0])
    True
    """
    when = _condition(clause.when, clause.subject)
    if clause.scope is None:
        return when
    return say("conditions", "scoped", when=when, scope=_condition(clause.scope, clause.subject))


def _condition(condition: Condition, subject: str, *, inside: bool = False) -> str:
    match condition:
        case Leaf():
            op = label("ops", condition.op)
            limit = limit_phrase(condition, subject)
            return say("conditions", "leaf", fact=label("columns", condition.fact), op=op, limit=limit)
        case NotOf(condition=part):
            return say("conditions", "not", body=_condition(part, subject))
        case AllOf(all=parts):
            link = label("conditions", "all")
        case AnyOf(any=parts):
            link = label("conditions", "any")
    body = link.join(_condition(p, subject, inside=True) for p in parts)
    return say("conditions", "group", body=body) if inside and len(parts) > 1 else body


def limit_phrase(leaf: Leaf, subject: str, place: int = -1) -> str:
    """Return a limit in words and in the unit of its fact: of the class at ``place``, or of every class."""
    limit = leaf.limit
    if isinstance(limit, bool | str | tuple):
        names = (
            [str(limit).lower()] if isinstance(limit, bool) else [limit] if isinstance(limit, str) else limit
        )
        return label("conditions", "and").join(value_name(leaf.fact, n) for n in names)
    numbers = limit_in_unit(leaf, subject)
    unit = fact_unit(subject, leaf.fact)
    name = f" {label('units', unit)}" if unit else ""
    if not isinstance(numbers, dict):
        return number_text(numbers) + name
    texts = {c: number_text(v) + name for c, v in numbers.items()}
    if place >= 0:
        return list(texts.values())[place]
    by = limit.by if isinstance(limit, ByClass) else ""
    return label("conditions", "and").join(f"{value_name(by, c)} {text}" for c, text in texts.items())


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
