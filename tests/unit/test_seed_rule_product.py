"""The full product of the seed rule's branches and boundaries against an oracle that shares no code with it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import product

from landuse.policy import load_policy
from landuse.screening import judge, screen
from tests.oracles import seed_rule
from tests.rows_by_hand import measured, parcels_of, projects_of, zones_of


def exactly(*ends):
    low, high = ends[0], ends[-1]
    return Fraction(low), seed_rule.MUCH if high == "inf" else Fraction(high)


CLASSES = ("urban", "county", None)
TOTALS = (
    None,
    exactly("2500"),
    exactly("2999.99"),
    exactly("3000"),
    exactly("3000.01"),
    exactly("4000"),
    exactly("4999.99"),
    exactly("5000"),
    exactly("5000.01"),
    exactly("9000"),
    exactly("4500", "5500"),
    exactly("2700", "3300"),
    exactly("3000", "5000"),
    exactly("4000", "inf"),
)
INTENSITIES = (
    None,
    exactly("100"),
    exactly("149.99"),
    exactly("150"),
    exactly("150.01"),
    exactly("199.99"),
    exactly("200"),
    exactly("200.01"),
    exactly("250"),
    exactly("180", "220"),
    exactly("150", "200"),
)
LANDS = (None, Fraction(7), Fraction(20), Fraction("33.3333"))
NEWS = (True, False, None)


def worlds():
    for zone_class, total, intensity, land, new in product(CLASSES, TOTALS, INTENSITIES, LANDS, NEWS):
        fixed = None if intensity is None else tuple(i * (land or 20) for i in intensity)
        yield zone_class, total, fixed, land, new


def cells(span):
    return None if span is None else [float(e) if e < seed_rule.MUCH else float("inf") for e in span]


def test_full_product():
    cases = list(worlds())
    rows = []
    for number, (zone_class, total, fixed, land, new) in enumerate(cases):
        row = {
            "id": f"P{number}",
            "zone": zone_class,
            "is_new": new,
            "total": cells(total),
            "fixed": cells(fixed),
        }
        rows.append(row | ({} if land is None else {"requested": float(land * Fraction(2000, 3))}))
    zones = [
        {"id": "urban", "class": "urban", "slots": [0, 0]},
        {"id": "county", "class": "county", "slots": [1, 1]},
    ]
    facts = measured(
        parcels_of([{"id": "A", "m2": 100.0}]),
        projects_of(rows),
        zones=zones_of(zones),
        as_of=date(2011, 6, 30),
    )
    policies = [load_policy("cn-luoyang-zones-2011")]
    status = judge(screen(facts, policies), policies).projects
    found = list(zip(status["verdict"], status["clause"], status["borderline"], strict=True))
    wrong = [
        (case, got, want)
        for case, got in zip(cases, found, strict=True)
        if got != (want := seed_rule.judge(*case))
    ]
    assert len(cases) == 3 * 14 * 11 * 4 * 3
    assert wrong == []
    counts = Counter(verdict for verdict, _, _ in found)
    assert min(counts[v] for v in ("separate_land", "no_separate_land", "undecided")) > 300
