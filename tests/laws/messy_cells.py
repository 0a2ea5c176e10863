"""Amounts as people write them, with what they mean in fen known beforehand; knows nothing of the parsers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

PER = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
"""Fen of each unit."""
YI, WAN = PER["亿元"], PER["万元"]
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
BLANKS = (None, None, "—", "/", "待定", "无", " ", "暂缺", "-")
UNREADABLE = ("800万美元", "一期0.4亿元/二期0.5亿元", "面议", "详见合同", "港币3000万元")
NEGATIVE = ("-5", "-12.5万元", "－3000", -5, -0.01)


@dataclass(frozen=True)
class Amount:
    """What a cell means: the kind of statement and its figures [fen]."""

    kind: str
    one: int = 0
    two: int = 0

    @property
    def low(self) -> int | None:
        """The least it can be [fen]; None where the cell gives no amount."""
        known = {"exact": self.one, "about": self.one * 9 // 10, "range": self.one, "least": self.one}
        return (known | {"more": self.one, "most": 0}).get(self.kind)

    @property
    def high(self) -> int | None:
        """The most it can be [fen]; None where there is no upper end, or no amount."""
        known = {"exact": self.one, "range": self.two, "most": self.one}
        return (known | {"about": self.one * 11 // 10, "more": self.one * 11 // 10}).get(self.kind)

    @property
    def open(self) -> bool:
        """Whether there is an amount without an upper end."""
        return self.kind == "least"


NOTHING = Amount("none")

fen = st.one_of(
    st.integers(0, 10**13),
    st.integers(0, 10**6).map(lambda n: n * WAN),
    st.integers(0, 1000).map(lambda n: n * YI // 10),
)
KINDS = ("exact",) * 6 + ("none",) * 3 + ("about", "more", "range", "least", "most")


@st.composite
def amounts(draw):
    """An amount, most often exact or none."""
    kind = draw(st.sampled_from(KINDS))
    if kind == "none":
        return NOTHING
    one = draw(fen)
    if kind in ("about", "more"):
        one -= one % 10  # so that a tenth is a whole number of fen
    if kind == "range":
        one, two = sorted((one - one % WAN, draw(st.integers(1, 10**6)) * WAN))
        return Amount(kind, one, two)
    return Amount(kind, one)


def decimal(figure: int, unit: str) -> str:
    """The figure [fen] in a unit, exact, without trailing zeros."""
    text = format(Decimal(figure) / Decimal(PER[unit]), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _commas(text: str) -> str:
    whole, _, rest = text.partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _exact(draw, figure: int, header: str):
    """Write a single figure under a header in some unit."""
    bare = decimal(figure, header)
    style = draw(st.sampled_from(("number", "number", "bare", "commas", "wide", "named", "spaced", "mixed")))
    if style == "number":
        return float(Fraction(figure, PER[header])) if "." in bare else int(bare)
    if style == "bare":
        return bare
    if style == "commas":
        return _commas(bare)
    if style == "wide":
        return bare.translate(WIDE)
    if style == "mixed" and figure > YI and figure % WAN == 0 and figure % YI >= 1000 * WAN:
        return f"{figure // YI}亿{figure % YI // WAN}万元"
    unit = draw(st.sampled_from(("元", "万元", "亿元")))
    text = draw(st.sampled_from(("{}", "人民币{}", "{}整" if unit == "元" else "{}")))
    if style == "spaced":
        return f" {text.format(decimal(figure, unit) + ' ' + unit)}\u3000"
    return text.format(_commas(decimal(figure, unit)) + unit)


def write(draw, amount: Amount, header: str):
    """Write an amount under a header that is in some unit."""
    if amount.kind == "none":
        return draw(st.sampled_from(BLANKS + UNREADABLE))
    if amount.kind == "exact":
        return _exact(draw, amount.one, header)
    if amount.kind == "range":
        dash = draw(st.sampled_from(("-", "～", "—", "至", "–")))
        unit = draw(st.sampled_from(("万元", "亿元")))
        return f"{decimal(amount.one, unit)}{dash}{decimal(amount.two, unit)}{unit}"
    unit = draw(st.sampled_from(("元", "万元", "亿元")))
    figure = decimal(amount.one, unit)
    words = {
        "about": ("约{}{}", "{}{}左右", "约 {}{}", "大约{}{}"),
        "more": ("{}余{}",),
        "least": ("≥{}{}", "不低于{}{}", "{}{}以上", "不少于{}{}"),
        "most": ("≤{}{}", "不超过{}{}", "{}{}以内", "{}{}以下"),
    }
    return draw(st.sampled_from(words[amount.kind])).format(figure, unit)
