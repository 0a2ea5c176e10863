"""Laws of evidence: shares and land add up, order is nothing, the analyst wins, money never moves silently."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.ledger import money_account, source_accounts
from landuse.tables import LINK_REVIEW, LINKS, UNLINKED
from tests.laws.small_evidence import HOLDERS, decisions, square, tables_of, worlds
from tests.rows_by_hand import linked, measured

few = settings(max_examples=25)
modes = st.sampled_from(["review", "link", "off"])
MONEY = ["parcel_id", "project_id", "share", "method", "complete", "share_basis", "evidence"]
"""What the money of a project hangs on."""


def links_of(land, ledger, said=None, *, order=None, names="link"):
    parcels, projects, corrections = tables_of(land, ledger, said, order=order)
    return linked(parcels, projects, corrections, names=names)


def touched(links, parcel):
    """The projects that a parcel is linked to, or stands up for review with."""
    return {
        project
        for table in (links.table, links.review)
        for project in table.loc[table["parcel_id"] == parcel, "project_id"]
    }


def about(table, left_out):
    return table[~table["project_id"].isin(left_out)].reset_index(drop=True)


@few
@given(worlds(), st.data(), modes)
def test_shares_sum_to_one_and_land_never_exceeds_the_parcel(world, data, names):
    parcels, projects, corrections = tables_of(*world, data.draw(decisions(*world)))
    links = linked(parcels, projects, corrections, names=names)
    for table, frame in ((LINKS, links.table), (LINK_REVIEW, links.review), (UNLINKED, links.unlinked)):
        table.check(frame)
    assert (links.table.groupby("project_id")["share"].sum() == 1.0).all()
    assert not links.table.duplicated(["project_id", "parcel_id"]).any()
    assert not links.review.duplicated(["project_id", "parcel_id"]).any()
    counted = links.table.groupby("parcel_id")["parcel_part_low"].sum()
    assert (counted <= 1.0 + 1e-12).all()
    land = links.table.groupby("parcel_id")["land_m2"].sum()
    area = parcels["stated_area_m2"].reindex(land.index)
    assert (land <= area * (1 + 1e-12)).all()
    several = links.table["parcel_id"].duplicated(keep=False)
    told = links.table["apart"] | links.table["joint_site_id"].notna()
    assert told[several].all()
    facts = measured(parcels, projects, links)
    usable = facts.projects["land_basis"].isin(["linked", "joint"])
    assert (facts.projects.loc[usable, "land_m2_low"] > 0).all()
    assert set(links.table["project_id"]) == set(facts.projects.index[usable])


@few
@given(worlds(), st.data(), modes)
def test_every_row_and_every_fen_is_linked_or_not(world, data, names):
    parcels, projects, corrections = tables_of(*world, data.draw(decisions(*world)))
    links = linked(parcels, projects, corrections, names=names)
    assert set(links.table["project_id"]) | set(links.unlinked["project_id"]) == set(projects.index)
    assert set(links.table["project_id"]).isdisjoint(links.unlinked["project_id"])
    waiting = set(links.review.loc[links.review["decision"] == "open", "project_id"])
    unlinked = links.unlinked.set_index("project_id")["reason"]
    assert set(unlinked.index[unlinked == "for_review"]) == waiting - set(links.table["project_id"])
    a = links.accounts
    assert a["links_out"] == sum(a[f"links_{m}"] for m in ("corrected", "code", "footprint", "name"))
    assert a["refs_in"] == a["refs_matched"] + a["refs_missing"] + a["refs_repeated"] + a["refs_overruled"]
    money = money_account(projects, links)
    files = source_accounts(projects, parcels, parcels["stated_area_m2"], links)
    for column in ("total_invest_wan_low", "total_invest_wan_high"):
        stem, end = column.rsplit("_", 1)
        on_parcels = sum(f["money"][column]["linked_fen"] for f in files["parcels"].values())
        assert on_parcels == money[stem][end]["linked_fen"]
        for key in ("read_fen", "linked_fen", "unlinked_fen"):
            assert sum(f["money"][column][key] for f in files["projects"].values()) == money[stem][end][key]
    for rows in (*files["projects"].values(), *files["parcels"].values()):
        assert rows["in"] == rows["linked"] + rows["unlinked"]


@few
@given(worlds(), st.data(), st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(world, data, seed):
    said = data.draw(decisions(*world))
    one, two = links_of(*world, said), links_of(*world, said, order=random.Random(seed))
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(one.review, two.review)
    pd.testing.assert_frame_equal(one.unlinked, two.unlinked)
    assert one.accounts == two.accounts
    columns = list(one.issues.columns)
    same = (i.sort_values(columns, ignore_index=True) for i in (one.issues, two.issues))
    pd.testing.assert_frame_equal(*same)


@few
@given(worlds(), st.data(), modes)
def test_the_analyst_always_wins(world, data, names):
    said = data.draw(decisions(*world))
    links = links_of(*world, said, names=names)
    pairs = {(r.parcel_id, r.project_id): r for r in links.table.itertuples()}
    words = {(parcel, project): word for parcel, project, word in said}
    only = {project for (_, project), word in words.items() if word == "only"}
    for pair, word in words.items():
        if word in ("yes", "only"):
            assert pairs[pair].method == "correction"
            assert pairs[pair].complete
        elif word == "no":
            assert pair not in pairs
    for pair, row in pairs.items():
        assert (row.method == "correction") == (words.get(pair) in ("yes", "only"))
        if row.project_id in only:
            assert words.get(pair) in ("yes", "only")
    for row in links.review.itertuples():
        word = words.get((row.parcel_id, row.project_id), "open")
        assert row.decision == word
        assert word != "open" or row.project_id not in only
    shown = {(r.parcel_id, r.project_id) for r in links.review.itertuples()}
    assert {pair for pair, word in words.items() if word != "open"} <= shown


@few
@given(worlds(), st.data())
def test_an_open_decision_changes_nothing(world, data):
    pairs = [(a["id"], p["id"], "open") for a in world[0] for p in world[1]]
    said = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    one, two = links_of(*world), links_of(*world, said)
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(one.review, two.review)


@settings(max_examples=40)
@given(worlds(), st.data())
def test_removing_a_parcel_moves_no_other_projects_money(world, data):
    land, ledger = world
    gone = data.draw(st.sampled_from([row["id"] for row in land]))
    one, two = links_of(land, ledger), links_of([r for r in land if r["id"] != gone], ledger)
    concerned = touched(one, gone)
    pd.testing.assert_frame_equal(about(one.table, concerned)[MONEY], about(two.table, concerned)[MONEY])
    pd.testing.assert_frame_equal(about(one.unlinked, concerned), about(two.unlinked, concerned))
    said = two.issues[two.issues["kind"] == "parcel_ref_not_found"]
    for row in ledger:
        if gone in row["refs"] and row["id"] not in set(
            two.unlinked.query("reason == 'duplicate'")["project_id"]
        ):
            assert ((said["raw"] == gone) & (said["row"] == row["source_row"])).any()


def told_of(links, row):
    """Everything that is said of a row of the ledger."""
    rows = links.issues[(links.issues["row"] == row) & (links.issues["source_file"] == "项目.xlsx")]
    return set(zip(rows["kind"], rows["message"], strict=True))


@settings(max_examples=40)
@given(worlds(), st.data(), modes)
def test_money_that_moves_when_a_parcel_goes_is_never_silent(world, data, names):
    """A project that a parcel's number, contract or footprint had put on it says so when the parcel is gone."""
    land, ledger = world
    gone = data.draw(st.sampled_from([row["id"] for row in land]))
    one = links_of(land, ledger, names=names)
    two = links_of([r for r in land if r["id"] != gone], ledger, names=names)
    stood = one.table[(one.table["parcel_id"] == gone) & one.table["method"].isin(["code", "footprint"])]
    left = set(two.unlinked["project_id"]) | set(
        two.review.loc[two.review["decision"] == "open", "project_id"]
    )
    open_ended = set(two.table.loc[~two.table["complete"], "project_id"])
    rows = {row["id"]: row["source_row"] for row in ledger}
    for project in set(stood["project_id"]):
        news = told_of(two, rows[project]) - told_of(one, rows[project])
        assert project in left | open_ended or news, (project, gone)


