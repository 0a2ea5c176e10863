"""From a result to map layers: which shapes, in which class, with which sums for the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import CrsError, LanduseError
from landuse.labels import label
from landuse.maps.style import (
    INTENSITY_BREAKS,
    ClassStyle,
    block_styles,
    intensity_styles,
    parcel_styles,
    project_styles,
    reserve_styles,
    zone_styles,
)
from landuse.tables import Result

Codes: TypeAlias = npt.NDArray[np.uint8]
SAME = 1e-13
"""Two ratios nearer than this, relatively, are the same number (float noise)."""


@dataclass(frozen=True)
class Theme:
    """One way to colour the shapes of a layer.

    Parameters
    ----------
    key, name : str
        Its name in the code and the name people read.
    styles : tuple of ClassStyle
        The classes of the legend, in order.
    codes : array of uint8, shape (shapes,)
        The class of each shape, as a place in ``styles``.
    counts : tuple of int
        Shapes in each class.
    area_m2 : tuple of float
        Their area [m2]; shapes without a known area add nothing.
    """

    key: str
    name: str
    styles: tuple[ClassStyle, ...]
    codes: Codes
    counts: tuple[int, ...]
    area_m2: tuple[float, ...]


@dataclass(frozen=True)
class MapLayer:
    """Shapes with one or more ways to colour them; the index of ``shapes`` holds the ids."""

    key: str
    name: str
    shapes: gpd.GeoSeries
    themes: tuple[Theme, ...]


@dataclass(frozen=True)
class PlanLayers:
    """The layers of a plan map, bottom first."""

    parcels: MapLayer
    reserve: MapLayer
    blocks: MapLayer
    zones: MapLayer

    def all(self) -> tuple[MapLayer, ...]:
        """Return them bottom first."""
        return (self.parcels, self.reserve, self.blocks, self.zones)


def plan_layers(result: Result) -> PlanLayers:
    """Return the layers of a finished run.

    Raises
    ------
    CrsError
        Where a table with shapes has no coordinate system.
    """
    parcels, facts = result.parcels, result.parcel_facts.reindex(result.parcels.index)
    area = facts["area_used_m2"]
    themes = (
        theme_of("intensity", intensity_styles(), intensity_classes(facts), area),
        theme_of("project", project_styles(), project_classes(result), area),
        theme_of("parcel", parcel_styles(), parcel_classes(result), area),
    )
    blocks, reserve, zones = result.blocks, result.reserve, result.zones
    granted = result.grants.loc[result.grants["granted"], "block_id"].dropna()
    supply = pd.Series(np.where(reserve.index.isin(granted), "granted", "free"), index=reserve.index)
    zone_area = result.zone_facts["area_m2"].reindex(zones.index)
    return PlanLayers(
        parcels=MapLayer("parcels", label("map_words", "class"), _shapes(parcels, "parcels"), themes),
        reserve=_layer("reserve", reserve, reserve_styles(), supply, reserve["area_m2"]),
        blocks=_layer("blocks", blocks, block_styles(), _all("block", blocks), blocks["area_m2"]),
        zones=_layer("zones", zones, zone_styles(), _all("zone", zones), zone_area),
    )


def intensity_classes(facts: pd.DataFrame, *, breaks: Sequence[float] = INTENSITY_BREAKS) -> pd.Series:
    """Return the class of each parcel's investment intensity.

    Parameters
    ----------
    facts : DataFrame
        Parcel facts; ``fixed_wan_per_mu_low/_high`` [wan/mu] and ``projects`` are read.
    breaks : sequence of float
        Limits between classes [wan/mu], rising; a class holds its lower limit.

    Returns
    -------
    Series of str
        The place of the class, or ``straddle`` (low and high fall into two classes), ``unknown``,
        ``unlinked`` (no project stands on it).
    """
    low, high = (facts[f"fixed_wan_per_mu_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
    limits = np.asarray(breaks, dtype=np.float64) * (1.0 - SAME)
    first, last = (np.searchsorted(limits, values, side="right") for values in (low, high))
    classes = np.where(first == last, first.astype(str), "straddle").astype(object)
    classes[np.isnan(low) | np.isnan(high)] = "unknown"
    classes[facts["projects"].fillna(0).to_numpy() == 0] = "unlinked"
    return pd.Series(classes, index=facts.index, dtype="str")


def headline(status: pd.DataFrame) -> pd.Series:
    """Return the verdict of the policy that comes first in the plan, by subject id."""
    rows = status[status["headline"]]
    return pd.Series(rows["verdict"].to_numpy(), index=rows["subject_id"].to_numpy(), dtype="str")


def parcel_classes(result: Result) -> pd.Series:
    """Return the headline verdict of each parcel; ``unrated`` where no policy speaks of it."""
    return headline(result.parcel_status).reindex(result.parcels.index).fillna("unrated")


def project_classes(result: Result) -> pd.Series:
    """Return, for each parcel, the headline verdict of the projects on it.

    Returns
    -------
    Series of str
        A project verdict, or ``mixed`` (the projects on it differ), ``unrated`` (no policy speaks of them),
        ``unlinked`` (no project stands on it).
    """
    links = result.links[["parcel_id", "project_id"]].drop_duplicates()
    verdict = links["project_id"].map(headline(result.project_status)).astype("str").fillna("unrated")
    by_parcel = verdict.groupby(links["parcel_id"].to_numpy())
    single = by_parcel.first().where(by_parcel.nunique() == 1, "mixed")
    return single.reindex(result.parcels.index).fillna("unlinked")


def _all(key: str, frame: pd.DataFrame) -> pd.Series:
    return pd.Series([key] * len(frame), index=frame.index, dtype="str")


def _layer(
    key: str, frame: Any, styles: tuple[ClassStyle, ...], classes: pd.Series, area: pd.Series
) -> MapLayer:
    theme = theme_of(key, styles, classes, area)
    return MapLayer(key, theme.name, _shapes(frame, key), (theme,))


def theme_of(key: str, styles: tuple[ClassStyle, ...], classes: pd.Series, area: pd.Series) -> Theme:
    """Return a way to colour shapes by their classes, with counts and areas [m2]."""
    present = set(classes.unique())
    kept = tuple(s for s in styles if s.key in present or not s.optional)
    codes = pd.Index([s.key for s in kept], dtype="str").get_indexer(classes)
    if (codes < 0).any():
        unknown = sorted(present - {s.key for s in kept})
        raise LanduseError(
            f"the map theme {key} has no class for {unknown}", remedy="add the class to landuse/maps/style.py"
        )
    counts = np.bincount(codes, minlength=len(kept))
    sums = np.bincount(codes, weights=area.fillna(0.0).to_numpy(dtype=np.float64), minlength=len(kept))
    return Theme(
        key,
        label("map_layers", key),
        kept,
        codes.astype(np.uint8),
        tuple(int(n) for n in counts),
        tuple(float(a) for a in sums),
    )


def _shapes(frame: Any, key: str) -> gpd.GeoSeries:
    shapes = frame.geometry
    if shapes.crs is None and not shapes.isna().all():
        raise CrsError(
            f"the {key} of the result have no coordinate system and cannot be put on a map",
            remedy='name it where the file is read: crs = "EPSG:4525"',
        )
    return shapes
