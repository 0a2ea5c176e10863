"""The table ``attribution``: whether time, facts, rule or settings made a verdict another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.comparing.rules import named_facts
from landuse.tables import ATTRIBUTION, FACT_TABLES, STEPS, Result, Steps

Bools = npt.NDArray[np.bool_]

CLOSE = 1e-12
"""Figures of facts this close, relatively, are the same: what the order of a sum may change."""
_WHO = ("subject", "subject_id", "old_id", "new_id", "policy", "kind", "old_verdict", "new_verdict")

__all__ = ["attribution"]


def attribution(changes: pd.DataFrame, steps: Steps, old: Result, new: Result) -> pd.DataFrame:
    """Say why every verdict that changed did.

    Parameters
    ----------
    changes : DataFrame
        Table ``changes``.
    steps : mapping of str to Step
        The old run's files judged again: under the new rules (``rule``), measured with the new settings
        (``setting``), on the new date (``time``); each on top of the one before, one that changes nothing
        left out.
    old, new : Result
        The two runs.

    Returns
    -------
    DataFrame
        Table ``attribution``: a row for every row of ``changes`` that is not ``same``, in the same order.

    Notes
    -----
    The verdict is followed from the old one over the steps to the new one; what it turned at is its cause,
    ``several`` where it turned at more than one. It turns at ``facts`` between the last step and the new
    run. Where it turns at ``rule`` though the text of the policy is the same, the program judges otherwise
    than the one that made the old run.
    """
    rows = changes[changes["kind"] != "same"].reset_index(drop=True)
    data: dict[str, Any] = {name: rows[name] for name in _WHO}
    last = rows["old_verdict"]
    for step in STEPS:
        last = _again(rows, steps, step) if step in steps else last
        data[f"{step}_verdict"] = last
    both = (rows["old_id"].notna() & rows["new_id"].notna()).to_numpy(dtype=bool)
    judged = both & rows["old_verdict"].notna().to_numpy() & rows["new_verdict"].notna().to_numpy()
    turns = _turns(data, judged)
    data["cause"] = _causes(turns, both, judged, _text_kept(rows["policy"], old, new))
    table = ATTRIBUTION.conform(pd.DataFrame(data, index=rows.index))
    facts = _facts_lists(table, turns["facts"], steps, old, new)
    return table.assign(changed_facts=pd.Series(facts, index=table.index, dtype=object))


def _again(rows: pd.DataFrame, steps: Steps, step: str) -> pd.Series:
    """Return the verdicts of a step, missing for what was not in the old run or is not judged."""
    verdicts = pd.concat(
        [steps[step].status.of(s)[["subject_id", "policy", "verdict"]].assign(subject=s) for s in FACT_TABLES]
    ).set_index(["subject", "subject_id", "policy"])["verdict"]
    wanted = pd.MultiIndex.from_frame(rows[["subject", "old_id", "policy"]])
    found = verdicts.reindex(wanted).set_axis(rows.index).astype("str")
    return found.where(rows["old_id"].notna() & rows["policy"].notna())


def _turns(data: dict[str, Any], judged: Bools) -> dict[str, Bools]:
    """Say at which step each verdict turned."""
    path = ["old_verdict", *(f"{s}_verdict" for s in STEPS), "new_verdict"]
    texts = [data[name].fillna("") for name in path]
    return {
        step: judged & (one != other).to_numpy(dtype=bool)
        for step, one, other in zip((*STEPS, "facts"), texts, texts[1:], strict=False)
    }


def _text_kept(policies: pd.Series, old: Result, new: Result) -> Bools:
    same = {name for name, text in new.policies.items() if old.policies.get(name) == text}
    return np.asarray(policies.isin(sorted(same)).to_numpy(dtype=bool), dtype=np.bool_)


def _causes(turns: dict[str, Bools], both: Bools, judged: Bools, kept: Bools) -> npt.NDArray[np.object_]:
    count = np.sum(list(turns.values()), axis=0)
    tests = [~both, ~judged, count > 1, turns["rule"] & kept]
    names = ["row", "rule", "several", "program"]
    for step, turned in turns.items():
        tests.append(turned)
        names.append(step)
    return np.select(tests, names, default="facts").astype(object)


def _facts_lists(
    table: pd.DataFrame, turned: Bools, steps: Steps, old: Result, new: Result
) -> list[list[str]]:
    """Return for each row that turned at the facts those named by its policy that differ."""
    lists: list[list[str]] = [[] for _ in range(len(table))]
    for subject, policy in table.loc[turned, ["subject", "policy"]].drop_duplicates().itertuples(index=False):
        here = turned & (table["subject"] == subject).to_numpy() & (table["policy"] == policy).to_numpy()
        rows = table[here]
        before = _old_facts(steps, old, subject).reindex(pd.Index(rows["old_id"]))
        after = new.tables[f"{subject}_facts"].reindex(pd.Index(rows["new_id"]))
        at = np.flatnonzero(here)
        for fact in _stems(subject, new.policies[policy]):
            for place in at[_differ(before, after, fact)].tolist():
                lists[place].append(fact)
    return lists


def _old_facts(steps: Steps, old: Result, subject: str) -> pd.DataFrame:
    last = next((steps[s] for s in reversed(STEPS) if s in steps), None)
    return old.tables[f"{subject}_facts"] if last is None else last.facts.of(subject)


def _stems(subject: str, text: str) -> Iterator[str]:
    """Yield the facts of a subject that a policy names, and what the ratios among them are made of."""
    table, named = FACT_TABLES[subject], named_facts(text)
    parts = {part for f in named if f in table.stems() for part in (table.ratio(f) or ())[:2]}
    yield from (stem for stem in table.stems() if stem in named | parts)
    yield from sorted(named - set(table.stems()))


def _differ(before: pd.DataFrame, after: pd.DataFrame, fact: str) -> Bools:
    names = [n for n in (fact, f"{fact}_low", f"{fact}_high") if n in before or n in after]
    found = np.zeros(len(before), dtype=np.bool_)
    for name in names:
        found |= ~_equal(_column(before, name), _column(after, name))
    return found


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    blank = pd.Series(np.nan, index=range(len(frame)), dtype=object)
    return frame[name].reset_index(drop=True) if name in frame else blank


def _equal(one: pd.Series, other: pd.Series) -> Bools:
    gone = one.isna().to_numpy() & other.isna().to_numpy()
    if one.dtype == other.dtype == np.float64:
        return np.asarray(gone | np.isclose(one, other, rtol=CLOSE, atol=0.0), dtype=np.bool_)
    same = (one.astype(object) == other.astype(object)).to_numpy(dtype=bool, na_value=False)
    return np.asarray(gone | (same & one.notna().to_numpy() & other.notna().to_numpy()), dtype=np.bool_)
