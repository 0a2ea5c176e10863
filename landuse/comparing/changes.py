"""The table ``changes``: what became of every verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from landuse.comparing.places import PAIRS, Side
from landuse.comparing.standings import became
from landuse.tables import CHANGE_KINDS, CHANGES, stack

__all__ = ["ABOUT", "changes", "later"]

ABOUT = ("name", "holder", "zone_id", "department", "department_basis")
_ORDER = ["_subject", "_policy", "_kind", "subject_id", "old_id", "new_id"]


def changes(matches: Mapping[str, pd.DataFrame], old: Side, new: Side) -> pd.DataFrame:
    """Say what became of the verdict on every subject under every policy that speaks of such subjects.

    Parameters
    ----------
    matches : mapping of str to DataFrame
        Of ``match``.
    old, new : Side
        The two runs.

    Returns
    -------
    DataFrame
        Table ``changes``. Every subject of either run has one row a policy; where no policy speaks of its
        kind, one without policy. So for each policy: rows of the old run + came - went = rows of the new run.
    """
    frames = [
        _of_policy(subject, place, policy, rows, old, new)
        for subject, rows in matches.items()
        for place, policy in enumerate(_policies(subject, old, new))
    ]
    return CHANGES.conform(stack(_ordered(frames), CHANGES))


def _policies(subject: str, old: Side, new: Side) -> list[str | None]:
    """Return the policies of either run, in the order of the new one; None alone where there is none."""
    named = [*new.policies[subject], *old.policies[subject]]
    return list(dict.fromkeys(named)) or [None]


def _of_policy(
    subject: str, place: int, policy: str | None, rows: pd.DataFrame, old: Side, new: Side
) -> pd.DataFrame:
    came, went = rows["old_id"].isna().to_numpy(), rows["new_id"].isna().to_numpy()
    data: dict[str, Any] = {"subject": subject, "policy": policy, **dict(rows.items())}
    for side, run, ids in (("old", old, rows["old_id"]), ("new", new, rows["new_id"])):
        found = run.verdicts(subject, policy or "", ids)
        data |= {f"{side}_{name}": found[name] for name in ("verdict", "clause", "reason")}
    data["kind"] = became(data["old_verdict"], data["new_verdict"], came=came, went=went)
    was, now = old.headline(subject), new.headline(subject)
    data["headline"] = np.where(went, policy == (was or now), policy == (now or was))
    data |= {name: later(subject, name, rows, old, new) for name in _carried()}
    frame = pd.DataFrame(data, index=rows.index)
    return frame.assign(_subject=list(old.about).index(subject), _policy=place)


def _carried() -> Iterator[str]:
    yield from ABOUT
    for stem in PAIRS:
        yield from (f"{stem}_low", f"{stem}_high")


def later(subject: str, name: str, rows: pd.DataFrame, old: Side, new: Side) -> pd.Series:
    """Return a column of the new run for each match, of the old run where the subject went."""
    past = old.about[subject][name].reindex(pd.Index(rows["old_id"])).set_axis(rows.index)
    now = new.about[subject][name].reindex(pd.Index(rows["new_id"])).set_axis(rows.index)
    return now.where(rows["new_id"].notna(), past)


def _ordered(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return the rows by subject, policy and kind, what matters most first, then by id."""
    full = [f for f in frames if len(f)]
    if not full:
        return []
    rows = pd.concat(full, ignore_index=True)
    ranks = {kind: n for n, kind in enumerate(CHANGE_KINDS)}
    rows = rows.assign(_kind=rows["kind"].map(ranks).astype("int64")).sort_values(_ORDER)
    return [rows.drop(columns=["_subject", "_policy", "_kind"])]
