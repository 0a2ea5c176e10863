"""Golden cases of the seed's rule: from the cells of a ledger row to the verdict, through every room."""

from __future__ import annotations

import pytest

from tests.seed_cases import CASES, judged

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


@pytest.mark.parametrize("name", list(CASES))
def test_case(name):
    case, row = CASES[name], judged().status.loc[name]
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
