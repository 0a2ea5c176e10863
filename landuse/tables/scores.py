"""How zones and firms stand: scorecards, scores, ranks, classes, incentive, readiness, hook projects."""

from __future__ import annotations

from landuse.tables.columns import dated, flag, number, origin, pair, text, texts, whole
from landuse.tables.projects import FIRM_SIZES
from landuse.tables.table import Table

INDICATORS = (
    "fixed_wan_per_mu",
    "total_wan_per_mu",
    "output_wan_per_mu",
    "tax_wan_per_mu",
    "jobs_per_mu",
    "far",
    "building_ratio",
    "built_out_share",
    "idle_share",
)
"""The figures of a zone's scorecard, in the order in which they are shown."""
SCORE_METHODS = ("ideal_value", "min_max", "mean_normalised")
REPORTED = ("yes", "no", "unknown")
FIRM_CLASSES = ("A", "B", "C", "undecided")
READINESS_ITEMS = (*INDICATORS, "hook_reported", "doubled_land")

HOOKS = Table(
    name="hooks",
    meaning="Projects of linking increase and decrease of construction land, as the plan's file has them.",
    columns={
        "zone_id": text("the zone, by id or by name", nullable=False),
        "project": text("the project"),
        "batch": text("the batch it was reported in"),
        **dated("reported_on", "day it was reported"),
        **origin(),
    },
)

ZONE_SCORECARDS = Table(
    name="zone_scorecards",
    meaning="One row a zone and figure: ratio of sums, the land it rests on, what is missing.",
    columns={
        "zone_id": text("the zone", nullable=False),
        "indicator": text("the figure", values=INDICATORS, nullable=False),
        **pair("value", "as unit", "the figure"),
        "unit": text("its unit; missing: a ratio without one"),
        "covered_mu": number("mu", "land whose figures are known", least=0.0),
        "of_mu": number("mu", "land that it could rest on", least=0.0),
        "missing_facts": texts("what would have to be known of the other land"),
    },
)

ZONE_SCORE_PARTS = Table(
    name="zone_score_parts",
    meaning="How a zone's score comes about: one row a zone and figure with a weight in the plan.",
    columns={
        "zone_id": text("the zone", nullable=False),
        "indicator": text("the figure", values=INDICATORS, nullable=False),
        "score_method": text("how figures become scores", values=SCORE_METHODS, nullable=False),
        **pair("value", "as unit", "the figure"),
        "covered_share": number("", "share of the land that the figure rests on", least=0.0),
        "ideal": number("as unit", "the plan's ideal value; missing where the method takes none", least=0.0),
        **pair("index", "", "the figure as a share of what it is held against"),
        "weight": number("", "its weight in the plan", least=0.0, nullable=False),
        **pair("points", "", "weight times index"),
    },
)

ZONE_SCORES = Table(
    name="zone_scores",
    meaning="Score and rank of each zone; empty where the plan has no [score].",
    key="zone_id",
    columns={
        "score_method": text("how figures become scores", values=SCORE_METHODS, nullable=False),
        **pair("points", "", "sum of the points of its figures"),
        "rank_best": whole("the best place it can have; equal scores share one", nullable=False),
        "rank_worst": whole("the worst place it can have", nullable=False),
        "tied": flag("whether another zone has exactly the same score", nullable=False),
        "least_covered_share": number(
            "", "share of the land that the least known of its figures rests on; missing: no land", least=0.0
        ),
        "missing_facts": texts("figures that are not known at all"),
    },
)

FIRMS = Table(
    name="firms",
    meaning="Firms by zone, from the projects of one holder there: figures as ratios of sums.",
    key="firm_id",
    open=True,
    columns={
        "holder": text("the company"),
        "zone_id": text("the zone; missing: unknown"),
        "firm_size": text("above the statistical scale (big) or below (small)", values=FIRM_SIZES),
        "projects": whole("projects of it", nullable=False),
    },
)

FIRM_STATUS = Table(
    name="firm_status",
    meaning="Class of each firm under a scheme; empty where the plan has no [classes].",
    key="firm_id",
    columns={
        "scheme": text("the scheme", nullable=False),
        "holder": text("the company"),
        "zone_id": text("the zone; missing: unknown"),
        "firm_size": text("above the statistical scale (big) or below (small)", values=FIRM_SIZES),
        "firms": whole("firms ranked together with it"),
        **pair("points", "", "the score, or the figure that stands for it, that halves are told by"),
        "rank_best": whole("the best place it can have among them"),
        "rank_worst": whole("the worst place it can have among them"),
        "firm_class": text("the class, or undecided", values=FIRM_CLASSES, nullable=False),
        "possible": texts("the classes it may have"),
        "missing_facts": texts("figures of it that are not known"),
        "reason": text("why", nullable=False),
    },
)

CLASS_COUNTS = Table(
    name="class_counts",
    meaning="Firms ranked together, how many each class takes of them, how many have it for certain.",
    columns={
        "scheme": text("the scheme", nullable=False),
        "zone_id": text("the zone", nullable=False),
        "firm_size": text("which firms; missing: all", values=FIRM_SIZES),
        "firms": whole("firms that are ranked", nullable=False),
        "unplaced": whole("firms that may belong here, zone or size unknown", nullable=False),
        "firm_class": text("the class", values=FIRM_CLASSES[:3], nullable=False),
        "places": whole("places of the class among the firms that are ranked", nullable=False),
        "certain": whole("firms that have it for certain", nullable=False),
    },
)

INCENTIVES = Table(
    name="incentives",
    meaning="Factor on next year's quota of each zone, under the policies that multiply quotas.",
    columns={
        "policy": text("the policy", nullable=False),
        "zone_id": text("the zone", nullable=False),
        "verdict": text("its verdict under the policy"),
        **pair("factor", "", "factor on the base; missing: no clause has one for it"),
        "base_m2": number("m2", "next year's quota before the factor, as the plan has it", least=0.0),
        **pair("next_quota_m2", "m2", "next year's quota, to the square metre"),
        "reason": text("why, with the source", nullable=False),
    },
)

ZONE_HOOKS = Table(
    name="zone_hooks",
    meaning="Which zones have a project of linking increase and decrease reported.",
    key="zone_id",
    columns={
        "hook_reported": text("whether one is reported", values=REPORTED, nullable=False),
        "hook_projects": whole("rows that say so", nullable=False),
        **dated("reported_on", "day of the first of them"),
        "reason": text("why", nullable=False),
        **origin(),
    },
)

ZONE_READINESS = Table(
    name="zone_readiness",
    meaning="What is known of a zone for a demonstration zone of economical land use; no limit is known.",
    columns={
        "zone_id": text("the zone", nullable=False),
        "item": text("what is looked at", values=READINESS_ITEMS, nullable=False),
        **pair("value", "as unit", "the figure"),
        "value_text": text("the same where it is a word"),
        "unit": text("its unit; missing: a ratio without one, or a word"),
        "covered_share": number("", "share of the land that the figure rests on", least=0.0),
        "missing_facts": texts("what would have to be known"),
    },
)
