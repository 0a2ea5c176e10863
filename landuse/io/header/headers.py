"""Headers of a file to columns of a table: by alias files and the user's word; near misses are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from landuse.errors import HeaderError, nearest
from landuse.io.header.alias_files import Alias, Dialect, dialect_of, header_key
from landuse.io.header.grid import Cut, Grid, Options
from landuse.io.header.header_readings import (
    LEVEL,
    Reading,
    fits,
    joined,
    level_readings,
    readings,
    without_brackets,
)
from landuse.io.header.own_aliases import AliasBook
from landuse.io.header.own_headers import own_unit
from landuse.tables import Table, issue

__all__ = ["IGNORE", "LEVEL", "Match", "match_headers", "recognised"]

IGNORE = "ignore"
"""The column name by which a plan leaves a header out."""
_NEAR, _NEAR_WITH_UNIT = 0.8, 0.6


@dataclass(frozen=True)
class Match:
    """A header that stands for a column.

    Parameters
    ----------
    position : int
        Column of the file, from 0.
    header : str
        The header as the file has it.
    column : str
        Our column; a pair by its stem, or one of its ends.
    cell : str
        How its cells are read.
    unit : str or None
        The unit of bare numbers as the header has it.
    """

    position: int
    header: str
    column: str
    cell: str
    unit: str | None = None


@dataclass(frozen=True)
class _Found:
    alias: Alias
    unit: str | None


def match_headers(grid: Grid, table: Table, options: Options) -> tuple[list[Match], list[dict[str, Any]]]:
    """Return which headers stand for which columns of a table, and what was said about the others.

    Parameters
    ----------
    grid : Grid
        What stands in the file: its headers, and those that the format may have cut short.
    table : Table
        The table the file is read as.
    options : Options
        The user's word on headers, and a bureau's own alias files.

    Returns
    -------
    matches : list of Match
        In the order of the file.
    issues : list of dict
        Headers that were left out, cut off or taken to mean more than they say.

    Raises
    ------
    HeaderError
        Where the user names a header or column that is not there, two headers stand for one column, a header
        is very like one of a column that is otherwise absent, or a column that the table needs is absent.
    """
    headers, file = grid.headers, grid.file
    dialect = dialect_of(table, options.book)
    place: dict[str, Any] = {"file": file, "sheet": grid.layer}
    told = _told(headers, dialect, options.columns, file)
    found: dict[int, _Found] = {}
    marks = {r.key for h in headers for r in readings(h)}
    for position, header in enumerate(headers):
        if position not in told:
            hit = _look_up(header, dialect, marks)
            if hit:
                found[position] = hit
        elif told[position] != IGNORE:
            found[position] = _as_told(header, told[position], dialect)
    _drop_second(found)
    issues = _cut_headers(headers, dialect, found, told, grid.cut, place)
    _refuse_twice(headers, found, file)
    left = [p for p in range(len(headers)) if p not in found and p not in told]
    _refuse_near(headers, left, dialect, found, file)
    _refuse_missing(headers, dialect, found, file)
    matches = [
        Match(p, headers[p], f.alias.column, dialect.cells[f.alias.column], f.unit)
        for p, f in sorted(found.items())
    ]
    matches = [_with_own_unit(m, dialect, file) for m in matches]
    issues += [
        issue("meaning_assumed", "kept", **place, field=headers[p], column=f.alias.column)
        for p, f in sorted(found.items())
        if f.alias.assumes
    ]
    issues += [_unused(headers[p], p, file, grid.layer) for p in left]
    return matches, issues


def _with_own_unit(match: Match, dialect: Dialect, file: str) -> Match:
    """Return a match with the unit in its header, where it stands for a figure of the users' own."""
    fact = dialect.facts.get(match.column)
    if fact is None or match.unit is not None or match.cell != "own_number":
        return match
    literal = any(
        header_key(part) in dialect.aliases for part in (match.header, match.header.split(LEVEL)[-1])
    )
    return replace(match, unit=own_unit(match.header, fact, trusted=literal, file=file))


def recognised(
    headers: Sequence[str],
    table: Table,
    columns: Mapping[str, str] | None = None,
    *,
    book: AliasBook | None = None,
) -> list[str | None]:
    """Return the column that each header stands for by itself, None where it is not known.

    Nothing is refused: this is how a header row is told from any other.
    """
    dialect = dialect_of(table, book)
    named = {header_key(h): c for h, c in (columns or {}).items()}
    marks = {r.key for h in headers for r in readings(h)}
    found: list[str | None] = []
    for header in headers:
        keys = (header_key(header), header_key(header.split(LEVEL)[-1]))
        told = next((named[k] for k in keys if k in named), None)
        hit = None if told else _look_up(header, dialect, marks)
        found.append(told or (hit.alias.column if hit else None))
    return found


