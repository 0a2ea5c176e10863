"""Grids of foreign cells, from headers to lists of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landuse.io.table.dialect import Grid, Options, translate
from landuse.tables import CORRECTIONS, PARCELS, PROJECTS, QUOTA, RESERVE, ZONES

TABLES = {t.name: t for t in (PARCELS, PROJECTS, ZONES, QUOTA, RESERVE, CORRECTIONS)}
MU = 2000 / 3


def grid(columns: dict, *, first_row: int = 2, file: str = "某表.xlsx", layer: str = "表1") -> Grid:
    """A grid from header to list of cells (object cells), or to a Series that keeps its type."""
    series = [v if isinstance(v, pd.Series) else pd.Series(v, dtype=object) for v in columns.values()]
    frame = pd.concat(series, axis=1) if series else pd.DataFrame()
    frame.columns = range(len(series))
    return Grid(file, layer, list(columns), frame, np.arange(first_row, first_row + len(frame)))


def read(cells: dict, table=PARCELS, **options):
    return translate(grid(cells), table, Options(**options))


def kinds(translation) -> list[str]:
    return [i["kind"] for i in translation.issues]


def project(**columns):
    return {"项目名称": ["甲"] * len(next(iter(columns.values()))), **columns}
