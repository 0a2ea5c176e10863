"""Links by point: the parcel that a project's point lies in, where that is beyond doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.labels import say

__all__ = ["EDGE_M", "REVIEW", "Dots", "match_points"]

Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[Any]

EDGE_M = 0.1
"""A point this near to a boundary lies on either side of it [m]."""
EARTH_M = 6_371_000.0
REVIEW = ("project", "parcel", "kind", "evidence")


@dataclass(frozen=True)
class Dots:
    """What points led to.

    ``sure`` (project, parcel) has one row a project; ``doubtful`` (project, parcel, kind, evidence) every
    parcel in question; ``nowhere`` the projects on no parcel.
    """

    sure: pd.DataFrame
    doubtful: pd.DataFrame
    nowhere: Ints


def match_points(at: Ints, shapes: Shapes, ground: Shapes, crs: Any) -> Dots:
    """Find the parcels in which points lie.

    Parameters
    ----------
    at : ndarray of int64
        Positions in ``shapes`` of points and multipoints.
    shapes, ground : ndarray of shapely geometries
        Of projects and parcels, in one coordinate system.
    crs : pyproj CRS
        Theirs.

    Returns
    -------
    Dots
        Sure is a project whose points all lie in one parcel and no other, farther than 0.1 m from every
        boundary.
    """
    dots, owner = shapely.get_parts(shapes[at], return_index=True)
    if not len(dots):
        empty = pd.DataFrame({"project": at[:0], "parcel": at[:0]})
        return Dots(empty, _review(empty.assign(kind="", evidence="")), at[:0])
    reach = EDGE_M / _metres(crs, dots)
    dot, parcel = shapely.STRtree(ground).query(dots, predicate="dwithin", distance=reach)
    edge = shapely.distance(dots[dot], shapely.boundary(ground[parcel])) <= reach
    found = pd.DataFrame({"owner": owner[dot], "parcel": parcel.astype(np.int64), "edge": edge})
    by = found.groupby("owner", sort=True)
    facts = pd.DataFrame(
        {
            "near": by["edge"].any(),
            "hits": by["parcel"].size(),
            "parcels": by["parcel"].nunique(),
        }
    )
    facts["dots"] = np.bincount(owner, minlength=len(at))[facts.index]
    clear = ~facts["near"] & (facts["parcels"] == 1) & (facts["hits"] == facts["dots"])
    several = facts["dots"] == 1
    facts["kind"] = np.select(
        [clear, facts["near"], several], ["", "point_edge", "point_several"], default="points_apart"
    )
    pairs = found[["owner", "parcel"]].drop_duplicates().sort_values(["owner", "parcel"])
    kind = facts["kind"].loc[pairs["owner"]].to_numpy(dtype=object)
    rows = pd.DataFrame({"project": at[pairs["owner"]], "parcel": pairs["parcel"].to_numpy(), "kind": kind})
    doubtful = rows[rows["kind"] != ""]
    evidence = {k: say("footprint_evidence", w, edge=EDGE_M) for k, w in _WORDS.items()}
    return Dots(
        rows.loc[rows["kind"] == "", ["project", "parcel"]].reset_index(drop=True),
        _review(doubtful.assign(evidence=doubtful["kind"].map(evidence))),
        np.delete(at, facts.index.to_numpy(dtype=np.int64)),
    )


_WORDS = {"point_edge": "edge", "point_several": "several", "points_apart": "apart"}


def _review(rows: pd.DataFrame) -> pd.DataFrame:
    typed = rows[list(REVIEW)].astype(
        {"project": "int64", "parcel": "int64", "kind": object, "evidence": object}
    )
    return typed.reset_index(drop=True)


def _metres(crs: Any, dots: Shapes) -> float:
    """Return how many metres a unit of the coordinates is; the least where that depends on the place."""
    factor = float(crs.axis_info[0].unit_conversion_factor)
    if crs.is_projected:
        return factor
    north = float(np.abs(shapely.get_y(dots)).max()) * factor
    return factor * EARTH_M * max(float(np.cos(north)), 1e-3)
