"""Tables of limits: CSV beside the policy, indicator by class, read exactly or refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import cast

from landuse.errors import PolicyError, nearest
from landuse.policy.bars import class_key
from landuse.policy.limits import fraction
from landuse.policy.model import LimitTable, TableRow

__all__ = ["decode_csv", "rows_of_tables"]


def decode_csv(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, or GBK as Excel saves it on Chinese Windows.

    Raises
    ------
    UnicodeDecodeError
        Where it is neither.
    """
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return content.decode("gb18030").replace("\r\n", "\n")


def rows_of_tables(tables: tuple[LimitTable, ...], texts: Mapping[str, str]) -> tuple[TableRow, ...]:
    """Return the rows of the tables that hold a limit; a row without value is a gap.

    Parameters
    ----------
    tables : tuple of LimitTable
        As the policy declares them.
    texts : mapping of str to str
        The CSV texts by file name.

    Raises
    ------
    PolicyError
        Where a text is not there, a column is missing or unknown, a value is no number, or two rows give
        limits for the same classes.
    """
    rows = tuple(row for table in tables for row in _rows(table, texts))
    files = [table.file for table in tables]
    for name in texts:
        if name not in files:
            near = f"; the nearest is {nearest(name, files)!r}" if files else ""
            raise PolicyError(
                f"no table has the file {name!r}{near}", key=f"csv.{name}", remedy="name it in a [[table]]"
            )
    return rows


def _rows(table: LimitTable, texts: Mapping[str, str]) -> Iterator[TableRow]:
    path = f"table[{table.id}]"
    if table.file not in texts:
        raise PolicyError(
            f"the table {table.file} is not there",
            key=f"{path}.file",
            remedy="put the CSV file beside the policy, under that name",
        )
    reader = csv.DictReader(io.StringIO(texts[table.file].removeprefix("\ufeff"), newline=""), strict=True)
    seen: dict[tuple[str, ...], int] = {}
    try:
        _check_columns(table, list(reader.fieldnames or ()), path)
        for cells in reader:
            row = _row(table, cells, reader.line_num)
            if row is None:
                continue
            key = (row.indicator, *row.classes)
            if key in seen:
                raise _fault(
                    table, row.line, f"the same classes as in line {seen[key]}", "keep one of the two"
                )
            seen[key] = row.line
            yield row
    except csv.Error as error:
        raise _fault(table, reader.line_num, f"this is not CSV: {error}", "save it as CSV again") from None


def _check_columns(table: LimitTable, names: list[str], path: str) -> None:
    needed = ["indicator", *table.by, "value"]
    may = [*needed, "unit", "source", "note", "version"]
    for name in names:
        if name not in may:
            raise PolicyError(
                f"{table.file}: unknown column {name!r}; the nearest known one is {nearest(name, may)!r}",
                key=path,
                remedy=f"one of {', '.join(may)}",
            )
    twice = [n for n in dict.fromkeys(names) if names.count(n) > 1]
    if twice:
        raise PolicyError(
            f"{table.file}: the column {twice[0]} stands twice", key=path, remedy="keep one of the two"
        )
    lacking = [n for n in needed if n not in names]
    if lacking:
        raise PolicyError(
            f"{table.file} has no column {', '.join(lacking)}", key=path, remedy="add it to its first line"
        )


def _row(table: LimitTable, cells: dict[str | None, str | list[str] | None], line: int) -> TableRow | None:
    if None in cells or any(v is None for v in cells.values()):
        raise _fault(table, line, "more or fewer cells than columns", "correct the line")
    text = {str(k): str(v).strip() for k, v in cells.items()}
    if not any(text.values()):
        return None
    if not text["indicator"]:
        raise _fault(table, line, "no indicator", "name the indicator")
    if not text["value"]:
        return None
    unit = text.get("unit") or table.unit
    classes = tuple(class_key(b, text[b]) for b in table.by)
    return TableRow(
        table=table.id,
        indicator=text["indicator"],
        classes=classes,
        value=_value(text["value"], table, line),
        unit=unit,
        line=line,
        source=text.get("source", ""),
    )


def _value(cell: str, table: LimitTable, line: int) -> Fraction:
    try:
        number = fraction(cell)
        return number if number is not None else cast("Fraction", fraction(Decimal(cell)))
    except (InvalidOperation, ValueError):
        raise _fault(table, line, f"{cell!r} is not a number", "write digits, or a fraction as 1/3") from None


def _fault(table: LimitTable, line: int, what: str, remedy: str) -> PolicyError:
    return PolicyError(f"{table.file}, line {line}: {what}", key=f"table[{table.id}]", remedy=remedy)
