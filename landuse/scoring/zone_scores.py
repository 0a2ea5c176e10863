"""Scores and places of zones by the plan's method and weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import label
from landuse.scoring.intervals import Interval, total
from landuse.scoring.ranks import places_of, ties_of
from landuse.scoring.rules import ScoreRules
from landuse.scoring.scorecard import Card, in_zone_order
from landuse.tables import ZONE_SCORE_PARTS, ZONE_SCORES, issue

IN_THE_INTERVAL = ("built_out_share", "idle_share")
"""Figures that keep what is not known of the other land in their interval."""

__all__ = ["score_zones"]


def score_zones(
    zones: pd.Index, cards: dict[str, Card], rules: ScoreRules
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Score the zones beside each other.

    Parameters
    ----------
    zones : Index
        Their ids.
    cards : dict
        Their figures.
    rules : ScoreRules
        Checked.

    Returns
    -------
    parts, scores : DataFrame
        Tables ``zone_score_parts`` and ``zone_scores``.
    issues : list of dict
        What the method rests on: its sample, figures that tell no zones apart, figures not known at all.
    """
    count, frames, points = len(zones), [], []
    missing: list[list[str]] = [[] for _ in range(count)]
    issues = [issue("score_method", "kept", field="score", about=label("score_method_notes", rules.method))]
    for name, weight in sorted(rules.weights.items()):
        figure = cards[name].value
        index = rules.index(name, figure)
        part = Interval(index.low * weight, index.high * weight)
        points.append(part)
        frames.append(
            pd.DataFrame(
                {
                    "zone_id": zones,
                    "indicator": name,
                    "score_method": rules.method,
                    **figure.columns("value"),
                    "covered_share": cards[name].covered_share,
                    "ideal": rules.ideals.get(name, np.nan),
                    **index.columns("index"),
                    "weight": weight,
                    **part.columns("points"),
                }
            )
        )
        for at in np.flatnonzero(~figure.known).tolist():
            missing[at].append(name)
        issues += _sample(name, cards[name], rules)
    covered = [cards[name].covered_share for name, weight in rules.weights.items() if weight > 0.0]
    score = total(points, count).rounded()
    best, worst = places_of(score)
    table = pd.DataFrame(
        {
            "score_method": rules.method,
            **score.columns("points"),
            "rank_best": best,
            "rank_worst": worst,
            "tied": ties_of(score),
            "least_covered_share": np.fmin.reduce(covered),
            "missing_facts": pd.Series(missing, index=zones, dtype=object),
        },
        index=zones,
    )
    parts = ZONE_SCORE_PARTS.conform(in_zone_order(frames, count))
    return parts, ZONE_SCORES.conform(table), issues


def _sample(name: str, card: Card, rules: ScoreRules) -> list[dict[str, Any]]:
    """Say what a figure cannot tell: zones without it, land without it, a sample of one or of equals."""
    figure, said = card.value, label("indicators", name)
    known = figure.known
    issues = []
    if not known.all():
        count = int(known.sum())
        issues.append(issue("score_not_known", "kept", field=name, what=said, known=count, zones=len(known)))
    partly = int((known & (card.short > 0.0)).sum())
    if partly and name not in IN_THE_INTERVAL:
        issues.append(
            issue("score_partly_covered", "kept", field=name, what=said, partly=partly, zones=len(known))
        )
    if rules.method == "min_max" and known.any():
        same = figure.low[known].max() <= figure.high[known].min()
        if same:
            issues.append(issue("score_no_spread", "kept", field=name, what=said))
    return issues
