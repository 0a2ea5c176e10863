"""The plan of an invented city: quarters, streets between blocks, parcels cut from them; none of it is real.

Every quarter is cut into blocks by streets, every block into parcels by slightly slanted lines without a gap,
so that neighbours share their boundary point by point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon

Corner = tuple[float, float]

__all__ = ["CRS", "QUARTERS", "Piece", "Plan", "Quarter", "neighbours", "plan_city"]

CRS = "EPSG:4525"
GRID_M = 0.001
MU_M2 = 2000.0 / 3.0
LEAST_M2, GREATEST_M2 = 8.6 * MU_M2, 116.0 * MU_M2
MEAN_M2, NET_SHARE = 26_500.0, 0.82
BLOCK_M2 = 130_000.0
SMALL_CUTS = 5
MAIN_STREET_M, LANE_M = 24.0, 9.0
CENTRE = (37_632_000.0, 3_833_000.0)
OUTSIDE_SITES = ((-1350.0, -2650.0, 4), (1950.0, 1750.0, 3), (900.0, -3600.0, 3))
"""Land outside every quarter: place [m from the centre] and number of parcels."""
STRADDLING_QUARTER = "Z09"
HOLE_QUARTER = "Z05"
LANE_QUARTERS = ("Z03", "Z07")


@dataclass(frozen=True)
class Quarter:
    """A zone to be built: its name is real and marked as an example, class, code and place are invented."""

    zone_id: str
    name: str
    zone_class: str
    county_code: str
    place: tuple[float, float]
    weight: float
    aspect: float
    turn: float
    reserve: int


QUARTERS = (
    Quarter(
        "Z01", "洛阳高新技术产业集聚区（示例）", "urban", "410305", (-2150.0, 250.0), 1.15, 1.20, 12.0, 1
    ),
    Quarter(
        "Z02", "洛阳先进制造业产业集聚区（示例）", "urban", "410303", (-450.0, 1150.0), 1.10, 1.35, -8.0, 1
    ),
    Quarter("Z03", "经济技术产业集聚区（示例）", "urban", "410302", (1150.0, 250.0), 1.05, 1.10, 5.0, 1),
    Quarter("Z04", "洛阳工业产业集聚区（示例）", "urban", "410304", (-650.0, -650.0), 0.95, 1.25, 18.0, 1),
    Quarter("Z05", "洛龙产业集聚区（示例）", "urban", "410311", (950.0, -1500.0), 1.10, 1.15, -14.0, 1),
    Quarter("Z06", "伊洛产业集聚区（示例）", "county", "410307", (2900.0, 950.0), 0.90, 1.45, 22.0, 1),
    Quarter("Z07", "伊川县产业集聚区（示例）", "county", "410329", (2450.0, -2950.0), 1.00, 1.20, 30.0, 1),
    Quarter("Z08", "宜阳县产业集聚区（示例）", "county", "410327", (-2700.0, -1650.0), 0.95, 1.50, -20.0, 1),
    Quarter("Z09", "新安县产业集聚区（示例）", "county", "410323", (-3450.0, 1900.0), 0.95, 1.30, 8.0, 0),
    Quarter("Z10", "洛宁县产业集聚区（示例）", "county", "410328", (-4250.0, -350.0), 0.85, 1.15, -5.0, 0),
)


@dataclass(frozen=True)
class Piece:
    """A piece of land: its zone ("" where outside every zone), its block within it, its outline, its use.

    ``role`` is "parcel", "reserve", "green" or "straddling".
    """

    zone_id: str
    county_code: str
    block: int
    shape: Polygon
    role: str = "parcel"

    @property
    def area_m2(self) -> float:
        """Planar area [m2]."""
        return float(self.shape.area)


@dataclass(frozen=True)
class Plan:
    """The city: outlines of the zones by id, and all pieces of land."""

    outlines: dict[str, Polygon]
    pieces: tuple[Piece, ...]

    def of(self, role: str) -> list[Piece]:
        """Return the pieces of a role, in order."""
        return [p for p in self.pieces if p.role == role]


def plan_city(parcels: int, rng: Random) -> Plan:
    """Lay out the ten quarters and the land outside them so that there are so many parcels.

    Parameters
    ----------
    parcels : int
        Parcels wanted, those outside the zones and the one across a boundary included; at least 150.
    rng : random.Random
        Where all chance comes from.
    """
    outside = sum(n for *_, n in OUTSIDE_SITES)
    counts = _shares(parcels - outside - 1, [q.weight for q in QUARTERS])
    outlines: dict[str, Polygon] = {}
    pieces: list[Piece] = []
    for quarter, count in zip(QUARTERS, counts, strict=True):
        inner = _inner(quarter, count, rng)
        outline = shapely.set_precision(inner.buffer(32.0 + 8.0 * rng.random(), join_style="mitre"), GRID_M)
        outlines[quarter.zone_id] = outline
        pieces += _build(quarter, inner, count, rng)
        if quarter.zone_id == STRADDLING_QUARTER:
            pieces.append(_straddling(quarter, outline))
    for east, north, count in OUTSIDE_SITES:
        pieces += _outside_site(east, north, count, rng)
    return Plan(outlines, tuple(pieces))


def neighbours(shapes: Sequence[Polygon], gap_m: float = 0.0) -> list[set[int]]:
    """Return for each shape the shapes within ``gap_m`` of it; each is compared with each."""
    near: list[set[int]] = [set() for _ in shapes]
    for i, one in enumerate(shapes):
        for j in range(i + 1, len(shapes)):
            if one.distance(shapes[j]) <= gap_m + GRID_M:
                near[i].add(j)
                near[j].add(i)
    return near


def _shares(total: int, weights: Sequence[float]) -> list[int]:
    """Split a whole number by weights, the largest remainders rounded up."""
    exact = [total * w / sum(weights) for w in weights]
    counts = [math.floor(x) for x in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_rest[: total - sum(counts)]:
        counts[i] += 1
    return counts


def _inner(quarter: Quarter, count: int, rng: Random) -> Polygon:
    """Return the built-up part of a quarter: a rectangle with cut corners, out of true and turned."""
    area = (count + quarter.reserve + 1) * MEAN_M2 / NET_SHARE
    high = math.sqrt(area / quarter.aspect)
    half_w, half_h = high * quarter.aspect / 2, high / 2
    corners: list[tuple[float, float]] = []
    for east, north in ((1, 1), (-1, 1), (-1, -1), (1, -1)):
        along = [(east * (1 - rng.uniform(0.10, 0.34)), north), (east, north * (1 - rng.uniform(0.10, 0.30)))]
        corners += along if east * north < 0 else along[::-1]
    points = [
        (half_w * x * (1 + rng.uniform(-0.05, 0.05)), half_h * y * (1 + rng.uniform(-0.05, 0.05)))
        for x, y in corners
    ]
    shape = affinity.rotate(Polygon(points), quarter.turn, origin=(0, 0))
    moved = affinity.translate(shape, CENTRE[0] + quarter.place[0], CENTRE[1] + quarter.place[1])
    return shapely.set_precision(shapely.normalize(moved), GRID_M)


def _build(quarter: Quarter, inner: Polygon, count: int, rng: Random) -> list[Piece]:
    """Cut a quarter into blocks and parcels; the last pieces become reserve and green."""
    blocks = _blocks(quarter, inner, rng)
    wanted = count + quarter.reserve + 1
    extra = 2 if quarter.zone_id == HOLE_QUARTER else 1
    cut = _parcels(blocks, wanted - extra, rng)
    _carve(cut, _corner, lambda p: len(p.exterior.coords) <= 6 and p.area > 40 * MU_M2, rng)
    if quarter.zone_id == HOLE_QUARTER:
        _carve(cut, _heart, lambda p: not p.interiors and p.area > 70 * MU_M2, rng)
    pieces = [
        Piece(quarter.zone_id, quarter.county_code, at, face)
        for at, block in enumerate(cut, start=1)
        for face in _true(block)
    ]
    spare = sorted(
        (i for i, p in enumerate(pieces) if 26 * MU_M2 < p.area_m2 < 75 * MU_M2),
        key=lambda i: (len(pieces[i].shape.exterior.coords), rng.random()),
    )[: quarter.reserve + 1]
    roles = dict(zip(spare, ["reserve"] * quarter.reserve + ["green"], strict=True))
    return [
        Piece(p.zone_id, p.county_code, p.block, p.shape, roles.get(i, "parcel"))
        for i, p in enumerate(pieces)
    ]


def _blocks(quarter: Quarter, inner: Polygon, rng: Random) -> list[Polygon]:
    """Lay the streets: one main street, ordinary ones, and a narrow lane in two quarters."""
    blocks = _cut(inner, rng, gap_m=MAIN_STREET_M, turn=3.0)
    while max(b.area for b in blocks) > BLOCK_M2:
        blocks = _replace_largest(blocks, rng, gap_m=rng.choice((12.0, 14.0, 16.0, 18.0)), turn=4.0)
    if quarter.zone_id in LANE_QUARTERS:
        blocks = _replace_largest(blocks, rng, gap_m=LANE_M, turn=3.0)
    return sorted(blocks, key=lambda b: (-round(b.centroid.y / 150.0), b.centroid.x))


def _replace_largest(blocks: list[Polygon], rng: Random, *, gap_m: float, turn: float) -> list[Polygon]:
    for at in sorted(range(len(blocks)), key=lambda i: -blocks[i].area):
        halves = _cut(blocks[at], rng, gap_m=gap_m, turn=turn)
        if len(halves) == 2:
            return blocks[:at] + halves + blocks[at + 1 :]
    raise ValueError("no block can be cut")


def _parcels(blocks: Sequence[Polygon], wanted: int, rng: Random) -> list[list[Polygon]]:
    """Cut the blocks on until there are so many pieces; chance decides which stay large."""
    pieces = [[(b, rng.uniform(0.6, 1.4))] for b in blocks]
    cuts = wanted - len(blocks)
    for left in range(cuts, 0, -1):
        small = cuts >= 2 * SMALL_CUTS >= 2 * left
        ranked = sorted(
            (
                (_urge(p, w, small=small), i, j)
                for i, row in enumerate(pieces)
                for j, (p, w) in enumerate(row)
            ),
            reverse=True,
        )
        for _, i, j in ranked:
            halves = _cut(pieces[i][j][0], rng, gap_m=0.0, turn=7.0)
            if len(halves) == 2:
                pieces[i][j : j + 1] = [(h, math.exp(rng.gauss(0.0, 0.8))) for h in halves]
                break
        else:
            raise ValueError("the quarter is too small for so many parcels")
    return [[p for p, _ in block] for block in pieces]


def _urge(piece: Polygon, weight: float, *, small: bool) -> float:
    """Say how much a piece wants to be cut next; the last cuts make small plots."""
    if small and 18.0 * MU_M2 < piece.area < 27.0 * MU_M2:
        return 1e12 - float(piece.area)
    return float(piece.area) * weight + (1e9 if piece.area > GREATEST_M2 else 0.0)


def _cut(piece: Polygon, rng: Random, *, gap_m: float, turn: float) -> list[Polygon]:
    """Cut a piece across its longer side, leaving a gap; return it alone where no cut is sound."""
    box = piece.minimum_rotated_rectangle
    a, b, c = (Point(p) for p in box.exterior.coords[:3])
    start, end = (a, b) if a.distance(b) >= b.distance(c) else (b, c)
    middle = box.centroid
    length = start.distance(end)
    east, north = (end.x - start.x) / length, (end.y - start.y) / length
    for attempt in range(60):
        spread = 0.06 + 0.14 * min(attempt, 20) / 20
        at = rng.uniform(-spread, spread) * length
        slant = math.radians(rng.uniform(-turn, turn))
        along = (
            east * math.cos(slant) - north * math.sin(slant),
            east * math.sin(slant) + north * math.cos(slant),
        )
        foot = (middle.x + east * at, middle.y + north * at)
        halves = [piece.intersection(_half_plane(foot, along, side, gap_m / 2)) for side in (1, -1)]
        if all(_sound(h, piece) for h in halves):
            return halves
    return [piece]


def _half_plane(
    foot: tuple[float, float], along: tuple[float, float], side: int, gap: float, far: float = 5000.0
) -> Polygon:
    """Return all land on one side of the line through ``foot`` across ``along``, ``gap`` away."""
    x, y = foot[0] + side * gap * along[0], foot[1] + side * gap * along[1]
    across = (-along[1] * far, along[0] * far)
    out = (side * far * along[0], side * far * along[1])
    return Polygon(
        [
            (x + across[0], y + across[1]),
            (x - across[0], y - across[1]),
            (x - across[0] + out[0], y - across[1] + out[1]),
            (x + across[0] + out[0], y + across[1] + out[1]),
        ]
    )


def _sound(half: Any, whole: Polygon) -> bool:
    if half.geom_type != "Polygon" or half.area < max(LEAST_M2, 0.2 * whole.area):
        return False
    return bool(4 * math.pi * half.area / half.length**2 > 0.48) and 5 <= len(half.exterior.coords) <= 9


def _carve(cut: list[list[Polygon]], carve: Any, fits: Any, rng: Random) -> None:
    """Replace the first fitting piece by the parts that ``carve`` makes of it, in place."""
    places = [(i, j) for i, block in enumerate(cut) for j, p in enumerate(block) if fits(p)]
    places.sort(key=lambda ij: -cut[ij[0]][ij[1]].area)
    for i, j in places:
        parts = carve(cut[i][j], rng)
        if parts is not None:
            cut[i][j : j + 1] = parts
            return
    raise ValueError("no piece of land fits")


def _corner(piece: Polygon, rng: Random) -> list[Polygon] | None:
    """Take a corner out of a piece: what remains has the shape of an L."""
    ring = [Point(p) for p in piece.exterior.coords[:-1]]
    turns = []
    for k, corner in enumerate(ring):
        before, after = ring[k - 1], ring[(k + 1) % len(ring)]
        short = min(corner.distance(before), corner.distance(after))
        turns.append((-short, k))
    for _, k in sorted(turns):
        corner, before, after = ring[k], ring[k - 1], ring[(k + 1) % len(ring)]
        s, t = rng.uniform(0.42, 0.52), rng.uniform(0.42, 0.52)
        one = (corner.x + s * (before.x - corner.x), corner.y + s * (before.y - corner.y))
        two = (corner.x + t * (after.x - corner.x), corner.y + t * (after.y - corner.y))
        inner = (one[0] + two[0] - corner.x, one[1] + two[1] - corner.y)
        taken = piece.intersection(Polygon([corner, one, inner, two]))
        rest = piece.difference(taken)
        if (
            taken.geom_type == rest.geom_type == "Polygon"
            and taken.area >= LEAST_M2
            and rest.area >= LEAST_M2
        ):
            return [taken, rest]
    return None


def _heart(piece: Polygon, rng: Random) -> list[Polygon] | None:
    """Take the middle out of a piece: a parcel with a hole, and the parcel in the hole."""
    share = max(0.34, math.sqrt(1.05 * LEAST_M2 / piece.area))
    middle = affinity.rotate(
        affinity.scale(piece.minimum_rotated_rectangle, share, share), rng.uniform(-4, 4)
    )
    return [piece.difference(middle), middle] if piece.contains(middle.buffer(5.0)) else None


def _true(block: Sequence[Polygon]) -> list[Polygon]:
    """Bring the corners of a block to whole millimetres and to every neighbour's outline.

    Neighbours then share their boundary point by point.
    """
    rings = [[list(r.coords[:-1]) for r in (p.exterior, *p.interiors)] for p in block]
    corners: list[Corner] = []
    for corner in (c for piece in rings for ring in piece for c in ring):
        if not any(math.dist(corner, known) < 2 * GRID_M for known in corners):
            corners.append((round(corner[0], 3), round(corner[1], 3)))
    shapes = []
    for piece in rings:
        outer, *holes = [_through(ring, corners) for ring in piece]
        shapes.append(shapely.normalize(Polygon(outer, holes)))
    return shapes


def _through(ring: Sequence[Corner], corners: Sequence[Corner]) -> list[Corner]:
    """Lead a ring through every corner that lies on it."""
    near = [min(corners, key=lambda c: math.dist(c, corner)) for corner in ring]
    points: list[Corner] = []
    for start, end in zip(near, near[1:] + near[:1], strict=True):
        edge = LineString([start, end])
        between = [c for c in corners if c not in (start, end) and edge.distance(Point(c)) < 3 * GRID_M]
        points += [start, *sorted(between, key=lambda c: math.dist(start, c))]
    return points


def _straddling(quarter: Quarter, outline: Polygon) -> Piece:
    """Lay a strip across the longest edge of a zone's outline: two fifths of it inside."""
    points = list(outline.exterior.coords)
    (x0, y0), (x1, y1) = max(pairwise(points), key=lambda e: (math.dist(*e), e[0]))
    length = math.dist((x0, y0), (x1, y1))
    east, north = (x1 - x0) / length, (y1 - y0) / length
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    out = (
        (north, -east) if not outline.contains(Point(middle[0] + north, middle[1] - east)) else (-north, east)
    )
    corners = [
        (middle[0] + a * east + d * out[0], middle[1] + a * north + d * out[1])
        for a, d in ((-115.0, -20.0), (112.0, -20.0), (118.0, 30.0), (-110.0, 30.0))
    ]
    shape = shapely.set_precision(shapely.normalize(Polygon(corners)), GRID_M)
    return Piece(quarter.zone_id, quarter.county_code, 99, shapely.normalize(shape), "straddling")


def _outside_site(east: float, north: float, count: int, rng: Random) -> list[Piece]:
    """Lay a small works site in the open country between the zones."""
    wide, high = 300.0 + 40.0 * rng.random(), 190.0 + 30.0 * rng.random()
    points = [
        (-wide / 2, -high / 2),
        (wide / 2, -high / 2 + 12),
        (wide / 2 - 18, high / 2),
        (-wide / 2 + 9, high / 2 - 8),
    ]
    shape = affinity.rotate(Polygon(points), rng.uniform(-30, 30), origin=(0, 0))
    site = shapely.set_precision(affinity.translate(shape, CENTRE[0] + east, CENTRE[1] + north), GRID_M)
    code = min(QUARTERS, key=lambda q: math.dist(q.place, (east, north))).county_code
    return [Piece("", code, 1, face) for face in _true(_parcels([site], count, rng)[0])]
