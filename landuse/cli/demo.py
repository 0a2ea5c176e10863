"""``landuse demo``: the sample plan, end to end, without network."""

from __future__ import annotations

import argparse
import sysconfig
from pathlib import Path
from typing import Any

from landuse.cli.run import execute
from landuse.errors import MissingFileError
from landuse.labels import say

__all__ = ["add", "sample_plan"]


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("demo", help="run the sample plan, end to end, without network")
    command.add_argument(
        "--out", default="landuse_demo", help="folder for the results (default: %(default)s)"
    )
    command.set_defaults(call=call)


def sample_plan() -> Path:
    """Return the plan of the sample: beside the package in a checkout, under share/ when installed.

    Raises
    ------
    MissingFileError
        Where the installation holds no sample.
    """
    beside = Path(__file__).resolve().parents[2] / "sample_parcels" / "plan.toml"
    shared = Path(sysconfig.get_path("data")) / "share" / "landuse" / "sample_parcels" / "plan.toml"
    for plan in (beside, shared):
        if plan.is_file():
            return plan
    raise MissingFileError(
        "the sample is not here", file=str(shared), remedy="reinstall landuse, or run it from a checkout"
    )


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    print(say("cli", "synthetic"))
    execute(sample_plan(), arguments.out)
