"""The review workbook: pairs of project and parcel that an analyst decides on and hands back."""

from __future__ import annotations

import os

from landuse.labels import label, section
from landuse.reports.columns import Column, columns, text_column
from landuse.reports.contents import SheetContent
from landuse.reports.workbook import Formats, saved_book, write_sheet
from landuse.tables import LINK_REVIEW, Result
from landuse.units import m2_to_mu

__all__ = ["write_review"]

DECISION, SHARE = 4, 5
"""Places of the two columns that are to be filled in."""
ASKED = "undecided"
"""The tint of cells to be filled in."""


def write_review(result: Result, path: str | os.PathLike[str]) -> None:
    """Write the pairs that wait for a decision as a workbook (xlsx), with those that have one.

    The analyst fills in two columns, decision (yes or no) and share, and names the file in ``[corrections]``:
    it reads back as corrections. Cells left blank leave a pair as it is. One sheet only, so that nothing
    else has to be named; the same result gives the same bytes.

    Parameters
    ----------
    result : Result
        A finished run.
    path : path
        The file; replaced where it is there.

    Raises
    ------
    OutputError
        Where the file cannot be written.
    """
    content = _content(result)
    with saved_book(path, title=result.title, day=result.as_of) as book:
        write_sheet(book, Formats(book), result, content)
        sheet = book.get_worksheet_by_name(content.name)
        last = max(len(content.columns[0].values), 1)
        words = section("link_decisions")
        sheet.data_validation(
            1, DECISION, last, DECISION,
            {
                "validate": "list",
                "source": [words["yes"], words["no"]],
                "input_title": label("review_sheet", "decision_title"),
                "input_message": label("review_sheet", "decision_help"),
                "error_title": label("review_sheet", "decision_title"),
                "error_message": label("review_sheet", "decision_error"),
            },
        )  # fmt: skip
        sheet.data_validation(
            1, SHARE, last, SHARE,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": 1,
                "input_title": label("review_sheet", "share_title"),
                "input_message": label("review_sheet", "share_help"),
                "error_title": label("review_sheet", "share_title"),
                "error_message": label("review_sheet", "share_error"),
            },
        )  # fmt: skip


def _content(result: Result) -> SheetContent:
    review = result.tables["link_review"]
    words, marks = section("link_decisions"), [ASKED] * len(review)
    decisions = [words.get(d) for d in review["decision"]]
    shares = [None if s != s else float(s) for s in review["share"]]
    area = [None if a != a else round(m2_to_mu(float(a)), 2) for a in review["parcel_area_m2"]]
    return SheetContent(
        "review",
        [
            *columns(LINK_REVIEW, review, ["project_id", "project_name", "project_holder", "parcel_id"]),
            Column(label("columns", "decision"), decisions, "text", marks),
            Column(label("review_sheet", "share"), shares, "number", marks),
            *columns(LINK_REVIEW, review, ["total_invest_wan", "parcel_holder", "reason"]),
            text_column(label("columns", "evidence"), review["evidence"], wrap=True),
            *columns(LINK_REVIEW, review, ["method", "score"], names={"method": "link_methods"}),
            *columns(LINK_REVIEW, review, ["project_zone", "parcel_zone", "parcel_refs", "requested_m2"]),
            Column(label("review_sheet", "parcel_mu"), area, "number"),
            *columns(LINK_REVIEW, review, ["source_file", "source_row"]),
        ],
        frozen=4,
    )
