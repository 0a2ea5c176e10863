"""What was joined and measured: links, and the facts of parcels and projects."""

from __future__ import annotations

from fractions import Fraction

from landuse.tables.columns import Columns, dated, day, flag, number, pair, text, texts, whole
from landuse.tables.parcels import OWNERSHIPS, START_STATES, SUSPEND_STATES
from landuse.tables.table import Table
from landuse.tables.zones import DECISIONS, OUTSIDE, ZONE_CLASSES

MU = Fraction(3, 2000)
"""Mu in a square metre: the factor of a denominator held in m2 under a figure per mu."""

METHODS = ("correction", "code", "footprint", "name")
AREA_BASES = ("stated", "ellipsoid", "planar")
STATED_TOLERANCE = 0.01
"""A stated area is usable where it lies within this share of the ellipsoid area."""
READINGS = ("planar", "ellipsoid", "both", "factor_15", "factor_667", "factor_10000", "none")
LAND_BASES = ("linked", "requested", "joint")
SHARE_BASES = ("whole", "overlap", "stated_area", "area", "given")
UNLINKED_REASONS = (
    "no_refs",
    "refs_not_found",
    "shape_on_no_parcel",
    "decided_no",
    "for_review",
    "duplicate",
)
BANDS = ("linked", "review")

LINKS = Table(
    name="links",
    meaning="Which project stands on which parcel, and how much of its money and land.",
    columns={
        "parcel_id": text("the parcel", nullable=False),
        "project_id": text("the project", nullable=False),
        "share": number(
            "", "share of the project's money on this parcel; a project's sum to 1", nullable=False
        ),
        "land_m2": number(
            "m2", "land of the parcel counted to the project; missing on a joint site", least=0.0
        ),
        **pair(
            "parcel_part", "", "share of the parcel's land that is the project's; missing on a joint site"
        ),
        "apart": flag(
            "whether footprints tell its land on the parcel apart from that of other projects", nullable=False
        ),
        "method": text("the evidence the link rests on", values=METHODS, nullable=False),
        "score": number("", "strength of the evidence, 0 to 1", nullable=False),
        "share_basis": text("what the shares were split by", values=SHARE_BASES),
        "complete": flag(
            "whether every parcel that the project names was found and none of them is in dispute",
            nullable=False,
        ),
        "joint_site_id": text(
            "the joint site, where projects share parcels and nothing tells their land apart"
        ),
        "evidence": text("the code, row, footprint or names that made the link"),
    },
)

LINK_REVIEW = Table(
    name="link_review",
    meaning="Pairs of project and parcel that evidence points to and that an analyst decides on.",
    columns={
        "project_id": text("the project", nullable=False),
        "parcel_id": text("the parcel", nullable=False),
        "decision": text(
            "what the analyst has said of the pair", values=DECISIONS, nullable=False, absent="open"
        ),
        "share": number("", "share of the project's money that the analyst gives the parcel", least=0.0),
        "method": text("the strongest evidence for the pair; missing: the analyst's word alone"),
        "score": number("", "strength of that evidence, 0 to 1"),
        "band": text("whether the evidence alone would link", values=BANDS),
        "kind": text("why it is not linked without a decision"),
        "reason": text("the same, in words"),
        "evidence": text("what points to the pair"),
        "project_name": text("name of the project"),
        "project_holder": text("company of the project"),
        "parcel_holder": text("holder of the parcel"),
        "project_zone": text("zone that the ledger names"),
        "parcel_zone": text("zone of the parcel"),
        "parcel_refs": texts("the parcel numbers that the ledger names"),
        **pair("requested_m2", "m2", "land that the project asks for"),
        **pair("total_invest_wan", "wan", "total investment of the project, as read"),
        "parcel_area_m2": number("m2", "area of the parcel", least=0.0),
        "source_file": text("the file of the project"),
        "source_row": whole("the row of the project"),
    },
)

