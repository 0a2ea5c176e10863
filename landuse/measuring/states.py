"""Started or not, suspended or not: what every day that a date can be agrees on, else unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from landuse.tables.spans import Flags, Span, Words

__all__ = ["ORDER", "STEPS", "States", "settle_states"]

STEPS = ("started_on", "suspended_on", "resumed_on", "finished_on")
"""What happens to a parcel, one after the other; resuming and finishing may be left out."""
ORDER = (
    ("start_due", "start_due_extended"),
    ("started_on", "suspended_on"),
    ("suspended_on", "resumed_on"),
    ("started_on", "finished_on"),
    ("suspended_on", "finished_on"),
)
"""Pairs of dates of which the first cannot be the later one."""


@dataclass(frozen=True)
class States:
    """Start and suspend state on the as-of date, and where what is stated contradicts the dates."""

    start: Words
    start_clash: Flags
    suspend: Words
    suspend_clash: Flags

    def at(self, rows: Flags) -> States:
        """Return the states of some rows."""
        return States(self.start[rows], self.start_clash[rows], self.suspend[rows], self.suspend_clash[rows])


@dataclass(frozen=True)
class _Given:
    """What the table says: both states, which dates are known, which are out of order."""

    start: Words
    suspend: Words
    known: Mapping[str, Flags]
    wrong: Mapping[tuple[str, str], Flags]

    def at(self, rows: Flags) -> _Given:
        return _Given(
            self.start[rows],
            self.suspend[rows],
            {step: flags[rows] for step, flags in self.known.items()},
            {pair: flags[rows] for pair, flags in self.wrong.items()},
        )


def settle_states(
    parcels: pd.DataFrame,
    spans: Mapping[str, Span],
    today: np.datetime64,
    wrong: Mapping[tuple[str, str], Flags],
) -> States:
    """Say whether construction has started and stands suspended.

    Parameters
    ----------
    parcels : DataFrame
        Table ``parcels``.
    spans : mapping
        The dates of ``STEPS``.
    today : datetime64[D]
        The start of that day; what happens on it or later has not happened.
    wrong : mapping
        Where the pairs of ``ORDER`` are out of order.

    Returns
    -------
    States
        A date of which only month or year is known, and which may lie before ``today`` or not, is taken both
        ways; where the outcomes differ the state is unknown.
    """
    given = _Given(
        parcels["start_state"].to_numpy(dtype=object),
        parcels["suspend_state"].to_numpy(dtype=object),
        {step: spans[step].known for step in STEPS},
        {pair: wrong[pair] for pair in ORDER[1:]},
    )
    over = {step: spans[step].over(today) for step in STEPS}
    over["finished_on"] |= ~spans["finished_on"].known & _yes(parcels["finished"])
    doubtful = {step: spans[step].doubtful(today) for step in STEPS}
    found = _decided(given, over)
    rows = np.logical_or.reduce(list(doubtful.values()))
    if not rows.any():
        return found
    either = _either_way(
        given.at(rows), {s: f[rows] for s, f in over.items()}, {s: f[rows] for s, f in doubtful.items()}
    )
    for part, better in vars(either).items():
        getattr(found, part)[rows] = better
    return found


def _yes(said: pd.Series) -> Flags:
    """Say where the file itself says yes."""
    return np.asarray(said.to_numpy(dtype=bool, na_value=False))


def _either_way(given: _Given, over: Mapping[str, Flags], doubtful: Mapping[str, Flags]) -> States:
    """Decide with every doubtful date before today and not; what does not come out the same is unknown."""
    rows = len(given.start)
    seen = np.zeros(rows, dtype=np.bool_)
    start, suspend = (np.full(rows, "unknown", dtype=object) for _ in range(2))
    clashes = np.ones((2, rows), dtype=np.bool_)
    for choice in product((False, True), repeat=len(STEPS)):
        happened = {
            step: over[step] | (doubtful[step] & yes) for step, yes in zip(STEPS, choice, strict=True)
        }
        possible = np.ones(rows, dtype=np.bool_)
        for (first, second), wrong in given.wrong.items():
            backwards = given.known[first] & ~happened[first] & happened[second]
            possible &= ~backwards | wrong
        one = _decided(given, happened)
        for merged, state in ((start, one.start), (suspend, one.suspend)):
            merged[possible & ~seen] = state[possible & ~seen]
            merged[possible & seen & (merged != state)] = "unknown"
        clashes &= ~possible | np.stack([one.start_clash, one.suspend_clash])
        seen |= possible
    return States(start, clashes[0] & seen, suspend, clashes[1] & seen)


def _decided(given: _Given, happened: Mapping[str, Flags]) -> States:
    start, start_clash = _start(given, happened)
    suspend, suspend_clash = _suspend(given, happened, start)
    return States(start, start_clash, suspend, suspend_clash)


def _start(given: _Given, happened: Mapping[str, Flags]) -> tuple[Words, Flags]:
    """Return the start state and where the stated one contradicts the dates.

    A date of starting decides, else the state. What was suspended, resumed or finished had been started:
    that settles an unknown state, and unsettles "not started".
    """
    begun = happened["started_on"]
    awaited = given.known["started_on"] & ~begun
    later_steps = happened["suspended_on"] | happened["resumed_on"] | happened["finished_on"]
    found = np.select([begun, awaited], ["started", "not_started"], default=given.start).astype(object)
    clash = (begun & (given.start == "not_started")) | (later_steps & (found == "not_started"))
    found = np.where(later_steps & (found == "unknown"), "started", found)
    return np.where(later_steps & (found == "not_started"), "unknown", found), clash


def _suspend(given: _Given, happened: Mapping[str, Flags], start: Words) -> tuple[Words, Flags]:
    """Return the suspend state and where the stated one contradicts the dates.

    A date of finishing that lies before that of starting is not relied on.
    """
    state, wrong = given.suspend, given.wrong
    halted, resumed = happened["suspended_on"], happened["resumed_on"]
    finished = happened["finished_on"] & ~wrong["started_on", "finished_on"]
    dated = given.known["suspended_on"]
    standing = halted & ~resumed & ~finished
    said = (state == "suspended") & ~dated & ~resumed & ~finished
    clash = (standing & (state == "not_suspended")) | (said & (start == "not_started"))
    disorder = (wrong["suspended_on", "resumed_on"] | wrong["started_on", "suspended_on"]) & ~finished
    disorder |= wrong["suspended_on", "finished_on"] & halted
    unsettled = clash | disorder | (halted & ~finished & (start != "started"))
    over = finished | resumed | (state == "not_suspended") | (start == "not_started")
    over |= dated & ~halted
    found = np.select(
        [unsettled, standing | said, over], ["unknown", "suspended", "not_suspended"], default="unknown"
    )
    return found.astype(object), clash
