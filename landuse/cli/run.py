"""``landuse run PLAN``: the whole job."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

import landuse.api as api
from landuse.cli import arguments as given
from landuse.cli.summary import of_run
from landuse.errors import PlanError
from landuse.labels import label, say

__all__ = ["add", "execute"]

ENGINES = ("serial", "processes", "dask")


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("run", help="run a plan: tables, verdicts, map and workbook")
    command.add_argument("plan", metavar="PLAN", help="the plan file (TOML)")
    command.add_argument("--out", help="folder for the results (default: <plan>_out beside the plan)")
    command.add_argument("--as-of", type=given.day, metavar="DATE", help="as-of date, overrules the plan")
    command.add_argument("--engine", choices=ENGINES, default="serial", help="how the work is spread")
    command.add_argument("--workers", type=int, metavar="N", help="for --engine processes or dask")
    command.add_argument("--scheduler", metavar="ADDRESS", help="for --engine dask")
    command.set_defaults(call=call)


def call(arguments: argparse.Namespace) -> None:
    """Run it."""
    if arguments.engine != "serial" or arguments.workers is not None or arguments.scheduler is not None:
        raise PlanError(
            "this version runs in one process only",
            key="--engine",
            remedy="leave out --engine, --workers and --scheduler",
        )
    plan = Path(arguments.plan)
    out = arguments.out or plan.with_name(f"{plan.stem}_out")
    execute(plan, out, as_of=arguments.as_of)


def execute(plan: Path, out: str | Path, **options: Any) -> None:
    """Run a plan into a folder and print what came of it."""
    api.check_target(out, plan)
    began = time.perf_counter()
    with tqdm(total=len(api.STEPS), disable=None, leave=False, bar_format="{desc} {bar} {n}/{total}") as bar:

        def step(name: str) -> None:
            bar.set_description_str(label("verbs", name))
            bar.update()

        result = api.run(plan, step=step, **options)
        step("write")
        api.save(result, out)
    for line in of_run(result, Path(out)):
        print(line)
    print(say("cli", "seconds", seconds=f"{time.perf_counter() - began:.1f}"))
