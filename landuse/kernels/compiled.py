"""How loops are compiled: once, kept on disk, and without holding up other threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

__all__ = ["compiled"]

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop, and keep the machine code for the next run where a folder for it can be written."""
    try:
        return cast("Loop", numba.njit(cache=True, nogil=True, error_model="numpy")(loop))
    except RuntimeError:  # nowhere to keep it
        return cast("Loop", numba.njit(nogil=True, error_model="numpy")(loop))