@few
@given(worlds())
def test_a_row_that_stands_twice_counts_once(world):
    land, ledger = world
    named = [row | {"name": "项目" + row["id"], "holder": row["holder"] or HOLDERS[0]} for row in ledger]
    copies = [row | {"id": row["id"] + "再", "source_row": row["source_row"] + 100} for row in named]
    one, two = links_of(land, named, names="review"), links_of(land, [*copies, *named], names="review")
    pd.testing.assert_frame_equal(one.table, two.table)
    left = two.unlinked.set_index("project_id")
    assert set(left.index[left["reason"] == "duplicate"]) == {row["id"] for row in copies}
    assert (two.issues["kind"] == "project_repeated").sum() == len(copies)


@pytest.mark.parametrize("names", ["review", "link"])
def test_a_name_alone_never_links_across_two_zones(names):
    land = [{"id": "A1", "rect": square(0), "holder": HOLDERS[0], "zone": "东区"}]
    ledger = [{"id": "P1", "holder": HOLDERS[0], "zone": "西区", "total": 5}]
    links = links_of(land, ledger, names=names)
    assert len(links.table) == 0
    assert links.review[["parcel_id", "project_zone", "parcel_zone"]].values.tolist() == [
        ["A1", "西区", "东区"]
    ]


def test_footprints_side_by_side_tell_the_land_of_a_parcel_apart():
    land = [{"id": "A1", "rect": square(0), "source_row": 1}]
    x, y, width, height = square(0)
    ledger = [
        {"id": "P1", "footprint": [x, y, width // 2, height], "total": 5},
        {"id": "P2", "footprint": [x + width // 2, y, width // 2, height], "total": 7},
    ]
    table = links_of(land, ledger).table
    assert table["apart"].all()
    assert table["joint_site_id"].isna().all()
    assert table["land_m2"].tolist() == pytest.approx([5000.0, 5000.0], rel=1e-3)


def test_the_worlds_are_hard_ones():
    """What the evidence can come to stands in the worlds, so that the laws above have work to do."""
    seen: set[str] = set()

    @settings(max_examples=250, database=None)
    @given(worlds())
    def look(world):
        links = links_of(*world)
        seen.update(links.table["method"], links.table["share_basis"], links.review["kind"])
        seen.update(["joint"] if links.table["joint_site_id"].notna().any() else [])
        seen.update(["incomplete"] if not links.table["complete"].all() else [])
        seen.update(links.unlinked["reason"])
        low, high = links.table["parcel_part_low"], links.table["parcel_part_high"]
        seen.update(["partial"] if (low < high).any() else [])

    look()
    assert seen >= {
        "code", "footprint", "name", "overlap", "stated_area", "whole", "joint", "incomplete", "partial",
        "for_review", "refs_not_found", "no_refs", "code_against_name", "name_against_code",
        "code_against_footprint", "footprint_against_code", "footprint_also", "code_against_contract",
        "contract_against_code", "name_uncertain",
    }  # fmt: skip
    assert np.all([isinstance(word, str) for word in seen])
