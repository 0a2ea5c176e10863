"""Run folders of an earlier version: what that version did not write is empty, what was lost is refused."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest

import landuse as lu
from landuse.errors import FormatError
from landuse.tables import RUN_TABLES
from tests import small_plan


@pytest.fixture
def folder(tmp_path):
    out = tmp_path / "out"
    lu.save(lu.run(small_plan.write(tmp_path)), out)
    return out


def forget(folder, *tables: str) -> None:
    """Make the folder one of a version that knew no such tables."""
    path = folder / "ledger.json"
    book = json.loads(path.read_text(encoding="utf-8"))
    for name in tables:
        (folder / "tables" / f"{name}.parquet").unlink()
        del book["digests"][name]
    path.write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")


def test_tables_that_the_version_did_not_write_are_empty(folder):
    forget(folder, "link_review", "geometry_faults")
    result = lu.open_run(folder)
    assert set(result.tables) == set(RUN_TABLES)
    for name in ("link_review", "geometry_faults"):
        assert len(result.tables[name]) == 0
        RUN_TABLES[name].check(result.tables[name])
    assert result.geometry_faults.crs == result.parcels.crs


@pytest.mark.parametrize("name", ["link_review", "parcels"])
def test_a_table_that_was_written_and_is_gone_is_refused(folder, name):
    (folder / "tables" / f"{name}.parquet").unlink()
    with pytest.raises(FormatError, match=f"{name}.parquet.*not whole"):
        lu.open_run(folder)


def test_no_run_is_without_parcels(folder):
    forget(folder, "parcels")
    with pytest.raises(FormatError, match="not whole"):
        lu.open_run(folder)


def test_columns_that_the_version_did_not_know_are_unknown(folder):
    path = folder / "tables" / "zones.parquet"
    table = gpd.read_parquet(path)
    assert "department" in table
    table.drop(columns="department").to_parquet(path)
    result = lu.open_run(folder)
    assert result.zones["department"].isna().all()
    assert result.zones["name"].tolist() == ["甲集聚区"]
