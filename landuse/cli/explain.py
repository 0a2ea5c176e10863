"""``landuse explain OUT ID``: one verdict, clause by clause, from a finished run."""

from __future__ import annotations

import argparse
from typing import Any

import landuse.api as api

__all__ = ["add"]


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser(
        "explain", help="one parcel's, project's or zone's verdict, clause by clause"
    )
    command.add_argument("out", metavar="OUT", help="the folder of a finished run")
    command.add_argument("id", metavar="ID", help="id of a parcel, project or zone")
    command.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    for line in api.explain(arguments.id, result=api.open_run(arguments.out)).lines():
        print(line)
