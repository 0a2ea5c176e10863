"""Quantities in a text: numbers with scales and units, ranges, about, at most, at least. Knows no column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from landuse.errors import AmbiguousError, CellError, PlanError
from landuse.parsing.currencies import ANY
from landuse.parsing.numbers import chinese_integer, decimal_number

__all__ = ["Quantity", "Unit", "bare_number", "label_before", "scan"]


@dataclass(frozen=True)
class Unit:
    """A unit: how many of the base unit it is, and of what kind (a currency, or ``m2``)."""

    factor: Fraction
    kind: str


@dataclass(frozen=True)
class Quantity:
    """A quantity found in a text; ``unit`` is None for a number that names none, ``high`` None for no end."""

    start: int
    end: int
    low: Fraction
    high: Fraction | None
    unit: Unit | None
    bound: str = "exact"
    approx: bool = False
    scale: Fraction = Fraction(1)
    more: bool = False
    simple: bool = True
    ranged: bool = False


UnitReader = Callable[[str, int], "tuple[Unit, int] | None"]
"""Reads the unit that stands at a place of a text: the unit and the place after it."""

_ARABIC = re.compile(r"[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]{1,2}(?![0-9]))?|\.[0-9]+")
_HAN = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
_CHINESE = re.compile(
    f"(?<![几数多第上])[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾][{_HAN}]*(?:点[{_HAN}]+)?"
)
_NUMBER = re.compile(f"{_ARABIC.pattern}|{_CHINESE.pattern}")
_SCALE = re.compile(r"\s*([十百千拾佰仟]?)(万亿|亿|万|億|萬)|\s*()个(亿|億)|\s*([百千佰仟])")
_SCALES = {
    "": 1, "十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "万": 10**4, "萬": 10**4,
    "亿": 10**8, "億": 10**8, "万亿": 10**12,
}  # fmt: skip
_BRACKETED = re.compile(r"\(.*\)")
_WAN = 10_000
_STEP = re.compile(f"[零〇]?({_NUMBER.pattern})")
_DIGIT = re.compile(r"[0-9]")
_MORE = re.compile(r"\s*(?:余|多)(?![额款下方])")
_STOP = re.compile(
    r"\s*(?:$|[-−–—―±~∼〜,;。.、:/()+\[\]\s]|至|到|以[上下内]|之内|左右|上下|及以|或以|余|多|起|投资|资金|人民币)"
    r"|\s+(?![件吨台套个只辆米平亩户人名桶瓶箱张支条株棵头羽颗粒片升度千公ktKTmM])"
)
_RANGE = re.compile(r"\s*(?:--?|[–−—―~∼〜至到]|——|~~)\s*(?:人民币|约|[¥$€])?\s*")
_STRAY = re.compile(r"[0-9][-'’`·_ /:×xX*÷^、,。]\s*$")
_OPEN_END = re.compile(r"\s*(?:[~∼〜±]|\+\s*/?\s*-|[-−–—―](?=\s*$))")
_OPEN_START = re.compile(r"[~∼〜±]\s*$")
_NEGATIVE = re.compile(r"(?:(?<!—)—|[-−–―]|负)\s*$")

_NOT = "(?:不|未|没|没有|不会|不得|不应|不能|不宜)"
_OR = "(?:或|或者)?"
_BEFORE = re.compile(
    rf"(?:(?P<most>{_NOT}(?:超过|超出|超|高于|多于|大于)|{_NOT}大于{_OR}等于|小于{_OR}等于|至多|最多|最高|上限|小于|低于|不足|少于|不到|未达|控制在|<=?|≤|≦|⩽)"
    rf"|(?P<least>{_NOT}(?:低于|少于|小于|下于)|{_NOT}小于{_OR}等于|大于{_OR}等于|至少|最少|最低|起码|超过|超出|超|高于|多于|大于|突破|逾|>=?|≥|≧|⩾)"
    r"|(?P<about>大约|大概|大致|(?<![签契节预履违])约|将近|接近|(?<![附最靠临])近)"
    r"|(?P<skip>[\s:]+|为|合(?!计)|达到|达|共计|共"
    rf"|\([^()0-9]{{0,6}}(?:{ANY})[^()0-9]{{0,3}}\)|(?<![0-9十百千万亿])(?:{ANY})))$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:(?P<skip>\((?:不?含|含本数)\))|(?P<within>\(?±\s*[0-9]{1,2}(?:\.[0-9]+)?\s*%\)?)|(?P<most>[及或]?以下|以内|之内)|(?P<least>[及或]?以上|起(?!步|步价)|\+(?!\s*/?\s*[-−0-9]))"
    r"|(?P<about>左右|上下)|(?P<more>有余|余(?![额款下])|多(?![方元家种渠层个])))"
)


def scan(text: str, read_unit: UnitReader, *, implied: Unit | None, approx_rel: float) -> list[Quantity]:
    """Return the quantities of a text in order.

    Parameters
    ----------
    text : str
        Text made ``plain``.
    read_unit : callable
        Reads the unit at a place.
    implied : Unit or None
        The unit that 万 and 亿 carry by themselves (元, for money), or None.
    approx_rel : float
        Half the relative width of 约.

    Raises
    ------
    CellError
        For malformed or negative numbers with a unit.
    AmbiguousError
        For a range that runs backwards or bounds that contradict each other.
    PlanError
        For an ``approx_rel`` that is not 0 or more and under 1.
    """
    found: list[Quantity] = []
    place = 0
    while number := _NUMBER.search(text, place):
        token = _token(text, number, read_unit, implied)
        place = max(number.end(), token.end if token else 0)
        if token is None:
            continue
        between = text[found[-1].end : token.start] if found else ""
        if found and not found[-1].ranged and _RANGE.fullmatch(between):
            joined = _joined(found[-1], token, text, implied=implied, about="约" in between)
            if joined:
                token = replace(joined, ranged=True)
                found.pop()
        if token.unit and (bad := _STRAY.search(text[: token.start])):
            raise AmbiguousError(f"two numbers stand together: {text[bad.start() : token.end]!r} in {text!r}")
        found.append(token)
    rel = Fraction(str(approx_rel))
    if not 0 <= rel < 1:
        raise PlanError(
            f"approx_rel = {approx_rel} is not a share", key="approx_rel", remedy="0 or more, under 1"
        )
    return _paired([_bounded(q, text, rel) for q in found])


def _value(number: str) -> Fraction | None:
    if number[0] in "0123456789.":
        return decimal_number(number)
    whole, point, part = number.partition("点")
    units = chinese_integer(whole)
    if units is None or not point:
        return None if units is None else Fraction(units)
    digits = [chinese_integer(sign) for sign in part]
    if any(d is None or d > 9 for d in digits):
        return None
    return units + Fraction(int("".join(map(str, digits))), 10 ** len(digits))


def _scale(text: str, place: int) -> tuple[Fraction, int]:
    match = _SCALE.match(text, place)
    if not match:
        return Fraction(1), place
    if match[5]:
        return Fraction(_SCALES[match[5]]), match.end()
    return Fraction(_SCALES[match[1] or ""] * _SCALES[match[2] or match[4]]), match.end()


def _token(text: str, number: re.Match[str], read_unit: UnitReader, implied: Unit | None) -> Quantity | None:
    """Read number, scale and unit at a match; None where what follows makes it a number of something else."""
    value, place, more = _value(number[0]), *_skip_more(text, number.end())
    scale, place = _scale(text, place)
    if value is None:
        if read_unit(text, place) or (implied and scale >= _WAN):
            raise CellError(f"not a number: {number[0]!r} in {text!r}", remedy="write 1234.5 or 1,234.5")
        return None
    total, last, simple = value * scale, scale, True
    place, again = _skip_more(text, place)
    while last >= _WAN and not (more or again):
        step = _STEP.match(text, place)
        part = _value(step[1]) if step else None
        if step is None or part is None:
            break
        factor, after = _scale(text, step.end())
        if factor >= last or part * factor >= last or (factor < _WAN and not read_unit(text, after)):
            break
        total, last, simple = total + part * factor, factor, False
        place, again = _skip_more(text, after)
    unit, end = read_unit(text, place) or (None, place)
    if unit is None:
        if not _STOP.match(text, end):
            return None
        unit = implied if scale >= _WAN else None
    if _DIGIT.match(text, end):
        raise CellError(f"digits run on after a unit: {text[number.start() : end + 6]!r} in {text!r}")
    return Quantity(number.start(), end, total, total, unit, scale=scale, more=more or again, simple=simple)


def _skip_more(text: str, place: int) -> tuple[int, bool]:
    inner = _MORE.match(text, place)
    return (inner.end(), True) if inner else (place, False)


def _joined(
    first: Quantity, last: Quantity, text: str, *, implied: Unit | None, about: bool
) -> Quantity | None:
    """Return the range of two quantities, None where it is none; a bare first takes scale and unit."""
    if first.unit is None and first.scale == 1:
        first = replace(first, low=first.low * last.scale)
        if not last.simple:
            raise AmbiguousError(f"a range whose first end names no unit: {text!r}")
    elif first.unit is None and first.scale not in (last.scale, _WAN):
        raise AmbiguousError(f"a range whose ends may be of different size: {text!r}")
    if first.unit and not last.unit:
        raise AmbiguousError(f"a range whose last end names no unit: {text!r}")
    kinds = {q.unit.kind for q in (first, last) if q.unit and q.unit is not implied}
    if len(kinds) > 1:
        raise AmbiguousError(f"a range between two currencies: {text!r}")
    low = first.low
    if first.unit and last.unit:
        low = first.low * first.unit.factor / last.unit.factor
    if last.high is None or low > last.high:
        if last.unit is None:
            return None
        raise AmbiguousError(f"a range that runs backwards: {text!r}", remedy="write both ends with units")
    return replace(last, start=first.start, low=low, approx=about, more=first.more or last.more)


def _bounded(quantity: Quantity, text: str, rel: Fraction) -> Quantity:
    """Return the quantity widened by the words before and after it."""
    marks, head, place, within = set[str](), text[: quantity.start], quantity.end, Fraction(0)
    while match := _BEFORE.search(head):
        marks.add(match.lastgroup or "")
        head = head[: match.start()]
    if quantity.unit and _NEGATIVE.search(head):
        raise CellError(f"a negative quantity: {text!r}")
    while match := _AFTER.match(text, place):
        marks.add(match.lastgroup or "")
        if match.lastgroup == "within":
            within = Fraction(re.sub(r"[^0-9.]", "", match[0])) / 100
        place = match.end()
    if quantity.unit and (_OPEN_END.match(text, place) or _OPEN_START.search(head)):
        raise AmbiguousError(f"one end of a range only: {text!r}", remedy="write both ends, or about")
    if {"most", "least"} <= marks:
        raise AmbiguousError(f"at most and at least at once: {text!r}")
    about, more = "about" in marks or quantity.approx, "more" in marks or quantity.more
    low, high = quantity.low, quantity.low if quantity.high is None else quantity.high
    if within:
        low, high = low * (1 - within), high * (1 + within)
    elif about:
        low, high = low * (1 - rel), high * (1 + rel)
    elif more:
        high = high * (1 + rel)
    bound = "at_most" if "most" in marks else "at_least" if "least" in marks else "exact"
    return replace(
        quantity,
        low=Fraction(0) if bound == "at_most" else low,
        high=None if bound == "at_least" else high,
        bound=bound,
        approx=about or more or within > 0,
        start=len(head),
        end=place,
    )


def _paired(quantities: list[Quantity]) -> list[Quantity]:
    """Join "3亿元以上5亿元以下" to one."""
    if len(quantities) != 2:
        return quantities
    first, last = quantities
    if not (first.unit and last.unit and first.unit.kind == last.unit.kind):
        return quantities
    low, high = first.low * first.unit.factor, (last.high or 0) * last.unit.factor
    if (first.bound, last.bound) != ("at_least", "at_most") or last.start - first.end > 1 or low > high:
        return quantities
    return [replace(last, start=first.start, low=low / last.unit.factor, bound="exact")]


def label_before(text: str, quantity: Quantity, others: list[Quantity]) -> str:
    """Return the words between the last quantity or stop and this one."""
    ends = [q.end for q in others if q.end <= quantity.start]
    head = text[max(ends, default=0) : quantity.start]
    return re.split(r"[,;。、!?\n]", head.rstrip(",;。、 "))[-1] if head.strip(",;。、 ") else ""


def bare_number(text: str, quantities: list[Quantity], residue: re.Pattern[str], *, what: str) -> Quantity:
    """Return the only number of a cell that holds nothing but it and words of ``residue``.

    Raises
    ------
    CellError
        Where there is no number, more than one, a negative one, or other words.
    """
    bare = [q for q in quantities if q.unit is None]
    if len(bare) == 1 and len(quantities) == 1 and not _BRACKETED.fullmatch(text):
        only = bare[0]
        if _NEGATIVE.search(text[: only.start]):
            raise CellError(f"a negative quantity: {text!r}")
        if residue.fullmatch(text[: only.start]) and residue.fullmatch(text[only.end :]):
            return only
    raise CellError(f"not {what}: {text!r}", remedy="write one number with its unit, or leave the cell empty")
