"""The saved map in a browser without a network: nothing asked for, the legend right, a click answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from landuse.maps import plan_map, save_html
from tests.browser.visit import Visit
from tests.unit.maps_world import IDLE_REASON, NASTY, PROJECT_CLASSES, VERDICTS, parcel_ids, small_result

pytestmark = pytest.mark.browser
INTENSITY_COUNTS = {
    "不足 100 万元/亩": 2,
    "100 至不足 150 万元/亩": 1,
    "150 至不足 200 万元/亩": 2,
    "200 至不足 300 万元/亩": 2,
    "300 万元/亩及以上": 1,
    "区间跨档": 1,
    "固定资产投资额不详": 1,
    "未关联项目": 20,
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "map.html"
    save_html(plan_map(small_result()), path)
    return path


@pytest.fixture
def visit(browser: Any, saved: Path) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    visit = Visit(page, saved.as_uri())
    yield visit
    outside = [r for r in visit.requests if not r.startswith(("file:", "data:"))]
    assert (outside, visit.complaints) == ([], [])
    assert visit.requests[0] == saved.as_uri()
    page.close()


def figures(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


def test_legend_says_what_the_tables_hold(visit: Visit) -> None:
    result = small_result()
    status = result.parcel_status.set_index("subject_id")["verdict"]
    area = result.parcel_facts["area_used_m2"]
    rows = visit.page.evaluate("landuseMap.legend()")
    idle = {r["class"]: (r["count"], r["mu"], r["ha"]) for r in rows if r["theme"] == "parcel"}
    assert idle == {
        v: (
            f"{(status == v).sum()}",
            figures(area[status.index[status == v]].sum() * 0.0015, 1),
            figures(area[status.index[status == v]].sum() / 10_000, 2),
        )
        for v in dict.fromkeys(VERDICTS)
    }
    small = {r["class"]: (r["count"], r["mu"]) for r in rows if r["layer"] != "parcels"}
    assert small == {
        "granted": ("1", "100.0"),
        "free": ("1", "60.0"),
        "block": ("2", figures(result.blocks["area_mu"].sum(), 1)),
        "zone": ("2", figures(result.zone_facts["area_mu"].sum(), 1)),
    }
    visit.page.check("input[value=intensity]")
    rows = visit.page.evaluate("landuseMap.legend()")
    assert {r["name"]: int(r["count"]) for r in rows if r["theme"] == "intensity"} == INTENSITY_COUNTS
    visit.page.check("input[value=project]")
    rows = visit.page.evaluate("landuseMap.legend()")
    by_class = {r["class"]: int(r["count"]) for r in rows if r["theme"] == "project"}
    wanted = list(PROJECT_CLASSES.values())
    assert by_class == {k: wanted.count(k) for k in by_class if k != "unlinked"} | {"unlinked": 20}


def test_sheet_says_title_day_policies_and_caution(visit: Visit) -> None:
    assert visit.page.title() == "示例市 2026 年产业集聚区用地计划"
    assert visit.page.inner_text("h1") == "示例市 2026 年产业集聚区用地计划"
    head = visit.page.inner_text(".lu-head")
    assert "2026 年 6 月 30 日" in head
    assert "cn-luoyang-zones-2011" in head
    assert "疑似情况仅供核查，不作法律认定。" in visit.page.inner_text(".lu-foot")
    assert "视同 WGS 84" in visit.page.inner_text(".lu-foot")
    assert visit.page.inner_text(".lu-scale").strip().split(" ")[1] in ("米", "千米")
    assert visit.page.is_visible(".lu-north")


def test_a_click_shows_clause_value_and_limit(visit: Visit) -> None:
    status = small_result().parcel_status.set_index("subject_id")
    for parcel in ("A20", "B01", "A03", "A07", "B02"):
        cells = visit.click_on("parcels", parcel)["cells"]
        assert ["parcel", "reason", status.loc[parcel, "reason"]] in cells
    assert ["parcel", "reason", IDLE_REASON] in visit.click_on("parcels", "A20")["cells"]
    assert ["parcel", "clause", "cn-idle-land-2012 · 14.two_years"] in visit.click_on("parcels", "A20")[
        "cells"
    ]


def test_a_click_shows_the_projects_and_what_is_known(visit: Visit) -> None:
    cells = visit.click_on("parcels", "A06")["cells"]
    assert ["parcel", "project", f"{NASTY}；农机装配项目"] in cells
    assert ["parcel", "area", "60.00 亩（椭球面积）"] in cells
    assert ["parcel", "intensity", "不低于 300 万元/亩"] in cells
    assert ["parcel", "source", "宗地.gpkg 第 6 行"] in cells
    reasons = [c[2] for c in cells if c[:2] == ["project", "reason"]]
    assert reasons == ["(五)2：P3 总投资 4800 万元 ≤ 5000 万元", "(五)2：P4 总投资 4800 万元 ≤ 5000 万元"]
    assert ["parcel", "intensity", "120–180 万元/亩"] in visit.click_on("parcels", "A07")["cells"]
    assert ["parcel", "intensity", "不详"] in visit.click_on("parcels", "A08")["cells"]
    assert ["parcel", "fee", "123.4 万元"] in visit.click_on("parcels", "A16")["cells"]
    assert ["parcel", "government_cause", "第八条（二）"] in visit.click_on("parcels", "A16")["cells"]


def test_text_of_the_data_stays_text(visit: Visit) -> None:
    cells = visit.click_on("parcels", "A01")["cells"]
    assert ["parcel", "holder", NASTY] in cells
    assert visit.page.query_selector(".lu-card b") is None


def test_blocks_reserve_and_zones_answer_too(visit: Visit) -> None:
    block = visit.click_on("blocks", "Z1-01")["cells"]
    assert ["block", "block_idle", "涉嫌闲置（满一年） 2"] in block
    reserve = visit.click_on("reserve", "R1")["cells"]
    assert ["reserve", "grant", "2026　光伏玻璃项目　60.00 亩\n储备地块可供，投资强度居首"] in reserve
    visit.page.keyboard.press("Escape")
    corner = visit.page.evaluate(
        "landuseMap.ready.then(() => { const z = landuseMap.layers.zones, p = landuseMap.map.latLngToContainerPoint("
        "z.bounds(0).getNorthWest()), b = landuseMap.map.getContainer().getBoundingClientRect();"
        "return {x: b.left + p.x + 12, y: b.top + p.y + 12}; })"
    )
    visit.page.mouse.click(corner["x"], corner["y"])
    visit.page.wait_for_selector("table[data-card=zone]")
    assert "160–180 万元/亩" in visit.page.inner_text("table[data-card=zone]")


def test_a_hole_is_a_hole(visit: Visit) -> None:
    inside = visit.page.evaluate(
        "landuseMap.place('parcels', 'A07').then(f => { const l = landuseMap.layers.parcels;"
        "return [l.hit(l.bounds(f).getCenter()), l.hit(l.inside(f)), f]; })"
    )
    assert inside == [-1, inside[2], inside[2]]


def test_every_parcel_has_a_pixel_of_its_own(visit: Visit) -> None:
    own = visit.page.evaluate(
        "ids => Promise.all(ids.map(async id => { const f = await landuseMap.place('parcels', id),"
        "l = landuseMap.layers.parcels; return l.hit(l.inside(f)) === f; }))",
        parcel_ids(),
    )
    assert own == [True] * 30


def test_themes_and_classes_switch(visit: Visit, tmp_path: Path) -> None:
    spot = visit.page.evaluate("landuseMap.pixel('parcels', 'A12')")
    assert visit.colour_at(spot, tmp_path) == (0x8C, 0xC3, 0xE6), "not yet due"
    visit.page.uncheck("tr[data-class=not_due] input")
    assert visit.colour_at(spot, tmp_path) == (0xFC, 0xFC, 0xFA), "the paper"
    assert visit.page.evaluate("landuseMap.layers.parcels.hit(landuseMap.layers.parcels.inside(0)) >= -1")
    visit.page.check("tr[data-class=not_due] input")
    assert visit.colour_at(spot, tmp_path) == (0x8C, 0xC3, 0xE6)
    spot = visit.page.evaluate("landuseMap.pixel('parcels', 'A04')")
    visit.page.check("input[value=intensity]")
    assert visit.colour_at(spot, tmp_path) == (0x2C, 0x8C, 0xA5), "200 but for the last bit is 200"
    visit.page.check("input[value=project]")
    assert visit.colour_at(spot, tmp_path) == (0x7C, 0xC4, 0xEA)
    assert visit.page.is_visible(".lu-zone-name")
    visit.page.uncheck("tr[data-class=zone] input")
    assert not visit.page.is_visible(".lu-zone-name")


def test_hidden_classes_do_not_answer(visit: Visit) -> None:
    visit.page.uncheck("tr[data-class=idle_2y] input")
    visit.page.uncheck("tr[data-class=zone] input")
    spot = visit.page.evaluate("landuseMap.pixel('parcels', 'B01')")
    visit.page.mouse.click(spot["x"], spot["y"])
    visit.page.wait_for_timeout(200)
    assert visit.page.query_selector(".lu-card") is None


@pytest.mark.parametrize(
    ("typed", "expected"), [("b07", "B07"), ("B10 公司", "B10"), ("食品加工", "B01"), ("P2", "A03")]
)
def test_search_finds_parcel_holder_and_project(visit: Visit, typed: str, expected: str) -> None:
    visit.page.fill(".lu-search input", typed)
    visit.page.click(".lu-search li button >> nth=0")
    visit.page.wait_for_selector(f"table[data-card=parcel] caption:has-text('{expected}')")
    visit.page.fill(".lu-search input", "没有这个名字")
    visit.page.wait_for_selector(".lu-search li:has-text('没有找到')")


def test_grants_are_listed_with_their_reasons(visit: Visit) -> None:
    summaries = visit.page.locator("summary")
    assert summaries.all_inner_texts() == ["年度供地清单（2，90.50 亩）", "未安排供地的项目（1）"]
    summaries.nth(0).click()
    summaries.nth(1).click()
    visit.page.wait_for_selector(".lu-grants >> nth=1 >> .lu-grant")
    made, refused = (visit.page.locator(".lu-grants").nth(n).inner_text() for n in (0, 1))
    assert "光伏玻璃项目" in made
    assert "新增指标余 30.5 亩" in made
    assert "宜入标准化厂房" in refused


def test_the_policy_stops_scripts_that_slip_in(visit: Visit) -> None:
    ran = visit.page.evaluate(
        "new Promise(done => { const s = document.createElement('script'); s.textContent = 'window.slipped = 1';"
        "document.body.append(s); setTimeout(() => done(window.slipped === 1), 100); })"
    )
    assert not ran
    assert len(visit.complaints) == 1, "the browser says that it stopped it"
    assert "Content Security Policy" in visit.complaints.pop()


def test_pictures_to_look_at(visit: Visit, tmp_path: Path) -> None:
    """Screens and print; the paper is one page that carries the parcels."""
    for theme in ("parcel", "intensity", "project"):
        visit.page.check(f"input[value={theme}]")
        visit.page.evaluate("landuseMap.painted()")
        visit.page.screenshot(path=tmp_path / f"{theme}.png")
    visit.click_on("parcels", "A20")
    visit.page.wait_for_timeout(300)
    visit.page.screenshot(path=tmp_path / "click.png")
    visit.page.keyboard.press("Escape")
    visit.page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True, print_background=True)
    colours = Image.open(tmp_path / "parcel.png").convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert {c for _, c in colours} >= {(0x8C, 0xC3, 0xE6), (0xD9, 0xEA, 0xD0), (0x9A, 0x9A, 0x9A)}
    assert (tmp_path / "print.pdf").read_bytes().count(b"/Type /Page\n") == 1


def test_an_empty_run_opens(browser: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from landuse import tables as t

    nothing = {name: table.empty() for name, table in t.RUN_TABLES.items()}
    save_html(plan_map(replace(small_result(), tables=nothing)), tmp_path / "empty.html")
    page = browser.new_page()
    visit = Visit(page, (tmp_path / "empty.html").as_uri())
    assert {r["count"] for r in page.evaluate("landuseMap.legend()")} == {"0"}
    assert visit.complaints == []
    page.close()
