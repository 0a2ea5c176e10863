"""Links by name: the holder that the ledger names, found among the holders of parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse import labels
from landuse.linking.name_crowds import put_up, said_of_crowds
from landuse.linking.name_pairs import NamePairs, pair_names
from landuse.linking.name_scores import Flags, Floats, Ints, NameBook
from landuse.linking.renames import RenameBook, read_renames
from landuse.parsing.company_names import CompanyName, parse_company, split_holders
from landuse.parsing.text import plain

LINKED, REVIEW = "linked", "review"
PAIRS_MOST = 2_000
"""Row pairs that one pair of names may stand for; a holder of more is named in ``crowded`` instead."""

__all__ = ["LINKED", "PAIRS_MOST", "REVIEW", "NameMatches", "match_names"]


@dataclass(frozen=True)
class NameMatches:
    """What the names of holders led to.

    Attributes
    ----------
    project, parcel : ndarray of int64
        Positions in the two tables, one entry a pair, sorted; each pair once.
    score : ndarray of float64
        How likely both names are one holder's, 0 to 1.
    band : ndarray of object
        ``linked`` or ``review``. Pairs of neither band are left out.
    evidence : ndarray of object
        Both names, what was found and, in review, why (Chinese).
    crowded : DataFrame
        Names left out because they stand on too many rows: ``project_name``, ``parcel_name``, ``projects``,
        ``parcels`` (rows).
    accounts : dict
        ``projects_named``, ``parcels_named`` (rows with a holder), ``project_names``, ``parcel_names``
        (different names), ``name_pairs``, ``linked``, ``review`` (row pairs), ``crowded`` (name pairs).
    issues : list of dict
        What is said of the book of renames, and of names too many to be compared or put up.
    renames : mapping
        Rows of the book of renames (see ``RenameBook``); empty without one.
    """

    project: Ints
    parcel: Ints
    score: Floats
    band: npt.NDArray[np.object_]
    evidence: npt.NDArray[np.object_]
    crowded: pd.DataFrame
    accounts: dict[str, int]
    issues: list[dict[str, Any]]
    renames: Mapping[str, int]


def match_names(
    projects: pd.DataFrame, parcels: pd.DataFrame, *, renames: pd.DataFrame | None = None
) -> NameMatches:
    """Find the parcels whose holder is the company of a project.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``; ``holder`` is looked at, where it is missing ``name`` (then for review only), and
        ``zone_id`` where there is one. Give all projects, also those that a number has linked already: a
        holder's other projects decide whether a name is enough.
    parcels : DataFrame
        Table ``parcels``; ``holder`` and ``zone_id``.
    renames : DataFrame, optional
        Table ``renames``: known changes of name, and short names; see ``read_renames``.

    Returns
    -------
    NameMatches
        A pair is ``linked`` where the names are one text (or a former name, given or in ``renames``), or
        alike with a score of 0.9 and more, and nothing speaks against it; else it is for ``review``. Against
        it speak: other places, forms or branches; no legal form (a person, a nickname); another name nearly
        as like, or one that may be and was not compared; a name that is not the holder's; another zone; a
        holder with parcels in several zones where the project names none; a holder with several projects and
        several parcels. Names too many to be compared or put up are said in ``issues`` and not linked.

    Raises
    ------
    LinkError
        Where ``renames`` lacks a column or a name.

    Notes
    -----
    Taking a parcel away changes no pair of a project that was not paired with one of the same holder; the
    order of rows does not matter. A zone is compared as text: give both tables the same ids.

    Examples
    --------
    >>> projects = pd.DataFrame({"holder": ["ABC Works No. 1", "XYZ Mill"]})
    >>> parcels = pd.DataFrame({"holder": ["abc works, no.1", "Other Works"]})
    >>> found = match_names(projects, parcels)
    >>> found.project.tolist(), found.parcel.tolist(), found.band.tolist()
    ([0], [0], ['linked'])
    """
    left, right = _named(projects, ("holder", "name")), _named(parcels, ("holder",))
    known = read_renames(renames)
    book, left["at"], right["at"] = _book(left, right, known)
    sides = [np.unique(side["at"].to_numpy(dtype=np.int64)) for side in (left, right)]
    pairs = pair_names(book, sides[0], sides[1], later=known.later)
    wide, crowded, said = _spread(pairs, left, right, book)
    doubts = _row_doubts(wide, projects, parcels)
    sound = pairs.sound[wide["pair"].to_numpy()] & ~np.any(list(doubts.values()), axis=0)
    wide = wide.assign(sound=sound, line=np.arange(len(wide)), score=pairs.score[wide["pair"].to_numpy()])
    wide = wide.sort_values(
        ["project", "parcel", "sound", "score", "pair"], ascending=[True, True, False, False, True]
    ).drop_duplicates(["project", "parcel"])
    sound = wide["sound"].to_numpy(dtype=bool)
    return NameMatches(
        project=wide["project"].to_numpy(dtype=np.int64),
        parcel=wide["parcel"].to_numpy(dtype=np.int64),
        score=wide["score"].to_numpy(dtype=np.float64),
        band=np.where(sound, LINKED, REVIEW).astype(object),
        evidence=_evidence(wide, pairs, doubts, book),
        crowded=crowded,
        accounts={
            "projects_named": int(left["row"].nunique()),
            "parcels_named": int(right["row"].nunique()),
            "project_names": len(sides[0]),
            "parcel_names": len(sides[1]),
            "name_pairs": len(pairs.left),
            "linked": int(sound.sum()),
            "review": int((~sound).sum()),
            "crowded": len(crowded),
        },
        issues=[*known.issues, *said],
        renames=known.accounts,
    )


def _named(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return one row a name: the row it stands in, its text, whether it is one of several, or no holder's."""
    texts = pd.Series(pd.NA, index=range(len(table)), dtype="str")
    stand_in = np.zeros(len(table), dtype=bool)
    for column in columns:
        if column in table:
            said = pd.Series(table[column].to_numpy(dtype=object), dtype="str")
            use = texts.isna() & said.notna() & (said.str.strip() != "")
            texts = texts.where(~use, said)
            stand_in |= use.to_numpy(dtype=bool) & (column != "holder")
    rows = np.flatnonzero(texts.notna().to_numpy(dtype=bool))
    number, kinds = pd.factorize(texts.iloc[rows])
    parts = pd.Series([split_holders(kind) for kind in kinds], dtype=object)
    frame = pd.DataFrame(
        {
            "row": rows,
            "text": parts.iloc[number].to_numpy(dtype=object),
            "several": parts.map(len).iloc[number].to_numpy(dtype=np.int64) > 1,
            "stand_in": stand_in[rows],
        }
    )
    return frame.explode("text").dropna(subset=["text"]).reset_index(drop=True)


