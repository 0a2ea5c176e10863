"""Digests of tables: equal for equal content, whatever holds it; another for any other content."""

from __future__ import annotations

import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landuse.ledger import digest


def town(**changes):
    columns = {
        "name": pd.array(["甲", None, "丙"], dtype="str"),
        "area_m2": [1.5, np.nan, 0.0],
        "row": pd.array([1, None, 3], dtype="Int64"),
        "flag": pd.array([True, None, False], dtype="boolean"),
        "due": pd.array(["2020-01-01", None, "2021-06-30"], dtype="datetime64[us]"),
        "refs": [["A"], [], ["A", "B"]],
        "geometry": [shapely.box(0, 0, 1, 1), None, shapely.box(0, 0, 2, 2)],
    }
    index = pd.Index(["P1", "P2", "P3"], dtype="str", name="parcel_id")
    return gpd.GeoDataFrame(columns | changes, index=index, crs="EPSG:4525")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ["甲", "乙", "丙"]},
        {"name": ["甲", "丙", None]},
        {"area_m2": [1.5, 0.0, 0.0]},
        {"area_m2": [1.5 + 2**-52, np.nan, 0.0]},
        {"row": pd.array([1, 2, 3], dtype="Int64")},
        {"flag": pd.array([True, False, False], dtype="boolean")},
        {"due": pd.array(["2020-01-01", None, "2021-07-01"], dtype="datetime64[us]")},
        {"refs": [["A"], [], ["B", "A"]]},
        {"geometry": [shapely.box(0, 0, 1, 1), None, shapely.box(0, 0, 2, 2.001)]},
        {"more": [1, 2, 3]},
    ],
    ids=lambda c: "-".join(c),
)
def test_another_cell_gives_another_digest(changes):
    assert digest(town(**changes)) != digest(town())


def test_order_names_and_keys_count():
    whole = town()
    assert digest(whole[::-1]) != digest(whole)
    assert digest(whole.rename(columns={"area_m2": "area"})) != digest(whole)
    assert digest(whole.set_index(pd.Index(["P1", "P2", "P4"], name="parcel_id"))) != digest(whole)


def test_what_stands_for_missing_and_the_sign_of_zero_do_not_count():
    assert digest(town(area_m2=[1.5, -np.nan, -0.0])) == digest(town())
    assert digest(town(due=pd.array(town()["due"], dtype="datetime64[ms]"))) == digest(town())
    days = [datetime.date(2020, 1, 1), None, datetime.date(2021, 6, 30)]
    assert digest(town(due=pd.to_datetime(pd.Series(days)).array)) == digest(town())


def test_a_table_read_back_from_parquet_has_the_same_digest(tmp_path):
    town().to_parquet(tmp_path / "town.parquet")
    assert digest(gpd.read_parquet(tmp_path / "town.parquet")) == digest(town())


def test_a_text_that_is_missing_is_not_told_from_an_empty_one_and_empty_tables_have_digests():
    blank = pd.DataFrame({"a": pd.array(["", None], dtype="str")})
    assert digest(blank) == digest(blank[::-1])
    assert digest(town().iloc[:0]) != digest(town())
