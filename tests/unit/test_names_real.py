"""Links by name on real renames of companies, tested on companies that the coefficients have not seen."""

from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
import pytest

from landuse.linking.by_name import match_names
from landuse.linking.name_scores import COEFFICIENTS


@pytest.fixture(scope="module")
def calibrate(repo):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(repo / "benchmarks"))
        yield importlib.import_module("names_calibrate")


@pytest.fixture(scope="module")
def renames(shared_data):
    return pd.read_csv(shared_data / "names" / "renames_a.csv", dtype=str)


@pytest.fixture(scope="module")
def trial(calibrate, renames):
    return calibrate.Trial(renames)


@pytest.fixture(scope="module")
def crossed(calibrate, trial):
    """Every new name among all other names, by coefficients that have not seen its company."""
    fold = calibrate.folds(trial, calibrate.FOLDS)
    fits = [calibrate.fit(*calibrate.examples(trial, fold != k)) for k in range(calibrate.FOLDS)]
    return calibrate.outcome(trial, fits, fold)


@pytest.fixture(scope="module")
def page(repo):
    return " ".join((repo / "docs" / "linking.md").read_text(encoding="utf-8").split())


def test_the_coefficients_shipped_are_those_of_one_half(calibrate, trial):
    fitted = calibrate.fit(*calibrate.examples(trial, calibrate.half(trial)))
    assert np.allclose(fitted, COEFFICIENTS, atol=0.02)


def test_new_names_among_all_distractors_by_cross_validation(crossed):
    found = crossed
    linked = found.sound
    assert found.total == 476
    assert linked.sum() >= 55
    assert found.right[linked].mean() >= 0.995
    assert (found.wanted & linked).sum() / found.total >= 0.11
    assert found.wanted.sum() / found.total >= 0.45
    high = found.score >= 0.9
    assert found.right[high].mean() >= 0.97
    assert found.right[found.score < 0.4].mean() < 0.7


def test_a_name_whose_company_is_not_there_links_to_nobody(calibrate, trial):
    linked, looked_up = calibrate.strangers(trial)
    assert looked_up == 476
    assert linked <= 2


def test_names_written_otherwise_link_to_their_own(calibrate, trial):
    found = calibrate.written_otherwise(trial)
    assert found.sound.sum() >= 750
    assert found.right[found.sound].mean() >= 0.995
    assert (found.wanted & found.sound).sum() / found.total >= 0.8
    assert found.wanted.sum() / found.total >= 0.99


def test_short_names_link_to_nobody_and_find_only_what_shares_their_characters(renames):
    short = pd.DataFrame({"holder": renames["short_name"].drop_duplicates()})
    full = pd.DataFrame({"holder": pd.concat([renames["old_full_name"], renames["new_full_name"]]).unique()})
    found = match_names(short, full)
    assert (found.band == "review").all()
    assert len(found.project) > 200
    for a, b in zip(found.project, found.parcel, strict=True):
        one, other = short["holder"].iloc[a], full["holder"].iloc[b]
        assert any(one[k : k + 2] in other for k in range(len(one) - 1)), (one, other)


def figures(calibrate, found, which):
    """Pairs, those right, precision and recall under a mask, as the page writes them."""
    pairs, right = int(which.sum()), int((which & found.right).sum())
    return pairs, right, f"{right / pairs:.3f}", f"{(which & found.wanted).sum() / found.total:.3f}"


def test_the_page_says_what_was_measured(calibrate, trial, crossed, page):
    every = np.ones(len(crossed.score), dtype=bool)
    for band, which in (("linked", crossed.sound), ("linked or review", every)):
        pairs, right, precision, recall = figures(calibrate, crossed, which)
        low, high = calibrate.wilson(right, pairs)
        row = f"| {band} | {pairs} | {right} | {precision} | {low:.3f} to {high:.3f} | {recall} |"
        assert row in page
    for least in (0.9, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05):
        pairs, _, precision, recall = figures(calibrate, crossed, crossed.score >= least)
        assert f"| {least:.2f} | {pairs} | {precision} | {recall} |" in page
    assert f"Five-fold cross-validation over companies, {crossed.total} renames" in page
    linked, looked_up = calibrate.strangers(trial)
    assert f"{linked} of {looked_up} new names are linked" in page
    assert f"{calibrate.without_shared_brand(trial):.0%}".replace("%", " % of them share no two") in page
    linked, wrong, found = calibrate.with_book(trial)
    assert f"of {looked_up} new names {linked} are linked to the old one, {wrong} to another company" in page
    assert found == looked_up, "and all are linked or in review"
    other = calibrate.written_otherwise(trial)
    pairs, right, _, _ = figures(calibrate, other, other.sound)
    low, high = calibrate.wilson(right, pairs)
    assert right == pairs
    assert f"{pairs} are linked, all rightly (95 % interval {low:.3f} to {high:.3f})" in page


def test_how_many_right_of_all_would_show_the_precision_asked_for(calibrate):
    least = next(n for n in range(1, 2000) if calibrate.wilson(n, n)[0] >= 0.995)
    assert least == 765
    assert calibrate.wilson(64, 64)[0] == pytest.approx(0.943, abs=5e-4)


def test_the_interval_is_wilsons(calibrate):
    low, high = calibrate.wilson(8, 10)
    assert (low, high) == pytest.approx((0.490, 0.943), abs=5e-4)
