"""Measuring: zones settled between file and geometry, zone sums, and the rest of the facts."""

from __future__ import annotations

import datetime
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.errors import CrsError, LanduseError, LinkError
from landuse.linking import link
from landuse.measuring import ellipsoid_area, measure
from landuse.tables import PARCEL_FACTS, PARCELS, PROJECT_FACTS, ZONE_FACTS, ZONES
from tests.rows_by_hand import AS_OF, CRS, linked, measured, pair, parcels_of, projects_of, zones_of

# places 0-1 in the east zone, 2-3 in the south zone (both urban), 4-5 in the west zone (county), 6 in none
ZONE_ROWS = [
    {"id": "E", "name": "东 产业集聚区", "class": "urban", "slots": [0, 1]},
    {"id": "S", "name": "南产业集聚区", "class": "urban", "slots": [2, 3]},
    {"id": "W", "name": "西产业集聚区", "class": "county", "slots": [4, 5]},
]
UNKNOWN = None


def zone_of(facts, row):
    got = facts.loc[row, ["zone_id", "zone_class"]]
    return tuple(None if pd.isna(v) else v for v in got)


def one_parcel(slot, named=None, **columns):
    parcels = parcels_of([{"id": "A", "m2": 10_000, "slot": slot, "zone": named} | columns])
    facts = measured(parcels, projects_of([]), zones=zones_of(ZONE_ROWS))
    return zone_of(facts.parcels, "A"), facts.issues["kind"].tolist()


@pytest.mark.parametrize(
    ("slot", "named", "expected", "kinds"),
    [
        (0, None, ("E", "urban"), []),
        (0, "E", ("E", "urban"), []),
        (0, " 东产业集聚区 ", ("E", "urban"), []),  # by name, spaces apart
        (0, "ｅ", ("E", "urban"), []),  # full width, lower case
        (6, None, (None, "outside"), []),
        (0, "S", ("S", "urban"), ["zone_differs"]),  # another zone of the same class: the class stays
        (0, "W", ("W", UNKNOWN), ["zone_differs"]),
        (6, "W", ("W", UNKNOWN), ["zone_differs"]),
        (0, "北区", ("北区", UNKNOWN), ["zone_not_known"]),
    ],
)
def test_zone_of_a_parcel_is_settled_between_file_and_geometry(slot, named, expected, kinds):
    assert one_parcel(slot, named) == (expected, kinds)


def boundary_world(share, named=None, gap=0.0):
    """One parcel of 100 m by 100 m with ``share`` of it in E, the rest (beyond ``gap`` m) in S."""
    x, y = 37_500_000.0, 3_833_000.0
    cut = x + 100 * share
    zones = ZONES.conform(
        gpd.GeoDataFrame(
            {"name": ["东", "南"], "zone_class": ["urban", "urban"]},
            index=pd.Index(["E", "S"], name="zone_id"),
            geometry=[
                shapely.box(x - 10, y - 10, cut, y + 110),
                shapely.box(cut + gap, y - 10, x + 500, y + 110),
            ],
            crs=CRS,
        )
    )
    parcels = PARCELS.conform(
        gpd.GeoDataFrame(
            {"zone_id": [named]},
            index=pd.Index(["A"], name="parcel_id"),
            geometry=[shapely.box(x, y, x + 100, y + 100)],
            crs=CRS,
        )
    )
    facts = measure(parcels, projects_of([]), link(parcels, projects_of([])), zones=zones, as_of=AS_OF)
    return zone_of(facts.parcels, "A"), facts.issues["kind"].tolist()


@pytest.mark.parametrize(
    ("share", "gap", "named", "expected", "kinds"),
    [
        (0.51, 0, None, ("E", "urban"), []),
        (0.49, 0, None, ("S", "urban"), []),
        (0.5, 60, None, ("E", "urban"), []),  # half of it and no other zone: half is enough
        (0.5, 0, None, (None, UNKNOWN), ["zone_straddled"]),  # half and half
        (0.4, 30, None, (None, UNKNOWN), ["zone_straddled"]),  # 40 and 30 in a hundred
        (0.1, 200, None, (None, UNKNOWN), ["zone_straddled"]),  # a tenth inside
        (0.4, 30, "E", ("E", "urban"), ["zone_straddled"]),  # the file says, geometry does not contradict
        (0.0, 200, None, (None, "outside"), []),  # touches the boundary only
        (1.0, 0, "E", ("E", "urban"), []),
    ],
)
def test_half_of_a_parcel_decides(share, gap, named, expected, kinds):
    assert boundary_world(share, named, gap) == (expected, kinds)


