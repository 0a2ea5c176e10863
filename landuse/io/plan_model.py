"""What may stand in a plan: every key, its type, what it means where it is left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from landuse.io.grid import BLANKS

__all__ = [
    "LATER",
    "Allocate",
    "Consolidate",
    "CorrectionsFile",
    "Measure",
    "Output",
    "ParcelsFile",
    "PlanFile",
    "PlanKeys",
    "ProjectsFile",
    "QuotaFile",
    "ReserveFile",
    "ZonesFile",
]

LATER = ("plans", "villages", "imagery", "buildings")
"""Keys of a plan that this version does not evaluate."""


def _day(value: Any) -> Any:
    """Let a date be given as text (a plan given as a dict, or quoted)."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PlanFile(_Keys):
    """A file that the plan names.

    ``path`` is as the plan has it; once loaded, ``found`` is where it really lies.
    """

    path: str = Field(min_length=1)
    encoding: str | None = None
    columns: dict[str, str] = {}
    _found: Path = PrivateAttr(default=Path())

    @property
    def found(self) -> Path:
        """Where the file lies."""
        return self._found

    def at(self, found: Path) -> Self:
        """Return the same, lying at a path."""
        copy = self.model_copy()
        copy._found = found
        return copy

    @property
    def blanks(self) -> dict[str, str]:
        """What empty cells mean, by column."""
        given = {c: getattr(self, f"blank_{c}", None) for c in BLANKS}
        return {c: word for c, word in given.items() if word is not None}


class _Layer(PlanFile):
    layer: str | None = None
    crs: str | None = None


class _Sheet(PlanFile):
    sheet: str | None = None


class ParcelsFile(_Layer):
    """An entry of [[parcels]]."""

    amount_unit: str | None = None
    area_unit: str | None = None
    blank_started_on: Literal["not_started"] | None = None
    blank_suspended_on: Literal["not_suspended"] | None = None
    blank_government_cause: Literal["none"] | None = None


class ProjectsFile(_Sheet):
    """An entry of [[projects]]."""

    amount_unit: str | None = None
    area_unit: str | None = None


class ZonesFile(_Layer):
    """An entry of [[zones]]."""


class QuotaFile(_Sheet):
    """The table [quota]."""

    area_unit: str | None = None


class ReserveFile(_Layer):
    """The table [reserve]."""

    area_unit: str | None = None


class CorrectionsFile(_Sheet):
    """The table [corrections]."""


class Measure(_Keys):
    """The table [measure]: basis of areas, half the relative width of "about"."""

    area: Literal["stated", "ellipsoid", "planar"] = "stated"
    approx_rel: float = Field(default=0.1, ge=0.0, lt=1.0)


class Consolidate(_Keys):
    """The table [consolidate]: width of a lane that does not part a block [m], least block [mu]."""

    gap_m: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)
    min_mu: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)


class Allocate(_Keys):
    """The table [allocate]: weight of each fact in the objective, reserve land first or not."""

    objective: dict[str, Annotated[float, Field(allow_inf_nan=False)]] = Field(
        default={"fixed_invest_wan": 1.0}, min_length=1
    )
    stock_first: bool = True


class Output(_Keys):
    """The table [output]: what is made beside the tables."""

    map: bool = True
    workbook: bool = True
    brief: bool = False


class PlanKeys(_Keys):
    """A whole plan, as its file has it."""

    title: str | None = None
    as_of: Annotated[date | None, BeforeValidator(_day)] = None
    policies: list[str] = []
    force_policies: list[str] = []
    max_rejected: int | None = Field(default=None, ge=0)
    parcels: list[ParcelsFile] = Field(min_length=1)
    projects: list[ProjectsFile] = []
    zones: list[ZonesFile] = []
    quota: QuotaFile | None = None
    reserve: ReserveFile | None = None
    corrections: CorrectionsFile | None = None
    measure: Measure = Measure()
    consolidate: Consolidate = Consolidate()
    allocate: Allocate = Allocate()
    output: Output = Output()
