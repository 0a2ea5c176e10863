"""How long ago a date lies, as a pair: as wide as the date is known."""

from __future__ import annotations

import numpy as np

from landuse.measuring.pairs import Pair
from landuse.tables.spans import Span, days_between, full_years

__all__ = ["days_since", "full_years_since"]


def days_since(since: Span, today: np.datetime64) -> Pair:
    """Return how many days lie between a date and today, negative for one to come."""
    return Pair(days_between(since.last, today), days_between(since.first, today))


def full_years_since(since: Span, today: np.datetime64) -> Pair:
    """Return how many full years are over since a date."""
    return Pair(full_years(since.last, today), full_years(since.first, today))