def test_a_hair_over_the_boundary_is_not_land():
    # 0.001 m2 of 10,000 m2 is a tenth of a thousandth of a millimetre
    assert boundary_world(1e-8, None, 200.0) == ((None, "outside"), [])


def project_world(slots, ledger=None, named=None):
    rows = [{"id": f"A{s}", "m2": 10_000, "slot": s, "zone": (named or {}).get(s)} for s in slots]
    projects = projects_of([{"id": "P", "refs": [r["id"] for r in rows], "zone": ledger}])
    facts = measured(
        parcels_of(rows or [{"id": "B", "m2": 10_000, "slot": 6}]), projects, zones=zones_of(ZONE_ROWS)
    )
    return zone_of(facts.projects, "P"), facts.issues["kind"].tolist()


@pytest.mark.parametrize(
    ("slots", "ledger", "expected", "kinds"),
    [
        ([0], None, ("E", "urban"), []),
        ([0, 1], "E", ("E", "urban"), []),
        ([], "W", ("W", "county"), []),
        ([], None, (None, UNKNOWN), []),
        ([6], None, (None, "outside"), []),
        ([0], "S", ("S", "urban"), ["zone_differs"]),  # same class either way
        ([0], "W", ("W", UNKNOWN), ["zone_differs"]),
        ([6], "W", ("W", UNKNOWN), ["zone_differs"]),
        ([0, 2], None, (None, "urban"), ["zone_differs"]),
        ([0, 4], None, (None, UNKNOWN), ["zone_differs"]),
        ([0, 6], None, (None, UNKNOWN), ["zone_differs"]),
        ([0, 4], "E", ("E", UNKNOWN), ["zone_differs"]),
        ([0], "北区", ("北区", UNKNOWN), ["zone_not_known"]),
    ],
)
def test_zone_of_a_project_is_settled_between_ledger_and_parcels(slots, ledger, expected, kinds):
    assert project_world(slots, ledger) == (expected, kinds)


def test_a_project_on_a_disputed_parcel_has_no_class():
    # ledger and parcel file say E, the parcel lies in W: one issue, for the parcel
    assert project_world([4], "E", {4: "E"}) == (("E", UNKNOWN), ["zone_differs"])


def test_a_zone_without_class_gives_none():
    rows = [r | {"class": None} if r["id"] == "E" else r for r in ZONE_ROWS]
    parcels, projects = parcels_of([{"id": "A", "m2": 9_000}]), projects_of([{"id": "P", "refs": ["A"]}])
    facts = measured(parcels, projects, zones=zones_of(rows))
    assert zone_of(facts.parcels, "A") == zone_of(facts.projects, "P") == ("E", UNKNOWN)


def test_two_zones_of_one_name_are_not_told_apart_by_it():
    rows = [r | {"name": "集聚区"} for r in ZONE_ROWS]
    parcels = parcels_of([{"id": "A", "m2": 9_000, "zone": "集聚区"}])
    facts = measured(parcels, projects_of([]), zones=zones_of(rows))
    assert facts.issues["kind"].tolist() == ["zone_not_known"]


def test_without_a_zones_table_the_files_word_stands_and_no_class_is_known():
    parcels = parcels_of([{"id": "A", "m2": 10_000, "zone": "东区"}, {"id": "B", "m2": 10_000}])
    projects = projects_of(
        [
            {"id": "P", "refs": ["A"], "total": 3000, "fixed": 3000},
            {"id": "Q", "refs": ["B"]},
            {"id": "R", "zone": "西区"},
        ]
    )
    facts = measured(parcels, projects)
    assert zone_of(facts.parcels, "A") == zone_of(facts.projects, "P") == ("东区", None)
    assert zone_of(facts.projects, "Q") == (None, None)
    assert zone_of(facts.projects, "R") == ("西区", None)
    assert facts.zones.index.tolist() == ["东区", "西区"]
    assert pair(facts.zones, "东区", "fixed_wan_per_mu") == (200.0, 200.0)
    assert len(facts.issues) == 0


def test_zones_in_another_coordinate_system_are_refused():
    zones = zones_of(ZONE_ROWS).to_crs("EPSG:4526")
    with pytest.raises(CrsError, match="to_crs"):
        measured(parcels_of([{"id": "A", "m2": 9_000}]), projects_of([]), zones=zones)


