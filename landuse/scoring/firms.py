"""Firms: the projects of one holder in one zone, with figures as ratios of sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from landuse.parsing.company_names import parse_company
from landuse.policy.schemes import Figure
from landuse.scoring.intervals import Interval, interval_of
from landuse.tables import FIRMS, Facts
from landuse.units import m2_to_mu

LAND = "land_mu"

__all__ = ["firms_of"]


def firms_of(facts: Facts, projects: pd.DataFrame, figures: Sequence[Figure]) -> pd.DataFrame:
    """Put the projects of each holder in each zone together.

    Parameters
    ----------
    facts : Facts
        Of ``measure``.
    projects : DataFrame
        Table ``projects`` of the same run; holders, sizes, and the columns that figures are of.
    figures : sequence of Figure
        What a scheme looks at.

    Returns
    -------
    DataFrame
        Table ``firms`` with a pair of columns for each figure. Projects without land of their own yet are
        left out; spellings of one name (widths, brackets, old signs) are one holder, and a project without a
        holder is a firm of its own. Land of a joint site is the firm's where
        all of the site's projects are; otherwise it is not known. A sum with an unknown term has no upper
        end; a column taken as the file has it is known where all projects of the firm agree.
    """
    known = facts.projects
    here = known["land_basis"].ne("requested").fillna(True).to_numpy(dtype=bool)
    rows = projects.reindex(known.index)[here]
    holder = _one_spelling(rows["holder"])
    own = np.where(holder == "", rows.index.to_numpy(dtype=object), holder)
    zone = known.loc[here, "zone_id"].fillna("").to_numpy(dtype=object)
    keys = pd.MultiIndex.from_arrays([zone, np.where(holder == "", "project", "holder"), own])
    at, firms = pd.factorize(keys, sort=True)
    count = len(firms)
    ids = [f"{z}/{o}" if z else str(o) for z, _, o in firms]
    size = _agreed(rows.get("firm_size"), at, count)
    table = pd.DataFrame(
        {
            "holder": [o if kind == "holder" else None for _, kind, o in firms],
            "zone_id": [z or None for z, _, _ in firms],
            "firm_size": size,
            "projects": np.bincount(at, minlength=count),
        },
        index=_unique(ids),
    )
    land = _land(known[here], at, count)
    for figure in figures:
        table = table.assign(**_figure(figure, rows, at, count, land).rounded().columns(figure.id))
    return FIRMS.conform(table)


def _one_spelling(holders: pd.Series) -> np.ndarray:
    """Return each company under the first of its spellings in the alphabet; empty where there is none."""
    known = sorted(holders.dropna().unique())
    first: dict[str, str] = {}
    for name in known:
        first.setdefault(parse_company(name).full, name)
    shown = {name: first[parse_company(name).full] for name in known}
    return np.asarray(holders.map(shown).fillna(""), dtype=object)


def _unique(ids: list[str]) -> pd.Index:
    """Return ids of which none stands twice: a holder may bear the name of a project."""
    index = pd.Index(ids, dtype="str", name=FIRMS.key)
    again = index.to_series().groupby(ids).cumcount().to_numpy()
    return pd.Index([i if n == 0 else f"{i}#{n + 1}" for i, n in zip(ids, again, strict=True)], dtype="str")


def _agreed(words: pd.Series | None, at: np.ndarray, count: int) -> np.ndarray:
    """Return the one word of each group, None where there is none, or several."""
    found = np.full(count, None, dtype=object)
    if words is None:
        return found
    said = pd.Series(words.to_numpy(dtype=object)).groupby(at)
    one, several = said.first(), said.nunique(dropna=True)
    found[one.index.to_numpy()] = one.where(several == 1, None).to_numpy(dtype=object)
    return found


def _land(known: pd.DataFrame, at: np.ndarray, count: int) -> Interval:
    """Return the land of each firm [mu], that of a joint site once, and only where it is all the firm's."""
    figure = interval_of(known, "land_m2")
    site = known["joint_site_id"].to_numpy(dtype=object)
    joint = ~pd.isna(site)
    firms_on = pd.Series(at[joint]).groupby(site[joint]).nunique()
    shared = np.zeros(len(at), dtype=bool)
    shared[joint] = pd.Series(site[joint]).map(firms_on).to_numpy() > 1
    again = joint & pd.Series(site).duplicated().to_numpy()
    lost = ~figure.known | shared
    ends = []
    for end in figure:
        values = m2_to_mu(np.where(lost | again, 0.0, end))
        ends.append(np.bincount(at, weights=values, minlength=count))
    unknown = np.bincount(at[lost], minlength=count) > 0
    return Interval(*(np.where(unknown, np.nan, end) for end in ends))


def _figure(figure: Figure, rows: pd.DataFrame, at: np.ndarray, count: int, land: Interval) -> Interval:
    numerator = _sum(rows, figure.of, at, count)
    if figure.over is None:
        return numerator if f"{figure.of}_low" in rows else _stated(rows, figure.of, at, count)
    over = land if figure.over == LAND else _sum(rows, figure.over, at, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = numerator.low / over.high, numerator.high / over.low
    high = np.where(numerator.high == 0.0, 0.0, high)
    lost = ~numerator.known | ~over.known | (over.high <= 0.0) | np.isnan(low) | np.isnan(high)
    return Interval(np.where(lost, np.nan, low), np.where(lost, np.nan, high))


def _sum(rows: pd.DataFrame, stem: str, at: np.ndarray, count: int) -> Interval:
    """Return the sum of each firm; without an upper end where a term is unknown, unknown where all are."""
    part = interval_of(rows, stem)
    known = part.known
    low = np.bincount(at[known], weights=part.low[known], minlength=count)
    high = np.bincount(at[known], weights=part.high[known], minlength=count)
    some = np.bincount(at[known], minlength=count) > 0
    short = np.bincount(at[~known], minlength=count) > 0
    high = np.where(short, np.inf, high)
    return Interval(np.where(some, low, np.nan), np.where(some, high, np.nan))


def _stated(rows: pd.DataFrame, column: str, at: np.ndarray, count: int) -> Interval:
    """Return a column as the file has it, where every project of a firm that has one has the same."""
    part = interval_of(rows, column)
    grouped = pd.Series(part.low).groupby(at)
    one = grouped.first().where(grouped.nunique() == 1).reindex(range(count)).to_numpy(dtype=np.float64)
    return Interval(one, one)
