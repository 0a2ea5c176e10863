"""GeoParquet."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from landuse.errors import FormatError
from landuse.io.vector.arrow import check_fields, check_frame, plain_cells
from landuse.io.vector.drawn import Drawn, Wanted
from landuse.io.vector.drivers import overheard

__all__ = ["read_parquet"]


def read_parquet(path: Path, wanted: Wanted) -> Drawn:
    """Read a GeoParquet file.

    Raises
    ------
    FormatError
        Where it is none, holds no shapes or layers are asked for.
    """
    file = wanted.file
    if wanted.layer is not None:
        raise FormatError(
            "the format has no layers", file=file, key="layer", remedy="leave layer out of the plan"
        )
    try:
        with overheard():
            check_fields(len(pq.read_schema(path)), file)
            frame = gpd.read_parquet(path)
    except (ValueError, TypeError, OSError, pa.ArrowException) as error:
        geo = "geo metadata" in str(error)
        what = "the Parquet file holds no shapes (no geo metadata)" if geo else "not a Parquet file"
        raise FormatError(
            what, file=file, remedy="write it with to_parquet of geopandas, or ogr2ogr"
        ) from None
    shapes = np.asarray(frame.geometry.values, dtype=object)
    cells = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(drop=True)
    headers = [str(c) for c in cells.columns]
    cells = cells.set_axis(range(len(headers)), axis=1)
    cells = pd.DataFrame({at: plain_cells(cells[at]) for at in cells.columns}, index=cells.index)
    check_frame(cells, headers, file)
    return Drawn(headers, cells, shapes, crs=frame.crs)
