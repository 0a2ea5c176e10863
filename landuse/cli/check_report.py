"""What ``landuse check`` prints: per file the rows, per kind of issue how many, examples and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from landuse.cli.summary import geometry_found, inputs_read, issues_found
from landuse.labels import has, label, say
from landuse.tables import Checked, kind_name, kinds_of, remedy_of
from landuse.units import m2_to_mu

__all__ = ["report"]


def report(checked: Checked, out: Path) -> Iterator[str]:
    """Yield the lines that say what an intake found."""
    yield say("cli", "title", title=checked.title, as_of=checked.as_of or "—")
    yield from inputs_read(checked.inputs)
    yield geometry_found(checked.faults, m2_to_mu(checked.doubled_m2))
    yield issues_found(checked.issues, checked.rejected)
    kinds = kinds_of(checked.issues)
    if len(kinds):
        yield label("check_report", "kinds")
    for kind, action, rows, first in zip(
        kinds["kind"], kinds["action"], kinds["rows"], kinds["first"], strict=True
    ):
        name = kind_name(kind)
        yield say("check_report", "kind", name=name, action=label("actions", action), n=f"{rows:,}")
        yield from (_example(checked.issues.iloc[at]) for at in first)
        if rows > len(first):
            yield say("check_report", "more", n=f"{rows - len(first):,}")
        yield say("check_report", "remedy", remedy=remedy_of(kind))
    yield say("cli", "out", out=out)
    for name, files in (
        ("lists", ("issues.csv", "rejected.csv")),
        ("workbook", ("check.xlsx",)),
        ("map", ("check.html",)),
    ):
        there = [str(out / file) for file in files if (out / file).exists()]
        if there:
            yield say("check_report", name, path=label("check_report", "comma").join(there))


def _example(row: pd.Series) -> str:
    words = {"file": row["source_file"], "message": row["message"]}
    bare = row[["row", "field", "raw"]].isna().any()
    if bare or row["field"] == "geometry":  # what GEOS says of a shape stands in the message already
        place = "" if pd.isna(row["row"]) else say("check_report", "at_row", row=row["row"])
        file = "" if pd.isna(row["source_file"]) else row["source_file"]
        return say("check_report", "example_plain", **words | {"file": f"{file}{place}"})
    field = label("columns", row["field"]) if has("columns", row["field"]) else row["field"]
    return say("check_report", "example", **words, row=row["row"], field=field, raw=row["raw"])