UNLINKED = Table(
    name="unlinked",
    meaning="Projects whose money could be placed on no parcel.",
    columns={
        "project_id": text("the project", nullable=False),
        "name": text("its name"),
        "reason": text("why", values=UNLINKED_REASONS, nullable=False),
        "duplicate_of": text("the project whose row it repeats"),
        "parcel_refs": texts("the parcel numbers that it names"),
        **pair("total_invest_wan", "wan", "total investment as read"),
        **pair("fixed_invest_wan", "wan", "investment in fixed assets as read"),
        **pair("invested_wan", "wan", "spent so far as read"),
        **pair("planned_wan", "wan", "its base as read"),
        **pair("output_wan", "wan/a", "output of a year as read"),
        **pair("tax_wan", "wan/a", "tax of a year as read"),
        "source_file": text("the file"),
        "source_row": whole("the row"),
    },
)


def _money_over_land() -> Columns:
    """Describe the money of a subject, the money and land of its ratio, and the ratios."""
    land = "intensity_land_m2"
    return {
        **pair("total_invest_wan", "wan", "total investment"),
        **pair("fixed_invest_wan", "wan", "investment in fixed assets, land price included"),
        **pair("output_wan", "wan/a", "output of a year"),
        **pair("tax_wan", "wan/a", "tax of a year"),
        **pair(
            "intensity_total_wan", "wan", "total investment that the ratio is taken of (of the joint site)"
        ),
        **pair("intensity_fixed_wan", "wan", "fixed assets that the ratio is taken of (of the joint site)"),
        **pair("intensity_output_wan", "wan/a", "output that the ratio is taken of (of the joint site)"),
        **pair("intensity_tax_wan", "wan/a", "tax that the ratio is taken of (of the joint site)"),
        **pair(land, "m2", "land that the ratios are taken over (of the joint site)"),
        **pair("intensity_alt_land_m2", "m2", "the same land by the other area bases at hand"),
        **pair(
            "fixed_wan_per_mu",
            "wan/mu",
            "investment intensity: fixed assets over land",
            ratio=("intensity_fixed_wan", land, MU),
        ),
        **pair(
            "total_wan_per_mu",
            "wan/mu",
            "total investment over land",
            ratio=("intensity_total_wan", land, MU),
        ),
        **pair("output_wan_per_mu", "wan/mu", "output over land", ratio=("intensity_output_wan", land, MU)),
        **pair("tax_wan_per_mu", "wan/mu", "tax over land", ratio=("intensity_tax_wan", land, MU)),
    }


def _past(stem: str, since: str, once: str) -> Columns:
    """Describe days and full years from a day to the as-of date, as long as construction has not begun."""
    return {
        **pair(
            f"days_past_{stem}",
            "d",
            f"days from {since} to the as-of date (negative before); missing once {once}",
            least=None,
        ),
        **pair(f"full_years_past_{stem}", "a", f"full years over since then; missing once {once}"),
    }


def _supply_days() -> Columns:
    """Describe contract and hand-over: their days, and how long ago and how late they were."""
    return {
        **dated("signed_on", "day the contract was signed or the decision issued"),
        **_past("signed", "the day the contract was signed", "construction has started"),
        **dated("handover_due", "day the land is to be handed over"),
        **dated("handed_over_on", "day the land was handed over"),
        "handed_over": flag("whether the land is handed over on the as-of date"),
        **_past("handover", "the day the land was handed over", "construction has started"),
        **pair(
            "days_handed_over_late",
            "d",
            "days from the day the land was to be handed over to the day it was, or to the as-of date "
            "where it is not yet (negative where early)",
            least=None,
        ),
    }


def _of_projects() -> Columns:
    """Describe what all projects of a parcel have in common."""
    return {
        "is_new": flag("whether its projects are new ones; missing where they differ or one does not say"),
        "industry_code": text(
            "industry of its projects (GB/T 4754); missing where they differ or one does not say"
        ),
        "industry_std_year": whole(
            "year of the edition of GB/T 4754 behind it; missing where projects differ or one does not say"
        ),
        "stage": text("how far its projects have come; missing where they differ or one does not say"),
    }


