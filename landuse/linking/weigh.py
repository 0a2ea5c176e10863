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
"""An overlap under this share of footprint and parcel alike is the edge of a neighbour, not land used."""
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
    case = _Case(projects, parcels, given, closed)
    code, clash = _weigh_contracts(case, codes)
    kept, drawing, beside = _weigh_footprints(case, prints, code, clash)
    disputed = clash | beside
    if names is None:
        case.link(kept, np.ones(len(kept.frame), dtype=bool))
    else:
        said = _names(case, names)
        wrong, right = _wrong_numbers(kept, said, drawing, projects, parcels)
        case.ask(kept, wrong, "code_against_name")
        case.ask(said, right, "name_against_code")
        case.link(kept, ~wrong)
        disputed |= kept.holders(case.n, wrong)
        _weigh_names(case, said, disputed, (codes.unfound > 0) & ~case.anchored, mode)
    return case.weighed(drawing.frame[drawing.frame["edge"] & ~drawing.among(code)], disputed)


class _Case:
    """The pairs that link, and those to be asked about, as the evidence is weighed."""

    def __init__(self, projects: pd.DataFrame, parcels: pd.DataFrame, given: Given, closed: Flags) -> None:
        self.projects, self.parcels, self.closed = projects, parcels, closed
        self.n, self.width = len(projects), len(parcels)
        self.barred = given.no_project * self.width + given.no_parcel
        self.given = given.project * self.width + given.parcel
        self.held = np.unique(given.parcel)
        self.anchored: Flags = np.bincount(given.project, minlength=self.n) > 0
        self.doubtful: Flags = np.zeros(self.n, dtype=bool)
        self.links: list[pd.DataFrame] = []
        self.review: list[pd.DataFrame] = []

    def pool(self, frame: pd.DataFrame) -> _Pool:
        """Return pairs without those of closed projects and those that the analyst forbids."""
        return _Pool(frame[~self.closed[frame["project"].to_numpy(dtype=np.int64)]], self.width, self.barred)

    def link(self, pool: _Pool, mask: Flags) -> None:
        """Link the pairs under a mask."""
        self.links.append(pool.frame.loc[mask, COLUMNS])

    def ask(self, pool: _Pool, mask: Flags, kind: str | None = None) -> None:
        """Put the pairs under a mask up for review, for a reason or each for its own."""
        pairs = pool.frame.loc[mask, COLUMNS]
        self.review.append(pairs if kind is None else pairs.assign(kind=kind).astype({"kind": object}))

    def weighed(self, edges: pd.DataFrame, disputed: Flags) -> Weighed:
        """Return what came of it: each pair once, for its strongest evidence, links before questions."""
        links, review = (pd.concat(found, ignore_index=True) for found in (self.links, self.review))
        linked = np.r_[keys_of(links, self.width), self.given]
        links = links[~np.isin(keys_of(links, self.width), self.given)]
        review = review[~np.isin(keys_of(review, self.width), linked)]
        rank = review["method"].map({"code": 0, "footprint": 1, "name": 2})
        review = review.assign(rank=rank).sort_values([*PAIR, "rank"], kind="stable").drop_duplicates(PAIR)
        return Weighed(
            links.reset_index(drop=True),
            review[COLUMNS].reset_index(drop=True),
            edges.reset_index(drop=True),
            disputed & ~self.anchored,
        )


def _weigh_contracts(case: _Case, codes: Matches) -> tuple[_Pool, Flags]:
    """Weigh the ledger's contract numbers against its parcel numbers.

    Returns
    -------
    code : _Pool
        The pairs that numbers speak for, without contradiction.
    clash : ndarray of bool, one a project
        Whether the two lead to different parcels.
    """
    whole = _frame(codes.project, codes.parcel, "code", score=1.0, evidence=codes.evidence)
    number, contract = case.pool(whole[~codes.by_contract]), case.pool(whole[codes.by_contract])
    has_ref = number.holders(case.n)
    clash = has_ref & contract.holders(case.n) & ~contract.holders(case.n, contract.among(number))
    mixed = _several_holders(contract.frame, case.parcels)
    free = contract.of(~has_ref & ~case.anchored) & ~mixed
    other = contract.of(~clash) & ~contract.among(number)
    case.ask(number, number.of(clash), "code_against_contract")
    case.ask(contract, contract.of(clash), "contract_against_code")
    case.ask(contract, other & ~free & ~mixed, "contract_also")
    case.ask(contract, other & mixed, "contract_holders")
    return case.pool(
        pd.concat([number.frame[~number.of(clash)], contract.frame[free]], ignore_index=True)
    ), clash


