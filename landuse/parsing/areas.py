"""Areas of land in a cell or a sentence, as intervals in square metres."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from landuse.errors import AmbiguousError, CellError, UnitError
from landuse.parsing.naming import AREA_NAMES, choose_named
from landuse.parsing.numbers import as_float, cell_number, digits_times
from landuse.parsing.quantities import Quantity, Unit, bare_number, label_before, scan
from landuse.parsing.text import plain
from landuse.parsing.words import is_blank
from landuse.units import M2_PER_HA, M2_PER_KM2, M2_PER_MU

__all__ = ["Area", "area_unit_factor", "parse_area"]


@dataclass(frozen=True)
class Area:
    """An area as an interval.

    Attributes
    ----------
    low, high : float
        Ends of the interval [m2]; 0 and inf where open.
    bound : str
        ``"exact"``, ``"at_most"`` or ``"at_least"``.
    approx : bool
        Whether the text says 约, 左右, 余 …
    raw : str
        The text as it stood.
    """

    low: float
    high: float
    bound: str
    approx: bool
    raw: str


_UNITS: dict[str, tuple[str, Fraction]] = {
    "km2": (r"平方公里|平方千米|km2|km\^2|sq\.? ?km", M2_PER_KM2),
    "ha": (r"公顷|hm2|hm\^2|hectares?|ha", M2_PER_HA),
    "mu": ("市亩|亩|畝|mu", M2_PER_MU),
    "m2": (r"平方米|平米|㎡|m2|m\^2|sq\.? ?m|平方(?!公|千|分|厘|英|毫)", Fraction(1)),
}
_UNIT = re.compile(
    r"\s*(?:" + "|".join(f"(?P<{k}>{words})" for k, (words, _) in _UNITS.items()) + r")(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SIZES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "亿": 10**8}
_LAND = re.compile(
    "占地|用地|规划面积|规划总面积|土地|征地|供地|拿地|宗地|地块|出让面积|总面积|征收面积|流转"
)
_NOT_LAND = re.compile(
    "建筑占地|建筑物占地|构筑物占地|基底|建筑|建设面积|建成面积|计容|厂房|车间|仓库|库房|办公|宿舍|楼|展厅|店|室内|地下|绿化用地|绿化占地"
    "|绿化|绿地|堆场|营业面积|使用面积|经营面积|建有|新建"
)
_WHOLE = re.compile("总占地|总用地|共占地|合计占地|总面积|规划总")
_PART = re.compile("其中|一期|二期|三期|首期|新增|包括|代征|剩余")
_THAT_IS = ("(", "(即", "(折合", "(合", "(约合", ",合", ",折合", ",约合")
_RESIDUE = re.compile(
    r"(?:项目|工程|计划|预计|规划|实际|建设|占地|用地|土地|宗地|地块|出让|总|面积|规模|共|计|合|达|为|[\s:()])*"
)


def _factor(match: re.Match[str]) -> Fraction:
    return _UNITS[match.lastgroup or ""][1]


def area_unit_factor(unit_text: object) -> Fraction | None:
    """Return how many square metres a unit of area is, None where the text is not one.

    Examples
    --------
    >>> area_unit_factor("公顷"), area_unit_factor("万㎡"), area_unit_factor("元")
    (Fraction(10000, 1), Fraction(10000, 1), None)
    """
    return _factor_of(str(unit_text))


@lru_cache(maxsize=1024)
def _factor_of(text: str) -> Fraction | None:
    words = re.sub(r"\s+", "", plain(text)).replace("萬", "万").strip("()")
    size = re.match("(?:[十百]?万|百|千|亿)?", words)
    place = size.end() if size else 0
    match = _UNIT.fullmatch(words, place)
    return None if match is None else _factor(match) * _SIZES[words[:place]]


def _read_unit(text: str, place: int) -> tuple[Unit, int] | None:
    match = _UNIT.match(text, place)
    return None if match is None else (Unit(_factor(match), "m2"), match.end())


def parse_area(
    text: object,
    default_unit: str | None = None,
    *,
    approx_rel: float = 0.1,
    land: bool = True,
    of: str | None = None,
) -> Area | None:
    """Read an area, or the land that a sentence names.

    In a sentence the land is what stands after 占地, 用地 or 规划面积; floor area and greenery are not land.

    Parameters
    ----------
    text : object
        The cell: text, or a number in ``default_unit``.
    default_unit : str, optional
        Unit of numbers that name none: ``"亩"``, ``"公顷"``, ``"平方米"`` …
    approx_rel : float
        Half the relative width of 约 and 左右; 余 and 多 reach from the value to 1 + ``approx_rel`` times it.
    land : bool
        Whether the area asked for is land; with False floor area counts as well.
    of : str, optional
        The figure asked for: land, farmland, cultivated, developed, due, footprint or floor. What a sentence
        says of another one is then not taken for it.

    Returns
    -------
    Area or None
        Its ends [m2]; None where the cell is blank.

    Raises
    ------
    UnitError
        A bare number, and no ``default_unit``.
    AmbiguousError
        Two areas of land, none of which is the whole, or another figure than the one asked for.
    CellError
        Not an area of land, or a negative one.

    Examples
    --------
    >>> parse_area("6.67公顷").low, parse_area("30亩").low, parse_area("6万平方").low
    (66700.0, 20000.0, 60000.0)
    >>> parse_area("占地30亩，建筑面积8万平方米").high
    20000.0
    """
    default = _default(default_unit)
    bare = digits_times(text, default.factor) if default else None
    if bare is not None:
        return Area(bare, bare, "exact", False, str(text))
    if is_blank(text):
        return None
    raw = str(text)
    if not isinstance(text, str):
        return _of_number(text, default, raw)
    words = plain(text)
    found = scan(words, _read_unit, implied=None, approx_rel=approx_rel)
    areas = [q for q in found if q.unit]
    if areas:
        labels = {q: label_before(words, q, areas) for q in areas}

        def choose(some: list[Quantity]) -> Quantity:
            return _chosen(some, labels, words, land=land)

        chosen = (
            choose(areas)
            if of is None
            else choose_named(areas, labels, of=of, names=AREA_NAMES, choose=choose)
        )
    else:
        chosen = bare_number(words, found, _RESIDUE, what="an area")
        if default is None:
            raise UnitError(
                f"an area without a unit: {raw!r}", remedy="name it in the header or as area_unit"
            )
    factor = chosen.unit.factor if chosen.unit else default.factor if default else Fraction(1)
    high = math.inf if chosen.high is None else as_float(chosen.high * factor, raw)
    return Area(as_float(chosen.low * factor, raw), high, chosen.bound, chosen.approx, raw)


def _default(unit_text: str | None) -> Unit | None:
    if unit_text is None:
        return None
    factor = area_unit_factor(unit_text)
    if factor is None:
        raise UnitError(f"not a unit of area: {unit_text!r}", remedy="use 亩, 公顷 or 平方米")
    return Unit(factor, "m2")


def _of_number(value: object, default: Unit | None, raw: str) -> Area | None:
    number = cell_number(value)
    if number is None:
        return None
    if number < 0:
        raise CellError(f"a negative area: {raw!r}")
    if default is None:
        raise UnitError(f"an area without a unit: {raw}", remedy="name it in the header or as area_unit")
    m2 = as_float(number * default.factor, raw)
    return Area(m2, m2, "exact", False, raw)


def _last(pattern: re.Pattern[str], words: str) -> int:
    """Return where the last match of a pattern ends, -1 where there is none."""
    return max((m.end() for m in pattern.finditer(words)), default=-1)


def _is_land(label: str) -> bool | None:
    """Say whether the words before an area make it land; the nearest decides, None where there is none."""
    built, site = _last(_NOT_LAND, label), _last(_LAND, label)
    return None if built == site == -1 else site > built


def _chosen(areas: list[Quantity], labels: Mapping[Quantity, str], words: str, *, land: bool) -> Quantity:
    """Return the area that a text is about."""
    kinds = {q: _is_land(labels[q]) for q in areas}
    named = [q for q in areas if kinds[q] is land]
    rest = named or [q for q in areas if kinds[q] is None or not land]
    if not rest:
        raise CellError(f"an area, but not of land: {words!r}")
    if len(rest) > 1:
        whole = [q for q in rest if _WHOLE.search(labels[q])] or rest[:1]
        others = [q for q in rest if q not in whole]
        after = all(_PART.search(labels[q]) or "其中" in words[whole[0].end : q.start] for q in others)
        if len(whole) == 1 and after and not _PART.search(labels[whole[0]]):
            return whole[0]
        if _restated(rest, words):
            return rest[0]
        raise AmbiguousError(f"more than one area of land, none of them the whole: {words!r}")
    return rest[0]


def _restated(rest: list[Quantity], words: str) -> bool:
    """Say whether the second area, in brackets, is the first one again: to half a per cent, or about."""
    if len(rest) != 2 or any(q.bound != "exact" or q.unit is None for q in rest) or rest[0].approx:
        return False
    between = words[rest[0].end : rest[1].start].strip()
    first, low = (q.low * q.unit.factor for q in rest if q.unit)
    high = (rest[1].high or 0) * (rest[1].unit.factor if rest[1].unit else 0)
    near = low <= first <= high if rest[1].approx else abs(first - low) * 200 <= first
    return between in _THAT_IS and near
