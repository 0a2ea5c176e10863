"""Weigh the conditions of a clause against facts: each holds (1), does not (0) or is unknown (-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import PolicyError
from landuse.policy.bars import Bars, bars_of, class_key, factor_to, scale
from landuse.policy.model import AllOf, AnyOf, ByFact, Clause, Condition, Empty, Leaf, NotOf, Policy
from landuse.policy.vocabulary import closed_values, fact_unit, kind
from landuse.screening.classes import NOT_LISTED, Places, other_edition, places_of
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools, Floats, Interval, Truth, tell, touches
from landuse.screening.sheet import Sheet

__all__ = [
    "Compared",
    "Joined",
    "Weighed",
    "WeighedClause",
    "WeighedSheet",
    "comparisons",
    "decisive",
    "weigh",
    "weigh_clause",
    "weigh_sheet",
]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """One comparison, for every row.

    ``wanted`` names, where the truth is unknown, the facts that would have to be known, each with the rows
    where it would: the fact itself (missing, or an interval about the limit), a class that the limit depends
    on, a fact that is the limit. ``limit`` [unit of the fact] is NaN where it depends on a class that is not
    known or is an interval itself; ``place`` is that of the row's limit among ``bars``, -1 where its class is
    not known, -2 where there is none for its class.
    """

    leaf: Leaf
    truth: Truth
    missing: Bools
    borderline: Bools
    wanted: Mapping[str, Bools]
    low: Floats | None = None
    high: Floats | None = None
    limit: Floats | None = None
    bars: Bars | None = None
    place: Ints | None = None


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


@dataclass(frozen=True)
class WeighedSheet:
    """The clauses of a policy about one subject, weighed against its facts."""

    sheet: Sheet
    policy: Policy
    clauses: tuple[WeighedClause, ...]


def weigh_sheet(facts: pd.DataFrame, subject: str, policy: Policy) -> WeighedSheet:
    """Weigh all that a policy says about a subject; comparisons that clauses share are made once."""
    sheet = Sheet(facts, subject, policy)
    return WeighedSheet(sheet, policy, tuple(weigh_clause(c, sheet) for c in policy.about(subject)))


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
    if isinstance(leaf.limit, Empty):
        raise PolicyError(f"the limit of {leaf.fact} is empty", remedy="fill it in before it is evaluated")
    if leaf.op in ("is_known", "is_unknown"):
        unknown = sheet.unknown(leaf.fact)
        truth = (unknown if leaf.op == "is_unknown" else ~unknown).astype(np.int8)
        return _words(leaf, truth, unknown)
    match kind(sheet.table, leaf.fact):
        case "number" | "date":
            return (
                _compare_with_fact(leaf, sheet)
                if isinstance(leaf.limit, ByFact)
                else _compare_number(leaf, sheet)
            )
        case "flag":
            flags, unknown = sheet.flags(leaf.fact)
            same = (flags == bool(leaf.limit)) == (leaf.op == "==")
            return _words(leaf, np.where(unknown, UNKNOWN, same).astype(np.int8), unknown)
    return _compare_text(leaf, sheet)


def _words(leaf: Leaf, truth: Truth, unknown: Bools) -> Compared:
    never = np.zeros(len(truth), dtype=np.bool_)
    return Compared(leaf, truth, unknown, never, {leaf.fact: truth == UNKNOWN})


def _compare_text(leaf: Leaf, sheet: Sheet) -> Compared:
    codes, names = sheet.classes(leaf.fact)
    unknown = codes < 0
    wanted = leaf.op in ("==", "in", "under")
    inside = [_within(n, leaf) == wanted for n in names]
    possible = [_within(v, leaf) == wanted for v in closed_values(sheet.table, leaf.fact, possible=True)]
    guess = UNKNOWN
    if possible and all(p == possible[0] for p in possible):
        guess = HOLDS if possible[0] else NOT
    truths = np.array([*inside, guess], dtype=np.int8)
    truth = truths[codes]
    if leaf.std is not None:
        lost = other_edition(sheet, leaf.std)
        truth, unknown = np.where(lost, UNKNOWN, truth).astype(np.int8), unknown | lost
    return _words(leaf, truth, unknown)


def _within(value: str, leaf: Leaf) -> bool:
    """Say whether a text is one of the limits or, where codes stand under others, begins with one."""
    limit = leaf.limit if isinstance(leaf.limit, tuple) else (str(leaf.limit),)
    if leaf.op not in ("under", "not_under"):
        return value in limit
    return class_key(leaf.fact, value).startswith(tuple(class_key(leaf.fact, word) for word in limit))


def _interval(leaf: Leaf, sheet: Sheet, *, other_land: bool = False) -> Interval | None:
    value = sheet.interval(leaf.fact, other_land=other_land)
    if value is None or leaf.round is None:
        return value
    factor = float(factor_to(leaf.unit, sheet.table, leaf.fact))
    return value.rounded(leaf.round.digits, leaf.round.mode, factor)


def _compare_number(leaf: Leaf, sheet: Sheet) -> Compared:
    bars = bars_of(leaf, sheet.table, sheet.policy)
    places = places_of(bars, sheet)
    value = cast("Interval", _interval(leaf, sheet))
    truth, doubtful = _truth(leaf.op, value, bars, places)
    wanted = {leaf.fact: doubtful}
    for fact, lost in places.wanted.items():
        unclassed = (truth == UNKNOWN) & (lost | (places.place == NOT_LISTED))
        wanted[fact] = wanted[fact] | unclassed if fact in wanted else unclassed
    low, high = sheet.figures(leaf.fact)
    figures = np.array([*(float(v) for v in bars.values), np.nan, np.nan])
    return Compared(
        leaf,
        truth,
        missing=np.isnan(low),
        borderline=_borderline(leaf, value, truth, bars, places, sheet),
        wanted=wanted,
        low=low,
        high=high,
        limit=figures[places.place],
        bars=bars,
        place=places.place,
    )


def _compare_with_fact(leaf: Leaf, sheet: Sheet) -> Compared:
    limit = cast("ByFact", leaf.limit)
    value = cast("Interval", _interval(leaf, sheet))
    own, other = (scale(fact_unit(sheet.table, f))[1] for f in (leaf.fact, limit.fact))
    low, high = (end * float(limit.times * other / own) for end in sheet.figures(limit.fact))
    truth = tell(leaf.op, value, (low, high))
    unknown = truth == UNKNOWN
    own_low, own_high = sheet.figures(leaf.fact)
    return Compared(
        leaf,
        truth,
        missing=np.isnan(own_low),
        borderline=touches(value, (low, high)),
        wanted={
            leaf.fact: unknown & ~(own_low == own_high),
            limit.fact: unknown & ~(low == high),
        },
        low=own_low,
        high=own_high,
        limit=np.where(low == high, low, np.nan),
    )


def _truth(op: str, value: Interval, bars: Bars, places: Places) -> tuple[Truth, Bools]:
    """Return the truth, and where knowing the value better could change an unknown one."""
    truth = np.full(len(value.low), UNKNOWN, dtype=np.int8)
    for at, rows in places.held():
        own = value if isinstance(rows, slice) else value.take(rows)
        truth[rows] = tell(op, own, bars.values[at])
    doubtful = (truth == UNKNOWN) & (places.place >= 0)
    for rows, may in places.groups:
        each = [tell(op, value.take(rows), bars.values[at]) for at in may]
        if each:
            agreed = np.all([e == each[0] for e in each], axis=0)
            truth[rows] = np.where(agreed, each[0], UNKNOWN)
            doubtful[rows] = np.any([e == UNKNOWN for e in each], axis=0)
        else:
            doubtful[rows] = value.take(rows).unknown
    return truth, doubtful & (truth == UNKNOWN)


def _borderline(leaf: Leaf, value: Interval, truth: Truth, bars: Bars, places: Places, sheet: Sheet) -> Bools:
    """Say where the limit is touched, or another area basis would turn the truth.

    Whole years are counts: the first full year is over for the whole second year, so a count that equals its
    limit is nothing close.
    """
    touched = np.zeros(sheet.rows, dtype=np.bool_)
    if fact_unit(sheet.table, leaf.fact) == "a":
        return touched
    for at, rows in places.held():
        own = value if isinstance(rows, slice) else value.take(rows)
        touched[rows] = touches(own, bars.values[at])
    for unclassed, may in places.groups:
        own = value.take(unclassed)
        for at in may:
            touched[unclassed] |= touches(own, bars.values[at])
    other = _interval(leaf, sheet, other_land=True)
    if other is not None:
        turned, _ = _truth(leaf.op, other, bars, places)
        touched |= (truth != UNKNOWN) & ~other.unknown & (turned != truth)
    return touched
