"""Laws of users' own columns: what is written is read, wherever the column stands; the others are left alone."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from landuse.io.header.alias_files import own_book
from landuse.tables.own_facts import OwnFact
from tests.unit.foreign_tables import read

FACTS = [
    OwnFact("power_kwh", "parcel", "number", ("年用电量",), "年用电量", "kWh"),
    OwnFact("levy", "parcel", "number", ("规费",), "规费", "元"),
    OwnFact("graded", "parcel", "text", ("企业类别",), "企业类别", values=("A类", "B类")),
    OwnFact("on_scale", "parcel", "flag", ("是否规上",), "规上"),
    OwnFact("checked_on", "parcel", "date", ("核查日期",), "核查日期"),
]
BOOK = own_book([], FACTS)
POWER = {"年用电量": 1, "年用电量（万千瓦时）": 10**4, "年用电量(kWh)": 1, "年用电量亿度": 10**8}
SIZES = {"": 1, "万": 10**4, "亿": 10**8}
cells = {
    "年用电量": st.sampled_from([None, "1200", "约3万度", "2-5", "300吨", "—"]),
    "规费": st.sampled_from([None, "3万元", "12.34", "两亿", "很多"]),
    "企业类别": st.sampled_from([None, "A类", "b 类", "C类"]),
    "是否规上": st.sampled_from([None, "是", "否", "也许"]),
    "核查日期": st.sampled_from([None, "2025-01-01", "2025年3月", "昨天"]),
    "土地用途": st.sampled_from([None, "工业用地", "水田"]),
    "约定开工时间": st.sampled_from([None, "2024-02-29", "2024年"]),
    "某栏": st.sampled_from([None, "x"]),
}
sheets = st.integers(1, 4).flatmap(
    lambda n: st.fixed_dictionaries({h: st.lists(c, min_size=n, max_size=n) for h, c in cells.items()})
)


@given(
    st.sampled_from(list(POWER)),
    st.sampled_from(["千瓦时", "度", "kWh", ""]),
    st.sampled_from(list(SIZES)),
    st.integers(0, 10**6),
    st.integers(0, 3),
)
def test_what_is_written_is_read(header, unit, size, digits, places):
    """A figure with its unit counts in that unit, one without in the header's; a bare 万 only where that is 1."""
    text = f"{digits / 10**places:.{places}f}{size}{unit}"
    row = read({header: [text]}, book=BOOK).frame.iloc[0]
    if not unit and size and POWER[header] != 1:
        assert pd.isna(row["power_kwh_low"])
        return
    value = Fraction(digits, 10**places) * SIZES[size] * (1 if unit else POWER[header])
    assert row["power_kwh_low"] == row["power_kwh_high"] == float(value)


@given(sheets, st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(sheet, random):
    headers = list(sheet)
    random.shuffle(headers)
    one, other = read(sheet, book=BOOK), read({h: sheet[h] for h in headers}, book=BOOK)
    pd.testing.assert_frame_equal(other.frame, one.frame)
    key = sorted(str(sorted(i.items(), key=str)) for i in one.issues)
    assert sorted(str(sorted(i.items(), key=str)) for i in other.issues) == key


@given(sheets)
def test_the_other_columns_are_read_as_without(sheet):
    """Columns of one's own take nothing from the house's; each own cell is read, blank, or stands in an issue."""
    mine = [h for f in FACTS for h in f.columns]
    with_, without = read(sheet, book=BOOK), read(sheet)
    pd.testing.assert_frame_equal(with_.frame[without.frame.columns], without.frame)
    house = [i for i in with_.issues if i["field"] not in mine]
    assert house == [i for i in without.issues if i["field"] not in mine]
    said = {(i["row"], i["field"]) for i in with_.issues}
    for fact in FACTS:
        (header,) = fact.columns
        stem = f"{fact.name}_low" if fact.type == "number" else fact.name
        known = with_.frame[stem].notna()
        if fact.type == "date":
            known |= with_.frame[f"{fact.name}_period"].notna()
        for at, cell in enumerate(sheet[header]):
            assert known.iloc[at] or cell in (None, "—") or (at + 2, header) in said
