"""``landuse check PLAN``: intake only."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import landuse.api as api
from landuse.cli.check_report import report

__all__ = ["add"]


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("check", help="read everything a plan names and say what was found")
    command.add_argument("plan", metavar="PLAN", help="the plan file (TOML)")
    command.add_argument("--out", help="folder for the lists (default: <plan>_check beside the plan)")
    command.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    plan = Path(arguments.plan)
    out = Path(arguments.out or plan.with_name(f"{plan.stem}_check"))
    api.check_target(out, plan)
    checked = api.check(plan)
    api.save_check(checked, out)
    for line in report(checked, out):
        print(line)
