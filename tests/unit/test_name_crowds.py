"""Many names that are nearly one: what is held and compared is bounded, what is left out is said."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from landuse.linking import name_candidates, name_crowds
from landuse.linking.by_name import match_names
from landuse.linking.name_candidates import candidates
from landuse.linking.name_scores import NameBook
from landuse.parsing.company_names import parse_company

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
CYCLE = [STEMS[k % 10] + BRANCHES[k % 12] for k in range(60)]


def holders(names):
    return pd.DataFrame({"holder": pd.array(names, dtype="str")})


def near(count, trade="轴承"):
    return [f"示例甲子{CYCLE[k]}{trade}有限公司" for k in range(count)]


def book_of(names):
    different = sorted({parse_company(name) for name in names}, key=lambda name: name.full)
    return NameBook.of(different), np.arange(len(different))


def said(found):
    return {row["kind"]: row["message"] for row in found.issues}


def test_near_names_are_compared_with_so_many_and_no_more():
    trades = ("轴承", "机械", "建材", "化工", "电子")
    book, every = book_of([name for trade in trades for name in near(60, trade)])
    looked = candidates(book, every, every)
    per_name = np.bincount(looked.left, minlength=len(every))
    assert per_name.max() <= name_candidates.CANDIDATES_MOST + 1
    assert len(looked.cut) == 300
    assert (looked.left == looked.right).sum() == 300


@pytest.mark.parametrize("most", [1, 700, 1_000_000])
def test_the_product_is_taken_in_parts_and_the_parts_are_the_whole(monkeypatch, most):
    book, every = book_of([*near(60), *near(20, "机械"), "鑫源建材有限公司", "东风厂"])
    whole = candidates(book, every, every)
    held = []
    products = name_candidates._products

    def counted(*given):
        for part in products(*given):
            held.append(len(part[2]))
            yield part

    monkeypatch.setattr(name_candidates, "PRODUCT_MOST", most)
    monkeypatch.setattr(name_candidates, "_products", counted)
    parts = candidates(book, every, every)
    assert parts.left.tolist() == whole.left.tolist()
    assert parts.right.tolist() == whole.right.tolist()
    assert max(held) <= most + len(every)
    assert sum(held) > 60 * 60


def test_a_name_whose_rival_was_not_compared_waits(monkeypatch):
    projects = holders(["洛阳恒泰机械有限公司"])
    parcels = holders(["恒泰机械制造有限公司", "恒泰机械有限公司"])
    assert set(match_names(projects, parcels).band) == {"review"}
    assert match_names(projects, parcels.iloc[1:]).band.tolist() == ["linked"]
    monkeypatch.setattr(name_candidates, "CANDIDATES_MOST", 1)
    several = holders(["恒泰机械制造有限公司", "恒泰机械有限公司", "恒泰机床制造有限公司"])
    found = match_names(projects, several)
    assert "linked" not in set(found.band)
    assert any("没有逐一比较" in text for text in found.evidence)
    assert "1 个项目单位名称" in said(found)["names_too_near"]


def test_a_name_far_from_those_left_out_still_links(monkeypatch):
    monkeypatch.setattr(name_candidates, "CANDIDATES_MOST", 1)
    found = match_names(
        holders(["洛阳恒泰机械有限公司", "洛阳鑫源建材有限公司"]),
        holders(["恒泰机械制造有限公司", "恒泰机床制造有限公司", "鑫源建材有限公司"]),
    )
    linked = found.band == "linked"
    assert list(zip(found.project[linked], found.parcel[linked], strict=True)) == [(1, 2)]


def test_a_core_of_too_many_names_is_said_and_only_equal_texts_link(monkeypatch):
    monkeypatch.setattr(name_candidates, "CORE_MOST", 5)
    names = [f"{place}恒泰机械有限公司" for place in ("洛阳", "郑州", "开封")]
    book, every = book_of(names)
    looked = candidates(book, every, every)
    assert len(looked.left) == 0
    assert looked.crowded.to_dict("records") == [{"core": "恒泰机械", "left": 3, "right": 3}]
    found = match_names(holders(names), holders(names))
    assert found.project.tolist() == found.parcel.tolist() == [0, 1, 2]
    assert set(found.band) == {"linked"}
    assert "恒泰机械" in said(found)["names_core_crowded"]
    fewer = match_names(holders(names[:1]), holders(names))
    assert len(fewer.project) == 3
    assert "names_core_crowded" not in said(fewer)


def test_doubtful_names_put_up_so_many_parcels_the_best_first(monkeypatch):
    names = near(40)
    parcels = holders(names * 3)
    whole = match_names(holders(names), parcels)
    assert not whole.issues
    monkeypatch.setattr(name_crowds, "PARCELS_MOST", 10)
    few = match_names(holders(names), parcels)
    doubtful = Counter(few.project[few.band == "review"].tolist())
    assert max(doubtful.values()) <= 10 + 2
    everything = list(zip(whole.project, whole.parcel, whole.band, whole.score, strict=True))
    kept = list(zip(few.project, few.parcel, few.band, few.score, strict=True))
    assert set(kept) < set(everything)
    assert [row for row in kept if row[2] == "linked"] == [row for row in everything if row[2] == "linked"]
    left_out = set(everything) - set(kept)
    for project in range(len(names)):
        lowest = min(row[3] for row in kept if row[0] == project)
        assert all(row[3] <= lowest for row in left_out if row[0] == project)
    assert "40 个项目单位名称" in said(few)["names_too_wide"]
