"""Check the tables of limits: what they go by, the classes in their cells, the edition of industry codes."""

from __future__ import annotations

from collections.abc import Iterable

from landuse.errors import PolicyError
from landuse.policy.bars import ANY, INDUSTRY, possible_classes
from landuse.policy.check_conditions import EDITIONS, check_industry, known
from landuse.policy.model import LimitTable, Policy
from landuse.policy.vocabulary import FactTable, closed_values, fact_table, facts_of, kind

__all__ = ["check_tables"]


def check_tables(policy: Policy) -> None:
    """Refuse tables of limits that go by what is no class, or name classes that there are not.

    Raises
    ------
    PolicyError
        With the key path of the table; a cell with file and line.
    """
    ids = [table.id for table in policy.tables]
    tables = [fact_table(policy, subject) for subject in policy.otherwise]
    for table in policy.tables:
        path = f"table[{table.id}]"
        if ids.count(table.id) > 1:
            raise PolicyError(
                f"the table {table.id} stands {ids.count(table.id)} times", key=path, remedy="name it once"
            )
        classed = [f for t in tables for f in facts_of(t) if kind(t, f) in ("text", "flag")]
        for fact in table.by:
            known(fact, classed, "class", f"{path}.by")
        if INDUSTRY in table.by:
            known_edition(table, path)
        elif table.std is not None:
            raise PolicyError("std belongs to industry_code", key=f"{path}.std", remedy="leave std out")
    for row in policy.rows:
        about = policy.tables[ids.index(row.table)]
        for fact, cell in zip(about.by, row.classes, strict=True):
            _check_cell(fact, cell, tables, about, row.line)


def known_edition(table: LimitTable, path: str) -> None:
    """Refuse a table of industries without the edition of GB/T 4754 that their codes are of."""
    if table.std not in EDITIONS:
        raise PolicyError(
            f"industry codes need the edition of GB/T 4754 they are of, not {table.std}",
            key=f"{path}.std",
            remedy=f"std = one of {', '.join(map(str, EDITIONS))}",
        )


def _check_cell(fact: str, cell: str, tables: Iterable[FactTable], about: LimitTable, line: int) -> None:
    if cell == ANY:
        return
    key, place = f"table[{about.id}]", f"{about.file}, line {line}: "
    try:
        if fact == INDUSTRY:
            check_industry(cell, key)
        for table in tables:
            if fact in table.columns:
                values = closed_values(table, fact) or possible_classes(table, fact)
                known(cell, values or [cell], f"value of {fact}", key)
    except PolicyError as error:
        raise PolicyError(place + error.what, key=key, remedy=error.remedy) from None
