"""Shapes as a file holds them: flat, polygons, valid, mended where that can be done in one way only."""

from __future__ import annotations

import os
import re
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.errors import GEOSException

from landuse.kernels.polygonal import polygonal
from landuse.labels import has, label, say

__all__ = ["Fault", "Settled", "by_containment", "flat", "settle_shapes"]

Shapes = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Fault = tuple[str, dict[str, Any]]
"""A kind of issue and the words that fill its message; ``raw`` among them is what GEOS says."""

_POLYGON, _MULTIPOLYGON = 3, 6
SAME_M2, SAME_SHARE = 0.001, 1e-9
"""Areas nearer than the greater of these are one: the land office writes a thousandth of a square metre."""
MOST_RINGS = 500
"""A shape of more rings is not sorted out by containment."""
_CHUNK = 20_000
DEGREE_M = 111_320.0
"""Length of a degree on the equator [m], for telling small areas from none."""


@dataclass(frozen=True)
class Settled:
    """Shapes that stand for land, and what was done to get them.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        Valid wherever there is no fault.
    faults : dict
        Position to kind and words, where a shape cannot be used.
    mended : dict
        Position to kind and words, where a shape was mended.
    """

    shapes: Shapes
    faults: dict[int, Fault]
    mended: dict[int, Fault]


def flat(shapes: Shapes) -> tuple[Shapes, int]:
    """Return the shapes without heights and measures, and how many had any.

    Examples
    --------
    >>> flat(shapely.from_wkt(["POLYGON Z ((0 0 9, 1 0 9, 1 1 9, 0 0 9))"]))[1]
    1
    """
    count = int(np.count_nonzero(shapely.has_z(shapes) | shapely.has_m(shapes)))
    return (np.asarray(shapely.force_2d(shapes), dtype=object) if count else shapes), count


def settle_shapes(shapes: Shapes, *, crs: Any = None, skip: Container[int] = ()) -> Settled:
    """Say which shapes can stand for land; mend the invalid where there is one way only to do so.

    Parameters
    ----------
    shapes : ndarray of shapely geometries, shape (n,)
        Flat.
    crs : any pyproj understands, optional
        Of their coordinates; without it they are taken for metres.
    skip : container of int
        Positions that are not looked at.

    Returns
    -------
    Settled
        Faults are ``no_geometry``, ``not_a_polygon``, ``invalid_geometry``; what was mended is
        ``shape_mended`` or ``rings_by_containment``, with the areas before and after.

    Notes
    -----
    An invalid shape is mended where three readings of it agree to 0.001 m2 or a billionth: the signed area of
    its rings as drawn, and what GEOS makes of it by its lines and by its structure (``make_valid``). Spikes
    without width, rings that touch themselves, parts that share an edge are such; a bow-tie, whose loops run
    against each other, is not. Otherwise, where no two rings cross, containment decides: a ring within an
    even number of others is a part, within an odd number a hole, whatever the file calls it.

    Examples
    --------
    >>> spike = shapely.from_wkt("POLYGON ((0 0, 9 0, 9 9, 20 9, 9 9, 0 9, 0 0))")
    >>> bow = shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    >>> settled = settle_shapes(np.array([shapely.box(0, 0, 1, 1), None, shapely.Point(0, 0), bow, spike]))
    >>> [kind for kind, _ in settled.faults.values()], [kind for kind, _ in settled.mended.values()]
    (['no_geometry', 'not_a_polygon', 'invalid_geometry'], ['shape_mended'])
    """
    bare = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    types = shapely.get_type_id(shapes)
    other = ~bare & (types != _POLYGON) & (types != _MULTIPOLYGON)
    invalid = ~bare & ~other & ~_are_valid(shapes)
    faults: dict[int, Fault] = {}
    for at in np.flatnonzero(bare | other).tolist():
        if at not in skip:
            kind = "no_geometry" if bare[at] else "not_a_polygon"
            faults[at] = (kind, {} if bare[at] else {"found": str(shapes[at].geom_type)})
    places = np.array([p for p in np.flatnonzero(invalid).tolist() if p not in skip], dtype=np.int64)
    if not len(places):
        return Settled(shapes, faults, {})
    new, kinds = _mended(shapes[places], crs)
    whole, mended = shapes.copy(), dict[int, Fault]()
    with np.errstate(invalid="ignore"):
        before, after = (shapely.area(s) * _square_metres(shapes[places], crs) for s in (shapes[places], new))
    reasons = shapely.is_valid_reason(shapes[places])
    for i, at in enumerate(places.tolist()):
        words: dict[str, Any] = {"raw": str(reasons[i]), "reason": _reason(str(reasons[i]))}
        way = kinds[i]
        if way is None:
            faults[at] = ("invalid_geometry", words)
            continue
        whole[at] = new[i]
        words |= {"before": f"{before[i]:,.3f}", "after": f"{after[i]:,.3f}"}
        words |= {"change": f"{after[i] - before[i]:+,.3f}", "parts": shapely.get_num_geometries(new[i])}
        mended[at] = (way, words)
    return Settled(whole, dict(sorted(faults.items())), mended)


