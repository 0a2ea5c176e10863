"""Links by name: golden cases, the book of renames, crowded names, what is said as evidence."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from landuse.errors import LinkError
from landuse.linking import by_name
from landuse.linking.by_name import match_names

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "golden" / "names" / "matches.toml").read_text(encoding="utf-8")
)["case"]


def table(rows):
    frame = pd.DataFrame(rows).rename(columns={"zone": "zone_id"})
    return frame.astype("str")


def book(pairs):
    return pd.DataFrame(pairs, columns=["old_name", "new_name"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case):
    renames = book(case["renames"]) if "renames" in case else None
    found = match_names(table(case["projects"]), table(case["parcels"]), renames=renames)
    got = zip((found.project + 1).tolist(), (found.parcel + 1).tolist(), found.band.tolist(), strict=True)
    assert sorted(map(list, got)) == sorted(case["pairs"])
    assert found.accounts["linked"] == sum(pair[2] == "linked" for pair in case["pairs"])
    assert found.accounts["review"] == sum(pair[2] == "review" for pair in case["pairs"])


def test_the_evidence_names_both_holders_what_was_found_and_why_it_waits():
    projects = table([{"holder": "洛阳恒泰机械有限公司", "zone": "Z1"}])
    parcels = table(
        [{"holder": "恒泰机械有限责任公司", "zone": "Z1"}, {"holder": "恒泰机械有限责任公司", "zone": "Z2"}]
    )
    found = match_names(projects, parcels)
    assert found.evidence.tolist() == [
        "洛阳恒泰机械有限公司＝恒泰机械有限责任公司：字号和行业相同",
        "洛阳恒泰机械有限公司＝恒泰机械有限责任公司：字号和行业相同；待核：项目与宗地所在区不同",
    ]
    assert (found.score > 0.9).all()


def test_missing_and_empty_names_match_nothing():
    projects = pd.DataFrame({"holder": pd.array([None, "", "  ", "——"], dtype="str")})
    found = match_names(projects, projects)
    assert len(found.project) == 0
    assert found.accounts["projects_named"] == 1
    nothing = match_names(projects.iloc[:0], projects)
    assert (len(nothing.project), len(nothing.crowded)) == (0, 0)


def test_a_name_on_too_many_rows_is_named_not_spread(monkeypatch):
    monkeypatch.setattr(by_name, "PAIRS_MOST", 5)
    many = table([{"holder": "洛阳恒泰机械有限公司"}] * 3)
    found = match_names(many, pd.concat([many, table([{"holder": "鑫源建材有限公司"}])]))
    assert len(found.project) == 0
    assert found.crowded.to_dict("records") == [
        {
            "project_name": "洛阳恒泰机械有限公司",
            "parcel_name": "洛阳恒泰机械有限公司",
            "projects": 3,
            "parcels": 3,
        }
    ]
    (said,) = found.issues
    assert said["kind"] == "names_crowded"
    assert "3 个项目" in said["message"]


def test_renames_that_lead_round_end():
    renames = book([["甲乙厂", "丙丁厂"], ["丙丁厂", "甲乙厂"]])
    found = match_names(table([{"holder": "甲乙厂"}]), table([{"holder": "丙丁厂"}]), renames=renames)
    assert len(found.project) == 1


@pytest.mark.parametrize(
    ("renames", "said"),
    [
        (pd.DataFrame({"old_name": ["甲乙厂"]}), "[new_name]: the book of renames lacks a column"),
        (book([["甲乙厂", "丙丁厂"], ["甲乙厂", None]]), "row 2, [new_name]: a rename lacks a name"),
        (book([["", "丙丁厂"]]), "row 1, [old_name]: a rename lacks a name"),
    ],
)
def test_a_book_of_renames_that_cannot_be_read_is_refused(renames, said):
    with pytest.raises(LinkError) as caught:
        match_names(table([{"holder": "甲乙厂"}]), table([{"holder": "丙丁厂"}]), renames=renames)
    assert said in str(caught.value)
    assert caught.value.remedy
