"""What a scheme leaves open of classing firms, and the plan has to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landuse.errors import ScoreError
from landuse.policy.schemes import Procedure, Scheme
from landuse.scoring.rules import ScoreRules

POINTS = "points"

__all__ = ["POINTS", "ClassRules"]


@dataclass(frozen=True)
class ClassRules:
    """A scheme, and what its source leaves open: method and weights of the score, how shares are rounded.

    Parameters
    ----------
    scheme : Scheme
        With procedures.
    method, weights, ideals, cap
        As in ``ScoreRules``, over the scheme's figures; needed where a procedure ranks by points.
    rounding : str, optional
        One of half_up, half_even, up, down; needed where the scheme names none.
    """

    scheme: Scheme
    method: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    ideals: Mapping[str, float] = field(default_factory=dict)
    cap: float | None = None
    rounding: str | None = None

    def check(self) -> ClassRules:
        """Return the rules if they can be followed.

        Raises
        ------
        ScoreError
            Weights or a rounding that nobody gives, figures that a cut adds up
            and that have no weight.
        """
        for procedure in self.scheme.procedures:
            self.rounding_of(procedure)
        wanted = [c for p in self.scheme.procedures for c in p.cut if c.points]
        if not wanted and all(p.rank_by != POINTS for p in self.scheme.procedures):
            return self
        if self.method is None:
            raise ScoreError(
                f"{self.scheme.id} ranks by a score, and how it is made is not known",
                key="method",
                remedy="give method and weights in [classes]",
            )
        self.score.check([f.id for f in self.scheme.figures])
        for name in (n for c in wanted for n in c.by):
            if name not in self.weights:
                raise ScoreError(
                    f"{self.scheme.id} adds up the points of {name}, and it has no weight",
                    key="weights",
                    remedy=f"give {name} a weight",
                )
        return self

    @property
    def score(self) -> ScoreRules:
        """How figures become points."""
        return ScoreRules(self.method or "", self.weights, self.ideals, self.cap)

    def rounding_of(self, procedure: Procedure) -> str:
        """Return how a share of firms is rounded.

        Raises
        ------
        ScoreError
            Where neither scheme nor plan says so.
        """
        found = procedure.rounding or self.rounding
        if found is None:
            raise ScoreError(
                f"how {self.scheme.id} rounds a share of firms is not known",
                key="rounding",
                remedy='give rounding = "half_up", "half_even", "up" or "down" in [classes]',
            )
        return found
