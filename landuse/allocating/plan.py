"""Verb allocate: the best use of the year's land, exactly, with the next best plan beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pandas as pd

from landuse.allocating.best import best_plans
from landuse.allocating.check import check_plan
from landuse.allocating.choices import Means
from landuse.allocating.explain import alternatives_table, grants_table, usage_table
from landuse.allocating.quota import blocks_of, limits_of, plan_year
from landuse.allocating.wishes import wishes_of
from landuse.tables import CANDIDATES, GRANTS, QUOTA, RESERVE, Allocation

__all__ = ["allocate"]


def allocate(
    candidates: pd.DataFrame,
    quota: pd.DataFrame,
    *,
    blocks: pd.DataFrame | None = None,
    objective: Mapping[str, float],
    stock_first: bool = True,
    year: int | None = None,
    as_of: date | None = None,
) -> Allocation:
    """Allocate the year's land: the plan of greatest objective, with a reason for every project.

    Only projects of verdict separate_land that ask for a known amount of land compete. Each takes all its
    land, the most it can be, from one resource: one block of the reserve in its own zone that can be supplied
    by the end of the year, new construction land, or turnover quota. Among the plans of greatest
    objective that with most land from the reserve is taken (``stock_first``), then that with most projects.

    Parameters
    ----------
    candidates : DataFrame
        Table ``candidates`` with the facts that the objective names.
    quota : DataFrame
        Table ``quota``. A row of a zone bounds that zone, a row without one the whole city. A resource that
        only zone rows name gives nothing to other zones; one without any row gives nothing, save land of the
        reserve. Farmland and cultivated land bound what grants of new construction land take of them; where
        the part is unknown, all that it can be.
    blocks : DataFrame, optional
        Table ``reserve``.
    objective : mapping of str to float
        Weight by fact of projects, 0 or more; of an uncertain fact the low counts, an unknown one 0.
    stock_first : bool
        Whether to prefer the reserve among plans of equal objective.
    year : int, optional
        Year of the plan; by default the only one in the quota, without a quota that of ``as_of``.
    as_of : date, optional
        As-of date of the run.

    Returns
    -------
    Allocation
        ``grants`` has one row a candidate by id. ``usage`` has one row a quota and block: year, zone_id,
        resource, block_id, quota_mu, used_mu, left_mu, note. ``alternatives`` says what the best plan does
        otherwise that grants to another set of projects: project_id, change (in, out, moved), resource,
        objective (of that plan), loss. ``gap`` is 0.0: the bound proves the plan to the last fen.

    Raises
    ------
    PlanError
        Where year, objective or quota contradict themselves.
    SolverError
        Where figures are too large to reckon exactly, or the answer fails the check in plain integers.
    TableError
        Where a table breaks its schema.

    References
    ----------
    Ministry of Land and Resources, decree no. 37 (2006) on the annual land-use plan, art. 4: new construction
    land, of it farmland, of that cultivated land.

    Examples
    --------
    >>> candidates = pd.DataFrame(
    ...     {
    ...         "zone_id": "Z1",
    ...         "verdict": "separate_land",
    ...         "asking": True,
    ...         "requested_m2_low": [20000.0, 20000.0],
    ...         "requested_m2_high": [20000.0, 20000.0],
    ...         "fixed_invest_wan_low": [9000.0, 7000.0],
    ...         "fixed_invest_wan_high": [9000.0, 7000.0],
    ...     },
    ...     index=["P1", "P2"],
    ... )
    >>> quota = pd.DataFrame({"year": [2026], "resource": "new_construction", "quota_m2": 30000.0})
    >>> plan = allocate(candidates, quota, objective={"fixed_invest_wan": 1.0})
    >>> plan.grants[["project_id", "granted", "mu"]].values.tolist()
    [['P1', True, 30.0], ['P2', False, 0.0]]
    >>> plan.objective, plan.alternatives["loss"].tolist()
    (9000.0, [2000.0, 2000.0])

    Without candidates there is nothing to grant:

    >>> len(allocate(candidates[:0], quota, objective={"fixed_invest_wan": 1.0}).grants)
    0
    """
    candidates = CANDIDATES.check(CANDIDATES.conform(candidates))
    quota = QUOTA.check(QUOTA.conform(quota))
    reserve = RESERVE.empty() if blocks is None else RESERVE.check(RESERVE.conform(blocks))
    of_year = plan_year(quota, year, as_of)
    means = Means(limits_of(quota, of_year), blocks_of(reserve, of_year))
    wishes = wishes_of(candidates, objective)
    plan, other = best_plans(wishes, means, stock_first=stock_first)
    grants = GRANTS.conform(grants_table(wishes, plan, means, of_year))
    value = sum((choice.wish.worth for choice in plan), Fraction(0))
    check_plan(grants, candidates, quota, reserve, objective=objective, value=value)
    return Allocation(
        grants=grants,
        gap=0.0,
        bound=float(value),
        objective=float(value),
        alternatives=alternatives_table(plan, other),
        usage=usage_table(plan, means, of_year),
    )
