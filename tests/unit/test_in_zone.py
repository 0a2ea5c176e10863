"""Whether land lies in any zone at all: known, or its class may be that of none."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.rows_by_hand import measured, parcels_of, projects_of, zones_of

ZONES = [
    {"id": "Z1", "name": "甲集聚区", "class": "urban", "slots": [0, 1]},
    {"id": "Z2", "name": "乙集聚区", "class": None, "slots": [2, 3]},
]
INSIDE, WITHOUT_CLASS, OUT = 0, 2, 8
CASES = {
    "the file and the shape name one zone": ("Z1", INSIDE, True),
    "the file names none, the shape lies in one": (None, INSIDE, True),
    "the shape lies in a zone without a class": (None, WITHOUT_CLASS, True),
    "the file names one zone, the shape lies in another": ("Z1", WITHOUT_CLASS, True),
    "the shape lies in no zone, the file is silent": (None, OUT, False),
    "the file names a zone, the shape lies in none": ("Z1", OUT, None),
    "the file names a zone that nobody knows, the shape lies in one": ("丁集聚区", INSIDE, True),
    "the file names a zone that nobody knows, the shape lies in none": ("丁集聚区", OUT, None),
}


def inside(zone, slot, *, zones=ZONES):
    parcel = {"id": "A", "m2": 900.0, "slot": slot, "zone": zone}
    facts = measured(
        parcels_of([parcel]),
        projects_of([{"id": "P", "refs": ["A"]}, {"id": "Q", "zone": zone}]),
        zones=zones_of(zones) if zones else None,
    )
    found = (
        facts.parcels.at["A", "in_zone"],
        facts.projects.at["P", "in_zone"],
        facts.projects.at["Q", "in_zone"],
    )
    return tuple(None if pd.isna(v) else bool(v) for v in found)


@pytest.mark.parametrize("case", CASES)
def test_a_parcel_and_what_stands_on_it(case):
    zone, slot, expected = CASES[case]
    of_parcel, of_project, _ = inside(zone, slot)
    assert of_parcel is expected
    assert of_project is expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Z1", True), ("乙集聚区", True), ("丁集聚区", True), ("集聚区外", None), (None, None)],
)
def test_a_project_without_land_rests_on_the_ledger(zone, expected):
    assert inside(zone, INSIDE)[2] is expected


@pytest.mark.parametrize(("zone", "expected"), [("甲集聚区", True), ("区外", None), (None, None)])
def test_without_a_table_of_zones_the_word_of_the_file_counts(zone, expected):
    assert inside(zone, INSIDE, zones=None) == (expected, expected, expected)
