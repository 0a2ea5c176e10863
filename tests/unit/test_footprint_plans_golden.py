"""Golden plans with footprints: files in, links, money, land and issues out, as a land officer would write them."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import landuse as lu
from landuse.cli.main import main
from tests.rows_by_hand import CRS, EAST, NORTH, rectangle

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "footprint_plans"
M2_PER_MU = 2000.0 / 3.0
JUDGING = ("rule_never_held", "fact_mostly_unknown")
"""Kinds that speak of rules, not of links."""


def shape_of(row):
    if "point" in row:
        return shapely.Point(EAST + row["point"][0], NORTH + row["point"][1])
    if "line" in row:
        return rectangle(row["line"]).exterior
    return rectangle(row["footprint"]) if "footprint" in row else None


def ledger_of(rows):
    heads = {
        "id": "项目编号",
        "zone": "产业集聚区",
        "refs": "宗地编号",
        "total": "总投资（万元）",
        "holder": "建设单位",
    }
    frame = pd.DataFrame([{heads[k]: v for k, v in row.items() if k in heads} for row in rows])
    return frame.assign(项目名称=[f"{row['id']} 项目" for row in rows])


def files_of(case, folder):
    """Write the files of a plan; return it."""
    parcels = case["parcels"]
    shapes = [rectangle(p["rect"]) for p in parcels]
    gpd.GeoDataFrame(
        {"宗地编号": [p["id"] for p in parcels], "面积（平方米）": [s.area for s in shapes]},
        geometry=shapes,
        crs=CRS,
    ).to_file(folder / "宗地.gpkg")
    zones = case["zones"]
    gpd.GeoDataFrame(
        {"集聚区编号": [z["id"] for z in zones], "类别": [z["class"] for z in zones]},
        geometry=[rectangle(z["rect"]) for z in zones],
        crs=CRS,
    ).to_file(folder / "集聚区.gpkg")
    ledger_of(case["ledger"]).to_csv(folder / "台账.csv", index=False, encoding="utf-8-sig")
    drawn = gpd.GeoDataFrame(ledger_of(case["layer"]), geometry=[shape_of(r) for r in case["layer"]], crs=CRS)
    drawn.to_crs(case["layer_crs"]).to_file(folder / "红线.gpkg", layer="项目")
    plan = folder / "plan.toml"
    plan.write_text(
        f'title = "{case["title"]}"\nas_of = 2026-06-30\n[[parcels]]\npath = "宗地.gpkg"\n'
        '[[projects]]\npath = "台账.csv"\n[[projects]]\npath = "红线.gpkg"\nlayer = "项目"\n'
        '[[zones]]\npath = "集聚区.gpkg"\n[output]\nmap = false\nworkbook = false\n',
        encoding="utf-8",
    )
    return plan


@pytest.fixture(scope="module", params=sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def run(request, tmp_path_factory):
    case = tomllib.loads(request.param.read_text(encoding="utf-8"))
    folder = tmp_path_factory.mktemp("plan")
    plan = files_of(case, folder)
    result = lu.run(plan)
    lu.save(result, folder / "out")
    return case["expect"], lu.open_run(folder / "out"), folder


def test_links_shares_and_joint_sites(run):
    expect, result, _ = run
    got = [
        (r.project_id, r.parcel_id, Fraction(r.share).limit_denominator(1000), r.share_basis, r.method,
         "" if pd.isna(r.joint_site_id) else r.joint_site_id)
        for r in result.links.itertuples()
    ]  # fmt: skip
    assert got == [(p, q, Fraction(share), *more) for p, q, share, *more in expect["links"]]
    left = dict(zip(result.unlinked["project_id"], result.unlinked["reason"], strict=True))
    assert left == expect["unlinked"]


def test_money_to_the_fen(run):
    expect, result, _ = run
    account = result.ledger["accounts"]["money"]["total_invest_wan"]
    assert account["low"] == account["high"]
    assert {k: account["low"][f"{k}_fen"] for k in ("read", "linked", "unlinked")} == expect["money_fen"]
    on_parcels = result.parcel_facts["total_invest_wan_low"]
    assert {p: on_parcels[p] for p in expect["parcel_money"]} == pytest.approx(
        expect["parcel_money"], rel=1e-9
    )
    for path, (read, linked, unlinked) in expect["sources"].items():
        rows = result.ledger["accounts"]["sources"]["projects"][path]
        assert (rows["in"], rows["linked"], rows["unlinked"]) == (read, linked, unlinked)


def test_land(run):
    expect, result, _ = run
    land = {f"{r.project_id} {r.parcel_id}": r.land_m2 / M2_PER_MU for r in result.links.itertuples()}
    assert {k: land[k] for k in expect["land_mu"]} == pytest.approx(expect["land_mu"], rel=1e-6)
    facts = result.project_facts
    for project, ends in expect["project_land_mu"].items():
        got = (facts.at[project, "land_mu_low"], facts.at[project, "land_mu_high"])
        assert got == pytest.approx(tuple(ends), rel=1e-6), project
    books = result.ledger["accounts"]["land"]
    assert books["linked_mu"] + books["unlinked_mu"] == pytest.approx(books["read_mu"], rel=1e-12)


def test_everything_doubtful_is_said_once(run):
    expect, result, _ = run
    kinds = result.issues["kind"].value_counts().to_dict()
    assert {k: n for k, n in kinds.items() if k not in JUDGING} == expect["issues"]


def test_the_check_lists_the_layer(run, capsys):
    _, _, folder = run
    assert main(["check", str(folder / "plan.toml")]) == 0
    text = capsys.readouterr().out
    assert "红线.gpkg：读取 7 行 = 采用 7 + 剔除 0" in text
    assert "【项目图形没有采用】" in text


def test_map_figure_and_workbook_are_made_and_the_digests_are_those_of_the_first_run(run):
    _, first, folder = run
    plan = folder / "plan.toml"
    drawn = plan.read_text(encoding="utf-8").replace("= false", "= true")
    (folder / "drawn.toml").write_text(drawn, encoding="utf-8")
    again = lu.run(folder / "drawn.toml")
    assert again.ledger["digests"] == first.ledger["digests"]
    lu.save(again, folder / "drawn")
    assert {"map.html", "map.png", "map.pdf", "workbook.xlsx"} <= {
        p.name for p in (folder / "drawn").iterdir()
    }
    money = openpyxl.load_workbook(folder / "drawn" / "workbook.xlsx", read_only=True)
    assert "项目图形没有落在宗地上" in {
        c for sheet in money for row in sheet.values for c in row if isinstance(c, str)
    }


def test_the_run_folder_holds_the_shapes(run):
    _, result, folder = run
    projects = result.projects
    assert projects.crs.to_epsg() == 4525
    drawn = projects[projects.geometry.notna()]
    layer = gpd.read_file(folder / "out" / "results.gpkg", layer="projects")
    assert layer["project_id"].tolist() == drawn.index.tolist()
    assert layer.geometry.geom_equals(drawn.geometry.reset_index(drop=True)).all()
    from landuse.ledger import digest

    assert digest(projects) == result.ledger["digests"]["projects"]
