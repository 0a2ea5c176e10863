"""What was done to the input: issues and rejected rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import has, label, say
from landuse.tables.columns import text, whole
from landuse.tables.spans import Flags, Span
from landuse.tables.table import Table

ACTIONS = ("mended", "kept", "rejected")

ISSUES = Table(
    name="issues",
    meaning="Everything that was mended, kept in doubt or rejected, with the raw text.",
    columns={
        "source_file": text("the file"),
        "sheet_or_layer": text("sheet or layer in it"),
        "row": whole("the row, record or line in it, counted from 1 as the program that shows it does"),
        "field": text("the column or header"),
        "raw": text("what stands there"),
        "kind": text("what kind of issue", nullable=False),
        "action": text("what was done", values=ACTIONS, nullable=False),
        "message": text("what it means, in words", nullable=False),
    },
)

REJECTED = Table(
    name="rejected",
    meaning="Rows that could not be used, whole.",
    columns={
        "source_file": text("the file"),
        "sheet_or_layer": text("sheet or layer in it"),
        "row": whole("the row, record or line in it"),
        "record_id": text("its id, where it has one"),
        "kind": text("why", nullable=False),
        "message": text("why, in words", nullable=False),
        "raw": text("the row's cells as JSON"),
    },
)


_WHOLE = 1e15


def issue(
    kind: str,
    action: str,
    *,
    file: str | None = None,
    sheet: str | None = None,
    row: int | None = None,
    field: str | None = None,
    raw: object = None,
    **words: Any,
) -> dict[str, Any]:
    """Return one row for the issues table; its message is the label ``[issues] kind`` with ``words``."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < _WHOLE:
        raw = int(raw)  # as the sheet shows it
    return {
        "source_file": file,
        "sheet_or_layer": sheet,
        "row": row,
        "field": field,
        "raw": None if raw is None else str(raw),
        "kind": kind,
        "action": action,
        "message": say("issues", kind, file=file, row=row, field=field, raw=raw, **words),
    }


def place_of(table: pd.DataFrame, at: Any) -> dict[str, Any]:
    """Return file and row of a line of a table, as ``issue`` and the errors take them."""
    file, row = table["source_file"].iloc[at], table["source_row"].iloc[at]
    return {"file": None if pd.isna(file) else str(file), "row": None if pd.isna(row) else int(row)}


def issues_at(
    kind: str,
    action: str,
    table: pd.DataFrame,
    mask: Any,
    *,
    field: str,
    words: Callable[[Any], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Return one issue for each row under a mask; ``words`` gives ``raw`` and the words of a row."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return []
    files = table["source_file"].take(rows).to_numpy(dtype=object)
    numbers = table["source_row"].take(rows).to_numpy(dtype=object)
    return [
        issue(
            kind,
            action,
            file=None if pd.isna(file) else str(file),
            row=None if pd.isna(number) else int(number),
            field=field,
            **words(at),
        )
        for at, file, number in zip(rows, files, numbers, strict=True)
    ]


def disorder(
    table: pd.DataFrame, pair: tuple[str, str], dates: Mapping[str, Span], wrong: Flags, *, names: str
) -> list[dict[str, Any]]:
    """Return an issue for each parcel of which the second date lies before the first.

    Parameters
    ----------
    table : DataFrame
        Table ``parcels``.
    pair : tuple of str
        The two columns.
    dates : mapping of str to Span
        Their dates.
    wrong : ndarray of bool
        Where they are out of order.
    names : str
        Section of the labels that has the names of the columns.
    """
    first, second = pair

    def words(at: Any) -> dict[str, Any]:
        return {
            "raw": dates[second].text(at),
            "parcel": table.index[at],
            "earlier": f"{label(names, second)} {dates[second].text(at)}",
            "later": f"{label(names, first)} {dates[first].text(at)}",
        }

    return issues_at("dates_out_of_order", "kept", table, wrong, field=second, words=words)


def issue_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return the issues table of the rows that ``issue`` made."""
    return ISSUES.conform(pd.DataFrame(list(rows), columns=list(ISSUES.columns)))


def stack(frames: Sequence[pd.DataFrame], table: Table) -> pd.DataFrame:
    """Return the frames one under the other, as the table; an empty table where there is none."""
    full = [f for f in frames if len(f)]
    if not full:
        return table.empty()
    return table.conform(pd.concat(full, ignore_index=True) if len(full) > 1 else full[0])


def kind_name(kind: str) -> str:
    """Return what people call a kind of issue; its key where it has no name yet."""
    return label("issue_kinds", kind) if has("issue_kinds", kind) else kind


def remedy_of(kind: str) -> str:
    """Return what an office can do about a kind of issue; empty where nobody has said so yet."""
    return label("issue_remedies", kind) if has("issue_remedies", kind) else ""


def kinds_of(issues: pd.DataFrame, *, examples: int = 3) -> pd.DataFrame:
    """Return the kinds of issues: what was rejected first, then by how many there are.

    Parameters
    ----------
    issues : DataFrame
        Table ``issues``.
    examples : int
        How many examples are named at most.

    Returns
    -------
    DataFrame
        ``kind``, ``action``, ``rows``, ``files`` (how many), and ``first`` (positions of the first examples).
    """
    places = issues.assign(_at=np.arange(len(issues)))
    found = places.groupby(["kind", "action"], sort=False, as_index=False).agg(
        rows=("_at", "size"),
        files=("source_file", "nunique"),
        first=("_at", lambda at: at.head(examples).tolist()),
    )
    rank = found["action"].map({action: -place for place, action in enumerate(ACTIONS)}).astype("int64")
    ordered = found.assign(_rank=rank, _rows=-found["rows"]).sort_values(["_rank", "_rows", "kind"])
    return ordered.drop(columns=["_rank", "_rows"]).reset_index(drop=True)
