"""What changed between two runs: the tables of a comparison, and what ``compare`` takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import pandas as pd

from landuse.tables.columns import Columns, flag, pair, text, texts, whole
from landuse.tables.results import Facts, Status
from landuse.tables.table import Table
from landuse.tables.verdicts import SUBJECTS

Frame: TypeAlias = pd.DataFrame

CHANGE_KINDS = (
    "newly_idle",
    "still_idle",
    "resolved",
    "newly_flagged",
    "newly_undecided",
    "newly_decided",
    "verdict_changed",
    "came",
    "went",
    "policy_added",
    "policy_removed",
    "same",
)
"""What can have become of a verdict: every subject falls into exactly one under every policy."""

CAUSES = ("time", "facts", "rule", "setting", "program", "several", "row")
"""Why a verdict is another one."""

STEPS = ("rule", "setting", "time")
"""What is changed under the old run's files, one after the other; what is left then is the facts."""

AMOUNT_CHANGE_KINDS = ("changed", "became_known", "became_unknown")

RULE_CHANGE_KINDS = (
    "as_of_changed",
    "policy_added",
    "policy_removed",
    "policy_changed",
    "order_changed",
    "clause_added",
    "clause_removed",
    "limit_changed",
    "clause_changed",
    "header_changed",
    "setting_changed",
    "version_changed",
)

MATCHES = ("id", "geometry", "name")
DEPARTMENT_BASES = ("own", "zone", "unknown")
BULLETIN_LINES = ("zone", "department", "outside", "unknown", "total")
PARCEL_GROUPS = (
    "parcels",
    "idle",
    "newly_idle",
    "idle_in",
    "idle_resolved",
    "idle_out",
    "parcels_flagged",
    "parcels_undecided",
)
PROJECT_GROUPS = (
    "projects",
    "flagged",
    "newly_flagged",
    "flagged_in",
    "flagged_resolved",
    "flagged_out",
    "projects_undecided",
)
BULLETIN_GROUPS = PARCEL_GROUPS + PROJECT_GROUPS


def _who() -> Columns:
    return {
        "subject": text("what it is about", values=SUBJECTS, nullable=False),
        "subject_id": text("which one: its id in the new run, in the old one where it went", nullable=False),
        "old_id": text("its id in the old run; missing: it was not there"),
        "new_id": text("its id in the new run; missing: it is no longer there"),
    }


def _where() -> Columns:
    return {
        "name": text("name of the project or zone"),
        "holder": text("who holds the land, or the company"),
        "zone_id": text("its zone in the new run, in the old one where it went; missing: unknown or outside"),
        "department": text("the department in charge, likewise"),
        "department_basis": text(
            "whether the department is its own, that of its zone, or unknown", values=DEPARTMENT_BASES
        ),
    }


def _both(name: str, meaning: str) -> Columns:
    return {f"{side}_{name}": text(f"{meaning}, in the {side} run") for side in ("old", "new")}


CHANGES = Table(
    name="changes",
    meaning="What became of the verdict on a subject under a policy; one row a subject and policy.",
    columns={
        **_who(),
        "matched_by": text(
            "what says that the two rows are one: the id, or exactly the same outline or name where one id "
            "was made by the intake",
            values=MATCHES,
        ),
        "policy": text("the policy; missing where no policy speaks of such subjects"),
        "kind": text("what became of it", values=CHANGE_KINDS, nullable=False),
        "headline": flag(
            "whether the policy comes first in the new run (the old one where the subject went)",
            nullable=False,
        ),
        **_both("verdict", "the verdict"),
        **_both("clause", "the clause that decides, or none_held"),
        **_both("reason", "why"),
        **_where(),
        **pair("land_mu", "mu", "its land, in the new run, in the old one where it went"),
        **pair(
            "money_wan", "wan", "price of a parcel, total investment of a project; likewise in the later run"
        ),
        **pair("fee_wan", "wan", "idle land fee at stake, likewise"),
        "fee_open": flag("whether a fee is at stake of which the amount is not known, likewise"),
    },
)

