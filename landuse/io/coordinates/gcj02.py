"""GCJ-02, the displaced degrees of Chinese web maps: the public formula, and its inverse by iteration."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landuse.errors import CrsError

__all__ = ["RANGE", "RESIDUAL_DEG", "inverse", "shift"]

Floats = npt.NDArray[np.float64]

RANGE = (73.66, 3.86, 135.05, 53.55)
"""West, south, east, north of where the formula displaces [deg]; beyond it, it does nothing."""
RESIDUAL_DEG = 1e-9
"""Largest difference between a point and its inverse displaced again [deg], about 0.1 mm."""
_A, _EE = 6378245.0, 0.00669342162296594323
_STEPS = 30


def shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Displace WGS 84 degrees to GCJ-02.

    Parameters
    ----------
    lon, lat : ndarray of float64
        [deg], inside ``RANGE``.

    Returns
    -------
    lon, lat : ndarray of float64
        [deg]

    References
    ----------
    The formula that public map libraries share (wandergis/coordtransform); its constants are those of the
    Krassovsky ellipsoid. It is no official text.

    Examples
    --------
    >>> lon, lat = shift(np.array([112.45]), np.array([34.62]))
    >>> lon.round(6).tolist(), lat.round(6).tolist()
    ([112.456261], [34.618983])
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    x, y = lon - 105.0, lat - 35.0
    common = np.sqrt(np.abs(x))
    fast = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * common
    north += 2.0 / 3.0 * (fast + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0))
    north += 2.0 / 3.0 * (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * common
    east += 2.0 / 3.0 * (fast + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0))
    east += 2.0 / 3.0 * (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0))
    phi = np.radians(lat)
    bend = 1.0 - _EE * np.sin(phi) ** 2
    south_north = _A * (1.0 - _EE) / (bend * np.sqrt(bend))
    return (
        lon + np.degrees(east / (_A / np.sqrt(bend) * np.cos(phi))),
        lat + np.degrees(north / south_north),
    )


def inverse(lon: Floats, lat: Floats, *, file: str | None = None) -> tuple[Floats, Floats, float]:
    """Bring GCJ-02 degrees back to WGS 84, by iteration.

    Parameters
    ----------
    lon, lat : ndarray of float64, shape (n,)
        [deg]
    file : str, optional
        Named in refusals.

    Returns
    -------
    lon, lat : ndarray of float64, shape (n,)
        [deg]
    residual : float
        Largest distance in either coordinate between the input and the result displaced again [deg],
        below ``RESIDUAL_DEG``.

    Raises
    ------
    CrsError
        Where a point lies, before or after, beyond ``RANGE``, where nothing is displaced.

    Examples
    --------
    >>> lon, lat, residual = inverse(*shift(np.array([112.45]), np.array([34.62])))
    >>> lon.round(9).tolist(), lat.round(9).tolist(), residual < 1e-9
    ([112.45], [34.62], True)
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    _inside(lon, lat, file)
    at_lon, at_lat = lon.copy(), lat.copy()
    residual = 0.0
    for _ in range(_STEPS):
        there_lon, there_lat = shift(at_lon, at_lat)
        off_lon, off_lat = lon - there_lon, lat - there_lat
        residual = float(max(np.abs(off_lon).max(initial=0.0), np.abs(off_lat).max(initial=0.0)))
        if residual < RESIDUAL_DEG / 10.0:
            break
        at_lon, at_lat = at_lon + off_lon, at_lat + off_lat
    if not residual < RESIDUAL_DEG:
        raise CrsError(
            f"GCJ-02 cannot be inverted here: {residual:g} degrees are left",
            file=file,
            key="crs",
            remedy="give the file in its true coordinate system",
        )
    _inside(at_lon, at_lat, file)
    return at_lon, at_lat, residual


def _inside(lon: Floats, lat: Floats, file: str | None) -> None:
    west, south, east, north = RANGE
    good = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        raise CrsError(
            f"coordinates such as ({lon[at]:.6g}, {lat[at]:.6g}) lie outside the range of GCJ-02, "
            f"{west} to {east} E and {south} to {north} N",
            file=file,
            key="crs",
            remedy="correct or take out these shapes, or name the coordinate system that the file is in",
        )
