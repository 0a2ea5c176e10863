"""Classes of firms by a scheme: zone by zone, size by size, undecided where figures leave it open."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from landuse.labels import label, say, section
from landuse.policy.schemes import Procedure
from landuse.scoring.class_rules import POINTS, ClassRules
from landuse.scoring.cuts import Ladder, places_rounded, possible_classes
from landuse.scoring.intervals import Flags, Interval, Ints, interval_of, total
from landuse.scoring.ranks import places_of
from landuse.tables import CLASS_COUNTS, FIRM_STATUS, issue

CLASSES = ("A", "B", "C")
HALF = Fraction(1, 2)

__all__ = ["classify"]


def classify(
    firms: pd.DataFrame, rules: ClassRules
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Class firms by a scheme.

    Parameters
    ----------
    firms : DataFrame
        Table ``firms`` with a pair of columns for each figure of the scheme.
    rules : ClassRules
        The scheme and what the plan adds.

    Returns
    -------
    status, counts : DataFrame
        Tables ``firm_status`` and ``class_counts``.
    issues : list of dict
        Figures that no firm has, the sample a score rests on.

    Raises
    ------
    ScoreError
        See ``ClassRules.check``.

    Notes
    -----
    Firms are ranked within their zone, and shares are rounded there. A figure that is not known may be
    anything: whoever has one class all the same has it, everybody else is undecided, and nobody is B for want
    of figures. A firm whose zone or size is unknown may belong to several groups: it is undecided, and the
    firms there are classed only where they have the same class whether it belongs to them or not. Of a
    relative method the sample is all firms of the size whose figure is known.
    """
    rules.check()
    sheet = _Sheet(len(firms))
    counts: list[dict[str, Any]] = []
    zones = firms["zone_id"]
    nowhere = zones.isna().to_numpy(dtype=bool)
    for procedure in rules.scheme.procedures:
        fits, may = _of_size(firms, procedure)
        keys = _keys(firms, fits, procedure, rules)
        for zone in sorted(zones[fits].dropna().unique()):
            there = zones.eq(zone).fillna(False).to_numpy(dtype=bool)
            rows = np.flatnonzero(fits & there)
            loose = int((may & (there | nowhere)).sum()) - len(rows)
            found = _class_group(rows, loose, keys, procedure, rules)
            counts += _counts(zone, procedure, rules, loose, found)
            sheet.set_down(rows, keys.halves.at(rows), procedure, found)
    missing = _missing(firms, rules)
    status = pd.DataFrame(sheet.columns(), index=firms.index).assign(
        scheme=rules.scheme.id,
        missing_facts=pd.Series(missing, index=firms.index, dtype=object),
        **{c: firms[c] for c in ("holder", "zone_id", "firm_size")},
    )
    return (
        FIRM_STATUS.conform(status),
        CLASS_COUNTS.conform(pd.DataFrame(counts, columns=list(CLASS_COUNTS.columns))),
        _issues(firms, rules),
    )


class _Sheet:
    """What is set down of each firm, group by group; at first it has no place in any."""

    def __init__(self, count: int) -> None:
        self._numbers = np.full((count, 5), np.nan)
        self._classes = np.full(count, "undecided", dtype=object)
        self._reasons = np.full(count, label("class_reasons", "no_place"), dtype=object)
        self._possible = [list(CLASSES) for _ in range(count)]

    def set_down(self, rows: Ints, score: Interval, procedure: Procedure, found: list[set[str]]) -> None:
        """Write the classes that the firms of a group can have."""
        best, worst = places_of(score)
        known = np.isfinite(score.low)
        shown = [np.where(known, end, np.nan) for end in score]
        self._numbers[rows] = np.column_stack([np.full(len(rows), len(rows)), best, worst, *shown])
        for row, classes in zip(rows.tolist(), found, strict=True):
            verdict = next(iter(classes)) if len(classes) == 1 else "undecided"
            self._classes[row] = verdict
            self._possible[row] = sorted(classes)
            self._reasons[row] = say(
                "class_reasons",
                verdict,
                cite=procedure.cite,
                firms=len(rows),
                classes=label("workbook", "and").join(sorted(classes)),
            )

    def columns(self) -> dict[str, Any]:
        """Return what was set down, as columns of ``firm_status``."""
        firms, best, worst, low, high = self._numbers.T
        possible = np.empty(len(self._possible), dtype=object)
        possible[:] = self._possible
        whole = {"firms": firms, "rank_best": best, "rank_worst": worst}
        return {
            **{c: pd.array(v, dtype="Int64") for c, v in whole.items()},
            "points_low": low,
            "points_high": high,
            "firm_class": self._classes,
            "possible": possible,
            "reason": self._reasons,
        }


def _of_size(firms: pd.DataFrame, procedure: Procedure) -> tuple[Flags, Flags]:
    """Return the firms of a procedure's size, and those that may be."""
    if procedure.size == "all":
        every = np.ones(len(firms), dtype=bool)
        return every, every
    size = firms["firm_size"]
    fits = size.eq(procedure.size).fillna(False).to_numpy(dtype=bool)
    return fits, fits | size.isna().to_numpy(dtype=bool)


class _Keys(NamedTuple):
    """What halves are told by, and what A and C are taken by: the greater the sooner."""

    halves: Interval
    first: Interval
    last: Interval


