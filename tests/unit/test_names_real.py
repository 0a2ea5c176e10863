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


def test_the_coefficients_shipped_are_those_of_one_half(calibrate, trial):
    fitted = calibrate.fit(*calibrate.examples(trial, calibrate.half(trial)))
    assert np.allclose(fitted, COEFFICIENTS, atol=0.02)


def test_new_names_among_all_distractors_by_cross_validation(calibrate, trial):
    fold = calibrate.folds(trial, calibrate.FOLDS)
    every = range(calibrate.FOLDS)
    found = calibrate.outcome(
        trial, [calibrate.fit(*calibrate.examples(trial, fold != k)) for k in every], fold
    )
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
