"""Golden cases of the seed's rule: from the cells of a ledger row to the verdict, through every room."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.policy import load_policy
from landuse.screening import judge, screen
from landuse.tables import FINDINGS, PROJECT_STATUS
from tests.rows_by_hand import measured, parcels_of, projects_of, zones_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "seed_rule"
KEYS = {
    "title",
    "zone",
    "total",
    "fixed",
    "land",
    "new",
    "verdict",
    "clause",
    "borderline",
    "missing",
    "says",
}
ROUTES = {
    "separate_land": "separate_land",
    "no_separate_land": "standard_factory",
    "undecided": "review",
    "out_of_scope": "review",
}
CASES = {
    f"{path.stem}: {case['title']}": case
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
}
ZONES = [
    {"id": "urban", "name": "甲", "class": "urban", "slots": [0, 0]},
    {"id": "county", "name": "乙", "class": "county", "slots": [1, 1]},
]


def rows_of(name, case, number):
    """One row of the ledger: it asks for land, or stands on a parcel of its own outside the zones."""
    outside = case.get("zone") == "outside"
    row = {"id": name, "zone": None if outside else case.get("zone"), "is_new": case.get("new")}
    for key in ("total", "fixed"):
        if key in case:
            amount = parse_amount(case[key])
            row[key] = [amount.low, amount.high]
    land = parse_area(case["land"]) if "land" in case else None
    parcel = {"id": f"A{number}", "slot": 9 + number, "m2": land.low if outside else 1000.0}
    if outside:
        row["refs"] = [parcel["id"]]
    elif land is not None:
        row["requested"] = [land.low, land.high]
    return row, parcel


@pytest.fixture(scope="module")
def judged():
    """All cases as one ledger, measured, screened and judged."""
    rows = [rows_of(name, case, number) for number, (name, case) in enumerate(CASES.items())]
    facts = measured(
        parcels_of([parcel for _, parcel in rows]),
        projects_of([row for row, _ in rows]),
        zones=zones_of(ZONES),
        as_of=date(2011, 6, 30),
    )
    policies = [load_policy("cn-luoyang-zones-2011")]
    findings = screen(facts, policies)
    status = judge(findings, policies)
    FINDINGS.check(findings.table)
    PROJECT_STATUS.check(status.projects)
    assert status.projects["subject_id"].tolist() == list(CASES)
    return status.projects.set_index("subject_id")


@pytest.mark.parametrize("name", list(CASES))
def test_case(name, judged):
    case, row = CASES[name], judged.loc[name]
    assert set(case) <= KEYS
    assert (row["verdict"], row["clause"]) == (case["verdict"], case["clause"]), row["reason"]
    assert row["borderline"] == case.get("borderline", False), row["reason"]
    assert sorted(row["missing_facts"]) == sorted(case.get("missing", []))
    assert row["route"] == ROUTES[case["verdict"]]
    assert row["route_source"]
    assert bool(row["headline"])
    for words in case.get("says", []):
        assert words in row["reason"]


def test_every_branch_has_a_case():
    seen = {(c["verdict"], c["clause"]) for c in CASES.values()}
    assert seen == {
        ("no_separate_land", "2.total"),
        ("no_separate_land", "2.intensity"),
        ("separate_land", "none_held"),
        ("undecided", "2.total"),
        ("undecided", "2.intensity"),
        ("out_of_scope", "none_held"),
    }
