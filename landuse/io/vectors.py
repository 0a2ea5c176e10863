"""Layers of vector files: shapefile, GeoPackage, GeoJSON, FlatGeobuf, GeoParquet."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyogrio
import pyproj

from landuse.errors import CrsError, FormatError, nearest
from landuse.io.crs import NAME_IT, resolve
from landuse.io.dialect import Grid
from landuse.io.encodings import dbf_encoding
from landuse.io.shapes import flat
from landuse.io.sources import digest
from landuse.tables import issue

__all__ = ["SUFFIXES", "Layer", "read_layer"]

_DRIVERS = {
    ".shp": "ESRI Shapefile",
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
}
_PARQUET = (".parquet", ".geoparquet")
SUFFIXES = (*_DRIVERS, *_PARQUET)
"""Endings of the files that can be read."""
_COMPANIONS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
_PLAIN = frozenset({"Polygon", "MultiPolygon", "Polygon Z", "MultiPolygon Z"})
"""Geometry types that are safe to read through Arrow; curves and mixtures go the slower way."""
_CRS_MEMBER = re.compile(
    rb'"crs"\s*:\s*(?:null|\{[^{}]*"properties"\s*:\s*\{[^{}]*"name"\s*:\s*"([^"]*)"[^{}]*\}[^{}]*\})'
)
_MEMBER_REACH = 1 << 16


@dataclass(frozen=True)
class Layer:
    """A layer as it stands in a file.

    Parameters
    ----------
    grid : Grid
        Its attributes; rows are numbered from 1 in the order of the file.
    shapes : ndarray of shapely geometries, shape (n,)
        Flat; may be missing, empty, or no polygons.
    crs : pyproj.CRS
        What its coordinates are in.
    issues : list of dict
        Rows for the table ``issues``.
    sha256 : str
        Of the file's bytes; for a shapefile of .shp, .dbf, .shx, .prj and .cpg, one after the other.
    encoding : str or None
        Of its text, where the format leaves that open.
    """

    grid: Grid
    shapes: npt.NDArray[Any]
    crs: pyproj.CRS
    issues: list[dict[str, Any]]
    sha256: str
    encoding: str | None = None


def read_layer(
    path: Path, *, layer: str | None = None, crs: Any = None, encoding: str | None = None
) -> Layer:
    """Read a layer of a vector file.

    Parameters
    ----------
    path : Path
        An existing file.
    layer : str, optional
        Which layer; needed where there is more than one with shapes.
    crs : any pyproj understands, optional
        Only for a file that names none.
    encoding : str, optional
        Overrules detection (shapefiles).

    Returns
    -------
    Layer

    Raises
    ------
    FormatError
        Where the file is not what its name says, a part of a shapefile is missing or broken, or the layer is
        not named or not there.
    CrsError
        See ``resolve``.
    """
    file = str(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise FormatError(
            f"{suffix or 'a file without ending'} is not read as a layer",
            file=file,
            remedy="give one of " + ", ".join(SUFFIXES) + ", or a survey .txt or a folder of them",
        )
    files, issues, own_encoding = [path], list[dict[str, Any]](), None
    if suffix in _PARQUET:
        _no_layer(layer, file)
        frame, had_m = _read_parquet(path), False
        own_crs, name = frame.crs, None
    else:
        if suffix == ".shp":
            files = _companions(path)
            own_encoding, issues = _shapefile_encoding(files, encoding, file)
        name = _layer_of(path, layer, own_encoding)
        frame, own_crs, had_m = _read_driver(path, name, own_encoding)
        if _DRIVERS[suffix] == "GeoJSON":
            own_crs = _geojson_crs(path, own_crs, given=crs)
        name = name if suffix == ".gpkg" else None
    system = resolve(own_crs, crs, file=file)
    shapes, had_z = flat(np.asarray(frame.geometry.values, dtype=object))
    if had_z or had_m:
        issues.append(issue("z_dropped", "mended", file=file, sheet=name, field="geometry"))
    cells = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    headers = [str(c) for c in cells.columns]
    grid = Grid(
        file=file,
        layer=name,
        headers=headers,
        cells=cells.set_axis(range(len(headers)), axis=1),
        rows=np.arange(1, len(cells) + 1, dtype=np.int64),
    )
    return Layer(grid, shapes, system, issues, digest(files), own_encoding)


def _no_layer(layer: str | None, file: str) -> None:
    if layer is not None:
        raise FormatError(
            "the format has no layers", file=file, key="layer", remedy="leave layer out of the plan"
        )


def _read_parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        with _overheard():
            return gpd.read_parquet(path)
    except (ValueError, TypeError, OSError, pa.ArrowException) as error:
        geo = "geo metadata" in str(error)
        what = "the Parquet file holds no shapes (no geo metadata)" if geo else "not a Parquet file"
        raise FormatError(
            what, file=str(path), remedy="write it with to_parquet of geopandas, or ogr2ogr"
        ) from None


@contextmanager
def _overheard() -> Iterator[list[warnings.WarningMessage]]:
    """Keep what the driver warns of out of the way, to be looked through."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield said


