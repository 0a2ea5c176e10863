"""Weighing the evidence: which pairs link, which go to the analyst, and why.

In order: the analyst's word, numbers, footprints, names. Where two kinds of evidence contradict each other
nothing links: every pair they point to is for review. A pair that the analyst forbids is no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from landuse.linking.by_code import Flags, Ints, Matches
from landuse.linking.corrections import Given
from landuse.parsing.text import plain

if TYPE_CHECKING:
    from landuse.linking.by_footprint import FootprintMatches
    from landuse.linking.by_name import NameMatches

LINKED = "linked"

EDGE = 0.05
"""An overlap under this share of the footprint and of the parcel is the edge of a neighbour, not land used."""
RIGHT_NAME = 0.9
"""Score from which a name counts as the company's own where it speaks against a number."""
MOST_NAMES = 20
"""How many parcels a name may put up for a project."""
PAIR = ["project", "parcel"]
COLUMNS = [*PAIR, "method", "score", "band", "kind", "evidence"]

__all__ = ["EDGE", "PAIR", "Weighed", "keys_of", "weigh"]


@dataclass(frozen=True)
class Weighed:
    """What the evidence comes to.

    ``links`` (project, parcel, method, score, evidence) leaves out the analyst's own; ``review`` has band and
    kind (why) besides. ``edges`` are overlaps too small for a link, ``disputed`` projects whose own numbers
    are contradicted.
    """

    links: pd.DataFrame
    review: pd.DataFrame
    edges: pd.DataFrame
    disputed: Flags


def keys_of(pairs: pd.DataFrame, width: int) -> Ints:
    """Return one number for each pair of positions; ``width`` is how many parcels there are."""
    at = (pairs[side].to_numpy(dtype=np.int64) for side in PAIR)
    return np.asarray(next(at) * width + next(at), dtype=np.int64)


class _Pool:
    """Pairs of one kind of evidence, without those that the analyst forbids."""

    def __init__(self, frame: pd.DataFrame, width: int, barred: Ints) -> None:
        self.width = width
        keys = keys_of(frame, width)
        kept = frame.assign(key=keys)[~np.isin(keys, barred)]
        self.frame = kept.drop_duplicates("key").reset_index(drop=True)

    def among(self, other: _Pool) -> Flags:
        """Say which pairs stand in another pool too."""
        return np.isin(self.frame["key"].to_numpy(), other.frame["key"].to_numpy())

    def of(self, projects: Flags) -> Flags:
        """Say which pairs belong to some projects."""
        return np.asarray(projects[self.frame["project"].to_numpy(dtype=np.int64)], dtype=bool)

    def holders(self, count: int, mask: Flags | None = None) -> Flags:
        """Say which projects have a pair here (under a mask)."""
        at = self.frame["project"].to_numpy(dtype=np.int64)
        return np.bincount(at if mask is None else at[mask], minlength=count) > 0


