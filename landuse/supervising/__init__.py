"""Verb supervise: where parcels stand after supply, what is due and what is overdue."""

from __future__ import annotations

from landuse.supervising.verb import supervise

__all__ = ["supervise"]
