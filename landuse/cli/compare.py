"""``landuse compare OUT_OLD OUT_NEW``: what changed between two runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import landuse.api as api
import landuse.quarterly as quarterly
from landuse.cli.compare_report import report

__all__ = ["add"]


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("compare", help="what changed between two runs: the quarterly bulletin")
    command.add_argument("old", metavar="OUT_OLD", help="the folder of the earlier run")
    command.add_argument("new", metavar="OUT_NEW", help="the folder of the later run")
    command.add_argument("--out", help="folder for tables, bulletin and list; without it only a summary")
    command.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    runs = (arguments.old, arguments.new)
    out = None if arguments.out is None else Path(arguments.out)
    if out is not None:
        quarterly.check_target(out, runs=runs)
    comparison = quarterly.compare(api.open_run(arguments.old), api.open_run(arguments.new))
    if out is not None:
        quarterly.save_comparison(comparison, out, runs=runs)
    for line in report(comparison, out):
        print(line)
