"""Laws of linking: shares, sites, accounts and money on random small ledgers."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.linking.settle import split
from landuse.tables import LINKS, MONEY, UNLINKED
from tests.laws.small_ledgers import ledgers, tables_of
from tests.oracles import investment as oracle
from tests.rows_by_hand import linked

few = settings(max_examples=15)


@few
@given(ledgers(), st.randoms(use_true_random=False))
def test_links_are_those_of_the_oracle(world, chance):
    parcels, projects = world
    spelling = chance.randrange
    links = linked(*tables_of(parcels, projects, spelling=spelling)[:2])
    expected = {
        (name, parcel): share
        for name, project in projects.items()
        for parcel, share in oracle.shares(parcels, project).items()
    }
    got = {(r.project_id, r.parcel_id): r for r in links.table.itertuples()}
    assert got.keys() == expected.keys()
    sites = oracle.sites(parcels, projects)
    for (name, parcel), share in expected.items():
        row = got[name, parcel]
        assert row.share == pytest.approx(float(share), abs=1e-15)
        assert row.complete == oracle.complete(parcels, projects[name])
        if name in sites:
            assert row.joint_site_id == sites[name]
            assert math.isnan(row.land_m2)
        else:
            assert pd.isna(row.joint_site_id)
            assert row.land_m2 == float(parcels[parcel]["area"])
    left = {name for name, project in projects.items() if not oracle.found(parcels, project)}
    assert set(links.unlinked["project_id"]) == left
    for row in links.unlinked.itertuples():
        assert row.reason == ("refs_not_found" if projects[row.project_id]["refs"] else "no_refs")
    LINKS.check(links.table)
    UNLINKED.check(links.unlinked)


@few
@given(ledgers(), st.randoms(use_true_random=False))
def test_shares_sum_to_exactly_one_in_any_order(world, chance):
    links = linked(*tables_of(*world)[:2])
    for _, shares in links.table.groupby("project_id")["share"]:
        values = shares.tolist()
        chance.shuffle(values)
        total = 0.0
        for value in values:
            total += value
        assert total == 1.0
        assert min(values) >= 0.0


@few
@given(ledgers())
def test_rows_are_accounted_for(world):
    parcels, projects = world
    links = linked(*tables_of(parcels, projects)[:2])
    a = links.accounts
    assert a["parcels_in"] == len(parcels) == a["parcels_linked"] + a["parcels_unlinked"]
    assert a["projects_in"] == len(projects) == a["projects_linked"] + a["projects_unlinked"]
    assert a["refs_in"] == sum(len(p["refs"]) for p in projects.values())
    assert a["refs_in"] == a["refs_matched"] + a["refs_missing"] + a["refs_repeated"] + a["refs_overruled"]
    assert a["links_out"] == len(links.table) == a["refs_matched"] + a["links_corrected"]
    assert a["refs_missing"] == sum(
        len({r for r in p["refs"] if r not in parcels}) for p in projects.values()
    )
    assert a["projects_linked"] == links.table["project_id"].nunique()
    assert a["parcels_linked"] == links.table["parcel_id"].nunique()
    kinds = links.issues["kind"].value_counts()
    assert kinds.get("parcel_ref_not_found", 0) == a["refs_missing"]
    assert kinds.get("parcel_ref_repeated", 0) == a["refs_repeated"]


@few
@given(ledgers())
def test_money_read_is_linked_plus_unlinked_to_the_fen(world):
    parcels, projects = world
    _, ledger, _ = tables = tables_of(parcels, projects)
    links = linked(*tables[:2])
    placed = set(links.table["project_id"])
    for stem in MONEY:
        for end in ("low", "high"):
            cells = {n: v for n, v in ledger[f"{stem}_{end}"].items() if math.isfinite(v)}
            read = sum(round(Fraction(v) * 1_000_000) for v in cells.values())
            on_land = sum(round(Fraction(v) * 1_000_000) for n, v in cells.items() if n in placed)
            left = [v for v in links.unlinked[f"{stem}_{end}"] if math.isfinite(v)]
            assert read == on_land + sum(round(Fraction(v) * 1_000_000) for v in left)


@few
@given(ledgers(), st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(world, seed):
    one = linked(*tables_of(*world)[:2])
    two = linked(*tables_of(*world, order=random.Random(seed))[:2])
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(one.unlinked, two.unlinked)
    assert one.accounts == two.accounts
    columns = list(one.issues.columns)
    same = (i.sort_values(columns, ignore_index=True) for i in (one.issues, two.issues))
    pd.testing.assert_frame_equal(*same)


@few
@given(ledgers())
def test_nothing_that_is_given_is_changed(world):
    parcels, ledger, _ = tables_of(*world)
    before = parcels.copy(deep=True), ledger.copy(deep=True), ledger["parcel_refs"].map(list).tolist()
    linked(parcels, ledger)
    pd.testing.assert_frame_equal(pd.DataFrame(parcels), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(pd.DataFrame(ledger), pd.DataFrame(before[1]))
    assert ledger["parcel_refs"].tolist() == before[2]


@given(st.lists(st.floats(1e-3, 1e7), min_size=1, max_size=60))
def test_shares_of_any_areas_sum_to_one(areas):
    count = len(areas)
    shares = split(
        np.zeros(count, dtype=np.int64), np.array(areas), np.full(count, np.nan), pd.DataFrame(index=["P"])
    )
    assert sum(Fraction(s) for s in shares.tolist()) == 1
    assert shares == pytest.approx(np.array(areas) / math.fsum(areas), abs=1e-14)
    assert shares.min() >= 0.0
