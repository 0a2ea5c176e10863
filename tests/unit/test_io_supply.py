"""The land-supply ledger (供地结果): the real one, and every oddity of its kind."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import landuse as lu
from landuse.tables import PROJECTS

FARS = ("plot_ratio_minimum", "plot_ratio_maximum")
DATES = {
    "time4handover_plan": "handover_due",
    "time4commencement_plan": "start_due",
    "time4completion_plan": "finish_due",
    "date4sign": "signed_on",
}


@pytest.fixture(scope="module")
def real(shared_data):
    """The file, its rows as the csv module has them, and our reading."""
    path = shared_data / "land_supply" / "landchina_results_1-80.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return rows, lu.read_projects(path)


def lines(rows, test) -> list[int]:
    """The lines on which a test holds; the file has no line breaks within cells."""
    return [i for i, row in enumerate(rows, 2) if test(row)]


def said(reading, kind: str, field: str | None = None) -> list[int]:
    issues = reading.issues[reading.issues["kind"] == kind]
    if field is not None:
        issues = issues[issues["field"] == field]
    return sorted(int(r) for r in issues["row"])


def ratio(row, column: str) -> float | None:
    return float(row[column]) if row[column].strip() else None


def crossed(row) -> bool:
    low, high = (ratio(row, c) for c in FARS)
    return low is not None and high is not None and low > high


def test_all_eighty_rows_come_through(real):
    rows, reading = real
    table = PROJECTS.check(reading.table)
    assert len(rows) == len(table) == 80
    assert len(reading.rejected) == 0
    assert (reading.sources[0].rows_read, reading.sources[0].role) == (80, "projects")
    assert table.index.tolist() == [r["idnumber"] for r in rows]
    assert table["contract_no"].tolist() == [r["idnumber"] for r in rows]
    assert table["name"].tolist() == [r["name"].strip() for r in rows]
    assert table["holder"].fillna("").tolist() == [r["holder"].strip() for r in rows]
    for ours, theirs in {
        "district": "district", "location": "location", "land_source": "source", "supply_mode": "supply",
        "tenure": "duration", "land_grade": "grade", "industry_code": "industry", "approved_by": "approvedby",
    }.items():  # fmt: skip
        assert table[ours].fillna("").tolist() == [r[theirs].strip() for r in rows], ours


def test_its_figures_and_days_are_those_of_the_file(real):
    rows, reading = real
    table = reading.table
    hectares = [float(r["area"]) for r in rows]
    assert table["supplied_m2_low"].tolist() == pytest.approx([h * 10_000 for h in hectares])
    assert table["supplied_m2_high"].equals(table["supplied_m2_low"].rename("supplied_m2_high"))
    prices = [float(r["price"]) if r["price"].strip() else math.nan for r in rows]
    assert table["price_wan_low"].tolist() == pytest.approx(prices, nan_ok=True)
    for theirs, ours in DATES.items():
        expected = [
            pd.Timestamp(
                *(int(p) for p in r[theirs].replace("年", " ").replace("月", " ").rstrip("日").split())
            )
            if r[theirs].strip()
            else pd.NaT
            for r in rows
        ]
        assert table[ours].tolist() == expected, ours


def test_it_says_that_it_holds_no_investment_and_asks_for_no_land(real):
    _, reading = real
    assert len(reading.issues[reading.issues["kind"] == "supply_ledger"]) == 1
    for column in ("total_invest_wan_low", "fixed_invest_wan_low", "requested_m2_low"):
        assert reading.table[column].isna().all()


@pytest.mark.parametrize("column", FARS)
def test_ratios_of_zero_are_in_issues_and_not_in_facts(real, column):
    rows, reading = real
    expected = lines(rows, lambda r: ratio(r, column) == 0)
    assert expected
    assert said(reading, "far_zero", column) == expected


@pytest.mark.parametrize("column", FARS)
def test_ratios_out_of_reason_are_in_issues_and_not_in_facts(real, column):
    rows, reading = real
    expected = lines(rows, lambda r: ratio(r, column) is not None and 0 < ratio(r, column) < 0.1)
    assert expected == said(reading, "far_implausible", column)
    assert bool(expected) == (column == "plot_ratio_maximum")
    assert {r[column] for r in rows if ratio(r, column) is not None and 0 < ratio(r, column) < 0.1} <= {
        "0.02",
        "0.05",
    }


@pytest.mark.parametrize("column", FARS)
def test_blank_ratios_are_in_issues(real, column):
    rows, reading = real
    expected = lines(rows, lambda r: not r[column].strip())
    assert expected
    assert said(reading, "far_blank", column) == expected


def test_a_lower_limit_above_the_upper_makes_both_unknown(real):
    rows, reading = real
    expected = lines(rows, crossed)
    assert expected
    assert said(reading, "far_crossed") == expected


def test_the_facts_hold_only_ratios_that_a_contract_can_mean(real):
    rows, reading = real
    for column, ours in zip(FARS, ("far_min", "far_max"), strict=True):
        good = [
            ratio(r, column)
            if ratio(r, column) is not None and ratio(r, column) >= 0.1 and not crossed(r)
            else math.nan
            for r in rows
        ]
        assert reading.table[ours].tolist() == pytest.approx(good, nan_ok=True)
        assert any(not math.isnan(v) for v in good)


def test_stray_spaces_are_in_issues_and_not_in_facts(real):
    rows, reading = real
    used = [
        "name",
        "location",
        "source",
        "use",
        "supply",
        "duration",
        "industry",
        "grade",
        "holder",
        "approvedby",
    ]
    for column in used:
        expected = lines(rows, lambda r, c=column: bool(r[c].strip()) and r[c] != r[c].strip())
        assert said(reading, "stray_spaces", column) == expected
    assert said(reading, "stray_spaces", "holder")
    blank = lines(rows, lambda r: r["time4completion_reality"] == " ")
    assert len(blank) == 80
    assert said(reading, "blank_spaces", "time4completion_reality") == blank
    assert reading.table["finished_on"].isna().all()


def test_a_land_use_code_in_the_place_of_a_name(real):
    rows, reading = real
    expected = lines(rows, lambda r: r["use"].strip().isdigit())
    assert said(reading, "land_use_code", "use") == expected
    assert [rows[i - 2]["use"] for i in expected] == ["0601"]
    uses = [r["use"].strip() for r in rows]
    assert reading.table["land_use"].tolist() == ["工业用地" if u == "0601" else u for u in uses]


def test_placeholder_dates_are_counted_the_same(real):
    rows, reading = real
    placed = [r for r in rows if any(r[c].strip().startswith(("1900", "9999")) for c in DATES)]
    assert len(reading.issues[reading.issues["kind"] == "placeholder_date"]) == len(placed)


def test_every_issue_names_what_stands_in_the_file(real):
    rows, reading = real
    for i in reading.issues.dropna(subset=["row", "raw"]).itertuples():
        assert rows[int(i.row) - 2][i.field].strip() == i.raw.strip()


# spellings and quirks of DOMAIN-like files that we make ourselves

PAGE = [
    "行政区", "电子监管号", "项目名称", "项目位置", "\u00a0面积(公顷)\u00a0", "土地来源", "土地用途", "供地方式", "土地使用年", "行业分类", "土地级别",
    "成交价格(万元", "土地使用权人", "约定容积率下限", "约定容积率上限", "约定交地时间", "约定开工时间", "约定竣工时间", "实际开工时间", "实际竣工时间", "批准单位", "合同签定日期",
]  # fmt: skip
ROW = [
    "洛龙区", "4103112018B00011", "甲厂", "某路", "1.5", "1.5", "工业用地", "挂牌出让", "50", "通用设备制造业", "一级", "900", "甲公司", "0.8", "1.5",
    "2019-01-01", "2019年3月", "1900-01-01", "1900年01月01日", "--", "洛阳市人民政府", "2018/12/31",
]  # fmt: skip


def page(folder: Path, *rows: list[str], head: list[str] = PAGE) -> Path:
    path = folder / "供地结果.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    return path


def test_the_headers_of_the_web_page(tmp_path):
    other = [*ROW]
    other[1], other[5], third = "4103112018B00012", "0", [*ROW]
    third[1], third[5] = "4103112018B00013", "0.7"
    reading = lu.read_projects(page(tmp_path, ROW, other, third))
    row = reading.table.iloc[0]
    assert (row.supplied_m2_low, row.price_wan_low, row.far_min, row.far_max) == (15_000.0, 900.0, 0.8, 1.5)
    assert row.signed_on == pd.Timestamp(2018, 12, 31)
    assert row.handover_due == pd.Timestamp(2019, 1, 1)
    assert (row.start_due, row.start_due_period) == (pd.NaT, "2019-03")
    assert pd.isna(row.finish_due)
    assert pd.isna(row.started_on)
    assert pd.isna(row.finished_on)
    assert sorted(set(reading.issues.loc[reading.issues["kind"] == "placeholder_date", "raw"])) == [
        "1900-01-01", "1900年01月01日",
    ]  # fmt: skip
    assert (row.tenure, row.land_grade, row.district) == ("50", "一级", "洛龙区")
    assert reading.table["land_source"].tolist() == [
        "现有建设用地",
        "新增建设用地",
        "新增建设用地(来自存量库)",
    ]
    assert said(reading, "land_source_number") == [2, 3, 4]


def test_the_fields_of_the_interface_with_moments_in_milliseconds(tmp_path):
    head = ["gdGuid", "xmMc", "xzqFullName", "tdZl", "relate[0].mj", "tdLy", "tdYt", "gyFs", "crNx", "hyFl", "tdJb", "je",
            "srr", "minRjl", "maxRjl", "jdSj", "dgSj", "jgSj", "qdRq", "pzJg", "dzBaBh", "bh"]  # fmt: skip
    row = ["g1", "甲厂", "河南省洛阳市", "某路", "1.5", "现有建设用地", "工业用地", "挂牌出让", "50", "汽车制造", "一级", "900", "甲公司",
           "0.8", "1.5", "1546272000000", "1551369600000", "--", "1546185600000", "某府", "4103112018B00011", "洛-2018-1"]  # fmt: skip
    table = lu.read_projects(page(tmp_path, row, head=head)).table
    one = table.iloc[0]
    assert (one.name, one["name"], one.contract_no) == ("4103112018B00011", "甲厂", "洛-2018-1")
    assert (one.supplied_m2_low, one.price_wan_low) == (15_000.0, 900.0)
    days = [one[c].date() for c in ("handover_due", "start_due", "signed_on")]
    assert days == [date(2019, 1, 1), date(2019, 3, 1), date(2018, 12, 31)]
    assert pd.isna(one.finish_due)


def test_limits_that_are_mostly_crossed_hint_at_swapped_columns(tmp_path):
    swapped = [[*ROW] for _ in range(3)]
    for number, row in enumerate(swapped):
        row[1], row[13], row[14] = f"4103112018B0001{number}", "2.0", "1.0"
    reading = lu.read_projects(page(tmp_path, *swapped))
    assert said(reading, "far_crossed") == [2, 3, 4]
    assert len(reading.issues[reading.issues["kind"] == "far_maybe_swapped"]) == 1
    assert reading.table[["far_min", "far_max"]].isna().all().all()


@pytest.mark.parametrize(
    ("code", "name"), [("061", "工业用地"), ("1003", "公路用地"), ("0604", None), ("99", None)]
)
def test_land_use_codes_are_names_only_where_that_is_sure(tmp_path, code, name):
    row = [*ROW]
    row[6] = code
    reading = lu.read_projects(page(tmp_path, row))
    found = reading.table["land_use"].iloc[0]
    assert (found == name) if name else pd.isna(found)
    assert said(reading, "land_use_code" if name else "land_use_code_unknown") == [2]


def test_an_investment_ledger_with_supply_columns_stays_one(tmp_path):
    head = [
        "项目编号",
        "项目名称",
        "总投资（万元）",
        "供地方式",
        "成交价格（万元）",
        "约定容积率下限",
        "约定容积率上限",
        "约定开工时间",
        "电子监管号",
    ]
    path = page(
        tmp_path,
        ["P1", "甲厂", "5000", "挂牌出让", "900", "0.00", "1.5", "2019-01-01", "4103112018B00011"],
        head=head,
    )
    reading = lu.read_projects(path)
    one = reading.table.iloc[0]
    assert (one.name, one.total_invest_wan_low, one.price_wan_low, one.far_max) == ("P1", 5000.0, 900.0, 1.5)
    assert one.parcel_refs == ["4103112018B00011"]
    assert said(reading, "far_zero") == [2]
    assert pd.isna(one.far_min)
    assert said(reading, "far_blank") == []


def test_a_list_without_investment_and_without_supply_is_still_refused(tmp_path):
    with pytest.raises(lu.LanduseError, match="total_invest_wan"):
        lu.read_projects(page(tmp_path, ["P1", "甲厂", "1.5"], head=["项目编号", "项目名称", "面积（公顷）"]))


def test_supply_contracts_run_in_a_plan_beside_parcels(tmp_path):
    import geopandas as gpd
    import shapely

    page(tmp_path, ROW)
    land = gpd.GeoDataFrame(
        {"宗地代码": ["410311001001GB00001"], "土地用途": ["工业用地"]},
        geometry=[shapely.box(37630000, 3833000, 37630100, 3833150)],
        crs="EPSG:4525",
    )
    land.to_file(tmp_path / "宗地.gpkg")
    zone = gpd.GeoDataFrame(
        {"园区编号": ["Z1"], "园区名称": ["甲区"], "类别": ["市区"]},
        geometry=[shapely.box(37629000, 3832000, 37631000, 3834000)],
        crs="EPSG:4525",
    )
    zone.to_file(tmp_path / "zones.gpkg")
    plan = {
        "title": "t", "as_of": "2026-06-30", "policies": ["cn-luoyang-zones-2011"],
        "parcels": [{"path": str(tmp_path / "宗地.gpkg")}], "projects": [{"path": str(tmp_path / "供地结果.csv")}],
        "zones": [{"path": str(tmp_path / "zones.gpkg")}],
    }  # fmt: skip
    result = lu.run(plan)
    assert result.tables["project_facts"]["asking"].fillna(False).tolist() == [False]
    assert set(result.tables["project_status"]["verdict"]) == {"undecided"}
