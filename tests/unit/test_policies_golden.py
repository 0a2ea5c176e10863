"""Golden cases of the shipped policies beside idle land and the seed's rule: templates with trial figures."""

from __future__ import annotations

import pytest

from tests.policy_cases import FOLDERS, cases_of, judged


@pytest.mark.parametrize(("folder", "name"), [(f, n) for f in FOLDERS for n in cases_of(f)])
def test_case(folder, name):
    found = judged(folder)
    case, row = found.cases[name], found.status.loc[name]
    assert (row["verdict"], row["clause"]) == (case["verdict"], case["clause"]), row["reason"]
    assert row["borderline"] == case.get("borderline", False), row["reason"]
    assert sorted(m.split("（")[0] for m in row["missing"]) == sorted(case.get("missing", []))
    assert row["missing"] or case["verdict"] != "undecided"
    if "outcome" in case:
        assert row["outcome"] == case["outcome"]
    if "factor" in case:
        assert row["quota_factor"] == case["factor"]
    for words in case.get("says", []):
        assert words in row["reason"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_template_filled_in_is_accepted(folder):
    assert judged(folder).policy.gaps() == ()


def test_an_undecided_zone_has_no_factor():
    status = judged("quota_link").status
    assert status.loc[status["verdict"].eq("undecided"), "quota_factor"].isna().all()
    assert status.loc[~status["verdict"].eq("undecided"), "quota_factor"].notna().all()
