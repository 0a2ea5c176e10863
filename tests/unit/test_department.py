"""The department in charge: by its headers in parcels, ledgers and zones."""

from __future__ import annotations

import pytest

from landuse.tables import PARCELS, PROJECTS, ZONES
from tests.unit.foreign_tables import read

KEYS = {"parcels": "宗地编号", "projects": "项目编号", "zones": "集聚区编号"}


@pytest.mark.parametrize("table", [PARCELS, PROJECTS, ZONES], ids=lambda t: t.name)
@pytest.mark.parametrize(
    "header", ["主管部门", "行业主管部门", "责任部门", "牵头部门", "责任单位", "牵头单位", "监管部门"]
)
def test_its_headers(table, header):
    more = {"总投资（万元）": [5000]} if table is PROJECTS else {}
    frame = read({KEYS[table.name]: ["1"], header: [" 市工信局 "], **more}, table).frame
    assert frame["department"].tolist() == ["市工信局"]


def test_the_department_comes_before_the_unit_that_is_responsible():
    page = {"宗地编号": ["1"], "责任单位": ["县国土所"], "主管部门": ["市工信局"]}
    assert read(page, PARCELS).frame["department"].tolist() == ["市工信局"]


def test_a_blank_is_unknown():
    page = {"宗地编号": ["1", "2"], "主管部门": [None, "—"]}
    assert read(page, PARCELS).frame["department"].isna().all()
