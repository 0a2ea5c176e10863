"""The JSON Schema that editors use: shipped and random policies keep to it, faults of shape do not."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from random import Random

import jsonschema
import pytest

from landuse.labels import section
from landuse.policy import load_policy, shipped
from landuse.policy.schema import policy_schema, schema_text
from landuse.testing.rules import random_policy_text
from tests.unit.policy_faults import FAULTS, GOOD
from tests.unit.policy_wide import WIDE

SCHEMA = policy_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
OF_SHAPE = """
    known with a limit|unknown op|unknown key in a clause|one key too many|unknown key in a condition
    unknown key in the header|unknown table|unknown key in a consequence|no id|empty cite|unknown subject
    date with a time|bad region|limit missing|limit empty list|limit without class fact|limit of text in numbers
    empty all|rate of zero|a file without policy|verdict of another subject|verdict nobody gives
    otherwise unknown|otherwise undecided|otherwise of nobody|route unknown|route of no verdict|all and any at once
    an empty use
"""
MORE = {
    "known with a limit": ('op = "<", unit = "万元/亩"', 'op = "is_known"'),
    "an empty use": ('{ fact = "zone_class", op = "in", limit = ["urban", "county"] }', '{ use = "" }'),
}


def plain(part):
    """TOML as JSON has it: days as texts."""
    if isinstance(part, dict):
        return {k: plain(v) for k, v in part.items()}
    if isinstance(part, list):
        return [plain(v) for v in part]
    return part.isoformat() if isinstance(part, date) else part


def faults(text):
    return [e.message for e in VALIDATOR.iter_errors(plain(tomllib.loads(text)))]


def test_it_is_a_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert json.loads(schema_text()) == SCHEMA


def test_the_file_beside_the_documentation_is_the_schema(repo):
    assert (repo / "docs" / "policy.schema.json").read_text(encoding="utf-8") == schema_text(), "make docs"


@pytest.mark.parametrize("name", shipped())
def test_shipped_policies_keep_to_it(name):
    assert faults(load_policy(name).text) == []


def test_policies_by_hand_keep_to_it(repo):
    texts = [
        GOOD,
        WIDE,
        (repo / "tests" / "golden" / "tree" / "vacant_lots.toml").read_text(encoding="utf-8"),
    ]
    assert [faults(text) for text in texts] == [[], [], []]


def test_random_policies_keep_to_it():
    for seed in range(150):
        text = random_policy_text(Random(seed))
        assert faults(text) == [], text


@pytest.mark.parametrize(
    "name", [n.strip() for line in OF_SHAPE.split("\n") for n in line.split("|") if n.strip()]
)
def test_faults_of_shape_do_not(name):
    good, bad = (MORE.get(name) or FAULTS[name])[:2]
    assert good in GOOD
    assert faults(GOOD.replace(good, bad, 1))


def test_facts_of_another_subject_are_told_apart():
    clause = SCHEMA["definitions"]["Clause"]["allOf"]
    assert [c["if"]["properties"]["subject"]["const"] for c in clause] == ["parcel", "project", "zone"]
    known = {
        s: SCHEMA["definitions"][f"Leaf-{s}"]["properties"]["fact"]["anyOf"][0]["enum"]
        for s in ("parcel", "project", "zone")
    }
    assert "start_state" in known["parcel"]
    assert "start_state" not in known["project"]
    assert "built_out_share" in known["zone"]


def test_every_key_is_explained():
    unexplained = [
        f"{name}.{key}"
        for name, part in SCHEMA["definitions"].items()
        for key, value in part.get("properties", {}).items()
        if "description" not in value
    ]
    assert unexplained == []
    kinds = {name.partition("-")[0] for name in SCHEMA["definitions"]} | {"PolicyFile"}
    for key in section("policy_keys"):
        assert key.partition(".")[0] in kinds
