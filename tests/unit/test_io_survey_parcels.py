"""Survey coordinate TXT: the line of a parcel (number, area, use), and folders of files."""

from __future__ import annotations

import math

import pytest

from landuse.errors import CrsError, FormatError, IdError
from landuse.io.readers import read_parcels
from tests.unit.survey_pages import E0, corners, kinds, page, parcel, reader_in, ring


@pytest.fixture
def read(tmp_path):
    return reader_in(tmp_path)


def test_identical_header_lines_stay_separate(read):
    head = "5,1,FID_0,DKMC,面,TFH,DKYT,DLBM,@"
    reading = read(page(parcel(head), parcel(head, ring(corners(E0 + 500)))))
    assert reading.table.index.tolist() == ["a#1", "a#2"]
    assert reading.table.geometry.bounds["minx"].tolist() == [E0, E0 + 500]
    assert reading.table["source_row"].tolist() == [10, 16]


@pytest.mark.parametrize("number", ["", "FID_0", "DKMC"])
def test_missing_and_template_numbers_are_made_and_said(read, number):
    reading = read(page(parcel(f"5,1,{number},DKMC,面,TFH,DKYT,DLBM,@")))
    assert reading.table.index.tolist() == ["a#1"]
    assert reading.table[["parcel_name", "land_use"]].isna().all(axis=None)
    assert reading.issues["kind"].tolist() == ["id_made"]
    assert "a#1" in reading.issues["message"].iloc[0]


def test_running_number_on_two_parcels_identifies_neither(read):
    head = "5,1,1,地块,面,,,,@"
    reading = read(page(parcel(head), parcel(head, ring(corners(E0 + 500)))))
    assert reading.table.index.tolist() == ["a#1", "a#2"]
    assert reading.issues["kind"].tolist() == ["running_number"] * 2
    assert reading.issues["raw"].tolist() == ["1", "1"]


def test_running_number_on_one_parcel_stays(read):
    assert read(page(parcel("5,1,1,地块,面,,,,@"))).table.index.tolist() == ["1"]


def test_code_on_two_different_parcels_is_refused(read):
    with pytest.raises(IdError) as caught:
        read(page(parcel(), parcel(rows=ring(corners(E0 + 500)))), name="two.txt")
    assert "410302001001GB00001" in str(caught.value)
    assert "two.txt, row 16" in str(caught.value)
    assert "row 10" in str(caught.value)


def test_parcel_written_twice_is_rejected_once(read):
    reading = read(page(parcel(), parcel()))
    assert len(reading.table) == 1
    assert reading.rejected["kind"].tolist() == ["duplicate_parcel"]
    assert reading.rejected["row"].tolist() == [16]


@pytest.mark.parametrize(
    ("written", "stated", "kind"),
    [
        ("1", 10_000.0, None), ("1.0049", 10_049.0, None), ("0.8", 8_000.0, None),
        ("10000", 10_000.0, "area_unit_read_as"), ("9999.87", 9_999.87, "area_unit_read_as"),
        ("15", 10_000.0, "area_unit_read_as"),
        ("1公顷", 10_000.0, None), ("10000㎡", 10_000.0, None), ("15亩", 10_000.0, None),
        ("", math.nan, None), ("0", math.nan, "area_zero"), ("abc", math.nan, "not_a_number"),
    ],
)  # fmt: skip
def test_declared_area(read, written, stated, kind):
    reading = read(page(parcel(f"5,{written},A,,面,,,,@")))
    assert reading.table["stated_area_m2"].tolist() == pytest.approx([stated], nan_ok=True)
    assert kinds(reading) == ({kind} if kind else set())
    if kind:
        assert reading.issues["raw"].tolist() == [written]


def test_area_unit_of_the_plan_overrules_hectares(read):
    text = page(parcel("5,15,A,,面,,,,@"))
    reading = read(text, area_unit="亩")
    assert reading.table["stated_area_m2"].tolist() == [10_000.0]
    assert not len(reading.issues)


def test_area_unit_of_the_plan_is_not_argued_with(read):
    reading = read(page(parcel("5,10000,A,,面,,,,@")), area_unit="公顷")
    assert reading.table["stated_area_m2"].tolist() == [1e8]


@pytest.mark.parametrize("written", ["-1", "-1公顷"])
def test_negative_area_rejects_the_parcel(read, written):
    reading = read(page(parcel(f"5,{written},A,,面,,,,@"), parcel()))
    assert reading.table.index.tolist() == ["410302001001GB00001"]
    assert reading.rejected["kind"].tolist() == ["negative"]
    assert written in reading.rejected["raw"].iloc[0]


