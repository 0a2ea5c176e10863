"""Nothing is lost from file to report: money to the fen, land to 0.01 m2, rows to the last one.

The sums come from the cells as they were made up (``messy_cells``, ``sample_parcels/expected_*``), each of known
worth; no parser of the library has a say in them.
"""

from __future__ import annotations

import json
import math
import tempfile
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings

import landuse as lu
from landuse.testing.worlds import city
from tests.laws.messy_plans import LOST, World, worlds, write_plan

STEMS = ("total_invest_wan", "fixed_invest_wan", "invested_wan", "planned_wan", "output_wan", "tax_wan")
FEN = 1_000_000


def fen(wan: float) -> int | None:
    """Whole fen of a figure in wan; None where it is missing or endless."""
    return round(Fraction(wan) * FEN) if math.isfinite(wan) else None


def sums(rows) -> dict[str, dict[str, dict[str, int]]]:
    """The money account of (amounts by column, whether it is linked): each column, each end, apart."""
    account: dict[str, dict[str, dict[str, int]]] = {}
    for stem in STEMS:
        cells = [(money.get(stem), linked) for money, linked in rows]
        known = [(a, linked) for a, linked in cells if a is not None and a.low is not None]
        account[stem] = {}
        for end in ("low", "high"):
            ends = [(getattr(a, end) or 0, linked) for a, linked in known]
            account[stem][end] = {
                "read_fen": sum(v for v, _ in ends),
                "linked_fen": sum(v for v, linked in ends if linked),
                "unlinked_fen": sum(v for v, linked in ends if not linked),
                "open": sum(a.open for a, _ in known) if end == "high" else 0,
                "missing": len(cells) - len(known),
            }
    return account


def check_tables(result) -> None:
    """The tables themselves add up to the accounts: projects, links by their shares, what is left over."""
    money, shares = result.ledger["accounts"]["money"], result.links.groupby("project_id")["share"]
    assert shares.sum().eq(1.0).all()
    left = result.unlinked.set_index("project_id")
    assert set(left.index).isdisjoint(shares.groups)
    assert set(left.index) | set(shares.groups) == set(result.projects.index)
    for stem in STEMS:
        for end in ("low", "high"):
            column, account = f"{stem}_{end}", money[stem][end]
            read = {name: fen(v) or 0 for name, v in result.projects[column].items()}
            on_land = sum(
                (Fraction(row.share) * read[row.project_id] for row in result.links.itertuples()), Fraction(0)
            )
            assert sum(read.values()) == account["read_fen"]
            assert on_land == account["linked_fen"]
            assert sum(fen(v) or 0 for v in left[column]) == account["unlinked_fen"]
            assert account["read_fen"] == account["linked_fen"] + account["unlinked_fen"]
    for source in result.ledger["inputs"]:
        assert source["rows_read"] == source["accepted"] + source["rejected"]
        assert (result.rejected["source_file"] == source["path"]).sum() == source["rejected"]
    rows = result.ledger["accounts"]["rows"]["link"]
    assert rows["projects_in"] == len(result.projects) == rows["projects_linked"] + rows["projects_unlinked"]
    assert rows["parcels_in"] == len(result.parcels) == rows["parcels_linked"] + rows["parcels_unlinked"]
    json.dumps(result.ledger["accounts"], allow_nan=False)


def check_land(result, m2: float) -> None:
    """The land of all parcels, of those with and of those without a project [m2]."""
    land = {key: mu * 2000 / 3 for key, mu in result.ledger["accounts"]["land"].items()}
    assert land["read_mu"] == pytest.approx(m2, abs=0.01)
    assert land["linked_mu"] + land["unlinked_mu"] == pytest.approx(m2, abs=0.01)
    held = set(result.links["parcel_id"])
    areas = result.parcel_facts["area_used_m2"]
    assert land["linked_mu"] == pytest.approx(math.fsum(areas[areas.index.isin(held)]), abs=0.01)


def is_linked(project, world: World) -> bool:
    return any(ref in world.held() for ref in project.refs)


@settings(max_examples=22)
@given(worlds())
def test_random_plans(world):
    with tempfile.TemporaryDirectory() as folder:
        result = lu.run(write_plan(world, Path(folder)))
    name_of = {path: Path(path).name for path in (s["path"] for s in result.ledger["inputs"])}
    accepted = [p for x in world.ledgers for _, p in x.records() if p.fate is None]
    assert result.ledger["accounts"]["money"] == sums([(p.money, is_linked(p, world)) for p in accepted])
    check_tables(result)
    parcels = [p for _, rows in world.parcels for p in rows if p.fate is None]
    check_land(result, sum(p.area for p in parcels))
    check_cells(result, world, name_of)
    check_rows(result, world, name_of)


def check_cells(result, world: World, name_of: dict[str, str]) -> None:
    """Every money cell of every accepted row, so that no two errors can make up for each other."""
    read = {
        (name_of[row["source_file"]], row["source_row"]): row
        for table in (result.projects, result.parcels)
        for row in table.to_dict("records")
    }
    cells = [
        (x.file, n, stem, p.money.get(stem))
        for x in world.ledgers
        for n, p in x.records()
        if p.fate is None
        for stem in STEMS
    ]
    cells += [
        (file, n, "price_wan", p.price)
        for file, rows in world.parcels
        for n, p in enumerate(rows, start=1)
        if p.fate is None
    ]
    for file, row, stem, amount in cells:
        low, high = (read[file, row][f"{stem}_{end}"] for end in ("low", "high"))
        if amount is None or amount.low is None:
            assert math.isnan(low)
            assert math.isnan(high)
        else:
            assert (fen(low), fen(high)) == (amount.low, amount.high)
            assert math.isinf(high) is amount.open


