"""Area on the ellipsoid by an integral, in plain Python: slow, obvious, and by another road than the series.

The area between an edge and a meridian is the integral of (longitude) dQ(latitude), where
``Q(B) = b2/2 * ( sin B / (1 - e2 sin2 B) + 1/(2e) ln((1 + e sin B)/(1 - e sin B)) )``
is the closed form of the area per radian of longitude from the equator to B (the authalic function). The official
trapezoid takes the mean longitude of an edge; ``straight_ring_area`` integrates along the edge.
"""

from __future__ import annotations

import math

# five points and weights on [-1, 1]
_GAUSS = [
    (0.0, 128 / 225),
    (math.sqrt(5 - 2 * math.sqrt(10 / 7)) / 3, (322 + 13 * math.sqrt(70)) / 900),
    (-math.sqrt(5 - 2 * math.sqrt(10 / 7)) / 3, (322 + 13 * math.sqrt(70)) / 900),
    (math.sqrt(5 + 2 * math.sqrt(10 / 7)) / 3, (322 - 13 * math.sqrt(70)) / 900),
    (-math.sqrt(5 + 2 * math.sqrt(10 / 7)) / 3, (322 - 13 * math.sqrt(70)) / 900),
]


def per_radian(lat: float, a: float, b: float) -> float:
    """Area [m2] per radian of longitude between the equator and a latitude [rad]."""
    e = math.sqrt(1 - (b / a) ** 2)
    s = math.sin(lat)
    return b * b / 2 * (s / (1 - (e * s) ** 2) + math.log((1 + e * s) / (1 - e * s)) / (2 * e))


def _edges(points: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    """Edges as (L1, B1, L2, B2) [rad], longitudes from the first point."""
    lon0 = points[0][0]
    turned = [(math.radians(lon - lon0), math.radians(lat)) for lon, lat in points]
    return [(*p, *q) for p, q in zip(turned, turned[1:], strict=False)]


def ring_area(points: list[tuple[float, float]], a: float, b: float) -> float:
    """Area [m2] of a closed ring of (longitude, latitude) [degrees]: mean longitude of an edge times its zone."""
    return abs(
        sum(
            (l1 + l2) / 2 * (per_radian(b2, a, b) - per_radian(b1, a, b)) for l1, b1, l2, b2 in _edges(points)
        )
    )


def straight_ring_area(points: list[tuple[float, float]], a: float, b: float) -> float:
    """Area [m2] of the same ring, the integral taken along edges that are straight in (B, L)."""
    base = per_radian(math.radians(points[0][1]), a, b)
    total = 0.0
    for l1, b1, l2, b2 in _edges(points):
        q1, q2 = per_radian(b1, a, b) - base, per_radian(b2, a, b) - base
        inner = [w * (per_radian((b1 + b2) / 2 + x * (b2 - b1) / 2, a, b) - base) for x, w in _GAUSS]
        total += l2 * q2 - l1 * q1 - sum(inner) * (l2 - l1) / 2  # by parts
    return abs(total)
