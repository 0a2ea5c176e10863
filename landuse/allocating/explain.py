"""The plan as tables: a row and a reason for every project, what is left, and the next best plan."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from landuse.allocating.choices import Choice, Means, choices_of
from landuse.allocating.quota import UNITS_PER_MU, Block, Limit, units_to_mu
from landuse.allocating.wishes import COMPETES, Wish
from landuse.labels import has, label, say

__all__ = ["alternatives_table", "grants_table", "usage_table"]

REASONS = "grant_reasons"


def grants_table(wishes: Sequence[Wish], plan: Sequence[Choice], means: Means, year: int) -> pd.DataFrame:
    """Return a row for every project by id, with what it is granted and why, or why not.

    Parameters
    ----------
    wishes : sequence of Wish
        Every candidate, by id.
    plan : sequence of Choice
        The choices taken.
    means : Means
        What could be drawn on.
    year : int
        Year of the plan.

    Returns
    -------
    DataFrame
        The columns of table ``grants``.
    """
    taken = {c.wish.project: c for c in plan}
    order = sorted(plan, key=lambda c: (-c.wish.worth, c.wish.project))
    rank = {c.wish.project: place for place, c in enumerate(order, start=1)}
    used = _Used(plan, means)
    rows = []
    for wish in wishes:
        choice = taken.get(wish.project)
        rows.append(
            {
                "year": year,
                "project_id": wish.project,
                "zone_id": wish.zone,
                "resource": choice.resource if choice else _pointed_to(wish),
                "block_id": choice.block if choice else None,
                "mu": units_to_mu(wish.land) if choice else 0.0,
                "rank": rank.get(wish.project),
                "granted": choice is not None,
                "reason": _granted(choice) if choice else _refused(wish, means, used),
            }
        )
    columns = ["year", "project_id", "zone_id", "resource", "block_id", "mu", "rank", "granted", "reason"]
    return pd.DataFrame(rows, columns=columns)


def usage_table(plan: Sequence[Choice], means: Means, year: int) -> pd.DataFrame:
    """Return what is used and left [mu] of every quota, then of every block of the reserve."""
    used = _Used(plan, means)
    rows = [_usage(year, x.zone, x.resource, None, (x.most, used.limits[x]), None) for x in means.limits] + [
        _usage(year, b.zone, "stock", b.block, (b.area, used.blocks[b]), _block_note(b)) for b in means.blocks
    ]
    columns = ["year", "zone_id", "resource", "block_id", "quota_mu", "used_mu", "left_mu", "note"]
    dtypes = {"year": "int64", "zone_id": "str", "resource": "str", "block_id": "str", "note": "str"}
    figures = dict.fromkeys(("quota_mu", "used_mu", "left_mu"), "float64")
    return pd.DataFrame(rows, columns=columns).astype(dtypes | figures)


def alternatives_table(plan: Sequence[Choice], other: Sequence[Choice] | None) -> pd.DataFrame:
    """Return what the other plan does otherwise: who comes in, goes out or moves to another resource."""
    ours = {c.wish.project: c for c in plan}
    theirs = {c.wish.project: c for c in other} if other is not None else ours
    value, rival = (sum((c.wish.worth for c in p.values()), Fraction(0)) for p in (ours, theirs))
    rows = []
    for project in sorted(ours.keys() | theirs.keys()):
        here, there = ours.get(project), theirs.get(project)
        if here and there and (here.resource, here.block) == (there.resource, there.block):
            continue
        rows.append(
            {
                "project_id": project,
                "change": "moved" if here and there else "in" if there else "out",
                "resource": (there or ours[project]).resource,
                "objective": float(rival),
                "loss": float(value - rival),
            }
        )
    texts, figures = ("project_id", "change", "resource"), ("objective", "loss")
    dtypes = dict.fromkeys(texts, "str") | dict.fromkeys(figures, "float64")
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


class _Used:
    """What a plan uses of each limit and block, in units."""

    def __init__(self, plan: Sequence[Choice], means: Means) -> None:
        self.limits = {x: sum(c.takes(x) for c in plan) for x in means.limits}
        self.blocks = {b: sum(c.takes_of_block(b) for c in plan) for b in means.blocks}


def _usage(
    year: int, zone: str | None, resource: str, block: str | None, land: tuple[int, int], note: str | None
) -> dict[str, Any]:
    most, used = land
    return {
        "year": year,
        "zone_id": zone,
        "resource": resource,
        "block_id": block,
        "quota_mu": units_to_mu(most),
        "used_mu": units_to_mu(used),
        "left_mu": units_to_mu(most - used),
        "note": note,
    }


def _block_note(block: Block) -> str | None:
    if block.available:
        return None
    return label("usage_notes", "block_later" if block.known else "block_day_unknown")


def _pointed_to(wish: Wish) -> str | None:
    return "standard_factory" if wish.standing == "no_separate_land" and wish.route != "review" else None


def _granted(choice: Choice) -> str:
    block = say(REASONS, "block", block=choice.block) if choice.block else ""
    wish = choice.wish
    notes = _fact_notes(wish)
    if wish.land_low != wish.land:
        notes = say(REASONS, "by_high", low=_mu(wish.land_low), high=_mu(wish.land)) + notes
    return say(
        REASONS,
        "granted",
        resource=label("resources", choice.resource),
        mu=_mu(wish.land),
        block=block,
        worth=_figure(wish.worth),
        notes=notes,
    )


def _refused(wish: Wish, means: Means, used: _Used) -> str:
    if wish.standing != COMPETES:
        kind = wish.standing
        if kind == "no_separate_land" and _pointed_to(wish) is None:
            kind = "no_separate_land_review"
        return say(REASONS, kind, reason=say(REASONS, "because", reason=wish.reason) if wish.reason else "")
    shut = _shut_blocks(wish, means)
    choices = choices_of(wish, means)
    if not choices:
        return say(REASONS, "no_means" if wish.zone else "no_means_no_zone", zone=wish.zone, notes=shut)
    short = label(REASONS, "next").join(_short(choice, means, used) for choice in choices)
    worth = _figure(wish.worth)
    return say(REASONS, "exhausted", means=short, worth=worth, notes=_fact_notes(wish) + shut)


def _short(choice: Choice, means: Means, used: _Used) -> str:
    """Say what a choice would need and what is left, where it lacks most."""
    gaps = [
        (x.most - used.limits[x] - choice.takes(x), choice.takes(x), _limit_name(x, choice))
        for x in means.limits
        if choice.takes(x)
    ]
    for block in means.blocks:
        if choice.takes_of_block(block):
            need = choice.wish.land
            name = say(REASONS, "block", block=block.block)
            gaps.append((block.area - used.blocks[block] - need, need, label("resources", "stock") + name))
    spare, need, name = min(gaps)
    needed, left = _mu(need), _mu(need + spare)
    if needed == left:
        needed, left = _mu(need, 8), _mu(need + spare, 8)
    return say(REASONS, "short", name=name, need=needed, left=left)


def _limit_name(limit: Limit, choice: Choice) -> str:
    where = say(REASONS, "scope_zone", zone=limit.zone) if limit.zone else label(REASONS, "scope_city")
    name = label("resources", choice.resource)
    return (name if limit.resource == choice.resource else name + label("resources", limit.resource)) + where


def _shut_blocks(wish: Wish, means: Means) -> str:
    shut = [b for b in means.in_zone(wish.zone) if not b.available]
    notes = ""
    for kind, known in (("block_day_unknown", False), ("block_later", True)):
        names = [b.block for b in shut if b.known is known]
        if names:
            notes += say(REASONS, kind, blocks=label(REASONS, "and").join(names))
    return notes


def _fact_notes(wish: Wish) -> str:
    names = [label("columns", f) if has("columns", f) else f for f in wish.unknown]
    return say(REASONS, "unknown_fact", facts=label(REASONS, "and").join(names)) if names else ""


def _mu(land: int, digits: int = 2) -> str:
    return _figure(Fraction(land, UNITS_PER_MU), digits)


def _figure(value: Fraction, digits: int = 2) -> str:
    text = f"{float(value):,.{digits}f}"
    return text.rstrip("0").rstrip(".")
