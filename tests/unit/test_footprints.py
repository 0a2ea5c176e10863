"""Links by footprint and by point: who stands where, what is noise, what lies on no parcel, what is refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import affinity

from landuse.errors import CrsError, LinkError, TableError
from landuse.linking.by_footprint import BALANCE, match_footprints
from landuse.tables import PARCELS, PROJECTS

E, N = 37_500_000.0, 3_833_000.0
"""On the central meridian, where a square metre of the plane is one on the ground (to 2e-6)."""


def box(x0, y0, x1, y1):
    return shapely.box(E + x0, N + y0, E + x1, N + y1)


def at(text):
    return affinity.translate(shapely.from_wkt(text), E, N)


def table(noun, shapes, letter, crs=4525):
    rows = {"source_file": f"{noun.name}.gpkg", "source_row": range(1, len(shapes) + 1)}
    ids = [f"{letter}{i}" for i in range(len(shapes))]
    return noun.conform(gpd.GeoDataFrame(rows, index=ids, geometry=list(shapes), crs=crs))


def match(prints, land, crs=4525, **options):
    return match_footprints(table(PROJECTS, prints, "P", crs), table(PARCELS, land, "A", crs), **options)


def pairs(found):
    return list(zip(found.project.tolist(), found.parcel.tolist(), strict=True))


def kinds(found):
    return [(i["kind"], i["row"]) for i in found.issues]


def closes(found):
    b = found.balance
    sides = b["linked_m2"] + b["noise_m2"] + b["passed_over_m2"] - b["doubled_m2"] + b["outside_m2"]
    return np.allclose(b["footprint_m2"], sides, rtol=0, atol=0.01) and (b[list(BALANCE)] >= 0).all(axis=None)


ROAD = [box(0, 0, 100, 100), box(120, 0, 200, 100)]


def test_a_footprint_over_a_road_stands_on_both_sides_and_the_road_is_on_no_parcel():
    found = match([box(50, 0, 170, 100)], ROAD)
    assert pairs(found) == [(0, 0), (0, 1)]
    np.testing.assert_allclose(found.overlap_m2, [5000, 5000], rtol=1e-5)
    np.testing.assert_allclose(found.share_of_footprint, [5 / 12, 5 / 12], rtol=1e-9)
    np.testing.assert_allclose(found.share_of_parcel, [0.5, 0.625], rtol=1e-9)
    assert found.evidence[0] == "项目范围与宗地重叠 5,000.0 平方米，占项目范围的 41.7%、宗地的 50.0%"
    assert found.balance["outside_m2"].tolist() == pytest.approx([2000], rel=1e-5)
    assert kinds(found) == [("footprint_outside", 1)]
    assert "有 2,000.0 平方米（16.7%）不在任何宗地上" in found.issues[0]["message"]
    assert closes(found)
    assert found.accounts["footprints_in"] == found.accounts["footprints_linked"] == 1


def test_the_balance_is_on_the_ellipsoid():
    east = 105_000.0  # far from the meridian the plane is larger than the ground
    prints, land = ([affinity.translate(s, east) for s in side] for side in ([box(50, 0, 170, 100)], ROAD))
    found = match(prints, land)
    assert found.balance["footprint_m2"].iloc[0] == pytest.approx(
        12_000 / (1 + (east / 6.371e6) ** 2), abs=0.2
    )
    assert found.share_of_footprint.tolist() == pytest.approx([5 / 12, 5 / 12])
    assert closes(found)


def test_degrees_are_measured_in_square_metres_too():
    plane = [gpd.GeoSeries(s, crs=4525).to_crs(4490).tolist() for s in ([box(50, 0, 170, 100)], ROAD)]
    found = match(*plane, crs=4490)
    np.testing.assert_allclose(found.overlap_m2, [5000, 5000], rtol=1e-4)
    assert kinds(found) == [("footprint_outside", 1)]
    dot = gpd.GeoSeries([at("POINT (50 50)"), at("POINT (99.95 50)")], crs=4525).to_crs(4490)
    found = match(dot.tolist(), plane[1], crs=4490)
    assert (pairs(found), found.review["kind"].tolist()) == ([(0, 0)], ["point_edge"])


@pytest.mark.parametrize(
    ("inside", "linked"),
    [(0.0099, False), (0.0101, True)],
    ids=["just under 1 m2", "just over 1 m2"],
)
def test_less_than_a_square_metre_is_no_link(inside, linked):
    found = match([box(20, 0, 100 + inside, 100)], [box(0, 0, 100, 100), box(100, 0, 101, 100)])
    assert ((0, 1) in pairs(found)) == linked
    assert found.accounts["overlaps_noise"] == (not linked)
    assert closes(found)
    if not linked:
        assert kinds(found) == [("footprint_edges_left", None)]
        assert "有 1 对项目范围与宗地的重叠（共 1.0 平方米）" in found.issues[0]["message"]


@pytest.mark.parametrize(("inside", "linked"), [(0.99, False), (1.01, True)])
def test_less_than_a_thousandth_of_the_smaller_shape_is_no_link(inside, linked):
    found = match([box(0, 0, 1000 + inside, 1000)], [box(0, 0, 1000, 1000), box(1000, 0, 3000, 1000)])
    assert ((0, 1) in pairs(found)) == linked
    assert closes(found)


def test_neighbours_along_a_boundary_are_not_linked_and_not_spoken_of():
    found = match(
        [box(0, 0, 100, 100)], [box(0, 0, 100, 100), box(100, 0, 200, 100), box(100, 100, 200, 200)]
    )
    assert pairs(found) == [(0, 0)]
    assert found.share_of_footprint.tolist() == found.share_of_parcel.tolist() == [1.0]
    assert found.issues == []
    assert found.balance["outside_m2"].tolist() == [0.0]


def test_two_projects_side_by_side_on_one_parcel():
    found = match([box(0, 0, 40, 100), box(40, 0, 100, 100)], ROAD)
    assert pairs(found) == [(0, 0), (1, 0)]
    assert found.share_of_parcel.tolist() == pytest.approx([0.4, 0.6])


def test_a_footprint_on_no_parcel():
    found = match([box(500, 0, 510, 10), box(102, 0, 118, 100)], ROAD)
    assert pairs(found) == []
    assert kinds(found) == [("footprint_on_no_parcel", 1), ("footprint_on_no_parcel", 2)]
    assert found.accounts["footprints_unlinked"] == 2
    assert closes(found)


def test_parcels_that_overlap_one_another_do_not_hide_land_on_no_parcel():
    found = match([box(0, 0, 200, 100)], [box(0, 0, 100, 100), box(50, 0, 150, 100), box(90, 0, 150, 100)])
    assert pairs(found) == [(0, 0), (0, 1), (0, 2)]
    row = found.balance.iloc[0]
    assert row["outside_m2"] == pytest.approx(5_000, rel=1e-5)
    assert row["doubled_m2"] == pytest.approx(11_000, rel=1e-5)
    assert kinds(found) == [("footprint_outside", 1), ("footprint_on_doubled_land", 1)]
    assert closes(found)


def test_the_largest_overlap_is_a_rule_by_name():
    land = [box(0, 0, 100, 100), box(100, 0, 200, 100), box(200, 0, 300, 100)]
    found = match([box(90, 0, 230, 100), box(0, 0, 20, 20)], land, rule="largest")
    assert pairs(found) == [(0, 1), (1, 0)]
    assert found.evidence[0].endswith("；按重叠最大取一宗")
    assert found.balance["passed_over_m2"].tolist() == pytest.approx([4_000, 0], rel=1e-5)
    assert found.accounts["overlaps_passed_over"] == 2
    assert closes(found)


def test_where_two_overlaps_are_as_large_the_rule_decides_nothing():
    found = match([box(50, 0, 170, 100), box(10, 0, 20, 10)], ROAD, rule="largest")
    assert pairs(found) == [(1, 0)]
    assert found.review[["project", "parcel", "kind"]].values.tolist() == [
        [0, 0, "largest_tied"],
        [0, 1, "largest_tied"],
    ]
    assert [k for k, _ in kinds(found)] == ["footprint_outside", "largest_tied"]
    assert "（A0、A1）" in found.issues[1]["message"]
    assert closes(found)


POINTS = {
    "inside": ("POINT (50 50)", [(0, 0)], []),
    "on the boundary": ("POINT (100 50)", [], [(0, "point_edge")]),
    "a hand's breadth inside": ("POINT (99.95 50)", [], [(0, "point_edge")]),
    "a hand's breadth outside": ("POINT (100.05 50)", [], [(0, "point_edge")]),
    "a step inside": ("POINT (99.8 50)", [(0, 0)], []),
    "on the road": ("POINT (110 50)", [], []),
    "in two parcels": ("POINT (150 50)", [], [(1, "point_several"), (2, "point_several")]),
    "two in one": ("MULTIPOINT (50 50, 60 60)", [(0, 0)], []),
    "two in two": ("MULTIPOINT (50 50, 190 50)", [], [(0, "points_apart"), (1, "points_apart")]),
    "one of two on the road": ("MULTIPOINT (50 50, 110 50)", [], [(0, "points_apart")]),
}


@pytest.mark.parametrize(("text", "linked", "review"), POINTS.values(), ids=POINTS)
def test_a_point_decides_where_it_lies_in_one_parcel_beyond_doubt(text, linked, review):
    found = match([at(text)], [*ROAD, box(140, 0, 160, 100)])
    assert pairs(found) == linked
    assert np.isnan(found.overlap_m2).all()
    assert np.isnan(found.share_of_footprint).all()
    assert found.review[["parcel", "kind"]].values.tolist() == [list(r) for r in review]
    expected = [] if linked else ["point_undecided" if review else "point_on_no_parcel"]
    assert [k for k, _ in kinds(found)] == expected
    assert found.accounts["points_in"] == 1
    assert found.accounts["points_linked"] == len(linked)


def test_a_point_on_a_shared_boundary_names_both_parcels():
    found = match([at("POINT (100 50)")], [box(0, 0, 100, 100), box(100, 0, 200, 100)])
    assert found.review["parcel"].tolist() == [0, 1]
    assert "A0、A1" in found.issues[0]["message"]


SHAPES = {
    "LINESTRING (0 0, 50 50)": "是线",
    "MULTILINESTRING ((0 0, 50 50))": "是线",
    "GEOMETRYCOLLECTION (POINT (1 1), POLYGON ((0 0, 9 0, 9 9, 0 0)))": "是点线面混合图形",
    "POLYGON ((0 0, 50 50, 50 0, 0 50, 0 0))": "是无效的面（边线自相交）",
}


@pytest.mark.parametrize(("text", "said"), SHAPES.items())
def test_shapes_that_hold_no_land_are_refused_and_the_others_linked(text, said):
    found = match([at(text), box(0, 0, 10, 10), None, shapely.Polygon()], ROAD)
    assert pairs(found) == [(1, 0)]
    assert kinds(found) == [("footprint_refused", 1)]
    assert said in found.issues[0]["message"]
    assert found.accounts["shapes_refused"] == found.accounts["footprints_in"] == 1


def test_an_invalid_parcel_under_a_footprint_is_refused_by_row():
    bow = at("POLYGON ((120 0, 170 50, 170 0, 120 50, 120 0))")
    with pytest.raises(TableError) as caught:
        match([box(50, 0, 170, 100)], [ROAD[0], bow])
    assert [f["row"] for f in caught.value.failures] == [1]


def test_no_shapes_at_all():
    for prints, land in (
        ([None, None], ROAD),
        ([], ROAD),
        ([box(0, 0, 1, 1)], []),
        ([at("POINT (1 1)")], []),
    ):
        found = match(prints, land)
        assert pairs(found) == []
        assert len(found.evidence) == len(found.review) == 0
        assert found.project.dtype == found.parcel.dtype == np.int64


def test_a_ledger_without_shapes_needs_no_coordinate_system():
    assert pairs(match_footprints(PROJECTS.empty(), table(PARCELS, ROAD, "A"))) == []


@pytest.mark.parametrize(("one", "other"), [(4526, 4525), (None, 4525), (4525, None)])
def test_two_coordinate_systems_are_refused(one, other):
    with pytest.raises(CrsError):
        match_footprints(table(PROJECTS, [box(0, 0, 1, 1)], "P", one), table(PARCELS, ROAD, "A", other))


def test_an_unknown_rule_is_refused():
    with pytest.raises(LinkError, match="smallest"):
        match([box(0, 0, 1, 1)], ROAD, rule="smallest")
