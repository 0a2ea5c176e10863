"""The review workbook: written, filled in, and read back as corrections; the accounts beside it."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landuse as lu
from landuse.errors import LinkError, PlanError
from landuse.kernels.remainders import split_whole
from landuse.reports import write_review
from tests.rows_by_hand import CRS, linked, measured, parcels_of, projects_of, rectangle, zones_of

PLAN = """
as_of = 2026-06-30
[[parcels]]
path = "宗地.gpkg"
[[projects]]
path = "台账.xlsx"
[output]
map = false
workbook = false
"""
HENGTAI, JINKE, XINYUAN = "洛阳恒泰机械有限公司", "洛阳金科电子有限公司", "洛阳鑫源建材有限公司"


@pytest.fixture
def folder(tmp_path):
    """P1 names the parcel of another company (A4) while its own is A1; P2 has a name only; P3 is plain."""
    land = gpd.GeoDataFrame(
        {"宗地代码": ["A1", "A2", "A4"], "权利人": [HENGTAI, XINYUAN, JINKE]},
        geometry=[rectangle([x, 0, 200, 100]) for x in (0, 300, 600)],
        crs=CRS,
    )
    land.to_file(tmp_path / "宗地.gpkg")
    ledger = {
        "项目编号": ["P1", "P2", "P3"],
        "项目名称": ["轴承", "=1+1", "芯片"],
        "建设单位": [HENGTAI, XINYUAN, JINKE],
        "宗地代码": ["A4", "", "A4"],
        "总投资（万元）": [1000.01, 2000, 3000],
        "固定资产投资（万元）": [900, 1500, 2500],
    }
    pd.DataFrame(ledger).to_excel(tmp_path / "台账.xlsx", index=False)
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def fill(source, target, words):
    """Write decisions, and shares, into the two columns that are to be filled in."""
    book = openpyxl.load_workbook(source)
    sheet = book.active
    heads = {cell.value: cell.column - 1 for cell in sheet[1]}
    for row in sheet.iter_rows(min_row=2):
        word, share = words.get((row[heads["项目编号"]].value, row[heads["宗地编号"]].value), (None, None))
        if word:
            row[heads["决定"]].value = word
            row[heads["份额"]].value = share
    book.save(target)


def with_review(folder):
    (folder / "plan.toml").write_text(PLAN + '[corrections]\npath = "review.xlsx"\n', encoding="utf-8")


def decisions(result):
    rows = result.link_review[["project_id", "parcel_id", "decision"]].itertuples(index=False)
    return {(r.project_id, r.parcel_id): r.decision for r in rows}


def test_a_run_writes_the_workbook_and_reads_it_back(folder):
    first = lu.run(folder / "plan.toml")
    lu.save(first, folder / "out")
    assert first.links[["project_id", "parcel_id"]].values.tolist() == [["P3", "A4"]]
    assert dict(zip(first.unlinked["project_id"], first.unlinked["reason"], strict=True)) == {
        "P1": "for_review",
        "P2": "for_review",
    }
    assert decisions(first) == {("P1", "A1"): "open", ("P1", "A4"): "open", ("P2", "A2"): "open"}
    words = {("P1", "A1"): ("是", None), ("P1", "A4"): ("是", 0.25), ("P2", "A2"): ("否", None)}
    fill(folder / "out" / "review.xlsx", folder / "review.xlsx", words)
    with_review(folder)
    second = lu.run(folder / "plan.toml")
    lu.save(second, folder / "out")
    shares = {(r.project_id, r.parcel_id): (r.share, r.method) for r in second.links.itertuples()}
    assert shares == {
        ("P1", "A1"): (0.75, "correction"),
        ("P1", "A4"): (0.25, "correction"),
        ("P3", "A4"): (1.0, "code"),
    }
    assert second.unlinked[["project_id", "reason"]].values.tolist() == [["P2", "decided_no"]]
    assert decisions(second) == {("P1", "A1"): "yes", ("P1", "A4"): "yes", ("P2", "A2"): "no"}
    assert not (folder / "out" / "review.xlsx").exists()
    write_review(second, folder / "review.xlsx")
    third = lu.run(folder / "plan.toml")
    pd.testing.assert_frame_equal(third.links, second.links)
    pd.testing.assert_frame_equal(third.link_review, second.link_review)


def test_an_empty_answer_changes_nothing(folder):
    first = lu.run(folder / "plan.toml")
    write_review(first, folder / "review.xlsx")
    with_review(folder)
    second = lu.run(folder / "plan.toml")
    for table in ("links", "link_review", "unlinked", "project_facts"):
        pd.testing.assert_frame_equal(second.tables[table], first.tables[table])


def test_the_workbook_asks_in_two_columns_and_has_no_formula(folder):
    result = lu.run(folder / "plan.toml")
    for name in ("one.xlsx", "two.xlsx"):
        write_review(result, folder / name)
    assert (folder / "one.xlsx").read_bytes() == (folder / "two.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(folder / "one.xlsx").active
    heads = [cell.value for cell in sheet[1]]
    rules = {str(r.sqref): (r.type, r.formula1) for r in sheet.data_validations.dataValidation}
    column = "ABCDEFGH"[heads.index("决定")]
    assert rules[f"{column}2:{column}4"] == ("list", '"是,否"')
    column = "ABCDEFGH"[heads.index("份额")]
    assert rules[f"{column}2:{column}4"][0] == "decimal"
    texts = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert texts == []
    reasons = sheet["ABCDEFGHIJ"[heads.index("理由")]]
    assert any("归另一家" in str(c.value) or "另一家单位" in str(c.value) for c in reasons)


def test_an_only_row_is_carried_on(folder):
    (folder / "links.csv").write_text("项目编号,宗地代码\nP2,A4\n", encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN + '[corrections]\npath = "links.csv"\n', encoding="utf-8")
    first = lu.run(folder / "plan.toml")
    assert decisions(first)["P2", "A4"] == "only"
    write_review(first, folder / "review.xlsx")
    with_review(folder)
    second = lu.run(folder / "plan.toml")
    columns = ["project_id", "parcel_id", "share", "method"]
    pd.testing.assert_frame_equal(first.links[columns], second.links[columns])


def test_a_stale_no_is_said_and_a_stale_yes_refused(folder):
    (folder / "links.csv").write_text("项目编号,宗地代码,决定\nP2,Z9,否\n", encoding="utf-8")
    plan = PLAN + '[corrections]\npath = "links.csv"\n'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    kinds = lu.run(folder / "plan.toml").issues["kind"].tolist()
    assert kinds.count("correction_without_object") == 1
    (folder / "links.csv").write_text("项目编号,宗地代码,决定\nP2,Z9,是\n", encoding="utf-8")
    with pytest.raises(LinkError, match=r"row 2.*'Z9'"):
        lu.run(folder / "plan.toml")


def test_what_a_name_may_do_stands_in_the_plan(folder):
    plan = PLAN + '[link]\nnames = "{}"\n'
    methods = {}
    for word in ("link", "off"):
        (folder / "plan.toml").write_text(plan.format(word), encoding="utf-8")
        result = lu.run(folder / "plan.toml")
        methods[word] = dict(zip(result.links["project_id"], result.links["method"], strict=True))
        assert result.ledger["link"]["names"] == word
    assert methods == {"link": {"P2": "name", "P3": "code"}, "off": {"P1": "code", "P3": "code"}}
    (folder / "plan.toml").write_text(plan.format("perhaps"), encoding="utf-8")
    with pytest.raises(PlanError, match=r"link\.names"):
        lu.run(folder / "plan.toml")


def test_the_ledger_accounts_for_every_file(folder, capsys):
    result = lu.run(folder / "plan.toml")
    sources = result.ledger["accounts"]["sources"]
    ledger = sources["projects"]["台账.xlsx"]
    assert {k: ledger[k] for k in ("in", "linked", "unlinked", "multiplied", "for_review")} == {
        "in": 3,
        "linked": 1,
        "unlinked": 2,
        "multiplied": 0,
        "for_review": 2,
    }
    assert ledger["money"]["total_invest_wan_low"] == {
        "read_fen": 6_000_010_000,
        "linked_fen": 3_000_000_000,
        "unlinked_fen": 3_000_010_000,
    }
    land = sources["parcels"]["宗地.gpkg"]
    assert land["money"]["total_invest_wan_low"]["linked_fen"] == 3_000_000_000
    assert land["linked_mu"] + land["unlinked_mu"] == pytest.approx(land["read_mu"])
    lu.save(result, folder / "out")
    told = json.loads((folder / "out" / "ledger.json").read_text(encoding="utf-8"))["accounts"]["sources"]
    assert told == sources
    from landuse.cli.summary import of_run

    text = "\n".join(of_run(result, folder / "out"))
    assert "待人工核对：2 个项目、3 对关联" in text
    assert "review.xlsx" in text


def test_a_shape_in_another_zone_than_the_ledger_names_is_said():
    zones = zones_of(
        [{"id": "Z1", "class": "urban", "slots": [0, 0]}, {"id": "Z2", "class": "county", "slots": [1, 1]}]
    )
    projects = projects_of(
        [
            {"id": "P1", "zone": "Z1", "footprint": [4000, 0, 50, 50]},
            {"id": "P2", "zone": "Z1", "point": [10, 10]},
            {"id": "P3", "zone": "Z2", "point": [10, 10]},
        ]
    )
    parcels = parcels_of([{"id": "A1", "mu": 1, "slot": 2}])
    facts = measured(parcels, projects, linked(parcels, projects), zones=zones)
    found = facts.issues[facts.issues["kind"] == "project_zone_differs"]
    assert found["row"].tolist() == [3, 5]
    assert facts.projects["zone_class"].isna().tolist() == [True, False, True]


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=9), st.integers(0, 10**15))
def test_money_is_split_to_the_fen(weights, fen):
    share = np.array(weights) / math.fsum(weights)
    share[-1] += 1.0 - share.sum()
    parts = split_whole(np.zeros(len(share), dtype=np.int64), share, np.array([fen]))
    assert parts.sum() == fen
    for part, s in zip(parts.tolist(), share.tolist(), strict=True):
        assert abs(part - Fraction(s) * fen) < 1 + Fraction(fen, 10**12)
