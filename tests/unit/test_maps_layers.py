"""From a result to layers: every parcel in the class a reader would give it, sums that agree with the tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from landuse import tables as t
from landuse.errors import CrsError, LanduseError
from landuse.maps.layers import Theme, intensity_classes, plan_layers
from landuse.maps.records import OPEN_END, plan_records
from tests.unit.maps_world import INTENSITY, PROJECT_CLASSES, VERDICTS, outlines, parcel_ids, small_result

INTENSITY_CLASSES = {
    "A01": "0",
    "A02": "1",
    "A03": "2",
    "A04": "3",
    "A05": "3",
    "A06": "4",
    "A07": "straddle",
    "A08": "unknown",
    "B01": "2",
    "B02": "0",
}
"""Classes: under 100, 100 to 150, 150 to 200, 200 to 300, 300 and more; a class holds its lower limit."""


def classes(theme: Theme) -> list[str]:
    """Return the class of each shape by name."""
    return [theme.styles[code].key for code in theme.codes]


@pytest.fixture(scope="module")
def result() -> t.Result:
    return small_result()


def test_every_parcel_stands_in_its_class(result: t.Result) -> None:
    intensity, project, parcel = plan_layers(result).parcels.themes
    assert dict(zip(parcel_ids(), classes(intensity), strict=True)) == {
        i: INTENSITY_CLASSES.get(i, "unlinked") for i in parcel_ids()
    }
    assert dict(zip(parcel_ids(), classes(project), strict=True)) == {
        i: PROJECT_CLASSES.get(i, "unlinked") for i in parcel_ids()
    }
    assert classes(parcel) == VERDICTS


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (149.99, 149.99, "1"),
        (150.0, 150.0, "2"),
        (150.0 * (1 - 1e-15), 150.0 * (1 - 1e-15), "2"),
        (200.0, 200.0, "3"),
        (199.9999, 199.9999, "2"),
        (199.9999, 200.0, "straddle"),
        (0.0, np.inf, "straddle"),
        (300.0, np.inf, "4"),
        (0.0, 0.0, "0"),
        (np.nan, np.nan, "unknown"),
    ],
)
def test_intensity_at_the_limits(low: float, high: float, expected: str) -> None:
    facts = pd.DataFrame({"fixed_wan_per_mu_low": [low], "fixed_wan_per_mu_high": [high], "projects": [1]})
    assert intensity_classes(facts).tolist() == [expected]


def test_counts_and_areas_are_those_of_the_tables(result: t.Result) -> None:
    shapes = outlines()
    for theme in plan_layers(result).parcels.themes:
        assert sum(theme.counts) == 30
        assert sum(theme.area_m2) == pytest.approx(sum(s.area for s in shapes.values()), abs=0.01)
    idle = plan_layers(result).parcels.themes[2]
    two_years = [s.key for s in idle.styles].index("idle_2y")
    assert idle.counts[two_years] == 3
    assert idle.area_m2[two_years] == pytest.approx(40_000 + 40_000 + 32_000)


def test_unknown_area_counts_but_adds_nothing(result: t.Result) -> None:
    facts = result.parcel_facts.copy()
    facts.loc["B10", "area_used_m2"] = np.nan
    changed = replace(result, tables=result.tables | {"parcel_facts": facts})
    idle = plan_layers(changed).parcels.themes[2]
    place = [s.key for s in idle.styles].index("out_of_scope")
    assert (idle.counts[place], idle.area_m2[place]) == (1, 0.0)


def test_small_layers(result: t.Result) -> None:
    layers = plan_layers(result)
    assert classes(layers.reserve.themes[0]) == ["granted", "free"]
    assert layers.blocks.themes[0].counts == (2,)
    assert layers.zones.themes[0].counts == (2,)


def test_idle_words_are_of_suspicion(result: t.Result) -> None:
    names = {s.key: s.label for s in plan_layers(result).parcels.themes[2].styles}
    assert all(names[key].startswith("涉嫌") for key in t.RECOVERABLE)


def test_rows_without_a_status_are_unrated(result: t.Result) -> None:
    tables = result.tables | {
        "parcel_status": t.PARCEL_STATUS.empty(),
        "project_status": t.PROJECT_STATUS.empty(),
    }
    _, project, parcel = plan_layers(replace(result, tables=tables)).parcels.themes
    assert set(classes(parcel)) == {"unrated"}
    assert set(classes(project)) == {"unrated", "unlinked"}


def test_an_empty_run_has_empty_layers() -> None:
    tables = {name: table.empty(crs="EPSG:4525") for name, table in t.RUN_TABLES.items()}
    layers = plan_layers(replace(small_result(), tables=tables))
    assert [len(layer.shapes) for layer in layers.all()] == [0, 0, 0, 0]


def test_an_unknown_verdict_is_refused(result: t.Result) -> None:
    status = result.parcel_status.assign(verdict="sold")
    with pytest.raises(LanduseError, match=r"no class for \['sold'\]"):
        plan_layers(replace(result, tables=result.tables | {"parcel_status": status}))


def test_no_coordinate_system_is_refused(result: t.Result) -> None:
    parcels = result.parcels.set_crs(None, allow_override=True)
    with pytest.raises(CrsError, match="parcels of the result have no coordinate system"):
        plan_layers(replace(result, tables=result.tables | {"parcels": parcels}))


def test_the_result_is_left_as_it_was(result: t.Result) -> None:
    before = {name: table.copy() for name, table in result.tables.items()}
    layers = plan_layers(result)
    plan_records(result, {layer.key: layer.shapes.index for layer in layers.all()})
    for name, table in before.items():
        pd.testing.assert_frame_equal(result.tables[name], table)


@pytest.fixture(scope="module")
def order() -> list[str]:
    return parcel_ids()[::-1]


@pytest.fixture(scope="module")
def records(order: list[str]) -> dict[str, pd.DataFrame]:
    result = small_result()
    ids = {
        "parcels": pd.Index(order, dtype="str"),
        "reserve": result.reserve.index,
        "blocks": result.blocks.index,
        "zones": result.zones.index,
    }
    return plan_records(result, ids)


def test_parcels_follow_the_order_of_the_shapes(records: dict[str, pd.DataFrame], order: list[str]) -> None:
    parcels = records["parcels"]
    assert parcels["id"].tolist() == order
    assert parcels["zone"].tolist() == ["示例二产业集聚区"] * 10 + ["示例一产业集聚区"] * 20
    assert parcels["intensity_low"].tolist()[-1] == INTENSITY["A01"][0]
    assert parcels["intensity_high"].tolist()[-6] == OPEN_END, "an open end is -1"
    assert parcels["cause"].dropna().to_dict() == {"A16": "第八条（二）"}


def test_reasons_stand_as_the_status_has_them(records: dict[str, pd.DataFrame], order: list[str]) -> None:
    status = small_result().parcel_status.set_index("subject_id")
    for row in records["parcel_status"].itertuples():
        assert row.reason == status.loc[order[row.of], "reason"]
    assert len(records["parcel_status"]) == 30


def test_links_point_at_projects(records: dict[str, pd.DataFrame], order: list[str]) -> None:
    links = records["links"]
    pairs = {
        (order[of], records["projects"]["id"].iloc[p])
        for of, p in zip(links["of"], links["project"], strict=True)
    }
    assert ("A06", "P3") in pairs
    assert ("A06", "P4") in pairs
    assert len(pairs) == 12


def test_grants_point_at_their_reserve_block(records: dict[str, pd.DataFrame]) -> None:
    grants = records["grants"]
    assert grants["project_id"].tolist() == ["P2", "P3", "P1"]
    assert grants["of"].tolist() == [0, -1, -1]


def test_the_headline_comes_first() -> None:
    result = small_result()
    second = result.parcel_status.assign(policy="another", headline=False, reason="其他政策")
    both = t.stack([second, result.parcel_status], t.PARCEL_STATUS)
    changed = replace(result, tables=result.tables | {"parcel_status": both})
    ids = {k: getattr(result, k).index for k in ("parcels", "reserve", "blocks", "zones")}
    rows = plan_records(changed, ids)["parcel_status"]
    assert rows[rows["of"] == 0]["policy"].tolist() == ["cn-idle-land-2012", "another"]
