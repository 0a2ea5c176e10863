"""Links by footprint: the land under the shape of a project, found among the parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landuse.errors import CrsError, LinkError
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.kernels.overlaps import overlapping_pairs
from landuse.labels import label, say, section
from landuse.linking.by_point import match_points
from landuse.linking.doubled_ground import doubled_under
from landuse.linking.footprint_words import about, evidence_of, said_of_balance, said_of_doubt, tied_review

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[Any]

RULES = ("all", "largest")
NOISE_M2, NOISE_SHARE = 1.0, 0.001
"""An overlap below the greater of both, the share being of the smaller shape, is noise of drawing."""
CLOSED_M2 = 1e-3
"""Less land than this on no parcel is the rounding of the sums."""
BALANCE = ("project", "footprint_m2", "linked_m2", "noise_m2", "passed_over_m2", "doubled_m2", "outside_m2")
_POINTS, _POLYGONS, _LINES = (0, 4), (3, 6), (1, 2, 5)
_COLLECTION = 7

__all__ = ["BALANCE", "NOISE_M2", "NOISE_SHARE", "RULES", "FootprintMatches", "match_footprints"]


@dataclass(frozen=True)
class FootprintMatches:
    """What the shapes of projects led to.

    Attributes
    ----------
    project, parcel : ndarray of int64, shape (p,)
        Positions in the two tables, one entry a link, sorted; each pair once.
    overlap_m2 : ndarray of float64, shape (p,)
        Land that both have in common, on the ellipsoid [m2]; nan where the project has only a point.
    share_of_footprint, share_of_parcel : ndarray of float64, shape (p,)
        That land as a share of either, 0 to 1; nan for a point.
    evidence : ndarray of object, shape (p,)
        In words (Chinese).
    review : DataFrame
        Pairs that no link may be made of: ``project``, ``parcel`` (positions), ``kind`` (``point_edge``,
        ``point_several``, ``points_apart``, ``largest_tied``), ``evidence``.
    balance : DataFrame
        One row a project with a usable footprint: ``project`` (position) and, in m2, ``footprint_m2`` =
        ``linked_m2`` + ``noise_m2`` (overlaps too small for a link) + ``passed_over_m2`` (left by the rule) -
        ``doubled_m2`` (counted more than once above: parcels overlap) + ``outside_m2`` (on no parcel).
    issues : list of dict
        For the issues table.
    accounts : dict
        ``footprints_in`` = ``footprints_linked`` + ``footprints_unlinked``; ``points_in`` (projects) =
        ``points_linked`` + ``points_unlinked``; ``shapes_refused``; ``overlap_pairs`` = ``overlaps_linked`` +
        ``overlaps_noise`` + ``overlaps_passed_over``.
    """

    project: Ints
    parcel: Ints
    overlap_m2: Floats
    share_of_footprint: Floats
    share_of_parcel: Floats
    evidence: npt.NDArray[np.object_]
    review: pd.DataFrame
    balance: pd.DataFrame
    issues: list[dict[str, Any]]
    accounts: dict[str, int]


def match_footprints(
    projects: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, *, rule: str = "all"
) -> FootprintMatches:
    """Find the parcels under the footprints and points of projects.

    Parameters
    ----------
    projects : GeoDataFrame
        Table ``projects``; ``geometry`` may be missing, a polygon or a point. Lines, mixed collections and
        invalid polygons are of no use and said.
    parcels : GeoDataFrame
        Table ``parcels``, in the same coordinate system; polygons.
    rule : {"all", "largest"}
        Every parcel under a footprint, or only the one with the largest overlap. Where the two largest
        overlaps differ by no more than the noise, the rule decides nothing: both are for review.

    Returns
    -------
    FootprintMatches

    Raises
    ------
    LinkError
        For another rule.
    CrsError
        Where a table with shapes has no coordinate system, or the two differ.
    TableError
        Where a parcel near a footprint is invalid or no polygon.

    Notes
    -----
    Overlaps are exact in the plane of the coordinates (``overlap_areas``) and brought to the ellipsoid by the
    footprint's own ratio of both areas. An overlap below the greater of 1 m2 and 0.1 % of the smaller shape
    is no link. A point decides where it lies in one parcel only, more than 0.1 m from every boundary.

    Examples
    --------
    >>> land = gpd.GeoDataFrame(
    ...     geometry=[shapely.box(37500000, 3833000, 37500100, 3833100),
    ...               shapely.box(37500110, 3833000, 37500200, 3833100)], crs="EPSG:4525")
    >>> ledger = gpd.GeoDataFrame(
    ...     {"source_file": None, "source_row": None}, index=["P1", "P2"],
    ...     geometry=[shapely.box(37500050, 3833000, 37500150, 3833100), None], crs="EPSG:4525")
    >>> found = match_footprints(ledger, land)
    >>> found.project.tolist(), found.parcel.tolist(), found.share_of_footprint.round(3).tolist()
    ([0, 0], [0, 1], [0.5, 0.4])
    >>> found.balance["outside_m2"].round().tolist()
    [1000.0]
    >>> len(match_footprints(ledger.iloc[:0], land).project)
    0
    """
    if rule not in RULES:
        raise LinkError(f"rule = {rule!r} is not one of {', '.join(RULES)}", key="rule")
    shapes = np.asarray(projects.geometry.to_numpy(), dtype=object)
    ground = np.asarray(parcels.geometry.to_numpy(), dtype=object)
    kinds = np.where(shapely.is_empty(shapes), -1, shapely.get_type_id(shapes))
    refused = _refused(projects, shapes, kinds)
    usable = np.isin(kinds, _POLYGONS)
    usable[list(refused)] = False
    points = np.flatnonzero(np.isin(kinds, _POINTS))
    if usable.any() or len(points):
        _one_system(projects, parcels)
    overlaps = _overlaps(np.flatnonzero(usable), shapes, ground, parcels.crs)
    kept, tied = _by_rule(overlaps, rule)
    dots = match_points(points, shapes, ground, parcels.crs)
    balance = _balance(overlaps, kept)
    least = np.maximum(NOISE_M2, NOISE_SHARE * overlaps.area_m2)
    issues = [
        *refused.values(),
        *said_of_balance(projects, balance, overlaps.pairs, least),
        *said_of_doubt(projects, parcels, dots, tied),
    ]
    links = _links(kept, dots.sure, rule)
    held = [frame["project"].nunique() for frame in (kept, dots.sure)]
    noise = int(overlaps.pairs["noise"].sum())
    return FootprintMatches(
        **{c: links[c].to_numpy() for c in links.columns},
        review=pd.concat([dots.doubtful, tied_review(tied)], ignore_index=True),
        balance=balance,
        issues=issues,
        accounts={
            "footprints_in": int(usable.sum()),
            "footprints_linked": held[0],
            "footprints_unlinked": int(usable.sum()) - held[0],
            "points_in": len(points),
            "points_linked": held[1],
            "points_unlinked": len(points) - held[1],
            "shapes_refused": len(refused),
            "overlap_pairs": len(overlaps.pairs),
            "overlaps_linked": len(kept),
            "overlaps_noise": noise,
            "overlaps_passed_over": len(overlaps.pairs) - len(kept) - noise,
        },
    )


@dataclass(frozen=True)
class _Overlaps:
    """Footprints (positions, areas on the ellipsoid, land counted twice) and the parcels under them."""

    footprints: Ints
    area_m2: Floats
    doubled_m2: Floats
    pairs: pd.DataFrame


def _refused(projects: gpd.GeoDataFrame, shapes: Shapes, kinds: Ints) -> dict[int, dict[str, Any]]:
    """Return an issue for each shape that no land can be read from."""
    polygons = np.flatnonzero(np.isin(kinds, _POLYGONS))
    invalid = polygons[~shapely.is_valid(shapes[polygons])]
    why = {int(at): label("footprint_kinds", "line") for at in np.flatnonzero(np.isin(kinds, _LINES))}
    why |= {int(at): label("footprint_kinds", "collection") for at in np.flatnonzero(kinds == _COLLECTION)}
    names = section("shape_reasons")
    for at, reason in zip(invalid.tolist(), shapely.is_valid_reason(shapes[invalid]), strict=True):
        what = str(reason).split("[")[0]
        why[at] = say("footprint_kinds", "invalid", reason=names.get(what, what))
    return {at: about("footprint_refused", projects, at, what=why[at]) for at in sorted(why)}


def _one_system(projects: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> None:
    """Refuse tables that do not lie in one coordinate system."""
    one, other = projects.crs, parcels.crs
    for name, crs in (("projects", one), ("parcels", other)):
        if crs is None:
            raise CrsError(
                f"the {name} have shapes and no coordinate system", remedy="give the table one (set_crs)"
            )
    if one.equals(other, ignore_axis_order=True) or one.to_epsg() == other.to_epsg() is not None:
        return
    raise CrsError(
        f"the projects are in {one.name}, the parcels in {other.name}",
        remedy="bring them to one coordinate system first (to_crs)",
    )


def _overlaps(at: Ints, shapes: Shapes, ground: Shapes, crs: Any) -> _Overlaps:
    """Measure what footprints and parcels have in common."""
    if not len(at):
        pairs = {"project": at, "parcel": at, "footprint": at}
        nothing = np.zeros(0)
        facts = dict.fromkeys(("overlap_m2", "share_of_footprint", "share_of_parcel", "least_m2"), nothing)
        return _Overlaps(at, nothing, nothing, pd.DataFrame(pairs | facts | {"noise": np.zeros(0, bool)}))
    prints = shapes[at]
    plane, area_m2 = shapely.area(prints), ellipsoid_areas(prints, crs)
    scale = area_m2 / plane
    footprint, parcel, overlap = overlapping_pairs(prints, ground)
    of_parcel = shapely.area(ground)[parcel]
    overlap_m2 = overlap * scale[footprint]
    smaller = np.minimum(plane[footprint], of_parcel) * scale[footprint]
    least = np.maximum(NOISE_M2, NOISE_SHARE * smaller)
    pairs = pd.DataFrame(
        {
            "project": at[footprint],
            "parcel": parcel,
            "footprint": footprint,
            "overlap_m2": overlap_m2,
            "share_of_footprint": np.minimum(overlap / plane[footprint], 1.0),
            "share_of_parcel": np.minimum(overlap / of_parcel, 1.0),
            "least_m2": least,
            "noise": overlap_m2 < least,
        }
    )
    doubled = doubled_under(prints, ground, footprint, parcel, overlap)
    return _Overlaps(at, area_m2, doubled * scale, pairs)


def _by_rule(overlaps: _Overlaps, rule: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs that the rule keeps, and those between which it cannot choose."""
    real = overlaps.pairs[~overlaps.pairs["noise"]]
    if rule == "all":
        return real, real.iloc[:0]
    largest = real.groupby("project")["overlap_m2"].transform("max")
    near = real[largest - real["overlap_m2"] <= real["least_m2"]]
    alone = near.groupby("project")["parcel"].transform("size") == 1
    return near[alone], near[~alone]


