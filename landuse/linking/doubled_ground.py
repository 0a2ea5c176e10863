"""Land under a footprint that several parcels hold, so that it is not counted twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array

from landuse.kernels.overlaps import overlap_areas
from landuse.kernels.polygonal import polygonal

__all__ = ["doubled_under"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]

SEEN_SHARE = 1e-9
"""Parcels with less in common, as a share of the smaller one, are neighbours and float64."""


def doubled_under(
    footprints: Shapes, parcels: Shapes, footprint: Ints, parcel: Ints, overlap: Floats
) -> Floats:
    """Return how much the overlaps with a footprint count twice, because parcels overlap one another.

    Parameters
    ----------
    footprints, parcels : ndarray of shapely polygons, shapes (n,) and (m,)
        In one plane.
    footprint, parcel : ndarray of int64, shape (p,)
        All pairs with land in common, as positions.
    overlap : ndarray of float64, shape (p,)
        Their area.

    Returns
    -------
    ndarray of float64, shape (n,)
        Sum of the overlaps minus the area of their union, in squared units of the coordinates.

    Examples
    --------
    >>> land = shapely.box([0, 5], 0, [10, 20], 10)
    >>> ground, pairs = shapely.box([0], 0, [20], 10), np.array([[0, 0], [0, 1]])
    >>> doubled_under(ground, land, *pairs, np.array([100.0, 150.0]))
    array([50.])
    """
    doubled = np.zeros(len(footprints))
    several = np.bincount(footprint, minlength=len(footprints))[footprint] > 1
    rows, columns = footprint[several], parcel[several]
    if not len(rows):
        return doubled
    touched, at = np.unique(columns, return_inverse=True)
    ground = parcels[touched]
    one, other = _neighbours(ground)
    holds = csr_array((np.ones(len(rows), dtype=np.int8), (at, rows)), shape=(len(touched), len(footprints)))
    both = holds[one].multiply(holds[other]).tocoo()
    pair, print_of_pair = both.coords
    asked = np.unique(pair)
    common = np.zeros(len(one))
    common[asked] = overlap_areas(ground, ground, one[asked], other[asked])
    area = shapely.area(ground)
    seen = common > SEEN_SHARE * np.minimum(area[one], area[other])
    chosen = np.unique(print_of_pair[seen[pair]])
    doubled[chosen] = _counted_twice(chosen, footprints, parcels, footprint, parcel, overlap)
    return doubled


def _neighbours(shapes: Shapes) -> tuple[Ints, Ints]:
    """Return pairs whose boxes meet, each once."""
    one, other = shapely.STRtree(shapes).query(shapes)
    later = one < other
    return one[later].astype(np.int64), other[later].astype(np.int64)


def _counted_twice(
    chosen: Ints, footprints: Shapes, parcels: Shapes, footprint: Ints, parcel: Ints, overlap: Floats
) -> Floats:
    """Build the pieces under some footprints, unite them, and take their area from the sum."""
    if not len(chosen):
        return np.zeros(0)
    use = np.isin(footprint, chosen)
    number = np.searchsorted(chosen, footprint[use])
    pieces = polygonal(shapely.intersection(footprints[footprint[use]], parcels[parcel[use]]))
    held = ~shapely.is_missing(pieces)
    groups = np.full(len(chosen), None, dtype=object)
    shapely.geometrycollections(pieces[held], indices=number[held], out=groups)
    covered = np.nan_to_num(shapely.area(shapely.union_all(groups[:, None], axis=1)))
    counted = np.bincount(number, weights=overlap[use], minlength=len(chosen))
    return np.asarray(np.maximum(counted - covered, 0.0), dtype=np.float64)
