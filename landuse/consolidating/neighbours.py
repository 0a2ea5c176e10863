"""Which shapes belong together: near enough to each other and of one group, directly or through others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["MILLIMETRE", "join_neighbours"]

MILLIMETRE = 0.001
"""What surveyed coordinates are written to [m]: shapes this near to each other touch."""


def join_neighbours(
    shapes: npt.NDArray[Any], groups: npt.NDArray[np.int64], *, gap_m: float = 0.0
) -> npt.NDArray[np.int64]:
    """Return the cluster of each shape; shapes of one group within the gap of each other share a cluster.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        In a projected coordinate system [m].
    groups : ndarray of int, shape (n,)
        Shapes of different groups never share a cluster.
    gap_m : float
        Greatest distance [m], to the millimetre; touching in one point is distance 0.

    Returns
    -------
    ndarray of int, shape (n,)
        Clusters numbered from 0.

    Examples
    --------
    >>> boxes = shapely.box([0, 10, 30], 0, [10, 20, 40], 10)
    >>> join_neighbours(boxes, np.zeros(3, dtype=np.int64)).tolist()
    [0, 0, 1]
    >>> join_neighbours(boxes, np.zeros(3, dtype=np.int64), gap_m=10.0).tolist()
    [0, 0, 0]
    """
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m + MILLIMETRE)
    near = (groups[one] == groups[other]) & (one < other)
    size = len(shapes)
    links = coo_array((np.ones(int(near.sum()), dtype=np.int8), (one[near], other[near])), shape=(size, size))
    _, clusters = connected_components(links, directed=False)
    return np.asarray(clusters, dtype=np.int64)