def _unused(header: str, position: int, file: str, layer: str | None) -> dict[str, Any]:
    field = header or f"#{position + 1}"
    return issue("header_unused", "kept", file=file, sheet=layer, field=field)


def _told(headers: Sequence[str], dialect: Dialect, columns: Mapping[str, str], file: str) -> dict[int, str]:
    """Return the columns that the user names, by position."""
    told: dict[int, str] = {}
    for header, column in columns.items():
        spots = [p for p, h in enumerate(headers) if h == header]
        spots = spots or [p for p, h in enumerate(headers) if header_key(h) == header_key(header)]
        spots = spots or [
            p for p, h in enumerate(headers) if header_key(h.split(LEVEL)[-1]) == header_key(header)
        ]
        if not spots:
            like = nearest(header, [h for h in headers if h])
            raise HeaderError(
                f"columns names the header {header!r}, which is not in the file",
                file=file,
                key=f"columns.{header}",
                remedy=f"the headers are {_listed(headers)}" + (f"; the nearest is {like!r}" if like else ""),
            )
        if column != IGNORE and len(spots) > 1:
            raise HeaderError(
                f"the header {header!r} stands {len(spots)} times in the file",
                file=file,
                key=f"columns.{header}",
                remedy="name the whole header, with the row above it: "
                + " or ".join(repr(headers[p]) for p in spots),
            )
        if column != IGNORE and column not in dialect.cells:
            like = nearest(column, dialect.columns)
            raise HeaderError(
                f"columns maps {header!r} to {column!r}, which is no column of {dialect.table}",
                file=file,
                key=f"columns.{header}",
                remedy=f'the nearest column is "{like}"; "{IGNORE}" leaves the header out',
            )
        told |= dict.fromkeys(spots, column)
    return told


def _as_told(header: str, column: str, dialect: Dialect) -> _Found:
    cell = dialect.cells[column]
    units = [u for r in readings(header) for u in r.units if fits(u, cell, column)]
    fixed = dialect.aliases[header_key(column)].unit if cell == "end" else None
    return _Found(Alias(column), units[0] if units else fixed)


def _look_up(header: str, dialect: Dialect, marks: set[str]) -> _Found | None:
    """Return what a header stands for, None where nothing is known of it."""
    levels = header.split(LEVEL)
    for start in range(len(levels)):
        for reading in joined(levels[start:]):
            alias = dialect.aliases.get(reading.key)
            if alias is None:
                continue
            cell = dialect.cells[alias.column]
            own = [u for u in reading.units if fits(u, cell, alias.column)]
            if reading.units and not own:
                continue
            above = [u for level in levels[:start] for r in level_readings(level) for u in r.units]
            above = [u for u in above if fits(u, cell, alias.column)]
            if start and _grouped_elsewhere(levels[:start], alias, dialect):
                return None
            fixed = alias.unit or _of_layout(reading.key, dialect, marks)
            written = own or above
            return _Found(alias, written[-1] if written else fixed)
    return None


def _grouped_elsewhere(above: Sequence[str], alias: Alias, dialect: Dialect) -> bool:
    """Say whether the level above stands for another column, so that the header means something else."""
    for level in above:
        for reading in level_readings(level):
            upper = dialect.aliases.get(reading.key)
            if upper and upper.column != alias.column and upper.column not in dialect.neutral:
                return True
    return False


def _of_layout(key: str, dialect: Dialect, marks: set[str]) -> str | None:
    for needed, units in dialect.layouts:
        if needed <= marks and key in units:
            return units[key]
    return None


def _drop_second(found: dict[int, _Found]) -> None:
    first = {f.alias.column for f in found.values() if not f.alias.second}
    for position in [p for p, f in found.items() if f.alias.second and f.alias.column in first]:
        del found[position]


def _refuse_twice(headers: Sequence[str], found: Mapping[int, _Found], file: str) -> None:
    taken: dict[str, int] = {}
    for position, hit in sorted(found.items()):
        column = hit.alias.column
        stem = column.removesuffix("_low").removesuffix("_high")
        for other in {column, stem} if stem != column else {column, f"{column}_low", f"{column}_high"}:
            if other not in taken:
                continue
            before = headers[taken[other]]
            raise HeaderError(
                f"two headers stand for the column {column}: {before!r} (column {taken[other] + 1}) and "
                f"{headers[position]!r} (column {position + 1})",
                file=file,
                key=headers[position],
                remedy=f'leave one out: columns = {{ "{headers[position]}" = "{IGNORE}" }}',
            )
        taken[column] = position
    for column, position in taken.items():
        low, high = column.endswith("_low"), column.endswith("_high")
        stem = column.removesuffix("_low").removesuffix("_high")
        other = f"{stem}_high" if low else f"{stem}_low"
        if (low or high) and other not in taken:
            raise HeaderError(
                f"{headers[position]!r} gives one end of a pair, and the other is not in the file",
                file=file,
                key=headers[position],
                remedy=f"add {other}, or name the column {stem}",
            )


