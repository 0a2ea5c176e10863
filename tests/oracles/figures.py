"""Figures and days of the slow evaluation of policies: fen, roundings, the values of a span that can matter."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, inf

FEN = 10**6


def to_fen(wan):
    return wan if wan == inf else Fraction(round(wan * FEN), FEN)


def half_up(value):
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


def rounded(value, digits, mode):
    """Towards 0 (down), away from it (up), or to the nearest and from a half on away (half_up)."""
    if value == inf:
        return value
    steps = value * 10**digits
    size = abs(steps)
    whole = {"down": floor(size), "up": ceil(size), "half_up": half_up(size)}[mode]
    return Fraction(whole if steps >= 0 else -whole, 10**digits)


def points(low, high, marks):
    """The values of a span that can matter."""
    marks = sorted({m for m in marks if low < m < high})
    top = [max([low, *marks]) + 1] if high == inf else [high]
    ends = sorted({low, *marks, *top})
    return [*ends, *((a + b) / 2 for a, b in zip(ends, ends[1:], strict=False)), high]


def days(first, last):
    return first.toordinal(), last.toordinal()


def near(span, other):
    """The days of a span that can matter: its ends, those of the other, and the days beside them."""
    marks = {*span, *(end + k for end in other for k in (-1, 0, 1))}
    return [m for m in marks if span[0] <= m <= span[1]]
