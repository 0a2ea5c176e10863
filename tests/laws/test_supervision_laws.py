"""Laws of supervision: the oracle agrees; nothing is lost or counted twice; learning decides and never flips."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landuse.supervising.views import months_later
from landuse.tables import RUN_TABLES
from tests.laws.dated_worlds import DATES, VERDICTS, date_text, parcels, supervised
from tests.oracles import supervision as oracle

few = settings(max_examples=8)
AS_OF = [date(2024, 2, 29), date(2025, 11, 30), date(2026, 6, 15), date(2026, 6, 30)]
KINDS = ("handover", "start", "finish")


def worlds(most=24):
    return st.lists(parcels(), min_size=4, max_size=most).map(
        lambda rows: {f"A{n}": row for n, row in enumerate(rows)}
    )


def random_row(rng):
    known = ("none", "none", "day", "day", "day", "month", "year")
    row = {name: date_text(rng.randrange(1826), rng.choice(known)) for name in DATES}
    bare = rng.random() < 0.3  # contract and nothing else
    if bare:
        row |= dict.fromkeys((d for d in DATES if d not in ("signed_on", "start_due", "finish_due")), None)
    return row | {
        "start_state": "not_started" if bare else rng.choice(["started", "not_started", "unknown"]),
        "suspend_state": rng.choice(["suspended", "not_suspended", "unknown"]),
        "handed_over": rng.choice([None, None, True, False]),
        "finished": rng.choice([None, None, True, False]),
        "ownership": rng.choice(["state"] * 8 + ["collective", None]),
        "holder": rng.choice(["甲", "乙", "丙", None]),
        "verdict": rng.choice(VERDICTS),
        "fee_fen": rng.choice([None, rng.randrange(10**12)]),
        "mu": rng.randrange(1, 60),
    }


def seen(row, facts):
    """The parcel as the oracle takes it: what was measured of its states beside its dates."""
    owner = {"state": True, "collective": False}.get(row["ownership"])
    return row | {"start": facts["start_state"], "suspend": facts["suspend_state"], "supervised": owner}


def pair_of(row, stem):
    got = (row[f"{stem}_low"], row[f"{stem}_high"])
    return None if all(map(math.isnan, got)) else got


@pytest.mark.parametrize("as_of", AS_OF)
def test_the_oracle_agrees_on_random_worlds(as_of):
    rng = random.Random(f"supervision {as_of}")
    rows = {f"A{n}": random_row(rng) for n in range(800)}
    found, facts = supervised(rows, as_of)
    owed = {(r["parcel_id"], r["obligation"]): r for r in found.obligations.to_dict("records")}
    coming = set(zip(found.calendar["parcel_id"], found.calendar["obligation"], strict=True))
    states, stages = set(), set()
    for name, cells in rows.items():
        row = seen(cells, facts.parcels.loc[name])
        for kind in KINDS:
            got = owed[name, kind]
            state, over, left = oracle.obligation(row, kind, as_of)
            said = (got["state"], pair_of(got, "days_over"), pair_of(got, "days_left"))
            assert said == (state, over, left), (name, kind, row)
            here = oracle.in_calendar(row, kind, as_of, found.until)
            assert ((name, kind) in coming) == here, (name, kind, row)
            states.add(state)
        own = found.table.loc[name]
        stage, since = oracle.status(row, as_of)
        assert own["status"] == stage, (name, row)
        shown = own["since_period"] if pd.isna(own["since"]) else f"{own['since']:%Y-%m-%d}"
        assert (None if pd.isna(shown) else shown) == since, (name, row)
        late = own["handover_late"]
        assert (None if pd.isna(late) else late) == oracle.late_handover(row, as_of), (name, row)
        denied = cells["start_state"] == "not_started" and row["start"] != "not_started"
        assert pd.notna(own["contradiction"]) == bool(oracle.contradictions(row) or denied), (name, row)
        stages.add(stage)
    assert len(states) == 7
    assert len(stages) == 10


@few
@given(worlds(), st.sampled_from(AS_OF))
def test_every_parcel_and_obligation_stands_once(rows, as_of):
    found, _ = supervised(rows, as_of)
    for name, table in found.tables().items():
        RUN_TABLES[name].check(table)
    assert found.table.index.tolist() == list(rows)
    keys = [(r.parcel_id, r.obligation) for r in found.obligations.itertuples()]
    found_idle = {(n, "deadline") for n, row in rows.items() if row["verdict"].startswith("idle")}
    assert sorted(keys) == sorted({(n, k) for n in rows for k in KINDS} | found_idle)
    late = found.obligations[found.obligations["state"] == "overdue"]
    assert found.table["overdue"].sum() == len(late)
    assert found.table["overdue_of_holder"].sum() == (late["owed_by"] == "holder").sum()


@few
@given(worlds(), st.sampled_from(AS_OF))
def test_sums_by_holder_are_the_totals(rows, as_of):
    found, _ = supervised(rows, as_of)
    behind = [n for n in rows if found.table.at[n, "overdue_of_holder"] > 0]
    owed = found.obligations.set_index(["parcel_id", "obligation"])["state"]
    by = found.overdue
    holders = {None if pd.isna(h) else h for h in by["holder"]}
    assert holders == {rows[n]["holder"] for n in behind}
    assert by["holder"].duplicated().sum() == 0
    assert by["parcels"].sum() == len(behind)
    assert by["area_mu"].sum() == pytest.approx(sum(rows[n]["mu"] for n in behind), abs=1e-6)
    fen = sum(rows[n]["fee_fen"] or 0 for n in behind)
    for end in ("low", "high"):
        assert round(by[f"fee_wan_{end}"].sum() * 1_000_000) == fen
    assert by["fee_parcels"].sum() == sum(rows[n]["fee_fen"] is not None for n in behind)
    for column, kind in (("starts", "start"), ("finishes", "finish")):
        assert by[column].sum() == sum(owed[n, kind] == "overdue" for n in behind)


@few
@given(worlds(), st.sampled_from(AS_OF), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows, as_of, rng):
    one, _ = supervised(rows, as_of)
    names = list(rows)
    rng.shuffle(names)
    other, _ = supervised({n: rows[n] for n in names}, as_of)
    sources = ["source_file", "source_row"]
    pd.testing.assert_frame_equal(
        one.table.drop(columns=sources), other.table.drop(columns=sources).loc[list(rows)]
    )
    keys = ["parcel_id", "obligation"]
    tables = [t.obligations.drop(columns=sources).sort_values(keys, ignore_index=True) for t in (one, other)]
    pd.testing.assert_frame_equal(*tables)
    pd.testing.assert_frame_equal(one.calendar.drop(columns=sources), other.calendar.drop(columns=sources))
    pd.testing.assert_frame_equal(one.overdue, other.overdue)


MAY_BECOME = {
    "unknown": {"done", "done_late", "done_timing_unknown", "due", "overdue", "unknown", "out_of_scope"},
    "done_timing_unknown": {"done", "done_late", "done_timing_unknown"},
    "done": {"done"},
    "done_late": {"done_late"},
    "due": {"due"},
    "overdue": {"overdue"},
    "out_of_scope": {"out_of_scope"},
}
"""What more knowledge of the same dates may make of a state."""


def narrowed(text, rng):
    """A date that more is known of: a month of its year, a day of its month."""
    days = oracle.days_of(text)
    day = rng.choice(days)
    return rng.choice([f"{day:%Y-%m-%d}", f"{day:%Y-%m}"]) if len(text) == 4 else f"{day:%Y-%m-%d}"


@few
@given(worlds(), st.sampled_from(AS_OF), st.randoms(use_true_random=False))
def test_narrowing_a_date_only_decides(rows, as_of, rng):
    before, facts = supervised(rows, as_of)
    finer = {}
    for name, row in rows.items():
        vague = [d for d in DATES if row[d] is not None and len(row[d]) < 10]
        finer[name] = row | {d: narrowed(row[d], rng) for d in vague if rng.random() < 0.5}
    after, then = supervised(finer, as_of)
    same = clean(before, facts) & clean(after, then)
    for one, other in zip(before.obligations.itertuples(), after.obligations.itertuples(), strict=True):
        assert (one.parcel_id, one.obligation) == (other.parcel_id, other.obligation)
        if one.parcel_id in same:
            assert other.state in MAY_BECOME[one.state], (one, other)
            for stem in ("days_over", "days_left"):
                wide, close = ((getattr(o, f"{stem}_low"), getattr(o, f"{stem}_high")) for o in (one, other))
                if not math.isnan(wide[0]) and not math.isnan(close[0]):
                    assert wide[0] <= close[0] <= close[1] <= wide[1]


def clean(found, facts):
    """Parcels whose dates and states agree with each other: what contradicts itself is not relied on."""
    disputed = facts.issues["kind"].isin(
        ["dates_out_of_order", "start_state_differs", "suspend_state_differs"]
    )
    at_fault = set(facts.issues.loc[disputed, "row"])
    rows = found.table["source_row"].isin(at_fault) | found.table["contradiction"].notna()
    return set(found.table.index[~rows.to_numpy(dtype=bool)])


@few
@given(worlds(), st.sampled_from(AS_OF), st.randoms(use_true_random=False))
def test_learning_a_date_never_turns_done_into_overdue_or_back(rows, as_of, rng):
    before, _ = supervised(rows, as_of)
    told = {}
    for name, row in rows.items():
        blank = [d for d in DATES if row[d] is None and d not in ("start_due_extended",)]
        learnt = {d: date_text(rng.randrange(1826), rng.choice(["day", "month"])) for d in blank}
        kept = {d: t for d, t in learnt.items() if rng.random() < 0.3 and not denies(row, d, t, as_of)}
        told[name] = row | kept
    after, _ = supervised(told, as_of)
    met = {"done", "done_late", "done_timing_unknown"}
    for one, other in zip(before.obligations.itertuples(), after.obligations.itertuples(), strict=True):
        assert not (one.state in met and other.state in {"overdue", "due"}), (one, other)
        assert not (one.state in {"overdue", "due"} and other.state in met), (one, other)


def denies(row, column, text, as_of):
    """Whether a date would deny what the file has said: that it was not done, or done already."""
    passed = any(day < as_of for day in oracle.days_of(text))
    still = any(day >= as_of for day in oracle.days_of(text))
    if column == "handed_over_on":
        return (passed and row["handed_over"] is False) or (still and row["handed_over"] is True)
    said = {"started_on": ("start_state", "started"), "suspended_on": ("suspend_state", "suspended")}
    if column in said:
        state, yes = said[column]
        return (passed and row[state] == f"not_{yes}") or (still and row[state] == yes)
    if column == "finished_on":
        return (passed and (row["finished"] is False or row["suspend_state"] == "suspended")) or (
            still and row["finished"] is True
        )
    return column == "resumed_on"


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 24))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_a_world_without_parcels():
    found, _ = supervised({}, AS_OF[0])
    assert all(len(table) == 0 for table in found.tables().values())
    assert isinstance(found.table["since"].to_numpy(), np.ndarray)
