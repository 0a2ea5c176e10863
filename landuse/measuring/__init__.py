"""Verb measure: areas, investment per mu and progress, as facts on a date."""

from __future__ import annotations

from landuse.measuring.area import ellipsoid_area
from landuse.measuring.facts import measure
from landuse.measuring.named_zones import settle_hooks
from landuse.measuring.zones import settle_means, settle_zones

__all__ = ["ellipsoid_area", "measure", "settle_hooks", "settle_means", "settle_zones"]
