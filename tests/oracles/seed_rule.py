"""The seed's rule, slowly, by possible worlds: no intervals, no three-valued logic, exact fractions.

Every unknown is replaced in turn by every value that could matter; in each such world the rule is an ordinary
yes or no. A verdict stands where all worlds agree on it.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

BAR_WAN = {"urban": Fraction(5000), "county": Fraction(3000)}
FLOOR_WAN_PER_MU = {"urban": Fraction(200), "county": Fraction(150)}
MUCH = Fraction(10**9)
"""Stands for an open upper end."""


def too_small(zone_class, total_wan):
    """(五)2: 5000 / 3000 万元以下, the number itself included."""
    return total_wan <= BAR_WAN[zone_class]


def too_thin(zone_class, is_new, fixed_wan, land_mu):
    """(五)2: new projects at least 200 / 150 万元/亩; cross-multiplied."""
    return is_new and fixed_wan < FLOOR_WAN_PER_MU[zone_class] * land_mu


def read(total, fixed):
    """What the ledger leaves open: fixed assets are part of the total, and no more than it."""
    if total is not None and fixed is not None and fixed[0] > total[1]:
        return None, None
    if total is None and fixed is not None:
        return (fixed[0], MUCH), fixed
    if fixed is None and total is not None:
        return total, (Fraction(0), total[1])
    if total is not None and fixed is not None:
        return (max(total[0], fixed[0]), total[1]), (fixed[0], min(fixed[1], total[1]))
    return total, fixed


def values(span, marks):
    """The values of a span that can matter: its ends, the marks inside, and a point between any two of them."""
    low, high = (Fraction(0), MUCH) if span is None else span
    points = sorted({low, high, *(m for m in marks if low < m < high)})
    return sorted({*points, *((a + b) / 2 for a, b in zip(points, points[1:], strict=False))})


def judge(zone_class, total, fixed, land_mu, is_new):
    """Return verdict, clause and whether it is borderline.

    ``total`` and ``fixed`` are (low, high) in wan or None, ``land_mu`` a Fraction or None, ``zone_class`` and
    ``is_new`` may be None.
    """
    total, fixed = read(total, fixed)
    classes = list(BAR_WAN) if zone_class is None else [zone_class]
    news = [True, False] if is_new is None else [is_new]
    land_known = land_mu is not None and fixed is not None
    floors = [] if land_mu is None else [FLOOR_WAN_PER_MU[c] * land_mu for c in classes]
    totals = values(total, [BAR_WAN[c] for c in classes])
    small, thin, verdicts = set(), set(), set()
    for c, new, t in product(classes, news, totals):
        if land_known:
            worlds = [too_thin(c, new, f, land_mu) for f in values(fixed, floors)]
        else:
            worlds = [True, False] if new else [False]
        for w in worlds:
            small.add(too_small(c, t))
            thin.add(w)
            verdicts.add("no_separate_land" if too_small(c, t) or w else "separate_land")
    verdict = verdicts.pop() if len(verdicts) == 1 else "undecided"
    touch = {
        "2.total": total is not None and any(total[0] <= BAR_WAN[c] <= total[1] for c in classes),
        "2.intensity": land_known and is_new is not False and any(fixed[0] <= f <= fixed[1] for f in floors),
    }
    truths = {"2.total": small, "2.intensity": thin}
    if verdict == "separate_land":
        return verdict, "none_held", any(touch.values())
    if verdict == "no_separate_land":
        clause = next((c for c, truth in truths.items() if truth == {True}), None)
        return verdict, clause, touch[clause] if clause else None
    blamed = [c for c, truth in truths.items() if truth == {True, False}]
    return verdict, blamed[0], any(touch[c] for c in blamed)
