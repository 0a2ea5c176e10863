"""Figures as the least and the greatest they can be; NaN in both where nothing is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

DECIMALS = 9
"""Scores and ratios are compared to so many decimals: what differs by less is a tie."""

__all__ = ["DECIMALS", "Flags", "Floats", "Interval", "Ints", "interval_of", "total"]


class Interval(NamedTuple):
    """Least and greatest value, row by row."""

    low: Floats
    high: Floats

    @property
    def known(self) -> Flags:
        """Whether anything is known of the figure."""
        return ~(np.isnan(self.low) | np.isnan(self.high))

    @property
    def finite(self) -> Flags:
        """Whether both ends of the figure are known: none of its terms is missing."""
        return np.isfinite(self.low) & np.isfinite(self.high)

    def at(self, rows: Flags | Ints) -> Interval:
        """Return some rows."""
        return Interval(self.low[rows], self.high[rows])

    def rounded(self) -> Interval:
        """Return the figure to the decimals that decide."""
        return Interval(np.round(self.low, DECIMALS), np.round(self.high, DECIMALS))

    def columns(self, stem: str) -> dict[str, Floats]:
        """Return the two columns of the figure, by name."""
        return {f"{stem}_low": self.low, f"{stem}_high": self.high}


def interval_of(table: pd.DataFrame, stem: str) -> Interval:
    """Return a figure of a table: its pair, or a single column twice; NaN where there is neither."""
    names = (f"{stem}_low", f"{stem}_high") if f"{stem}_low" in table else (stem, stem)
    if names[0] not in table:
        return Interval(np.full(len(table), np.nan), np.full(len(table), np.nan))
    low, high = (table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in names)
    lost = np.isnan(low) | np.isnan(high)
    return Interval(np.where(lost, np.nan, low), np.where(lost, np.nan, high))


def total(parts: list[Interval], count: int) -> Interval:
    """Return the sum of figures, row by row."""
    zero = np.zeros(count)
    return Interval(sum((p.low for p in parts), zero), sum((p.high for p in parts), zero))
