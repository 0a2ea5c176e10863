"""What a click shows: the records behind the shapes, as small tables that point at each other by place.

Every table keeps the order of the shapes (or of the table it points at); ``of`` is the place of the owner. An
open upper end is written as -1, an unknown figure as missing at both ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label, section
from landuse.tables import NO_CAUSE, NONE_HELD, OUTSIDE, Result

OPEN_END = -1.0


def plan_records(result: Result, ids: Mapping[str, pd.Index]) -> dict[str, pd.DataFrame]:
    """Return the tables behind a plan map.

    Parameters
    ----------
    result : Result
        A finished run.
    ids : mapping of str to Index
        The ids of the shapes of ``parcels``, ``reserve``, ``blocks`` and ``zones``, in the order they are
        drawn.
    """
    parcel_ids, project_ids = ids["parcels"], result.projects.index
    names = zone_names(result)
    links = result.links[["parcel_id", "project_id"]].drop_duplicates()
    return {
        "parcels": _parcels(result, parcel_ids, names),
        "parcel_status": _status(result.parcel_status, parcel_ids, "parcel_verdicts"),
        "links": _owned(
            pd.DataFrame({"project": project_ids.get_indexer(links["project_id"])}),
            parcel_ids.get_indexer(links["parcel_id"]),
        ),
        "projects": _projects(result, names),
        "project_status": _status(result.project_status, project_ids, "project_verdicts"),
        "reserve": _reserve(result, ids["reserve"], names),
        "grants": _grants(result, ids["reserve"], names),
        "blocks": _blocks(result, ids["blocks"], names),
        "zones": _zones(result, ids["zones"], names),
        "zone_status": _status(result.zone_status, ids["zones"], "zone_verdicts"),
    }


def ids_of(frame: pd.DataFrame) -> pd.Series:
    """Return the ids of a table's rows as a column."""
    return pd.Series(frame.index, index=frame.index, dtype="str")


def zone_names(result: Result) -> pd.Series:
    """Return the name of each zone, by its id; a zone without a name goes by its id."""
    return result.zones["name"].fillna(ids_of(result.zones))


def _parcels(result: Result, ids: pd.Index, names: pd.Series) -> pd.DataFrame:
    raw, facts = result.parcels.loc[ids], result.parcel_facts.reindex(ids)
    status = result.parcel_status[result.parcel_status["headline"]].set_index("subject_id").reindex(ids)
    return pd.DataFrame(
        {
            "id": ids.to_series(),
            "zone": zone_words(facts, names),
            "holder": raw["holder"],
            "area_mu": facts["area_mu"],
            "area_basis": facts["area_basis"].map(section("area_bases")),
            **_pair(facts, "fixed_wan_per_mu", "intensity"),
            "joint": facts["joint_site_id"],
            "cause": status["government_cause"].where(status["government_cause"] != NO_CAUSE),
            **_pair(status, "fee_wan", "fee"),
            **_supervision(result, ids),
            "file": raw["source_file"],
            "row": raw["source_row"],
        }
    )


def _supervision(result: Result, ids: pd.Index) -> dict[str, pd.Series]:
    """Return how far each parcel has come after supply, and what is due next, by the last day it can be."""
    rows = result.supervision.reindex(ids)
    due = rows["next_last"].dt.strftime("%Y-%m-%d")
    state = rows["next_state"].map(section("obligation_states"))
    owed = rows["next_obligation"].map(section("obligations"))
    said = owed + label("map_words", "gap") + due + label("map_words", "gap") + state
    return {"stage": rows["status"].map(section("stages")), "next_due": said.fillna(owed)}


def _projects(result: Result, names: pd.Series) -> pd.DataFrame:
    raw = result.projects
    facts = result.project_facts.reindex(raw.index)
    return pd.DataFrame(
        {
            "id": raw.index.to_series(),
            "name": raw["name"],
            "holder": raw["holder"],
            "zone": zone_words(facts, names),
            **_pair(facts, "fixed_wan_per_mu", "intensity"),
            "joint": facts["joint_site_id"],
            "file": raw["source_file"],
            "row": raw["source_row"],
        }
    )


