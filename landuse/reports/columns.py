"""Columns of a sheet in the words people read: headers with units, named values, one column or two a pair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import pandas as pd

from landuse.labels import label, say, section
from landuse.policy.vocabulary import fact_label, unit_name
from landuse.tables import NO_CAUSE, Table
from landuse.units import m2_to_mu

__all__ = ["Cell", "Column", "FigureText", "columns", "list_column", "text_column"]

Cell: TypeAlias = str | float | int | date | None

IN_MU = frozenset({"requested_m2", "farmland_m2", "cultivated_m2", "quota_m2"})
"""Areas that people plan in mu."""
PERCENT = frozenset({"stated_gap", "developed_ratio", "invested_ratio", "building_ratio"})
WRAPPED = frozenset({"reason", "message", "raw", "route_source"})
VALUE_NAMES = {
    "ownership": "ownerships",
    "zone_class": "zone_classes",
    "area_basis": "area_bases",
    "land_basis": "land_bases",
    "stated_reading": "stated_readings",
    "start_state": "start_states",
    "suspend_state": "suspend_states",
    "route": "routes",
    "resource": "resources",
    "action": "actions",
}
"""Columns whose values have names, and the section of the labels they stand in."""
MARKED = frozenset({"verdict", "borderline", "granted", "action"})


class FigureText(str):
    """A figure that takes words, such as a span: it stands where numbers stand, to the right."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    header : str
        Its name, with the unit.
    values : sequence
        A cell for each row: text, number (inf: no upper end), date, or None for a blank.
    kind : str
        ``"text"``, ``"wrap"``, ``"number"``, ``"percent"``, ``"whole"`` or ``"date"``.
    marks : sequence or None
        For each row the key of a colour (a verdict, for instance), None for no colour.
    """

    header: str
    values: Sequence[Cell]
    kind: str = "text"
    marks: Sequence[str | None] | None = None


def columns(
    table: Table, frame: pd.DataFrame, stems: Iterable[str], *, names: Mapping[str, str] | None = None
) -> list[Column]:
    """Return the columns of a frame of a table, as people read them.

    Parameters
    ----------
    table : Table
        What the columns mean.
    frame : DataFrame
        Its rows.
    stems : iterable of str
        The columns wanted, pairs by their stem; the table's key for its index.
    names : mapping, optional
        More columns whose values have names, and the section these stand in.
    """
    sections = VALUE_NAMES | dict(names or {})
    found: list[Column] = []
    for stem in stems:
        if stem == table.key:
            found.append(Column(label("columns", stem), [str(i) for i in frame.index]))
        elif table.is_pair(stem):
            found += _pair(table, frame, stem)
        else:
            found.append(_single(table, frame[stem], stem, sections.get(stem)))
    return found


def text_column(header: str, values: Iterable[object], *, wrap: bool = False) -> Column:
    """Return a column of texts; missing ones stay blank."""
    return Column(header, [None if _missing(v) else str(v) for v in values], "wrap" if wrap else "text")


def list_column(header: str, lists: Iterable[Sequence[str]]) -> Column:
    """Return a column that names several things in a cell."""
    return Column(header, [label("workbook", "and").join(items) or None for items in lists], "wrap")


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _header(table: Table, stem: str, unit: str, key: str | None = None) -> str:
    name = fact_label(table, stem)
    name = name if key is None else say("workbook", key, name=name)
    return say("workbook", "unit", name=name, unit=unit_name(unit)) if unit else name


def _figures(table: Table, stem: str, series: pd.Series) -> tuple[list[Cell], str, str]:
    """Return values, unit and kind of a column of numbers."""
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    unit, kind = table.unit(stem), "percent" if stem in PERCENT else "number"
    if stem in IN_MU:
        numbers, unit = m2_to_mu(numbers), "mu"
    return [None if v != v else v for v in numbers.tolist()], unit, kind


def _pair(table: Table, frame: pd.DataFrame, stem: str) -> list[Column]:
    low, unit, kind = _figures(table, stem, frame[f"{stem}_low"])
    high, _, _ = _figures(table, stem, frame[f"{stem}_high"])
    if low == high:
        return [Column(_header(table, stem, unit), low, kind)]
    return [
        Column(_header(table, stem, unit, "low"), low, kind),
        Column(_header(table, stem, unit, "high"), high, kind),
    ]


def _single(table: Table, series: pd.Series, stem: str, names: str | None) -> Column:
    dtype = str(series.dtype)
    if dtype == "object":
        return _listed(series, stem)
    if dtype in ("boolean", "bool"):
        words = {True: label("yes_no", "true"), False: label("yes_no", "false")}
        flags = [None if _missing(v) else bool(v) for v in series]
        values: list[Cell] = [label("yes_no", "unknown") if v is None else words[v] for v in flags]
        marks = [stem if v else None for v in flags] if stem in MARKED else None
        return Column(_header(table, stem, ""), values, "text", marks)
    if dtype.startswith("datetime"):
        return Column(_header(table, stem, ""), [None if _missing(v) else v.date() for v in series], "date")
    if dtype in ("Int64", "int64"):
        whole: list[Cell] = [None if _missing(v) else int(v) for v in series]
        return Column(_header(table, stem, table.unit(stem)), whole, "whole")
    if dtype == "float64":
        figures, unit, kind = _figures(table, stem, series)
        return Column(_header(table, stem, unit), figures, kind)
    return _worded(table, series, stem, names)


def _worded(table: Table, series: pd.Series, stem: str, names: str | None) -> Column:
    """Return a column of texts, values with names under their names."""
    texts = [None if _missing(v) else str(v) for v in series]
    values: list[Cell] = list(texts)
    if names is not None:
        book = section(names)
        values = [None if v is None else book[v] for v in texts]
    elif stem == "government_cause":
        values = [label("workbook", "no_cause") if v == NO_CAUSE else v for v in texts]
    kind = "wrap" if stem in WRAPPED else "text"
    return Column(_header(table, stem, ""), values, kind, texts if stem in MARKED else None)


def _listed(series: pd.Series, stem: str) -> Column:
    lists = [list(v) if isinstance(v, list | tuple | np.ndarray) else [] for v in series]
    return list_column(label("columns", stem), lists)
