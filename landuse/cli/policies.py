"""``landuse policies [ID]``: shipped policies; one of them with clauses, limits, sources and dates."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from landuse.labels import label, say
from landuse.policy import Policy, in_words, load_policy, shipped

__all__ = ["add"]


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("policies", help="the shipped policies, or one of them in full")
    command.add_argument("id", metavar="ID", nargs="?", help="a shipped policy or a policy file")
    command.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    if arguments.id is None:
        print(say("cli", "policies_head"))
        for name in shipped():
            print(_line(load_policy(name)))
        return
    for line in _whole(load_policy(arguments.id)):
        print(line)


def _line(policy: Policy) -> str:
    expires = (
        say("cli", "policy_expires", expires=policy.expires)
        if policy.expires
        else label("cli", "policy_open")
    )
    return say("cli", "policy", id=policy.id, title=policy.title, effective=policy.effective, expires=expires)


def _whole(policy: Policy) -> Iterator[str]:
    yield _line(policy).strip()
    yield say("cli", "policy_source", source=policy.source)
    if policy.note:
        yield say("cli", "policy_note", note=policy.note)
    for clause in policy.clauses:
        yield ""
        yield say("cli", "policy_clause", id=clause.id, cite=clause.cite, text=clause.text)
        verdict = label(f"{clause.subject}_verdicts", clause.verdict)
        yield say("cli", "policy_condition", condition=in_words(clause, policy), verdict=verdict)
