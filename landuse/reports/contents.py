"""What stands in each sheet of the workbook, from the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from landuse.labels import label, say, section
from landuse.policy import Policy
from landuse.reports.columns import Cell, Column, columns, list_column, text_column
from landuse.reports.scores import score_sheets
from landuse.reports.sheet_content import ORIGIN, SheetContent, zone_column, zone_names
from landuse.reports.supervision import supervision_sheets
from landuse.reports.verdicts import Bench, others_sheet
from landuse.tables import RUN_TABLES, Result

__all__ = ["SheetContent", "faults_sheet", "headline", "sheets"]


def headline(status: pd.DataFrame, subjects: pd.Index) -> pd.DataFrame:
    """Return the verdicts of the policy that comes first, one row a subject in the order given."""
    first = status[status["headline"]].astype({"borderline": "boolean"})
    return first.set_index("subject_id").reindex(subjects)


def sheets(result: Result, policies: Sequence[Policy]) -> list[SheetContent]:
    """Return every sheet but the overview.

    Parameters
    ----------
    result : Result
        A finished run.
    policies : sequence of Policy
        Its policies, for the places of the law that clauses cite.
    """
    bench = Bench(policies)
    zones = zone_names(result.tables["zones"])
    others = others_sheet(result, bench, {s: result.tables[f"{s}s"]["name"] for s in ("project", "zone")})
    return [
        _projects(result, bench, zones),
        _parcels(result, bench, zones),
        _zones(result, bench),
        *([others] if others else []),
        *supervision_sheets(result, zones),
        *score_sheets(result, zones),
        _blocks(result, zones),
        _grants(result, zones),
        _usage(result, zones),
        _unlinked(result),
        faults_sheet(result.tables["geometry_faults"], result.tables["parcels"]),
        _issues(result),
        _rejected(result),
    ]


def _linked(result: Result, own: str, other: str, ids: pd.Index) -> list[list[str]]:
    """Return for each subject the ids it is linked to, sorted."""
    links = result.tables["links"][[own, other]].sort_values([own, other])
    found = links.groupby(own)[other].agg(list)
    return [v if isinstance(v, list) else [] for v in found.reindex(ids)]


def _projects(result: Result, bench: Bench, zones: Mapping[str, str]) -> SheetContent:
    ledger = result.tables["projects"]
    facts = result.tables["project_facts"].reindex(ledger.index)
    status = headline(result.tables["project_status"], ledger.index)
    read, known, said = (RUN_TABLES[n] for n in ("projects", "project_facts", "project_status"))
    names = {"verdict": "project_verdicts"}
    figures = [
        "total_invest_wan", "fixed_invest_wan", "land_basis", "land_mu", "doubled_mu", "fixed_wan_per_mu",
        "total_wan_per_mu", "output_wan", "output_wan_per_mu", "tax_wan", "tax_wan_per_mu", "invested_wan",
        "planned_wan", "invested_ratio", "joint_site_id", "asking", "requested_m2", "farmland_m2",
        "cultivated_m2", "jobs",
    ]  # fmt: skip
    linked = _linked(result, "project_id", "parcel_id", ledger.index)
    return SheetContent(
        "projects",
        [
            *columns(read, ledger, ["project_id", "name", "holder"]),
            zone_column(facts["zone_id"], zones),
            *columns(known, facts, ["zone_class", "is_new"]),
            *columns(said, status, ["verdict", "borderline", "route", "reason"], names=names),
            *bench.follows(status, "project"),
            bench.clause(status),
            bench.missing(status, "project"),
            *columns(known, facts, figures),
            *bench.own_facts(facts, "project"),
            *columns(read, ledger, ["industry_code", "stage"]),
            list_column(label("workbook", "linked_parcels"), linked),
            *columns(said, status, ["route_source"]),
            *columns(read, ledger, ORIGIN),
        ],
        frozen=2,
    )


def _parcels(result: Result, bench: Bench, zones: Mapping[str, str]) -> SheetContent:
    land = result.tables["parcels"]
    facts = result.tables["parcel_facts"].reindex(land.index)
    status = headline(result.tables["parcel_status"], land.index)
    read, known, said = (RUN_TABLES[n] for n in ("parcels", "parcel_facts", "parcel_status"))
    names = {"verdict": "parcel_verdicts"}
    areas = [
        "area_mu",
        "area_basis",
        "overlap_m2",
        "stated_area_m2",
        "area_m2",
        "stated_gap",
        "stated_reading",
    ]
    figures = [
        "fixed_invest_wan", "fixed_wan_per_mu", "total_invest_wan", "total_wan_per_mu", "joint_site_id",
        "price_wan", "start_due", "start_state", "started_on", "days_past_start", "suspend_state",
        "suspended_on", "days_suspended", "developed_m2", "due_development_m2", "developed_ratio",
        "invested_ratio", "far", "building_ratio",
    ]  # fmt: skip
    linked = _linked(result, "parcel_id", "project_id", land.index)
    return SheetContent(
        "parcels",
        [
            *columns(read, land, ["parcel_id", "holder"]),
            zone_column(facts["zone_id"], zones),
            *columns(known, facts, ["zone_class"]),
            *columns(said, status, ["verdict", "borderline", "government_cause", "fee_wan"], names=names),
            *columns(said, status, ["reason"]),
            *bench.follows(status, "parcel"),
            bench.clause(status),
            bench.missing(status, "parcel"),
            *columns(known, facts, areas),
            *columns(known, facts, _with_periods(figures, facts)),
            *bench.own_facts(facts, "parcel"),
            *columns(known, facts, ["ownership"]),
            *columns(read, land, ["land_use", "supply_mode", "contract_no"]),
            list_column(label("workbook", "linked_projects"), linked),
            *columns(read, land, ORIGIN),
        ],
        frozen=2,
    )


def _with_periods(figures: list[str], facts: pd.DataFrame) -> list[str]:
    """Put the month or year beside each date of which somewhere no more is known."""
    found: list[str] = []
    for name in figures:
        period = f"{name}_period"
        found += [name, period] if period in facts and facts[period].notna().any() else [name]
    return found


def _zones(result: Result, bench: Bench) -> SheetContent:
    facts = result.tables["zone_facts"]
    status = headline(result.tables["zone_status"], facts.index)
    figures = [
        "zone_id", "name", "zone_class", "area_mu", "parcels", "parcel_land_mu", "doubled_mu", "projects",
        "covered_projects", "coverage_mu", "fixed_invest_wan", "fixed_wan_per_mu", "coverage_total_mu",
        "total_invest_wan", "total_wan_per_mu",
    ]  # fmt: skip
    said = columns(
        RUN_TABLES["zone_status"], status, ["verdict", "borderline", "reason"],
        names={"verdict": "zone_verdicts"},
    )  # fmt: skip
    judged = [*said, *bench.follows(status, "zone"), bench.clause(status), bench.missing(status, "zone")]
    judged = judged if status["verdict"].notna().any() else []
    return SheetContent(
        "zones",
        [*columns(RUN_TABLES["zone_facts"], facts, figures), *bench.own_facts(facts, "zone"), *judged],
        frozen=2,
        wide=bool(judged),
    )


def _blocks(result: Result, zones: Mapping[str, str]) -> SheetContent:
    blocks, table = result.tables["blocks"], RUN_TABLES["blocks"]
    members = result.tables["block_members"].sort_values(["block_id", "parcel_id"])
    lists = members.groupby("block_id")["parcel_id"].agg(list).reindex(blocks.index)
    counts = ["area_mu", "members", "idle_2y", "idle_1y", "idle_suspended", "underused", "compactness"]
    return SheetContent(
        "blocks",
        [
            *columns(table, blocks, ["block_id", "rank"]),
            zone_column(blocks["zone_id"], zones),
            *columns(table, blocks, counts),
            list_column(
                label("workbook", "block_parcels"), [v if isinstance(v, list) else [] for v in lists]
            ),
        ],
        wide=False,
    )


def _grants(result: Result, zones: Mapping[str, str]) -> SheetContent:
    table = RUN_TABLES["grants"]
    grants = result.tables["grants"]
    grants = grants.sort_values(
        ["year", "granted", "rank", "project_id"], ascending=[True, False, True, True], kind="stable"
    )
    name = grants["project_id"].map(result.tables["projects"]["name"])
    return SheetContent(
        "grants",
        [
            *columns(table, grants, ["year", "project_id"]),
            text_column(label("workbook", "project_name"), name),
            zone_column(grants["zone_id"], zones),
            *columns(table, grants, ["granted", "rank", "resource", "block_id", "mu", "reason"]),
        ],
        frozen=3,
        wide=False,
    )


def _usage(result: Result, zones: Mapping[str, str]) -> SheetContent:
    """Say of every quota and every block of the reserve how much there is, is granted and is left."""
    names, city = section("resources"), label("workbook", "city")
    order = list(names)

    def place(row: Mapping[str, Any]) -> tuple[Any, ...]:
        block = row["block_id"] or ""
        return row["year"], bool(block), row["zone_id"] or "", order.index(row["resource"]), block

    rows = sorted(result.ledger["accounts"]["allocation"]["usage"], key=place)
    where = [city if r["zone_id"] is None and r["block_id"] is None else r["zone_id"] for r in rows]
    shares = [r["used_mu"] / r["quota_mu"] if r["quota_mu"] else None for r in rows]
    return SheetContent(
        "usage",
        [
            Column(label("columns", "year"), [int(r["year"]) for r in rows], "whole"),
            text_column(label("columns", "zone_id"), [zones.get(str(z), z) for z in where]),
            text_column(label("columns", "resource"), [names[r["resource"]] for r in rows]),
            text_column(label("columns", "block_id"), [r["block_id"] for r in rows]),
            *(
                Column(label("workbook", key), [float(r[key]) for r in rows], "number")
                for key in ("quota_mu", "used_mu", "left_mu")
            ),
            Column(label("workbook", "used_share"), shares, "percent"),
            text_column(label("workbook", "usage_note"), [r["note"] for r in rows]),
        ],
        frozen=3,
        wide=False,
    )


def _unlinked(result: Result) -> SheetContent:
    stems = [
        "project_id", "name", "reason", "parcel_refs", "total_invest_wan", "fixed_invest_wan",
        "invested_wan", "planned_wan", "output_wan", "tax_wan", *ORIGIN,
    ]  # fmt: skip
    return SheetContent(
        "unlinked",
        columns(
            RUN_TABLES["unlinked"], result.tables["unlinked"], stems, names={"reason": "unlinked_reasons"}
        ),
        frozen=2,
    )


def faults_sheet(faults: pd.DataFrame, parcels: pd.DataFrame) -> SheetContent:
    """Return the sheet of the faults between parcels, with file and row of both."""
    numbers: list[Cell] = list(range(1, len(faults) + 1))
    names = {"kind": "fault_kinds", "nature": "fault_natures"}
    table = RUN_TABLES["geometry_faults"]
    return SheetContent(
        "geometry_faults",
        [
            Column(label("workbook_check", "number"), numbers, "whole"),
            *columns(table, faults, ["kind", "nature", "parcel_id"], names=names),
            _origin(faults["parcel_id"], parcels),
            *columns(table, faults, ["other_id"]),
            _origin(faults["other_id"], parcels),
            *columns(table, faults, ["area_m2", "width_m"]),
        ],
        wide=False,
    )


def _origin(ids: pd.Series, parcels: pd.DataFrame) -> Column:
    """Return where parcels were read."""
    rows = parcels[["source_file", "source_row"]].reindex(ids)
    places = [
        None if pd.isna(file) or pd.isna(row) else say("fault_places", "row", file=file, row=row)
        for file, row in zip(rows["source_file"], rows["source_row"], strict=True)
    ]
    return text_column(label("workbook_check", "place"), places)


def _issues(result: Result) -> SheetContent:
    stems = ["source_file", "sheet_or_layer", "row", "field", "raw", "action", "message", "kind"]
    return SheetContent("issues", columns(RUN_TABLES["issues"], result.tables["issues"], stems), wide=False)


def _rejected(result: Result) -> SheetContent:
    stems = ["source_file", "sheet_or_layer", "row", "record_id", "message", "raw", "kind"]
    return SheetContent(
        "rejected", columns(RUN_TABLES["rejected"], result.tables["rejected"], stems), wide=False
    )
