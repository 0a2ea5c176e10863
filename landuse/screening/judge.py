"""Judge: from findings to one verdict for every subject under every policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from landuse.errors import PolicyError
from landuse.policy.model import Policy
from landuse.screening.compare import NOT, Bools
from landuse.screening.decide import NO_CLAUSE, Decision, decide
from landuse.screening.evaluate import WeighedClause, WeighedSheet, comparisons, weigh_sheet
from landuse.screening.following import actions, fees, outcomes, quota_factors
from landuse.screening.reasons import missing_facts, reasons
from landuse.screening.screen import given_policies, spoken_of
from landuse.screening.texts import choose, repeat
from landuse.tables import (
    NONE_HELD,
    PARCEL_STATUS,
    PROJECT_STATUS,
    ZONE_STATUS,
    Findings,
    Status,
    stack,
)

__all__ = ["judge"]

TABLES = {"parcel": PARCEL_STATUS, "project": PROJECT_STATUS, "zone": ZONE_STATUS}


def judge(findings: Findings, policies: Sequence[Policy]) -> Status:
    """Give every parcel, project and zone its verdict under every policy that speaks of it.

    Parameters
    ----------
    findings : Findings
        What ``screen`` found.
    policies : sequence of Policy
        The same policies, in the order of the plan: the first that speaks of a subject is its headline.

    Returns
    -------
    Status
        Verdict, deciding clause, reason and missing facts; for projects the way suggested, for parcels the
        cause claimed to lie with the government and the idle land fee at stake [wan].

    Raises
    ------
    PolicyError
        For a policy that the facts were not screened by, or whose clauses have changed since.

    Notes
    -----
    The first clause that holds decides, unless an earlier one with another verdict is unknown. Unknown is
    never taken for idle, and what is suspected is no finding of law.

    References
    ----------
    Ministry of Land and Resources, decree no. 53 (2012), arts. 2, 8, 14, for ``cn-idle-land-2012``.

    Examples
    --------
    >>> from datetime import date
    >>> from landuse.policy import load_policy
    >>> from landuse.screening import screen
    >>> from landuse.tables import Facts, PARCEL_FACTS, PROJECT_FACTS, ZONE_FACTS
    >>> parcels = PARCEL_FACTS.conform(
    ...     pd.DataFrame(
    ...         {
    ...             "state_construction": True,
    ...             "start_state": ["not_started", "unknown"],
    ...             "days_past_start_low": [400.0, 400.0],
    ...             "days_past_start_high": [400.0, 400.0],
    ...             "full_years_past_start_low": [1.0, 1.0],
    ...             "full_years_past_start_high": [1.0, 1.0],
    ...         },
    ...         index=["A", "B"],
    ...     )
    ... )
    >>> facts = Facts(parcels, PROJECT_FACTS.empty(), ZONE_FACTS.empty(), as_of=date(2026, 6, 30))
    >>> idle = [load_policy("cn-idle-land-2012")]
    >>> judge(screen(facts, idle), idle).parcels[["subject_id", "verdict", "clause"]]
      subject_id    verdict clause
    0          A    idle_1y  14(1)
    1          B  undecided  14(1)
    """
    frames: dict[str, list[pd.DataFrame]] = {subject: [] for subject in TABLES}
    for policy, subject in spoken_of(given_policies(policies)):
        weighed = _weighed(findings, policy, subject)
        frames[subject].append(_status(findings, weighed, headline=not frames[subject]))
    parcels, projects, zones = (stack(frames[s], TABLES[s]) for s in TABLES)
    return Status(parcels, projects, zones)


def _weighed(findings: Findings, policy: Policy, subject: str) -> WeighedSheet:
    """Return what ``screen`` weighed; findings that come from elsewhere are weighed anew."""
    key = (policy.id, subject)
    if key not in findings.truth:
        raise PolicyError(
            f"the findings know nothing of the policy {policy.id}", remedy="judge by the policies screened"
        )
    held = cast("WeighedSheet | None", findings.weighed.get(key))
    if held is not None and held.policy != policy:
        raise PolicyError(
            f"the facts were screened by another policy {policy.id}", remedy="judge by the policies screened"
        )
    return held or weigh_sheet(findings.facts.of(subject), subject, policy)


def _status(findings: Findings, given: WeighedSheet, *, headline: bool) -> pd.DataFrame:
    sheet, policy, weighed = given.sheet, given.policy, given.clauses
    subject = sheet.subject
    key = (policy.id, subject)
    otherwise = {str(s): v for s, v in policy.otherwise.items()}[subject]
    decision = decide(
        findings.truth[key].to_numpy(dtype=np.int8),
        findings.scope[key].to_numpy(dtype=np.int8),
        [w.clause for w in weighed],
        otherwise=otherwise,
    )
    data: dict[str, Any] = {
        "subject_id": sheet.facts.index,
        "policy": repeat(policy.id, sheet.rows),
        "verdict": choose(decision.verdicts, decision.code),
        "clause": choose([*(w.clause.id for w in weighed), NONE_HELD], decision.clause),
        "outcome": outcomes(decision, weighed),
        "follows": actions(decision, weighed, sheet),
        "reason": reasons(decision, weighed, sheet),
        "missing_facts": missing_facts(decision, weighed, sheet),
        "borderline": _borderline(decision, weighed),
        "headline": np.full(sheet.rows, headline),
    }
    if subject == "project":
        data |= _ways(decision, policy)
    if subject == "parcel":
        low, high, unknown = fees(decision, weighed, sheet)
        cause = sheet.column("government_cause").array
        data |= {"government_cause": cause, "fee_wan_low": low, "fee_wan_high": high, "fee_open": unknown}
    if subject == "zone":
        data["quota_factor"] = quota_factors(decision, weighed)
    return TABLES[subject].conform(pd.DataFrame(data))


def _borderline(decision: Decision, weighed: Sequence[WeighedClause]) -> Bools:
    """Say whether a comparison of a clause that decides is borderline; of any, where none held."""
    result = np.zeros(len(decision.code), dtype=np.bool_)
    settled = ~decision.undecided
    none_held = settled & (decision.clause == NO_CLAUSE)
    for place, w in enumerate(weighed):
        decides = decision.open[place] | (settled & (decision.clause == place)) | none_held
        decides &= w.in_scope != NOT
        for compared in comparisons(w.when):
            result |= compared.borderline & decides
    return result


def _ways(decision: Decision, policy: Policy) -> dict[str, Any]:
    ways = [policy.routes.get(verdict) for verdict in decision.verdicts]
    return {
        "route": choose([w.route if w else None for w in ways], decision.code),
        "route_source": choose([w.source if w else None for w in ways], decision.code),
    }
