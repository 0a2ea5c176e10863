"""A noun of the house: a named table with its columns, its key and the check that a frame keeps to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow

from landuse.errors import TableError
from landuse.tables.columns import Columns

Frame: TypeAlias = pd.DataFrame


@dataclass(frozen=True)
class Table:
    """A documented table.

    Parameters
    ----------
    name : str
        Its name, as in the run folder.
    meaning : str
        One sentence.
    columns : dict of str to pandera Column
        Type, unit and meaning of each column.
    key : str, optional
        The index's name; None where rows have no key of their own (a RangeIndex).
    open : bool
        Whether columns beyond these may stand in it.
    """

    name: str
    meaning: str
    columns: Columns
    key: str | None = None
    open: bool = False

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema."""
        index = pa.Index("str", name=self.key, unique=True) if self.key else None
        return pa.DataFrameSchema(self.columns, index=index, strict=not self.open, name=self.name)

    @property
    def has_geometry(self) -> bool:
        """Whether the table has shapes."""
        return "geometry" in self.columns

    def unit(self, column: str) -> str:
        """Return the unit of a column."""
        return str(self._about(column)["unit"])

    def meaning_of(self, column: str) -> str:
        """Return the sentence that says what a column holds."""
        return str(self._about(column)["meaning"])

    def ratio(self, column: str) -> tuple[str, str, Any] | None:
        """Return numerator, denominator and factor of a ratio column, None for any other."""
        return cast("tuple[str, str, Any] | None", self._about(column).get("ratio"))

    def stems(self) -> list[str]:
        """Return the names of the facts: pairs by their stem, other columns as they are."""
        return list(self._stems)

    @cached_property
    def _stems(self) -> dict[str, None]:
        return dict.fromkeys(_stem(c, self) for c in self.columns)

    def is_pair(self, column: str) -> bool:
        """Say whether a column or stem belongs to a low/high pair."""
        stem = column.removesuffix("_low").removesuffix("_high")
        return f"{stem}_low" in self.columns and f"{stem}_high" in self.columns

    def empty(self, crs: Any = None) -> Frame:
        """Return the table without rows."""
        return self.conform(pd.DataFrame(index=pd.Index([], dtype="str", name=self.key)), crs=crs)

    def conform(self, frame: Frame, *, crs: Any = None) -> Frame:
        """Return the frame with every column present, of its type and in order; absent ones hold missing.

        Parameters
        ----------
        frame : DataFrame or GeoDataFrame
            Its index is the key, or is dropped where the table has none.
        crs : any, optional
            The coordinate system for the geometry of a plain frame.
        """
        rows = len(frame)
        data: dict[str, Any] = {}
        for name, column in self.columns.items():
            if name == "geometry":
                continue
            data[name] = _cast(frame.get(name, None), column, rows, frame.index)
        if self.open:
            data |= {c: frame[c] for c in frame.columns if c not in data and c != "geometry"}
        index = frame.index if self.key else pd.RangeIndex(rows)
        if self.key:
            index = _texts(frame.index).rename(self.key)
        table = pd.DataFrame({c: _values(v, index) for c, v in data.items()}, index=index, copy=False)
        if not self.has_geometry:
            return table
        shapes = frame["geometry"] if "geometry" in frame else [None] * rows
        frame_crs = getattr(frame, "crs", None) if isinstance(frame, gpd.GeoDataFrame) else None
        geometry = gpd.GeoSeries(np.asarray(shapes, dtype=object), index=index)
        return gpd.GeoDataFrame(table, geometry=geometry, crs=frame_crs or crs, copy=False)

    def check(self, frame: Frame, *, file: str | None = None) -> Frame:
        """Return the frame if it keeps to the schema.

        Raises
        ------
        TableError
            With every breach as a row of ``failures``.
        """
        try:
            return cast("Frame", self.schema.validate(frame, lazy=True))
        except pa.errors.SchemaErrors as error:
            cases = error.failure_cases
            failures = [
                {"column": r.column, "check": str(r.check), "row": r.index, "value": r.failure_case}
                for r in cases.itertuples()
            ]
            raise TableError(
                f"the table {self.name} breaks its schema in {len(failures)} places",
                file=file,
                failures=failures,
                remedy="docs/tables.md says what each column holds",
            ) from None

    def _about(self, column: str) -> dict[str, Any]:
        found = self.columns.get(column) or self.columns.get(f"{column}_low")
        if found is None:
            raise KeyError(f"{self.name} has no column {column}")
        return cast("dict[str, Any]", found.metadata or {})


def _stem(column: str, table: Table) -> str:
    if table.is_pair(column):
        return column.removesuffix("_low").removesuffix("_high")
    return column


def nothing(rows: int, dtype: str = "str") -> pd.Series:
    """Return a column of which every cell is missing.

    Examples
    --------
    >>> nothing(2, "Int64").isna().tolist()
    [True, True]
    """
    if dtype == "str":
        texts = pd.StringDtype(na_value=np.nan)
        return pd.Series(texts.__from_arrow__(pyarrow.nulls(rows, pyarrow.large_string())))
    missing: Any = pd.NaT if dtype.startswith("datetime") else np.nan if dtype == "float64" else pd.NA
    return pd.Series(missing, index=pd.RangeIndex(rows), dtype=dtype)


def with_key(frame: Frame) -> Frame:
    """Return a frame with its key as the first column; pandas warns where a wide one is shifted in place.

    Examples
    --------
    >>> with_key(pd.DataFrame({"a": [1]}, index=pd.Index(["x"], name="id"))).to_dict("records")
    [{'id': 'x', 'a': 1}]
    """
    rest = frame.reset_index(drop=True)
    if frame.index.name is None:
        return rest
    whole = pd.concat([frame.index.to_frame(index=False), rest], axis=1)
    if not isinstance(frame, gpd.GeoDataFrame):
        return whole
    return gpd.GeoDataFrame(whole, geometry=frame.geometry.name, crs=frame.crs)


def _texts(index: pd.Index) -> pd.Index:
    if isinstance(index.dtype, pd.StringDtype) and not isinstance(index, pd.MultiIndex):
        return index.astype("str")
    return pd.Index(np.asarray(index, dtype=object), dtype="str")


def _values(column: Any, index: pd.Index) -> Any:
    """Return a column under another index; a Series shares its values until one of the two is changed."""
    return column.set_axis(index) if isinstance(column, pd.Series) else column


def _cast(values: Any, column: pa.Column, rows: int, index: pd.Index) -> pd.Series:
    dtype = str(column.dtype)
    for made, meant in (("string", "str"), ("datetime64", "datetime64[us]")):  # what pandera makes of them
        dtype = meant if dtype.startswith(made) else dtype
    if values is None:
        absent = (column.metadata or {}).get("absent")
        if absent is not None:
            return pd.Series(absent, index=index, dtype="str")
        if dtype == "object":
            return pd.Series([[] for _ in range(rows)], index=index, dtype=object)
        if dtype == "bool":
            return pd.Series(False, index=index, dtype=bool)
        if dtype == "int64":
            return pd.Series(0, index=index, dtype="int64")
        return nothing(rows, dtype).set_axis(index)
    series = values if isinstance(values, pd.Series) else pd.Series(values, index=index)
    if dtype == "bool" and str(series.dtype) != dtype:
        series = series.astype("boolean").fillna(False)
    if dtype != "object" and str(series.dtype) != dtype:
        series = series.astype(dtype)
    absent = (column.metadata or {}).get("absent")
    return series if absent is None else series.fillna(absent)
