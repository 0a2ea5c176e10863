"""The area that a survey TXT declares: hectares, unless it says or shows otherwise."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from landuse.errors import CellError
from landuse.labels import label
from landuse.parsing.areas import area_unit_factor, parse_area

__all__ = ["stated_area"]

Note = tuple[str, str, dict[str, Any]]
_TOLERANCE = 0.01
_ROUNDING_M2 = 0.6
"""Hectares to four decimals are rounded by half a square metre."""


def stated_area(text: str, *, planar_m2: float, unit: str | None = None) -> tuple[float, Note | None]:
    """Read a declared area.

    Parameters
    ----------
    text : str
        As it stands; a unit behind the number is honoured.
    planar_m2 : float
        The area of the coordinates in their plane [m2]; NaN where there is none.
    unit : str, optional
        The unit of bare numbers by the plan; otherwise hectares, or square metres or mu where only that fits.

    Returns
    -------
    area : float
        [m2]; NaN where it is not known.
    note : tuple or None
        Kind, action and words of an issue.

    Examples
    --------
    >>> stated_area("1.2247", planar_m2=12247.3)
    (12247.0, None)
    >>> stated_area("12247.3", planar_m2=12247.3)[0]
    12247.3
    """
    if not text:
        return math.nan, None
    try:
        number = Fraction(text)
    except ValueError:
        return _in_words(text, unit)
    if number < 0:
        return math.nan, ("negative", "rejected", {})
    if number == 0:
        return math.nan, ("area_zero", "kept", {})
    area = _m2(number, unit or "ha")
    if unit is None and not _fits(area, planar_m2):
        for other in ("m2", "mu"):
            if _fits(_m2(number, other), planar_m2):
                words = {"unit": label("units", other), "planar": f"{planar_m2:,.2f}"}
                return _m2(number, other), ("area_unit_read_as", "mended", words)
    return area, None


def _m2(number: Fraction, unit: str) -> float:
    factor = area_unit_factor(unit)
    if factor is None:
        raise CellError(f"{unit!r} is not a unit of area")
    return float(number * factor)


def _fits(area: float, planar_m2: float) -> bool:
    return abs(area - planar_m2) <= max(_TOLERANCE * planar_m2, _ROUNDING_M2)


def _in_words(text: str, unit: str | None) -> tuple[float, Note | None]:
    if text.startswith("-"):
        return math.nan, ("negative", "rejected", {})
    try:
        area = parse_area(text, unit or "ha")
    except CellError:
        return math.nan, ("not_a_number", "kept", {})
    if area is None:
        return math.nan, None
    if area.low != area.high:
        return math.nan, ("inexact", "kept", {"low": f"{area.low:g}", "high": f"{area.high:g}"})
    return area.low, None
