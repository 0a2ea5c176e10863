"""Reading from and writing to a real PostGIS server."""

from __future__ import annotations

from contextlib import contextmanager

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal
from sqlalchemy import create_engine, make_url

import landuse as lu
from landuse.errors import CrsError, DatabaseError, FormatError, MissingFileError, OutputError

SQUARE = "POLYGON((37632000 3833000,37632200 3833000,37632200 3833200,37632000 3833200,37632000 3833000))"
RIGHT = SQUARE.replace("37632", "37633")
PARCELS = f"""
    create table bureau."宗地" (
        "宗地代码" text primary key, "使用权人" text, "土地面积（平方米）" numeric(14, 2), "约定开工时间" date,
        "成交价格（万元）" numeric(12, 6), "备注" jsonb, shape geometry(Polygon, 4525));
    insert into bureau."宗地" values
        ('410305001001GB00002', '乙公司', 40000.00, null, 1234.560001, '{{"a": 1}}', ST_GeomFromText('{RIGHT}', 4525)),
        ('410305001001GB00001', '甲公司', 39999.99, '2020-02-29', null, null, ST_GeomFromText('{SQUARE}', 4525))
"""
LEDGER = """
    create table bureau.ledger_2026 ("项目编号" text primary key, "项目名称" text, "总投资（万元）" text,
        "宗地代码" text);
    insert into bureau.ledger_2026 values ('P1', '一期', '约1.2亿', '410305001001GB00001'), ('P2', '二期', '5000', null)
"""


@contextmanager
def opened(server):
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"))
    with engine.connect() as link:
        yield link
    engine.dispose()


def test_parcels_come_as_from_a_file(server, run_sql):
    run_sql(PARCELS)
    read = lu.read_parcels(server, layer="bureau.宗地")
    table = read.table
    assert list(table.index) == ["410305001001GB00001", "410305001001GB00002"]
    assert table["holder"].tolist() == ["甲公司", "乙公司"]
    assert table["stated_area_m2"].tolist() == [39999.99, 40000.0]
    assert table["start_due"].iloc[0] == pd.Timestamp("2020-02-29")
    assert pd.isna(table["start_due"].iloc[1])
    assert table["price_wan_low"].iloc[1] == 1234.560001
    assert table.crs.to_epsg() == 4525
    assert table.geometry.iloc[0].equals(shapely.from_wkt(SQUARE))
    assert table["source_row"].tolist() == [1, 2]
    source = read.sources[0]
    assert (source.rows_read, source.accepted, source.layer) == (2, 2, "bureau.宗地")
    assert len(source.sha256) == 64


def test_the_digest_is_that_of_the_content(server, run_sql):
    run_sql(PARCELS)
    first, again = (lu.read_parcels(server, layer="宗地").sources[0].sha256 for _ in range(2))
    run_sql('update bureau."宗地" set "使用权人" = $$丙公司$$ where "使用权人" = $$乙公司$$')
    assert first == again != lu.read_parcels(server, layer="宗地").sources[0].sha256


def test_a_ledger_is_read_too(server, run_sql):
    run_sql(PARCELS, LEDGER)
    table = lu.read_projects(server, sheet="bureau.ledger_2026", approx_rel=0.1).table
    assert table["total_invest_wan_low"].tolist() == [10800.0, 5000.0]
    assert table["total_invest_wan_high"].tolist() == [13200.0, 5000.0]
    assert table["parcel_refs"].tolist() == [["410305001001GB00001"], []]


def test_more_than_one_table_must_be_named(server, run_sql):
    run_sql(PARCELS, PARCELS.replace('"宗地"', "other"))
    with pytest.raises(FormatError, match=r"bureau\.other\.shape, bureau\.宗地\.shape"):
        lu.read_parcels(server)
    with pytest.raises(FormatError, match=r'is it layer = "bureau\.宗地"'):
        lu.read_parcels(server, layer="bureau.宗")


def test_a_table_with_two_shapes_is_asked_after(server, run_sql):
    run_sql(PARCELS, 'alter table bureau."宗地" add column label_point geometry(Point, 4525)')
    with pytest.raises(FormatError, match="label_point"):
        lu.read_parcels(server, layer="bureau.宗地")
    assert len(lu.read_parcels(server, layer="bureau.宗地.shape").table) == 2


def test_a_table_without_a_system_needs_one(server, run_sql):
    run_sql(PARCELS, 'alter table bureau."宗地" alter shape type geometry using ST_SetSRID(shape, 0)')
    with pytest.raises(CrsError, match="names no coordinate system"):
        lu.read_parcels(server, layer="bureau.宗地")
    assert lu.read_parcels(server, layer="bureau.宗地", crs="EPSG:4525").table.crs.to_epsg() == 4525
    run_sql(
        f"insert into bureau.\"宗地\" values ('410305001001GB00003', '', 1, null, null, null,"
        f" ST_GeomFromText('{SQUARE}', 4526))"
    )
    with pytest.raises(CrsError, match=r"several coordinate systems \(SRID 0, 4526\)"):
        lu.read_parcels(server, layer="bureau.宗地")


