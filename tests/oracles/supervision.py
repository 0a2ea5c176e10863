"""Supervision in plain Python: every day that a date can be is tried, one after the other.

A parcel is a dict of texts as a bureau writes them: dates "2026-03-05", "2026-03", "2026" or None; ``handed_over``
and ``finished`` True, False or None; ``supervised`` likewise. ``start`` and ``suspend`` are the states that were
measured.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

LONG_AGO = date(1800, 1, 1)
KINDS = ("handover", "start", "finish")
DAY = timedelta(days=1)


def days_of(text):
    """Every day that a date can be; none where nothing is known."""
    if text is None:
        return []
    parts = [int(p) for p in text.split("-")]
    if len(parts) == 3:
        return [date(*parts)]
    months = [parts[1]] if len(parts) == 2 else range(1, 13)
    return [date(parts[0], m, d + 1) for m in months for d in range(calendar.monthrange(parts[0], m)[1])]


def certainly_before(one, other):
    """Whether every day of one date lies before every day of another."""
    return bool(one and other) and max(one) < min(other)


def contradictions(row):
    """Pairs of dates, the first of which comes after the second though it cannot."""
    pairs = [
        ("handover_due", "start_due"),
        ("start_due", "finish_due"),
        ("start_due_extended", "finish_due"),
        ("started_on", "suspended_on"),
        ("suspended_on", "resumed_on"),
        ("started_on", "finished_on"),
        ("suspended_on", "finished_on"),
    ]
    return {(a, b) for a, b in pairs if certainly_before(days_of(row[b]), days_of(row[a]))}


def happened(row, flag, on, today):
    """Whether something was done before today: a set of the answers that are possible."""
    if on:
        return {day < today for day in on}
    return {True, False} if row[flag] is None else {row[flag]}


def done_of(row, kind, today):
    """Whether it was done (True, False, None) and the days it can have been done on."""
    wrong = contradictions(row)
    if kind == "handover":
        on = days_of(row["handed_over_on"])
        answers = happened(row, "handed_over", on, today)
    elif kind == "start":
        on = days_of(row["started_on"])
        answers = {"started": {True}, "not_started": {False}, "unknown": {True, False}}[row["start"]]
        if wrong & {("started_on", "suspended_on"), ("started_on", "finished_on")}:
            on = []
    else:
        on = days_of(row["finished_on"])
        answers = happened(row, "finished", on, today)
        clash = wrong & {("started_on", "finished_on"), ("suspended_on", "finished_on")}
        if row["start"] == "not_started" or row["suspend"] == "suspended":
            answers = {True, False} if answers == {True} else {False}
        elif clash:
            answers = {True, False}
        on = [] if clash else on
    if len(answers) > 1:
        return None, []
    done = answers == {True}
    return done, [min(day, today - DAY) for day in on] if done else []


def due_of(row, kind):
    wrong = contradictions(row)
    if kind == "start":
        later = days_of(row["start_due_extended"])
        due = days_of(row["start_due"])
        if not later:
            return due
        return [] if certainly_before(later, due) else later
    if kind == "handover":
        return [] if ("handover_due", "start_due") in wrong else days_of(row["handover_due"])
    before = {("start_due", "finish_due"), ("start_due_extended", "finish_due")} & wrong
    return [] if before else days_of(row["finish_due"])


def obligation(row, kind, today):
    """State, days over and days left (pairs, None: not known) of handover, start or finish."""
    done, on = done_of(row, kind, today)
    due = due_of(row, kind)
    return weigh(done, on, due, row["supervised"], today)


def weigh(done, on, due, supervised, today):
    if supervised is False:
        return "out_of_scope", None, None
    if supervised is None:
        return "unknown", None, None
    if done:
        ends = on or [LONG_AGO, today - DAY]
        if not due:
            return "done_timing_unknown", None, None
        over = [max(0, (end - day).days) for end in (min(ends), max(ends)) for day in (due[0], due[-1])]
        late = {end > day for end in (min(ends), max(ends)) for day in (due[0], due[-1])}
        word = {frozenset({True}): "done_late", frozenset({False}): "done"}
        return word.get(frozenset(late), "done_timing_unknown"), (min(over), max(over)), None
    if not due:
        return "unknown", None, None
    left = (max(0, (due[0] - today).days), max(0, (due[-1] - today).days))
    if done is None:
        return "unknown", ((0, 0) if due[0] >= today else None), left
    states = {"overdue" if day < today else "due" for day in due}
    over = [max(0, (today - day).days) for day in due]
    return states.pop() if len(states) == 1 else "unknown", (min(over), max(over)), left


def late_handover(row, today):
    state, over, _ = obligation(row, "handover", today)
    if state in ("done_late", "overdue"):
        return True
    return False if state in ("done", "due") or over == (0, 0) else None


def status(row, today):
    """The step that a parcel has reached, and the date (text) since when."""
    if row["supervised"] is False:
        return "out_of_scope", None
    if row["supervised"] is None:
        return "unknown", None
    wrong = contradictions(row)
    if done_of(row, "finish", today)[0]:
        return "finished", row["finished_on"]
    if row["suspend"] == "suspended":
        return "suspended", row["suspended_on"]
    if row["start"] == "started":
        resumed = days_of(row["resumed_on"])
        if resumed and max(resumed) < today:
            return "started", row["resumed_on"]
        unsure = wrong & {("started_on", "suspended_on"), ("started_on", "finished_on")}
        return "started", None if unsure else row["started_on"]
    if row["start"] == "unknown":
        return "unknown", None
    state = obligation(row, "start", today)[0]
    if state == "overdue":
        return "overdue", row["start_due_extended"] or row["start_due"]
    if state == "due" and done_of(row, "handover", today)[0]:
        return "handed_over", row["handed_over_on"]
    signed = days_of(row["signed_on"])
    if state == "due" and signed and max(signed) < today:
        return "signed", row["signed_on"]
    return ("not_due" if state == "due" else "not_started"), None


def in_calendar(row, kind, today, until):
    state = obligation(row, kind, today)[0]
    return state in ("due", "unknown") and any(today <= day < until for day in due_of(row, kind))
