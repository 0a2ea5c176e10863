"""What holds of links by footprint, whatever is drawn."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.linking.by_footprint import NOISE_M2, NOISE_SHARE, match_footprints
from landuse.tables import PARCELS, PROJECTS

E, N, STEP = 37_500_000.0, 3_833_000.0, 0.6


@st.composite
def boxes(draw, least=0, most=6):
    """Boxes on a lattice of 0.6 m: they meet, overlap, coincide and lie in one another; none is 1 m2."""
    shapes = []
    for _ in range(draw(st.integers(least, most))):
        x, y = draw(st.integers(0, 12)), draw(st.integers(0, 12))
        w, h = draw(st.integers(1, 10)), draw(st.integers(1, 10))
        shapes.append(shapely.box(E + x * STEP, N + y * STEP, E + (x + w) * STEP, N + (y + h) * STEP))
    return shapes


def table(noun, shapes, order=None):
    ids = [f"{noun.name}{i}" for i in range(len(shapes))]
    frame = gpd.GeoDataFrame(index=ids, geometry=list(shapes), crs=4525)
    return noun.conform(frame if order is None else frame.iloc[order])


def links(found, projects, parcels):
    ids = zip(projects.index[found.project], parcels.index[found.parcel], strict=True)
    return dict(zip(ids, found.overlap_m2.round(6).tolist(), strict=True))


def match(prints, land, **options):
    projects, parcels = table(PROJECTS, prints), table(PARCELS, land)
    return match_footprints(projects, parcels, **options)


@given(boxes(), boxes(), st.sampled_from(["all", "largest"]))
def test_the_land_of_every_footprint_is_accounted_for(prints, land, rule):
    balance = match(prints, land, rule=rule).balance
    assert len(balance) == len(prints)
    assert (balance >= 0).all(axis=None)
    left = balance["linked_m2"] + balance["noise_m2"] + balance["passed_over_m2"] - balance["doubled_m2"]
    np.testing.assert_allclose(balance["footprint_m2"], left + balance["outside_m2"], rtol=0, atol=0.01)
    outside = shapely.difference(prints, shapely.union_all(land)) if prints else np.zeros(0)
    np.testing.assert_allclose(balance["outside_m2"], shapely.area(outside), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(balance["footprint_m2"], ellipsoid_areas(np.array(prints), 4525), rtol=1e-12)


@given(boxes(), boxes())
def test_a_link_is_an_overlap_over_the_tolerance(prints, land):
    found = match(prints, land)
    wanted = {}
    for i, one in enumerate(prints):
        for j, other in enumerate(land):
            area = one.intersection(other).area
            if area >= max(NOISE_M2, NOISE_SHARE * min(one.area, other.area)):
                wanted[i, j] = area
    have = zip(found.project.tolist(), found.parcel.tolist(), strict=True)
    assert dict(zip(have, found.overlap_m2, strict=True)) == pytest.approx(wanted, rel=1e-5)


@given(boxes(1), boxes(1), st.randoms(use_true_random=False), st.sampled_from(["all", "largest"]))
def test_the_order_of_rows_does_not_matter(prints, land, chance, rule):
    orders = [list(range(len(side))) for side in (prints, land)]
    for order in orders:
        chance.shuffle(order)
    one = table(PROJECTS, prints), table(PARCELS, land)
    other = table(PROJECTS, prints, orders[0]), table(PARCELS, land, orders[1])
    a, b = (match_footprints(*side, rule=rule) for side in (one, other))
    assert links(a, *one) == pytest.approx(links(b, *other))
    assert sorted(i["kind"] for i in a.issues) == sorted(i["kind"] for i in b.issues)


@given(boxes(1), boxes(1), st.data())
def test_taking_a_parcel_away_moves_no_other_link(prints, land, data):
    gone = data.draw(st.integers(0, len(land) - 1))
    rest = [i for i in range(len(land)) if i != gone]
    one, other = (
        (table(PROJECTS, prints), table(PARCELS, land)),
        (table(PROJECTS, prints), table(PARCELS, land, rest)),
    )
    before, after = links(match_footprints(*one), *one), links(match_footprints(*other), *other)
    name = one[1].index[gone]
    assert after == {pair: area for pair, area in before.items() if pair[1] != name}
