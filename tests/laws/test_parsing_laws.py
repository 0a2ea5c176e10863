"""Laws of parsing: any text ends well, and what was written lies in what was read."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

from landuse.errors import CellError
from landuse.parsing import words
from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.parsing.dates import parse_date
from landuse.parsing.numbers import parse_number
from landuse.parsing.parcel_codes import normalise_ref, split_refs
from landuse.parsing.text import plain

ALPHABET = (
    "0123456789.,，．-~—至到（）()/ 　亿万千百十一二三点零元美约近余多以上下不超过低于亩公顷㎡平方米年月日期"
    "总投资占地￥$eE²①负%＋+>≥<≤"
)
TEXTS = st.text(max_size=30) | st.text(alphabet=ALPHABET, max_size=24)
CELLS = TEXTS | st.floats() | st.integers() | st.booleans() | st.none() | st.dates() | st.datetimes()
MONEY = {"元": Fraction(1, 10_000), "万元": Fraction(1), "百万元": Fraction(100), "千万元": Fraction(1000),
         "亿元": Fraction(10_000), "万": Fraction(1), "亿": Fraction(10_000)}  # fmt: skip
LAND = {"亩": Fraction(2000, 3), "万亩": Fraction(20_000_000, 3), "公顷": Fraction(10_000),
        "ha": Fraction(10_000), "㎡": Fraction(1), "m²": Fraction(1), "平方米": Fraction(1),
        "万平方米": Fraction(10_000), "平方公里": Fraction(1_000_000)}  # fmt: skip
WRAPS = [
    "{}",
    "约{}",
    "{}左右",
    "不超过{}",
    "{}以下",
    "≥{}",
    "{}以上",
    "总投资{}",
    "总投资：约{}",
    " {} ",
    "近{}",
]
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@st.composite
def written(draw, units):
    """Return a text, its exact value and whether it is exact."""
    cents = draw(st.integers(0, 10**9))
    places = draw(st.integers(0, 2))
    value = Fraction(cents, 10**places)
    whole, part = divmod(cents, 10**places)
    digits = f"{whole:,}" if draw(st.booleans()) else str(whole)
    digits += f".{part:0{places}d}" if places else ""
    unit = draw(st.sampled_from(sorted(units)))
    wrap = draw(st.sampled_from(WRAPS))
    text = wrap.format(digits + draw(st.sampled_from(["", " "])) + unit)
    return (text.translate(WIDE) if draw(st.booleans()) else text), value * units[unit], wrap in WRAPS[:1]


@given(CELLS, st.sampled_from([None, "元", "万元", "亿元"]))
@example("１，２万", None)
@example("1e99万", None)
@example("一亿二", "万元")
@example("²2亿", None)
def test_any_cell_is_an_amount_nothing_or_a_refusal(cell, unit):
    try:
        found = parse_amount(cell, unit)
    except CellError:
        return
    if found is not None:
        assert 0 <= found.low <= found.high
        assert found.bound in ("exact", "at_most", "at_least")
        assert found.raw == str(cell)


@given(CELLS, st.sampled_from([None, "亩", "公顷", "平方米"]), st.booleans())
def test_any_cell_is_an_area_nothing_or_a_refusal(cell, unit, land):
    try:
        found = parse_area(cell, unit, land=land)
    except CellError:
        return
    assert found is None or 0 <= found.low <= found.high


@given(CELLS)
@example("2019年第0季度")
@example("二二二二年二二二月")
def test_any_cell_is_a_date_nothing_or_a_refusal(cell):
    try:
        found = parse_date(cell)
    except CellError:
        return
    assert found is None or date(1900, 1, 1) <= found.first <= found.last <= date(2199, 12, 31)


@given(CELLS)
def test_words_never_fail(cell):
    for read in (words.yes_no, words.is_new, words.ownership, words.zone_class, words.construction_land):
        read(cell)
    for read in (words.is_blank, words.says_none, words.says_not_started, words.is_supply_of_state_land):
        assert read(cell) in (True, False)
    assert all(normalise_ref(ref) == ref for ref in split_refs(cell))
    with suppress(CellError):
        parse_number(cell)


@given(TEXTS)
def test_plain_is_stable(text):
    assume("²" not in text and "³" not in text)
    assert plain(plain(text)) == plain(text)


@given(written(MONEY))
def test_the_amount_written_lies_in_the_amount_read(case):
    text, wan, exact = case
    found = parse_amount(text)
    assert found.low <= float(wan) <= found.high
    if exact:
        assert found.low == found.high == float(wan)


@given(written(LAND))
def test_the_area_written_lies_in_the_area_read(case):
    text, m2, exact = case
    found = parse_area(text)
    assert found.low <= float(m2) <= found.high
    if exact:
        assert found.low == found.high == float(m2)


@given(
    st.integers(1, 10**7),
    st.integers(0, 10**7),
    st.sampled_from(sorted(set(MONEY) - {"元"})),
    st.sampled_from(["-", "~", "—", "至", "到", "－", "～"]),
    st.booleans(),
)
def test_a_range_holds_both_ends(low, width, unit, dash, both):
    found = parse_amount(f"{low}{unit if both else ''}{dash}{low + width}{unit}")
    assert (found.low, found.high) == (float(low * MONEY[unit]), float((low + width) * MONEY[unit]))


@given(st.integers(0, 10**6), st.sampled_from(sorted(MONEY)))
def test_minus_is_never_an_amount(number, unit):
    try:
        found = parse_amount(f"-{number + 1}{unit}")
    except CellError:
        return
    raise AssertionError(found)


@given(st.integers(0, 73_000), st.integers(0, 5))
def test_a_day_in_any_spelling_is_that_day(days, style):
    day = date(1990, 1, 1) + timedelta(days=days)
    y, m, d = day.year, day.month, day.day
    text = [
        f"{y}-{m}-{d}",
        f"{y}/{m:02d}/{d:02d}",
        f"{y}.{m}.{d}",
        f"{y}年{m}月{d}日",
        f"{y}{m:02d}{d:02d}",
        day.isoformat(),
    ]
    found = parse_date(text[style])
    assert found.first == found.last == day
    assert parse_date(day).first == day


@given(st.integers(20_000, 80_000))
def test_an_excel_serial_is_days_from_the_end_of_1899(serial):
    assert parse_date(serial).first == date(1899, 12, 30) + timedelta(days=serial)
