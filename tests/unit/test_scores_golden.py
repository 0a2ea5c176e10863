"""Golden cases of scoring: from parcels and projects to figure, points and place, through every room."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from landuse.measuring import settle_hooks
from landuse.policy import load_policy
from landuse.scoring import ScoreRules, score
from landuse.screening import judge, screen
from landuse.tables import HOOKS, INDICATORS, RUN_TABLES, issue_table
from tests.rows_by_hand import AS_OF, M2_PER_MU, measured, parcels_of, projects_of, zones_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "scores"


def cases(name):
    found = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["title"]) for case in found]


def parcel_of(zone, number, cell, slot):
    row = {"id": f"{zone}-{number}", "mu": cell["mu"], "slot": slot, "ownership": "state"}
    row |= {"construction_land": True, "start_state": cell.get("state", "unknown")}
    if "suspended" in cell:
        row["suspend_state"] = cell["suspended"]
    if "said_finished" in cell:
        row["finished"] = cell["said_finished"]
    for key, column in (("due", "start_due"), ("finished", "finished_on")):
        if key in cell:
            row[column] = pd.Timestamp(cell[key])
    if "developed_mu" in cell:
        row["developed"] = cell["developed_mu"] * M2_PER_MU
    return row


def world(zones):
    parcels, projects, drawn, slot = [], [], [], 0
    for zone, content in zones.items():
        first = slot
        for number, cell in enumerate(content["parcels"]):
            parcels.append(parcel_of(zone, number, cell, slot))
            slot += 1
        drawn.append({"id": zone, "name": zone, "class": "urban", "slots": [first, slot - 1]})
        for number, cell in enumerate(content.get("projects", [])):
            refs = [f"{zone}-{n}" for n in cell["on"]]
            projects.append(
                {"id": f"P-{zone}-{number}", "refs": refs} | {k: cell[k] for k in cell if k != "on"}
            )
    return measured(parcels_of(parcels), projects_of(projects), zones=zones_of(drawn))


def ends(value):
    if value == "不详":
        return (math.nan, math.nan)
    return tuple(map(float, value)) if isinstance(value, list) else (float(value), float(value))


def same(got, expected):
    assert got == pytest.approx(ends(expected), abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("case", cases("three_zones"))
def test_three_zones(case):
    facts = world(case["zones"])
    policies = [load_policy("cn-idle-land-2012")]
    found = score(facts, judge(screen(facts, policies), policies), rules=ScoreRules(**case["score"]))
    for name, table in found.tables.items():
        RUN_TABLES[name].check(table)
    cards = found.zone_scorecards.set_index(["zone_id", "indicator"])
    for zone, expected in case["expect"].items():
        got = found.zone_scores.loc[zone]
        same((got["points_low"], got["points_high"]), expected["points"])
        assert [got["rank_best"], got["rank_worst"]] == expected["rank"], zone
        assert bool(got["tied"]) == expected.get("tied", False)
        assert list(got["missing_facts"]) == expected.get("missing", [])
        for name in set(INDICATORS) & set(expected):
            card = cards.loc[(zone, name)]
            same((card["value_low"], card["value_high"]), expected[name])
        if "covered" in expected:
            card = cards.loc[(zone, next(iter(case["score"]["weights"])))]
            assert (card["covered_mu"], card["of_mu"]) == pytest.approx((expected["covered"], expected["of"]))
            assert list(card["missing_facts"])
            assert got["least_covered_share"] == pytest.approx(expected["covered"] / expected["of"])
            assert "score_partly_covered" in set(found.issues["kind"])


@pytest.mark.parametrize("case", cases("hooks"))
def test_hook_projects(case):
    zones = zones_of([
        {"id": "Z1", "name": "甲区", "class": "urban", "slots": [0, 0]},
        {"id": "Z2", "name": "乙区", "class": "county", "slots": [1, 1]},
    ])  # fmt: skip
    facts = measured(parcels_of([{"id": "A", "mu": 1}]), projects_of([]), zones=zones)
    hooks, said = None, []
    if "rows" in case:
        cells = []
        for n, row in enumerate(case["rows"]):
            on = row.get("on")
            dated = (
                {"reported_on_period": on}
                if isinstance(on, str)
                else {"reported_on": pd.Timestamp(on) if on else pd.NaT}
            )
            cells.append({"zone_id": row["zone"], "source_file": "挂钩.csv", "source_row": n + 2} | dated)
        hooks, said = settle_hooks(HOOKS.conform(pd.DataFrame(cells)), zones)
    found = score(facts, judge(screen(facts, []), []), hooks=hooks)
    kinds = [*issue_table(said)["kind"], *found.issues["kind"]]
    assert sorted(kinds) == sorted(case.get("kinds", []))
    for zone, expected in case["expect"].items():
        got = found.zone_hooks.loc[zone]
        assert got["hook_reported"] == expected["reported"], zone
        assert got["hook_projects"] == expected.get("projects", got["hook_projects"])
        if "row" in expected:
            assert got["source_row"] == expected["row"]
        item = found.zone_readiness.query("zone_id == @zone and item == 'hook_reported'").iloc[0]
        assert item["value_text"] == expected["reported"]
    assert facts.as_of == AS_OF
