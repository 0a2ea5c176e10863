"""Scoring asked for in a plan: keys checked, hook projects read, every table filled, sheets in the workbook."""

from __future__ import annotations

import openpyxl
import pytest

import landuse as lu
from landuse.errors import LanduseError, PlanError, RejectedError
from landuse.labels import label
from landuse.reports import write_workbook
from landuse.tables import RUN_TABLES
from tests import small_plan

SCORE = """
[score]
method = "ideal_value"
weights = { fixed_wan_per_mu = 60, tax_wan_per_mu = 40 }
ideals = { fixed_wan_per_mu = 400, tax_wan_per_mu = 10 }
"""
CLASSES = """
[classes]
scheme = "cn-henan-firm-classes-2018-zhengzhou"
method = "mean_normalised"
weights = { tax_wan_per_mu = 1 }
rounding = "half_up"
"""
LEDGER = """项目编号,项目名称,建设单位,宗地编号,产业集聚区,固定资产投资（万元）,年税收（万元）,综合能耗,年产值（万元）,企业规模
X1,甲厂房,甲公司,A,Z1,4500,75,100,900,规上
X2,乙厂房,乙公司,B,Z1,1500,,200,600,规下
"""


def plan(folder, more="", *, hooks=None, ledger=LEDGER):
    text = small_plan.PLAN.replace("[output]", f"{more}\n[output]")
    path = small_plan.write(folder, plan=text, ledger=ledger)
    if hooks is not None:
        (folder / "挂钩.csv").write_text(hooks, encoding="utf-8-sig")
    return path


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        (SCORE.replace("tax_wan_per_mu = 40", "tax_wan_per_muu = 40"), "score.weights", "'tax_wan_per_mu'"),
        (SCORE.replace("fixed_wan_per_mu = 400, ", ""), "score.ideals", "fixed_wan_per_mu"),
        (SCORE.replace("60", "-60"), "score.weights", "-60"),
        (SCORE.replace("= 60", "= 0").replace("= 40 }", "= 0 }", 1), "score.weights", "sum to nothing"),
        (SCORE.replace("ideal_value", "ideal"), "score.method", "ideal_value"),
        ('[score]\nmethod = "min_max"\n', "score.weights", "missing"),
        ('[score]\nmethod = "min_max"\nweights = {}\n', "score.weights", "none are known"),
        ('[score]\nmethod = "min_max"\nweights = { idle_share = 1 }\n', "score.weights", "silent"),
        (SCORE + "caps = 2\n", "score.caps", "cap"),
        (CLASSES.replace("weights = { tax_wan_per_mu = 1 }", ""), "classes.weights", "none are known"),
        (CLASSES.replace('rounding = "half_up"', ""), "classes.rounding", "not known"),
        (CLASSES.replace("zhengzhou", "zhengzho"), "classes.scheme", "zhengzhou"),
        ("[incentive]\nbase_ha = { Z1 = -1 }\n", "incentive.base_ha.Z1", "0"),
    ],
)  # fmt: skip
def test_a_plan_that_asks_for_what_nobody_knows_is_refused(tmp_path, more, key, said):
    with pytest.raises(PlanError) as refused:
        lu.run(plan(tmp_path, more))
    assert refused.value.key == key
    assert said in str(refused.value)
    assert refused.value.file is not None


def test_without_a_score_the_scorecard_is_there_and_no_zone_is_scored(tmp_path):
    result = lu.run(plan(tmp_path))
    assert len(result.zone_scorecards)
    assert not len(result.zone_scores)
    assert not len(result.firm_status)
    assert not len(result.incentives)
    assert result.zone_hooks["hook_reported"].tolist() == ["unknown"]


HOOKS = "集聚区,项目名称,批次,上报日期\n甲集聚区,甲村,2026第一批,2026-03-05\n"


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    law = '"cn-idle-land-2012", "cn-quota-link-2018"'
    more = (
        f'{SCORE}{CLASSES}\n[hook]\npath = "挂钩.csv"\n[incentive]\nbase_ha = {{ Z1 = 12.3456, Z9 = 1.0 }}\n'
    )
    path = plan(tmp_path_factory.mktemp("scored"), more, hooks=HOOKS)
    path.write_text(path.read_text(encoding="utf-8").replace('"cn-idle-land-2012"', law), encoding="utf-8")
    return lu.run(path)


