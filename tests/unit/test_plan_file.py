"""PLAN.toml: what is read, and every refusal with file, key, nearest key and remedy."""

from __future__ import annotations

from datetime import date

import pytest

from landuse.errors import MissingFileError, PlanError
from landuse.io.plan.file import load_plan

HEAD = 'title = "试"\nas_of = 2026-06-30\npolicies = ["cn-luoyang-zones-2011"]\n'
PARCELS = '[[parcels]]\npath = "宗地.gpkg"\n'
FULL = (
    HEAD
    + """max_rejected = 3
force_policies = ["cn-luoyang-zones-2011"]
[[parcels]]
path = "宗地.gpkg"
layer = "宗地"
crs = "EPSG:4525"
encoding = "gbk"
amount_unit = "万元"
area_unit = "亩"
columns = { 我的宗地号 = "parcel_id", 备注 = "ignore" }
blank_started_on = "not_started"
blank_suspended_on = "not_suspended"
blank_government_cause = "none"
[[parcels]]
path = "data/勘测"
[[projects]]
path = "台账.xlsx"
sheet = "一季度"
amount_unit = "亿元"
[[zones]]
path = "zones.gpkg"
[corrections]
path = "links.csv"
[quota]
path = "quota.csv"
area_unit = "公顷"
[reserve]
path = "reserve.gpkg"
[measure]
area = "ellipsoid"
approx_rel = 0.2
[consolidate]
gap_m = 10
min_mu = 20
[allocate]
objective = { fixed_invest_wan = 1.0, jobs = 0.5 }
stock_first = false
[output]
map = true
workbook = false
"""
)


