"""A bureau's own alias files: more headers and words for our columns, in the form of ``aliases/*.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landuse.errors import PlanError, nearest
from landuse.io.files.sources import existing
from landuse.tables.own_facts import OwnFact

__all__ = ["AliasBook", "read_alias_files"]

_KEYS = ("headers", "units", "words")


@dataclass(frozen=True)
class Entry:
    """What a file adds to a column: headers, headers that fix a unit, words that may stand in it."""

    file: str
    headers: tuple[str, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AliasBook:
    """The entries of all files: table, then column; ``unused`` lists headers of a table that are left out.

    ``facts`` are columns of the users' own that policies declare; ``file`` is the one they are looked for in.
    """

    columns: Mapping[str, Mapping[str, tuple[Entry, ...]]] = field(default_factory=dict)
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: tuple[OwnFact, ...] = ()
    file: str | None = None


def read_alias_files(
    paths: Iterable[str | os.PathLike[str]], tables: Mapping[str, Iterable[str]]
) -> AliasBook:
    """Read alias files.

    Parameters
    ----------
    paths : iterable of path
        TOML files; each table of them is ``[<table>.columns.<column>]`` with ``headers``, ``units`` or
        ``words``, or ``[<table>]`` with ``unused``.
    tables : mapping
        Tables that may be named, each with its columns.

    Returns
    -------
    AliasBook

    Raises
    ------
    MissingFileError
        Where a file is not there.
    PlanError
        Where it is no TOML, names what is not known, or holds something of the wrong type.
    """
    columns: dict[str, dict[str, tuple[Entry, ...]]] = {}
    unused: dict[str, tuple[str, ...]] = {}
    for path in paths:
        file = str(path)
        for table, page in _content(existing(path), file).items():
            known = tables.get(_known(table, tables, "table", file, table))
            for key, value in _table(page, file, table).items():
                if key == "unused":
                    unused[table] = (*unused.get(table, ()), *_texts(value, file, f"{table}.unused"))
                    continue
                _known(key, ("columns", "unused"), "key", file, f"{table}.{key}")
                for column, entry in _table(value, file, f"{table}.columns").items():
                    place = f"{table}.columns.{column}"
                    _known(column, list(known or ()), "column", file, place)
                    made = _entry(entry, file, place)
                    mine = columns.setdefault(table, {})
                    mine[column] = (*mine.get(column, ()), made)
    return AliasBook(columns, unused)


def _content(path: Path, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PlanError("the alias file is not UTF-8", file=file, remedy="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"the alias file is no TOML: {error}", file=file, remedy="correct the line") from None


def _known(word: str, known: Iterable[str], what: str, file: str, key: str) -> str:
    names = list(known)
    if word not in names:
        raise PlanError(
            f"{what} {word!r} is not known", file=file, key=key, remedy=f"is it {nearest(word, names)}?"
        )
    return word


def _table(value: Any, file: str, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PlanError("a table is expected here", file=file, key=key, remedy=f"write [{key}]")
    return value


def _texts(value: Any, file: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise PlanError("a list of texts is expected here", file=file, key=key, remedy='write ["…", "…"]')
    return tuple(value)


def _entry(value: Any, file: str, key: str) -> Entry:
    fields = _table(value, file, key)
    for name in fields:
        _known(name, _KEYS, "key", file, f"{key}.{name}")
    pairs = {}
    for name in ("units", "words"):
        pairs[name] = _table(fields.get(name, {}), file, f"{key}.{name}")
        for word, meaning in pairs[name].items():
            _texts([word, meaning], file, f"{key}.{name}.{word}")
    return Entry(
        file,
        _texts(fields.get("headers", []), file, f"{key}.headers"),
        tuple(pairs["units"].items()),
        tuple(pairs["words"].items()),
    )
