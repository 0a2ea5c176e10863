"""The review workbook as people hand it back: half-filled, renamed, sorted, with rows of their own."""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import landuse as lu
from landuse.errors import FormatError, HeaderError, LinkError
from landuse.reports import write_review
from tests.rows_by_hand import CRS, rectangle

HENGTAI, XINYUAN, JINKE, WEIYE = (
    f"洛阳{name}有限公司" for name in ("恒泰机械", "鑫源建材", "金科电子", "伟业轴承")
)
PLAN = """
as_of = 2026-06-30
[[parcels]]
path = "宗地.gpkg"
[[projects]]
path = "台账.csv"
[output]
map = false
workbook = false
"""
LEDGER = f"""项目编号,项目名称,建设单位,宗地代码,产业集聚区,总投资（万元）
P1,轴承座,{HENGTAI},A4,东区,1000.01
P2,水泥,{XINYUAN},,东区,2000
P3,芯片,{JINKE},A4,东区,3000
P4,轴承,{WEIYE},,,4000
P5,仓储,鑫源建材,X9,东区,60
"""
OPEN = [("P1", "A1"), ("P1", "A4"), ("P2", "A2"), ("P4", "A3"), ("P4", "A5"), ("P5", "A2")]
READ = 10_060.01
"""Total investment of the ledger [wan]; by itself only P3 is linked."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A plan with conflicts and names, run once; its workbook."""
    folder = tmp_path_factory.mktemp("review")
    land = gpd.GeoDataFrame(
        {"宗地代码": ["A1", "A2", "A3", "A4", "A5"], "权利人": [HENGTAI, XINYUAN, WEIYE, JINKE, WEIYE],
         "集聚区": ["东区"] * 4 + ["西区"]},
        geometry=[rectangle([x, 0, 200, 100]) for x in range(0, 1500, 300)], crs=CRS,
    )  # fmt: skip
    land.to_file(folder / "宗地.gpkg")
    (folder / "台账.csv").write_text(LEDGER, encoding="utf-8-sig")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    first = lu.run(folder / "plan.toml")
    assert first.link_review[["project_id", "parcel_id"]].apply(tuple, axis=1).tolist() == OPEN
    write_review(first, folder / "asked.xlsx")
    return folder


@pytest.fixture
def back(asked):
    """Fill the workbook in, change the sheet as people do, hand it back and run again (or only read it)."""

    def hand_back(words, change=None, *, run=True):
        book = openpyxl.load_workbook(asked / "asked.xlsx")
        sheet = book.active
        heads = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            pair = tuple(sheet.cell(row, heads[h]).value for h in ("项目编号", "宗地编号"))
            said = words.get(pair)
            decision, share = said if isinstance(said, tuple) else (said, None)
            sheet.cell(row, heads["决定"]).value = decision
            sheet.cell(row, heads["份额"]).value = share
        if change is not None:
            change(sheet, heads)
        book.save(asked / "review.xlsx")
        if not run:
            return lu.read_corrections(asked / "review.xlsx")
        (asked / "again.toml").write_text(PLAN + '[corrections]\npath = "review.xlsx"\n', encoding="utf-8")
        return lu.run(asked / "again.toml")

    return hand_back


FILLED = {("P1", "A1"): "是", ("P1", "A4"): "否", ("P2", "A2"): "否", ("P4", "A3"): "是", ("P5", "A2"): "是"}
LINKED = [["P1", "A1"], ["P3", "A4"], ["P4", "A3"], ["P5", "A2"]]


def links(result):
    return result.links[["project_id", "parcel_id"]].to_numpy().tolist()


def money(result):
    """Total investment linked and unlinked [wan]; together they are what was read."""
    account = result.ledger["accounts"]["money"]["total_invest_wan"]["low"]
    linked, unlinked = (account[f"{side}_fen"] / 1_000_000 for side in ("linked", "unlinked"))
    assert account["linked_fen"] + account["unlinked_fen"] == account["read_fen"] == round(READ * 1_000_000)
    return linked, unlinked


