"""Weigh the conditions of a clause against facts: each holds (1), does not (0) or is unknown (-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import PolicyError
from landuse.policy.bars import Bars, bars_of, class_key, factor_to, limit_unit, possible_classes, scale
from landuse.policy.model import AllOf, AnyOf, ByFact, Clause, Condition, Empty, Leaf, NotOf, Policy
from landuse.policy.vocabulary import fact_unit, kind
from landuse.screening.classes import NOT_LISTED, Places, Places32, other_edition, places_of
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools, Floats, Interval, Stand, Truth, stand
from landuse.screening.sheet import MONEY, Sheet
from landuse.units import FEN_PER_WAN, fen

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
    on, a fact that is the limit. ``place`` is that of the row's limit among ``bars``, -1 where its class is
    not known, -2 where there is none for its class; None where one limit holds for all. ``against`` is the
    limit from low to high [unit of the fact]: by place, or row by row where it is another fact.
    """

    leaf: Leaf
    truth: Truth
    missing: Bools
    borderline: Bools
    wanted: Mapping[str, Bools]
    low: Floats | None = None
    high: Floats | None = None
    against: tuple[Floats, Floats] | None = None
    bars: Bars | None = None
    place: Places32 | None = None

    def place_of(self, row: int) -> int:
        """Return the place of a row's limit; 0 where one holds for all, -1 where there is none."""
        if self.place is None:
            return -1 if self.bars is None else 0
        return int(self.place[row])

    @property
    def limit(self) -> Floats | None:
        """The limit [unit of the fact]; NaN where its class is not known or it is an interval itself."""
        return self.limits(slice(None))

    def limits(self, rows: slice | Ints) -> Floats | None:
        """Return the limits of some rows, as ``limit`` has them."""
        if self.against is None:
            return None
        low, high = self.against
        if self.bars is None:
            first: Floats = low[rows]
            return first if low is high else np.where(first == high[rows], first, np.nan)
        if self.place is None:
            return np.full(len(self.truth[rows]), low[0])
        return np.asarray(low[self.place[rows]], dtype=np.float64)


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
    clauses = tuple(weigh_clause(c, sheet) for c in policy.about(subject))
    sheet.forget_intervals()
    return WeighedSheet(sheet, policy, clauses)


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
    """Join by ``all``: the least of 1 and -1, and 0 wherever one is 0."""
    least, none_fails = truths[0], truths[0] != NOT
    for truth in truths[1:]:
        least = np.minimum(least, truth)
        none_fails = none_fails & (truth != NOT)
    return np.asarray(least * none_fails.view(np.int8), dtype=np.int8)


def _not(truth: Truth) -> Truth:
    turned: Truth = (truth == NOT).view(np.int8) - (truth == UNKNOWN).view(np.int8)
    return turned


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
    left = rows
    for part in weighed.parts:
        here = left & (part.truth == weighed.truth)
        if isinstance(weighed.condition, AllOf):
            left = left & ~(here & (weighed.truth == NOT))
        yield from decisive(part, here)


def _compare(leaf: Leaf, sheet: Sheet) -> Compared:
    if isinstance(leaf.limit, Empty):
        raise PolicyError(f"the limit of {leaf.fact} is empty", remedy="fill it in before it is evaluated")
    if leaf.op in ("is_known", "is_unknown"):
        unknown = sheet.unknown(leaf.fact)
        truth = (unknown if leaf.op == "is_unknown" else ~unknown).astype(np.int8)
        return _words(leaf, truth, unknown, sheet)
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
            return _words(leaf, np.where(unknown, UNKNOWN, same).astype(np.int8), unknown, sheet)
    return _compare_text(leaf, sheet)


def _words(leaf: Leaf, truth: Truth, unknown: Bools, sheet: Sheet) -> Compared:
    return Compared(leaf, truth, unknown, sheet.never, {leaf.fact: truth == UNKNOWN})


def _compare_text(leaf: Leaf, sheet: Sheet) -> Compared:
    codes, names = sheet.classes(leaf.fact)
    unknown = codes < 0
    wanted = leaf.op in ("==", "in", "under")
    inside = [_within(n, leaf) == wanted for n in names]
    lost = sheet.astray(leaf.fact)
    guesses = []
    for astray in (False, True):
        may = possible_classes(sheet.table, leaf.fact, astray=astray)
        guesses.append(_agreed([_within(v, leaf) == wanted for v in may]))
    truths = np.array([*inside, guesses[0]], dtype=np.int8)
    truth = truths[codes]
    if lost.any():
        truth[lost] = guesses[1]
    if leaf.std is not None:
        lost = other_edition(sheet, leaf.std)
        truth, unknown = np.where(lost, UNKNOWN, truth).astype(np.int8), unknown | lost
    return _words(leaf, truth, unknown, sheet)


