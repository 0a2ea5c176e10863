"""The sample is what its maker makes, and the city in it is one that could be."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from landuse.tables import PARCELS, PROJECTS, QUOTA, RESERVE, ZONES
from landuse.testing.cityplan import neighbours
from landuse.testing.worlds import World, big_city, city

LAYERS = ("parcels", "zones", "reserve")
TEXTS = (
    "quota.csv",
    "plan.toml",
    "expected_projects.csv",
    "expected_parcels.csv",
    "expected_blocks.csv",
    "expected_rows.csv",
    "expected_totals.toml",
)
CODE = re.compile(r"4103\d{2}\d{6}[GJZ][AB]\d{5}")


@pytest.fixture(scope="module")
def sample(repo: Path) -> Path:
    return repo / "sample_parcels"


@pytest.fixture(scope="module")
def world() -> World:
    return city()


@pytest.fixture(scope="module")
def again(world, sample, tmp_path_factory) -> Path:
    spec = importlib.util.spec_from_file_location("sample_make", sample / "make.py")
    assert spec
    assert spec.loader
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    folder = tmp_path_factory.mktemp("sample")
    make.write_sample(world, folder)
    return folder


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_what_the_maker_makes(sample, again, name):
    ours, new = (gpd.read_file(folder / f"{name}.gpkg") for folder in (sample, again))
    assert_geodataframe_equal(ours, new, check_like=False)
    assert ours.crs == "EPSG:4525"
    assert shapely.equals_exact(ours.geometry.values, new.geometry.values, 0.0).all()


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_what_the_maker_makes(sample, again, name):
    assert (sample / name).read_text(encoding="utf-8") == (again / name).read_text(encoding="utf-8")


def test_ledger_is_what_the_maker_makes(sample, again):
    ours, new = (openpyxl.load_workbook(folder / "ledger.xlsx") for folder in (sample, again))
    assert ours.sheetnames == new.sheetnames
    a, b = ours.active, new.active
    assert list(a.iter_rows(values_only=True)) == list(b.iter_rows(values_only=True))
    assert sorted(map(str, a.merged_cells.ranges)) == sorted(map(str, b.merged_cells.ranges))


def test_the_maker_leaves_nothing_out_and_the_sample_is_small(sample, again):
    made = {p.name for p in again.iterdir()}
    kept = {p.name for p in sample.iterdir() if p.is_file()}
    assert kept == made | {"make.py", "README.md"}
    assert sum(p.stat().st_size for p in sample.iterdir() if p.is_file()) < 1_500_000


def test_the_same_seed_gives_the_same_city(world):
    other, third = city(2011), city(7)
    assert other.files.ledger.equals(world.files.ledger)
    assert other.parcels.geometry.equals(world.parcels.geometry)
    assert not third.parcels.geometry.equals(world.parcels.geometry)


def test_tables_keep_to_their_schemas(world):
    for table, frame in (
        (PARCELS, world.parcels),
        (PROJECTS, world.projects),
        (ZONES, world.zones),
        (RESERVE, world.reserve),
        (QUOTA, world.quota),
    ):
        table.check(frame)


def test_it_says_that_it_is_invented(world, sample):
    assert world.zones["name"].str.endswith("（示例）").all()
    assert world.projects["holder"].str.startswith("示例").all()
    assert world.parcels["holder"].str.startswith("示例").all()
    readme = (sample / "README.md").read_text(encoding="utf-8")
    assert "全部数据均为虚构" in readme
    assert "Everything here is invented" in readme


def test_numbers_of_parcels_are_well_formed(world):
    odd = [i for i in world.parcels.index if not CODE.fullmatch(i)]
    assert len(odd) == 2
    assert all(i.startswith("parcels#") for i in odd)


def test_every_verdict_is_there_three_times_or_more(world):
    projects, parcels = (
        e["verdict"].value_counts() for e in (world.expected.projects, world.expected.parcels)
    )
    assert set(projects.index) == {"separate_land", "no_separate_land", "undecided", "out_of_scope"}
    wanted = "in_use not_due overdue idle_1y idle_2y idle_suspended undecided out_of_scope"
    assert set(parcels.index) == set(wanted.split())
    assert min(projects.min(), parcels.min()) >= 3


def test_land_is_cut_up_without_overlap(world):
    shapes = [*world.parcels.geometry, *world.reserve.geometry]
    assert all(shapely.is_valid(shapes))
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="intersects")
    shared = [shapes[i].intersection(shapes[j]).area for i, j in zip(one, other, strict=True) if i < j]
    assert max(shared) < 1e-6
    mu = world.parcels.area * 3 / 2000
    assert 8 <= mu.min() <= mu.max() <= 120


def test_neighbours_share_their_boundary_point_by_point(world):
    for _, zone in world.parcels.groupby(world.expected.parcels["zone_id"].fillna("")):
        assert shapely.coverage_is_valid(zone.geometry.values)
    near = neighbours(list(world.parcels.geometry.iloc[:40]), 0.0)
    assert sum(map(len, near)) > 40


def test_shapes_are_irregular(world):
    corners = world.parcels.geometry.exterior.apply(lambda ring: len(ring.coords) - 1)
    assert corners.min() >= 4
    assert (corners > 4).sum() > 100
    holes = world.parcels.geometry.apply(lambda p: len(p.interiors))
    assert holes.sum() == 1
    hull = world.parcels.geometry.convex_hull.area
    assert (world.parcels.area / hull < 0.92).sum() >= 8


def test_parcels_lie_in_their_zones_but_for_those_that_are_said_not_to(world):
    zones, expected = world.zones.geometry, world.expected.parcels
    inside = [
        next((z for z, shape in zones.items() if shape.intersection(p).area > 0.5 * p.area), None)
        for p in world.parcels.geometry
    ]
    said = [None if pd.isna(z) else z for z in expected["zone_id"]]
    differ = sum(a != b for a, b in zip(inside, said, strict=True))
    assert differ == 2
    assert expected["zone_class"].isna().sum() == 2
    assert (expected["zone_class"] == "outside").sum() == 10


def test_idle_land_lies_together_across_a_lane_but_not_across_a_street(world):
    blocks = world.expected.blocks
    of = dict(zip(blocks["parcel_id"], blocks["block"], strict=True))
    shapes = {i: world.parcels.geometry[i] for i in of}
    pairs = [
        (a, b, shapes[a].distance(shapes[b]))
        for a in of
        for b in of
        if a < b and shapes[a].distance(shapes[b]) < 30
    ]
    lanes = [(a, b) for a, b, d in pairs if 8.9 < d < 9.1]
    streets = [(a, b) for a, b, d in pairs if 23.9 < d < 24.1]
    assert len(lanes) >= 2
    assert all(of[a] == of[b] for a, b in lanes)
    assert any(of[a] != of[b] for a, b in streets)
    assert blocks["block"].value_counts().max() >= 3


def test_the_ledger_is_messy(sample):
    sheet = openpyxl.load_workbook(sample / "ledger.xlsx").active
    texts = [str(c) for row in sheet.iter_rows(values_only=True) for c in row if c is not None]
    for mark in (
        "亿元",
        "万元",
        "约",
        "—",
        "待定",
        "合计",
        "备注",
        "≥",
        "５",
        "1亿",
        "公顷|平方米",
        r"\d-\d+万元",
        r"\d,\d{3}",
    ):
        assert any(re.search(mark, t) for t in texts), mark
    assert sum(r.min_col == 5 for r in sheet.merged_cells.ranges) >= 10


def test_money_adds_up_to_the_fen(world):
    for stem, ends in world.expected.money.items():
        for end, account in ends.items():
            assert account["read_fen"] == account["linked_fen"] + account["unlinked_fen"]
            column = world.projects[f"{stem}_{end}"]
            finite = column[column < float("inf")]
            assert sum(round(v * 1_000_000) for v in finite) == account["read_fen"]
            assert int(column.isna().sum()) == account["missing"]


def test_quota_does_not_reach_for_all(world):
    may = world.expected.projects["verdict"] == "separate_land"
    asking = world.expected.projects["asking"].fillna(False).astype(bool)
    wanted = world.projects.loc[may & asking, "requested_m2_high"].sum()
    city_wide = world.quota[world.quota["zone_id"].isna() & (world.quota["resource"] == "new_construction")]
    assert 25 <= asking.sum() <= 40
    assert city_wide["quota_m2"].sum() < wanted


def test_too_small_a_city_is_refused():
    with pytest.raises(ValueError, match="too few"):
        city(2011, 400, 60)
    with pytest.raises(ValueError, match="too"):
        city(2011, 200, 120)


def test_big_city_is_whole():
    town = big_city(2_000, seed=3)
    PARCELS.check(town.parcels)
    PROJECTS.check(town.projects)
    ZONES.check(town.zones)
    assert (len(town.parcels), len(town.projects)) == (2_000, 400)
    assert shapely.coverage_is_valid(town.parcels.geometry.values)
    assert town.parcels.geometry.area.sum() == pytest.approx(town.parcels.geometry.union_all().area)
    assert set().union(*town.projects["parcel_refs"]) <= set(town.parcels.index)
