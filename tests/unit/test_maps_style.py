"""Classes that lie side by side can be told apart: in colour, by colour-blind people, in black and white."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from landuse.maps import style as s

# Machado, Oliveira, Fernandes (2009), full severity, on linear RGB
SIGHTS = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
THEMES = {
    "intensity": s.intensity_styles(),
    "project": s.project_styles(),
    "parcel": s.parcel_styles(),
    "reserve": s.reserve_styles(),
}


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of #rrggbb as an eye of some sight sees it."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    ratio = TO_XYZ @ np.clip(sight @ linear, 0, 1) / WHITE
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_or_hatching_differ(theme: str, sight: str) -> None:
    for a, b in combinations(THEMES[theme], 2):
        distance = np.linalg.norm(
            lab(a.fill or "#ffffff", SIGHTS[sight]) - lab(b.fill or "#ffffff", SIGHTS[sight])
        )
        assert a.hatch != b.hatch or distance >= 10, f"{a.key} and {b.key}: {distance:.1f}"


@pytest.mark.parametrize("theme", THEMES)
def test_black_and_white_print_separates_them(theme: str) -> None:
    for a, b in combinations(THEMES[theme], 2):
        lightness = abs(lab(a.fill or "#ffffff", np.eye(3))[0] - lab(b.fill or "#ffffff", np.eye(3))[0])
        assert a.hatch != b.hatch or a.dash != b.dash or lightness >= 7, (
            f"{a.key} and {b.key}: {lightness:.1f}"
        )


def test_more_investment_is_darker() -> None:
    lightness = [lab(style.fill or "", np.eye(3))[0] for style in s.intensity_styles()[:5]]
    assert lightness == sorted(lightness, reverse=True)


def test_breaks_hold_the_limits_of_the_law() -> None:
    assert {150.0, 200.0} <= set(s.INTENSITY_BREAKS)
    assert [style.label for style in s.intensity_styles()[:3]] == [
        "不足 100 万元/亩",
        "100 至不足 150 万元/亩",
        "150 至不足 200 万元/亩",
    ]


def test_every_hatching_is_known() -> None:
    assert {x.hatch for styles in THEMES.values() for x in styles} - {None} <= set(s.HATCHES)
