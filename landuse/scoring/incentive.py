"""The factor on next year's quota of each zone: what the clauses that may decide multiply it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import say
from landuse.policy import Policy
from landuse.policy.model import Clause
from landuse.scoring.intervals import Interval
from landuse.tables import INCENTIVES, Findings, Scores, Status, issue, issue_table

__all__ = ["quota_factors"]


def quota_factors(
    findings: Findings,
    status: Status,
    policies: Sequence[Policy],
    *,
    bases: Mapping[str, float] | None = None,
) -> Scores:
    """Say by what each zone's quota of next year is multiplied.

    Parameters
    ----------
    findings, status : Findings, Status
        Of ``screen`` and ``judge`` under these policies.
    policies : sequence of Policy
        Those with clauses that multiply a quota count; the others are passed over.
    bases : mapping, optional
        Next year's quota of a zone before the factor [m2], by zone; without it no quota is computed.

    Returns
    -------
    Scores
        Table ``incentives``: where the verdict on a zone is open, its factor is the interval of the factors
        of every clause that may still decide; a zone for which none does has no factor.

    Examples
    --------
    >>> from landuse.screening import judge, screen
    >>> from landuse.policy import load_policy
    >>> from landuse.tables import ZONE_FACTS, PARCEL_FACTS, PROJECT_FACTS, Facts
    >>> import datetime
    >>> zones = ZONE_FACTS.conform(pd.DataFrame(
    ...     {"approved_unsupplied_task_done": [True, True, None], "idle_task_done": [True, None, False]},
    ...     index=["Z1", "Z2", "Z3"], dtype="boolean"))
    >>> facts = Facts(PARCEL_FACTS.empty(), PROJECT_FACTS.empty(), zones, datetime.date(2026, 6, 30))
    >>> law = [load_policy("cn-quota-link-2018")]
    >>> findings = screen(facts, law)
    >>> found = quota_factors(findings, judge(findings, law), law, bases={"Z1": 100_000.0})
    >>> found.incentives[["factor_low", "factor_high"]].values.tolist()
    [[1.1, 1.1], [0.8, 1.1], [0.8, 0.8]]
    >>> found.incentives["next_quota_m2_low"].tolist()
    [110000.0, nan, nan]
    """
    bases = bases or {}
    zones = findings.facts.zones.index
    issues = [
        issue("incentive_zone_not_known", "kept", field="base_ha", raw=name)
        for name in bases
        if name not in zones
    ]
    base = zones.to_series().map(dict(bases)).to_numpy(dtype=np.float64, na_value=np.nan)
    frames = []
    for policy in policies:
        clauses = policy.about("zone")
        if not any(_factor(clause) for clause in clauses):
            continue
        note = " ".join((policy.note or "").split())
        issues.append(issue("incentive_note", "kept", raw=policy.id, title=policy.title, note=note))
        truth = findings.truth[policy.id, "zone"].reindex(zones).to_numpy(dtype=np.int8)
        factor = _possible(truth, clauses)
        said = status.zones[status.zones["policy"] == policy.id].set_index("subject_id").reindex(zones)
        quota = Interval(*(_times(base, end) for end in factor))
        frames.append(
            pd.DataFrame(
                {
                    "policy": policy.id,
                    "zone_id": zones,
                    "verdict": said["verdict"].array,
                    **factor.columns("factor"),
                    "base_m2": base,
                    **quota.columns("next_quota_m2"),
                    "reason": [_reason(r, policy) for r in said["reason"]],
                }
            )
        )
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return Scores({"incentives": INCENTIVES.conform(table)}, issue_table(issues))


def _factor(clause: Clause) -> Fraction | None:
    return None if clause.consequence is None else clause.consequence.quota_factor


def _possible(truth: Any, clauses: Sequence[Clause]) -> Interval:
    """Return the least and greatest factor of the clauses that may decide: none before them holds."""
    low, high = np.full(len(truth), np.inf), np.full(len(truth), -np.inf)
    walking = np.ones(len(truth), dtype=np.bool_)
    for place, clause in enumerate(clauses):
        factor = _factor(clause)
        may = walking & (truth[:, place] != 0)
        if factor is not None:
            low[may], high[may] = np.minimum(low[may], float(factor)), np.maximum(high[may], float(factor))
        walking &= truth[:, place] != 1
    none = np.isinf(low)
    return Interval(np.where(none, np.nan, low), np.where(none, np.nan, high))


def _times(base_m2: Any, factor: Any) -> Any:
    """Return bases times factors, to the square metre: a ten-thousandth of a hectare."""
    return np.rint(np.round(base_m2 * factor, 6))


def _reason(reason: object, policy: Policy) -> str:
    said = "" if pd.isna(reason) else str(reason)
    return say("incentive_reasons", "by", reason=said, source=policy.source)
