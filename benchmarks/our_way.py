"""The main job by the library, stage by stage as its pipeline runs it."""

from __future__ import annotations

from pathlib import Path

import city_files as city
import pandas as pd

from landuse import judge, link, load_policy, measure, read_parcels, read_projects, read_zones, screen
from landuse.measuring.area import measure_areas

POLICIES = ("cn-luoyang-zones-2011", "cn-idle-land-2012")


class OurWay:
    """The stages, in order; each leaves what the next ones need."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self.kind = folder, kind

    def read(self) -> None:
        self.parcels = read_parcels(self.folder / city.parcels_file(self.kind)).table
        self.projects = read_projects(self.folder / city.LEDGER).table
        self.zones = read_zones(self.folder / city.ZONES).table
        self.policies = [load_policy(name) for name in POLICIES]

    def areas(self) -> None:
        self.measured = measure_areas(self.parcels, basis="stated")

    def link(self) -> None:
        self.links = link(self.parcels, self.projects, areas=self.measured.table["area_used_m2"])

    def measure(self) -> None:
        self.facts = measure(
            self.parcels,
            self.projects,
            self.links,
            zones=self.zones,
            as_of=city.AS_OF,
            areas=self.measured,
        )

    def judge(self) -> None:
        self.status = judge(screen(self.facts, self.policies), self.policies)

    def results(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return what is compared: parcels and projects, by id."""
        land, status = self.facts.parcels, self.status.parcels.set_index("subject_id")
        parcels = pd.DataFrame(
            {
                "area_m2": land["area_m2"],
                "used_m2": land["area_used_m2"],
                "verdict": status["verdict"],
                "fee_wan": status["fee_wan_high"],
            }
        )
        money, status = self.facts.projects, self.status.projects.set_index("subject_id")
        projects = pd.DataFrame(
            {
                "fixed_low": money["fixed_wan_per_mu_low"],
                "fixed_high": money["fixed_wan_per_mu_high"],
                "verdict": status["verdict"],
            }
        )
        return parcels.rename_axis("parcel_id"), projects.rename_axis("project_id")
