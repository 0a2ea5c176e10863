"""Projects: rows of the investment ledger, or of the land-supply ledger."""

from __future__ import annotations

from landuse.tables.columns import dated, flag, number, origin, pair, shape, text, texts, whole
from landuse.tables.table import Table

FIRM_SIZES = ("big", "small")

MONEY = ("total_invest_wan", "fixed_invest_wan", "invested_wan", "planned_wan", "output_wan", "tax_wan")
"""The money columns, by stem; each is accounted for on its own."""

INDUSTRY_EDITIONS = (2002, 2011, 2017)
"""Editions of GB/T 4754 whose codes differ from one another."""

PROJECTS = Table(
    name="projects",
    meaning="One row a project of the investment ledger, or a contract of the land-supply ledger, as read.",
    key="project_id",
    open=True,
    columns={
        "name": text("name of the project"),
        "holder": text("the company"),
        "department": text("the department in charge, as the ledger names it"),
        "zone_id": text("the zone that the ledger names, by id or by name"),
        "parcel_refs": texts("the parcel numbers that the ledger names"),
        "industry_code": text("industry (GB/T 4754), as the file has it"),
        "industry_std_year": whole("year of the edition of GB/T 4754 that the industry is coded by"),
        "is_new": flag("whether it is a new project, from the ledger's nature of construction only"),
        **pair("total_invest_wan", "wan", "total investment"),
        **pair("fixed_invest_wan", "wan", "investment in fixed assets, land price included"),
        **pair("invested_wan", "wan", "spent so far, land price and taxes excluded"),
        **pair("planned_wan", "wan", "the base of invested_wan, with the same exclusions"),
        **pair("requested_m2", "m2", "land asked for"),
        **pair("farmland_m2", "m2", "of it farmland"),
        **pair("cultivated_m2", "m2", "of that cultivated land"),
        **pair("output_wan", "wan/a", "output of a year"),
        **pair("tax_wan", "wan/a", "tax of a year"),
        "jobs": number("persons", "people employed", least=0.0),
        "firm_size": text("the company above the statistical scale (big) or below", values=FIRM_SIZES),
        "energy_tce": number("tce/a", "energy used in a year, standard coal", least=0.0),
        "rd_share": number("", "intensity of research and development, as the file has it", least=0.0),
        "tax_per_emission": number("", "tax over emissions, as the file has it", least=0.0),
        "contract_no": text("number of the supply contract or decision, kept as text"),
        "district": text("the county or district, as the ledger names it"),
        "location": text("where the land lies, in words"),
        **pair("supplied_m2", "m2", "land supplied by the contract or decision"),
        "land_source": text("where the land came from: new construction land, existing, from the stock"),
        "land_use": text("land use by name"),
        "supply_mode": text("how the land was supplied, as the file has it"),
        "tenure": text("for how many years, as the file has it"),
        "land_grade": text("grade of the land, as the file has it"),
        **pair("price_wan", "wan", "price of the land"),
        "far_min": number("", "least floor-area ratio agreed", least=0.0),
        "far_max": number("", "greatest floor-area ratio agreed", least=0.0),
        **dated("signed_on", "day the contract was signed or the decision issued"),
        **dated("handover_due", "day the land is to be handed over"),
        **dated("start_due", "day construction is to start"),
        **dated("finish_due", "day construction is to be finished"),
        **dated("started_on", "day construction started"),
        **dated("finished_on", "day construction was finished"),
        "approved_by": text("who approved the supply"),
        "stage": text("how far the project has come, as the file has it"),
        **origin(),
        "geometry": shape("footprint or point, where the ledger has one"),
    },
)
