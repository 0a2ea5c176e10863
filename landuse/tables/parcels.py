"""Parcels: land units as registered or surveyed."""

from __future__ import annotations

from landuse.tables.columns import dated, flag, number, origin, pair, shape, text
from landuse.tables.table import Table

OWNERSHIPS = ("state", "collective")
START_STATES = ("started", "not_started", "unknown")
SUSPEND_STATES = ("suspended", "not_suspended", "unknown")
NO_CAUSE = "none"
"""What ``government_cause`` holds where the file says that there is none; missing means unknown."""

PARCELS = Table(
    name="parcels",
    meaning="One row a parcel, as read; land units as registered or surveyed.",
    key="parcel_id",
    open=True,
    columns={
        "ownership": text("who owns the land", values=OWNERSHIPS),
        "ownership_basis": text(
            "what says so: a column, the parcel code, or the supply of state land it was part of",
            values=("column", "code", "supply"),
        ),
        "construction_land": flag("whether the land use is construction land"),
        "county_code": text("county-level administrative code, six digits (GB/T 2260)"),
        "zone_id": text("the zone that the file names, by id or by name"),
        "holder": text("who holds the right to use the land"),
        "department": text("the department in charge, as the file names it"),
        "land_use": text("land use as the file has it"),
        "supply_mode": text("how the land was supplied, as the file has it"),
        "land_grade": text("grade of the land, as the file has it"),
        "contract_no": text("number of the supply contract or decision, kept as text"),
        "stated_area_m2": number("m2", "the area that the file states", least=0.0),
        "planar_m2": number(
            "m2", "planar area in the file's own projection; missing where the table's is the same", least=0.0
        ),
        **pair("price_wan", "wan", "price of the land"),
        **dated("signed_on", "day the contract was signed or the decision issued"),
        **dated("handover_due", "day the land is to be handed over"),
        **dated("handed_over_on", "day the land was handed over"),
        "handed_over": flag("whether the land was handed over; without a date only where the file says so"),
        **dated("start_due", "day construction is to start"),
        **dated("start_due_extended", "the same, after an extension that was granted"),
        "start_agreed": flag(
            "whether a day to start was agreed; not, only where the file says that none was"
        ),
        **dated("finish_due", "day construction is to be finished"),
        "start_state": text(
            "whether construction has started", values=START_STATES, nullable=False, absent="unknown"
        ),
        **dated("started_on", "day construction started"),
        **dated("finished_on", "day construction was finished"),
        "finished": flag("whether construction was finished; without a date only where the file says so"),
        "suspend_state": text(
            "whether construction was suspended", values=SUSPEND_STATES, nullable=False, absent="unknown"
        ),
        **dated("suspended_on", "day construction was suspended"),
        **dated("resumed_on", "day construction went on again"),
        **pair("developed_m2", "m2", "land developed so far"),
        **pair("due_development_m2", "m2", "land that should be developed (an area of land, not of floor)"),
        **pair("footprint_m2", "m2", "land under buildings"),
        **pair("floor_area_m2", "m2", "floor area"),
        "far_min": number("", "least floor-area ratio agreed", least=0.0),
        "far_max": number("", "greatest floor-area ratio agreed", least=0.0),
        "government_cause": text(
            "cause of delay claimed to lie with the government; 'none' where the file says there is none"
        ),
        **origin(),
        "geometry": shape("the outline"),
    },
)
