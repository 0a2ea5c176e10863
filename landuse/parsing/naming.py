"""Which figure the words before a number name: total or fixed investment, floor area or farmland."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from landuse.errors import AmbiguousError
from landuse.parsing.quantities import Quantity

__all__ = ["AREA_NAMES", "MONEY_NAMES", "choose_named"]

Names = Mapping[str, re.Pattern[str]]

MONEY_NAMES: Names = {
    "fixed": re.compile("固定资产|固投"),
    "total": re.compile("总投资|投资总|总投入|投资规模|投资共|共投资|投资合计|投资额合计"),
    "invested": re.compile("已完成|累计|完成投资|已投|实际投|到位"),
    "price": re.compile("地价|土地款|土地价|出让金|出让价|成交|价款"),
    "output": re.compile("产值|销售|营业收入|营收"),
    "tax": re.compile("税"),
    "profit": re.compile("利税|利润"),
    "part": re.compile("设备|建安|流动资金|注册资|贷款|补助|补贴|奖励|罚"),
}
"""What words say of an amount of money, in the order in which one outweighs the next, ``_WINS`` first."""

AREA_NAMES: Names = {
    "floor": re.compile("建筑面积|计容|建面"),
    "footprint": re.compile("建筑占地|建筑物占地|构筑物占地|基底"),
    "green": re.compile("绿化|绿地"),
    "cultivated": re.compile("耕地"),
    "farmland": re.compile("农用地"),
    "due": re.compile("应动工|应开发"),
    "developed": re.compile("已动工|已开发|已建"),
    "land": re.compile("占地|用地|土地|宗地|地块|规划面积|出让面积|征收"),
}
"""What words say of an area, in the order in which one outweighs the next."""

_WINS = ("profit", "invested", "fixed")
_ALSO = {"planned": ("planned", "total")}
"""What else a column takes: the base of the money spent is a total."""


def _kind(label: str, names: Names) -> str | None:
    """Return the kind of figure that a label names, None where it names none."""
    found = [kind for kind, words in names.items() if words.search(label)]
    return next((kind for kind in (*_WINS, *found) if kind in found), None)


def choose_named(
    quantities: list[Quantity],
    labels: Mapping[Quantity, str],
    *,
    of: str,
    names: Names,
    choose: Callable[[list[Quantity]], Quantity],
) -> Quantity:
    """Return the quantity that a column asks for.

    Parameters
    ----------
    quantities : list of Quantity
        All of a text.
    labels : mapping
        The words before each.
    of : str
        The figure that the column holds.
    names : mapping
        ``MONEY_NAMES`` or ``AREA_NAMES``.
    choose : callable
        Chooses among what names no other figure.

    Raises
    ------
    AmbiguousError
        Where the text speaks of other figures only.
    """
    wanted = _ALSO.get(of, (of,))
    kinds = {q: _kind(labels[q], names) for q in quantities}
    mine = [q for q in quantities if kinds[q] in wanted]
    if len(mine) == 1:
        return mine[0]
    rest = [q for q in quantities if kinds[q] is None or kinds[q] in wanted]
    if not rest:
        said = ", ".join(dict.fromkeys(labels[q].strip() for q in quantities))
        raise AmbiguousError(f"another figure ({said}) than the column holds")
    return choose(rest)
