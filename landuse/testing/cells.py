"""How figures are written into the cells of bureau files, with what they mean kept beside the text.

Money is held in whole fen, land in m2 as fractions, so that what a cell means is known exactly and is never
taken from the text again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random

from landuse.units import FEN_PER_WAN, M2_PER_HA, M2_PER_MU

__all__ = [
    "BLANK",
    "MONEY_STYLES",
    "Cell",
    "about",
    "at_least",
    "between",
    "blank",
    "land",
    "land_about",
    "money",
    "unreadable",
    "write_date",
]

FEN_PER_YI = 10_000 * FEN_PER_WAN
ABOUT = Fraction(1, 10)
"""How far 约 reaches to either side: the plan of the sample says so (approx_rel = 0.1)."""
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
MONEY_STYLES = ("number", "number", "number", "comma", "wan", "yi", "yi", "wide", "yi_wan")
DATE_STYLES = (
    "{y}-{m:02d}-{d:02d}",
    "{y}/{m}/{d}",
    "{y}年{m}月{d}日",
    "{y}.{m:02d}.{d:02d}",
    "{y}{m:02d}{d:02d}",
)


@dataclass(frozen=True)
class Cell:
    """A cell: what stands in it, and what it means.

    ``low`` and ``high`` are in fen or m2; both None where the cell gives no figure; ``open`` where there is
    no upper end.
    """

    shown: str | int | float | None
    low: Fraction | None = None
    high: Fraction | None = None
    open: bool = False

    @property
    def known(self) -> bool:
        """Whether the cell gives a figure."""
        return self.low is not None

    def pair(self, per: int = 1) -> tuple[float, float]:
        """Return low and high over ``per``; NaN where unknown, inf where open."""
        if self.low is None:
            return float("nan"), float("nan")
        high = float("inf") if self.open or self.high is None else float(self.high / per)
        return float(self.low / per), high


BLANK = Cell(None)


def blank(rng: Random) -> Cell:
    """Return a cell that says nothing, in one of the ways people leave a cell."""
    return Cell(rng.choice((None, "—", "待定", "", "/")))


def unreadable(shown: str) -> Cell:
    """Return a cell whose text cannot be read as one figure in wan."""
    return Cell(shown)


def money(fen: int, style: str = "number") -> Cell:
    """Write an amount [fen] under a header in wan; a style that cannot say it exactly falls back."""
    wan, yi = Fraction(fen, FEN_PER_WAN), Fraction(fen, FEN_PER_YI)
    shown: str | int | float
    if style == "yi" and fen >= FEN_PER_YI // 10 and (yi * 10_000).denominator == 1:
        shown = f"{_decimal(yi)}亿元"
    elif style == "yi_wan" and fen > FEN_PER_YI and wan.denominator == 1 and wan % 10_000 >= 1000:
        shown = f"{wan // 10_000}亿{wan % 10_000}万元"
    elif style == "wide":
        shown = f"{_decimal(wan)}万元".translate(WIDE)
    elif style == "comma":
        shown = f"{float(wan):,.2f}" if (wan * 100).denominator == 1 else _decimal(wan)
    elif style in ("wan", "yi", "yi_wan"):
        shown = f"{_decimal(wan)}万元"
    else:
        shown = int(wan) if wan.denominator == 1 else float(wan)
    return Cell(shown, Fraction(fen), Fraction(fen))


def about(fen: int, *, in_yi: bool = False) -> Cell:
    """Write 约 before an amount [fen]: a tenth to either side."""
    figure = (
        f"{_decimal(Fraction(fen, FEN_PER_YI))}亿元"
        if in_yi
        else f"{_decimal(Fraction(fen, FEN_PER_WAN))}万元"
    )
    return Cell(f"约{figure}", fen * (1 - ABOUT), fen * (1 + ABOUT))


def between(low_fen: int, high_fen: int) -> Cell:
    """Write a range of amounts [fen]."""
    low, high = Fraction(low_fen, FEN_PER_WAN), Fraction(high_fen, FEN_PER_WAN)
    return Cell(f"{_decimal(low)}-{_decimal(high)}万元", Fraction(low_fen), Fraction(high_fen))


def at_least(fen: int) -> Cell:
    """Write an amount [fen] that is a lower bound."""
    return Cell(f"≥{_decimal(Fraction(fen, FEN_PER_WAN))}万元", Fraction(fen), None, open=True)


def land(mu: Fraction, style: str = "number") -> Cell:
    """Write land [mu] under a header in mu; ``style`` "ha" and "m2" name their unit and must be exact."""
    area = mu * M2_PER_MU
    if style == "ha" and (area / M2_PER_HA * 10_000).denominator == 1:
        return Cell(f"{_decimal(area / M2_PER_HA)}公顷", area, area)
    if style == "m2" and (area * 100).denominator == 1:
        return Cell(f"{_decimal(area)}平方米", area, area)
    if style == "text":
        return Cell(f"{_decimal(mu)}亩", area, area)
    return Cell(int(mu) if mu.denominator == 1 else float(mu), area, area)


def land_about(mu: Fraction) -> Cell:
    """Write 约 before land [mu]: a tenth to either side."""
    area = mu * M2_PER_MU
    return Cell(f"约{_decimal(mu)}亩", area * (1 - ABOUT), area * (1 + ABOUT))


def write_date(day: date | None, rng: Random) -> str | None:
    """Write a date in one of the ways that files hold."""
    if day is None:
        return None
    return rng.choice(DATE_STYLES).format(y=day.year, m=day.month, d=day.day)


def _decimal(value: Fraction) -> str:
    """Write a fraction whose denominator is a power of ten as a decimal, without trailing zeros."""
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
        if len(digits) > 12:
            raise ValueError(f"{value} has no short decimal form")
    return f"{whole}.{digits}" if digits else str(whole)
