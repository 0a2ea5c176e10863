"""Verb allocate: the annual land plan."""

from __future__ import annotations

from landuse.allocating.plan import allocate

__all__ = ["allocate"]
