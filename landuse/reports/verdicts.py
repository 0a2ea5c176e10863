"""Columns that say what was judged, and the sheet of the verdicts under the other policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from landuse.labels import label
from landuse.policy import Policy
from landuse.policy.vocabulary import fact_table, fact_with_needs
from landuse.reports.columns import Column, columns, list_column, text_column
from landuse.reports.sheet_content import SheetContent
from landuse.tables import FACT_TABLES, NONE_HELD, RUN_TABLES, Result

__all__ = ["Bench", "others_sheet"]

SUBJECTS = ("parcel", "project", "zone")


class Bench:
    """The policies of a run, as the sheets speak of them."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self.titles = {p.id: p.title for p in policies}
        self.cites = {(p.id, c.id): c.cite for p in policies for c in p.clauses}
        self.tables = {(p.id, s): fact_table(p, s) for p in policies for s in SUBJECTS}
        self.own = {f"{f.subject} {f.name}": (p.id, f) for p in policies for f in p.facts}

    def clause(self, status: pd.DataFrame) -> Column:
        """Return where the deciding clause stands in the law."""
        keys = zip(status["policy"], status["clause"], strict=True)
        none = label("workbook", "none_held")
        places = [
            None if pd.isna(c) else none if c == NONE_HELD else self.cites.get((p, c), c) for p, c in keys
        ]
        return text_column(label("columns", "clause"), places)

    def missing(self, status: pd.DataFrame, subject: str) -> Column:
        """Return the facts that would have to be known, under the names that people give them."""

        def names(policy: str, facts: object) -> list[str]:
            table = self.tables.get((policy, subject), FACT_TABLES[subject])
            known = facts if isinstance(facts, list | tuple | np.ndarray) else []
            return [fact_with_needs(table, fact) for fact in known]

        rows = zip(status["policy"], status["missing_facts"], strict=True)
        lists = [names(policy, facts) for policy, facts in rows]
        return list_column(label("columns", "missing_facts"), lists)

    def own_facts(self, facts: pd.DataFrame, subject: str) -> list[Column]:
        """Return the facts that the policies themselves declare over columns of the files."""
        found: list[Column] = []
        for policy, fact in self.own.values():
            if fact.subject != subject:
                continue
            table = self.tables[policy, subject]
            named = [f"{fact.name}_total", fact.name] if fact.per else [fact.name]
            dated = [*named, f"{fact.name}_period"] if fact.type == "date" else named
            found += columns(table, facts, [s for s in dated if {s, f"{s}_low"} & set(facts.columns)])
        return found

    def follows(self, status: pd.DataFrame, subject: str) -> list[Column]:
        """Return the policy's own words for the result and for what follows, where there are any."""
        said = [c for c in ("outcome", "follows") if status[c].notna().any()]
        return columns(RUN_TABLES[f"{subject}_status"], status, said)


def others_sheet(result: Result, bench: Bench, names: Mapping[str, pd.Series]) -> SheetContent | None:
    """Return the verdicts under policies that do not come first; None where there are none."""
    frames = []
    for subject in SUBJECTS:
        status = result.tables[f"{subject}_status"]
        rest = status[~status["headline"]].assign(subject=label("subjects", subject))
        verdicts = {v: label(f"{subject}_verdicts", v) for v in rest["verdict"].unique()}
        rest = rest.assign(
            said=rest["verdict"].map(verdicts), name=rest["subject_id"].map(names.get(subject, {}))
        )
        missing = bench.missing(rest, subject)
        frames.append(rest.assign(missing=list(missing.values)))
    whole = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    if not len(whole):
        return None
    table = RUN_TABLES["parcel_status"]
    return SheetContent(
        "other_verdicts",
        [
            text_column(label("columns", "subject"), whole["subject"]),
            *columns(table, whole, ["subject_id"]),
            text_column(label("columns", "name"), whole["name"]),
            text_column(label("columns", "policy"), whole["policy"].map(bench.titles)),
            text_column(label("columns", "verdict"), whole["said"]),
            *bench.follows(whole, "parcel"),
            bench.clause(whole),
            *columns(table, whole, ["borderline", "reason"]),
            text_column(label("columns", "missing_facts"), whole["missing"]),
        ],
        frozen=2,
    )
