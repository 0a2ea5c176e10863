"""Laws of dates known to the month or year: whatever day it was, what is said of the parcel is not wrong."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.policy import load_policy
from landuse.screening import judge, screen
from tests.rows_by_hand import measured, parcels_of, projects_of

STEMS = (
    "start_due", "start_due_extended", "started_on", "finished_on", "suspended_on", "resumed_on", "signed_on",
)  # fmt: skip
BEFORE = (
    ("start_due", "start_due_extended"),
    ("started_on", "suspended_on"),
    ("suspended_on", "resumed_on"),
    ("started_on", "finished_on"),
    ("suspended_on", "finished_on"),
)
COUNTS = ("days_past_start", "full_years_past_start", "days_suspended", "full_years_suspended")
FIRST, LAST = date(2022, 11, 1), date(2026, 8, 31)
POLICY = load_policy("cn-idle-land-2012")
DAYS = st.dates(FIRST, LAST)
KNOWN = st.tuples(DAYS, st.sampled_from(["day", "day", "month", "month", "year", "nothing", "nothing"]))


def span(day, known):
    """First and last day that a date can be of which this much is known."""
    if known == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if known == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


@st.composite
def parcels(draw):
    """One parcel: how much is known of each date, one day that it may have been, and the states."""
    dates = {stem: draw(KNOWN) for stem in STEMS}
    states = {
        "start_state": draw(st.sampled_from(["started", "not_started", "unknown"])),
        "suspend_state": draw(st.sampled_from(["suspended", "not_suspended", "unknown"])),
    }
    part = draw(st.sampled_from([0.0, 0.5]))
    row = {
        "m2": 30_000,
        "ownership": "state",
        "construction_land": True,
        "due": 30_000,
        "developed": part * 3e4,
    }
    vague, exact = row | states, row | states
    truth = {}
    for stem, (day, known) in dates.items():
        if known == "nothing":
            continue
        first, last = span(day, known)
        truth[stem] = (first, first + timedelta(days=draw(st.integers(0, (last - first).days))), last)
        exact = exact | {stem: pd.Timestamp(truth[stem][1])}
        if known == "day":
            vague = vague | {stem: pd.Timestamp(day)}
        else:
            vague = vague | {f"{stem}_period": f"{day:%Y-%m}" if known == "month" else f"{day:%Y}"}
    return vague, exact, truth


def believable(truth):
    """No two dates are out of order that need not be."""
    for one, other in BEFORE:
        if one in truth and other in truth and truth[other][1] < truth[one][1]:
            certain = truth[other][2] < truth[one][0]
            if not certain:
                return False
    return True


def outcome(rows, as_of):
    facts = measured(
        parcels_of([{"id": f"A{n}"} | row for n, row in enumerate(rows)]), projects_of([]), as_of=as_of
    )
    findings = screen(facts, [POLICY])
    return facts.parcels, findings.truth[POLICY.id, "parcel"], judge(findings, [POLICY]).parcels


@settings(max_examples=60)
@given(st.lists(parcels(), min_size=1, max_size=25), DAYS)
def test_what_is_said_of_a_month_holds_for_every_day_of_it(drawn, as_of):
    drawn = [one for one in drawn if believable(one[2])]
    vague, vague_truth, vague_status = outcome([v for v, _, _ in drawn], as_of)
    exact, exact_truth, exact_status = outcome([e for _, e, _ in drawn], as_of)
    for n, (_, _, truth) in enumerate(drawn):
        said, real = vague.iloc[n], exact.iloc[n]
        for state in ("start_state", "suspend_state"):
            assert said[state] in ("unknown", real[state]), (state, drawn[n], as_of)
        for count in COUNTS:
            low, high, value = said[f"{count}_low"], said[f"{count}_high"], real[f"{count}_low"]
            if not math.isnan(low) and not math.isnan(value):
                assert low <= value <= high, (count, truth, as_of)
        for clause in vague_truth.columns:
            assert vague_truth[clause].iloc[n] in (-1, exact_truth[clause].iloc[n]), (clause, truth, as_of)
        verdict = vague_status["verdict"].iloc[n]
        assert verdict in ("undecided", exact_status["verdict"].iloc[n]), (drawn[n], as_of)


@settings(max_examples=20)
@given(st.dates(FIRST, LAST), st.sampled_from(["month", "year"]), DAYS)
def test_a_period_decides_wherever_all_its_days_agree(day, known, as_of):
    """Not only never wrong: no more in doubt than need be. Every day of the period, one by one."""
    first, last = span(day, known)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    text = f"{day:%Y-%m}" if known == "month" else f"{day:%Y}"
    row = {"m2": 30_000, "ownership": "state", "construction_land": True, "suspend_state": "not_suspended"}
    for stem, state in (("start_due", "not_started"), ("started_on", "started")):
        rows = [row | {"start_state": state, f"{stem}_period": text}]
        rows += [row | {"start_state": state, stem: pd.Timestamp(one)} for one in every]
        facts, _, status = outcome(rows, as_of)
        verdicts = set(status["verdict"].iloc[1:])
        assert status["verdict"].iloc[0] == (verdicts.pop() if len(verdicts) == 1 else "undecided")
        for count in COUNTS[:2]:
            values = facts[f"{count}_low"].iloc[1:]
            if values.notna().all():
                ends = (facts[f"{count}_low"].iloc[0], facts[f"{count}_high"].iloc[0])
                assert ends == (values.min(), values.max())
