"""The printed map: Chinese without boxes, names that do not cover each other, a scale bar that is right."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from shapely.geometry import box

from landuse import tables as t
from landuse.errors import DependencyError, FormatError, MissingFileError
from landuse.maps import fonts, plan_figure, save_figure
from landuse.maps.placing import Name, place_names
from tests.unit.maps_world import small_result


@pytest.fixture(scope="module")
def has_font() -> None:
    try:
        fonts.chinese_fonts()
    except DependencyError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def figure(has_font: None):
    return plan_figure(small_result())


def texts(figure) -> list[str]:
    return [found.get_text() for found in figure.findobj(Text) if found.get_text()]


def test_sheet_is_a3_landscape(figure) -> None:
    assert figure.get_size_inches() * 25.4 == pytest.approx([420, 297])


def test_what_is_written(figure) -> None:
    written = texts(figure)
    for wanted in (
        "示例市 2026 年产业集聚区用地计划",
        "疑似情况仅供核查，不作法律认定。",
        "示例一产业集聚区",
        "示例二产业集聚区",
        "涉嫌闲置（满两年）",
        "不再单独供地",
        "北",
    ):
        assert wanted in written
    whole = "\n".join(written)
    assert "数据截至 2026 年 6 月 30 日" in whole
    assert "cn-luoyang-zones-2011" in whole
    assert "宗地.gpkg、项目台账.xlsx" in whole
    assert "千米" in whole or " 米" in whole


def test_legend_counts_and_areas_are_those_of_the_tables(figure) -> None:
    rows: dict[float, list[tuple[float, str]]] = {}
    for found in figure.axes[-1].texts:
        x, y = found.get_position()
        rows.setdefault(y, []).append((x, found.get_text()))
    lines = {cells[0][1]: [text for _, text in cells[1:]] for cells in (sorted(r) for r in rows.values())}
    result = small_result()
    status, area = result.parcel_status.set_index("subject_id"), result.parcel_facts["area_mu"]
    for verdict, name in (("idle_1y", "涉嫌闲置（满一年）"), ("in_use", "在用"), ("undecided", "待核实")):
        mine = status.index[status["verdict"] == verdict]
        if name != "待核实":  # the name of an idle class and of a project class
            assert lines[name] == [f"{len(mine)}", f"{area[mine].sum():,.1f}"]
    assert lines["整理潜力地块"] == ["2", f"{result.blocks['area_mu'].sum():,.1f}"]
    assert "1. 光伏玻璃项目" in lines
    assert lines["1. 光伏玻璃项目"] == ["60.00"]


def test_no_glyph_is_missing_and_files_repeat(figure, tmp_path: Path) -> None:
    for name in ("a.png", "a.pdf", "b.png", "b.pdf"):
        save_figure(figure, tmp_path / name)  # a missing glyph is a warning, and warnings are errors here
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_pdf_text_can_be_searched(figure, tmp_path: Path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    save_figure(figure, tmp_path / "a.pdf")
    text = subprocess.run(
        [reader, "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True
    ).stdout
    assert "涉嫌闲置" in text.decode("utf-8")


def test_settings_of_matplotlib_stay_as_they_were(has_font: None, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    save_figure(plan_figure(small_result()), tmp_path / "a.pdf")
    assert dict(mpl.rcParams) == before


def test_only_png_and_pdf(figure, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"\.png or \.pdf"):
        save_figure(figure, tmp_path / "a.svg")


def test_scale_bar_is_as_long_as_it_says(figure) -> None:
    panel = figure.axes[1]
    pieces = [
        p for p in panel.patches if isinstance(p, Rectangle) and p.get_linewidth() == pytest.approx(0.6)
    ]
    assert len(pieces) == 4
    length = sum(p.get_width() for p in pieces)
    said = next(s for s in texts(figure) if s.endswith((" 米", " 千米")))
    number, unit = said.split()
    assert length == pytest.approx(float(number) * {"米": 1, "千米": 1000}[unit])


def test_one_metre_is_one_metre_in_both_directions(figure) -> None:
    panel = figure.axes[1]
    place = panel.get_window_extent()
    (west, east), (south, north) = panel.get_xlim(), panel.get_ylim()
    assert (east - west) / place.width == pytest.approx((north - south) / place.height)


def test_names_on_the_map_do_not_cover_each_other(figure) -> None:
    renderer = figure.canvas.get_renderer()
    named = [x for x in figure.axes[1].texts if "集聚区" in x.get_text() or x.get_text().startswith("Z1-")]
    boxes = [x.get_window_extent(renderer) for x in named]
    assert len(boxes) == 4
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_degrees_and_an_empty_run_can_be_drawn(has_font: None) -> None:
    result = small_result()
    in_degrees = {k: (v.to_crs(4490) if getattr(v, "crs", None) else v) for k, v in result.tables.items()}
    panel = plan_figure(replace(result, tables=in_degrees)).axes[1]
    width = panel.get_xlim()[1] - panel.get_xlim()[0]
    assert 3900 < width < 5000, "metres, not degrees"
    nothing = {name: table.empty() for name, table in t.RUN_TABLES.items()}
    assert plan_figure(replace(result, tables=nothing)).axes


def test_dollar_signs_are_money_not_formulas(has_font: None, tmp_path: Path) -> None:
    figure = plan_figure(small_result(title="投资 $5000 万与 $3000 万_x^"))
    save_figure(figure, tmp_path / "a.png")
    assert "投资 $5000 万与 $3000 万_x^" in texts(figure)


class TestPlacing:
    frame = (0.0, 0.0, 1000.0, 1000.0)

    def test_a_name_goes_above_its_shape(self) -> None:
        (place,) = place_names([Name("a", (400, 400, 600, 500), 100, 20, True)], frame=self.frame, drawn=[])
        assert place == (500.0, 516.0)

    def test_a_name_stays_inside_the_map(self) -> None:
        (place,) = place_names([Name("a", (400, 900, 600, 1000), 100, 20, True)], frame=self.frame, drawn=[])
        assert place is not None
        assert place[1] + 10 <= 1000

    def test_what_is_drawn_is_avoided(self) -> None:
        above = box(300, 500, 700, 600)
        (place,) = place_names(
            [Name("a", (400, 400, 600, 500), 100, 20, True)], frame=self.frame, drawn=[above]
        )
        assert place == (500.0, 384.0)

    def test_names_that_are_not_needed_give_way(self) -> None:
        same = [Name("a", (400, 400, 600, 500), 2000, 900, n == 0) for n in range(2)]
        places = place_names(same, frame=self.frame, drawn=[])
        assert places[0] is not None
        assert places[1] is None


class TestFonts:
    def test_a_named_file_comes_first(self, has_font: None, monkeypatch: pytest.MonkeyPatch) -> None:
        file = font_manager.findfont("DejaVu Serif")
        monkeypatch.setenv(fonts.ENVIRONMENT, file)
        assert fonts.chinese_fonts() == ("DejaVu Serif", fonts.LATIN)

    def test_a_named_file_that_is_not_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(fonts.ENVIRONMENT, "no/such/font.ttf")
        with pytest.raises(MissingFileError, match="LANDUSE_FONT"):
            fonts.chinese_fonts()

    def test_no_font_is_one_clear_refusal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(fonts.ENVIRONMENT, raising=False)
        monkeypatch.setattr(fonts, "KNOWN", ())
        monkeypatch.setattr(fonts, "PACKAGE", "no_such_font_package")
        latin = font_manager.findfont("DejaVu Sans")
        monkeypatch.setattr(fonts.font_manager, "findSystemFonts", lambda: [latin, __file__])
        with pytest.raises(DependencyError, match="LANDUSE_FONT"):
            fonts.chinese_fonts()

    def test_a_font_installed_since_is_found(self, has_font: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(fonts.ENVIRONMENT, raising=False)
        kept = [e for e in font_manager.fontManager.ttflist if e.name not in fonts.KNOWN]
        monkeypatch.setattr(font_manager.fontManager, "ttflist", kept)
        assert fonts.chinese_fonts()[0] in {e.name for e in font_manager.fontManager.ttflist}


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import landuse.maps", {"folium", "matplotlib"}),
        ("from landuse.maps import plan_map, save_html", {"matplotlib"}),
        ("from landuse.maps import plan_figure, save_figure", {"folium", "matplotlib.pyplot"}),
    ],
)
def test_each_door_pulls_in_its_own_library_only(code: str, absent: set[str]) -> None:
    check = f"import sys; {code}; print([n for n in {sorted(absent)!r} if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_area_unknown_to_the_facts_is_no_obstacle(has_font: None) -> None:
    result = small_result()
    facts = result.parcel_facts.assign(area_used_m2=np.nan, area_mu=np.nan)
    zones = result.zone_facts.assign(area_m2=np.nan)
    tables = result.tables | {"parcel_facts": facts, "zone_facts": zones, "grants": t.GRANTS.empty()}
    figure = plan_figure(replace(result, tables=tables))
    assert isinstance(result.zones, pd.DataFrame)
    assert "0.0" in texts(figure)
