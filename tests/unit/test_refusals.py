"""Faults of a file or plan: exit 2, one message with file, row or key and remedy, nothing left behind."""

from __future__ import annotations

import warnings

import geopandas as gpd
import pandas as pd
import pytest

import landuse as lu
from landuse.cli.main import main
from landuse.io.keeping.archive import write_csv
from tests import small_plan


@pytest.fixture
def refused(tmp_path, capsys):
    """Run a plan that must be refused; return what stands on stderr."""

    def run(path, *more: str, out="out") -> str:
        before = set(tmp_path.rglob("*"))
        code = main(["run", str(path), "--out", str(tmp_path / out), *more])
        said = capsys.readouterr()
        assert code == 2, said.out
        assert said.out == ""
        assert set(tmp_path.rglob("*")) == before, "something was left behind"
        return said.err

    return run


def test_the_small_plan_itself_runs(tmp_path, capsys):
    assert main(["run", str(small_plan.write(tmp_path)), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "ledger.json").exists()
    # 100 m x 100 m = 15 mu; 4000 / 15 = 266.7 passes, total 6000 passes; total 4000 is caught
    status = lu.open_run(tmp_path / "out").project_status.set_index("subject_id")
    assert status.verdict["X1"] == "separate_land"
    assert status.verdict["X2"] == "no_separate_land"
    assert status.clause["X2"] == "2.total"


def test_no_crs(tmp_path, refused):
    plan = small_plan.write(tmp_path)
    with_crs = small_plan.parcels()
    bare = gpd.GeoDataFrame(with_crs.drop(columns="geometry"), geometry=with_crs.geometry.to_numpy())
    (tmp_path / "parcels.gpkg").unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the writer: no crs, no code page for the name
        bare.to_file(tmp_path / "bare.shp", encoding="utf-8")
    plan.write_text(small_plan.PLAN.replace("parcels.gpkg", "bare.shp"), encoding="utf-8")
    said = refused(plan)
    assert "bare.shp" in said
    assert "crs" in said


def test_degrees_given_a_planar_crs(tmp_path, refused):
    plan = small_plan.write(tmp_path)
    degrees = small_plan.parcels().to_crs(4490)
    (tmp_path / "parcels.gpkg").unlink()
    gpd.GeoDataFrame(degrees.drop(columns="geometry"), geometry=degrees.geometry.values).set_crs(
        4525, allow_override=True
    ).to_file(tmp_path / "parcels.gpkg", layer="parcels")
    said = refused(plan)
    assert "parcels.gpkg" in said
    assert "degrees" in said


def test_plan_that_disagrees_with_the_files_crs(tmp_path, refused):
    plan = small_plan.write(
        tmp_path,
        plan=small_plan.PLAN.replace('path = "parcels.gpkg"', 'path = "parcels.gpkg"\ncrs = "EPSG:4526"'),
    )
    said = refused(plan)
    assert "parcels.gpkg" in said
    assert "4526" in said


def test_one_id_on_two_different_parcels(tmp_path, refused):
    plan = small_plan.write(tmp_path)
    twice = small_plan.parcels()
    twice["宗地编号"] = "A"
    (tmp_path / "parcels.gpkg").unlink()
    twice.to_file(tmp_path / "parcels.gpkg", layer="parcels")
    said = refused(plan)
    assert "parcels.gpkg" in said
    assert "A" in said
    assert "1" in said
    assert "2" in said


def test_one_project_id_on_two_different_rows(tmp_path, refused):
    said = refused(small_plan.write(tmp_path, ledger=small_plan.LEDGER.replace("X2", "X1")))
    assert "ledger.csv" in said
    assert "X1" in said


def test_header_not_recognised_names_the_nearest(tmp_path, refused):
    said = refused(
        small_plan.write(tmp_path, ledger=small_plan.LEDGER.replace("总投资（万元）", "总投姿（万元）"))
    )
    assert "ledger.csv" in said
    assert "总投姿" in said
    assert "总投资" in said


def test_a_workbook_that_is_none(tmp_path, refused):
    plan = small_plan.write(tmp_path, plan=small_plan.PLAN.replace("ledger.csv", "ledger.xlsx"))
    (tmp_path / "ledger.xlsx").write_bytes(b"this is no workbook")
    assert "ledger.xlsx" in refused(plan)


def test_file_not_there(tmp_path, refused):
    said = refused(small_plan.write(tmp_path, plan=small_plan.PLAN.replace("ledger.csv", "gone.csv")))
    assert "gone.csv" in said


def test_plan_not_there(tmp_path, refused):
    assert "nowhere.toml" in refused(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("title =", "titel =", ("titel", "title")),
        ("[output]\nmap = false", "[output]\nmaps = false", ("maps", "map")),
        ("[output]", "[consolidate]\ngap = 10\n[output]", ("gap", "gap_m")),
        ('path = "ledger.csv"', 'path = "ledger.csv"\nsheets = "1"', ("sheets", "sheet")),
        ("[output]", "[measure]\narea = \"plane\"\n[output]", ("area", "planar")),
        ('"cn-luoyang-zones-2011"', '"cn-luoyang-zone-2011"', ("cn-luoyang-zone-2011", "cn-luoyang-zones-2011")),
    ],
)  # fmt: skip
def test_unknown_key_or_value_names_the_nearest(tmp_path, refused, old, new, named):
    said = refused(small_plan.write(tmp_path, plan=small_plan.PLAN.replace(old, new)))
    for word in named:
        assert word in said


