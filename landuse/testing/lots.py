"""The parcels of the invented city: numbers, stated areas, histories, prices, owners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from landuse.testing.cells import BLANK, Cell, land, money
from landuse.testing.cityplan import LANE_QUARTERS, MU_M2, Piece, Plan, neighbours
from landuse.testing.stories import AS_OF, KINDS, Kind, Story, kind
from landuse.units import FEN_PER_WAN, M2_PER_MU

__all__ = ["Lot", "company", "lay_lots", "state_round"]

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
TRADES = (
    "轴承",
    "机械",
    "新材料",
    "电子",
    "食品",
    "农机",
    "耐火材料",
    "装备制造",
    "新能源",
    "医药",
    "纺织",
    "物流",
)
USES = ("工业用地",) * 8 + ("仓储用地", "科研用地", "商服用地", "公用设施用地")
MODES = ("挂牌出让",) * 6 + ("拍卖出让", "招标出让", "协议出让", "划拨", "租赁")
CLUSTERS = (("Z01", 4), ("Z04", 3), ("Z06", 3), ("Z08", 4))
"""Idle parcels side by side: the quarter and how many."""
WAITING = 0.12
"""Of the parcels that have not been started, those that were not handed over."""
SLIPS = ("m2", "m2", "ha", "ha", "m2")
"""Stated areas that are written in another unit than the header says."""


@dataclass
class Lot:
    """A parcel while the city is being made."""

    parcel_id: str
    written_id: str | None
    piece: Piece
    kind: Kind
    story: Story
    stated: Cell
    price: Cell
    holder: str
    use: str
    mode: str | None
    owner: str | None
    named_zone: str | None = None
    contract: str | None = None
    signed: date | None = None
    handover: date | None = None
    handed: date | None = None
    finish: date | None = None
    slip: bool = False
    projects: list[str] = field(default_factory=list)

    @property
    def mu(self) -> Fraction:
        """Its land [mu]: as stated where that is to be believed, else as drawn."""
        if self.stated.low is None or self.slip:
            return Fraction(round(self.piece.area_m2, 2)) / M2_PER_MU
        return self.stated.low / M2_PER_MU

    @property
    def due(self) -> Cell:
        """The land that should be developed: whole threes of a mu, so that a third of it is whole."""
        return BLANK if self.story.due is None else land(3 * (self.mu // 3) * self.story.due)

    @property
    def developed(self) -> Cell:
        """The land developed so far."""
        share = self.story.developed
        return BLANK if share is None else land(3 * (self.mu // 3) * share)


def company(number: int) -> str:
    """Return the name of an invented company."""
    pair = STEMS[number % 10] + BRANCHES[number % 12]
    return f"示例{pair}{TRADES[(number // 3) % len(TRADES)]}有限公司"


def lay_lots(plan: Plan, rng: Random) -> list[Lot]:
    """Make the parcels of a plan, in the order of their numbers.

    Parameters
    ----------
    plan : Plan
        Where they lie.
    rng : random.Random
        Where all chance comes from.
    """
    pieces = [p for p in plan.pieces if p.role in ("parcel", "straddling")]
    kinds = _lay_kinds(pieces, rng)
    counts: dict[str, int] = {}
    lots = []
    for at, (piece, its) in enumerate(zip(pieces, kinds, strict=True), start=1):
        feature = {"collective": "JB", "farmland": "JA" if at % 2 else "GB", "unsaid": "ZB"}.get(
            its.land, "GB"
        )
        area = (
            f"{piece.county_code}{int(piece.zone_id[1:] or 99) if piece.zone_id else 99:03d}{piece.block:03d}"
        )
        counts[area] = counts.get(area, 0) + 1
        code = f"{area}{feature}{counts[area]:05d}"
        story = its.tell(rng)
        lots.append(
            Lot(code, code, piece, its, story, _stated(piece, rng), BLANK, company(at), "", None, None)
        )  # fmt: skip
    for lot in lots:
        _own(lot, rng)
    _slip(lots, rng)
    return lots


def state_round(lot: Lot, *, above: bool = False) -> bool:
    """State a whole number of mu where that is near enough to the land as drawn; say whether it was done.

    With ``above``, only where that is more than the land as drawn.
    """
    whole = round(lot.piece.area_m2 / MU_M2)
    more = whole * MU_M2 / lot.piece.area_m2 - 1
    if abs(more) > 0.008 or lot.slip or (above and more < 0.001):
        return False
    lot.stated = land(Fraction(whole))
    return True


def _stated(piece: Piece, rng: Random) -> Cell:
    """State the area as drawn: mostly in mu to four decimals, some in ha or m2 by name, some not at all."""
    chance = rng.random()
    if chance < 0.02:
        return BLANK
    if chance < 0.05:
        return land(Fraction(round(piece.area_m2)) / M2_PER_MU, "ha")
    if chance < 0.08:
        return land(Fraction(round(piece.area_m2 * 100), 100) / M2_PER_MU, "m2")
    return land(Fraction(round(piece.area_m2 / MU_M2 * 10_000), 10_000))


def _slip(lots: Sequence[Lot], rng: Random) -> None:
    """Let a few stated areas stand in another unit than the header says."""
    plain = [lot for lot in lots if isinstance(lot.stated.shown, float) and lot.kind.key == "started"]
    for lot, unit in zip(rng.sample(plain, len(SLIPS)), SLIPS, strict=True):
        figure = round(lot.piece.area_m2, 2) if unit == "m2" else round(lot.piece.area_m2 / 10_000, 4)
        meant = Fraction(str(figure)) * M2_PER_MU
        lot.stated, lot.slip = Cell(figure, meant, meant), True


def _own(lot: Lot, rng: Random) -> None:
    """Say who owns the land, what for, how it was supplied and at what price."""
    lot.use, lot.mode = rng.choice(USES), rng.choice(MODES)
    lot.owner = rng.choice(("国有", "国有", "国有", "国有建设用地使用权", None))
    if lot.kind.land == "collective":
        lot.use, lot.mode, lot.owner = "工业用地", None, rng.choice(("集体", "集体建设用地使用权", None))
    elif lot.kind.land == "farmland":
        lot.use, lot.mode = rng.choice(("水浇地", "旱地", "果园")), None
        lot.owner = "集体" if "JA" in lot.parcel_id else "国有"
    elif lot.kind.land == "unsaid":
        lot.mode, lot.owner = None, None
    if lot.kind.land == "state":
        due = lot.story.start_due or date(2019, 5, 1) + timedelta(days=rng.randrange(1500))
        lot.signed = min(due - timedelta(days=270), AS_OF - timedelta(days=rng.randrange(20, 90)))
        lot.handover = due - timedelta(days=180)
        lot.finish = due + timedelta(days=730)
        _supply(lot, Random(f"supply of {lot.parcel_id}"))
        lot.contract = f"豫洛示例（{lot.signed.year}）{rng.randrange(1, 999):03d}号"
    if lot.mode not in (None, "划拨"):
        per_mu = rng.uniform(9.0, 26.0)
        lot.price = money(round(float(lot.mu) * per_mu * 100) * FEN_PER_WAN // 100)


def _supply(lot: Lot, rng: Random) -> None:
    """Say when the land was handed over, mostly in time; what is still being built is due later, mostly."""
    story = lot.story
    if story.extended:
        lot.finish = story.extended + timedelta(days=730)
    if story.started and not story.finished and lot.finish:
        lot.finish = max(lot.finish, AS_OF + timedelta(days=rng.randrange(-60, 700)))
    if lot.handover is None or story.cause:
        return
    slack = rng.choice((-20, -5, 0, 0, 0, 0, 0, 12, 45))
    handed = lot.handover + timedelta(days=slack)
    waits = story.started is None and rng.random() < WAITING
    lot.handed = None if waits or handed >= AS_OF else handed


def _lay_kinds(pieces: Sequence[Piece], rng: Random) -> list[Kind]:
    """Say of each piece what kind of parcel it is to be: idle ones in clusters first, the rest at random."""
    laid: dict[int, Kind] = {}
    wanted = [k for k in KINDS for _ in range(k.count)]
    idle = [k for k in wanted if k.idle and not k.project]
    rng.shuffle(idle)
    for zone, size in CLUSTERS:
        _spread(_cluster(pieces, zone, size, rng), idle, laid)
    for zone in LANE_QUARTERS:
        _spread(_across(pieces, zone, 9.0), idle, laid)
    _spread(_across(pieces, "Z05", 24.0), idle, laid)
    rest = idle + [k for k in wanted if not (k.idle and not k.project)]
    free = [i for i, p in enumerate(pieces) if i not in laid and p.zone_id and p.role == "parcel"]
    sized = [i for i in free if 20 * MU_M2 < pieces[i].area_m2 < 70 * MU_M2]
    if len(sized) < len(rest):
        raise ValueError(f"{len(pieces)} parcels are too few for all kinds of history")
    places = rng.sample(sized, len(rest))
    laid |= dict(zip(places, rest, strict=True))
    return [laid.get(i, kind("started")) for i in range(len(pieces))]


def _spread(places: Sequence[int], idle: list[Kind], laid: dict[int, Kind]) -> None:
    for place in places:
        laid[place] = idle.pop()


def _in_zone(pieces: Sequence[Piece], zone: str) -> tuple[list[int], Callable[[float], list[set[int]]]]:
    places = [i for i, p in enumerate(pieces) if p.zone_id == zone and p.role == "parcel"]
    shapes = [pieces[i].shape for i in places]
    return places, lambda gap: neighbours(shapes, gap)


def _cluster(pieces: Sequence[Piece], zone: str, size: int, rng: Random) -> list[int]:
    """Return parcels of a quarter that touch each other."""
    places, near = _in_zone(pieces, zone)
    touching = near(0.0)
    starts = list(range(len(places)))
    rng.shuffle(starts)
    for start in starts:
        found = [start]
        for at in found:
            found += [n for n in sorted(touching[at]) if n not in found]
        if len(found) >= size:
            return [places[i] for i in found[:size]]
    raise ValueError(f"no {size} parcels of {zone} touch each other")


def _across(pieces: Sequence[Piece], zone: str, gap: float) -> list[int]:
    """Return two parcels of a quarter that face each other across a lane or street, if there are such."""
    places, near = _in_zone(pieces, zone)
    closer, within = near(gap - 0.1), near(gap + 0.1)
    faces = [
        (-pieces[places[i]].shape.buffer(gap + 1).intersection(pieces[places[j]].shape).area, i, j)
        for i in range(len(places))
        for j in within[i] - closer[i]
        if i < j
    ]
    return [places[i] for i in min(faces)[1:]] if faces else []
