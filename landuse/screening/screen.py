"""Screen: what every clause finds in every parcel, project and zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import PolicyError
from landuse.labels import label
from landuse.policy import Policy, check_filled
from landuse.policy.vocabulary import fact_unit, fact_with_needs, kind
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Truth
from landuse.screening.evaluate import Compared, WeighedClause, comparisons, decisive, weigh_clause
from landuse.screening.sheet import Sheet
from landuse.screening.wording import day_texts, limit_texts
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
        A row for every comparison of every clause's condition, and the truth and scope of every clause by
        subject. ``issues`` says which clause held for no row or for every row, and which fact was mostly
        unknown where it was wanted.

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
    for policy, subject in spoken_of(policies):
        sheet = Sheet(facts.of(subject), subject, policy)
        weighed = [weigh_clause(c, sheet) for c in policy.about(subject)]
        key, index = (policy.id, subject), sheet.facts.index
        truth[key] = pd.DataFrame({w.clause.id: w.truth for w in weighed}, index=index)
        scope[key] = pd.DataFrame({w.clause.id: w.in_scope for w in weighed}, index=index)
        tables.append(_rows(policy, sheet, weighed))
        issues += _said(policy, sheet, weighed)
    return Findings(stack(tables, FINDINGS), truth, scope, facts, issue_table(issues))


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


@dataclass(frozen=True)
class _Part:
    """A comparison with its place: the clause it stands in and its number there, from 1."""

    weighed: WeighedClause
    number: int
    compared: Compared


def _rows(policy: Policy, sheet: Sheet, weighed: list[WeighedClause]) -> pd.DataFrame:
    parts = [_Part(w, i, c) for w in weighed for i, c in enumerate(comparisons(w.when), start=1)]
    texts = _Texts(sheet.rows)
    blank = np.full(sheet.rows, np.nan)
    ids = pd.Series(sheet.facts.index, dtype="str")
    data = {
        "subject": texts.repeat(sheet.subject for _ in parts),
        "subject_id": _stacked([ids] * len(parts)),
        "policy": texts.repeat(policy.id for _ in parts),
        "clause": texts.repeat(p.weighed.clause.id for p in parts),
        "part": np.repeat([p.number for p in parts], sheet.rows),
        "fact": texts.repeat(p.compared.leaf.fact for p in parts),
        "value_low": np.concatenate([blank if p.compared.low is None else p.compared.low for p in parts]),
        "value_high": np.concatenate([blank if p.compared.high is None else p.compared.high for p in parts]),
        "value_text": _stacked([_value_text(p.compared, sheet, texts) for p in parts]),
        "op": texts.repeat(p.compared.leaf.op for p in parts),
        "limit": np.concatenate([blank if p.compared.limit is None else p.compared.limit for p in parts]),
        "limit_text": _stacked([_limit_text(p.compared, sheet, texts) for p in parts]),
        "unit": texts.repeat(fact_unit(sheet.table, p.compared.leaf.fact) for p in parts),
        "part_holds": _three_valued(np.concatenate([p.compared.truth for p in parts])),
        "holds": _three_valued(np.concatenate([p.weighed.truth for p in parts])),
        "in_scope": _three_valued(np.concatenate([p.weighed.in_scope for p in parts])),
        "borderline": np.concatenate([p.compared.borderline & (p.weighed.in_scope != NOT) for p in parts]),
    }
    return FINDINGS.conform(pd.DataFrame(data))


class _Texts:
    """Columns of one text each, made once: the blocks of a findings table share them."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._made: dict[str | None, pd.Series] = {}

    def same(self, text: str | None) -> pd.Series:
        """Return a column that holds the text in every row."""
        if text not in self._made:
            self._made[text] = self.choose([text], np.zeros(self.rows, dtype=np.int64))
        return self._made[text]

    def choose(self, texts: list[str | None], places: npt.NDArray[np.int64]) -> pd.Series:
        """Return a column that holds, in every row, the text at its place."""
        return pd.Series(pd.array(np.array(texts, dtype=object), dtype="str").take(places))

    def repeat(self, texts: Iterable[str]) -> Any:
        """Return one block after the other, each of one text."""
        return _stacked([self.same(text) for text in texts])


def _stacked(blocks: list[pd.Series]) -> Any:
    return pd.concat(blocks, ignore_index=True).array


def _value_text(compared: Compared, sheet: Sheet, texts: _Texts) -> pd.Series:
    """Return the values of a text, yes/no or date fact."""
    fact = compared.leaf.fact
    match kind(sheet.table, fact):
        case "number":
            return texts.same(None)
        case "date":
            return pd.Series(pd.array(day_texts(*sheet.figures(fact)), dtype="str")).replace("", None)
    codes, names = sheet.classes(fact)
    return texts.choose([*names, None], codes)


def _limit_text(compared: Compared, sheet: Sheet, texts: _Texts) -> pd.Series:
    own, whole = limit_texts(compared.leaf, compared.bars, sheet)
    if len(own) < 2 or compared.place is None:
        return texts.same(whole)
    places = np.where(compared.place >= 0, compared.place, len(own)).astype(np.int64)
    return texts.choose([*own, whole], places)


def _three_valued(truth: Truth) -> Any:
    return pd.arrays.BooleanArray(truth == HOLDS, truth == UNKNOWN)


def _said(policy: Policy, sheet: Sheet, weighed: list[WeighedClause]) -> Iterator[dict[str, Any]]:
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


def _mostly_unknown(weighed: list[WeighedClause]) -> dict[str, tuple[int, int]]:
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
