"""Compare: what changed between two runs."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from landuse import ledger
from landuse.comparing.amounts import amount_changes
from landuse.comparing.attribution import attribution
from landuse.comparing.bulletin import bulletin
from landuse.comparing.changes import changes
from landuse.comparing.matching import match
from landuse.comparing.places import Side, side_of
from landuse.comparing.rules import plain, rule_changes
from landuse.errors import RunError
from landuse.tables import Comparison, Result, Steps, issue, issue_table

__all__ = ["check_order", "compare"]


def compare(old: Result, new: Result, *, steps: Steps) -> Comparison:
    """Say what changed between two runs.

    Parameters
    ----------
    old, new : Result
        Two finished runs; the new one as of the same day or a later one.
    steps : mapping of str to Step
        The old run's files judged again, under the new rules, settings and date (``STEPS``, in this order;
        one that changes nothing is left out): what tells time and rule from facts.

    Returns
    -------
    Comparison
        Tables ``changes``, ``attribution``, ``amount_changes``, ``rule_changes``, ``bulletin_zones``,
        ``bulletin_departments`` and ``issues``, and what both ledgers say.

    Raises
    ------
    RunError
        Where the old run is as of a later day.

    Notes
    -----
    Every parcel, project and zone of either run has one row of ``changes`` under each policy, so that for
    each policy old + came - went = new. A run compared with itself has ``same`` in all of them.
    """
    check_order(old, new)
    matches, said = match(old, new)
    sides = side_of(old), side_of(new)
    table = changes(matches, *sides)
    zones, departments = bulletin(table, *sides)
    tables = {
        "changes": table,
        "attribution": attribution(table, steps, old, new),
        "amount_changes": amount_changes(matches, old, new, sides),
        "rule_changes": rule_changes(old, new),
        "bulletin_zones": zones,
        "bulletin_departments": departments,
        "issues": issue_table([*said, *_strangers(matches, old, new), *_no_departments(sides)]),
    }
    return Comparison(tables, _book(old, new, tables), new.title, new.as_of, old.title, old.as_of)


def check_order(old: Result, new: Result) -> None:
    """Refuse two runs in the wrong order.

    Raises
    ------
    RunError
        Where the old run is as of a later day than the new one.
    """
    if old.as_of > new.as_of:
        raise RunError(
            f"the old run is as of {old.as_of}, later than the new one, {new.as_of}",
            key="as_of",
            remedy="name the earlier run first",
        )


def _strangers(matches: dict[str, pd.DataFrame], old: Result, new: Result) -> list[dict[str, Any]]:
    """Say that two runs have no parcel and no project in common, though both have some."""
    named = [m.dropna(subset=["old_id", "new_id"]) for s, m in matches.items() if s != "zone"]
    full = [any(len(r.tables[t]) for t in ("parcels", "projects")) for r in (old, new)]
    if any(len(m) for m in named) or not all(full):
        return []
    return [issue("nothing_in_common", "kept", old=old.title, new=new.title)]


def _no_departments(sides: tuple[Side, Side]) -> list[dict[str, Any]]:
    """Say that neither run names a department of anything."""
    known = [side.about[s]["department"].notna().any() for side in sides for s in ("parcel", "project")]
    return [] if any(known) else [issue("no_departments", "kept", field="department")]


def _book(old: Result, new: Result, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    counts = tables["changes"].groupby(["subject", "policy", "kind"], dropna=False).size()
    return {
        "title": new.title,
        "old": _of_run(old),
        "new": _of_run(new),
        "counts": [
            {"subject": s, "policy": None if pd.isna(p) else p, "kind": k, "rows": int(n)}
            for (s, p, k), n in counts.items()
        ],
        "versions": ledger.versions(),
        "digests": ledger.table_digests(tables),
    }


def _of_run(run: Result) -> dict[str, Any]:
    """Return what tells a run from any other: its ledger's digest, and the digests that it holds."""
    book = plain(run.ledger)
    text = json.dumps(book, ensure_ascii=False, sort_keys=True)
    kept = ("policies", "inputs", "versions", "digests")
    return {
        "title": run.title,
        "as_of": run.as_of.isoformat(),
        "ledger_sha256": ledger.text_digest(text),
        **{name: book.get(name) for name in kept},
    }
