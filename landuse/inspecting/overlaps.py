"""Land that two shapes hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from landuse.kernels.polygonal import polygonal

__all__ = ["Pieces", "shared_land"]

Shapes = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """Pairs of shapes and the land between or in both of them."""

    one: Ints
    other: Ints
    land: Shapes


def shared_land(shapes: Shapes) -> Pieces:
    """Return every pair of shapes that have land in common, and that land.

    Parameters
    ----------
    shapes : ndarray of shapely Polygon or MultiPolygon, shape (n,)
        Valid.

    Returns
    -------
    Pieces
        Positions, ``one`` before ``other``.

    Examples
    --------
    >>> found = shared_land(shapely.box([0, 9, 10, 30], 0, [10, 20, 30, 40], 10))
    >>> found.one.tolist(), found.other.tolist(), shapely.area(found.land).tolist()
    ([0, 1], [1, 2], [10.0, 100.0])
    """
    one, other = shapely.STRtree(shapes).query(shapes)
    later = one < other
    one, other = one[later], other[later]
    meet = shapely.relate_pattern(shapes[one], shapes[other], "T********")
    one, other = one[meet], other[meet]
    land = polygonal(shapely.intersection(shapes[one], shapes[other]))
    held = ~shapely.is_missing(land)
    return Pieces(one[held], other[held], land[held])
