"""Short ways taken for speed give what the long ways give."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from landuse.io.cell.texts import clean_texts
from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.parsing.parcel_codes import normalise_ref, ownership_from_code
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank

SIGNS = st.text(alphabet="aZ09 .,-／：①②½²³mM米ｍ１Ａ亩㎡é\u0301\u3000\u200b\ufeff\t\n\x85", max_size=12)
DIGITS = st.from_regex(r"[0-9]{1,18}(\.[0-9]{1,18})?", fullmatch=True)
RATES = st.sampled_from(["元", "万元", "亿元", "万美元", "千元"])


def plain_sign_by_sign(text):
    text = re.sub("(?<=[mM米])[²³]", lambda m: "2" if m[0] == "²" else "3", text)
    text = re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]", "", text)
    parts = re.split("(.)", text, flags=re.DOTALL)
    whole, run = "", ""
    for sign in [s for s in parts if s]:
        if unicodedata.category(sign) == "No":
            whole, run = whole + unicodedata.normalize("NFKC", run) + sign, ""
        else:
            run += sign
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", whole + unicodedata.normalize("NFKC", run)).strip()


@given(SIGNS | st.text(max_size=20))
@example("e\u0301①Ａ")
def test_plain_is_plain_sign_by_sign(text):
    assert plain(text) == plain_sign_by_sign(text)


@given(DIGITS, RATES)
def test_bare_amounts_are_read_as_those_with_a_space_before_them(text, unit):
    short, long = parse_amount(text, unit), parse_amount(f" {text}", unit)
    assert (short.low, short.high, short.bound, short.currency, short.approx) == (
        long.low,
        long.high,
        long.bound,
        long.currency,
        long.approx,
    )
    assert short.raw == text


@given(DIGITS, st.sampled_from(["亩", "公顷", "平方米", "万平方米"]), st.booleans())
def test_bare_areas_are_read_as_those_with_a_space_before_them(text, unit, land):
    short, long = parse_area(text, unit, land=land), parse_area(f" {text}", unit, land=land)
    assert (short.low, short.high, short.bound, short.approx) == (
        long.low,
        long.high,
        long.bound,
        long.approx,
    )
    assert short.raw == text


def cleaned_one_by_one(text):
    hidden = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
    text = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", re.sub(hidden, "", text)).strip()
    if len(text) <= 8 and not any(sign.isdigit() for sign in text) and is_blank(text):
        return None, False
    return text, re.fullmatch(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2,}", text) is not None


CODES = st.text(alphabet="0129eE+.GBJ-无 \u200b\u3000", max_size=9) | st.sampled_from(["4.1E+18", "1e10"])


@given(st.lists(CODES | SIGNS | st.none(), max_size=8))
def test_texts_of_a_column_are_cleaned_as_each_would_be(cells):
    texts, lost = clean_texts(pd.Series(cells, dtype="str"))
    wanted = [(None, False) if c is None else cleaned_one_by_one(c) for c in cells]
    assert [None if pd.isna(t) else t for t in texts] == [t for t, _ in wanted]
    assert lost.tolist() == [flag for _, flag in wanted]


def owner_of(code):
    text = "" if code is None or is_blank(code) else normalise_ref(code)
    found = re.fullmatch(r"[1-9][0-9]{11}([GJZ])([A-HSXWY])[0-9]{5}(?:[FLQW][0-9]{8})?", text)
    if not found or (found[1] == "G" and found[2] in "AC"):
        return None
    return {"G": "state", "J": "collective"}.get(found[1])


PARCEL_CODES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["410302001001", "010302001001", "４10302001001", "41030200100"]),
    st.sampled_from("GJZg"),
    st.sampled_from("ABCSWI"),
    st.sampled_from(["00001", " 00001", "0000"]),
    st.sampled_from(["", "F00010001", "W99999999", "X00010001", "\n"]),
)


@given(st.lists(PARCEL_CODES | st.none() | st.just("A-3"), max_size=6))
def test_owners_of_a_column_are_those_of_each_code(codes):
    index = pd.Index(np.arange(len(codes)) + 5)
    found = ownership_from_code(pd.Series(codes, index=index, dtype="str"))
    assert [None if pd.isna(owner) else owner for owner in found] == [owner_of(code) for code in codes]
    assert found.index.equals(index)
