"""The plan's [[rates]]: checked, one a currency, none of a day that has not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from landuse.errors import PlanError
from landuse.io.plan.model import PlanKeys
from landuse.labels import say
from landuse.parsing.rates import Rate, rates_by_currency

__all__ = ["rate_notes", "rates_of"]


def rates_of(keys: PlanKeys, file: str | None) -> tuple[Rate, ...]:
    """Return the exchange rates of a plan.

    Raises
    ------
    PlanError
        An unknown currency, yuan themselves, no day, no source, two rates for a currency.
    """
    found: list[Rate] = []
    for number, entry in enumerate(keys.rates, start=1):
        try:
            if isinstance(entry.on, datetime):
                raise PlanError("a rate is one of a day", key="rates.on", remedy="write on = 2011-12-30")
            found.append(Rate(entry.currency, Fraction(str(entry.yuan)), entry.on, entry.source))
            rates_by_currency(found)
        except PlanError as error:
            key = str(error.key).replace("rates", f"rates[{number}]", 1)
            raise PlanError(error.what, file=file, key=key, remedy=error.remedy) from None
    return tuple(found)


def rate_notes(rates: Sequence[Rate], as_of: date | None) -> tuple[str, ...]:
    """Say which rates are of the as-of date or later."""
    late = [r for r in rates if as_of is not None and r.on >= as_of]
    return tuple(say("plan", "late_rate", currency=r.currency, on=r.on, as_of=as_of) for r in late)
