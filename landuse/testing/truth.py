"""What a reader must make of the files, as the library's tables, and what must come out, by recipe alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import geopandas as gpd
import pandas as pd

from landuse.tables import MONEY, PARCELS, PROJECTS, QUOTA, RESERVE, ZONES
from landuse.testing.cells import Cell
from landuse.testing.cityplan import CRS, QUARTERS, Plan, neighbours
from landuse.testing.lots import Lot
from landuse.testing.ventures import CLASS_OF, UNKNOWN_ZONE, Venture
from landuse.units import FEN_PER_WAN, M2_PER_MU

__all__ = [
    "GAP_M",
    "MIN_MU",
    "expected_blocks",
    "expected_money",
    "expected_parcels",
    "expected_projects",
    "parcels_of",
    "projects_of",
    "quota_of",
    "reserve_of",
    "zones_of",
]

GAP_M, MIN_MU = 10.0, 20.0
NAME_OF = {q.zone_id: q.name for q in QUARTERS} | {"ZX": UNKNOWN_ZONE}
DAYS = {
    "start_due": "start_due",
    "start_due_extended": "extended",
    "started_on": "started",
    "finished_on": "finished",
    "suspended_on": "suspended",
    "resumed_on": "resumed",
}
AVAILABLE = (
    date(2025, 11, 30), date(2026, 3, 31), date(2026, 9, 30), date(2027, 3, 31),
    date(2026, 5, 15), None, date(2027, 6, 30), date(2026, 6, 1),
)  # fmt: skip
CITY_SHARE, ZONE_SHARE, HOOK_SHARE = 0.85, 0.6, 0.15
"""Quota over what the projects that may have land ask for: of the city over its zones, of a zone, by hook."""

DEPARTMENTS = {
    "Z01": "高新区管委会（示例）",
    "Z02": "市工业和信息化局（示例）",
    "Z03": "市工业和信息化局（示例）",
    "Z04": "市工业和信息化局（示例）",
    "Z05": "市自然资源和规划局（示例）",
    "Z06": "市自然资源和规划局（示例）",
    "Z07": "县自然资源局（示例）",
    "Z08": "县自然资源局（示例）",
    "Z09": "县自然资源局（示例）",
}
"""The department in charge of each zone, invented; of one the file names none."""


def _gdf(rows: Sequence[dict[str, Any]], ids: Sequence[str], key: str) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(list(rows), index=pd.Index(ids, dtype="str", name=key), crs=CRS)


def parcels_of(lots: Sequence[Lot], rows: Sequence[int]) -> gpd.GeoDataFrame:
    """Return the table ``parcels`` that the parcel file stands for."""
    return PARCELS.conform(_gdf([_parcel(lot, n) for lot, n in zip(lots, rows, strict=True)],
                                [lot.parcel_id for lot in lots], "parcel_id"), crs=CRS)  # fmt: skip


def _parcel(lot: Lot, row: int) -> dict[str, Any]:
    story = lot.story
    code = {"G": "state", "J": "collective"}.get(lot.parcel_id[12]) if "#" not in lot.parcel_id else None
    column = {"国": "state", "集": "collective"}.get((lot.owner or " ")[0])
    supply = "state" if lot.mode or lot.contract or story.start_due else None
    owner = column or code or supply
    basis = next((b for b, v in (("column", column), ("code", code), ("supply", supply)) if v), None)
    started = "unknown" if story.words == "不详" else "started" if story.started else "not_started"
    stated = lot.stated.pair()[0]
    found: dict[str, Any] = {
        "ownership": owner,
        "ownership_basis": basis,
        "construction_land": lot.kind.land != "farmland",
        "zone_id": NAME_OF.get(lot.named_zone or ""),
        "holder": lot.holder,
        "land_use": lot.use,
        "supply_mode": lot.mode,
        "contract_no": lot.contract,
        "stated_area_m2": stated,
        "start_state": started,
        "suspend_state": "suspended" if story.suspended else "not_suspended",
        "government_cause": story.cause or "none",
        "signed_on": pd.Timestamp(lot.signed) if lot.signed else pd.NaT,
        "handed_over": lot.handed is not None,
        "handed_over_on": pd.Timestamp(lot.handed) if lot.handed else pd.NaT,
        "finished": story.finished is not None,
        "handover_due": pd.Timestamp(lot.handover) if lot.handover else pd.NaT,
        "finish_due": pd.Timestamp(lot.finish) if lot.finish else pd.NaT,
        "source_row": row,
        "geometry": lot.piece.shape,
    }
    for column_name, part in DAYS.items():
        day = getattr(story, part)
        found[column_name] = pd.Timestamp(day) if day else pd.NaT
    found |= _pairs(price_wan=(lot.price, FEN_PER_WAN), developed_m2=(lot.developed, 1))
    return found | _pairs(due_development_m2=(lot.due, 1))


def _pairs(**cells: tuple[Cell, int]) -> dict[str, float]:
    found = {}
    for stem, (cell, per) in cells.items():
        found[f"{stem}_low"], found[f"{stem}_high"] = cell.pair(per)
    return found


def money_cells(venture: Venture) -> dict[str, Cell]:
    """Return the money cells of a project by column."""
    parts = (venture.total, venture.fixed, venture.invested, venture.planned, venture.output, venture.tax)
    return dict(zip(MONEY, parts, strict=True))


def projects_of(ventures: Sequence[Venture], ids: Sequence[str], rows: Sequence[int]) -> pd.DataFrame:
    """Return the table ``projects`` that the ledger stands for."""
    found = []
    for venture, row in zip(ventures, rows, strict=True):
        land = (venture.requested, venture.farmland, venture.cultivated)
        stems = ("requested_m2", "farmland_m2", "cultivated_m2")
        said: dict[str, Any] = {
            "name": venture.name,
            "holder": venture.holder,
            "zone_id": NAME_OF.get(venture.zone_id),
            "parcel_refs": list(venture.refs),
            "industry_code": venture.industry,
            "is_new": venture.recipe.is_new,
            "jobs": venture.jobs,
            "stage": venture.stage,
            "source_row": row,
        }
        said |= _pairs(**{k: (c, FEN_PER_WAN) for k, c in money_cells(venture).items()})
        found.append(said | _pairs(**{k: (c, 1) for k, c in zip(stems, land, strict=True)}))
    return PROJECTS.conform(pd.DataFrame(found, index=pd.Index(ids, dtype="str", name="project_id")))


def zones_of(plan: Plan) -> gpd.GeoDataFrame:
    """Return the table ``zones``."""
    rows = [
        {
            "name": q.name,
            "zone_class": q.zone_class,
            "county_code": q.county_code,
            "department": DEPARTMENTS.get(q.zone_id),
            "source_row": n,
            "geometry": plan.outlines[q.zone_id],
        }
        for n, q in enumerate(QUARTERS, start=1)
    ]
    return ZONES.conform(_gdf(rows, [q.zone_id for q in QUARTERS], "zone_id"), crs=CRS)


def reserve_of(plan: Plan) -> gpd.GeoDataFrame:
    """Return the table ``reserve``."""
    pieces = plan.of("reserve")
    rows = [
        {
            "zone_id": NAME_OF[p.zone_id],
            "area_m2": float(Fraction(round(p.area_m2 * 3 / 2000 * 10_000), 10_000) * M2_PER_MU),
            "available_on": pd.Timestamp(day) if day else pd.NaT,
            "source_row": n,
            "geometry": p.shape,
        }
        for n, (p, day) in enumerate(zip(pieces, AVAILABLE, strict=True), start=1)
    ]
    return RESERVE.conform(
        _gdf(rows, [f"CB2026-{n:02d}" for n in range(1, len(rows) + 1)], "block_id"), crs=CRS
    )


def quota_of(ventures: Sequence[Venture], rng: Random) -> pd.DataFrame:
    """Return the table ``quota``: by zone and for the city, and less than is asked for."""
    rows: list[tuple[str | None, str, float, str | None]] = []
    city = 0.0
    for at, quarter in enumerate(QUARTERS):
        wants = [
            float((v.requested.low or 0) / M2_PER_MU)
            for v in ventures
            if v.asking and v.zone_id == quarter.zone_id and v.recipe.verdict == "separate_land"
        ]
        new = round(max(sum(wants) * ZONE_SHARE * rng.uniform(0.8, 1.3), 30.0))
        hook = math.ceil(min(wants, default=20.0)) + 2 if at % 3 == 0 else round(sum(wants) * HOOK_SHARE)
        city += new
        farm = round(new * rng.uniform(0.6, 0.8))
        rows += [
            (quarter.zone_id, "new_construction", new, None),
            (quarter.zone_id, "farmland", farm, "new_construction"),
            (quarter.zone_id, "cultivated", round(farm * rng.uniform(0.6, 0.8)), "farmland"),
            (quarter.zone_id, "hook_turnover", hook, None),
        ]
    whole = round(city * CITY_SHARE)
    rows += [
        (None, "new_construction", whole, None),
        (None, "farmland", round(whole * 0.7), "new_construction"),
        (None, "cultivated", round(whole * 0.5), "farmland"),
    ]
    frame = pd.DataFrame(rows, columns=["zone_id", "resource", "mu", "within"])
    frame["quota_m2"] = [float(Fraction(int(mu)) * M2_PER_MU) for mu in frame.pop("mu")]
    return QUOTA.conform(frame.assign(year=2026, source_row=range(2, len(frame) + 2)))


def expected_parcels(lots: Sequence[Lot]) -> pd.DataFrame:
    """Return verdict, clause, zone and fee by parcel; ``fee_fen`` is 0 where no fee is at stake."""
    rows = []
    for lot in lots:
        zone_class = _class_of_lot(lot)
        fee = lot.kind.verdict == "idle_1y" and not lot.story.cause
        rows.append(
            {
                "case": lot.kind.key,
                "words": lot.kind.words,
                "verdict": lot.kind.verdict,
                "clause": lot.kind.clause,
                "zone_id": zone_id_of(lot),
                "zone_class": zone_class,
                "government_cause": lot.story.cause or "none",
                "fee_fen": int((lot.price.low or 0) / 5) if fee else 0,
            }
        )
    index = pd.Index([lot.parcel_id for lot in lots], dtype="str", name="parcel_id")
    return pd.DataFrame(rows, index=index)


def zone_id_of(lot: Lot) -> str | None:
    """Return the zone of a parcel: the one its file names before the one it lies in."""
    return lot.named_zone or (lot.piece.zone_id if lot.piece.role == "parcel" else "") or None


def _class_of_lot(lot: Lot) -> str | None:
    if lot.piece.role == "straddling":
        return None
    if not lot.piece.zone_id:
        return "outside"
    drawn, named = CLASS_OF[lot.piece.zone_id], CLASS_OF[lot.named_zone or lot.piece.zone_id]
    return drawn if drawn == named else None


def expected_projects(ventures: Sequence[Venture], ids: Sequence[str]) -> pd.DataFrame:
    """Return verdict, clauses, route, zone and land by project; missing where the recipe does not say."""
    rows = [
        {
            "case": v.recipe.key,
            "words": v.recipe.words,
            "verdict": v.recipe.verdict,
            "clauses": "|".join(v.recipe.clauses),
            "route": v.route,
            "zone_id": v.zone_id if v.zone_id in CLASS_OF else None,
            "zone_class": v.zone_class,
            "land_basis": v.land_basis,
            "asking": v.asking,
            "borderline": v.recipe.borderline,
        }
        for v in ventures
    ]
    frame = pd.DataFrame(rows, index=pd.Index(ids, dtype="str", name="project_id"))
    return frame.astype({"asking": "boolean", "borderline": "boolean"})


def expected_money(ventures: Sequence[Venture]) -> dict[str, dict[str, dict[str, int]]]:
    """Add up every money column in whole fen, low and high apart, linked and not.

    ``open`` counts amounts without an upper end (their lower end is in ``low``), ``missing`` cells without
    an amount.
    """
    account: dict[str, dict[str, dict[str, int]]] = {}
    for stem in MONEY:
        cells = [(money_cells(v)[stem], bool(v.lots)) for v in ventures]
        account[stem] = {}
        for end in ("low", "high"):
            ends = [(getattr(cell, end), linked) for cell, linked in cells]
            sums = {
                "linked_fen": sum(int(fen) for fen, linked in ends if fen is not None and linked),
                "unlinked_fen": sum(int(fen) for fen, linked in ends if fen is not None and not linked),
                "open": sum(cell.open for cell, _ in cells) if end == "high" else 0,
                "missing": sum(not cell.known for cell, _ in cells),
            }
            account[stem][end] = {"read_fen": sums["linked_fen"] + sums["unlinked_fen"]} | sums
    return account


def expected_blocks(lots: Sequence[Lot]) -> pd.DataFrame:
    """Return which recoverable parcels lie together, each compared with each; small blocks are left out."""
    idle = [lot for lot in lots if lot.kind.verdict.startswith("idle")]
    near = neighbours([lot.piece.shape for lot in idle], GAP_M)
    seen: set[int] = set()
    rows = []
    for start in range(len(idle)):
        if start in seen:
            continue
        block = [start]
        for at in block:
            same = [n for n in sorted(near[at]) if zone_id_of(idle[n]) == zone_id_of(idle[start])]
            block += [n for n in same if n not in block]
        seen |= set(block)
        if sum(idle[n].piece.area_m2 for n in block) * 3 / 2000 >= MIN_MU:
            rows += [(block[0], idle[n].parcel_id, zone_id_of(idle[n])) for n in block]
    numbers = {first: n for n, first in enumerate(dict.fromkeys(r[0] for r in rows), start=1)}
    return pd.DataFrame(
        [(numbers[first], parcel, zone) for first, parcel, zone in rows],
        columns=["block", "parcel_id", "zone_id"],
    )
