"""Layers through GDAL: the driver must be the one promised, Arrow only where it gives the same."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from landuse.errors import FormatError
from landuse.io.vector.arrow import check_batch, check_fields, check_frame, frame_of, plain_cells
from landuse.io.vector.curves import MAY_CURVE, count_curves

__all__ = ["Read", "layers_of", "not_that_format", "overheard", "read_driver", "refuse_other", "sniff"]

_PLAIN = frozenset({"Polygon", "MultiPolygon", "Polygon Z", "MultiPolygon Z"})
"""Geometry types that are safe to read through Arrow; curves and mixtures go the slower way."""
_HEADS = {"ESRI Shapefile": b"\x00\x00\x27\x0a", "GPKG": b"SQLite format 3\0", "FlatGeobuf": b"fgb"}
_SNIFF = 1 << 16
_STREAMED = b"gdal_streamed_alg"
"""In a JSON file: an instruction to GDAL to open other files, which may lie on the network."""


@dataclass(frozen=True)
class Read:
    """A layer as its driver gave it.

    ``cells`` has columns 0 … n-1; ``fids`` are the feature ids where they were asked for; ``measured`` says
    whether measures (M) were left behind; ``curves`` how many shapes were made of arcs.
    """

    headers: list[str]
    cells: pd.DataFrame
    shapes: npt.NDArray[Any]
    crs: Any = None
    fids: npt.NDArray[np.int64] | None = None
    measured: bool = False
    curves: int = 0


def sniff(path: Path, driver: str, file: str) -> None:
    """Look at the beginning of a file before any driver does: some follow what stands there to other places.

    Raises
    ------
    FormatError
        Where the file does not begin as a file of that driver does.
    """
    if driver == "OpenFileGDB":
        if not (path.is_dir() and any(p.suffix.lower() == ".gdbtable" for p in path.iterdir())):
            raise not_that_format(driver, file, "a folder of .gdbtable files is expected")
        return
    with path.open("rb") as stream:
        head = stream.read(_SNIFF)
    known = _known(head)
    if driver == "GeoJSON":
        begins = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and _STREAMED not in head
    else:
        begins = known == driver
    if not begins:
        raise not_that_format(driver, file, f"it is {known}" if known else "it begins otherwise")


def refuse_other(path: Path, driver: str, file: str) -> None:
    """Refuse a file that begins as one of another driver does, whatever its ending says.

    Raises
    ------
    FormatError
    """
    with path.open("rb") as stream:
        known = _known(stream.read(_SNIFF))
    if known not in (None, driver):
        raise not_that_format(driver, file, f"it is {known}")


def _known(head: bytes) -> str | None:
    return next((name for name, mark in _HEADS.items() if head.startswith(mark)), None)


def layers_of(path: Path, driver: str, file: str) -> list[str]:
    """Return the names of the layers that have shapes.

    Raises
    ------
    FormatError
        Where the file is not what its name says.
    """
    sniff(path, driver, file)
    try:
        with overheard():
            listed = pyogrio.list_layers(path)
    except (RuntimeError, ValueError) as error:
        raise not_that_format(driver, file, error) from None
    return [str(name) for name, kind in listed if kind is not None]


def read_driver(
    path: Path, driver: str, layer: str | None, file: str, *, deleted: int | None = None, **options: str
) -> Read:
    """Read a layer.

    Parameters
    ----------
    path : Path
    driver : str
        The one that must open it.
    layer : str or None
        None for the only one.
    file : str
        Its name in refusals.
    deleted : int, optional
        How many records of the file are marked as deleted; feature ids are returned then.
    **options : str
        Open options of the driver.

    Raises
    ------
    FormatError
        Where the driver is another one, the file is damaged, or a cell or the table is larger than we read.
    """
    fids, curves = deleted is not None, 0
    try:
        with overheard() as said:
            info = pyogrio.read_info(path, layer=layer, force_feature_count=True, **options)
            if info["driver"] != driver:
                raise not_that_format(driver, file, f"it is {info['driver']}")
            check_fields(len(info["fields"]), file)
            arrow = info["geometry_type"] in _PLAIN
            try:
                read = (_by_arrow if arrow else _plainly)(path, layer, file, fids, options)
            except NotImplementedError:  # curves under the name of polygons, which Arrow cannot carry
                read, arrow = _plainly(path, layer, file, fids, options), False
            if not arrow and driver in MAY_CURVE:
                curves = count_curves(path, str(layer or info["layer_name"]))
    except (RuntimeError, ValueError, pa.ArrowException) as error:
        raise not_that_format(driver, file, error) from None
    expected = info["features"] - (deleted or 0)
    if len(read.shapes) != expected:
        raise FormatError(
            f"the file says it holds {expected} features, {len(read.shapes)} can be read",
            file=file,
            remedy="the file is damaged: copy or export it again",
        )
    measured = any("Measured" in str(w.message) for w in said)
    return replace(read, crs=info["crs"], measured=measured, curves=curves)


def _by_arrow(path: Path, layer: str | None, file: str, fids: bool, options: Mapping[str, str]) -> Read:
    """Read in batches, each looked at before the next one is taken."""
    stream = pyogrio.raw.open_arrow(
        path, layer=layer, return_fids=fids, datetime_as_string=True, use_pyarrow=True, **options
    )
    shapes: list[npt.NDArray[Any]] = []
    batches: list[pa.RecordBatch] = []
    with stream as (meta, reader):
        at = reader.schema.get_field_index(meta["geometry_name"] or "wkb_geometry")
        schema = reader.schema.remove(at)
        done = 0
        for batch in reader:
            check_batch(batch, done, file)
            shapes.append(shapely.from_wkb(batch.column(at).to_numpy(zero_copy_only=False)))
            columns = [c for i, c in enumerate(batch.columns) if i != at]
            batches.append(pa.RecordBatch.from_arrays(columns, schema=schema))
            done += batch.num_rows
    table = pa.Table.from_batches(batches, schema)
    found = None
    if fids:
        column = table.schema.get_field_index(meta["fid_column"] or "OGC_FID")
        found = table.column(column).to_numpy().astype(np.int64)
        table = table.remove_column(column)
    timed = {
        name
        for name, kind in zip(meta["fields"], meta["dtypes"], strict=True)
        if str(kind).startswith("datetime") and kind != "datetime64[D]"
    }
    cells = frame_of(table, [name in timed for name in table.column_names])
    every = np.concatenate(shapes) if shapes else np.empty(0, dtype=object)
    return Read(list(table.column_names), cells, every, fids=found)


def _plainly(path: Path, layer: str | None, file: str, fids: bool, options: Mapping[str, str]) -> Read:
    frame = pyogrio.read_dataframe(path, layer=layer, fid_as_index=fids, **options)
    found = frame.index.to_numpy(dtype=np.int64) if fids else None
    shapes = np.asarray(frame.geometry.values, dtype=object)
    cells = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    headers = [str(c) for c in cells.columns]
    cells = cells.set_axis(range(len(headers)), axis=1)
    cells = pd.DataFrame({at: plain_cells(cells[at]) for at in cells.columns}, index=cells.index)
    check_frame(cells, headers, file)
    return Read(headers, cells, shapes, fids=found)


@contextmanager
def overheard() -> Iterator[list[warnings.WarningMessage]]:
    """Keep what a driver warns of out of the way, to be looked through."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield said


def not_that_format(driver: str, file: str, why: object) -> FormatError:
    """Return the refusal of a file that is not what its ending says."""
    reason = re.sub(r"'[^']*[/\\][^']*'\s*", "", str(why).split(";")[0]).strip()
    return FormatError(
        f"the file cannot be read as {driver} ({reason})",
        file=file,
        remedy="give it the ending of its real format, or export it again",
    )
