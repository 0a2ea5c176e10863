"""``landuse policies [ID]``: shipped policies; one of them with clauses, limits, sources and dates."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from landuse.errors import PlanError
from landuse.labels import label, say
from landuse.policy import Clause, Policy, in_words, load_policy, schema_text, shipped, write_copy
from landuse.policy.vocabulary import fact_label, fact_table
from landuse.policy.wording import condition_words, number_text

__all__ = ["add"]


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("policies", help="the shipped policies, or one of them in full")
    command.add_argument("id", metavar="ID", nargs="?", help="a shipped policy or a policy file")
    command.add_argument("--copy", metavar="FOLDER", help="write the shipped policy and its tables there")
    command.add_argument("--schema", action="store_true", help="print the JSON Schema of policy files")
    command.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    if arguments.schema:
        if arguments.id is not None or arguments.copy is not None:
            raise PlanError("--schema stands alone", key="--schema", remedy="leave the others out")
        print(schema_text(), end="")
    elif arguments.copy is not None:
        if arguments.id is None:
            raise PlanError(
                "which policy is to be copied?", key="--copy", remedy=f"name one of {', '.join(shipped())}"
            )
        for path in write_copy(arguments.id, arguments.copy):
            print(say("cli", "policy_copied", path=path))
    elif arguments.id is None:
        print(say("cli", "policies_head"))
        for name in shipped():
            print(_line(load_policy(name)))
    else:
        for line in _whole(load_policy(arguments.id)):
            print(line)


def _line(policy: Policy) -> str:
    expires = (
        say("cli", "policy_expires", expires=policy.expires)
        if policy.expires
        else label("cli", "policy_open")
    )
    line = say("cli", "policy", id=policy.id, title=policy.title, effective=policy.effective, expires=expires)
    return line + (label("cli", "policy_template") if policy.template else "")


def _whole(policy: Policy) -> Iterator[str]:
    yield _line(policy).strip()
    yield say("cli", "policy_source", source=policy.source)
    if policy.region:
        yield say("cli", "policy_region", region=policy.region)
    if policy.supersedes:
        yield say("cli", "policy_supersedes", ids=label("conditions", "and").join(policy.supersedes))
    if policy.gaps():
        yield say("cli", "policy_gaps", n=len(policy.gaps()))
    if policy.note:
        yield say("cli", "policy_note", note=policy.note)
    yield from _own_facts(policy)
    yield from _tables(policy)
    for clause in policy.clauses:
        yield ""
        yield from _clause(clause, policy)
    yield ""
    verdicts = [
        say("cli", "policy_otherwise_each", subject=label("subjects", s), verdict=label(f"{s}_verdicts", v))
        for s, v in policy.otherwise.items()
    ]
    yield say("cli", "policy_otherwise", verdicts=label("conditions", "and").join(verdicts))
    yield from _deadlines(policy)


def _own_facts(policy: Policy) -> Iterator[str]:
    if policy.facts:
        yield label("cli", "policy_own_facts")
    for fact in policy.facts:
        yield say(
            "cli",
            "policy_own_fact",
            name=fact.name,
            label=fact.label,
            subject=label("subjects", fact.subject),
            type=label("fact_types", fact.type),
            unit=say("cli", "policy_own_unit", unit=fact.unit) if fact.unit else "",
            per=label("cli", "policy_own_per") if fact.per else "",
            columns=label("conditions", "and").join(fact.columns),
        )


def _tables(policy: Policy) -> Iterator[str]:
    if policy.tables:
        yield label("cli", "policy_tables")
    for table in policy.tables:
        yield say(
            "cli",
            "policy_table",
            id=table.id,
            file=table.file,
            by=label("conditions", "and").join(_named_anywhere(policy, fact) for fact in table.by),
            rows=sum(row.table == table.id for row in policy.rows),
            unit=say("cli", "policy_table_unit", unit=table.unit) if table.unit else "",
        )


def _named_anywhere(policy: Policy, fact: str) -> str:
    """Return what people call a fact that a table goes by, whichever subject it is of."""
    tables = [fact_table(policy, subject) for subject in policy.otherwise]
    return fact_label(next(t for t in tables if fact in t.columns), fact)


def _clause(clause: Clause, policy: Policy) -> Iterator[str]:
    yield say("cli", "policy_clause", id=clause.id, cite=clause.cite, text=clause.text)
    verdict = label(f"{clause.subject}_verdicts", clause.verdict)
    verdict += say("cli", "policy_outcome", outcome=clause.outcome) if clause.outcome else ""
    yield say("cli", "policy_condition", condition=in_words(clause, policy), verdict=verdict)
    consequence = clause.consequence
    if consequence is None:
        return
    if consequence.fee_of is not None and consequence.rate is not None:
        fee_of = fact_label(fact_table(policy, clause.subject), consequence.fee_of)
        yield say("cli", "policy_fee", fee_of=fee_of, rate=number_text(consequence.rate))
    if consequence.action:
        yield say("cli", "policy_action", action=consequence.action)
    if consequence.quota_factor is not None:
        yield say("cli", "policy_factor", factor=number_text(consequence.quota_factor))
    if consequence.unless is not None:
        unless = condition_words(consequence.unless, clause.subject, policy)
        yield say("cli", "policy_unless", unless=unless)


def _deadlines(policy: Policy) -> Iterator[str]:
    if policy.deadlines:
        yield label("cli", "policy_deadlines")
    for deadline in policy.deadlines:
        after = label("conditions", "and").join(label("parcel_verdicts", v) for v in deadline.after)
        yield say(
            "cli",
            "policy_deadline",
            id=deadline.id,
            cite=deadline.cite,
            text=deadline.text,
            after=after,
            days=deadline.days,
        )
