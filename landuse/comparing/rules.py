"""The table ``rule_changes``: what differs in the question itself, key by key of policies and ledgers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from landuse.ledger import text_digest
from landuse.tables import RULE_CHANGE_KINDS, RULE_CHANGES, Result

__all__ = ["FOUND", "named_facts", "plain", "rule_changes"]

FOUND = (
    "title", "as_of", "plan", "notes", "inputs", "working_crs_why", "policies", "output", "versions",
    "accounts", "digests",
)  # fmt: skip
"""What of a ledger is no setting: names, what was read, what came of it; the rest decides figures."""
LIMITS = ("limit", "rate")

Row = tuple[str, str | None, str | None, str | None, str | None, str | None]


def rule_changes(old: Result, new: Result) -> pd.DataFrame:
    """List what differs between the questions of two runs: date, policies, limits, settings, versions.

    Parameters
    ----------
    old, new : Result
        The two runs, with the texts of their policies.

    Returns
    -------
    DataFrame
        Table ``rule_changes``. A policy whose text changed has a row with both digests, and one for every
        key of every clause that differs; a change of remarks alone shows in the digest only.
    """
    rows = [*_dates(old, new), *_policies(old, new), *_settings(old, new)]
    order = {kind: n for n, kind in enumerate(RULE_CHANGE_KINDS)}
    rows.sort(key=lambda r: order[r[0]])
    columns = list(RULE_CHANGES.columns)
    return RULE_CHANGES.conform(pd.DataFrame(rows, columns=columns, dtype=object))


def _dates(old: Result, new: Result) -> Iterator[Row]:
    if old.as_of != new.as_of:
        yield "as_of_changed", None, None, "as_of", old.as_of.isoformat(), new.as_of.isoformat()


def _policies(old: Result, new: Result) -> Iterator[Row]:
    was, now = ([*r.ledger.get("policies", r.policies)] for r in (old, new))
    for name in now:
        if name not in was:
            yield "policy_added", name, None, None, None, text_digest(new.policies[name])
    for name in was:
        if name not in now:
            yield "policy_removed", name, None, None, text_digest(old.policies[name]), None
    kept = [name for name in now if name in was]
    if kept != [name for name in was if name in now]:
        yield "order_changed", None, None, "policies", ", ".join(was), ", ".join(now)
    for name in kept:
        digests = text_digest(old.policies[name]), text_digest(new.policies[name])
        if digests[0] != digests[1]:
            yield "policy_changed", name, None, "sha256", *digests
            yield from _of_policy(name, _page(old.policies[name]), _page(new.policies[name]))


def _page(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)


def _clauses(page: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(c.get("id")): c for c in page.get("clause", ())}


def _of_policy(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Row]:
    was, now = _clauses(old), _clauses(new)
    yield from (("clause_added", name, c, None, None, _says(now[c])) for c in now if c not in was)
    yield from (("clause_removed", name, c, None, _says(was[c]), None) for c in was if c not in now)
    kept = [c for c in now if c in was]
    if kept != [c for c in was if c in now]:
        yield "order_changed", name, None, "clause", ", ".join(was), ", ".join(now)
    for clause in kept:
        for path, one, other in _differences(was[clause], now[clause]):
            limit = any(part in LIMITS for part in path)
            kind = "limit_changed" if limit else "clause_changed"
            yield kind, name, clause, ".".join(path), one, other
    rest = [{k: v for k, v in page.items() if k != "clause"} for page in (old, new)]
    for path, one, other in _differences(*rest):
        yield "header_changed", name, None, ".".join(path), one, other


def _says(clause: Mapping[str, Any]) -> str:
    return str(clause.get("text") or clause.get("id"))


def _settings(old: Result, new: Result) -> Iterator[Row]:
    for kind, pages in (
        ("setting_changed", [{k: v for k, v in r.ledger.items() if k not in FOUND} for r in (old, new)]),
        ("version_changed", [r.ledger.get("versions", {}) for r in (old, new)]),
    ):
        for path, one, other in _differences(*(plain(page) for page in pages)):
            yield kind, None, None, ".".join(path), one, other


def plain(value: Any) -> Any:
    """Return a value of a ledger as its JSON file gives it back."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value.isoformat() if isinstance(value, date) else value


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value of nested tables and lists of tables, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*path, str(key)))
    elif isinstance(value, list) and not all(isinstance(v, str) for v in value):
        for place, part in enumerate(value, start=1):
            yield from _leaves(part, (*path, str(place)))
    elif value is not None and value != []:
        yield path, value


def _differences(old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], str | None, str | None]]:
    was, now = dict(_leaves(old)), dict(_leaves(new))
    for path in dict.fromkeys([*now, *was]):
        if was.get(path) != now.get(path):
            yield path, _text(was.get(path)), _text(now.get(path))


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value)


def named_facts(text: str) -> frozenset[str]:
    """Return the facts that a policy's text names, in conditions, classes and fees.

    Examples
    --------
    >>> from landuse.policy import load_policy
    >>> sorted(named_facts(load_policy("cn-luoyang-zones-2011").text))
    ['fixed_wan_per_mu', 'is_new', 'total_invest_wan', 'zone_class']
    """
    found: set[str] = set()
    for path, value in _leaves(_page(text)):
        if path and path[-1] in ("fact", "by", "fee_of"):
            found.update(value if isinstance(value, list) else [str(value)])
    return frozenset(found)
