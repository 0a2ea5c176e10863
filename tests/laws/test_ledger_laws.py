"""Laws of ledgers: what is written reads back the same; the order of rows and columns changes nothing."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import landuse as lu
from landuse.io.cell.texts import tidy
from landuse.tables import PROJECTS

QUIET = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.text(
    st.sampled_from("甲乙丙丁有限公司ABe=+-@'\"，,；;\t|0019.％（）/年月日"), min_size=3, max_size=20
).map(lambda t: tidy(f"{t}厂"))
risky = st.sampled_from(
    ["=1+1", "+86", "-3厂", "@SUM(A1)", "0012", "410302001001GB00001", "4103020010010000123", "1E10", "3-1",
     "2019-03", "'=A1", "'12", '="x"', 'a"b', "=HYPERLINK(\"http://x\")", "甲\"乙", "＝1"]
)  # fmt: skip
names = words | risky
money = st.integers(0, 10**13).map(lambda fen: fen / 1e6)
days = st.dates(date(1950, 1, 1), date(2150, 12, 31)).map(pd.Timestamp)
codes = st.text("ABGJ0123456789-", min_size=1, max_size=19).map(lambda t: f"{t}号")


@st.composite
def ledgers(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(1, 6))

    def column(one: st.SearchStrategy) -> list:
        return draw(st.lists(st.none() | one, min_size=rows, max_size=rows))

    low = draw(st.lists(money, min_size=rows, max_size=rows))
    wider = draw(st.lists(money | st.just(np.inf), min_size=rows, max_size=rows))
    data = {
        "name": draw(st.lists(names, min_size=rows, max_size=rows)),
        "holder": column(names),
        "contract_no": column(codes | risky.filter(lambda t: t != "1E10")),
        "is_new": pd.array(column(st.booleans()), dtype="boolean"),
        "total_invest_wan_low": low,
        "total_invest_wan_high": [a + b for a, b in zip(low, wider, strict=True)],
        "jobs": [np.nan if v is None else float(v) for v in column(st.integers(0, 10**6))],
        "far_max": [np.nan if v is None else v for v in column(st.floats(0.1, 20.0))],
        "start_due": column(days),
        "signed_on": column(days),
        "parcel_refs": draw(
            st.lists(st.lists(codes.map(str.upper), max_size=3, unique=True), min_size=rows, max_size=rows)
        ),
    }
    ids = draw(st.lists(codes, min_size=rows, max_size=rows, unique=True))
    return PROJECTS.conform(pd.DataFrame(data, index=pd.Index(ids, name="project_id")))


def bare(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(table).drop(columns=["source_file", "source_row", "geometry"])


@QUIET
@given(ledger=ledgers())
def test_a_ledger_written_as_csv_reads_back_the_same(ledger, tmp_path):
    path = tmp_path / "台账.csv"
    lu.write_ledger(ledger, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    reading = lu.read_projects(path)
    assert len(reading.rejected) == 0
    pd.testing.assert_frame_equal(bare(reading.table), bare(ledger))


@QUIET
@given(ledger=ledgers())
def test_a_ledger_written_as_a_workbook_reads_back_to_sixteen_digits(ledger, tmp_path):
    path = tmp_path / "台账.xlsx"
    lu.write_ledger(ledger, path)
    reading = lu.read_projects(path)
    assert len(reading.rejected) == 0
    pd.testing.assert_frame_equal(bare(reading.table), bare(ledger), rtol=1e-15, atol=0)
    book = openpyxl.load_workbook(path)
    assert {c.data_type for row in book.active for c in row} <= {"s", "n", "d"}


def test_no_cell_of_a_csv_begins_as_a_formula_that_does_anything(tmp_path):
    wrapped = [
        "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "＝1+1", "0012", "1E10", "3-1",
    ]  # fmt: skip
    frame = pd.DataFrame(
        {"name": wrapped, "total_invest_wan_low": 1.0, "total_invest_wan_high": 1.0},
        index=pd.Index([f"P{i}" for i in range(len(wrapped))], name="project_id"),
    )
    lu.write_ledger(frame, tmp_path / "a.csv")
    import csv

    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [row["name"] for row in csv.DictReader(stream)]
    for cell, text in zip(cells, wrapped, strict=True):
        assert cell == f'="{text}"'  # a formula that is one constant text


HEAD = ["项目编号", "项目名称", "总投资（万元）", "用地面积（亩）", "宗地号", "建设性质", "行业代码"]
cell_of = {
    "项目名称": st.sampled_from(["甲厂", "乙 厂", "　丙厂", "丁"]),
    "总投资（万元）": st.sampled_from(
        ["5000", "约3000", "1.2亿元", "", "待定", "３，０００", "2000-3000万元", "-1"]
    ),
    "用地面积（亩）": st.sampled_from(["30", "2公顷", "", "abc", "66700㎡"]),
    "宗地号": st.sampled_from(["A-1", "A-1、A-2", "", "4.1E+18", "410302001001GB00001"]),
    "建设性质": st.sampled_from(["新建", "改扩建", "", "?"]),
    "行业代码": st.sampled_from(["C36", "0601", " C13", ""]),
}


@st.composite
def messy_rows(draw: st.DrawFn) -> list[dict[str, str]]:
    ids = draw(st.lists(st.sampled_from([f"P{i}" for i in range(9)]), min_size=1, max_size=6, unique=True))
    return [{"项目编号": i, **{h: draw(s) for h, s in cell_of.items()}} for i in ids]


def written(rows: list[dict[str, str]], head: list[str], path: Path) -> Path:
    import csv

    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, head)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def by_id(path: Path) -> tuple[pd.DataFrame, list[tuple], list[str]]:
    reading = lu.read_projects(path)
    row_of = {int(r): i for i, r in reading.table["source_row"].items()}
    row_of |= {int(r.row): r.record_id for r in reading.rejected.itertuples()}
    said = [
        (None if pd.isna(i.row) else row_of[int(i.row)], str(i.field), i.kind, str(i.raw))
        for i in reading.issues.itertuples()
    ]
    return bare(reading.table).sort_index(), sorted(said, key=str), sorted(reading.rejected.record_id)


@QUIET
@given(rows=messy_rows(), data=st.data())
def test_the_order_of_rows_and_columns_does_not_matter(rows, data, tmp_path):
    first = by_id(written(rows, HEAD, tmp_path / "a.csv"))
    other = by_id(
        written(data.draw(st.permutations(rows)), data.draw(st.permutations(HEAD)), tmp_path / "b.csv")
    )
    pd.testing.assert_frame_equal(first[0], other[0])
    assert first[1:] == other[1:]


@pytest.mark.parametrize("name", ["a.parquet", "a"])
def test_other_endings_are_refused(name, tmp_path):
    with pytest.raises(lu.LanduseError, match="not written as"):
        lu.write_ledger(PROJECTS.empty(), tmp_path / name)


@QUIET
@given(
    body=st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")),
    name=st.sampled_from(["a.csv", "a.xls", "a.html", "a.xml", "a.txt"]),
    head=st.sampled_from(
        [
            b"",
            "项目编号,项目名称,总投资（万元）\n".encode(),
            b"<html><table><tr><td>",
            b"<?xml version='1.0'?><a>",
        ]
    ),
)
def test_no_bytes_crash_the_reader(body, name, head, tmp_path):
    path = tmp_path / name
    path.write_bytes(head + body)
    try:
        reading = lu.read_projects(path)
    except lu.LanduseError as error:
        refusal = str(error)
    else:
        refusal = ""
        source = reading.sources[0]
        assert source.rows_read == source.accepted + source.rejected
    assert not refusal or name in refusal
