"""Check that a policy speaks of facts, verdicts and units that exist: what the grammar alone cannot know."""

from __future__ import annotations

from collections import Counter

from landuse.errors import PolicyError
from landuse.policy.check_conditions import check_condition, known
from landuse.policy.check_tables import check_tables
from landuse.policy.model import Clause, Consequence, OwnFact, Policy
from landuse.policy.vocabulary import fact_table
from landuse.tables import FACT_TABLES, PARCELS, PROJECTS, ROUTES, VERDICTS, ZONES

__all__ = ["check_policy"]

JUDGED = ("undecided", "out_of_scope")
"""Verdicts that follow from not knowing and from scope; no clause gives them."""
READ = {"parcel": PARCELS, "project": PROJECTS, "zone": ZONES}
ENDINGS = ("_low", "_high", "_total", "_period")


def check_policy(policy: Policy) -> None:
    """Refuse a policy that names what does not exist or leaves a case open.

    Raises
    ------
    PolicyError
        With the key path of the first fault; the caller adds the file.
    """
    _once([f"{f.subject} {f.name}" for f in policy.facts], "own fact", "fact")
    for fact in policy.facts:
        _check_own(fact)
    check_tables(policy)
    counts = Counter(c.id for c in policy.clauses)
    for place, clause in enumerate(policy.clauses):
        path = f"clause[{clause.id}]"
        if counts[clause.id] > 1:
            raise PolicyError(
                f"clause id {clause.id!r} stands {counts[clause.id]} times (here as number {place + 1})",
                key=f"{path}.id",
                remedy="give every clause an id of its own",
            )
        _check_clause(clause, policy, path)
    _check_header(policy)
    _check_deadlines(policy)


def _once(names: list[str], what: str, key: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise PolicyError(
                f"{what} {name} stands {count} times", key=f"{key}[{name.split()[-1]}]", remedy="name it once"
            )


def _check_own(fact: OwnFact) -> None:
    path = f"fact[{fact.name}]"
    taken = {*FACT_TABLES[fact.subject].stems(), *READ[fact.subject].stems(), FACT_TABLES[fact.subject].key}
    if fact.name in taken:
        raise PolicyError(
            f"a {fact.subject} has a fact {fact.name} already",
            key=f"{path}.name",
            remedy="use that one, or take another name",
        )
    if fact.name.endswith(ENDINGS):
        raise PolicyError(
            f"the name {fact.name} ends like a column of the house",
            key=f"{path}.name",
            remedy=f"take a name that does not end in {', '.join(ENDINGS)}",
        )
    if fact.type != "number" and (fact.unit or fact.per):
        raise PolicyError(f"a {fact.type} has no unit", key=f"{path}.unit", remedy="leave unit and per out")
    if fact.type == "number" and fact.per and not fact.unit:
        raise PolicyError("per needs a unit", key=f"{path}.unit", remedy="name the unit of the column")
    if fact.type != "text" and fact.values:
        raise PolicyError(
            f"a {fact.type} has no list of values", key=f"{path}.values", remedy="leave values out"
        )


def _check_header(policy: Policy) -> None:
    if policy.expires is not None and policy.expires <= policy.effective:
        raise PolicyError(
            f"expires {policy.expires} is not after effective {policy.effective}",
            key="policy.expires",
            remedy="correct one of the two dates",
        )
    if policy.id in policy.supersedes:
        raise PolicyError("a policy cannot supersede itself", key="policy.supersedes", remedy="take it out")
    subjects = list(dict.fromkeys(c.subject for c in policy.clauses))
    for subject in subjects:
        if subject not in policy.otherwise:
            raise PolicyError(
                f"no verdict for a {subject} where no clause holds",
                key="policy.otherwise",
                remedy=f'add {subject} = "…", one of {", ".join(_verdicts(subject))}',
            )
    for subject, verdict in policy.otherwise.items():
        if subject not in subjects:
            raise PolicyError(
                f"otherwise names {subject}, but no clause is about a {subject}",
                key=f"policy.otherwise.{subject}",
                remedy="leave it out",
            )
        known(verdict, _verdicts(subject), f"verdict for a {subject}", f"policy.otherwise.{subject}")
    _check_routes(policy, {c.verdict for c in policy.about("project")})


def _check_routes(policy: Policy, verdicts: set[str]) -> None:
    for verdict, way in policy.routes.items():
        known(verdict, VERDICTS["project"], "verdict for a project", f"policy.routes.{verdict}")
        known(way.route, ROUTES, "route", f"policy.routes.{verdict}.route")
    if not verdicts:
        return
    needed = [v for v in VERDICTS["project"] if v in verdicts | {policy.otherwise["project"], *JUDGED}]
    lacking = [v for v in needed if v not in policy.routes]
    if lacking:
        raise PolicyError(
            f"no route for the verdict {', '.join(lacking)}",
            key="policy.routes",
            remedy=f'add {lacking[0]} = {{ route = "…", source = "…" }}, route one of {", ".join(ROUTES)}',
        )


def _check_clause(clause: Clause, policy: Policy, path: str) -> None:
    known(clause.verdict, _verdicts(clause.subject), f"verdict for a {clause.subject}", f"{path}.verdict")
    if clause.scope is not None:
        check_condition(clause.scope, clause.subject, policy, f"{path}.scope")
    check_condition(clause.when, clause.subject, policy, f"{path}.when")
    if clause.consequence is not None:
        _check_consequence(clause.consequence, clause.subject, policy, f"{path}.consequence")


def _check_consequence(consequence: Consequence, subject: str, policy: Policy, path: str) -> None:
    fee, factor = consequence.fee_of is not None, consequence.quota_factor is not None
    if fee is not (consequence.rate is not None):
        raise PolicyError(
            "fee_of and rate stand together", key=f"{path}.{'rate' if fee else 'fee_of'}", remedy="add it"
        )
    if not (fee or factor or consequence.action):
        raise PolicyError(
            "the consequence is empty", key=path, remedy="name fee_of and rate, an action or a quota_factor"
        )
    if fee and subject != "parcel":
        raise PolicyError(
            f"a {subject} bears no fee", key=path, remedy="only a clause about parcels has a fee"
        )
    if factor and subject != "zone":
        raise PolicyError(f"a {subject} has no quota", key=path, remedy="only a clause about zones has one")
    if consequence.fee_of is not None:
        table = fact_table(policy, subject)
        money = [s for s in table.stems() if table.is_pair(s) and table.unit(s) == "wan"]
        known(consequence.fee_of, money, "amount of money of a parcel", f"{path}.fee_of")
    if consequence.unless is not None:
        check_condition(consequence.unless, subject, policy, f"{path}.unless")


def _check_deadlines(policy: Policy) -> None:
    _once([d.id for d in policy.deadlines], "deadline", "deadline")
    for deadline in policy.deadlines:
        given = [c.verdict for c in policy.about(deadline.subject)]
        for verdict in deadline.after:
            known(verdict, given, "verdict of this policy", f"deadline[{deadline.id}].after")


def _verdicts(subject: str) -> list[str]:
    return [v for v in VERDICTS[subject] if v not in JUDGED]
