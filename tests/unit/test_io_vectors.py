"""Vector files: round trips, coordinate systems, formats and layers."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from landuse.errors import CrsError, FormatError, MissingFileError
from landuse.io.readers import read_parcels, read_reserve, read_zones
from landuse.tables import PARCELS
from tests.unit.vector_files import CODES, ENDINGS, SHORT, E, N, parcels, read, square, write


@pytest.mark.parametrize("ending", ENDINGS)
def test_round_trip(tmp_path, ending):
    table = parcels(面积亩=[15.0, 15.0], 土地用途=["工业用地", None])
    path = write(table, tmp_path / f"宗地.{ending}")
    before = sorted(tmp_path.iterdir())
    header = SHORT["面积亩"] if ending == "shp" else "面积亩"
    reading = read(path, columns={header: "stated_area_m2"}, area_unit="亩")
    assert sorted(tmp_path.iterdir()) == before, "reading left a file behind"
    found = reading.table
    PARCELS.check(found)
    assert found.index.tolist() == (CODES[::-1] if ending == "fgb" else CODES)  # fgb orders by place
    found = found.sort_values("source_row", ascending=ending != "fgb")
    assert found.crs.to_epsg() == 4525
    assert found.geometry.area.tolist() == [10_000.0, 10_000.0]
    assert found["stated_area_m2"].tolist() == [10_000.0, 10_000.0]
    assert found["land_use"].isna().tolist() == [False, True]
    assert found["ownership"].tolist() == ["state", "collective"]
    assert sorted(found["source_row"]) == [1, 2]
    assert set(found["source_file"]) == {str(path)}
    assert reading.sources[0].crs == "EPSG:4525"
    assert not len(reading.issues)


@pytest.mark.parametrize("ending", ["shp", "gpkg", "parquet"])
def test_no_crs_is_refused_and_the_plan_may_name_it(tmp_path, ending):
    bare = parcels(crs=None)
    path = tmp_path / f"bare.{ending}"
    bare.to_parquet(path) if ending == "parquet" else _without_warning(bare, path)
    with pytest.raises(CrsError) as caught:
        read(path)
    assert f"bare.{ending}" in str(caught.value)
    assert 'crs = "EPSG:4525"' in str(caught.value)
    assert read(path, crs="EPSG:4525").table.crs.to_epsg() == 4525


def _without_warning(table, path):
    with pytest.warns(UserWarning, match="crs"):
        write(table, path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_plan_that_disagrees_is_refused(tmp_path, ending):
    path = write(parcels(), tmp_path / f"a.{ending}")
    with pytest.raises(CrsError, match="the file is in EPSG:4525, the plan says EPSG:4526"):
        read(path, crs="EPSG:4526")


@pytest.mark.parametrize("ending", ENDINGS)
def test_degrees_given_a_planar_crs(tmp_path, ending):
    degrees = parcels().to_crs(4490).set_crs(4525, allow_override=True)
    path = write(degrees, tmp_path / f"a.{ending}")
    with pytest.raises(CrsError, match=rf"a\.{ending}.*are degrees"):
        read(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_planar_numbers_given_degrees(tmp_path, ending):
    planar = parcels().set_crs(4490, allow_override=True)
    path = write(planar, tmp_path / f"a.{ending}")
    with pytest.raises(CrsError, match="metres in a plane"):
        read(path)


def test_wrong_zone_is_refused(tmp_path):
    path = write(parcels(crs="EPSG:4526"), tmp_path / "a.gpkg")
    with pytest.raises(CrsError, match=r'begin with 37.*crs = "EPSG:4525"'):
        read(path)


def geojson(path, coordinates, crs=None):
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"宗地代码": "A"},
                "geometry": {"type": "Polygon", "coordinates": [coordinates]},
            }
        ],
    }
    if crs is not None:
        content["crs"] = {"type": "name", "properties": {"name": crs}} if crs != "null" else None
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


DEGREES = [[112.0, 34.0], [112.01, 34.0], [112.01, 34.01], [112.0, 34.0]]


METRES = [[E, N], [E + 9, N], [E + 9, N + 9], [E, N]]


def test_geojson_without_member_is_wgs84(tmp_path):
    reading = read(geojson(tmp_path / "a.geojson", DEGREES))
    assert reading.table.crs.to_epsg() == 4326
    for crs in ("null", "urn:ogc:def:crs:OGC:1.3:CRS84"):
        assert read(geojson(tmp_path / "a.geojson", DEGREES, crs)).table.crs.is_geographic


def test_geojson_without_member_holds_metres(tmp_path):
    path = geojson(tmp_path / "a.geojson", METRES)
    with pytest.raises(CrsError, match='begin with 37: is it crs = "EPSG:4525"'):
        read(path)
    assert read(path, crs="EPSG:4525").table.crs.to_epsg() == 4525
    with pytest.raises(CrsError, match="metres"):
        read(path, crs="EPSG:4490")


def test_geojson_without_member_believes_the_plan_as_far_as_the_numbers_do(tmp_path):
    path = geojson(tmp_path / "a.geojson", DEGREES)
    assert read(path, crs="EPSG:4490").table.crs.to_epsg() == 4490
    with pytest.raises(CrsError, match="are degrees"):
        read(path, crs="EPSG:4525")


def test_geojson_with_member_is_believed(tmp_path):
    path = geojson(tmp_path / "a.geojson", METRES, "urn:ogc:def:crs:EPSG::4525")
    assert read(path).table.crs.to_epsg() == 4525
    with pytest.raises(CrsError, match="the plan says"):
        read(path, crs="EPSG:4490")
    with pytest.raises(CrsError, match="nonsense"):
        read(geojson(tmp_path / "b.geojson", DEGREES, "nonsense"))


def test_missing_file_names_the_nearest(tmp_path):
    write(parcels(), tmp_path / "宗地2025.gpkg")
    for reader in (read_parcels, read_zones, read_reserve):
        with pytest.raises(MissingFileError, match=r"宗地2026\.gpkg.*宗地2025\.gpkg"):
            reader(tmp_path / "宗地2026.gpkg")
    with pytest.raises(MissingFileError, match="folder"):
        read_parcels(tmp_path / "nowhere" / "a.gpkg")


@pytest.mark.parametrize("ending", ENDINGS)
def test_not_that_format(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_text("no map")
    if ending == "shp":
        (tmp_path / "a.dbf").write_bytes(b"\0" * 40)
        (tmp_path / "a.shx").write_bytes(b"\0" * 100)
    with pytest.raises(FormatError, match=rf"a\.{ending}"):
        read(path)


def test_ending_that_lies(tmp_path):
    write(parcels(), tmp_path / "a.gpkg").rename(tmp_path / "a.geojson")
    with pytest.raises(FormatError, match=r"a\.geojson.*GPKG"):
        read(tmp_path / "a.geojson")


@pytest.mark.parametrize("name", ["a.dwg", "a.rar", "a"])
def test_ending_that_is_not_read(tmp_path, name):
    (tmp_path / name).write_text("x")
    with pytest.raises(FormatError, match=r"\.gpkg.*\.txt"):
        read(tmp_path / name)


def test_parquet_without_shapes(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(FormatError, match="no shapes"):
        read(tmp_path / "a.parquet")


def test_layers_must_be_named_where_there_are_several(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg", layer="宗地")
    write(parcels([square(5)]), path, layer="旧宗地")
    with pytest.raises(FormatError) as caught:
        read(path)
    for words in ("a.gpkg", "宗地, 旧宗地", 'layer = "宗地"'):
        assert words in str(caught.value)
    reading = read(path, layer="旧宗地")
    assert len(reading.table) == 1
    assert reading.sources[0].layer == "旧宗地"
    with pytest.raises(FormatError, match=r"no layer '旧宗'.*layer = .旧宗地"):
        read(path, layer="旧宗")


def test_tables_without_shapes_are_no_layers(tmp_path):
    path = write(parcels(), tmp_path / "a.gpkg", layer="宗地")
    import pyogrio

    pyogrio.write_dataframe(pd.DataFrame({"style": ["x"]}), path, layer="layer_styles")
    assert len(read(path).table) == 2


def test_formats_without_layers(tmp_path):
    path = write(parcels(), tmp_path / "a.parquet")
    with pytest.raises(FormatError, match="no layers"):
        read(path, layer="a")
