"""A sheet of a workbook, before it is written, and what several sheets have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from landuse.labels import label, say
from landuse.reports.columns import Column, text_column

__all__ = ["ORIGIN", "SheetContent", "zone_column", "zone_names"]

ORIGIN = ("source_file", "source_row")
"""Where a row was read."""


@dataclass(frozen=True)
class SheetContent:
    """A sheet: its columns, how many of them stay in view, and whether it wants the larger paper."""

    key: str
    columns: Sequence[Column]
    frozen: int = 1
    wide: bool = True
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", label("workbook_sheets", self.key))


def zone_names(zones: pd.DataFrame) -> dict[str, str]:
    """Return what people call each zone; its id stands beside a name that two zones bear."""
    names = zones["name"].dropna()
    twice = set(names[names.duplicated(keep=False)])
    return {
        str(i): say("workbook", "zone_name", name=name, id=i) if name in twice else str(name)
        for i, name in names.items()
    }


def zone_column(ids: pd.Series | pd.Index, zones: Mapping[str, str]) -> Column:
    """Return the column of zones, by name where they have one."""
    return text_column(label("columns", "zone_id"), ids.map(lambda i: zones.get(i, i), na_action="ignore"))
