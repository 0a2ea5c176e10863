"""Verb compare: two runs, what changed, the quarterly bulletin."""

from __future__ import annotations

from landuse.comparing.standings import STANDINGS, standing_of
from landuse.comparing.verb import check_order, compare

__all__ = ["STANDINGS", "check_order", "compare", "standing_of"]