PARCEL_FACTS = Table(
    name="parcel_facts",
    meaning="What is known of a parcel on the as-of date.",
    key="parcel_id",
    open=True,
    columns={
        "as_of": day("the date the facts hold at, the start of that day"),
        "zone_id": text("the zone it stands in, settled between file and geometry"),
        "zone_class": text("class of that zone; missing: unknown", values=(*ZONE_CLASSES, OUTSIDE)),
        "in_zone": flag("whether it lies in any zone; missing: unknown"),
        "zone_doubtful": flag(
            "whether it is spoken of as in a zone, and may lie in none all the same: its shape lies outside, "
            "or the words say so",
            nullable=False,
        ),
        "ownership": text("who owns the land", values=OWNERSHIPS),
        "ownership_basis": text("what says so"),
        "state_construction": flag("whether it is state-owned construction land"),
        "county_code": text("county-level administrative code, six digits (GB/T 2260)"),
        "holder": text("who holds the right to use the land"),
        "department": text("the department in charge"),
        "land_use": text("land use as the file has it"),
        "supply_mode": text("how the land was supplied, as the file has it"),
        "land_grade": text("grade of the land, as the file has it"),
        "area_m2": number("m2", "ellipsoid area, official series", least=0.0),
        "planar_m2": number("m2", "planar area in the Gauss-Krueger plane", least=0.0),
        "stated_area_m2": number("m2", "the area that the file states", least=0.0),
        "stated_gap": number("", "stated area over ellipsoid area, minus 1"),
        "stated_reading": text("which reading of the stated area fits the geometry", values=READINGS),
        "area_basis": text("the area that is used", values=AREA_BASES),
        "area_used_m2": number("m2", "the area that is used", least=0.0),
        "area_mu": number("mu", "the area that is used", least=0.0),
        "overlap_m2": number(
            "m2", "land of it that other parcels hold too; missing: not inspected", least=0.0
        ),
        "projects": whole("projects linked to it", nullable=False),
        **_of_projects(),
        "money_basis": text("'linked', or 'joint' where the ratio is that of the joint site"),
        "joint_site_id": text("the joint site"),
        **_money_over_land(),
        **pair("far", "", "floor-area ratio", ratio=("floor_area_m2", "area_used_m2", Fraction(1))),
        **pair(
            "building_ratio",
            "",
            "land under buildings over land",
            ratio=("footprint_m2", "area_used_m2", Fraction(1)),
        ),
        **pair("floor_area_m2", "m2", "floor area"),
        **pair("footprint_m2", "m2", "land under buildings"),
        "far_min": number("", "least floor-area ratio agreed", least=0.0),
        "far_max": number("", "greatest floor-area ratio agreed", least=0.0),
        **_supply_days(),
        "start_state": text(
            "whether construction has started on the as-of date",
            values=START_STATES,
            nullable=False,
            absent="unknown",
        ),
        "start_agreed": flag(
            "whether a day to start was agreed; not, only where the file says that none was"
        ),
        **dated("start_due", "the day construction is due to start, extension included"),
        **dated("start_due_agreed", "the same before any extension"),
        **dated("started_on", "day construction started"),
        **_past("start", "the day construction was due to start", "started"),
        "suspend_state": text(
            "whether construction stands suspended on the as-of date",
            values=SUSPEND_STATES,
            nullable=False,
            absent="unknown",
        ),
        **dated("suspended_on", "day construction was suspended"),
        **dated("resumed_on", "day construction went on again"),
        **pair("days_suspended", "d", "days suspended to the as-of date (0 where not suspended)"),
        **pair("full_years_suspended", "a", "full years suspended (0 where not suspended)"),
        "finished": flag("whether construction is finished on the as-of date"),
        **dated("finish_due", "day construction is to be finished"),
        **dated("finished_on", "day construction was finished"),
        **pair(
            "days_past_finish",
            "d",
            "days from the day construction was due to be finished to the as-of date (negative before); "
            "missing once finished",
            least=None,
        ),
        **pair("developed_m2", "m2", "land developed so far"),
        **pair(
            "due_development_m2",
            "m2",
            "land that should be developed; up to the whole parcel where not stated",
        ),
        **pair(
            "developed_ratio",
            "",
            "developed over due, as land",
            ratio=("developed_m2", "due_development_m2", Fraction(1)),
        ),
        **pair("invested_wan", "wan", "spent so far by its projects, land price and taxes excluded"),
        **pair("planned_wan", "wan", "its base, with the same exclusions"),
        **pair(
            "invested_ratio", "", "invested over planned", ratio=("invested_wan", "planned_wan", Fraction(1))
        ),
        **pair(
            "built_m2",
            "m2",
            "land built up: all of it once finished, none before the start, else at most what is developed",
        ),
        **pair("price_wan", "wan", "price of the land"),
        "government_cause": text("cause claimed to lie with the government; 'none'; missing: unknown"),
        "built_share": number("", "share of the land that imagery shows built", least=0.0),
        "vegetation_share": number("", "share of the land that imagery shows green", least=0.0),
    },
)

