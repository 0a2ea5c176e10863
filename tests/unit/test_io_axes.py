"""Vector files whose coordinates contradict what they say: axes, zones, degrees; refused, mended as told, said."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from landuse.errors import CrsError, PlanError
from landuse.io.coordinates.crs import gauss_kruger
from landuse.io.readers import read_parcels, read_reserve, read_zones

E37, N = 37_632_000.0, 3_833_000.0


def square(x=E37, y=N, size=100.0):
    return shapely.box(x, y, x + size, y + size)


def turned(shape):
    return shapely.transform(shape, lambda p: p[:, ::-1])


@pytest.fixture
def put(tmp_path):
    def writer(*shapes, crs=4525, name="a.gpkg", **columns):
        data = {"宗地代码": [f"P{i}" for i in range(len(shapes))]} | columns
        data = {k: v for k, v in data.items() if v is not None}
        gpd.GeoDataFrame(data, geometry=list(shapes), crs=crs).to_file(tmp_path / name)
        return tmp_path / name

    return writer


CASES = [(square(), 4525), (square(632_000.0), 4546), (square(E37 - 18_000_000.0), 4497),
         (shapely.box(112.4, 34.6, 112.5, 34.7), 4490), (shapely.box(112.4, 34.6, 112.5, 34.7), 4326),
         (square(), 2361), (square(), 2413), (square(632_000.0), 32649)]  # fmt: skip


@pytest.mark.parametrize(("shape", "crs"), CASES)
def test_swapped_axes_are_detected_and_mended_only_as_told(put, shape, crs):
    path = put(turned(shape), crs=crs)
    with pytest.raises(CrsError, match=r'look swapped.*axes = "north_east"'):
        read_parcels(path)
    reading = read_parcels(path, axes="north_east")
    assert reading.table.geometry.iloc[0].equals(shape)
    (said,) = reading.issues.to_dict("records")
    assert (said["kind"], said["action"]) == ("axes_swapped_as_told", "mended")


@pytest.mark.parametrize(("shape", "crs"), CASES)
def test_a_file_that_is_right_is_not_turned(put, shape, crs):
    path = put(shape, crs=crs)
    with pytest.raises(CrsError, match="x is east in this file") as caught:
        read_parcels(path, axes="north_east")
    assert "take axes out of the plan" in str(caught.value)
    assert read_parcels(path).table.geometry.iloc[0].equals(shape)


def test_zones_and_reserve_take_axes_too(put):
    path = put(turned(square()), name="z.gpkg", name_of=["区"])
    renamed = {"宗地代码": "zone_id", "name_of": "name"}
    assert read_zones(path, axes="north_east", columns=renamed).table.geometry.iloc[0].equals(square())
    renamed = {"宗地代码": "block_id", "name_of": "ignore"}
    assert read_reserve(path, axes="north_east", columns=renamed).table.geometry.iloc[0].equals(square())


def test_another_word_is_refused(put):
    with pytest.raises(PlanError, match="north_east"):
        read_parcels(put(square()), axes="yx")


def test_rows_of_another_kind_are_rejected_each_with_its_reason(put):
    lost = [turned(square()), square(38_362_000.0), square(1.0, 1.0)]
    reading = read_parcels(put(square(), square(E37 + 200), square(E37 + 400), square(E37 + 600), *lost))
    assert len(reading.table) == 4
    assert reading.rejected["kind"].tolist() == ["outside_crs_swapped", "outside_crs_zone", "outside_crs"]
    assert reading.rejected["row"].tolist() == [5, 6, 7]
    assert "38" in reading.rejected["message"].iloc[1]
    assert "EPSG:4525" in reading.rejected["message"].iloc[1]


def test_degrees_in_a_plane_and_metres_in_degrees_are_refused(put):
    with pytest.raises(CrsError, match=r'are degrees.*crs = "EPSG:4490"'):
        read_parcels(put(shapely.box(112.4, 34.6, 112.5, 34.7)))
    with pytest.raises(CrsError, match=r'metres in a plane.*crs = "EPSG:4525"'):
        read_parcels(put(square(), crs=4490, name="b.gpkg"))


@pytest.mark.parametrize(("zone", "declared"), [(38, 4525), (37, 4526), (19, 4525), (37, 4497)])
def test_eastings_of_another_zone_than_declared_are_refused(put, zone, declared):
    with pytest.raises(CrsError, match=f"the eastings begin with {zone}"):
        read_parcels(put(square(zone * 1e6 + 600_000.0), crs=declared))


def test_what_the_plan_says_is_checked_like_what_the_file_says(tmp_path):
    path = tmp_path / "a.shp"
    gpd.GeoDataFrame({"parcel_id": ["A"]}, geometry=[square()], crs=4525).to_file(path)
    path.with_suffix(".prj").unlink()
    assert read_parcels(path, crs="EPSG:4525").table.crs.to_epsg() == 4525
    with pytest.raises(CrsError, match="begin with 37"):
        read_parcels(path, crs="EPSG:4526")
    with pytest.raises(CrsError, match="begin with 37"):
        read_parcels(path, crs="EPSG:4546")
    assert np.allclose(read_parcels(path, crs="4525").table.total_bounds, square().bounds)


@pytest.mark.parametrize("datum", ["cgcs2000", "xian1980", "beijing1954"])
@pytest.mark.parametrize("zone", [19, 37, 38])
@pytest.mark.parametrize("prefix", [True, False])
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson"])
def test_every_grid_of_luoyang_is_read_from_every_format(put, datum, zone, prefix, name):
    crs = gauss_kruger(datum, zone, prefix=prefix)
    shape = square((zone * 1e6 if prefix else 0.0) + (370_000.0 if zone == 38 else 630_000.0))
    reading = read_parcels(put(shape, crs=crs, name=name, parcel_id=["A"], 宗地代码=None))
    assert reading.table.crs == crs
    assert reading.table.geometry.iloc[0].equals(shape)
    assert reading.sources[0].crs == f"EPSG:{crs.to_epsg()}"
