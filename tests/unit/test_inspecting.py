"""Duplicates, overlaps, gaps and slivers between parcels: found, named, measured, and nothing else."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.errors import CrsError, PlanError
from landuse.inspecting import doubled_land, fault_issues, inspect
from landuse.tables import GEOMETRY_FAULTS, PARCELS
from landuse.testing.worlds import big_city, city
from tests.oracles import geometry as oracle

E, N = 37_500_000.0, 3_833_000.0
"""On the central meridian, where a metre of the plane is one on the ground."""


def parcels(*boxes, ids=None, crs="EPSG:4525"):
    shapes = [shapely.box(E + a, N + b, E + c, N + d) if isinstance(t := (a, b, c, d), tuple) else t
              for a, b, c, d in boxes]  # fmt: skip
    return of_shapes(shapes, ids=ids, crs=crs)


def of_shapes(shapes, *, ids=None, crs="EPSG:4525"):
    names = ids or [f"P{i:03d}" for i in range(len(shapes))]
    rows = {"source_file": "a.gpkg", "source_row": range(1, len(shapes) + 1)}
    frame = gpd.GeoDataFrame(rows, index=names, geometry=list(shapes), crs=crs)
    return PARCELS.conform(frame)


def found(faults):
    return [tuple(r) for r in faults[["kind", "nature", "parcel_id", "other_id"]].itertuples(index=False)]


def test_neighbours_that_keep_to_their_boundary_have_no_fault():
    faults = inspect(parcels((0, 0, 10, 10), (10, 0, 20, 10), (10, 10, 20, 20), (0, 10, 10, 20)))
    assert faults.empty
    GEOMETRY_FAULTS.check(faults)


def test_an_overlap_names_both_parcels_and_its_area():
    faults = inspect(parcels((0, 0, 10, 10), (8, 0, 20, 10), ids=["B", "A"]))
    assert found(faults) == [("overlap", "overlap", "A", "B")]
    assert faults["area_m2"].tolist() == pytest.approx([20.0], rel=1e-5)
    assert faults["width_m"].tolist() == pytest.approx([40 / 24])
    assert faults.geometry.iloc[0].equals(shapely.box(E + 8, N, E + 10, N + 10))
    GEOMETRY_FAULTS.check(faults)


def test_a_parcel_inside_another_and_one_shape_twice():
    faults = inspect(parcels((0, 0, 100, 100), (20, 20, 30, 30), (200, 0, 210, 10), (200, 0, 210, 10)))
    assert found(faults) == [
        ("duplicate", "overlap", "P002", "P003"),
        ("overlap", "overlap", "P000", "P001"),
    ]
    assert faults["area_m2"].tolist() == pytest.approx([100.0, 100.0], rel=1e-5)


def test_one_shape_written_in_two_ways_is_a_duplicate():
    other = shapely.Polygon([(E + 10, N), (E + 10, N + 10), (E + 4, N + 10), (E, N + 10), (E, N)])
    assert found(inspect(of_shapes([shapely.box(E, N, E + 10, N + 10), other])))[0][0] == "duplicate"


def test_a_thin_overlap_is_a_sliver():
    faults = inspect(parcels((0, 0, 10, 100), (9.9, 0, 20, 100)))
    assert found(faults) == [("sliver", "overlap", "P000", "P001")]
    assert inspect(parcels((0, 0, 10, 100), (9.9, 0, 20, 100)), sliver_m=0.05)["kind"].tolist() == ["overlap"]


@pytest.mark.parametrize(("wide", "count"), [(0.00009, 0), (0.00011, 1)])
def test_the_tolerance_is_a_thousandth_of_a_square_metre(wide, count):
    assert len(inspect(parcels((0, 0, 10, 10), (10 - wide, 0, 20, 10)))) == count
    assert len(inspect(parcels((0, 0, 10, 10), (10 - wide, 0, 20, 10)), tolerance_m2=0.0)) == 1


RING = [(0, 0, 30, 10), (0, 10, 10, 30), (20, 10, 30, 30), (10, 20, 20, 30)]


def test_an_enclosed_gap_names_the_two_with_most_of_its_boundary():
    faults = inspect(parcels(*RING[:3], (10, 16, 20, 30)))  # 10 m by 6 m: bounded 10, 6, 6, 10
    assert found(faults) == [("gap", "gap", "P000", "P003")]
    assert faults["area_m2"].tolist() == pytest.approx([60.0], rel=1e-5)


def test_enclosed_land_greater_than_a_gap_is_none_unless_it_is_thin():
    assert len(inspect(parcels(*RING))) == 1
    assert inspect(parcels(*RING), gap_m2=99.0).empty
    thin = parcels((0, 0, 2000, 10), (0, 10, 10, 30), (1990, 10, 2000, 30), (10, 10.15, 1990, 30))
    assert found(inspect(thin)) == [("sliver", "gap", "P000", "P003")]
    assert inspect(thin)["area_m2"].tolist() == pytest.approx([297.0], rel=1e-3)


def test_a_hole_of_one_parcel_is_how_it_was_drawn():
    hole = shapely.box(E, N, E + 30, N + 30).difference(shapely.box(E + 10, N + 10, E + 15, N + 15))
    assert inspect(of_shapes([hole, shapely.box(E + 30, N, E + 60, N + 30)])).empty


def test_a_parcel_too_small_for_the_hole_it_lies_in_leaves_a_gap_all_round():
    hole = shapely.box(E, N, E + 300, N + 300).difference(shapely.box(E + 100, N + 100, E + 200, N + 200))
    inside = shapely.box(E + 100.1, N + 100.1, E + 199.9, N + 199.9)
    faults = inspect(of_shapes([hole, inside]))
    assert found(faults) == [("sliver", "gap", "P000", "P001")]
    assert faults["area_m2"].tolist() == pytest.approx([100**2 - 99.8**2], rel=1e-4)


def test_a_strip_open_at_an_end_is_not_found():
    """What the method does not see; docs/intake.md says so."""
    assert inspect(parcels((0, 0, 10, 10), (10.1, 0, 20, 10))).empty


def test_boundaries_with_points_of_their_own_are_no_fault():
    """A corner of one in the middle of the edge of another, as a subdivision leaves it."""
    left = shapely.box(E, N, E + 10, N + 30)
    right = [shapely.box(E + 10, N + 10 * i, E + 20, N + 10 * i + 10) for i in range(3)]
    assert inspect(of_shapes([left, *right])).empty


@pytest.mark.parametrize("long", [100.0, 1000.0])
def test_a_point_of_its_own_on_a_long_slanting_boundary_is_no_fault(long):
    """The point lies a micrometre off the line; edges straight in (B, L) sag by a hundred times as much."""
    out = np.array([-50.0, 50.0])
    a, b = np.array([E + 60_000.0, N]), np.array([E + 60_000.0 + long * 0.8, N + long * 0.6])
    on = a + (b - a) / 3 + np.array([-0.6e-6, 0.8e-6])
    left, right = shapely.Polygon([a, b, b + out, a + out]), shapely.Polygon([a, a - out, b - out, b, on])
    assert 0.0 < left.intersection(right).area < 0.001
    assert inspect(of_shapes([left, right])).empty


def test_parcels_without_shape_are_left_out():
    world = of_shapes([shapely.box(E, N, E + 10, N + 10), None, shapely.box(E + 9, N, E + 20, N + 10)])
    assert found(inspect(world)) == [("overlap", "overlap", "P000", "P002")]
    assert inspect(of_shapes([None])).empty


def test_parts_of_parcels_count():
    one = shapely.MultiPolygon([shapely.box(E, N, E + 10, N + 10), shapely.box(E + 50, N, E + 60, N + 10)])
    two = shapely.MultiPolygon(
        [shapely.box(E + 9, N, E + 20, N + 10), shapely.box(E + 58, N, E + 70, N + 10)]
    )
    faults = inspect(of_shapes([one, two]))
    assert found(faults) == [("overlap", "overlap", "P000", "P001")]
    assert faults["area_m2"].tolist() == pytest.approx([30.0], rel=1e-5)
    assert len(faults.geometry.iloc[0].geoms) == 2


def test_refusals():
    with pytest.raises(CrsError, match="no coordinate system"):
        inspect(parcels((0, 0, 1, 1), crs=None))
    with pytest.raises(CrsError, match="not in metres"):
        inspect(of_shapes([shapely.box(112, 34, 113, 35)], crs="EPSG:4490"))
    with pytest.raises(PlanError, match="-1"):
        inspect(parcels((0, 0, 1, 1)), sliver_m=-1.0)


@pytest.mark.parametrize("seed", range(6))
def test_against_every_pair_of_random_shapes(seed):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 60, (80, 2))
    sizes = rng.uniform(2, 14, (80, 2))
    shapes = [
        shapely.affinity.rotate(shapely.box(E + x, N + y, E + x + w, N + y + h), float(angle))
        for (x, y), (w, h), angle in zip(corners, sizes, rng.uniform(0, 90, 80), strict=True)
    ]
    faults = inspect(of_shapes(shapes), gap_m2=25.0)
    pairs = faults[faults["nature"] == "overlap"]
    ours = {
        (int(a[1:]), int(b[1:])): m2
        for a, b, m2 in zip(pairs.parcel_id, pairs.other_id, pairs.area_m2, strict=True)
    }
    theirs = oracle.overlaps(shapes, least=0.001)
    assert ours.keys() == theirs.keys()
    assert [ours[k] for k in theirs] == pytest.approx(list(theirs.values()), rel=1e-5, abs=1e-4)
    gaps = faults[faults["nature"] == "gap"]
    wanted = oracle.enclosed(shapes, 25.0, least=0.001)
    assert sorted(gaps["area_m2"]) == pytest.approx([a for a, _ in wanted], rel=1e-5, abs=1e-4)
    assert len(wanted) > 0 or seed == 0


def test_land_that_three_parcels_hold_counts_twice_not_thrice():
    world = parcels((0, 0, 10, 10), (0, 0, 9, 10), (0, 0, 8, 10), (8, 0, 10, 10))
    members = pd.DataFrame({"group": "all", "parcel_id": world.index})
    doubled = doubled_land(inspect(world), members)["all"]
    assert doubled == pytest.approx(oracle.counted_twice(list(world.geometry)), rel=1e-5)
    assert doubled == pytest.approx(100 + 90 + 80 + 20 - 100, rel=1e-5)
    groups = pd.DataFrame({"group": ["x", "y", "x", "y"], "parcel_id": world.index})
    of = doubled_land(inspect(world), groups)
    assert of.to_dict() == pytest.approx({"x": 80.0, "y": 10.0}, rel=1e-5)


def test_each_of_the_two_parcels_has_an_issue_that_names_the_other():
    world = parcels((0, 0, 10, 10), (8, 0, 20, 10), (8, 0, 20, 10))
    issues = fault_issues(world, inspect(world))
    assert issues["kind"].value_counts().to_dict() == {"parcels_overlap": 4, "parcels_same_shape": 2}
    assert (issues["action"] == "kept").all()
    same = issues[issues["kind"] == "parcels_same_shape"]
    assert same["row"].tolist() == [2, 3]
    assert same["raw"].tolist() == ["P002", "P001"]
    assert "a.gpkg 第 3 行" in same["message"].iloc[0]
    assert "120.000 平方米" in same["message"].iloc[0]


def test_the_sample_and_the_great_city_have_no_fault():
    assert inspect(city().parcels).empty
    assert inspect(big_city(3_000, seed=5).parcels).empty


def test_real_fields_overlap_and_gape_as_the_oracle_says(shared_data):
    """100 crop parcels (BRP 2023): drawn by hand, with slivers on both sides of their boundaries."""
    files = sorted((shared_data / "parcels" / "nl").rglob("brpgewaspercelen*.gpkg"))
    if not files:
        pytest.skip("the crop parcels are not here")
    table = gpd.read_file(files[0])
    shapes = list(table.geometry)
    faults = inspect(of_shapes(shapes, crs=table.crs))
    pairs, gaps = (faults[faults["nature"] == nature] for nature in ("overlap", "gap"))
    wanted = oracle.overlaps(shapes, least=0.001)
    ours = {(int(a[1:]), int(b[1:])) for a, b in zip(pairs["parcel_id"], pairs["other_id"], strict=True)}
    assert ours == set(wanted)
    assert len(ours) > 0
    assert pairs["area_m2"].sum() == pytest.approx(sum(wanted.values()), rel=3e-4)
    holes = [area for area, _ in oracle.enclosed(shapes, 1e9, least=0.001)]
    small = [a for a in holes if a <= 100.0]
    assert len(small) <= len(gaps) <= len(holes)
    assert sum(gaps["area_m2"] <= 100.0) == len(small)
    assert len(small) > 0
