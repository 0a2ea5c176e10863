"""Conditions that are named once and used by name: ``{ use = "…" }`` gives way to what it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landuse.errors import PolicyError, nearest

__all__ = ["spelled_out"]

MOST, DEEPEST = 2000, 60
"""Parts that a clause may have when its names are spelled out, and how deep they may lie in one another."""
PLACES = ("scope", "when", "unless", "not")


def spelled_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a policy file with every use of a named condition spelled out.

    Raises
    ------
    PolicyError
        Where a name is not there, or a condition uses itself.

    Examples
    --------
    >>> leaf = {"fact": "is_new", "op": "==", "limit": True}
    >>> spelled_out({"conditions": {"new": leaf}, "clause": [{"when": {"use": "new"}}]})["clause"]
    [{'when': {'fact': 'is_new', 'op': '==', 'limit': True}}]
    """
    named = raw.get("conditions", {})
    if not isinstance(named, dict):
        return dict(raw)
    done: dict[str, Any] = {}

    def meant(name: Any, inside: tuple[str, ...], where: str) -> Any:
        if not isinstance(name, str) or name not in named:
            near = nearest(str(name), list(named)) if named else None
            raise PolicyError(
                f"no condition is named {name!r}" + (f"; the nearest is {near!r}" if near else ""),
                key=where,
                remedy="name it under [conditions.…]",
            )
        if name in inside:
            raise PolicyError(
                f"the condition {name!r} uses itself", key=f"conditions.{name}", remedy="spell it out"
            )
        if name not in done:
            done[name] = expand(named[name], (*inside, name), f"conditions.{name}")
        return done[name]

    def expand(part: Any, inside: tuple[str, ...], where: str) -> Any:
        if isinstance(part, dict):
            if set(part) == {"use"}:
                return meant(part["use"], inside, f"{where}.use")
            return {k: expand(v, inside, f"{where}.{k}") if _holds(k) else v for k, v in part.items()}
        if isinstance(part, list):
            return [expand(v, inside, f"{where}[{i}]") for i, v in enumerate(part)]
        return part

    whole = dict(raw)
    whole["conditions"] = {name: meant(name, (), f"conditions.{name}") for name in named}
    sizes: dict[int, tuple[int, int]] = {}
    for name, condition in whole["conditions"].items():
        _check_size(condition, sizes, f"conditions.{name}")
    clauses = raw.get("clause")
    if isinstance(clauses, list):
        whole["clause"] = [expand(c, (), _clause(c, i)) for i, c in enumerate(clauses)]
        for i, clause in enumerate(whole["clause"]):
            _check_size(clause, sizes, _clause(clause, i))
    return whole


def _check_size(part: Any, sizes: dict[int, tuple[int, int]], where: str) -> None:
    """Refuse what no person can have meant: names that multiply, conditions in conditions without end."""
    count, depth = _size(part, sizes)
    if count > MOST or depth > DEEPEST:
        what = f"{count} parts" if count > MOST else f"conditions nested {depth} deep"
        raise PolicyError(
            f"spelled out this has {what}; {MOST} and {DEEPEST} are the most",
            key=where,
            remedy="say it in fewer conditions, or in several clauses",
        )


def _size(part: Any, sizes: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Return how many parts a condition spells out to, what recurs counted again, and how deep they lie."""
    if not isinstance(part, dict | list):
        return 0, 0
    if id(part) not in sizes:
        inside = [_size(p, sizes) for p in (part.values() if isinstance(part, dict) else part)]
        count = sum(c for c, _ in inside) + isinstance(part, dict)
        depth = max((d for _, d in inside), default=0) + isinstance(part, dict)
        sizes[id(part)] = count, depth
    return sizes[id(part)]


def _holds(key: str) -> bool:
    """Say whether conditions may stand under a key."""
    return key in (*PLACES, "all", "any", "consequence")


def _clause(clause: Any, place: int) -> str:
    name = clause.get("id") if isinstance(clause, dict) else None
    return f"clause[{name or f'#{place + 1}'}]"
