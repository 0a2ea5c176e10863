"""Golden cases of dates: started, suspended, developed, on the as-of date."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from landuse.errors import TableError
from landuse.tables import PARCELS
from tests.rows_by_hand import ends, measured, pair, parcels_of, projects_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "progress"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
UNKNOWN = "不详"


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    row = {
        key: pd.Timestamp(value) if hasattr(value, "year") else value for key, value in case["parcel"].items()
    }
    parcels = parcels_of([{"id": "A1", "m2": 30_000} | row])
    facts = measured(parcels, projects_of([]), as_of=case["as_of"])
    for column, value in case["expect"].items():
        if f"{column}_low" in facts.parcels:
            got = pair(facts.parcels, "A1", column)
            if value == UNKNOWN:
                assert all(map(math.isnan, got)), column
            else:
                assert got == pytest.approx(ends(value), rel=1e-12), column
            continue
        got = facts.parcels.at["A1", column]
        if value == UNKNOWN:
            assert pd.isna(got), column
        else:
            assert got == (pd.Timestamp(value) if hasattr(value, "year") else value), column
    if "issues" in case:
        assert facts.issues["kind"].value_counts().to_dict() == case["issues"]


@pytest.mark.parametrize("period", ["2019-13", "2019年3月", "19-03", "2019-03-05", "上半年"])
def test_a_period_that_is_none_is_refused(period):
    parcels = parcels_of([{"id": "A1", "m2": 30_000, "start_due_period": period}])
    with pytest.raises(TableError, match="start_due_period"):
        PARCELS.check(parcels)
    with pytest.raises(TableError, match="start_due_period"):
        measured(parcels, projects_of([]))
