"""The sheets of scoring: scorecards, scores, classes of firms, incentive, readiness, hook projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from landuse.labels import label, say, section
from landuse.reports.columns import Cell, Column, columns, list_column, text_column
from landuse.reports.sheet_content import SheetContent, zone_column
from landuse.tables import INDICATORS, RUN_TABLES, Result

__all__ = ["score_sheets"]

Names = Mapping[str, str]
PLACES = ("points", "rank_best", "rank_worst")


def score_sheets(result: Result, zones: Names) -> list[SheetContent]:
    """Return the sheets of scoring; those of what the plan did not ask for are left out.

    Parameters
    ----------
    result : Result
        A finished run.
    zones : mapping
        What people call each zone.
    """
    makers: dict[str, Callable[[pd.DataFrame, Names], SheetContent]] = {
        "zone_scorecards": partial(_scorecards, scores=result.tables["zone_scores"]),
        "zone_scores": _scores,
        "zone_score_parts": _parts,
        "firm_status": _firms,
        "class_counts": _counts,
        "incentives": _incentives,
        "zone_hooks": _hooks,
        "zone_readiness": _readiness,
    }
    tables = result.tables
    return [make(tables[name], zones) for name, make in makers.items() if len(tables[name])]


def _names(values: pd.Series) -> list[str]:
    book = section("indicators")
    return [book.get(v, v) for v in values]


def _listed(stem: str, lists: pd.Series, names: str = "indicators") -> Column:
    book = section(names)
    return list_column(label("columns", stem), [[book.get(v, v) for v in items] for items in lists])


def _unit(values: pd.Series) -> Column:
    names = [None if pd.isna(u) else label("units", u) for u in values]
    return text_column(label("columns", "unit"), names)


def _share(stem: str, values: pd.Series) -> Column:
    return Column(label("columns", stem), [None if v != v else float(v) for v in values], "percent")


def _ends(header: str, low: pd.Series, high: pd.Series, kind: str = "number") -> list[Column]:
    """Return one column of a figure, two where it is an interval somewhere."""
    ends: list[list[Cell]] = [[None if v != v else float(v) for v in end] for end in (low, high)]
    if ends[0] == ends[1]:
        return [Column(header, ends[0], kind)]
    low_name, high_name = (say("workbook", key, name=header) for key in ("low", "high"))
    return [Column(low_name, ends[0], kind), Column(high_name, ends[1], kind)]


def _scorecards(cards: pd.DataFrame, zones: Names, scores: pd.DataFrame) -> SheetContent:
    """One row a zone: score and place where there are any, then each figure and the land it covers."""
    ids = list(dict.fromkeys(cards["zone_id"]))
    found = [zone_column(pd.Index(ids), zones)]
    if len(scores):
        scores = scores.reindex(ids)
        found += columns(RUN_TABLES["zone_scores"], scores, [*PLACES, "tied"])
    for name in INDICATORS:
        rows = cards[cards["indicator"] == name].set_index("zone_id").reindex(ids)
        unit = rows["unit"].dropna()
        share = name.endswith(("_share", "building_ratio"))
        header = label("indicators", name)
        if len(unit):
            header = say("workbook", "unit", name=header, unit=label("units", unit.iloc[0]))
        found += _ends(header, rows["value_low"], rows["value_high"], "percent" if share else "number")
        with np.errstate(invalid="ignore", divide="ignore"):
            covered = (rows["covered_mu"] / rows["of_mu"]).clip(upper=1.0)
        head = say("scores_workbook", "covered", name=label("indicators", name))
        found.append(Column(head, [None if v != v else float(v) for v in covered], "percent"))
    return SheetContent("zone_scorecards", found)


def _scores(scores: pd.DataFrame, zones: Names) -> SheetContent:
    ranked = scores.sort_values(["rank_best", "rank_worst"], kind="stable")
    table = RUN_TABLES["zone_scores"]
    names = {"score_method": "score_methods"}
    return SheetContent(
        "zone_scores",
        [
            zone_column(ranked.index, zones),
            *columns(
                table, ranked, ["points", "rank_best", "rank_worst", "tied", "score_method"], names=names
            ),
            _share("least_covered_share", ranked["least_covered_share"]),
            _listed("missing_facts", ranked["missing_facts"]),
        ],
        wide=False,
    )


def _parts(parts: pd.DataFrame, zones: Names) -> SheetContent:
    figures = [*(["ideal"] if parts["ideal"].notna().any() else []), "index", "weight", "points"]
    return SheetContent(
        "zone_score_parts",
        [
            zone_column(parts["zone_id"], zones),
            text_column(label("columns", "indicator"), _names(parts["indicator"])),
            *_plain(parts, ["value"]),
            _share("covered_share", parts["covered_share"]),
            *_plain(parts, figures),
        ],
        frozen=2,
        wide=False,
    )


def _plain(frame: pd.DataFrame, stems: Sequence[str]) -> list[Column]:
    """Return columns of figures whose unit stands in the row, not in the header."""
    found: list[Column] = []
    for stem in stems:
        ends = (f"{stem}_low", f"{stem}_high") if f"{stem}_low" in frame else (stem, stem)
        found += _ends(label("columns", stem), frame[ends[0]], frame[ends[1]])
    return found


def _firms(firms: pd.DataFrame, zones: Names) -> SheetContent:
    table = RUN_TABLES["firm_status"]
    names = {"firm_size": "firm_sizes", "firm_class": "firm_classes"}
    return SheetContent(
        "firm_status",
        [
            *columns(table, firms, ["firm_id", "holder"]),
            zone_column(firms["zone_id"], zones),
            *columns(table, firms, ["firm_size", "firm_class"], names=names),
            list_column(label("columns", "possible"), firms["possible"]),
            *columns(table, firms, ["firms"]),
            *_ends(label("scores_workbook", "ranked_by"), firms["points_low"], firms["points_high"]),
            *columns(table, firms, ["rank_best", "rank_worst"]),
            _listed("missing_facts", firms["missing_facts"]),
            *columns(table, firms, ["reason", "scheme"]),
        ],
        frozen=2,
    )


def _counts(counts: pd.DataFrame, zones: Names) -> SheetContent:
    table, counts = RUN_TABLES["class_counts"], counts.assign(firm_size=counts["firm_size"].fillna("all"))
    stems = ["firm_size", "firms", "unplaced", "firm_class", "places", "certain"]
    names = {"firm_size": "firm_sizes", "firm_class": "firm_classes"}
    return SheetContent(
        "class_counts",
        [
            zone_column(counts["zone_id"], zones),
            *columns(table, counts, stems, names=names),
        ],
        frozen=2,
        wide=False,
    )


def _incentives(rows: pd.DataFrame, zones: Names) -> SheetContent:
    table = RUN_TABLES["incentives"]
    stems = ["factor", "base_m2", "next_quota_m2", "reason", "policy"]
    said = columns(table, rows, ["verdict"], names={"verdict": "zone_verdicts"})
    return SheetContent(
        "incentives", [zone_column(rows["zone_id"], zones), *said, *columns(table, rows, stems)]
    )


def _hooks(hooks: pd.DataFrame, zones: Names) -> SheetContent:
    table = RUN_TABLES["zone_hooks"]
    dates = ["reported_on", *(["reported_on_period"] if hooks["reported_on_period"].notna().any() else [])]
    stems = ["hook_reported", "hook_projects", *dates, "reason", "source_file", "source_row"]
    return SheetContent(
        "zone_hooks",
        [zone_column(hooks.index, zones), *columns(table, hooks, stems, names={"hook_reported": "reported"})],
        wide=False,
    )


def _readiness(rows: pd.DataFrame, zones: Names) -> SheetContent:
    words, none = section("reported"), label("scores_workbook", "no_limit")
    said = [None if pd.isna(v) else words[v] for v in rows["value_text"]]
    return SheetContent(
        "zone_readiness",
        [
            zone_column(rows["zone_id"], zones),
            text_column(label("scores_workbook", "item"), _names(rows["item"])),
            *_plain(rows, ["value"]),
            text_column(label("columns", "value_text"), said),
            _unit(rows["unit"]),
            _share("covered_share", rows["covered_share"]),
            _listed("missing_facts", rows["missing_facts"]),
            text_column(label("scores_workbook", "limit"), [none] * len(rows), wrap=True),
        ],
        frozen=2,
        wide=False,
    )
