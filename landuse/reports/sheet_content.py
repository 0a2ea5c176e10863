"""A sheet of a workbook, before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from landuse.labels import label
from landuse.reports.columns import Column

__all__ = ["SheetContent"]


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
