"""Verbs screen, judge and explain."""

from __future__ import annotations

from landuse.screening.explain import Explanation, explain
from landuse.screening.judge import judge
from landuse.screening.screen import screen

__all__ = ["Explanation", "explain", "judge", "screen"]
