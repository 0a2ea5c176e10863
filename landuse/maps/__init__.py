"""Door: maps for the screen and for paper.

``plan_map``, ``check_map`` and ``save_html`` need folium, ``plan_figure`` needs matplotlib; each is loaded
when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landuse.maps.checking import check_map
    from landuse.maps.figure import plan_figure, save_figure
    from landuse.maps.interactive import plan_map
    from landuse.maps.offline import save_html

__all__ = ["check_map", "plan_figure", "plan_map", "save_figure", "save_html"]

_HOMES = {
    "check_map": "checking",
    "plan_figure": "figure",
    "plan_map": "interactive",
    "save_figure": "figure",
    "save_html": "offline",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"landuse.maps.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
