"""Small random worlds in which codes, contracts, footprints and names point to parcels, rightly or wrongly."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.rows_by_hand import corrections_of, parcels_of, projects_of

HOLDERS = [
    "洛阳恒泰机械有限公司",
    "洛阳金科电子有限公司",
    "洛阳鑫源建材有限公司",
    "恒泰机械有限责任公司",
    None,
]
CONTRACTS = ["4103002021B00001", "4103002021B00002", None, None]
ZONES = ["东区", "西区", None]
PARCELS = ["A1", "A2", "A3", "A4", "A5"]
PROJECTS = ["P1", "P2", "P3", "P4", "P5"]
SIDE, GAP = 100, 20
"""Parcels are squares of 100 m side by side, every second one behind a road of 20 m."""


def square(number):
    return [number * SIDE + (number + 1) // 2 * GAP, 0, SIDE, SIDE]


@st.composite
def worlds(draw):
    """(rows of parcels, rows of projects) for ``parcels_of`` and ``projects_of``."""
    count = draw(st.integers(1, len(PARCELS)))
    land = [
        {
            "id": PARCELS[n],
            "rect": square(n),
            "holder": draw(st.sampled_from(HOLDERS)),
            "zone": draw(st.sampled_from(ZONES)),
            "contract_no": draw(st.sampled_from(CONTRACTS)),
            "source_row": n + 1,
        }
        for n in range(count)
    ]
    ledger = [draw(projects(name, n, count)) for n, name in enumerate(PROJECTS[: draw(st.integers(0, 5))])]
    return land, ledger


@st.composite
def projects(draw, name, number, count):
    row = {
        "id": name,
        "name": draw(st.sampled_from(["一期", "二期", None])),
        "holder": draw(st.sampled_from(HOLDERS)),
        "zone": draw(st.sampled_from(ZONES)),
        "contract_no": draw(st.sampled_from([*CONTRACTS, None])),
        "refs": draw(st.lists(st.sampled_from([*PARCELS, "X9"]), max_size=2)),
        "total": draw(st.sampled_from([100.01, 33.33, None])),
        "requested": draw(st.sampled_from([None, None, 5000])),
        "source_row": number + 3,
    }
    kind = draw(st.sampled_from(["none", "none", "footprint", "footprint", "point"]))
    x, width = draw(st.integers(-30, count * (SIDE + GAP))), draw(st.integers(20, 300))
    if kind == "footprint":
        row["footprint"] = [x, draw(st.sampled_from([0, 0, 40])), width, SIDE]
    elif kind == "point":
        row["point"] = [x, draw(st.integers(1, 150))]
    return row


@st.composite
def decisions(draw, land, ledger):
    """Rows for ``corrections_of``: what an analyst says of some pairs, each once."""
    pairs = [(a["id"], p["id"]) for a in land for p in ledger]
    if not pairs:
        return []
    some = draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))
    words = st.sampled_from(["yes", "no", "only", "open"])
    return [(parcel, project, draw(words)) for parcel, project in some]


def tables_of(land, ledger, said=None, *, order=None):
    land, ledger, corrections = list(land), list(ledger), corrections_of(said) if said else None
    if order is not None:
        order.shuffle(land)
        order.shuffle(ledger)
        if corrections is not None:
            corrections = corrections.sample(frac=1, random_state=order.randrange(1000))
    return parcels_of(land), projects_of(ledger), corrections
