"""Write a policy as TOML: what is read from it again is the same policy."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import tomli_w

from landuse.policy.model import (
    AllOf,
    AnyOf,
    ByClass,
    ByFact,
    ByTable,
    Clause,
    Condition,
    Consequence,
    Empty,
    Header,
    Leaf,
    Limit,
    LimitTable,
    NotOf,
    OwnFact,
    Policy,
    TableRow,
)

__all__ = ["policy_toml", "toml_number"]


def policy_toml(policy: Policy) -> str:
    """Write a policy as the text of a policy file that stands alone.

    Parameters
    ----------
    policy : Policy
        The policy.

    Returns
    -------
    str
        TOML. Named conditions stand spelled out where they are used; the tables of limits stand in it under
        ``[csv]``, their rows without a value and notes left out.

    Examples
    --------
    >>> from landuse.policy import load_policy, load_text
    >>> idle = load_policy("cn-idle-land-2012")
    >>> load_text(policy_toml(idle), file="again.toml").clauses == idle.clauses
    True
    """
    content: dict[str, Any] = {"policy": _header(policy)}
    parts = {
        "fact": [_own_fact(f) for f in policy.facts],
        "table": [t.model_dump(exclude_defaults=True) for t in policy.tables],
        "clause": [_clause(c) for c in policy.clauses],
        "deadline": [d.model_dump(exclude_defaults=True) for d in policy.deadlines],
        "csv": _pages(policy),
    }
    content |= {name: part for name, part in parts.items() if part}
    return tomli_w.dumps(content, multiline_strings=not any("\r" in t for t in _texts(content)))


def toml_number(value: Fraction) -> int | Decimal | str:
    """Return a number as TOML has it: whole, decimal, or else a fraction as text.

    Examples
    --------
    >>> toml_number(Fraction(200)), toml_number(Fraction(1, 4)), toml_number(Fraction(1, 3))
    (200, Decimal('0.25'), '1/3')
    """
    if value.denominator == 1:
        return value.numerator
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    with localcontext() as context:
        context.prec = len(str(value.numerator)) + 4 * len(str(value.denominator))
        return Decimal(value.numerator) / value.denominator


def _header(policy: Policy) -> dict[str, Any]:
    header = {name: getattr(policy, name) for name in Header.model_fields}
    routes = {verdict: way.model_dump() for verdict, way in policy.routes.items()}
    return _given(header | {"otherwise": dict(policy.otherwise), "routes": routes})


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not said."""
    return {k: v for k, v in values.items() if v not in (None, (), {}) and v is not False}


def _own_fact(fact: OwnFact) -> dict[str, Any]:
    return fact.model_dump(exclude_defaults=True)


def _clause(clause: Clause) -> dict[str, Any]:
    whole = {name: getattr(clause, name) for name in Clause.model_fields}
    for name in ("scope", "when"):
        whole[name] = None if whole[name] is None else _condition(whole[name])
    if clause.consequence is not None:
        whole["consequence"] = _consequence(clause.consequence)
    return _given(whole)


def _consequence(consequence: Consequence) -> dict[str, Any]:
    whole = {name: getattr(consequence, name) for name in Consequence.model_fields}
    for name in ("rate", "quota_factor"):
        whole[name] = None if whole[name] is None else toml_number(whole[name])
    if consequence.unless is not None:
        whole["unless"] = _condition(consequence.unless)
    return _given(whole)


def _condition(condition: Condition) -> dict[str, Any]:
    match condition:
        case AllOf(all=parts):
            return {"all": [_condition(p) for p in parts]}
        case AnyOf(any=parts):
            return {"any": [_condition(p) for p in parts]}
        case NotOf(condition=part):
            return {"not": _condition(part)}
    return _leaf(condition)


def _leaf(leaf: Leaf) -> dict[str, Any]:
    said = leaf.model_dump(exclude={"limit"}, exclude_defaults=True)
    if leaf.limit is not None:
        said["limit"] = _limit(leaf.limit)
    return said


def _limit(limit: Limit) -> Any:
    match limit:
        case bool() | str() | date():
            return limit
        case tuple():
            return list(limit)
        case Fraction():
            return toml_number(limit)
        case ByFact(fact=fact, times=times):
            return {"fact": fact} | ({} if times == 1 else {"times": toml_number(times)})
        case ByTable(table=table, indicator=indicator):
            return {"table": table, "indicator": indicator}
        case ByClass():
            return _by_class(limit)
        case Empty():
            return ""
    raise TypeError(f"{limit!r} is no limit")


def _by_class(limit: ByClass) -> dict[str, Any]:
    said: dict[str, Any] = {"by": limit.by}
    if limit.std is not None:
        said["std"] = limit.std
    said |= {name: "" if v is None else toml_number(v) for name, v in limit.values}
    return said if limit.other is None else said | {"other": toml_number(limit.other)}


def _pages(policy: Policy) -> dict[str, str]:
    files = dict.fromkeys(t.file for t in policy.tables)
    return {file: _page(next(t for t in policy.tables if t.file == file), policy) for file in files}


def _page(table: LimitTable, policy: Policy) -> str:
    """Write a table of limits as CSV, every row on the line that it was read from."""
    rows = [r for r in policy.rows if r.table == table.id]
    names = ["indicator", *table.by, "value"]
    names += ["unit"] if any(r.unit != table.unit for r in rows) else []
    names += ["source"] if any(r.source for r in rows) else []
    page = io.StringIO()
    writer = csv.DictWriter(page, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    written = 1
    for row in rows:
        cells = _cells(row, table)
        within = sum(str(cells[n]).count("\n") for n in names)
        page.write("\n" * (row.line - within - written - 1))
        writer.writerow(cells)
        written = row.line
    return page.getvalue()


def _cells(row: TableRow, table: LimitTable) -> dict[str, str]:
    classes = dict(zip(table.by, row.classes, strict=True))
    value = str(toml_number(row.value))
    return {"indicator": row.indicator, "value": value, "unit": row.unit, "source": row.source} | classes


def _texts(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part]
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list | tuple) else ()
    return [text for one in parts for text in _texts(one)]
