"""What ``landuse compare`` prints: what changed, why, and where the bulletin lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from landuse.labels import label, say, section
from landuse.tables import CHANGE_KINDS, Comparison

__all__ = ["report"]


def report(comparison: Comparison, out: Path | None) -> Iterator[str]:
    """Yield the lines that say what changed between two runs.

    Parameters
    ----------
    comparison : Comparison
        Of ``compare``.
    out : path or None
        The folder it was saved in.
    """
    for side, title, as_of in (
        ("old", comparison.old_title, comparison.old_as_of),
        ("new", comparison.title, comparison.as_of),
    ):
        yield say("compare_report", side, title=title, as_of=as_of)
    yield from _verdicts(comparison.changes)
    yield from _causes(comparison.attribution)
    yield from _idle(comparison.bulletin_zones)
    yield say("compare_report", "amounts", n=len(comparison.amount_changes))
    yield from _rules(comparison.rule_changes)
    for message in comparison.issues["message"]:
        yield say("cli", "note", note=message)
    if out is None:
        yield label("compare_report", "no_out")
        return
    yield say("cli", "out", out=out)
    for name, file in (("bulletin", "bulletin.xlsx"), ("list", "changes.csv"), ("book", "comparison.json")):
        yield say("compare_report", name, path=out / file)


def _verdicts(changes: pd.DataFrame) -> Iterator[str]:
    first = changes[changes["headline"]]
    for subject, rows in first.groupby("subject", sort=False):
        counts = rows["kind"].value_counts()
        parts = [
            say("compare_report", "part", name=label("change_kinds", kind), n=counts[kind])
            for kind in CHANGE_KINDS
            if kind in counts
        ]
        shown = label("compare_report", "comma").join(parts)
        yield say("compare_report", "verdicts", subject=label("subjects", str(subject)), parts=shown)


def _causes(attribution: pd.DataFrame) -> Iterator[str]:
    counts = attribution["cause"].value_counts()
    parts = [
        say("compare_report", "part", name=name, n=counts[cause])
        for cause, name in section("change_causes").items()
        if cause in counts
    ]
    if parts:
        yield say("compare_report", "causes", parts=label("compare_report", "comma").join(parts))


def _idle(bulletin: pd.DataFrame) -> Iterator[str]:
    total = bulletin[bulletin["line"] == "total"].set_index("group")
    for group in ("idle", "flagged"):
        row = total.loc[group]
        name = label("bulletin_groups", group)
        yield say("compare_report", "stock", name=name, old=row["count_old"], new=row["count_new"])


def _rules(rules: pd.DataFrame) -> Iterator[str]:
    asked = rules[rules["kind"] != "as_of_changed"]
    if not len(asked):
        yield label("compare_report", "rules_none")
        return
    counts = asked["kind"].value_counts()
    parts = [
        say("compare_report", "part", name=name, n=counts[kind])
        for kind, name in section("rule_change_kinds").items()
        if kind in counts
    ]
    yield say("compare_report", "rules", parts=label("compare_report", "comma").join(parts))