def _balance(overlaps: _Overlaps, kept: pd.DataFrame) -> pd.DataFrame:
    """Account for the land of every footprint."""
    count = len(overlaps.footprints)

    def summed(rows: pd.DataFrame) -> Floats:
        weights = rows["overlap_m2"].to_numpy(dtype=np.float64)
        return np.asarray(np.bincount(rows["footprint"], weights, minlength=count), dtype=np.float64)

    pairs = overlaps.pairs
    left = pairs[~pairs["noise"] & ~pairs.index.isin(kept.index)]
    linked, noise, passed = summed(kept), summed(pairs[pairs["noise"]]), summed(left)
    outside = overlaps.area_m2 - (linked + noise + passed - overlaps.doubled_m2)
    outside[np.abs(outside) < CLOSED_M2] = 0.0
    columns = (overlaps.footprints, overlaps.area_m2, linked, noise, passed, overlaps.doubled_m2, outside)
    return pd.DataFrame(dict(zip(BALANCE, columns, strict=True)))


def _links(kept: pd.DataFrame, sure: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Bring the links of footprints and of points into one order."""
    measures = ["overlap_m2", "share_of_footprint", "share_of_parcel"]
    drawn = kept[["project", "parcel", *measures]].assign(evidence=evidence_of(kept, rule))
    dots = sure.assign(**dict.fromkeys(measures, np.nan), evidence=label("footprint_evidence", "inside"))
    whole = pd.concat([f.astype({"evidence": object}) for f in (drawn, dots) if len(f)] or [drawn])
    return whole.sort_values(["project", "parcel"], kind="stable")
