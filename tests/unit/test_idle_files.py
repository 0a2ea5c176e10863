"""Golden cases of idle land from files: what an empty cell means is the plan's to say, never ours."""

from __future__ import annotations

import math
import tomllib
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest

import landuse as lu
from landuse.errors import PolicyError
from tests.small_plan import square

FILE = Path(__file__).resolve().parents[1] / "golden" / "idle_files" / "cells.toml"
CASES = {case["title"]: case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]}
KEYS = {"title", "as_of", "policy", "plan", "cells", "verdict", "clause", "fee"}
TODAY = "cn-idle-land-2012"
PLAN = """title = "一宗地"
as_of = {as_of}
policies = ["{policy}"]

[[parcels]]
path = "宗地.gpkg"
{said}

[output]
map = false
workbook = false
"""


def run(folder, cells, *, as_of, policy=TODAY, plan=None):
    """Write one parcel and its plan, and run it."""
    land = gpd.GeoDataFrame(
        {"宗地编号": ["A"], **{k: [v] for k, v in cells.items()}}, geometry=[square(0, 0)], crs="EPSG:4525"
    )
    land.to_file(folder / "宗地.gpkg", layer="宗地")
    said = "\n".join(f'{k} = "{v}"' for k, v in (plan or {}).items())
    path = folder / "plan.toml"
    path.write_text(PLAN.format(as_of=as_of, policy=policy, said=said), encoding="utf-8")
    return lu.run(path)


@pytest.mark.parametrize("title", list(CASES))
def test_case(title, tmp_path):
    case = CASES[title]
    assert set(case) <= KEYS
    options = {k: case[k] for k in ("as_of", "policy", "plan") if k in case}
    result = run(tmp_path, case["cells"], **options)
    row = result.tables["parcel_status"].set_index("subject_id").loc["A"]
    assert (row["verdict"], row["clause"]) == (case["verdict"], case["clause"]), row["reason"]
    fee = [row["fee_wan_low"], row["fee_wan_high"]]
    assert fee == case["fee"] if "fee" in case else all(map(math.isnan, fee))


@pytest.mark.parametrize(
    ("day", "policy", "words"),
    [
        (date(2012, 6, 30), TODAY, "took effect on 2012-07-01"),
        (date(2012, 7, 1), "cn-idle-land-1999", "expired on 2012-07-01"),
        (date(2026, 6, 30), "underused-template", "limits are empty"),
        (date(2026, 6, 30), "cn-control-indicators-2023", "limits are empty"),
    ],
)
def test_a_plan_is_refused_a_rule_of_another_time_and_one_with_gaps(day, policy, words, tmp_path):
    with pytest.raises(PolicyError, match=words):
        run(tmp_path, {"权属性质": "国有"}, as_of=day, policy=policy)
