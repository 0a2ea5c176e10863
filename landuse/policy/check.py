"""Check that a policy speaks of facts, verdicts and units that exist: what the grammar alone cannot know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from landuse.errors import PolicyError, nearest
from landuse.labels import section
from landuse.policy.model import (
    AllOf,
    AnyOf,
    ByClass,
    Clause,
    Condition,
    Consequence,
    Header,
    Leaf,
    NotOf,
    PolicyFile,
)
from landuse.policy.vocabulary import absent_value, closed_values, fact_unit, kind, scale, unit_code
from landuse.tables import FACT_TABLES, ROUTES, VERDICTS

__all__ = ["check_policy"]

OPS_OF = {
    "number": ("<", "<=", ">", ">=", "==", "!="),
    "text": ("==", "!=", "in", "not_in"),
    "flag": ("==", "!="),
}
INCLUDES = {"<": False, "<=": True, ">": False, ">=": True}
JUDGED = ("undecided", "out_of_scope")
"""Verdicts that follow from not knowing and from scope; no clause gives them."""


def check_policy(policy: PolicyFile) -> None:
    """Refuse a policy that names what does not exist or leaves a case open.

    Raises
    ------
    PolicyError
        With the key path of the first fault; the caller adds the file.
    """
    counts = Counter(c.id for c in policy.clause)
    for place, clause in enumerate(policy.clause):
        path = f"clause[{clause.id}]"
        if counts[clause.id] > 1:
            raise PolicyError(
                f"clause id {clause.id!r} stands {counts[clause.id]} times (here as number {place + 1})",
                key=f"{path}.id",
                remedy="give every clause an id of its own",
            )
        _check_clause(clause, path)
    _check_header(policy.policy, policy.clause)


def _check_header(header: Header, clauses: Iterable[Clause]) -> None:
    if header.expires is not None and header.expires <= header.effective:
        raise PolicyError(
            f"expires {header.expires} is not after effective {header.effective}",
            key="policy.expires",
            remedy="correct one of the two dates",
        )
    subjects = list(dict.fromkeys(c.subject for c in clauses))
    for subject in subjects:
        if subject not in header.otherwise:
            raise PolicyError(
                f"no verdict for a {subject} where no clause holds",
                key="policy.otherwise",
                remedy=f'add {subject} = "…", one of {", ".join(_verdicts(subject))}',
            )
    for subject, verdict in header.otherwise.items():
        if subject not in subjects:
            raise PolicyError(
                f"otherwise names {subject}, but no clause is about a {subject}",
                key=f"policy.otherwise.{subject}",
                remedy="leave it out",
            )
        _known(verdict, _verdicts(subject), f"verdict for a {subject}", f"policy.otherwise.{subject}")
    _check_routes(header, {c.verdict for c in clauses if c.subject == "project"})


def _check_routes(header: Header, verdicts: set[str]) -> None:
    for verdict, way in header.routes.items():
        _known(verdict, VERDICTS["project"], "verdict for a project", f"policy.routes.{verdict}")
        _known(way.route, ROUTES, "route", f"policy.routes.{verdict}.route")
    if not verdicts:
        return
    needed = [v for v in VERDICTS["project"] if v in verdicts | {header.otherwise["project"], *JUDGED}]
    lacking = [v for v in needed if v not in header.routes]
    if lacking:
        raise PolicyError(
            f"no route for the verdict {', '.join(lacking)}",
            key="policy.routes",
            remedy=f'add {lacking[0]} = {{ route = "…", source = "…" }}, route one of {", ".join(ROUTES)}',
        )


def _check_clause(clause: Clause, path: str) -> None:
    _known(clause.verdict, _verdicts(clause.subject), f"verdict for a {clause.subject}", f"{path}.verdict")
    if clause.scope is not None:
        _check_condition(clause.scope, clause.subject, f"{path}.scope")
    _check_condition(clause.when, clause.subject, f"{path}.when")
    if clause.consequence is not None:
        _check_consequence(clause.consequence, clause.subject, f"{path}.consequence")


def _check_consequence(consequence: Consequence, subject: str, path: str) -> None:
    if subject != "parcel":
        raise PolicyError(
            f"a {subject} bears no fee", key=path, remedy="only a clause about parcels has a consequence"
        )
    table = FACT_TABLES[subject]
    money = [s for s in table.stems() if table.is_pair(s) and table.unit(s) == "wan"]
    _known(consequence.fee_of, money, "amount of money of a parcel", f"{path}.fee_of")
    if consequence.unless is not None:
        _check_condition(consequence.unless, subject, f"{path}.unless")


def _check_condition(condition: Condition, subject: str, path: str) -> None:
    match condition:
        case Leaf():
            _check_leaf(condition, subject, path)
        case AllOf(all=parts):
            for i, part in enumerate(parts):
                _check_condition(part, subject, f"{path}.all[{i}]")
        case AnyOf(any=parts):
            for i, part in enumerate(parts):
                _check_condition(part, subject, f"{path}.any[{i}]")
        case NotOf(condition=part):
            _check_condition(part, subject, f"{path}.not")


def _check_leaf(leaf: Leaf, subject: str, path: str) -> None:
    facts = FACT_TABLES[subject].stems()
    what = kind(subject, leaf.fact) if leaf.fact in facts else None
    if leaf.fact not in facts:
        _known(leaf.fact, [f for f in facts if kind(subject, f)], f"fact of a {subject}", f"{path}.fact")
    if what is None:
        raise PolicyError(
            f"{leaf.fact} cannot be compared: it is a date or a list",
            key=f"{path}.fact",
            remedy="take a fact that counts days or years, such as days_past_start",
        )
    if leaf.op not in OPS_OF[what]:
        raise PolicyError(
            f"{leaf.op!r} does not compare a {what}, and {leaf.fact} is one",
            key=f"{path}.op",
            remedy=f"one of {'  '.join(OPS_OF[what])}",
        )
    if leaf.inclusive is not None and INCLUDES.get(leaf.op) is not leaf.inclusive:
        raise PolicyError(
            f"inclusive = {str(leaf.inclusive).lower()} contradicts {leaf.op!r}",
            key=f"{path}.inclusive",
            remedy="<= and >= include the limit, < and > do not; other operators take no inclusive",
        )
    if what == "number":
        _check_number(leaf, subject, path)
    else:
        _check_words(leaf, subject, what, path)


def _check_number(leaf: Leaf, subject: str, path: str) -> None:
    if isinstance(leaf.limit, ByClass):
        _check_by_class(leaf.limit, subject, path)
    elif not isinstance(leaf.limit, Fraction):
        raise PolicyError(
            f"{leaf.limit!r} is not a number, and {leaf.fact} is one",
            key=f"{path}.limit",
            remedy="write a number without quotes, or a fraction as text",
        )
    own = fact_unit(subject, leaf.fact)
    code = unit_code(leaf.unit)
    if code is None:
        near = nearest(leaf.unit, list(section("policy_units")))
        raise PolicyError(
            f"unknown unit {leaf.unit!r}; the nearest known one is {near!r}",
            key=f"{path}.unit",
            remedy=f"one of {' '.join(section('policy_units'))}",
        )
    fitting = [u for u, c in section("policy_units").items() if own and scale(c)[0] == scale(own)[0]]
    if own and not code:
        raise PolicyError(
            f"the limit of {leaf.fact} has no unit",
            key=f"{path}.unit",
            remedy=f"one of {' '.join(fitting)}",
        )
    if scale(code)[0] != scale(own)[0]:
        raise PolicyError(
            f"{leaf.unit!r} does not measure {leaf.fact}",
            key=f"{path}.unit",
            remedy=f"one of {' '.join(fitting)}" if fitting else "leave the unit out",
        )


def _check_by_class(limit: ByClass, subject: str, path: str) -> None:
    table = FACT_TABLES[subject]
    classed = [f for f in table.stems() if closed_values(subject, f)]
    _known(limit.by, classed, f"class of a {subject}", f"{path}.limit.by")
    classes = closed_values(subject, limit.by, possible=True)
    named = [name for name, _ in limit.values]
    for name in named:
        _known(name, classes, f"value of {limit.by}", f"{path}.limit.{name}")
    for name in classes:
        if name not in named:
            raise PolicyError(
                f"limit is empty, refused: there is none for {limit.by} {name!r}",
                key=f"{path}.limit.{name}",
                remedy="give a limit for every class, and leave classes out with a scope",
            )


def _check_words(leaf: Leaf, subject: str, what: str, path: str) -> None:
    if leaf.unit:
        raise PolicyError(f"{leaf.fact} has no unit", key=f"{path}.unit", remedy="leave the unit out")
    limit = leaf.limit
    if what == "flag":
        if not isinstance(limit, bool):
            raise PolicyError(
                f"{leaf.fact} is yes or no", key=f"{path}.limit", remedy="write true or false, without quotes"
            )
        return
    listed = leaf.op in ("in", "not_in")
    if not isinstance(limit, tuple if listed else str):
        raise PolicyError(
            f"{leaf.op!r} compares the text {leaf.fact} with {'a list of texts' if listed else 'one text'}",
            key=f"{path}.limit",
            remedy='write ["…", "…"]' if listed else 'write "…"',
        )
    values = closed_values(subject, leaf.fact)
    for word in limit if isinstance(limit, tuple) else (str(limit),):
        if word == absent_value(subject, leaf.fact):
            raise PolicyError(
                f"{word!r} says that {leaf.fact} is not known; it cannot be compared with",
                key=f"{path}.limit",
                remedy=f"one of {', '.join(values)}; what is not known makes the condition unknown by itself",
            )
        if values:
            _known(word, values, f"value of {leaf.fact}", f"{path}.limit")


def _verdicts(subject: str) -> list[str]:
    return [v for v in VERDICTS[subject] if v not in JUDGED]


def _known(word: str, known: Iterable[str], what: str, key: str) -> None:
    words = list(known)
    if word not in words:
        near = nearest(word, words)
        raise PolicyError(
            f"unknown {what}: {word!r}; the nearest known one is {near!r}",
            key=key,
            remedy=f"one of {', '.join(words)}",
        )
