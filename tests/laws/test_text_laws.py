"""Laws of texts that are made in columns: they are what one would write row by row."""

from __future__ import annotations

import importlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from landuse.policy import load_policy
from landuse.screening import compare, judge, screen, wording
from landuse.screening.figures import DIGITS, figure_texts, spans
from landuse.screening.texts import TEXT, Kinds, chosen, put_together
from landuse.tables import Facts
from tests.clauses_by_hand import facts_of, intensity, policy_of

REASONS = importlib.import_module("landuse.screening.reasons")

FIGURES = st.one_of(
    st.floats(allow_nan=False),
    st.floats(-1e7, 1e7),
    st.integers(-(10**12), 10**12).map(lambda n: n / 1000),  # many lie just at a half
    st.integers(-40, 40).map(lambda n: n / 8),  # and many exactly
)


def written(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


@given(st.lists(FIGURES, min_size=1, max_size=30), st.sampled_from([*DIGITS, "d"]))
@example([2.675, 1.005, -0.001, -0.0, 0.0, 999999.9999995, 2.0**53, np.inf, 1e300], "wan/mu")
@example([0.000001, 1.000010, 1234567.000001, 0.1, 4999.99, 0.9999999], "wan")
@example([-400.0, -0.4, 0.5, 1.5, 2.5, 1499.0], "d")
def test_figures_are_written_as_format_does(figures, unit):
    texts = figure_texts(np.array(figures), unit).tolist()
    assert texts == [written(v, DIGITS.get(unit, 0)) for v in figures]


def test_a_figure_that_is_not_its_limit_does_not_look_like_it():
    figures, limits = np.array([199.999, 200.0, 200.0001, 199.99, np.nan]), np.full(5, 200.0)
    assert figure_texts(figures, "wan/mu", limits).tolist() == ["199.999", "200", "200.0001", "199.99", ""]


def test_an_end_that_is_open_or_the_same_is_no_span():
    low = np.array([1.0, 1.0, 1.0, np.nan, 0.3])
    high = np.array([1.0, 2.0, np.inf, np.nan, 0.1 + 0.2])
    assert spans(low, high).tolist() == [False, True, False, False, False]


PARTS = st.lists(st.one_of(st.sampled_from(["a", "，b", ""]), st.sampled_from([(0,), (1,)])), max_size=4)


@given(st.lists(PARTS, min_size=1, max_size=4), st.data())
def test_texts_are_put_together_as_row_by_row(recipes, data):
    for recipe in recipes:  # a figure stands once in a reason
        recipe[:] = [p for i, p in enumerate(recipe) if isinstance(p, str) or p not in recipe[:i]]
    drawn = data.draw(st.lists(st.integers(0, len(recipes) - 1), min_size=1, max_size=12))
    kind = np.array([*range(len(recipes)), *drawn])

    def figure(key, rows):
        return [pa.array([f"<{key[0]}:{row}" for row in rows], TEXT), pa.array([">"] * len(rows), TEXT)]

    texts = put_together(kind, recipes, figure).to_pylist()
    for row, (text, at) in enumerate(zip(texts, kind, strict=True)):
        assert text == "".join(p if isinstance(p, str) else f"<{p[0]}:{row}>" for p in recipes[at])


@given(
    st.lists(
        st.tuples(st.integers(-1, 299), st.integers(-1, 299), st.integers(0, 1)), min_size=1, max_size=40
    )
)
def test_kinds_are_told_apart_by_all_their_traits(rows):
    """300 × 300 kinds are possible: more than are counted, so that they are hashed."""
    kinds = Kinds(len(rows))
    names = [f"n{i}" for i in range(300)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    kinds.split(columns[0], names)
    kinds.split(columns[1].astype(np.int16), names)
    kinds.split(columns[2].astype(bool), ["no", "yes"])
    of_row, traits = kinds.sorted()
    assert [traits[k] for k in of_row] == [(names[a], names[b], ("no", "yes")[c]) for a, b, c in rows]
    assert len(set(traits)) == len(traits) == len(set(of_row.tolist()))
    assert chosen(names, columns[0]).to_pylist() == [names[a] for a, _, _ in rows]


NO = "no_separate_land"
SPREAD = {
    "whole": intensity(1999, 10) | {"is_new": True, "zone_id": "Z1"},
    "span": intensity([1000, 3000], 10) | {"is_new": True, "zone_id": "Z2"},
    "open": intensity([1000, np.inf], 10) | {"zone_id": "Z3"},
    "none": {"is_new": True, "zone_id": "Z1"},
    "out": intensity(100, 10) | {"is_new": False},
    "more": intensity(9000, 10) | {"is_new": True, "zone_id": "Z1"},
}


@pytest.fixture
def spread():
    thin = '{ fact = "fixed_wan_per_mu", op = "<", unit = "万元/亩", limit = 200 }'
    zone = '{ fact = "zone_id", op = "in", limit = ["Z1", "Z9"] }'
    new = '{ fact = "is_new", op = "==", limit = true }'
    policy = policy_of("project", ("1", NO, f"{{ all = [ {thin}, {zone} ] }}", new))
    return policy, facts_of(project={f"{k}{i}": row for i in range(5) for k, row in SPREAD.items()})


@pytest.mark.parametrize("size", [1, 4, 7])
def test_blocks_of_rows_change_nothing(spread, monkeypatch, size):
    policy, facts = spread
    once = screen(facts, [policy])
    said = judge(once, [policy]).projects
    monkeypatch.setattr(compare, "BLOCK", size)
    monkeypatch.setattr(REASONS, "BLOCK", size)
    again = screen(facts, [policy])
    assert again.table.equals(once.table)
    assert judge(again, [policy]).projects.equals(said)


def test_values_too_many_for_the_words_are_said_all_the_same(spread, monkeypatch):
    policy, facts = spread
    said = judge(screen(facts, [policy]), [policy]).projects["reason"].tolist()
    assert any("Z2" in text for text in said)
    monkeypatch.setattr(wording, "FEW_TEXTS", 1)
    monkeypatch.setattr(wording, "few_figures", lambda values: None)
    assert judge(screen(facts, [policy]), [policy]).projects["reason"].tolist() == said


def test_every_reason_is_that_of_its_row_alone(spread):
    policy, facts = spread
    together = judge(screen(facts, [policy]), [policy]).projects
    for at in range(len(SPREAD)):
        one = Facts(facts.parcels, facts.projects.iloc[[at]], facts.zones, facts.as_of)
        alone = judge(screen(one, [policy]), [policy]).projects
        assert alone.equals(together.iloc[[at]].reset_index(drop=True))


def test_no_rows_no_texts():
    idle = load_policy("cn-idle-land-2012")
    assert len(judge(screen(facts_of(), [idle]), [idle]).parcels) == 0
