"""The exact plan against every plan there is: 300 random small ones, most of which greed gets wrong."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from landuse.allocating.best import best_plans
from landuse.allocating.choices import Means
from landuse.allocating.quota import UNITS_PER_MU, Block, Limit
from landuse.allocating.wishes import COMPETES, Wish
from tests.oracles import allocation as oracle
from tests.plans_by_hand import plan_of, ways_of

PLANS = 300


def random_plan(seed):
    """Up to seven projects in two zones and outside; tight quotas, parts within them, blocks that are shared."""
    dice = random.Random(seed)
    zones = ["Z1", "Z2"]
    sizes = dice.choice([[5, 10, 15, 20, 25, 30], [9.5, 10.25, 17, 22.75, 31.4], [20, 20, 20, 30]])
    money = dice.choice([[3000, 4000, 5000], [2999.99, 4100.5, 5000, 7350.25], [0, 5000, 5000]])
    slope = dice.choice([100, 200, 400])  # larger projects are worth more, nearly in proportion
    projects = {}
    for i in range(dice.choice([3, 5, 6, 7, 7, 7])):
        mu = Fraction(str(dice.choice(sizes)))
        farmland = mu * dice.randint(0, 4) / 4
        projects[f"P{i}"] = {
            "zone": dice.choice([*zones * 5, None]),
            "mu": mu,
            "farmland": farmland,
            "cultivated": farmland * dice.randint(0, 2) / 2,
            "worth": Fraction(str(dice.choice(money))) + mu * slope,
        }
    wanted = dict.fromkeys(
        ("new_construction", "hook_turnover"), int(sum(p["mu"] for p in projects.values()))
    )
    wanted |= {part: int(sum(p[part] for p in projects.values())) for part in ("farmland", "cultivated")}
    chances = {"new_construction": 0.3, "farmland": 0.35, "cultivated": 0.25, "hook_turnover": 0.2}
    quota = [
        {
            "zone": zone,
            "resource": resource,
            "mu": Fraction(dice.randint(wanted[resource] // 6, wanted[resource] // 2)),
        }
        for resource, chance in chances.items()
        for zone in [None, *zones]
        if dice.random() < (0.9 if (resource, zone) == ("new_construction", None) else chance)
    ]
    blocks = {
        f"R{i}": {"zone": dice.choice(zones), "mu": Fraction(dice.randint(10, 50))}
        for i in range(dice.choice([0, 1, 1, 2]))
    }
    if blocks and dice.random() < 0.3:  # a row for land of the reserve binds beside the blocks themselves
        most = Fraction(dice.randint(10, 40))
        quota.append({"zone": dice.choice([None, *zones]), "resource": "stock", "mu": most})
    return {"projects": projects, "quota": quota, "blocks": blocks}


def units(mu):
    whole = mu * UNITS_PER_MU
    assert whole.denominator == 1
    return int(whole)


def solved(plan):
    """The best plan and the next one, by landuse."""
    wishes = [
        Wish(
            project=name,
            zone=p["zone"],
            standing=COMPETES,
            reason="",
            route=None,
            land=units(p["mu"]),
            farmland=units(p["farmland"]),
            cultivated=units(p["cultivated"]),
            worth=p["worth"],
        )
        for name, p in plan["projects"].items()
    ]
    limits = tuple(Limit(row["zone"], row["resource"], units(row["mu"])) for row in plan["quota"])
    blocks = tuple(
        Block(name, b["zone"], units(b["mu"]), available=True, known=True)
        for name, b in plan["blocks"].items()
    )
    best, other = best_plans(wishes, Means(limits, blocks))
    return ways(best), None if other is None else ways(other)


def ways(choices):
    return {c.wish.project: (c.resource, c.block) for c in choices}


def as_case(plan):
    """The same plan in the words of a golden case."""
    figures = ("mu", "farmland", "cultivated")
    return {
        "projects": [
            {"id": n, "zone": p["zone"], "fixed": float(p["worth"])} | {f: p[f] for f in figures}
            for n, p in plan["projects"].items()
        ],
        "quota": plan["quota"],
        "blocks": [{"id": n} | b for n, b in plan["blocks"].items()],
    }


@pytest.fixture(scope="module")
def compared():
    """Every plan with what the oracle says and what landuse says."""
    return [(plan, *oracle.best(plan), *solved(plan)) for plan in map(random_plan, range(PLANS))]


def test_the_best_plan_is_the_best_of_all(compared):
    for plan, top, _, best, _ in compared:
        assert best in oracle.assignments(plan)
        assert (oracle.worth(plan, best), oracle.from_reserve(plan, best), len(best)) == top


def test_the_next_best_is_the_best_of_all_other_sets(compared):
    for plan, _, sets, best, other in compared:
        rest = {chosen: value for chosen, value in sets.items() if chosen != frozenset(best)}
        if other is None:
            assert not rest
            continue
        assert other in oracle.assignments(plan)
        assert frozenset(other) in rest
        assert oracle.worth(plan, other) == max(rest.values())


def test_the_plans_are_hard_ones(compared):
    greed_fails = ties = shared = quotas_bind = parts_bind = stock_binds = 0
    for plan, top, sets, best, _ in compared:
        greedy = max(oracle.greedy(plan, per_mu=False), oracle.greedy(plan, per_mu=True))
        greed_fails += greedy < top[0]
        ties += sum(value == top[0] for value in sets.values()) > 1
        used = [way[1] for way in best.values() if way[0] == "stock"]
        shared += len(used) > len(set(used))
        left_out = [p for name, p in plan["projects"].items() if name not in best]  # all are worth something
        quotas_bind += any(resource != "stock" for p in left_out for resource, _ in oracle.ways(plan, p))
        parts_bind += better_without(plan, top, "farmland", "cultivated")
        stock_binds += better_without(plan, top, "stock")
    assert greed_fails >= 50
    assert min(ties, shared, parts_bind) >= 30
    assert quotas_bind >= 200
    assert stock_binds >= 10


def better_without(plan, top, *resources):
    """Whether a better plan were possible without the quota rows of some resources."""
    rest = [row for row in plan["quota"] if row["resource"] not in resources]
    return len(rest) < len(plan["quota"]) and oracle.best(plan | {"quota": rest})[0] > top


def test_the_tables_tell_the_same(compared):
    for plan, top, *_ in compared[::10]:
        told = plan_of(as_case(plan))
        assert told.objective == pytest.approx(float(top[0]), rel=1e-15)
        parts = {n: (w + " ").split(" ") for n, w in ways_of(told).items()}
        chosen = {n: (resource, block or None) for n, (resource, block, *_) in parts.items()}
        assert chosen in oracle.assignments(plan)
        assert (oracle.worth(plan, chosen), oracle.from_reserve(plan, chosen), len(chosen)) == top
