"""What the plan says of scores: method, weights, ideal values, cap. Nothing here has a default."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from landuse.errors import ScoreError, nearest
from landuse.scoring.intervals import Interval
from landuse.scoring.methods import ideal_value, mean_normalised, min_max
from landuse.tables import INDICATORS, SCORE_METHODS

REVERSE = ("idle_share",)
"""Shares that should be small."""

__all__ = ["REVERSE", "ScoreRules"]


@dataclass(frozen=True)
class ScoreRules:
    """How figures become a score.

    Parameters
    ----------
    method : str
        One of ``SCORE_METHODS``.
    weights : mapping
        Weight of each figure that is scored; as the plan has them, never made to sum to 1.
    ideals : mapping
        Ideal value of each of them, for ``ideal_value`` only.
    cap : float, optional
        The most that an index may be, for ``mean_normalised`` only.
    """

    method: str
    weights: Mapping[str, float]
    ideals: Mapping[str, float] = field(default_factory=dict)
    cap: float | None = None

    def check(self, known: Sequence[str] = INDICATORS) -> ScoreRules:
        """Return the rules if they can be followed.

        Raises
        ------
        ScoreError
            An unknown method or figure (the nearest is named), weights that are missing, negative or sum to
            nothing, an ideal value that is missing, or given to a method that takes none.

        Examples
        --------
        >>> ScoreRules("ideal_value", {"far": 1.0}).check()
        Traceback (most recent call last):
        landuse.errors.ScoreError: [ideals]: no ideal value for far, and none is known. What to do: give \
one in the plan, with its source beside it
        """
        if self.method not in SCORE_METHODS:
            raise ScoreError(
                f"there is no method {self.method!r}; the nearest is {nearest(self.method, SCORE_METHODS)!r}",
                key="method",
                remedy=f"one of {', '.join(SCORE_METHODS)}",
            )
        for key, names in (("weights", self.weights), ("ideals", self.ideals)):
            for name in names:
                if name not in known:
                    raise ScoreError(
                        f"there is no figure {name!r}; the nearest is {nearest(name, list(known))!r}",
                        key=key,
                        remedy=f"one of {', '.join(known)}",
                    )
        self._check_weights()
        self._check_ideals()
        if self.cap is not None and (self.method != "mean_normalised" or not self.cap > 0.0):
            raise ScoreError(
                "a cap is a number above 0 for mean_normalised",
                key="cap",
                remedy="the other methods end at 1: take the cap out",
            )
        return self

    def _check_weights(self) -> None:
        if not self.weights:
            raise ScoreError(
                "no weights, and none are known",
                key="weights",
                remedy="give the weight of every figure that is to count, with its source beside it",
            )
        for name, weight in self.weights.items():
            if not (math.isfinite(weight) and weight >= 0.0):
                raise ScoreError(
                    f"the weight of {name} is {weight:g}",
                    key="weights",
                    remedy="weights are numbers of 0 and more; a share that should be small is turned round",
                )
        if not sum(self.weights.values()) > 0.0:
            raise ScoreError("the weights sum to nothing", key="weights", remedy="give one of them a weight")

    def _check_ideals(self) -> None:
        turned = [name for name in self.weights if name in REVERSE]
        if self.method != "ideal_value":
            if self.ideals:
                raise ScoreError(
                    f"{self.method} takes no ideal values",
                    key="ideals",
                    remedy='take them out, or method = "ideal_value"',
                )
            if turned:
                raise ScoreError(
                    f"{turned[0]} should be small, and the source of {self.method} is silent on such figures",
                    key="weights",
                    remedy='leave it out, or method = "ideal_value"',
                )
            return
        for name in self.weights:
            if name not in self.ideals and name not in REVERSE:
                raise ScoreError(
                    f"no ideal value for {name}, and none is known",
                    key="ideals",
                    remedy="give one in the plan, with its source beside it",
                )
        for name, ideal in self.ideals.items():
            if name in REVERSE or not (math.isfinite(ideal) and ideal > 0.0):
                raise ScoreError(
                    f"the ideal value of {name} is {ideal:g}",
                    key="ideals",
                    remedy="it is a number above 0; a share that should be small takes none",
                )

    def index(self, name: str, figure: Interval) -> Interval:
        """Return the index of a figure, 0.2 to 1 under ``min_max``, from 0 up under the others."""
        if self.method == "min_max":
            return min_max(figure)
        if self.method == "mean_normalised":
            return mean_normalised(figure, cap=self.cap)
        return ideal_value(figure, self.ideals.get(name), reverse=name in REVERSE)