def test_parcels_without_a_coordinate_system_are_refused():
    parcels = parcels_of([{"id": "A", "m2": 9_000}]).set_crs(None, allow_override=True)
    with pytest.raises(CrsError):
        measured(parcels, projects_of([]))


def test_zone_figures_are_ratios_of_sums_over_known_money():
    mu = 2000 / 3
    parcels = parcels_of(
        [{"id": f"A{s}", "m2": m * mu, "slot": s} for s, m in ((0, 10), (1, 30), (4, 20), (5, 20), (6, 10))]
    )
    projects = projects_of(
        [
            {"id": "P1", "refs": ["A0"], "total": 4000, "fixed": 3000},  # 10 mu
            {"id": "P2", "refs": ["A1"], "total": 5000, "fixed": 3000},  # 30 mu
            {"id": "P3", "refs": ["A4"], "total": 8000},  # fixed unknown: not in the fixed figure
            {"id": "P4", "refs": ["A5", "X"], "total": 100, "fixed": 100},  # a parcel is missing
            {"id": "P5", "refs": ["A6"], "total": 999, "fixed": 999},  # outside
            {"id": "P6", "zone": "W", "total": 50, "fixed": 50},  # no land
        ]
    )
    zones = measured(parcels, projects, zones=zones_of(ZONE_ROWS)).zones
    assert pair(zones, "E", "fixed_wan_per_mu") == pytest.approx((150, 150))  # 6000/40, not (300+100)/2
    assert pair(zones, "E", "total_wan_per_mu") == pytest.approx((225, 225))
    assert zones.loc["E", ["coverage_mu", "coverage_total_mu"]].tolist() == pytest.approx([40, 40])
    assert zones.loc["E", ["parcels", "projects", "covered_projects"]].tolist() == [2, 2, 2]
    assert np.isnan(pair(zones, "W", "fixed_wan_per_mu")).all()
    assert np.isnan(pair(zones, "W", "fixed_invest_wan")).all()
    assert pair(zones, "W", "total_wan_per_mu") == pytest.approx((400, 400))
    assert zones.loc["W", ["coverage_mu", "coverage_total_mu"]].tolist() == pytest.approx([0, 20])
    assert zones.loc["W", ["parcels", "projects", "covered_projects"]].tolist() == [2, 3, 0]
    assert zones.loc["S", ["parcels", "projects", "coverage_mu"]].tolist() == [0, 0, 0]
    assert zones.loc["W", "parcel_land_mu"] == pytest.approx(40)


def test_a_site_over_two_zones_counts_by_parcel_and_money_by_share():
    mu = 2000 / 3
    parcels = parcels_of([{"id": "A1", "m2": 10 * mu, "slot": 1}, {"id": "A4", "m2": 30 * mu, "slot": 4}])
    projects = projects_of(
        [
            {"id": "P1", "refs": ["A1", "A4"], "total": 4000, "fixed": 4000, "zone": "E"},
            {"id": "P2", "refs": ["A4"], "total": 900, "fixed": 900, "zone": "W"},
        ]
    )
    zones = measured(parcels, projects, zones=zones_of(ZONE_ROWS)).zones
    assert pair(zones, "E", "fixed_invest_wan") == pytest.approx((1000, 1000))
    assert pair(zones, "W", "fixed_invest_wan") == pytest.approx((3900, 3900))
    assert zones.loc[["E", "W"], "coverage_mu"].tolist() == pytest.approx([10, 30])


@pytest.mark.parametrize(
    ("ownership", "construction", "expected"),
    [
        ("state", True, True),
        ("state", None, True),
        ("state", False, False),
        ("collective", True, False),
        ("collective", None, False),
        (None, False, False),
        (None, True, None),
        (None, None, None),
    ],
)
def test_state_owned_construction_land(ownership, construction, expected):
    parcels = parcels_of(
        [{"id": "A", "m2": 9_000, "ownership": ownership, "construction_land": construction}]
    )
    got = measured(parcels, projects_of([])).parcels.at["A", "state_construction"]
    assert (None if pd.isna(got) else bool(got)) is expected


def test_floor_and_building_ratios():
    floor = {"floor_area_m2_low": 15_000.0, "floor_area_m2_high": 20_000.0}
    parcels = parcels_of([{"id": "A", "m2": 10_000} | floor])
    facts = measured(parcels, projects_of([])).parcels
    assert pair(facts, "A", "far") == (1.5, 2.0)
    assert np.isnan(pair(facts, "A", "building_ratio")).all()


