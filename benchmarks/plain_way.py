"""The main job in plain pandas, as a careful script in a bureau would do it: correct, row by row.

It knows the headers of these files and these two policies and nothing else: no messy cells, no issues, no
evidence, no clauses as data. Where the ledger leaves figures open it reckons with their ends, as the rules
of evidence ask, so that its verdicts can be compared with the library's.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import city_files as city
import geopandas as gpd
import pandas as pd
import pyproj

ELLIPSOID = pyproj.Geod(a=6378137.0, rf=298.257222101)
BAR_WAN = {city.URBAN: 5000.0, city.COUNTY: 3000.0}
FLOOR_WAN_PER_MU = {city.URBAN: 200.0, city.COUNTY: 150.0}
MU_PER_M2 = 3.0 / 2000.0


class PlainWay:
    """The stages, in order; each leaves what the next ones need."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.kind = folder, kind

    def read(self) -> None:
        path = self.folder / city.parcels_file(self.kind)
        parcels = gpd.read_parquet(path) if self.kind == "parquet" else gpd.read_file(path)
        self.parcels = parcels.rename(columns=city.PARCEL_HEADERS)
        self.zones = gpd.read_file(self.folder / city.ZONES).rename(columns=city.ZONE_HEADERS)
        ledger = pd.read_csv(self.folder / city.LEDGER, encoding="gbk", dtype={"项目编号": "str"})
        self.ledger = ledger.rename(columns=city.LEDGER_HEADERS)

    def areas(self) -> None:
        degrees = self.parcels.geometry.to_crs("EPSG:4490")
        self.parcels["area_m2"] = [abs(ELLIPSOID.geometry_area_perimeter(shape)[0]) for shape in degrees]
        used = []
        for row in self.parcels.itertuples():
            near = abs(row.stated_m2 / row.area_m2 - 1.0) <= 0.01
            used.append(row.stated_m2 if near else row.area_m2)
        self.parcels["used_m2"] = used

    def link(self) -> None:
        refs = self.ledger[["project_id", "refs"]].copy()
        refs["parcel_id"] = refs["refs"].str.split(city.COMMA)
        links = refs.explode("parcel_id")[["project_id", "parcel_id"]]
        land = self.parcels[["parcel_id", "used_m2"]]
        self.links = links.merge(land, on="parcel_id", how="inner", validate="many_to_one")
        self.site = _sites(self.links)

    def measure(self) -> None:
        cut = gpd.overlay(self.parcels[["parcel_id", "geometry"]], self.zones, keep_geom_type=True)
        cut["share"] = cut.geometry.area.to_numpy()
        whole = pd.Series(self.parcels.geometry.area.to_numpy(), index=self.parcels["parcel_id"])
        cut["share"] = cut["share"] / cut["parcel_id"].map(whole)
        most = cut.sort_values("share").groupby("parcel_id").tail(1)
        most = most[most["share"] >= 0.5]
        self.class_of = dict(zip(most["parcel_id"], most["zone_class"], strict=True))
        self.land = defaultdict(float)
        for row in self.links.drop_duplicates("parcel_id").itertuples():
            self.land[self.site[row.project_id]] += row.used_m2
        self.money: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self.total = {}
        for row in self.ledger.itertuples():
            ends = [float(part) for part in str(row.total).split("-")]
            self.total[row.project_id] = (ends[0], ends[-1])
            known = not math.isnan(row.fixed)
            site = self.money[self.site[row.project_id]]
            site[0] += row.fixed if known else 0.0
            site[1] += row.fixed if known else ends[-1]

    def judge(self) -> None:
        verdicts, fees = [], []
        for row in self.parcels.itertuples():
            verdict = _idle(row)
            verdicts.append(verdict)
            fees.append(row.price_wan * 0.2 if verdict == "idle_1y" else math.nan)
        self.parcels["verdict"], self.parcels["fee_wan"] = verdicts, fees
        classes: dict[str, set[Any]] = defaultdict(set)
        for row in self.links.itertuples():
            classes[row.project_id].add(self.class_of.get(row.parcel_id))
        found = []
        for row in self.ledger.itertuples():
            site = self.site[row.project_id]
            mu = self.land[site] * MU_PER_M2
            low, high = (amount / mu for amount in self.money[site])
            kinds = classes[row.project_id]
            kind = next(iter(kinds)) if len(kinds) == 1 else None
            found.append((_separate(kind, row.nature, self.total[row.project_id], low, high), low, high))
        self.ledger[["verdict", "fixed_low", "fixed_high"]] = found

    def results(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return what is compared: parcels and projects, by id."""
        parcels = pd.DataFrame(self.parcels[["parcel_id", "area_m2", "used_m2", "verdict", "fee_wan"]])
        projects = self.ledger[["project_id", "fixed_low", "fixed_high", "verdict"]]
        return parcels.set_index("parcel_id"), projects.set_index("project_id")


def _sites(links: pd.DataFrame) -> dict[str, str]:
    """Return the site of each project: projects that share a parcel stand on one."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    first: dict[str, str] = {}
    for row in links.itertuples():
        parent.setdefault(row.project_id, row.project_id)
        other = first.setdefault(row.parcel_id, row.project_id)
        parent[root(row.project_id)] = root(other)
    return {name: root(name) for name in parent}


def _idle(row: Any) -> str:
    """Judge a parcel by the idle land rules; all of this city is state-owned construction land."""
    if row.start_state == city.STARTED:
        return "in_use"
    due = row.start_due.date()
    if _years_on(due, 2) < city.AS_OF:
        return "idle_2y"
    if _years_on(due, 1) < city.AS_OF:
        return "idle_1y"
    return "overdue" if due < city.AS_OF else "not_due"


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _separate(kind: str | None, nature: Any, total: tuple[float, float], low: float, high: float) -> str:
    """Judge a project: too small a total, or too thin an investment where it is new.

    Where its class is unknown, a clause holds or does not if it does so for both classes.
    """
    kinds = BAR_WAN if kind is None else (kind,)
    small = _agreed({_below(*total, BAR_WAN[k], inclusive=True) for k in kinds})
    thin = _agreed({_below(low, high, FLOOR_WAN_PER_MU[k], inclusive=False) for k in kinds})
    if nature == city.OLD:
        thin = False
    elif nature != city.NEW and thin is not False:
        thin = None
    if small or thin:
        return "no_separate_land"
    return "undecided" if small is None or thin is None else "separate_land"


def _agreed(found: set[bool | None]) -> bool | None:
    return found.pop() if len(found) == 1 else None


def _below(low: float, high: float, limit: float, *, inclusive: bool) -> bool | None:
    if high < limit or (inclusive and high == limit):
        return True
    return False if low > limit or (not inclusive and low == limit) else None
