"""Screen: what every clause finds in every parcel, project and zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import PolicyError
from landuse.labels import label
from landuse.policy import Policy, check_filled, covers
from landuse.policy.vocabulary import fact_with_needs
from landuse.screening.compare import HOLDS, NOT, UNKNOWN
from landuse.screening.evaluate import WeighedClause, WeighedSheet, decisive, weigh_sheet
from landuse.screening.rows import finding_rows
from landuse.screening.sheet import Sheet
from landuse.tables import FACT_TABLES, FINDINGS, Facts, Findings, issue, issue_table, stack

__all__ = ["given_policies", "screen", "spoken_of"]

MOSTLY = 0.5
"""A fact unknown for more than this share of the rows it is wanted for is said."""


def screen(facts: Facts, policies: Sequence[Policy]) -> Findings:
    """Hold the facts against the clauses of the policies.

    Parameters
    ----------
    facts : Facts
        Facts of parcels, projects and zones.
    policies : sequence of Policy
        In the order of the plan; the caller sees to it that they are in force.

    Returns
    -------
    Findings
        The truth and scope of every clause by subject, and a row for every comparison of a clause's condition
        where the clause holds, is unknown or close to a limit; ``explain`` weighs the others anew.
        ``issues`` says which clause held for no row or for every row, which fact was mostly unknown where
        it was wanted, and of which policy the region is not that of the land.

    Raises
    ------
    PolicyError
        Where two policies have the same id, or limits of one are still empty.
    TableError
        Where a fact table lacks a column that a clause names.

    Notes
    -----
    A condition holds where the whole interval of its fact satisfies it, does not where none of it does, and
    is unknown otherwise; ``all``, ``any`` and ``not`` follow Kleene. Money is compared in fen, a ratio as its
    numerator against the limit times its denominator.

    References
    ----------
    Each policy file cites its own source, clause by clause.

    Examples
    --------
    >>> from datetime import date
    >>> from landuse.policy import load_policy
    >>> from landuse.tables import PARCEL_FACTS, PROJECT_FACTS, ZONE_FACTS
    >>> total = pd.Series([5000.0, 8000.0], index=["P1", "P2"])
    >>> known = {"zone_class": "urban", "total_invest_wan_low": total, "total_invest_wan_high": total}
    >>> projects = PROJECT_FACTS.conform(pd.DataFrame(known))
    >>> facts = Facts(PARCEL_FACTS.empty(), projects, ZONE_FACTS.empty(), as_of=date(2011, 6, 30))
    >>> findings = screen(facts, [load_policy("cn-luoyang-zones-2011")])
    >>> findings.truth["cn-luoyang-zones-2011", "project"].T
    project_id   P1  P2
    2.total       1   0
    2.intensity  -1  -1
    """
    check_filled(given_policies(policies))
    ids = [p.id for p in policies]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise PolicyError(f"the policy {twice[0]} is named twice", key="policies", remedy="name it once")
    tables: list[pd.DataFrame] = []
    issues: list[dict[str, Any]] = []
    truth: dict[tuple[str, str], pd.DataFrame] = {}
    scope: dict[tuple[str, str], pd.DataFrame] = {}
    sheets: dict[tuple[str, str], WeighedSheet] = {}
    for policy, subject in spoken_of(policies):
        frame, key = facts.of(subject), (policy.id, subject)
        sheets[key] = weighed = weigh_sheet(frame, subject, policy)
        truth[key] = pd.DataFrame({w.clause.id: w.truth for w in weighed.clauses}, index=frame.index)
        scope[key] = pd.DataFrame({w.clause.id: w.in_scope for w in weighed.clauses}, index=frame.index)
        tables.append(finding_rows(weighed))
        issues += _said(policy, weighed.sheet, weighed.clauses)
    issues += _elsewhere(policies, facts)
    return Findings(stack(tables, FINDINGS), truth, scope, facts, issue_table(issues), weighed=sheets)


def given_policies(policies: Sequence[Policy]) -> Sequence[Policy]:
    """Return the policies if they are policies.

    Raises
    ------
    PolicyError
        For ids in their place, or one policy that stands alone.
    """
    listed = isinstance(policies, Sequence) and not isinstance(policies, str | Policy)
    if not listed or not all(isinstance(p, Policy) for p in policies):
        raise PolicyError(
            f"not a list of policies: {str(policies)[:60]}", remedy="give [load_policy(id), …], not the ids"
        )
    return policies


def spoken_of(policies: Sequence[Policy]) -> Iterator[tuple[Policy, str]]:
    """Yield every policy with each subject that it has clauses about."""
    for policy in policies:
        for subject in FACT_TABLES:
            if policy.about(subject):
                yield policy, subject


def _elsewhere(policies: Sequence[Policy], facts: Facts) -> Iterator[dict[str, Any]]:
    """Say of which policies some land lies outside the region; they are applied all the same."""
    if "county_code" not in facts.parcels:
        return
    codes = facts.parcels["county_code"].value_counts()
    for policy in policies:
        out = codes[[not covers(policy.region, str(code)) for code in codes.index]]
        if len(out):
            listed = label("zone_evidence", "comma").join(sorted(map(str, out.index)))
            words: dict[str, Any] = {
                "policy": policy.id,
                "region": policy.region,
                "rows": int(out.sum()),
                "codes": listed,
            }
            yield issue("policy_elsewhere", "kept", field="county_code", **words)


def _said(policy: Policy, sheet: Sheet, weighed: Sequence[WeighedClause]) -> Iterator[dict[str, Any]]:
    if sheet.rows == 0:
        return
    subject = label("subjects", sheet.subject)
    for w in weighed:
        held, unknown = int((w.truth == HOLDS).sum()), int((w.truth == UNKNOWN).sum())
        words: dict[str, Any] = {
            "policy": policy.id,
            "clause": w.clause.id,
            "subject": subject,
            "rows": sheet.rows,
        }
        if held == 0:
            out = int((w.in_scope == NOT).sum())
            yield issue("rule_never_held", "kept", field=w.clause.id, unknown=unknown, out=out, **words)
        elif held == sheet.rows:
            yield issue("rule_always_held", "kept", field=w.clause.id, **words)
    for fact, (lost, rows) in _mostly_unknown(weighed).items():
        yield issue(
            "fact_mostly_unknown",
            "kept",
            field=fact,
            policy=policy.id,
            subject=subject,
            column=fact_with_needs(sheet.table, fact),
            unknown=lost,
            rows=rows,
        )


def _mostly_unknown(weighed: Sequence[WeighedClause]) -> dict[str, tuple[int, int]]:
    """Return the facts whose value is missing, and wanted, for most rows that a clause applies to."""
    worst: dict[str, tuple[int, int]] = {}
    for w in weighed:
        scoped = w.in_scope != NOT
        rows = int(scoped.sum())
        lost: dict[str, npt.NDArray[np.bool_]] = {}
        for condition in (w.scope, w.when):
            if condition is None:
                continue
            open_rows = scoped & (w.truth == UNKNOWN) & (condition.truth == UNKNOWN)
            for compared, here in decisive(condition, open_rows):
                fact = compared.leaf.fact
                lost[fact] = lost.get(fact, np.zeros(len(scoped), dtype=np.bool_)) | (here & compared.missing)
        for fact, gone in lost.items():
            count = int(gone.sum())
            if count > MOSTLY * rows and count > worst.get(fact, (0, 0))[0]:
                worst[fact] = (count, rows)
    return worst
