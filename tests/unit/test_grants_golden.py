"""Golden cases of the annual plan, as a land officer would write them down."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from landuse.tables import GRANTS
from tests.plans_by_hand import plan_of, ways_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "grants"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def texts(column):
    return ["" if pd.isna(v) else v for v in column]


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    expect = case["expect"]
    plan = plan_of(case)
    GRANTS.check(plan.grants)
    rows = plan.grants.set_index("project_id")
    assert rows.index.tolist() == sorted(p["id"] for p in case["projects"])
    assert ways_of(plan) == expect["grants"]
    assert plan.objective == plan.bound == pytest.approx(expect["objective"], rel=1e-15)
    assert plan.gap == 0.0
    asked = {p["id"]: p.get("mu") for p in case["projects"]}
    for name in expect["grants"]:
        most = asked[name][-1] if isinstance(asked[name], list) else asked[name]
        assert rows.at[name, "mu"] == pytest.approx(most, rel=1e-12)
    assert rows.loc[~rows["granted"], "mu"].eq(0).all()
    assert rows.loc[~rows["granted"], "rank"].isna().all()
    for name, rank in expect.get("ranks", {}).items():
        assert rows.at[name, "rank"] == rank
    for name, resource in expect.get("pointed", {}).items():
        assert rows.at[name, "resource"] == resource if resource else pd.isna(rows.at[name, "resource"])
    for name, words in expect.get("reasons", {}).items():
        for word in words:
            assert word in rows.at[name, "reason"]
    if "used" in expect:
        u = plan.usage
        places = zip(texts(u["zone_id"]), u["resource"], texts(u["block_id"]), strict=True)
        assert [list(p) for p in places] == [row[:3] for row in expect["used"]]
        assert u["quota_mu"].tolist() == pytest.approx([row[3] for row in expect["used"]])
        assert u["used_mu"].tolist() == pytest.approx([row[4] for row in expect["used"]])
        assert (u["left_mu"] >= 0).all()
    if "alternatives" in expect:
        found = plan.alternatives[["project_id", "change", "resource"]]
        assert found.to_numpy().tolist() == expect["alternatives"]
    if "loss" in expect:
        assert plan.alternatives["loss"].tolist() == [expect["loss"]] * len(plan.alternatives)
        assert (plan.objective - plan.alternatives["objective"]).eq(expect["loss"]).all()
