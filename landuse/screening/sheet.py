"""The facts of a subject, column by column, as the conditions of a policy see them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import TableError
from landuse.policy import Policy
from landuse.policy.vocabulary import absent_value, fact_table, fact_unit, kind
from landuse.screening.compare import BLOCK, Bools, Floats, Interval
from landuse.tables.spans import span_of

__all__ = ["INTENSITY_LAND", "Sheet"]

INTENSITY_LAND, ALTERNATIVE_LAND = "intensity_land_m2", "intensity_alt_land_m2"
"""Land that ratios are taken over, and the same by the other area bases."""
ZONE_CLASS, DOUBTFUL = "zone_class", "zone_doubtful"
MONEY = ("wan", "wan/a")
Codes = npt.NDArray[np.signedinteger[Any]]
BASIS = {"parcel": "money_basis", "project": "land_basis"}


class Sheet:
    """A fact table, read by fact.

    Parameters
    ----------
    facts : DataFrame
        ``PARCEL_FACTS``, ``PROJECT_FACTS`` or ``ZONE_FACTS``.
    subject : str
        parcel, project or zone.
    policy : Policy, optional
        Whose own facts and tables of limits count beside those of the house.
    """

    def __init__(self, facts: pd.DataFrame, subject: str, policy: Policy | None = None) -> None:
        self.facts, self.subject, self.policy = facts, subject, policy
        self.table = fact_table(policy, subject)
        self.rows = len(facts)
        self.compared: dict[Any, Any] = {}
        """What comparisons gave, by comparison: clauses share them."""
        self._pairs: dict[str, tuple[Floats, Floats]] = {}
        self._unknown: dict[str, Bools] = {}
        self._flags: dict[str, tuple[Bools, Bools]] = {}
        self._intervals: dict[tuple[str, bool], Interval | None] = {}
        self._classes: dict[str, tuple[Codes, list[str]]] = {}

    def column(self, name: str) -> pd.Series:
        """Return a column of the table."""
        if name not in self.facts:
            raise TableError(
                f"the {self.table.name} have no column {name}",
                key=name,
                remedy=f"make them with measure, or with {self.table.name.upper()}.conform",
            )
        return self.facts[name]

    def figures(self, fact: str) -> tuple[Floats, Floats]:
        """Return the low and high ends of a number [unit of the fact] or date [days since 1970-01-01].

        Both ends are the same where the fact is no pair; NaN where it is unknown.
        """
        if fact not in self._pairs and kind(self.table, fact) == "date":
            self._pairs[fact] = self._days(fact)
        if fact not in self._pairs:
            names = (f"{fact}_low", f"{fact}_high") if self.table.is_pair(fact) else (fact, fact)
            low, high = (self.column(n).to_numpy(dtype=np.float64, na_value=np.nan) for n in names)
            self._pairs[fact] = _both_known(low, high)
        return self._pairs[fact]

    def _days(self, fact: str) -> tuple[Floats, Floats]:
        """Return first and last day that a date can be."""
        column = self.column(fact)
        if f"{fact}_period" in self.table.columns:
            self.column(f"{fact}_period")
            span = span_of(self.facts, fact)
            first, last = span.first, span.last
        else:
            first = last = column.to_numpy(dtype="datetime64[D]")
        ends = (day.astype(np.float64) for day in (first, last))
        low, high = (np.where(np.isnat(first), np.nan, end) for end in ends)
        return _both_known(low, high)

    def unknown(self, fact: str) -> Bools:
        """Say where nothing is known of a fact."""
        match kind(self.table, fact):
            case "number" | "date":
                if fact not in self._unknown:
                    self._unknown[fact] = np.isnan(self.figures(fact)[0])
                return self._unknown[fact]
            case "flag":
                return self.flags(fact)[1]
        return self.classes(fact)[0] < 0

    def classes(self, fact: str) -> tuple[Codes, list[str]]:
        """Return, for a text or yes/no fact, the place of each row's value among its values, -1: unknown."""
        if kind(self.table, fact) == "flag":
            flags, unknown = self.flags(fact)
            return np.where(unknown, np.int8(-1), flags.view(np.int8)), ["false", "true"]
        if fact not in self._classes:
            codes, values = pd.factorize(self.column(fact))
            names = [str(v) for v in values]
            absent = absent_value(self.table, fact)
            small = np.min_scalar_type(-1 - len(names))
            number = np.array([*(-1 if n == absent else at for at, n in enumerate(names)), -1], dtype=small)
            self._classes[fact] = number[codes], names
        return self._classes[fact]

    def astray(self, fact: str) -> Bools:
        """Say where a class of zones is unknown and may be that of no zone: it is in doubt whether in one."""
        if fact != ZONE_CLASS or DOUBTFUL not in self.facts:
            return self.never
        return np.asarray(self.flags(DOUBTFUL)[0] & (self.classes(fact)[0] < 0), dtype=np.bool_)

    def flags(self, fact: str) -> tuple[Bools, Bools]:
        """Return a yes/no column and whether its value is unknown."""
        if fact not in self._flags:
            column = self.column(fact)
            unknown = column.isna().to_numpy(dtype=np.bool_)
            self._flags[fact] = column.to_numpy(dtype=np.bool_, na_value=False), unknown
        return self._flags[fact]

    def interval(self, fact: str, *, other_land: bool = False) -> Interval | None:
        """Return a number ready to be compared.

        Parameters
        ----------
        fact : str
            The fact.
        other_land : bool
            A ratio over land by the other area bases; None where the fact is no such ratio.

        Notes
        -----
        A ratio is compared as numerator against limit times denominator. Where a table gives a ratio without
        its parts, the ratio is compared as it stands.
        """
        key = (fact, other_land)
        if key not in self._intervals:
            self._intervals[key] = self._interval(fact, other_land=other_land)
        return self._intervals[key]

    def forget_intervals(self) -> None:
        """Let go of what only comparisons need; it is made anew where it is asked for again."""
        self._intervals.clear()

    def _interval(self, fact: str, *, other_land: bool) -> Interval | None:
        low, high = self.figures(fact)
        ratio = self.table.ratio(fact)
        if ratio is None:
            money = fact_unit(self.table, fact) in MONEY
            return None if other_land else Interval(low, high, self.unknown(fact), money=money)
        top, bottom, factor = ratio
        if other_land:
            if bottom != INTENSITY_LAND or not self.table.is_pair(ALTERNATIVE_LAND):
                return None
            bottom = ALTERNATIVE_LAND
        above, over = self.figures(top), self.figures(bottom)
        unknown, without = self.unknown(fact), self.unknown(top) | self.unknown(bottom)
        bare = without & ~unknown
        if other_land or not bare.any():
            return Interval(*above, unknown | without | ~(over[1] > 0), over, each=factor)
        one = 1.0 / float(factor)
        tops = (np.where(bare, low, above[0]), np.where(bare, high, above[1]))
        lands = (np.where(bare, one, over[0]), np.where(bare, one, over[1]))
        return Interval(*tops, unknown | ~(lands[1] > 0), lands, each=factor)

    @cached_property
    def never(self) -> Bools:
        """False for every row."""
        never = np.zeros(self.rows, dtype=np.bool_)
        never.setflags(write=False)
        return never

    @cached_property
    def joint(self) -> Bools:
        """Whether the ratios are those of a joint site."""
        basis = BASIS.get(self.subject)
        return is_in(self.column(basis), ("joint",)) if basis else self.never


def _both_known(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return both ends, NaN where one of them is; one array where they are the same everywhere."""
    if low is high or _same(low, high):
        return low, low
    lost = np.isnan(low)
    if (lost != np.isnan(high)).any():
        lost = lost | np.isnan(high)
        return np.where(lost, np.nan, low), np.where(lost, np.nan, high)
    return low, high


def _same(low: Floats, high: Floats) -> bool:
    """Say whether two columns hold the same; ends at the first block that differs."""
    for start in range(0, len(low), BLOCK):
        one, two = low[start : start + BLOCK], high[start : start + BLOCK]
        differ = one != two
        if not (np.isnan(one[differ]) & np.isnan(two[differ])).all():
            return False
    return True


def is_in(column: pd.Series, values: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Say where a text column holds one of the values; a missing text is none of them."""
    return np.asarray(column.isin(list(values)).to_numpy(dtype=np.bool_, na_value=False))