def _are_valid(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Say which shapes are valid; GEOS lets other threads work meanwhile."""
    if len(shapes) <= _CHUNK:
        return np.asarray(shapely.is_valid(shapes))
    chunks = [shapes[start : start + _CHUNK] for start in range(0, len(shapes), _CHUNK)]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        return np.concatenate(list(pool.map(shapely.is_valid, chunks)))


def _square_metres(shapes: Shapes, crs: Any) -> Floats:
    """Return how many m2 a square unit of the coordinates is, near enough to tell small areas from none."""
    if crs is None:
        return np.ones(len(shapes))
    system = pyproj.CRS.from_user_input(crs)
    if not system.is_geographic:
        return np.full(len(shapes), float(system.axis_info[0].unit_conversion_factor) ** 2)
    bounds = shapely.bounds(shapes)
    return np.asarray(DEGREE_M**2 * np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2)), dtype=np.float64)


def _reason(said: str) -> str:
    """Return what GEOS says of an invalid shape in the words people read, with the place."""
    found = re.fullmatch(r"(?P<what>[^\[]*)(?:\[(?P<place>[^\]]*)\])?", said)
    if found is None or not has("shape_reasons", found["what"].strip()):
        return said
    what = label("shape_reasons", found["what"].strip())
    if not found["place"]:
        return what
    place = ", ".join(f"{float(n):.3f}" for n in found["place"].split())
    return say("shape_reasons", "at", what=what, place=place)


def _mended(shapes: Shapes, crs: Any) -> tuple[Shapes, list[str | None]]:
    """Return invalid shapes mended, and by what kind of mending; None where there is more than one way."""
    new, kinds = np.full(len(shapes), None, dtype=object), [None] * len(shapes)
    finite = np.array([bool(np.isfinite(shapely.get_coordinates(s)).all()) for s in shapes])
    at = np.flatnonzero(finite)
    drawn = shapely.area(shapes[at])
    lines, structure = _made_valid(shapes[at], "linework"), _made_valid(shapes[at], "structure")
    margin = np.maximum(SAME_M2 / _square_metres(shapes[at], crs), SAME_SHARE * drawn)
    apart = shapely.area(shapely.symmetric_difference(lines, structure))
    with np.errstate(invalid="ignore"):
        same = (np.abs(shapely.area(lines) - drawn) <= margin) & (apart <= margin) & (drawn > margin)
        same &= np.abs(shapely.area(structure) - drawn) <= margin
    new[at[same]] = structure[same]
    found: list[str | None] = list(kinds)
    for place in at[same].tolist():
        found[place] = "shape_mended"
    for place in at[~same].tolist():
        nested = by_containment(shapes[place])
        if nested is not None:
            new[place], found[place] = nested, "rings_by_containment"
    return new, found


def _made_valid(shapes: Shapes, method: str) -> Shapes:
    """Return the land of what GEOS makes of the shapes; None where it fails or no land is left."""
    more = {} if method == "linework" else {"keep_collapsed": False}
    try:
        made = shapely.make_valid(shapes, method=method, **more)
    except GEOSException:
        made = np.array([_one_made_valid(s, method, more) for s in shapes], dtype=object)
    return polygonal(np.asarray(made, dtype=object))


def _one_made_valid(shape: Any, method: str, more: dict[str, Any]) -> Any:
    try:
        return shapely.make_valid(shape, method=method, **more)
    except GEOSException:
        return None


def by_containment(shape: Any) -> Any | None:
    """Return a shape with its rings sorted into parts and holes by what lies in what.

    Parameters
    ----------
    shape : Polygon or MultiPolygon
        Whatever its rings are said to be.

    Returns
    -------
    Polygon, MultiPolygon or None
        None where rings cross, repeat each other or themselves, or share an edge.

    Examples
    --------
    >>> apart = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(20, 0, 22, 2).exterior])
    >>> by_containment(apart).area
    85.0
    """
    rings = shapely.get_rings(shapely.get_parts(shape))
    if not 2 <= len(rings) <= MOST_RINGS:
        return None
    discs = shapely.polygons(rings)
    if not shapely.is_valid(discs).all():
        return None
    within = shapely.contains(discs[:, None], discs[None, :])
    np.fill_diagonal(within, False)
    meet = shapely.relate_pattern(discs[:, None], discs[None, :], "T********")
    np.fill_diagonal(meet, False)
    if (meet & ~within & ~within.T).any() or (within & within.T).any():
        return None
    depth = within.sum(axis=0)
    areas = shapely.area(discs)
    holes: dict[int, list[Any]] = {int(i): [] for i in np.flatnonzero(depth % 2 == 0)}
    for hole in np.flatnonzero(depth % 2 == 1).tolist():
        around = [i for i in holes if within[i, hole] and depth[i] == depth[hole] - 1]
        holes[min(around, key=lambda i: float(areas[i]))].append(rings[hole])
    parts = [shapely.Polygon(rings[i], inner) for i, inner in holes.items()]
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return whole if shapely.is_valid(whole) else None
