"""What is known of a zone: ratios of sums, each over the land whose figures are known."""

from __future__ import annotations

from fractions import Fraction

from landuse.tables.columns import Columns, day, number, pair, text, whole
from landuse.tables.facts import MU
from landuse.tables.table import Table
from landuse.tables.zones import ZONE_CLASSES

_ONE = Fraction(1)


def _over_land(stem: str, unit: str, ratio: str, per_mu: str, land: str, meaning: str) -> Columns:
    """Describe a figure of projects, the land behind its ratio, and the ratio."""
    return {
        **pair(stem, unit, f"{meaning} on that land"),
        **pair(land, "m2", f"land behind {ratio}"),
        **pair(ratio, per_mu, f"{meaning} over land", ratio=(stem, land, MU)),
    }


ZONE_FACTS = Table(
    name="zone_facts",
    meaning="What is known of a zone on the as-of date: ratios of sums, each over land with known figures.",
    key="zone_id",
    open=True,
    columns={
        "as_of": day("the date the facts hold at, the start of that day"),
        "name": text("name of the zone"),
        "zone_class": text("class of the zone; missing: unknown", values=ZONE_CLASSES),
        "area_m2": number("m2", "ellipsoid area of the zone", least=0.0),
        "area_mu": number("mu", "the same", least=0.0),
        "parcels": whole("parcels in it", nullable=False),
        "parcel_land_mu": number("mu", "their land", least=0.0),
        "doubled_mu": number(
            "mu", "land of them that is counted more than once, since they overlap", least=0.0
        ),
        "projects": whole("projects in it", nullable=False),
        "covered_projects": whole("of them on linked land with known fixed assets", nullable=False),
        "coverage_mu": number("mu", "land behind fixed_wan_per_mu", least=0.0),
        "coverage_total_mu": number("mu", "land behind total_wan_per_mu", least=0.0),
        "coverage_output_mu": number("mu", "land behind output_wan_per_mu", least=0.0),
        "coverage_tax_mu": number("mu", "land behind tax_wan_per_mu", least=0.0),
        "coverage_jobs_mu": number("mu", "land behind jobs_per_mu", least=0.0),
        "coverage_far_mu": number("mu", "land behind far", least=0.0),
        "coverage_building_mu": number("mu", "land behind building_ratio", least=0.0),
        "coverage_built_mu": number(
            "mu", "state-owned construction land of which it is known how much is built up", least=0.0
        ),
        "started_land_mu": number("mu", "land of the parcels that have been started", least=0.0),
        "not_started_land_mu": number("mu", "land of the parcels that have not been started", least=0.0),
        "start_unknown_land_mu": number("mu", "land of the parcels of which that is not known", least=0.0),
        **_over_land(
            "fixed_invest_wan", "wan", "fixed_wan_per_mu", "wan/mu", "intensity_land_m2", "fixed assets"
        ),
        **_over_land(
            "total_invest_wan",
            "wan",
            "total_wan_per_mu",
            "wan/mu",
            "intensity_total_land_m2",
            "total investment",
        ),
        **_over_land(
            "output_wan", "wan/a", "output_wan_per_mu", "wan/mu", "output_land_m2", "output of a year"
        ),
        **_over_land("tax_wan", "wan/a", "tax_wan_per_mu", "wan/mu", "tax_land_m2", "tax of a year"),
        **_over_land("jobs", "persons", "jobs_per_mu", "persons/mu", "jobs_land_m2", "people employed"),
        **pair("floor_area_m2", "m2", "floor area on the parcels where it is known"),
        **pair("far_land_m2", "m2", "land behind far"),
        **pair(
            "far",
            "",
            "floor area over the whole land of those parcels",
            ratio=("floor_area_m2", "far_land_m2", _ONE),
        ),
        **pair("footprint_m2", "m2", "land under buildings on the parcels where it is known"),
        **pair("building_land_m2", "m2", "land behind building_ratio"),
        **pair(
            "building_ratio",
            "",
            "land under buildings over the whole land of those parcels (no structures, no yards)",
            ratio=("footprint_m2", "building_land_m2", _ONE),
        ),
        **pair("state_land_mu", "mu", "state-owned construction land among the parcels; taken as supplied"),
        **pair("built_mu", "mu", "of it built up: finished before the as-of date"),
        **pair("built_out_share", "", "built-up land over state-owned construction land of the parcels"),
    },
)
