"""Projects by recipe: first the verdict and the clause that gives it, then figures that must lead there.

Nothing here asks the library what it thinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from landuse.testing import sums

__all__ = ["RECIPES", "Recipe", "recipe"]

SEPARATE, REFUSED, OPEN = "separate_land", "no_separate_land", "undecided"
TOTAL, INTENSITY, NONE = ("2.total",), ("2.intensity",), ("none_held",)
LITTLE, MUCH = (8.0, 14.0), (42.0, 110.0)


@dataclass(frozen=True)
class Recipe:
    """A kind of project: what is to come out, and what goes in.

    ``ground`` is where it stands: "own" (one parcel), "several", "joint", "outside", "other_zone" (the ledger
    names a zone of the other class), "partly" (one parcel number is not found), "lost" (none is found),
    "none" (no number, no request), "asking" and "asking_about" (wants land), "unknown_zone" and "no_zone"
    (asking; the class is unknown).
    """

    key: str
    words: str
    verdict: str
    clauses: tuple[str, ...]
    sums: sums.Sums
    count: int = 0
    ground: str = "own"
    is_new: bool | None = True
    mu: tuple[float, float] = (26.0, 75.0)
    borderline: bool | None = None


_HUNDRED_YUAN = Fraction(1, 100)
_OWN: list[Recipe] = [
    Recipe("dense", "总投资、投资强度均明显达标", SEPARATE, NONE, sums.dense, borderline=False),
    Recipe("thin", "总投资达标，投资强度明显不足", REFUSED, INTENSITY, sums.thin, 4, borderline=False),
    Recipe(
        "small_dense",
        "总投资不足，投资强度达标",
        REFUSED,
        TOTAL,
        sums.small_dense,
        4,
        mu=LITTLE,
        borderline=False,
    ),
    Recipe("small", "总投资不足", REFUSED, TOTAL, sums.small, 2, borderline=False),
    Recipe("old_thin", "非新建，强度条款不适用，总投资达标", SEPARATE, NONE, sums.thin, 3, is_new=False),
    Recipe("old_small", "非新建，总投资不足", REFUSED, TOTAL, sums.small, 1, is_new=False, borderline=False),
    Recipe(
        "at_bar",
        "总投资恰为限值（以下含本数）",
        REFUSED,
        TOTAL,
        sums.total_of(lambda b: Fraction(b.total), "0.92", "yi"),
        2,
        mu=LITTLE,
        borderline=True,
    ),
    Recipe(
        "over_bar",
        "总投资超过限值100元",
        SEPARATE,
        NONE,
        sums.total_of(lambda b: b.total + _HUNDRED_YUAN, "0.92", "number"),
        2,
        mu=LITTLE,
        borderline=False,
    ),
    Recipe(
        "under_bar",
        "总投资比限值少100元",
        REFUSED,
        TOTAL,
        sums.total_of(lambda b: b.total - _HUNDRED_YUAN, "0.92", "wan"),
        1,
        mu=LITTLE,
        borderline=False,
    ),
    Recipe(
        "at_limit",
        "投资强度恰为限值（不低于含本数）",
        SEPARATE,
        NONE,
        sums.intensity_of("0"),
        3,
        borderline=True,
    ),
    Recipe(
        "under_limit",
        "固定资产投资比强度限值少100元",
        REFUSED,
        INTENSITY,
        sums.intensity_of("0.01"),
        2,
        borderline=True,
    ),
    Recipe(
        "about_bar",
        "总投资约为限值，无法判断",
        OPEN,
        TOTAL,
        sums.about_bar("0.88"),
        2,
        mu=LITTLE,
        borderline=True,
    ),
    Recipe(
        "about_bar_thin",
        "总投资约为限值，但投资强度已明显不足",
        REFUSED,
        INTENSITY,
        sums.about_bar("0.8"),
        2,
        mu=MUCH,
        borderline=False,
    ),
    Recipe(
        "range",
        "总投资为区间，跨限值",
        OPEN,
        TOTAL,
        sums.spread("0.8", "1.2", "0.76"),
        1,
        mu=(8.0, 12.5),
        borderline=True,
    ),
    Recipe(
        "range_over",
        "总投资为区间，整体高于限值",
        SEPARATE,
        NONE,
        sums.spread("1.2", "1.8", "1.16"),
        1,
        mu=(13.0, 20.0),
    ),
    Recipe(
        "only_total_thin",
        "固定资产投资缺，按总投资计强度也不足",
        REFUSED,
        INTENSITY,
        sums.only_total(0.72, 0.84),
        2,
        mu=MUCH,
        borderline=False,
    ),
    Recipe("only_total_dense", "固定资产投资缺，强度无法判断", OPEN, INTENSITY, sums.only_total(1.4, 2.0), 2),
    Recipe(
        "only_total_old",
        "固定资产投资缺，但非新建",
        SEPARATE,
        NONE,
        sums.only_total(1.4, 2.0),
        1,
        is_new=False,
    ),
    Recipe("only_fixed", "总投资缺，固定资产投资已超过总投资限值", SEPARATE, NONE, sums.only_fixed(1.25), 2),
    Recipe(
        "only_fixed_small",
        "总投资缺，固定资产投资低于总投资限值",
        OPEN,
        TOTAL,
        sums.only_fixed(0.8),
        1,
        mu=LITTLE,
    ),
    Recipe(
        "only_fixed_thin",
        "总投资缺，投资强度明显不足",
        REFUSED,
        INTENSITY,
        sums.only_fixed(0.6),
        1,
        mu=MUCH,
        borderline=False,
    ),
    Recipe(
        "unsaid_dense", "建设性质不详，强度达标，两种读法一致", SEPARATE, NONE, sums.dense, 1, is_new=None
    ),
    Recipe("unsaid_thin", "建设性质不详，强度不足，无法判断", OPEN, INTENSITY, sums.thin, 2, is_new=None),
    Recipe("fixed_over_total", "固定资产投资大于总投资，数据矛盾", OPEN, TOTAL, sums.fixed_over_total, 2),
    Recipe("nothing", "投资额均缺", OPEN, TOTAL, sums.nothing, 1),
    Recipe(
        "about_limit",
        "固定资产投资约数跨强度限值",
        OPEN,
        INTENSITY,
        sums.about_limit,
        2,
        mu=(30.0, 60.0),
        borderline=True,
    ),
    Recipe("two_phases", "总投资为两期两个数，读不成一个数", OPEN, TOTAL, sums.two_phases, 1, mu=LITTLE),
    Recipe("dollars", "总投资为美元，无汇率", OPEN, TOTAL, sums.dollars, 1),
    Recipe("least", "总投资只有下限，已高于限值", SEPARATE, NONE, sums.least, 1),
]


_ELSEWHERE: list[Recipe] = [
    Recipe("outside", "宗地在各集聚区之外", "out_of_scope", NONE, sums.small, 3, "outside", mu=(8.0, 60.0)),
    Recipe(
        "other_between",
        "台账与宗地所在集聚区类别不同，总投资介于两限值之间",
        OPEN,
        TOTAL,
        sums.both(4000, 260),
        2,
        "other_zone",
        mu=(8.0, 14.0),
    ),
    Recipe(
        "other_small",
        "集聚区类别不明，总投资低于两类限值",
        REFUSED,
        TOTAL,
        sums.both(2000, 260),
        1,
        "other_zone",
        mu=(8.0, 14.0),
    ),
    Recipe(
        "other_dense",
        "集聚区类别不明，两类均达标",
        SEPARATE,
        NONE,
        sums.both(15000, 290),
        1,
        "other_zone",
        mu=(25.0, 50.0),
    ),
    Recipe("several_dense", "一个项目多宗地，达标", SEPARATE, NONE, sums.dense, 4, "several"),
    Recipe(
        "several_thin",
        "一个项目多宗地，强度不足",
        REFUSED,
        INTENSITY,
        sums.thin,
        2,
        "several",
        borderline=False,
    ),
    Recipe("partly_dense", "有一个宗地号查不到，用地只知下限", OPEN, INTENSITY, sums.dense, 1, "partly"),
    Recipe(
        "partly_thin",
        "有一个宗地号查不到，已知用地上强度已不足",
        REFUSED,
        INTENSITY,
        sums.thin,
        1,
        "partly",
    ),
    Recipe("lost", "宗地号均查不到，用地不明", OPEN, INTENSITY, sums.dense, 1, "lost"),
    Recipe("none_small", "无宗地号，总投资不足", REFUSED, TOTAL, sums.small, 1, "none", borderline=False),
    Recipe("none_new", "无宗地号，用地不明，强度无法判断", OPEN, INTENSITY, sums.dense, 1, "none"),
]


_ASKING: list[Recipe] = [
    Recipe("ask_dense", "申请用地，达标", SEPARATE, NONE, sums.dense, 16, "asking", mu=(18.0, 70.0)),
    Recipe("ask_thin", "申请用地，强度不足", REFUSED, INTENSITY, sums.thin, 4, "asking", borderline=False),
    Recipe(
        "ask_small",
        "申请用地，总投资不足",
        REFUSED,
        TOTAL,
        sums.small,
        3,
        "asking",
        mu=(8.0, 30.0),
        borderline=False,
    ),
    Recipe("ask_old", "申请用地，非新建", SEPARATE, NONE, sums.thin, 1, "asking", is_new=False),
    Recipe("ask_about_land", "申请用地为约数，仍达标", SEPARATE, NONE, sums.dense, 1, "asking_about"),
    Recipe(
        "ask_about_across",
        "申请用地为约数，强度跨限值",
        OPEN,
        INTENSITY,
        sums.intensity_of("0"),
        1,
        "asking_about",
        borderline=True,
    ),
    Recipe(
        "ask_only_total",
        "申请用地，固定资产投资缺",
        OPEN,
        INTENSITY,
        sums.only_total(1.4, 2.0),
        1,
        "asking",
    ),
    Recipe(
        "ask_about_bar",
        "申请用地，总投资约为限值",
        OPEN,
        TOTAL,
        sums.about_bar("0.88"),
        2,
        "asking",
        mu=LITTLE,
        borderline=True,
    ),
    Recipe(
        "unknown_between",
        "台账所列集聚区不在范围图中，总投资介于两限值之间",
        OPEN,
        TOTAL,
        sums.both(4000, 260),
        1,
        "unknown_zone",
        mu=(8.0, 14.0),
    ),
    Recipe(
        "unknown_small",
        "台账所列集聚区不在范围图中，总投资低于两类限值",
        REFUSED,
        TOTAL,
        sums.both(2400, 200),
        1,
        "unknown_zone",
        mu=(8.0, 12.0),
    ),
    Recipe(
        "unknown_thin",
        "台账所列集聚区不在范围图中，强度介于两限值之间",
        OPEN,
        INTENSITY,
        sums.both(12000, 175),
        1,
        "unknown_zone",
        mu=(40.0, 60.0),
    ),
    Recipe(
        "no_zone",
        "台账未填集聚区，两类均达标",
        SEPARATE,
        NONE,
        sums.both(15000, 290),
        1,
        "no_zone",
        mu=(25.0, 50.0),
    ),
]


RECIPES = (*_OWN, *_ELSEWHERE, *_ASKING)
"""All kinds but the joint sites; ``dense`` fills up to the number of projects wanted."""


def recipe(key: str) -> Recipe:
    """Return the recipe of a name."""
    return next(r for r in RECIPES if r.key == key)
