"""Golden cases of idle land: from the cells of a parcel to the verdict, through every room."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from landuse.tables import PARCEL_STATUS
from tests.idle_cases import EXPECTED, GIVEN, POLICIES, cases_of, judged

NAMES = [(folder, name) for folder in POLICIES for name in cases_of(folder)]


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_case(folder, name):
    case, row = judged(folder).cases[name], judged(folder).status.loc[name]
    assert set(case) <= GIVEN | EXPECTED
    assert isinstance(case["as_of"], date)
    assert (row["verdict"], row["clause"]) == (case["verdict"], case["clause"]), row["reason"]
    assert row["borderline"] == case.get("borderline", False), row["reason"]
    if "missing" in case or case["verdict"] != "undecided":
        assert sorted(row["missing_facts"]) == sorted(case.get("missing", []))
    assert row["missing_facts"] or case["verdict"] != "undecided"
    fee = [row["fee_wan_low"], row["fee_wan_high"]]
    assert fee == case["fee"] if "fee" in case else all(map(math.isnan, fee))
    assert row["fee_open"] == case.get("fee_open", False)
    assert (row["government_cause"] == case["cause"]) if "cause" in case else pd.isna(row["government_cause"])
    for words in case.get("says", []):
        assert words in row["reason"]
    for column in {"outcome", "follows"} & set(case):
        said = row[column] if isinstance(row[column], str) else ""
        assert said == case[column]


def test_every_verdict_of_parcels_has_a_case():
    verdicts = {case["verdict"] for case in cases_of("idle").values()}
    assert verdicts == set(PARCEL_STATUS.columns["verdict"].metadata["values"]) - {"underused"}


def test_a_fee_is_asked_for_only_where_article_14_words_it():
    """One full year without a start, not yet two: nowhere else, and never under the rule of 1999."""
    for folder in POLICIES:
        status = judged(folder).status
        asked = status[status["fee_wan_low"].notna()]
        assert set(asked["clause"]) == ({"14(1)"} if folder == "idle" else set())
