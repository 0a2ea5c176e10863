"""A saved map is one file that asks for nothing, and refuses to be saved where it would."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import folium
import pytest

from landuse.errors import DependencyError, LanduseError
from landuse.maps import interactive, offline, plan_map, save_html
from tests.unit.maps_world import NASTY, small_result

SCRIPT = re.compile(r"<script(?P<rest>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("map") / "map.html"
    save_html(plan_map(small_result()), path)
    return path.read_text(encoding="utf-8")


def scripts(page: str) -> list[str]:
    """Return the scripts that a browser would run."""
    return [m["text"] for m in SCRIPT.finditer(page) if "type=" not in m["rest"]]


def test_nothing_is_linked(page: str) -> None:
    markup = SCRIPT.sub(lambda m: f"<script{m['rest']}></script>", page)
    assert not re.findall(r"""\b(?:src|href)\s*=\s*["'](?!data:|#)""", markup)
    assert not re.findall(r"url\((?![\"']?(?:data:|#))", page)
    assert "@import" not in page


def test_leaflet_stands_inside_with_its_licence(page: str) -> None:
    assert "Leaflet 1.9.3, a JS library" in page
    assert "Redistributions in binary form must reproduce" in page
    assert page.index("Vladimir Agafonkin\nCopyright") < page.index("<script")


def test_policy_lets_run_what_stands_there_and_nothing_else(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in rules["script-src"]
    hashes = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts(page)}
    assert set(re.findall(r"'sha256-([^']*)'", rules["script-src"])) == hashes
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_no_eval(page: str) -> None:
    ours = "".join(interactive.asset(name) for name in ("shapes.js", "plan.js", "sheet.js", "check.js"))
    assert not re.search(
        r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", ours
    )
    assert "https://" not in ours.replace("http://www.w3.org", "")


def test_text_of_the_data_cannot_become_markup(tmp_path: Path) -> None:
    clean, nasty = tmp_path / "clean.html", tmp_path / "nasty.html"
    save_html(plan_map(small_result(title="平")), clean)
    save_html(plan_map(small_result(title=NASTY)), nasty)
    before, after = (p.read_text(encoding="utf-8") for p in (clean, nasty))
    assert after.count("<script") == before.count("<script")
    assert after.count("</script>") == before.count("</script>")
    assert scripts(after) == scripts(before), "the title stands in the settings, not in code"
    settings = next(m["text"] for m in SCRIPT.finditer(after) if "_config" in m["rest"])
    assert json.loads(settings)["title"] == NASTY


def test_the_same_result_gives_the_same_file(tmp_path: Path, page: str) -> None:
    save_html(plan_map(small_result()), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_a_base_map_is_refused_and_nothing_written(tmp_path: Path) -> None:
    plan = plan_map(small_result())
    folium.TileLayer("https://tiles.example.org/{z}/{x}/{y}.png", attr="x").add_to(plan)
    with pytest.raises(LanduseError, match=r"tiles\.example\.org") as caught:
        save_html(plan, tmp_path / "map.html")
    assert "What to do" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_plain_folium_map_is_refused() -> None:
    with pytest.raises(LanduseError, match="would have to fetch"):
        offline.offline_html(folium.Map(tiles=None).get_root().render())


@pytest.mark.parametrize(
    "fault",
    [
        '<img src="https://example.org/a.png">',
        "<img src=//example.org/a.png>",
        '<img src="logo.png">',
        '<link rel="icon" href="favicon.ico">',
        '<iframe src="page.html"></iframe>',
        "<style>@import 'more.css';</style>",
        "<style>b { background: url(//example.org/b.png) }</style>",
        "<p style=\"background: url('b.png')\">",
        '<script src="https://example.org/x.js"></script>',
        '<script>fetch("https://example.org/data.json")</script>',
        "<script>load('//example.org/x')</script>",
        '<a onclick="go()">x</a>',
        '<form action="/send"></form>',
    ],
)
def test_every_kind_of_address_is_found(fault: str) -> None:
    with pytest.raises(LanduseError, match="would have to fetch"):
        offline.offline_html(f"<!DOCTYPE html><html><head></head><body>{fault}</body></html>")


def test_harmless_text_passes_unchanged() -> None:
    body = (
        '<p title="a &amp; b">見 https://example.org &lt;b&gt; &#169;</p><!-- note --><br/>'
        '<img src="data:image/png;base64,AA=="><a href="#top">x</a>'
        '<script type="text/plain" id="d">https://example.org/ is data</script>'
        "<script>// a comment\nvar a = 'http://www.w3.org/2000/svg';</script>"
    )
    assert body in offline.offline_html(f"<!DOCTYPE html><html><head></head><body>{body}</body></html>")


def test_another_leaflet_than_asked_for_is_refused() -> None:
    link = '<script src="https://cdn.jsdelivr.net/npm/leaflet@9.9.9/dist/leaflet.js"></script>'
    with pytest.raises(DependencyError, match=r"asks for Leaflet 9\.9\.9"):
        offline.offline_html(f"<html><head>{link}</head><body></body></html>")


def test_a_notebook_shows_the_map_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_map(small_result())
    shown = plan._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "cdn.jsdelivr.net" not in shown
    monkeypatch.setattr(interactive, "NOTEBOOK_LIMIT", 1000)
    assert "save_html" in plan._repr_html_()
    assert "<iframe" not in plan._repr_html_()


def test_an_older_datum_is_said() -> None:
    from dataclasses import replace

    from landuse.maps.wording import screen_notes

    result = small_result()
    old = result.parcels.set_crs("EPSG:2361", allow_override=True)
    notes = screen_notes(replace(result, tables=result.tables | {"parcels": old}))
    assert any("未作基准转换" in note for note in notes)
    assert not any("未作基准转换" in note for note in screen_notes(result))
