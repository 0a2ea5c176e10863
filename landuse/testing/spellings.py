"""Cells as people write them, with what they mean known beforehand: Hypothesis strategies.

They know units and spellings from the world, nothing of the parsers. Needs the optional package hypothesis.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from landuse.testing.strategies import strategies_of_hypothesis

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Written", "WrittenDate", "amount_texts", "area_texts", "chinese_numeral", "date_texts"]

MONEY = {
    "元": Fraction(1, 10_000), "圆": Fraction(1, 10_000), "元整": Fraction(1, 10_000),
    "千元": Fraction(1, 10), "万": Fraction(1), "万元": Fraction(1), "萬元": Fraction(1),
    "百万": Fraction(100), "百万元": Fraction(100),
    "千万": Fraction(1000), "千万元": Fraction(1000), "亿": Fraction(10_000), "亿元": Fraction(10_000),
    "億元": Fraction(10_000), "个亿": Fraction(10_000), "万元人民币": Fraction(1),
    "亿元(人民币)": Fraction(10_000),
}  # fmt: skip
"""What a unit of money is worth [wan]."""
FOREIGN = {
    "万美元": ("USD", Fraction(1)), "亿美元": ("USD", Fraction(10_000)), "万港元": ("HKD", Fraction(1)),
    "万欧元": ("EUR", Fraction(1)), "亿日元": ("JPY", Fraction(10_000)),
}  # fmt: skip
"""The currency of a unit and what it is worth [wan of it]."""
LAND = {
    "亩": Fraction(2000, 3), "市亩": Fraction(2000, 3), "畝": Fraction(2000, 3),
    "万亩": Fraction(20_000_000, 3),
    "公顷": Fraction(10_000), "ha": Fraction(10_000), "hm2": Fraction(10_000), "hm²": Fraction(10_000),
    "㎡": Fraction(1), "m2": Fraction(1), "m²": Fraction(1), "平方米": Fraction(1), "平米": Fraction(1),
    "平方": Fraction(1), "万平方": Fraction(10_000), "万平方米": Fraction(10_000), "万㎡": Fraction(10_000),
    "平方公里": Fraction(10**6), "平方千米": Fraction(10**6), "km2": Fraction(10**6), "㎢": Fraction(10**6),
}  # fmt: skip
"""What a unit of area is [m2]."""
_TENTH = Fraction(1, 10)
MOODS: dict[str, tuple[str, Fraction | None, Fraction | None]] = {
    "{}": ("exact", Fraction(1), Fraction(1)),
    "约{}": ("exact", 1 - _TENTH, 1 + _TENTH),
    "大约{}": ("exact", 1 - _TENTH, 1 + _TENTH),
    "近{}": ("exact", 1 - _TENTH, 1 + _TENTH),
    "{}左右": ("exact", 1 - _TENTH, 1 + _TENTH),
    "{}上下": ("exact", 1 - _TENTH, 1 + _TENTH),
    "{}±5%": ("exact", Fraction(95, 100), Fraction(105, 100)),
    "不超过{}": ("at_most", Fraction(0), Fraction(1)),
    "{}以下": ("at_most", Fraction(0), Fraction(1)),
    "{}以内": ("at_most", Fraction(0), Fraction(1)),
    "≤{}": ("at_most", Fraction(0), Fraction(1)),
    "＜{}": ("at_most", Fraction(0), Fraction(1)),
    "小于等于{}": ("at_most", Fraction(0), Fraction(1)),
    "不足{}": ("at_most", Fraction(0), Fraction(1)),
    "不低于{}": ("at_least", Fraction(1), None),
    "不少于{}": ("at_least", Fraction(1), None),
    "{}以上": ("at_least", Fraction(1), None),
    "≥{}": ("at_least", Fraction(1), None),
    "＞{}": ("at_least", Fraction(1), None),
    "大于等于{}": ("at_least", Fraction(1), None),
    "超过{}": ("at_least", Fraction(1), None),
}
"""What words around a figure do to it: kind of bound, and its ends as multiples of the figure."""
_DIGITS = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_WIDE = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")


@dataclass(frozen=True)
class Written:
    """A text and what it means: the ends of its interval (None: no upper end), bound, currency."""

    text: str
    low: Fraction
    high: Fraction | None
    bound: str = "exact"
    currency: str = "CNY"


@dataclass(frozen=True)
class WrittenDate:
    """A text (or number) and the days it can mean."""

    cell: Any
    first: date
    last: date


def chinese_numeral(number: int, *, formal: bool = False) -> str:
    """Return a whole number from 1 to 9999 in Chinese numerals.

    Examples
    --------
    >>> chinese_numeral(1050), chinese_numeral(12), chinese_numeral(2005, formal=True)
    ('一千零五十', '十二', '贰仟零伍')
    """
    digits, units = (_FORMAL, ("", "拾", "佰", "仟")) if formal else (_DIGITS, ("", "十", "百", "千"))
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            zero = bool(text)
            continue
        text += (digits[0] if zero else "") + digits[digit] + units[place]
        zero = False
    return text.removeprefix("一") if 10 <= number < 20 and not formal else text


def _figures(st: Any) -> Any:
    """Figures: (text, value, whether in Arabic digits)."""

    def arabic(parts: tuple[int, int, str]) -> tuple[str, Fraction, bool]:
        cents, places, style = parts
        value = Fraction(cents, 10**places)
        whole, part = divmod(cents, 10**places)
        tail = f".{part:0{places}d}" if places else ""
        if style == "power" and whole > 9:
            power = len(str(whole)) - 1
            return f"{Decimal(cents).scaleb(-places - power).normalize():f}E+{power:02d}", value, True
        return (f"{whole:,}" if style == "comma" else str(whole)) + tail, value, True

    plain = st.tuples(st.integers(1, 10**8), st.integers(0, 3), st.sampled_from(["", "comma", "power"]))
    chinese = st.tuples(st.integers(1, 9999), st.booleans())
    return st.one_of(
        plain.map(arabic),
        chinese.map(lambda c: (chinese_numeral(c[0], formal=c[1]), Fraction(c[0]), False)),
    )


def _one(st: Any, units: dict[str, Fraction]) -> Any:
    """One figure with its unit: a Written."""

    def build(parts: Any) -> Written:
        (digits, value, arabic), unit, mood, gap = parts
        if not arabic and unit[0] in "百千":  # nobody writes 十千万
            unit = "万元"
        bound, least, most = MOODS[mood]
        exact = value * units[unit]
        text = mood.format(f"{digits}{gap}{unit}")
        return Written(text, exact * (least or 0), None if most is None else exact * most, bound)

    return st.tuples(
        _figures(st),
        st.sampled_from(sorted(units)),
        st.sampled_from(sorted(MOODS)),
        st.sampled_from(["", " "]),
    ).map(build)


def _range(st: Any, units: dict[str, Fraction]) -> Any:
    """A range whose ends share a unit, written once or twice."""

    def build(parts: Any) -> Written:
        low, more, unit, dash, twice = parts
        text = f"{low}{unit if twice else ''}{dash}{low + more}{unit}"
        return Written(text, low * units[unit], (low + more) * units[unit])

    plain = sorted(u for u in units if u not in ("个亿",))
    dashes = ["-", "~", "—", "－", "～", "至", "到", "–"]
    return st.tuples(
        st.integers(1, 10**6),
        st.integers(0, 10**6),
        st.sampled_from(plain),
        st.sampled_from(dashes),
        st.booleans(),
    ).map(build)


def _dressed(st: Any, written: Any) -> Any:
    """The same in full width, with white space around, or behind a label."""

    def build(parts: tuple[Written, str, bool]) -> Written:
        one, wrap, wide = parts
        text = wrap.format(one.text.translate(_WIDE) if wide else one.text)
        return Written(text, one.low, one.high, one.bound, one.currency)

    wraps = ["{}", " {} ", "\u3000{}", "{}\n", "\ufeff{}"]
    return st.tuples(written, st.sampled_from(wraps), st.booleans()).map(build)


def amount_texts() -> SearchStrategy[Written]:
    """Amounts of money [wan of their currency] in every unit, spelling and width, ranges and bounds."""
    st = strategies_of_hypothesis()

    def steps(parts: tuple[int, int]) -> Written:
        yi, wan = parts
        return Written(f"{yi}亿{wan}万元", Fraction(yi * 10_000 + wan), Fraction(yi * 10_000 + wan))

    def foreign(parts: tuple[int, str]) -> Written:
        number, unit = parts
        currency, wan = FOREIGN[unit]
        return Written(f"{number:,}{unit}", number * wan, number * wan, "exact", currency)

    def more(parts: tuple[int, str]) -> Written:
        number, unit = parts
        return Written(f"{number}余{unit}", number * MONEY[unit], number * MONEY[unit] * (1 + _TENTH))

    compound = st.tuples(st.integers(1, 99), st.integers(1, 9999)).map(steps)
    abroad = st.tuples(st.integers(1, 10**6), st.sampled_from(sorted(FOREIGN))).map(foreign)
    odd = st.tuples(st.integers(1, 10**6), st.sampled_from(["万元", "亿元"])).map(more)
    return _dressed(st, st.one_of(_one(st, MONEY), _range(st, MONEY), compound, abroad, odd))  # type: ignore[no-any-return]


def area_texts() -> SearchStrategy[Written]:
    """Areas of land [m2] in every unit, spelling and width, alone or in a sentence with floor and green."""
    st = strategies_of_hypothesis()
    alone = st.one_of(_one(st, LAND), _range(st, LAND))

    def sentence(parts: tuple[int, str, int, int, bool]) -> Written:
        land, unit, floor, green, first = parts
        site, other = f"占地{land}{unit}", f"建筑面积{floor}平方米，绿化面积{green}平方米"
        text = f"{site}，{other}" if first else f"{other}；{site}"
        return Written(text, land * LAND[unit], land * LAND[unit])

    numbers = st.integers(1, 10**6)
    mixed = st.tuples(numbers, st.sampled_from(sorted(LAND)), numbers, numbers, st.booleans()).map(sentence)
    return _dressed(st, st.one_of(alone, mixed))  # type: ignore[no-any-return]


def _year(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] for d in str(number))


def date_texts() -> SearchStrategy[WrittenDate]:
    """Dates as texts, Excel serials and numbers, to the day, month, quarter, half-year or year."""
    st = strategies_of_hypothesis()
    days = st.dates(date(1960, 1, 1), date(2099, 12, 31))

    def to_the_day(parts: tuple[date, int]) -> WrittenDate:
        d, style = parts
        y, m, n = d.year, d.month, d.day
        serial = (d - date(1899, 12, 30)) // timedelta(days=1)
        ways: list[Any] = [
            f"{y}-{m}-{n}", f"{y}/{m:02d}/{n:02d}", f"{y}.{m}.{n}", f"{y}年{m}月{n}日",
            f"{y} 年 {m} 月 {n} 号",
            f"{y}{m:02d}{n:02d}", f"{_year(y)}年{chinese_numeral(m)}月{chinese_numeral(n)}日",
            f"{y}-{m:02d}-{n:02d} 08:30:00", serial, float(serial), str(serial), d, int(f"{y}{m:02d}{n:02d}"),
            f"{y}年{m}月{n}日".translate(_WIDE),
        ]  # fmt: skip
        return WrittenDate(ways[style % len(ways)], d, d)

    def vague(parts: tuple[date, int]) -> WrittenDate:
        d, style = parts
        y, m = d.year, d.month
        month = (date(y, m, 1), date(y, m, monthrange(y, m)[1]))
        year = (date(y, 1, 1), date(y, 12, 31))
        quarter = (m + 2) // 3
        ends = date(y, 3 * quarter, monthrange(y, 3 * quarter)[1])
        half = (year[0], date(y, 6, 30)) if m < 7 else (date(y, 7, 1), year[1])
        ways: list[tuple[Any, tuple[date, date]]] = [
            (f"{y}.{m:02d}", month), (f"{y}-{m:02d}", month), (f"{y}/{m}", month), (f"{y}年{m}月", month),
            (f"{_year(y)}年{chinese_numeral(m)}月", month), (f"{y}{m:02d}", month), (f"{y}年{m}月份", month),
            (f"{y}年", year), (f"{y}", year), (y, year), (f"{_year(y)}年", year), (f"{y}年度", year),
            (f"{y}年{'上' if m < 7 else '下'}半年", half),
            (f"{y}年第{_DIGITS[quarter]}季度", (date(y, 3 * quarter - 2, 1), ends)),
            (f"{y}年{quarter}季度", (date(y, 3 * quarter - 2, 1), ends)),
        ]  # fmt: skip
        cell, (first, last) = ways[style % len(ways)]
        return WrittenDate(cell, first, last)

    one = st.tuples(days, st.integers(0, 10**4))
    return st.one_of(one.map(to_the_day), one.map(vague))  # type: ignore[no-any-return]
