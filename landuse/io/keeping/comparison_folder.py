"""The folder of a comparison: what changed between two runs, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from landuse.errors import OutputError
from landuse.io.keeping import archive
from landuse.tables import Comparison

BOOK, MARK = "comparison.json", "landuse comparison"

__all__ = ["check_target", "folder", "write_comparison"]


def check_target(out: str | os.PathLike[str], *, runs: Iterable[str | os.PathLike[str]]) -> Path:
    """Return the output folder if a comparison of runs may be written there.

    Parameters
    ----------
    out : path
        Absent, empty, or an earlier comparison.
    runs : iterable of path
        The folders that are compared.

    Raises
    ------
    OutputError
        Where it is a file, holds anything else, or is, holds or lies in one of the runs.
    """
    folders = [Path(run) for run in runs]
    for run in folders:
        if Path(out).resolve().is_relative_to(run.resolve()):
            raise OutputError(
                f"the folder is, or lies in, the run {run}, which is replaced whole by the next run",
                file=str(out),
                remedy="name a folder beside the runs (--out)",
            )
    return archive.check_target(out, inputs=[run / "ledger.json" for run in folders], book=BOOK)


@contextmanager
def folder(out: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a folder to write into; it takes the place of ``out`` only when the block ends well.

    Raises
    ------
    OutputError
        Where ``out`` is not ours to replace, or cannot be written.
    """
    with archive.folder(out, book=BOOK) as partial:
        yield partial


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write the tables of a comparison, the list of its changes and what both ledgers say into a folder."""
    (path / "tables").mkdir()
    for name, table in comparison.tables.items():
        table.to_parquet(path / "tables" / f"{name}.parquet")
    archive.write_csv(_listed(comparison), path / "changes.csv")
    book = {"kind": MARK, **comparison.ledger}
    text = json.dumps(book, ensure_ascii=False, indent=1, allow_nan=False)
    (path / BOOK).write_text(text, encoding="utf-8")


def _listed(comparison: Comparison) -> pd.DataFrame:
    """Return what changed, with its cause: the rows of ``changes`` and ``attribution`` stand in one order."""
    rows = comparison.changes[comparison.changes["kind"] != "same"].reset_index(drop=True)
    why = comparison.attribution
    facts = pd.Series([", ".join(f) for f in why["changed_facts"]], index=rows.index, dtype="str")
    return rows.assign(cause=why["cause"], changed_facts=facts.where(facts != ""))
