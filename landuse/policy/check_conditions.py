"""Check the conditions of a policy: facts, operators, units and limits that fit each other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from landuse.errors import PolicyError, nearest
from landuse.labels import section
from landuse.policy.bars import (
    INDUSTRY,
    bars_of,
    class_key,
    factor_to,
    industry_key,
    limit_unit,
    possible_classes,
    scale,
    unit_code,
)
from landuse.policy.model import (
    AllOf,
    AnyOf,
    ByClass,
    ByFact,
    ByTable,
    Condition,
    Empty,
    Leaf,
    Limit,
    NotOf,
    Policy,
)
from landuse.policy.vocabulary import (
    SHARES,
    FactTable,
    absent_value,
    closed_values,
    fact_table,
    fact_unit,
    facts_of,
    kind,
)
from landuse.units import FEN_PER_WAN

__all__ = ["EDITIONS", "KNOWING", "check_condition", "check_industry", "known"]

GREATEST_SHARE = 2
"""A limit of a share beyond this is meant in per cent."""
KNOWING = ("is_known", "is_unknown")
NUMERIC = ("<", "<=", ">", ">=", "==", "!=")
OPS_OF = {
    "number": (*NUMERIC, *KNOWING),
    "date": (*NUMERIC, *KNOWING),
    "text": ("==", "!=", "in", "not_in", "under", "not_under", *KNOWING),
    "flag": ("==", "!=", *KNOWING),
}
LISTED = ("in", "not_in", "under", "not_under")
INCLUDES = {"<": False, "<=": True, ">": False, ">=": True}
MONEY = ("wan", "wan/a")
"""Units of amounts that are compared in whole fen."""
EDITIONS = (1984, 1994, 2002, 2011, 2017)
"""The editions of GB/T 4754."""
EMPTY = "limit is empty, refused"
FILL = "fill it in; a policy with an empty limit decides nothing"


def known(word: str, words: Iterable[str], what: str, key: str) -> None:
    """Refuse a word that is not among those known, naming the nearest.

    Raises
    ------
    PolicyError
        With the key.
    """
    listed = list(dict.fromkeys(words))
    if word not in listed:
        near = nearest(word, listed)
        raise PolicyError(
            f"unknown {what}: {word!r}; the nearest known one is {near!r}",
            key=key,
            remedy=f"one of {', '.join(listed)}",
        )


def check_industry(code: str, key: str) -> None:
    """Refuse what is no industry code: a section alone says nothing of codes that are written without it.

    Raises
    ------
    PolicyError
        With the key.
    """
    if not industry_key(code).isdigit():
        raise PolicyError(
            f"{code!r} is no industry code; a section is named by its divisions",
            key=key,
            remedy="write the digits, with the letter of their section or without it, as C36 or 36",
        )


def check_condition(condition: Condition, subject: str, policy: Policy, path: str) -> None:
    """Refuse a condition that compares what cannot be compared.

    Raises
    ------
    PolicyError
        With the key path of the fault.
    """
    match condition:
        case Leaf():
            _Check(condition, subject, policy, path).all()
        case AllOf(all=parts):
            for i, part in enumerate(parts):
                check_condition(part, subject, policy, f"{path}.all[{i}]")
        case AnyOf(any=parts):
            for i, part in enumerate(parts):
                check_condition(part, subject, policy, f"{path}.any[{i}]")
        case NotOf(condition=part):
            check_condition(part, subject, policy, f"{path}.not")


class _Check:
    """The checks of one comparison."""

    def __init__(self, leaf: Leaf, subject: str, policy: Policy, path: str) -> None:
        self.leaf, self.subject, self.policy, self.path = leaf, subject, policy, path
        self.table: FactTable = fact_table(policy, subject)

    def all(self) -> None:
        """Check everything."""
        leaf = self.leaf
        if leaf.fact not in facts_of(self.table):
            if leaf.fact in self.table.stems():
                self._refuse("fact", f"{leaf.fact} cannot be compared: it is a list or part of a date", "")
            known(leaf.fact, facts_of(self.table), f"fact of a {self.subject}", f"{self.path}.fact")
        what = kind(self.table, leaf.fact) or "text"
        if leaf.op not in OPS_OF[what]:
            self._refuse(
                "op",
                f"{leaf.op!r} does not compare a {what}, and {leaf.fact} is one",
                f"one of {'  '.join(OPS_OF[what])}",
            )
        self._check_keys(what)
        if leaf.op in KNOWING:
            if leaf.limit is not None or leaf.unit:
                self._refuse("limit", f"{leaf.op} takes no limit", "leave limit and unit out")
            return
        if leaf.limit is None:
            self._refuse("limit", EMPTY, FILL)
        if isinstance(leaf.limit, Empty):
            self._check_empty(f"{self.path}.limit")
        elif isinstance(leaf.limit, ByFact):
            self._check_by_fact(leaf.limit, what)
        elif what == "number":
            self._check_number()
            self._check_rounding()
        elif what == "date":
            self._check_date()
        else:
            self._check_words(what)

    def _refuse(self, key: str, what: str, remedy: str) -> None:
        raise PolicyError(what, key=f"{self.path}.{key}", remedy=remedy or "take another fact")

    def _check_keys(self, what: str) -> None:
        leaf = self.leaf
        if leaf.inclusive is not None and INCLUDES.get(leaf.op) is not leaf.inclusive:
            self._refuse(
                "inclusive",
                f"inclusive = {str(leaf.inclusive).lower()} contradicts {leaf.op!r}",
                "<= and >= include the limit, < and > do not; other operators take no inclusive",
            )
        if leaf.round is not None and (what != "number" or leaf.op in KNOWING):
            self._refuse("round", f"only a number is rounded, {leaf.fact} is a {what}", "leave round out")
        industry = leaf.fact == INDUSTRY and leaf.op in ("under", "not_under")
        if industry:
            self._check_std(leaf.std, "std")
        elif leaf.std is not None:
            self._refuse("std", "std belongs to industry_code under …", "leave std out")

    def _check_std(self, std: int | None, key: str) -> None:
        if std not in EDITIONS:
            self._refuse(
                key,
                f"industry codes need the edition of GB/T 4754 they are of, not {std}",
                f"std = one of {', '.join(map(str, EDITIONS))}",
            )

    def _check_empty(self, key: str) -> None:
        if not self.policy.template:
            raise PolicyError(EMPTY, key=key, remedy=FILL)

    def _check_number(self) -> None:
        limit = self.leaf.limit
        if isinstance(limit, ByTable):
            self._check_by_table(limit)
            return
        if isinstance(limit, ByClass):
            self._check_by_class(limit)
        elif not isinstance(limit, Fraction):
            self._refuse(
                "limit",
                f"{str(limit)!r} is not a number, and {self.leaf.fact} is one",
                "write a number without quotes, or a fraction as text",
            )
        self._check_share(limit)
        self._check_unit()

    def _check_share(self, limit: Limit) -> None:
        """Refuse 33 for a third: a share is compared as it is, not in per cent."""
        numbers = [v for _, v in limit.values] if isinstance(limit, ByClass) else [limit]
        for number in numbers:
            if self.leaf.fact in SHARES and isinstance(number, Fraction) and number > GREATEST_SHARE:
                self._refuse(
                    "limit",
                    f"{self.leaf.fact} is a share: {float(number):g} would be {float(number * 100):g} %",
                    f"write {float(number / 100):g} for {float(number):g} %",
                )

    def _check_unit(self) -> None:
        leaf, own = self.leaf, fact_unit(self.table, self.leaf.fact)
        code = own if leaf.unit == own and unit_code(own) is None else unit_code(leaf.unit)
        if code is None:
            names = [*section("policy_units"), *([own] if unit_code(own) is None else [])]
            self._refuse(
                "unit",
                f"unknown unit {leaf.unit!r}; the nearest known one is {nearest(leaf.unit, names)!r}",
                f"one of {' '.join(names)}",
            )
            return
        fitting = [u for u, c in section("policy_units").items() if own and scale(c)[0] == scale(own)[0]]
        fitting = fitting or ([own] if own else [])
        if own and not code:
            self._refuse("unit", f"the limit of {leaf.fact} has no unit", f"one of {' '.join(fitting)}")
        if scale(code)[0] != scale(own)[0]:
            self._refuse(
                "unit",
                f"{leaf.unit!r} does not measure {leaf.fact}",
                f"one of {' '.join(fitting)}" if fitting else "leave the unit out",
            )

    def _check_by_class(self, limit: ByClass) -> None:
        classed = [f for f in facts_of(self.table) if kind(self.table, f) in ("text", "flag")]
        known(limit.by, classed, f"class of a {self.subject}", f"{self.path}.limit.by")
        if limit.by == INDUSTRY:
            self._check_std(limit.std, "limit.std")
        elif limit.std is not None:
            self._refuse("limit.std", "std belongs to limits by industry_code", "leave std out")
        classes = possible_classes(self.table, limit.by)
        given = [class_key(limit.by, name) for name, _ in limit.values]
        for place, (name, value) in enumerate(limit.values):
            if limit.by == INDUSTRY:
                check_industry(name, f"{self.path}.limit.{name}")
            if given.index(class_key(limit.by, name)) != place:
                self._refuse(f"limit.{name}", f"{name} has a limit twice", "keep one of the two")
            if classes:
                known(name, classes, f"value of {limit.by}", f"{self.path}.limit.{name}")
            if value is None:
                self._check_empty(f"{self.path}.limit.{name}")
        for name in classes if limit.other is None else ():
            if name not in given:
                raise PolicyError(
                    f"limit is empty, refused: there is none for {limit.by} {name!r}",
                    key=f"{self.path}.limit.{name}",
                    remedy="give a limit for every class or for other, and leave classes out with a scope",
                )

    def _check_by_table(self, limit: ByTable) -> None:
        known(limit.table, [t.id for t in self.policy.tables], "table of limits", f"{self.path}.limit.table")
        if self.leaf.unit:
            self._refuse("unit", "the table names the unit", "leave the unit out")
        rows = self.policy.rows_of(limit)
        if not rows:
            there = {r.indicator for r in self.policy.rows if r.table == limit.table}
            if there:
                known(limit.indicator, there, "indicator", f"{self.path}.limit.indicator")
            self._check_empty(f"{self.path}.limit")
        about = next(t for t in self.policy.tables if t.id == limit.table)
        for fact in about.by:
            known(fact, facts_of(self.table), f"fact of a {self.subject}", f"table[{about.id}].by")
        own = fact_unit(self.table, self.leaf.fact)
        for row in rows:
            code = unit_code(row.unit)
            if scale(row.unit if code is None else code)[0] != scale(own)[0]:
                raise PolicyError(
                    f"{about.file}, line {row.line}: {row.unit!r} does not measure {self.leaf.fact}",
                    key=f"table[{about.id}]",
                    remedy="correct the unit of the table or of the row",
                )

    def _check_rounding(self) -> None:
        leaf = self.leaf
        if leaf.round is not None and isinstance(leaf.limit, ByTable):
            units = {row.unit for row in self.policy.rows_of(leaf.limit)}
            if len(units) > 1:
                self._refuse(
                    "round",
                    f"a figure is rounded in one unit, the limits of {leaf.limit.indicator} are in "
                    + ", ".join(sorted(units)),
                    "give all rows of the indicator one unit",
                )
        step = self._step()
        if step is None or leaf.op not in ("==", "!="):
            return
        for bar in bars_of(leaf, self.table, self.policy).values:
            if (bar / step).denominator != 1:
                self._refuse(
                    "limit",
                    f"{leaf.fact} is never {bar} {fact_unit(self.table, leaf.fact)}: "
                    + ("it is rounded before" if leaf.round else "amounts are whole fen"),
                    "give a limit that the fact can be, or compare with <, <=, > or >=",
                )

    def _step(self) -> Fraction | None:
        """Return what a figure is a multiple of when it is compared, in the unit of the fact."""
        leaf = self.leaf
        if leaf.round is not None:
            factor = factor_to(limit_unit(leaf, self.policy), self.table, leaf.fact)
            return factor / Fraction(10**leaf.round.digits)
        return Fraction(1, FEN_PER_WAN) if fact_unit(self.table, leaf.fact) in MONEY else None

    def _check_by_fact(self, limit: ByFact, what: str) -> None:
        known(limit.fact, facts_of(self.table), f"fact of a {self.subject}", f"{self.path}.limit.fact")
        if what not in ("number", "date") or kind(self.table, limit.fact) != what:
            self._refuse("limit.fact", f"{limit.fact} cannot be held against {self.leaf.fact}", "")
        if limit.fact == self.leaf.fact:
            self._refuse("limit.fact", f"{limit.fact} is held against itself", "name another fact")
        own, other = (scale(fact_unit(self.table, f))[0] for f in (self.leaf.fact, limit.fact))
        if own != other:
            self._refuse("limit.fact", f"{limit.fact} has another unit than {self.leaf.fact}", "")
        if self.leaf.unit or self.leaf.round is not None:
            self._refuse("unit", "a limit that is a fact takes no unit and no rounding", "leave them out")
        if what == "date" and limit.times != 1:
            self._refuse("limit.times", "a day has no multiple", "leave times out")

    def _check_date(self) -> None:
        if self.leaf.unit:
            self._refuse("unit", f"{self.leaf.fact} has no unit", "leave the unit out")
        if not isinstance(self.leaf.limit, date):
            self._refuse("limit", f"{self.leaf.fact} is a date", "write a day without quotes, as 2012-07-01")

    def _check_words(self, what: str) -> None:
        leaf, limit = self.leaf, self.leaf.limit
        if leaf.unit:
            self._refuse("unit", f"{leaf.fact} has no unit", "leave the unit out")
        if what == "flag":
            if not isinstance(limit, bool):
                self._refuse("limit", f"{leaf.fact} is yes or no", "write true or false, without quotes")
            return
        listed = leaf.op in LISTED
        if not isinstance(limit, tuple if listed else str):
            self._refuse(
                "limit",
                f"{leaf.op!r} compares the text {leaf.fact} with "
                + ("a list of texts" if listed else "one text"),
                'write ["…", "…"]' if listed else 'write "…"',
            )
        values = closed_values(self.table, leaf.fact)
        for word in limit if isinstance(limit, tuple) else (str(limit),):
            if word == absent_value(self.table, leaf.fact):
                self._refuse(
                    "limit",
                    f"{word!r} says that {leaf.fact} is not known; it cannot be compared with",
                    f"one of {', '.join(values)}; what is not known makes the condition unknown by itself",
                )
            if leaf.std is not None:
                check_industry(word, f"{self.path}.limit")
            if values and leaf.op not in ("under", "not_under"):
                known(word, values, f"value of {leaf.fact}", f"{self.path}.limit")
