"""Every way in which every project could be given its land, and the limits on them, as a packing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landuse.allocating.model import Packing, Row
from landuse.allocating.quota import Block, Limit
from landuse.allocating.wishes import COMPETES, Wish

__all__ = ["Choice", "Means", "choices_of", "packing_of"]


@dataclass(frozen=True)
class Means:
    """What the year's plan can draw on."""

    limits: tuple[Limit, ...]
    blocks: tuple[Block, ...]

    def of(self, resource: str, zone: str | None) -> tuple[Limit, ...]:
        """Return the limits of a resource itself that bind in a zone."""
        return tuple(x for x in self.limits if x.resource == resource and x.binds(zone))

    def in_zone(self, zone: str | None) -> tuple[Block, ...]:
        """Return the blocks of the reserve in a zone; one of an unknown zone serves nobody."""
        return tuple(b for b in self.blocks if zone is not None and b.zone == zone)


@dataclass(frozen=True)
class Choice:
    """All the land of one project from one resource (one block, where that is the reserve)."""

    wish: Wish
    resource: str
    block: str | None = None

    def takes(self, limit: Limit) -> int:
        """Return the units that it takes of a limit."""
        if not limit.binds(self.wish.zone):
            return 0
        if limit.resource == self.resource:
            return self.wish.land
        if self.resource == "new_construction":
            return {"farmland": self.wish.farmland, "cultivated": self.wish.cultivated}.get(limit.resource, 0)
        return 0

    def takes_of_block(self, block: Block) -> int:
        """Return the units that it takes of a block."""
        return self.wish.land if self.block == block.block else 0


def choices_of(wish: Wish, means: Means) -> tuple[Choice, ...]:
    """Return the ways open to a project, whether or not its land fits: reserve, new construction, turnover.

    A quota row opens its resource to its zone, a row of the whole city to all. Land of the reserve needs no
    row (one that is given still binds).
    """
    if wish.standing != COMPETES:
        return ()
    stock = tuple(Choice(wish, "stock", b.block) for b in means.in_zone(wish.zone) if b.available)
    return stock + tuple(
        Choice(wish, resource)
        for resource in ("new_construction", "hook_turnover")
        if means.of(resource, wish.zone)
    )


def packing_of(choices: Sequence[Choice], means: Means) -> Packing:
    """Return the limits on a list of choices: each project once, each quota and block at most once over."""
    once: dict[str, dict[int, int]] = {}
    for place, choice in enumerate(choices):
        once.setdefault(choice.wish.project, {})[place] = 1
    rows = [Row(coefs, 1) for coefs in once.values()]
    for limit in means.limits:
        rows.append(Row(_some({i: c.takes(limit) for i, c in enumerate(choices)}), limit.most))
    for block in means.blocks:
        rows.append(Row(_some({i: c.takes_of_block(block) for i, c in enumerate(choices)}), block.area))
    return Packing(len(choices), tuple(rows))


def _some(coefs: dict[int, int]) -> dict[int, int]:
    return {i: c for i, c in coefs.items() if c}
