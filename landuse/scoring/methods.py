"""From figures to indices: the named methods, over intervals.

None of them invents a standard: ideal values, weights and caps come from the plan. A row of which nothing is
known keeps the whole range that its index can have; it never becomes a number.

References
----------
``ideal_value``: TD/T 1029-2010 standardises by ideal values; the formula min(1, x / ideal), and 1 - x for a
share that should be small, is as practitioners give it, the text itself was not at hand.
``min_max``: county of Jingde (Anhui), evaluation per mu of 2022: 20 + 80 (x - min) / (max - min), of 100.
``mean_normalised``: district of Huangyan (Zhejiang), evaluation per mu of 2022: x / mean of the district.
"""

from __future__ import annotations

import numpy as np

from landuse.scoring.intervals import Floats, Interval

FLOOR = 0.2
"""What the least of a sample has under ``min_max``."""

__all__ = ["FLOOR", "ideal_value", "mean_normalised", "min_max"]


def ideal_value(figure: Interval, ideal: float | None, *, reverse: bool = False) -> Interval:
    """Return figures over an ideal value, at most 1.

    Parameters
    ----------
    figure : Interval
        Figures of 0 and more.
    ideal : float or None
        The ideal value, in the unit of the figure; None for a share that should be small.
    reverse : bool
        Whether the figure is such a share: then the index is 1 less the share.

    Returns
    -------
    Interval
        0 to 1; exactly that where nothing is known.

    Examples
    --------
    >>> ideal_value(Interval(np.array([150.0, np.nan]), np.array([240.0, np.nan])), 200.0)
    Interval(low=array([0.75, 0.  ]), high=array([1., 1.]))
    """
    if reverse:
        low, high = np.clip(1.0 - figure.high, 0.0, 1.0), np.clip(1.0 - figure.low, 0.0, 1.0)
    else:
        over = 1.0 if ideal is None else ideal
        low, high = np.minimum(figure.low / over, 1.0), np.minimum(figure.high / over, 1.0)
    return _or_all(figure, low, high, least=0.0, most=1.0)


def min_max(figure: Interval) -> Interval:
    """Return where figures lie between the least and the greatest of the sample: 0.2 to 1.

    The sample is the rows whose figure is known. Where all of them are, or may be, the same, the method
    cannot tell them apart and the index keeps its whole range on that side.

    Examples
    --------
    >>> one = np.array([10.0, 20.0, 30.0, np.nan])
    >>> min_max(Interval(one, one)).low.round(4).tolist()
    [0.2, 0.6, 1.0, 0.2]
    """
    known = figure.known
    low, high = figure.low[known], figure.high[known]
    share_low = _place(low, *_others(high), tie=0.0)
    share_high = _place(high, *_others(low), tie=1.0)
    ends = [_spread(known, FLOOR + (1.0 - FLOOR) * share) for share in (share_low, share_high)]
    return _or_all(figure, *ends, least=FLOOR, most=1.0)


def mean_normalised(figure: Interval, *, cap: float | None = None) -> Interval:
    """Return figures over the mean of the sample; unbounded above but for the number of rows, or a cap.

    The sample is the rows whose figure is known. A row's own figure is part of the mean, and both ends take
    that into account.

    Examples
    --------
    >>> one = np.array([10.0, 20.0, 60.0])
    >>> mean_normalised(Interval(one, one)).high.round(4).tolist()
    [0.3333, 0.6667, 2.0]
    >>> mean_normalised(Interval(one, one), cap=1.5).high.round(4).tolist()
    [0.3333, 0.6667, 1.5]
    """
    known, count = figure.known, float(len(figure.low))
    low, high = figure.low[known], figure.high[known]
    rows = float(len(low))
    ends = []
    for own, others, tie in ((low, _rest(high), 0.0), (high, _rest(low), rows)):
        with np.errstate(invalid="ignore", divide="ignore"):
            index = rows * own / (own + others)
        index = np.where(np.isinf(own) & np.isfinite(others), rows, index)
        index = np.where((own == 0.0) & (others == 0.0), tie, index)
        ends.append(_spread(known, np.where(np.isinf(own) & np.isinf(others), tie, index)))
    found = _or_all(figure, ends[0], ends[1], least=0.0, most=count)
    if cap is None:
        return found
    return Interval(np.minimum(found.low, cap), np.minimum(found.high, cap))


def _or_all(figure: Interval, low: Floats, high: Floats, *, least: float, most: float) -> Interval:
    """Return the index, its whole range where the figure is not known."""
    return Interval(np.where(figure.known, low, least), np.where(figure.known, high, most))


def _spread(known: Floats | np.ndarray, values: Floats) -> Floats:
    found = np.full(len(known), np.nan)
    found[known] = values
    return found


def _others(values: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest of all other rows; inf and -inf where there is none."""
    if len(values) < 2:
        return np.full(len(values), np.inf), np.full(len(values), -np.inf)
    order = np.argsort(values, kind="stable")
    least = np.full(len(values), values[order[0]])
    least[order[0]] = values[order[1]]
    most = np.full(len(values), values[order[-1]])
    most[order[-1]] = values[order[-2]]
    return least, most


def _place(own: Floats, least: Floats, most: Floats, *, tie: float) -> Floats:
    """Return where a row lies between the least and the greatest, its own figure among them."""
    bottom, top = np.minimum(own, least), np.maximum(own, most)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (own - bottom) / (top - bottom)
    share = np.where(np.isinf(top) & np.isfinite(own), 0.0, share)
    share = np.where(np.isinf(own), 1.0 if tie else 0.0, share)
    return np.where(top == bottom, tie, share)


def _rest(values: Floats) -> Floats:
    """Return the sum of all other rows, whatever their order."""
    finite = np.where(np.isfinite(values), values, 0.0)
    whole = float(np.sum(np.sort(finite)))
    endless = np.isinf(values)
    rest = np.maximum(whole - finite, 0.0)
    return np.where(endless.sum() - endless > 0, np.inf, rest)
