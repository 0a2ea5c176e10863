"""Columns of the users' own, from a file to a verdict and the run folder."""

from __future__ import annotations

import pandas as pd
import pytest

import landuse as lu
from landuse.api import check
from tests import small_plan
from tests.rows_by_hand import pair

MU = 2000 / 3

POLICY = """
[policy]
id = "power"
title = "用电"
source = "内部"
effective = 2020-01-01
otherwise = { parcel = "in_use" }

[[fact]]
name = "power_kwh"
subject = "parcel"
type = "number"
columns = ["年用电量", "用电量"]
unit = "kWh"
label = "亩均用电量"
per = "mu"

[[fact]]
name = "water_t"
subject = "parcel"
type = "number"
columns = ["年用水量"]
unit = "吨"
label = "年用水量"

[[clause]]
id = "1"
subject = "parcel"
cite = "第一条"
text = "亩均用电不足"
verdict = "underused"
when = { fact = "power_kwh", op = "<", unit = "kWh/亩", limit = 1000 }
"""
PLAN = small_plan.PLAN.replace('"cn-luoyang-zones-2011", "cn-idle-land-2012"', '"power.toml"').replace(
    "map = false\nworkbook = false", "map = true\nworkbook = true"
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    path = small_plan.write(folder, plan=PLAN)
    (folder / "power.toml").write_text(POLICY, encoding="utf-8")
    small_plan.parcels(**{"年用电量（万千瓦时）": ["约1", 2]}).to_file(
        folder / "parcels.gpkg", layer="parcels"
    )
    result = lu.run(path)
    lu.save(result, folder / "out")
    return path, result, folder / "out"


def test_from_a_file_to_a_verdict(finished):
    _, result, _ = finished
    facts = result.tables["parcel_facts"]
    mu = facts.at["A", "area_used_m2"] / MU
    assert pair(facts, "A", "power_kwh") == pytest.approx((9000 / mu, 11000 / mu))
    assert pair(facts, "B", "power_kwh_total") == (20000, 20000)
    status = result.tables["parcel_status"].set_index("subject_id")["verdict"]
    assert status.to_dict() == {"A": "underused", "B": "in_use"}


def test_a_fact_that_no_file_carries_is_said_once(finished):
    path, result, _ = finished
    issues = result.tables["issues"]
    (row,) = issues[issues["kind"] == "own_fact_absent"].itertuples()
    assert (row.field, row.source_file) == ("water_t", str(path))
    assert "power" in row.message
    assert "年用水量" in row.message
    assert result.tables["parcel_facts"]["water_t_low"].isna().all()


def test_the_run_folder_keeps_them(finished):
    _, result, out = finished
    again = lu.open_run(out)
    for table in ("parcels", "parcel_facts"):
        mine = [c for c in result.tables[table] if c.startswith(("power", "water"))]
        assert mine
        pd.testing.assert_frame_equal(again.tables[table][mine], result.tables[table][mine])
    assert "亩均用电量" in str(lu.explain("A", result=again))


def test_a_second_file_may_lack_the_column(tmp_path):
    path = small_plan.write(tmp_path, plan=PLAN.replace("true", "false"))
    (tmp_path / "power.toml").write_text(POLICY, encoding="utf-8")
    whole = small_plan.parcels(**{"年用电量": [1, 2]})
    whole.iloc[:1].to_file(tmp_path / "parcels.gpkg", layer="parcels")
    whole.iloc[1:, [0, 2]].to_file(tmp_path / "more.gpkg", layer="parcels")
    path.write_text(
        path.read_text(encoding="utf-8") + '\n[[parcels]]\npath = "more.gpkg"\n', encoding="utf-8"
    )
    result = lu.run(path)
    absent = result.tables["issues"].query("kind == 'own_fact_absent'")
    assert absent["field"].tolist() == ["water_t"]
    assert result.tables["parcels"]["power_kwh_low"].isna().to_dict() == {"A": False, "B": True}
    found = check(path).issues.query("kind == 'own_fact_absent'")
    assert found["field"].tolist() == ["water_t"]


def test_the_workbook_shows_them_under_their_own_names_and_units(finished):
    openpyxl = pytest.importorskip("openpyxl")
    *_, out = finished
    header, first, second = (
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(out / "workbook.xlsx")["宗地"].iter_rows()
    )
    shown = {name: (a, b) for name, a, b in zip(header, first, second, strict=True)}
    assert shown["亩均用电量（总量）下限（kWh）"] == (9000, 20000)
    assert shown["亩均用电量（总量）上限（kWh）"] == (11000, 20000)
    assert shown["亩均用电量下限（kWh/亩）"][0] == pytest.approx(9000 / 15, rel=1e-3)
    assert shown["年用水量（吨）"] == (None, None)
