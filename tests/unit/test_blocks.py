"""Blocks of recoverable land: cases one can check in one's head, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.consolidating import consolidate
from landuse.errors import CrsError, PlanError, TableError
from landuse.tables import (
    BLOCK_MEMBERS,
    BLOCKS,
    PARCEL_STATUS,
    PARCELS,
    PROJECT_STATUS,
    ZONE_STATUS,
    Status,
)
from tests.oracles.ellipsoid import ring_area

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "blocks"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
E0, N0 = 37_632_000.0, 3_833_000.0
PLANE_OVER_ELLIPSOID = 7e-4
"""Planar areas in zone 37 are at most this much larger than those on the ellipsoid, near Luoyang."""


def status_of(rows):
    told = pd.DataFrame(
        {
            "subject_id": [r["id"] for r in rows],
            "policy": "p",
            "verdict": [r["verdict"] for r in rows],
            "clause": "c",
            "reason": "",
            "headline": True,
        }
    )
    return Status(PARCEL_STATUS.conform(told), PROJECT_STATUS.empty(), ZONE_STATUS.empty())


def parcels_of(rows, crs="EPSG:4525"):
    boxes = np.array([r["box"] for r in rows], dtype=float).reshape(-1, 4)
    frame = gpd.GeoDataFrame(
        {"zone_id": [r.get("zone") for r in rows]},
        index=pd.Index([r["id"] for r in rows], dtype="str"),
        geometry=shapely.box(boxes[:, 0] + E0, boxes[:, 1] + N0, boxes[:, 2] + E0, boxes[:, 3] + N0),
        crs=crs,
    )
    return PARCELS.conform(frame)


def row(name, box, **more):
    return {"id": name, "zone": "Z1", "verdict": "idle_1y", "box": box} | more


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    expect = case["expect"]
    blocks = consolidate(
        parcels_of(case["parcels"]),
        status_of(case["parcels"]),
        gap_m=float(case["gap_m"]),
        min_mu=float(case.get("min_mu", 0)),
    )
    BLOCKS.check(blocks.table)
    BLOCK_MEMBERS.check(blocks.members)
    assert blocks.table.index.tolist() == [b["id"] for b in expect["blocks"]]
    assert blocks.table["rank"].tolist() == list(range(1, len(expect["blocks"]) + 1))
    for b in expect["blocks"]:
        found = blocks.table.loc[b["id"]]
        members = blocks.members.loc[blocks.members["block_id"] == b["id"], "parcel_id"]
        assert members.tolist() == b["members"]
        assert found["members"] == len(b["members"])
        assert b["mu"] * (1 - PLANE_OVER_ELLIPSOID) < found["area_mu"] < b["mu"]
        assert found["area_m2"] == pytest.approx(found["area_mu"] * 2000 / 3)
        assert found.geometry.area == pytest.approx(b["mu"] * 2000 / 3, rel=1e-5)
        if "compactness" in b:
            assert found["compactness"] == pytest.approx(b["compactness"], abs=1e-5)
        if "zone" in b:
            assert found["zone_id"] == b["zone"] if b["zone"] else pd.isna(found["zone_id"])
    for name, counts in expect.get("counts", {}).items():
        assert blocks.table.loc[name, list(counts)].to_dict() == counts
    small = expect.get("small", {"blocks": 0, "mu": 0})
    assert blocks.small["blocks"] == small["blocks"]
    assert blocks.small["mu"] == pytest.approx(small["mu"], rel=PLANE_OVER_ELLIPSOID)


def test_area_is_the_one_on_the_ellipsoid():
    rows = [row("A", [0, 0, 100, 100]), row("B", [100, 0, 250, 100])]
    parcels = parcels_of(rows)
    ring = gpd.GeoSeries([shapely.box(E0, N0, E0 + 250, N0 + 100)], crs=4525).to_crs(4490)[0]
    expected = ring_area(list(ring.exterior.coords), 6378137.0, 6378137.0 * (1 - 1 / 298.257222101))
    found = consolidate(parcels, status_of(rows)).table["area_m2"].tolist()
    assert found == pytest.approx([expected], abs=1e-3)


def test_only_the_headline_verdict_counts():
    rows = [row("A", [0, 0, 100, 100]), row("B", [100, 0, 200, 100])]
    status = status_of(rows)
    second = status.parcels.assign(verdict="underused", headline=False, policy="q")
    first = status.parcels.assign(verdict=["idle_1y", "in_use"])
    told = Status(pd.concat([second, first], ignore_index=True), status.projects, status.zones)
    assert consolidate(parcels_of(rows), told).members["parcel_id"].tolist() == ["A"]


def test_nothing_recoverable_gives_empty_tables():
    for rows in ([], [row("A", [0, 0, 1, 1], verdict="in_use")]):
        blocks = consolidate(parcels_of(rows), status_of(rows))
        assert len(BLOCKS.check(blocks.table)) == 0
        assert len(BLOCK_MEMBERS.check(blocks.members)) == 0
        assert blocks.table.crs == "EPSG:4525"
        assert blocks.small == {"blocks": 0, "mu": 0}


def test_more_than_a_thousand_blocks_keep_the_order_of_their_area():
    rows = [row(f"P{i:04d}", [300 * i, 0, 300 * i + 100 + i / 10, 100]) for i in range(1001)]
    blocks = consolidate(parcels_of(rows), status_of(rows))
    assert blocks.table.index[[0, -1]].tolist() == ["B-Z1-001", "B-Z1-1001"]
    assert blocks.members["block_id"].tolist() == blocks.table.index.tolist()
    assert blocks.table["area_m2"].is_monotonic_decreasing


def test_arguments_are_not_changed():
    rows = [row("A", [0, 0, 100, 100], zone=None), row("B", [100, 0, 200, 100])]
    parcels, status = parcels_of(rows), status_of(rows)
    before = parcels.copy(), status.parcels.copy()
    consolidate(parcels, status, gap_m=5)
    pd.testing.assert_frame_equal(parcels, before[0])
    pd.testing.assert_frame_equal(status.parcels, before[1])


def test_degrees_and_no_coordinate_system_are_refused():
    rows = [row("A", [0, 0, 100, 100])]
    with pytest.raises(CrsError, match="not in metres"):
        consolidate(parcels_of(rows).set_crs(4490, allow_override=True), status_of(rows))
    with pytest.raises(CrsError, match="no coordinate system"):
        consolidate(parcels_of(rows, crs=None), status_of(rows))


@pytest.mark.parametrize("options", [{"gap_m": -1.0}, {"min_mu": float("nan")}, {"gap_m": float("inf")}])
def test_senseless_options_are_refused(options):
    rows = [row("A", [0, 0, 100, 100])]
    with pytest.raises(PlanError, match="0 or more") as refusal:
        consolidate(parcels_of(rows), status_of(rows), **options)
    assert refusal.value.key == f"consolidate.{next(iter(options))}"


def test_a_recoverable_parcel_without_outline_is_refused():
    rows = [row("A", [0, 0, 100, 100]), row("B", [100, 0, 200, 100])]
    with pytest.raises(TableError, match="1 recoverable parcels have no outline") as refusal:
        consolidate(parcels_of(rows[:1]), status_of(rows))
    assert refusal.value.row == "B"
