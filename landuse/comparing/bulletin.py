"""The quarterly bulletin: counts, land and money by zone and by department in charge, before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.comparing.places import PAIRS, Side
from landuse.comparing.standings import standing_of
from landuse.tables import BULLETIN_DEPARTMENTS, BULLETIN_GROUPS, BULLETIN_ZONES, Table
from landuse.units import FEN_PER_WAN

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ENDS = ("low", "high")

__all__ = ["bulletin"]


def bulletin(changes: pd.DataFrame, old: Side, new: Side) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add up the verdicts of the headline policies by zone and by department.

    Parameters
    ----------
    changes : DataFrame
        Table ``changes``.
    old, new : Side
        The two runs.

    Returns
    -------
    by_zone, by_department : DataFrame
        Tables ``bulletin_zones`` and ``bulletin_departments``: a row for each zone (department) and group,
        ``outside`` and ``unknown`` with rows of their own, the total last.

    Notes
    -----
    A subject counts in the old run where it was, in the new run where it is. In every row, of the parcels:
    idle before + newly_idle + idle_in - idle_resolved - idle_out = idle after; likewise of flagged projects.
    ``newly_idle`` and ``idle_resolved`` are the rows of ``changes`` of the kinds ``newly_idle`` and
    ``resolved`` under the headline policy; ``idle_in`` and ``idle_out`` are all others that enter or leave
    the row: came, went, undecided now, moved to another zone or department. A figure that is the same in
    both runs makes no difference, however uncertain it is; any other the least and the most it can make.
    """
    first = changes[changes["headline"]]
    members = [_members(first[first["subject"] == s], s, old, new) for s in ("parcel", "project")]
    past, now = (side.about["zone"]["name"] for side in (old, new))
    names = past.to_dict() | {z: n for z, n in now.items() if z not in past.index or isinstance(n, str)}
    zones = _table(members, "zone_id", BULLETIN_ZONES, list(names), ["outside", "unknown"])
    zones["name"] = zones["zone_id"].map(names).astype("str")
    departments = _table(members, "department", BULLETIN_DEPARTMENTS, [], ["unknown"])
    return BULLETIN_ZONES.conform(zones), BULLETIN_DEPARTMENTS.conform(departments)


@dataclass(frozen=True)
class _Run:
    """The subjects of a kind in one run, aligned with their changes; ``there`` says which it has."""

    there: Bools
    standing: npt.NDArray[np.object_]
    about: pd.DataFrame


@dataclass(frozen=True)
class _Members:
    """The subjects of a kind, in both runs, and what became of each."""

    subject: str
    kind: npt.NDArray[np.object_]
    old: _Run
    new: _Run


def _members(rows: pd.DataFrame, subject: str, old: Side, new: Side) -> _Members:
    runs = []
    for name, side in (("old", old), ("new", new)):
        ids = rows[f"{name}_id"]
        about = side.about[subject].reindex(pd.Index(ids)).reset_index(drop=True)
        policy = side.headline(subject)
        verdicts = side.verdicts(subject, policy or "", ids)["verdict"]
        runs.append(_Run(ids.notna().to_numpy(dtype=bool), standing_of(verdicts), about))
    return _Members(subject, rows["kind"].to_numpy(dtype=object), *runs)


def _table(
    members: list[_Members], key: str, table: Table, keys: list[str], others: list[str]
) -> pd.DataFrame:
    """Return the rows of a bulletin: one for each key that is known or named, the others, the total."""
    named = {str(k) for m in members for run in (m.old, m.new) for k in run.about[key].dropna()}
    keys = sorted({str(k) for k in keys} | named)
    lines = [*keys, *others]
    kind = "zone" if key == "zone_id" else "department"
    found: dict[str, dict[str, Any]] = {}
    for m in members:
        places = _places(m.old, key, keys, lines), _places(m.new, key, keys, lines)
        for group, masks in _groups(m, places[0] == places[1]).items():
            found[group] = _sums(m, masks, places, len(lines))
    blocks = []
    for place, group in enumerate(BULLETIN_GROUPS):
        data: dict[str, Any] = {"line": [kind] * len(keys) + [*others, "total"]}
        data |= {key: [*keys] + [None] * (len(others) + 1), "group": group, **found[group]}
        blocks.append(pd.DataFrame(data).assign(_line=range(len(lines) + 1), _group=place))
    rows = pd.concat(blocks).sort_values(["_line", "_group"], ignore_index=True)
    return table.conform(rows.drop(columns=["_line", "_group"]))