def test_missing_as_of(tmp_path, refused):
    plan = small_plan.write(tmp_path, plan=small_plan.PLAN.replace("as_of = 2026-06-30\n", ""))
    assert "as_of" in refused(plan)


def test_as_of_given_on_the_command_line_is_enough(tmp_path):
    plan = small_plan.write(tmp_path, plan=small_plan.PLAN.replace("as_of = 2026-06-30\n", ""))
    assert main(["run", str(plan), "--out", str(tmp_path / "out"), "--as-of", "2025-01-02"]) == 0
    assert lu.open_run(tmp_path / "out").as_of.isoformat() == "2025-01-02"


def test_output_folder_that_holds_something_else(tmp_path, refused):
    plan = small_plan.write(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    said = refused(plan, out="mine")
    assert "mine" in said
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"


def test_output_that_is_a_file(tmp_path, refused):
    plan = small_plan.write(tmp_path)
    (tmp_path / "taken").write_text("precious")
    assert "taken" in refused(plan, out="taken")


def test_second_run_replaces_the_first_whole(tmp_path):
    plan = small_plan.write(tmp_path)
    out = tmp_path / "out"
    assert main(["run", str(plan), "--out", str(out)]) == 0
    (out / "stale.txt").write_text("from before")
    assert main(["run", str(plan), "--out", str(out)]) == 0
    assert not (out / "stale.txt").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_policy_out_of_force_is_refused(tmp_path, refused):
    plan = small_plan.write(tmp_path)
    said = refused(plan, "--as-of", "2010-01-01")
    assert "cn-luoyang-zones-2011" in said
    assert "2011-01-01" in said


def test_max_rejected_zero_makes_a_bad_row_fatal(tmp_path, refused):
    plan = small_plan.write(
        tmp_path,
        plan=small_plan.PLAN.replace("as_of =", "max_rejected = 0\nas_of ="),
        ledger=small_plan.LEDGER.replace(",3500", ",-3500"),
    )
    said = refused(plan)
    assert "ledger.csv" in said
    assert "row 3" in said


def test_negative_area_is_a_fault_of_the_row(tmp_path):
    plan = small_plan.write(tmp_path)
    (tmp_path / "parcels.gpkg").unlink()
    small_plan.parcels(**{"面积（亩）": [15.0, -15.0]}).to_file(tmp_path / "parcels.gpkg", layer="parcels")
    assert main(["run", str(plan), "--out", str(tmp_path / "out")]) == 0
    rejected = pd.read_csv(tmp_path / "out" / "rejected.csv")
    assert rejected.record_id.tolist() == ["B"]
    result = lu.open_run(tmp_path / "out")
    source = next(s for s in result.ledger["inputs"] if s["role"] == "parcels")
    assert (source["rows_read"], source["accepted"], source["rejected"]) == (2, 1, 1)


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_engines_of_later_versions_are_refused_clearly(tmp_path, refused, engine):
    assert "--engine" in refused(small_plan.write(tmp_path), "--engine", engine)


def test_later_inputs_are_refused_clearly(tmp_path, refused):
    plan = small_plan.PLAN.replace("[output]", '[[imagery]]\npath = "x.tif"\n\n[output]')
    assert "imagery" in refused(small_plan.write(tmp_path, plan=plan))


def test_explain_of_a_folder_that_is_no_run(tmp_path, capsys):
    assert main(["explain", str(tmp_path), "A"]) == 2
    assert "ledger.json" in capsys.readouterr().err


def test_explain_of_an_unknown_id_names_the_nearest(tmp_path, capsys):
    plan = small_plan.write(tmp_path)
    assert main(["run", str(plan), "--out", str(tmp_path / "out")]) == 0
    assert main(["explain", str(tmp_path / "out"), "X9"]) == 2
    assert "did you mean 'X" in capsys.readouterr().err


def test_no_cell_of_a_csv_is_run_as_a_formula(tmp_path):
    risky = ["=1+1", "+8613800000000", "@SUM(A1)", "-2+3+cmd|' /C calc'!A1", "\t=1", "＝1"]
    harmless = ["-2.5", "-12%", "2026-06-30", "甲", "a=b"]
    write_csv(pd.DataFrame({"raw": pd.array([*risky, *harmless], dtype="str")}), tmp_path / "a.csv")
    back = pd.read_csv(tmp_path / "a.csv", dtype=str, encoding="utf-8-sig")["raw"].tolist()
    assert back == ["'" + text for text in risky] + harmless
