"""Laws of every policy: what is learned only decides, rows do not know each other, every verdict has its clause."""

from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.screening import judge, screen
from landuse.tables import FACT_TABLES, NONE_HELD, Facts
from landuse.testing.evidence import facts_table, learned, random_rows
from landuse.testing.rules import random_policy
from landuse.testing.strategies import evidence
from tests.clauses_by_hand import AS_OF, facts_of, policy_of

EMPTY = {subject: table.empty() for subject, table in FACT_TABLES.items()}


def outcome(rows, policy):
    return judged(facts_table(rows, policy, about(policy)), policy)


def judged(table, policy):
    tables = EMPTY | {about(policy): table}
    findings = screen(Facts(tables["parcel"], tables["project"], tables["zone"], AS_OF), [policy])
    return findings.truth[policy.id, about(policy)], judge(findings, [policy]).of(about(policy))


def about(policy):
    return policy.clauses[0].subject


def assert_only_decided(before, after, said):
    """No truth and no verdict that stood gives way to another; what was open may be decided, and stays so."""
    known = before[0].to_numpy() != -1
    assert (after[0].to_numpy()[known] == before[0].to_numpy()[known]).all(), said
    stood = (before[1]["verdict"] != "undecided").to_numpy()
    assert (after[1]["verdict"].to_numpy()[stood] == before[1]["verdict"].to_numpy()[stood]).all(), said
    worded = before[1]["outcome"].notna().to_numpy()
    assert (after[1]["outcome"].to_numpy()[worded] == before[1]["outcome"].to_numpy()[worded]).all(), said


def learn(policy, rows, random):
    """From what is known, by way of more, to all there is to know."""
    more = learned(random, rows, policy, about(policy))
    everything = learned(random, more, policy, about(policy), wholly=True)
    steps = [outcome(r, policy) for r in (rows, more, everything)]
    for before, after in ((0, 1), (1, 2), (0, 2)):
        assert_only_decided(steps[before], steps[after], (policy.text, rows))
    return [int((truth.to_numpy() == -1).sum()) for truth, _ in steps]


def test_learning_only_decides_and_decides_much():
    unknown = np.zeros(3, dtype=int)
    for seed in range(20):
        random = Random(seed)
        policy = random_policy(random, knowing=False)
        unknown += learn(policy, random_rows(random, policy, about(policy), 60), random)
    assert unknown[0] > unknown[1] > unknown[2]


@settings(max_examples=25)
@given(evidence(knowing=False), st.randoms(use_true_random=False))
def test_learning_only_decides(drawn, random):
    learn(*drawn, random)


def test_what_speaks_of_the_file_is_exempt():
    """To ask whether a fact is known is to ask for the file: its answer changes with the file, and may well."""
    policy = policy_of("project", ("1", "no_separate_land", '{ fact = "jobs", op = "is_unknown" }'))
    facts = facts_of(project={"before": {}, "after": {"jobs": 5.0}})
    status = judge(screen(facts, [policy]), [policy]).projects
    assert status["verdict"].tolist() == ["no_separate_land", "separate_land"]


@settings(max_examples=25)
@given(evidence())
def test_every_verdict_names_what_decides(drawn):
    policy, rows = drawn
    truth, status = outcome(rows, policy)
    verdicts = {c.id: c.verdict for c in policy.clauses}
    for row, truths in zip(status.to_dict("records"), truth.to_dict("records"), strict=True):
        assert row["reason"]
        if row["verdict"] == "undecided":
            assert row["clause"] in verdicts
            assert row["missing_facts"] != []
        elif row["clause"] == NONE_HELD:
            assert row["verdict"] in (policy.otherwise[about(policy)], "out_of_scope")
            assert set(truths.values()) == {0}
        else:
            assert (row["verdict"], truths[row["clause"]]) == (verdicts[row["clause"]], 1)


@settings(max_examples=20)
@given(evidence(), st.randoms(use_true_random=False))
def test_rows_do_not_know_each_other(drawn, random):
    policy, rows = drawn
    table = facts_table(rows, policy, about(policy))
    order = list(range(len(rows)))
    random.shuffle(order)
    one = judged(table, policy)[1].set_index("subject_id")
    two = judged(table.iloc[order], policy)[1].set_index("subject_id")
    pd.testing.assert_frame_equal(two, one.iloc[order])
    alone = judged(table.iloc[order[:1]], policy)[1].set_index("subject_id")
    pd.testing.assert_frame_equal(alone, two.iloc[:1])


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "==", "!="])
def test_one_fact_twice_is_cautious_and_never_wrong(op):
    """x < 5 or x >= 5 holds of every x; of an unknown one the language says unknown, of a known one that it holds."""
    opposite = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}[op]
    sides = ", ".join(f'{{ fact = "jobs", op = "{o}", unit = "人", limit = 5 }}' for o in (op, opposite))
    policy = policy_of("project", ("1", "no_separate_land", f"{{ any = [ {sides} ] }}"))
    facts = facts_of(project={str(n): {"jobs": n} for n in (4.0, 5.0, 6.0)} | {"open": {}})
    assert screen(facts, [policy]).truth[policy.id, "project"]["1"].tolist() == [1, 1, 1, -1]
