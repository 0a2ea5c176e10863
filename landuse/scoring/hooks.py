"""Which zones have a project of linking increase and decrease of construction land reported."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import say
from landuse.tables import HOOKS, ZONE_HOOKS, issues_at
from landuse.tables.spans import span_of, start_of

__all__ = ["hooks_by_zone"]


def hooks_by_zone(
    zones: pd.Index, hooks: pd.DataFrame | None, as_of: date
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Say of each zone whether a project is reported.

    Parameters
    ----------
    zones : Index
        Their ids.
    hooks : DataFrame or None
        Table ``hooks`` with zones settled; None where the plan names no file: then nothing is known.
    as_of : date
        The start of that day; what is reported on it or later is not yet reported.

    Returns
    -------
    table : DataFrame
        Table ``zone_hooks``: yes, with file and row of the first; no where the file has no row of the zone;
        unknown where there is no file, or only rows of a month or year that the as-of date lies in.
    issues : list of dict
        Rows that are not yet reported, or may not be.

    References
    ----------
    Municipal document of Luoyang on industrial agglomeration zones (2011), (5)2: every zone is to have a
    project reported.
    """
    if hooks is None:
        table = pd.DataFrame(
            {"hook_reported": "unknown", "reason": say("hook_reasons", "no_file")}, index=zones
        )
        return ZONE_HOOKS.conform(table), []
    rows = HOOKS.conform(hooks)
    today, day = start_of(as_of), span_of(rows, "reported_on")
    later, doubtful = np.asarray(day.first >= today), day.doubtful(today)
    issues = []
    for kind, mask in (("hook_after_as_of", later), ("hook_around_as_of", doubtful)):
        words = _words(rows, as_of)
        issues += issues_at(kind, "kept", rows, mask, field="reported_on", words=words)
    first = np.where(day.known, day.first, np.datetime64("9999-12-31", "D"))
    order = np.lexsort((rows["source_row"].fillna(0).to_numpy(dtype=np.int64), first))
    held = rows.iloc[order][~(later | doubtful)[order]]
    counts = held.groupby("zone_id").size().reindex(zones).fillna(0).astype("int64")
    earliest = held.drop_duplicates("zone_id").set_index("zone_id").reindex(zones)
    perhaps = np.isin(zones.to_numpy(dtype=object), rows.loc[doubtful, "zone_id"].to_numpy(dtype=object))
    words = np.where(counts > 0, "yes", np.where(perhaps, "unknown", "no"))
    kinds = np.where(counts > 0, "yes", np.where(perhaps, "around", "no"))
    columns = ["reported_on", "reported_on_period", "source_file", "source_row"]
    table = earliest[columns].assign(
        hook_reported=words,
        hook_projects=counts,
        reason=[say("hook_reasons", k, rows=n) for k, n in zip(kinds, counts, strict=True)],
    )
    return ZONE_HOOKS.conform(table), issues


def _words(rows: pd.DataFrame, as_of: date) -> Any:
    span = span_of(rows, "reported_on")
    return lambda at: {"raw": span.text(at), "zone": rows["zone_id"].iloc[at], "as_of": as_of}
