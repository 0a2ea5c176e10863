"""The map for the screen: a folium map with one compact layer of our own, that opens without a network."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import folium
import numpy as np
import pandas as pd
from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from landuse.labels import say, section
from landuse.maps.layers import MapLayer, PlanLayers, Theme, plan_layers
from landuse.maps.offline import offline_html
from landuse.maps.payload import SPHERE_M, encode_records, encode_shapes, spatial_order
from landuse.maps.records import plan_records
from landuse.maps.style import ClassStyle
from landuse.maps.wording import screen_notes, sheet_lines
from landuse.tables import Result

LEAFLET = "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet"
NOTEBOOK_LIMIT = 5_000_000
"""Largest map that is put into a notebook cell [bytes]."""
CHINA = [[20.0, 85.0], [45.0, 125.0]]
"""What a map without any shape shows."""


class PlanMap(folium.Map):
    """A folium map that asks for Leaflet alone and shows itself in a notebook without a network.

    GeoJSON layers and image overlays of folium can be added to it; elements that need jQuery or Bootstrap
    (plain ``folium.Popup``, ``folium.Icon``) cannot: ``save_html`` refuses what it would have to fetch.
    """

    default_js = [("leaflet", f"{LEAFLET}.js")]  # noqa: RUF012
    default_css = [("leaflet_css", f"{LEAFLET}.css")]  # noqa: RUF012

    def _repr_html_(self, **_: Any) -> str:
        page = offline_html(self.get_root().render())
        if len(page) > NOTEBOOK_LIMIT:
            return f"<p>{html.escape(say('map_words', 'inline_too_big', size=len(page) / 1e6))}</p>"
        return f'<iframe srcdoc="{html.escape(page)}" style="width:100%;height:640px;border:0"></iframe>'


class CompactLayer(Layer):
    """Layers of compact shapes on canvas tiles, with records behind them.

    Parameters
    ----------
    opener : str
        The function of the page that opens them.
    assets : sequence of str
        The code it needs.
    words : dict
        What the page says.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <script>{{ this.code }}</script>
        {% endmacro %}
        {% macro html(this, kwargs) %}
        <script type="application/json" id="{{ this.get_name() }}_config">{{ this.config_text() }}</script>
        {%- for part, body in this.bodies.items() %}
        <script type="text/plain" id="{{ this.get_name() }}_{{ part }}">{{ body }}</script>
        {%- endfor %}
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} =
          landuse.{{ this.opener }}({{ this.get_name()|tojson }}, {{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, opener: str, *, assets: Sequence[str], words: Mapping[str, str]) -> None:
        super().__init__(name="landuse", overlay=True, control=False, show=False)
        self._name = type(self).__name__
        self.opener = opener
        self.code = "".join(asset(name) for name in assets)
        self.bodies: dict[str, str] = {}
        self.config: dict[str, Any] = {"layers": [], "words": dict(words)}
        self.bounds = CHINA

    def put(self, layers: Sequence[MapLayer]) -> dict[str, pd.Index]:
        """Take the layers in, bottom first; return the ids of their shapes in the order they are drawn."""
        ids: dict[str, pd.Index] = {}
        boxes = []
        for layer in layers:
            order = spatial_order(layer.shapes)
            data = encode_shapes(layer.shapes.iloc[order], [t.codes[order] for t in layer.themes])
            ids[layer.key] = layer.shapes.index[order]
            self.bodies[layer.key] = data.body
            self.config["layers"].append(_layer_entry(layer, data.meta))
            if data.meta["width"] or data.meta["height"]:
                boxes.append(_degrees(data.meta))
        corners = np.array(boxes or [CHINA])
        self.bounds = [corners[:, 0].min(axis=0).tolist(), corners[:, 1].max(axis=0).tolist()]
        return ids

    def put_records(self, records: Mapping[str, pd.DataFrame]) -> None:
        """Take in what the cards show."""
        self.bodies["records"] = encode_records(records)

    def config_text(self) -> str:
        """Return the settings as JSON that HTML cannot mistake for markup."""
        text = json.dumps(self.config, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c").replace("&", "\\u0026")


class ParcelLayer(CompactLayer):
    """Parcels, reserve, blocks and zones as compact shapes on canvas tiles, with a card on a click.

    Parameters
    ----------
    layers : PlanLayers
        The shapes and their classes.
    result : Result
        The run, for what the cards show.
    """

    def __init__(self, layers: PlanLayers, result: Result) -> None:
        super().__init__("open", assets=("shapes.js", "plan.js"), words=section("map_words"))
        records = plan_records(result, self.put(layers.all()))
        self.put_records(records)
        self.config |= {
            "fields": section("map_fields"),
            "states": section("parcel_verdicts"),
            "zone_names": records["zones"]["name"].tolist(),
        }


class PlanSheet(MacroElement):
    """Title, legend, search, scale bar, north arrow, notes and printing round a ``ParcelLayer``."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
        <style>{{ this.style }}</style>
        <script>{{ this.code }}</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        landuse.sheet({{ this.layer.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, layer: ParcelLayer, result: Result) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "PlanSheet"
        self.layer, self.style, self.code = layer, asset("sheet.css"), asset("sheet.js")
        granted = result.grants["granted"]
        layer.config |= {
            "title": result.title,
            "lines": sheet_lines(result),
            "notes": screen_notes(result),
            "bounds": layer.bounds,
            "start": "parcel",
            "grants": {
                "granted": int(granted.sum()),
                "refused": int((~granted).sum()),
                "mu": float(result.grants.loc[granted, "mu"].sum()),
            },
        }


def plan_map(result: Result) -> folium.Map:
    """Return the interactive map of a finished run.

    Layers: investment intensity, verdicts on projects and suspected idleness (three ways to colour the
    parcels), reserve land with the year's grants, blocks of recoverable land, zone boundaries. No base map;
    ``save_html`` writes it as one file that needs no network.

    Parameters
    ----------
    result : Result
        A finished run.

    Returns
    -------
    folium.Map

    Raises
    ------
    CrsError
        Where a table with shapes has no coordinate system.
    """
    south_west, north_east = CHINA
    plan = PlanMap(
        location=[(a + b) / 2 for a, b in zip(south_west, north_east, strict=True)],
        tiles=None,
        zoom_start=4,
        zoom_control=False,
        max_zoom=21,
        zoom_snap=0.25,
        fade_animation=False,
        attribution_control=False,
    )
    layer = ParcelLayer(plan_layers(result), result)
    sheet = PlanSheet(layer, result)
    for name, element in (("plan", plan), ("plan", layer), ("plan", sheet), ("plan", plan.get_root())):
        element._id = name
    layer.add_to(plan)
    sheet.add_to(plan)
    root: Any = plan.get_root()
    root.title = html.escape(result.title)
    return plan


def asset(name: str) -> str:
    """Return the text of a file of the page."""
    return (files("landuse.maps") / "assets" / name).read_text(encoding="utf-8")


def _layer_entry(layer: MapLayer, meta: dict[str, Any]) -> dict[str, Any]:
    return {"key": layer.key, "meta": meta, "themes": [_theme_entry(t) for t in layer.themes]}


def _theme_entry(theme: Theme) -> dict[str, Any]:
    return {
        "key": theme.key,
        "name": theme.name,
        "styles": [_style_entry(s) for s in theme.styles],
        "counts": list(theme.counts),
        "area_m2": list(theme.area_m2),
    }


def _style_entry(style: ClassStyle) -> dict[str, Any]:
    names = ("key", "label", "fill", "hatch", "ink", "width", "dash", "bold")
    return {name: getattr(style, name) for name in names}


def _degrees(meta: dict[str, Any]) -> list[list[float]]:
    """Return the corners of encoded shapes as [latitude, longitude], south-west first."""
    x = np.array([0.0, meta["width"]]) * meta["unit"] + meta["x0"]
    y = np.array([0.0, meta["height"]]) * meta["unit"] + meta["y0"]
    lon = np.degrees(x / SPHERE_M)
    lat = np.degrees(2.0 * np.arctan(np.exp(y / SPHERE_M)) - np.pi / 2.0)
    return [[float(lat[0]), float(lon[0])], [float(lat[1]), float(lon[1])]]
