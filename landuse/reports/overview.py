"""The first sheet: what was asked, read and found, what the accounts say, which rules were used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from landuse.labels import label, section
from landuse.policy import Policy
from landuse.reports.columns import Cell
from landuse.reports.contents import headline
from landuse.tables import Result
from landuse.units import FEN_PER_WAN

__all__ = ["Line", "lines"]


@dataclass(frozen=True)
class Line:
    """A line of the overview: ``style`` is title, head, names, row or note."""

    style: str
    cells: Sequence[Cell] = ()
    mark: str | None = None


def lines(result: Result, policies: Sequence[Policy]) -> Iterator[Line]:
    """Yield the overview, line by line.

    Parameters
    ----------
    result : Result
        A finished run; its ledger holds inputs, policies and accounts.
    policies : sequence of Policy
        Its policies.
    """
    book = result.ledger
    yield Line("title", [result.title])
    yield Line("row", [_word("as_of"), result.as_of])
    yield from _section("notes")
    for text in [*book.get("notes", []), *section("workbook_notes").values()]:
        yield Line("note", [text])
    yield from _section("counts", "count_subject", "count_verdict", "count_number", "count_mu")
    yield from _counts(result)
    yield from _others(result)
    yield from _money(book["accounts"]["money"])
    land = book["accounts"]["land"]
    yield from _section("land", "land_read", "land_linked", "land_unlinked", "land_doubled")
    yield Line("row", [land["read_mu"], land["linked_mu"], land["unlinked_mu"], land["doubled_mu"]])
    yield from _policies(book["policies"], policies)
    yield from _inputs(book["inputs"])


def _word(key: str) -> str:
    return label("workbook_overview", key)


def _section(key: str, *names: str) -> Iterator[Line]:
    yield Line("gap")
    yield Line("head", [_word(key)])
    if names:
        yield Line("names", [_word(name) for name in names])


def _counts(result: Result) -> Iterator[Line]:
    """Yield how many projects, parcels and zones bear each verdict, and the land of the parcels and zones."""
    for subject in ("project", "parcel", "zone"):
        facts = result.tables[f"{subject}_facts"]
        verdicts = headline(result.tables[f"{subject}_status"], facts.index)["verdict"]
        areas = facts.get("area_mu")
        for verdict, name in section(f"{subject}_verdicts").items():
            held = verdicts.eq(verdict).fillna(False).to_numpy(dtype=bool)
            if held.any():
                mu = None if areas is None else float(areas[held].sum())
                yield Line("row", [label("subjects", subject), name, int(held.sum()), mu], verdict)


def _others(result: Result) -> Iterator[Line]:
    blocks, grants = result.tables["blocks"], result.tables["grants"]
    given = grants[grants["granted"]]
    yield from _section("others")
    for key, count, mu in (
        *_supervision(result),
        ("other_blocks", len(blocks), float(blocks["area_mu"].sum())),
        ("other_granted", len(given), float(given["mu"].sum())),
        ("other_unlinked", len(result.tables["unlinked"]), None),
        ("other_issues", len(result.tables["issues"]), None),
        ("other_rejected", len(result.tables["rejected"]), None),
    ):
        yield Line("row", [_word(key), None, count, mu])


def _supervision(result: Result) -> Iterator[tuple[str, int, float | None]]:
    """Yield what is overdue, by kind, with the land of its parcels, and how much falls due next."""
    owed = result.tables["obligations"]
    late = owed[owed["state"] == "overdue"]
    areas = result.tables["supervision"]["area_mu"]
    for kind in ("handover", "start", "finish"):
        ids = late.loc[late["obligation"] == kind, "parcel_id"]
        yield f"other_overdue_{kind}", len(ids), float(areas[ids].sum())
    yield "other_calendar", len(result.tables["calendar"]), None


def _money(account: dict[str, dict[str, dict[str, int]]]) -> Iterator[Line]:
    yield from _section(
        "money", "money_item", "money_end", "money_read", "money_linked", "money_unlinked", "money_open",
        "money_missing",
    )  # fmt: skip
    for stem, ends in account.items():
        shown = {"both": ends["low"]} if ends["low"] == ends["high"] else ends
        for end, sums in shown.items():
            wan = [sums[k] / FEN_PER_WAN for k in ("read_fen", "linked_fen", "unlinked_fen")]
            rows = [sums.get("open", 0), sums.get("missing", 0)]
            yield Line("row", [label("columns", stem), label("workbook_ends", end), *wan, *rows])


def _policies(digests: dict[str, str], policies: Sequence[Policy]) -> Iterator[Line]:
    yield from _section(
        "policies", "policy_id", "policy_title", "policy_source", "policy_effective", "policy_expires",
        "policy_digest",
    )  # fmt: skip
    for policy in policies:
        until: Cell = _word("policy_open") if policy.expires is None else policy.expires
        digest = digests[policy.id]
        yield Line("row", [policy.id, policy.title, policy.source, policy.effective, until, digest])


def _inputs(inputs: Sequence[dict[str, Any]]) -> Iterator[Line]:
    yield from _section(
        "inputs", "input_role", "input_path", "input_layer", "input_read", "input_accepted",
        "input_rejected", "input_crs", "input_digest",
    )  # fmt: skip
    for source in inputs:
        cells = [
            source.get(key) for key in ("path", "layer", "rows_read", "accepted", "rejected", "crs", "sha256")
        ]
        blanks = [None if pd.isna(c) else c for c in cells]
        yield Line("row", [label("roles", source["role"]), *blanks])
