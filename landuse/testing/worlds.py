"""Seeded synthetic cities as tables, with what must come out of them known beforehand.

Everything is invented. Of the ten zones only the names are real (those of the seed document, marked 示例);
their outlines, classes, codes and all else are made up. Verdicts come from the recipe that made a row, never
from the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

import geopandas as gpd
import pandas as pd

from landuse.testing import foreign, truth
from landuse.testing.bigcity import BigCity, big_city
from landuse.testing.cityplan import QUARTERS, plan_city
from landuse.testing.lots import Lot, lay_lots
from landuse.testing.stories import AS_OF
from landuse.testing.ventures import Venture, make_ventures

__all__ = ["BigCity", "Expected", "Files", "World", "big_city", "city"]

PARCEL_STEM, LEDGER_STEM = "parcels", "ledger"


@dataclass(frozen=True)
class Expected:
    """What must come out, by recipe.

    ``parcels`` and ``projects`` are indexed by id; ``money`` is ``{column: {low | high: {read_fen,
    linked_fen, unlinked_fen, open, missing}}}``; ``rows`` lists rows of files that are to be rejected, mended
    or kept in doubt (``file``, ``row`` as the program that shows the file counts it, ``fate``, ``kind``,
    ``raw``); ``blocks`` lists the members of each block of recoverable land (``block`` is only a number to
    tell them apart).
    """

    parcels: pd.DataFrame
    projects: pd.DataFrame
    money: dict[str, dict[str, dict[str, int]]]
    rows: pd.DataFrame
    blocks: pd.DataFrame


@dataclass(frozen=True)
class Files:
    """The same city as foreign files: cells as people write them."""

    parcels: gpd.GeoDataFrame
    ledger: pd.DataFrame
    zones: gpd.GeoDataFrame
    reserve: gpd.GeoDataFrame
    quota: pd.DataFrame


@dataclass(frozen=True)
class World:
    """A city: the library's tables as they must be read, the files they stand in, and what must come out."""

    as_of: date
    parcels: gpd.GeoDataFrame
    projects: pd.DataFrame
    zones: gpd.GeoDataFrame
    reserve: gpd.GeoDataFrame
    quota: pd.DataFrame
    files: Files
    expected: Expected


def city(seed: int = 2011, parcels: int = 400, projects: int = 120) -> World:
    """Make a city of ten zones.

    Parameters
    ----------
    seed : int
        Of all chance; the same seed gives the same city.
    parcels : int
        Parcels accepted; at least about 350.
    projects : int
        Projects accepted; at least about 118, so that every recipe has its place.

    Returns
    -------
    World
        Tables, files and expected results.

    Raises
    ------
    ValueError
        Where so few parcels or projects leave no room for every recipe.

    Examples
    --------
    >>> world = city()
    >>> len(world.parcels), len(world.projects), len(world.zones)
    (400, 120, 10)
    >>> bool(world.expected.projects["verdict"].value_counts().min() >= 3)
    True
    """
    rng = Random(seed)
    plan = plan_city(parcels, rng)
    lots = lay_lots(plan, rng)
    ventures = make_ventures(lots, projects, rng)
    _learn(lots, ventures)
    _name_zones(lots, rng)
    _lose_ids(lots, rng)
    lot_rows = range(1, len(lots) + 1)
    rows = range(foreign.FIRST_LEDGER_ROW, foreign.FIRST_LEDGER_ROW + len(ventures))
    written, ids = _project_ids(ventures, rows)
    zones, reserve, quota = truth.zones_of(plan), truth.reserve_of(plan), truth.quota_of(ventures, rng)
    files = Files(
        foreign.parcel_file(lots, plan, rng),
        foreign.ledger_file(ventures, written, rng),
        foreign.zone_file(zones),
        foreign.reserve_file(reserve),
        foreign.quota_file(quota),
    )
    expected = Expected(
        truth.expected_parcels(lots),
        truth.expected_projects(ventures, ids),
        truth.expected_money(ventures),
        _expected_rows(lots, ventures, ids, rows),
        truth.expected_blocks(lots),
    )
    return World(
        AS_OF,
        truth.parcels_of(lots, lot_rows),
        truth.projects_of(ventures, ids, rows),
        zones,
        reserve,
        quota,
        files,
        expected,
    )


