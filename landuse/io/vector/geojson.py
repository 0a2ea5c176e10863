"""GeoJSON: what it says of its coordinate system, and files that are not UTF-8."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from landuse.errors import CrsError
from landuse.io.coordinates.crs import NAME_IT
from landuse.io.files.encodings import decode
from landuse.io.files.staging import is_plain, staged
from landuse.io.vector.drawn import Drawn, Wanted, pick_layer
from landuse.io.vector.drivers import layers_of, read_driver, refuse_other
from landuse.tables import issue

__all__ = ["read_geojson"]

_CRS_MEMBER = re.compile(
    rb'"crs"\s*:\s*(?:null|\{[^{}]*"properties"\s*:\s*\{[^{}]*"name"\s*:\s*"([^"]*)"[^{}]*\}[^{}]*\})'
)
_REACH = 1 << 16
_BLOCK = 1 << 22


def read_geojson(path: Path, wanted: Wanted) -> Drawn:
    """Read a GeoJSON file; one that is not UTF-8 is read by what its bytes say (``decode``).

    Raises
    ------
    FormatError
        Where it is no GeoJSON, or no encoding fits.
    CrsError
        Where its member ``crs`` is not understood.
    """
    file = wanted.file
    refuse_other(path, "GeoJSON", file)
    with ExitStack() as stack:
        used, issues = None, []
        if wanted.encoding is not None or not _is_utf8(path):
            text, used = decode(path.read_bytes(), encoding=wanted.encoding, file=file)
            folder = stack.enter_context(staged({}))
            path = folder / "layer.geojson"
            path.write_text(text, encoding="utf-8")
            issues.append(issue("text_not_utf8", "mended", file=file, field="encoding", raw=used))
        elif not is_plain(path):
            path = stack.enter_context(staged({"layer.geojson": path})) / "layer.geojson"
        layer = pick_layer(layers_of(path, "GeoJSON", file), wanted.layer, file)
        read = read_driver(path, "GeoJSON", layer, file)
        crs = _own_crs(path, read.crs, given=wanted.crs, file=file)
    heights = int(np.count_nonzero(~shapely.is_missing(read.shapes))) if read.measured else 0
    return Drawn(
        read.headers, read.cells, read.shapes, crs=crs, encoding=used, issues=issues, heights=heights
    )


def _is_utf8(path: Path) -> bool:
    """Say whether a file is UTF-8, without holding all of it."""
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            block = rest + block
            try:
                block.decode("utf-8")
                rest = b""
            except UnicodeDecodeError as error:
                if len(block) - error.start > 3 or error.reason != "unexpected end of data":
                    return False
                rest = block[error.start :]
    return not rest


def _own_crs(path: Path, driver_crs: Any, *, given: Any, file: str) -> Any:
    """Return what a GeoJSON file itself says; without a member ``crs`` the plan may, else RFC 7946 does."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        text = stream.read(_REACH)
        stream.seek(max(len(text), size - _REACH))
        text += stream.read()
    member = _CRS_MEMBER.search(text)
    if member is None or member[1] is None:
        return driver_crs if given is None else None
    name = member[1].decode("utf-8", errors="replace")
    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        raise CrsError(
            f"the member crs names {name!r}, which is not understood",
            file=file,
            key="crs",
            remedy=NAME_IT,
        ) from None