@pytest.fixture
def write(tmp_path):
    """Write a plan beside the files that it may name."""
    for name in (
        "宗地.gpkg",
        "台账.xlsx",
        "zones.gpkg",
        "links.csv",
        "quota.csv",
        "reserve.gpkg",
        "mine.toml",
    ):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "data" / "勘测").mkdir(parents=True)

    def _write(content: str, name: str = "方案.toml"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return _write


@pytest.fixture
def refused(write):
    """Load a plan that must be refused; return the error."""

    def _refused(content: str, kind=PlanError):
        path = write(content)
        with pytest.raises(kind) as caught:
            load_plan(path)
        assert caught.value.file == str(path)
        assert caught.value.remedy
        return caught.value

    return _refused


def test_a_full_plan(write, tmp_path):
    plan = load_plan(write(FULL))
    assert (plan.title, plan.as_of, plan.max_rejected) == ("试", date(2026, 6, 30), 3)
    assert plan.forced == ("cn-luoyang-zones-2011",)
    first, second = plan.parcels
    assert first.found == tmp_path / "宗地.gpkg"
    assert (first.layer, first.crs, first.encoding, first.amount_unit, first.area_unit) == (
        "宗地", "EPSG:4525", "gbk", "万元", "亩",
    )  # fmt: skip
    assert first.columns == {"我的宗地号": "parcel_id", "备注": "ignore"}
    assert first.blanks == {
        "started_on": "not_started",
        "suspended_on": "not_suspended",
        "government_cause": "none",
    }
    assert second.blanks == {}
    assert second.found == tmp_path / "data" / "勘测"
    assert (plan.projects[0].sheet, plan.projects[0].amount_unit) == ("一季度", "亿元")
    assert plan.quota.area_unit == "公顷"
    assert [f.found.name for f in plan.files] == [
        "宗地.gpkg", "勘测", "台账.xlsx", "zones.gpkg", "quota.csv", "reserve.gpkg", "links.csv",
    ]  # fmt: skip
    assert (plan.measure.area, plan.measure.approx_rel) == ("ellipsoid", 0.2)
    assert (plan.consolidate.gap_m, plan.consolidate.min_mu) == (10, 20)
    assert plan.allocate.objective == {"fixed_invest_wan": 1.0, "jobs": 0.5}
    assert not plan.allocate.stock_first
    assert (plan.output.map, plan.output.workbook) == (True, False)


def test_what_is_left_out(write):
    plan = load_plan(write(PARCELS))
    assert (plan.title, plan.as_of, plan.policies, plan.max_rejected) == ("方案", None, (), None)
    assert (plan.measure.area, plan.measure.approx_rel) == ("stated", 0.1)
    assert (plan.consolidate.gap_m, plan.consolidate.min_mu) == (0.0, 0.0)
    assert plan.allocate.objective == {"fixed_invest_wan": 1.0}
    assert plan.allocate.stock_first
    assert (plan.output.map, plan.output.workbook, plan.output.brief) == (True, True, False)
    assert (plan.projects, plan.zones, plan.quota, plan.reserve, plan.corrections) == (
        (),
        (),
        None,
        None,
        None,
    )
    assert plan.notes == ()


def test_as_of_given_overrules(write):
    assert load_plan(write(HEAD + PARCELS), as_of=date(2020, 1, 2)).as_of == date(2020, 1, 2)


def test_a_plan_as_a_dict(write, tmp_path, monkeypatch):
    write("")
    monkeypatch.chdir(tmp_path)
    content = {"parcels": [{"path": "宗地.gpkg"}], "as_of": "2026-06-30"}
    plan = load_plan(content)
    assert (plan.file, plan.title, plan.as_of) == (None, "plan", date(2026, 6, 30))
    assert plan.parcels[0].found.exists()
    assert content == {"parcels": [{"path": "宗地.gpkg"}], "as_of": "2026-06-30"}
    with pytest.raises(PlanError, match="parcels"):
        load_plan({})


def test_a_policy_file_is_found_beside_the_plan(write, tmp_path):
    plan = load_plan(write('policies = ["cn-idle-land-2012", "mine.toml"]\n' + PARCELS))
    assert plan.policies == ("cn-idle-land-2012", str(tmp_path / "mine.toml"))


def test_a_brief_is_noted_not_refused(write):
    plan = load_plan(write(PARCELS + "[output]\nbrief = true\n"))
    assert len(plan.notes) == 1
    assert "brief" in plan.notes[0]


def test_chinese_keys_need_no_quotes(write):
    content = """columns = { 我的宗地号 = "parcel_id", "面积 = 大" = 'stated_area_m2', 总投资（万元）="ignore" } # 说明 = 1\n"""
    assert load_plan(write(PARCELS + content)).parcels[0].columns == {
        "我的宗地号": "parcel_id",
        "面积 = 大": "stated_area_m2",
        "总投资（万元）": "ignore",
    }
    assert load_plan(write('title = """甲\n标题 = "乙"\n"""\n' + PARCELS)).title == '甲\n标题 = "乙"\n'


def test_windows_lines_and_a_byte_order_mark(tmp_path, write):
    path = write("")
    path.write_bytes(("\ufeff" + (HEAD + PARCELS).replace("\n", "\r\n")).encode())
    assert load_plan(path).title == "试"


@pytest.mark.parametrize(
    ("content", "key", "named"),
    [
        (HEAD.replace("title", "titel") + PARCELS, "titel", "title"),
        (HEAD + "as_off = 2026-01-01\n" + PARCELS, "as_off", "as_of"),
        (HEAD + PARCELS + 'laier = "x"\n', "parcels[1].laier", "layer"),
        (HEAD + PARCELS + '[[projects]]\npath = "台账.xlsx"\nsheets = "一"\n', "projects[1].sheets", "sheet"),
        (HEAD + PARCELS + '[[zones]]\npath = "zones.gpkg"\ncsr = "EPSG:4525"\n', "zones[1].csr", "crs"),
        (HEAD + PARCELS + "[output]\nmaps = true\n", "output.maps", "map"),
        (HEAD + PARCELS + "[consolidate]\ngap = 3\n", "consolidate.gap", "gap_m"),
        (HEAD + PARCELS + '[quota]\npath = "quota.csv"\nareaunit = "亩"\n', "quota.areaunit", "area_unit"),
        (HEAD + PARCELS + "gap_m = 3\n", "parcels[1].gap_m", "gap_m stands in [consolidate]"),
        (PARCELS + HEAD, "parcels[1].title", "title stands at the top of the plan"),
        (HEAD + PARCELS + 'found = "x"\n', "parcels[1].found", "path"),
    ],
)
def test_an_unknown_key_names_the_nearest(refused, content, key, named):
    error = refused(content)
    assert error.key == key
    assert named in error.remedy


@pytest.mark.parametrize(
    ("content", "key", "named"),
    [
        (HEAD, "parcels", "[[parcels]]"),
        (HEAD + "parcels = []\n", "parcels", "[[parcels]]"),
        (HEAD + '[parcels]\npath = "宗地.gpkg"\n', "parcels", "[[parcels]]"),
        (HEAD + PARCELS + '[[quota]]\npath = "quota.csv"\n', "quota", "[quota]"),
        (HEAD + '[[parcels]]\nlayer = "a"\n', "parcels[1].path", "path"),
        (HEAD + '[[parcels]]\npath = ""\n', "parcels[1].path", ""),
        ("title = 3\n" + PARCELS, "title", ""),
        ('as_of = "soon"\n' + PARCELS, "as_of", "2026-06-30"),
        ("as_of = 2026-06-30T08:00:00\n" + PARCELS, "as_of", "2026-06-30"),
        ("max_rejected = -1\n" + PARCELS, "max_rejected", ""),
        ("max_rejected = 1.5\n" + PARCELS, "max_rejected", ""),
        (PARCELS + '[measure]\narea = "plane"\n', "measure.area", "planar"),
        (PARCELS + "[measure]\napprox_rel = 1.0\n", "measure.approx_rel", ""),
        (PARCELS + "[consolidate]\ngap_m = -1\n", "consolidate.gap_m", ""),
        (PARCELS + "[consolidate]\nmin_mu = inf\n", "consolidate.min_mu", ""),
        (PARCELS + "[allocate]\nobjective = {}\n", "allocate.objective", ""),
        (PARCELS + '[allocate]\nobjective = { jobs = "x" }\n', "allocate.objective.jobs", ""),
        (PARCELS + '[output]\nmap = "yes"\n', "output.map", ""),
        (PARCELS + 'blank_started_on = "started"\n', "parcels[1].blank_started_on", "not_started"),
        (PARCELS + 'area_unit = "万元"\n', "parcels[1].area_unit", "mu"),
        (PARCELS + 'amount_unit = "亩"\n', "parcels[1].amount_unit", "wan"),
        (PARCELS + "columns = { a = 1 }\n", "parcels[1].columns.a", ""),
        (PARCELS + '[[imagery]]\npath = "x.tif"\n', "imagery", "take it out"),
        (PARCELS + '[[villages]]\npath = "x.shp"\n', "villages", "take it out"),
        (HEAD + '[[parcels]]\npath = "https://x.cn/a.gpkg"\n', "parcels[1].path", "allow_network"),
    ],
)
def test_a_wrong_value_names_its_key(refused, content, key, named):
    error = refused(content)
    assert error.key == key
    assert named in error.remedy


def test_the_address_of_a_database_is_no_path(write):
    plan = load_plan(write(HEAD + '[[parcels]]\npath = "postgresql://me:secret@h/db"\n'))
    assert plan.parcels[0].found == "postgresql://me:secret@h/db"


@pytest.mark.parametrize(
    ("content", "key", "named"),
    [
        (PARCELS.replace("宗地", "宗地块"), "parcels[1].path", "宗地.gpkg"),
        (PARCELS + '[reserve]\npath = "gone/x.gpkg"\n', "reserve.path", "relative to the plan"),
        ('policies = ["mein.toml"]\n' + PARCELS, "policies", "mine.toml"),
    ],
)
def test_a_file_that_is_not_there_names_the_key(refused, content, key, named):
    error = refused(content, MissingFileError)
    assert error.key == key
    assert named in error.remedy


def test_toml_faults_name_the_line(refused, tmp_path, write):
    error = refused(HEAD + "x = = 1\n")
    assert error.row == "line 4"
    assert "not TOML" in str(error)
    write("").write_bytes("title = '方案'".encode("gbk"))
    with pytest.raises(PlanError, match="UTF-8"):
        load_plan(tmp_path / "方案.toml")
    with pytest.raises(MissingFileError, match=r"nowhere\.toml"):
        load_plan(tmp_path / "nowhere.toml")
    with pytest.raises(MissingFileError, match="folder"):
        load_plan(tmp_path / "data")
