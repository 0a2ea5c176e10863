"""Verb inspect: what is wrong between parcels, before anything is counted."""

from __future__ import annotations

from landuse.inspecting.doubled import doubled_land, flag_doubled
from landuse.inspecting.issues import fault_issues
from landuse.inspecting.verb import inspect

__all__ = ["doubled_land", "fault_issues", "flag_doubled", "inspect"]
