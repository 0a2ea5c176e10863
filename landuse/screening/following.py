"""What follows from a verdict besides it: the policy's own word, an action, a fee, a factor of the quota."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from landuse.policy.model import Clause
from landuse.screening.compare import HOLDS, UNKNOWN, Bools, Floats, round_figures
from landuse.screening.decide import NO_CLAUSE, Decision
from landuse.screening.evaluate import WeighedClause, weigh
from landuse.screening.sheet import Sheet
from landuse.screening.texts import choose, repeat
from landuse.units import FEN_PER_WAN, fen

__all__ = ["actions", "fees", "outcomes", "quota_factors"]

Asked: TypeAlias = Callable[[Clause], Any]


def outcomes(decision: Decision, weighed: Sequence[WeighedClause]) -> Any:
    """Return the policy's own word for each result; None where the clause has none, or it is not sure."""
    words = [w.clause.outcome for w in weighed]
    if not any(words):
        return repeat(None, len(decision.code))
    return choose([*words, None], _saying(decision, weighed, lambda clause: clause.outcome))


def actions(decision: Decision, weighed: Sequence[WeighedClause], sheet: Sheet) -> Any:
    """Return what follows in words; None where nothing does, it is not sure, or its exemption holds."""
    words = [w.clause.consequence.action if w.clause.consequence else None for w in weighed]
    if not any(words):
        return repeat(None, len(decision.code))
    saying = _saying(decision, weighed, _action)
    for place, w in enumerate(weighed):
        np.copyto(saying, NO_CLAUSE, where=(saying == place) & _exempt(w, sheet))
    return choose([*words, None], saying)


def quota_factors(decision: Decision, weighed: Sequence[WeighedClause]) -> Floats:
    """Return the factor of next year's quota; NaN where there is none, or it is not sure."""
    factors = [_factor(w.clause) for w in weighed]
    figures = np.array([*(np.nan if f is None else float(f) for f in factors), np.nan])
    return np.asarray(figures[_saying(decision, weighed, _factor)], dtype=np.float64)


def fees(decision: Decision, weighed: Sequence[WeighedClause], sheet: Sheet) -> tuple[Floats, Floats, Bools]:
    """Return the fee at stake [wan]: the clause's rate of an amount, to the fen, a half carried.

    NaN where there is none, it is not sure whether this one, its exemption holds, or the amount is not known;
    the last is said beside it.
    """
    low, high = np.full(sheet.rows, np.nan), np.full(sheet.rows, np.nan)
    unknown = np.zeros(sheet.rows, dtype=np.bool_)
    if not any(_fee(w.clause) for w in weighed):
        return low, high, unknown
    saying = _saying(decision, weighed, _fee)
    for place, w in enumerate(weighed):
        consequence = w.clause.consequence
        if consequence is None or consequence.fee_of is None or consequence.rate is None:
            continue
        due = (saying == place) & ~_exempt(w, sheet)
        rate = float(consequence.rate)
        for fee, price in zip((low, high), sheet.figures(consequence.fee_of), strict=True):
            fee[due] = round_figures(fen(price[due]) * rate, 0, "half_up") / FEN_PER_WAN
        unknown |= due & (np.isnan(low) | np.isnan(high))
    return low, high, unknown


def _action(clause: Clause) -> Any:
    consequence = clause.consequence
    return (consequence.action, consequence.unless) if consequence and consequence.action else None


def _factor(clause: Clause) -> Any:
    return clause.consequence.quota_factor if clause.consequence else None


def _fee(clause: Clause) -> Any:
    consequence = clause.consequence
    if consequence is None or consequence.fee_of is None:
        return None
    return consequence.fee_of, consequence.rate, consequence.unless


def _saying(decision: Decision, weighed: Sequence[WeighedClause], asked: Asked) -> npt.NDArray[Any]:
    """Return the place of the clause whose word counts for each row; -1 where none decides or it is not sure.

    The verdict is sure where an earlier clause of the same verdict is unknown; its other words are not, where
    that clause would say others.
    """
    says = [asked(w.clause) for w in weighed]
    saying = np.where(decision.undecided, NO_CLAUSE, decision.clause)
    for place, said in enumerate(says):
        others = [weighed[at].truth == UNKNOWN for at in range(place) if says[at] != said]
        if others:
            np.copyto(saying, NO_CLAUSE, where=(saying == place) & np.logical_or.reduce(others))
    return saying


def _exempt(w: WeighedClause, sheet: Sheet) -> Bools:
    """Say where the exemption of a clause's consequence holds."""
    consequence = w.clause.consequence
    if consequence is None or consequence.unless is None:
        return np.zeros(sheet.rows, dtype=np.bool_)
    return np.asarray(weigh(consequence.unless, sheet).truth == HOLDS, dtype=np.bool_)
