"""What may stand in a plan: every key, its type, what it means where it is left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from landuse.io.header.grid import BLANKS

__all__ = [
    "LATER",
    "Allocate",
    "Classes",
    "Consolidate",
    "CorrectionsFile",
    "DatumShift",
    "HookFile",
    "Incentive",
    "Inspect",
    "Link",
    "Measure",
    "Output",
    "ParcelsFile",
    "PlanFile",
    "PlanKeys",
    "ProjectsFile",
    "QuotaFile",
    "RateKeys",
    "RenamesFile",
    "ReserveFile",
    "Score",
    "Supervise",
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


_Number = Annotated[float | None, Field(allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PlanFile(_Keys):
    """A file that the plan names.

    ``path`` is as the plan has it; once loaded, ``found`` is where it really lies.
    """

    path: str = Field(min_length=1)
    encoding: str | None = None
    columns: dict[str, str] = {}
    _found: Path | str = PrivateAttr(default=Path())

    @property
    def found(self) -> Path | str:
        """Where the file lies, or the address of a database."""
        return self._found

    def at(self, found: Path | str) -> Self:
        """Return the same, lying at a path or address."""
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
    axes: Literal["north_east"] | None = None


class _Sheet(PlanFile):
    sheet: str | None = None


class ParcelsFile(_Layer):
    """An entry of [[parcels]]."""

    amount_unit: str | None = None
    area_unit: str | None = None
    blank_started_on: Literal["not_started"] | None = None
    blank_suspended_on: Literal["not_suspended"] | None = None
    blank_government_cause: Literal["none"] | None = None
    blank_start_due: Literal["not_agreed"] | None = None
    blank_handed_over_on: Literal["not_handed_over"] | None = None
    blank_finished_on: Literal["not_finished"] | None = None


class ProjectsFile(_Layer, _Sheet):
    """An entry of [[projects]]: a sheet, or a layer with footprints or points."""

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


class RenamesFile(_Sheet):
    """The table [renames]."""


class HookFile(_Sheet):
    """The table [hook]: projects of linking increase and decrease that zones have reported."""


class DatumShift(_Keys):
    """An entry of [[datum_shift]]: seven parameters between datums, or four between planes."""

    from_: str = Field(alias="from", min_length=1)
    to: str = Field(min_length=1)
    rotation: Literal["position_vector", "coordinate_frame", "clockwise", "counterclockwise"]
    source: str = ""
    dx_m: _Number = None
    dy_m: _Number = None
    dz_m: _Number = None
    rx_sec: _Number = None
    ry_sec: _Number = None
    rz_sec: _Number = None
    north_m: _Number = None
    east_m: _Number = None
    rotation_sec: _Number = None
    scale_ppm: _Number = None


class RateKeys(_Keys):
    """An entry of [[rates]]: what one unit of a currency was worth on a day [yuan], and who says so."""

    currency: str = Field(min_length=1)
    yuan: float = Field(gt=0.0, allow_inf_nan=False)
    on: Annotated[date, BeforeValidator(_day)]
    source: str = Field(min_length=1)


class Measure(_Keys):
    """The table [measure]: basis of areas, half the relative width of "about"."""

    area: Literal["stated", "ellipsoid", "planar"] = "stated"
    approx_rel: float = Field(default=0.1, ge=0.0, lt=1.0)


class Inspect(_Keys):
    """The table [inspect]: land that is none [m2], greatest gap [m2], width of a sliver [m]."""

    tolerance_m2: float = Field(default=0.001, ge=0.0, allow_inf_nan=False)
    gap_m2: float = Field(default=100.0, ge=0.0, allow_inf_nan=False)
    sliver_m: float = Field(default=0.2, ge=0.0, allow_inf_nan=False)


class Link(_Keys):
    """The table [link]: what a name alone may do, which parcels under a footprint count."""

    names: Literal["review", "link", "off"] = "review"
    footprints: Literal["all", "largest"] = "all"


class Supervise(_Keys):
    """The table [supervise]: how many months ahead the calendar of what falls due looks."""

    months: int = Field(default=3, ge=1, le=120)


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


class Score(_Keys):
    """The table [score]: how zones are scored; nothing of it has a default."""

    method: str
    weights: dict[str, _Finite]
    ideals: dict[str, _Finite] = {}
    cap: _Number = None


class Classes(_Keys):
    """The table [classes]: the scheme that classes firms, and what its source leaves open."""

    scheme: str = Field(min_length=1)
    method: str | None = None
    weights: dict[str, _Finite] = {}
    ideals: dict[str, _Finite] = {}
    cap: _Number = None
    rounding: Literal["half_up", "half_even", "up", "down"] | None = None


class Incentive(_Keys):
    """The table [incentive]: next year's quota of zones before any factor [ha]."""

    base_ha: dict[str, Annotated[float, Field(ge=0.0, allow_inf_nan=False)]] = Field(min_length=1)


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
    aliases: list[str] = []
    max_rejected: int | None = Field(default=None, ge=0)
    allow_network: bool = False
    parcels: list[ParcelsFile] = Field(min_length=1)
    projects: list[ProjectsFile] = []
    zones: list[ZonesFile] = []
    quota: QuotaFile | None = None
    reserve: ReserveFile | None = None
    corrections: CorrectionsFile | None = None
    renames: RenamesFile | None = None
    hook: HookFile | None = None
    working_crs: str | None = None
    datum_shift: list[DatumShift] = []
    rates: list[RateKeys] = []
    measure: Measure = Measure()
    inspect: Inspect = Inspect()
    link: Link = Link()
    supervise: Supervise = Supervise()
    consolidate: Consolidate = Consolidate()
    allocate: Allocate = Allocate()
    score: Score | None = None
    classes: Classes | None = None
    incentive: Incentive | None = None
    output: Output = Output()
