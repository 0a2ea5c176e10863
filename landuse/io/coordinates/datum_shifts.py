"""Changes of datum by the parameters that a plan gives: seven in space, or four in the plane."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj

from landuse.errors import CrsError
from landuse.io.coordinates.crs import datum_of

__all__ = ["DATUM_CODES", "Shift", "SimilarityShift", "SpaceShift", "parameters_text", "shift_between"]

Floats = npt.NDArray[np.float64]

DATUM_CODES = {"cgcs2000": 4490, "xian1980": 4610, "beijing1954": 4214, "wgs84": 4326}
"""The datums that parameters may lead between, and the EPSG code of their longitude and latitude."""
_ARCSEC = math.pi / 648_000.0
_SAME_FRAME = frozenset({"cgcs2000", "wgs84"})
_STEPS, _STILL_DEG = 12, 1e-13


@dataclass(frozen=True)
class SpaceShift:
    """Seven parameters between two datums (Bursa-Wolf), on heights of 0.

    ``X2 = T + (1 + m) R X1`` with R for small angles: for ``position_vector``
    ``[[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]]``, for ``coordinate_frame`` its transpose.

    Parameters
    ----------
    source, target : str
        Datums, keys of ``DATUM_CODES``.
    move_m : tuple of float
        dx, dy, dz [m].
    turn_sec : tuple of float
        rx, ry, rz [arc-second].
    scale_ppm : float
        m [1e-6].
    rotation : {"position_vector", "coordinate_frame"}
    origin : str
        Where the parameters come from.

    References
    ----------
    EPSG Guidance Note 7-2, methods 9606 and 9607.
    """

    source: str
    target: str
    move_m: tuple[float, float, float]
    turn_sec: tuple[float, float, float]
    scale_ppm: float
    rotation: str
    origin: str = ""

    @property
    def datums(self) -> tuple[str, str]:
        """The datums it leads from and to."""
        return self.source, self.target

    def forward(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude [deg], shape (n,), on the target datum."""
        one, other = (pyproj.CRS.from_epsg(DATUM_CODES[d]).ellipsoid for d in self.datums)
        if one is None or other is None:
            raise CrsError(f"no ellipsoid is known for {self.source} or {self.target}", key="datum_shift")
        rx, ry, rz = (angle * _ARCSEC for angle in self.turn_sec)
        turn = np.array([[1.0, -rz, ry], [rz, 1.0, -rx], [-ry, rx, 1.0]])
        if self.rotation == "coordinate_frame":
            turn = turn.T
        places = _to_space(lon, lat, one.semi_major_metre, one.semi_minor_metre)
        moved = np.array(self.move_m)[:, None] + (1.0 + self.scale_ppm * 1e-6) * (turn @ places)
        return _from_space(moved, other.semi_major_metre, other.semi_minor_metre)

    def inverse(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude [deg] on the source datum, the exact inverse of ``forward``."""
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        at_lon, at_lat = lon.copy(), lat.copy()
        for _ in range(_STEPS):
            there_lon, there_lat = self.forward(at_lon, at_lat)
            off_lon, off_lat = lon - there_lon, lat - there_lat
            at_lon, at_lat = at_lon + off_lon, at_lat + off_lat
            if max(np.abs(off_lon).max(initial=0.0), np.abs(off_lat).max(initial=0.0)) < _STILL_DEG:
                break
        return at_lon, at_lat

    def describe(self) -> dict[str, Any]:
        """Return what stands in the ledger."""
        names = ("dx_m", "dy_m", "dz_m", "rx_sec", "ry_sec", "rz_sec", "scale_ppm")
        numbers = dict(zip(names, (*self.move_m, *self.turn_sec, self.scale_ppm), strict=True))
        return _described(self, numbers)


@dataclass(frozen=True)
class SimilarityShift:
    """Four parameters between two planes, X north and Y east as their coordinates are written.

    ``X2 = north_m + k (X1 cos a - Y1 sin a)``, ``Y2 = east_m + k (X1 sin a + Y1 cos a)`` for ``clockwise``
    (points turn from north to east), the other sign of a for ``counterclockwise``; k = 1 + scale_ppm 1e-6.
    Coordinates are whole: with the zone and the 500 km where the plane has them.

    Parameters
    ----------
    source, target : str
        Planes, as pyproj understands them.
    north_m, east_m : float
        Translation [m].
    rotation_sec : float
        a [arc-second].
    scale_ppm : float
        [1e-6]
    rotation : {"clockwise", "counterclockwise"}
    origin : str
        Where the parameters come from.
    """

    source: str
    target: str
    north_m: float
    east_m: float
    rotation_sec: float
    scale_ppm: float
    rotation: str
    origin: str = ""

    @property
    def datums(self) -> tuple[str, str]:
        """The datums of its planes."""
        return datum_of(pyproj.CRS(self.source)), datum_of(pyproj.CRS(self.target))

    @property
    def matrix(self) -> tuple[float, float]:
        """Return k cos a and k sin a, a clockwise."""
        angle = self.rotation_sec * _ARCSEC * (1.0 if self.rotation == "clockwise" else -1.0)
        scale = 1.0 + self.scale_ppm * 1e-6
        return scale * math.cos(angle), scale * math.sin(angle)

    def forward(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude [deg] on the datum of the target plane."""
        east, north = _plane(self.source, lon, lat)
        c, s = self.matrix
        return _plane(
            self.target, self.east_m + north * s + east * c, self.north_m + north * c - east * s, back=True
        )

    def inverse(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return longitude and latitude [deg] on the datum of the source plane."""
        east, north = _plane(self.target, lon, lat)
        east, north = east - self.east_m, north - self.north_m
        c, s = self.matrix
        size = c * c + s * s
        return _plane(self.source, (east * c - north * s) / size, (north * c + east * s) / size, back=True)

    def describe(self) -> dict[str, Any]:
        """Return what stands in the ledger."""
        names = ("north_m", "east_m", "rotation_sec", "scale_ppm")
        return _described(self, {name: getattr(self, name) for name in names})


Shift = SpaceShift | SimilarityShift


def parameters_text(shift: Shift) -> str:
    """Return the parameters of a shift as one line, as issues show them."""
    return ", ".join(f"{name}={value}" for name, value in shift.describe().items() if name != "source")


def _described(shift: Shift, numbers: Mapping[str, float]) -> dict[str, Any]:
    ends = {"from": shift.source, "to": shift.target}
    return {**ends, **numbers, "rotation": shift.rotation, "source": shift.origin}


def _plane(crs: str, x: Floats, y: Floats, *, back: bool = False) -> tuple[Floats, Floats]:
    """Bring longitude and latitude to the plane on their own datum, or ``back``."""
    plane = pyproj.CRS(crs)
    through = pyproj.Transformer.from_crs(plane.geodetic_crs, plane, always_xy=True)
    east, north = through.transform(x, y, direction="INVERSE" if back else "FORWARD")
    return np.asarray(east), np.asarray(north)


def _to_space(lon: Floats, lat: Floats, a: float, b: float) -> Floats:
    """Return geocentric coordinates [m], shape (3, n), of points on the ellipsoid with axes a, b [m]."""
    lam, phi = np.radians(lon), np.radians(lat)
    curve = a * a / np.hypot(a * np.cos(phi), b * np.sin(phi))
    return np.array(
        [
            curve * np.cos(phi) * np.cos(lam),
            curve * np.cos(phi) * np.sin(lam),
            b * b / (a * a) * curve * np.sin(phi),
        ]
    )


def _from_space(places: Floats, a: float, b: float) -> tuple[Floats, Floats]:
    """Return longitude and latitude [deg] of geocentric coordinates; the height is left behind."""
    x, y, z = places
    e2 = 1.0 - (b / a) ** 2
    level = np.hypot(x, y)
    phi = np.arctan2(z, level * (1.0 - e2))
    for _ in range(8):  # the error falls by e2 * height / radius a step
        curve = a * a / np.hypot(a * np.cos(phi), b * np.sin(phi))
        phi = np.arctan2(z + e2 * curve * np.sin(phi), level)
    return np.degrees(np.arctan2(y, x)), np.degrees(phi)


def shift_between(one: str, other: str, shifts: Sequence[Shift]) -> tuple[Shift, bool] | None:
    """Return the shift that leads from one datum to another, and whether it is to be run backwards.

    WGS 84 and CGCS2000 count as one datum, as everywhere here; an exact match goes first.
    """
    for same in (frozenset[str](), _SAME_FRAME):
        for shift in shifts:
            start, end = shift.datums
            if _alike(start, one, same) and _alike(end, other, same):
                return shift, False
            if _alike(start, other, same) and _alike(end, one, same):
                return shift, True
    return None


def _alike(one: str, other: str, same: frozenset[str]) -> bool:
    return one == other or {one, other} <= same
