"""Laws of measuring: the oracle agrees, money and land are counted once, order and time do not trick it."""

from __future__ import annotations

import datetime
import math
import random
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.tables import PARCEL_FACTS, PROJECT_FACTS, ZONE_FACTS
from landuse.tables.spans import full_years
from tests.laws.small_ledgers import ZONES, ledgers, tables_of
from tests.oracles import investment as oracle
from tests.rows_by_hand import measured, pair

few = settings(max_examples=10)
more = settings(max_examples=25)
COLUMNS = {
    "total": "total_invest_wan",
    "fixed": "fixed_invest_wan",
    "invested": "invested_wan",
    "planned": "planned_wan",
    "total_per_mu": "total_wan_per_mu",
    "fixed_per_mu": "fixed_wan_per_mu",
    "land": "land_m2",
}


def facts_of(world, *, order=None):
    parcels, ledger, zones = tables_of(*world, order=order)
    return measured(parcels, ledger, zones=zones)


def agree(facts, row, fact, stems):
    for stem in stems:
        low, high = pair(facts, row, COLUMNS[stem])
        if fact[stem] is None:
            assert math.isnan(low), (row, stem)
            assert math.isnan(high), (row, stem)
        else:
            expected = tuple(map(float, fact[stem]))
            assert (low, high) == pytest.approx(expected, rel=1e-9, abs=1e-9), (row, stem)


@more
@given(ledgers())
def test_facts_are_those_of_the_oracle(world):
    parcels, projects = world
    facts = facts_of(world)
    for name, fact in oracle.parcel_facts(parcels, projects).items():
        assert facts.parcels.at[name, "projects"] == fact["projects"]
        agree(
            facts.parcels,
            name,
            fact,
            ("total", "fixed", "invested", "planned", "total_per_mu", "fixed_per_mu"),
        )
    for name, fact in oracle.project_facts(parcels, projects).items():
        got = facts.projects.loc[name]
        for column, key in (("land_basis", "basis"), ("joint_site_id", "site")):
            assert (None if pd.isna(got[column]) else got[column]) == fact[key]
        agree(facts.projects, name, fact, ("total", "fixed", "total_per_mu", "fixed_per_mu", "land"))

    for zone, fact in oracle.zone_facts(parcels, projects, [z["id"] for z in ZONES]).items():
        agree(facts.zones, zone, fact, ("total", "fixed", "total_per_mu", "fixed_per_mu"))
        got = facts.zones.loc[zone]
        assert got["coverage_mu"] == pytest.approx(float(fact["fixed_land"]) * 3 / 2000)
        assert got["coverage_total_mu"] == pytest.approx(float(fact["total_land"]) * 3 / 2000)
        assert got["parcels"] == sum(p["zone"] == zone for p in parcels.values())
        assert got["projects"] == sum(oracle.zone_of(parcels, p) == zone for p in projects.values())
    for table, subject in ((PARCEL_FACTS, "parcel"), (PROJECT_FACTS, "project"), (ZONE_FACTS, "zone")):
        table.check(facts.of(subject))


@few
@given(ledgers(known=True))
def test_money_is_conserved_to_the_fen_and_land_counted_once(world):
    parcels, projects = world
    facts = facts_of(world)
    for stem in ("total", "invested", "planned"):
        placed = sum((p[stem][0] for p in projects.values() if oracle.found(parcels, p)), Fraction(0))
        column = COLUMNS[stem]
        for end in ("low", "high"):
            on_land = sum(Fraction(v) for v in facts.parcels[f"{column}_{end}"].dropna())
            assert round(on_land * 1_000_000) == placed * 1_000_000

    linked = facts.projects[facts.projects["land_basis"].isin(["linked", "joint"])]
    unit = linked["joint_site_id"].fillna(pd.Series(linked.index, index=linked.index))
    once = linked[~unit.duplicated()]
    held = {p for project in projects.values() for p in oracle.found(parcels, project)}
    expected = float(sum((parcels[p]["area"] for p in held), Fraction(0)))
    for stem in ("land_m2", "intensity_land_m2"):
        for end in ("low", "high"):
            assert once[f"{stem}_{end}"].sum() == pytest.approx(expected, abs=0.01)


@few
@given(ledgers(), st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(world, seed):
    one, two = facts_of(world), facts_of(world, order=random.Random(seed))
    for subject in ("parcel", "project", "zone"):
        frame = one.of(subject)
        pd.testing.assert_frame_equal(frame, two.of(subject).loc[frame.index], rtol=1e-12)
    pd.testing.assert_frame_equal(one.issues, two.issues)


@few
@given(ledgers())
def test_tables_keep_the_input_as_it_is_and_no_interval_is_upside_down(world):
    parcels, ledger, zones = tables_of(*world)
    before = [t.copy(deep=True) for t in (parcels, ledger, zones)]
    facts = measured(parcels, ledger, zones=zones)
    for given_, copy, out in zip(
        (parcels, ledger, zones), before, (facts.parcels, facts.projects, facts.zones), strict=True
    ):
        assert out.index.equals(given_.index)
        pd.testing.assert_frame_equal(pd.DataFrame(given_), pd.DataFrame(copy))
        for column in out.columns[out.columns.str.endswith("_low")]:
            high = out[column.removesuffix("_low") + "_high"]
            assert (out[column].isna() == high.isna()).all()
            assert (out[column].dropna() <= high.dropna()).all(), column


DAYS = st.dates(datetime.date(1999, 1, 1), datetime.date(2032, 12, 31))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=30))
def test_full_years_are_counted_one_by_one(pairs):
    for since, as_of in pairs:
        years = 0
        while as_of > anniversary(since, years + 1):
            years += 1
        got = full_years(np.array([since], dtype="datetime64[D]"), np.datetime64(as_of, "D"))
        assert got.tolist() == [years]


def anniversary(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
