"""The book of renames in a plan: read, accounted for, checked; what it finds is put up for review or linked."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landuse as lu
from landuse.cli.main import main
from landuse.errors import HeaderError, LinkError, MissingFileError, PlanError
from landuse.linking.renames import read_renames
from tests.rows_by_hand import CRS, rectangle

OLD, NEW, NEWEST = "洛阳甲乙轴承有限公司", "洛阳戊己装备有限公司", "河南丙丁精工股份有限公司"
PLAN = """
as_of = 2026-06-30
[[parcels]]
path = "宗地.gpkg"
[[projects]]
path = "台账.csv"
[renames]
path = "更名.csv"
[link]
names = "{names}"
[output]
map = false
workbook = false
"""


@pytest.fixture
def plan(tmp_path):
    """P1 bears the old name of the company that holds A1 now; P2 a short name; P3 a name nobody knows."""

    def writer(book, names="link"):
        land = gpd.GeoDataFrame(
            {"宗地代码": ["A1", "A2"], "权利人": [NEWEST, "洛阳鑫源建材有限公司"]},
            geometry=[rectangle([0, 0, 200, 100]), rectangle([300, 0, 200, 100])],
            crs=CRS,
        )
        land.to_file(tmp_path / "宗地.gpkg")
        ledger = f"项目编号,项目名称,建设单位,总投资（万元）\nP1,轴承,{OLD},1000.01\nP2,水泥,西山水泥,20\nP3,电子,金科,3\n"
        (tmp_path / "台账.csv").write_text(ledger, encoding="utf-8-sig")
        (tmp_path / "更名.csv").write_text(book, encoding="utf-8-sig")
        (tmp_path / "plan.toml").write_text(PLAN.format(names=names), encoding="utf-8")
        return tmp_path / "plan.toml"

    return writer


BOOK = f"原名称,现名称,简称\n{OLD},{NEW},\n{NEW},{NEWEST},\n洛阳西山水泥厂,洛阳鑫源建材有限公司,西山水泥\n"


def test_a_company_renamed_twice_is_found_and_its_money_moves(plan):
    without = lu.run(plan("原名称,现名称\n甲乙厂,丙丁厂\n"))
    assert without.links.empty
    result = lu.run(plan(BOOK))
    assert result.links[["project_id", "parcel_id", "method"]].to_numpy().tolist() == [["P1", "A1", "name"]]
    assert "更名对照表" in result.links["evidence"].iloc[0]
    money = result.ledger["accounts"]["money"]["total_invest_wan"]["low"]
    assert (money["read_fen"], money["linked_fen"]) == (1_023_010_000, 1_000_010_000)


def test_a_short_name_of_the_book_is_only_ever_put_up_for_review(plan):
    result = lu.run(plan(BOOK))
    waiting = result.link_review[result.link_review["decision"] == "open"]
    assert waiting[["project_id", "parcel_id", "kind"]].to_numpy().tolist() == [
        ["P2", "A2", "name_uncertain"]
    ]
    assert "仅简称相同" in waiting["evidence"].iloc[0]


def test_by_default_a_rename_makes_a_candidate_not_a_link(plan):
    result = lu.run(plan(BOOK, names="review"))
    assert result.links.empty
    assert result.link_review[["project_id", "parcel_id"]].to_numpy().tolist() == [["P1", "A1"], ["P2", "A2"]]


def test_the_book_is_accounted_for_and_listed(plan, capsys, tmp_path):
    path = plan(BOOK + f",{NEW},\n{OLD},{OLD},\n{OLD},{NEW},\n")
    result = lu.run(path)
    (source,) = (s for s in result.ledger["inputs"] if s["role"] == "renames")
    assert (source["path"], source["rows_read"], source["accepted"], source["rejected"]) == (
        "更名.csv",
        6,
        5,
        1,
    )
    rows = result.ledger["accounts"]["rows"]["link"]
    assert {k: v for k, v in rows.items() if k.startswith("renames")} == {
        "renames_in": 5, "renames_used": 3, "renames_unchanged": 1, "renames_repeated": 1,
    }  # fmt: skip
    said = result.issues[result.issues["source_file"] == "更名.csv"]
    assert dict(zip(said["kind"], said["row"], strict=True)) == {
        "missing_cell": 5, "rename_unchanged": 6, "rename_repeated": 7,
    }  # fmt: skip
    assert "第 2 行重复" in said.loc[said["kind"] == "rename_repeated", "message"].iloc[0]
    lu.save(result, tmp_path / "out")
    assert (
        json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"))["inputs"]
        == result.ledger["inputs"]
    )
    assert main(["check", str(path)]) == 0
    text = capsys.readouterr().out
    assert "更名对照表" in text
    assert "更名.csv" in text


def test_with_names_off_the_book_is_said_to_be_of_no_use(plan):
    issues = lu.run(plan(BOOK, names="off")).issues
    (said,) = issues.loc[issues["kind"] == "renames_not_used", "message"]
    assert "3 行" in said


def test_headers_words_and_missing_files(plan, tmp_path):
    with pytest.raises(HeaderError, match=r"更名\.csv.*no header stands for old_name"):
        lu.run(plan("甲,乙\n1,2\n"))
    path = plan(BOOK.replace("原名称", "old_full_name").replace("现名称", "new_full_name"))
    assert len(lu.run(path).links) == 1
    path.write_text(path.read_text(encoding="utf-8").replace("更名.csv", "改名.csv"), encoding="utf-8")
    with pytest.raises(MissingFileError, match=r"\[renames\.path\].*更名\.csv"):
        lu.run(path)
    path.write_text(
        PLAN.format(names="link").replace('path = "更名.csv"', 'paths = "更名.csv"'), encoding="utf-8"
    )
    with pytest.raises(PlanError, match=r"renames\.paths"):
        lu.run(path)


def test_an_output_folder_may_not_hold_the_book(plan, tmp_path):
    path = plan(BOOK)
    result = lu.run(path)
    lu.save(result, tmp_path / "out")
    (tmp_path / "更名.csv").rename(tmp_path / "out" / "更名.csv")
    path.write_text(
        path.read_text(encoding="utf-8").replace('"更名.csv"', '"out/更名.csv"'), encoding="utf-8"
    )
    with pytest.raises(lu.LanduseError, match="更名"):
        lu.save(lu.run(path), tmp_path / "out")


def book(*pairs):
    return pd.DataFrame(pairs, columns=["old_name", "new_name"])


@pytest.mark.parametrize(
    ("pairs", "kinds"),
    [
        ([(OLD, NEW), (NEW, NEWEST)], []),
        ([(OLD, NEW), (OLD, NEWEST)], ["rename_of_two"]),
        ([(OLD, NEW), (OLD, NEWEST), (NEW, NEWEST)], []),
        ([(OLD, NEW), (NEWEST, NEW)], []),
        ([(OLD, NEW), (NEW, OLD)], ["rename_leads_round", "rename_leads_round"]),
        ([("洛阳市甲厂（集团）", "洛阳市甲厂(集团)")], ["rename_unchanged"]),
    ],
    ids=["chain", "split", "chain and short cut", "merger", "round", "one spelling"],
)
def test_what_contradicts_itself_is_said(pairs, kinds):
    found = read_renames(book(*pairs))
    assert [row["kind"] for row in found.issues] == kinds
    counts = found.accounts
    assert counts["renames_in"] == len(pairs) == (
        counts["renames_used"] + counts["renames_unchanged"] + counts["renames_repeated"]
    )  # fmt: skip


NAMES = st.sampled_from(["甲厂", "乙厂", "丙厂", "丁厂"])


@given(st.lists(st.tuples(NAMES, NAMES, st.sampled_from([None, "甲", "乙"])), max_size=7), st.randoms())
def test_the_order_of_the_book_decides_nothing(rows, random):
    columns = ["old_name", "new_name", "short_name"]
    shuffled = random.sample(rows, len(rows))
    one, other = (read_renames(pd.DataFrame(r, columns=columns)) for r in (rows, shuffled))
    assert (one.later, one.short, one.accounts) == (other.later, other.short, other.accounts)
    assert sorted(row["kind"] for row in one.issues) == sorted(row["kind"] for row in other.issues)
    for start, names in one.later.items():
        assert start not in names
        assert all(one.later.get(name, frozenset()) - {start} <= names for name in names), "chains are whole"


def test_from_python_a_row_without_a_name_is_refused():
    land = gpd.GeoDataFrame({"holder": [NEW]}, index=["A1"], geometry=[rectangle([0, 0, 9, 9])], crs=CRS)
    ledger = pd.DataFrame({"holder": [OLD]}, index=["P1"])
    with pytest.raises(LinkError, match="row 1, \\[new_name\\]"):
        lu.link(land, ledger, renames=book((OLD, None)))
    assert lu.link(land, ledger, renames=book((OLD, NEW)), names="link").table["method"].tolist() == ["name"]
