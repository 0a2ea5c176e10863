"""What a verdict amounts to, and what became of it between two runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.tables import CHANGE_KINDS

Bools = npt.NDArray[np.bool_]

STANDINGS: dict[str, tuple[str, ...]] = {
    "idle": ("idle_1y", "idle_2y", "idle_suspended"),
    "flagged": ("underused", "overdue", "no_separate_land", "not_met"),
    "undecided": ("undecided",),
    "clear": ("in_use", "not_due", "separate_land", "met"),
    "outside": ("out_of_scope",),
}
"""Suspected idle; short of a duty or a standard; not known; neither; not what the policy is about."""

_OF = {verdict: standing for standing, verdicts in STANDINGS.items() for verdict in verdicts}

__all__ = ["STANDINGS", "became", "standing_of"]


def standing_of(verdicts: pd.Series) -> npt.NDArray[np.object_]:
    """Return the standing of every verdict, None where there is none.

    Examples
    --------
    >>> standing_of(pd.Series(["idle_2y", "overdue", None])).tolist()
    ['idle', 'flagged', None]
    """
    codes, values = pd.factorize(verdicts)
    names = np.array([*(_OF[v] for v in values), None], dtype=object)
    return np.asarray(names[codes], dtype=object)


def became(old: pd.Series, new: pd.Series, *, came: Bools, went: Bools) -> pd.Series:
    """Return what became of each verdict, one of ``CHANGE_KINDS``.

    Parameters
    ----------
    old, new : Series of str
        The verdicts, aligned; missing where the run has none.
    came, went : ndarray of bool
        Whether the subject is in the new run only, in the old run only.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> old = pd.Series(["overdue", "idle_1y", "idle_1y", "in_use", None])
    >>> new = pd.Series(["idle_1y", "in_use", "undecided", "in_use", "in_use"])
    >>> none = np.zeros(5, dtype=bool)
    >>> became(old, new, came=none, went=none).tolist()
    ['newly_idle', 'resolved', 'newly_undecided', 'same', 'policy_added']
    """
    was, now = standing_of(old), standing_of(new)
    had, has = old.notna().to_numpy(dtype=bool), new.notna().to_numpy(dtype=bool)
    equal = (had == has) & (old.fillna("") == new.fillna("")).to_numpy(dtype=bool)
    tests: list[tuple[Any, str]] = [
        (came, "came"),
        (went, "went"),
        (equal, "same"),
        (~had, "policy_added"),
        (~has, "policy_removed"),
        ((now == "idle") & (was == "idle"), "still_idle"),
        (now == "idle", "newly_idle"),
        (now == "undecided", "newly_undecided"),
        (was == "idle", "resolved"),
        ((now == "flagged") & (was != "flagged"), "newly_flagged"),
        ((was == "flagged") & (now != "flagged"), "resolved"),
        (was == "undecided", "newly_decided"),
    ]
    kinds = np.select([t for t, _ in tests], [k for _, k in tests], default="verdict_changed")
    return pd.Series(pd.Categorical(kinds, CHANGE_KINDS), index=old.index).astype("str")
