"""Folders of survey TXT: mixed encodings, zones, datums and folders; other files; changes while they are read."""

from __future__ import annotations

import pytest

from landuse.errors import CrsError, FormatError
from landuse.io.coordinates.datum_shifts import SpaceShift
from landuse.io.readers import read_parcels
from landuse.io.survey import files as survey_files
from landuse.io.survey.files import hold

N, E = 3_833_000.0, 37_632_000.0


def page(number, east=E, datum="2000国家大地坐标系", zone="37"):
    lines = ["[属性描述]", f"坐标系={datum}", f"带号={zone}", "[地块坐标]", f"5,1,{number},,面,,,,@"]
    square = [(N, east), (N + 100, east), (N + 100, east + 100), (N, east + 100), (N, east)]
    return "\n".join([*lines, *(f"J{i},1,{x:.3f},{y:.3f}" for i, (x, y) in enumerate(square, 1))])


def put(folder, name, text, encoding="gbk"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def test_encodings_may_be_mixed(tmp_path):
    for at, encoding in enumerate(["gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"]):
        put(tmp_path, f"{at}.txt", page(f"地{at}", E + 200 * at), encoding)
    reading = read_parcels(tmp_path)
    assert reading.table.index.tolist() == [f"地{at}" for at in range(5)]
    assert reading.sources[0].encoding == "gb18030, utf-16-le, utf-8"


def test_folders_in_the_folder_are_read_and_equal_names_kept_apart(tmp_path):
    put(tmp_path, "甲/界址点.txt", page(""))
    put(tmp_path, "乙/界址点.TXT", page("", E + 500))
    put(tmp_path, "丙.txt", page("", E + 900))
    reading = read_parcels(tmp_path)
    assert set(reading.table.index) == {"甲/界址点.txt#1", "乙/界址点.TXT#1", "丙#1"}
    assert reading.sources[0].rows_read == 3


def test_files_that_may_hold_land_are_said_others_not(tmp_path):
    put(tmp_path, "a.txt", page("A"))
    for name in ("a.shp", "b.dwg", "readme.md", "~$a.txt", "._a.txt", "c/d.xlsx"):
        put(tmp_path, name, "说明")
    (tmp_path / "e.gdb").mkdir()
    reading = read_parcels(tmp_path)
    assert len(reading.table) == 1
    (said,) = reading.issues.to_dict("records")
    assert said["kind"] == "files_passed_over"
    assert said["message"].endswith("a.shp, b.dwg, c/d.xlsx, e.gdb")


def west_and_east(tmp_path, more_in):
    put(tmp_path, "a.txt", page("A", 37_638_000.0))
    put(tmp_path, "b.txt", page("B", 38_362_000.0, zone="38"))
    put(tmp_path, "c.txt", page("C", {37: 37_639_000.0, 38: 38_363_000.0}[more_in], zone=str(more_in)))
    return read_parcels(tmp_path)


@pytest.mark.parametrize(("more_in", "epsg"), [(37, 4525), (38, 4526)])
def test_most_parcels_decide_the_plane_not_the_first(tmp_path, more_in, epsg):
    reading = west_and_east(tmp_path, more_in)
    assert reading.table.crs.to_epsg() == epsg
    assert reading.table.index.tolist() == ["A", "B", "C"]
    assert reading.sources[0].crs == "EPSG:4525, EPSG:4526"
    assert "working_crs" in set(reading.issues["kind"])


def test_datums_are_joined_by_given_parameters_only(tmp_path):
    put(tmp_path, "a.txt", page("A"))
    put(tmp_path, "老.txt", page("B", E + 500, datum="1980西安坐标系"))
    with pytest.raises(CrsError, match=r"datum_shift.*xian1980"):
        read_parcels(tmp_path)
    shift = SpaceShift(
        "xian1980", "cgcs2000", (-12.5, 130.25, 7.75), (0.0, 0.0, 0.0), 0.0, "coordinate_frame"
    )
    reading = read_parcels(tmp_path, datum_shifts=[shift])
    assert reading.table.crs.to_epsg() == 4525
    said = reading.issues.set_index("kind")["source_file"]
    assert said["datum_shifted"].endswith("老.txt")
    moved = reading.table.geometry["B"].bounds[0] - (E + 500)
    assert 1.0 < abs(moved) < 200.0


def test_a_file_that_changes_or_appears_meanwhile_is_refused(tmp_path, monkeypatch):
    first = put(tmp_path, "a.txt", page("A"))
    seen = survey_files._state
    calls = []

    def grown(files):
        calls.append(files)
        if len(calls) == 2:
            first.write_text(page("A") + "\n", encoding="gbk")
        return seen(files)

    monkeypatch.setattr(survey_files, "_state", grown)
    with pytest.raises(FormatError, match="changed while they were read"):
        hold(tmp_path)
    monkeypatch.setattr(survey_files, "_state", seen)
    walk = survey_files._walk
    monkeypatch.setattr(
        survey_files,
        "_walk",
        lambda f: walk(f) if not calls.pop() else (put(tmp_path, "b.txt", "x"), walk(f))[1],
    )
    calls[:] = ["again", ""]
    with pytest.raises(FormatError, match="changed while they were read"):
        hold(tmp_path)
