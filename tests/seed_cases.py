"""Golden cases of the seed's rule, from the cells of a ledger row to the verdict."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.policy import load_policy
from landuse.screening import judge, screen
from landuse.tables import FINDINGS, PROJECT_STATUS
from tests.rows_by_hand import measured, parcels_of, projects_of, zones_of

FOLDER = Path(__file__).resolve().parent / "golden" / "seed_rule"
POLICY = "cn-luoyang-zones-2011"
CASES = {
    f"{path.stem}: {case['title']}": case
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
}
ZONES = [
    {"id": "urban", "name": "甲", "class": "urban", "slots": [0, 0]},
    {"id": "county", "name": "乙", "class": "county", "slots": [1, 1]},
    {"id": "classless", "name": "丙", "class": None, "slots": [2, 2]},
]


class Judged(NamedTuple):
    """The status of the cases, and the truth of every clause for them."""

    status: pd.DataFrame
    truth: pd.DataFrame


@cache
def judged():
    """All cases as one ledger, measured, screened and judged."""
    rows = [_rows(name, case, number) for number, (name, case) in enumerate(CASES.items())]
    facts = measured(
        parcels_of([parcel for _, parcel in rows]),
        projects_of([row for row, _ in rows]),
        zones=zones_of(ZONES),
        as_of=date(2011, 6, 30),
    )
    policies = [load_policy(POLICY)]
    findings = screen(facts, policies)
    status = judge(findings, policies)
    FINDINGS.check(findings.table)
    PROJECT_STATUS.check(status.projects)
    assert status.projects["subject_id"].tolist() == list(CASES)
    return Judged(status.projects.set_index("subject_id"), findings.truth[POLICY, "project"])


def _rows(name, case, number):
    """One row of the ledger: it asks for land, or stands on a parcel of its own outside the zones."""
    outside = case.get("zone") == "outside"
    row = {"id": name, "zone": None if outside else case.get("zone"), "is_new": case.get("new")}
    for key in ("total", "fixed"):
        if key in case:
            amount = parse_amount(case[key])
            row[key] = [amount.low, amount.high]
    land = parse_area(case["land"]) if "land" in case else None
    parcel = {"id": f"A{number}", "slot": 9 + number, "m2": land.low if outside else 1000.0}
    if outside:
        row["refs"] = [parcel["id"]]
    elif land is not None:
        row["requested"] = [land.low, land.high]
    return row, parcel
