"""Score: how zones stand beside each other, what class each firm has, what that does to next year's quota."""

from __future__ import annotations

from landuse.scoring.class_rules import ClassRules
from landuse.scoring.class_verb import class_firms
from landuse.scoring.incentive import quota_factors
from landuse.scoring.rules import ScoreRules
from landuse.scoring.verb import score

__all__ = ["ClassRules", "ScoreRules", "class_firms", "quota_factors", "score"]
