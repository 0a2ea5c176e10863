"""Several coordinate systems in one run: one plane to work in, said; figures that do not depend on it."""

from __future__ import annotations

import itertools
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

import landuse as lu
from landuse.errors import CrsError
from landuse.io.coordinates.moving import bring_to
from landuse.io.gather import gather
from landuse.io.plan.file import load_plan
from landuse.io.readers import read_parcels
from landuse.io.table.stacking import stack_parcels
from landuse.measuring.area import ellipsoid_area

WEST, EAST, N = 37_638_000.0, 38_362_000.0, 3_833_000.0
XIAN = {"from": "xian1980", "to": "cgcs2000", "rotation": "coordinate_frame", "dx_m": -12.5, "dy_m": 130.25,
        "dz_m": 7.75, "rx_sec": 0.5, "ry_sec": -0.25, "rz_sec": 0.75, "scale_ppm": -4.5, "source": "某局 2019"}  # fmt: skip


def square(x=WEST, y=N, size=100.0):
    return shapely.box(x, y, x + size, y + size)


@pytest.fixture
def put(tmp_path):
    def writer(name, crs, *shapes, **columns):
        stem = name.split(".")[0]
        data = columns or {"parcel_id": [f"{stem}{i}" for i in range(len(shapes))]}
        table = gpd.GeoDataFrame(data, geometry=list(shapes), crs=crs)
        table.to_file(tmp_path / name)
        (tmp_path / name).with_suffix(".prj").unlink(missing_ok=True)
        return {"path": str(tmp_path / name)}

    return writer


def plan(*parcels, **more):
    return {"as_of": "2026-06-30", "parcels": list(parcels), **more}


def gathered(*parcels, **more):
    return gather(load_plan(plan(*parcels, **more)))


@pytest.mark.parametrize("size", [30.0, 300.0, 2_000.0])
@pytest.mark.parametrize("target", [4525, 4546, 4497, 4490, 32649, 4527])
def test_areas_do_not_depend_on_the_working_system(size, target):
    table = gpd.GeoDataFrame(geometry=[square(EAST, size=size).buffer(-1.0, join_style="mitre")], crs=4526)
    table = table.assign(planar_m2=np.nan)
    moved, _ = bring_to(table, target, file="a")
    here, there = ellipsoid_area(table.geometry).iloc[0], ellipsoid_area(moved.geometry).iloc[0]
    assert there == pytest.approx(here, abs=1e-4)
    assert moved["planar_m2"].tolist() == [table.geometry.area.iloc[0]]
    if target != 4490:
        assert moved.geometry.area.iloc[0] != pytest.approx(here, rel=1e-4), "planar areas do depend on it"


def test_luoyang_across_zones_37_and_38(put):
    inputs = gathered(
        put("a.gpkg", 4525, square(), square(WEST + 200)),
        put("b.gpkg", 4526, square(EAST)),
        zones=[put("z.gpkg", 4526, square(EAST - 9_000, N - 9_000, 18_000), 名称=["示范区"])],
    )
    parcels, zones = inputs.parcels.table, inputs.zones.table
    assert parcels.crs.to_epsg() == zones.crs.to_epsg() == 4525
    assert shapely.contains(zones.geometry.iloc[0], parcels.geometry).all()
    (said,) = inputs.parcels.issues.query("kind == 'working_crs'")["message"]
    assert "EPSG:4525 (2), EPSG:4526 (1)" in said
    assert inputs.zones.issues["kind"].tolist().count("crs_changed") == 1
    assert [s.crs for s in inputs.parcels.sources] == ["EPSG:4525", "EPSG:4526"]


def test_the_choice_does_not_depend_on_the_order_of_files(put):
    files = [
        put("a.gpkg", 4526, square(EAST)),
        put("b.gpkg", 4525, square()),
        put("c.gpkg", 4490, shapely.box(112.6, 34.6, 112.601, 34.601)),
        put("d.gpkg", 32649, square(640_000.0)),
    ]
    readings = [read_parcels(file["path"]) for file in files]
    wholes = [stack_parcels(order) for order in itertools.permutations(readings)]
    assert {whole.table.crs.to_epsg() for whole in wholes} == {4526}
    first = wholes[0].table.sort_index()
    for whole in wholes[1:]:
        assert whole.table.sort_index().equals(first)


def test_cgcs2000_goes_before_other_datums_and_rows_decide(put):
    utm = put("a.gpkg", 32649, *[square(640_000.0 + 200 * i) for i in range(9)])
    assert gathered(utm).parcels.table.crs.to_epsg() == 32649
    assert gathered(utm, put("b.gpkg", 4526, square(EAST))).parcels.table.crs.to_epsg() == 4526


def test_the_plan_may_name_the_plane(put):
    inputs = gathered(put("a.gpkg", 4525, square()), working_crs="EPSG:4526")
    assert inputs.parcels.table.crs.to_epsg() == 4526
    assert inputs.parcels.table["planar_m2"].tolist() == [10_000.0]
    assert "working_crs" in inputs.parcels.issues["message"].iloc[0]
    assert not len(gathered(put("b.gpkg", 4525, square()), working_crs="EPSG:4525").parcels.issues)


def test_an_old_datum_is_refused_without_and_moved_with_parameters(put):
    old, new = put("老.gpkg", 2361, square()), put("新.gpkg", 4525, square(WEST + 500))
    with pytest.raises(CrsError, match=r'老\.gpkg.*\[\[datum_shift\]\] from = "xian1980"  to = "cgcs2000"'):
        gathered(old, new)
    inputs = gathered(old, new, datum_shift=[XIAN])
    assert inputs.parcels.table.crs.to_epsg() == 4525
    said = inputs.parcels.issues.set_index("kind")["message"]
    assert "某局 2019" in said["datum_shifted"]
    assert "rx_sec=0.5" in said["datum_shifted"]


