"""Blocks against a plain flood fill, and whatever the order of the rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landuse.consolidating import consolidate
from tests.unit.test_blocks import parcels_of, row, status_of

VERDICTS = ("idle_1y", "idle_2y", "idle_suspended", "underused", "in_use", "undecided")


@st.composite
def worlds(draw):
    """Boxes with whole corners in a square of 60 m, in two zones and outside."""
    count = draw(st.integers(0, 9))
    rows = []
    for i in range(count):
        x, y = draw(st.integers(0, 60)), draw(st.integers(0, 60))
        width, height = draw(st.integers(1, 12)), draw(st.integers(1, 12))
        rows.append(
            row(
                f"P{i}",
                [x, y, x + width, y + height],
                zone=draw(st.sampled_from(["Z1", "Z2", None])),
                verdict=draw(st.sampled_from(VERDICTS)),
            )
        )
    return rows, draw(st.permutations(rows)), draw(st.integers(0, 15))


def near(one, other, gap):
    """Whether two boxes lie within a whole gap of each other, in whole numbers."""
    across = max(one[0] - other[2], other[0] - one[2], 0)
    along = max(one[1] - other[3], other[1] - one[3], 0)
    return across**2 + along**2 <= gap**2


def flood(rows, gap):
    """The sets of parcels that hang together."""
    left = {r["id"]: r for r in rows if r["verdict"] in VERDICTS[:4]}
    found = set()
    while left:
        _, start = left.popitem()
        block, edge = {start["id"]}, [start]
        while edge:
            here = edge.pop()
            reached = [
                r for r in left.values() if r["zone"] == here["zone"] and near(here["box"], r["box"], gap)
            ]
            for r in reached:
                block.add(r["id"])
                edge.append(left.pop(r["id"]))
        found.add(frozenset(block))
    return found


@given(worlds())
def test_blocks_are_what_a_flood_fill_finds(world):
    rows, _, gap = world
    blocks = consolidate(parcels_of(rows), status_of(rows), gap_m=gap)
    found = {frozenset(m["parcel_id"]) for _, m in blocks.members.groupby("block_id")}
    assert found == flood(rows, gap)
    assert blocks.table["members"].sum() == len(blocks.members)
    assert blocks.members["parcel_id"].is_unique


@given(worlds())
def test_the_order_of_the_rows_does_not_matter(world):
    rows, shuffled, gap = world
    one = consolidate(parcels_of(rows), status_of(rows), gap_m=gap)
    other = consolidate(parcels_of(shuffled), status_of(shuffled), gap_m=gap)
    assert one.table.drop(columns="geometry").equals(other.table.drop(columns="geometry"))
    assert one.table.geometry.to_wkb().equals(other.table.geometry.to_wkb())
    assert one.members.equals(other.members)