ATTRIBUTION = Table(
    name="attribution",
    meaning="Why a verdict is another one: the old files judged again under the new rules, settings, date.",
    columns={
        **_who(),
        "policy": text("the policy; missing where no policy speaks of such subjects"),
        "kind": text("what became of it", values=CHANGE_KINDS, nullable=False),
        "old_verdict": text("the verdict of the old run"),
        "rule_verdict": text("that on the old facts under the new rules"),
        "setting_verdict": text("that on the old files, measured with the new settings, under the new rules"),
        "time_verdict": text("the same on the new date: what the old files would say today"),
        "new_verdict": text("the verdict of the new run"),
        "cause": text("what made the difference", values=CAUSES, nullable=False),
        "changed_facts": texts("facts named by the policy that the new files give otherwise than the old"),
    },
)

AMOUNT_CHANGES = Table(
    name="amount_changes",
    meaning="Amounts and areas that differ by a fen or 0.01 m2 or more, or became known or unknown.",
    columns={
        **_who(),
        "field": text("which figure", nullable=False),
        "unit": text("unit of the figures", nullable=False),
        "change": text(
            "whether it changed, became known or unknown", values=AMOUNT_CHANGE_KINDS, nullable=False
        ),
        **pair("old", "as unit", "the figure in the old run"),
        **pair("new", "as unit", "the figure in the new run"),
        **pair("difference", "as unit", "new minus old; missing where one is unknown", least=None),
        **_where(),
    },
)

RULE_CHANGES = Table(
    name="rule_changes",
    meaning="What differs in the question itself: date, policies, clauses, limits, settings, versions.",
    columns={
        "kind": text("what kind of difference", values=RULE_CHANGE_KINDS, nullable=False),
        "policy": text("the policy"),
        "clause": text("the clause"),
        "item": text("the key that differs, as the policy file, plan or ledger names it"),
        **_both("value", "what stands there; missing: nothing"),
    },
)


def _bulletin(key: Columns) -> Columns:
    sides: Columns = {}
    for side, least in (("old", 0.0), ("new", 0.0), ("difference", None)):
        when = "new minus old" if side == "difference" else f"in the {side} run"
        sides[f"count_{side}"] = whole(f"how many, {when}", nullable=False)
        for stem, unit, what in _SUMS:
            if side != "difference":
                sides[f"{stem}_known_{side}"] = whole(f"of them with known {what}, {when}", nullable=False)
            sides |= pair(f"{stem}_{side}", unit, f"sum of the known {what}, {when}", least=least)
        if side != "difference":
            sides[f"fee_open_{side}"] = whole(
                f"of them with a fee at stake of which the amount is not known, {when}", nullable=False
            )
    return {
        "line": text("what the row adds up", values=BULLETIN_LINES, nullable=False),
        **key,
        "group": text("which of them", values=BULLETIN_GROUPS, nullable=False),
        **sides,
    }


_SUMS = (
    ("land_mu", "mu", "land"),
    ("money_wan", "wan", "price (parcels) or total investment (projects)"),
    ("fee_wan", "wan", "idle land fee at stake"),
)

BULLETIN_ZONES = Table(
    name="bulletin_zones",
    meaning="The bulletin by zone: before, after, difference, by the verdicts of the headline policy.",
    columns=_bulletin(
        {
            "zone_id": text("the zone; missing: outside every zone, unknown, or the total"),
            "name": text("name of the zone"),
        }
    ),
)
BULLETIN_DEPARTMENTS = Table(
    name="bulletin_departments",
    meaning="The same by department in charge.",
    columns=_bulletin({"department": text("the department; missing: unknown, or the total")}),
)

COMPARISON_TABLES: dict[str, Table] = {
    t.name: t
    for t in (CHANGES, ATTRIBUTION, AMOUNT_CHANGES, RULE_CHANGES, BULLETIN_ZONES, BULLETIN_DEPARTMENTS)
}
"""The tables of a comparison folder, by name; ``issues`` stands beside them."""


@dataclass(frozen=True)
class Step:
    """The old run judged again: its facts and verdicts after one more thing is that of the new run."""

    facts: Facts
    status: Status


Steps: TypeAlias = Mapping[str, Step]
"""By the names of ``STEPS``; one that changes nothing is left out."""


@dataclass(frozen=True)
class Comparison:
    """What changed between two runs: the tables, and what both ledgers say.

    ``title`` and ``as_of`` are those of the new run.
    """

    tables: dict[str, Frame]
    ledger: dict[str, Any]
    title: str
    as_of: date
    old_title: str
    old_as_of: date

    def __getattr__(self, name: str) -> Frame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"{type(self).__name__} has no table {name!r}; it has {', '.join(tables)}")
