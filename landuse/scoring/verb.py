"""The verb score: scorecards always, scores and places where there are rules for them."""

from __future__ import annotations

import pandas as pd

from landuse.scoring.hooks import hooks_by_zone
from landuse.scoring.readiness import readiness_table
from landuse.scoring.rules import ScoreRules
from landuse.scoring.scorecard import cards_of, scorecard_table
from landuse.scoring.zone_scores import score_zones
from landuse.tables import ZONE_SCORE_PARTS, ZONE_SCORES, Facts, Scores, Status, issue_table

__all__ = ["score"]


def score(
    facts: Facts, status: Status, *, hooks: pd.DataFrame | None = None, rules: ScoreRules | None = None
) -> Scores:
    """Score zones beside each other.

    Parameters
    ----------
    facts : Facts
        Of ``measure``.
    status : Status
        Of ``judge``; the headline verdicts on parcels say what is idle.
    hooks : DataFrame, optional
        Table ``hooks``, zones settled; without it nothing is known of reported projects.
    rules : ScoreRules, optional
        Method and weights; without them no zone is scored.

    Returns
    -------
    Scores
        Tables ``zone_scorecards``, ``zone_score_parts``, ``zone_scores``, ``zone_hooks`` and
        ``zone_readiness``, and what is to be said of them.

    Raises
    ------
    ScoreError
        Rules that ask for what nobody knows: weights, ideal values.

    Examples
    --------
    >>> import datetime, geopandas, pandas, shapely
    >>> import landuse as lu
    >>> land = geopandas.GeoDataFrame({"zone_id": ["Z1", "Z2"], "stated_area_m2": [20_000.0, 20_000.0]},
    ...     geometry=[shapely.box(37_500_000 + x, 3_833_000, 37_500_200 + x, 3_833_100) for x in (0, 200)],
    ...     index=pandas.Index(["A1", "A2"], name="parcel_id"), crs="EPSG:4525")
    >>> ledger = pandas.DataFrame({"parcel_refs": [["A1"], ["A2"]],
    ...     "tax_wan_low": [300.0, 120.0], "tax_wan_high": [300.0, 120.0]},
    ...     index=pandas.Index(["P1", "P2"], name="project_id"))
    >>> day = datetime.date(2026, 6, 30)
    >>> facts = lu.measure(land, ledger, lu.link(land, ledger), as_of=day, area="stated")
    >>> status = lu.judge(lu.screen(facts, []), [])
    >>> found = score(facts, status, rules=ScoreRules("ideal_value", {"tax_wan_per_mu": 100.0},
    ...     {"tax_wan_per_mu": 8.0}))
    >>> found.zone_scores["points_low"].tolist(), found.zone_scores["rank_best"].tolist()
    ([100.0, 50.0], [1, 2])
    >>> len(score(facts, status).zone_scores)
    0
    """
    ids = facts.zones.index
    cards = cards_of(facts, status.parcels)
    hooked, issues = hooks_by_zone(ids, hooks, facts.as_of)
    tables = {
        "zone_scorecards": scorecard_table(ids, cards),
        "zone_score_parts": ZONE_SCORE_PARTS.empty(),
        "zone_scores": ZONE_SCORES.empty(),
        "zone_hooks": hooked,
        "zone_readiness": readiness_table(facts.zones, cards, hooked),
    }
    if rules is not None:
        parts, scores, said = score_zones(ids, cards, rules.check())
        tables |= {"zone_score_parts": parts, "zone_scores": scores}
        issues += said
    return Scores(tables, issue_table(issues))