def _weigh_footprints(
    case: _Case, prints: FootprintMatches, code: _Pool, clash: Flags
) -> tuple[_Pool, _Pool, Flags]:
    """Weigh footprints and points against numbers.

    Returns
    -------
    kept : _Pool
        The pairs of numbers that no footprint contradicts.
    drawing : _Pool
        The pairs of footprints and points, edges too.
    beside : ndarray of bool, one a project
        Whether its footprint lies on none of the parcels that it names.
    """
    drawing, doubtful = case.pool(_drawing(prints)), case.pool(_doubtful(prints))
    land = case.pool(drawing.frame[~drawing.frame["edge"].to_numpy(dtype=bool)])
    has_code = code.holders(case.n)
    drawn = np.isin(np.arange(case.n), prints.balance["project"]) | land.holders(case.n)
    beside = has_code & drawn & ~drawing.holders(case.n, drawing.among(code))
    taken = case.anchored | has_code | clash
    case.doubtful = doubtful.holders(case.n)
    case.ask(code, code.of(beside), "code_against_footprint")
    case.ask(land, land.of(beside), "footprint_against_code")
    case.ask(land, land.of(taken & ~beside) & ~land.among(code), "footprint_also")
    case.ask(doubtful, ~doubtful.of(doubtful.holders(case.n, doubtful.among(code))))
    case.link(land, land.of(~taken))
    return case.pool(code.frame[~code.of(beside)]), drawing, beside


def _frame(project: Ints, parcel: Ints, method: str, **more: object) -> pd.DataFrame:
    columns = {"project": project, "parcel": parcel, "method": method, "band": LINKED, "kind": None} | more
    return pd.DataFrame(columns, index=range(len(project))).astype({"kind": object})


def _drawing(prints: FootprintMatches) -> pd.DataFrame:
    """Return the pairs of footprints, scored by their share, and whether each is a mere edge."""
    of_print, of_parcel = prints.share_of_footprint, prints.share_of_parcel
    return _frame(
        prints.project,
        prints.parcel,
        "footprint",
        score=np.where(np.isnan(of_print), 1.0, np.clip(of_print, 0.0, 1.0)),
        evidence=prints.evidence,
        edge=(of_print < EDGE) & (of_parcel < EDGE),
    )


def _doubtful(prints: FootprintMatches) -> pd.DataFrame:
    """Return the pairs of points and footprints that no link may be made of."""
    at = prints.review
    project, parcel = (at[side].to_numpy(dtype=np.int64) for side in PAIR)
    frame = _frame(project, parcel, "footprint", score=0.5, band="review", evidence=at["evidence"].to_numpy())
    return frame.assign(kind=at["kind"].to_numpy(dtype=object))


def _names(case: _Case, names: NameMatches) -> _Pool:
    return case.pool(
        _frame(
            names.project, names.parcel, "name", score=names.score, band=names.band, evidence=names.evidence
        )
    )


def _texts(values: pd.Series, at: pd.Series) -> pd.Series:
    """Return names in one spelling at positions; missing where there is none."""
    codes, kinds = pd.factorize(values)
    spelt = np.array([*(plain(kind) or None for kind in kinds), None], dtype=object)
    return pd.Series(spelt[codes[at.to_numpy(dtype=np.int64)]], index=at.index)


def _several_holders(pairs: pd.DataFrame, parcels: pd.DataFrame) -> Flags:
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


def _weigh_names(case: _Case, said: _Pool, disputed: Flags, short: Flags, mode: str) -> None:
    """Say what names alone link, and what they put up for review.

    A name links, where the plan lets it, a project that has no other evidence and asks for no land to the
    only parcel of its company, if no better evidence has put a project there. ``short`` are projects that
    name parcels which are not found: the right name may tell which was meant.
    """
    better = pd.concat(case.links)[PAIR].to_numpy(dtype=np.int64)
    settled = case.anchored | disputed | (np.bincount(better[:, 0], minlength=case.n) > 0)
    sure = (said.frame["band"] == LINKED).to_numpy(dtype=bool)
    right = said.frame["score"].to_numpy(dtype=np.float64) >= RIGHT_NAME
    project, parcel = (said.frame[c].to_numpy(dtype=np.int64) for c in PAIR)
    asks = (case.projects["requested_m2_high"] > 0.0).to_numpy(dtype=bool)[project]
    several = np.bincount(project[sure], minlength=case.n)[project] > 1
    occupied = np.isin(parcel, np.r_[better[:, 1], case.held])
    loose = said.of(~settled) & _worth_asking(said.frame)
    may = loose & sure & ~asks & ~several & ~occupied & ~said.of(case.doubtful) & (mode == "link")
    kinds = np.select(
        [~sure, asks, several, occupied],
        ["name_uncertain", "name_asks", "name_several", "name_occupied"],
        default="name_only",
    )
    case.link(said, may)
    said.frame["kind"] = kinds.astype(object)
    case.ask(said, loose & ~may)
    case.ask(said, right & said.of(settled & short), "name_for_lost")


def _worth_asking(names: pd.DataFrame) -> Flags:
    """Leave out names that need not be seen: poorer ones beside the right one, all but the best few."""
    order = names.sort_values(["project", "score", "parcel"], ascending=[True, False, True], kind="stable")
    best = order.groupby("project")["score"].transform("max")
    good = (best < RIGHT_NAME) | (order["score"] >= RIGHT_NAME)
    rank = order.groupby("project").cumcount()
    return np.asarray((good & (rank < MOST_NAMES)).reindex(names.index), dtype=bool)
