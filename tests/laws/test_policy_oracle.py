"""The vectorised evaluation and a slow oracle in plain Python agree on random worlds under random policies."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from landuse.policy import policy_toml
from landuse.screening import judge, screen
from landuse.tables import FACT_TABLES, Facts
from landuse.testing.evidence import facts_table, random_rows
from landuse.testing.rules import random_policy
from landuse.testing.strategies import evidence
from landuse.units import FEN_PER_WAN
from tests.clauses_by_hand import AS_OF
from tests.oracles.policy import Oracle

POLICIES, ROWS = 125, 80
EMPTY = {subject: table.empty() for subject, table in FACT_TABLES.items()}


def screened(rows, policy, subject):
    tables = EMPTY | {subject: facts_table(rows, policy, subject)}
    return screen(Facts(tables["parcel"], tables["project"], tables["zone"], AS_OF), [policy])


def told(truth):
    return {1: True, 0: False, -1: None}[int(truth)]


def fee_of(row):
    low, high = row["fee_wan_low"], row["fee_wan_high"]
    return (
        None if np.isnan(low) else tuple(round(e * FEN_PER_WAN) if np.isfinite(e) else e for e in (low, high))
    )


def word_of(cell):
    return cell if isinstance(cell, str) else None


def factor_of(row):
    return None if np.isnan(row["quota_factor"]) else Fraction(str(row["quota_factor"]))


def findings_by_row(table):
    """By subject, by clause and part: whether the comparison holds, whether it is borderline."""
    found = {}
    cells = zip(
        *(table[c] for c in ("subject_id", "clause", "part", "part_holds", "borderline")), strict=True
    )
    for row, clause, part, holds, close in cells:
        told = None if holds is pd.NA else bool(holds)
        found.setdefault(row, {})[clause, part] = (told, close)
    return found


def case(policy, row, found):
    return f"{policy_toml(policy)}\n{row}\n{found['reason']}"


def assert_agreement(policy, rows):
    """Of every row: truth and scope of each clause, verdict, deciding clause, what follows, the findings."""
    subject = policy.clauses[0].subject
    findings = screened(rows, policy, subject)
    truths, scopes = (t[policy.id, subject] for t in (findings.truth, findings.scope))
    status = judge(findings, [policy]).of(subject).to_dict("records")
    oracle = Oracle(policy, subject)
    found_of = findings_by_row(findings.table)
    for place, row in enumerate(rows):
        ruling, found = oracle.judge(row.known), status[place]
        seen = {
            "truths": tuple(map(told, truths.iloc[place])),
            "scopes": tuple(map(told, scopes.iloc[place])),
            "verdict": found["verdict"],
            "clause": found["clause"],
            "open": found["missing_facts"] != [],
            "fee": fee_of(found) if subject == "parcel" else ruling.fee,
            "outcome": word_of(found["outcome"]),
            "follows": word_of(found["follows"]),
            "factor": factor_of(found) if subject == "zone" else ruling.factor,
        }
        wanted = asdict(ruling) | {"open": ruling.verdict == "undecided"}
        assert seen == wanted, case(policy, row, found)
        assert found_of.get(f"R{place}", {}) == oracle.findings(row.known, ruling), case(policy, row, found)


@pytest.mark.parametrize("batch", range(5))
def test_ten_thousand_worlds_under_random_policies(batch):
    for number in range(POLICIES // 5):
        random = Random(1000 * batch + number)
        policy = random_policy(random)
        assert_agreement(policy, random_rows(random, policy, policy.clauses[0].subject, ROWS))


@settings(max_examples=40)
@given(evidence())
def test_worlds_that_can_be_made_small(drawn):
    assert_agreement(*drawn)
