"""No clause is shipped without golden cases where it holds, where it does not, and where it is unknown."""

from __future__ import annotations

import pytest

from landuse.policy import load_policy, shipped
from tests import idle_cases, policy_cases, seed_cases

HELD = {1: "holds", 0: "does not hold", -1: "is unknown"}


def truths():
    """The truth of every clause for every golden case, by policy; the column of a clause has its id."""
    found = {seed_cases.POLICY: seed_cases.judged().truth}
    found |= {policy: idle_cases.judged(folder).truth for folder, policy in idle_cases.POLICIES.items()}
    for folder in policy_cases.FOLDERS:
        judged = policy_cases.judged(folder)
        found[judged.policy.id] = judged.truth
    return found


def lacking(truth, clauses):
    """What no case shows, as sentences."""
    seen = {c: set(truth[c].tolist()) if c in truth else set() for c in clauses}
    return [f"no case where {c} {said}" for c in clauses for t, said in HELD.items() if t not in seen[c]]


def test_every_shipped_policy_has_golden_cases():
    assert set(truths()) == set(shipped())


@pytest.mark.parametrize("name", shipped())
def test_every_clause_is_seen_to_hold_not_to_hold_and_to_be_unknown(name):
    assert lacking(truths()[name], [c.id for c in load_policy(name).clauses]) == []


def test_a_clause_without_cases_is_found_out():
    truth = seed_cases.judged().truth
    assert lacking(truth, ["2.total"]) == []
    assert lacking(truth[truth["2.total"] != -1], ["2.total"]) == ["no case where 2.total is unknown"]
    assert len(lacking(truth, ["2.total", "3.new"])) == 3
