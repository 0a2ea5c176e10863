"""Golden quarters: what a land officer expects of two runs, row by row, and nothing else."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import landuse as lu
from landuse.tables import COMPARISON_TABLES
from tests.quarters_by_hand import quarters

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "compare"
CASES = {
    f"{path.stem}: {case['title']}": case
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
}
KEYS = {
    "title", "dates", "parcels", "projects", "policies", "made", "zones_given", "then", "changes", "amounts",
    "rules", "zones", "departments", "skip_amounts",
}  # fmt: skip
SUMS = {"land": "land_mu", "money": "money_wan"}


def said(value: object) -> str | None:
    return value if isinstance(value, str) else None


def span(value) -> list[float]:
    return [float(v) for v in value] if isinstance(value, list) else [float(value)] * 2


@pytest.fixture(scope="module")
def compared():
    found = {}

    def of(name: str):
        if name not in found:
            case = dict(CASES[name])
            case = case | ({"zones": case["zones_given"]} if "zones_given" in case else {"zones": None})
            given = {k: v for k, v in case.items() if v is not None}
            found[name] = lu.compare(*quarters(given))
        return found[name]

    return of


@pytest.mark.parametrize("name", CASES)
def test_verdicts(name, compared):
    case, got = CASES[name], compared(name)
    assert set(case) <= KEYS
    rows = got.changes[got.changes["kind"] != "same"].reset_index(drop=True)
    found = {}
    for row, why in zip(rows.itertuples(), got.attribution.itertuples(), strict=True):
        assert (row.subject, row.old_id, row.new_id, row.policy) == (
            why.subject,
            why.old_id,
            why.new_id,
            why.policy,
        ) or row.kind in ("came", "went")
        found[row.subject, row.subject_id, row.kind] = (
            said(row.old_verdict),
            said(row.new_verdict),
            why.cause,
        )
    wanted = {
        (c["subject"], c["id"], c["kind"]): (c.get("old"), c.get("new"), c["cause"]) for c in case["changes"]
    }
    assert found == wanted
    assert len(rows) == len(wanted)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c["changes"]])
def test_what_stands_beside_a_verdict(name, compared):
    got = compared(name)
    for c in CASES[name]["changes"]:
        here = (got.changes["subject_id"] == c["id"]) & (got.changes["kind"] == c["kind"])
        row = got.changes[here].iloc[0]
        why = got.attribution[
            (got.attribution["subject_id"] == c["id"]) & (got.attribution["kind"] == c["kind"])
        ].iloc[0]
        if "facts" in c:
            assert set(c["facts"]) <= set(why["changed_facts"])
        elif c["cause"] in ("time", "rule", "setting", "row"):
            assert why["changed_facts"] == []
        if "basis" in c:
            assert (said(row["department"]), row["department_basis"]) == (c.get("department"), c["basis"])
        if "was" in c:
            assert (row["old_id"], row["new_id"], row["matched_by"]) == (c["was"], c["id"], c["matched_by"])
        elif c["kind"] not in ("came", "went"):
            assert (row["old_id"], row["new_id"], row["matched_by"]) == (c["id"], c["id"], "id")


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if "skip_amounts" not in c])
def test_amounts(name, compared):
    rows = compared(name).amount_changes
    found = {
        (r.subject_id, r.field): (
            r.change,
            *(
                getattr(r, f"{side}_{end}")
                for side in ("old", "new", "difference")
                for end in ("low", "high")
            ),
        )
        for r in rows.itertuples()
    }
    wanted = {(a["id"], a["field"]): a for a in CASES[name].get("amounts", [])}
    assert set(found) == set(wanted)
    for key, a in wanted.items():
        change, *figures = found[key]
        assert change == a["change"]
        expected = [v for side in ("old", "new", "difference") for v in span(a.get(side, math.nan))]
        assert figures == pytest.approx(expected, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", CASES)
def test_rules(name, compared):
    rows = compared(name).rule_changes
    rows = rows[rows["kind"] != "as_of_changed"]
    found = {
        (r.kind, said(r.policy), said(r.clause), said(r.item)): (said(r.old_value), said(r.new_value))
        for r in rows.itertuples()
    }
    wanted = {
        (r["kind"], r.get("policy"), r.get("clause"), r.get("item")): r for r in CASES[name].get("rules", [])
    }
    assert set(found) == set(wanted)
    for key, r in wanted.items():
        if "old" in r:
            assert found[key] == (r["old"], r["new"])
        else:  # a digest: there is one of the run that has the policy, and two that differ
            given = [v for v in found[key] if v is not None]
            assert all(len(v) == 64 for v in given)
            assert len(set(given)) == {"policy_changed": 2}.get(r["kind"], 1)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if {"zones", "departments"} & set(c)])
def test_bulletin(name, compared):
    got, case = compared(name), CASES[name]
    for key, column in (("zones", "zone_id"), ("departments", "department")):
        table = got.tables[f"bulletin_{key}"]
        for row in case.get(key, []):
            own = row.get(key[:-1])
            here = table["line"].eq(row["line"]) if own is None else table[column].eq(own)
            line = table[here & table["group"].eq(row["group"])]
            assert len(line) == 1
            one = line.iloc[0]
            assert [one["count_old"], one["count_new"]] == row["count"]
            assert one["count_difference"] == row["count"][1] - row["count"][0]
            for words, stem in SUMS.items():
                for side, value in zip(("old", "new"), row[words], strict=True):
                    expected = span(math.nan if value == "不详" else value)
                    figures = [one[f"{stem}_{side}_low"], one[f"{stem}_{side}_high"]]
                    assert figures == pytest.approx(expected, rel=1e-9, nan_ok=True), (row, stem, side)


@pytest.mark.parametrize("name", CASES)
def test_tables_keep_to_their_schemas(name, compared):
    got = compared(name)
    for table_name, table in COMPARISON_TABLES.items():
        table.check(got.tables[table_name])
    assert isinstance(got.changes, pd.DataFrame)
