"""The verb class_firms: from facts and the ledger to the class of every firm."""

from __future__ import annotations

import pandas as pd

from landuse.scoring.class_rules import ClassRules
from landuse.scoring.classes import classify
from landuse.scoring.firms import firms_of
from landuse.tables import Facts, Scores, issue_table

__all__ = ["class_firms"]


def class_firms(facts: Facts, projects: pd.DataFrame, *, rules: ClassRules) -> Scores:
    """Class the firms of each zone by a scheme.

    Parameters
    ----------
    facts : Facts
        Of ``measure``.
    projects : DataFrame
        Table ``projects`` of the same run: holders, sizes, and the columns that the scheme's figures are of.
    rules : ClassRules
        A scheme, and what it leaves open.

    Returns
    -------
    Scores
        Tables ``firm_status`` and ``class_counts``, and what is to be said of them.

    Raises
    ------
    ScoreError
        Rules that ask for what nobody knows: weights, a rounding.
    """
    firms = firms_of(facts, projects, rules.check().scheme.figures)
    status, counts, said = classify(firms, rules)
    return Scores({"firm_status": status, "class_counts": counts}, issue_table(said))