def _agreed(outcomes: list[bool]) -> int:
    """Return the truth of all that may be, unknown where they differ or are open."""
    if not outcomes or len(set(outcomes)) > 1:
        return UNKNOWN
    return HOLDS if outcomes[0] else NOT


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
    factor = float(factor_to(limit_unit(leaf, sheet.policy), sheet.table, leaf.fact))
    return value.rounded(leaf.round.digits, leaf.round.mode, factor)


def _compare_number(leaf: Leaf, sheet: Sheet) -> Compared:
    bars = bars_of(leaf, sheet.table, sheet.policy)
    places = places_of(bars, sheet)
    value = cast("Interval", _interval(leaf, sheet))
    told, doubtful = _told(leaf.op, value, bars, places)
    wanted = {leaf.fact: doubtful}
    for fact, lost in places.wanted.items():
        unclassed = (told.truth == UNKNOWN) & (lost | (places.place == NOT_LISTED))
        wanted[fact] = wanted[fact] | unclassed if fact in wanted else unclassed
    low, high = sheet.figures(leaf.fact)
    return Compared(
        leaf,
        told.truth,
        missing=sheet.unknown(leaf.fact),
        borderline=_borderline(leaf, told, bars, places, sheet),
        wanted=wanted,
        low=low,
        high=high,
        against=(_figures(bars),) * 2,
        bars=bars,
        place=places.place,
    )


def _figures(bars: Bars) -> Floats:
    """Return the limits, with NaN behind them for classes not known and not listed (places -1 and -2)."""
    return np.array([*(float(v) for v in bars.values), np.nan, np.nan])


def _compare_with_fact(leaf: Leaf, sheet: Sheet) -> Compared:
    limit = cast("ByFact", leaf.limit)
    value = cast("Interval", _interval(leaf, sheet))
    own, other = (scale(fact_unit(sheet.table, f))[1] for f in (leaf.fact, limit.fact))
    times = float(limit.times * other / own)
    first, last = sheet.figures(limit.fact)
    if fact_unit(sheet.table, limit.fact) in MONEY:
        first, last = _whole_fen(first, last)
    low = first if times == 1 else first * times
    high = low if first is last else last if times == 1 else last * times
    told = stand(leaf.op, value, (low, high))
    unknown = told.truth == UNKNOWN
    own_low, own_high = sheet.figures(leaf.fact)
    return Compared(
        leaf,
        told.truth,
        missing=sheet.unknown(leaf.fact),
        borderline=told.touched,
        wanted={
            leaf.fact: unknown & ~(own_low == own_high),
            limit.fact: unknown & ~(low == high),
        },
        low=own_low,
        high=own_high,
        against=(low, high),
    )


def _whole_fen(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return amounts [wan] in whole fen; two ends that are one array stay one."""
    first = fen(low) / FEN_PER_WAN
    return first, (first if low is high else fen(high) / FEN_PER_WAN)


def _told(op: str, value: Interval, bars: Bars, places: Places) -> tuple[Stand, Bools]:
    """Hold figures against the limits of their classes; say where better ones could change a truth."""
    if places.place is None:
        told = stand(op, value, bars.values[0])
        return told, told.truth == UNKNOWN
    limits = _figures(bars)[places.place]
    told = stand(op, value, (limits, limits))
    doubtful = (told.truth == UNKNOWN) & (places.place >= 0)
    for rows, may in places.groups:
        own = value.take(rows)
        each = [stand(op, own, bars.values[at]) for at in may]
        if each:
            agreed = np.all([e.truth == each[0].truth for e in each], axis=0)
            told.truth[rows] = np.where(agreed, each[0].truth, UNKNOWN)
            told.touched[rows] = np.any([e.touched for e in each], axis=0)
            doubtful[rows] = np.any([e.truth == UNKNOWN for e in each], axis=0)
        else:
            doubtful[rows] = own.unknown
    return told, doubtful & (told.truth == UNKNOWN)


def _borderline(leaf: Leaf, told: Stand, bars: Bars, places: Places, sheet: Sheet) -> Bools:
    """Say where the limit is touched, or another area basis would turn the truth.

    Whole years are counts: the first full year is over for the whole second year, so a count that equals its
    limit is nothing close.
    """
    if fact_unit(sheet.table, leaf.fact) == "a":
        return sheet.never
    other = _interval(leaf, sheet, other_land=True)
    if other is None:
        return told.touched
    turned = _told(leaf.op, other, bars, places)[0].truth != told.truth
    touched: Bools = told.touched | ((told.truth != UNKNOWN) & ~other.unknown & turned)
    return touched
