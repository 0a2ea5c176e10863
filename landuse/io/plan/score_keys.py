"""The plan's [score], [classes] and [incentive]: checked, and turned into what the verb takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from landuse.errors import LanduseError, PlanError
from landuse.io.plan.model import Classes, PlanKeys, Score
from landuse.ledger import text_digest
from landuse.policy.schemes import Scheme, load_scheme
from landuse.scoring import ClassRules, ScoreRules
from landuse.units import M2_PER_HA

__all__ = ["Scoring", "scoring_of"]

_Keys = TypeVar("_Keys")
_Rules = TypeVar("_Rules")


@dataclass(frozen=True)
class Scoring:
    """What a plan says of scores and classes, None where it has no such table, and bases of quotas [m2]."""

    zones: ScoreRules | None = None
    classes: ClassRules | None = None
    bases: Mapping[str, float] = field(default_factory=dict)

    def book(self) -> dict[str, Any]:
        """Return the rules as the ledger keeps them, with the digest of each scheme."""
        book: dict[str, Any] = {}
        if self.zones is not None:
            book["score"] = _numbers(self.zones)
        if self.classes is not None:
            book["classes"] = _scheme(self.classes.scheme) | _numbers(self.classes)
            book["classes"]["rounding"] = self.classes.rounding
        if self.bases:
            book["bases_m2"] = dict(self.bases)
        return book


def _numbers(rules: ScoreRules | ClassRules) -> dict[str, Any]:
    given = {"weights": dict(rules.weights), "ideals": dict(rules.ideals)}
    return {"method": rules.method, **given, "cap": rules.cap}


def _scheme(scheme: Scheme) -> dict[str, str]:
    return {"scheme": scheme.id, "title": scheme.title, "sha256": text_digest(scheme.text)}


def scoring_of(keys: PlanKeys, file: str | None, find: Callable[[str], str]) -> Scoring:
    """Return the rules of a plan.

    Parameters
    ----------
    keys : PlanKeys
        The plan.
    file : str or None
        Its file, for refusals.
    find : callable
        Gives the id of a scheme, or where its file lies.

    Raises
    ------
    PlanError
        An unknown figure, weights or ideal values that nobody gives, an unknown scheme: with the key.
    PolicyError, MissingFileError
        A scheme file that cannot be read.
    """

    def classes(given: Classes) -> ClassRules:
        scheme = load_scheme(find(given.scheme))
        rules = ClassRules(scheme, given.method, given.weights, given.ideals, given.cap, given.rounding)
        return rules.check()

    return Scoring(
        _made("score", keys.score, _zones, file),
        _made("classes", keys.classes, classes, file),
        {} if keys.incentive is None else {z: _m2(ha) for z, ha in keys.incentive.base_ha.items()},
    )


def _zones(given: Score) -> ScoreRules:
    return ScoreRules(given.method, given.weights, given.ideals, given.cap).check()


def _m2(base_ha: float) -> float:
    return float(Fraction(str(base_ha)) * M2_PER_HA)


def _made(
    table: str, given: _Keys | None, make: Callable[[_Keys], _Rules], file: str | None
) -> _Rules | None:
    """Return the rules of a table; a refusal that names no file of its own is one of the plan."""
    if given is None:
        return None
    try:
        return make(given)
    except LanduseError as error:
        if error.file is not None:
            raise
        key = table if error.key is None else f"{table}.{error.key}"
        raise PlanError(error.what, file=file, key=key, remedy=error.remedy) from None
