"""From a copy of a shipped template, filled in, to the verdicts of a run; and shipped policies over users' columns."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

import landuse as lu
from landuse.errors import PolicyError
from landuse.policy import write_copy
from tests.policy_cases import filled_copy
from tests.small_plan import E0, N0, square

PLAN = """title = "三宗地"
as_of = 2026-06-30
policies = ["{policy}"]

[[parcels]]
path = "宗地.gpkg"

[[projects]]
path = "项目.csv"

[[zones]]
path = "集聚区.gpkg"

[output]
map = false
workbook = false
"""
LAND = {
    "宗地编号": ["A", "B", "C"],
    "权属性质": ["国有"] * 3,
    "实际竣工日期": ["2020-05-01"] * 3,
    "建筑面积（平方米）": ["12000", "7000", "12000"],
    "约定容积率下限": ["1.0"] * 3,
    "建筑系数": ["45%", "45", ""],
}
LEDGER = """项目编号,宗地编号,行业代码,行业分类标准年份,固定资产投资（万元）,年产值（万元）,年税收（万元）,是否工业项目,土地等别,设计容积率,建筑系数（%）,行政办公及生活服务设施用地比重,绿地率
P1,A,C36,2002,4000,9000,300,是,五等,1.2,45,6,15
P2,B,C36,2002,4000,9000,300,是,五等,0.7,45,7,20
P3,C,C36,2002,4000,9000,300,否,五等,0.1,,6,15
P4,,C36,2002,2000,,,是,五等,0.9,29.9,6,15
"""


def run(folder, policy):
    """Three parcels of 15 mu in a zone inside the urban area, four projects; all but the last have a parcel."""
    land = gpd.GeoDataFrame(LAND, geometry=[square(i, 0) for i in range(3)], crs="EPSG:4525")
    land.to_file(folder / "宗地.gpkg", layer="宗地")
    box = shapely.box(E0 - 1000, N0 - 1000, E0 + 1000, N0 + 1000)
    zones = {
        "集聚区编号": ["Z1", "Z2", "Z3"],
        "类别": ["市区"] * 3,
        "批而未供处置任务完成": ["是", "是", ""],
        "闲置土地处置任务完成": ["是", "否", "是"],
    }
    shapes = [box, shapely.affinity.translate(box, 9000), shapely.affinity.translate(box, 18000)]
    gpd.GeoDataFrame(zones, geometry=shapes, crs="EPSG:4525").to_file(folder / "集聚区.gpkg", layer="集聚区")
    (folder / "项目.csv").write_text(LEDGER, encoding="utf-8-sig")
    plan = folder / "plan.toml"
    plan.write_text(PLAN.format(policy=policy), encoding="utf-8")
    return lu.run(plan)


def verdicts(result, subject):
    status = result.tables[f"{subject}_status"].set_index("subject_id")
    return {name: (row["verdict"], row["clause"]) for name, row in status.iterrows()}


def test_underused_land_by_a_copy_that_was_filled_in(tmp_path):
    """A fits everything but the imagery, which there is none of; B is below its agreed ratio; C lacks a figure."""
    filled_copy("underused", tmp_path)
    found = verdicts(run(tmp_path, "underused-template.toml"), "parcel")
    assert found == {
        "A": ("undecided", "built_share"),
        "B": ("underused", "far"),
        "C": ("undecided", "coefficient"),
    }


def test_clauses_that_are_not_used_are_taken_out(tmp_path):
    path = filled_copy("underused", tmp_path)
    whole = path.read_text(encoding="utf-8")
    head, *clauses = whole.split("[[clause]]")
    kept = [c for c in clauses if 'id = "built_share"' not in c]
    assert len(kept) == len(clauses) - 1
    path.write_text("[[clause]]".join([head, *kept]), encoding="utf-8")
    found = verdicts(run(tmp_path, "underused-template.toml"), "parcel")
    assert found["A"] == ("in_use", "none_held")


def test_a_copy_that_was_not_filled_in_is_refused(tmp_path):
    write_copy("underused-template", tmp_path)
    with pytest.raises(PolicyError, match=r"clause\[tax\]"):
        run(tmp_path, "underused-template.toml")


def test_control_indicators_by_a_table_that_was_filled_in(tmp_path):
    """P1 and P2 fit, P2 just so; P3 is no industrial project; P4 stands on no land, and is built too thinly.

    The table is saved as Excel does on a Chinese Windows.
    """
    sheet = filled_copy("control_2008", tmp_path).with_suffix(".csv")
    sheet.write_bytes(sheet.read_text(encoding="utf-8-sig").replace("\n", "\r\n").encode("gbk"))
    result = run(tmp_path, "cn-control-indicators-2008.toml")
    assert verdicts(result, "project") == {
        "P1": ("separate_land", "none_held"),
        "P2": ("separate_land", "none_held"),
        "P3": ("out_of_scope", "none_held"),
        "P4": ("no_separate_land", "coefficient"),
    }
    status = result.tables["project_status"].set_index("subject_id")
    assert status["borderline"].to_dict() == {"P1": False, "P2": True, "P3": False, "P4": False}
    assert status["outcome"].isna().all()  # of P4 it may be that of the intensity, which is not known
    assert "建筑系数" in status.at["P4", "reason"]


def test_the_factors_of_zones(tmp_path):
    result = run(tmp_path, "cn-quota-link-2018")
    assert verdicts(result, "zone") == {
        "Z1": ("met", "both"),
        "Z2": ("not_met", "missed"),
        "Z3": ("undecided", "missed"),
    }
    factors = result.tables["zone_status"].set_index("subject_id")["quota_factor"]
    assert factors.dropna().to_dict() == {"Z1": 1.1, "Z2": 0.8}
