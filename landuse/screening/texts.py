"""Columns of texts of which few are distinct, made without a Python object a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["choose", "repeat"]


def choose(texts: Sequence[str | None], places: npt.NDArray[Any]) -> Any:
    """Return a text column that holds in every row the text at its place; -1 is the last one.

    Examples
    --------
    >>> choose(["a", "b", None], np.array([0, 1, -1])).tolist()
    ['a', 'b', nan]
    """
    return pd.array(np.array([*texts], dtype=object), dtype="str").take(places)


def repeat(text: str | None, rows: int) -> Any:
    """Return a text column that holds one text in every row."""
    return choose([text], np.zeros(rows, dtype=np.int8))
