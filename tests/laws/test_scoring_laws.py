"""Laws of scoring: oracles agree, intervals hold every completion, learning a figure only decides."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landuse.policy.schemes import load_scheme
from landuse.scoring.class_rules import ClassRules
from landuse.scoring.classes import classify
from landuse.scoring.cuts import Ladder, places_rounded, possible_classes
from landuse.scoring.intervals import Interval
from landuse.scoring.methods import ideal_value, mean_normalised, min_max
from landuse.scoring.ranks import places_of, ties_of
from landuse.tables import CLASS_COUNTS, FIRM_STATUS, FIRMS
from tests.oracles import scores as oracle

some = settings(max_examples=60)
METHODS = {
    "ideal_value": lambda figure: ideal_value(figure, 40.0),
    "min_max": min_max,
    "mean_normalised": mean_normalised,
}
MODES = ["half_up", "half_even", "up", "down"]
numbers = st.integers(0, 100).map(Fraction)
ends = st.tuples(numbers, numbers).map(lambda e: (min(e), max(e)))
figures = st.lists(st.one_of(numbers.map(lambda n: (n, n)), ends), min_size=2, max_size=7)


def interval(pairs):
    low, high = (np.array([float(p[i]) for p in pairs]) for i in (0, 1))
    return Interval(low, high)


def completion(pairs, chance):
    return [low + (high - low) * Fraction(chance.randint(0, 4), 4) for low, high in pairs]


@pytest.mark.parametrize("method", METHODS)
@some
@given(st.lists(numbers, min_size=2, max_size=8))
def test_known_figures_give_the_indices_of_the_oracle(method, values):
    got = METHODS[method](interval([(v, v) for v in values]))
    for at, expected in enumerate(oracle.indices(method, values, ideal=Fraction(40))):
        if expected is None:
            assert got.low[at] < got.high[at]
        else:
            assert (got.low[at], got.high[at]) == pytest.approx((float(expected),) * 2, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
@some
@given(figures, st.randoms(use_true_random=False))
def test_whatever_the_figures_turn_out_to_be_the_index_lies_within(method, pairs, chance):
    got = METHODS[method](interval(pairs))
    for _ in range(8):
        for at, index in enumerate(oracle.indices(method, completion(pairs, chance), ideal=Fraction(40))):
            if index is not None:
                assert got.low[at] - 1e-12 <= float(index) <= got.high[at] + 1e-12


@some
@given(figures, st.integers(1, 50))
def test_mean_normalised_does_not_know_the_unit(pairs, factor):
    one = mean_normalised(interval(pairs))
    other = mean_normalised(interval([(low * factor, high * factor) for low, high in pairs]))
    assert np.allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@some
@given(figures, st.integers(0, 6))
def test_what_is_not_known_is_the_whole_range_and_never_a_number(method, pairs, at):
    assume(at < len(pairs))
    figure = interval(pairs)
    figure.low[at] = figure.high[at] = np.nan
    got = METHODS[method](figure)
    least, most = {"ideal_value": (0, 1), "min_max": (0.2, 1), "mean_normalised": (0, len(pairs))}[method]
    assert (got.low[at], got.high[at]) == (least, most)
    assert (got.low <= got.high).all()
    if method == "ideal_value":
        assert (got.low >= 0.0).all()
        assert (got.high <= 1.0).all()


def test_open_upper_ends_stay_bounds():
    figure = Interval(np.array([10.0, 20.0]), np.array([np.inf, 20.0]))
    assert ideal_value(figure, 40.0).high.tolist() == [1.0, 0.5]
    assert np.allclose(min_max(figure), [[0.2, 0.2], [1.0, 1.0]])
    assert np.allclose(mean_normalised(figure), [[2 / 3, 0.0], [2.0, 4 / 3]])


@some
@given(figures, st.randoms(use_true_random=False))
def test_places_are_consistent_and_hold_in_every_completion(pairs, chance):
    score = interval(pairs)
    best, worst = places_of(score)
    assert (best >= 1).all()
    assert (best <= worst).all()
    assert (worst <= len(pairs)).all()
    exact = completion(pairs, chance)
    for at, own in enumerate(exact):
        assert best[at] <= oracle.place(exact, own) <= worst[at]
    known = interval([(v, v) for v in exact])
    assert [oracle.place(exact, own) for own in exact] == places_of(known)[0].tolist()
    assert ties_of(known).tolist() == [exact.count(v) > 1 for v in exact]


def ladder(pairs, mode):
    count = len(pairs)
    half = places_rounded(Fraction(1, 2), count, mode)
    first, last = (places_rounded(Fraction(n, 100), count, mode) for n in (15, 10))
    halves, a, c = (interval([p[i] for p in pairs]) for i in range(3))
    low = Interval(-c.high, -c.low)
    return Ladder(halves, a, low, half, min(first, half), min(last, count - half))


def sets(pairs, mode):
    found = possible_classes(ladder(pairs, mode))
    return [
        {v for v, may in zip("ABC", (found.a, found.b, found.c), strict=True) if may[i]}
        for i in range(len(pairs))
    ]


groups = st.lists(st.tuples(*[st.one_of(numbers.map(lambda n: (n, n)), ends)] * 3), min_size=1, max_size=24)


@some
@given(groups, st.sampled_from(MODES), st.randoms(use_true_random=False))
def test_the_class_of_every_completion_is_a_possible_one(pairs, mode, chance):
    possible = sets(pairs, mode)
    for _ in range(6):
        made = list(zip(*(completion([p[i] for p in pairs], chance) for i in range(3)), strict=True))
        order = list(range(len(pairs)))
        chance.shuffle(order)
        for at, verdict in oracle.classes(dict(enumerate(made)), mode, order=dict(enumerate(order))).items():
            assert verdict in possible[at]


@some
@given(st.integers(1, 40), st.sampled_from(MODES), st.randoms(use_true_random=False))
def test_known_figures_without_ties_are_all_decided_as_the_oracle_does(count, mode, chance):
    rows = [chance.sample(range(1000), count) for _ in range(3)]
    firms = {at: tuple(Fraction(r[at]) for r in rows) for at in range(count)}
    got = sets([tuple((v, v) for v in f) for f in firms.values()], mode)
    assert got == [{v} for v in oracle.classes(firms, mode).values()]
    verdicts = [next(iter(g)) for g in got]
    assert verdicts.count("A") == oracle.rounded(Fraction(15 * count, 100), mode)
    assert verdicts.count("C") == min(
        oracle.rounded(Fraction(count, 10), mode), count // 2 if mode != "down" else count
    )


@some
@given(groups, st.sampled_from(MODES), st.randoms(use_true_random=False))
def test_learning_a_figure_only_decides(pairs, mode, chance):
    at, which = chance.randrange(len(pairs)), chance.randrange(3)
    learnt = [list(p) for p in pairs]
    value = completion([pairs[at][which]], chance)[0]
    learnt[at][which] = (value, value)
    for before, after in zip(sets(pairs, mode), sets([tuple(p) for p in learnt], mode), strict=True):
        assert after <= before


def firms_of(rows):
    frame = pd.DataFrame(rows)
    frame.index = pd.Index([r["id"] for r in rows], dtype="str", name="firm_id")
    return FIRMS.conform(frame.drop(columns="id"))


def random_firms(chance, count, *, gaps):
    rows = []
    for n in range(count):
        row = {"id": f"F{n}", "zone_id": chance.choice(["Z1", "Z2", "Z3"]), "firm_size": "big", "projects": 1}
        for name in ("tax_wan_per_mu", "output_wan_per_tce"):
            value = math.nan if chance.random() < gaps else float(chance.randint(1, 500))
            row |= {f"{name}_low": value, f"{name}_high": value}
        rows.append(row)
    return firms_of(rows)


RULES = ClassRules(
    load_scheme("cn-henan-firm-classes-2018-zhengzhou"),
    method="ideal_value",
    weights={"tax_wan_per_mu": 60.0, "output_wan_per_tce": 40.0},
    ideals={"tax_wan_per_mu": 500.0, "output_wan_per_tce": 500.0},
    rounding="half_up",
)


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.sampled_from([0.0, 0.2]))
def test_the_order_of_firms_decides_nothing_and_counts_are_the_rounded_shares(chance, gaps):
    firms = random_firms(chance, chance.randint(1, 40), gaps=gaps)
    status, counts, _ = classify(firms, RULES)
    FIRM_STATUS.check(status)
    CLASS_COUNTS.check(counts)
    again, counts_again, _ = classify(firms.sample(frac=1, random_state=chance.randint(0, 99)), RULES)
    pd.testing.assert_frame_equal(status, again.loc[status.index])
    pd.testing.assert_frame_equal(counts, counts_again)
    for zone, there in firms.groupby("zone_id"):
        places = counts[counts["zone_id"] == zone].set_index("firm_class")["places"]
        assert places["A"] == oracle.rounded(Fraction(15 * len(there), 100), "half_up")
        assert places["C"] == oracle.rounded(Fraction(len(there), 10), "half_up")
        assert places.sum() == len(there)
        verdicts = status.loc[there.index, "firm_class"].value_counts()
        for verdict in "ABC":
            assert verdicts.get(verdict, 0) <= places[verdict]


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.sampled_from(["Z1", "Z2", "Z3"]))
def test_learning_the_zone_of_a_firm_only_decides_the_classes_of_all(chance, zone):
    firms = random_firms(chance, chance.randint(2, 30), gaps=0.1)
    name = chance.choice(list(firms.index))
    lost = firms.assign(zone_id=firms["zone_id"].mask(firms.index == name))
    found = lost.assign(zone_id=lost["zone_id"].fillna(zone))
    before, after = (classify(table, RULES)[0]["possible"] for table in (lost, found))
    for one, other in zip(before, after, strict=True):
        assert set(other) <= set(one)