def _book(left: pd.DataFrame, right: pd.DataFrame, known: RenameBook) -> tuple[NameBook, Ints, Ints]:
    """Take every different text apart and lay the names out, in an order that depends on them only."""
    number, kinds = pd.factorize(pd.concat([left["text"], right["text"]], ignore_index=True))
    names = [_with_short(parse_company(kind), known) for kind in kinds]
    different = sorted(set(names), key=lambda n: (n.full, n.former, n.short))
    at = {name: k for k, name in enumerate(different)}
    position = np.array([at[name] for name in names], dtype=np.int64)[number]
    return NameBook.of(different), position[: len(left)], position[len(left) :]


def _with_short(name: CompanyName, known: RenameBook) -> CompanyName:
    """Return a name with the short names that the book of renames gives its company."""
    short = known.short.get(name.key)
    return name if short is None else replace(name, short=tuple(sorted({*name.short, *short})))


def _spread(
    pairs: NamePairs, left: pd.DataFrame, right: pd.DataFrame, book: NameBook
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Spread the pairs of names over their rows.

    Returns
    -------
    wide : DataFrame
        One line for each project row and parcel row of a pair of names.
    crowded : DataFrame
        The pairs that stand for too many.
    said : list of dict
        What is said of those, and of others left out.
    """
    counts = [
        np.bincount(side["at"].to_numpy(dtype=np.int64), minlength=len(book.names)) for side in (left, right)
    ]
    size = counts[0][pairs.left] * counts[1][pairs.right]
    many = size > PAIRS_MOST
    crowded = pd.DataFrame(
        {
            "project_name": pd.array([book.names[k].full for k in pairs.left[many]], dtype="str"),
            "parcel_name": pd.array([book.names[k].full for k in pairs.right[many]], dtype="str"),
            "projects": counts[0][pairs.left[many]],
            "parcels": counts[1][pairs.right[many]],
        }
    )
    kept = put_up(pairs, counts[1], many)
    few = np.flatnonzero(kept)
    frame = pd.DataFrame({"pair": few, "l": pairs.left[few], "r": pairs.right[few]})
    wide = frame.merge(left, left_on="l", right_on="at").merge(
        right, left_on="r", right_on="at", suffixes=("_project", "_parcel")
    )
    wide = wide.rename(columns={"row_project": "project", "row_parcel": "parcel"})
    return wide, crowded, said_of_crowds(pairs, kept | many, crowded, book)


def _row_doubts(wide: pd.DataFrame, projects: pd.DataFrame, parcels: pd.DataFrame) -> dict[str, Flags]:
    """Say what the rows, not the names, have against linking: zones, several holders, several projects."""
    mine, theirs = _zones(projects)[wide["project"]], _zones(parcels)[wide["parcel"]]
    known = mine != ""
    here = wide.assign(zone=theirs)
    zones = here[here["zone"] != ""].groupby(["l", "r"])["zone"].nunique()
    spread = zones.reindex(pd.MultiIndex.from_frame(wide[["l", "r"]]), fill_value=0).to_numpy() > 1
    rows = wide.groupby("pair")[["project", "parcel"]].transform("nunique").to_numpy()
    return {
        "several_holders": (wide["several_project"] | wide["several_parcel"]).to_numpy(dtype=bool),
        "from_project_name": wide["stand_in_project"].to_numpy(dtype=bool),
        "other_zone": known & (theirs != "") & (mine != theirs),
        "several_zones": spread & (~known | (theirs == "")),
        "several_projects": (rows[:, 0] > 1) & (rows[:, 1] > 1),
    }


def _zones(table: pd.DataFrame) -> npt.NDArray[np.object_]:
    if "zone_id" not in table:
        return np.full(len(table), "", dtype=object)
    number, kinds = pd.factorize(pd.Series(table["zone_id"].to_numpy(dtype=object), dtype="str"))
    texts = np.array([*(plain(kind).casefold() for kind in kinds), ""], dtype=object)
    return np.asarray(texts[number], dtype=object)


def _evidence(
    wide: pd.DataFrame, pairs: NamePairs, doubts: Mapping[str, Flags], book: NameBook
) -> npt.NDArray[np.object_]:
    """Write both names, what was found, and what speaks against it; each different sentence once."""
    pair, line = wide["pair"].to_numpy(dtype=np.int64), wide["line"].to_numpy(dtype=np.int64)
    by_pair, by_row = list(pairs.doubts), list(doubts)
    flags = np.column_stack(
        [
            *(pairs.doubts[name][pair] for name in by_pair),
            *(doubts[name][line] for name in by_row),
            np.zeros(len(pair), bool),
        ]
    )
    code = flags @ (1 << np.arange(flags.shape[1]))
    joined = labels.label("name_evidence", "and")
    texts: dict[tuple[int, int], str] = {}
    for at, key in enumerate(zip(pair.tolist(), code.tolist(), strict=True)):
        if key not in texts:
            names = [n for n, flag in zip([*by_pair, *by_row], flags[at], strict=False) if flag]
            reasons = joined.join(labels.label("name_doubts", name) for name in names)
            texts[key] = labels.say(
                "name_evidence",
                "pair",
                project=book.names[int(pairs.left[key[0]])].full,
                parcel=book.names[int(pairs.right[key[0]])].full,
                basis=labels.label("name_basis", str(pairs.basis[key[0]])),
                why=labels.say("name_evidence", "why", reasons=reasons) if reasons else "",
            )
    said = np.empty(len(wide), dtype=object)
    said[:] = [texts[key] for key in zip(pair.tolist(), code.tolist(), strict=True)]
    return said
