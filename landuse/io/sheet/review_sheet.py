"""The review workbook as it comes back: told by its headers, and never taken for a plain list of links."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from landuse.errors import HeaderError
from landuse.io.header.alias_files import alias_page, dialect_of, header_key
from landuse.io.header.grid import Grid, Options
from landuse.io.header.header_readings import without_brackets
from landuse.io.header.headers import recognised
from landuse.tables import CORRECTIONS, Reading

__all__ = ["is_review", "without_own_headers"]


def is_review(grid: Grid, options: Options) -> bool:
    """Say whether a grid is the review workbook of a run.

    Parameters
    ----------
    grid : Grid
        What stands in the file.
    options : Options
        What the user says of it.

    Raises
    ------
    HeaderError
        Where it is, and no header stands for the decision: every pair in it would be taken for a link.
    """
    words = alias_page(CORRECTIONS)["review"]
    marks = {header_key(h) for h in words["marks"]}
    if len(marks & {header_key(h) for h in grid.headers}) < words["least"]:
        return False
    if "decision" in recognised(grid.headers, CORRECTIONS, options.columns, book=options.book):
        return True
    header = alias_page(CORRECTIONS)["columns"]["decision"]["headers"][0]
    raise HeaderError(
        "this is the review workbook of a run, and no header stands for its column of decisions",
        file=grid.file,
        key="decision",
        remedy=f'name that column {header} again, or say which it is: columns = {{ "…" = "decision" }}',
    )


def without_own_headers(reading: Reading) -> Reading:
    """Return what was read without a word about the columns that the workbook itself brings along."""
    issues, unused = reading.issues, dialect_of(CORRECTIONS).unused
    own = np.array(
        [isinstance(f, str) and without_brackets(f) in unused for f in issues["field"]], dtype=bool
    )
    noise = (issues["kind"] == "header_unused") & own
    return replace(reading, issues=issues[~noise].reset_index(drop=True))
