"""Values that verbs hand to each other: frozen bundles of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import pandas as pd

from landuse.tables.evidence import ISSUES, REJECTED
from landuse.tables.facts import LINK_REVIEW

Frame: TypeAlias = pd.DataFrame


@dataclass(frozen=True)
class Source:
    """A file as it was read: where, what, and its row account.

    ``rows_read = accepted + rejected`` always.
    """

    role: str
    path: str
    sha256: str
    crs: str | None
    rows_read: int
    accepted: int
    rejected: int
    encoding: str | None = None
    layer: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a reader returns: the table, what was done to it, what could not be used, and the accounts."""

    table: Frame
    issues: Frame = field(default_factory=ISSUES.empty)
    rejected: Frame = field(default_factory=REJECTED.empty)
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What an intake found: the inputs with their row accounts, issues, rejected rows, faults of geometry.

    ``doubled_m2`` is the land that the parcels count more than once, ``limits`` are
    those of ``inspect``, ``output`` says whether map and workbook are wanted.
    """

    title: str
    as_of: date | None
    inputs: list[dict[str, Any]]
    issues: Frame
    rejected: Frame
    parcels: Frame
    faults: Frame
    doubled_m2: float
    limits: dict[str, float]
    output: dict[str, bool]


@dataclass(frozen=True)
class Links:
    """Links of projects to parcels, the money that could not be placed, and the row accounts.

    ``review`` holds the pairs that an analyst decides on, or has decided on.
    """

    table: Frame
    unlinked: Frame
    issues: Frame
    accounts: dict[str, int]
    review: Frame = field(default_factory=LINK_REVIEW.empty)


@dataclass(frozen=True)
class Facts:
    """Facts of parcels, projects and zones as of a date."""

    parcels: Frame
    projects: Frame
    zones: Frame
    as_of: date
    issues: Frame = field(default_factory=ISSUES.empty)

    def of(self, subject: str) -> Frame:
        """Return the fact table of a subject: parcel, project or zone."""
        return {"parcel": self.parcels, "project": self.projects, "zone": self.zones}[subject]


@dataclass(frozen=True)
class Findings:
    """Findings as a table, the truth of every clause for every subject, and the facts they rest on.

    ``truth`` maps (policy id, subject) to a frame indexed by subject id with one int8 column a clause:
    1 holds, 0 does not, -1 unknown. ``scope`` likewise: whether the clause applies. ``table`` has no rows of
    clauses that plainly do not hold: ``explain`` weighs them anew. ``weighed`` is what ``screen`` leaves for
    ``judge``, by the same keys; it is not pickled, for it follows from facts and policies.
    """

    table: Frame
    truth: dict[tuple[str, str], Frame]
    scope: dict[tuple[str, str], Frame]
    facts: Facts
    issues: Frame = field(default_factory=ISSUES.empty)
    weighed: Mapping[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"weighed": {}}


@dataclass(frozen=True)
class Status:
    """Verdicts by subject; the first policy of the plan that speaks of a subject is its headline."""

    parcels: Frame
    projects: Frame
    zones: Frame

    def of(self, subject: str) -> Frame:
        """Return the status table of a subject: parcel, project or zone."""
        return {"parcel": self.parcels, "project": self.projects, "zone": self.zones}[subject]


@dataclass(frozen=True)
class Supervision:
    """Where parcels stand after supply, what is owed, what falls due before ``until``, who is behind.

    Every parcel is one row of ``table`` and has one row of ``obligations`` for handover, start and finish,
    and one more for every deadline that its verdict sets off. ``calendar`` and ``overdue`` (by holder) are
    views of those.
    """

    table: Frame
    obligations: Frame
    calendar: Frame
    overdue: Frame
    until: date
    issues: Frame = field(default_factory=ISSUES.empty)

    def tables(self) -> dict[str, Frame]:
        """Return the tables by name, as a run folder has them."""
        return {
            "supervision": self.table,
            "obligations": self.obligations,
            "calendar": self.calendar,
            "overdue_holders": self.overdue,
        }


@dataclass(frozen=True)
class Blocks:
    """Blocks of recoverable land and their members; ``small`` counts what stayed under min_mu."""

    table: Frame
    members: Frame
    small: dict[str, float]


@dataclass(frozen=True)
class Allocation:
    """The year's plan.

    ``gap`` is the proven relative distance from the optimum (0.0), ``bound`` the best objective possible,
    ``alternatives`` the best plan that grants to a different set of projects.
    """

    grants: Frame
    gap: float
    bound: float
    objective: float
    alternatives: Frame
    usage: Frame


class _Named:
    """Gives each of its tables under its name."""

    def __getattr__(self, name: str) -> Frame:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"{type(self).__name__} has no table {name!r}; it has {', '.join(tables)}")


@dataclass(frozen=True)
class Scores(_Named):
    """How zones and firms stand.

    Tables ``zone_scorecards``, ``zone_score_parts``, ``zone_scores``, ``zone_hooks``, ``zone_readiness``,
    ``firm_status``, ``class_counts``, ``incentives`` by name, and what is to be said of them.
    """

    tables: dict[str, Frame]
    issues: Frame = field(default_factory=ISSUES.empty)


@dataclass(frozen=True)
class Result(_Named):
    """A finished run: every table, the ledger and the plan it came from."""

    tables: dict[str, Frame]
    ledger: dict[str, Any]
    policies: dict[str, str]
    title: str
    as_of: date

    @property
    def facts(self) -> Facts:
        """The facts of the run, to be screened by other policies."""
        tables = self.tables
        return Facts(tables["parcel_facts"], tables["project_facts"], tables["zone_facts"], self.as_of)
