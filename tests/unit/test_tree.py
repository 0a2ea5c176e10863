"""A decision tree of some twenty conditions, written as a policy file, against golden rows and plain if and else."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from random import Random

import pandas as pd
import pytest

from landuse.policy import load_policy, load_text, policy_toml
from landuse.policy.model import leaves
from landuse.policy.vocabulary import fact_table
from landuse.screening import judge, screen
from landuse.tables import FACT_TABLES, Facts
from tests.clauses_by_hand import AS_OF, cells_of
from tests.conftest import REPO
from tests.oracles.lots import dispose

TREE = REPO / "tests" / "golden" / "tree"
LOTS = tomllib.loads((TREE / "lots.toml").read_text(encoding="utf-8"))["lot"]
POLICY = load_policy(TREE / "vacant_lots.toml")
SAID = ("why", "outcome", "clause", "missing", "verdict")
MAY_LACK = ("owner", "planned", "answered_on")
CHOICES = {
    "in_court": [True, False, False, False, False],
    "owner": ["city", "district", "company", "person"],
    "planned": ["R1", "R21", "R3", "M1", "W2", "G1", "B"],
    "flooded": [True, False, False],
    "applicant": ["neighbour", "neighbour", "community", "school", "company"],
    "area_m2": [80.0, 119.99, 120.0, 999.99, 1000.0, 1000.01, 5000.0],
    "width": [4.99, 5.0, 12.0],
    "complaints": [0.0, 2.0, 3.0, 4.0, 5.0, 10.0, 11.0],
    "arrears": [0.0, 1.0, 1.000001, 4.999999, 5.0, 20.0],
}


def disposed(lots, policy=POLICY):
    table = fact_table(policy, "parcel")
    cells = {f"L{n}": cells_of(lot, table) for n, lot in enumerate(lots)}
    frame = pd.DataFrame.from_dict(cells, orient="index")
    for day in ("answered_on", "applied_on"):
        frame[day] = pd.to_datetime(frame.get(day))
    parcels = table.conform(frame)
    facts = Facts(parcels, FACT_TABLES["project"].empty(), FACT_TABLES["zone"].empty(), AS_OF)
    return judge(screen(facts, [policy]), [policy]).parcels


def random_lot(random, *, lacking=MAY_LACK):
    lot = {name: random.choice(values) for name, values in CHOICES.items()}
    lot["applied_on"] = date(2023, 1, 1) + timedelta(days=random.choice([-400, -1, 0, 1, 400]))
    lot["answered_on"] = date(2022, 1, 1) + timedelta(days=random.choice([-900, -1, 0, 1, 900]))
    return lot | {name: None for name in lacking if random.random() < 0.2}


def known(lot):
    return {name: value for name, value in lot.items() if value is not None}


def test_it_has_the_shape_of_a_published_tree():
    parts = [leaf for c in POLICY.clauses for condition in (c.scope, c.when) for leaf in leaves(condition)]
    assert len({leaf.fact for leaf in parts}) >= 10
    assert len(set(parts)) >= 20
    assert {leaf.op for leaf in parts} >= {"under", "not_under", "is_unknown", "in", "==", "<", ">="}
    assert len({c.outcome for c in POLICY.clauses}) == 9


@pytest.mark.parametrize("place", range(len(LOTS)), ids=[lot["why"] for lot in LOTS])
def test_golden_lots(place):
    lot = LOTS[place]
    facts = {name: value for name, value in lot.items() if name not in SAID}
    row = disposed([facts]).iloc[0]
    assert row["clause"] == lot["clause"]
    assert (row["outcome"] if isinstance(row["outcome"], str) else "") == lot["outcome"]
    assert sorted(row["missing_facts"]) == sorted(lot.get("missing", []))
    assert (row["verdict"] == "undecided") == ("missing" in lot)
    assert row["verdict"] == lot.get("verdict", row["verdict"])


def test_the_tree_disposes_as_if_and_else_do():
    random = Random(1)
    lots = [random_lot(random) for _ in range(5000)]
    status = disposed([known(lot) for lot in lots])
    found = list(zip(status["outcome"], status["clause"], strict=True))
    assert found == [dispose(lot) for lot in lots]
    assert {outcome for outcome, _ in found} == {c.outcome for c in POLICY.clauses}


def test_what_is_decided_of_a_lot_half_known_is_so_whatever_the_rest():
    random = Random(2)
    whole = [random_lot(random, lacking=()) for _ in range(3000)]
    askable = [name for name in whole[0] if name not in MAY_LACK]
    half = [
        {n: None if n in askable and random.random() < 0.3 else v for n, v in lot.items()} for lot in whole
    ]
    status = disposed([known(lot) for lot in half])
    said = [
        (outcome, verdict, dispose(lot))
        for outcome, verdict, lot in zip(status["outcome"], status["verdict"], whole, strict=True)
    ]
    verdicts = {c.id: c.verdict for c in POLICY.clauses}
    assert all(outcome == so[0] for outcome, _, so in said if isinstance(outcome, str))
    assert all(verdict == verdicts[so[1]] for _, verdict, so in said if verdict != "undecided")
    told = sum(isinstance(outcome, str) for outcome, _, _ in said)
    assert 300 < told < 2700


def test_the_tree_survives_writing():
    again = load_text(policy_toml(POLICY), file="again.toml")
    assert again.clauses == POLICY.clauses
    assert again.facts == POLICY.facts
