"""Facts taken over as read: of a parcel, of a project, and what all projects of a parcel share."""

from __future__ import annotations

import pandas as pd
import pytest

from landuse.tables import PARCEL_FACTS, PROJECT_FACTS
from tests.rows_by_hand import measured, parcels_of, projects_of

NEW = {"is_new": True, "industry_code": "C36", "industry_std_year": 2017, "stage": "在建"}


def shared(*projects):
    parcels = parcels_of([{"id": "A1", "mu": 30}, {"id": "A2", "mu": 30}])
    rows = [{"id": f"P{n}", "refs": ["A1"], "fixed": 6000} | p for n, p in enumerate(projects)]
    facts = measured(parcels, projects_of(rows)).parcels
    return facts[list(NEW)]


def test_one_project_lends_its_words_to_its_parcel():
    found = shared(NEW)
    assert found.loc["A1"].to_dict() == NEW
    assert found.loc["A2"].isna().all()


@pytest.mark.parametrize("other", [False, None])
def test_projects_that_differ_or_do_not_say_leave_it_unknown(other):
    found = shared(NEW, NEW | {"is_new": other}).loc["A1"]
    assert pd.isna(found["is_new"])
    assert found[["industry_code", "industry_std_year", "stage"]].tolist() == ["C36", 2017, "在建"]


def test_projects_that_agree_are_as_one():
    assert shared(NEW, NEW, NEW).loc["A1"].to_dict() == NEW


def test_no_project_at_all():
    assert shared().isna().all(axis=None)


def test_words_and_dates_are_taken_over():
    day = pd.Timestamp("2024-05-01")
    land = {
        "holder": "甲公司", "county_code": "410311", "land_use": "工业用地", "supply_mode": "挂牌出让",
        "land_grade": "五级", "department": "自然资源局", "far_min": 1.0, "far_max": 2.0,
        "handover_due": day, "resumed_on_period": "2024-06",
    }  # fmt: skip
    mine = {
        "holder": "乙公司", "land_grade": "五级", "supply_mode": "协议出让", "department": "发展改革委",
        "industry_std_year": 2011, "price_wan_low": 900.0, "price_wan_high": 1000.0, "far_min": 0.8,
        "signed_on": day, "start_due_period": "2024-11", "finish_due": day,
    }  # fmt: skip
    facts = measured(parcels_of([{"id": "A1", "mu": 30} | land]), projects_of([{"id": "P1"} | mine]))
    assert facts.parcels.loc["A1", list(land)].to_dict() == land
    assert facts.projects.loc["P1", list(mine)].to_dict() == mine
    PARCEL_FACTS.check(facts.parcels)
    PROJECT_FACTS.check(facts.projects)