def _learn(lots: Sequence[Lot], ventures: Sequence[Venture]) -> None:
    """Tell every parcel which projects stand on it."""
    by_id = {lot.parcel_id: lot for lot in lots}
    for venture in ventures:
        for lot in venture.lots:
            by_id[lot.parcel_id].projects.append(venture.name)


def _bare(lots: Sequence[Lot]) -> list[Lot]:
    """Return ordinary parcels without a project: what befalls their row decides nothing else."""
    return [
        lot
        for lot in lots
        if lot.kind.key == "started" and not lot.projects and not lot.slip and lot.piece.role == "parcel"
    ]


def _name_zones(lots: Sequence[Lot], rng: Random) -> None:
    """Let the parcel file name the zone of most parcels, wrongly for two: one of the same class, one not."""
    for lot in lots:
        if lot.piece.zone_id and lot.piece.role == "parcel" and rng.random() < 0.6:
            lot.named_zone = lot.piece.zone_id
    bare = [lot for lot in _bare(lots) if lot.piece.zone_id]
    for lot, same in zip(rng.sample(bare, 2), (True, False), strict=True):
        here = next(q for q in QUARTERS if q.zone_id == lot.piece.zone_id)
        others = [q for q in QUARTERS if q != here and (q.zone_class == here.zone_class) == same]
        lot.named_zone = rng.choice(others).zone_id


def _lose_ids(lots: Sequence[Lot], rng: Random) -> None:
    """Take the number of one parcel away and put a template's into another; their rows name them."""
    rows = {lot.parcel_id: n for n, lot in enumerate(lots, start=1)}
    stated = [lot for lot in _bare(lots) if lot.owner is not None]
    for lot, written in zip(rng.sample(stated, 2), (None, "FID_0"), strict=True):
        lot.written_id = written
        lot.parcel_id = f"{PARCEL_STEM}#{rows[lot.parcel_id]}"


def _project_ids(ventures: Sequence[Venture], rows: Sequence[int]) -> tuple[list[str | None], list[str]]:
    """Number the projects as the ledger does; one row has no number and is named after its place."""
    written: list[str | None] = [f"XM2026-{n:03d}" for n in range(1, len(ventures) + 1)]
    at = next(n for n, v in enumerate(ventures) if v.recipe.key == "thin")
    written[at] = None
    ids = [w or f"{LEDGER_STEM}#{row}" for w, row in zip(written, rows, strict=True)]
    return written, ids


def _expected_rows(
    lots: Sequence[Lot], ventures: Sequence[Venture], ids: Sequence[str], rows: Sequence[int]
) -> pd.DataFrame:
    """List the rows that are to be rejected or mended, and the cells that cannot be read."""
    made = [("parcels", n, "mended", "id_made", lot.written_id) for n, lot in enumerate(lots, start=1)
            if lot.written_id is None or lot.written_id == "FID_0"]  # fmt: skip
    made += [("ledger", row, "mended", "id_made", None)
             for i, row in zip(ids, rows, strict=True) if "#" in i]  # fmt: skip
    lost = [
        ("parcels", len(lots) + 1, "rejected", "duplicate_row", None),
        ("parcels", len(lots) + 2, "rejected", "negative", "-12.5000"),
        ("ledger", rows[-1] + 1, "rejected", "duplicate_row", None),
    ]
    kinds = {"two_phases": "ambiguous", "dollars": "foreign_currency", "fixed_over_total": "fixed_over_total"}
    doubt = [("ledger", row, "kept", kinds[v.recipe.key],
              v.fixed.shown if v.recipe.key == "fixed_over_total" else v.total.shown)
             for v, row in zip(ventures, rows, strict=True) if v.recipe.key in kinds]  # fmt: skip
    doubt += [("parcels", n, "kept", "stated_area_not_used", lot.stated.shown)
              for n, lot in enumerate(lots, start=1) if lot.slip]  # fmt: skip
    return pd.DataFrame(lost + made + doubt, columns=["file", "row", "fate", "kind", "raw"])
