"""Zones and the year's means: quota, reserve, corrections."""

from __future__ import annotations

from landuse.tables.columns import day, flag, number, origin, pair, shape, text, whole
from landuse.tables.table import Table

ZONE_CLASSES = ("urban", "county")
OUTSIDE = "outside"
"""The zone_class of land and projects that lie outside every zone of the zones file."""
RESOURCES = ("new_construction", "hook_turnover", "stock", "standard_factory")
NESTED = ("farmland", "cultivated")
"""Resources that are part of another one: what a grant of new construction land takes of each."""

DECISIONS = ("yes", "no", "only", "open")
"""What an analyst says of a pair: a link, no link, one of the project's only links, nothing yet."""

ZONES = Table(
    name="zones",
    meaning="One row an industrial agglomeration zone.",
    key="zone_id",
    open=True,
    columns={
        "name": text("name of the zone"),
        "zone_class": text("inside the urban area, or of a county", values=ZONE_CLASSES),
        "county_code": text("county-level administrative code, six digits (GB/T 2260)"),
        "department": text("the department in charge of it, as the file names it"),
        **origin(),
        "geometry": shape("the boundary"),
    },
)

QUOTA = Table(
    name="quota",
    meaning="The annual land plan: how much of a resource a zone, or the whole city, may use.",
    columns={
        "year": whole("year of the plan", nullable=False),
        "zone_id": text("the zone; missing: the whole city"),
        "resource": text("what may be used", values=RESOURCES + NESTED, nullable=False),
        "quota_m2": number("m2", "how much of it", least=0.0, nullable=False),
        "within": text("the resource it is part of", values=RESOURCES + NESTED),
        **origin(),
    },
)

RESERVE = Table(
    name="reserve",
    meaning="Land of the reserve that can really be supplied.",
    key="block_id",
    columns={
        "zone_id": text("the zone it lies in"),
        "area_m2": number("m2", "its area", least=0.0, nullable=False),
        "available_on": day("first day it can be supplied; missing: unknown"),
        **origin(),
        "geometry": shape("the outline"),
    },
)

CORRECTIONS = Table(
    name="corrections",
    meaning="The analyst's own links of parcels and projects; they win.",
    columns={
        "parcel_id": text("the parcel", nullable=False),
        "project_id": text("the project", nullable=False),
        "share": number("", "share of the project's money on this parcel; missing: by area", least=0.0),
        "decision": text(
            "whether they belong together: yes, no, only (the project stands on such parcels alone), open",
            values=DECISIONS,
            nullable=False,
            absent="only",
        ),
        **origin(),
    },
)

RENAMES = Table(
    name="renames",
    meaning="The book of renames: what companies were called before and are called now.",
    columns={
        "old_name": text("the full name before", nullable=False),
        "new_name": text("the full name after", nullable=False),
        "short_name": text("a short name by which the company is known"),
        **origin(),
    },
)

CANDIDATES = Table(
    name="candidates",
    meaning="Projects as the annual plan sees them: what each asks for and whether it may have it.",
    key="project_id",
    open=True,
    columns={
        "zone_id": text("the zone"),
        "verdict": text("verdict of the headline policy"),
        "route": text("the way suggested"),
        "reason": text("why, in the words of the verdict"),
        "asking": flag("whether it wants land that is not yet supplied to it"),
        **pair("requested_m2", "m2", "land asked for"),
        **pair("farmland_m2", "m2", "of it farmland"),
        **pair("cultivated_m2", "m2", "of that cultivated land"),
    },
)
