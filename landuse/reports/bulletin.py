"""The quarterly bulletin as a workbook: what changed since the last run, by zone, by department, in lists."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from landuse.labels import has, label, say, section
from landuse.reports.columns import Cell, Column, FigureText, columns, text_column
from landuse.reports.contents import SheetContent
from landuse.reports.overview import Line
from landuse.reports.workbook import Formats, saved_book, write_lines, write_sheet
from landuse.tables import BULLETIN_GROUPS, COMPARISON_TABLES, Comparison

WIDTHS = (26, 26, 26, 12, 24, 24, 18)
LISTS: dict[str, tuple[str, ...]] = {
    "bulletin_idle": ("newly_idle", "still_idle"),
    "bulletin_resolved": ("resolved",),
    "bulletin_flagged": ("newly_flagged",),
    "bulletin_other": ("newly_undecided", "newly_decided", "verdict_changed"),
    "bulletin_rows": ("came", "went"),
}
"""The lists, and what became of the verdicts that stand in each; a policy that came or went is no list."""
SHEETS = (
    ("bulletin_zone_parcels", "bulletin_zones", "parcel"),
    ("bulletin_zone_projects", "bulletin_zones", "project"),
    ("bulletin_department_parcels", "bulletin_departments", "parcel"),
    ("bulletin_department_projects", "bulletin_departments", "project"),
)
SIDES = ("old", "new", "difference")
FLOWS = tuple(
    g for g in BULLETIN_GROUPS if g.startswith("newly_") or g.endswith(("_in", "_out", "_resolved"))
)
"""Groups that enter or leave another one."""

__all__ = ["write_bulletin"]


def write_bulletin(comparison: Comparison, path: str | os.PathLike[str]) -> None:
    """Write a comparison as the quarterly bulletin (xlsx), in Chinese, ready to print.

    Parameters
    ----------
    comparison : Comparison
        Of ``compare``.
    path : path
        The file; replaced where it is there. The same comparison gives the same bytes.

    Raises
    ------
    OutputError
        Where the file cannot be written.
    """
    rows = comparison.changes[comparison.changes["kind"] != "same"].reset_index(drop=True)
    changed = rows.assign(
        cause=comparison.attribution["cause"], changed_facts=comparison.attribution["changed_facts"]
    )
    zones = _zone_names(comparison)
    contents = [_by(comparison, *sheet) for sheet in SHEETS]
    contents += [_list(changed[changed["kind"].isin(kinds)], key, zones) for key, kinds in LISTS.items()]
    contents += [_amounts(comparison, zones), _rules(comparison.rule_changes)]
    with saved_book(path, title=comparison.title, day=comparison.as_of) as book:
        formats = Formats(book)
        name = label("workbook_sheets", "bulletin")
        write_lines(book, formats, comparison, name, list(_overview(comparison)), widths=WIDTHS)
        for content in contents:
            write_sheet(book, formats, comparison, content)


def _overview(comparison: Comparison) -> Iterator[Line]:
    yield Line("title", [say("bulletin", "title", title=comparison.title)])
    old = say("bulletin", "run", title=comparison.old_title, as_of=comparison.old_as_of)
    new = say("bulletin", "run", title=comparison.title, as_of=comparison.as_of)
    yield Line("row", [_word("old_run"), old])
    yield Line("row", [_word("new_run"), new])
    counts = [f"count_{side}" for side in SIDES]
    yield from _section("overall", "overall_group", *counts, "land_old", "land_new", "land_difference")
    total = comparison.bulletin_zones[comparison.bulletin_zones["line"] == "total"]
    for _, row in total.iterrows():
        figures = [int(row[c]) for c in counts]
        land = [_sum(row, "land_mu", side) for side in SIDES]
        name = label("bulletin_groups", row["group"])
        name = say("bulletin", "of_them", name=name) if row["group"] in FLOWS else name
        yield Line("row", [name, *figures, *land])
    yield from _counts(comparison)
    yield from _rule_lines(comparison.rule_changes)
    yield from _section("notes")
    for text in [*comparison.issues["message"], *section("bulletin_notes").values()]:
        yield Line("note", [text])


def _counts(comparison: Comparison) -> Iterator[Line]:
    first = comparison.changes[comparison.changes["headline"]]
    found = first.groupby(["subject", "kind"]).size()
    yield from _section("kinds", "kinds_subject", "kinds_kind", "kinds_number")
    for subject in ("parcel", "project", "zone"):
        for kind, name in section("change_kinds").items():
            if (subject, kind) in found.index:
                yield Line("row", [label("subjects", subject), name, int(found[subject, kind])])
    causes = comparison.attribution["cause"].value_counts()
    if len(causes):
        yield from _section("causes", "causes_cause", "kinds_number")
        for cause, name in section("change_causes").items():
            if cause in causes:
                yield Line("row", [name, int(causes[cause])])


def _rule_lines(rules: pd.DataFrame) -> Iterator[Line]:
    shown = rules[rules["kind"] != "version_changed"]
    names = ("rules_kind", "rules_policy", "rules_item", "rules_old", "rules_new")
    yield from _section("rules", *(names if len(shown) else ()))
    for row in shown.itertuples():
        place = " ".join(str(v) for v in (row.clause, row.item) if isinstance(v, str))
        cells = [_text(row.policy), place, _short(row.old_value), _short(row.new_value)]
        yield Line("row", [label("rule_change_kinds", str(row.kind)), *cells])
    if not len(rules[rules["kind"] != "as_of_changed"]):
        yield Line("note", [_word("rules_none")])


def _section(key: str, *names: str) -> Iterator[Line]:
    yield Line("gap")
    yield Line("head", [_word(key)])
    if names:
        yield Line("names", [_word(name) for name in names])


def _word(key: str) -> str:
    return label("bulletin", key)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _short(value: object) -> str | None:
    text = _text(value)
    return text if text is None or len(text) < 64 else f"{text[:12]}…"


def _sum(row: Any, stem: str, side: str) -> Cell:
    """Return a sum as people read it: a number, a span, and how many subjects it does not know."""
    low, high = float(row[f"{stem}_{side}_low"]), float(row[f"{stem}_{side}_high"])
    lacking = _lacking(row, stem, side)
    if np.isnan(low):
        return FigureText(_word("unknown")) if lacking or stem != "fee_wan" else None
    value: Cell = low if low == high else FigureText(_span(low, high))
    if not lacking:
        return value
    shown = value if isinstance(value, str) else _number(low)
    return FigureText(say("bulletin", "known", value=shown, n=lacking))


def _lacking(row: Any, stem: str, side: str) -> int:
    """Return how many subjects a sum does not know; of fees only those that are at stake."""
    if side == "difference":
        return 0
    if stem == "fee_wan":
        return int(row[f"fee_open_{side}"])
    return int(row[f"count_{side}"] - row[f"{stem}_known_{side}"])


def _span(low: float, high: float) -> str:
    if np.isfinite(low) and np.isinf(high):
        return say("bulletin", "or_more", low=_number(low))
    return say("bulletin", "span", low=_number(low), high=_number(high))


def _number(value: float) -> str:
    return _word("open") if np.isinf(value) else f"{value:,.2f}"


def _by(comparison: Comparison, key: str, name: str, subject: str) -> SheetContent:
    """Return the sheet of a bulletin: a row for each zone or department, the total last."""
    table = comparison.tables[name]
    groups = {group: rows.reset_index(drop=True) for group, rows in table.groupby("group", sort=False)}
    stock, fresh, all_ = ("idle", "newly_idle", "parcels")
    if subject == "project":
        stock, fresh, all_ = ("flagged", "newly_flagged", "projects")
    lines = groups[all_]
    marks = ["total" if line == "total" else None for line in lines["line"]]

    def whole(group: str, side: str, header: str) -> Column:
        values = [int(v) for v in groups[group][f"count_{side}"]]
        return Column(_word(header), values, "whole", marks)

    def sums(stem: str, side: str) -> Column:
        rows = (row for _, row in groups[stock].iterrows())
        cells = [_sum(row, stem, side) for row in rows]
        worded = any(isinstance(cell, FigureText) for cell in cells)
        return Column(_word(f"{subject}_{stem}_{side}"), cells, "text" if worded else "number", marks)

    flow = (
        (stock, "old"), (fresh, "new"), (f"{stock}_in", "new"), (f"{stock}_resolved", "old"),
        (f"{stock}_out", "old"), (stock, "new"), (stock, "difference"),
    )  # fmt: skip
    stems = ("land_mu", "money_wan", "fee_wan") if subject == "parcel" else ("land_mu", "money_wan")
    words = "zone_id" if name == "bulletin_zones" else "department"
    return SheetContent(
        key,
        [
            Column(label("columns", words), _line_names(lines), "text", marks),
            whole(all_, "new", all_),
            *(whole(group, side, f"{group}_{side}") for group, side in flow),
            *(sums(stem, side) for stem in stems for side in ("old", "new")),
            whole(f"{all_}_undecided", "new", f"{all_}_undecided"),
        ],
        wide=False,
    )


def _line_names(lines: pd.DataFrame) -> list[Cell]:
    key = "zone_id" if "zone_id" in lines else "department"
    names = lines["name"] if "name" in lines else lines[key]
    return [
        (str(name) if isinstance(name, str) else str(own))
        if isinstance(own, str)
        else label("bulletin_lines", line)
        for line, own, name in zip(lines["line"], lines[key], names, strict=True)
    ]


def _zone_names(comparison: Comparison) -> dict[str, str]:
    zones = comparison.bulletin_zones.dropna(subset=["zone_id"])
    return {
        str(z): str(n) for z, n in zip(zones["zone_id"], zones["name"], strict=True) if isinstance(n, str)
    }


def _list(rows: pd.DataFrame, key: str, zones: dict[str, str]) -> SheetContent:
    """Return a list of subjects whose verdict changed, with cause and reason; more stands in changes.csv."""
    table = COMPARISON_TABLES["changes"]
    why = [_cause(c, facts) for c, facts in zip(rows["cause"], rows["changed_facts"], strict=True)]
    reason = rows["new_reason"].fillna(rows["old_reason"])
    return SheetContent(
        key,
        [
            *_who(rows, zones),
            Column(label("columns", "kind"), [label("change_kinds", k) for k in rows["kind"]]),
            _verdicts(rows, "old"),
            _verdicts(rows, "new"),
            Column(label("columns", "cause"), why, "wrap"),
            *columns(table, rows, ["land_mu", "money_wan", "fee_wan"]),
            text_column(label("columns", "reason"), reason, wrap=True),
        ],
        frozen=2,
    )


def _cause(cause: str, facts: Sequence[str]) -> str:
    """Return a cause, with the facts that differ where it is they."""
    name = label("change_causes", cause)
    if not len(facts):
        return name
    return say("bulletin", "cause", cause=name, facts=label("workbook", "and").join(map(_fact, facts)))


def _who(rows: pd.DataFrame, zones: dict[str, str]) -> list[Column]:
    """Return kind, id, name (that of the holder for a parcel), zone and department."""
    names = rows["name"].fillna(rows["holder"])
    return [
        Column(label("columns", "subject"), [label("subjects", s) for s in rows["subject"]]),
        text_column(label("columns", "subject_id"), rows["subject_id"]),
        text_column(_word("name"), names),
        text_column(
            label("columns", "zone_id"), rows["zone_id"].map(lambda z: zones.get(z, z), na_action="ignore")
        ),
        text_column(label("columns", "department"), rows["department"]),
    ]


def _fact(name: str) -> str:
    return label("columns", name) if has("columns", name) else name


def _verdicts(rows: pd.DataFrame, side: str) -> Column:
    verdicts = [_text(v) for v in rows[f"{side}_verdict"]]
    named: list[Cell] = [
        None if v is None else label(f"{subject}_verdicts", v)
        for subject, v in zip(rows["subject"], verdicts, strict=True)
    ]
    return Column(label("columns", f"{side}_verdict"), named, "text", verdicts)


def _amounts(comparison: Comparison, zones: dict[str, str]) -> SheetContent:
    rows = comparison.amount_changes
    figures: list[Column] = []
    for side in SIDES:
        name = label("columns", side)
        ends = [[None if v != v else float(v) for v in rows[f"{side}_{end}"]] for end in ("low", "high")]
        same = ends[0] == ends[1]
        headers = [name] if same else [say("bulletin", end, name=name) for end in ("low", "high")]
        figures += [Column(h, list(v), "number") for h, v in zip(headers, ends, strict=False)]
    return SheetContent(
        "bulletin_amounts",
        [
            *_who(rows, zones),
            text_column(label("columns", "field"), [label("columns", f) for f in rows["field"]]),
            text_column(label("columns", "unit"), [label("units", u) for u in rows["unit"]]),
            text_column(
                label("columns", "change"), [label("amount_change_kinds", c) for c in rows["change"]]
            ),
            *figures,
        ],
        frozen=2,
        wide=False,
    )


def _rules(rules: pd.DataFrame) -> SheetContent:
    names = ("policy", "clause", "item", "old_value", "new_value")
    return SheetContent(
        "bulletin_rules",
        [
            Column(label("columns", "kind"), [label("rule_change_kinds", k) for k in rules["kind"]]),
            *(text_column(label("columns", n), rules[n], wrap=n.endswith("value")) for n in names),
        ],
        wide=False,
    )
