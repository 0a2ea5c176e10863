"""The year's plan by looking at every assignment there is, in plain Python and exact fractions: for small plans.

A plan is a dict: ``projects`` {id: {zone, mu, farmland, cultivated, worth}}, ``quota`` [{zone or None, resource,
mu}], ``blocks`` {id: {zone, mu}}. A way is (resource, block or None).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Ways = dict[str, tuple[str, str | None]]
Plan = dict[str, Any]


def binds(row: Plan, zone: str | None) -> bool:
    return row["zone"] is None or row["zone"] == zone


def ways(plan: Plan, project: Plan) -> list[tuple[str, str | None]]:
    """Every way in which a project could be given its land, the reserve first."""
    found: list[tuple[str, str | None]] = [
        ("stock", name)
        for name, block in sorted(plan["blocks"].items())
        if project["zone"] is not None and block["zone"] == project["zone"]
    ]
    for resource in ("new_construction", "hook_turnover"):
        if any(row["resource"] == resource and binds(row, project["zone"]) for row in plan["quota"]):
            found.append((resource, None))
    return found


def bill(plan: Plan, project: Plan, way: tuple[str, str | None]) -> list[Fraction]:
    """What a way takes of each quota row, then of each block."""
    resource, block = way
    takes = []
    for row in plan["quota"]:
        amount = Fraction(0)
        if binds(row, project["zone"]):
            if row["resource"] == resource:
                amount = project["mu"]
            elif resource == "new_construction" and row["resource"] in ("farmland", "cultivated"):
                amount = project[row["resource"]]
        takes.append(amount)
    return takes + [project["mu"] if name == block else Fraction(0) for name in sorted(plan["blocks"])]


def room(plan: Plan) -> list[Fraction]:
    """What there is of each quota row, then of each block."""
    return [row["mu"] for row in plan["quota"]] + [
        plan["blocks"][name]["mu"] for name in sorted(plan["blocks"])
    ]


def assignments(plan: Plan) -> Iterator[Ways]:
    """Every assignment that keeps to all limits."""
    names = sorted(plan["projects"])
    bills = {
        name: [(way, bill(plan, project, way)) for way in ways(plan, project)]
        for name, project in plan["projects"].items()
    }

    def walk(place: int, left: list[Fraction], chosen: Ways) -> Iterator[Ways]:
        if place == len(names):
            yield dict(chosen)
            return
        yield from walk(place + 1, left, chosen)
        for way, takes in bills[names[place]]:
            after = [have - take for have, take in zip(left, takes, strict=True)]
            if min(after, default=Fraction(0)) >= 0:
                chosen[names[place]] = way
                yield from walk(place + 1, after, chosen)
                del chosen[names[place]]

    yield from walk(0, room(plan), {})


def worth(plan: Plan, chosen: Ways) -> Fraction:
    return sum((plan["projects"][name]["worth"] for name in chosen), Fraction(0))


def from_reserve(plan: Plan, chosen: Ways) -> Fraction:
    return sum((plan["projects"][n]["mu"] for n, way in chosen.items() if way[0] == "stock"), Fraction(0))


def best(plan: Plan) -> tuple[tuple[Fraction, Fraction, int], dict[frozenset[str], Fraction]]:
    """The greatest (worth, land from the reserve, projects), and the worth of every set that can be served."""
    top = (Fraction(-1), Fraction(0), 0)
    sets: dict[frozenset[str], Fraction] = {}
    for chosen in assignments(plan):
        score = (worth(plan, chosen), from_reserve(plan, chosen), len(chosen))
        top = max(top, score)
        sets[frozenset(chosen)] = score[0]
    return top, sets


def greedy(plan: Plan, *, per_mu: bool) -> Fraction:
    """The worth of serving projects one after another, the dearest (or dearest per mu) first."""

    def appeal(name: str) -> tuple[Fraction, str]:
        project = plan["projects"][name]
        return -(project["worth"] / project["mu"] if per_mu else project["worth"]), name

    left, chosen = room(plan), {}
    for name in sorted(plan["projects"], key=appeal):
        for way in ways(plan, plan["projects"][name]):
            after = [h - t for h, t in zip(left, bill(plan, plan["projects"][name], way), strict=True)]
            if min(after, default=Fraction(0)) >= 0:
                left, chosen[name] = after, way
                break
    return worth(plan, chosen)
