"""Headers of the users' own columns: with their units, with others, and where there are none."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from landuse.errors import HeaderError
from landuse.labels import label
from landuse.parsing.amounts import amount_unit_factor
from landuse.parsing.areas import area_unit_factor
from landuse.parsing.measures import MeasureUnit, unit_size
from landuse.parsing.text import plain
from landuse.tables import ISSUES, Reading, Table, issue, issue_table, stack
from landuse.tables.own_facts import SUBJECT_OF, OwnFact, with_own

__all__ = ["absent_facts", "measure_unit", "own_cells_of", "own_headers", "own_unit", "without_own"]

_IN_BRACKETS = re.compile(r"[(\[{<【〔]([^()\[\]{}<>【】〔〕]*)(?:[)\]}>】〕]|$)")


@cache
def _words() -> dict[str, Any]:
    page = (files("landuse.io") / "aliases" / "own_units.toml").read_text(encoding="utf-8")
    return tomllib.loads(page)


@cache
def measure_unit(unit: str) -> MeasureUnit:
    """Return a declared unit with the names by which it goes."""
    if not unit:
        return MeasureUnit(())
    for names in _words()["units"].values():
        size = unit_size(unit, names)
        if size is not None:
            return MeasureUnit(tuple(names), size)
    sized = re.match("(" + "|".join(_words()["sizes"]) + ")(?=.)", plain(unit))
    base = plain(unit)[sized.end() :] if sized else unit
    size = unit_size(unit, [base]) if sized else None
    return MeasureUnit((base,), size) if size is not None else MeasureUnit((unit,))


def own_cells_of(fact: OwnFact) -> dict[str, str]:
    """Return how the cells of a fact's columns are read, by column; the ends of a pair hold plain numbers."""
    match fact.type:
        case "number":
            cell = "own_number"
            if amount_unit_factor(fact.unit) is not None:
                cell = "own_money"
            elif area_unit_factor(fact.unit) is not None:
                cell = "own_area"
            return {fact.name: cell, f"{fact.name}_low": "own_end", f"{fact.name}_high": "own_end"}
        case "date":
            return {fact.name: "date", f"{fact.name}_period": "period"}
        case "flag":
            return {fact.name: "flag"}
    return {fact.name: "own_text"}


@cache
def own_headers(fact: OwnFact) -> dict[str, tuple[str, str | None]]:
    """Return the headers of a fact: to its column, and to the unit that the header itself names.

    A unit that the house does not know is no part of its readings of a header: every way to write one beside
    the header (``own_units.toml``) is a header of its own.
    """
    found: dict[str, tuple[str, str | None]] = {column: (column, None) for column in own_cells_of(fact)}
    for header in fact.columns:
        found[header] = (fact.name, None)
        if own_cells_of(fact)[fact.name] != "own_number":
            continue
        for name in measure_unit(fact.unit).names:
            for size in ("", *_words()["sizes"]):
                for year in ("", *_words()["years"]):
                    unit = f"{size}{name}"
                    for shape in _words()["shapes"]:
                        whole = shape.format(header=header, unit=unit + year)
                        found.setdefault(whole, (fact.name, unit))
    return found


def own_unit(header: str, fact: OwnFact, *, trusted: bool, file: str) -> str | None:
    """Return the unit in the brackets of a header, None where they name none.

    Parameters
    ----------
    header : str
        As the file has it.
    fact : OwnFact
        A number.
    trusted : bool
        Whether the policy gives this very header, brackets and all.
    file : str
        The file, for the refusal.

    Raises
    ------
    HeaderError
        Where a bracket may name another unit.
    """
    names = measure_unit(fact.unit).names
    for bracket in _IN_BRACKETS.findall(plain(header)):
        content = re.sub("^(?:" + "|".join(_words()["says"]) + r")[::\s]*", "", bracket.strip())
        if names and unit_size(content, names) is not None:
            return content
        if not trusted and not re.fullmatch(_words()["no_unit"], content):
            known = (
                f"the fact {fact.name} is in {fact.unit}" if fact.unit else f"the fact {fact.name} has none"
            )
            raise HeaderError(
                f"the header {header!r} may name another unit in brackets ({bracket}); {known}",
                file=file,
                key=header,
                remedy="write the unit of the fact there, or give the whole header in the fact's columns; "
                f'leave it out: columns = {{ "{header}" = "ignore" }}',
            )
    return None


def absent_facts(
    facts: Iterable[OwnFact],
    matched: Mapping[str, Any],
    *,
    file: str | None,
    sheet: str | None = None,
    policy: str | None = None,
) -> list[dict[str, Any]]:
    """Say which facts no header of a file stands for; they are unknown throughout."""
    return [
        issue(
            "own_fact_absent",
            "kept",
            file=file,
            sheet=sheet,
            field=fact.name,
            fact=fact.label,
            policy=policy or label("own_facts", "of_a_policy"),
            headers=label("zone_evidence", "comma").join(fact.columns),
        )
        for fact in facts
        if not {fact.name, f"{fact.name}_low", f"{fact.name}_period"} & matched.keys()
    ]


def without_own(reading: Reading, table: Table, facts: Iterable[OwnFact]) -> Reading:
    """Return a reading of a file that has no columns of the users' own: their facts are unknown, and said."""
    mine = [f for f in facts if f.subject == SUBJECT_OF.get(table.name)]
    if not mine:
        return reading
    said = absent_facts(mine, {}, file=reading.sources[0].path)
    whole = with_own(table, mine).conform(reading.table)
    return replace(reading, table=whole, issues=stack([reading.issues, issue_table(said)], ISSUES))