def _keys(firms: pd.DataFrame, sample: Flags, procedure: Procedure, rules: ClassRules) -> _Keys:
    by_points = procedure.rank_by == POINTS
    needed = by_points or any(c.points for c in procedure.cut)
    points = _points(firms, sample, rules) if needed else {}

    def key(names: tuple[str, ...], added: bool, take: str) -> Interval:
        parts = [points[n] for n in names] if added else [_open(interval_of(firms, n)) for n in names]
        found = total(parts, len(firms)).rounded()
        return found if take == "greatest" else Interval(-found.high, -found.low)

    cuts = {c.verdict: c for c in procedure.cut}
    nothing = Interval(np.zeros(len(firms)), np.zeros(len(firms)))
    first, last = (
        key(cuts[v].by, cuts[v].points, cuts[v].take) if v in cuts else nothing for v in ("A", "C")
    )
    return _Keys(
        key(tuple(points) if by_points else (procedure.rank_by,), by_points, "greatest"), first, last
    )


def _points(firms: pd.DataFrame, sample: Flags, rules: ClassRules) -> dict[str, Interval]:
    """Return the points of each figure with a weight; the sample is the firms of the size."""
    found = {}
    for name, weight in sorted(rules.weights.items()):
        index = rules.score.index(name, interval_of(firms, name).at(sample))
        ends = np.zeros((2, len(firms)))
        ends[:, sample] = weight * np.stack(index)
        found[name] = Interval(ends[0], ends[1])
    return found


def _open(figure: Interval) -> Interval:
    """Return a figure of which nothing is known as one that can be anything."""
    known = figure.known
    return Interval(np.where(known, figure.low, -np.inf), np.where(known, figure.high, np.inf))


@dataclass(frozen=True)
class _Places:
    """How many firms a half and each class take of so many."""

    half: int
    taken: dict[str, int]


def _places(count: int, procedure: Procedure, rules: ClassRules) -> _Places:
    mode = rules.rounding_of(procedure)
    half = places_rounded(HALF, count, mode)
    room = {"top": half, "bottom": count - half}
    taken = {"A": 0, "C": 0}
    for cut in procedure.cut:
        taken[cut.verdict] = min(places_rounded(cut.share, count, mode), room[cut.half])
    return _Places(half, taken)


def _class_group(
    rows: Ints, loose: int, keys: _Keys, procedure: Procedure, rules: ClassRules
) -> list[set[str]]:
    """Return the classes that each firm of a group can have, however many loose ones belong to it too.

    A loose firm more can be thought where it changes the class of none, unless a class gains a place by it:
    so of the numbers with the same places only the greatest is tried, and once every firm may be B only the
    greatest of all, which comes first.
    """
    found = np.zeros((len(CLASSES), len(rows)), dtype=bool)
    tried: dict[tuple[int, ...], int] = {}
    for more in range(loose + 1):
        tried[tuple(_places(len(rows) + more, procedure, rules).taken.values())] = more
    for more in reversed(tried.values()):
        wild = np.full(more, np.inf)
        halves, first, last = (
            Interval(np.r_[key.low[rows], -wild], np.r_[key.high[rows], wild]) for key in keys
        )
        places = _places(len(rows) + more, procedure, rules)
        group = Ladder(halves, first, last, places.half, places.taken["A"], places.taken["C"])
        result = possible_classes(group)
        found |= np.stack([result.a, result.b, result.c])[:, : len(rows)]
        if found[CLASSES.index("B")].all():
            break
    return [{v for v, may in zip(CLASSES, column, strict=True) if may} for column in found.T.tolist()]


def _counts(
    zone: str, procedure: Procedure, rules: ClassRules, loose: int, found: list[set[str]]
) -> list[dict[str, Any]]:
    taken = _places(len(found), procedure, rules).taken
    places = taken | {"B": len(found) - sum(taken.values())}
    return [
        {
            "scheme": rules.scheme.id,
            "zone_id": zone,
            "firm_size": None if procedure.size == "all" else procedure.size,
            "firms": len(found),
            "unplaced": loose,
            "firm_class": verdict,
            "places": places[verdict],
            "certain": sum(f == {verdict} for f in found),
        }
        for verdict in CLASSES
    ]


def _needed(rules: ClassRules) -> dict[str, str]:
    """Return the figures that weights or cuts look at, and what people call them."""
    procedures = rules.scheme.procedures
    named = {n for p in procedures for n in (p.rank_by, *(b for c in p.cut for b in c.by))}
    figures = [f for f in rules.scheme.figures if f.id in named or f.id in rules.weights]
    house = section("indicators")
    return {f.id: f.name or house.get(f.id, f.id) for f in figures}


def _missing(firms: pd.DataFrame, rules: ClassRules) -> list[list[str]]:
    """Return what is not known of each firm."""
    missing: list[list[str]] = [[] for _ in range(len(firms))]
    sized = any(p.size != "all" for p in rules.scheme.procedures)
    gaps = {c: firms[c].isna().to_numpy() for c in ("zone_id", *(("firm_size",) if sized else ()))}
    gaps |= {name: ~interval_of(firms, name).finite for name in _needed(rules)}
    for name, unknown in gaps.items():
        for at in np.flatnonzero(unknown).tolist():
            missing[at].append(name)
    return missing


def _issues(firms: pd.DataFrame, rules: ClassRules) -> list[dict[str, Any]]:
    if not len(firms):
        return []
    issues = []
    if rules.method:
        about = label("score_method_notes", rules.method)
        issues.append(issue("score_method", "kept", field="classes", about=about))
    for name, what in _needed(rules).items():
        known, some = interval_of(firms, name).finite, interval_of(firms, name).known
        if not known.all():
            kind = "class_figure_partly" if some.any() else "class_figure_missing"
            count = int(known.sum())
            issues.append(issue(kind, "kept", field=name, what=what, known=count, firms=len(known)))
    return issues