def _places(run: _Run, key: str, keys: list[str], lines: list[str]) -> Ints:
    """Return the line of every subject; -1 where the run has none."""
    at = pd.Index(keys, dtype="str").get_indexer(pd.Index(run.about[key], dtype="str"))
    rest = np.full(len(at), lines.index("unknown"))
    if "outside" in lines[len(keys) :]:
        rest[run.about["outside"].eq(True).to_numpy(dtype=bool, na_value=False)] = len(keys)
    places = np.where(run.about[key].notna().to_numpy(), at, rest)
    return np.where(run.there, places, -1).astype(np.int64)


def _groups(m: _Members, stayed: Bools) -> dict[str, tuple[Bools, Bools]]:
    """Return for each group which subjects of the old run and which of the new one it counts."""
    none = np.zeros(len(m.kind), dtype=np.bool_)
    was, now = m.old.standing, m.new.standing
    parcel = m.subject == "parcel"
    core, stock, newly = ("idle", "idle", "newly_idle") if parcel else ("flagged", "flagged", "newly_flagged")
    before, after = was == core, now == core
    entered, left = after & ~(before & stayed), before & ~(after & stayed)
    fresh, solved = entered & (m.kind == newly), left & (m.kind == "resolved")
    groups = {
        f"{m.subject}s": (m.old.there, m.new.there),
        stock: (before, after),
        newly: (none, fresh),
        f"{stock}_in": (none, entered & ~fresh),
        f"{stock}_resolved": (solved, none),
        f"{stock}_out": (left & ~solved, none),
        f"{m.subject}s_undecided": (was == "undecided", now == "undecided"),
    }
    return groups | ({"parcels_flagged": (was == "flagged", now == "flagged")} if parcel else {})


def _sums(m: _Members, masks: tuple[Bools, Bools], places: tuple[Ints, Ints], lines: int) -> dict[str, Any]:
    """Return the columns of a group: a figure a line, then the total."""
    count = [_add(p[mask], lines).astype(np.int64) for p, mask in zip(places, masks, strict=True)]
    columns: dict[str, Any] = {
        "count_old": count[0], "count_new": count[1], "count_difference": count[1] - count[0]
    }  # fmt: skip
    for side, run, mask, place in zip(("old", "new"), (m.old, m.new), masks, places, strict=True):
        unknown = mask & run.about["fee_open"].eq(True).to_numpy(dtype=bool, na_value=False)
        columns[f"fee_open_{side}"] = _add(place[unknown], lines).astype(np.int64)
    for stem in PAIRS:
        past, now = (
            _Weights.of(run.about, stem, mask, place)
            for run, mask, place in zip((m.old, m.new), masks, places, strict=True)
        )
        for side, weights, n in (("old", past, count[0]), ("new", now, count[1])):
            known = weights.count(lines)
            columns[f"{stem}_known_{side}"] = known
            for end in (0, 1):
                sums = np.where((n > 0) & (known == 0), np.nan, weights.sums(end, lines))
                columns[f"{stem}_{side}_{ENDS[end]}"] = sums
        moved = ~past.same(now)
        for end in (0, 1):
            found = now.only(moved).sums(end, lines) - past.only(moved).sums(1 - end, lines)
            lost = np.isnan(columns[f"{stem}_old_low"]) | np.isnan(columns[f"{stem}_new_low"])
            columns[f"{stem}_difference_{ENDS[end]}"] = np.where(lost, np.nan, found)
    return columns


@dataclass(frozen=True)
class _Weights:
    """Land or money of the subjects of a group in one run: whole grains where it is money."""

    ends: tuple[Floats, Floats]
    known: Bools
    place: Ints
    grain: float

    @classmethod
    def of(cls, about: pd.DataFrame, stem: str, mask: Bools, place: Ints) -> _Weights:
        grain = float(FEN_PER_WAN) if stem.endswith("_wan") else 1.0
        low, high = (about[f"{stem}_{e}"].to_numpy(dtype=np.float64) * grain for e in ENDS)
        ends = (low, high) if grain == 1.0 else (np.rint(low), np.rint(high))
        return cls(ends, mask & ~np.isnan(low) & ~np.isnan(high), place, grain)

    def same(self, other: _Weights) -> Bools:
        """Say which subjects weigh the same in the same line of both runs: of them nothing differs."""
        ends = (self.ends[0] == other.ends[0]) & (self.ends[1] == other.ends[1])
        return np.asarray(self.known & other.known & ends & (self.place == other.place), dtype=np.bool_)

    def only(self, mask: Bools) -> _Weights:
        return replace(self, known=self.known & mask)

    def count(self, lines: int) -> Ints:
        return _add(self.place[self.known], lines).astype(np.int64)

    def sums(self, end: int, lines: int) -> Floats:
        return _add(self.place[self.known], lines, self.ends[end][self.known]) / self.grain


def _add(places: Ints, lines: int, weights: Floats | None = None) -> Floats:
    sums = np.bincount(places, weights=weights, minlength=lines).astype(np.float64)
    return np.append(sums, sums.sum())