def weigh(
    projects: pd.DataFrame,
    parcels: pd.DataFrame,
    *,
    codes: Matches,
    prints: FootprintMatches,
    names: NameMatches | None,
    given: Given,
    closed: Flags,
    mode: str,
) -> Weighed:
    """Weigh the evidence for every pair.

    Parameters
    ----------
    projects, parcels : DataFrame
        The tables.
    codes, prints, names
        What numbers, footprints and names lead to; no names where they are off.
    given : Given
        The analyst's word.
    closed : ndarray of bool, one a project
        Projects that take no evidence: the analyst has named all their parcels, or they repeat another row.
    mode : {"review", "link", "off"}
        What a name alone may do.

    Returns
    -------
    Weighed
    """
    n, width = len(projects), len(parcels)
    barred = given.no_project * width + given.no_parcel
    taken_up = given.project * width + given.parcel
    anchored = np.bincount(given.project, minlength=n) > 0
    number, contract = _numbers(codes, width, barred, closed)
    links, review = [], []

    # contract numbers of the ledger against its parcel numbers
    has_ref = number.holders(n)
    agreed = contract.holders(n, contract.among(number))
    clash = has_ref & contract.holders(n) & ~agreed
    mixed = _several_holders(contract.frame, parcels, projects)
    free = contract.of(~has_ref & ~anchored) & ~mixed
    review += [
        _put(number, number.of(clash), "code_against_contract"),
        _put(contract, contract.of(clash), "contract_against_code"),
        _put(contract, contract.of(~clash) & ~contract.among(number) & ~free & ~mixed, "contract_also"),
        _put(contract, contract.of(~clash) & ~contract.among(number) & mixed, "contract_holders"),
    ]
    code = _Pool(
        pd.concat([number.frame[~number.of(clash)], contract.frame[free]], ignore_index=True), width, barred
    )

    # footprints against both
    drawn = np.isin(np.arange(n), prints.balance["project"])
    drawing = _drawing(prints, width, barred, closed)
    edge = drawing.frame["edge"].to_numpy(dtype=bool)
    land = _Pool(drawing.frame[~edge], width, barred)
    has_code = code.holders(n)
    on_code = land.holders(n, land.among(code)) | drawing.holders(n, drawing.among(code))
    beside = has_code & ~on_code & (drawn | land.holders(n))
    taken = anchored | has_code | clash
    alone = land.of(~taken)
    review += [
        _put(code, code.of(beside), "code_against_footprint"),
        _put(land, land.of(beside), "footprint_against_code"),
        _put(land, land.of(taken & ~beside) & ~land.among(code), "footprint_also"),
        _doubtful(prints, width, barred, closed | beside).frame[COLUMNS],
    ]
    links.append(_put(land, alone, None))

    # names against numbers
    disputed = clash | beside
    kept = _Pool(code.frame[~code.of(beside)], width, barred)
    if names is None:
        links.append(_put(kept, np.ones(len(kept.frame), dtype=bool), None))
    else:
        said = _names(names, width, barred, closed)
        wrong, right = _wrong_numbers(kept, said, drawing, projects, parcels)
        review += [_put(kept, wrong, "code_against_name"), _put(said, right, "name_against_code")]
        links.append(_put(kept, ~wrong, None))
        disputed |= kept.holders(n, wrong)
        settled = anchored | disputed | kept.holders(n) | land.holders(n, alone)
        found, doubts = _by_names(
            said,
            links,
            projects,
            settled=settled,
            short=(codes.unfound > 0) & ~anchored,
            held=np.unique(given.parcel),
            mode=mode,
        )
        links.append(found)
        review += doubts
    whole = _without(pd.concat(review, ignore_index=True), width, taken_up)
    rank = whole["method"].map({"code": 0, "footprint": 1, "name": 2})
    whole = whole.assign(rank=rank).sort_values(["project", "parcel", "rank"], kind="stable")
    chosen = _without(pd.concat(links, ignore_index=True), width, taken_up)
    edges = drawing.frame[edge & ~drawing.among(code)].reset_index(drop=True)
    return Weighed(
        chosen, whole.drop_duplicates(PAIR)[COLUMNS].reset_index(drop=True), edges, disputed & ~anchored
    )


def _without(pairs: pd.DataFrame, width: int, keys: Ints) -> pd.DataFrame:
    """Leave out the pairs that the analyst has linked."""
    return pairs[~np.isin(keys_of(pairs, width), keys)].reset_index(drop=True)


def _frame(project: Ints, parcel: Ints, method: str, **more: object) -> pd.DataFrame:
    columns = {"project": project, "parcel": parcel, "method": method, "band": LINKED, "kind": None} | more
    return pd.DataFrame(columns, index=range(len(project))).astype({"kind": object})


def _numbers(codes: Matches, width: int, barred: Ints, closed: Flags) -> tuple[_Pool, _Pool]:
    """Return the pairs of parcel numbers, and those of the ledger's contract numbers."""
    frame = _frame(codes.project, codes.parcel, "code", score=1.0, evidence=codes.evidence)
    open_ = ~closed[codes.project]
    return (
        _Pool(frame[open_ & ~codes.by_contract], width, barred),
        _Pool(frame[open_ & codes.by_contract], width, barred),
    )


def _drawing(prints: FootprintMatches, width: int, barred: Ints, closed: Flags) -> _Pool:
    """Return the pairs of footprints, and whether each is a mere edge; the share of the footprint is scored."""
    of_print, of_parcel = prints.share_of_footprint, prints.share_of_parcel
    frame = _frame(
        prints.project,
        prints.parcel,
        "footprint",
        score=np.where(np.isnan(of_print), 1.0, np.clip(of_print, 0.0, 1.0)),
        evidence=prints.evidence,
        edge=(of_print < EDGE) & (of_parcel < EDGE),
    )
    return _Pool(frame[~closed[prints.project]], width, barred)


def _doubtful(prints: FootprintMatches, width: int, barred: Ints, closed: Flags) -> _Pool:
    """Return the pairs of points and footprints that no link may be made of."""
    at = prints.review
    project, parcel = (at[side].to_numpy(dtype=np.int64) for side in PAIR)
    frame = _frame(project, parcel, "footprint", score=0.5, band="review", evidence=at["evidence"].to_numpy())
    return _Pool(frame.assign(kind=at["kind"].to_numpy(dtype=object))[~closed[project]], width, barred)


def _names(names: NameMatches, width: int, barred: Ints, closed: Flags) -> _Pool:
    frame = _frame(
        names.project, names.parcel, "name", score=names.score, band=names.band, evidence=names.evidence
    )
    return _Pool(frame[~closed[names.project]], width, barred)


