"""The nouns: every table of the house, with its columns, units and meaning."""

from __future__ import annotations

from landuse.tables.evidence import (
    ACTIONS,
    ISSUES,
    REJECTED,
    issue,
    issue_table,
    issues_at,
    kind_name,
    kinds_of,
    place_of,
    remedy_of,
    stack,
)
from landuse.tables.facts import LINK_REVIEW, LINKS, PARCEL_FACTS, PROJECT_FACTS, UNLINKED
from landuse.tables.geometry import FAULT_KINDS, FAULT_NATURES, GEOMETRY_FAULTS
from landuse.tables.parcels import NO_CAUSE, PARCELS
from landuse.tables.projects import INDUSTRY_EDITIONS, MONEY, PROJECTS
from landuse.tables.results import (
    Allocation,
    Blocks,
    Checked,
    Facts,
    Findings,
    Links,
    Reading,
    Result,
    Source,
    Status,
    Supervision,
)
from landuse.tables.supervision import CALENDAR, OBLIGATIONS, OVERDUE_HOLDERS, SUPERVISION
from landuse.tables.table import Table
from landuse.tables.verdicts import (
    BLOCK_MEMBERS,
    BLOCKS,
    FINDINGS,
    GRANTS,
    NONE_HELD,
    PARCEL_STATUS,
    PROJECT_STATUS,
    RECOVERABLE,
    ROUTES,
    VERDICTS,
    ZONE_STATUS,
)
from landuse.tables.zone_facts import ZONE_FACTS
from landuse.tables.zones import (
    CANDIDATES,
    CORRECTIONS,
    OUTSIDE,
    QUOTA,
    RENAMES,
    RESERVE,
    RESOURCES,
    ZONE_CLASSES,
    ZONES,
)

RUN_TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        PARCELS,
        PROJECTS,
        ZONES,
        LINKS,
        LINK_REVIEW,
        UNLINKED,
        PARCEL_FACTS,
        PROJECT_FACTS,
        ZONE_FACTS,
        FINDINGS,
        PARCEL_STATUS,
        PROJECT_STATUS,
        ZONE_STATUS,
        SUPERVISION,
        OBLIGATIONS,
        CALENDAR,
        OVERDUE_HOLDERS,
        BLOCKS,
        BLOCK_MEMBERS,
        GRANTS,
        QUOTA,
        RESERVE,
        GEOMETRY_FAULTS,
        ISSUES,
        REJECTED,
    )
}
"""The tables of a run folder, by name."""

FACT_TABLES: dict[str, Table] = {"parcel": PARCEL_FACTS, "project": PROJECT_FACTS, "zone": ZONE_FACTS}
"""The facts a clause may name, by subject."""

__all__ = [
    "ACTIONS",
    "BLOCKS",
    "BLOCK_MEMBERS",
    "CALENDAR",
    "CANDIDATES",
    "CORRECTIONS",
    "FACT_TABLES",
    "FAULT_KINDS",
    "FAULT_NATURES",
    "FINDINGS",
    "GEOMETRY_FAULTS",
    "GRANTS",
    "INDUSTRY_EDITIONS",
    "ISSUES",
    "LINKS",
    "LINK_REVIEW",
    "MONEY",
    "NONE_HELD",
    "NO_CAUSE",
    "OBLIGATIONS",
    "OUTSIDE",
    "OVERDUE_HOLDERS",
    "PARCELS",
    "PARCEL_FACTS",
    "PARCEL_STATUS",
    "PROJECTS",
    "PROJECT_FACTS",
    "PROJECT_STATUS",
    "QUOTA",
    "RECOVERABLE",
    "REJECTED",
    "RENAMES",
    "RESERVE",
    "RESOURCES",
    "ROUTES",
    "RUN_TABLES",
    "SUPERVISION",
    "UNLINKED",
    "VERDICTS",
    "ZONES",
    "ZONE_CLASSES",
    "ZONE_FACTS",
    "ZONE_STATUS",
    "Allocation",
    "Blocks",
    "Checked",
    "Facts",
    "Findings",
    "Links",
    "Reading",
    "Result",
    "Source",
    "Status",
    "Supervision",
    "Table",
    "issue",
    "issue_table",
    "issues_at",
    "kind_name",
    "kinds_of",
    "place_of",
    "remedy_of",
    "stack",
]