def test_every_table_is_filled_and_keeps_to_its_schema(scored):
    for name in ("zone_scorecards", "zone_score_parts", "zone_scores", "firm_status", "class_counts",
                 "incentives", "zone_hooks", "zone_readiness"):  # fmt: skip
        assert len(RUN_TABLES[name].check(scored.tables[name])), name
    got = scored.zone_scores.loc["Z1"]
    # 30 mu, 6000 wan of fixed assets: 200 of 400; 75 wan on the 15 mu whose tax is known: 5 of 10
    assert got["points_low"] == got["points_high"] == pytest.approx(30.0 + 20.0, rel=1e-3)
    assert scored.zone_hooks.loc["Z1", ["hook_reported", "source_row"]].tolist() == ["yes", 2]
    assert scored.firm_status["holder"].tolist() == ["乙公司", "甲公司"]
    assert set(scored.firm_status["firm_class"]) <= {"B", "undecided"}


def test_tasks_that_nobody_told_of_leave_the_factor_between_its_ends(scored):
    row = scored.incentives.iloc[0]
    assert (row["factor_low"], row["factor_high"]) == (0.8, 1.1)
    assert (row["base_m2"], row["next_quota_m2_low"], row["next_quota_m2_high"]) == (
        123456.0,
        98765.0,
        135802.0,
    )
    kinds = set(scored.issues["kind"])
    assert {"incentive_note", "incentive_zone_not_known"} <= kinds


def test_the_ledger_keeps_rules_and_files(scored):
    book = scored.ledger["scoring"]
    assert book["score"]["weights"] == {"fixed_wan_per_mu": 60, "tax_wan_per_mu": 40}
    assert len(book["classes"]["sha256"]) == 64
    hooks = next(s for s in scored.ledger["inputs"] if s["role"] == "hooks")
    assert (hooks["rows_read"], hooks["accepted"], hooks["path"]) == (1, 1, "挂钩.csv")


def test_the_workbook_has_a_sheet_for_each_and_says_what_is_missing(scored, tmp_path):
    write_workbook(scored, tmp_path / "workbook.xlsx")
    book = openpyxl.load_workbook(tmp_path / "workbook.xlsx")
    keys = ("zone_scorecards", "zone_scores", "zone_score_parts", "firm_status", "class_counts", "incentives",
            "zone_hooks", "zone_readiness")  # fmt: skip
    for key in keys:
        rows = list(book[label("workbook_sheets", key)].iter_rows(values_only=True))
        assert len(rows) > 1, key
        assert len(set(rows[0])) == len(rows[0]), key
    firms = book[label("workbook_sheets", "firm_status")]
    (reason,) = (c for c in firms[1] if c.value == label("columns", "reason"))
    lines = -(-2 * len(firms.cell(2, reason.column).value) // 58)
    assert lines > 1
    assert firms.row_dimensions[2].height >= 14 * lines, "on paper a reason is read whole"
    sizes = list(
        book[label("workbook_sheets", "class_counts")].iter_rows(values_only=True, min_col=2, max_col=2)
    )
    assert [s for (s,) in sizes[1:]] == [label("firm_sizes", "all")] * 3
    header, *rows = book[label("workbook_sheets", "zone_readiness")].iter_rows(values_only=True)
    items = {r[1]: dict(zip(header, r, strict=True)) for r in rows}
    tax = items[label("indicators", "tax_wan_per_mu")]
    assert tax[label("columns", "covered_share")] == pytest.approx(0.5, abs=1e-3)
    assert tax[label("columns", "missing_facts")] == label("indicators", "tax_wan")
    assert tax[label("scores_workbook", "limit")] == label("scores_workbook", "no_limit")
    assert items[label("indicators", "hook_reported")][label("columns", "value_text")] == label(
        "reported", "yes"
    )


def test_a_row_of_the_hook_projects_without_a_zone_is_refused(tmp_path):
    path = plan(tmp_path, '[hook]\npath = "挂钩.csv"\n', hooks=HOOKS + ",乙村,2026第二批,2026-04-01\n")
    with pytest.raises(RejectedError) as refused:
        lu.run(path)
    assert (refused.value.key, refused.value.row) == ("hook", 3)


def test_a_hook_file_without_its_zone_column_is_refused(tmp_path):
    path = plan(tmp_path, '[hook]\npath = "挂钩.csv"\n', hooks="项目名称,批次\n甲村,一\n")
    with pytest.raises(LanduseError):
        lu.run(path)
