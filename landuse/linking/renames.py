"""The book of renames: what a company was called before and is called now, and how it is known for short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from landuse.errors import LinkError
from landuse.labels import label
from landuse.parsing.company_names import parse_company
from landuse.tables import issue, place_of

COLUMNS = ("old_name", "new_name")

__all__ = ["COLUMNS", "RenameBook", "read_renames"]


@dataclass(frozen=True)
class RenameBook:
    """What a book of renames says; names by their key (``CompanyName.key``).

    ``later`` leads from each old name to all its later names, ``short`` from a name to the short names of its
    company. ``accounts``: renames_in = renames_used + renames_unchanged + renames_repeated.
    """

    later: Mapping[str, frozenset[str]] = field(default_factory=dict)
    short: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    issues: tuple[dict[str, Any], ...] = ()
    accounts: Mapping[str, int] = field(default_factory=dict)


def read_renames(renames: pd.DataFrame | None) -> RenameBook:
    """Check a book of renames, and follow each name to all its later names.

    Parameters
    ----------
    renames : DataFrame or None
        Table ``renames``: ``old_name``, ``new_name``, where there is one ``short_name``; other columns are
        not looked at.

    Returns
    -------
    RenameBook
        Issues are ``rename_unchanged`` (both names are one), ``rename_repeated`` (a row says what an earlier
        one says), ``rename_of_two`` (one old name became two companies that no rename connects) and
        ``rename_leads_round`` (a name became another and that one the first again).

    Raises
    ------
    LinkError
        Where it lacks a column, or a row lacks a name.

    Examples
    --------
    >>> book = read_renames(pd.DataFrame({"old_name": ["ABC Works", "XYZ Mill"],
    ...                                   "new_name": ["XYZ Mill", "UVW Plant"]}))
    >>> sorted(book.later["ABCWORKS"]), book.accounts["renames_used"]
    (['UVWPLANT', 'XYZMILL'], 2)
    >>> read_renames(None).later
    {}
    """
    if renames is None:
        return RenameBook()
    for column in COLUMNS:
        if column not in renames:
            raise LinkError(
                "the book of renames lacks a column", key=column, remedy="give old_name and new_name"
            )
    pairs, shorts = _rows(renames)
    issues: list[dict[str, Any]] = []
    step: dict[str, dict[str, int]] = {}
    unchanged = repeated = 0
    for at, (old, new) in enumerate(pairs):
        if old == new:
            unchanged += 1
            issues.append(_said("rename_unchanged", renames, at))
        elif new in step.setdefault(old, {}):
            repeated += 1
            issues.append(_said("rename_repeated", renames, at, first=_where(renames, step[old][new])))
        else:
            step[old][new] = at
    later = {start: _reached(start, step) for start, to in step.items() if to}
    issues += _contradictions(renames, step, later)
    counts = {"in": len(pairs), "unchanged": unchanged, "repeated": repeated}
    counts["used"] = counts["in"] - unchanged - repeated
    return RenameBook(later, shorts, tuple(issues), {f"renames_{k}": n for k, n in counts.items()})


def _rows(renames: pd.DataFrame) -> tuple[list[tuple[str, str]], dict[str, tuple[str, ...]]]:
    """Return old and new name of each row, and the short names of the companies they name."""
    pairs: list[tuple[str, str]] = []
    shorts: dict[str, tuple[str, ...]] = {}
    brief = renames["short_name"] if "short_name" in renames else [None] * len(renames)
    for at, (old, new, short) in enumerate(zip(*(renames[c] for c in COLUMNS), brief, strict=True)):
        first, second = ("" if pd.isna(name) else parse_company(name).key for name in (old, new))
        if not (first and second):
            raise LinkError(
                "a rename lacks a name",
                **_place(renames, at),
                key=COLUMNS[0 if not first else 1],
                remedy="fill it in or take the row out",
            )
        pairs.append((first, second))
        known = "" if pd.isna(short) else parse_company(short).full
        for key in {first, second} if known else ():
            shorts[key] = tuple(sorted({*shorts.get(key, ()), known}))
    return pairs, shorts


def _reached(start: str, step: Mapping[str, Mapping[str, int]]) -> frozenset[str]:
    """Return every name that renames lead to from a name."""
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        fresh = step.get(ahead.pop(), {}).keys() - reached
        reached |= fresh
        ahead += sorted(fresh)
    return frozenset(reached - {start})


def _contradictions(
    renames: pd.DataFrame, step: Mapping[str, Mapping[str, int]], later: Mapping[str, frozenset[str]]
) -> list[dict[str, Any]]:
    """Say which names became two companies, and which lead back to themselves."""
    issues = []
    for start, to in step.items():
        apart = [
            (one, other)
            for one in to
            for other in to
            if to[one] < to[other]
            and other not in later.get(one, frozenset())
            and one not in later.get(other, frozenset())
        ]
        for _, other in apart[:1]:
            issues.append(_said("rename_of_two", renames, to[other], first=_where(renames, min(to.values()))))
        back = [to[new] for new in to if start in later.get(new, frozenset())]
        if back:
            issues.append(_said("rename_leads_round", renames, min(back)))
    return sorted(issues, key=lambda row: (row["row"], row["kind"]))


def _place(renames: pd.DataFrame, at: int) -> dict[str, Any]:
    return place_of(renames, at) if "source_file" in renames else {"row": at + 1}


def _where(renames: pd.DataFrame, at: int) -> Any:
    return _place(renames, at)["row"]


def _said(kind: str, renames: pd.DataFrame, at: int, **words: Any) -> dict[str, Any]:
    old, new = (str(renames[c].iloc[at]) for c in COLUMNS)
    raw = f"{old}{label('rename_words', 'to')}{new}"
    return issue(kind, "kept", **_place(renames, at), field=COLUMNS[0], raw=raw, old=old, new=new, **words)
