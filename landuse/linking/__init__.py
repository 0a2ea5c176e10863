"""Verb link: which project stands on which parcel, and how much of its money and land."""

from __future__ import annotations

from landuse.linking.verb import link

__all__ = ["link"]
