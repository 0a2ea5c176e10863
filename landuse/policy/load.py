"""Read a policy file and refuse what is not in the language, with file and key."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from landuse.errors import MissingFileError, PolicyError, nearest
from landuse.policy.check import check_policy
from landuse.policy.conditions import Leaf, Rounding
from landuse.policy.model import (
    Clause,
    Consequence,
    Deadline,
    Header,
    LimitTable,
    OwnFact,
    Policy,
    PolicyFile,
    Route,
)
from landuse.policy.naming import spelled_out
from landuse.policy.tables_of_limits import decode_csv, rows_of_tables

__all__ = ["load_file", "load_text", "with_tables"]

_CONDITION = (*Leaf.model_fields, "all", "any", "not", "use")
_HOLDERS: dict[str, type[BaseModel]] = {
    "policy": Header,
    "clause": Clause,
    "consequence": Consequence,
    "routes": Route,
    "fact": OwnFact,
    "table": LimitTable,
    "deadline": Deadline,
}
_NAMED = {"clause": "id", "fact": "name", "table": "id", "deadline": "id"}


def load_text(text: str, *, file: str) -> Policy:
    """Read a policy from its text.

    Parameters
    ----------
    text : str
        TOML; the tables of limits that it names stand in it under ``[csv]``.
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
    raw = _content(text, file)
    try:
        content = PolicyFile.model_validate(spelled_out(raw))
        header = {name: getattr(content.policy, name) for name in Header.model_fields}
        policy = Policy(
            **header,
            clauses=content.clause,
            facts=content.fact,
            tables=content.table,
            rows=rows_of_tables(content.table, content.csv),
            deadlines=content.deadline,
            text=text,
            file=file,
        )
        check_policy(policy)
    except ValidationError as error:
        raise _fault(error, raw, file) from None
    except PolicyError as error:
        raise PolicyError(error.what, file=file, key=error.key, remedy=error.remedy) from None
    except RecursionError:
        raise _too_deep(file) from None
    return policy


def _content(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except RecursionError:
        raise _too_deep(file) from None
    except ValueError as error:  # TOMLDecodeError, and a number of more digits than Python reads
        raise PolicyError(
            f"this is not TOML: {error}",
            file=file,
            remedy="correct the line; texts stand in quotes, dates do not",
        ) from None


def _too_deep(file: str) -> PolicyError:
    return PolicyError(
        "conditions or lists are nested too deep to be read", file=file, remedy="say it in several clauses"
    )


def load_file(path: str | Path) -> Policy:
    """Read a policy file, and the tables of limits that lie beside it.

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
    return load_text(with_tables(text, Path(path).parent, file=str(path)), file=str(path))


def with_tables(text: str, folder: Path | Traversable, *, file: str) -> str:
    """Return the text of a policy with the tables of limits it names put in, so that it stands alone.

    Raises
    ------
    PolicyError
        Where a table can be read neither as UTF-8 nor as GBK, or lies elsewhere than beside the policy.
    """
    raw = _content(text, file)
    declared = raw.get("table")
    if "csv" in raw or not isinstance(declared, list):
        return text
    names = [t.get("file") for t in declared if isinstance(t, dict)]
    pages: list[str] = []
    for name in dict.fromkeys(n for n in names if isinstance(n, str)):
        if "/" in name or "\\" in name:
            raise PolicyError(
                f"the table {name} lies elsewhere",
                file=file,
                key="table.file",
                remedy="put it beside the policy and name the file alone",
            )
        page = folder / name
        if not page.is_file():
            continue
        try:
            content = decode_csv(page.read_bytes())
        except UnicodeDecodeError:
            raise PolicyError(
                f"{name} is neither UTF-8 nor GBK", file=file, key="table", remedy="save it as UTF-8"
            ) from None
        pages.append(f"{json.dumps(name, ensure_ascii=False)} = {json.dumps(content, ensure_ascii=False)}")
    return f"{text.rstrip()}\n\n[csv]\n" + "\n".join(pages) + "\n" if pages else text


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
    if names[-1] == "round":
        return list(Rounding.model_fields)
    if names[-1] in ("scope", "when", "unless", "all", "any", "not") or "conditions" in names:
        return list(_CONDITION)
    if names[-1] == "otherwise":
        return ["parcel", "project", "zone"]
    holder = "routes" if "routes" in names else names[-1]
    return list(_HOLDERS[holder].model_fields)


def _path(loc: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    """Write a place of the file as a key path; a clause, table or term by its id, an own fact by its name."""
    path = ""
    for place, part in enumerate(loc):
        if isinstance(part, int):
            label = str(part)
            if place == 1 and loc[0] in _NAMED:
                entry, name = raw[str(loc[0])][part], _NAMED[str(loc[0])]
                label = str((entry.get(name) if isinstance(entry, dict) else None) or f"#{part + 1}")
            path += f"[{label}]"
        else:
            path += f".{part}" if path else part
    return path