def said(result):
    """What is said of the workbook itself."""
    issues = result.issues
    return dict(
        zip(*issues.loc[issues["source_file"] == "review.xlsx", ["kind", "row"]].to_numpy().T, strict=True)
    )


def test_the_money_moves_as_the_analyst_says(back):
    assert money(back({})) == (3000.0, 7060.01)
    result = back(FILLED)
    assert links(result) == LINKED
    assert money(result) == (8060.01, 2000.0)
    on = result.parcel_facts["total_invest_wan_low"]
    assert (on["A1"], on["A2"], on["A3"], on["A4"]) == (1000.01, 60.0, 4000.0, 3000.0)
    assert result.unlinked[["project_id", "reason"]].to_numpy().tolist() == [["P2", "decided_no"]]
    assert said(result) == {}, "the workbook's own columns are no news"
    (source,) = (s for s in result.ledger["inputs"] if s["role"] == "corrections")
    assert (source["rows_read"], source["accepted"], source["rejected"]) == (6, 6, 0)


def test_half_filled(back):
    result = back({("P1", "A1"): "是"})
    assert links(result) == [["P1", "A1"], ["P3", "A4"]]
    assert money(result) == (4000.01, 6060.0)
    waiting = result.link_review.query("decision == 'open'")
    assert waiting[["project_id", "parcel_id"]].apply(tuple, axis=1).tolist() == OPEN[1:]


def test_rows_in_any_order(back):
    def turned(sheet, heads):
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for at, row in enumerate(reversed(rows), start=2):
            for place, value in enumerate(row, start=1):
                sheet.cell(at, place).value = value

    assert links(back(FILLED, turned)) == LINKED


def test_rows_of_ones_own(back):
    def more(sheet, heads):
        sheet.append(["P3", None, None, "A2", "是"])
        sheet.append([None])
        sheet.append(["备注：张三 2026-07-01 核"])

    result = back(FILLED, more)
    assert links(result) == [*LINKED[:1], ["P3", "A2"], *LINKED[1:]]
    assert said(result) == {"note_row": 10}


def test_a_column_of_ones_own_is_said(back):
    def more(sheet, heads):
        sheet.cell(1, len(heads) + 1).value = "核对人"

    result = back(FILLED, more)
    assert links(result) == LINKED
    assert list(said(result)) == ["header_unused"]


@pytest.mark.parametrize(
    ("word", "decision"),
    [("是", "yes"), (" 是 ", "yes"), ("对", "yes"), ("Ｙ", "yes"), ("√", "yes"), ("否", "no"), ("不是", "no"),
     ("N", "no"), ("×", "no"), ("仅此", "only"), (None, "open"), ("—", "open")],
)  # fmt: skip
def test_words(back, word, decision):
    reading = back({("P1", "A1"): word}, run=False)
    assert reading.table["decision"].tolist() == [decision, *["open"] * 5]
    assert reading.issues.empty


@pytest.mark.parametrize("word", ["大概", "1", "是否", "yes or no"])
def test_a_word_that_says_nothing_leaves_the_pair_open_and_is_said(back, word):
    reading = back({("P1", "A1"): word}, run=False)
    assert reading.table["decision"].tolist() == ["open"] * 6
    assert reading.issues[["kind", "row"]].to_numpy().tolist() == [["not_recognised", 2]]


def rename(old, new):
    def change(sheet, heads):
        sheet.cell(1, heads[old]).value = new

    return change


@pytest.mark.parametrize(
    "change",
    [
        rename("决定", "建在此地？"),
        rename("决定", None),
        lambda sheet, heads: sheet.delete_cols(heads["决定"]),
    ],
    ids=["renamed", "header emptied", "column deleted"],
)
def test_without_its_column_of_decisions_nothing_in_it_is_taken_for_a_link(back, change):
    with pytest.raises(
        HeaderError, match=r"review\.xlsx, \[decision\]: this is the review workbook"
    ) as caught:
        back(FILLED, change, run=False)
    assert "决定" in caught.value.remedy


