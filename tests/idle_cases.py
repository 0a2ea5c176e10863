"""Golden cases of idle land, from the cells of a parcel to the verdict: what a case may say, and how it is judged."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from landuse.parsing.amounts import parse_amount
from landuse.parsing.areas import parse_area
from landuse.policy import load_policy
from landuse.policy.vocabulary import fact_table
from landuse.screening import judge, screen
from landuse.tables import FINDINGS, PARCEL_STATUS
from tests.rows_by_hand import measured, parcels_of, projects_of

GOLDEN = Path(__file__).resolve().parent / "golden"
POLICIES = {"idle": "cn-idle-land-2012", "idle_1999": "cn-idle-land-1999"}
"""The policy of each folder."""
DATES = {
    "signed": "signed_on",
    "handover_due": "handover_due",
    "handed_over": "handed_over_on",
    "due": "start_due",
    "extended": "start_due_extended",
    "started": "started_on",
    "suspended": "suspended_on",
    "resumed": "resumed_on",
}
STATES = {
    "state": "start_state",
    "suspend": "suspend_state",
    "cause": "government_cause",
    "agreed": "start_agreed",
}
OWN = {"approved": "suspension_approved"}
GIVEN = {"title", "as_of", "owner", "area", "developed", "invested", "planned", "price"}
GIVEN |= {*DATES, *STATES, *OWN}
EXPECTED = {"verdict", "clause", "borderline", "missing", "fee", "fee_open", "says", "outcome", "follows"}


@dataclass(frozen=True)
class Judged:
    """The cases of a folder by name, their status, and the truth of every clause for them."""

    cases: dict[str, dict]
    status: pd.DataFrame
    truth: pd.DataFrame


def cases_of(folder):
    """The cases of a folder, by file and title."""
    return {
        f"{path.stem}: {case['title']}": case
        for path in sorted((GOLDEN / folder).glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8")).get("case", [])
    }


@cache
def judged(folder):
    """The cases of each as-of date as one table of parcels, measured, screened and judged."""
    cases, policy = cases_of(folder), load_policy(POLICIES[folder])
    statuses, truths = [], []
    for day in sorted({case["as_of"] for case in cases.values()}):
        todays = {name: case for name, case in cases.items() if case["as_of"] == day}
        findings = screen(facts_on(day, todays, policy), [policy])
        status = judge(findings, [policy])
        FINDINGS.check(findings.table)
        PARCEL_STATUS.check(status.parcels)
        statuses.append(status.parcels.set_index("subject_id"))
        truths.append(findings.truth[policy.id, "parcel"])
    return Judged(cases, pd.concat(statuses), pd.concat(truths))


def facts_on(day, cases, policy):
    """The facts of cases on their day, the policy's own facts among them."""
    assert isinstance(day, date)
    parcels = parcels_of([_parcel(n, c, i) for i, (n, c) in enumerate(cases.items())])
    projects = projects_of([_project(n, c, i) for i, (n, c) in enumerate(cases.items())])
    facts = measured(parcels, projects, as_of=day)
    own = {OWN[k]: [c.get(k) for c in cases.values()] for k in OWN}
    own = {name: cells for name, cells in own.items() if name in {f.name for f in policy.facts}}
    return replace(facts, parcels=fact_table(policy, "parcel").conform(facts.parcels.assign(**own)))


def _parcel(name, case, number):
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


def _project(name, case, number):
    row = {"id": f"P{number}", "refs": [name]}
    for key in ("invested", "planned"):
        if key in case:
            amount = parse_amount(case[key])
            row[key] = [amount.low, amount.high]
    return row
