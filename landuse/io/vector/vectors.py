"""Layers of vector files, one reader a format, zipped or not; watched while they are read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from landuse.errors import FormatError
from landuse.io.coordinates.crs import resolve
from landuse.io.files.remote import refuse_remote
from landuse.io.files.staging import is_plain, staged
from landuse.io.files.watching import unchanged
from landuse.io.files.zips import unpacked
from landuse.io.table.dialect import Grid
from landuse.io.vector.datasets import choose_dataset
from landuse.io.vector.dbf_text import RAW, decode_table
from landuse.io.vector.drawn import Drawn, Wanted, pick_layer
from landuse.io.vector.drivers import layers_of, read_driver, sniff
from landuse.io.vector.dxf import read_dxf
from landuse.io.vector.geojson import read_geojson
from landuse.io.vector.kml import read_kml
from landuse.io.vector.parquet import read_parquet
from landuse.io.vector.shapefiles import find_shapefile, opened, parts_of
from landuse.io.vector.shapes import flat
from landuse.tables import Source, issue

__all__ = ["SUFFIXES", "Layer", "read_layer"]


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
        Of the file's bytes; for a shapefile of .shp, .dbf, .shx, .prj and .cpg, one after the other, for a
        FileGDB of its files in the order of their names.
    encoding : str or None
        Of its text, where the format leaves that open.
    """

    grid: Grid
    shapes: npt.NDArray[Any]
    crs: pyproj.CRS
    issues: list[dict[str, Any]]
    sha256: str
    encoding: str | None = None

    def source(self, role: str, *, crs: str | None, read: int, accepted: int, rejected: int) -> Source:
        """Return the row account of the layer; ``crs`` as the file has it, before anything was moved."""
        return Source(
            role=role,
            path=self.grid.file,
            sha256=self.sha256,
            crs=crs,
            rows_read=read,
            accepted=accepted,
            rejected=rejected,
            encoding=self.encoding,
            layer=self.grid.layer,
        )


def read_layer(
    path: Path, *, layer: str | None = None, crs: Any = None, encoding: str | None = None
) -> Layer:
    """Read a layer of a vector file.

    Parameters
    ----------
    path : Path
        An existing file, or a folder *.gdb.
    layer : str, optional
        Which layer; needed where there is more than one with shapes. In a zip archive a file of it, or
        ``file/layer``.
    crs : any pyproj understands, optional
        Only for a file that names none.
    encoding : str, optional
        Overrules detection (shapefiles, GeoJSON, KML, DXF).

    Returns
    -------
    Layer

    Raises
    ------
    FormatError
        Where the path leads to the network; the file is not what its name says, damaged, larger than we read,
        or changes while it is read; a part of a shapefile is missing; an archive is unsafe; or the layer is
        not named or not there.
    CrsError
        See ``resolve``.
    """
    refuse_remote(path)
    wanted = Wanted(str(path), layer, crs, encoding)
    ending = path.suffix.lower()
    if ending not in SUFFIXES:
        raise FormatError(
            f"{ending or 'a file without ending'} is not read as a layer",
            file=wanted.file,
            remedy="give one of " + ", ".join(SUFFIXES) + ", or a survey .txt or a folder of them",
        )
    with unchanged(lambda: _files(path, wanted.file), file=wanted.file) as watch:
        drawn = (_from_archive if ending in _ARCHIVES else _READERS[ending])(path, wanted)
    return _settled(drawn, wanted, watch.sha256)


