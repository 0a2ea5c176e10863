"""The facts of a subject, column by column, as the conditions of a policy see them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import TableError
from landuse.policy.vocabulary import absent_value, fact_unit
from landuse.screening.compare import Bools, Floats, Interval
from landuse.tables import FACT_TABLES

__all__ = ["INTENSITY_LAND", "Sheet"]

INTENSITY_LAND, ALTERNATIVE_LAND = "intensity_land_m2", "intensity_alt_land_m2"
"""Land that ratios are taken over, and the same by the other area bases."""
MONEY = ("wan", "wan/a")
BASIS = {"parcel": "money_basis", "project": "land_basis"}


class Sheet:
    """A fact table, read by fact.

    Parameters
    ----------
    facts : DataFrame
        ``PARCEL_FACTS``, ``PROJECT_FACTS`` or ``ZONE_FACTS``.
    subject : str
        parcel, project or zone.
    """

    def __init__(self, facts: pd.DataFrame, subject: str) -> None:
        self.facts, self.subject, self.table = facts, subject, FACT_TABLES[subject]
        self.rows = len(facts)
        self.compared: dict[Any, Any] = {}
        """What comparisons gave, by comparison: clauses share them."""
        self._pairs: dict[str, tuple[Floats, Floats]] = {}

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
        """Return the low and high ends of a number [unit of the fact]; twice the same where it is no pair."""
        if fact not in self._pairs:
            names = (f"{fact}_low", f"{fact}_high") if self.table.is_pair(fact) else (fact, fact)
            low, high = (self.column(n).to_numpy(dtype=np.float64, na_value=np.nan) for n in names)
            lost = np.isnan(low) | np.isnan(high)
            self._pairs[fact] = (np.where(lost, np.nan, low), np.where(lost, np.nan, high))
        return self._pairs[fact]

    def words(self, fact: str) -> tuple[pd.Series, Bools]:
        """Return a text column and whether its value is unknown."""
        column = self.column(fact)
        unknown = column.isna().to_numpy(dtype=np.bool_)
        absent = absent_value(self.subject, fact)
        if absent is not None:
            unknown = unknown | is_in(column, (absent,))
        return column, unknown

    def flags(self, fact: str) -> tuple[Bools, Bools]:
        """Return a yes/no column and whether its value is unknown."""
        column = self.column(fact)
        unknown = column.isna().to_numpy(dtype=np.bool_)
        return column.to_numpy(dtype=np.bool_, na_value=False), unknown

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
        low, high = self.figures(fact)
        ratio = self.table.ratio(fact)
        if ratio is None:
            money = fact_unit(self.subject, fact) in MONEY
            return None if other_land else Interval.plain(low, high, money=money)
        top, bottom, factor = ratio
        if other_land:
            if bottom != INTENSITY_LAND or not self.table.is_pair(ALTERNATIVE_LAND):
                return None
            bottom = ALTERNATIVE_LAND
        top_low, top_high = self.figures(top)
        over_low, over_high = self.figures(bottom)
        apart = ~np.isnan(top_low) & ~np.isnan(over_low)
        if other_land:
            apart, low = apart & ~np.isnan(low), np.full(self.rows, np.nan)
        else:
            apart = apart & ~np.isnan(low)
        scale = float(factor)
        return Interval(
            np.where(apart, top_low, low),
            np.where(apart, top_high, high),
            np.where(apart, over_low * scale, 1.0),
            np.where(apart, over_high * scale, 1.0),
        )

    @cached_property
    def joint(self) -> Bools:
        """Whether the ratios are those of a joint site."""
        basis = BASIS.get(self.subject)
        return is_in(self.column(basis), ("joint",)) if basis else np.zeros(self.rows, dtype=np.bool_)


def is_in(column: pd.Series, values: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Say where a text column holds one of the values; a missing text is none of them."""
    return np.asarray(column.isin(list(values)).to_numpy(dtype=np.bool_, na_value=False))
