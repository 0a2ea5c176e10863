"""Read a policy file and refuse what is not in the language, with file and key."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from landuse.errors import MissingFileError, PolicyError, nearest
from landuse.policy.check import check_policy
from landuse.policy.model import Clause, Consequence, Header, Leaf, Policy, PolicyFile, Route

__all__ = ["load_file", "load_text"]

_CONDITION = (*Leaf.model_fields, "all", "any", "not")
_HOLDERS: dict[str, type[BaseModel]] = {
    "policy": Header,
    "clause": Clause,
    "consequence": Consequence,
    "routes": Route,
}


def load_text(text: str, *, file: str) -> Policy:
    """Read a policy from its text.

    Parameters
    ----------
    text : str
        TOML.
    file : str
        The name that messages give.

    Returns
    -------
    Policy

    Raises
    ------
    PolicyError
        With file, key and remedy, for anything that is not in the policy language.

    Examples
    --------
    >>> load_text("[policy]", file="mine.toml")
    Traceback (most recent call last):
    landuse.errors.PolicyError: mine.toml, [policy.id]: id is missing (faults in all: 6). What to do: add it
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(
            f"this is not TOML: {error}",
            file=file,
            remedy="correct the line; texts stand in quotes, dates do not",
        ) from None
    try:
        content = PolicyFile.model_validate(raw)
        check_policy(content)
    except ValidationError as error:
        raise _fault(error, raw, file) from None
    except PolicyError as error:
        raise PolicyError(error.what, file=file, key=error.key, remedy=error.remedy) from None
    header = {name: getattr(content.policy, name) for name in Header.model_fields}
    return Policy(**header, clauses=content.clause, text=text, file=file)


def load_file(path: str | Path) -> Policy:
    """Read a policy file.

    Raises
    ------
    MissingFileError
        Where there is none.
    PolicyError
        As ``load_text`` does.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise MissingFileError(
            "there is no such policy file",
            file=str(path),
            remedy="name a TOML file, or the id of a shipped policy",
        ) from None
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"byte {error.start} is not UTF-8", file=str(path), remedy="save the file as UTF-8"
        ) from None
    return load_text(text, file=str(path))


def _fault(error: ValidationError, raw: dict[str, Any], file: str) -> PolicyError:
    faults = error.errors(include_url=False)
    first = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    loc = tuple(p for p in first["loc"] if not str(p).startswith("<") and p != "[key]")
    name = str(loc[-1]) if loc else ""
    context = first.get("ctx", {})
    remedy: str | None = "write it as the policy language has it; a shipped policy is an example"
    match first["type"]:
        case "missing":
            what, remedy = f"{name} is missing", "add it"
        case "extra_forbidden":
            known = _keys_at(loc[:-1])
            what = f"unknown key {name!r}; the nearest known one is {nearest(name, known)!r}"
            remedy = f"one of {', '.join(known)}"
            if name in known:
                what, remedy = f"{name!r} cannot stand beside the other keys", "give each condition one form"
        case "literal_error":
            known = [w.strip("' ") for w in str(context["expected"]).replace(" or ", ", ").split(", ")]
            value = str(first["input"])
            what = f"unknown {name} {value!r}; the nearest known one is {nearest(value, known)!r}"
            remedy = f"one of {', '.join(known)}"
        case "value_error":
            what = str(context["error"])
            if what == "is empty":
                what, remedy = f"{name} is empty", "fill it in"
            elif "empty" in what:
                remedy = "fill it in; a policy with an empty limit decides nothing"
            elif name not in what:
                what = f"{name}: {what}"
        case "too_short":
            what, remedy = f"{name} is empty", "put at least one in it"
        case _:
            what = f"{name}: {first['msg'][0].lower()}{first['msg'][1:]}"
    more = f" (faults in all: {len(faults)})" if len(faults) > 1 else ""
    return PolicyError(what + more, file=file, key=_path(loc, raw), remedy=remedy)


def _keys_at(loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand at a place of the file."""
    names = [str(p) for p in loc if not isinstance(p, int)]
    if not names:
        return list(PolicyFile.model_fields)
    if names[-1] in ("scope", "when", "unless", "all", "any", "not"):
        return list(_CONDITION)
    if names[-1] == "otherwise":
        return ["parcel", "project", "zone"]
    holder = "routes" if "routes" in names else names[-1]
    return list(_HOLDERS[holder].model_fields)


def _path(loc: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    """Write a place of the file as a key path; a clause is named by its id."""
    path = ""
    for place, part in enumerate(loc):
        if isinstance(part, int):
            label = str(part)
            if place == 1 and loc[0] == "clause":
                clause = raw["clause"][part]
                label = str((clause.get("id") if isinstance(clause, dict) else None) or f"#{part + 1}")
            path += f"[{label}]"
        else:
            path += f".{part}" if path else part
    return path
