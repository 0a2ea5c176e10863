"""Where the coefficients of the name score come from, and how well it does: on real renames of companies.

    python benchmarks/names_calibrate.py renames.csv

The file has one row a rename: ``symbol`` (one company may have several rows), ``old_full_name``,
``new_full_name``. Printed: the coefficients, fitted on half of the companies (those to ship); their
bands on the other half; and bands, calibration and curve by five-fold cross-validation over companies,
so that no company is tested by coefficients that have seen it.

Every new name is looked for among all old names and all other new names. A pair is right where both
names are one company's (renames that follow each other are one company). To the real pairs are added,
for every company that is trained on, made ones: the name without its place, which is right; and, since
a city has many more namesakes than a list of large companies, some that are wrong: a namesake in
another trade, a company whose brand begins with the same word and, for every fourth, a namesake of the
same trade elsewhere.

Beside it, each name written as somebody else would write it is looked for among all names, and every new
name with the file itself as book of renames. Intervals are Wilson's, 95 %. docs/linking.md repeats these
figures; a test holds the two together.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from landuse.linking.name_candidates import candidates
from landuse.linking.name_pairs import LINKED_AT, REVIEW_AT, NamePairs, pair_names
from landuse.linking.name_scores import COEFFICIENTS, FEATURES, NameBook, features
from landuse.linking.renames import read_renames
from landuse.parsing.company_names import CompanyName, parse_company

FOLDS = 5
RIDGE = 1.0
STEPS = 100
ELSEWHERE = 0.25
Z = 1.959964
"""Of the 95 % interval."""


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval (Wilson) of a share of which ``right`` of ``total`` were seen."""
    z2 = Z * Z
    middle, width = right + z2 / 2.0, Z * np.sqrt(right * (total - right) / max(total, 1) + z2 / 4.0)
    return float((middle - width) / (total + z2)), float((middle + width) / (total + z2))


@dataclass
class Trial:
    """The names of a file of renames: who is who, which are new names, which company is in which fold."""

    renames: pd.DataFrame
    texts: list[str] = field(init=False)
    names: list[CompanyName] = field(init=False)
    company: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        old, new = (self.renames[column] for column in ("old_full_name", "new_full_name"))
        self.texts = sorted(set(old) | set(new))
        self.names = [parse_company(text) for text in self.texts]
        self.book = NameBook.of(self.names)
        self.at = {text: k for k, text in enumerate(self.texts)}
        self.new = np.array(sorted({self.at[text] for text in new}))
        self.every = np.arange(len(self.texts))
        self.company = self._companies()
        self.wanted = {(self.at[n], self.at[o]) for o, n in zip(old, new, strict=True) if n != o}

    def _companies(self) -> np.ndarray:
        """Number the companies: rows of one symbol, or with a name in common, are one."""
        symbols = pd.factorize(self.renames["symbol"])[0] + len(self.texts)
        ends = [self.renames[c].map(self.at).to_numpy() for c in ("old_full_name", "new_full_name")]
        size = int(symbols.max()) + 1
        edges = (np.concatenate(ends), np.concatenate([symbols, symbols]))
        graph = coo_array((np.ones(len(edges[0])), edges), shape=(size, size))
        return connected_components(graph, directed=False)[1][: len(self.texts)]

    def right(self, pairs: NamePairs) -> np.ndarray:
        return self.company[pairs.left] == self.company[pairs.right]


