"""The scorecard of each zone: figures with the land they rest on, and what is missing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from landuse.kernels.shares import share_bounds
from landuse.scoring.intervals import Floats, Interval, interval_of
from landuse.tables import INDICATORS, ZONE_FACTS, ZONE_SCORECARDS, Facts
from landuse.units import m2_to_mu

IDLE = ("idle_1y", "idle_2y", "idle_suspended")

__all__ = ["Card", "cards_of", "scorecard_table"]


class _Basis(NamedTuple):
    """Columns of ``zone_facts``: land that a figure rests on, land it could rest on; what fills the gap."""

    covered: str
    of: str
    missing: tuple[str, ...]


BASES = {
    "fixed_wan_per_mu": _Basis("coverage_mu", "parcel_land_mu", ("fixed_invest_wan",)),
    "total_wan_per_mu": _Basis("coverage_total_mu", "parcel_land_mu", ("total_invest_wan",)),
    "output_wan_per_mu": _Basis("coverage_output_mu", "parcel_land_mu", ("output_wan",)),
    "tax_wan_per_mu": _Basis("coverage_tax_mu", "parcel_land_mu", ("tax_wan",)),
    "jobs_per_mu": _Basis("coverage_jobs_mu", "parcel_land_mu", ("jobs",)),
    "far": _Basis("coverage_far_mu", "parcel_land_mu", ("floor_area_m2",)),
    "building_ratio": _Basis("coverage_building_mu", "parcel_land_mu", ("footprint_m2",)),
    "built_out_share": _Basis("coverage_built_mu", "state_land_mu_high", ("finished_on", "ownership")),
}


class Card(NamedTuple):
    """A figure of every zone: its value, the land it rests on, the land it could rest on [mu]."""

    value: Interval
    covered: Floats
    of: Floats
    missing: tuple[str, ...]

    @property
    def covered_share(self) -> Floats:
        """The share of the land that the figure rests on; NaN where there is no land."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.of > 0.0, np.minimum(self.covered / self.of, 1.0), np.nan)

    @property
    def short(self) -> Floats:
        """The land of which something would have to be known [mu]; none below a thousandth."""
        gap = self.of - self.covered
        return np.where(gap > 1e-3, gap, 0.0)


def cards_of(facts: Facts, status: pd.DataFrame) -> dict[str, Card]:
    """Return the figures of all zones, in the order of ``facts.zones``.

    Parameters
    ----------
    facts : Facts
        Of ``measure``.
    status : DataFrame
        Table ``parcel_status``; the headline verdicts count.

    Returns
    -------
    dict
        A card for each of ``INDICATORS``.

    Notes
    -----
    ``idle_share`` is land of parcels that are suspected idle over the state-owned construction land of the
    zone's parcels, both sums. A parcel whose verdict is undecided may be idle or not, one whose ownership
    is unknown may count or not.

    References
    ----------
    TD/T 1029-2010 names the rate of idle land; that it is taken over land supplied is a reading.
    """
    zones = facts.zones
    cards = {
        name: Card(
            interval_of(zones, name),
            zones[basis.covered].fillna(0.0).to_numpy(dtype=np.float64),
            zones[basis.of].fillna(0.0).to_numpy(dtype=np.float64),
            basis.missing,
        )
        for name, basis in BASES.items()
    }
    return {name: cards.get(name) or _idle(facts, status) for name in INDICATORS}


def _idle(facts: Facts, status: pd.DataFrame) -> Card:
    parcels, count = facts.parcels, len(facts.zones)
    zone = facts.zones.index.get_indexer(pd.Index(parcels["zone_id"])).astype(np.int64)
    zone = np.where(parcels["zone_id"].isna().to_numpy(), -1, zone)
    land = parcels["area_used_m2"].to_numpy(dtype=np.float64)
    state = parcels["state_construction"]
    sure = state.eq(True).fillna(False).to_numpy(dtype=bool)
    perhaps = sure | state.isna().to_numpy(dtype=bool)
    headline = status[status["headline"]].set_index("subject_id")["verdict"].reindex(parcels.index)
    said = headline.to_numpy(dtype=object)
    idle, open_ = np.isin(said.astype(str), IDLE), headline.isna().to_numpy() | (said == "undecided")
    part = (np.where(idle, land, 0.0), np.where(idle | open_, land, 0.0))
    inside = perhaps & (zone >= 0) & (land > 0.0)
    share = share_bounds(np.where(inside, zone, -1), land, part, sure, count)
    if not len(status):
        share = (np.full(count, np.nan), np.full(count, np.nan))

    def mu(rows: np.ndarray) -> Floats:
        summed = np.bincount(zone[rows], weights=land[rows], minlength=count)
        return m2_to_mu(np.asarray(summed, dtype=np.float64))

    known = mu(inside & sure & ~open_)
    return Card(Interval(*share), known, mu(inside), ("parcel_status", "ownership"))


def scorecard_table(zones: pd.Index, cards: dict[str, Card]) -> pd.DataFrame:
    """Return the cards as the table ``zone_scorecards``: zone by zone, figure by figure."""
    frames = []
    for name, card in cards.items():
        missing = [list(card.missing) if gap > 0.0 else [] for gap in card.short.tolist()]
        columns = {
            "zone_id": zones,
            "indicator": name,
            **card.value.columns("value"),
            "unit": unit_of(name),
            "covered_mu": card.covered,
            "of_mu": card.of,
            "missing_facts": pd.Series(missing, dtype=object).to_numpy(),
        }
        frames.append(pd.DataFrame(columns))
    return ZONE_SCORECARDS.conform(in_zone_order(frames, len(zones)))


def unit_of(indicator: str) -> str | None:
    """Return the unit of a figure; None for a ratio without one."""
    return (ZONE_FACTS.unit(indicator) or None) if indicator in BASES else None


def in_zone_order(frames: list[pd.DataFrame], count: int) -> pd.DataFrame:
    """Put frames of one row a zone together, zone by zone."""
    if not frames or not count:
        return pd.DataFrame()
    whole = pd.concat(frames, ignore_index=True)
    order = np.arange(len(whole)).reshape(len(frames), count).T.ravel()
    return whole.iloc[order].reset_index(drop=True)
