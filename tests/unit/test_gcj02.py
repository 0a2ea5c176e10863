"""GCJ-02: the public formula against real boundaries in both systems, its inverse, and files declared so."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse.errors import CrsError
from landuse.io.coordinates.crs import is_gcj02, resolve
from landuse.io.coordinates.gcj02 import RANGE, RESIDUAL_DEG, inverse, shift
from landuse.io.readers import read_parcels, read_zones

M_EAST, M_NORTH = 111_320.0 * np.cos(np.radians(34.5)), 110_925.0


def test_shift_at_luoyang_is_573_m_east_and_113_m_south():
    lon, lat = shift(np.array([112.45]), np.array([34.62]))
    assert (lon[0] - 112.45) * M_EAST == pytest.approx(573, abs=3)
    assert (lat[0] - 34.62) * M_NORTH == pytest.approx(-113, abs=3)


def test_the_example_that_public_libraries_print():
    lon, lat = shift(np.array([116.404]), np.array([39.915]))
    assert lon[0] == pytest.approx(116.41024449916938, abs=1e-12)
    assert lat[0] == pytest.approx(39.91640428150164, abs=1e-12)


def test_real_counties_in_both_systems(shared_data):
    folder = shared_data / "boundaries"
    true = gpd.read_file(folder / "fastgeocn_luoyang_counties_simplified.geojson")
    moved = gpd.read_file(folder / "cnmaps_luoyang_counties.geojson")
    whole, displaced = shapely.union_all(true.geometry), shapely.union_all(moved.geometry)
    lon, lat, residual = inverse(*shapely.get_coordinates(displaced).T)
    back = shapely.set_coordinates(shapely.force_2d(displaced), np.column_stack([lon, lat]))
    assert residual < RESIDUAL_DEG

    corners = shapely.get_coordinates(whole) * (M_EAST, M_NORTH)

    def apart(shape, east, north):
        """The median distance [m] of the true corners, moved, from an outline: two surveys never agree fully."""
        outline = shapely.boundary(shape)
        outline = shapely.set_coordinates(outline, shapely.get_coordinates(outline) * (M_EAST, M_NORTH))
        return np.median(shapely.distance(shapely.points(corners + np.array([east, north])), outline))

    assert apart(displaced, 573, -113) < 0.5 * apart(displaced, 0, 0)
    assert apart(back, 0, 0) < 0.5 * apart(displaced, 0, 0)
    assert apart(back, 0, 0) < 0.5 * apart(back, 573, -113)
    assert apart(back, 0, 0) == pytest.approx(apart(displaced, 573, -113), rel=0.05)


def test_real_counties_are_read_as_zones(shared_data):
    columns = {"adcode": "zone_id", "name": "name"}
    folder = shared_data / "boundaries"
    true = read_zones(folder / "fastgeocn_luoyang_counties_simplified.geojson", columns=columns).table
    back = read_zones(folder / "cnmaps_luoyang_counties.geojson", columns=columns, crs="GCJ-02").table
    assert len(true) == len(back) == 14
    assert list(true.index) == list(back.index)
    assert back.crs.to_epsg() == 4490
    undeclared = read_zones(folder / "cnmaps_luoyang_counties.geojson", columns=columns).table

    def off(table):
        return shapely.area(shapely.symmetric_difference(true.geometry.values, table.geometry.values)).sum()

    assert off(back) < 0.7 * off(undeclared), "what is left is the difference of the two surveys"


@given(lon=st.floats(74.0, 134.8), lat=st.floats(4.2, 53.3))
def test_inverse_is_exact_to_a_billionth_of_a_degree(lon, lat):
    there = shift(np.array([lon]), np.array([lat]))
    back_lon, back_lat, residual = inverse(*there)
    assert residual < 1e-9
    assert abs(back_lon[0] - lon) < 2e-9
    assert abs(back_lat[0] - lat) < 2e-9
    again = shift(back_lon, back_lat)
    assert max(abs(again[0][0] - there[0][0]), abs(again[1][0] - there[1][0])) < 1e-9


@pytest.mark.parametrize(
    "point", [(2.35, 48.85), (73.66, 35.0), (135.05, 35.0), (110.0, 3.86), (110.0, 53.55), (0, 0)]
)
def test_beyond_its_range_nothing_is_known(point):
    with pytest.raises(CrsError, match=r"a\.geojson.*outside the range of GCJ-02"):
        inverse(np.array([112.45, point[0]]), np.array([34.62, point[1]]), file="a.geojson")


def test_a_point_whose_origin_lies_beyond_the_range_is_refused():
    west = RANGE[0] + 1e-4
    with pytest.raises(CrsError, match="outside the range"):
        inverse(np.array([west]), np.array([35.0]))


def test_nothing_in_nothing_out():
    lon, lat, residual = inverse(np.array([]), np.array([]))
    assert (len(lon), len(lat), residual) == (0, 0, 0.0)


@pytest.mark.parametrize("name", ["GCJ-02", "gcj02", "GCJ02", " gcj-02 "])
def test_spellings(name):
    assert is_gcj02(resolve(None, name, file="a"))
    assert is_gcj02(resolve(4326, name, file="a"))
    assert is_gcj02(resolve(4490, name, file="a"))
    for plane in (4525, 3857, 4214):
        with pytest.raises(CrsError, match="the plan says GCJ-02"):
            resolve(plane, name, file="a")
    assert not is_gcj02("EPSG:4490")


@pytest.fixture
def displaced(tmp_path):
    """A parcel as a web map shows it, and where it really is."""
    true = shapely.box(112.45, 34.62, 112.451, 34.621)
    shape = shapely.transform(true, lambda p: np.column_stack(shift(p[:, 0], p[:, 1])))
    path = tmp_path / "地块.geojson"
    gpd.GeoDataFrame({"宗地代码": ["A", "B"]}, geometry=[shape, None], crs=4326).to_file(path)
    return path, true


def test_a_declared_file_is_brought_back_and_said(displaced):
    path, true = displaced
    reading = read_parcels(path, crs="GCJ-02")
    assert reading.table.crs.to_epsg() == 4490
    assert reading.table.geometry["A"].hausdorff_distance(true) < 1e-9
    (said,) = reading.issues[reading.issues["kind"] == "gcj02_inverted"].to_dict("records")
    assert said["action"] == "mended"
    assert said["raw"] == "GCJ-02"
    assert "e-1" in said["message"], "the residual is stated"
    assert reading.sources[0].crs == "GCJ-02"
    assert reading.rejected["kind"].tolist() == ["no_geometry"]


def test_an_undeclared_file_is_not_guessed(displaced):
    path, true = displaced
    reading = read_parcels(path)
    assert "gcj02_inverted" not in set(reading.issues["kind"])
    assert reading.table.geometry["A"].centroid.distance(true.centroid) > 0.005


def test_zones_too(displaced, tmp_path):
    path, true = displaced
    gpd.read_file(path).iloc[:1].assign(name="区").drop(columns="宗地代码").to_file(tmp_path / "z.geojson")
    reading = read_zones(tmp_path / "z.geojson", crs="gcj-02")
    assert reading.table.geometry.iloc[0].hausdorff_distance(true) < 1e-9


def test_a_plane_or_a_point_abroad_is_refused(tmp_path):
    gpd.GeoDataFrame({"宗地代码": ["A"]}, geometry=[shapely.box(2, 48, 2.1, 48.1)], crs=4326).to_file(
        tmp_path / "p.geojson"
    )
    with pytest.raises(CrsError, match=r"p\.geojson.*outside the range"):
        read_parcels(tmp_path / "p.geojson", crs="GCJ-02")
    (tmp_path / "a.txt").write_text("[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n3,1,A,,面,,,,@\n"
                                    "J1,1,3833000,37632000\nJ2,1,3833100,37632000\nJ3,1,3833100,37632100\n")  # fmt: skip
    with pytest.raises(CrsError, match="never GCJ-02"):
        read_parcels(tmp_path / "a.txt", crs="GCJ-02")
