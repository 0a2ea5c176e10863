"""Arrow tables to columns of cells, with limits on what a cell may hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from landuse.errors import FormatError

__all__ = ["MOST_FIELDS", "check_batch", "check_fields", "check_frame", "frame_of", "plain_cells"]

MOST_FIELDS = 4096
"""A table of more columns is none of parcels."""
_LONGEST_TEXT = 1 << 20
"""Bytes of text in a cell."""
_LARGEST_SHAPE = 1 << 27
"""Bytes of a shape or another block in a cell: eight million corners."""
_REMEDY = "look at that row with the program that made the file; a parcel has no such cell"


def check_fields(count: int, file: str) -> None:
    """Refuse a table of too many columns.

    Raises
    ------
    FormatError
    """
    if count > MOST_FIELDS:
        raise FormatError(
            f"the table has {count} columns, more than {MOST_FIELDS}",
            file=file,
            remedy="export the columns that are needed",
        )


def check_batch(batch: pa.RecordBatch, done: int, file: str) -> None:
    """Refuse rows of which a cell is too large.

    Parameters
    ----------
    batch : RecordBatch
    done : int
        How many rows came before.
    file : str
        Named in the refusal.

    Raises
    ------
    FormatError
    """
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            limit = _LONGEST_TEXT
        elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            limit = _LARGEST_SHAPE
        else:
            continue
        if column.nbytes <= limit:
            continue
        sizes = pc.binary_length(column)
        largest = pc.max(sizes).as_py() or 0
        if largest > limit:
            row = done + pc.index(sizes, largest).as_py() + 1
            raise _too_large(name, row, largest, limit, file)


def check_frame(cells: pd.DataFrame, headers: Sequence[str], file: str) -> None:
    """Refuse a table of which a text cell is too large; columns of ``cells`` are 0 … n-1.

    Raises
    ------
    FormatError
    """
    for at, header in enumerate(headers):
        column = cells[at]
        if isinstance(column.dtype, pd.StringDtype):
            texts = pa.array(column.array, from_pandas=True)
            sizes = pc.binary_length(texts).to_numpy(zero_copy_only=False)
        elif column.dtype == object:
            sizes = np.array([_size(c) for c in column], dtype=np.float64)
        else:
            continue
        largest = np.nanmax(sizes) if np.isfinite(sizes).any() else 0
        if largest > _LONGEST_TEXT:
            row = int(np.nanargmax(sizes))
            raise _too_large(header, row + 1, int(largest), _LONGEST_TEXT, file)


def _size(cell: object) -> int:
    if isinstance(cell, str):
        return len(cell.encode("utf-8", errors="replace"))
    return len(cell) if isinstance(cell, bytes) else 0


def _too_large(field: str, row: int, size: int, limit: int, file: str) -> FormatError:
    return FormatError(
        f"the cell holds {size:,} bytes, more than {limit:,}", file=file, row=row, key=field, remedy=_REMEDY
    )


def frame_of(table: pa.Table, times: Sequence[bool]) -> pd.DataFrame:
    """Return the columns of an Arrow table as cells.

    Parameters
    ----------
    table : Table
        Columns may bear the same name.
    times : sequence of bool
        Which columns hold dates with a time of day, as text (ISO 8601).

    Returns
    -------
    DataFrame
        Columns 0 … n-1: whole numbers with gaps stay whole (Int64), days are datetime64, texts ``str``.
    """
    columns: dict[int, Any] = {}
    for at, (column, timed) in enumerate(zip(table.columns, times, strict=True)):
        columns[at] = _series(column, timed)
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), columns=range(table.num_columns))


def _series(column: pa.ChunkedArray, timed: bool) -> pd.Series:
    kind = column.type
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("ms")).to_pandas()
    if pa.types.is_integer(kind) and column.null_count:
        whole = column.cast(pa.int64()) if kind != pa.uint64() else column
        return whole.to_pandas(types_mapper={whole.type: pd.Int64Dtype()}.get)
    series = column.to_pandas()
    if pa.types.is_nested(kind):
        return plain_cells(series)
    return _moments(series) if timed else series


def plain_cells(column: pd.Series) -> pd.Series:
    """Return a column with lists and tables in its cells written as JSON.

    Examples
    --------
    >>> plain_cells(pd.Series([["a"], None, "b"])).tolist()
    ['["a"]', None, 'b']
    """
    if column.dtype != object:
        return column
    return pd.Series([_as_text(c) for c in column], dtype=object)


def _as_text(cell: Any) -> Any:
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if isinstance(cell, list | tuple | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return cell


def _moments(texts: pd.Series) -> pd.Series:
    """Return texts of ISO 8601 as moments; where time zones differ, in UTC; as texts where one is neither."""
    texts = texts.str.rstrip("\0")  # FileGDB: GDAL pads them
    for utc in (False, True):
        try:
            moments = pd.to_datetime(texts, format="ISO8601", utc=utc)
        except ValueError:
            continue
        if moments.dtype.kind == "M":
            return moments.dt.as_unit("ms")
    return texts
