"""Golden cases of idle land: from the cells of a parcel to the verdict, through every room."""

from __future__ import annotations

import math
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.policy import load_policy
from landuse.screening import judge, screen
from landuse.tables import FINDINGS, PARCEL_STATUS
from tests.rows_by_hand import measured, parcels_of, projects_of

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "idle"
DATES = {
    "due": "start_due",
    "extended": "start_due_extended",
    "started": "started_on",
    "suspended": "suspended_on",
    "resumed": "resumed_on",
}
STATES = {"state": "start_state", "suspend": "suspend_state", "cause": "government_cause"}
GIVEN = {"title", "as_of", "owner", "area", "developed", "invested", "planned", "price", *DATES, *STATES}
EXPECTED = {"verdict", "clause", "borderline", "missing", "fee", "says"}
CASES = {
    f"{path.stem}: {case['title']}": case
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
}
DAYS = sorted({case["as_of"] for case in CASES.values()})


def parcel_of(name, case, number):
    area = parse_area(case.get("area", "30000平方米"))
    row = {"id": name, "slot": number, "m2": area.low, "construction_land": True}
    row["ownership"] = {"unknown": None}.get(case.get("owner"), case.get("owner", "state"))
    for key in set(DATES) & set(case):
        vague = isinstance(case[key], str)
        row[f"{DATES[key]}_period" if vague else DATES[key]] = case[key] if vague else pd.Timestamp(case[key])
    row |= {column: case[key] for key, column in STATES.items() if key in case}
    if "price" in case:
        price = parse_amount(case["price"])
        row |= {"price_wan_low": price.low, "price_wan_high": price.high}
    if "developed" in case:
        done = parse_area(case["developed"])
        row |= {"developed": [done.low, done.high], "due": [area.low, area.high]}
    return row


def project_of(name, case, number):
    row = {"id": f"P{number}", "refs": [name]}
    for key in ("invested", "planned"):
        if key in case:
            amount = parse_amount(case[key])
            row[key] = [amount.low, amount.high]
    return row


@pytest.fixture(scope="module")
def judged():
    """The cases of each as-of date as one table of parcels, measured, screened and judged."""
    policies = [load_policy("cn-idle-land-2012")]
    tables = []
    for day in DAYS:
        cases = {name: case for name, case in CASES.items() if case["as_of"] == day}
        parcels = parcels_of([parcel_of(n, c, i) for i, (n, c) in enumerate(cases.items())])
        projects = projects_of([project_of(n, c, i) for i, (n, c) in enumerate(cases.items())])
        findings = screen(measured(parcels, projects, as_of=day), policies)
        status = judge(findings, policies)
        FINDINGS.check(findings.table)
        PARCEL_STATUS.check(status.parcels)
        tables.append(status.parcels.set_index("subject_id"))
    return pd.concat(tables)


@pytest.mark.parametrize("name", list(CASES))
def test_case(name, judged):
    case, row = CASES[name], judged.loc[name]
    assert set(case) <= GIVEN | EXPECTED
    assert isinstance(case["as_of"], date)
    assert (row["verdict"], row["clause"]) == (case["verdict"], case["clause"]), row["reason"]
    assert row["borderline"] == case.get("borderline", False), row["reason"]
    if "missing" in case or case["verdict"] != "undecided":
        assert sorted(row["missing_facts"]) == sorted(case.get("missing", []))
    assert row["missing_facts"] or case["verdict"] != "undecided"
    fee = [row["fee_wan_low"], row["fee_wan_high"]]
    assert fee == case["fee"] if "fee" in case else all(map(math.isnan, fee))
    assert (row["government_cause"] == case["cause"]) if "cause" in case else pd.isna(row["government_cause"])
    for words in case.get("says", []):
        assert words in row["reason"]


def test_every_branch_has_a_case():
    verdicts = {case["verdict"] for case in CASES.values()}
    assert verdicts == set(PARCEL_STATUS.columns["verdict"].metadata["values"]) - {"underused"}
