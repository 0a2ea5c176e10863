"""Conditions that are named once and used by name: ``{ use = "…" }`` gives way to what it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landuse.errors import PolicyError, nearest

__all__ = ["spelled_out"]

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
    clauses = raw.get("clause")
    if isinstance(clauses, list):
        whole["clause"] = [expand(c, (), _clause(c, i)) for i, c in enumerate(clauses)]
    return whole


def _holds(key: str) -> bool:
    """Say whether conditions may stand under a key."""
    return key in (*PLACES, "all", "any", "consequence")


def _clause(clause: Any, place: int) -> str:
    name = clause.get("id") if isinstance(clause, dict) else None
    return f"clause[{name or f'#{place + 1}'}]"
