"""Laws of cells: what a generator wrote lies in what is read of it, and no text breaks a reader."""

from __future__ import annotations

import math
import re
from contextlib import suppress

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landuse.errors import CellError
from landuse.io.cell.cells import Manner, read_cells
from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.parsing.dates import parse_date
from landuse.parsing.parcel_codes import code_fault, normalise_ref, parse_parcel_code, spell_code, split_refs
from landuse.testing.spellings import amount_texts, area_texts, chinese_numeral, date_texts

NASTY = (
    "0123456789０１２．.,，、;；:：-－~～—至到（）()【】/／\\+＋±%％>＞≥<＜≤=约近余多以上下不超过低于大小等及或含"
    "亿万千百十个零一二两三点元圆整美港欧人民币¥$€亩公顷平方米㎡²km2hage年月日号季度上半旬总投资固定产占地建筑绿化农耕用面积"
    "GBJZWFOIlo\t\n \u3000\ufeff\u200b①½eE是否有无已未√×YN"
)
TEXTS = st.text(max_size=40) | st.text(alphabet=NASTY, max_size=30)
CELLS = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes()
KINDS = (
    "amount", "area", "floor", "end", "number", "share", "date", "period", "text", "code", "id", "refs", "flag",
    "new", "ownership", "zone_class", "choice", "cause", "county", "year",
)  # fmt: skip
COLUMNS = ("total_invest_wan", "fixed_invest_wan", "invested_wan", "stated_area_m2", "cultivated_m2", "other")


@settings(max_examples=400)
@given(amount_texts())
def test_an_amount_is_read_as_it_was_written(written):
    found = parse_amount(written.text)
    assert (found.bound, found.currency) == (written.bound, written.currency)
    assert found.low == float(written.low)
    assert found.high == (math.inf if written.high is None else float(written.high))
    assert found.raw == written.text


@settings(max_examples=400)
@given(area_texts())
def test_an_area_is_read_as_it_was_written(written):
    found = parse_area(written.text)
    assert found.bound == written.bound
    assert found.low == float(written.low)
    assert found.high == (math.inf if written.high is None else float(written.high))


@settings(max_examples=400)
@given(date_texts())
def test_a_date_is_read_as_it_was_written(written):
    found = parse_date(written.cell)
    assert (found.first, found.last) == (written.first, written.last)
    if found.first == found.last:
        assert found.period is None
    elif found.period is not None:
        assert re.fullmatch(r"\d{4}(-\d{2})?", found.period)
        again = parse_date(found.period)
        assert (again.first, again.last) == (written.first, written.last)


@given(st.integers(1, 9999), st.integers(1, 9999), st.booleans())
def test_chinese_numerals_in_two_steps(yi, wan, formal):
    text = f"{chinese_numeral(yi, formal=formal)}亿{chinese_numeral(wan, formal=formal)}万元"
    assert parse_amount(text).low == yi * 10_000 + wan


@settings(max_examples=300)
@given(
    st.lists(CELLS, max_size=6),
    st.sampled_from(KINDS),
    st.sampled_from(COLUMNS),
    st.sampled_from([None, "万元", "亩", "万美元"]),
)
@example(["2000e99万元", "1" * 400], "amount", "other", None)
@example([8.98846567431158e304], "area", "other", "亩")
@example(["9999999999999999-13-45", "2019-00"], "date", "other", None)
def test_no_cell_breaks_a_reader(cells, kind, column, unit):
    money, land = kind == "amount", kind in ("area", "floor")
    named = unit if (money and unit != "亩") or (land and unit == "亩") else None
    manner = Manner(
        column, kind, unit=named, pair=money or land, period=kind == "date", words={"未动工": "no"}
    )
    raw = pd.Series(cells, dtype=object)
    read = read_cells(raw, manner)
    assert len(read.blank) == len(cells)
    for values in read.values.values():
        assert len(values) == len(cells)
    for note in read.notes:
        assert 0 <= note.position < len(cells)
        assert note.action in ("mended", "kept", "rejected")
    if money or land:
        low, high = read.values[f"{column}_low"], read.values[f"{column}_high"]
        known = ~pd.isna(low)
        assert (low[known] >= 0).all()
        assert (low[known] <= high[known]).all()
        silent = {n.position for n in read.notes} | set(map(int, read.blank.nonzero()[0]))
        assert set(map(int, (~known).nonzero()[0])) <= silent, "an unknown amount is blank or said"


@given(TEXTS, st.sampled_from(["total", "fixed", "invested", "planned", "output", "tax", "price"]))
def test_a_column_never_takes_more_than_the_sentence_holds(text, of):
    """What a column takes of a sentence is one of its amounts."""
    with suppress(CellError):
        found = parse_amount(text, of=of)
        assert found is None or 0 <= found.low <= found.high


DIGIT = st.sampled_from("0123456789")
CODES = st.tuples(
    st.sampled_from("123456789"),
    st.text(alphabet="0123456789", min_size=11, max_size=11),
    st.sampled_from(["GB", "GS", "GX", "JA", "JB", "JC", "ZB", "GW", "GY"]),
    st.text(alphabet="0123456789", min_size=5, max_size=5),
    st.one_of(st.just(""), st.from_regex(r"[FLQW][0-9]{8}", fullmatch=True)),
).map("".join)


@given(CODES, st.randoms(use_true_random=False))
def test_a_code_survives_grouping_case_and_look_alikes(code, random):
    parsed = parse_parcel_code(code)
    assert parse_parcel_code(parsed.grouped) == parsed
    digits = [i for i, sign in enumerate(code) if sign in "01" and i not in (12, 13, 19)]
    signs = list(code)
    for place in random.sample(digits, random.randint(0, len(digits))):
        signs[place] = random.choice("Oo") if code[place] == "0" else random.choice("Iil")
    messy = "".join(signs)
    messy = messy.lower() if random.random() < 0.3 and "I" not in messy and "O" not in messy else messy
    assert spell_code(messy) == code
    assert split_refs(f"{messy}、A-1") == [code, "A-1"]
    assert code_fault(code) in (None, "owner")


@given(TEXTS)
def test_codes_never_fail_and_are_stable(text):
    code = spell_code(text)
    if code is not None:
        assert spell_code(code) == code == normalise_ref(code)
        assert len(code) in (19, 28)
    code_fault(text)
    assert all(spell_code(ref) in (None, ref) for ref in split_refs(text))
