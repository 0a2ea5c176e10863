"""Changes of datum by given parameters: against PROJ's own pipelines, forth and back, and in a plan."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landuse.errors import CrsError, PlanError
from landuse.io.coordinates.datum_shifts import SimilarityShift, SpaceShift, shift_between
from landuse.io.coordinates.moving import bring_to
from landuse.io.plan.file import load_plan
from landuse.tables import PARCELS

LON = np.array([111.2, 112.0, 112.45, 112.9])
LAT = np.array([33.6, 34.1, 34.62, 35.0])
XIAN = SpaceShift("xian1980", "cgcs2000", (-12.5, 30.25, 7.75), (1.25, -2.5, 3.75), -4.5, "coordinate_frame")
PLANE = SimilarityShift("EPSG:2361", "EPSG:4525", -61.25, 402.5, 0.75, -3.5, "clockwise")


def metres(one, other):
    """The greatest distance between two sets of degrees."""
    lon, lat = np.array(one), np.array(other)
    off = (lon - lat) * [[np.cos(np.radians(34.6))], [1.0]] * 111_320.0
    return float(np.hypot(*off).max())


@pytest.mark.parametrize("rotation", ["coordinate_frame", "position_vector"])
@pytest.mark.parametrize(("source", "target"), [("xian1980", "cgcs2000"), ("beijing1954", "wgs84")])
def test_seven_parameters_are_those_of_proj(rotation, source, target):
    shift = SpaceShift(source, target, (24.5, -123.25, -94.75), (-0.02, 2.2, -13.5), 4.25, rotation)
    ellipsoids = {"xian1980": "+a=6378140 +rf=298.257", "cgcs2000": "+ellps=GRS80",
                  "beijing1954": "+ellps=krass", "wgs84": "+ellps=WGS84"}  # fmt: skip
    pipeline = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart {ellipsoids[source]} "
        "+step +proj=helmert +x=24.5 +y=-123.25 +z=-94.75 +rx=-0.02 +ry=2.2 +rz=-13.5 +s=4.25 "
        f"+convention={rotation} +step +inv +proj=cart {ellipsoids[target]} "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    lon, lat, _ = pipeline.transform(LON, LAT, np.zeros(4))
    assert metres(shift.forward(LON, LAT), (lon, lat)) < 1e-6
    assert metres((LON, LAT), (lon, lat)) > 50.0, "the parameters do something"


def test_the_two_conventions_differ_by_the_sign_of_the_rotations():
    turned = SpaceShift(
        "xian1980", "cgcs2000", XIAN.move_m, tuple(-a for a in XIAN.turn_sec), -4.5, "position_vector"
    )
    assert metres(turned.forward(LON, LAT), XIAN.forward(LON, LAT)) < 1e-9
    wrong = SpaceShift("xian1980", "cgcs2000", XIAN.move_m, XIAN.turn_sec, -4.5, "position_vector")
    assert metres(wrong.forward(LON, LAT), XIAN.forward(LON, LAT)) > 100.0


def test_four_parameters_by_hand():
    # a quarter turn from north to east about the origin, then moved: (X, Y) = (2, 1) goes to (-1, 2)
    shift = SimilarityShift("EPSG:2361", "EPSG:4525", 10.0, 20.0, 90 * 3600.0, 0.0, "clockwise")
    c, s = shift.matrix
    north, east = 2.0, 1.0
    assert (10 + north * c - east * s, 20 + north * s + east * c) == pytest.approx((9.0, 22.0))
    anti = SimilarityShift("EPSG:2361", "EPSG:4525", 10.0, 20.0, 90 * 3600.0, 0.0, "counterclockwise")
    c, s = anti.matrix
    assert (10 + north * c - east * s, 20 + north * s + east * c) == pytest.approx((11.0, 18.0))


def test_four_parameters_are_those_of_proj():
    x = np.array([37_420_000.0, 37_600_000.0])
    y = np.array([3_720_000.0, 3_833_000.0])
    lon, lat = pyproj.Transformer.from_crs(2361, 4610, always_xy=True).transform(x, y)
    k, a = 1 - 3.5e-6, np.radians(0.75 / 3600)
    # PROJ's theta turns north to east; its s is the factor
    pipeline = pyproj.Transformer.from_pipeline(f"+proj=helmert +x=402.5 +y=-61.25 +s={k!r} +theta=0.75")
    wanted = pipeline.transform(x, y)
    direct = (402.5 + k * (y * np.sin(a) + x * np.cos(a)), -61.25 + k * (y * np.cos(a) - x * np.sin(a)))
    found = pyproj.Transformer.from_crs(4490, 4525, always_xy=True).transform(*PLANE.forward(lon, lat))
    assert np.abs(np.array(found) - direct).max() < 1e-5
    assert np.abs(np.array(wanted) - direct).max() < 1e-5


@given(
    move=st.tuples(*[st.floats(-300, 300)] * 3),
    turn=st.tuples(*[st.floats(-10, 10)] * 3),
    scale=st.floats(-20, 20),
    rotation=st.sampled_from(["coordinate_frame", "position_vector"]),
)
def test_seven_parameters_there_and_back(move, turn, scale, rotation):
    shift = SpaceShift("beijing1954", "cgcs2000", move, turn, scale, rotation)
    assert metres(shift.inverse(*shift.forward(LON, LAT)), (LON, LAT)) < 1e-7
    assert metres(shift.forward(*shift.inverse(LON, LAT)), (LON, LAT)) < 1e-7


@given(
    north=st.floats(-5000, 5000), east=st.floats(-5000, 5000), turn=st.floats(-60, 60), scale=st.floats(-50, 50)
)  # fmt: skip
def test_four_parameters_there_and_back(north, east, turn, scale):
    shift = SimilarityShift("EPSG:2361", "EPSG:4525", north, east, turn, scale, "counterclockwise")
    assert metres(shift.inverse(*shift.forward(LON, LAT)), (LON, LAT)) < 1e-6


def frame(crs=2361):
    shapes = [shapely.box(37_600_000.0, 3_833_000.0, 37_600_100.0, 3_833_100.0)]
    return PARCELS.conform(gpd.GeoDataFrame(geometry=shapes, index=["P"], crs=crs))


def test_a_shift_between_wgs84_and_an_old_datum_serves_cgcs2000():
    shift = SpaceShift("xian1980", "wgs84", XIAN.move_m, XIAN.turn_sec, -4.5, "coordinate_frame")
    assert shift_between("xian1980", "cgcs2000", [shift]) == (shift, False)
    assert shift_between("cgcs2000", "xian1980", [shift]) == (shift, True)
    assert shift_between("xian1980", "cgcs2000", [shift, XIAN]) == (XIAN, False), "an exact match goes first"
    assert shift_between("beijing1954", "cgcs2000", [shift, XIAN]) is None
    _, said = bring_to(frame(), 4525, file="a", shifts=[shift])
    assert [i["kind"] for i in said] == ["crs_changed", "datum_shifted", "datum_taken_as_same"]


@pytest.mark.parametrize("shift", [XIAN, PLANE])
def test_a_table_is_brought_over_and_back(shift):
    there, said = bring_to(frame(), 4526, file="老.shp", shifts=[shift])
    assert there.crs.to_epsg() == 4526
    assert [i["kind"] for i in said] == ["crs_changed", "datum_shifted"]
    assert "scale_ppm" in said[1]["message"]
    assert there["planar_m2"].tolist() == [10_000.0], "the area in the plane it was drawn in stays"
    corner = np.array([37_600_000.0]), np.array([3_833_000.0])
    lon, lat = pyproj.Transformer.from_crs(2361, 4610, always_xy=True).transform(*corner)
    x, y = pyproj.Transformer.from_crs(4490, 4526, always_xy=True).transform(*shift.forward(lon, lat))
    corners = np.array(there.geometry.iloc[0].exterior.coords)
    assert np.hypot(*(corners - (x[0], y[0])).T).min() < 1e-5
    back, said = bring_to(there, 2361, file="老.shp", shifts=[shift])
    assert [i["kind"] for i in said] == ["crs_changed", "datum_shifted_back"]
    assert back.geometry.iloc[0].hausdorff_distance(frame().geometry.iloc[0]) < 1e-5


def test_parameters_in_a_wrong_unit_are_refused_where_they_are_used():
    far = SpaceShift("xian1980", "cgcs2000", (1_250.0, 3_025.0, 7.75), (0, 0, 0), 0.0, "coordinate_frame")
    with pytest.raises(CrsError, match=r"老\.shp.*datum_shift.*move a point"):
        bring_to(frame(), 4525, file="老.shp", shifts=[far])


SEVEN = {"from": "xian1980", "to": "cgcs2000", "rotation": "coordinate_frame", "dx_m": -12.5, "dy_m": 30.25,
         "dz_m": 7.75, "rx_sec": 1.25, "ry_sec": -2.5, "rz_sec": 3.75, "scale_ppm": -4.5, "source": "某局 2019"}  # fmt: skip
FOUR = {"from": "EPSG:2361", "to": "EPSG:4525", "rotation": "clockwise", "north_m": -61.25, "east_m": 402.5,
        "rotation_sec": 0.75, "scale_ppm": -3.5}  # fmt: skip


@pytest.fixture
def plan(tmp_path):
    frame().to_file(tmp_path / "a.gpkg")

    def loader(*shifts, **more):
        entry = {"path": str(tmp_path / "a.gpkg")} | more.pop("entry", {})
        return load_plan({"parcels": [entry], "datum_shift": list(shifts), **more})

    return loader


def test_a_plan_gives_seven_or_four(plan):
    assert plan(SEVEN).datum_shifts == (
        SpaceShift("xian1980", "cgcs2000", (-12.5, 30.25, 7.75), (1.25, -2.5, 3.75), -4.5,
                   "coordinate_frame", "某局 2019"),)  # fmt: skip
    assert plan(FOUR).datum_shifts == (PLANE,)
    assert plan(SEVEN).datum_shifts[0].describe() == SEVEN | {"from": "xian1980", "to": "cgcs2000"}
    assert plan().datum_shifts == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dz_m": None}, r"datum_shift\[1\]\.dz_m.*missing.*dx_m, dy_m"),
        ({"rotation": "clockwise"}, "position_vector or coordinate_frame"),
        ({"rotation": "bursa"}, "coordinate_frame"),
        ({"from": "xian80"}, "xian1980"),
        ({"to": "EPSG:4525"}, "cgcs2000"),
        ({"to": "xian1980"}, "count as one datum"),
        ({"from": "wgs84"}, "count as one datum"),
        ({"rx_sec": 6e-6, "ry_sec": -1.2e-5, "rz_sec": 1.8e-5}, "radian"),
        ({"scale_ppm": 1.0000045}, r"\(k - 1\)"),
        ({"scale_ppm": 4.5e-6}, "another unit"),
        ({"scale_ppm": float("inf")}, "finite"),
        ({"north_m": 1.0}, "not both"),
        ({"dx": 1.0}, "the nearest key is dx_m"),
        ({"form": "xian1980"}, "the nearest key is from"),
    ],
)
def test_seven_parameters_that_cannot_be_meant(plan, changed, said):
    entry = {k: v for k, v in (SEVEN | changed).items() if v is not None}
    with pytest.raises(PlanError, match=said):
        plan(entry)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"east_m": None}, r"datum_shift\[1\]\.east_m.*missing"),
        ({"rotation": "coordinate_frame"}, "clockwise or counterclockwise"),
        ({"from": "xian1980"}, 'name them, for instance "EPSG:2361"'),
        ({"to": "EPSG:4490"}, "no Gauss-Krueger zone"),
        ({"to": "EPSG:2362"}, "planes of one datum"),
        ({"rotation_sec": 3.6e-6}, "radian"),
        ({"from": "我的坐标系"}, "no file says crs"),
    ],
)
def test_four_parameters_that_cannot_be_meant(plan, changed, said):
    entry = {k: v for k, v in (FOUR | changed).items() if v is not None}
    with pytest.raises(PlanError, match=said):
        plan(entry)


def test_one_pair_of_datums_is_joined_once(plan):
    with pytest.raises(PlanError, match=r"datum_shift\[2\].*joined twice"):
        plan(SEVEN, FOUR)
    both = plan(SEVEN, SEVEN | {"from": "beijing1954"})
    assert len(both.datum_shifts) == 2


@pytest.mark.parametrize(
    ("text", "said"), [("EPSG:4490", "no Gauss"), ("EPSG:3857", "no Gauss"), ("EPSG:x", "not understood")]
)
def test_working_crs_is_a_plane(plan, text, said):
    with pytest.raises(PlanError, match=said):
        plan(working_crs=text)
    assert plan(working_crs="4526").working_crs == "EPSG:4526"


def test_two_datums_that_have_no_name_are_not_one():
    def unnamed(axis):
        return pyproj.CRS.from_wkt(
            f'GEOGCS["mine",DATUM["unknown",SPHEROID["s",{axis},298.3]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
        )

    table = gpd.GeoDataFrame(geometry=[shapely.box(112, 34, 112.1, 34.1)], crs=unnamed(6378245))
    with pytest.raises(CrsError, match="no transformation"):
        bring_to(table, unnamed(6378137), file="a")
    assert bring_to(table, unnamed(6378245), file="a")[0] is table
