"""The only conversions in the house: m2, mu and hectares; yuan, wan (10,000 yuan), yi (10,000 wan), fen.

One mu is 2000/3 m2 and one hectare 15 mu, both exactly. Money is held in wan; a fen is 1e-6 wan.

References
----------
State Council, order on the unified use of legal units of measurement (1984); the mu is 1/15 hectare.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Numbers = TypeVar("Numbers", float, npt.NDArray[np.float64])

M2_PER_MU = Fraction(2000, 3)
M2_PER_HA = Fraction(10_000)
M2_PER_KM2 = Fraction(1_000_000)
WAN_PER_YUAN = Fraction(1, 10_000)
WAN_PER_YI = Fraction(10_000)
FEN_PER_WAN = 1_000_000
WAN_PER_MU_FLOOR, WAN_PER_MU_CEILING = 10.0, 3000.0
"""Intensities outside this range are to be looked at: a slip of 15 or 10,000 is likelier (a suggestion)."""


def m2_to_mu(area_m2: Numbers) -> Numbers:
    """Convert areas [m2] to [mu].

    Examples
    --------
    >>> m2_to_mu(20000.0)
    30.0
    """
    return area_m2 * 3.0 / 2000.0


def mu_to_m2(area_mu: Numbers) -> Numbers:
    """Convert areas [mu] to [m2].

    Examples
    --------
    >>> mu_to_m2(30.0)
    20000.0
    """
    return area_mu * 2000.0 / 3.0


def ha_to_m2(area_ha: Numbers) -> Numbers:
    """Convert areas [ha] to [m2]."""
    return area_ha * 10_000.0


def m2_to_ha(area_m2: Numbers) -> Numbers:
    """Convert areas [m2] to [ha]."""
    return area_m2 / 10_000.0


def wan_to_fen(amount_wan: float) -> int:
    """Convert an amount [wan] to whole fen; the nearest fen, for a float is never exact.

    Examples
    --------
    >>> wan_to_fen(4999.99)
    4999990000
    """
    return round(amount_wan * FEN_PER_WAN)


def fen(amounts_wan: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Round amounts [wan] to whole fen, still as float64 (exact to 9e9 wan); NaN and inf stay as they are."""
    return np.rint(np.asarray(amounts_wan, dtype=np.float64) * FEN_PER_WAN)
