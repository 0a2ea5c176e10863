"""Columns of the users' own: cells, headers, refusals, and the way from a file to a verdict."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from landuse.errors import HeaderError, PolicyError
from landuse.io.header.alias_files import own_book
from landuse.io.readers import read_parcels, read_projects, read_zones
from landuse.measuring import measure
from landuse.tables import PARCELS
from landuse.tables.own_facts import OwnFact, own_facts
from tests import small_plan
from tests.rows_by_hand import AS_OF, linked, pair, parcels_of, projects_of, zones_of
from tests.unit.foreign_tables import read
from tests.unit.vector_files import parcels, write

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "own_facts" / "cells.toml"
CASES = [
    pytest.param(case, cell, id=f"{case['name']}: {cell['raw']!r}")
    for case in tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["fact"]
    for cell in case["cells"]
]
UNKNOWN = "不详"


def fact(name="power_kwh", kind="number", columns=("年用电量",), *, subject="parcel", unit="", **more):
    if kind == "number" and not unit:
        unit = "kWh"
    return OwnFact(name, subject, kind, tuple(columns), "年用电量", unit, **more)


def own(*facts):
    return own_book([], facts)


@pytest.mark.parametrize(("case", "cell"), CASES)
def test_cell(case, cell):
    said = case["declare"]
    declared = OwnFact(
        said["name"],
        "parcel",
        said["type"],
        tuple(said["columns"]),
        case["name"],
        said.get("unit", ""),
        said.get("per"),
        tuple(said.get("values", ())),
    )
    found = read({case.get("header", declared.columns[0]): [cell["raw"]]}, book=own(declared))
    name, row = declared.name, found.frame.iloc[0]
    if declared.type == "number":
        ends = (row[f"{name}_low"], row[f"{name}_high"])
        if cell["value"] == UNKNOWN:
            assert all(map(math.isnan, ends))
        else:
            assert ends == tuple(cell["value"])
    elif cell["value"] == UNKNOWN:
        assert pd.isna(row[name])
    else:
        value = cell["value"]
        assert row[name] == (pd.Timestamp(value) if declared.type == "date" else value)
    if declared.type == "date":
        assert (row[f"{name}_period"] == cell.get("period")) or pd.isna(row[f"{name}_period"])
        assert pd.isna(row[f"{name}_period"]) != ("period" in cell)
    issues = [i for i in found.issues if i["kind"] != "header_unused"]
    assert [i["kind"] for i in issues] == ([cell["issue"]] if "issue" in cell else [])
    assert not found.rejected
    if issues:
        assert (issues[0]["row"], issues[0]["raw"]) == (2, str(cell["raw"]))


# headers


@pytest.mark.parametrize(
    "header",
    ["年用电量", "用电量", "年用电量(kWh)", "年用电量（千瓦时）", "年用电量（单位：度）", "年用电量_kwh", "年用电量千瓦时",
     "能耗 > 年用电量", "年用电量（2025年）", " 年 用 电 量 *", "power_kwh"],
)  # fmt: skip
def test_headers_of_a_fact(header):
    found = read({header: [5]}, book=own(fact(columns=("年用电量", "用电量"))))
    assert found.frame["power_kwh_low"].tolist() == [5.0]


@pytest.mark.parametrize("header", ["年用电量(MWh)", "年用电量（兆瓦时）", "年用电量（含自备电）"])
def test_a_bracket_that_may_be_another_unit_is_refused(header):
    with pytest.raises(HeaderError, match="another unit") as caught:
        read({header: [5]}, book=own(fact()))
    assert caught.value.file == "某表.xlsx"
    assert caught.value.key == header
    whole = fact(columns=("年用电量", header))  # the policy gives the very header
    assert read({header: [5]}, book=own(whole)).frame["power_kwh_low"].tolist() == [5.0]


def test_a_plan_may_name_the_column():
    found = read({"电表读数": [5]}, columns={"电表读数": "power_kwh"}, book=own(fact()))
    assert found.frame["power_kwh_high"].tolist() == [5.0]
    with pytest.raises(HeaderError, match="no column of parcels"):
        read({"电表读数": [5]}, columns={"电表读数": "power_kwh"})


def test_a_fact_wins_over_headers_that_are_of_no_use():
    assert read({"亩均税收": ["A"]}).frame.columns.tolist() == [*read({}).frame.columns]
    mine = fact("mu_tax", "text", ("亩均税收",))
    found = read({"亩均税收": ["好"]}, book=own(mine))
    assert found.frame["mu_tax"].tolist() == ["好"]
    assert not found.issues


def test_a_header_of_the_house_is_refused(tmp_path):
    path = write(parcels(), tmp_path / "宗地.gpkg")
    with pytest.raises(HeaderError, match=r"土地用途.*land_use.*my_use") as caught:
        read_parcels(path, facts=[fact("my_use", "text", ("土地用途",))])
    assert caught.value.file == str(path)
    assert "my_use" in caught.value.remedy


def test_two_facts_of_one_header_and_two_headers_of_one_fact_are_refused():
    with pytest.raises(HeaderError, match="power_kwh"):
        read({"年用电量": [1]}, book=own(fact(), fact("other", columns=("年用电量",))))
    with pytest.raises(HeaderError, match="two headers"):
        read({"年用电量": [1], "用电量": [2]}, book=own(fact(columns=("年用电量", "用电量"))))


def test_a_header_very_like_one_of_a_fact_is_refused():
    with pytest.raises(HeaderError, match="very like"):
        read({"上年用电量": [1]}, book=own(fact()))


def test_facts_of_another_subject_do_not_count():
    found = read({"年用电量": [1]}, book=own(fact(subject="zone")))
    assert [i["kind"] for i in found.issues] == ["header_unused"]


def test_an_absent_column_is_unknown_and_said():
    found = read({"宗地代码": ["A"]}, book=own(fact(), fact("graded", "text", ("企业类别",))))
    assert found.frame[["power_kwh_low", "power_kwh_high", "graded"]].isna().all(axis=None)
    said = {i["field"]: i["message"] for i in found.issues if i["kind"] == "own_fact_absent"}
    assert set(said) == {"power_kwh", "graded"}
    assert "企业类别" in said["graded"]


def test_policies_that_declare_one_fact():
    both = own_facts([fact(columns=("年用电量",)), fact(columns=("用电量", "年用电量"))])
    assert [f.columns for f in both] == [("年用电量", "用电量")]
    with pytest.raises(PolicyError, match="not alike"):
        own_facts([fact(unit="kWh"), fact(unit="吨")])


# files


def test_a_gbk_shapefile_whose_names_are_cut(tmp_path):
    table = parcels(**{"全年用电总量": ["1.5万度", "约3000"], "企业类别": ["A类", "X"]})
    path = tmp_path / "宗地.shp"
    table.rename(columns={"宗地代码": "ZDDM", "全年用电总量": "全年用电总"}).to_file(path, encoding="gbk")
    facts = [
        fact(columns=("全年用电总量",)),
        fact("graded", "text", ("企业类别",), values=("A类", "B类")),
        fact("checked_on", "date", ("核查日期",)),
    ]
    reading = read_parcels(path, facts=facts)
    assert reading.table["power_kwh_low"].tolist() == [15000, 2700]
    assert reading.table["graded"].iloc[0] == "A类"
    assert reading.table["graded"].isna().tolist() == [False, True]
    assert str(reading.table["checked_on"].dtype) == "datetime64[us]"
    cut = reading.issues[reading.issues["kind"] == "header_cut"]
    assert cut["raw"].tolist() == ["全年用电总"]
    PARCELS.check(reading.table)


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook(tmp_path):
    rows = [
        ["集聚区项目用电台账"],
        ["项目编号", "项目名称", "总投资（万元）", "年用电量（万千瓦时）", "是否上云"],
        ["X1", "甲", 6000, 12.5, "是"],
        ["X2", "乙", 4000, "约20", "否"],
    ]
    facts = [
        fact(subject="project"),
        fact("on_scale", "flag", ("是否上云",), subject="project"),
        fact("elsewhere", "flag", ("是否上云",), subject="zone"),
    ]
    reading = read_projects(workbook(tmp_path / "台账.xlsx", rows), facts=facts)
    assert reading.table["power_kwh_low"].tolist() == [125_000, 180_000]
    assert reading.table["power_kwh_high"].tolist() == [125_000, 220_000]
    assert reading.table["on_scale"].tolist() == [True, False]
    assert "elsewhere" not in reading.table


def test_a_survey_file_has_no_columns_of_ones_own(tmp_path):
    text = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=37\n计量单位=米\n[地块坐标]\n4,1,A1,甲,面,,,,@\n"
    points = [(3_833_000, 0), (3_833_100, 0), (3_833_100, 100), (3_833_000, 100)]
    text += "".join(f"J{n + 1},1,{x},{37_632_000 + y}\n" for n, (x, y) in enumerate(points))
    (tmp_path / "a.txt").write_text(text, encoding="gbk")
    reading = read_parcels(tmp_path / "a.txt", facts=[fact()])
    assert reading.table["power_kwh_low"].isna().all()
    assert "own_fact_absent" in set(reading.issues["kind"])


def test_our_own_table_comes_back(tmp_path):
    facts = [fact(), fact("checked_on", "date", ("核查日期",)), fact("graded", "text", ("企业类别",))]
    table = parcels(
        **{
            "年用电量": ["约1万度", "5万以上"],
            "核查日期": ["2025年3月", "2024-02-29"],
            "企业类别": ["A", None],
        }
    )
    first = read_parcels(write(table, tmp_path / "a.gpkg"), facts=facts).table
    first.reset_index().to_parquet(tmp_path / "b.parquet")
    again = read_parcels(tmp_path / "b.parquet", facts=facts).table
    mine = ["power_kwh_low", "power_kwh_high", "checked_on", "checked_on_period", "graded"]
    pd.testing.assert_frame_equal(again[mine], first[mine])


# facts

MU = 2000 / 3
ZONES = [{"id": "E", "name": "东区", "class": "urban", "slots": [0, 1]}]


def test_facts_of_parcels_are_taken_over_or_taken_over_land():
    table = parcels_of([{"id": "A1", "mu": 30}, {"id": "A2", "mu": 10}])
    table = table.assign(
        power_kwh_low=[3000.0, math.nan],
        power_kwh_high=[6000.0, math.nan],
        heat_low=[5.0, 6.0],
        heat_high=[5.0, 6.0],
        on_scale=pd.array([True, None], dtype="boolean"),
    )
    facts = [fact(per="mu"), fact("heat"), fact("on_scale", "flag"), fact("never", "date")]
    found = measure(
        table, projects_of([]), linked(table, projects_of([])), as_of=AS_OF, area="stated", own_facts=facts
    ).parcels
    assert pair(found, "A1", "power_kwh") == pytest.approx((100, 200))
    assert pair(found, "A1", "power_kwh_total") == (3000, 6000)
    assert all(map(math.isnan, pair(found, "A2", "power_kwh")))
    assert pair(found, "A2", "heat") == (6, 6)
    assert found["on_scale"].tolist() == [True, pd.NA]
    assert found[["never", "never_period"]].isna().all(axis=None)


def per_mu(low, high, corrections=()):
    """Project P1 (30 mu) with P2 on the same parcel where corrections put it there."""
    table = parcels_of([{"id": "A1", "mu": 30}])
    projects = projects_of([{"id": "P1", "refs": ["A1"]}, {"id": "P2", "refs": [r[0] for r in corrections]}])
    projects = projects.assign(power_kwh_low=low, power_kwh_high=high)
    facts = [fact(subject="project", per="mu")]
    return measure(
        table, projects, linked(table, projects), as_of=AS_OF, area="stated", own_facts=facts
    ).projects


def test_facts_of_projects_over_their_land():
    found = per_mu([3000.0, 1.0], [3000.0, 1.0])
    assert pair(found, "P1", "power_kwh") == pytest.approx((100, 100))
    assert all(map(math.isnan, pair(found, "P2", "power_kwh")))  # no land
    assert pair(found, "P2", "power_kwh_total") == (1, 1)


def test_on_a_joint_site_the_figure_is_that_of_all_its_projects():
    found = per_mu([3000.0, 600.0], [3000.0, 900.0], corrections=[["A1"]])
    assert found["land_basis"].tolist() == ["joint", "joint"]
    assert pair(found, "P1", "power_kwh") == pair(found, "P2", "power_kwh") == pytest.approx((120, 130))
    lacking = per_mu([3000.0, math.nan], [3000.0, math.nan], corrections=[["A1"]])
    assert all(map(math.isnan, pair(lacking, "P1", "power_kwh")))


def test_facts_of_zones():
    table, zones = parcels_of([{"id": "A1", "mu": 30, "slot": 0}]), zones_of(ZONES)
    zones = zones.assign(power_kwh_low=[9e6], power_kwh_high=[9e6], level=pd.array(["省级"], dtype="str"))
    facts = [fact(subject="zone", per="mu"), fact("level", "text", subject="zone")]
    found = measure(
        table, projects_of([]), linked(table, projects_of([])), zones=zones, as_of=AS_OF, own_facts=facts
    ).zones
    assert found.at["E", "level"] == "省级"
    mu = found.at["E", "area_m2"] / MU
    assert pair(found, "E", "power_kwh") == pytest.approx((9e6 / mu, 9e6 / mu), rel=1e-12)
    bare = measure(
        table.assign(zone_id="E"),
        projects_of([]),
        linked(table, projects_of([])),
        as_of=AS_OF,
        own_facts=facts,
    ).zones
    assert bare[["level", "power_kwh_low"]].isna().all(axis=None)


def test_zones_are_read_with_facts(tmp_path):
    zone = gpd.GeoDataFrame(
        {"集聚区编号": ["Z1"], "级别": ["省级"]}, geometry=[small_plan.square(0, 0)], crs="EPSG:4525"
    )
    zone.to_file(tmp_path / "z.gpkg")
    found = read_zones(tmp_path / "z.gpkg", facts=[fact("level", "text", ("级别",), subject="zone")])
    assert found.table["level"].tolist() == ["省级"]
