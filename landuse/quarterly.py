"""compare, save_comparison: two finished runs, what changed between them, the quarterly bulletin."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from landuse import comparing, rejudging
from landuse.io.keeping import comparison_folder
from landuse.policy import policies_of
from landuse.tables import Comparison, Result

__all__ = ["check_target", "compare", "save_comparison"]

Folder = str | os.PathLike[str]


def compare(old: Result, new: Result) -> Comparison:
    """Say what changed between two finished runs: verdicts and why, amounts, rules, the bulletin's tables.

    Parameters
    ----------
    old, new : Result
        Of ``run`` or ``open_run``; the new one as of the same day or a later one.

    Returns
    -------
    Comparison
        Tables ``changes``, ``attribution``, ``amount_changes``, ``rule_changes``, ``bulletin_zones``,
        ``bulletin_departments`` and ``issues``.

    Raises
    ------
    RunError
        Where the old run is as of a later day.
    PolicyError
        Where a policy of the new run cannot be read.
    """
    comparing.check_order(old, new)
    return comparing.compare(old, new, steps=rejudging.judge_again(old, new, policies_of(new)))


def check_target(out: Folder, *, runs: Iterable[Folder] = ()) -> Path:
    """Return the output folder if a comparison of runs may be written there.

    Raises
    ------
    OutputError
        Where it is a file, holds anything but an earlier comparison, or is, holds or lies in one of the runs.
    """
    return comparison_folder.check_target(out, runs=runs)


def save_comparison(comparison: Comparison, dir: Folder, *, runs: Iterable[Folder] = ()) -> Path:
    """Save a comparison as a folder: whole or not at all.

    Parameters
    ----------
    comparison : Comparison
        Of ``compare``.
    dir : path
        Absent, empty, or an earlier comparison, which it replaces.
    runs : iterable of path
        The folders of the two runs, which it may not touch.

    Returns
    -------
    Path
        The folder, with ``comparison.json``, ``tables/*.parquet``, ``changes.csv`` and ``bulletin.xlsx``.

    Raises
    ------
    OutputError
        As ``check_target``, or where it cannot be written.
    """
    from landuse.reports import write_bulletin

    comparison_folder.check_target(dir, runs=runs)
    with comparison_folder.folder(dir) as partial:
        comparison_folder.write_comparison(comparison, partial)
        write_bulletin(comparison, partial / "bulletin.xlsx")
    return Path(dir)