def test_long_numbers_stay_whole_and_a_missing_key_is_said(server, run_sql):
    run_sql(f"""
        create table bureau.long ("合同编号" numeric(30, 0), "宗地代码" text, geom geometry(PolygonZ, 4525));
        insert into bureau.long values (4103052013000123456789, '410305001001GB00001',
            ST_Force3D(ST_GeomFromText('{SQUARE}', 4525)))""")
    read = lu.read_parcels(server, layer="long")
    assert read.table["contract_no"].tolist() == ["4103052013000123456789"]
    assert {"no_primary_key", "z_dropped"} <= set(read.issues["kind"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, "password"),
        ({"port": 1}, "refused"),
        ({"database": "no_such"}, "no_such"),
    ],
)
def test_refusals_name_the_server_and_keep_the_password(server, change, said):
    url = make_url(server).set(**change)
    with pytest.raises(DatabaseError, match=said) as refusal:
        lu.read_parcels(url.render_as_string(hide_password=False))
    assert f"{url.password}" not in str(refusal.value).replace("landuse_test", "").replace("password", "")
    assert refusal.value.file.startswith("postgresql://")


def test_a_plan_runs_from_the_database_and_back_into_it(server, run_sql, tmp_path):
    run_sql(PARCELS, LEDGER)
    plan = {
        "as_of": "2026-06-30",
        "policies": ["cn-idle-land-2012"],
        "parcels": [{"path": server, "layer": "bureau.宗地"}],
        "projects": [{"path": server, "sheet": "bureau.ledger_2026", "amount_unit": "万元"}],
    }
    result = lu.run(plan)
    assert result.ledger["inputs"][0]["path"].count("@") == 0
    lu.write_database(result, server, schema="landuse_test")
    lu.write_database(result, server, schema="landuse_test")
    with opened(server) as link:
        query = "select * from landuse_test.parcels"
        back = gpd.read_postgis(query, link, geom_col="geometry", index_col="parcel_id")
    wanted = result.tables["parcels"]
    assert_geodataframe_equal(back[["geometry"]], wanted[["geometry"]], check_index_type=False)
    again = lu.read_parcels(server, layer="landuse_test.parcels").table
    same = [
        c for c in wanted.columns if c not in ("source_file", "source_row", "geometry", "ownership_basis")
    ]
    assert_frame_equal(pd.DataFrame(again[same]), pd.DataFrame(wanted[same]))
    with opened(server) as link:
        for name, table in result.tables.items():
            count = link.exec_driver_sql(f"select count(*) from landuse_test.{name}").scalar()
            assert count == len(table), name
        fixed = link.exec_driver_sql(
            "select total_invest_wan_high from landuse_test.projects order by 1"
        ).all()
    assert np.isclose([f[0] for f in fixed], [5000.0, 13200.0]).all()


def test_a_schema_that_is_not_ours_is_left_alone(server, run_sql):
    run_sql(LEDGER)
    result = lu.run("sample_parcels/plan.toml")
    with pytest.raises(OutputError, match="ledger_2026"):
        lu.write_database(result, server, schema="bureau")
    with opened(server) as link:
        assert link.exec_driver_sql("select count(*) from bureau.ledger_2026").scalar() == 2


def test_without_a_server_the_address_is_still_no_file():
    with pytest.raises(DatabaseError):
        lu.read_parcels("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(MissingFileError):
        lu.read_parcels("postgresql.gpkg")


def test_a_ledger_with_shapes_is_a_layer_where_a_layer_is_named(server, run_sql):
    run_sql(
        PARCELS,
        f"""create table bureau.drawn ("项目编号" text primary key, "项目名称" text, "总投资（万元）" numeric,
            shape geometry(Geometry, 4525));
        insert into bureau.drawn values ('P1', '一期', 6000, ST_GeomFromText('{SQUARE}', 4525)),
            ('P2', '二期', 50, ST_GeomFromText('POINT(37633100 3833100)', 4525)), ('P3', '三期', 7, null)""",
    )
    drawn = lu.read_projects(server, layer="bureau.drawn")
    assert [s if s is None else s.geom_type for s in drawn.table.geometry] == ["Polygon", "Point", None]
    assert drawn.table["total_invest_wan_low"].tolist() == [6000.0, 50.0, 7.0]
    links = lu.link(lu.read_parcels(server, layer="bureau.宗地").table, drawn.table)
    assert links.table[["project_id", "parcel_id", "method"]].to_numpy().tolist() == [
        ["P1", "410305001001GB00001", "footprint"],
        ["P2", "410305001001GB00002", "footprint"],
    ]
    sheet = lu.read_projects(server, sheet="bureau.drawn")
    assert sheet.table.geometry.isna().all()
    assert "table_shapes_not_read" in sheet.issues["kind"].tolist()
    assert sheet.table["total_invest_wan_low"].sum() == 6057.0