def test_land_by_the_other_bases_goes_with_the_ratio():
    # the plane 80 km from the meridian is 7.8e-5 larger than the ellipsoid; stated by plane
    x = 37_580_000.0
    square = shapely.box(x, 3_833_000, x + 200, 3_833_200)
    parcels = PARCELS.conform(
        gpd.GeoDataFrame(
            {"stated_area_m2": [40_000.0]},
            index=pd.Index(["A"], name="parcel_id"),
            geometry=[square],
            crs=CRS,
        )
    )
    projects = projects_of([{"id": "P", "refs": ["A"], "fixed": 100}, {"id": "Q", "requested": [5, 9]}])
    facts = measured(parcels, projects)
    area = float(ellipsoid_area(parcels.geometry).iloc[0])
    assert area < 40_000 - 2
    for frame, row in ((facts.parcels, "A"), (facts.projects, "P")):
        assert pair(frame, row, "intensity_land_m2") == (40_000.0, 40_000.0)
        assert pair(frame, row, "intensity_alt_land_m2") == pytest.approx((area, 40_000.0), abs=1e-6)
    assert pair(facts.projects, "Q", "intensity_alt_land_m2") == (5.0, 9.0)


def test_facts_keep_to_their_schemas_and_carry_the_date():
    parcels = parcels_of([{"id": "A", "m2": 10_000}])
    facts = measured(
        parcels, projects_of([{"id": "P", "refs": ["A"], "total": 9}]), zones=zones_of(ZONE_ROWS), as_of=AS_OF
    )
    for table, frame in (
        (PARCEL_FACTS, facts.parcels),
        (PROJECT_FACTS, facts.projects),
        (ZONE_FACTS, facts.zones),
    ):
        table.check(frame)
        assert list(frame.columns) == list(table.columns)
        assert (frame["as_of"] == pd.Timestamp(AS_OF)).all()
        assert frame["as_of"].dtype == "datetime64[us]"
    assert facts.as_of == AS_OF


def test_a_timestamp_counts_as_its_day():
    parcels = parcels_of([{"id": "A", "m2": 10_000, "start_due": pd.Timestamp("2026-06-29")}])
    facts = measured(parcels, projects_of([]), as_of=datetime.datetime(2026, 6, 30, 17, 5))
    assert pair(facts.parcels, "A", "days_past_start") == (1.0, 1.0)


def test_links_of_other_tables_are_refused():
    parcels, projects = parcels_of([{"id": "A", "m2": 9_000}]), projects_of([{"id": "P", "refs": ["A"]}])
    links = linked(parcels, projects)
    with pytest.raises(LinkError, match="'P' on parcel 'A'"):
        measured(parcels_of([{"id": "B", "m2": 9_000}]), projects, links)


def test_an_unknown_area_basis_is_refused():
    parcels = parcels_of([{"id": "A", "m2": 9_000}])
    with pytest.raises(LanduseError, match="area basis"):
        measure(parcels, projects_of([]), linked(parcels, projects_of([])), as_of=AS_OF, area="guess")


def test_every_issue_says_file_row_and_a_sentence():
    parcels = parcels_of(
        [
            {"id": "A", "m2": 10_000, "zone": "W", "started_on": pd.Timestamp("2027-01-01")},
            {"id": "B", "m2": 10_000, "zone": "无此区", "developed": 20_000},
        ]
    )
    projects = projects_of([{"id": "P", "refs": ["A"], "total": 1, "fixed": 2, "zone": "E"}])
    issues = measured(parcels, projects, zones=zones_of(ZONE_ROWS)).issues
    assert sorted(issues["kind"]) == [
        "after_as_of",
        "developed_over_due",
        "fixed_over_total",
        "zone_differs",
        "zone_differs",
        "zone_not_known",
    ]
    assert issues["source_file"].notna().all()
    assert issues["row"].notna().all()
    assert not issues["message"].str.contains("None|nan|<NA>").any()
    differs = issues[issues["kind"] == "zone_differs"]["message"].tolist()
    assert any("西产业集聚区" not in m and "登记为“W”" in m for m in differs)


def test_parcels_without_projects_have_no_money_and_say_so():
    facts = measured(parcels_of([{"id": "A", "m2": 9_000}]), projects_of([])).parcels
    assert facts.at["A", "projects"] == 0
    assert pd.isna(facts.at["A", "money_basis"])
    for stem in (
        "fixed_invest_wan",
        "total_invest_wan",
        "invested_wan",
        "fixed_wan_per_mu",
        "tax_wan_per_mu",
    ):
        assert all(map(math.isnan, pair(facts, "A", stem)))
