"""Laws of zone sums: the oracle agrees, a ratio of sums lies between its parts, order decides nothing."""

from __future__ import annotations

import math
import random
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.tables import ZONE_FACTS
from tests.oracles import zone_land as oracle
from tests.rows_by_hand import measured, pair, parcels_of, projects_of, zones_of

ZONES = [{"id": "Z1", "name": "甲区", "class": "urban", "slots": [0, 9]}]
few = settings(max_examples=15)
whole = st.integers(0, 40).map(lambda n: Fraction(n * 250))
intervals = st.none() | st.tuples(whole, whole).map(lambda ends: (min(ends), max(ends)))
parcels = st.fixed_dictionaries(
    {
        "m2": st.integers(1, 20).map(lambda n: Fraction(n * 500)),
        "state": st.sampled_from([True, True, False, None]),
        "start": st.sampled_from(["started", "started", "not_started", "unknown"]),
        "finished": st.booleans(),
        "developed": intervals,
        "floor": intervals,
        "footprint": intervals,
    }
)
projects = st.fixed_dictionaries({"output": intervals, "tax": intervals, "jobs": st.none() | whole})


@st.composite
def worlds(draw):
    land = {f"A{n}": p for n, p in enumerate(draw(st.lists(parcels, min_size=1, max_size=6)))}
    for p in land.values():
        p["finished"] &= p["start"] == "started"
        if p["developed"] is not None and p["developed"][0] > p["m2"]:
            p["developed"] = None
    free, ledger = list(land), {}
    for n, p in enumerate(draw(st.lists(projects, max_size=4))):
        size = draw(st.integers(0, min(2, len(free))))
        on, free = free[:size], free[size:]
        jobs = None if p["jobs"] is None else (p["jobs"], p["jobs"])
        ledger[f"P{n}"] = {"on": on, "output": p["output"], "tax": p["tax"], "jobs": jobs}
    return land, ledger


def facts_of(world, order=None):
    land, ledger = world
    rows = [
        {
            "id": name,
            "m2": p["m2"],
            "slot": slot,
            "ownership": {True: "state", False: "collective", None: None}[p["state"]],
            "start_state": p["start"],
            "started_on": pd.Timestamp(2019, 1, 1) if p["finished"] else pd.NaT,
            "finished_on": pd.Timestamp(2021, 1, 1) if p["finished"] else pd.NaT,
            "developed": p["developed"],
            **_ends("floor_area_m2", p["floor"]),
            **_ends("footprint_m2", p["footprint"]),
        }
        for slot, (name, p) in enumerate(land.items())
    ]
    projects = [
        {"id": n, "refs": p["on"], "output": p["output"], "tax": p["tax"], "zone": "Z1",
         "jobs": math.nan if p["jobs"] is None else float(p["jobs"][0])}
        for n, p in ledger.items()
    ]  # fmt: skip
    if order is not None:
        order.shuffle(rows)
        order.shuffle(projects)
    return measured(parcels_of(rows), projects_of(projects), zones=zones_of(ZONES))


def _ends(stem, interval):
    low, high = (math.nan, math.nan) if interval is None else interval
    return {f"{stem}_low": float(low), f"{stem}_high": float(high)}


def agree(zones, stem, expected):
    got = pair(zones, "Z1", stem)
    if expected is None:
        assert all(map(math.isnan, got)), stem
    else:
        assert got == pytest.approx(tuple(map(float, expected)), rel=1e-9, abs=1e-12), stem


@few
@given(worlds())
def test_zone_sums_are_those_of_the_oracle(world):
    land, ledger = world
    zones = facts_of(world).zones
    ZONE_FACTS.check(zones)
    agree(zones, "built_out_share", oracle.built_out(land))
    for stem, column, key in (
        ("far", "floor_area_m2", "floor"),
        ("building_ratio", "footprint_m2", "footprint"),
    ):
        covered, expected = oracle.over_own_land(land, key)
        agree(zones, stem, expected)
        name = {"far": "coverage_far_mu", "building_ratio": "coverage_building_mu"}[stem]
        assert zones.at["Z1", name] == pytest.approx(float(covered / oracle.MU)), column
    for stem, key in (("output_wan_per_mu", "output"), ("tax_wan_per_mu", "tax"), ("jobs_per_mu", "jobs")):
        covered, expected = oracle.per_mu(land, ledger, key)
        agree(zones, stem, expected)
        assert zones.at["Z1", f"coverage_{key}_mu"] == pytest.approx(float(covered))
    starts = ("started_land_mu", "not_started_land_mu", "start_unknown_land_mu")
    assert sum(zones.at["Z1", c] for c in starts) == pytest.approx(zones.at["Z1", "parcel_land_mu"])


@few
@given(worlds())
def test_a_ratio_of_sums_lies_between_the_ratios_it_is_made_of(world):
    land, _ = world
    zones = facts_of(world).zones
    own = [
        (p["floor"][0] / p["m2"], p["floor"][1] / p["m2"]) for p in land.values() if p["floor"] is not None
    ]
    low, high = pair(zones, "Z1", "far")
    if own:
        assert float(min(o[0] for o in own)) - 1e-9 <= low <= high <= float(max(o[1] for o in own)) + 1e-9


@few
@given(worlds(), st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(world, seed):
    one, two = facts_of(world).zones, facts_of(world, random.Random(seed)).zones
    pd.testing.assert_frame_equal(one, two, rtol=1e-12)


@few
@given(worlds(), st.sampled_from(["started", "not_started"]), st.booleans())
def test_learning_the_state_of_a_parcel_only_narrows_what_is_built(world, start, finished):
    land, ledger = world
    before = pair(facts_of(world).zones, "Z1", "built_out_share")
    name = next((n for n, p in land.items() if p["start"] == "unknown"), None)
    if name is None:
        return
    over = finished and start == "started" and land[name]["developed"] is None
    learnt = land | {name: land[name] | {"start": start, "finished": over}}
    after = pair(facts_of((learnt, ledger)).zones, "Z1", "built_out_share")
    if not math.isnan(before[0]):
        assert before[0] - 1e-12 <= after[0] <= after[1] <= before[1] + 1e-12


def test_a_finish_that_is_not_yet_over_or_out_of_order_says_nothing():
    rows = [
        {"id": "A", "mu": 30, "start_state": "started", "finished_on": pd.Timestamp(2026, 6, 30)},
        {
            "id": "B",
            "mu": 30,
            "started_on": pd.Timestamp(2022, 1, 1),
            "finished_on": pd.Timestamp(2021, 1, 1),
        },
        {"id": "C", "mu": 30, "start_state": "started", "finished_on_period": "2026"},
        {"id": "D", "mu": 30, "start_state": "started", "finished_on_period": "2025"},
    ]
    facts = measured(parcels_of(rows), projects_of([]), as_of=date(2026, 6, 30)).parcels
    expected = {"A": (0.0, 20_000.0), "B": (0.0, 20_000.0), "C": (0.0, 20_000.0), "D": (20_000.0, 20_000.0)}
    for name, ends in expected.items():
        assert pair(facts, name, "built_m2") == pytest.approx(ends), name
