"""Weigh the conditions of a clause against facts: each holds (1), does not (0) or is unknown (-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, cast

import numpy as np
import pandas as pd

from landuse.policy.model import AllOf, AnyOf, ByClass, Clause, Condition, Leaf, NotOf
from landuse.policy.vocabulary import closed_values, fact_unit, kind, limit_in_unit
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools, Floats, Interval, Truth, tell, touches
from landuse.screening.sheet import Sheet, is_in

__all__ = [
    "Compared",
    "Joined",
    "Weighed",
    "WeighedClause",
    "comparisons",
    "decisive",
    "weigh",
    "weigh_clause",
]


@dataclass(frozen=True)
class Compared:
    """One comparison, for every row.

    ``value_wanted`` and ``class_wanted`` say, where the truth is unknown, what would have to be known: the
    value (missing, or an interval about the limit), the class that the limit depends on. ``limit`` [unit of
    the fact] is NaN where it depends on a class that is not known; ``classes`` holds the place of the row's
    class among those of the limit, -1 where the class is not known, -2 where it is none of them.
    """

    leaf: Leaf
    truth: Truth
    missing: Bools
    borderline: Bools
    value_wanted: Bools
    class_wanted: Bools
    low: Floats | None = None
    high: Floats | None = None
    limit: Floats | None = None
    limits: Mapping[str, Fraction] = field(default_factory=dict)
    classes: Truth | None = None
    words: pd.Series | None = None


@dataclass(frozen=True)
class Joined:
    """``all``, ``any`` or ``not`` of conditions, for every row."""

    condition: AllOf | AnyOf | NotOf
    truth: Truth
    parts: tuple[Weighed, ...]


Weighed: TypeAlias = Compared | Joined


@dataclass(frozen=True)
class WeighedClause:
    """A clause for every row: whether it applies, whether it holds, and all its comparisons."""

    clause: Clause
    scope: Weighed | None
    when: Weighed
    in_scope: Truth
    truth: Truth


def weigh_clause(clause: Clause, sheet: Sheet) -> WeighedClause:
    """Weigh scope and condition of a clause; it holds where both do."""
    when = weigh(clause.when, sheet)
    if clause.scope is None:
        everywhere = np.full(sheet.rows, HOLDS, dtype=np.int8)
        return WeighedClause(clause, None, when, everywhere, when.truth)
    scope = weigh(clause.scope, sheet)
    return WeighedClause(clause, scope, when, scope.truth, _all([scope.truth, when.truth]))


def weigh(condition: Condition, sheet: Sheet) -> Weighed:
    """Weigh a condition against the facts.

    Parameters
    ----------
    condition : Condition
        A comparison, or ``all``, ``any``, ``not`` of conditions (Kleene's three-valued logic).
    sheet : Sheet
        The facts of the subject.

    Returns
    -------
    Compared or Joined
        With the truth of every row in the order of the facts.
    """
    match condition:
        case Leaf():
            if condition not in sheet.compared:
                sheet.compared[condition] = _compare(condition, sheet)
            return cast("Compared", sheet.compared[condition])
        case AllOf(all=conditions):
            parts = tuple(weigh(c, sheet) for c in conditions)
            return Joined(condition, _all([p.truth for p in parts]), parts)
        case AnyOf(any=conditions):
            parts = tuple(weigh(c, sheet) for c in conditions)
            return Joined(condition, _not(_all([_not(p.truth) for p in parts])), parts)
        case NotOf(condition=inner):
            part = weigh(inner, sheet)
            return Joined(condition, _not(part.truth), (part,))


def _all(truths: list[Truth]) -> Truth:
    table = np.stack(truths)
    truth = np.where((table == NOT).any(axis=0), NOT, table.min(axis=0))
    return truth.astype(np.int8)


def _not(truth: Truth) -> Truth:
    return np.where(truth == UNKNOWN, UNKNOWN, 1 - truth).astype(np.int8)


def comparisons(weighed: Weighed | None) -> Iterator[Compared]:
    """Yield the comparisons of a condition, in order."""
    if isinstance(weighed, Compared):
        yield weighed
    elif weighed is not None:
        for part in weighed.parts:
            yield from comparisons(part)


def decisive(weighed: Weighed, rows: Bools) -> Iterator[tuple[Compared, Bools]]:
    """Yield the comparisons that make a condition what it is, each with the rows where it does.

    A conjunction that fails is shown by its first part that fails, a disjunction that holds by all that hold,
    an unknown one by what is unknown in it.
    """
    if isinstance(weighed, Compared):
        yield weighed, rows
        return
    if isinstance(weighed.condition, NotOf):
        yield from decisive(weighed.parts[0], rows)
        return
    conjunction = isinstance(weighed.condition, AllOf)
    shown = np.zeros(len(rows), dtype=np.bool_)
    for part in weighed.parts:
        here = rows & (part.truth == weighed.truth)
        if conjunction:
            here = here & ~((weighed.truth == NOT) & shown)
        shown = shown | here
        yield from decisive(part, here)


def _compare(leaf: Leaf, sheet: Sheet) -> Compared:
    what = kind(sheet.subject, leaf.fact)
    if what == "number":
        return _compare_number(leaf, sheet)
    if what == "text":
        return _compare_text(leaf, sheet)
    flags, unknown = sheet.flags(leaf.fact)
    same = flags == bool(leaf.limit)
    words = pd.Series(np.where(flags, "true", "false"), index=sheet.facts.index, dtype="str").mask(unknown)
    return _words(leaf, same if leaf.op == "==" else ~same, unknown, UNKNOWN, words)


def _compare_text(leaf: Leaf, sheet: Sheet) -> Compared:
    column, unknown = sheet.words(leaf.fact)
    limit = leaf.limit if isinstance(leaf.limit, tuple) else (str(leaf.limit),)
    wanted = leaf.op in ("==", "in")
    possible = closed_values(sheet.subject, leaf.fact, possible=True)
    guess = UNKNOWN
    if possible and all(v in limit for v in possible):
        guess = HOLDS if wanted else NOT
    elif possible and not any(v in limit for v in possible):
        guess = NOT if wanted else HOLDS
    inside = is_in(column, limit)
    return _words(leaf, inside if wanted else ~inside, unknown, guess, column.mask(unknown))


def _words(leaf: Leaf, same: Bools, unknown: Bools, guess: int, words: pd.Series) -> Compared:
    truth = np.where(unknown, guess, same.astype(np.int8)).astype(np.int8)
    never = np.zeros(len(truth), dtype=np.bool_)
    return Compared(leaf, truth, unknown, never, truth == UNKNOWN, never, words=words)


def _compare_number(leaf: Leaf, sheet: Sheet) -> Compared:
    limit = limit_in_unit(leaf, sheet.subject)
    limits = limit if isinstance(limit, dict) else {"": limit}
    classes = _classes(leaf, sheet, list(limits))
    value = sheet.interval(leaf.fact)
    if value is None:  # pragma: no cover - only asked for with other_land
        raise TypeError(leaf.fact)
    truth, value_wanted = _truth(leaf, value, limits, classes, sheet)
    borderline = _borderline(leaf, value, truth, limits, classes, sheet)
    low, high = sheet.figures(leaf.fact)
    bars = np.array([float(v) for v in limits.values()])
    return Compared(
        leaf,
        truth,
        missing=np.isnan(low),
        borderline=borderline,
        value_wanted=value_wanted,
        class_wanted=(truth == UNKNOWN) & (classes < 0),
        low=low,
        high=high,
        limit=np.where(classes >= 0, bars[np.maximum(classes, 0)], np.nan),
        limits=limits,
        classes=classes,
    )


def _classes(leaf: Leaf, sheet: Sheet, names: list[str]) -> Truth:
    """Return the place of each row's class among the classes of the limit; -1 not known, -2 another class."""
    if not isinstance(leaf.limit, ByClass):
        return np.zeros(sheet.rows, dtype=np.int8)
    column, unknown = sheet.words(leaf.limit.by)
    places = np.full(sheet.rows, -2, dtype=np.int8)
    for place, name in enumerate(names):
        places[is_in(column, (name,))] = place
    places[unknown] = -1
    return places


def _truth(
    leaf: Leaf, value: Interval, limits: Mapping[str, Fraction], classes: Truth, sheet: Sheet
) -> tuple[Truth, Bools]:
    """Return the truth, and where knowing the value better could change an unknown one."""
    each = np.stack([tell(leaf.op, value, limit) for limit in limits.values()])
    own = each[np.maximum(classes, 0), np.arange(sheet.rows)]
    truth = np.where(classes >= 0, own, UNKNOWN)
    agreed = (each == each[0]).all(axis=0)
    truth = np.where((classes == -1) & agreed, each[0], truth).astype(np.int8)
    doubtful = np.where(classes >= 0, truth == UNKNOWN, (classes == -1) & (each == UNKNOWN).any(axis=0))
    return truth, (truth == UNKNOWN) & doubtful


def _borderline(
    leaf: Leaf,
    value: Interval,
    truth: Truth,
    limits: Mapping[str, Fraction],
    classes: Truth,
    sheet: Sheet,
) -> Bools:
    """Say where the limit is touched, or another area basis would turn the truth.

    Whole years are counts: the first full year is over for the whole second year, so a count that equals its
    limit is nothing close.
    """
    if fact_unit(sheet.subject, leaf.fact) == "a":
        return np.zeros(sheet.rows, dtype=np.bool_)
    each = np.stack([touches(value, limit) for limit in limits.values()])
    own = each[np.maximum(classes, 0), np.arange(sheet.rows)]
    touched = np.where(classes >= 0, own, (classes == -1) & each.any(axis=0))
    other = sheet.interval(leaf.fact, other_land=True)
    if other is not None:
        turned, _ = _truth(leaf, other, limits, classes, sheet)
        touched = touched | ((truth != UNKNOWN) & ~other.unknown & (turned != truth))
    return np.asarray(touched, dtype=np.bool_)
