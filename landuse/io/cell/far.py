"""Agreed floor-area ratios: the figures that a contract cannot mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["FAR_LEAST", "FAR_MOST", "settle_far"]

FAR_LEAST, FAR_MOST = 0.1, 20.0
"""What a contract can agree on; 0.02 and 150 are slips (of the column, of the unit)."""


def settle_far(
    data: dict[str, Any],
) -> tuple[dict[str, Any], list[tuple[int | None, str, str, dict[str, Any]]]]:
    """Make ratios unknown that no contract can mean: zero, out of all reason, a lower limit above the upper.

    Parameters
    ----------
    data : dict
        Columns ``far_min`` and ``far_max`` [-], where the file has them; not changed.

    Returns
    -------
    columns : dict
        The two columns, doubtful values missing.
    said : list of (position, column, kind, words)
        What is to be said; position None for the file.
    """
    found: dict[str, pd.Series] = {
        c: pd.Series(np.asarray(data[c], dtype=np.float64)) for c in ("far_min", "far_max") if c in data
    }
    said: list[tuple[int | None, str, str, dict[str, Any]]] = []
    good: dict[str, Any] = {}
    for column, values in found.items():
        zero = (values == 0).to_numpy()
        odd = ((values < FAR_LEAST) | (values > FAR_MOST)).to_numpy() & ~zero
        said += [(int(p), column, "far_zero", {}) for p in np.flatnonzero(zero)]
        said += [(int(p), column, "far_implausible", {}) for p in np.flatnonzero(odd)]
        good[column] = values.mask(zero | odd)
    if len(found) == 2:
        crossed = (found["far_min"] > found["far_max"]).to_numpy()
        said += [(int(p), "far_min", "far_crossed", {}) for p in np.flatnonzero(crossed)]
        both = int((found["far_min"].gt(0) & found["far_max"].gt(0)).sum())
        if crossed.sum() > 1 and crossed.sum() * 2 > both:
            said.append((None, "far_min", "far_maybe_swapped", {"count": int(crossed.sum()), "both": both}))
        good = {column: values.mask(crossed) for column, values in good.items()}
    return good, said
