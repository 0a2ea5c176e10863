"""The projects of the invented city: recipes brought to land, with everything that a ledger says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from landuse.testing.cells import BLANK, MONEY_STYLES, Cell, land, land_about, money
from landuse.testing.cityplan import QUARTERS
from landuse.testing.lots import Lot, company, state_round
from landuse.testing.recipes import RECIPES, Recipe, recipe
from landuse.testing.sums import BARS, Bar
from landuse.units import FEN_PER_WAN

__all__ = ["UNKNOWN_ZONE", "Venture", "make_ventures"]

UNKNOWN_ZONE = "伊滨产业集聚区（示例，不在范围图中）"
CLASS_OF = {q.zone_id: q.zone_class for q in QUARTERS}
ROUTE = {"separate_land": "separate_land", "no_separate_land": "standard_factory"}
BUILDABLE = ("started", "finished", "not_due", "overdue", "idle_1y", "idle_2y")
PRODUCTS = (
    "高端轴承",
    "智能农机",
    "耐火材料",
    "锂电材料",
    "特色食品",
    "专用装备",
    "电子元件",
    "医用敷料",
    "冷链物流",
)
INDUSTRIES = ("C34", "C35", "C30", "C38", "C13", "C35", "C39", "C27", "G59")
WORKS = ("生产线", "产业园", "研发制造基地", "技术升级", "加工")
LOST_REFS = ("410399901001GB00001", "410399901001GB00002", "410399901002GB00003")
JOINT = (
    ("urban", (30.0, 40.0), ((4200, "0.10", "2.total", True), (7600, "0.20", "none_held", True))),
    ("county", (62.0, 90.0), ((3600, "0.05", "2.intensity", True), (4100, "0.04", "2.intensity", True))),
    ("urban", (72.0, 105.0), ((6000, "0.05", "2.intensity", True), (6500, "0.06", "none_held", False))),
)
"""Joint sites: class, land [mu], and for each project its total [wan], the clause, and whether it is new."""


@dataclass(frozen=True)
class Venture:
    """A project: the recipe it follows, the land it stands on or asks for, and its cells."""

    recipe: Recipe
    zone_id: str
    lots: tuple[Lot, ...]
    refs: tuple[str, ...]
    name: str
    holder: str
    industry: str
    total: Cell
    fixed: Cell
    invested: Cell = BLANK
    planned: Cell = BLANK
    requested: Cell = BLANK
    farmland: Cell = BLANK
    cultivated: Cell = BLANK
    output: Cell = BLANK
    tax: Cell = BLANK
    jobs: int | None = None
    stage: str = "前期"
    site: int | None = None

    @property
    def zone_class(self) -> str | None:
        """The class of its zone: "outside" outside every zone, None where it cannot be told."""
        if self.recipe.ground in ("other_zone", "unknown_zone", "no_zone"):
            return None
        return "outside" if self.recipe.ground == "outside" else CLASS_OF[self.zone_id]

    @property
    def route(self) -> str:
        """The way that the verdict suggests."""
        return ROUTE.get(self.recipe.verdict, "review")

    @property
    def land_basis(self) -> str | None:
        """What its land is."""
        if self.lots:
            return "linked" if self.site is None else "joint"
        return "requested" if self.requested.known else None

    @property
    def asking(self) -> bool | None:
        """Whether it wants land that is not yet supplied to it; None where nothing says."""
        if self.lots:
            return False
        return True if self.requested.known and not self.refs else None


class _Ground:
    """Land that is still free for projects."""

    def __init__(self, lots: Sequence[Lot], rng: Random) -> None:
        self.rng = rng
        self.all = list(lots)
        self.free = [
            lot
            for lot in lots
            if lot.kind.key in BUILDABLE and not lot.slip and lot.piece.role == "parcel" and lot.piece.zone_id
        ]
        rng.shuffle(self.free)
        self.outside = [lot for lot in lots if not lot.piece.zone_id]

    def take(
        self, zone_class: str, mu: tuple[float, float], fits: Callable[[Lot], bool] = lambda _: True
    ) -> Lot:
        """Take a free parcel of a class and size."""
        for lot in self.free:
            if CLASS_OF[lot.piece.zone_id] == zone_class and mu[0] <= float(lot.mu) <= mu[1] and fits(lot):
                self.free.remove(lot)
                return lot
        raise ValueError(f"no parcel of {mu[0]} to {mu[1]} mu is left in {zone_class} zones")

    def beside(self, first: Lot, count: int) -> list[Lot]:
        """Take so many parcels in all, next to each other where there are such."""
        same = [lot for lot in self.free if lot.piece.zone_id == first.piece.zone_id]
        same.sort(key=lambda lot: (round(lot.piece.shape.distance(first.piece.shape)), lot.parcel_id))
        for lot in same[: count - 1]:
            self.free.remove(lot)
        return [first, *same[: count - 1]]


def make_ventures(lots: Sequence[Lot], projects: int, rng: Random) -> list[Venture]:
    """Bring so many projects to the land, by recipe, sorted by zone as a ledger is.

    Parameters
    ----------
    lots : sequence of Lot
        The parcels; some get their stated area rounded, all learn which projects stand on them.
    projects : int
        How many are wanted.
    rng : random.Random
        Where all chance comes from.
    """
    ground = _Ground(lots, rng)
    ventures = [v for at, spec in enumerate(JOINT) for v in _joint(ground, at, spec, rng)]
    held = [lot for lot in lots if lot.kind.project]
    wanted = [r for r in RECIPES for _ in range(r.count)]
    missing = projects - len(ventures) - len(held) - len(wanted)
    if missing < 0:
        raise ValueError(f"{projects} projects are too few for all recipes: {projects - missing} are needed")
    ventures += [_venture(recipe("dense"), (lot,), lot.piece.zone_id, rng) for lot in held]
    wanted += [recipe("dense")] * missing
    wanted.sort(key=lambda r: (r.mu[0] > 10.0, not r.key.startswith(("at_limit", "under_limit"))))
    turn = {"urban": "county", "county": "urban"}
    zone_class = "urban"
    for one in wanted:
        zone_class = turn[zone_class]
        ventures.append(_place(one, zone_class, ground, rng))
    ventures = [replace(v, **_about(n, v, rng)) for n, v in enumerate(ventures, start=1)]
    return sorted(ventures, key=lambda v: v.zone_id or "ZZ")


def _place(one: Recipe, zone_class: str, ground: _Ground, rng: Random) -> Venture:
    """Find land for a recipe and make the project."""
    zones = [q.zone_id for q in QUARTERS if q.zone_class == zone_class]
    if one.ground in ("asking", "asking_about", "unknown_zone", "no_zone", "lost", "none"):
        zone = {"unknown_zone": "ZX", "no_zone": ""}.get(one.ground, rng.choice(zones))
        return _venture(one, (), zone, rng)
    if one.ground == "outside":
        return _venture(one, (ground.outside.pop(),), "", rng)
    if one.ground == "other_zone":
        other = "county" if zone_class == "urban" else "urban"
        return _venture(one, (ground.take(other, one.mu),), rng.choice(zones), rng)
    if one.key in ("at_limit", "under_limit"):
        above = one.key == "under_limit"  # so that the land as drawn would turn it
        lot = ground.take(zone_class, one.mu, lambda lot: state_round(lot, above=above))
    elif one.ground == "several":
        first = ground.take(zone_class, (20.0, 45.0))
        return _venture(one, tuple(ground.beside(first, rng.choice((2, 2, 3)))), first.piece.zone_id, rng)
    else:
        lot = ground.take(zone_class, one.mu)
    return _venture(one, (lot,), lot.piece.zone_id, rng)


def _venture(one: Recipe, lots: tuple[Lot, ...], zone: str, rng: Random) -> Venture:
    """Give a recipe its figures."""
    low, high = one.mu
    asked = Fraction(round(rng.uniform(low, high)))
    mu = sum((lot.mu for lot in lots), Fraction(0)) or asked
    bar = BARS.get(CLASS_OF.get(zone, ""), Bar(5000, 200))
    total, fixed = one.sums(bar, mu, rng)
    refs = tuple(lot.parcel_id for lot in lots)
    if one.ground == "partly":
        refs += (LOST_REFS[0],) if one.key == "partly_dense" else (LOST_REFS[1],)
    elif one.ground == "lost":
        refs = (LOST_REFS[2],)
    venture = Venture(one, zone, lots, refs, "", "", "", total, fixed)
    if one.ground in ("asking", "asking_about", "unknown_zone", "no_zone"):
        venture = replace(venture, **_request(asked, one.ground == "asking_about", rng))
    return replace(venture, **_spent(venture, rng))


def _request(mu: Fraction, roughly: bool, rng: Random) -> dict[str, Any]:
    """Ask for land, part of it farmland, part of that cultivated."""
    farm = Fraction(round(float(mu) * rng.uniform(0.3, 0.9), 1)).limit_denominator(10)
    field = Fraction(round(float(farm) * rng.uniform(0.2, 0.9), 1)).limit_denominator(10)
    requested = land_about(mu) if roughly else land(mu, rng.choice(("number", "number", "text", "m2")))
    return {"requested": requested, "farmland": land(farm), "cultivated": land(field)}


def _spent(venture: Venture, rng: Random) -> dict[str, Any]:
    """Say what is planned and what was spent, land price and taxes excluded, as far as the land shows."""
    known = venture.total if venture.total.known else venture.fixed
    if not venture.lots or not known.known or known.low is None:
        return {}
    lot = venture.lots[0]
    planned = 20 * round(float(known.low) / FEN_PER_WAN * rng.uniform(0.8, 0.9) / 20)
    share = lot.story.invested
    if share is None:
        begun = lot.story.started is not None and lot.kind.key != "idle_2y_later"
        share = Fraction(rng.randrange(35, 101) if begun else rng.randrange(0, 7), 100)
    if lot.story.finished:
        share = Fraction(1)
    return {
        "planned": money(planned * FEN_PER_WAN, rng.choice(MONEY_STYLES)),
        "invested": money(int(planned * share) * FEN_PER_WAN, rng.choice(MONEY_STYLES)),
    }


def _joint(ground: _Ground, number: int, spec: tuple[Any, ...], rng: Random) -> list[Venture]:
    """Put two projects on one parcel: their intensity is that of the site."""
    zone_class, mu, projects = spec
    lot = ground.take(zone_class, mu)
    made = []
    for total, saved, clause, is_new in projects:
        fixed = int(total * (1 - Fraction(saved)))
        verdict = "separate_land" if clause == "none_held" else "no_separate_land"
        words = "两个项目共用一宗地，按合并地块计强度"
        one = Recipe(f"joint_{number + 1}", words, verdict, (clause,), _never, 0, "joint", is_new)
        first, second = (money(wan * FEN_PER_WAN, rng.choice(MONEY_STYLES)) for wan in (total, fixed))
        venture = Venture(
            one, lot.piece.zone_id, (lot,), (lot.parcel_id,), "", "", "", first, second, site=number
        )
        made.append(replace(venture, **_spent(venture, rng)))
    return made


def _never(bar: Bar, mu: Fraction, rng: Random) -> tuple[Cell, Cell]:
    raise NotImplementedError(f"the figures of a joint site are given, not made ({bar}, {mu}, {rng})")


def _about(number: int, venture: Venture, rng: Random) -> dict[str, Any]:
    """Say the rest: name, company, industry, output, tax, jobs, stage."""
    at = rng.randrange(len(PRODUCTS))
    stages = {"started": "在建", "finished": "已投产"}
    stage = stages.get(venture.lots[0].kind.key, "前期") if venture.lots else "拟供地"
    if venture.lots and venture.lots[0].story.suspended:
        stage = "停工"
    about: dict[str, Any] = {
        "name": f"{PRODUCTS[at]}{rng.choice(WORKS)}项目{number:03d}",
        "holder": venture.lots[0].holder if venture.lots else company(1000 + number),
        "industry": INDUSTRIES[at],
        "stage": stage,
        "jobs": rng.randrange(20, 600),
    }
    if stage == "已投产" and venture.fixed.low is not None:
        output = int(float(venture.fixed.low) / FEN_PER_WAN * rng.uniform(0.7, 1.9))
        about["output"] = money(output * FEN_PER_WAN, rng.choice(MONEY_STYLES))
        about["tax"] = money(int(output * rng.uniform(0.02, 0.07)) * FEN_PER_WAN)
    return about
