"""``landuse``: arguments in, one call, files out."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from landuse.cli import check, compare, demo, explain, policies, run
from landuse.errors import LanduseError
from landuse.labels import has, label, say

__all__ = ["main"]

COMMANDS = (demo, check, run, explain, compare, policies)


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
        0 done; 2 refused, with one message on stderr that says where, what and what to do; 128 + the signal
        where the run was interrupted, with nothing half-written left behind.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    arguments = parser().parse_args(argv)
    try:
        with _stopped_tidily():
            arguments.call(arguments)
            sys.stdout.flush()
    except LanduseError as error:
        kind = type(error).__name__
        name = say("errors", kind) if has("errors", kind) else kind
        print(f"landuse: {say('cli', 'refused', kind=name)}\n{error}", file=sys.stderr)
        return 2
    except _Stopped as stopped:
        print(f"landuse: {label('cli', 'interrupted')}", file=sys.stderr)
        return 128 + stopped.number
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class _Stopped(BaseException):
    """The user or the system ends the run."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def _stopped_tidily() -> Iterator[None]:
    """Let signals that end a run pass through the code that clears away what is half-written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: Any) -> None:
        raise _Stopped(number)

    known = [signal.Signals[n] for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]
    wanted = [s for s in known if signal.getsignal(s) != signal.SIG_IGN]
    before = {s: signal.signal(s, stop) for s in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
