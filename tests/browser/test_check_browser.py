"""The map of an intake in a browser without a network: faults drawn, listed, and answered on a click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import landuse as lu
from landuse.maps import check_map, save_html
from tests.browser.visit import Visit
from tests.unit.check_world import faulty

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    save_html(check_map(lu.check(faulty(folder))), folder / "check.html")
    return folder / "check.html"


@pytest.fixture
def visit(browser: Any, saved: Path) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    visit = Visit(page, saved.as_uri())
    page.evaluate("landuseMap.ready")
    yield visit
    outside = [r for r in visit.requests if not r.startswith(("file:", "data:"))]
    assert (outside, visit.complaints) == ([], [])
    page.close()


def test_legend_counts_the_faults_and_the_list_names_them(visit: Visit) -> None:
    names = visit.page.eval_on_selector_all(
        ".lu-legend tbody tr", "rows => rows.map(r => r.innerText.split(/\\s+/))"
    )
    counts = {row[0]: row[1] for row in ([c for c in r if c] for r in names)}
    assert counts == {"图形重复": "1", "重叠": "1", "空隙": "1", "细缝或窄条重叠": "2", "宗地": "11"}
    listed = visit.page.eval_on_selector_all(".lu-grant", "nodes => nodes.map(n => n.innerText)")
    assert [text.split()[1] for text in listed] == [
        "图形重复",
        "重叠",
        "空隙",
        "细缝或窄条重叠",
        "细缝或窄条重叠",
    ]
    assert "几何问题 5 处" in visit.page.inner_text(".lu-head")


def test_a_line_of_the_list_goes_to_the_fault_and_opens_its_card(visit: Visit) -> None:
    for place, (one, other) in enumerate([("T", "T2"), ("B", "O"), ("G1", "G4"), ("S", "T"), ("S", "T2")]):
        visit.page.locator(".lu-grant button").nth(place).click()
        visit.page.wait_for_selector(f".lu-card caption:has-text('{place + 1}')")
        card = visit.page.inner_text(".lu-card")
        assert f"{one}\nparcels.gpkg 第" in card
        assert f"{other}\nparcels.gpkg 第" in card
        inside = "landuseMap.map.getBounds().contains(landuseMap.layers.faults.bounds(%d))"
        f = visit.page.evaluate("f => landuseMap.place('faults', String(f))", place + 1)
        assert visit.page.evaluate(inside % f)


def test_a_click_near_a_sliver_answers_with_the_sliver_and_elsewhere_with_the_parcel(visit: Visit) -> None:
    """5 cm are no pixel at this scale; it is drawn and found none the less."""
    where = """async id => {
      const plan = landuseMap, f = await plan.place('faults', id);
      await plan.still();
      const p = plan.map.latLngToContainerPoint(plan.layers.faults.bounds(f).getCenter());
      const box = plan.map.getContainer().getBoundingClientRect();
      return {x: box.left + p.x, y: box.top + p.y}; }"""
    spot = visit.page.evaluate(where, "4")
    visit.page.mouse.click(spot["x"] + 3, spot["y"])
    visit.page.wait_for_selector("[data-card=fault]")
    assert "细缝" in visit.page.inner_text(".lu-card caption")
    visit.page.keyboard.press("Escape")
    found = visit.click_on("parcels", "A")
    assert ["parcel", "source", "parcels.gpkg 第 1 行"] in found["cells"]
