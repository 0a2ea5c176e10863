"""The workbook of an intake: every file, every kind of issue with what to do, and the lists themselves."""

from __future__ import annotations

import os

import pandas as pd

from landuse.labels import has, label, say
from landuse.reports.columns import Cell, Column, columns, text_column
from landuse.reports.contents import SheetContent, faults_sheet
from landuse.reports.workbook import EPOCH, Formats, saved_book, write_sheet
from landuse.tables import ISSUES, REJECTED, Checked, kind_name, kinds_of, remedy_of

__all__ = ["write_check_workbook"]


def write_check_workbook(checked: Checked, path: str | os.PathLike[str]) -> None:
    """Write an intake as a workbook (xlsx): files, kinds of issues, issues, rejected rows, geometry.

    Parameters
    ----------
    checked : Checked
        Of ``check``.
    path : path
        The file; replaced where it is there. The same intake gives the same bytes.

    Raises
    ------
    OutputError
        Where the file cannot be written.
    """
    contents = [
        _files(checked),
        _kinds(checked),
        _issues(checked),
        _rejected(checked),
        faults_sheet(checked.faults, checked.parcels),
    ]
    with saved_book(path, title=checked.title, day=checked.as_of or EPOCH) as book:
        formats = Formats(book)
        for content in contents:
            write_sheet(book, formats, checked, content)


def _files(checked: Checked) -> SheetContent:
    inputs = checked.inputs
    keys = ("rows_read", "accepted", "rejected")

    def word(key: str) -> str:
        return label("workbook_overview", key)

    def texts(header: str, key: str) -> Column:
        return text_column(word(header), [source.get(key) for source in inputs])

    names = ("input_read", "input_accepted", "input_rejected")
    counts = [
        Column(word(name), [int(s[key]) for s in inputs], "whole")
        for name, key in zip(names, keys, strict=True)
    ]
    by_file = checked.issues.groupby(["source_file", "action"]).size()
    said = [
        Column(label("actions", action), [_said(by_file, s["path"], action) for s in inputs], "whole")
        for action in ("mended", "kept")
    ]
    return SheetContent(
        "check_files",
        [
            text_column(word("input_role"), [label("roles", s["role"]) for s in inputs]),
            texts("input_path", "path"),
            texts("input_layer", "layer"),
            *counts,
            *said,
            texts("input_encoding", "encoding"),
            texts("input_crs", "crs"),
            texts("input_digest", "sha256"),
        ],
        frozen=2,
        wide=False,
    )


def _said(by_file: pd.Series, path: str, action: str) -> int:
    """Return how many issues a file, or the files of a folder, have."""
    files = by_file.index.get_level_values(0)
    own = (files == path) | files.str.startswith(f"{path}/")
    return int(by_file[own & (by_file.index.get_level_values(1) == action)].sum())


def _kinds(checked: Checked) -> SheetContent:
    kinds, issues = kinds_of(checked.issues), checked.issues
    actions = kinds["action"].tolist()
    examples: list[Cell] = ["\n".join(_example(issues.iloc[at]) for at in first) for first in kinds["first"]]
    return SheetContent(
        "check_kinds",
        [
            text_column(label("columns", "kind"), [kind_name(k) for k in kinds["kind"]]),
            Column(label("columns", "action"), [label("actions", a) for a in actions], "text", actions),
            Column(label("workbook_check", "rows"), kinds["rows"].tolist(), "whole"),
            Column(label("workbook_check", "files"), kinds["files"].tolist(), "whole"),
            text_column(label("workbook_check", "remedy"), [remedy_of(k) for k in kinds["kind"]], wrap=True),
            Column(label("workbook_check", "examples"), examples, "wrap"),
            text_column(label("workbook_check", "key"), kinds["kind"]),
        ],
        wide=False,
    )


def _example(row: pd.Series) -> str:
    place = "" if pd.isna(row["row"]) else say("workbook_check", "at_row", row=row["row"])
    file = "" if pd.isna(row["source_file"]) else str(row["source_file"])
    return say("workbook_check", "example", file=file, place=place, message=row["message"])


def _issues(checked: Checked) -> SheetContent:
    issues = checked.issues
    fields = issues["field"].map(
        lambda f: label("columns", f) if has("columns", f) else f, na_action="ignore"
    )
    found = [
        *columns(ISSUES, issues, ["source_file", "sheet_or_layer", "row"]),
        text_column(label("columns", "field"), fields),
        *columns(ISSUES, issues, ["raw"]),
        _named(issues),
        *columns(ISSUES, issues, ["action", "message"]),
    ]
    return SheetContent("issues", [*found, _remedies(issues)], wide=False)


def _rejected(checked: Checked) -> SheetContent:
    rejected = checked.rejected
    found = [
        *columns(REJECTED, rejected, ["source_file", "sheet_or_layer", "row", "record_id"]),
        _named(rejected),
        *columns(REJECTED, rejected, ["message", "raw"]),
    ]
    return SheetContent("rejected", [*found, _remedies(rejected)], wide=False)


def _remedies(table: pd.DataFrame) -> Column:
    return text_column(label("workbook_check", "remedy"), [remedy_of(k) for k in table["kind"]], wrap=True)


def _named(table: pd.DataFrame) -> Column:
    return text_column(label("columns", "kind"), [kind_name(k) for k in table["kind"]])
