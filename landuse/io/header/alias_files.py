"""The alias files: which headers stand for which column, how its cells are read, what may be left out."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from landuse.errors import HeaderError, PlanError, nearest
from landuse.io.header.own_aliases import AliasBook, read_alias_files
from landuse.io.header.own_headers import own_cells_of, own_headers
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.text import plain
from landuse.tables import CORRECTIONS, HOOKS, PARCELS, PROJECTS, QUOTA, RENAMES, RESERVE, ZONES, Table
from landuse.tables.own_facts import SUBJECT_OF, Declared, OwnFact, own_facts

__all__ = ["Alias", "Dialect", "alias_page", "common", "dialect_of", "header_key", "own_book"]

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
    of no use, ``layouts`` units of whole files told by their marks, ``template_ids`` ids nobody wrote,
    ``facts`` columns of the users' own by name.
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
    facts: dict[str, OwnFact] = field(default_factory=dict)

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
    page = tomllib.loads((files("landuse.io") / "aliases" / f"{name}.toml").read_text(encoding="utf-8"))
    return _on_top(page, _page(page["base"])) if "base" in page else page


def alias_page(table: Table) -> dict[str, Any]:
    """Return the whole alias file of a table, for the words that only its own room reads."""
    return _page(table.name)


def _on_top(page: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Return an alias file laid over another one: its headers win, what it does not name is the other's."""
    taken = {
        header_key(h)
        for entry in page["columns"].values()
        for h in (*entry["headers"], *entry.get("second", ()), *entry.get("units", {}))
    }
    columns: dict[str, dict[str, Any]] = {}
    for name, entry in base["columns"].items():
        left = {k: [h for h in entry.get(k, ()) if header_key(h) not in taken] for k in ("headers", "second")}
        columns[name] = entry | left
    for name, entry in page["columns"].items():
        known = columns.get(name, {"headers": []})
        columns[name] = known | entry | {"headers": [*entry["headers"], *known["headers"]]}
    unused = {"headers": [*base["unused"]["headers"], *page["unused"]["headers"]]}
    return base | page | {"columns": columns, "unused": unused}


_DIALECTS: dict[str, Dialect] = {}


def dialect_of(table: Table, book: AliasBook | None = None) -> Dialect:
    """Return the headers known for a table: those of ``aliases/<table>.toml``, and a bureau's own, which win.

    Raises
    ------
    PlanError
        Where a bureau's file gives one header to two columns, or a unit or word unknown to the column.
    """
    if table.name not in _DIALECTS:
        _DIALECTS[table.name] = _read(table, _page(table.name))
    ours = _DIALECTS[table.name]
    return ours if book is None else _enlarged(ours, book)


def own_book(
    paths: Iterable[str | os.PathLike[str]],
    facts: Iterable[Declared] = (),
    *,
    file: str | os.PathLike[str] | None = None,
) -> AliasBook | None:
    """Read a bureau's own alias files, and put beside them the own facts of policies; None without either.

    ``file`` is the one that will be read by them, for refusals.

    Raises
    ------
    MissingFileError, PlanError
        See ``read_alias_files``.
    PolicyError
        See ``own_facts``.
    """
    named, own = list(paths), own_facts(facts)
    shown = None if file is None else str(file)
    if not named:
        return AliasBook(facts=own, file=shown) if own else None
    nouns = (PARCELS, PROJECTS, ZONES, QUOTA, RESERVE, CORRECTIONS, RENAMES, HOOKS)
    known = {t.name: dialect_of(t).columns for t in nouns}
    return replace(read_alias_files(named, known), facts=own, file=shown)


def _enlarged(ours: Dialect, book: AliasBook) -> Dialect:
    aliases, words = dict(ours.aliases), dict(ours.words)
    given: dict[str, str] = {}
    for column, entries in book.columns.get(ours.table, {}).items():
        for entry in entries:
            for header, unit in [(h, None) for h in entry.headers] + list(entry.units):
                key = header_key(header)
                if given.setdefault(key, column) != column:
                    raise PlanError(
                        f"the header {header!r} is given to {given[key]} and to {column}",
                        file=entry.file,
                        key=f"{ours.table}.columns.{column}",
                        remedy="leave one of the two",
                    )
                own = _OWN_UNIT.get(ours.cells[column]) if header_key(column) == key else None
                aliases[key] = Alias(column, _unit(unit, ours.cells[column], entry.file, column) or own)
            known = set(words.get(column, {}).values())
            for word, meaning in entry.words:
                if meaning not in known:
                    listed = ", ".join(sorted(known)) or "no words"
                    raise PlanError(
                        f"{meaning!r} is nothing that {column} can hold ({listed})",
                        file=entry.file,
                        key=f"{ours.table}.columns.{column}.words.{word}",
                        remedy=f"is it {nearest(meaning, known)!r}?" if known else "leave words out",
                    )
            words[column] = words.get(column, {}) | {header_key(w): m for w, m in entry.words}
    unused = ours.unused | {header_key(h) for h in book.unused.get(ours.table, ())}
    enlarged = replace(ours, aliases=aliases, words=words, unused=frozenset(unused - given.keys()))
    mine = tuple(f for f in book.facts if f.subject == SUBJECT_OF.get(ours.table))
    return _with_facts(enlarged, mine, book.file) if mine else enlarged


def _with_facts(ours: Dialect, facts: tuple[OwnFact, ...], file: str | None) -> Dialect:
    """Return the headers with those of the users' own columns.

    Raises
    ------
    HeaderError
        Where a header stands for something else already.
    """
    aliases, cells = dict(ours.aliases), dict(ours.cells)
    for fact in facts:
        cells |= own_cells_of(fact)
        for header, (column, unit) in own_headers(fact).items():
            known = aliases.setdefault(header_key(header), Alias(column, unit))
            if known.column != column:
                raise HeaderError(
                    f"the header {header!r} stands for {known.column} of {ours.table} already, and a policy "
                    f"gives it to its fact {fact.name} ({fact.label})",
                    file=file,
                    key=f"fact[{fact.name}].columns",
                    remedy="take it out of the fact's columns; a plan says where it means the fact: "
                    f'columns = {{ "{header}" = "{fact.name}" }}',
                )
    unused = frozenset(u for u in ours.unused if u not in aliases)
    return replace(ours, aliases=aliases, cells=cells, unused=unused, facts={f.name: f for f in facts})


def _unit(unit: str | None, cell: str, file: str, column: str) -> str | None:
    if unit is None:
        return None
    factor = {"amount": amount_unit_factor, "area": area_unit_factor, "floor": area_unit_factor}.get(cell)
    if factor is None or factor(unit) is None:
        raise PlanError(
            f"{unit!r} is not a unit of {column}",
            file=file,
            key=f"columns.{column}.units",
            remedy="use yuan, wan, yi for money, m2, mu, ha for land, or their Chinese names",
        )
    return unit


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
        if entry["cell"] == "date" and f"{column}_period" in table.columns:
            cells[f"{column}_period"] = "period"
            add(f"{column}_period", Alias(f"{column}_period"))
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
        table=page.get("base", table.name),
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
