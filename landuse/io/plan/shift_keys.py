"""The plan's [[datum_shift]] and working_crs: checked, and turned into what moves coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyproj

from landuse.errors import PlanError, nearest
from landuse.io.coordinates.crs import is_transverse_mercator, name_of
from landuse.io.coordinates.datum_shifts import DATUM_CODES, Shift, SimilarityShift, SpaceShift
from landuse.io.plan.model import DatumShift, PlanKeys

__all__ = ["checked_working_crs", "local_planes", "shifts_of"]

_SPACE = ("dx_m", "dy_m", "dz_m", "rx_sec", "ry_sec", "rz_sec", "scale_ppm")
_PLANE = ("north_m", "east_m", "rotation_sec", "scale_ppm")
_SPACE_TURNS = ("position_vector", "coordinate_frame")
_PLANE_TURNS = ("clockwise", "counterclockwise")
_LEAST_SEC, _LEAST_PPM = 1e-3, 1e-3
_MOST_SEC, _MOST_PPM = 3600.0, 1000.0


class _Entry:
    """An entry of [[datum_shift]] with its place in the plan, for refusals."""

    def __init__(self, keys: DatumShift, number: int, file: str | None) -> None:
        self.keys, self.place, self.file = keys, f"datum_shift[{number}]", file

    def refuse(self, what: str, key: str, remedy: str) -> PlanError:
        return PlanError(what, file=self.file, key=f"{self.place}.{key}", remedy=remedy)

    def numbers(self, names: Sequence[str]) -> dict[str, float]:
        """Return the parameters; all of them, and none of the other kind."""
        given = {n: getattr(self.keys, n) for n in names}
        for name, value in given.items():
            if value is None:
                raise self.refuse(f"{name} is missing", name, f"write all of {', '.join(names)}")
        for name in {*_SPACE, *_PLANE} - {*names}:
            if getattr(self.keys, name) is not None:
                raise self.refuse(
                    f"{name} is none of {', '.join(names)}",
                    name,
                    "give seven parameters between datums or four between planes, not both",
                )
        return given


def shifts_of(keys: PlanKeys, file: str | None) -> tuple[Shift, ...]:
    """Return the changes of datum that a plan gives.

    Raises
    ------
    PlanError
        A parameter missing or of the other kind, a wrong convention, an unknown datum or plane, numbers that
        look like radians or factors, one pair of datums twice.
    """
    found: list[Shift] = []
    for entry in _entries(keys, file):
        if _is_local(entry):
            continue
        shift = _space(entry) if _gives(entry, _SPACE) > _gives(entry, _PLANE) else _similarity(entry)
        if any(set(s.datums) == set(shift.datums) for s in found):
            raise entry.refuse(
                f"{' and '.join(shift.datums)} are joined twice", "from", "keep one entry for each pair"
            )
        found.append(shift)
    return tuple(found)


def local_planes(keys: PlanKeys, file: str | None) -> dict[str, str]:
    """Return the local planes of a plan: name to a definition that pyproj reads.

    Raises
    ------
    PlanError
        As ``shifts_of``; or a local plane that no file is said to be in.
    """
    files = [*keys.parcels, *keys.zones, *([keys.reserve] if keys.reserve else [])]
    used = {f.crs for f in files}
    found: dict[str, str] = {}
    for entry in _entries(keys, file):
        name = entry.keys.from_
        if not _is_local(entry):
            continue
        if name in found:
            raise entry.refuse(f"the plane {name!r} is tied twice", "from", "keep one entry for it")
        if name not in used:
            like = nearest(name.lower(), list(DATUM_CODES), cutoff=0.5)
            raise entry.refuse(
                f"{name!r} is no datum or plane that is known, and no file says crs = {name!r}",
                "from",
                f'is it "{like}"?' if like else 'name a datum, a plane ("EPSG:2361"), or the crs of a file',
            )
        shift = _similarity(entry, local=True)
        found[name] = _derived(name, shift)
    return found


def checked_working_crs(text: str | None, file: str | None) -> pyproj.CRS | None:
    """Return the plane that the plan wants to work in.

    Raises
    ------
    PlanError
        Where it is not understood, or no Transverse Mercator plane (lengths in it would be wrong).
    """
    if text is None:
        return None
    system = _known(text)
    if system is None or not is_transverse_mercator(system):
        raise PlanError(
            f"working_crs = {text!r} is " + ("not understood" if system is None else "no Gauss-Krueger zone"),
            file=file,
            key="working_crs",
            remedy='name a plane in metres, for instance working_crs = "EPSG:4525"',
        )
    return system


def _entries(keys: PlanKeys, file: str | None) -> list[_Entry]:
    return [_Entry(entry, number, file) for number, entry in enumerate(keys.datum_shift, start=1)]


def _gives(entry: _Entry, names: Sequence[str]) -> int:
    return sum(getattr(entry.keys, n) is not None for n in names)


def _known(text: str) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_user_input(int(text) if text.strip().isdigit() else text)
    except pyproj.exceptions.CRSError:
        return None


def _is_local(entry: _Entry) -> bool:
    name = entry.keys.from_
    return name.lower() not in DATUM_CODES and _known(name) is None


def _space(entry: _Entry) -> SpaceShift:
    keys, numbers = entry.keys, entry.numbers(_SPACE)
    ends = []
    for key, name in (("from", keys.from_), ("to", keys.to)):
        if name.lower() not in DATUM_CODES:
            like = nearest(name.lower(), list(DATUM_CODES))
            raise entry.refuse(
                f"{key} = {name!r} is none of the datums {', '.join(DATUM_CODES)}", key, f'is it "{like}"?'
            )
        ends.append(name.lower())
    _check_turn(entry, _SPACE_TURNS)
    _check_size(entry, [numbers[n] for n in _SPACE[3:6]], numbers["scale_ppm"])
    if ends[0] == ends[1] or set(ends) == {"cgcs2000", "wgs84"}:
        raise entry.refuse(f"{ends[0]} and {ends[1]} count as one datum", "to", "take the entry out")
    dx, dy, dz, rx, ry, rz, scale = numbers.values()
    return SpaceShift(ends[0], ends[1], (dx, dy, dz), (rx, ry, rz), scale, keys.rotation, keys.source)


def _similarity(entry: _Entry, *, local: bool = False) -> SimilarityShift:
    keys, numbers = entry.keys, entry.numbers(_PLANE)
    names = [keys.from_, keys.to]
    for key, name in zip(("from", "to")[local:], names[local:], strict=True):
        plane = _known(name)
        if plane is None or not is_transverse_mercator(plane):
            raise entry.refuse(
                f"{key} = {name!r} is no Gauss-Krueger zone",
                key,
                'four parameters join two planes: name them, for instance "EPSG:2361" and "EPSG:4525"',
            )
        names[names.index(name)] = name_of(plane)
    _check_turn(entry, _PLANE_TURNS)
    _check_size(entry, [numbers["rotation_sec"]], numbers["scale_ppm"], local=local)
    shift = SimilarityShift(names[0], names[1], **numbers, rotation=keys.rotation, origin=keys.source)
    if not local and (len(set(shift.datums)) == 1 or set(shift.datums) == {"cgcs2000", "wgs84"}):
        raise entry.refuse(
            f"{names[0]} and {names[1]} are planes of one datum", "to", "take the entry out: it is exact"
        )
    return shift


def _check_turn(entry: _Entry, allowed: Sequence[str]) -> None:
    if entry.keys.rotation not in allowed:
        raise entry.refuse(
            f"rotation = {entry.keys.rotation!r} does not go with these parameters",
            "rotation",
            f"write {' or '.join(allowed)}: the one that the parameters were computed with",
        )


def _check_size(entry: _Entry, turns: Sequence[float], scale: float, *, local: bool = False) -> None:
    """Refuse numbers that look like radians, like a factor, or like nothing that is known."""
    most = max(abs(t) for t in turns)
    turn_key = "rotation_sec" if len(turns) == 1 else "rx_sec"
    if 0 < most < _LEAST_SEC or (most > _MOST_SEC and not local):
        raise entry.refuse(
            f"a rotation of {most:g} arc-seconds is none between two datums",
            turn_key,
            "write arc-seconds (1 radian = 206264.806 of them)",
        )
    factor = scale != 1.0 and math.isclose(scale, 1.0, abs_tol=_LEAST_PPM)
    if 0 < abs(scale) < _LEAST_PPM or factor or abs(scale) > _MOST_PPM:
        raise entry.refuse(
            f"scale_ppm = {scale:.12g} looks like another unit",
            "scale_ppm",
            "write millionths: for a factor k, (k - 1) * 1000000",
        )


def _derived(name: str, shift: SimilarityShift) -> str:
    """Return a local plane as a system derived from the plane that it is tied to."""
    base = pyproj.CRS(shift.target)
    c, s = shift.matrix
    size = c * c + s * s
    c, s = c / size, s / size
    # base to local, north first: N1 = c (N2 - n) + s (E2 - e), E1 = -s (N2 - n) + c (E2 - e)
    north, east = shift.north_m, shift.east_m
    values = {
        "A0": -(c * north + s * east),
        "A1": c,
        "A2": s,
        "B0": s * north - c * east,
        "B1": -s,
        "B2": c,
    }
    base_json = base.to_json_dict()
    definition: dict[str, Any] = {
        "$schema": base_json["$schema"],
        "type": "DerivedProjectedCRS",
        "name": name,
        "base_crs": {k: v for k, v in base_json.items() if k not in ("$schema", "scope", "area", "bbox")},
        "conversion": {
            "name": "four parameters of the plan",
            "method": {
                "name": "Affine parametric transformation",
                "id": {"authority": "EPSG", "code": 9624},
            },
            "parameters": [
                {"name": key, "value": value, "unit": "metre" if key.endswith("0") else "unity"}
                for key, value in values.items()
            ],
        },
        "coordinate_system": base_json["coordinate_system"],
    }
    return pyproj.CRS.from_json_dict(definition).to_json()
