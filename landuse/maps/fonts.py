"""Which font draws Chinese on paper: found without touching matplotlib's settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from landuse.errors import DependencyError, MissingFileError
from landuse.labels import label

ENVIRONMENT = "LANDUSE_FONT"
"""Environment variable that names a font file to use before all others."""
KNOWN = (
    "Microsoft YaHei",
    "SimHei",
    "DengXian",
    "PingFang SC",
    "Hiragino Sans GB",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "LXGW WenKai",
    "Droid Sans Fallback",
)
"""Sans-serif families that hold simplified Chinese, the likeliest first."""
LATIN = "DejaVu Sans"
"""Ships with matplotlib; draws what a Chinese font lacks."""
PACKAGE = "pylopdf_fonts_zh_cn"


def chinese_fonts() -> tuple[str, ...]:
    """Return the font families for Chinese text, the first choice first.

    The order: the file named by the environment variable LANDUSE_FONT, well-known families that matplotlib
    knows, fonts installed since matplotlib last looked, the font package of ``pip install landuse[fonts]``,
    any font that holds the characters needed.

    Raises
    ------
    DependencyError
        Where no font holds Chinese: a map of empty boxes would be no map.
    MissingFileError
        Where LANDUSE_FONT names a file that is not there.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        if not Path(named).is_file():
            raise MissingFileError(
                "the font file is not there",
                file=named,
                key=ENVIRONMENT,
                remedy="name a .ttf, .otf or .ttc file",
            )
        return (_add(named), LATIN)
    family = _known_family() or _searched_family()
    if family is None:
        raise DependencyError(
            "no font with Chinese characters was found for the printed map",
            remedy=(
                "install one (Debian: fonts-noto-cjk), or pip install 'landuse[fonts]', "
                f"or name a font file in {ENVIRONMENT}"
            ),
        )
    return (family, LATIN)


def _known_family() -> str | None:
    names = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in KNOWN if name in names), None)


def _searched_family() -> str | None:
    """Look at the disk: matplotlib keeps a list and does not see what was installed after it was made."""
    installed = sorted(font_manager.findSystemFonts())
    fit = [file for file in (*_packaged(), *installed) if _holds_chinese(file)]
    families = [_add(file) for file in fit]
    return _known_family() or next(iter(families), None)


def _packaged() -> Iterator[str]:
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield from (str(file) for file in sorted(Path(folder).glob("**/*Sans*.[ot]tf")))


def _holds_chinese(file: str) -> bool:
    try:
        characters = FT2Font(file).get_charmap()
    except (OSError, RuntimeError):  # a damaged or unreadable font file is not ours to mend
        return False
    return all(ord(sign) in characters for sign in label("map_words", "font_probe"))


def _add(file: str) -> str:
    font_manager.fontManager.addfont(file)
    return str(font_manager.FontProperties(fname=file).get_name())
