"""Rules as data: the policy language, its files and when they are in force."""

from __future__ import annotations

from landuse.policy.load import load_text
from landuse.policy.model import Clause, Condition, Deadline, Leaf, OwnFact, Policy
from landuse.policy.schema import policy_schema, schema_text
from landuse.policy.shelf import (
    check_filled,
    check_in_force,
    covers,
    load_policy,
    policies_in_force,
    policies_of,
    shipped,
    write_copy,
)
from landuse.policy.wording import in_words
from landuse.policy.write import policy_toml

__all__ = [
    "Clause",
    "Condition",
    "Deadline",
    "Leaf",
    "OwnFact",
    "Policy",
    "check_filled",
    "check_in_force",
    "covers",
    "in_words",
    "load_policy",
    "load_text",
    "policies_in_force",
    "policies_of",
    "policy_schema",
    "policy_toml",
    "schema_text",
    "shipped",
    "write_copy",
]
