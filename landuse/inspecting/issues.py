"""What is said of land that is held twice or by none: a row for each of the two parcels."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from landuse.labels import say
from landuse.tables import issue, issue_table

__all__ = ["fault_issues"]

_KINDS = {
    ("duplicate", "overlap"): "parcels_same_shape",
    ("overlap", "overlap"): "parcels_overlap",
    ("sliver", "overlap"): "sliver_overlap",
    ("gap", "gap"): "gap_between",
    ("sliver", "gap"): "sliver_gap",
}


def fault_issues(parcels: gpd.GeoDataFrame, faults: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the issues of the faults between parcels.

    Parameters
    ----------
    parcels : GeoDataFrame
        Table ``parcels``.
    faults : GeoDataFrame
        Table ``geometry_faults``.

    Returns
    -------
    DataFrame
        Table ``issues``: for each fault a row for either parcel that names the other one and the area.
    """
    said: list[dict[str, Any]] = []
    places = [_places(parcels, faults[side]) for side in ("parcel_id", "other_id")]
    columns = ("kind", "nature", "parcel_id", "other_id", "area_m2", "width_m")
    for kind, nature, one, other, area, width, here, there in zip(
        *(faults[c] for c in columns), *places, strict=True
    ):
        figures = {"area": f"{area:,.3f}", "width": f"{width:.3f}"}
        for own, foreign, place, where in ((one, other, here, there), (other, one, there, here)):
            words = {"parcel": own, "other": foreign, "place": _in_words(where)}
            more = place | words | figures
            said.append(issue(_KINDS[kind, nature], "kept", field="geometry", raw=foreign, **more))
    return issue_table(said)


def _places(parcels: gpd.GeoDataFrame, ids: pd.Series) -> list[dict[str, Any]]:
    """Return file and row of parcels."""
    rows = parcels[["source_file", "source_row"]].reindex(ids)
    files, numbers = (rows[c].to_numpy(dtype=object) for c in rows)
    return [
        {"file": None if pd.isna(f) else str(f), "row": None if pd.isna(n) else int(n)}
        for f, n in zip(files, numbers, strict=True)
    ]


def _in_words(place: dict[str, Any]) -> str:
    known = place["file"] is not None and place["row"] is not None
    return say("fault_places", "row", **place) if known else place["file"] or "—"
