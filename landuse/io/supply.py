"""The land-supply ledger (one contract a row): how it is told, and what its cells cannot mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from landuse.errors import FormatError
from landuse.io.cell.far import settle_far
from landuse.io.header.alias_files import alias_page
from landuse.io.header.grid import Grid
from landuse.io.header.headers import Match, recognised
from landuse.io.header.own_aliases import AliasBook
from landuse.io.sheet.raw_rows import RawRows
from landuse.io.sheet.sheet_layout import find_header
from landuse.parsing.numbers import decimal_number
from landuse.tables import PROJECTS, Table, issue
from landuse.units import M2_PER_HA

__all__ = ["SUPPLY", "Settled", "is_supply", "ledger_of", "settle_supply"]

SUPPLY = replace(PROJECTS, name="supply")
"""The table ``projects``, read by the headers of the land-supply ledger."""
_SAME = 1e-6
_FARS = ("far_min", "far_max")


def is_supply(
    headers: Sequence[str], columns: Mapping[str, str] | None = None, *, book: AliasBook | None = None
) -> bool:
    """Say whether headers are those of a land-supply ledger: an area supplied, its terms, no investment."""
    words = alias_page(SUPPLY)["supply"]
    known = {
        (c or "").removesuffix("_low").removesuffix("_high")
        for c in recognised(headers, SUPPLY, columns, book=book)
    }
    enough = len(known & set(words["marks"])) >= words["least"]
    return "supplied_m2" in known and enough and not known & set(words["never"])


def ledger_of(raw: RawRows, columns: Mapping[str, str], *, file: str, book: AliasBook | None = None) -> Table:
    """Return the table that the rows of a ledger are read as: PROJECTS, or SUPPLY by its headers."""
    try:
        block = find_header(raw, SUPPLY, columns, file=file, book=book)
    except FormatError:
        return PROJECTS
    return SUPPLY if is_supply(block.headers, columns, book=book) else PROJECTS


@dataclass(frozen=True)
class Settled:
    """Columns of a ledger as far as they can be believed, and what is to be said of the others."""

    frame: pd.DataFrame
    issues: list[dict[str, Any]]


def settle_supply(frame: pd.DataFrame, table: Table, grid: Grid, matches: Sequence[Match]) -> Settled:
    """Take out of a ledger what its cells cannot mean, and put in what they plainly do.

    Agreed floor-area ratios of zero, out of reason or crossed are unknown; a land-use code becomes the name,
    or unknown where it has none; a stock area in the place of the source of the land becomes its name.
    Where the file has no contract number, the supervision number, which is the id, is it.

    Parameters
    ----------
    frame : DataFrame
        The columns as they were read; a RangeIndex.
    table : Table
        SUPPLY for a land-supply ledger; PROJECTS for any other, of which only the ratios are looked at.
    grid : Grid
        What stands in the file.
    matches : sequence of Match
        Which header stood for which column.

    Returns
    -------
    Settled
    """
    shown = {m.column: m for m in matches}
    changed: dict[str, Any] = {}
    far, doubts = settle_far({c: frame[c] for c in _FARS if c in shown})
    changed |= far
    said = [(p, c, kind, "kept", words) for p, c, kind, words in doubts]
    if table.name == SUPPLY.name:
        for column in (c for c in _FARS if c in shown):
            empty = frame[column].isna().to_numpy() & _empty(grid, shown[column])
            said += [(int(p), column, "far_blank", "kept", {}) for p in np.flatnonzero(empty)]
        for settle in (_uses, _sources):
            more, notes = settle(frame)
            changed |= more
            said += notes
        if "contract_no" not in shown and "project_id" in shown:
            changed["contract_no"] = frame["__id__"]
        if "total_invest_wan" not in shown:
            said.append((None, "total_invest_wan", "supply_ledger", "kept", {}))
    issues = [_issue(grid, shown, *row) for row in said]
    return Settled(frame.assign(**changed), issues)


def _empty(grid: Grid, match: Match) -> np.ndarray[Any, np.dtype[np.bool_]]:
    cells = grid.cells.iloc[:, match.position]
    return np.asarray(cells.isna() | cells.astype("str").str.strip().isin(["", "-", "--"]), dtype=bool)


Notes = list[tuple[int | None, str, str, str, dict[str, Any]]]


def _uses(frame: pd.DataFrame) -> tuple[dict[str, Any], Notes]:
    """Put names for the codes that stand in the place of a land use."""
    codes = alias_page(SUPPLY)["land_use_codes"]
    uses = frame["land_use"]
    coded = uses.str.fullmatch(r"[0-9]{2,6}[A-Za-z]?").fillna(False).astype(bool)
    named = uses.map(codes).astype("str")
    said: Notes = []
    for p in np.flatnonzero(coded):
        now = named.iat[p]
        known = isinstance(now, str)
        kind, action = ("land_use_code", "mended") if known else ("land_use_code_unknown", "kept")
        said.append((int(p), "land_use", kind, action, {"now": now} if known else {}))
    return {"land_use": uses.mask(coded, named)}, said


def _sources(frame: pd.DataFrame) -> tuple[dict[str, Any], Notes]:
    """Put names for the stock areas (in hectares) that stand in the place of the source of the land."""
    names = alias_page(SUPPLY)["land_sources"]
    sources = frame["land_source"].copy()
    said: Notes = []
    for p in np.flatnonzero(sources.notna()):
        stock = decimal_number(str(sources.iat[p]))
        if stock is None:
            continue
        area = frame["supplied_m2_low"].iat[p] / float(M2_PER_HA)
        part = "none" if stock == 0 else "all" if abs(float(stock) - area) <= _SAME * area else "part"
        sources.iat[p] = names[part]
        said.append((int(p), "land_source", "land_source_number", "mended", {"now": names[part]}))
    return {"land_source": sources}, said


def _issue(
    grid: Grid,
    shown: Mapping[str, Match],
    position: int | None,
    column: str,
    kind: str,
    action: str,
    words: dict[str, Any],
) -> dict[str, Any]:
    match = shown.get(column)
    there = match is not None and position is not None
    return issue(
        kind,
        action,
        file=grid.file,
        sheet=grid.layer,
        row=None if position is None else int(grid.rows[position]),
        field=match.header if match else column,
        raw=grid.cells.iat[position, match.position] if there else None,  # type: ignore[union-attr]
        **words,
    )
