"""Areas: the series against an integral, a published figure, and the plane; stated areas and what fits them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse import api
from landuse.errors import CrsError, LanduseError, LinkError
from landuse.kernels.ellipsoid import ellipsoid_areas, series
from landuse.linking import link
from landuse.measuring import measure
from landuse.measuring.area import ellipsoid_area, measure_areas
from landuse.tables import PARCELS
from tests import small_plan
from tests.oracles import ellipsoid as oracle
from tests.rows_by_hand import AS_OF, parcels_of, projects_of

A, B = 6378137.0, 6356752.314140356
E0, N0 = 37_632_982.0, 3_833_393.0  # Luoyang in the 3-degree zone 37


def parcels(shapes, crs="EPSG:4525", **columns):
    index = pd.Index([f"P{i}" for i in range(len(shapes))], dtype="str", name="parcel_id")
    return PARCELS.conform(gpd.GeoDataFrame(columns, index=index, geometry=list(shapes), crs=crs))


def test_coefficients_are_those_of_cgcs2000():
    # DOMAIN 5e: A..E = 1.0033640898341927, 1.1241893819e-3, 1.69945947e-6, 2.7178578e-9, 4.3584e-12
    assert series(A, B) == pytest.approx(
        [1.0033640898341927, 1.1241893819e-3, 1.69945947e-6, 2.7178578e-9, 4.3584e-12], rel=1e-5
    )


def test_one_degree_cell_has_the_published_area():
    # formula 10,187,811,966.4756; exact authalic 10,187,811,966.4785
    cell = shapely.box(112, 34, 113, 35)
    assert ellipsoid_areas(np.array([cell]), "EPSG:4490")[0] == pytest.approx(10_187_811_966.4756, abs=2e-4)
    ring = [(112, 34), (113, 34), (113, 35), (112, 35), (112, 34)]
    assert oracle.ring_area(ring, A, B) == pytest.approx(10_187_811_966.4785, abs=2e-3)


def to_degrees(points):
    project = pyproj.Transformer.from_crs("EPSG:4525", "EPSG:4490", always_xy=True)
    return [project.transform(x, y) for x, y in points]


@given(
    st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=3, max_size=9, unique=True),
    st.floats(-60_000, 60_000),
    st.floats(-200_000, 200_000),
)
def test_series_equals_the_integral_on_any_parcel(points, east, north):
    hull = shapely.convex_hull(shapely.multipoints(points))
    if hull.geom_type != "Polygon" or hull.area < 1:
        return
    hull = shapely.affinity.translate(hull, E0 + east, N0 + north)
    degrees = to_degrees(hull.exterior.coords)
    found = ellipsoid_areas(np.array([hull]), "EPSG:4525")[0]
    assert found == pytest.approx(oracle.ring_area(degrees, A, B), abs=2e-4)
    # the trapezoid of an edge differs from the straight edge by dx dy2 tan B / 12 R, dx along the parallel,
    # dy along the meridian: not along the axes of the plane, which convergence turns by up to 1.5 degrees here
    edge = np.abs(np.diff(np.radians(degrees), axis=0)) * 6.38e6
    bound = (edge[:, 0] * edge[:, 1] ** 2).sum() * 0.8 / (12 * 6.37e6)
    assert abs(found - oracle.straight_ring_area(degrees, A, B)) <= bound + 2e-4


def test_holes_are_taken_off_and_parts_added():
    outer, hole = shapely.box(0, 0, 300, 300), shapely.box(100, 100, 200, 200)
    part = shapely.box(400, 0, 500, 100)
    moved = [shapely.affinity.translate(g, E0, N0) for g in (outer, hole, part)]
    ring, island = shapely.difference(moved[0], moved[1]), moved[2]
    single = ellipsoid_areas(np.array(moved), "EPSG:4525")
    both = ellipsoid_areas(np.array([ring, shapely.union(ring, island)]), "EPSG:4525")
    assert both == pytest.approx([single[0] - single[1], single[0] - single[1] + single[2]], abs=1e-6)


def test_axis_direction_of_rings_does_not_matter():
    square = shapely.box(E0, N0, E0 + 100, N0 + 100)
    both = ellipsoid_areas(np.array([square, shapely.reverse(square)]), "EPSG:4525")
    assert both[0] == pytest.approx(both[1], rel=1e-12)
    assert both[0] > 0


def test_empty_table_and_empty_shape():
    assert len(ellipsoid_areas(np.array([], dtype=object), "EPSG:4525")) == 0
    assert ellipsoid_areas(np.array([shapely.Polygon(), None], dtype=object), "EPSG:4525").tolist() == [0, 0]


def test_without_a_coordinate_system_it_is_refused():
    with pytest.raises(CrsError, match="coordinate system"):
        ellipsoid_area(gpd.GeoSeries([shapely.box(0, 0, 1, 1)]))


def test_planar_areas_are_larger_in_luoyang_by_the_known_ppm():
    # DOMAIN 5e: zone 37 at 112.45 E +439 ppm
    x, y = pyproj.Transformer.from_crs(4490, 4525, always_xy=True).transform(112.45, 34.62)
    table, _ = measure_areas(parcels([shapely.box(x, y, x + 200, y + 200)]), basis="ellipsoid")
    assert table.planar_m2.iloc[0] / table.area_m2.iloc[0] - 1 == pytest.approx(439e-6, abs=3e-6)


def test_web_mercator_has_no_planar_area_but_the_right_ellipsoid_area():
    square = shapely.box(E0, N0, E0 + 200, N0 + 200)
    here = parcels([square])
    mercator = PARCELS.conform(here.to_crs(3857))
    table, _ = measure_areas(mercator, basis="ellipsoid")
    assert np.isnan(table.planar_m2.iloc[0])
    assert table.area_m2.iloc[0] == pytest.approx(ellipsoid_area(here.geometry).iloc[0], abs=1e-3)
    with pytest.raises(CrsError, match="Transverse Mercator"):
        measure_areas(mercator, basis="planar")


@pytest.mark.parametrize(
    ("stated", "reading", "basis"),
    [
        (40_000.0, "planar", "stated"),
        (39_982.4, "ellipsoid", "stated"),
        (40_300.0, "none", "stated"),
        (40_500.0, "none", "ellipsoid"),
        (60.0, "factor_667", "ellipsoid"),
        (4.0, "factor_10000", "ellipsoid"),
        (600_000.0, "factor_15", "ellipsoid"),
        (40_000 / 15, "factor_15", "ellipsoid"),
        (4.0e8, "factor_10000", "ellipsoid"),
        (None, None, "ellipsoid"),
    ],
)
def test_stated_area_and_the_reading_that_fits(stated, reading, basis):
    x, y = pyproj.Transformer.from_crs(4490, 4525, always_xy=True).transform(112.45, 34.62)
    table, issues = measure_areas(
        parcels([shapely.box(x, y, x + 200, y + 200)], stated_area_m2=[stated]), basis="stated"
    )
    row = table.iloc[0]
    assert (None if pd.isna(row.stated_reading) else row.stated_reading) == reading
    assert row.area_basis == basis
    assert row.area_used_m2 == (stated if basis == "stated" else row.area_m2)
    said = [i["kind"] for i in issues]
    assert said == (["stated_area_not_used"] if basis == "ellipsoid" and stated else [])


def test_small_parcel_fits_both_readings():
    table, _ = measure_areas(
        parcels([shapely.box(E0, N0, E0 + 10, N0 + 10)], stated_area_m2=[100.0]), basis="stated"
    )
    assert table.stated_reading.iloc[0] == "both"


def test_long_edges_are_said_with_the_other_figure():
    # 290 m edges in a box of 410 m, 301 m edges, and a thin one whose diagonal edge alone is long
    shapes = [
        shapely.box(E0, N0, E0 + 290, N0 + 290),
        shapely.box(E0, N0, E0 + 301, N0 + 20),
        shapely.Polygon([(E0, N0), (E0 + 290, N0), (E0 + 290, N0 + 290)]),
        shapely.box(E0, N0, E0 + 100, N0 + 100),
    ]
    land = parcels(shapes, source_file=["a.gpkg"] * 4, source_row=[1, 2, 3, 4])
    table, issues = measure_areas(land, basis="ellipsoid")
    assert [(i["kind"], i["source_file"], i["row"]) for i in issues] == [
        ("long_edges", "a.gpkg", 2),
        ("long_edges", "a.gpkg", 3),
    ]
    for said, at in zip(issues, (1, 2), strict=True):
        dense = ellipsoid_areas(np.array([shapely.segmentize(shapes[at], 20.0)]), "EPSG:4525")[0]
        assert f"{table.area_m2.iloc[at]:,.3f}" in said["message"]
        assert f"{dense:,.3f}" in said["message"]


def test_areas_measured_before_give_the_same_facts():
    land = parcels_of([{"id": "A", "m2": 10_000}, {"id": "B", "m2": 90_000, "stated_area_m2": 6.0}])
    ledger = projects_of([{"id": "P", "refs": ["A", "B"], "fixed": 900, "total": 1000}])
    for basis in ("stated", "ellipsoid", "planar"):
        areas = measure_areas(land, basis=basis)
        links = link(land, ledger, areas=areas.table["area_used_m2"])
        before = measure(land, ledger, links, as_of=AS_OF, areas=areas)
        now = measure(land, ledger, links, as_of=AS_OF, area=basis)
        assert set(before.parcels["area_basis"]) == (
            {basis} if basis != "stated" else {"stated", "ellipsoid"}
        )
        for one, other in ((before.parcels, now.parcels), (before.projects, now.projects)):
            pd.testing.assert_frame_equal(one, other)
        pd.testing.assert_frame_equal(before.issues, now.issues)


def test_areas_of_other_parcels_are_refused():
    land = parcels_of([{"id": "A", "m2": 10_000}, {"id": "B", "m2": 90_000}])
    links = link(land, projects_of([]))
    with pytest.raises(LinkError, match="other parcels"):
        measure(land, projects_of([]), links, as_of=AS_OF, areas=measure_areas(land[::-1]))


def test_a_run_measures_every_parcel_once(tmp_path, monkeypatch):
    seen = []

    def counted(shapes, crs):
        seen.append(len(shapes))
        return ellipsoid_areas(shapes, crs)

    monkeypatch.setattr("landuse.measuring.area.ellipsoid_areas", counted)
    monkeypatch.setattr("landuse.linking.settle.ellipsoid_areas", counted)
    result = api.run(small_plan.write(tmp_path))
    assert seen.count(len(result.tables["parcels"])) == 1


def test_unknown_basis_is_refused():
    with pytest.raises(LanduseError, match="stated, ellipsoid, planar"):
        measure_areas(parcels([shapely.box(E0, N0, E0 + 10, N0 + 10)]), basis="plane")
