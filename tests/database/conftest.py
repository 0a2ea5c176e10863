"""A PostGIS server for the tests: named by LANDUSE_POSTGRES, else the tests are skipped and say so."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

sqlalchemy = pytest.importorskip("sqlalchemy", reason="sqlalchemy is not installed")


@pytest.fixture(scope="session")
def server() -> str:
    """The address of a database in which tests may make schemas."""
    address = os.environ.get("LANDUSE_POSTGRES")
    if not address:
        if os.environ.get("LANDUSE_REQUIRE_POSTGRES"):
            pytest.fail("LANDUSE_REQUIRE_POSTGRES is set, but LANDUSE_POSTGRES names no database")
        pytest.skip("no PostGIS server (LANDUSE_POSTGRES=postgresql://user@host/database)")
    return address


@pytest.fixture
def run_sql(server: str) -> Iterator[object]:
    """A function that runs statements; the schema ``bureau`` is made anew before and dropped after."""
    engine = sqlalchemy.create_engine(sqlalchemy.make_url(server).set(drivername="postgresql+psycopg"))

    def run(*statements: str) -> None:
        with engine.begin() as link:
            for statement in statements:
                link.exec_driver_sql(statement)

    run(
        "create extension if not exists postgis",
        "drop schema if exists bureau cascade",
        "create schema bureau",
    )
    yield run
    run("drop schema if exists bureau cascade", "drop schema if exists landuse_test cascade")
    engine.dispose()
