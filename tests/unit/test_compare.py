"""Comparing two runs where they were not made alike: other policies, own facts, other versions, no zones."""

from __future__ import annotations

from dataclasses import replace

import landuse as lu
from landuse.comparing import compare
from landuse.policy import load_text
from tests.quarters_by_hand import OLD, edited, run_of

MINE = """
[policy]
id = "mine"
title = "本地低效用地"
source = "测试"
effective = 2020-01-01
[policy.otherwise]
parcel = "in_use"
{fact}
[[clause]]
id = "1"
subject = "parcel"
cite = "第一条"
text = "……"
verdict = "underused"
when = {when}
"""
PLAIN = MINE.format(fact="", when='{ fact = "far", op = "<", limit = 0.1 }')
OWN = MINE.format(
    fact='[[fact]]\nname = "metered"\nsubject = "parcel"\ntype = "flag"\ncolumns = ["用水"]\nlabel = "用水"',
    when='{ fact = "metered", op = "==", limit = false }',
)
BUILT = {"id": "甲", "floor_area_m2_low": 30_000.0, "floor_area_m2_high": 30_000.0}


def policy(text):
    return load_text(text, file="mine.toml")


def only(found):
    """The one change of a comparison: (kind, old verdict, verdict under the new rule, new verdict, cause)."""
    (row,) = found.attribution.itertuples()
    return row.kind, row.old_verdict, row.rule_verdict, row.new_verdict, row.cause


def test_a_rule_over_a_column_of_ones_own_that_the_old_files_lack():
    old = run_of([BUILT], policies=[policy(PLAIN)])
    new = run_of([BUILT | {"metered": False}], policies=[policy(OWN)])
    found = lu.compare(old, new)
    assert only(found) == ("newly_flagged", "in_use", "undecided", "underused", "several")
    assert found.attribution["changed_facts"].tolist() == [["metered"]]
    rules = found.rule_changes[["kind", "clause", "item", "old_value", "new_value"]].fillna("")
    told = [row for row in rules.values.tolist() if row[0] != "policy_changed"]
    assert ["clause_changed", "1", "when.fact", "far", "metered"] in told
    assert ["limit_changed", "1", "when.limit", "0.1", "false"] in told
    assert ["header_changed", "", "fact.1.name", "", "metered"] in told


def test_the_program_is_the_cause_where_the_same_rule_judges_the_same_facts_otherwise():
    run = run_of([{"id": "甲", "due": "2024-05-10", "state": "not_started"}])
    past = run.parcel_status.assign(verdict="in_use", clause="none_held")
    old = replace(run, tables=run.tables | {"parcel_status": past})
    assert only(lu.compare(old, run)) == ("newly_idle", "in_use", "idle_1y", "idle_1y", "program")


def test_runs_without_zones_have_only_lines_for_what_is_unknown():
    run = run_of(
        [{"id": "甲", "due": "2024-05-10", "state": "not_started", "department": "甲局"}], zone_rows=()
    )
    found = lu.compare(run, run)
    assert found.bulletin_zones["line"].unique().tolist() == ["outside", "unknown", "total"]
    idle = found.bulletin_zones.query("group == 'idle'").set_index("line")["count_new"]
    assert idle.to_dict() == {"outside": 0, "unknown": 1, "total": 1}
    named = found.bulletin_departments.query("group == 'idle' and line == 'department'")
    assert named[["department", "count_new"]].values.tolist() == [["甲局", 1]]
    assert "no_departments" not in set(found.issues["kind"])


def test_without_any_department_the_missing_column_is_named():
    run = run_of([{"id": "甲"}])
    issues = lu.compare(run, run).issues.set_index("kind")
    assert issues.at["no_departments", "field"] == "department"
    assert "主管部门" in issues.at["no_departments", "message"]


def test_runs_without_policies_still_tell_what_came_and_went():
    old, new = run_of([{"id": "甲"}, {"id": "乙"}], policies=()), run_of([{"id": "甲"}], policies=())
    changes = lu.compare(old, new).changes
    land = changes[changes["subject"] == "parcel"]
    assert land[["subject_id", "kind"]].values.tolist() == [["乙", "went"], ["甲", "same"]]
    assert land["policy"].isna().all()
    assert land["headline"].all()


def test_a_policy_that_changes_places_changes_the_headline():
    parcels = [
        {
            "id": "甲",
            "due": "2024-05-10",
            "state": "not_started",
            **{k: v for k, v in BUILT.items() if k != "id"},
        }
    ]
    rules = [policy(PLAIN), edited("cn-idle-land-2012")]
    old, new = run_of(parcels, policies=rules), run_of(parcels, policies=rules[::-1])
    found = lu.compare(old, new)
    assert found.rule_changes["kind"].tolist() == ["order_changed"]
    assert len(found.attribution) == 0
    idle = found.bulletin_zones.query("line == 'total' and group == 'idle'")
    assert idle[["count_old", "count_new"]].values.tolist() == [[0, 1]]
    entered = found.bulletin_zones.query("line == 'total' and group == 'idle_in'")
    assert entered["count_new"].tolist() == [1]


def test_made_ids_are_said():
    rows = [{"id": "宗地#1", "source_row": 1}, {"id": "乙", "source_row": 2}]
    run = run_of(rows, made=["宗地#1"])
    found = lu.compare(run, run)
    message = found.issues.set_index("kind").at["made_ids_compared", "message"]
    assert "上期 1 个、本期 1 个" in message
    matched = found.changes[found.changes["subject"] == "parcel"].set_index("subject_id")["matched_by"]
    assert matched.to_dict() == {"宗地#1": "geometry", "乙": "id"}


def test_an_id_that_only_looks_made_is_an_id():
    old = run_of([{"id": "地块#1", "source_row": 1}])
    new = run_of([{"id": "地块#1", "source_row": 1, "slot": 3}])
    assert set(lu.compare(old, new).changes["kind"]) == {"same"}


def test_made_ids_in_another_plane_do_not_match_by_outline():
    old, new = (run_of([{"id": "宗地#1", "source_row": 1}], made=["宗地#1"]) for _ in range(2))
    moved = new.parcels.set_crs("EPSG:4526", allow_override=True)
    new = replace(new, tables=new.tables | {"parcels": moved})
    kinds = compare(old, new, steps={}).changes.query("subject == 'parcel'")["kind"]
    assert sorted(kinds) == ["came", "went"]


def test_what_a_clause_no_longer_says_is_listed():
    text = edited("cn-idle-land-2012").text
    start = text.index('[[clause]]\nid = "2(2)"')
    shorter = load_text(text[:start], file="cn-idle-land-2012.toml")
    found = lu.compare(
        run_of([{"id": "甲"}]), run_of([{"id": "甲"}], policies=("cn-luoyang-zones-2011", shorter))
    )
    rows = found.rule_changes.set_index("kind")
    assert rows.at["clause_removed", "clause"] == "2(2)"
    assert "中止开发满一年" in rows.at["clause_removed", "old_value"]
    assert OLD == found.old_as_of == found.as_of
