"""The table ``amount_changes``: money to the fen, areas to 0.01 m2, known and unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.comparing.changes import ABOUT, later
from landuse.comparing.places import Side
from landuse.tables import AMOUNT_CHANGES, MONEY, RUN_TABLES, Result, stack
from landuse.units import FEN_PER_WAN

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

GRAINS = {"wan": FEN_PER_WAN, "wan/a": FEN_PER_WAN, "m2": 100}
"""How many of the smallest parts a unit has: fen, and 0.01 m2."""

_PARCEL = ("developed_m2", "due_development_m2", "footprint_m2", "floor_area_m2")
FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "parcel": {
        "parcel_facts": ("area_used_m2",),
        "parcels": ("stated_area_m2", "price_wan", *_PARCEL),
    },
    "project": {
        "projects": (
            *MONEY, "requested_m2", "farmland_m2", "cultivated_m2", "supplied_m2", "price_wan",
        ),
        "project_facts": ("land_m2",),
    },
    "zone": {"zone_facts": ("area_m2", "total_invest_wan", "fixed_invest_wan")},
}  # fmt: skip
"""The figures that are compared: as the files give them, and the land as it is used."""

__all__ = ["FIELDS", "amount_changes"]


def amount_changes(
    matches: Mapping[str, pd.DataFrame], old: Result, new: Result, sides: tuple[Side, Side]
) -> pd.DataFrame:
    """List the figures of subjects in both runs that differ.

    Parameters
    ----------
    matches : mapping of str to DataFrame
        Of ``match``.
    old, new : Result
        The two runs.
    sides : pair of Side
        The same, gathered.

    Returns
    -------
    DataFrame
        Table ``amount_changes``, by subject, figure and id.
    """
    frames: list[pd.DataFrame] = []
    for subject, found in matches.items():
        rows = found.dropna(subset=["old_id", "new_id"]).reset_index(drop=True)
        frames += list(_of_subject(subject, rows, (old, new), sides))
    return stack(frames, AMOUNT_CHANGES)


def _of_subject(
    subject: str, rows: pd.DataFrame, runs: tuple[Result, Result], sides: tuple[Side, Side]
) -> Iterator[pd.DataFrame]:
    for name, stems in FIELDS[subject].items():
        table = RUN_TABLES[name]
        frames = [_by_id(run.tables[name], ids) for run, ids in zip(runs, _ids(rows), strict=True)]
        for stem in stems:
            unit = table.unit(stem)
            was, now = (_Figure.read(frame, stem, GRAINS[unit]) for frame in frames)
            differs = was.differs(now)
            if not differs.any():
                continue
            here = rows[differs]
            data: dict[str, Any] = {"subject": subject, "field": stem, "unit": unit, **dict(here.items())}
            data |= was.pick(differs).changed_to(now.pick(differs))
            about = later(subject, here, *sides)[list(ABOUT)]
            yield pd.DataFrame(data, index=here.index).join(about)


def _ids(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return rows["old_id"], rows["new_id"]


def _by_id(table: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Return the rows of the ids, in their order."""
    return pd.DataFrame(table).reindex(pd.Index(ids))


@dataclass(frozen=True)
class _Figure:
    """A figure of several subjects in whole grains; NaN where unknown, inf where it has no upper end."""

    low: Floats
    high: Floats
    grain: int

    @classmethod
    def read(cls, frame: pd.DataFrame, stem: str, grain: int) -> _Figure:
        names = (f"{stem}_low", f"{stem}_high") if f"{stem}_low" in frame else (stem, stem)
        low, high = (np.rint(frame[n].to_numpy(dtype=np.float64, na_value=np.nan) * grain) for n in names)
        lost = np.isnan(low) | np.isnan(high)
        return cls(np.where(lost, np.nan, low), np.where(lost, np.nan, high), grain)

    @property
    def unknown(self) -> Bools:
        return np.isnan(self.low)

    def pick(self, rows: Bools) -> _Figure:
        return _Figure(self.low[rows], self.high[rows], self.grain)

    def differs(self, other: _Figure) -> Bools:
        same = (self.low == other.low) & (self.high == other.high)
        return np.asarray(~same & ~(self.unknown & other.unknown), dtype=np.bool_)

    def changed_to(self, new: _Figure) -> dict[str, Any]:
        """Return the columns that say how a figure became another one."""
        change = np.where(self.unknown, "became_known", np.where(new.unknown, "became_unknown", "changed"))
        ends = {
            "old_low": self.low,
            "old_high": self.high,
            "new_low": new.low,
            "new_high": new.high,
            "difference_low": new.low - self.high,
            "difference_high": new.high - self.low,
        }
        return {"change": change, **{name: grains / self.grain for name, grains in ends.items()}}
