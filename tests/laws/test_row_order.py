"""The order of rows decides nothing: the same verdicts, links, blocks, grants and money, to the fen.

Subjects are told apart by what no file order touches: projects by name, parcels by where they lie. An id comes
from a row's number only where the file gives none.
"""

from __future__ import annotations

import importlib.util
import random
import tempfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landuse as lu
from landuse.testing.worlds import city
from tests.laws.messy_plans import shuffled, worlds, write_plan

PLACES = ["source_row", "row", "geometry"]
"""Columns that name rows, and shapes (their areas are compared)."""
CLOSE = 1e-12
"""What the order of a sum may change."""


def marks_of(result) -> dict[str, str]:
    """What stands for each id: the name of a project, the place of a parcel."""
    parcels = {i: f"at {p.x:.3f} {p.y:.3f}" for i, p in result.parcels.representative_point().items()}
    projects = result.projects["name"].to_dict()
    assert len(set(parcels.values()) | set(projects.values())) == len(parcels) + len(projects)
    return parcels | projects


def told(result, name: str, key: list[str]) -> pd.DataFrame:
    """A table with marks in place of ids, in an order of its own."""
    marks = marks_of(result)
    table = pd.DataFrame(result.tables[name])
    table = table.reset_index() if table.index.name else table
    table = table.drop(columns=[c for c in PLACES if c in table])
    for column in key:
        table[column] = table[column].map(lambda v: marks.get(v, v))
    if "joint_site_id" in table:  # named after the smallest id of its projects
        bare = table["joint_site_id"].str.removeprefix("J-")
        table["joint_site_id"] = bare.map(lambda v: marks.get(v, v), na_action="ignore")
    return table.sort_values(key, ignore_index=True)


TABLES = {
    "parcels": ["parcel_id"],
    "projects": ["project_id"],
    "links": ["project_id", "parcel_id"],
    "unlinked": ["project_id"],
    "parcel_facts": ["parcel_id"],
    "project_facts": ["project_id"],
    "zone_facts": ["zone_id"],
    "parcel_status": ["subject_id", "policy"],
    "project_status": ["subject_id", "policy"],
    "supervision": ["parcel_id"],
    "obligations": ["parcel_id", "obligation", "policy", "deadline"],
    "calendar": ["parcel_id", "obligation", "policy", "deadline"],
    "overdue_holders": ["holder"],
    "findings": ["subject", "subject_id", "policy", "clause", "part"],
    "grants": ["project_id"],
}


def assert_same(one, other) -> None:
    """Two runs of the same rows say the same."""
    for name, key in TABLES.items():
        tables = [told(result, name, key) for result in (one, other)]
        pd.testing.assert_frame_equal(*tables, rtol=CLOSE, atol=CLOSE, obj=name)
    assert one.ledger["accounts"]["money"] == other.ledger["accounts"]["money"]
    assert one.ledger["accounts"]["rows"] == other.ledger["accounts"]["rows"]
    plans = [result.ledger["accounts"]["allocation"] for result in (one, other)]
    assert plans[0]["usage"] == plans[1]["usage"]
    assert plans[0]["objective"] == plans[1]["objective"]
    assert blocks_of(one) == blocks_of(other)
    kinds = [
        table.groupby(["source_file", "kind"]).size().to_dict()
        for result in (one, other)
        for table in (result.rejected.assign(source_file=result.rejected["source_file"].map(base)),)
    ]
    assert kinds[0] == kinds[1]
    for subject in ("parcels", "projects"):
        names = [
            {marks_of(r)[i]: i if "#" not in i else None for i in r.tables[subject].index}
            for r in (one, other)
        ]
        assert names[0] == names[1]


def base(path: str) -> str:
    return Path(path).name


def blocks_of(result) -> set[tuple[frozenset[str], str, float]]:
    """Each block by its members, with its zone and area [m2, to 0.01]."""
    marks, blocks = marks_of(result), result.blocks
    return {
        (frozenset(map(marks.get, members)), blocks.at[i, "zone_id"], round(blocks.at[i, "area_m2"], 2))
        for i, members in result.block_members.groupby("block_id")["parcel_id"]
    }


@settings(max_examples=8)
@given(worlds(), st.randoms(use_true_random=False))
def test_random_plans(world, chance):
    results = []
    for given_world in (world, shuffled(world, chance)):
        with tempfile.TemporaryDirectory() as folder:
            results.append(lu.run(write_plan(given_world, Path(folder))))
    one, other = results
    for result in results:
        for table in result.tables.values():
            if "source_file" in table:
                table["source_file"] = table["source_file"].map(base, na_action="ignore")
    assert_same(one, other)


@pytest.fixture(scope="module")
def sample(repo) -> Path:
    return repo / "sample_parcels"


@pytest.fixture(scope="module")
def in_order(sample):
    return lu.run(sample / "plan.toml")


@pytest.mark.parametrize("seed", [1, 2])
def test_the_sample(sample, in_order, tmp_path, seed):
    chance = random.Random(seed)
    spec = importlib.util.spec_from_file_location("sample_make", sample / "make.py")
    assert spec
    assert spec.loader
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    world = city()
    ledger, parcels = world.files.ledger, world.files.parcels
    mixed = replace(
        world.files,
        ledger=ledger.iloc[chance.sample(range(len(ledger)), len(ledger))],
        parcels=gpd.GeoDataFrame(parcels.iloc[chance.sample(range(len(parcels)), len(parcels))]),
    )
    make.write_sample(replace(world, files=mixed), tmp_path)
    other = lu.run(tmp_path / "plan.toml")
    assert list(other.projects.index) != list(in_order.projects.index)
    assert_same(in_order, other)
    assert sum("#" in i for i in other.parcels.index) == 2
    assert sum("#" in i for i in other.projects.index) == 1
