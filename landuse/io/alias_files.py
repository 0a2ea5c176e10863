"""The alias files: which headers stand for which column, how its cells are read, what may be left out."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from landuse.parsing.text import plain
from landuse.tables import Table

__all__ = ["Alias", "Dialect", "common", "dialect_of", "header_key"]

_SUFFIXES = ("_wan", "_m2")
_OWN_UNIT = {"amount": "wan", "area": "m2", "floor": "m2"}


@dataclass(frozen=True)
class Alias:
    """What a header stands for.

    Parameters
    ----------
    column : str
        Our column; a pair by its stem, or one of its ends (``total_invest_wan_low``).
    unit : str or None
        The unit of bare numbers, where the header's own name fixes it.
    second : bool
        Whether it counts only where no first-rank header stands for the column.
    assumes : bool
        Whether the header is taken to mean more than it says.
    """

    column: str
    unit: str | None = None
    second: bool = False
    assumes: bool = False


@dataclass(frozen=True)
class Dialect:
    """The headers known for one table.

    ``aliases`` maps a header's key to what it stands for, ``cells`` a column to how its cells are read,
    ``words`` a column to the words that may stand in it, ``required`` lists groups of columns of which one
    must be there, ``neutral`` columns whose headers only group the ones below, ``unused`` headers known to be
    of no use, ``layouts`` units of whole files told by their marks, ``template_ids`` ids nobody wrote.
    """

    table: str
    aliases: dict[str, Alias]
    cells: dict[str, str]
    words: dict[str, dict[str, str]]
    required: tuple[tuple[str, ...], ...]
    neutral: frozenset[str]
    unused: frozenset[str]
    layouts: tuple[tuple[frozenset[str], dict[str, str]], ...]
    template_ids: re.Pattern[str] | None

    @property
    def columns(self) -> list[str]:
        """Every column a header may stand for, pairs by stem and by their ends."""
        return list(self.cells)

    def cell(self, column: str) -> str:
        """How the cells of a column are read; the ends of a pair hold plain numbers."""
        return self.cells[column]


def header_key(header: object) -> str:
    """Return a header in the one spelling in which headers are compared.

    Examples
    --------
    >>> header_key(" Parcel  No. *")
    'parcelno.'
    """
    return re.sub(r"\s+", "", plain(header)).casefold().strip("*:#'\"")


@cache
def common() -> dict[str, Any]:
    """Return the words that every sheet may carry."""
    return _page("common")


@cache
def _page(name: str) -> dict[str, Any]:
    return tomllib.loads((files("landuse.io") / "aliases" / f"{name}.toml").read_text(encoding="utf-8"))


_DIALECTS: dict[str, Dialect] = {}


def dialect_of(table: Table) -> Dialect:
    """Return the headers known for a table; its alias file is ``aliases/<table>.toml``."""
    if table.name not in _DIALECTS:
        _DIALECTS[table.name] = _read(table, _page(table.name))
    return _DIALECTS[table.name]


def _read(table: Table, page: dict[str, Any]) -> Dialect:
    aliases: dict[str, Alias] = {}
    cells: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}

    def add(header: str, alias: Alias) -> None:
        key = header_key(header)
        if aliases.setdefault(key, alias).column != alias.column:
            raise ValueError(
                f"aliases/{table.name}.toml: {header} stands for {aliases[key].column} and {alias.column}"
            )

    for column, entry in page["columns"].items():
        cells[column] = entry["cell"]
        words[column] = {header_key(w): v for w, v in entry.get("words", {}).items()}
        unit = _OWN_UNIT.get(entry["cell"])
        add(column, Alias(column, unit))
        for suffix in _SUFFIXES:
            if unit and column.endswith(suffix):
                add(column.removesuffix(suffix), Alias(column))
        if table.is_pair(column):
            for end in ("_low", "_high"):
                cells[column + end] = "end"
                add(column + end, Alias(column + end, unit))
        assumed = {header_key(h) for h in entry.get("assumes", ())}
        for header, fixed in entry.get("units", {}).items():
            add(header, Alias(column, fixed))
        for header in entry["headers"]:
            add(header, Alias(column, assumes=header_key(header) in assumed))
        for header in entry.get("second", ()):
            add(header, Alias(column, second=True))
    unused = {header_key(h) for h in (*common()["unused"]["headers"], *page["unused"]["headers"])}
    template = page.get("ids", {}).get("template", [])
    return Dialect(
        table=table.name,
        aliases=aliases,
        cells=cells,
        words=words,
        required=tuple(tuple(g) for g in page.get("required", ())),
        neutral=frozenset(page["neutral"]),
        unused=frozenset(unused - aliases.keys()),
        layouts=tuple(
            (
                frozenset(header_key(m) for m in entry["marks"]),
                {header_key(h): u for h, u in entry["units"].items()},
            )
            for entry in page.get("layouts", ())
        ),
        template_ids=re.compile("|".join(template), re.IGNORECASE) if template else None,
    )
