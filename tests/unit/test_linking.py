"""Linking: refusals of corrections, areas without a measurement, spelling, empty tables."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landuse.errors import IdError, LinkError
from landuse.linking import link
from landuse.linking.by_code import PRINTED, _keys
from landuse.parsing.parcel_codes import normalise_ref
from landuse.tables import LINKS, UNLINKED
from tests.rows_by_hand import corrections_of, linked, parcels_of, projects_of

PARCELS = [{"id": "A1", "m2": 10_000}, {"id": "A2", "m2": 30_000}]
PROJECTS = [{"id": "P1", "refs": ["A1"], "total": 100, "tax": 7}, {"id": "P2"}]


def refused(*rows, parcels=PARCELS):
    with pytest.raises(LinkError) as caught:
        linked(parcels_of(parcels), projects_of(PROJECTS), corrections_of(list(rows)))
    return str(caught.value)


def test_unknown_parcel_in_a_correction_is_refused_with_row_and_nearest():
    message = refused(("A1", "P1", 1.0), ("A3", "P2"))
    assert message.startswith("links.csv, row 3, [parcel_id]: ")
    assert "'A3'" in message
    assert "nearest: 'A" in message


def test_unknown_project_in_a_correction_is_refused_with_row_and_nearest():
    message = refused(("A1", "P11"))
    assert message.startswith("links.csv, row 2, [project_id]: ")
    assert "nearest: 'P1'" in message


@pytest.mark.parametrize("shares", [(0.5, 0.4), (0.7, 0.7), (0.5, 0.5 + 2e-9)])
def test_shares_that_do_not_sum_to_one_are_refused(shares):
    message = refused(("A1", "P1", shares[0]), ("A2", "P1", shares[1]))
    assert "links.csv, row 2, [share]" in message
    assert "not to 1" in message


def test_a_given_share_that_leaves_nothing_for_the_rest_is_refused():
    assert "leave nothing" in refused(("A1", "P1", 1.0), ("A2", "P1"))


def test_a_pair_given_twice_is_refused():
    assert "row 3" in refused(("A1", "P1"), ("a1", "P1"))


def test_shares_within_a_billionth_pass():
    links = linked(
        parcels_of(PARCELS),
        projects_of(PROJECTS),
        corrections_of([("A1", "P1", 0.3333333333), ("A2", "P1", 0.6666666667)]),
    )
    assert links.table["share"].sum() == 1.0
    assert links.table["share"].tolist() == pytest.approx([1 / 3, 2 / 3], abs=1e-9)
    assert links.table["evidence"].tolist() == ["links.csv#2", "links.csv#3"]
    assert links.accounts["refs_overruled"] == 1


def test_ids_that_stand_twice_are_refused():
    with pytest.raises(IdError, match="'A1' stands twice"):
        link(parcels_of([*PARCELS, {"id": "A1", "m2": 5}]), projects_of(PROJECTS))


def test_parcels_without_area_cannot_split_money():
    parcels = parcels_of(PARCELS)
    projects = projects_of([{"id": "P1", "refs": ["A1", "A2"]}, {"id": "P2", "refs": ["A1"]}])
    with pytest.raises(LinkError, match=r"项目\.xlsx, row 3: the parcels of project 'P1' have no area"):
        link(parcels, projects, areas=pd.Series([0.0, 0.0], index=parcels.index))
    with pytest.raises(LinkError, match="no area"):
        link(parcels, projects, areas=pd.Series([1.0, float("nan")], index=parcels.index))
    with pytest.raises(LinkError, match="no area is given for parcel 'A2'"):
        link(parcels, projects, areas=pd.Series([1.0], index=["A1"]))


def test_without_areas_a_stated_area_that_cannot_be_is_not_used():
    # A2 states mu for m2: by the file the split would be 10000 : 45, by the ground it is 1 : 3
    projects = projects_of([{"id": "P1", "refs": ["A1", "A2"]}])
    good, bad = parcels_of(PARCELS), parcels_of([PARCELS[0], PARCELS[1] | {"stated_area_m2": 45.0}])
    assert link(good, projects).table["share_basis"].tolist() == ["stated_area"] * 2
    table = link(bad, projects).table
    assert table["share_basis"].tolist() == ["area"] * 2
    assert table["share"].tolist() == pytest.approx([0.25, 0.75], rel=1e-4)


def test_unlinked_keeps_every_amount_as_read():
    projects = projects_of([{"id": "P9", "name": "甲", "refs": ["X"], "total": [1, 2], "tax": 7}])
    left = linked(parcels_of(PARCELS), projects).unlinked
    row = left.iloc[0]
    assert (row["name"], row["reason"], row["parcel_refs"], row["source_row"]) == (
        "甲",
        "refs_not_found",
        ["X"],
        3,
    )
    assert (row["total_invest_wan_low"], row["total_invest_wan_high"], row["tax_wan_low"]) == (1.0, 2.0, 7.0)
    assert left["fixed_invest_wan_low"].isna().all()


def test_empty_tables_link_to_nothing():
    links = linked(parcels_of(PARCELS).iloc[:0], projects_of([]))
    LINKS.check(links.table)
    UNLINKED.check(links.unlinked)
    assert len(links.table) == len(links.unlinked) == len(links.issues) == 0
    assert set(links.accounts.values()) == {0}
    assert dataclasses.is_dataclass(links)


def test_issue_says_project_number_file_and_row():
    projects = projects_of([{"id": "P1", "refs": ["A1", "X9"], "source_row": 12}])
    found = linked(parcels_of(PARCELS), projects).issues.iloc[0]
    assert (found["source_file"], found["row"], found["field"], found["raw"]) == (
        "项目.xlsx",
        12,
        "parcel_refs",
        "X9",
    )
    assert "P1" in found["message"]
    assert "X9" in found["message"]


@given(st.lists(st.text("abcXYZ019-()_/. #Ａ１ｂ　", min_size=1, max_size=8), max_size=20))
def test_the_fast_path_of_numbers_gives_their_normal_form(codes):
    assert PRINTED
    assert _keys(pd.Index(codes, dtype="str")).tolist() == [normalise_ref(code) for code in codes]
