"""Amounts of money in a cell or a sentence, as intervals in 万元 (wan) of their currency."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from landuse.errors import AmbiguousError, CellError, UnitError
from landuse.parsing.currencies import ANY, CURRENCY
from landuse.parsing.naming import MONEY_NAMES, choose_named
from landuse.parsing.numbers import as_float, cell_number, digits_times
from landuse.parsing.quantities import Quantity, Unit, bare_number, label_before, scan
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank
from landuse.units import WAN_PER_YUAN

__all__ = ["Amount", "amount_unit_currency", "amount_unit_factor", "parse_amount"]


@dataclass(frozen=True)
class Amount:
    """An amount of money as an interval.

    Attributes
    ----------
    low, high : float
        Ends of the interval [wan of ``currency``]; 0 and inf where open.
    bound : str
        ``"exact"``, ``"at_most"`` or ``"at_least"``.
    currency : str
        ``"CNY"``, ``"USD"`` …
    approx : bool
        Whether the text says 约, 左右, 余 …; the interval is then as wide as ``approx_rel`` asks.
    raw : str
        The text as it stood.
    """

    low: float
    high: float
    bound: str
    currency: str
    approx: bool
    raw: str


_YUAN = r"(?:元|圆|圓)(?!件|器件|素|宇宙|月|旦)"
_UNIT = re.compile(
    rf"\s*(?:{_YUAN}(?:整|钱)?(?:\s*\(?\s*(?:{ANY})\s*\)?)?|\(?\s*(?:{ANY})元?\s*\)?)", re.IGNORECASE
)
_RATE = re.compile(r"\s*[/每]\s*(?:亩|公顷|平方|ha|hm2|m2|mu)|\s*每(?:亩|公顷|平)", re.IGNORECASE)
_PER_LAND = re.compile(r"(?:每亩|亩均|每公顷|每平方米|每平米|单价|地均|楼面地价)[^,;。0-9]{0,8}$")
_TOTAL = re.compile(r"总投资|投资总|总投入|投资规模|投资共|共投资|投资合计|投资额合计")
_PHASE = re.compile(r"([一二三四五六首前后末1-9])[期阶]")
_NOT_INVESTMENT = re.compile(
    "注册资[本金]|产值|税收|纳税|利润|销售|营业收入|营收|收入|贷款|补助|补贴|奖励|罚"
)
_PART = re.compile(
    "其中|包括|固定资产|建安|设备|土地款|地价|流动资金|一期|二期|三期|首期|已完成|累计|今年|年度"
)
_INVESTMENT = re.compile("投资|资金|造价|投入|价款|成交价|金额")
_RESIDUE = re.compile(
    r"[\s:()]*(?:本|该|项目|工程|计划|预计|预算|估算|概算|拟|实际|完成|累计|固定|资产|总|投|资|额|金额|合计|共|计|达|为|成交|价格?|价款|款|"
    r"人民币|RMB|CNY|USD|US\$|[¥$€£]|[\s:()])*",
    re.IGNORECASE,
)
_SIZES = {"": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
          "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "万亿": 10**12}  # fmt: skip
_ENGLISH = {"yuan": Fraction(1), "wan": Fraction(10**4), "wan yuan": Fraction(10**4), "yi": Fraction(10**8)}
_YUAN_UNIT = Unit(WAN_PER_YUAN, "CNY")


@lru_cache(maxsize=1024)
def _unit_word(text: str) -> Unit | None:
    """Read a unit that stands alone (万元, 亿美元, 元/年)."""
    words = re.sub(r"\s+", "", plain(text)).casefold().replace("萬", "万").replace("億", "亿")
    words = re.sub(r"[/每]年$", "", words).strip("()")
    if words in _ENGLISH:
        return Unit(_ENGLISH[words] * WAN_PER_YUAN, "CNY")
    codes = {m.lastgroup or "" for m in CURRENCY.finditer(words)}
    size = re.sub("[元圆()]", "", CURRENCY.sub("", words))
    if len(codes) > 1 or size not in _SIZES or not words:
        return None
    if not codes and "元" not in words and "圆" not in words and _SIZES[size] < 10**4:
        return None
    return Unit(_SIZES[size] * WAN_PER_YUAN, next(iter(codes), "CNY"))


def amount_unit_factor(unit_text: object) -> Fraction | None:
    """Return how many wan a unit of money is, None where the text is not one.

    Examples
    --------
    >>> amount_unit_factor("亿元"), amount_unit_factor("万美元"), amount_unit_factor("亩")
    (Fraction(10000, 1), Fraction(1, 1), None)
    """
    unit = _unit_word(str(unit_text))
    return None if unit is None else unit.factor


def amount_unit_currency(unit_text: object) -> str | None:
    """Return the currency of a unit of money, None where the text is not one.

    Examples
    --------
    >>> amount_unit_currency("亿元"), amount_unit_currency("万美元")
    ('CNY', 'USD')
    """
    unit = _unit_word(str(unit_text))
    return None if unit is None else unit.kind


def _read_unit(text: str, place: int) -> tuple[Unit, int] | None:
    match = _UNIT.match(text, place)
    if not match:
        return None
    code = CURRENCY.search(match[0])
    return Unit(WAN_PER_YUAN, (code.lastgroup if code else None) or "CNY"), match.end()


def parse_amount(
    text: object, default_unit: str | None = None, *, approx_rel: float = 0.1, of: str | None = None
) -> Amount | None:
    """Read an amount of money, or the investment that a sentence names.

    Parameters
    ----------
    text : object
        The cell: text, or a number in ``default_unit``.
    default_unit : str, optional
        Unit of numbers that name none: ``"元"``, ``"万元"``, ``"亿元"``, ``"万美元"`` …
    approx_rel : float
        Half the relative width of 约 and 左右 (the value times 1 ± ``approx_rel``); 余 and 多 reach from the
        value to 1 + ``approx_rel`` times it.
    of : str, optional
        The figure asked for: total, fixed, invested, planned, output, tax or price. What a sentence says of
        another one is then not taken for it. Without it, a sentence means the investment that it names.

    Returns
    -------
    Amount or None
        Its ends [wan of its currency]; None where the cell is blank.

    Raises
    ------
    UnitError
        A bare number, and no ``default_unit``.
    AmbiguousError
        Two amounts, none of which is the total, or another figure than the one asked for.
    CellError
        Not an amount, or a negative one.

    Examples
    --------
    >>> parse_amount("1亿2000万元").low, parse_amount("0.5亿").low
    (12000.0, 5000.0)
    >>> parse_amount("3-5亿元").high, parse_amount("不超过3000万元").low, parse_amount("待定")
    (50000.0, 0.0, None)
    """
    default = _default(default_unit)
    bare = digits_times(text, default.factor) if default else None
    if default and bare is not None:
        return Amount(bare, bare, "exact", default.kind, False, str(text))
    if is_blank(text):
        return None
    raw = str(text)
    if not isinstance(text, str):
        return _of_number(text, default, raw)
    words = plain(text)
    found = scan(words, _read_unit, implied=_YUAN_UNIT, approx_rel=approx_rel)
    money = [q for q in found if q.unit and not _is_rate(words, q)]
    if money:
        labels = {q: label_before(words, q, money) for q in money}
        chosen = (
            _chosen(money, labels, words)
            if of is None
            else choose_named(
                money, labels, of=of, names=MONEY_NAMES, choose=lambda some: _chosen(some, labels, words)
            )
        )
    else:
        chosen = bare_number(words, found, _RESIDUE, what="an amount")
        if default is None:
            raise UnitError(
                f"an amount without a unit: {raw!r}", remedy="name it in the header or as amount_unit"
            )
    return _amount(chosen, words, default, raw)


def _default(unit_text: str | None) -> Unit | None:
    if unit_text is None:
        return None
    unit = _unit_word(unit_text)
    if unit is None:
        raise UnitError(f"not a unit of money: {unit_text!r}", remedy="use 元, 万元 or 亿元")
    return unit


def _of_number(value: object, default: Unit | None, raw: str) -> Amount | None:
    number = cell_number(value)
    if number is None:
        return None
    if number < 0:
        raise CellError(f"a negative amount: {raw!r}")
    if default is None:
        raise UnitError(f"an amount without a unit: {raw}", remedy="name it in the header or as amount_unit")
    wan = as_float(number * default.factor, raw)
    return Amount(wan, wan, "exact", default.kind, False, raw)


def _is_rate(words: str, quantity: Quantity) -> bool:
    """Say whether an amount is one per area of land."""
    return bool(_RATE.match(words, quantity.end) or _PER_LAND.search(words[: quantity.start]))


def _chosen(money: list[Quantity], labels: Mapping[Quantity, str], words: str) -> Quantity:
    """Return the amount that a text is about."""
    total = [q for q in money if _TOTAL.search(labels[q]) and not _PHASE.search(labels[q])]
    if len(total) == 1:
        return total[0]
    rest = money if len(money) == 1 else [q for q in money if not _NOT_INVESTMENT.search(labels[q])]
    if not total and len(rest) > 1:
        main = [q for q in rest if _INVESTMENT.search(labels[q]) and not _PART.search(labels[q])]
        parts = [q for q in rest if q not in main]
        if len(main) == 1 and all(_PART.search(labels[q]) for q in parts) and not _PHASE.search(words):
            return main[0]
    if len(rest) != 1 or len(set(_PHASE.findall(words))) > 1:
        if _restated(rest, words):
            return rest[0]
        raise AmbiguousError(f"more than one amount, none of them the total: {words!r}")
    return rest[0]


def _restated(rest: list[Quantity], words: str) -> bool:
    """Say whether the second amount, in brackets, is the first in another unit."""
    if len(rest) != 2 or _PHASE.search(words) or any(q.bound != "exact" or q.approx for q in rest):
        return False
    between = words[rest[0].end : rest[1].start].strip()
    same = rest[0].unit is not None and rest[1].unit is not None and rest[0].unit.kind == rest[1].unit.kind
    return same and between in ("(", "(即", "(折合", "(合") and rest[0].low == rest[1].low


def _amount(quantity: Quantity, words: str, default: Unit | None, raw: str) -> Amount:
    unit = quantity.unit or default or _YUAN_UNIT
    codes = {m.lastgroup or "" for m in CURRENCY.finditer(words[quantity.start : quantity.end])}
    if unit.kind != "CNY":
        codes.add(unit.kind)
    if len(codes) > 1:
        raise AmbiguousError(f"an amount in two currencies: {raw!r}")
    high = math.inf if quantity.high is None else as_float(quantity.high * unit.factor, raw)
    low = as_float(quantity.low * unit.factor, raw)
    currency = next(iter(codes), unit.kind)
    return Amount(low, high, quantity.bound, currency, quantity.approx, raw)
