"""Explain: one subject's verdicts, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import IdError, nearest
from landuse.policy.model import ByClass, ByFact, ByTable, Clause, Policy, leaves
from landuse.policy.vocabulary import fact_label, fact_unit, fact_with_needs, kind
from landuse.policy.wording import limit_phrase, value_name
from landuse.screening.compare import HOLDS, NOT, UNKNOWN
from landuse.screening.evaluate import Compared, WeighedClause, comparisons, weigh_clause
from landuse.screening.figures import day_texts, span_texts
from landuse.screening.flip_words import flip_view
from landuse.screening.flips import smallest_changes
from landuse.screening.judge import judge
from landuse.screening.screen import screen, spoken_of
from landuse.screening.sheet import Sheet
from landuse.screening.views import ClauseView, Explanation, FactView, PartView, Ruling
from landuse.screening.wording import phrases, values
from landuse.tables import FACT_TABLES, Facts

__all__ = ["Explanation", "explain"]


def explain(
    subject_id: str,
    *,
    facts: Facts,
    policies: Sequence[Policy],
    subject: str | None = None,
    origins: Mapping[str, pd.DataFrame] | None = None,
) -> Explanation:
    """Explain the verdicts on a parcel, a project or a zone, clause by clause.

    Parameters
    ----------
    subject_id : str
        Its id.
    facts : Facts
        The facts the verdicts rest on.
    policies : sequence of Policy
        The policies, in the order of the plan.
    subject : {"parcel", "project", "zone"}, optional
        Needed only where one id stands for two subjects.
    origins : mapping of str to DataFrame, optional
        By subject, a table indexed by id with ``source_file`` and ``source_row``: where each row was read.

    Returns
    -------
    Explanation

    Raises
    ------
    IdError
        Where nothing has the id (the nearest is named), or two subjects have it.

    Examples
    --------
    >>> from datetime import date
    >>> from landuse.policy import load_policy
    >>> from landuse.tables import PARCEL_FACTS, PROJECT_FACTS, ZONE_FACTS
    >>> known = {"zone_class": ["urban"], "total_invest_wan_low": [4000.0], "total_invest_wan_high": [4000.0]}
    >>> projects = PROJECT_FACTS.conform(pd.DataFrame(known, index=["P1"]))
    >>> facts = Facts(PARCEL_FACTS.empty(), projects, ZONE_FACTS.empty(), as_of=date(2011, 6, 30))
    >>> why = explain("P1", facts=facts, policies=[load_policy("cn-luoyang-zones-2011")])
    >>> why.rulings[0].status["verdict"], [c.clause for c in why.rulings[0].clauses if c.decides]
    ('no_separate_land', ['2.total'])
    """
    found = _find(subject_id, facts, subject)
    frame = facts.of(found)
    tables = {s: facts.of(s).iloc[:0] for s in FACT_TABLES}
    tables[found] = frame.loc[[subject_id]]
    one = Facts(tables["parcel"], tables["project"], tables["zone"], facts.as_of)
    about = [p for p, s in spoken_of(policies) if s == found]
    status = judge(screen(one, about), about).of(found)
    rulings = []
    for policy in about:
        row = status[status["policy"] == policy.id].iloc[0].to_dict()
        sheet = Sheet(one.of(found), found, policy)
        weighed = [weigh_clause(c, sheet) for c in policy.about(found)]
        clauses = tuple(_clause_view(w, policy.id, row, sheet) for w in weighed)
        missing = tuple(fact_with_needs(sheet.table, f) for f in row["missing_facts"])
        changes = smallest_changes(one.of(found), found, policy, as_of=facts.as_of)
        flips = tuple(flip_view(change, sheet) for change in changes)
        rulings.append(Ruling(policy.id, policy.title, row, missing, clauses, flips))
    file, line = _origin(found, subject_id, origins or {})
    return Explanation(
        found, subject_id, facts.as_of, file, line, _facts(about, one.of(found), found), tuple(rulings)
    )


def _find(subject_id: str, facts: Facts, subject: str | None) -> str:
    if subject is not None and subject not in FACT_TABLES:
        raise IdError(f"{subject!r} is no subject", key="subject", remedy=f"one of {', '.join(FACT_TABLES)}")
    subjects = [subject] if subject else list(FACT_TABLES)
    found = [s for s in subjects if subject_id in facts.of(s).index]
    if len(found) > 1:
        raise IdError(
            f"{subject_id!r} is the id of a {' and of a '.join(found)}",
            key="subject",
            remedy=f"say which: subject = {found[0]!r}",
        )
    if not found:
        near = nearest(subject_id, {str(i) for s in subjects for i in facts.of(s).index}, cutoff=0.3)
        raise IdError(
            f"no {', '.join(subjects)} has the id {subject_id!r}",
            key="id",
            remedy=f"did you mean {near!r}?" if near else "take an id from the tables of the run",
        )
    return found[0]


def _origin(
    subject: str, subject_id: str, origins: Mapping[str, pd.DataFrame]
) -> tuple[str | None, int | None]:
    table = origins.get(subject)
    if table is None or subject_id not in table.index:
        return None, None
    file, row = table.at[subject_id, "source_file"], table.at[subject_id, "source_row"]
    return (None if pd.isna(file) else str(file)), (None if pd.isna(row) else int(row))


def _clause_view(w: WeighedClause, policy: str, row: Mapping[str, Any], sheet: Sheet) -> ClauseView:
    parts = [_part_view("scope", c, sheet, close=False) for c in comparisons(w.scope)]
    scoped = bool(w.in_scope[0] != NOT)
    parts += [_part_view("when", c, sheet, close=scoped) for c in comparisons(w.when)]
    return ClauseView(
        policy=policy,
        clause=w.clause.id,
        cite=w.clause.cite,
        text=w.clause.text,
        verdict=w.clause.verdict,
        in_scope=_yes(w.in_scope[0]),
        holds=_yes(w.truth[0]),
        decides=row["clause"] == w.clause.id,
        parts=tuple(parts),
    )


def _part_view(of: str, compared: Compared, sheet: Sheet, *, close: bool) -> PartView:
    first = np.array([0])
    leaf = compared.leaf
    return PartView(
        of=of,
        fact=leaf.fact,
        kind=str(kind(sheet.table, leaf.fact)),
        value=str(values(compared, sheet, first)[0]),
        op=leaf.op,
        limit=limit_phrase(leaf, sheet.table, sheet.policy, compared.place_of(0)),
        holds=_yes(compared.truth[0]),
        borderline=bool(compared.borderline[0]) and close,
        missing=tuple(fact for fact, lost in compared.wanted.items() if lost[0]),
        phrase=str(phrases(compared, sheet, first).texts()[0]),
    )


def _yes(truth: np.int8) -> bool | None:
    return None if truth == UNKNOWN else bool(truth == HOLDS)


def _facts(policies: Sequence[Policy], frame: pd.DataFrame, subject: str) -> tuple[FactView, ...]:
    """Show the facts that the clauses name, what the ratios among them are made of, and what the land is."""
    views: dict[str, FactView] = {}
    for policy in policies:
        sheet = Sheet(frame, subject, policy)
        names = [n for c in policy.about(subject) for n in _named(c, policy, sheet)]
        for name in names:
            views.setdefault(name, FactView(name, fact_label(sheet.table, name), fact_value(name, sheet)))
    house = Sheet(frame, subject)
    for name in ("zone_id", "land_basis", "joint_site_id"):
        if name in house.table.columns:
            views.setdefault(name, FactView(name, fact_label(house.table, name), fact_value(name, house)))
    return tuple(v for v in views.values() if v.value or v.fact != "joint_site_id")


def _named(clause: Clause, policy: Policy, sheet: Sheet) -> Iterator[str]:
    """Yield the facts that a clause rests on."""
    consequence = clause.consequence
    unless = consequence.unless if consequence else None
    for leaf in (*leaves(clause.scope), *leaves(clause.when), *leaves(unless)):
        match leaf.limit:
            case ByClass(by=by):
                yield by
            case ByFact(fact=fact):
                yield fact
            case ByTable(table=name):
                yield from next(t.by for t in policy.tables if t.id == name)
        yield leaf.fact
        ratio = sheet.table.ratio(leaf.fact)
        yield from ratio[:2] if ratio else ()
    if consequence is not None and consequence.fee_of is not None:
        yield consequence.fee_of


def fact_value(fact: str, sheet: Sheet) -> str:
    """Return the value of a fact of the first row in words; '' where it is unknown."""
    if sheet.unknown(fact)[0]:
        return ""
    match kind(sheet.table, fact):
        case "number":
            low, high = sheet.figures(fact)
            return str(span_texts(low, high, fact_unit(sheet.table, fact))[0])
        case "date":
            low, high = sheet.figures(fact)
            return str(day_texts(low, high)[0])
    value = sheet.column(fact).iloc[0]
    return value_name(fact, str(value).lower() if isinstance(value, bool | np.bool_) else str(value))
