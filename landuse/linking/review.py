"""The table of pairs that an analyst decides on: what points to each, and why it is not linked by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label
from landuse.linking.by_code import Flags, Ints
from landuse.linking.corrections import Given
from landuse.linking.weigh import EDGE, PAIR, keys_of
from landuse.tables import LINK_REVIEW, issues_at

__all__ = ["edge_issues", "for_review", "pairs_among", "review_issues", "review_table"]

_OF_PROJECT = {
    "project_name": "name",
    "project_holder": "holder",
    "project_zone": "zone_id",
    "parcel_refs": "parcel_refs",
    "requested_m2_low": "requested_m2_low",
    "requested_m2_high": "requested_m2_high",
    "total_invest_wan_low": "total_invest_wan_low",
    "total_invest_wan_high": "total_invest_wan_high",
    "source_file": "source_file",
    "source_row": "source_row",
}
_OF_PARCEL = {"parcel_holder": "holder", "parcel_zone": "zone_id"}


def review_table(
    candidates: pd.DataFrame,
    evidence: pd.DataFrame,
    given: Given,
    projects: pd.DataFrame,
    parcels: pd.DataFrame,
    areas: pd.Series,
) -> pd.DataFrame:
    """Return the table ``link_review``, sorted by project and parcel.

    Parameters
    ----------
    candidates : DataFrame
        ``review`` of the weighing.
    evidence : DataFrame
        Every pair that anything points to (project, parcel, method, score, band, evidence), strongest first.
    given : Given
        The analyst's word: pairs decided on stand in the table with the decision.
    projects, parcels : DataFrame
        The tables, with settled zones.
    areas : Series of float64
        Area of each parcel [m2], in the order of ``parcels``; may be missing.
    """
    told = evidence.drop_duplicates(PAIR)
    decided = given.decided.merge(told, on=PAIR, how="left")
    rows = pd.concat([candidates.assign(decision="open"), decided], ignore_index=True)
    kinds = rows["kind"] if "kind" in rows else pd.Series(index=rows.index, dtype=object)
    at, there = (rows[side].to_numpy(dtype=np.int64) for side in PAIR)
    columns: dict[str, Any] = {
        "project_id": projects.index.take(at),
        "parcel_id": parcels.index.take(there),
        "decision": rows["decision"],
        "share": rows.get("share"),
        "method": rows["method"],
        "score": rows["score"],
        "band": rows["band"],
        "kind": kinds,
        "reason": kinds.map(lambda kind: label("review_reasons", kind), na_action="ignore"),
        "evidence": rows["evidence"],
        "parcel_area_m2": areas.to_numpy(dtype=np.float64)[there],
    }
    columns |= {new: projects[old].take(at).array for new, old in _OF_PROJECT.items()}
    columns |= {new: parcels[old].take(there).array for new, old in _OF_PARCEL.items()}
    table = pd.DataFrame(columns, index=rows.index).sort_values(["project_id", "parcel_id"])
    return LINK_REVIEW.conform(table)


def for_review(review: pd.DataFrame, projects: pd.DataFrame) -> Flags:
    """Say which projects have a pair that waits for a decision."""
    waiting = review.loc[review["decision"] == "open", "project_id"]
    return np.asarray(projects.index.isin(waiting), dtype=bool)


def review_issues(review: pd.DataFrame, projects: pd.DataFrame, linked: Flags) -> list[dict[str, Any]]:
    """Return an issue for each project with pairs that wait for a decision."""
    waiting = review[review["decision"] == "open"]
    groups = waiting.groupby("project_id", sort=False)
    parcels = groups["parcel_id"].agg(list)
    reasons = groups["reason"].agg(lambda texts: list(dict.fromkeys(texts)))
    comma = label("zone_evidence", "comma")

    def words(at: Any) -> dict[str, Any]:
        name = projects.index[at]
        shown = [*parcels[name][:5], *(["…"] if len(parcels[name]) > 5 else [])]
        return {
            "raw": comma.join(shown),
            "project": name,
            "count": len(parcels[name]),
            "reasons": comma.join(reasons[name]),
            "state": label("review_states", "linked" if linked[at] else "unlinked"),
        }

    mask = for_review(review, projects)
    return issues_at("link_for_review", "kept", projects, mask, field="parcel_refs", words=words)


def edge_issues(edges: pd.DataFrame, projects: pd.DataFrame, parcels: pd.DataFrame) -> list[dict[str, Any]]:
    """Say which overlaps were taken for the edge of a neighbour: one issue a project."""
    of = edges.groupby("project")["parcel"].agg(list)
    mask = np.isin(np.arange(len(projects)), of.index)
    comma = label("zone_evidence", "comma")

    def words(at: Any) -> dict[str, Any]:
        shown = comma.join(parcels.index[p] for p in of[at][:5])
        return {"raw": shown, "project": projects.index[at], "count": len(of[at]), "part": f"{EDGE:.0%}"}

    return issues_at("footprint_edge", "kept", projects, mask, field="geometry", words=words)


def pairs_among(project: Ints, parcel: Ints, frame: pd.DataFrame, width: int) -> Ints:
    """Return for each link the row of a frame of pairs that is the same pair, -1 for none."""
    mine = keys_of(pd.DataFrame({"project": project, "parcel": parcel}), width)
    return np.asarray(pd.Index(keys_of(frame, width)).get_indexer(pd.Index(mine)), dtype=np.int64)
