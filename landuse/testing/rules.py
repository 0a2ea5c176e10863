"""Random policies, as the text of policy files: every form of the language, every kind of fact."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import tomli_w

from landuse.labels import section
from landuse.policy import Policy, load_text
from landuse.policy.bars import scale, unit_code
from landuse.policy.check import JUDGED
from landuse.policy.model import OwnFact
from landuse.policy.vocabulary import (
    SHARES,
    FactTable,
    closed_values,
    extended_table,
    fact_unit,
    facts_of,
    kind,
)
from landuse.policy.write import toml_number
from landuse.tables import FACT_TABLES, ROUTES, VERDICTS

__all__ = ["random_policy", "random_policy_text"]

NUMERIC = ("<", "<=", ">", ">=", "==", "!=")
KNOWING = ("is_known", "is_unknown")
MARKS = tuple(map(Fraction, ("0", "1", "2", "3", "5", "100", "1/2", "1/3", "12.34", "-1", "-1/3")))
DAYS = (date(2020, 2, 29), date(2023, 1, 1), date(2023, 12, 31), date(2024, 6, 30), date(1969, 12, 31))
CODES = ("36", "361", "C3610", "3620", "37", "4")
WORDS = ("M1", "M11", "R1", "R", "一等", "二 等", 'a"b')
INDUSTRY, EDITION = "industry_code", 2017
MONEY = ("wan", "wan/a")
"""Amounts in whole fen."""


@dataclass
class _Draft:
    """A policy being made: who it is about, what it may name."""

    random: Random
    subject: str
    table: FactTable
    pool: list[str]
    content: dict[str, Any] = field(default_factory=dict)

    def pick(self, choices: Any) -> Any:
        return self.random.choice(list(choices))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def named(self, *kinds: str) -> list[str]:
        return [f for f in self.pool if kind(self.table, f) in kinds]


def random_policy(random: Random, subject: str | None = None, *, knowing: bool = True) -> Policy:
    """Make a policy about one subject.

    Parameters
    ----------
    random : Random
        Where chance comes from; the same state gives the same policy.
    subject : {"parcel", "project", "zone"}, optional
        Whom it is about; any of them.
    knowing : bool
        Whether ``is_known`` and ``is_unknown``, which speak of the file, not of the world, may stand in it.

    Examples
    --------
    >>> random_policy(Random(1), "parcel") == random_policy(Random(1), "parcel")
    True
    """
    return load_text(random_policy_text(random, subject, knowing=knowing), file="random.toml")


def random_policy_text(random: Random, subject: str | None = None, *, knowing: bool = True) -> str:
    """Make the text of a policy file about one subject, as ``random_policy`` does."""
    about = subject or random.choice(list(FACT_TABLES))
    own = [_own_fact(random, about, n) for n in range(random.randint(0, 3))]
    table = extended_table(about, tuple(OwnFact(**_strict(f)) for f in own))
    facts = facts_of(table)
    pool = random.sample(facts, min(len(facts), random.randint(3, 7)))
    pool += [f["name"] for f in own if f["name"] not in pool]
    pool += [INDUSTRY] if INDUSTRY in facts and INDUSTRY not in pool and random.random() < 0.4 else []
    draft = _Draft(random, about, table, pool)
    content = draft.content
    content["policy"] = _header(draft)
    if own:
        content["fact"] = own
    if draft.named("number") and draft.named("text", "flag") and draft.chance(0.5):
        _add_table(draft)
    conditions = {f"named_{n}": _condition(draft, 2, knowing) for n in range(random.randint(0, 2))}
    if conditions:
        content["conditions"] = conditions
    content["clause"] = [_clause(draft, n, knowing) for n in range(random.randint(1, 5))]
    if about == "parcel" and draft.chance(0.3):
        after = draft.pick([c["verdict"] for c in content["clause"]])
        content["deadline"] = [{"id": "d", "cite": "第五条", "text": "限期", "after": [after], "days": 30}]
    return tomli_w.dumps(content)


def _strict(fact: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in fact.items()}


def _own_fact(random: Random, subject: str, place: int) -> dict[str, Any]:
    what = random.choice(["number", "number", "text", "flag", "date"])
    fact: dict[str, Any] = {"name": f"own_{place}", "subject": subject, "type": what}
    fact |= {"columns": [f"自有列{place}"], "label": f"自有指标{place}"}
    if what == "number":
        unit = random.choice(["", "万元", "亿元", "元", "亩", "人", "吨", "万元/年"])
        fact |= {"unit": unit} if unit else {}
        fact |= {"per": "mu"} if unit and random.random() < 0.4 else {}
    if what == "text" and random.random() < 0.5:
        fact["values"] = ["甲", "乙", "丙"]
    return fact


def _header(draft: _Draft) -> dict[str, Any]:
    header: dict[str, Any] = {"id": "random", "title": "随机", "source": "自拟\n第二行", "effective": DAYS[0]}
    header |= {"expires": date(2090, 1, 1)} if draft.chance(0.3) else {}
    header |= {"region": "410300", "note": '说明\t\\ "引"\n'} if draft.chance(0.3) else {}
    header |= {"supersedes": ["older"]} if draft.chance(0.2) else {}
    header["otherwise"] = {draft.subject: draft.pick(_verdicts(draft))}
    if draft.subject == "project":
        header["routes"] = {
            v: {"route": draft.pick(ROUTES), "source": f"依据 {v}"} for v in VERDICTS["project"]
        }
    return header


def _verdicts(draft: _Draft) -> list[str]:
    return [v for v in VERDICTS[draft.subject] if v not in JUDGED]


def _clause(draft: _Draft, place: int, knowing: bool) -> dict[str, Any]:
    clause: dict[str, Any] = {"id": f"c.{place}", "subject": draft.subject, "cite": f"第{place + 1}条"}
    clause |= {"text": "……", "verdict": draft.pick(_verdicts(draft))}
    clause |= {"outcome": draft.pick(["收回", "整改"])} if draft.chance(0.4) else {}
    if draft.chance(0.4):
        clause["scope"] = _used(draft, _condition(draft, 2, knowing))
    clause["when"] = _used(draft, _condition(draft, 3, knowing))
    if draft.chance(0.3):
        clause["consequence"] = {"action": draft.pick(["约谈", "通报"])}
        if draft.subject == "zone":
            clause["consequence"]["quota_factor"] = draft.pick([Decimal("0.9"), "11/10", 1])
    if draft.subject == "parcel" and draft.chance(0.4):
        clause["consequence"] = {"fee_of": "price_wan", "rate": draft.pick(["1/5", Decimal("0.5"), "1/3", 1])}
        if draft.chance(0.5):
            clause["consequence"]["unless"] = _condition(draft, 1, knowing)
    return clause


def _used(draft: _Draft, condition: dict[str, Any]) -> dict[str, Any]:
    """Now and then stand a name in the place of a condition, or of a part of it."""
    names = list(draft.content.get("conditions", {}))
    if not names or draft.chance(0.6):
        return condition
    use = {"use": draft.pick(names)}
    parts: list[dict[str, Any]] = [use, {"all": [condition, use]}, {"not": use}, {"any": [use, condition]}]
    return parts[draft.random.randrange(4)]


def _condition(draft: _Draft, depth: int, knowing: bool) -> dict[str, Any]:
    if depth == 0 or draft.chance(0.4):
        return _leaf(draft, knowing)
    form = draft.pick(["all", "any", "not"])
    if form == "not":
        return {"not": _condition(draft, depth - 1, knowing)}
    parts = [_condition(draft, depth - 1, knowing) for _ in range(draft.random.randint(1, 3))]
    return {form: parts}


def _leaf(draft: _Draft, knowing: bool) -> dict[str, Any]:
    fact = draft.pick(draft.pool)
    if knowing and draft.chance(0.1):
        return {"fact": fact, "op": draft.pick(KNOWING)}
    match kind(draft.table, fact):
        case "number":
            return _number(draft, fact)
        case "date":
            return _date(draft, fact)
        case "flag":
            return {"fact": fact, "op": draft.pick(["==", "!="]), "limit": draft.chance(0.5)}
    return _text(draft, fact)


def _text(draft: _Draft, fact: str) -> dict[str, Any]:
    op = draft.pick(["==", "!=", "in", "not_in", "under", "not_under"])
    closed = closed_values(draft.table, fact)
    words = closed or (CODES if fact == INDUSTRY else WORDS)
    leaf: dict[str, Any] = {"fact": fact, "op": op}
    if op in ("==", "!="):
        return leaf | {"limit": draft.pick(words)}
    if fact == INDUSTRY and op in ("under", "not_under"):
        leaf["std"] = EDITION
    return leaf | {"limit": draft.random.sample(words, min(len(words), draft.random.randint(1, 2)))}


def _date(draft: _Draft, fact: str) -> dict[str, Any]:
    leaf = {"fact": fact, "op": draft.pick(NUMERIC)}
    others = [f for f in draft.named("date") if f != fact]
    if others and draft.chance(0.4):
        return leaf | {"limit": {"fact": draft.pick(others)}}
    return leaf | {"limit": draft.pick(DAYS) + timedelta(days=draft.pick([-1, 0, 0, 1]))}


def _number(draft: _Draft, fact: str) -> dict[str, Any]:
    leaf: dict[str, Any] = {"fact": fact, "op": draft.pick(NUMERIC)}
    size = scale(fact_unit(draft.table, fact))[0]
    others = [f for f in draft.named("number") if f != fact and scale(fact_unit(draft.table, f))[0] == size]
    if others and draft.chance(0.25):
        times = draft.pick([1, 1, 2, Decimal("0.5"), "2/3"])
        return leaf | {"limit": {"fact": draft.pick(others)} | ({} if times == 1 else {"times": times})}
    if draft.chance(0.15):
        mode = draft.pick(["half_up", "down", "up"])
        leaf["round"] = {"digits": draft.pick([0, 1, 2, 4]), "mode": mode}
    stepped = "round" in leaf or fact_unit(draft.table, fact) in MONEY
    plain = stepped and leaf["op"] in ("==", "!=")
    indicator, page = f"for {fact}", draft.content.get("csv", {}).get("limits.csv", "")
    if f"{indicator}," in page and not plain and draft.chance(0.6):
        return leaf | {"limit": {"table": "limits", "indicator": indicator}}
    unit = draft.pick(_units(draft.table, fact))
    leaf |= {"unit": unit} if unit else {}
    classed = draft.named("text", "flag")
    if classed and not plain and draft.chance(0.25):
        return leaf | {"limit": _by_class(draft, fact, unit, draft.pick(classed))}
    limit = _mark(draft, fact, unit)
    if plain:
        limit = Fraction(round(limit))
    return leaf | {"limit": toml_number(limit)}


def _units(table: FactTable, fact: str) -> list[str]:
    own = fact_unit(table, fact)
    if not own:
        return [""]
    size = scale(own)[0]
    return [u for u, code in section("policy_units").items() if scale(code)[0] == size] or [own]


def _mark(draft: _Draft, fact: str, unit: str) -> Fraction:
    """Return a limit in the unit of the policy: round in that unit, or in the unit of the fact."""
    mark: Fraction = draft.pick(MARKS)
    if fact in SHARES:
        mark = min(mark, Fraction(1))
    if draft.chance(0.5):
        return mark
    code = unit_code(unit)
    return mark * scale(fact_unit(draft.table, fact))[1] / scale(unit if code is None else code)[1]


def _by_class(draft: _Draft, fact: str, unit: str, by: str) -> dict[str, Any]:
    limit: dict[str, Any] = {"by": by}
    if by == INDUSTRY:
        limit["std"] = EDITION
    flagged = kind(draft.table, by) == "flag"
    possible = ("true", "false") if flagged else closed_values(draft.table, by, possible=True)
    words = possible or (CODES if by == INDUSTRY else WORDS)
    some = draft.random.sample(list(words), draft.random.randint(1, min(3, len(words))))
    complete = bool(possible) and draft.chance(0.5)
    for name in possible if complete else some:
        limit[name] = toml_number(_mark(draft, fact, unit))
    if not complete and (possible or draft.chance(0.5)):
        limit["other"] = toml_number(_mark(draft, fact, unit))
    return limit


def _add_table(draft: _Draft) -> None:
    """Add a table of limits by one or two classes, some of its rows for every class."""
    facts = draft.named("number")
    classed = draft.named("text", "flag")
    by = draft.random.sample(classed, min(len(classed), draft.random.randint(1, 2)))
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(["indicator", *by, "value", "unit", "source"])
    for fact in draft.random.sample(facts, min(len(facts), 2)):
        unit = draft.pick(_units(draft.table, fact))
        keys = {tuple(_cell(draft, b) for b in by) for _ in range(draft.random.randint(1, 5))}
        for key in sorted(keys, key=str):
            value = toml_number(_mark(draft, fact, unit))
            writer.writerow([f"for {fact}", *key, value, unit, "附件一，第2页"])
            page.write("\n" * draft.pick([0, 0, 1]))
    about: dict[str, Any] = {"id": "limits", "file": "limits.csv", "by": by}
    about |= {"std": EDITION} if INDUSTRY in by else {}
    draft.content |= {"table": [about], "csv": {"limits.csv": page.getvalue()}}


def _cell(draft: _Draft, by: str) -> str:
    if draft.chance(0.3):
        return ""
    if kind(draft.table, by) == "flag":
        return str(draft.pick(["true", "false"]))
    closed = closed_values(draft.table, by)
    return str(draft.pick(closed or (CODES[:4] if by == INDUSTRY else WORDS)))