def _reserve(result: Result, ids: pd.Index, names: pd.Series) -> pd.DataFrame:
    rows = result.reserve.loc[ids]
    return pd.DataFrame(
        {
            "id": ids.to_series(),
            "zone": _names(rows["zone_id"], names),
            "area_mu": rows["area_m2"] * 3.0 / 2000.0,
            "available_on": rows["available_on"].dt.strftime("%Y-%m-%d"),
            "file": rows["source_file"],
            "row": rows["source_row"],
        }
    )


def _grants(result: Result, reserve_ids: pd.Index, names: pd.Series) -> pd.DataFrame:
    rows = result.grants
    frame = pd.DataFrame(
        {
            "project": result.projects.index.get_indexer(rows["project_id"]),
            "project_id": rows["project_id"],
            "name": rows["project_id"].map(result.projects["name"]),
            "year": rows["year"],
            "zone": _names(rows["zone_id"], names),
            "resource": rows["resource"].map(section("resources")),
            "mu": rows["mu"],
            "rank": rows["rank"],
            "granted": rows["granted"],
            "reason": rows["reason"],
        }
    )
    owner = pd.Index(reserve_ids).get_indexer(rows["block_id"])
    return frame.assign(of=owner).sort_values(["rank", "project_id"], kind="stable", ignore_index=True)


def _blocks(result: Result, ids: pd.Index, names: pd.Series) -> pd.DataFrame:
    rows = result.blocks.loc[ids]
    kinds = ("idle_2y", "idle_1y", "idle_suspended", "underused")
    return pd.DataFrame(
        {
            "id": ids.to_series(),
            "zone": _names(rows["zone_id"], names),
            "area_mu": rows["area_mu"],
            "members": rows["members"],
            **{kind: rows[kind] for kind in kinds},
            "rank": rows["rank"],
        }
    )


def _zones(result: Result, ids: pd.Index, names: pd.Series) -> pd.DataFrame:
    rows, facts = result.zones.loc[ids], result.zone_facts.reindex(ids)
    return pd.DataFrame(
        {
            "id": ids.to_series(),
            "name": names.reindex(ids),
            "class": rows["zone_class"].map(section("zone_classes")),
            "area_mu": facts["area_mu"],
            "parcels": facts["parcels"],
            "projects": facts["projects"],
            **_pair(facts, "fixed_wan_per_mu", "intensity"),
        }
    )


def _status(status: pd.DataFrame, ids: pd.Index, verdicts: str) -> pd.DataFrame:
    """Return the statuses of the subjects, those of the headline policy first."""
    rows = status.sort_values("headline", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "policy": rows["policy"],
            "verdict": rows["verdict"].map(section(verdicts)),
            "clause": rows["clause"].where(rows["clause"] != NONE_HELD),
            "reason": rows["reason"],
        }
    )
    if "route" in rows:
        frame["route"] = rows["route"].map(section("routes"))
    return _owned(frame, ids.get_indexer(rows["subject_id"]))


def _owned(frame: pd.DataFrame, owner: Any) -> pd.DataFrame:
    """Return the rows whose owner is on the map, sorted by its place."""
    rows = frame.assign(of=np.asarray(owner))
    return rows[rows["of"] >= 0].sort_values("of", kind="stable", ignore_index=True)


def zone_words(facts: pd.DataFrame, names: pd.Series) -> pd.Series:
    """Return the zone of each row by name, saying so where it lies outside every zone."""
    words = _names(facts["zone_id"], names)
    return words.mask(facts["zone_class"] == OUTSIDE, label("map_words", "outside"))


def _names(zone_ids: pd.Series, names: pd.Series) -> pd.Series:
    return zone_ids.map(names).astype("str").fillna(zone_ids)


def _pair(frame: pd.DataFrame, stem: str, name: str) -> dict[str, pd.Series]:
    low, high = frame[f"{stem}_low"], frame[f"{stem}_high"]
    return {f"{name}_low": low, f"{name}_high": high.mask(np.isposinf(high), OPEN_END)}
