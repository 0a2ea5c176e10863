"""The map of an intake: the parcels, and over them the land that two of them hold or none does."""

from __future__ import annotations

import html
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from branca.element import MacroElement
from folium.template import Template

from landuse.kernels.ellipsoid import ellipsoid_areas
from landuse.labels import label, say, section
from landuse.maps.interactive import CHINA, CompactLayer, PlanMap, asset
from landuse.maps.layers import MapLayer, theme_of
from landuse.maps.style import ClassStyle
from landuse.tables import Checked
from landuse.units import m2_to_mu

__all__ = ["check_map"]

_LOOKS = {
    "duplicate": ("#7a0177", "cross"),
    "overlap": ("#d7191c", "rise"),
    "gap": ("#2b6cb0", "dots"),
    "sliver": ("#e08a00", None),
}


def fault_styles() -> tuple[ClassStyle, ...]:
    """Return the classes of faults; their outlines are drawn at every scale, so that slivers are seen."""
    names = section("fault_kinds")
    return tuple(
        ClassStyle(key, names[key], f"{ink}55" if hatch is None else None, hatch, ink, width=2.4, bold=True)
        for key, (ink, hatch) in _LOOKS.items()
    )


class CheckLayer(CompactLayer):
    """Parcels and faults as compact shapes on canvas tiles, with a card on a click."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("openCheck", assets=("shapes.js", "plan.js"), words=section("check_words"))
        faults, parcels = checked.faults, checked.parcels
        land = pd.Series("parcel", index=parcels.index, dtype="str")
        style = ClassStyle("parcel", label("check_words", "parcels"), "#eef0ea", ink="#8a8a8a", width=0.6)
        area = pd.Series(ellipsoid_areas(parcels.geometry.values, parcels.crs), index=parcels.index)
        below = theme_of("check_parcels", (style,), land, area)
        above = theme_of("check_faults", fault_styles(), faults["kind"], faults["area_m2"])
        shapes = gpd.GeoSeries(faults.geometry, index=faults.index, crs=faults.crs)
        ids = self.put(
            [
                MapLayer("parcels", below.name, parcels.geometry, (below,)),
                MapLayer("faults", above.name, shapes, (above,)),
            ]
        )
        self.put_records(_records(checked, ids))
        self.config["fields"] = section("check_fields")


class CheckSheet(MacroElement):
    """Title, legend, list of faults, scale bar, north arrow and notes round a ``CheckLayer``."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <style>{{ this.style }}</style>
        {%- for code in this.codes %}
        <script>{{ code }}</script>
        {%- endfor %}
        {% endmacro %}
        {% macro script(this, kwargs) %}
        landuse.checkSheet({{ this.layer.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, layer: CheckLayer, checked: Checked) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CheckSheet"
        self.layer, self.style = layer, asset("sheet.css")
        limits = {name: f"{value:g}" for name, value in checked.limits.items()}
        self.codes = [asset("sheet.js"), asset("check.js")]
        layer.config |= {
            "title": say("check_words", "title", title=checked.title),
            "lines": _lines(checked),
            "notes": [
                say("check_words", f"note_{key}", **limits) for key in ("doubled", "gap", "open", "area")
            ],
            "bounds": layer.bounds,
        }


def check_map(checked: Checked) -> folium.Map:
    """Return the interactive map of an intake: parcels, and the faults between them, listed and clickable.

    Parameters
    ----------
    checked : Checked
        Of ``check``.

    Returns
    -------
    folium.Map
        ``save_html`` writes it as one file that needs no network.

    Raises
    ------
    CrsError
        Where the parcels have no coordinate system.
    """
    south_west, north_east = CHINA
    plan = PlanMap(
        location=[(a + b) / 2 for a, b in zip(south_west, north_east, strict=True)],
        tiles=None,
        zoom_start=4,
        zoom_control=False,
        max_zoom=24,
        zoom_snap=0.25,
        fade_animation=False,
        attribution_control=False,
    )
    layer = CheckLayer(checked)
    sheet = CheckSheet(layer, checked)
    for element in (plan, layer, sheet, plan.get_root()):
        element._id = "check"
    layer.add_to(plan)
    sheet.add_to(plan)
    root: Any = plan.get_root()
    root.title = html.escape(checked.title)
    return plan


def _lines(checked: Checked) -> list[str]:
    """Return what stands under the title: how many rows, faults, and how much land is counted twice."""
    counts = {key: sum(s[key] for s in checked.inputs) for key in ("rows_read", "accepted", "rejected")}
    doubled = f"{m2_to_mu(checked.doubled_m2):,.4f}"
    found = say("check_words", "found", n=f"{len(checked.faults):,}", doubled=doubled)
    return [say("check_words", "rows", **counts), found]


def _records(checked: Checked, ids: dict[str, pd.Index]) -> dict[str, pd.DataFrame]:
    faults, parcels = checked.faults, checked.parcels
    rows = faults.loc[ids["faults"]]
    land = parcels.loc[ids["parcels"]]
    return {
        "faults": pd.DataFrame(
            {
                "id": (rows.index + 1).astype("str"),
                "number": rows.index + 1,
                "kind": rows["kind"].map(section("fault_kinds")),
                "nature": rows["nature"].map(section("fault_natures")),
                "one": rows["parcel_id"],
                "other": rows["other_id"],
                "one_place": _places(parcels.reindex(rows["parcel_id"])),
                "other_place": _places(parcels.reindex(rows["other_id"])),
                "area_m2": rows["area_m2"],
                "width_m": rows["width_m"],
            }
        ),
        "parcels": pd.DataFrame(
            {"id": land.index, "holder": land["holder"].to_numpy(), "place": _places(land)}
        ),
    }


def _places(parcels: pd.DataFrame) -> list[str]:
    """Return file and row of each parcel in words."""
    return [
        "" if pd.isna(file) or pd.isna(row) else say("fault_places", "row", file=file, row=row)
        for file, row in zip(parcels["source_file"], parcels["source_row"], strict=True)
    ]
