"""What a command prints when it is done: counts, the money account, where things lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from landuse.labels import label, say, section
from landuse.tables import Result
from landuse.units import FEN_PER_WAN

__all__ = ["geometry_found", "inputs_read", "issues_found", "of_run"]


def of_run(result: Result, out: Path) -> Iterator[str]:
    """Yield the lines that say what a run found."""
    book = result.ledger
    yield say("cli", "title", title=result.title, as_of=result.as_of)
    for note in book["notes"]:
        yield say("cli", "note", note=note)
    yield from inputs_read(book["inputs"])
    rows = book["accounts"]["rows"]["link"]
    yield say(
        "cli", "links",
        linked=rows["projects_linked"], parcels=rows["parcels_linked"], unlinked=rows["projects_unlinked"],
    )  # fmt: skip
    if rows["pairs_for_review"]:
        yield say("cli", "review", projects=rows["projects_for_review"], pairs=rows["pairs_for_review"])
    if rows["projects_repeated"]:
        yield say("cli", "repeated", n=rows["projects_repeated"])
    yield from _by_source(book["accounts"]["sources"])
    for stem in ("total_invest_wan", "fixed_invest_wan"):
        yield from _money(stem, book["accounts"]["money"][stem])
    land = {k.removesuffix("_mu"): f"{v:,.2f}" for k, v in book["accounts"]["land"].items()}
    yield say("cli", "land", **land)
    yield geometry_found(result.tables["geometry_faults"], book["accounts"]["land"]["doubled_mu"])
    for subject in ("project", "parcel"):
        yield label("cli", f"{subject}s")
        yield from _verdicts(result.tables[f"{subject}_status"], f"{subject}_verdicts")
    yield _supervision(result)
    blocks = result.tables["blocks"]
    yield say("cli", "blocks", n=len(blocks), mu=f"{blocks.area_mu.sum():,.2f}", members=blocks.members.sum())
    yield _grants(result)
    yield issues_found(result.tables["issues"], result.tables["rejected"])
    yield say("cli", "out", out=out)
    for name, files in (
        ("map", ["map.html"]),
        ("figure", ["map.png", "map.pdf"]),
        ("workbook", ["workbook.xlsx"]),
        ("review_book", ["review.xlsx"]),
    ):
        if all((out / f).exists() for f in files):
            paths = {"png": out / "map.png", "pdf": out / "map.pdf", "path": out / files[0]}
            yield say("cli", name, **paths)
    yield say("cli", "ledger", path=out / "ledger.json")


def inputs_read(inputs: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each file: rows read = accepted + rejected."""
    yield label("cli", "inputs")
    for source in inputs:
        yield say("cli", "input", **(source | {"role": label("roles", source["role"])}))


def _money(stem: str, account: dict[str, dict[str, int]]) -> Iterator[str]:
    yield say("cli", "money", name=label("columns", stem))
    low, high = account["low"], account["high"]
    ends = {"both": low} if low == high else {"low": low, "high": high}
    for end, sums in ends.items():
        wan = {
            k.removesuffix("_fen"): f"{v / FEN_PER_WAN:,.2f}" for k, v in sums.items() if k.endswith("_fen")
        }
        line = say("cli", "money_line", end=label("cli", f"end_{end}"), **wan)
        yield line + (say("cli", "money_open", open=sums["open"]) if sums["open"] else "")


def _by_source(accounts: dict[str, dict[str, dict[str, Any]]]) -> Iterator[str]:
    """Yield a line for each file, where there are several of a kind or a row has several links."""
    for role in ("projects", "parcels"):
        files = accounts[role]
        if len(files) > 1 or any(account["multiplied"] for account in files.values()):
            for file, account in files.items():
                rows = {key: account[key] for key in ("linked", "unlinked", "multiplied")}
                yield say(
                    "cli", "link_source", role=label("roles", role), path=file, read=account["in"], **rows
                )


def _verdicts(status: pd.DataFrame, names: str) -> Iterator[str]:
    counts = status[status["headline"]]["verdict"].value_counts()
    for verdict, name in section(names).items():
        if verdict in counts:
            yield say("cli", "count", name=name, n=counts[verdict])


def _supervision(result: Result) -> str:
    """Return the line that says what is overdue, by kind, and how much falls due next."""
    owed = result.tables["obligations"]
    late = owed.loc[owed["state"] == "overdue", "obligation"].value_counts()
    until = result.ledger["accounts"]["supervision"]["until"]
    counts = {kind: late.get(kind, 0) for kind in ("handover", "start", "finish")}
    return say("cli", "supervision", until=until, due=len(result.tables["calendar"]), **counts)


def _grants(result: Result) -> str:
    grants = result.tables["grants"]
    if not len(result.tables["quota"]) and not len(result.tables["reserve"]):
        return label("cli", "grants_none")
    given = grants[grants["granted"]]
    gap = result.ledger["accounts"]["allocation"]["gap"]
    return say("cli", "grants", n=len(given), mu=f"{given.mu.sum():,.2f}", gap=gap)


def issues_found(issues: pd.DataFrame, rejected: pd.DataFrame) -> str:
    """Return the line that says how many issues there are, by what was done."""
    if not len(issues) and not len(rejected):
        return label("cli", "no_issues")
    counts = issues["action"].value_counts()
    by = {action: int(counts.get(action, 0)) for action in ("mended", "kept", "rejected")}
    return say("cli", "issues", issues=len(issues), rows=len(rejected), **by)


def geometry_found(faults: pd.DataFrame, doubled_mu: float) -> str:
    """Return the line that says what is wrong between parcels and how much land is counted more than once."""
    if not len(faults):
        return label("check_report", "geometry_none")
    counts = faults["kind"].value_counts()
    parts = [
        say("check_report", "geometry_part", kind=name, n=f"{counts[kind]:,}")
        for kind, name in section("fault_kinds").items()
        if kind in counts
    ]
    shown = label("check_report", "comma").join(parts)
    return say("check_report", "geometry", parts=shown, doubled=f"{doubled_mu:,.4f}")
