"""Random facts that meet the limits of a policy: as plain values, and as the table that they make."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import inf, nan
from random import Random
from typing import Any, cast

import pandas as pd

from landuse.policy import Policy
from landuse.policy.bars import INDUSTRY, bars_of, factor_to, limit_unit, scale
from landuse.policy.model import ByClass, ByFact, ByTable, Leaf, leaves
from landuse.policy.vocabulary import FactTable, closed_values, fact_table, fact_unit, kind
from landuse.testing.rules import CODES, DAYS, WORDS
from landuse.units import FEN_PER_WAN

__all__ = ["Row", "facts_rested_on", "facts_table", "learned", "random_rows"]

EDITION = "industry_std_year"
ZONE_CLASS, DOUBTFUL = "zone_class", "zone_doubtful"
NONE = Fraction(0)
LANDS = tuple(Fraction(2000, 3) * k for k in (1, 2, 3, 10))
"""Land that ratios are taken over [m2]: whole mu, so that money over land meets its limit."""


@dataclass(frozen=True)
class Row:
    """What is known of a subject.

    Parameters
    ----------
    known : mapping of str to any
        By fact: (low, high) as fractions, (first, last) as days, a text, a bool; None where nothing is known.
    bare : bool
        Whether ratios stand by themselves and the land they are taken over is never known.
    """

    known: Mapping[str, Any]
    bare: bool = False


def facts_rested_on(policy: Policy, subject: str) -> list[str]:
    """Return the facts that the clauses about a subject rest on, with the parts of ratios."""
    table = fact_table(policy, subject)
    named: dict[str, None] = {}
    for leaf in _leaves(policy, subject):
        named |= dict.fromkeys((leaf.fact, *_limit_facts(leaf, policy)))
    for clause in policy.about(subject):
        if clause.consequence and clause.consequence.fee_of:
            named[clause.consequence.fee_of] = None
    if INDUSTRY in named:
        named[EDITION] = None
    if ZONE_CLASS in named and DOUBTFUL in table.columns:
        named[DOUBTFUL] = None
    for fact in list(named):
        named |= dict.fromkeys((table.ratio(fact) or ())[:2])
    return list(named)


def _leaves(policy: Policy, subject: str) -> Iterator[Leaf]:
    for clause in policy.about(subject):
        unless = clause.consequence.unless if clause.consequence else None
        for condition in (clause.scope, clause.when, unless):
            yield from leaves(condition)


def _limit_facts(leaf: Leaf, policy: Policy) -> tuple[str, ...]:
    match leaf.limit:
        case ByFact(fact=fact):
            return (fact,)
        case ByClass(by=by):
            return (by,)
        case ByTable(table=name):
            return next(t.by for t in policy.tables if t.id == name)
    return ()


class _Maker:
    """Makes values of facts near the limits that a policy holds them against."""

    def __init__(self, random: Random, policy: Policy, subject: str) -> None:
        self.random, self.table = random, fact_table(policy, subject)
        self.facts = facts_rested_on(policy, subject)
        self.marks: dict[str, list[Fraction]] = {f: [] for f in self.facts}
        self.words: dict[str, list[str]] = {f: [] for f in self.facts}
        self.bottoms = {r[1] for f in self.facts if (r := self.table.ratio(f))}
        for leaf in _leaves(policy, subject):
            self._note(leaf, policy)

    def _note(self, leaf: Leaf, policy: Policy) -> None:
        match leaf.limit:
            case ByFact(fact=other, times=times):
                for fact, share in ((leaf.fact, times), (other, Fraction(1))):
                    if kind(self.table, fact) == "number":
                        size = scale(fact_unit(self.table, fact))[1]
                        self.marks[fact] += [share * n / size for n in (0, 1, 2, 3)]
            case Fraction() | ByClass() | ByTable():
                bars = bars_of(leaf, self.table, policy)
                factor = factor_to(limit_unit(leaf, policy), self.table, leaf.fact)
                step = factor / (2 * 10**leaf.round.digits) if leaf.round else Fraction(0)
                self.marks[leaf.fact] += [v + k * step for v in bars.values for k in (-1, 0, 0, 1)]
                top, _, share = self.table.ratio(leaf.fact) or (leaf.fact, "", Fraction(0))
                self.marks[top] += [v * land * share for v in bars.values for land in LANDS if share]
                for place, fact in enumerate(bars.by):
                    self.words[fact] += [key[place] for key in bars.keys if key[place]]
            case str() as word:
                self.words[leaf.fact].append(word)
            case tuple() as words:
                self.words[leaf.fact] += words

    def row(self) -> Row:
        """Make what is known of a subject."""
        bare = self.random.random() < 0.2
        known = {
            fact: None if bare and fact in self.bottoms else self.known(fact)
            for fact in self.facts
            if bare or not self.table.ratio(fact)
        }
        return self.whole(known, bare=bare)

    def learned(self, row: Row, *, wholly: bool) -> Row:
        """Learn more of a subject."""
        more: dict[str, Any] = {}
        for fact in self.facts:
            if self.table.ratio(fact) and not row.bare:
                continue
            stays = (row.bare and fact in self.bottoms) or not (wholly or self.random.random() < 0.5)
            if fact == DOUBTFUL:
                more[fact] = row.known[fact]
                continue
            if fact == ZONE_CLASS and row.known[fact] is None and row.known.get(DOUBTFUL) and not stays:
                more[fact] = self.value(fact, possible=False)
                continue
            more[fact] = row.known[fact] if stays else self.narrower(fact, row.known[fact], wholly=wholly)
        return self.whole(more, bare=row.bare)

    def whole(self, known: dict[str, Any], *, bare: bool) -> Row:
        """Work the ratios out of their parts, unless they stand by themselves."""
        for fact in self.facts:
            ratio = self.table.ratio(fact)
            if ratio is not None and not bare:
                top, bottom = known[ratio[0]], known[ratio[1]]
                known[fact] = None if top is None or bottom is None else _over(top, bottom, ratio[2])
        return Row(known, bare)

    def known(self, fact: str) -> Any:
        """Make what is known of a fact: often its value, sometimes a span, sometimes nothing."""
        nullable = self._column(fact).nullable or (self._column(fact).metadata or {}).get("absent")
        if nullable and self.random.random() < 0.15:
            return None
        what = kind(self.table, fact)
        if what == "number":
            return self._span(fact)
        if what == "date":
            return self._period(fact)
        return self.value(fact, possible=False)

    def value(self, fact: str, *, possible: bool = True) -> Any:
        """Make a value: of what an unknown one may turn out to be, or of all that can be read."""
        match kind(self.table, fact):
            case "number":
                number = self.number(fact)
                return (number, number)
            case "date":
                day = self.random.choice(DAYS) + timedelta(days=self.random.choice([0, 0, 1, -1, 40]))
                return (day, day)
            case "flag":
                return self.random.random() < 0.5
        closed = closed_values(self.table, fact, possible=possible)
        words = [*self.words[fact], *(CODES if fact == INDUSTRY else WORDS)]
        return self.random.choice(closed or [*words, *(f"{w}1" for w in words)])

    def number(self, fact: str) -> Fraction:
        """Make a number at, just beside or away from a limit."""
        if fact == EDITION:
            return Fraction(self.random.choice([2017, 2017, 2017, 2011]))
        if fact in self.bottoms:
            return self.random.choice(LANDS)
        mark = self.random.choice([*self.marks[fact], Fraction(0), Fraction(1)])
        hair = max(Fraction(1, FEN_PER_WAN), max(map(abs, [mark, *self.marks[fact]])) / 10**9)
        return self.fitting(
            fact, mark + self.random.choice([NONE, NONE, NONE, hair, -hair, Fraction(1), Fraction(-1, 2)])
        )

    def fitting(self, fact: str, number: Fraction) -> Fraction:
        """Return a number as the column can hold it: whole, in whole fen, not below its least."""
        column = self._column(fact)
        if any(c.name == "greater_than_or_equal_to" for c in column.checks):
            number = max(number, Fraction(0))
        if str(column.dtype).lower().startswith("int"):
            return Fraction(round(number))
        if fact_unit(self.table, fact) in ("wan", "wan/a"):
            return Fraction(round(number * FEN_PER_WAN), FEN_PER_WAN)
        return number

    def _column(self, fact: str) -> Any:
        return self.table.columns.get(fact) or self.table.columns[f"{fact}_low"]

    def _span(self, fact: str) -> tuple[Fraction, Fraction | float]:
        one = self.number(fact)
        shape = self.random.random()
        if not self.table.is_pair(fact) or shape < 0.5:
            return one, one
        if shape > 0.85:
            return one, inf
        other = self.number(fact)
        return min(one, other), max(one, other)

    def _period(self, fact: str) -> tuple[date, date]:
        day = self.value(fact)[0]
        shape = self.random.random()
        if f"{fact}_period" not in self.table.columns or shape < 0.6:
            return day, day
        if shape < 0.8:
            last = monthrange(day.year, day.month)[1]
            return day.replace(day=1), day.replace(day=last)
        return date(day.year, 1, 1), date(day.year, 12, 31)

    def narrower(self, fact: str, known: Any, *, wholly: bool) -> Any:
        """Learn more of a fact: a value for nothing, a part of a span, a day or month of a period."""
        what = kind(self.table, fact)
        if known is None:
            return self.value(fact)
        if what not in ("number", "date") or known[0] == known[1]:
            return known
        if what == "date":
            return self._part_of_period(known, wholly=wholly)
        low, high = known
        ends: list[Any] = [low, *(m for m in self.marks[fact] if low < m < high)]
        ends += [high, (low + high) / 2] if high != inf else [low + 1, Fraction(low + 1000)]
        inside = [e for e in (self.fitting(fact, e) for e in ends) if low <= e <= high]
        one, other = self.random.choice(inside), self.random.choice(inside)
        return (one, one) if wholly or self.random.random() < 0.5 else (min(one, other), max(one, other))

    def _part_of_period(self, known: tuple[date, date], *, wholly: bool) -> tuple[date, date]:
        first, last = known
        day = self.random.choice([first, last, first + (last - first) // 2])
        if wholly or last.month == first.month or self.random.random() < 0.5:
            return day, day
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _over(top: Any, bottom: Any, factor: Fraction) -> tuple[Fraction, Fraction | float]:
    low = Fraction(0) if bottom[1] == inf else top[0] / (bottom[1] * factor)
    return low, inf if top[1] == inf else top[1] / (bottom[0] * factor)


def random_rows(random: Random, policy: Policy, subject: str, count: int) -> list[Row]:
    """Make what is known of some subjects, near the limits of a policy."""
    maker = _Maker(random, policy, subject)
    return [maker.row() for _ in range(count)]


def learned(
    random: Random, rows: Sequence[Row], policy: Policy, subject: str, *, wholly: bool = False
) -> list[Row]:
    """Return rows of which more is known, in agreement with what was known before.

    Parameters
    ----------
    random : Random
        Where chance comes from.
    rows : sequence of Row
        As ``random_rows`` makes them.
    policy, subject
        What the rows were made for.
    wholly : bool
        Everything becomes known; else some of it.
    """
    maker = _Maker(random, policy, subject)
    return [maker.learned(row, wholly=wholly) for row in rows]


def facts_table(rows: Sequence[Row], policy: Policy, subject: str) -> pd.DataFrame:
    """Return rows as the fact table of their subject; ids count from R0."""
    table = fact_table(policy, subject)
    cells = [_cells(row, table) for row in rows]
    names = list(cells[0]) if cells else []
    index = pd.Index([f"R{n}" for n in range(len(rows))], dtype="str")
    columns = {name: pd.Series([c[name] for c in cells], index=index) for name in names}
    for name in names:
        if str(table.columns[name].dtype).startswith("datetime"):
            columns[name] = pd.to_datetime(columns[name])
    return cast("pd.DataFrame", table.conform(pd.DataFrame(columns, index=index)))


def _cells(row: Row, table: FactTable) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for fact, known in row.known.items():
        match kind(table, fact):
            case "number":
                low, high = (nan, nan) if known is None else (float(e) for e in known)
                pair = table.is_pair(fact)
                cells |= {f"{fact}_low": low, f"{fact}_high": high} if pair else {fact: low}
            case "date":
                cells |= _dated(fact, known, table)
            case _:
                cells[fact] = known
    return cells


def _dated(fact: str, known: Any, table: FactTable) -> dict[str, Any]:
    exact = known is not None and known[0] == known[1]
    cells: dict[str, Any] = {fact: pd.Timestamp(known[0]) if exact else None}
    if f"{fact}_period" in table.columns:
        cells[f"{fact}_period"] = None if exact or known is None else _month_or_year(*known)
    return cells


def _month_or_year(first: date, last: date) -> str:
    return first.strftime("%Y-%m" if first.month == last.month else "%Y")
