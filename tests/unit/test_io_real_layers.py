"""Real layers from other countries and from Luoyang: every row, every official area, every name."""

from __future__ import annotations

import sqlite3
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely

import landuse as lu
from landuse.errors import CrsError, FormatError
from landuse.io.coordinates.crs import lon_lat

HERE = Path(__file__).resolve().parents[1] / "golden" / "vectors"
LAYERS = tomllib.loads((HERE / "real_layers.toml").read_text(encoding="utf-8"))["layer"]


def plain_values(path, column, tmp_path):
    """Read a column the plain way: SQL from a GeoPackage, byte by byte from a DBF."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            name = next(n for n in archive.namelist() if n.endswith((".gpkg", ".dbf")))
            path = Path(archive.extract(name, tmp_path))
    if path.suffix == ".gpkg":
        with sqlite3.connect(path) as base:
            (table,) = base.execute(
                "select table_name from gpkg_contents where data_type = 'features'"
            ).fetchone()
            return [v for (v,) in base.execute(f'select "{column}" from "{table}" order by rowid')]
    data = path.read_bytes()
    start, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    at, place = 1, None
    for head in range(32, start - 1, 32):
        size = data[head + 16]
        if data[head : head + 11].split(b"\0")[0].decode("ascii") == column:
            place = (at, at + size)
        at += size
    rows = range(start, start + width * int.from_bytes(data[4:8], "little"), width)
    return [float(data[r + place[0] : r + place[1]]) for r in rows]


def shoelace(shape):
    """The area in the plane, summed ring by ring."""
    total = 0.0
    for part in shapely.get_parts(shape):
        for sign, ring in [(1, part.exterior), *((-1, r) for r in part.interiors)]:
            xy = np.asarray(ring.coords)[:, :2] - np.asarray(ring.coords)[0, :2]
            total += sign * abs(float(np.sum(xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]))) / 2
    return total


@pytest.mark.parametrize("case", LAYERS, ids=lambda c: c["file"].split("/")[0])
def test_official_areas_are_read_and_agree_with_the_shapes(shared_data, tmp_path, case):
    path = shared_data / "parcels" / case["file"]
    columns = {case["area"]: "stated_area_m2"} | ({case["id"]: "parcel_id"} if "id" in case else {})
    more = {"encoding": case["encoding"]} if "encoding" in case else {}
    reading = lu.read_parcels(path, columns=columns, area_unit=case["unit"], **more)
    table = reading.table
    assert len(table) == case["rows"]
    assert not len(reading.rejected)
    assert reading.sources[0].crs == case["crs"]
    factor = {"公顷": 10_000.0, "平方米": 1.0}[case["unit"]]
    official = np.array(plain_values(path, case["area"], tmp_path), dtype=float) * factor
    np.testing.assert_allclose(table["stated_area_m2"].to_numpy(), official, rtol=1e-15)
    planar = np.array([shoelace(s) for s in table.geometry])
    gap = np.abs(official - planar)
    far = gap > case["within"] * planar + case["digits_m2"]
    assert int(far.sum()) <= case["all_but"], (official[far][:5], planar[far][:5])
    if "easting" in case:
        west, _, east, _ = table.total_bounds
        assert case["easting"][0] < west < east < case["easting"][1]


def test_latin_text_without_cpg_is_refused_and_the_encoding_named(shared_data):
    with pytest.raises(FormatError, match=r'Marker_2026\.zip.*encoding = "cp1252"'):
        lu.read_parcels(shared_data / "parcels" / "dk" / "Marker_2026.zip")
    reading = lu.read_parcels(
        shared_data / "parcels" / "dk" / "Marker_2026.zip",
        encoding="cp1252",
        columns={"Afgroede": "land_use"},
    )
    assert "Vårbyg" in set(reading.table["land_use"])


@pytest.mark.parametrize(
    ("file", "layer", "area"),
    [
        ("nl/brpgewaspercelen_definitief_2023.gpkg", "brp_gewas", 632_289.0),
        ("nl_block/referentiepercelen.gpkg", "referentiepercelen", 44_086.0),
    ],
)
def test_dutch_layers(shared_data, file, layer, area):
    reading = lu.read_parcels(shared_data / "parcels" / file)
    assert reading.sources[0].layer == layer
    assert len(reading.table) == 100
    assert sum(shoelace(s) for s in reading.table.geometry) == pytest.approx(area, rel=1e-3)
    assert (reading.issues["kind"] == "id_made").sum() == 100


def test_web_mercator_areas_are_never_believed(shared_data):
    """Bubenec in EPSG:3857: the plane shows 2.43 times the land there is."""
    path = shared_data / "parcels" / "momepy_bubenec.gpkg"
    with pytest.raises(FormatError, match="4 layers: tessellation, buildings, streets, plots"):
        lu.read_parcels(path)
    plots = lu.read_parcels(path, layer="plots", columns={"ID": "parcel_id"}).table
    assert len(plots) == 407
    true = float(lu.ellipsoid_area(plots.geometry).sum())
    assert true == pytest.approx(278_938, abs=1)
    assert plots.geometry.area.sum() / true == pytest.approx(2.43, abs=0.005)
    streets = lu.read_parcels(path, layer="streets")
    assert streets.rejected["kind"].tolist() == ["not_a_polygon"] * 35


COUNTIES = {
    "410302": "老城区",
    "410303": "西工区",
    "410304": "瀍河回族区",
    "410305": "涧西区",
    "410311": "洛龙区",
}


@pytest.mark.parametrize("file", ["cnmaps_luoyang_counties", "fastgeocn_luoyang_counties_simplified"])
def test_districts_of_luoyang(shared_data, file):
    path = shared_data / "boundaries" / f"{file}.geojson"
    reading = lu.read_zones(path, columns={"adcode": "zone_id"})
    assert len(reading.table) == 14
    names = reading.table["name"].to_dict()
    assert {k: names[k] for k in COUNTIES} == COUNTIES
    assert names["410307"] == "偃师区", "since 2021"
    area = float(lu.ellipsoid_area(reading.table.geometry).sum())
    assert area == pytest.approx(15_230e6, rel=0.01), "the city's land, 15,230 km2 in its yearbook"
    with pytest.raises(CrsError, match=r"are degrees, EPSG:4525"):
        lu.read_zones(path, columns={"adcode": "zone_id"}, crs="EPSG:4525")


@pytest.mark.parametrize("name", ["a_gbk_cpg", "b_gbk_nocpg", "e_gbk_nocpg_ldid4d"])
def test_gbk_shapefiles_of_luoyang(shared_data, name):
    path = shared_data / "shp_encoding" / f"{name}.shp"
    reading = lu.read_zones(path, columns={"区县名称": "name", "adcode": "zone_id"})
    names = reading.table["name"].to_dict()
    assert len(names) == 15
    assert {k: names[k] for k in COUNTIES} == COUNTIES
    assert reading.sources[0].encoding == "gb18030"
    said = reading.issues[reading.issues["kind"] == "encoding_found"]
    assert len(said) == (0 if name == "a_gbk_cpg" else 1)
    if name.startswith("e_"):
        assert "语言代码" in said["message"].iloc[0]
    lon, lat = lon_lat(
        np.array([reading.table.total_bounds[0]]),
        np.array([reading.table.total_bounds[1]]),
        reading.table.crs,
    )
    assert (lon > 111).all()
    assert (lat > 33).all()
