"""Scores and classes, slowly: fractions, sorted lists, one firm after the other; figures known and exact."""

from __future__ import annotations

import math
from fractions import Fraction


def indices(method, values, *, ideal=None, cap=None):
    """The index of each value; None where the method cannot tell."""
    values = [Fraction(v) for v in values]
    if method == "ideal_value":
        return [1 - v if ideal is None else min(Fraction(1), v / ideal) for v in values]
    if method == "min_max":
        least, most = min(values), max(values)
        if least == most:
            return [None for _ in values]
        return [(20 + 80 * (v - least) / (most - least)) / 100 for v in values]
    mean = sum(values) / len(values)
    if mean == 0:
        return [None for _ in values]
    return [v / mean if cap is None else min(v / mean, cap) for v in values]


def place(scores, own):
    return 1 + sum(s > own for s in scores)


def rounded(exact, mode):
    if mode == "half_up":
        return math.floor(exact + Fraction(1, 2))
    if mode == "half_even":
        return round(exact)
    return math.ceil(exact) if mode == "up" else math.floor(exact)


def classes(firms, mode, *, first=Fraction(15, 100), last=Fraction(10, 100), order=None):
    """Class of each firm {name: (score, what A is taken by, what C is taken by)}, the greater the better.

    ``order`` breaks ties: a place for each name.
    """
    order = order or {name: n for n, name in enumerate(sorted(firms))}
    half = rounded(Fraction(len(firms), 2), mode)
    ranked = sorted(firms, key=lambda f: (-firms[f][0], order[f]))
    top, bottom = ranked[:half], ranked[half:]
    found = dict.fromkeys(firms, "B")
    best = sorted(top, key=lambda f: (-firms[f][1], order[f]))
    worst = sorted(bottom, key=lambda f: (firms[f][2], order[f]))
    found |= dict.fromkeys(best[: rounded(first * len(firms), mode)], "A")
    found |= dict.fromkeys(worst[: rounded(last * len(firms), mode)], "C")
    return found
