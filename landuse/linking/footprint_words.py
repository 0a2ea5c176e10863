"""What is said of footprints and points: evidence of their links, and issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label, say
from landuse.linking.by_point import REVIEW, Dots
from landuse.tables import issue, place_of

__all__ = ["about", "evidence_of", "said_of_balance", "said_of_doubt", "tied_review"]

_NAMED = 5


def about(kind: str, projects: pd.DataFrame, at: int, **words: Any) -> dict[str, Any]:
    """Return an issue about the shape of the project in a row."""
    place = place_of(projects, at)
    return issue(kind, "kept", **place, field="geometry", project=projects.index[at], **words)


def evidence_of(pairs: pd.DataFrame, rule: str) -> list[str]:
    """Return a sentence a pair: how much both have in common."""
    form = label("footprint_evidence", "overlap")
    more = label("footprint_evidence", "largest") if rule == "largest" else ""
    columns = ("overlap_m2", "share_of_footprint", "share_of_parcel")
    return [
        form.format(overlap=f"{land:,.1f}", of_footprint=f"{one:.1%}", of_parcel=f"{other:.1%}") + more
        for land, one, other in zip(*(pairs[c].tolist() for c in columns), strict=True)
    ]


def tied_review(tied: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs between which the largest overlap does not decide, for review."""
    form = label("footprint_evidence", "tied")
    words = [form.format(overlap=f"{land:,.1f}") for land in tied["overlap_m2"]]
    frame = tied[["project", "parcel"]].assign(kind="largest_tied", evidence=words)
    return frame[list(REVIEW)].astype({"kind": object, "evidence": object})


def said_of_balance(
    projects: pd.DataFrame, balance: pd.DataFrame, pairs: pd.DataFrame, least: Any
) -> list[dict[str, Any]]:
    """Say which footprints lie off parcels or on doubled land, by at least ``least`` [m2], one each."""
    said = []
    outside, whole = balance["outside_m2"].to_numpy(), balance["footprint_m2"].to_numpy()
    doubled = balance["doubled_m2"].to_numpy()
    bare = ~np.isin(balance["project"], pairs["project"])
    for row in np.flatnonzero((outside >= least) | bare):
        at, area = int(balance["project"].iloc[row]), f"{whole[row]:,.1f}"
        if bare[row]:
            said.append(about("footprint_on_no_parcel", projects, at, footprint=area))
            continue
        words = {"outside": f"{outside[row]:,.1f}", "share": f"{outside[row] / whole[row]:.1%}"}
        said.append(about("footprint_outside", projects, at, footprint=area, **words))
    for row in np.flatnonzero(doubled >= least):
        at = int(balance["project"].iloc[row])
        said.append(about("footprint_on_doubled_land", projects, at, doubled=f"{doubled[row]:,.1f}"))
    noise = pairs[pairs["noise"]]
    if len(noise):
        area = f"{noise['overlap_m2'].sum():,.1f}"
        said.append(issue("footprint_edges_left", "kept", field="geometry", pairs=len(noise), area=area))
    return said


def said_of_doubt(
    projects: pd.DataFrame, parcels: pd.DataFrame, dots: Dots, tied: pd.DataFrame
) -> list[dict[str, Any]]:
    """Say which points and largest overlaps decide nothing, and between which parcels; and points on none."""
    said = []
    for at, rows in dots.doubtful.groupby("project"):
        named = _ids(parcels.index[rows["parcel"]])
        words = {"why": rows["evidence"].iloc[0], "parcels": named}
        said.append(about("point_undecided", projects, int(at), **words))
    for at, rows in tied.groupby("project"):
        said.append(about("largest_tied", projects, int(at), parcels=_ids(parcels.index[rows["parcel"]])))
    said += [about("point_on_no_parcel", projects, int(at)) for at in dots.nowhere]
    return said


def _ids(ids: Sequence[Any]) -> str:
    some = label("footprint_evidence", "comma").join(map(str, ids[:_NAMED]))
    return some if len(ids) <= _NAMED else say("footprint_evidence", "more", ids=some, count=len(ids))
