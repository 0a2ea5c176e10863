"""Flips: the smallest change in each fact, alone, that gives a subject another verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from landuse.policy import Policy
from landuse.policy.bars import factor_to, limit_unit
from landuse.policy.model import Leaf
from landuse.policy.vocabulary import FactTable, closed_values, fact_table, fact_unit, kind
from landuse.screening.compare import SAME
from landuse.screening.evaluate import Compared, comparisons, weigh_clause
from landuse.screening.judge import judge
from landuse.screening.screen import screen
from landuse.screening.sheet import Sheet
from landuse.tables import FACT_TABLES, Facts
from landuse.tables.spans import days_between, full_years, span_of

__all__ = ["AS_OF", "Change", "smallest_changes"]

AS_OF = "as_of"
STEP = {
    "wan": 1e-6,
    "wan/a": 1e-6,
    "m2": 0.01,
    "mu": 0.0001,
    "d": 1.0,
    "a": 1.0,
    "persons": 1.0,
    "wan/mu": 0.01,
}
"""The smallest step that is told apart, by unit; elsewhere a ten-thousandth."""
SINCE = {
    "days_past_start": "start_due",
    "full_years_past_start": "start_due",
    "days_past_signed": "signed_on",
    "full_years_past_signed": "signed_on",
    "days_past_handover": "handed_over_on",
    "full_years_past_handover": "handed_over_on",
    "days_suspended": "suspended_on",
    "full_years_suspended": "suspended_on",
}
"""Facts that time alone changes, and the date each counts from."""
PARTS = (("fixed_invest_wan", "total_invest_wan"), ("intensity_fixed_wan", "intensity_total_wan"))
"""A figure that is part of another: a ledger that says otherwise is not believed."""
YEARS = 4
OTHER = "\0"
"""Stands for any text that is none of those a policy names."""


@dataclass(frozen=True)
class Change:
    """A value that a fact could have, all else being as it is, and the verdict then.

    Parameters
    ----------
    fact : str
        The fact; ``as_of`` where time alone brings the verdict.
    value : float, str or date
        The value [unit of the fact].
    distance : float
        How far it lies from what the fact can be now; 0 where it may be so already.
    verdict : str
        The verdict under this value.
    columns : dict
        The columns of the fact table that change.
    """

    fact: str
    value: float | str | date
    distance: float
    verdict: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict, repr=False)


def smallest_changes(frame: pd.DataFrame, subject: str, policy: Policy, *, as_of: date) -> tuple[Change, ...]:
    """Return, for each fact that a policy names, the smallest change of it alone that flips the verdict.

    Parameters
    ----------
    frame : DataFrame, one row
        The facts of the subject.
    subject : {"parcel", "project", "zone"}
        What it is.
    policy : Policy
        The policy.
    as_of : date
        The date of the facts.

    Returns
    -------
    tuple of Change
        One for each fact and verdict that it can bring about alone, the nearest value; facts in the order of
        the clauses. A verdict that is undecided can only be changed by knowing more; none is changed into
        undecided.

    Notes
    -----
    Each value tried is a limit of a comparison, or one step beside it, or another value of a text; a count of
    days or years is not changed by itself but with the as-of date.
    """
    sheet = Sheet(frame, subject, policy)
    tried = [*_tried(sheet, policy, subject), *_later(sheet, policy, subject, as_of)]
    if not tried:
        return ()
    now, *then = _verdicts(frame, subject, policy, as_of, tried)
    best: dict[tuple[str, str], Change] = {}
    for change, verdict in zip(tried, then, strict=True):
        if verdict in (now, "undecided"):
            continue
        known = best.get((change.fact, verdict))
        if known is None or change.distance < known.distance:
            best[change.fact, verdict] = Change(change.fact, change.value, change.distance, verdict)
    order = list(dict.fromkeys(c.fact for c in tried))
    return tuple(sorted(best.values(), key=lambda c: (order.index(c.fact), c.distance)))


def _verdicts(
    frame: pd.DataFrame, subject: str, policy: Policy, as_of: date, tried: list[Change]
) -> list[str]:
    """Return the verdict as it is, and under each change."""
    names = [f"{i}" for i in range(len(tried) + 1)]
    data = {c: frame[c].astype(object).tolist() * len(names) for c in frame.columns}
    for row, change in enumerate(tried, start=1):
        for column, value in change.columns.items():
            data[column][row] = value
    many = pd.DataFrame(data, index=pd.Index(names, dtype="str"))
    for column in frame.columns:
        many[column] = many[column].astype(frame[column].dtype)
    tables = {s: fact_table(policy, s).empty() for s in FACT_TABLES}
    tables[subject] = FACT_TABLES[subject].conform(many)
    facts = Facts(tables["parcel"], tables["project"], tables["zone"], as_of)
    status = judge(screen(facts, [policy]), [policy]).of(subject)
    return [str(v) for v in status.set_index("subject_id")["verdict"].reindex(names)]


def _tried(sheet: Sheet, policy: Policy, subject: str) -> Iterator[Change]:
    for compared in _compared(sheet, policy, subject):
        fact = compared.leaf.fact
        if fact in SINCE or compared.leaf.op in ("is_known", "is_unknown"):
            continue
        match kind(sheet.table, fact):
            case "number" | "date":
                yield from _figures(compared, sheet)
            case "flag":
                for value in (True, False):
                    yield Change(fact, str(value).lower(), 0.0, columns={fact: value})
            case "text":
                yield from _texts(compared, sheet)


def _compared(sheet: Sheet, policy: Policy, subject: str) -> Iterator[Compared]:
    for clause in policy.about(subject):
        weighed = weigh_clause(clause, sheet)
        yield from comparisons(weighed.scope)
        yield from comparisons(weighed.when)


def _texts(compared: Compared, sheet: Sheet) -> Iterator[Change]:
    fact, limit = compared.leaf.fact, compared.leaf.limit
    values = closed_values(sheet.table, fact, possible=True)
    if not values:
        named = limit if isinstance(limit, tuple) else (str(limit),)
        values = (*named, OTHER)
    for value in values:
        yield Change(fact, value, 0.0, columns={fact: value})


def _figures(compared: Compared, sheet: Sheet) -> Iterator[Change]:
    """Yield the limits of a comparison, each with the values beside it, as values of its fact."""
    fact = compared.leaf.fact
    low, high = (float(end[0]) for end in sheet.figures(fact))
    step = 1.0 if kind(sheet.table, fact) == "date" else STEP.get(fact_unit(sheet.table, fact), 1e-4)
    bars = [float(v) for v in compared.bars.values] if compared.bars is not None else []
    if compared.limit is not None and not np.isnan(compared.limit[0]):
        bars = [float(compared.limit[0])]
    for bar in bars:
        for value in (
            v for edge in _edges(bar, compared.leaf, sheet) for v in (edge, edge - step, edge + step)
        ):
            if not _can_be(fact, value, sheet):
                continue
            near = 0.0 if np.isnan(low) else max(low - value, value - high, 0.0)
            yield Change(fact, value, near, columns=_columns(fact, value, sheet.table))


def _can_be(fact: str, value: float, sheet: Sheet) -> bool:
    """Say whether a figure can be so, all else being as it is: fixed assets are part of the total."""
    top, bottom, factor = sheet.table.ratio(fact) or (fact, "", 0)
    least, most = value, value
    if bottom:
        least, most = (value * float(end[0]) * float(factor) for end in sheet.figures(bottom))
    for part, whole in PARTS:
        if top == part and whole in sheet.table.kinds:
            return not least > float(sheet.figures(whole)[1][0]) * (1 + SAME)
        if top == whole and part in sheet.table.kinds:
            return not most < float(sheet.figures(part)[0][0]) * (1 - SAME)
    return True


def _edges(bar: float, leaf: Leaf, sheet: Sheet) -> tuple[float, ...]:
    """Return the figures at which a comparison may turn: the limit, and where rounding takes one to it."""
    if leaf.round is None:
        return (bar,)
    last = 10.0**-leaf.round.digits * float(factor_to(limit_unit(leaf, sheet.policy), sheet.table, leaf.fact))
    return (bar, *(bar + part * last for part in (-1.0, -0.5, 0.5, 1.0)))


def _columns(fact: str, value: float, table: FactTable) -> dict[str, Any]:
    """Return the columns under which a number or day has a value; a ratio without the parts it is made of."""
    if kind(table, fact) == "date":
        day = np.datetime64("1970-01-01") + np.timedelta64(int(value), "D")
        return (
            {fact: pd.Timestamp(day), f"{fact}_period": None}
            if f"{fact}_period" in table.columns
            else {fact: pd.Timestamp(day)}
        )
    names = (f"{fact}_low", f"{fact}_high") if table.is_pair(fact) else (fact,)
    columns: dict[str, Any] = dict.fromkeys(names, value)
    ratio = table.ratio(fact)
    if ratio is not None:
        top = ratio[0]
        columns |= dict.fromkeys((f"{top}_low", f"{top}_high") if table.is_pair(top) else (top,), np.nan)
    return columns


def _later(sheet: Sheet, policy: Policy, subject: str, as_of: date) -> Iterator[Change]:
    """Yield later as-of dates on which a count of days or years passes, nothing else having changed."""
    named = dict.fromkeys(c.leaf.fact for c in _compared(sheet, policy, subject))
    timed = {f: SINCE[f] for f in named if f in SINCE and SINCE[f] in sheet.table.columns}
    days: set[date] = set()
    for since in timed.values():
        span = span_of(sheet.facts, since)
        for end in (span.first[0], span.last[0]):
            if not np.isnat(end):
                days |= {_after(end, years) for years in range(YEARS + 1)}
    for day in sorted(d for d in days if d > as_of):
        columns: dict[str, Any] = {}
        for fact, since in timed.items():
            columns |= _counted(fact, since, sheet, day)
        yield Change(AS_OF, day, float((day - as_of).days), columns=columns)


def _after(since: np.datetime64, years: int) -> date:
    """Return the day after the same day some years on."""
    day = pd.Timestamp(since) + pd.DateOffset(years=years) + pd.Timedelta(days=1)
    return date(day.year, day.month, day.day)


def _counted(fact: str, since: str, sheet: Sheet, day: date) -> dict[str, Any]:
    """Return a count of days or years as it is on another day; one that does not run stays as it is."""
    low, high = (float(end[0]) for end in sheet.figures(fact))
    halted = fact.endswith("suspended")
    if np.isnan(low) or (halted and high == 0.0 and not _suspended(sheet)):
        return {}
    span = span_of(sheet.facts, since)
    today = np.datetime64(day, "D")
    count = full_years if fact.startswith("full_years") else days_between
    return {
        f"{fact}_low": float(count(span.last, today)[0]),
        f"{fact}_high": float(count(span.first, today)[0]),
    }


def _suspended(sheet: Sheet) -> bool:
    codes, names = sheet.classes("suspend_state")
    return bool(codes[0] >= 0 and names[codes[0]] == "suspended")
