"""Laws of names: one spelling is its own, sides and rows do not matter, no parcel moves another project."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from landuse.linking.by_name import LINKED, match_names
from landuse.parsing.company_names import parse_company
from landuse.parsing.places import cut_places

PARTS = st.sampled_from(
    [*("洛阳", "洛阳市", "河南省", "偃师区", "（洛阳）", "郑州", "中国", "恒泰", "恒", "鑫源", "恒泰丰", "机械", "轴承"),
     *("科技", "有限公司", "股份有限公司", "集团", "（集团）", "厂", "分公司", "洛阳分公司", "（原", "）", "(", "、", "曾用名：")]
)  # fmt: skip
NAMES = st.lists(PARTS, max_size=7).map("".join) | st.text(max_size=12)
HOLDERS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "洛阳", "郑州市", "河南"]),
    st.sampled_from(["恒泰", "恒泰丰", "鑫源", "东恒泰"]),
    st.sampled_from(["机械", "机械制造", "置业", ""]),
    st.sampled_from(
        ["有限公司", "股份有限公司", "集团有限公司", "厂", "", "有限公司洛阳分公司", "有限公司（原鑫源厂）"]
    ),
)
ZONES = st.sampled_from([None, "Z1", "Z2"])
ROWS = st.lists(st.tuples(HOLDERS, ZONES), max_size=8)
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def table(rows, zones=True):
    frame = pd.DataFrame(rows, columns=["holder", "zone_id"]).astype("str")
    return frame if zones else frame.drop(columns="zone_id")


def pairs(found, projects=None, parcels=None):
    """Return what was found, rows by number or by the numbers given."""
    left = found.project if projects is None else projects[found.project]
    right = found.parcel if parcels is None else parcels[found.parcel]
    return sorted(zip(left.tolist(), right.tolist(), found.score.tolist(), found.band.tolist(), strict=True))


@given(NAMES)
def test_a_name_in_one_spelling_is_its_own(text):
    once = parse_company(text)
    assert parse_company(once.full) == replace(once, former=(), short=())
    assert parse_company(text.translate(WIDE)).key == once.key
    assert len(once.core) <= len(once.key)
    assert once.core.startswith(once.brand)


@given(NAMES)
def test_places_are_cut_off_the_head_and_leave_a_name(text):
    places, rest = cut_places(text)
    assert text.endswith(rest)
    assert bool(places) == (rest != text)
    assert not places or len(rest) >= 2


@given(ROWS, ROWS)
def test_sides_do_not_matter(one, other):
    left, right = table(one, zones=False), table(other, zones=False)
    there, back = match_names(left, right), match_names(right, left)
    turned = sorted((b, a, score, band) for a, b, score, band in pairs(back))
    assert pairs(there) == turned


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(one, other, random):
    left, right = table(one), table(other)
    rows, columns = np.arange(len(left)), np.arange(len(right))
    random.shuffle(rows), random.shuffle(columns)
    mixed = match_names(left.iloc[rows], right.iloc[columns])
    assert pairs(match_names(left, right)) == pairs(mixed, rows, columns)


@given(ROWS, ROWS.filter(bool), st.data())
def test_a_parcel_taken_away_moves_no_project_that_was_not_paired_with_its_holder(one, other, data):
    left, right = table(one), table(other)
    gone = data.draw(st.integers(0, len(right) - 1))
    kept = np.delete(np.arange(len(right)), gone)
    before = match_names(left, right)
    after = match_names(left, right.iloc[kept])
    touched = set(before.project[before.parcel == gone].tolist())
    rest = [row for row in pairs(before) if row[0] not in touched]
    assert rest == [row for row in pairs(after, None, kept) if row[0] not in touched]


@given(ROWS, ROWS)
def test_nothing_links_across_zones_and_every_pair_is_told_once(one, other):
    left, right = table(one), table(other)
    found = match_names(left, right)
    assert len(set(zip(found.project.tolist(), found.parcel.tolist(), strict=True))) == len(found.project)
    assert ((found.score > 0) & (found.score <= 1)).all()
    linked = found.band == LINKED
    mine = left["zone_id"].to_numpy(dtype=object)[found.project[linked]]
    theirs = right["zone_id"].to_numpy(dtype=object)[found.parcel[linked]]
    for a, b in zip(mine, theirs, strict=True):
        assert pd.isna(a) or pd.isna(b) or a == b
    for project in set(found.project[linked].tolist()):
        zones = {right["zone_id"].iloc[k] for k in found.parcel[linked & (found.project == project)]}
        assert len({z for z in zones if pd.notna(z)}) <= 1
