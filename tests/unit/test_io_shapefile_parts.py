"""Shapefiles as they lie in a bureau: parts missing, in capitals, in other spellings, changed apart."""

from __future__ import annotations

import shutil

import pyogrio
import pytest
import shapely

from landuse.errors import CrsError, FormatError
from tests.unit.vector_files import CODES, parcels, read, square, write


def whole(path, count=2):
    reading = read(path)
    assert reading.table.geometry.area.tolist() == [10_000.0] * count
    return reading


def rename(shp, /, **endings):
    for ending, new in endings.items():
        part = shp.with_suffix(f".{ending}")
        part.rename(part.with_name(new))


def test_every_part_in_capitals(tmp_path):
    shp = write(parcels(), tmp_path / "宗地.shp")
    rename(shp, **{e: f"宗地.{e.upper()}" for e in ("dbf", "shx", "prj", "cpg", "shp")})
    reading = whole(tmp_path / "宗地.SHP")
    assert reading.table.index.tolist() == CODES
    assert reading.sources[0].crs == "EPSG:4525"


@pytest.mark.parametrize("ending", ["dbf", "shx", "prj", "cpg"])
def test_one_part_in_another_spelling(tmp_path, ending):
    shp = write(parcels(土地用途=["工业用地", "住宅"]), tmp_path / "Parcels.shp")
    rename(shp, **{ending: f"PARCELS.{ending.title()}"})
    before = sorted(tmp_path.iterdir())
    reading = whole(shp)
    assert reading.table["land_use"].tolist() == ["工业用地", "住宅"]
    assert reading.sources[0].crs == "EPSG:4525"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["a!b.shp", "a;b.shp", "a#b?.shp", "a'b.zip.shp", "甲 乙&.shp"])
def test_names_that_drivers_take_for_something_else(tmp_path, name):
    shp = write(parcels(), tmp_path / "a.shp")
    for part in sorted(tmp_path.iterdir()):
        part.rename(tmp_path / (name.removesuffix(".shp") + part.suffix))
    assert not shp.exists()
    whole(tmp_path / name)
    gpkg = write(parcels(), tmp_path / "b.gpkg").rename(tmp_path / name.replace(".shp", ".gpkg"))
    assert len(read(gpkg).table) == 2


def test_the_same_part_twice_is_refused(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    rename(shp, dbf="A.dbf")
    shutil.copy(tmp_path / "A.dbf", tmp_path / "A.DBF")
    with pytest.raises(FormatError, match=r"a\.shp: the folder holds both A\.DBF and A\.dbf"):
        read(shp)
    shutil.copy(tmp_path / "A.dbf", tmp_path / "a.dbf")
    whole(shp)  # the one spelled as the .shp is counts


def test_without_dbf_it_is_refused(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    shp.with_suffix(".dbf").unlink()
    with pytest.raises(FormatError, match=r"a\.shp: the \.dbf file .* is missing.*copy a\.dbf"):
        read(shp)


def test_without_shx_the_index_is_made_again(tmp_path):
    shapes = [square(0), shapely.MultiPolygon([square(1), square(3)]), square(5)]
    shp = write(parcels(shapes), tmp_path / "a.shp")
    index = shp.with_suffix(".shx").read_bytes()
    expected = read(shp).table
    shp.with_suffix(".shx").unlink()
    reading = read(shp)
    assert not shp.with_suffix(".shx").exists(), "nothing is written beside the user's file"
    assert reading.table.geometry.to_wkb().tolist() == expected.geometry.to_wkb().tolist()
    assert reading.issues["kind"].tolist() == ["shx_rebuilt"]
    from landuse.io.vector.shapefiles import _index

    assert _index(shp, "a.shp") == index


def test_without_shx_and_damaged(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    shp.with_suffix(".shx").unlink()
    data = bytearray(shp.read_bytes())
    data[104:108] = (10**6).to_bytes(4, "big")
    shp.write_bytes(data)
    with pytest.raises(FormatError, match=r"the \.shx is missing and the \.shp is damaged at byte 100"):
        read(shp)


def test_without_prj_the_plan_names_the_system(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    shp.with_suffix(".prj").unlink()
    with pytest.raises(CrsError, match="names no coordinate system"):
        read(shp)
    assert read(shp, crs="EPSG:4525").table.crs.to_epsg() == 4525


def deleted(shp, record):
    dbf = shp.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    start, width = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    data[start + record * width] = 0x2A
    dbf.write_bytes(data)


def test_records_marked_as_deleted_are_left_out_and_counted(tmp_path):
    shp = write(parcels([square(i) for i in range(4)]), tmp_path / "a.shp")
    deleted(shp, 1)
    reading = whole(shp, count=3)
    assert reading.table["source_row"].tolist() == [1, 3, 4], "rows keep their record numbers"
    assert reading.table.index.tolist() == [CODES[0], "P2", "P3"]
    assert reading.issues["kind"].tolist() == ["records_deleted"]
    assert "1 条" in reading.issues["message"].iloc[0]


def test_table_cut_short(tmp_path):
    shp = write(parcels([square(i) for i in range(4)]), tmp_path / "a.shp")
    dbf = shp.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes()[:-100])
    with pytest.raises(FormatError, match=r"the attribute table is cut short: 2 of 4 records"):
        read(shp)


def test_empty_shapefile(tmp_path):
    reading = read(write(parcels().iloc[:0], tmp_path / "a.shp"))
    assert len(reading.table) == 0


def test_layer_of_a_shapefile_is_its_name(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    assert len(read(shp, layer="a").table) == 2
    with pytest.raises(FormatError, match="no layer 'b'"):
        read(shp, layer="b")


def test_the_digest_is_of_all_parts_whatever_their_spelling(tmp_path):
    shp = write(parcels(), tmp_path / "a.shp")
    first = read(shp).sources[0].sha256
    rename(shp, dbf="a.DBF")
    assert read(shp).sources[0].sha256 == first
    assert pyogrio.read_info(shp)["features"] == 2
