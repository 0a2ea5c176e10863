"""Figures in a unit of the user's own (kWh, 吨, 立方米 …): the house knows its names only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from landuse.errors import CellError, UnitError
from landuse.parsing.quantities import Quantity, Unit, bare_number, scan
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank

__all__ = ["Measure", "MeasureUnit", "parse_measure", "unit_size"]

_SIZES = {"": 1, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SIZED = re.compile("(十万|百万|千万|万|亿)?(.+)")
_A_YEAR = re.compile(r"(?:[/每]年|/a)$")
_MARK = "\ue000"
"""Stands for the unit while a text is read: 千瓦时 begins with a number."""
_MARKED = re.compile(rf"\s*{_MARK}")
_BEFORE = r"(?<=[0-9.万亿百千十零一二两三四五六七八九余多\s])"
_RESIDUE = re.compile(r"(?:全年|年度?|共计|合计|总计|共|计|约|用|量|为|[\s:()])*")
_NEGATIVE = re.compile(r"\s*[-−–]\s*(?=[0-9.])")
_OTHER_UNIT = re.compile(r"[0-9.]\s*[万亿]?\s*[^\W\d_]")


class MeasureUnit(NamedTuple):
    """A unit: the names by which it goes, and how many of it the declared one is (万千瓦时: 10,000)."""

    names: tuple[str, ...]
    size: Fraction = Fraction(1)


class Measure(NamedTuple):
    """A figure as an interval, in the declared unit; ``high`` is None without an upper end."""

    low: Fraction
    high: Fraction | None
    bound: str = "exact"
    approx: bool = False


def unit_size(text: str, names: Sequence[str]) -> Fraction | None:
    """Return how many of a unit a text stands for, None where it names another one.

    Examples
    --------
    >>> unit_size("万千瓦时", ["kWh", "千瓦时"]), unit_size("KWH/年", ["kWh"]), unit_size("吨", ["kWh"])
    (Fraction(10000, 1), Fraction(1, 1), None)
    """
    words = _A_YEAR.sub("", re.sub(r"\s+", "", plain(text)).casefold())
    known = {_A_YEAR.sub("", re.sub(r"\s+", "", plain(n)).casefold()) for n in names}
    if words in known:
        return Fraction(1)
    sized = _SIZED.fullmatch(words)
    return Fraction(_SIZES[sized[1] or ""]) if sized and sized[2] in known else None


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted((re.escape(plain(n)) for n in names if n), key=len, reverse=True)
    return re.compile(rf"{_BEFORE}(?:{'|'.join(words)})(?:[/每]年|/a)?(?![A-Za-z0-9])", re.IGNORECASE)


def _read_unit(text: str, place: int) -> tuple[Unit, int] | None:
    match = _MARKED.match(text, place)
    return (Unit(Fraction(1), "own"), match.end()) if match else None


def _bare(words: str, found: list[Quantity]) -> Quantity:
    try:
        return bare_number(words, found, _RESIDUE, what="a figure")
    except CellError:
        if _OTHER_UNIT.search(words):
            raise UnitError(
                f"another unit than that of the fact: {words!r}", remedy="write it in that unit"
            ) from None
        raise


def parse_measure(
    text: object, unit: MeasureUnit, *, bare: Fraction | None = None, approx_rel: float = 0.1
) -> Measure | None:
    """Read a figure in a unit of the user's own.

    Parameters
    ----------
    text : object
        The cell.
    unit : MeasureUnit
        The declared unit; no names where the figure has none.
    bare : Fraction, optional
        How many of the declared unit a bare number counts (that of the header); otherwise one.
    approx_rel : float
        Half the relative width of 约.

    Returns
    -------
    Measure or None
        In the declared unit; None where the cell is blank.

    Raises
    ------
    UnitError
        A number in another unit.
    AmbiguousError, CellError
        More than one figure, or none.

    Examples
    --------
    >>> kwh = MeasureUnit(("kWh", "千瓦时", "度"))
    >>> parse_measure("约1.2万度", kwh).low, parse_measure("3,000-5,000", kwh).high
    (Fraction(10800, 1), Fraction(5000, 1))
    >>> parse_measure("-12.5", MeasureUnit(())).low
    Fraction(-25, 2)
    """
    if is_blank(text):
        return None
    words = plain(text)
    below = _NEGATIVE.match(words)
    if below:
        words = words[below.end() :]
    marked = _pattern(unit.names).sub(_MARK, words) if unit.names else words
    found = scan(marked, _read_unit, implied=None, approx_rel=approx_rel)
    mine = [q for q in found if q.unit]
    if mine:
        chosen, size = mine[0], 1 / unit.size
        if len(found) > 1 or re.search("[0-9]", marked[: chosen.start] + marked[chosen.end :]):
            raise CellError(f"more than one figure: {text!r}", remedy="write one")
    else:
        chosen, size = _bare(marked, found), Fraction(1) if bare is None else bare
        if chosen.scale > 1 and not size == unit.size == 1:
            raise UnitError(f"a number with a size under a unit with another one: {text!r}")
    low, high = chosen.low * size, None if chosen.high is None else chosen.high * size
    if not below:
        return Measure(low, high, chosen.bound, chosen.approx)
    if high is None or chosen.bound != "exact" or chosen.approx or low != high:
        raise CellError(f"a negative figure that is not exact: {text!r}")
    return Measure(-high, -low)
