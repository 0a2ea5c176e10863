"""Small random runs, as plain rows for the oracle and as results for the library: no verb has been at work."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import strategies as st

from landuse.tables import NONE_HELD, RUN_TABLES, VERDICTS, Result
from tests.oracles.comparison import INF, rows_of

CRS = "EPSG:4525"
OLD, NEW = date(2026, 3, 31), date(2026, 6, 30)
ZONES = ("Z1", "Z2", "Z3")
DEPARTMENTS = (None, "甲局", "乙局")
POLICIES = ("idle", "thin", "local")
IDS = {"parcel": ("A", "B", "C", "D"), "project": ("P", "Q", "R"), "zone": ZONES}
FEN = 1_000_000
EMPTY = {name: table.empty(crs=CRS) for name, table in RUN_TABLES.items()}

fen = st.integers(0, 3000).map(lambda n: Fraction(n, FEN) + n // 7)
mu = st.integers(0, 400).map(lambda n: Fraction(n, 4))


def spans(figures, *, open_ends):
    """Unknown, exact, an interval, or one without upper end."""
    kinds = [
        st.none(),
        figures.map(lambda v: (v, v)),
        st.tuples(figures, figures).map(lambda p: (min(p), max(p))),
    ]
    return st.one_of(*kinds, *([figures.map(lambda v: (v, INF))] if open_ends else []))


def rows(subject):
    """A row of a parcel, project or zone, without its verdicts."""
    return st.fixed_dictionaries(
        {
            "zone": st.sampled_from((None, None, *ZONES, "Z9")),
            "outside": st.booleans(),
            "department": st.sampled_from(DEPARTMENTS),
            "land": mu.map(lambda v: (v, v)) if subject == "parcel" else spans(mu, open_ends=True),
            "money": spans(fen, open_ends=subject == "project"),
        }
    )


@st.composite
def runs(draw):
    """A run: some of the ids, some policies in some order, a verdict under each that speaks of the subject."""
    policies = draw(st.lists(st.sampled_from(POLICIES), unique=True, max_size=3))
    run = {"policies": policies}
    for subject, ids in IDS.items():
        speaking = [p for p in policies if draw(st.booleans())]
        here = {}
        for name in draw(st.lists(st.sampled_from(ids), unique=True)):
            row = draw(rows(subject))
            row["verdicts"] = {p: draw(st.sampled_from(VERDICTS[subject])) for p in speaking}
            here[name] = row
        run[f"{subject}s"] = here
    return run


def ends(pair):
    return (None, None) if pair is None else tuple(float(v) for v in pair)


def result_of(run, *, as_of=OLD, order=None) -> Result:
    """The tables of a run; ``order`` (a Random) shuffles their rows."""
    tables = dict(EMPTY)
    for subject in IDS:
        names = list(rows_of(run, subject))
        if order is not None:
            order.shuffle(names)
        tables |= _tables(run, subject, names)
    book = {"title": "随机", "as_of": as_of.isoformat(), "policies": {p: p for p in run["policies"]}}
    return Result(tables, book, {p: f'name = "{p}"' for p in run["policies"]}, "随机", as_of)


def _tables(run, subject, names):
    given = rows_of(run, subject)
    facts = {"zone_class": ["outside" if given[n]["outside"] and subject != "zone" else None for n in names]}
    if subject != "zone":
        facts["zone_id"] = [given[n]["zone"] for n in names]
    land, money = ([ends(given[n][what]) for n in names] for what in ("land", "money"))
    if subject == "project":
        facts |= {f"land_mu_{e}": [p[i] for p in land] for i, e in enumerate(("low", "high"))}
    else:
        facts["area_mu"] = [p[0] for p in land]
    stem = {"parcel": "price_wan", "project": "total_invest_wan", "zone": "total_invest_wan"}[subject]
    sums = {f"{stem}_{e}": [p[i] for p in money] for i, e in enumerate(("low", "high"))}
    read = {"department": [given[n]["department"] for n in names]}
    if subject != "zone":
        read |= sums
    status = [
        {
            "subject_id": n, "policy": p, "verdict": given[n]["verdicts"][p], "clause": NONE_HELD,
            "reason": f"{p} {n}", "headline": p == next(q for q in run["policies"] if q in given[n]["verdicts"]),
        }
        for n in names
        for p in given[n]["verdicts"]
    ]  # fmt: skip
    if subject == "project":
        status = [row | {"route": "review"} for row in status]
    found = {
        f"{subject}s": _frame(f"{subject}s", read, names),
        f"{subject}_facts": _frame(f"{subject}_facts", facts | sums, names),
    }
    table = RUN_TABLES[f"{subject}_status"]
    columns = ["subject_id", "policy", "verdict", "clause", "reason", "headline"]
    found[f"{subject}_status"] = table.conform(pd.DataFrame(status, columns=None if status else columns))
    return found


def _frame(name, data, names):
    table = RUN_TABLES[name]
    typed = {c: pd.array(v, dtype=_type(table, c)) for c, v in data.items()}
    frame = pd.DataFrame(typed, index=pd.Index(names, dtype="str"))
    if not table.has_geometry:
        return table.conform(frame)
    shapes = [shapely.box(ord(n[-1]), 0, ord(n[-1]) + 1, 1) for n in names]
    return table.conform(gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS), crs=CRS)


def _type(table, column):
    return "float64" if str(table.columns[column].dtype).startswith("float") else "str"
