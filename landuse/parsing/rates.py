"""Exchange rates that the user gives: dated, with a source; none is built in."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from landuse.errors import PlanError, nearest
from landuse.parsing.currencies import CURRENCY

__all__ = ["Rate", "rates_by_currency"]

_CODES = tuple(code for code in CURRENCY.groupindex if code != "CNY")


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was worth on a day.

    Parameters
    ----------
    currency : str
        Its code: ``"USD"``, ``"HKD"``, ``"EUR"`` …
    yuan : float or Fraction
        The worth of one unit [yuan].
    on : date
        The day of the rate.
    source : str
        Who says so.

    Raises
    ------
    PlanError
        For an unknown currency, yuan themselves, a rate that is not above 0, no source.

    Examples
    --------
    >>> rate = Rate("USD", 6.4614, date(2021, 6, 30), "中国外汇交易中心")
    >>> rate.to_cny(500.0), rate.to_cny(math.inf)
    (3230.7, inf)
    """

    currency: str
    yuan: float | Fraction
    on: date
    source: str

    def __post_init__(self) -> None:
        if self.currency not in _CODES:
            like = nearest(self.currency.upper(), _CODES)
            raise PlanError(
                f"{self.currency!r} is no foreign currency that is known",
                key="rates.currency",
                remedy=f'is it "{like}"? all of them: {", ".join(_CODES)}',
            )
        if not math.isfinite(self.yuan) or self.yuan <= 0:
            raise PlanError(
                f"one {self.currency} is worth {self.yuan} yuan?",
                key="rates.yuan",
                remedy=f"write the yuan that one {self.currency} is worth",
            )
        if not self.source.strip():
            raise PlanError("a rate without a source", key="rates.source", remedy="say who gives the rate")

    def to_cny(self, amount: float) -> float:
        """Return an amount of this currency in yuan (or wan in wan), exactly, then to the nearest float."""
        if not math.isfinite(amount):
            return amount
        return float(Fraction(str(amount)) * Fraction(str(self.yuan)))


def rates_by_currency(rates: Iterable[Rate]) -> dict[str, Rate]:
    """Return the rates by currency.

    Raises
    ------
    PlanError
        Where a currency has two.
    """
    found: dict[str, Rate] = {}
    for rate in rates:
        if rate.currency in found:
            raise PlanError(
                f"two rates for {rate.currency}", key="rates.currency", remedy="keep one rate a currency"
            )
        found[rate.currency] = rate
    return found
