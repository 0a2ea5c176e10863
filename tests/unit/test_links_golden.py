"""Golden cases of links and money, as a land officer would write them down."""

from __future__ import annotations

import math
import tomllib
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from tests.rows_by_hand import corrections_of, linked, measured, pair, parcels_of, projects_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "links"
FILES = sorted(FOLDER.glob("*.toml"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in FILES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
UNKNOWN = "不详"
YES_NO = {"是": True, "否": False}


def test_every_shape_of_link_has_a_file():
    assert {p.stem for p in FILES} >= {
        "one_to_one", "one_to_many", "many_to_one", "many_to_many", "refs", "corrections", "contracts",
        "footprints", "conflicts", "names", "repeated",
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    expect = case["expect"]
    parcels, projects = parcels_of(case["parcels"]), projects_of(case["projects"])
    corrections = corrections_of(case["corrections"]) if "corrections" in case else None
    book = pd.DataFrame(case["renames"], columns=["old_name", "new_name"]) if "renames" in case else None
    links = linked(parcels, projects, corrections, names=case.get("names", "review"), renames=book)
    facts = measured(parcels, projects, links)
    if "links" in expect:
        assert [row_of(r) for r in links.table.itertuples()] == [expected_row(r) for r in expect["links"]]
    if "review" in expect:
        assert [candidate_of(r) for r in links.review.itertuples()] == [
            (r["project"], r["parcel"], r["method"], r.get("why"), r.get("decision", "open"))
            for r in expect["review"]
        ]
    if "land_mu" in expect:
        land = {(r.project_id, r.parcel_id): r.land_m2 * 3 / 2000 for r in links.table.itertuples()}
        wanted = {(r[0], r[1]): r[2] for r in expect["land_mu"]}
        assert land == pytest.approx(wanted, rel=1e-9, nan_ok=True)
    if "unlinked" in expect:
        left = dict(zip(links.unlinked["project_id"], links.unlinked["reason"], strict=True))
        assert left == expect["unlinked"]
    if "issues" in expect:
        found = pd.concat([links.issues, facts.issues])["kind"].value_counts().to_dict()
        assert found == expect["issues"]
    for subject in ("parcels", "projects"):
        for name, figures in expect.get(subject, {}).items():
            for stem, value in figures.items():
                low, high = pair(getattr(facts, subject), name, stem)
                if value == UNKNOWN:
                    assert math.isnan(low), (name, stem)
                    assert math.isnan(high), (name, stem)
                else:
                    assert (low, high) == pytest.approx(tuple(value), rel=1e-12), (name, stem)
    for name, words in expect.get("words", {}).items():
        for column, value in words.items():
            got = facts.projects.at[name, column]
            assert pd.isna(got) if value == UNKNOWN else got == YES_NO.get(value, value), (name, column)


def row_of(row):
    site = None if pd.isna(row.joint_site_id) else row.joint_site_id
    share = Fraction(row.share).limit_denominator(1000)
    assert abs(share - Fraction(row.share)) < (1e-9 if row.share_basis == "overlap" else 1e-15)
    return (row.project_id, row.parcel_id, share, row.share_basis, row.method, row.complete, site)


def candidate_of(row):
    kind = None if pd.isna(row.kind) else row.kind
    return (row.project_id, row.parcel_id, row.method, kind, row.decision)


def expected_row(row):
    return (
        row["project"],
        row["parcel"],
        Fraction(row["share"]),
        row["basis"],
        row.get("method", "code"),
        row.get("complete", True),
        row.get("site"),
    )
