"""Ids: made, repeated, refused."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from landuse.errors import IdError
from landuse.io.table.dialect import settle_ids
from landuse.tables import PARCELS, PROJECTS, ZONES
from tests.unit.foreign_tables import grid

# ids


def _settle(ids, table=PARCELS, skip=None, **columns):
    source = grid({"x": [0] * len(ids)}, file="地块.shp")
    frame = pd.DataFrame({"__id__": pd.Series(ids, dtype="str"), **columns})
    frame["source_row"] = source.rows
    return settle_ids(frame, table, grid=source, skip=skip)


def test_missing_and_template_ids_are_made_from_file_and_row():
    found = _settle(["A", None, "FID_0", "DKMC", "OBJECTID", "ID7"])
    assert found.ids.tolist() == ["A", "地块#3", "地块#4", "地块#5", "地块#6", "ID7"]
    assert [(i["kind"], i["row"], i["raw"]) for i in found.issues] == [
        ("id_made", 3, None),
        ("id_made", 4, "FID_0"),
        ("id_made", 5, "DKMC"),
        ("id_made", 6, "OBJECTID"),
    ]


def test_zones_take_their_name_and_projects_need_one_of_both():
    assert _settle([None, "Z2"], ZONES, name=["甲区", "乙区"]).ids.tolist() == ["甲区", "Z2"]
    found = _settle([None, None], PROJECTS, name=["甲厂", None])
    assert found.ids.tolist()[0] == "地块#2"
    assert {p: k for p, (k, _) in found.rejected.items()} == {1: "no_id"}


def test_a_row_that_repeats_another_whole_is_rejected():
    square = shapely.box(0, 0, 1, 1)
    found = _settle(
        ["A", "A", "B"], holder=["甲", "甲", "甲"], geometry=[square, shapely.box(0, 0, 1, 1), square]
    )
    assert {p: k for p, (k, _) in found.rejected.items()} == {1: "duplicate_row"}
    assert "第 2 行" in found.rejected[1][1]


@pytest.mark.parametrize(
    "columns",
    [
        {"holder": ["甲", "乙"]},
        {"holder": ["甲", None]},
        {"geometry": [shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 2)]},
        {"geometry": [shapely.box(0, 0, 1, 1), None]},
        {"parcel_refs": [["a"], ["b"]]},
    ],
)
def test_one_id_on_different_rows_is_refused_with_both(columns):
    with pytest.raises(IdError) as caught:
        _settle(["A", "A"], **columns)
    text = str(caught.value)
    assert "地块.shp" in text
    assert "'A'" in text
    assert "2 and 3" in text
    assert caught.value.remedy
    assert _settle(["A", "A"], skip={1: ()}, **columns).rejected == {}
