"""What follows from facts and law: findings, statuses, blocks, grants."""

from __future__ import annotations

from landuse.tables.columns import Columns, flag, number, pair, shape, text, texts, whole
from landuse.tables.table import Table
from landuse.tables.zones import RESOURCES

SUBJECTS = ("parcel", "project", "zone")
PROJECT_VERDICTS = ("separate_land", "no_separate_land", "undecided", "out_of_scope")
PARCEL_VERDICTS = (
    "in_use",
    "not_due",
    "overdue",
    "idle_1y",
    "idle_2y",
    "idle_suspended",
    "underused",
    "undecided",
    "out_of_scope",
)
ZONE_VERDICTS = ("met", "not_met", "undecided", "out_of_scope")
VERDICTS = {"parcel": PARCEL_VERDICTS, "project": PROJECT_VERDICTS, "zone": ZONE_VERDICTS}
RECOVERABLE = ("idle_1y", "idle_2y", "idle_suspended", "underused")
ROUTES = ("separate_land", "standard_factory", "review")
NONE_HELD = "none_held"

FINDINGS = Table(
    name="findings",
    meaning=(
        "One row a comparison of a clause for a subject, where the clause holds, is unknown or close to a "
        "limit: value, limit and outcome. Of clauses that plainly do not hold, ``explain`` tells."
    ),
    columns={
        "subject": text("what the clause is about", values=SUBJECTS, nullable=False),
        "subject_id": text("which one", nullable=False),
        "policy": text("the policy", nullable=False),
        "clause": text("the clause", nullable=False),
        "part": whole("which condition of the clause, from 1", nullable=False),
        "fact": text("the fact that is compared", nullable=False),
        "value_low": number("as unit", "least value of the fact"),
        "value_high": number("as unit", "greatest value of the fact"),
        "value_text": text("value of a text or yes/no fact"),
        "op": text("how it is compared", nullable=False),
        "limit": number("as unit", "the limit; missing where it depends on a class that is unknown"),
        "limit_text": text("the limit in words"),
        "unit": text("unit of value and limit"),
        "part_holds": flag("whether this condition holds; missing: unknown"),
        "holds": flag("whether the whole clause holds, its scope included; missing: unknown"),
        "in_scope": flag("whether the clause applies to the subject; missing: unknown"),
        "borderline": flag(
            "the value is the limit, the limit lies within low-high, or another area basis would turn it",
            nullable=False,
        ),
    },
)


def _status(verdicts: tuple[str, ...]) -> Columns:
    return {
        "subject_id": text("which one", nullable=False),
        "policy": text("the policy", nullable=False),
        "verdict": text("the verdict", values=verdicts, nullable=False),
        "clause": text("the clause that decides, or none_held", nullable=False),
        "outcome": text("the policy's own word for the result, where it has one"),
        "follows": text("what the clause says follows, besides a fee"),
        "reason": text("why, with value, limit and clause", nullable=False),
        "missing_facts": texts("the facts that would have to be known"),
        "borderline": flag("whether a finding of the deciding clause is borderline", nullable=False),
        "headline": flag("whether this is the policy that comes first in the plan", nullable=False),
    }


PARCEL_STATUS = Table(
    name="parcel_status",
    meaning="Verdict on a parcel under a policy: suspected, never a finding of law.",
    columns={
        **_status(PARCEL_VERDICTS),
        "government_cause": text("cause claimed to lie with the government; 'none'; missing: unknown"),
        **pair("fee_wan", "wan", "idle land fee at stake"),
        "fee_open": flag("whether a fee is at stake of which the amount is not known"),
    },
)
PROJECT_STATUS = Table(
    name="project_status",
    meaning="Verdict on a project under a policy.",
    columns={
        **_status(PROJECT_VERDICTS),
        "route": text("the way suggested", values=ROUTES, nullable=False),
        "route_source": text("where that suggestion stands"),
    },
)
ZONE_STATUS = Table(
    name="zone_status",
    meaning="Verdict on a zone under a policy.",
    columns={
        **_status(ZONE_VERDICTS),
        "quota_factor": number("", "what the clause multiplies the quota of next year by", least=0.0),
    },
)

BLOCKS = Table(
    name="blocks",
    meaning="Recoverable parcels that adjoin: potential for consolidation, never supply.",
    key="block_id",
    columns={
        "zone_id": text("the zone; missing: outside every zone"),
        "area_m2": number("m2", "ellipsoid area of the union of its members", least=0.0, nullable=False),
        "area_mu": number("mu", "the same", least=0.0, nullable=False),
        "members": whole("parcels in it", nullable=False),
        "idle_2y": whole("members suspected idle for two years", nullable=False),
        "idle_1y": whole("members suspected idle for one year", nullable=False),
        "idle_suspended": whole("members suspended", nullable=False),
        "underused": whole("members underused", nullable=False),
        "compactness": number(
            "", "4 pi area over squared perimeter, in the plane; 1 for a disc", least=0.0, nullable=False
        ),
        "rank": whole("place by area, largest first", nullable=False),
        "geometry": shape("union of its members"),
    },
)
BLOCK_MEMBERS = Table(
    name="block_members",
    meaning="Which parcels form a block.",
    columns={
        "block_id": text("the block", nullable=False),
        "parcel_id": text("the parcel", nullable=False),
    },
)

GRANTS = Table(
    name="grants",
    meaning="The year's plan: one row a project, granted or not, with the reason.",
    columns={
        "year": whole("year of the plan", nullable=False),
        "project_id": text("the project", nullable=False),
        "zone_id": text("its zone"),
        "resource": text("what it draws on or is pointed to", values=RESOURCES),
        "block_id": text("the block of the reserve"),
        "mu": number("mu", "land granted; 0 where none", least=0.0, nullable=False),
        "rank": whole("place among the grants, greatest contribution to the objective first"),
        "granted": flag("whether land is granted", nullable=False),
        "reason": text("why, or why not", nullable=False),
    },
)
