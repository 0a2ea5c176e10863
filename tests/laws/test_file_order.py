"""The order of files decides nothing: parcels in three files, projects in two and in a layer, in every order."""

from __future__ import annotations

from itertools import permutations

import geopandas as gpd
import pytest
from pandas.testing import assert_frame_equal

import landuse as lu
from landuse.testing.worlds import city

TABLES = ("parcels", "projects", "links", "unlinked", "parcel_facts", "project_facts", "zone_facts",
          "parcel_status", "project_status", "blocks", "grants", "geometry_faults", "issues", "rejected")  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    world = city()
    parcels = world.files.parcels.drop_duplicates("宗地代码")  # of two equal rows the first is kept, said
    projects = lu.run("sample_parcels/plan.toml").tables["projects"]
    for n, part in enumerate((parcels[:150], parcels[150:210], parcels[210:].to_crs("EPSG:4526"))):
        gpd.GeoDataFrame(part).to_file(folder / f"p{n}.gpkg")
    for n, part in enumerate((projects[:70], projects[70:])):
        lu.write_ledger(part, folder / f"l{n}.csv")
    drawn = parcels[::40].to_crs("EPSG:4526").geometry.reset_index(drop=True)
    shapes = [s.buffer(-1.0) if n % 3 else s.centroid for n, s in enumerate(drawn)]
    gpd.GeoDataFrame(
        {"项目编号": [f"F{n}" for n in range(10)], "项目名称": [f"红线 {n}" for n in range(10)],
         "总投资（万元）": [7000.0 + n for n in range(10)]},
        geometry=[*shapes[:9], None], crs="EPSG:4526",
    ).to_file(folder / "f2.gpkg")  # fmt: skip
    book = "原名称,现名称\n洛阳甲乙厂,洛阳丙丁厂\n"
    (folder / "renames.csv").write_text(book, encoding="utf-8")
    world.files.zones.to_file(folder / "zones.gpkg")

    def _run(order, ledgers):
        return lu.run(
            {
                "as_of": "2026-06-30",
                "policies": ["cn-luoyang-zones-2011", "cn-idle-land-2012"],
                "working_crs": "EPSG:4525",
                "parcels": [{"path": str(folder / f"p{n}.gpkg")} for n in order],
                "projects": [{"path": str(folder / ("l0.csv", "l1.csv", "f2.gpkg")[n])} for n in ledgers],
                "renames": {"path": str(folder / "renames.csv")},
                "zones": [{"path": str(folder / "zones.gpkg")}],
            }
        ).tables

    return _run


def sorted_rows(table):
    flat = table.reset_index() if table.index.name else table
    keys = flat.astype(object).apply(lambda row: "|".join(map(str, row)), axis=1)
    return flat.iloc[keys.argsort(kind="stable")].reset_index(drop=True)


def test_the_order_of_files_does_not_matter(run):
    first = run((0, 1, 2), (0, 1, 2))
    assert (first["links"]["method"] == "footprint").sum() >= 9
    assert len(first["parcels"]) == 400
    for order in [*permutations((0, 1, 2))][1::2]:
        again = run(order, order[::-1])
        for name in TABLES:
            one, other = sorted_rows(first[name]), sorted_rows(again[name])
            assert_frame_equal(one, other, obj=name, rtol=1e-12)