def examples(trial: Trial, learn: np.ndarray, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Return features and answers of the pairs within the companies to learn from, real and made."""
    rng = np.random.default_rng(seed)
    known = np.flatnonzero(learn[trial.company])
    looked = candidates(trial.book, np.intersect1d(trial.new, known), known)
    i, j = looked.left, looked.right
    real = i != j
    answers = [(trial.company[i] == trial.company[j])[real]]
    tables = [features(trial.book, i[real], j[real])]
    whole = [
        trial.names[k] for k in known if trial.names[k].brand and trial.names[k].core != trial.names[k].brand
    ]
    others = [whole[k] for k in rng.permutation(len(whole))]
    pairs: list[tuple[CompanyName, str, bool]] = []
    for name, other in zip(whole, others, strict=True):
        if other.brand == name.brand:
            continue
        place, elsewhere = "".join(name.places), "".join(other.places)
        rest, foreign = name.core[len(name.brand) :], other.core[len(other.brand) :]
        pairs.append((name, f"{name.core}有限公司", True))
        pairs.append((name, f"{place if rng.random() < 0.5 else ''}{name.brand}{foreign}有限公司", False))
        apart = place and elsewhere and set(name.places).isdisjoint(other.places)
        if apart and rng.random() < ELSEWHERE:
            pairs.append((name, f"{elsewhere}{name.brand}{rest}有限公司", False))
        pairs.append((name, f"{place}{name.brand[:2]}{other.brand[:2]}{foreign}有限公司", False))
    made = NameBook.of([*(name for name, _, _ in pairs), *(parse_company(text) for _, text, _ in pairs)])
    tables.append(features(made, np.arange(len(pairs)), np.arange(len(pairs)) + len(pairs)))
    answers.append(np.array([answer for _, _, answer in pairs]))
    return np.concatenate(tables), np.concatenate(answers)


def fit(table: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Fit a logistic regression (ridge, Newton's method), to two decimals."""
    ridge = np.full(table.shape[1], RIDGE)
    ridge[0] = 0.0
    found = np.zeros(table.shape[1])
    for _ in range(STEPS):
        likely = 1.0 / (1.0 + np.exp(-table @ found))
        slope = table.T @ (likely - answers) + ridge * found
        bend = (table.T * (likely * (1.0 - likely))) @ table + np.diag(ridge)
        found = found - np.linalg.solve(bend, slope)
    return np.round(found, 2)


def half(trial: Trial) -> np.ndarray:
    """Return, by number of company, whether it is in the half to learn from: every second one."""
    return folds(trial, 2) == 0


def folds(trial: Trial, count: int) -> np.ndarray:
    numbers = np.unique(trial.company)
    fold = np.full(int(numbers.max()) + 1, -1)
    fold[numbers] = np.arange(len(numbers)) % count
    return fold


@dataclass
class Outcome:
    """Pairs of new names with others, scored by coefficients that have not seen the new name's company."""

    score: np.ndarray
    sound: np.ndarray
    right: np.ndarray
    wanted: np.ndarray
    total: int

    def line(self, which: np.ndarray) -> str:
        n, ok = int(which.sum()), int((which & self.right).sum())
        hit = int((which & self.wanted).sum())
        low, high = wilson(ok, n)
        return (
            f"{n:5d} pairs  {ok:5d} right  precision {ok / max(n, 1):.3f} ({low:.3f} to {high:.3f})  "
            f"recall {hit / self.total:.3f}"
        )


def outcome(trial: Trial, coefficients: list[np.ndarray], fold: np.ndarray) -> Outcome:
    """Match the new names of every fold by its coefficients, among all names."""
    parts = []
    for name in trial.new:
        number = fold[trial.company[name]]
        if number < 0:
            continue
        others = trial.every[trial.every != name]
        pairs = pair_names(trial.book, np.array([name]), others, coefficients=coefficients[number])
        wanted = [(name, found) in trial.wanted for found in pairs.right]
        parts.append((pairs.score, pairs.sound, trial.right(pairs), np.array(wanted, dtype=bool)))
    tested = sum(fold[trial.company[n]] in range(len(coefficients)) for n, _ in trial.wanted)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Outcome(*columns, total=tested)


def strangers(trial: Trial) -> tuple[int, int]:
    """Look every new name up where its company has no other: how many are linked (all wrongly), of all."""
    linked = 0
    for name in trial.new:
        others = trial.every[trial.company != trial.company[name]]
        linked += bool(pair_names(trial.book, np.array([name]), others).sound.any())
    return linked, len(trial.new)


def without_shared_brand(trial: Trial) -> float:
    """Return the share of renames whose brands have no two neighbouring characters in common."""
    pieces = [{name.brand[k : k + 2] for k in range(len(name.brand) - 1)} for name in trial.names]
    return float(np.mean([not pieces[new] & pieces[old] for new, old in trial.wanted]))


def with_book(trial: Trial) -> tuple[int, int, int]:
    """Look new names up among the others with the file as book of renames.

    Returns
    -------
    linked, wrong, found : int
        Renames of which the old name is linked; links to another company; renames linked or in review.
    """
    later = read_renames(
        trial.renames.rename(columns={"old_full_name": "old_name", "new_full_name": "new_name"})
    ).later
    linked = wrong = found = 0
    for name in trial.new:
        others = trial.every[trial.every != name]
        pairs = pair_names(trial.book, np.array([name]), others, later=later)
        wanted = np.array([(name, other) in trial.wanted for other in pairs.right], dtype=bool)
        linked += int((wanted & pairs.sound).sum())
        found += int(wanted.sum())
        wrong += int((pairs.sound & ~trial.right(pairs)).sum())
    return linked, wrong, found


def written_otherwise(trial: Trial) -> Outcome:
    """Match every name, as somebody else would write it, among all names (coefficients shipped).

    In turn: full width with blanks; place in brackets behind the brand; place left out; another legal form;
    called a group. Names without a legal form or a brand stay as they are.
    """
    swaps = {"股份有限公司": "有限公司", "有限责任公司": "股份有限公司", "有限公司": "有限责任公司"}
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    texts = []
    for number, (text, name) in enumerate(zip(trial.texts, trial.names, strict=True)):
        end = next((e for e in swaps if text.endswith(e)), "")
        place = "".join(name.places)
        if not (end and name.brand and place) or text.count(name.core) != 1:
            texts.append(" ".join(text.translate(wide)))
            continue
        made = (
            " ".join(text.translate(wide)),
            f"{name.core}（{place}）{end}",
            f"{name.core}{end}",
            text.removesuffix(end) + swaps[end],
            f"{text.removesuffix(end).removesuffix('集团')}集团{end}",
        )
        texts.append(made[number % len(made)])
    size = len(trial.names)
    book = NameBook.of([*(parse_company(text) for text in texts), *trial.names])
    left, right = np.arange(size), np.arange(size) + size
    pairs = pair_names(book, left, right)
    found = pairs.right - size
    same = trial.company[pairs.left] == trial.company[found]
    return Outcome(pairs.score, pairs.sound, same, pairs.left == found, total=size)


def main(path: str) -> None:
    trial = Trial(pd.read_csv(path, dtype=str))
    learn = half(trial)
    shipped = fit(*examples(trial, learn))
    print("coefficients of one half:", dict(zip(FEATURES, shipped.tolist(), strict=True)))
    print("shipped:                 ", dict(zip(FEATURES, COEFFICIENTS.tolist(), strict=True)))
    other = outcome(trial, [shipped], np.where(folds(trial, 2) == 1, 0, -1))
    print(f"\nthe other half ({other.total} renames)\nlinked            {other.line(other.sound)}")
    print(f"linked or review  {other.line(np.ones(len(other.score), bool))}")
    fold = folds(trial, FOLDS)
    crossed = outcome(trial, [fit(*examples(trial, fold != k)) for k in range(FOLDS)], fold)
    print(f"\ncross-validation ({crossed.total} renames)\nlinked            {crossed.line(crossed.sound)}")
    print(f"linked or review  {crossed.line(np.ones(len(crossed.score), bool))}\n\nscore at least, all pairs")
    for least in (0.99, 0.95, LINKED_AT, 0.8, 0.6, 0.4, 0.3, 0.2, 0.1, REVIEW_AT):
        print(f"{least:6.2f}            {crossed.line(crossed.score >= least)}")
    print("\nnew names whose company is not among the others: {} of {} are linked".format(*strangers(trial)))
    print(f"renames whose brands share no two neighbouring characters: {without_shared_brand(trial):.0%}")
    told = "with the file as book of renames: {} linked, {} linked wrongly, {} linked or in review"
    print(told.format(*with_book(trial)))
    other = written_otherwise(trial)
    print(f"\nnames written otherwise ({other.total} names, shipped coefficients)")
    print(f"linked            {other.line(other.sound)}")
    print(f"linked or review  {other.line(np.ones(len(other.score), bool))}")
    print("\nscore between      pairs   mean score   share right")
    edges = [REVIEW_AT, 0.1, 0.2, 0.4, 0.6, LINKED_AT, 1.001]
    for low, high in pairwise(edges):
        inside = (crossed.score >= low) & (crossed.score < high)
        if inside.any():
            means = crossed.score[inside].mean(), crossed.right[inside].mean()
            print(f"{low:.2f}–{min(high, 1):.2f}{inside.sum():14d}{means[0]:12.2f}{means[1]:14.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