def _cut_headers(
    headers: Sequence[str],
    dialect: Dialect,
    found: dict[int, _Found],
    told: Mapping[int, str],
    cut: Mapping[int, Cut],
    place: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Recognise headers that were cut to ten bytes, where the headers of one column only begin so.

    Raises
    ------
    HeaderError
        Where headers of several columns begin so, and one of these columns is otherwise absent.
    """
    issues: list[dict[str, Any]] = []
    unsure: dict[int, dict[str, str]] = {}
    for position, rest in cut.items():
        key = header_key(rest.text)
        if position in found or position in told or (key in dialect.unused and not rest.tail):
            continue
        whole = {a: dialect.aliases[a] for a in dialect.aliases if rest.may_be(a, key)}
        if len({a.column for a in whole.values()}) != 1 or any(rest.may_be(u, key) for u in dialect.unused):
            unsure[position] = {a.column: name for name, a in whole.items()}
            continue
        longest = min(whole, key=len)
        alias = whole[longest]
        if alias.second and alias.column in {f.alias.column for f in found.values()}:
            continue
        found[position] = _Found(alias, alias.unit)
        header = headers[position]
        issues.append(issue("header_cut", "mended", **place, field=header, raw=header, whole=longest))
    have = {f.alias.column for f in found.values()}
    for position, columns in unsure.items():
        if columns.keys() - have:
            names = ", ".join(f"{name} ({column})" for column, name in sorted(columns.items()))
            header, column = headers[position], min(columns.keys() - have)
            raise HeaderError(
                f"the header {header!r} was cut short, and may be {names}",
                file=place["file"],
                key=header,
                remedy=f'say which it is: columns = {{ "{header}" = "{column}" }}, or "{IGNORE}"',
            )
    return issues


def _refuse_near(
    headers: Sequence[str], left: Sequence[int], dialect: Dialect, found: Mapping[int, _Found], file: str
) -> None:
    """Refuse a header that is very like one of a column that nothing stands for."""
    have = {f.alias.column.removesuffix("_low").removesuffix("_high") for f in found.values()}
    absent = {k: a.column for k, a in dialect.aliases.items() if a.column not in have and len(k) > 2}
    for position in left:
        header = headers[position]
        options = list(readings(header))
        if any(r.key in dialect.unused for r in [*options, Reading(without_brackets(header))]):
            continue
        bare = without_brackets(header)
        near = (_like(r, absent, dialect) for r in options)
        like = bare if bare in absent else next(filter(None, near), None)
        if like:
            column = absent[like]
            raise HeaderError(
                f"the header {header!r} is not known; very like {like!r}, which stands for {column}",
                file=file,
                key=header,
                remedy=f'say which it is: columns = {{ "{header}" = "{column}" }}, '
                f'or columns = {{ "{header}" = "{IGNORE}" }}',
            )


def _like(reading: Reading, absent: Mapping[str, str], dialect: Dialect) -> str | None:
    """Return the header of an absent column that a reading is very like; less alike will do with a unit."""
    if len(reading.key) < 3:
        return None
    if not reading.units:
        return nearest(reading.key, list(absent), cutoff=_NEAR)
    fitting = [k for k, c in absent.items() if any(fits(u, dialect.cells[c], c) for u in reading.units)]
    return nearest(reading.key, fitting, cutoff=_NEAR_WITH_UNIT)


def _refuse_missing(headers: Sequence[str], dialect: Dialect, found: Mapping[int, _Found], file: str) -> None:
    have = {f.alias.column.removesuffix("_low").removesuffix("_high") for f in found.values()}
    for group in dialect.required:
        if have & set(group):
            continue
        known = [k for k, a in dialect.aliases.items() if a.column in group]
        free = [h for p, h in enumerate(headers) if p not in found and h]
        like, header = _nearest_pair(free, known)
        hint = f"the nearest is {header!r} (like {like!r}): " if header else ""
        raise HeaderError(
            f"no header stands for {' or '.join(group)}; the headers are {_listed(headers)}",
            file=file,
            key=group[0],
            remedy=f'{hint}say which it is: columns = {{ "{header or "…"}" = "{group[0]}" }}',
        )


def _nearest_pair(headers: Sequence[str], known: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the known key and the header that are most like each other; None where nothing is alike."""
    best: tuple[float, str | None, str | None] = (0.0, None, None)
    for header in headers:
        for key in known:
            ratio = SequenceMatcher(None, key, header_key(header)).ratio()
            if ratio > best[0]:
                best = (ratio, key, header)
    return best[1], best[2]


def _listed(headers: Sequence[str]) -> str:
    shown = [repr(h) for h in headers if h]
    return ", ".join(shown[:30]) + (f" and {len(shown) - 30} more" if len(shown) > 30 else "")
