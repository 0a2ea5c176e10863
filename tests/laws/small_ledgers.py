"""Small random ledgers: as plain rows for the oracle and as tables for the library."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from tests.oracles.investment import INF
from tests.rows_by_hand import parcels_of, projects_of, zones_of

PARCEL_IDS = ["A1", "A2", "A3", "A4", "A5", "A6"]
PROJECT_IDS = ["P1", "P2", "P3", "P4", "P5", "P6"]
LOST = ["Z8", "Z9"]
ZONES = [
    {"id": "Z-E", "name": "东区", "class": "urban", "slots": [0, 2]},
    {"id": "Z-W", "name": "西区", "class": "county", "slots": [3, 4]},
]
"""The sixth place lies outside both."""
SPELLINGS = (str, str.lower, lambda ref: f" {ref[0]} {ref[1:]} ")

cents = st.integers(0, 2_000_000).map(lambda n: Fraction(n, 100))


@st.composite
def amounts(draw, open_ends=True):
    """An interval, most often a single number; None: nothing known."""
    kind = draw(st.sampled_from(["exact"] * 5 + ["range", "none"] + (["at_least"] if open_ends else [])))
    if kind == "none":
        return None
    low = draw(cents)
    if kind == "exact":
        return low, low
    return (low, INF) if kind == "at_least" else (low, low + draw(cents))


@st.composite
def ledgers(draw, *, known=False):
    """(parcels, projects) as the oracle takes them; ``known``: every amount exact, every number found."""
    count = draw(st.integers(1, len(PARCEL_IDS)))
    places = ["Z-E", "Z-E", "Z-E", "Z-W", "Z-W", None]
    parcels = {
        PARCEL_IDS[i]: {"area": Fraction(draw(st.integers(1_000, 60_000))), "zone": places[i]}
        for i in range(count)
    }
    refs = st.lists(st.sampled_from(list(parcels) + ([] if known else LOST)), max_size=4)
    if known:
        exact = cents.map(lambda c: (c, c))
        money = st.fixed_dictionaries(
            dict.fromkeys(("total", "invested", "planned"), exact) | {"fixed": st.none()}
        )
    else:
        money = st.fixed_dictionaries({s: amounts() for s in ("total", "fixed", "invested", "planned")})
    projects = {
        name: draw(money)
        | {
            "refs": draw(refs),
            "zone": draw(st.sampled_from([None, None, "Z-E", "Z-W"])),
            "requested": draw(st.one_of(st.none(), st.integers(0, 9_000).map(lambda m: (m, m + m % 7)))),
        }
        for name in PROJECT_IDS[: draw(st.integers(0, len(PROJECT_IDS)))]
    }
    return parcels, projects


def tables_of(parcels, projects, *, order=None, spelling=None):
    """The tables; ``order`` shuffles rows (a Random), ``spelling`` picks how each number is written."""
    land = [
        {"id": name, "m2": row["area"], "slot": PARCEL_IDS.index(name), "source_row": PARCEL_IDS.index(name)}
        for name, row in parcels.items()
    ]
    ledger = [
        {"id": name, "source_row": PROJECT_IDS.index(name)} | row | {"refs": _spelt(row["refs"], spelling)}
        for name, row in projects.items()
    ]
    if order is not None:
        order.shuffle(land)
        order.shuffle(ledger)
    return parcels_of(land), projects_of(ledger), zones_of(ZONES)


def _spelt(refs, spelling):
    return [SPELLINGS[spelling(len(SPELLINGS))](ref) if spelling else ref for ref in refs]