def _files(path: Path, file: str) -> list[Path]:
    """Return the files that a layer is read from."""
    if path.suffix.lower() == ".shp":
        return list(parts_of(path, file).values())
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _settled(drawn: Drawn, wanted: Wanted, sha256: str) -> Layer:
    """Settle the coordinate system and leave heights behind."""
    file, name = wanted.file, drawn.layer
    system = resolve(drawn.crs, wanted.crs, file=file)
    shapes, heights = flat(drawn.shapes)
    issues = [{**said, "sheet_or_layer": said["sheet_or_layer"] or name} for said in drawn.issues]
    if heights or drawn.heights:
        count = heights or drawn.heights
        issues.append(issue("z_dropped", "mended", file=file, sheet=name, field="geometry", count=count))
    if drawn.curves:
        count = drawn.curves
        issues.append(
            issue("curves_densified", "mended", file=file, sheet=name, field="geometry", count=count)
        )
    rows = np.arange(1, len(drawn.cells) + 1, dtype=np.int64) if drawn.rows is None else drawn.rows
    grid = Grid(file=file, layer=name, headers=drawn.headers, cells=drawn.cells, rows=rows, cut=drawn.cut)
    return Layer(grid, shapes, system, issues, sha256, drawn.encoding)


def _from_archive(path: Path, wanted: Wanted) -> Drawn:
    """Read a layer of a zip archive; its name is that within the archive."""
    with unpacked(path, wanted.file) as folder:
        dataset, inner = choose_dataset(folder, wanted, _READERS)
        drawn = _READERS[dataset.path.suffix.lower()](dataset.path, inner)
    return replace(drawn, layer=dataset.name if drawn.layer is None else f"{dataset.name}/{drawn.layer}")


def _from_shapefile(path: Path, wanted: Wanted) -> Drawn:
    file = wanted.file
    if wanted.layer not in (None, path.stem):
        pick_layer([path.stem], wanted.layer, file)
    found = find_shapefile(path, file)
    with opened(found.parts, file) as place:
        read = read_driver(place, "ESRI Shapefile", None, file, deleted=found.deleted, ENCODING=RAW)
    assert read.fids is not None
    rows = read.fids + 1
    table = decode_table(
        read.headers,
        read.cells,
        rows=rows,
        file=file,
        declared=found.declared,
        language=found.language,
        given=wanted.encoding,
    )
    return Drawn(
        table.headers,
        table.cells,
        read.shapes,
        crs=read.crs,
        rows=rows,
        encoding=table.encoding,
        issues=found.issues + table.issues,
        cut=table.cut,
        heights=_count(read.shapes) if read.measured else 0,
    )


def _by_driver(driver: str, *, named: bool) -> Callable[[Path, Wanted], Drawn]:
    """Return the reader of a format that GDAL reads and whose text is UTF-8."""

    def read(path: Path, wanted: Wanted) -> Drawn:
        file = wanted.file
        if wanted.encoding is not None:
            raise FormatError(
                f"the text of a {driver} file is always UTF-8",
                file=file,
                key="encoding",
                remedy="leave encoding out of the plan",
            )
        sniff(path, driver, file)
        with ExitStack() as stack:
            place = path
            if not is_plain(path):
                name = f"layer{path.suffix.lower()}"
                place = stack.enter_context(staged({name: path})) / name
            layer = pick_layer(layers_of(place, driver, file), wanted.layer, file)
            found = read_driver(place, driver, layer, file)
        heights = _count(found.shapes) if found.measured else 0
        return Drawn(
            found.headers,
            found.cells,
            found.shapes,
            crs=found.crs,
            layer=layer if named else None,
            heights=heights,
            curves=found.curves,
        )

    return read


def _count(shapes: npt.NDArray[Any]) -> int:
    return int(np.count_nonzero(~shapely.is_missing(shapes)))


_READERS: dict[str, Callable[[Path, Wanted], Drawn]] = {
    ".shp": _from_shapefile,
    ".gpkg": _by_driver("GPKG", named=True),
    ".gdb": _by_driver("OpenFileGDB", named=True),
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".fgb": _by_driver("FlatGeobuf", named=False),
    ".parquet": read_parquet,
    ".geoparquet": read_parquet,
    ".kml": read_kml,
    ".dxf": read_dxf,
}
_ARCHIVES = (".zip", ".kmz")
SUFFIXES = (*_READERS, *_ARCHIVES)
"""Endings of the files (and folders, .gdb) that can be read."""
