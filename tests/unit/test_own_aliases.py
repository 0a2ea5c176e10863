"""A bureau's own alias files: read, checked, and stronger than ours."""

from __future__ import annotations

import pytest

import landuse as lu
from landuse.errors import HeaderError, MissingFileError, PlanError

LEDGER = """台账号,项目全称,总投（万元）,建设状态,经办,用地主体
A-1,一期,5000,已开建,张,甲公司
A-2,二期,1.2亿,没动,李,乙公司
"""
OWN = """
[projects]
unused = ["经办"]
[projects.columns.project_id]
headers = ["台账号"]
[projects.columns.name]
headers = ["项目全称"]
[projects.columns.total_invest_wan]
headers = ["总投"]
[projects.columns.holder]
headers = ["用地主体"]
"""


@pytest.fixture
def write(tmp_path):
    def _write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_headers_of_a_bureau_are_read(write):
    ledger, own = write("台账.csv", LEDGER), write("本局.toml", OWN)
    with pytest.raises(HeaderError):
        lu.read_projects(ledger)
    read = lu.read_projects(ledger, aliases=[own])
    assert read.table.index.tolist() == ["A-1", "A-2"]
    assert read.table["total_invest_wan_low"].tolist() == [5000.0, 12000.0]
    assert read.table["holder"].tolist() == ["甲公司", "乙公司"]
    unused = read.issues.loc[read.issues["kind"] == "header_unused", "field"].tolist()
    assert unused == ["经办"]


def test_a_unit_and_words_of_a_bureau(write, tmp_path):
    own = write(
        "own.toml",
        '[projects.columns.total_invest_wan]\nunits = { "投资额合计" = "亿元" }\n'
        '[projects.columns.is_new]\nheaders = ["性质码"]\nwords = { "甲类" = true }\n',
    )
    with pytest.raises(PlanError, match=r"is_new\.words"):
        lu.read_projects(write("a.csv", "项目编号,投资额合计\nA,1\n"), aliases=[own])
    own.write_text(
        '[projects.columns.total_invest_wan]\nunits = { "投资额合计" = "亿元" }\n', encoding="utf-8"
    )
    table = lu.read_projects(write("a.csv", "项目编号,投资额合计\nA,1.5\n"), aliases=[own]).table
    assert table["total_invest_wan_low"].tolist() == [15000.0]


def test_the_bureau_wins_over_us(write):
    ledger = write("a.csv", "项目编号,企业名称,业主,总投资（万元）\nA,甲,乙,1\n")
    assert lu.read_projects(ledger, columns={"业主": "ignore"}).table["holder"].tolist() == ["甲"]
    own = write("own.toml", '[projects.columns.name]\nheaders = ["企业名称"]\n')
    table = lu.read_projects(ledger, aliases=[own], columns={"业主": "ignore"}).table
    assert table["name"].tolist() == ["甲"]


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ('[project.columns.name]\nheaders = ["x"]\n', "project", "is it projects"),
        ('[projects.columns.nme]\nheaders = ["x"]\n', "projects.columns.nme", "is it name"),
        ('[projects.columns.name]\nheader = ["x"]\n', "projects.columns.name.header", "is it headers"),
        ('[projects.columns.name]\nheaders = "x"\n', "projects.columns.name.headers", "write"),
        ('[projects.columns.name]\nheaders = [""]\n', "projects.columns.name.headers", "write"),
        ("[projects]\ncolumns = 3\n", "projects.columns", "write"),
        ('[projects.columns.name]\nunits = { "x" = "亩" }\n', "columns.name.units", "yuan"),
        ('[projects.columns.total_invest_wan]\nunits = { "x" = "亩" }\n', "units", "wan"),
        (
            '[projects.columns.name]\nheaders = ["甲"]\n[projects.columns.holder]\nheaders = ["甲"]\n',
            "projects.columns.holder",
            "leave one",
        ),
        ("[projects\n", None, "correct"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(write, text, key, told):
    own = write("own.toml", text)
    with pytest.raises(PlanError) as refusal:
        lu.read_projects(write("a.csv", "项目编号,总投资（万元）\nA,1\n"), aliases=[own])
    assert refusal.value.file == str(own)
    assert key is None or key in refusal.value.key
    assert told in str(refusal.value)


def test_an_alias_file_that_is_not_there_is_missed(write):
    write("own.toml", OWN)
    write("x.gpkg", "x")
    with pytest.raises(MissingFileError, match="own"):
        lu.run(
            write("plan.toml", 'aliases = ["owm.toml"]\nas_of = 2026-06-30\n[[parcels]]\npath = "x.gpkg"\n')
        )


def test_the_same_file_serves_parcels_and_the_plan(write, tmp_path, repo):
    import geopandas as gpd

    sample = gpd.read_file(repo / "sample_parcels" / "parcels.gpkg").head(3)
    sample.rename(columns={"权利人": "用地主体"}).to_file(tmp_path / "p.gpkg")
    write("own.toml", '[parcels.columns.holder]\nheaders = ["用地主体"]\n')
    plan = write("plan.toml", 'aliases = ["own.toml"]\nas_of = 2026-06-30\n[[parcels]]\npath = "p.gpkg"\n')
    assert lu.run(plan).tables["parcels"]["holder"].tolist() == sample["权利人"].tolist()
