"""Verb consolidate: recoverable parcels into blocks."""

from __future__ import annotations

from landuse.consolidating.blocks import consolidate

__all__ = ["consolidate"]
