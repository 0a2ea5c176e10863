"""Coordinate systems: settled, checked against the coordinates, changed without guessing; parcels stacked."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from landuse.errors import CrsError, IdError
from landuse.io.coordinates.crs import gauss_kruger, name_of, resolve, working_crs
from landuse.io.coordinates.extent import check_extent
from landuse.io.coordinates.moving import bring_to
from landuse.io.readers import read_parcels
from landuse.io.table.stacking import stack_parcels
from landuse.tables import PARCELS, Reading

E37, N = 37_632_000.0, 3_833_000.0


def esri(meridian, easting, name="CGCS2000_3_Degree_GK_Zone_37", datum="China_2000"):
    """A .prj as ArcGIS writes it."""
    return (
        f'PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_{datum}",'
        'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
        f'PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],'
        f'PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def square(x=E37, y=N, size=100.0):
    return shapely.box(x, y, x + size, y + size)


def frame(*shapes, crs=4525, ids=None):
    shapes = shapes or (square(),)
    table = gpd.GeoDataFrame(geometry=list(shapes), crs=crs)
    table.index = ids or [f"P{i}" for i in range(len(shapes))]
    return PARCELS.conform(table)


@pytest.mark.parametrize("datum", ["cgcs2000", "xian1980", "beijing1954"])
@pytest.mark.parametrize("zone", [*range(13, 24), *range(25, 46)])
def test_every_zone_is_the_one_the_register_describes(datum, zone):
    meridian = 3.0 * zone if zone >= 25 else 6.0 * zone - 3.0
    for prefix in (True, False):
        crs = gauss_kruger(datum, zone, prefix=prefix)
        values = {p.name: p.value for p in crs.coordinate_operation.params}
        assert values["Longitude of natural origin"] == meridian
        assert values["False easting"] == 500_000 + (zone * 1_000_000 if prefix else 0)
        assert {"cgcs2000": "CGCS2000", "xian1980": "Xian 1980", "beijing1954": "Beijing 1954"}[
            datum
        ] in crs.name


@pytest.mark.parametrize("zone", [0, 3, 12, 24, 46, 114])
def test_no_such_zone(zone):
    assert gauss_kruger("cgcs2000", zone, prefix=True) is None


def test_resolve_refuses_nothing_and_contradiction():
    with pytest.raises(CrsError) as caught:
        resolve(None, None, file="宗地.shp")
    assert "宗地.shp" in str(caught.value)
    assert 'crs = "EPSG:4525"' in str(caught.value)
    with pytest.raises(CrsError, match=r"a\.shp.*EPSG:4525.*EPSG:4546.*\.prj"):
        resolve(4525, "EPSG:4546", file="a.shp")
    with pytest.raises(CrsError, match="not understood"):
        resolve(None, "EPSG:nonsense", file="a.shp")


@pytest.mark.parametrize("given", [None, 4525, "4525", "EPSG:4525", pyproj.CRS(4525)])
def test_resolve_knows_what_arcgis_writes(given):
    found = resolve(esri(111.0, 37_500_000.0), given, file="a.shp")
    assert found == pyproj.CRS(4525)
    assert found.area_of_use is not None


def test_resolve_takes_no_word_for_nothing():
    undefined = 'ENGCRS["Undefined Cartesian SRS",EDATUM[""],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
    with pytest.raises(CrsError, match="names no coordinate system"):
        resolve(undefined, None, file="a.gpkg")
    assert resolve(undefined, "EPSG:4525", file="a.gpkg").to_epsg() == 4525


def test_resolve_drops_heights():
    assert resolve("EPSG:4979", None, file="a").to_epsg() == 4326
    assert resolve("EPSG:4525+5773", None, file="a").to_epsg() == 4525


@pytest.mark.parametrize(
    ("shape", "crs", "said"),
    [
        (shapely.box(112, 34, 112.1, 34.1), 4525, ["are degrees", "EPSG:4525", 'crs = "EPSG:4490"']),
        (shapely.box(112, 34, 112.1, 34.1), 32649, ["are degrees", "EPSG:32649"]),
        (square(), 4490, ["metres in a plane", "EPSG:4490", 'crs = "EPSG:4525"']),
        (square(632_000.0), 4525, ["outside the area", "no zone number", 'crs = "EPSG:4546"']),
        (square(), 4546, ["outside the area", "begin with 37", 'crs = "EPSG:4525"']),
        (square(38_357_000.0), 4525, ["outside the area", "begin with 38", 'crs = "EPSG:4526"']),
        (square(N, 632_000.0), 4546, ["look swapped"]),
        (square(N, E37), 4525, ["look swapped"]),
        (shapely.box(34, 112, 34.1, 112.1), 4490, ["look swapped"]),
        (shapely.box(1, 50, 1.1, 50.1), 4490, ["outside the area"]),
        (square(0.0, 0.0), 4525, ["EPSG:4525"]),
    ],
)
def test_coordinates_that_contradict_their_system(shape, crs, said):
    with pytest.raises(CrsError) as caught:
        check_extent(np.array([shape]), pyproj.CRS(crs), file="宗地.gpkg")
    for words in ["宗地.gpkg", *said]:
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("shape", "crs"),
    [
        (square(), 4525), (square(38_100_000.0), 4526), (shapely.box(112, 34, 113, 35), 4490),
        (shapely.box(-179, -80, 179, 80), 4326), (square(500_000.0), 32649),
        (square(12_500_000.0, 4_000_000.0), 3857), (shapely.box(178, -40, 179, -39), 2193),
    ],
)  # fmt: skip
def test_coordinates_that_agree(shape, crs):
    system = pyproj.CRS(crs)
    if crs == 2193:  # an area of use across the date line
        shape = shapely.box(1_750_000, 5_400_000, 1_760_000, 5_410_000)
    assert check_extent(np.array([shape]), system, file="a").tolist() == [True]


def test_zone_of_ones_own_is_believed_three_and_three_degrees_from_its_meridian():
    own = resolve(esri(112.5, 500_000.0, "Luoyang"), None, file="a.shp")
    assert own.area_of_use is None
    assert check_extent(np.array([square(500_000.0)]), own, file="a").all()
    with pytest.raises(CrsError, match="outside"):
        check_extent(np.array([square(1_300_000.0)]), own, file="a")


def test_odd_shapes_out_are_a_fault_of_their_rows():
    shapes = np.array([square(), square(E37 + 200), square(1.0, 1.0), None, shapely.Polygon()])
    assert check_extent(shapes, pyproj.CRS(4525), file="a").tolist() == [True, True, False, True, True]
    assert check_extent(np.array([], dtype=object), pyproj.CRS(4525), file="a").tolist() == []


@pytest.mark.parametrize(
    ("table", "epsg"),
    [
        (frame(), 4525), (frame(square(632_000.0), crs=4546), 4546), (frame(square(500_000.0), crs=32649), 32649),
        (frame().to_crs(4490), 4525), (frame().to_crs(3857), 4525),
        (frame(shapely.box(112.51, 34, 112.52, 34.1), crs=4490), 4526),
        (frame(shapely.box(112.48, 34, 112.49, 34.1), crs=4326), 4525),
        (frame(shapely.box(112.51, 34, 112.52, 34.1), crs=4610), 2362),
        (frame(shapely.box(112.51, 34, 112.52, 34.1), crs=4214), 2414),
        (frame(shapely.box(14.4, 50, 14.5, 50.1), crs=4326), 32633),
        (frame().iloc[:0], 4525),
    ],
)  # fmt: skip
def test_working_crs(table, epsg):
    assert working_crs(table).to_epsg() == epsg


def test_working_crs_is_that_of_the_mean_longitude():
    many = [shapely.box(114, 34, 114.01, 34.01)] * 3 + [shapely.box(111, 34, 111.01, 34.01)]
    assert working_crs(frame(*many, crs=4490)).to_epsg() == 4526
    assert working_crs(frame(*many[::-1], crs=4490)).to_epsg() == 4526


def test_working_crs_needs_one():
    with pytest.raises(CrsError):
        working_crs(gpd.GeoDataFrame(geometry=[square()]))


def test_bring_to_the_same_is_the_same():
    table = frame()
    same, said = bring_to(table, "EPSG:4525", file="a.shp")
    assert same is table
    assert said == []


def test_bring_to_the_next_zone_keeps_the_planar_area():
    table = frame(square(37_638_000.0))
    moved, said = bring_to(table, 4526, file="a.shp")
    assert moved.crs.to_epsg() == 4526
    assert moved["planar_m2"].tolist() == [10_000.0]
    assert table["planar_m2"].isna().all(), "the argument was changed"
    assert [i["kind"] for i in said] == ["crs_changed"]
    assert "EPSG:4525" in said[0]["message"]
    # the same point by an independent way, over longitude and latitude
    lon, lat = pyproj.Transformer.from_crs(4525, 4490, always_xy=True).transform(37_638_000.0, N)
    x, y = pyproj.Transformer.from_crs(4490, 4526, always_xy=True).transform(lon, lat)
    assert np.hypot(*(np.array(moved.geometry.iloc[0].exterior.coords) - (x, y)).T).min() < 1e-5
    back, _ = bring_to(moved, 4525, file="a.shp")
    assert back["planar_m2"].tolist() == [10_000.0]
    assert back.geometry.iloc[0].hausdorff_distance(table.geometry.iloc[0]) < 1e-5


def test_bring_degrees_to_a_plane_knows_no_planar_area_of_their_own():
    moved, _ = bring_to(frame(shapely.box(111, 34, 111.01, 34.01), crs=4490), 4525, file="a")
    assert moved["planar_m2"].isna().all()


def test_bring_to_leaves_tables_without_that_column_alone():
    zones = gpd.GeoDataFrame({"name": ["Z"]}, geometry=[square(37_638_000.0)], crs=4525)
    moved, _ = bring_to(zones, 4526, file="z")
    assert list(moved.columns) == ["name", "geometry"]


@pytest.mark.parametrize(("source", "target"), [(4326, 4525), (4490, 3857), (32649, 4525), (4525, 4326)])
def test_wgs84_and_cgcs2000_are_taken_as_one_and_said(source, target):
    table = frame(shapely.box(111, 34, 111.01, 34.01), crs=4490).to_crs(source)
    moved, said = bring_to(table, target, file="a")
    assert [i["kind"] for i in said] == ["crs_changed", "datum_taken_as_same"]
    lon, lat = np.array(moved.to_crs(4490).geometry.iloc[0].exterior.coords).T
    assert lon.min() == pytest.approx(111.0, abs=1e-8)
    assert lat.max() == pytest.approx(34.01, abs=1e-8)


@pytest.mark.parametrize("source", [4610, 2361, 2413, 4214])
def test_old_datums_are_never_guessed(source):
    table = frame(shapely.box(111, 34, 111.01, 34.01), crs=4490).to_crs(4525)
    if source in (4610, 4214):
        table = table.to_crs(4490)
    table = table.set_crs(source, allow_override=True)
    for target in (4525, 4490, 4326):
        with pytest.raises(CrsError) as caught:
            bring_to(table, target, file="老坐标.shp")
        assert "老坐标.shp" in str(caught.value)
        assert "parameters of your surveying authority" in str(caught.value)


def test_old_datum_to_its_own_next_zone_is_fine():
    moved, said = bring_to(frame(square(37_638_000.0), crs=2361), 2362, file="a")
    assert [i["kind"] for i in said] == ["crs_changed"]
    assert moved.crs.to_epsg() == 2362


def test_known_change_of_datum_says_its_accuracy():
    table = frame(shapely.box(14.4, 50, 14.5, 50.1), crs=4258)
    _, said = bring_to(table, 32633, file="a")
    assert [i["kind"] for i in said] == ["crs_changed", "datum_changed"]
    assert "1 米" in said[1]["message"]


def test_bring_to_needs_a_system_and_takes_an_empty_table():
    with pytest.raises(CrsError, match=r"a\.shp"):
        bring_to(gpd.GeoDataFrame(geometry=[square()]), 4525, file="a.shp")
    moved, _ = bring_to(frame().iloc[:0], 4526, file="a.shp")
    assert moved.crs.to_epsg() == 4526


def test_name_of():
    assert name_of(4525) == "EPSG:4525"
    assert name_of("OGC:CRS84") == "OGC:CRS84"
    assert name_of(resolve(esri(112.5, 500_000.0, "Luoyang"), None, file="a")) == "Luoyang"


@pytest.fixture
def given(tmp_path):
    """Write a GeoPackage and read it."""

    def reader(name, shapes, ids, crs=4525, **columns):
        table = gpd.GeoDataFrame({"宗地代码": ids, **columns}, geometry=shapes, crs=crs)
        table.to_file(tmp_path / name)
        return read_parcels(tmp_path / name)

    return reader


def account(reading: Reading):
    for source in reading.sources:
        assert source.rows_read == source.accepted + source.rejected
    assert sum(s.accepted for s in reading.sources) == len(reading.table)
    assert sum(s.rejected for s in reading.sources) == len(reading.rejected)


def test_stack_brings_all_to_the_plane_of_the_first(given):
    one = given("a.gpkg", [square(37_638_000.0)], ["A"])
    two = given("b.gpkg", [square(38_362_000.0)], ["B"], crs=4526)
    whole = stack_parcels([one, two])
    account(whole)
    assert whole.table.index.tolist() == ["A", "B"]
    assert whole.table.crs.to_epsg() == 4525
    assert whole.table["planar_m2"].tolist() == pytest.approx([math.nan, 10_000.0], nan_ok=True)
    assert [s.crs for s in whole.sources] == ["EPSG:4525", "EPSG:4526"]
    assert whole.issues["kind"].tolist() == ["working_crs", "crs_changed"]
    assert whole.issues["source_file"].iloc[1].endswith("b.gpkg")
    assert two.table.crs.to_epsg() == 4526, "the argument was changed"


def test_stack_of_degrees_works_in_the_zone_of_their_place(given):
    whole = stack_parcels([given("a.gpkg", [shapely.box(112.6, 34, 112.61, 34.01)], ["A"], crs=4490)])
    assert whole.table.crs.to_epsg() == 4526
    assert stack_parcels([whole], crs=4490).table.crs.to_epsg() == 4490


def test_stack_refuses_one_id_on_two_parcels(given):
    one, two = (
        given("a.gpkg", [square()], ["A"]),
        given("b.gpkg", [square(E37 + 9), square(E37 + 500)], ["A", "B"]),
    )
    with pytest.raises(IdError) as caught:
        stack_parcels([one, two])
    assert "b.gpkg, row 1" in str(caught.value)
    assert "row 1 of" in str(caught.value)
    assert "a.gpkg" in str(caught.value)
    assert "'A'" in str(caught.value)


def test_stack_refuses_one_parcel_with_contradicting_figures(given):
    one = given("a.gpkg", [square()], ["A"], 土地用途=["工业用地"])
    two = given("b.gpkg", [square()], ["A"], 土地用途=["住宅用地"])
    with pytest.raises(IdError, match="land_use"):
        stack_parcels([one, two])


def test_stack_rejects_a_parcel_given_twice(given):
    one = given("a.gpkg", [square(37_638_000.0)], ["A"], 土地用途=["工业用地"])
    again = frame(square(37_638_000.0)).to_crs(4526).geometry.iloc[0]
    two = given("b.gpkg", [again, square(38_362_000.0)], ["A", "B"], crs=4526)
    whole = stack_parcels([one, two])
    account(whole)
    assert whole.table.index.tolist() == ["A", "B"]
    assert whole.table["land_use"].tolist()[0] == "工业用地"
    (lost,) = whole.rejected.to_dict("records")
    assert lost["kind"] == "duplicate_parcel"
    assert (lost["record_id"], lost["row"]) == ("A", 1)
    assert "a.gpkg" in lost["message"]
    assert [(s.accepted, s.rejected) for s in whole.sources] == [(1, 0), (1, 1)]


def test_stack_keeps_columns_of_either_file(tmp_path, given):
    one = given("a.gpkg", [square()], ["A"])
    table = two = given("b.gpkg", [square(E37 + 500)], ["B"])
    table = two.table.assign(parcel_name=[7])
    three = given("c.gpkg", [square(E37 + 900)], ["C"])
    whole = stack_parcels([one, Reading(table, two.issues, two.rejected, two.sources),
                           Reading(three.table.assign(parcel_name=["丙"]), three.issues, three.rejected, three.sources)])  # fmt: skip
    assert whole.table["parcel_name"].tolist()[1:] == ["7", "丙"]
    assert whole.table["parcel_name"].isna().tolist() == [True, False, False]


def test_stack_of_nothing():
    assert len(stack_parcels([]).table) == 0
