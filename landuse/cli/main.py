"""``landuse``: arguments in, one call, files out."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from landuse.cli import check, demo, explain, policies, run
from landuse.errors import LanduseError
from landuse.labels import has, say

__all__ = ["main"]

COMMANDS = (demo, check, run, explain, policies)


def parser() -> argparse.ArgumentParser:
    """Return the parser with a sub-parser for every command."""
    top = argparse.ArgumentParser(
        prog="landuse",
        description="Parcels and project ledger to investment per mu, verdicts, blocks, plan, map, workbook.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns
    -------
    int
        0 done; 2 refused, with one message on stderr that says where, what and what to do.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    arguments = parser().parse_args(argv)
    try:
        arguments.call(arguments)
    except LanduseError as error:
        kind = type(error).__name__
        name = say("errors", kind) if has("errors", kind) else kind
        print(f"landuse: {say('cli', 'refused', kind=name)}\n{error}", file=sys.stderr)
        return 2
    return 0
