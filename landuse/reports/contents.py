"""What stands in each sheet of the workbook, from the tables of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from landuse.labels import label, say
from landuse.policy import Policy
from landuse.reports.columns import Column, columns, list_column, text_column
from landuse.tables import NONE_HELD, RUN_TABLES, Result

__all__ = ["SheetContent", "headline", "sheets"]

ORIGIN = ("source_file", "source_row")


@dataclass(frozen=True)
class SheetContent:
    """A sheet: its columns, how many of them stay in view, and whether it wants the larger paper."""

    key: str
    columns: Sequence[Column]
    frozen: int = 1
    wide: bool = True
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", label("workbook_sheets", self.key))


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
    cites = {(p.id, c.id): c.cite for p in policies for c in p.clauses}
    zones = _zone_names(result.tables["zones"])
    return [
        _projects(result, cites, zones),
        _parcels(result, cites, zones),
        _zones(result, cites),
        _blocks(result, zones),
        _grants(result, zones),
        _unlinked(result),
        _issues(result),
        _rejected(result),
    ]


def _zone_names(zones: pd.DataFrame) -> dict[str, str]:
    """Return what people call each zone; its id stands beside a name that two zones bear."""
    names = zones["name"].dropna()
    twice = set(names[names.duplicated(keep=False)])
    return {
        str(i): say("workbook", "zone_name", name=name, id=i) if name in twice else str(name)
        for i, name in names.items()
    }


def _zone(ids: pd.Series, zones: Mapping[str, str]) -> Column:
    return text_column(label("columns", "zone_id"), ids.map(lambda i: zones.get(i, i), na_action="ignore"))


def _clause(status: pd.DataFrame, cites: Mapping[tuple[str, str], str]) -> Column:
    """Return where the deciding clause stands in the law."""
    keys = zip(status["policy"], status["clause"], strict=True)
    none = label("workbook", "none_held")
    places = [None if pd.isna(c) else none if c == NONE_HELD else cites.get((p, c), c) for p, c in keys]
    return text_column(label("columns", "clause"), places)


def _linked(result: Result, own: str, other: str, ids: pd.Index) -> list[list[str]]:
    """Return for each subject the ids it is linked to, sorted."""
    links = result.tables["links"][[own, other]].sort_values([own, other])
    found = links.groupby(own)[other].agg(list)
    return [v if isinstance(v, list) else [] for v in found.reindex(ids)]


def _projects(result: Result, cites: Mapping[tuple[str, str], str], zones: Mapping[str, str]) -> SheetContent:
    ledger = result.tables["projects"]
    facts = result.tables["project_facts"].reindex(ledger.index)
    status = headline(result.tables["project_status"], ledger.index)
    read, known, said = (RUN_TABLES[n] for n in ("projects", "project_facts", "project_status"))
    names = {"verdict": "project_verdicts"}
    figures = [
        "total_invest_wan", "fixed_invest_wan", "land_basis", "land_mu", "fixed_wan_per_mu",
        "total_wan_per_mu", "output_wan", "output_wan_per_mu", "tax_wan", "tax_wan_per_mu", "invested_wan",
        "planned_wan", "invested_ratio", "joint_site_id", "asking", "requested_m2", "farmland_m2",
        "cultivated_m2", "jobs",
    ]  # fmt: skip
    linked = _linked(result, "project_id", "parcel_id", ledger.index)
    return SheetContent(
        "projects",
        [
            *columns(read, ledger, ["project_id", "name", "holder"]),
            _zone(facts["zone_id"], zones),
            *columns(known, facts, ["zone_class", "is_new"]),
            *columns(said, status, ["verdict", "borderline", "route", "reason"], names=names),
            _clause(status, cites),
            *columns(said, status, ["missing_facts"]),
            *columns(known, facts, figures),
            *columns(read, ledger, ["industry_code", "stage"]),
            list_column(label("workbook", "linked_parcels"), linked),
            *columns(said, status, ["route_source"]),
            *columns(read, ledger, ORIGIN),
        ],
        frozen=2,
    )


def _parcels(result: Result, cites: Mapping[tuple[str, str], str], zones: Mapping[str, str]) -> SheetContent:
    land = result.tables["parcels"]
    facts = result.tables["parcel_facts"].reindex(land.index)
    status = headline(result.tables["parcel_status"], land.index)
    read, known, said = (RUN_TABLES[n] for n in ("parcels", "parcel_facts", "parcel_status"))
    names = {"verdict": "parcel_verdicts"}
    areas = ["area_mu", "area_basis", "stated_area_m2", "area_m2", "stated_gap", "stated_reading"]
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
            _zone(facts["zone_id"], zones),
            *columns(known, facts, ["zone_class"]),
            *columns(said, status, ["verdict", "borderline", "government_cause", "fee_wan"], names=names),
            *columns(said, status, ["reason"]),
            _clause(status, cites),
            *columns(said, status, ["missing_facts"]),
            *columns(known, facts, areas),
            *columns(known, facts, figures),
            *columns(known, facts, ["ownership"]),
            *columns(read, land, ["land_use", "supply_mode", "contract_no"]),
            list_column(label("workbook", "linked_projects"), linked),
            *columns(read, land, ORIGIN),
        ],
        frozen=2,
    )


def _zones(result: Result, cites: Mapping[tuple[str, str], str]) -> SheetContent:
    facts = result.tables["zone_facts"]
    status = headline(result.tables["zone_status"], facts.index)
    figures = [
        "zone_id", "name", "zone_class", "area_mu", "parcels", "parcel_land_mu", "projects",
        "covered_projects", "coverage_mu", "fixed_invest_wan", "fixed_wan_per_mu", "coverage_total_mu",
        "total_invest_wan", "total_wan_per_mu",
    ]  # fmt: skip
    said = columns(
        RUN_TABLES["zone_status"], status, ["verdict", "borderline", "reason"],
        names={"verdict": "zone_verdicts"},
    )  # fmt: skip
    judged = [*said, _clause(status, cites)] if status["verdict"].notna().any() else []
    return SheetContent(
        "zones", [*columns(RUN_TABLES["zone_facts"], facts, figures), *judged], frozen=2, wide=bool(judged)
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
            _zone(blocks["zone_id"], zones),
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
            _zone(grants["zone_id"], zones),
            *columns(table, grants, ["granted", "rank", "resource", "block_id", "mu", "reason"]),
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


def _issues(result: Result) -> SheetContent:
    stems = ["source_file", "sheet_or_layer", "row", "field", "raw", "action", "message", "kind"]
    return SheetContent("issues", columns(RUN_TABLES["issues"], result.tables["issues"], stems), wide=False)


def _rejected(result: Result) -> SheetContent:
    stems = ["source_file", "sheet_or_layer", "row", "record_id", "message", "raw", "kind"]
    return SheetContent(
        "rejected", columns(RUN_TABLES["rejected"], result.tables["rejected"], stems), wide=False
    )