def test_parameters_that_lead_away_from_the_only_datum_are_used(put):
    inputs = gathered(put("老.gpkg", 2361, square()), datum_shift=[XIAN])
    assert inputs.parcels.table.crs.to_epsg() == 4525
    assert {"working_crs", "crs_changed", "datum_shifted"} == set(inputs.parcels.issues["kind"])
    bare = gathered(put("裸.gpkg", 2382, square(638_000.0)), datum_shift=[XIAN])
    assert bare.parcels.table.crs.to_epsg() == 4546
    assert gathered(put("旧.gpkg", 2361, square())).parcels.table.crs.to_epsg() == 2361, (
        "none given: it stays"
    )


def test_parameters_that_no_file_needs_are_said(put):
    inputs = gathered(put("a.gpkg", 4525, square()), datum_shift=[XIAN])
    assert inputs.parcels.issues["kind"].tolist() == ["datum_shift_unused"]


LOCAL = {"from": "洛阳独立坐标系", "to": "EPSG:4525", "rotation": "clockwise", "north_m": 3_800_000.0,
         "east_m": 37_600_000.0, "rotation_sec": 1800.0, "scale_ppm": 25.0}  # fmt: skip


def test_a_local_plane_tied_by_four_parameters(put):
    entry = put("本地.shp", 4525, square(38_000.0, 33_000.0)) | {"crs": "洛阳独立坐标系"}
    inputs = gathered(entry, datum_shift=[LOCAL])
    table = inputs.parcels.table
    assert table.crs.to_epsg() == 4525
    assert inputs.parcels.sources[0].crs == "洛阳独立坐标系"
    a, k = np.radians(0.5), 1 + 25e-6
    north, east = 3_800_000 + k * (33_000 * np.cos(a) - 38_000 * np.sin(a)), 37_600_000 + k * (33_000 * np.sin(a) + 38_000 * np.cos(a))  # fmt: skip
    points = np.array(table.geometry.iloc[0].exterior.coords)
    assert np.hypot(*(points - (east, north)).T).min() < 1e-5
    assert table.geometry.area.iloc[0] == pytest.approx(10_000 * k * k, rel=1e-9)
    assert table["planar_m2"].tolist() == [10_000.0], "the area in the plane it was drawn in"


def test_a_local_plane_in_survey_txt(tmp_path):
    rows = "\n".join(
        f"J{i},1,{33_000 + x},{38_000 + y}"
        for i, (x, y) in enumerate([(0, 0), (100, 0), (100, 100), (0, 100)])
    )
    (tmp_path / "a.txt").write_text(
        f"[属性描述]\n坐标系=洛阳独立坐标系\n[地块坐标]\n4,1,A,,面,,,,@\n{rows}\n", encoding="gbk"
    )
    inputs = gathered({"path": str(tmp_path / "a.txt"), "crs": "洛阳独立坐标系"}, datum_shift=[LOCAL])
    assert inputs.parcels.table.geometry.area.iloc[0] == pytest.approx(10_000, rel=1e-4)
    assert 37_637_000 < inputs.parcels.table.total_bounds[0] < 37_639_000
    assert "datum_by_plan" in set(inputs.parcels.issues["kind"])
    assert inputs.parcels.sources[0].crs == "洛阳独立坐标系"


def test_a_local_plane_that_lands_abroad_is_refused(put):
    entry = put("本地.shp", 4525, square(WEST, N)) | {"crs": "洛阳独立坐标系"}
    with pytest.raises(CrsError, match="outside the area"):
        gathered(entry, datum_shift=[LOCAL])


def test_an_empty_file_of_another_datum_does_no_harm(put):
    full = read_parcels(put("a.gpkg", 4525, square())["path"])
    empty = read_parcels(put("b.gpkg", 2361, square())["path"])
    bare = type(empty)(empty.table.iloc[:0], empty.issues, empty.rejected, full.sources)
    assert len(stack_parcels([full, bare]).table) == 1


def test_a_run_says_it_in_its_ledger(put, tmp_path):
    west, east = put("a.gpkg", 4525, square()), put("b.gpkg", 4526, square(EAST))
    old = put("老.gpkg", 2361, square(WEST + 900))
    whole = plan(
        west,
        east,
        old,
        policies=["cn-idle-land-2012"],
        datum_shift=[XIAN],
        output={"map": False, "workbook": False},
    )
    result = lu.run(whole)
    lu.save(result, tmp_path / "out")
    ledger = json.loads((tmp_path / "out" / "ledger.json").read_text(encoding="utf-8"))
    assert ledger["working_crs"] == "EPSG:4525"
    assert "EPSG:2361 (1), EPSG:4525 (1), EPSG:4526 (1)" in ledger["working_crs_why"]
    assert ledger["datum_shifts"] == [XIAN]
    other = lu.run(whole | {"working_crs": "EPSG:4526"})
    one, two = (r.tables["parcel_facts"][["area_m2", "planar_m2"]] for r in (result, other))
    assert np.abs(one["area_m2"] - two["area_m2"]).max() < 1e-3
    assert one["planar_m2"].tolist() == pytest.approx([10_000.0] * 3)
    assert two["planar_m2"].tolist() == pytest.approx([10_000.0] * 3)