PROJECT_FACTS = Table(
    name="project_facts",
    meaning="What is known of a project on the as-of date.",
    key="project_id",
    open=True,
    columns={
        "as_of": day("the date the facts hold at, the start of that day"),
        "zone_id": text("the zone, settled between ledger and the parcels it stands on"),
        "zone_class": text("class of that zone; missing: unknown", values=(*ZONE_CLASSES, OUTSIDE)),
        "in_zone": flag("whether it lies in any zone; missing: unknown"),
        "zone_doubtful": flag(
            "whether it is spoken of as in a zone, and may lie in none all the same: its shape lies outside, "
            "or the words say so",
            nullable=False,
        ),
        "holder": text("the company"),
        "department": text("the department in charge"),
        "is_new": flag("whether it is a new project"),
        "industry_code": text("industry (GB/T 4754)"),
        "industry_std_year": whole("year of the edition of GB/T 4754 that the industry is coded by"),
        "stage": text("how far the project has come"),
        "parcels": whole("parcels linked to it", nullable=False),
        "land_basis": text(
            "what its land is: linked parcels, the land requested, or the joint site", values=LAND_BASES
        ),
        "joint_site_id": text("the joint site"),
        **pair("land_m2", "m2", "its land (of the joint site, where land cannot be told apart)"),
        **pair("land_mu", "mu", "its land (of the joint site, where land cannot be told apart)"),
        "doubled_mu": number(
            "mu", "land of its parcels (of the joint site) that is counted more than once", least=0.0
        ),
        **_money_over_land(),
        **pair("invested_wan", "wan", "spent so far, land price and taxes excluded"),
        **pair("planned_wan", "wan", "its base, with the same exclusions"),
        **pair(
            "invested_ratio", "", "invested over planned", ratio=("invested_wan", "planned_wan", Fraction(1))
        ),
        **pair("requested_m2", "m2", "land asked for"),
        **pair("farmland_m2", "m2", "of it farmland"),
        **pair("cultivated_m2", "m2", "of that cultivated land"),
        "jobs": number("persons", "people employed", least=0.0),
        "land_use": text("land use by name"),
        "supply_mode": text("how the land was supplied, as the file has it"),
        "land_grade": text("grade of the land, as the file has it"),
        **pair("price_wan", "wan", "price of the land"),
        "far_min": number("", "least floor-area ratio agreed", least=0.0),
        "far_max": number("", "greatest floor-area ratio agreed", least=0.0),
        **dated("signed_on", "day the contract was signed or the decision issued"),
        **dated("handover_due", "day the land is to be handed over"),
        **dated("start_due", "day construction is to start"),
        **dated("started_on", "day construction started"),
        **dated("finish_due", "day construction is to be finished"),
        **dated("finished_on", "day construction was finished"),
        "asking": flag("whether it wants land that is not yet supplied to it"),
    },
)