@pytest.mark.parametrize(
    ("head", "number", "name", "use", "unusual"),
    [
        ("5,1,A,甲地,面,,,@", "A", "甲地", None, False),
        ("5,1,A,甲地,面,I-49,工业用地,@", "A", "甲地", "工业用地", False),
        ("5,1,410302100,某乡,A,甲地,面,I-49,工业用地,0601,@", "A", "甲地", "工业用地", False),
        ("5,1,A,甲,乙地块,面,,工业用地,,@", "A", "甲,乙地块", "工业用地", True),
        ("5,1,A,甲地,,,工业用地,,@", "A", "甲地", "工业用地", True),
        ("5,1,A,甲地,面,I-49,工业用地,0601,建设用地,10,11,备注,@", "A", "甲地", "工业用地", False),
        ("5,1,A,甲地,面,I-49,工业用地,0601,1,2,3,4,5,6,@", "A", "甲地", "工业用地", False),
        ("@5,1,A,甲地,面,,工业用地,,", "A", "甲地", "工业用地", False),
        ("5,1, A , 彭埠单元B/R-14地块 ,面, , , ,@", "A", "彭埠单元B/R-14地块", None, False),
        ("5,1,A,甲地,面,,工业用地,地上,@", "A", "甲地", "工业用地", False),
    ],
)  # fmt: skip
def test_parcel_lines_of_any_width(read, head, number, name, use, unusual):
    reading = read(page(parcel(head)))
    (row,) = reading.table.reset_index().to_dict("records")
    assert row["parcel_id"] == number
    assert row["parcel_name"] == name
    assert row["land_use"] == use or (use is None and row["land_use"] != row["land_use"])
    assert row["stated_area_m2"] == 10_000.0
    assert kinds(reading) == ({"parcel_line_unusual"} if unusual else set())


def test_folder_without_txt(tmp_path):
    with pytest.raises(FormatError, match=r"no \.txt"):
        read_parcels(tmp_path)


def write(folder, **pages):
    for name, text in pages.items():
        (folder / f"{name}.txt").write_text(text, encoding="gbk")
    (folder / "readme.md").write_text("not read")
    return folder


def test_folder_of_two_zones_keeps_the_first_and_the_planes(tmp_path):
    # the meridian 112.5 E: 37,638,000 and 38,362,000 lie within a kilometre or two of each other
    west = parcel("5,1,A,,面,,,,@", ring(corners(37_638_000.0)))
    east = parcel("5,1,B,,面,,,,@", ring(corners(38_362_000.0)))
    reading = read_parcels(write(tmp_path, a=page(west), b=page(east, **{"带号": "38"})))
    table = reading.table
    assert table.crs.to_epsg() == 4525
    assert table["planar_m2"].tolist() == pytest.approx([math.nan, 10_000.0], nan_ok=True)
    assert table.geometry["B"].distance(table.geometry["A"]) < 3_000
    assert table.geometry.area["B"] != 10_000.0
    assert table.geometry.area["B"] == pytest.approx(10_000.0, rel=1e-3)
    choice, said = reading.issues.to_dict("records")
    assert choice["kind"] == "working_crs"
    assert said["kind"] == "crs_changed"
    assert said["source_file"].endswith("b.txt")
    assert "EPSG:4526" in said["message"]
    (source,) = reading.sources
    assert (source.rows_read, source.accepted, source.path) == (2, 2, str(tmp_path))
    assert source.encoding == "gb18030"


def test_one_file_of_two_zones_keeps_its_order(read):
    blocks = [
        parcel(f"5,1,P{i},,面,,,,@", ring(corners(e + 200.0 * i)))
        for i, e in enumerate((37_638_000.0, 38_362_000.0, 37_638_000.0, 38_362_000.0))
    ]
    reading = read(page(*blocks))
    assert reading.table.index.tolist() == ["P0", "P1", "P2", "P3"]
    assert reading.table["planar_m2"].notna().tolist() == [False, True, False, True]
    assert kinds(reading) == {"working_crs", "crs_changed", "zone_header_differs"}


def test_folder_of_two_datums_is_refused(tmp_path):
    old = page(parcel("5,1,B,,面,,,,@"), **{"坐标系": "1980西安坐标系"})
    with pytest.raises(CrsError, match="no transformation") as caught:
        read_parcels(write(tmp_path, a=page(parcel()), b=old))
    assert "b.txt" in str(caught.value)


def test_folder_in_which_every_file_counts_from_one(tmp_path):
    one = page(parcel("5,1,1,,面,,,,@"), parcel("5,1,2,,面,,,,@", ring(corners(E0 + 200))))
    two = page(parcel("5,1,1,,面,,,,@", ring(corners(E0 + 500))))
    reading = read_parcels(write(tmp_path, a=one, b=two))
    assert reading.table.index.tolist() == ["a#1", "2", "b#1"]
    assert reading.issues["kind"].tolist() == ["running_number"] * 2


def test_folder_that_holds_another_text_file(tmp_path):
    with pytest.raises(FormatError, match=r"note\.txt"):
        read_parcels(write(tmp_path, a=page(parcel()), note="说明"))


def test_digest_is_over_the_files_in_order(tmp_path):
    import hashlib

    write(tmp_path, b=page(parcel()), a=page(parcel("5,1,B,,面,,,,@", ring(corners(E0 + 500)))))
    wanted = hashlib.sha256((tmp_path / "a.txt").read_bytes() + (tmp_path / "b.txt").read_bytes())
    assert read_parcels(tmp_path).sources[0].sha256 == wanted.hexdigest()