def test_the_plan_may_say_which_column_it_is(asked, back):
    with pytest.raises(HeaderError):
        back(FILLED, rename("决定", "建在此地"), run=False)
    plan = PLAN + '[corrections]\npath = "review.xlsx"\ncolumns = { 建在此地 = "decision" }\n'
    (asked / "told.toml").write_text(plan, encoding="utf-8")
    assert links(lu.run(asked / "told.toml")) == LINKED


def test_a_column_of_ids_that_is_gone_is_refused(back):
    with pytest.raises(HeaderError, match=r"no header stands for parcel_id"):
        back(FILLED, rename("宗地编号", "地"), run=False)


def test_a_second_sheet_is_asked_after(back):
    def more(sheet, heads):
        note = sheet.parent.create_sheet("我的备注")
        note["A1"], note["B1"], note["A2"], note["B2"] = "甲", "乙", 1, 2

    with pytest.raises(FormatError, match=r"2 sheets.*关联核对"):
        back(FILLED, more, run=False)


@pytest.mark.parametrize(("word", "more"), [("是", ""), ("否", ", and says yes there and no here")])
def test_a_pair_decided_twice_is_refused_with_both_rows(back, word, more):
    def again(sheet, heads):
        sheet.append(["P1", None, None, "A1", word])

    with pytest.raises(LinkError, match=rf"row 8: .*'P1' names parcel 'A1' twice, first in row 2{more}\."):
        back(FILLED, again)


def test_an_id_that_is_not_there_is_refused_with_the_nearest(back):
    def lower(sheet, heads):
        sheet.cell(2, heads["项目编号"]).value = "p1"

    with pytest.raises(LinkError, match=r"row 2, \[project_id\].*'p1', which is not there") as caught:
        back(FILLED, lower)
    assert "'P1'" in caught.value.remedy


def test_a_decided_row_whose_id_is_gone_is_rejected(back):
    def emptied(sheet, heads):
        sheet.cell(2, heads["项目编号"]).value = None

    result = back(FILLED, emptied)
    assert said(result) == {"missing_cell": 2}
    assert money(result) == (7060.0, 3000.01)


@pytest.mark.parametrize("decision", [None, "否"])
def test_a_share_without_a_yes_moves_nothing_and_is_said(back, decision):
    result = back({("P4", "A3"): (decision, 0.6)})
    assert money(result) == (3000.0, 7060.01)
    assert said(result) == {"share_without_yes": 5}


def test_shares_as_people_write_them(back):
    result = back({("P4", "A3"): ("是", "60%"), ("P4", "A5"): ("是", 0.4)})
    shares = result.links.set_index(["project_id", "parcel_id"])["share"]
    assert (shares["P4", "A3"], shares["P4", "A5"]) == pytest.approx((0.6, 0.4))
    assert shares["P4", "A3"] + shares["P4", "A5"] == 1.0
    for wrong in ({("P4", "A3"): ("是", 1.5)}, {("P4", "A3"): ("是", 0.6), ("P4", "A5"): ("是", 0.6)}):
        with pytest.raises(LinkError, match=r"row 5, \[share\]"):
            back(wrong)


def test_the_sheet_shows_what_hangs_on_a_decision(asked):
    sheet = openpyxl.load_workbook(asked / "asked.xlsx").active
    heads = {cell.value: cell.column for cell in sheet[1]}
    rows = [{h: sheet.cell(row, c).value for h, c in heads.items()} for row in range(2, 8)]
    assert [r["总投资（万元）"] for r in rows] == [1000.01, 1000.01, 2000, 4000, 4000, 60]
    assert {r["宗地面积（亩）"] for r in rows} == {30}
    assert "相同或相近" in rows[3]["理由"]
    for row, cells in enumerate(rows, start=2):
        lines = -(-2 * len(cells["关联依据"]) // 58)
        assert sheet.row_dimensions[row].height >= 14 * lines, "the evidence can be read whole"
    frame = pd.DataFrame(rows)
    assert frame[["决定", "份额"]].isna().all(axis=None)
