"""The main job on real input: six survey parcels, five real amounts, every figure written down beforehand."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pyproj
import pytest

import landuse as lu
from landuse.cli.main import main
from tests.oracles import ellipsoid as oracle

HERE = Path(__file__).resolve().parents[1] / "golden" / "real"


@pytest.fixture(scope="module")
def expected():
    return tomllib.loads((HERE / "survey_parcels.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def result(shared_data):
    return lu.run(HERE / "plan.toml")


def rings(path: Path) -> list[tuple[float, float]]:
    """Read the coordinates of a file again, the plain way: (north, east) to (east, north)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    points = [line.split(",") for line in lines if line.startswith("J")]
    return [(float(p[3]), float(p[2])) for p in points]


def planar(points: list[tuple[float, float]]) -> float:
    pairs = zip(points, points[1:], strict=False)
    x0, y0 = points[0]
    return abs(sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairs)) / 2


def test_planar_areas_are_the_declared_hectares_to_the_last_digit(result, expected):
    facts = result.parcel_facts
    assert len(facts) == 6
    for case in expected["parcel"]:
        digits = len(case["declared_ha"].split(".")[1])
        measured = facts.planar_m2[case["parcel_id"]] / 10_000
        assert f"{measured:.4f}".rstrip("0").rstrip(".") == case["declared_ha"], (measured, digits)
        assert facts.stated_area_m2[case["parcel_id"]] == pytest.approx(float(case["declared_ha"]) * 1e4)


def test_planar_areas_are_those_of_the_coordinates(result, shared_data):
    for path in (shared_data / "survey_txt").glob("*.txt"):
        assert result.parcel_facts.planar_m2[f"{path.stem}#1"] == pytest.approx(planar(rings(path)), abs=1e-4)


def test_ellipsoid_areas_agree_with_an_independent_integral(result, shared_data):
    turn = pyproj.Transformer.from_crs(4526, 4490, always_xy=True)
    for path in (shared_data / "survey_txt").glob("*.txt"):
        points = [turn.transform(x, y) for x, y in rings(path)]
        found = result.parcel_facts.area_m2[f"{path.stem}#1"]
        area = oracle.ring_area(points, 6378137.0, 6356752.314140356)
        assert found == pytest.approx(area, abs=1e-3)


def test_every_wan_per_mu_is_the_one_written_down(result, expected):
    facts = result.project_facts
    for case in expected["project"]:
        row = facts.loc[case["project_id"]]
        assert [row.total_invest_wan_low, row.total_invest_wan_high] == pytest.approx(case["total_wan"])
        assert [row.land_mu_low, row.land_mu_high] == pytest.approx([case["land_mu"]] * 2, abs=5e-5)
        found = [row.total_wan_per_mu_low, row.total_wan_per_mu_high]
        assert found == pytest.approx(case["total_wan_per_mu"], abs=5e-5)
        linked = result.links[result.links.project_id == case["project_id"]]
        assert sorted(linked.parcel_id) == sorted(case["parcels"])
        assert linked.share.sum() == 1.0


def test_parcels_carry_the_ratio_of_their_project(result, expected):
    for case in expected["project"]:
        for parcel in case["parcels"]:
            row = result.parcel_facts.loc[parcel]
            found = [row.total_wan_per_mu_low, row.total_wan_per_mu_high]
            assert found == pytest.approx(case["total_wan_per_mu"], rel=1e-9, abs=5e-5)


def test_made_up_ids_are_said(result):
    said = result.issues[result.issues.kind == "id_made"]
    assert len(said) == 6


def test_without_zones_and_dates_everything_is_undecided(result):
    status = result.project_status.set_index("subject_id")
    assert set(result.parcel_status.verdict) == {"undecided"}
    # no zone is known; over 5000 by any class, but the fixed assets are not known
    assert status.verdict.to_dict() == dict.fromkeys(["Q01", "Q06", "Q07", "Q09", "Q12"], "undecided")


def test_every_quoted_sentence_parses_to_its_amount_and_land(shared_data):
    path = shared_data / "land_supply" / "amount_area_sentences.json"
    for case in json.loads(path.read_text(encoding="utf-8")):
        amount, area = lu.parse_amount(case["text"]), lu.parse_area(case["text"])
        assert amount.low <= case["invest_wan"] <= amount.high
        assert amount.high == case["invest_wan"] or amount.approx
        assert (amount.bound == "at_most") == (case.get("invest_op") == "<=")
        meant = case["area_m2"] if "area_m2" in case else case["area_mu"] * 2000 / 3
        assert area.low * (1 - 1e-12) <= meant <= area.high * (1 + 1e-12)
        assert area.approx == case.get("area_approx", False)
        if not area.approx:
            assert area.low == area.high == pytest.approx(meant, rel=1e-12)


def test_the_documented_command_runs(shared_data, tmp_path, capsys):
    assert main(["run", str(HERE / "plan.toml"), "--out", str(tmp_path / "out")]) == 0
    for name in ("map.html", "map.png", "map.pdf", "workbook.xlsx", "results.gpkg", "issues.csv"):
        assert (tmp_path / "out" / name).stat().st_size > 0
    assert "44120000072" in (tmp_path / "out" / "issues.csv").read_text(encoding="utf-8-sig")