def check_rows(result, world: World, name_of: dict[str, str]) -> None:
    """Every row of every file is a record accepted or rejected, or said to be none."""
    expected: set[tuple[str, int, str]] = set()
    said: set[tuple[str, int, str]] = set()
    counts: dict[str, tuple[int, int]] = {}
    for file, rows in world.parcels:
        expected |= {(file, n, p.fate) for n, p in enumerate(rows, start=1) if p.fate}
        counts[file] = len(rows), sum(p.fate is None for p in rows)
    for ledger in world.ledgers:
        records = ledger.records()
        expected |= {(ledger.file, n, p.fate) for n, p in records if p.fate}
        counts[ledger.file] = len(records), sum(p.fate is None for _, p in records)
        lines = enumerate(ledger.lines, start=1)
        said |= {(ledger.file, n, x.kind) for n, x in lines if x.kind.endswith("_row")}
        silent = sum(line.kind in ("header", "blank") for line in ledger.lines)
        spoken = sum(line.kind.endswith("_row") for line in ledger.lines)
        assert len(ledger.lines) == silent + spoken + len(records)
    rejected, issues = (
        [(name_of[r.source_file], r.row, r.kind) for r in table.itertuples() if r.source_file in name_of]
        for table in (result.rejected, result.issues)
    )
    assert Counter(rejected) == Counter(expected)
    assert expected <= set(issues)
    assert {i for i in issues if i[2] in ("title_row", "total_row", "note_row")} == said
    for source in result.ledger["inputs"]:
        assert (source["rows_read"], source["accepted"]) == counts[name_of[source["path"]]]
    lost = sum(
        ref not in world.held()
        for x in world.ledgers
        for _, p in x.records()
        if p.fate is None
        for ref in p.refs
    )
    account = result.ledger["accounts"]["rows"]["link"]
    assert account["refs_missing"] == lost == sum(kind == "parcel_ref_not_found" for *_, kind in issues)


@pytest.fixture(scope="module")
def sample(repo):
    return lu.run(repo / "sample_parcels" / "plan.toml")


def test_the_money_of_the_sample(sample, repo):
    text = (repo / "sample_parcels" / "expected_totals.toml").read_text(encoding="utf-8")
    assert sample.ledger["accounts"]["money"] == tomllib.loads(text)["money"]
    check_tables(sample)


def test_the_land_of_the_sample(sample):
    made = city()
    shapes = made.parcels.geometry.area
    check_land(sample, math.fsum(sample.parcel_facts["area_used_m2"]))
    assert list(sample.parcels.index) == list(shapes.index)
    gaps = sample.parcel_facts["area_used_m2"] / shapes - 1
    assert gaps.abs().max() < 0.01
    assert sample.parcels["price_wan_low"].map(fen).equals(made.parcels["price_wan_low"].map(fen))


def test_every_row_of_the_sample_is_told(sample, repo):
    """The sheet as it stands against what the run says of it."""
    sheet = openpyxl.load_workbook(repo / "sample_parcels" / "ledger.xlsx").active
    rows = {
        n: [c for c in cells if c is not None]
        for n, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
    }
    filled = {n for n, cells in rows.items() if cells}
    issues = sample.issues[sample.issues["source_file"] == "ledger.xlsx"]
    told = {
        kind: set(issues.loc[issues["kind"] == kind, "row"])
        for kind in ("title_row", "total_row", "note_row")
    }
    assert told["total_row"] == {n for n, cells in rows.items() if cells[:1] == ["合计"]}
    assert told["note_row"] == {n for n, cells in rows.items() if str(cells[:1]).startswith("['备注")}
    accepted = set(sample.projects["source_row"])
    rejected = set(sample.rejected.loc[sample.rejected["source_file"] == "ledger.xlsx", "row"])
    assert len(accepted) == 120
    assert len(rejected) == 1
    parts = [accepted, rejected, *told.values(), {3, 4}]  # rows 3 and 4 are the header
    assert set().union(*parts) == filled
    assert sum(map(len, parts)) == len(filled)


def test_the_random_plans_are_hard_ones():
    """What the strategy can make stands in the worlds that it makes, so that the law above has work to do."""
    seen: Counter[str] = Counter()

    @settings(max_examples=80, database=None)
    @given(worlds())
    def look(world):
        projects = [p for x in world.ledgers for _, p in x.records()]
        parcels = [p for _, rows in world.parcels for p in rows]
        kinds = {line.kind for x in world.ledgers for line in x.lines} | {x.file[-3:] for x in world.ledgers}
        kinds |= {f"fate {p.fate}" for p in projects} | {f"parcel {p.fate}" for p in parcels}
        kinds |= {f"cell {a.kind}" for p in projects for a in p.money.values()}
        for p in projects:
            kinds.add("linked" if is_linked(p, world) else "lost" if set(p.refs) & set(LOST) else "bare")
        seen.update(kinds)

    look()
    cells = ("exact", "none", "about", "more", "range", "least", "most", "negative")
    wanted = {"total_row", "note_row", "blank", "title_row", "csv", "lsx", "linked", "lost", "bare"}
    wanted |= {f"fate {f}" for f in (None, "negative", "no_id", "duplicate_row")}
    wanted |= {f"parcel {f}" for f in (None, "negative", "no_geometry", "duplicate_row", "duplicate_parcel")}
    wanted |= {f"cell {c}" for c in cells}
    assert not {kind for kind in wanted if seen[kind] < 8}, seen
