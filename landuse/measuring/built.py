"""How much of a parcel is built up on the as-of date, as far as its dates and states say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from landuse.measuring.pairs import Floats, Pair
from landuse.tables.spans import Words, span_of, start_of

__all__ = ["built_land"]


def built_land(parcels: pd.DataFrame, used_m2: Floats, start: Words, developed: Pair, as_of: date) -> Pair:
    """Return the land of each parcel that is built up [m2].

    Parameters
    ----------
    parcels : DataFrame
        Table ``parcels``.
    used_m2 : ndarray of float64
        Area used [m2].
    start : ndarray of str
        ``start_state`` on the as-of date, settled.
    developed : Pair
        Land developed so far [m2].
    as_of : date
        The start of that day.

    Returns
    -------
    Pair
        All of a parcel that was finished before the as-of date, or is said to be finished without a date;
        none of one that has not been started; of any other from none up to what is developed, or up to the
        whole where that is unknown. An empty date of finishing says nothing. Dates out of order say nothing.

    References
    ----------
    TD/T 1029-2010, as read in slides of an institute of land surveying: the rate of land built is built-up
    construction land over state-owned construction land supplied. Development is not yet building up.

    Examples
    --------
    >>> from landuse.tables import PARCELS
    >>> days = pd.to_datetime(["2020-05-01", None, None])
    >>> land = PARCELS.conform(pd.DataFrame({"finished_on": days}, index=["A", "B", "C"]))
    >>> words = np.array(["started", "not_started", "started"], dtype=object)
    >>> done = Pair(np.array([np.nan, np.nan, 300.0]), np.array([np.nan, np.nan, 400.0]))
    >>> built_land(land, np.full(3, 1000.0), words, done, date(2026, 6, 30))
    Pair(low=array([1000.,    0.,    0.]), high=array([1000.,    0.,  400.]))
    """
    today = start_of(as_of)
    end = span_of(parcels, "finished_on")
    said = parcels["finished"].to_numpy(dtype=np.bool_, na_value=False) & ~end.known
    finished = (end.over(today) | said) & (start == "started")
    for earlier in ("started_on", "suspended_on"):
        finished &= ~end.before(span_of(parcels, earlier))
    waiting = start == "not_started"
    most = np.where(developed.known, np.fmin(developed.high, used_m2), used_m2)
    low = np.where(finished, used_m2, 0.0)
    high = np.where(finished, used_m2, np.where(waiting, 0.0, most))
    return Pair(low, high).only(~np.isnan(used_m2))
