"""A layer as its format's reader gives it, whatever the format; and which layer is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import FormatError, nearest
from landuse.io.header.grid import Cut

__all__ = ["Drawn", "Wanted", "pick_layer"]


@dataclass(frozen=True)
class Wanted:
    """What is asked of a reader.

    Parameters
    ----------
    file : str
        The file as people know it; what is opened may lie elsewhere.
    layer : str or None
    crs : any pyproj understands, or None
        What the plan says.
    encoding : str or None
        The user's word.
    """

    file: str
    layer: str | None = None
    crs: Any = None
    encoding: str | None = None


@dataclass(frozen=True)
class Drawn:
    """A layer as its reader gave it.

    Parameters
    ----------
    headers : list of str
    cells : DataFrame
        Columns 0 … n-1; a RangeIndex.
    shapes : ndarray of shapely geometries, shape (n,)
    crs : any pyproj understands, or None
        What the file says of itself.
    layer : str or None
        Its name, in formats that can hold several.
    rows : ndarray of int64, shape (n,), or None
        Its records as the format counts them, from 1; None for 1 … n.
    encoding : str or None
        Of its text, where the format leaves that open.
    issues : list of dict
    cut : mapping
        Position of a header that may have been cut, to what is left of it.
    heights : int
        How many shapes had heights or measures that are left behind already.
    curves : int
        How many shapes were made of arcs.
    """

    headers: list[str]
    cells: pd.DataFrame
    shapes: npt.NDArray[Any]
    crs: Any = None
    layer: str | None = None
    rows: npt.NDArray[np.int64] | None = None
    encoding: str | None = None
    issues: list[dict[str, Any]] = field(default_factory=list)
    cut: Mapping[int, Cut] = field(default_factory=dict)
    heights: int = 0
    curves: int = 0


def pick_layer(names: Sequence[str], layer: str | None, file: str, *, what: str = "layer") -> str:
    """Return the layer that is meant: the one named, or the only one.

    Parameters
    ----------
    names : sequence of str
        The layers that have shapes.
    layer : str or None
        The one the user names.
    file : str
        Named in refusals.
    what : str
        What they are called in a refusal.

    Raises
    ------
    FormatError
        Where there is none, none of that name, or several and none is named.
    """
    if not names:
        raise FormatError(
            f"no {what} in the file has shapes", file=file, remedy="export the table with its shapes"
        )
    if layer is None and len(names) == 1:
        return names[0]
    if layer in names:
        return str(layer)
    shown = ", ".join(names)
    if layer is None:
        raise FormatError(
            f"the file has {len(names)} {what}s: {shown}",
            file=file,
            key="layer",
            remedy=f'name the one that is meant: layer = "{names[0]}"',
        )
    raise FormatError(
        f"the file has no {what} {layer!r} with shapes; it has {shown}",
        file=file,
        key="layer",
        remedy=f'is it layer = "{nearest(layer, list(names))}"?',
    )
