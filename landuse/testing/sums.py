"""Investment figures that are to lead to a given side of a bar: totals and fixed assets as cells.

The bars are those of the seed's paragraph (五)2, written down here on their own: total investment of 5,000
wan (urban) or 3,000 wan (county) and below, intensity of new projects under 200 or 150 wan a mu.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from landuse.testing.cells import MONEY_STYLES, Cell, about, at_least, between, blank, money, unreadable
from landuse.units import FEN_PER_WAN

__all__ = [
    "BARS",
    "Bar",
    "Sums",
    "about_bar",
    "about_limit",
    "both",
    "dense",
    "dollars",
    "fixed_over_total",
    "intensity_of",
    "least",
    "nothing",
    "only_fixed",
    "only_total",
    "small",
    "small_dense",
    "spread",
    "thin",
    "total_of",
    "two_phases",
]


@dataclass(frozen=True)
class Bar:
    """What the paragraph asks for in a class of zone: total [wan] and intensity [wan/mu]."""

    total: int
    limit: int


BARS = {"urban": Bar(5000, 200), "county": Bar(3000, 150)}

Sums = Callable[[Bar, Fraction, Random], tuple[Cell, Cell]]
"""Total and fixed investment for a bar and land [mu]."""


def _write(wan: float | Fraction, rng: Random) -> Cell:
    return money(round(wan) * FEN_PER_WAN, rng.choice(MONEY_STYLES))


def dense(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Clear both bars by a sixth at least."""
    fixed = max(float(mu) * bar.limit * rng.uniform(1.2, 2.1), 1.2 * bar.total)
    fixed = round(fixed, -1)
    return _write(fixed * rng.uniform(1.05, 1.3), rng), _write(fixed, rng)


def thin(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Clear the total, miss the intensity by a sixth at least."""
    fixed = round(float(mu) * bar.limit * rng.uniform(0.35, 0.82), -1)
    total = max(fixed * rng.uniform(1.05, 1.25), bar.total * rng.uniform(1.15, 1.5))
    return _write(total, rng), _write(fixed, rng)


def small_dense(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Miss the total, clear the intensity: little land."""
    fixed = round(float(mu) * bar.limit * rng.uniform(1.18, 1.3), -1)
    return _write(fixed * rng.uniform(1.03, 1.06), rng), _write(fixed, rng)


def small(bar: Bar, _: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Miss the total; the intensity is as it falls."""
    total = round(bar.total * rng.uniform(0.3, 0.85), -1)
    return _write(total, rng), _write(total * rng.uniform(0.7, 0.92), rng)


def total_of(wan: Callable[[Bar], Fraction], fixed_share: str, style: str) -> Sums:
    """Put the total at exactly so many wan, the fixed assets at a share of the bar: dense on little land."""

    def sums(bar: Bar, _: Fraction, __: Random) -> tuple[Cell, Cell]:
        fixed = Fraction(fixed_share) * bar.total
        return money(int(wan(bar) * FEN_PER_WAN), style), money(int(fixed * FEN_PER_WAN), "number")

    return sums


def intensity_of(less_wan: str) -> Sums:
    """Put the intensity at the limit to the fen, or less by so many wan in all."""

    def sums(bar: Bar, mu: Fraction, _: Random) -> tuple[Cell, Cell]:
        fixed = mu * bar.limit - Fraction(less_wan)
        return money(int(mu * bar.limit * Fraction(6, 5)) * FEN_PER_WAN, "yi"), money(
            int(fixed * FEN_PER_WAN), "comma"
        )

    return sums


def about_bar(fixed_share: str) -> Sums:
    """Write the total as about the bar."""

    def sums(bar: Bar, _: Fraction, rng: Random) -> tuple[Cell, Cell]:
        fixed = int(Fraction(fixed_share) * bar.total)
        return about(bar.total * FEN_PER_WAN, in_yi=rng.random() < 0.5), _write(fixed, rng)

    return sums


def spread(low: str, high: str, fixed_share: str) -> Sums:
    """Write the total as a range, its ends as shares of the bar."""

    def sums(bar: Bar, _: Fraction, rng: Random) -> tuple[Cell, Cell]:
        ends = [int(Fraction(x) * bar.total) * FEN_PER_WAN for x in (low, high)]
        return between(*ends), _write(Fraction(fixed_share) * bar.total, rng)

    return sums


def only_total(least: float, most: float) -> Sums:
    """Leave the fixed assets out; the total over the land is this share of the limit."""

    def sums(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
        return _write(float(mu) * bar.limit * rng.uniform(least, most), rng), blank(rng)

    return sums


def only_fixed(share: float) -> Sums:
    """Leave the total out; the fixed assets are this share of the bar, dense where over it."""

    def sums(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
        fixed = share * bar.total if share < 1 else max(share * bar.total, 1.3 * float(mu) * bar.limit)
        return blank(rng), _write(fixed, rng)

    return sums


def fixed_over_total(bar: Bar, _: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Contradict: more fixed assets than investment in all."""
    return _write(1.3 * bar.total, rng), _write(1.6 * bar.total, rng)


def nothing(_: Bar, __: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Leave both out."""
    return blank(rng), blank(rng)


def about_limit(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Write the fixed assets as about what the limit asks for."""
    fixed = round(float(mu) * bar.limit, -1)
    return _write(max(1.5 * fixed, 1.3 * bar.total), rng), about(int(fixed) * FEN_PER_WAN)


def two_phases(bar: Bar, _: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Write two amounts into the cell of the total."""
    return unreadable("一期0.4亿元/二期0.5亿元"), _write(0.8 * bar.total, rng)


def dollars(_: Bar, __: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Write the total in dollars, for which nobody gave a rate."""
    return unreadable("800万美元"), blank(rng)


def least(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
    """Write the total as a lower bound above the bar."""
    _, fixed = dense(bar, mu, rng)
    return at_least(int((fixed.low or 0) // FEN_PER_WAN + 500) * FEN_PER_WAN), fixed


def both(total: int, per_mu: int) -> Sums:
    """Put total and intensity regardless of class: for zones whose class is unknown."""

    def sums(_: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
        return _write(total, rng), _write(min(float(mu) * per_mu, 0.97 * total), rng)

    return sums