def _layer_of(path: Path, layer: str | None, encoding: str | None) -> str:
    """Return the layer's name; the file's driver must be the one its ending promises."""
    file, driver = str(path), _DRIVERS[path.suffix.lower()]
    try:
        with _overheard():
            listed = pyogrio.list_layers(path)
            first = str(listed[0][0]) if len(listed) else None
            found = str(pyogrio.read_info(path, layer=first, encoding=encoding)["driver"])
    except (RuntimeError, ValueError) as error:
        raise _not_that_format(driver, file, error) from None
    if found != driver:
        raise _not_that_format(driver, file, f"it is {found}")
    names = [str(name) for name, kind in listed if kind is not None]
    if not names:
        raise FormatError(
            "no layer in the file has shapes", file=file, remedy="export the parcels as polygons"
        )
    if layer is None and len(names) == 1:
        return names[0]
    if layer in names:
        return str(layer)
    shown = ", ".join(names)
    if layer is None:
        raise FormatError(
            f"the file has {len(names)} layers: {shown}",
            file=file,
            key="layer",
            remedy=f'name the one that is meant: layer = "{names[0]}"',
        )
    raise FormatError(
        f"the file has no layer {layer!r} with shapes; it has {shown}",
        file=file,
        key="layer",
        remedy=f'is it layer = "{nearest(layer, names)}"?',
    )


def _not_that_format(driver: str, file: str, why: object) -> FormatError:
    reason = str(why).split(";")[0].removeprefix(f"'{file}'").strip()
    return FormatError(
        f"the file cannot be read as {driver} ({reason})",
        file=file,
        remedy="give it the ending of its real format, or export it again",
    )


def _read_driver(path: Path, layer: str, encoding: str | None) -> tuple[gpd.GeoDataFrame, Any, bool]:
    """Return the features, the file's coordinate system, and whether measures (M) were left behind."""
    file = str(path)
    try:
        with _overheard() as said:
            info = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
            arrow = info["geometry_type"] in _PLAIN
            more = {"arrow_to_pandas_kwargs": {"integer_object_nulls": True}} if arrow else {}
            frame = pyogrio.read_dataframe(path, layer=layer, encoding=encoding, use_arrow=arrow, **more)
    except (RuntimeError, ValueError, pa.ArrowException) as error:
        raise _not_that_format(_DRIVERS[path.suffix.lower()], file, error) from None
    if len(frame) != info["features"]:
        raise FormatError(
            f"the file says it holds {info['features']} features, {len(frame)} can be read",
            file=file,
            remedy="the file is damaged: copy or export it again",
        )
    return frame, info["crs"], any("Measured" in str(w.message) for w in said)


def _companions(path: Path) -> list[Path]:
    """Return the files of a shapefile, .shp first."""
    files = {
        p.suffix.lower(): p
        for p in sorted(path.parent.iterdir())
        if p.stem == path.stem and p.suffix.lower() in _COMPANIONS
    } | {".shp": path}
    for needed in (".dbf", ".shx"):
        if needed not in files:
            raise FormatError(
                f"the {needed} file of the shapefile is missing",
                file=str(path),
                remedy=f"copy {path.stem}{needed} into the same folder",
            )
    shapes = (files[".shx"].stat().st_size - 100) // 8
    with files[".dbf"].open("rb") as stream:
        records = int.from_bytes(stream.read(8)[4:8], "little")
    if shapes != records:
        raise FormatError(
            f"the shapefile has {shapes} shapes and {records} attribute records",
            file=str(path),
            remedy="the .dbf was changed apart from the shapes: export the layer again",
        )
    with path.open("rb") as stream:
        stated = 2 * int.from_bytes(stream.read(28)[24:28], "big")
    if path.stat().st_size < stated:
        raise FormatError(
            f"the file is cut short: {path.stat().st_size} of {stated} bytes are there",
            file=str(path),
            remedy="copy or export it again",
        )
    return [files[s] for s in _COMPANIONS if s in files]


def _shapefile_encoding(files: list[Path], given: str | None, file: str) -> tuple[str, list[dict[str, Any]]]:
    by_suffix = {p.suffix.lower(): p for p in files}
    stated = None
    if ".cpg" in by_suffix:
        stated = by_suffix[".cpg"].read_bytes().decode("ascii", errors="replace").strip() or None
    if given is not None:
        used, agrees = dbf_encoding(by_suffix[".dbf"], stated=given, file=file)
        if not agrees:
            raise FormatError(
                f"the attribute table is not {given}",
                file=file,
                key="encoding",
                remedy=f'leave encoding out of the plan, or name encoding = "{used}"',
            )
        return used, []
    used, agrees = dbf_encoding(by_suffix[".dbf"], stated=stated, file=file)
    if agrees:
        return used, []
    return used, [issue("encoding_differs", "mended", file=file, field=".cpg", raw=stated, used=used)]


def _geojson_crs(path: Path, driver_crs: Any, *, given: Any) -> Any:
    """Return what a GeoJSON file itself says; without a member ``crs`` the plan may, else RFC 7946 does."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        text = stream.read(_MEMBER_REACH)
        stream.seek(max(len(text), size - _MEMBER_REACH))
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
            file=str(path),
            key="crs",
            remedy=NAME_IT,
        ) from None
