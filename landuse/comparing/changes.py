"""The table ``changes``: what became of every verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from landuse.comparing.places import PAIRS, Side
from landuse.comparing.standings import became
from landuse.tables import CHANGE_KINDS, CHANGES, stack

__all__ = ["ABOUT", "changes", "later"]

ABOUT = ("name", "holder", "zone_id", "department", "department_basis")
CARRIED = (*ABOUT, *(f"{stem}_{end}" for stem in PAIRS for end in ("low", "high")), "fee_open")
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
    frames: list[pd.DataFrame] = []
    for subject, rows in matches.items():
        about = later(subject, rows, old, new)
        for place, policy in enumerate(_policies(subject, old, new)):
            found = _of_policy(subject, policy, rows, old, new).join(about)
            frames.append(found.assign(_subject=len(frames), _policy=place))
    return CHANGES.conform(stack(_ordered(frames), CHANGES))


def _policies(subject: str, old: Side, new: Side) -> list[str | None]:
    """Return the policies of either run, in the order of the new one; None alone where there is none."""
    named = [*new.policies[subject], *old.policies[subject]]
    return list(dict.fromkeys(named)) or [None]


def _of_policy(subject: str, policy: str | None, rows: pd.DataFrame, old: Side, new: Side) -> pd.DataFrame:
    came, went = rows["old_id"].isna().to_numpy(), rows["new_id"].isna().to_numpy()
    data: dict[str, Any] = {"subject": subject, "policy": policy, **dict(rows.items())}
    for side, run, ids in (("old", old, rows["old_id"]), ("new", new, rows["new_id"])):
        found = run.verdicts(subject, policy or "", ids)
        data |= {f"{side}_{name}": found[name] for name in ("verdict", "clause", "reason")}
    data["kind"] = became(data["old_verdict"], data["new_verdict"], came=came, went=went)
    was, now = old.headline(subject), new.headline(subject)
    data["headline"] = np.where(went, policy == (was or now), policy == (now or was))
    return pd.DataFrame(data, index=rows.index)


def later(subject: str, rows: pd.DataFrame, old: Side, new: Side) -> pd.DataFrame:
    """Return what is known of each match: in the new run, in the old one where the subject went."""
    past, now = (side.about[subject][list(CARRIED)] for side in (old, new))
    here = now.index.get_indexer(pd.Index(rows["new_id"]))
    there = past.index.get_indexer(pd.Index(rows["old_id"]))
    both = pd.concat([past, now], ignore_index=True)
    return both.take(np.where(here >= 0, here + len(past), there)).set_axis(rows.index)


def _ordered(frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return the rows by subject, policy and kind, what matters most first, then by id."""
    full = [f for f in frames if len(f)]
    if not full:
        return []
    rows = pd.concat(full, ignore_index=True)
    ranks = {kind: n for n, kind in enumerate(CHANGE_KINDS)}
    rows = rows.assign(_kind=rows["kind"].map(ranks).astype("int64")).sort_values(_ORDER)
    return [rows.drop(columns=["_subject", "_policy", "_kind"])]