def _put(pool: _Pool, mask: Flags, kind: str | None) -> pd.DataFrame:
    """Return the pairs under a mask, as what they are."""
    return pool.frame.loc[mask, COLUMNS].assign(kind=kind).astype({"kind": object})


def _texts(values: pd.Series, at: pd.Series) -> pd.Series:
    """Return names in one spelling at positions; missing where there is none."""
    codes, kinds = pd.factorize(values)
    spelt = np.array([*(plain(kind) or None for kind in kinds), None], dtype=object)
    return pd.Series(spelt[codes[at.to_numpy(dtype=np.int64)]], index=at.index)


def _several_holders(pairs: pd.DataFrame, parcels: pd.DataFrame, projects: pd.DataFrame) -> Flags:
    """Say which pairs come from a contract whose parcels have several holders."""
    if not len(pairs):
        return np.zeros(0, dtype=bool)
    holders = _texts(parcels["holder"], pairs["parcel"])
    counts = holders.groupby(pairs["project"].to_numpy()).nunique()
    return np.asarray(counts.reindex(pairs["project"]).to_numpy() > 1, dtype=bool)


def _wrong_numbers(
    code: _Pool, said: _Pool, drawing: _Pool, projects: pd.DataFrame, parcels: pd.DataFrame
) -> tuple[Flags, Flags]:
    """Find the numbers that lead to another company's parcel while the right name stands elsewhere.

    Returns
    -------
    wrong : ndarray of bool, one a pair of ``code``
        The holder's name is like that of the project in nothing, nor is that of any other parcel the project
        names; no footprint bears the number out; and a parcel that the project does not name bears the
        project's own name.
    right : ndarray of bool, one a pair of ``said``
        Those parcels.
    """
    n = len(projects)
    ours, theirs = (
        _texts(table["holder"], code.frame[side])
        for table, side in ((projects, "project"), (parcels, "parcel"))
    )
    stranger = ours.notna() & theirs.notna() & (ours != theirs)
    stranger &= ~code.among(drawing) & ~code.of(code.holders(n, code.among(said)))
    own = (said.frame["score"].to_numpy(dtype=np.float64) >= RIGHT_NAME) & ~said.among(code)
    own &= said.of(projects["holder"].notna().to_numpy(dtype=bool))
    wrong = stranger.to_numpy(dtype=bool) & code.of(said.holders(n, own))
    return wrong, own & said.of(code.holders(n, wrong))


def _by_names(
    said: _Pool,
    better: list[pd.DataFrame],
    projects: pd.DataFrame,
    *,
    settled: Flags,
    short: Flags,
    held: Ints,
    mode: str,
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Say what names alone link, and what they put up for review.

    A name links, where the plan lets it, a project that has no other evidence and asks for no land to the only
    parcel of its company, if no better evidence has put a project there.
    """
    sure = (said.frame["band"] == LINKED).to_numpy(dtype=bool)
    right = said.frame["score"].to_numpy(dtype=np.float64) >= RIGHT_NAME
    project, parcel = (said.frame[c].to_numpy(dtype=np.int64) for c in PAIR)
    others = pd.concat([frame[PAIR] for frame in better]).to_numpy(dtype=np.int64)
    loose = said.of(~settled) & _worth_asking(said.frame)
    lost = right & said.of(settled & short)
    lost &= ~np.isin(said.frame["key"].to_numpy(), others[:, 0] * said.width + others[:, 1])
    occupied = np.isin(parcel, np.r_[others[:, 1], held])
    asks = (projects["requested_m2_high"] > 0.0).to_numpy(dtype=bool)[project]
    several = np.bincount(project[sure], minlength=len(projects))[project] > 1
    may = loose & sure & ~asks & ~several & ~occupied & (mode == "link")
    kinds = np.select(
        [~sure, asks, several, occupied],
        ["name_uncertain", "name_asks", "name_several", "name_occupied"],
        default="name_only",
    )
    open_ = said.frame.loc[loose & ~may, COLUMNS].assign(kind=kinds[loose & ~may])
    return _put(said, may, None), [open_.astype({"kind": object}), _put(said, lost, "name_for_lost")]


def _worth_asking(names: pd.DataFrame) -> Flags:
    """Leave out names that an analyst need not see: poorer ones beside the right one, and all but the best few."""
    order = names.sort_values(["project", "score", "parcel"], ascending=[True, False, True], kind="stable")
    best = order.groupby("project")["score"].transform("max")
    good = (best < RIGHT_NAME) | (order["score"] >= RIGHT_NAME)
    rank = order.groupby("project").cumcount()
    return np.asarray((good & (rank < MOST_NAMES)).reindex(names.index), dtype=bool)
