"""What holds of the inspection of any parcels."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from landuse.inspecting import doubled_land, inspect
from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.tables import PARCELS
from tests.oracles import geometry as oracle

E, N = 37_560_000.0, 3_833_000.0


@st.composite
def worlds(draw, most=7):
    """Boxes on a lattice of a metre, so that edges meet, cross and coincide."""
    boxes = []
    for _ in range(draw(st.integers(2, most))):
        x, y = draw(st.integers(0, 12)), draw(st.integers(0, 12))
        w, h = draw(st.integers(1, 8)), draw(st.integers(1, 8))
        boxes.append(shapely.box(E + x, N + y, E + x + w, N + y + h))
    return boxes


def table(shapes, order=None):
    ids = [f"P{i}" for i in range(len(shapes))]
    frame = gpd.GeoDataFrame(index=ids, geometry=shapes, crs="EPSG:4525")
    return PARCELS.conform(frame.iloc[order] if order is not None else frame)


def everything(shapes):
    return pd.DataFrame({"group": "all", "parcel_id": [f"P{i}" for i in range(len(shapes))]})


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_parcels_does_not_matter(shapes, chance):
    order = list(range(len(shapes)))
    chance.shuffle(order)
    one, other = inspect(table(shapes)), inspect(table(shapes, order))
    assert_frame_equal(
        pd.DataFrame(one.drop(columns="geometry")), pd.DataFrame(other.drop(columns="geometry")), atol=1e-9
    )
    apart = shapely.area(shapely.symmetric_difference(one.geometry.values, other.geometry.values))
    assert (apart < 1e-6).all()


@given(worlds())
def test_what_is_counted_twice_is_the_sum_of_areas_minus_the_union(shapes):
    found = doubled_land(inspect(table(shapes)), everything(shapes))
    areas = ellipsoid_areas([*shapes, shapely.union_all(shapes)], "EPSG:4525")
    assert found.get("all", 0.0) == pytest.approx(areas[:-1].sum() - areas[-1], rel=1e-6, abs=1e-5)


@given(worlds(most=4))
def test_where_no_place_is_held_by_three_the_overlaps_add_up(shapes):
    thrice = [
        a.intersection(b).intersection(c).area
        for i, a in enumerate(shapes)
        for j, b in enumerate(shapes[:i])
        for c in shapes[:j]
    ]
    assume(not any(thrice))
    faults = inspect(table(shapes))
    total = faults.loc[faults["nature"] == "overlap", "area_m2"].sum()
    assert total == pytest.approx(oracle.counted_twice(shapes), rel=2e-4, abs=1e-5)


@given(worlds())
def test_every_pair_is_found_once_and_no_other(shapes):
    faults = inspect(table(shapes))
    pairs = faults[faults["nature"] == "overlap"]
    ours = [(int(a[1:]), int(b[1:])) for a, b in zip(pairs["parcel_id"], pairs["other_id"], strict=True)]
    assert sorted(ours) == sorted(oracle.overlaps(shapes))
    gaps = faults[faults["nature"] == "gap"]
    wanted = oracle.enclosed(shapes, 100.0)
    assert sorted(gaps["area_m2"]) == pytest.approx([a for a, _ in wanted], rel=2e-4)
