"""Golden cases of policies, said in the words of the columns: facts by label, verdicts, what is missing.

A folder is about one policy, named in its ``policy.toml``; a template is filled in there with trial figures, as a
user fills in a copy: the CSV beside it takes the place of the empty one, and ``[limits]`` goes into the empty quotes
of a clause, in order. ``[usual]`` of a file holds what its cases share, unless they say otherwise or 不详.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from landuse.policy import load_policy, write_copy
from landuse.policy.vocabulary import fact_label, fact_table, facts_of
from landuse.screening import judge, screen
from landuse.tables import FACT_TABLES, FINDINGS, Facts
from tests.clauses_by_hand import AS_OF, cells_of

GOLDEN = Path(__file__).resolve().parent / "golden"
FOLDERS = ("control_2008", "control_2023", "quota_link", "underused")
WORDS = {"市区": "urban", "县域": "county", "区外": "outside"}
UNKNOWN = "不详"
EXPECTED = {"title", "verdict", "clause", "missing", "outcome", "borderline", "factor", "says"}


@dataclass(frozen=True)
class Judged:
    """The policy of a folder, its cases by name, their status, and the truth of every clause for them."""

    policy: object
    cases: dict[str, dict]
    status: pd.DataFrame
    truth: pd.DataFrame


def cases_of(folder):
    """The cases of a folder, by file and title."""
    pages = {p.stem: tomllib.loads(p.read_text(encoding="utf-8")) for p in (GOLDEN / folder).glob("*.toml")}
    return {
        f"{stem}: {case['title']}": page.get("usual", {}) | case
        for stem, page in sorted(pages.items())
        for case in page.get("case", [])
    }


def filled_copy(folder, target):
    """Copy the policy of a golden folder into another one and fill it in; return the path of the policy."""
    about = tomllib.loads((GOLDEN / folder / "policy.toml").read_text(encoding="utf-8"))
    path, *tables = write_copy(about["policy"], target)
    for table in tables:
        shutil.copy(GOLDEN / folder / table.name, table)
    text = path.read_text(encoding="utf-8")
    for clause, figures in about.get("limits", {}).items():
        head, mark, rest = text.partition(f'id = "{clause}"')
        assert mark, clause
        body, more, tail = rest.partition("[[clause]]")
        for figure in figures:
            body, count = re.subn('= ""', f"= {figure}", body, count=1)
            assert count == 1, clause
        text = head + mark + body + more + tail
    path.write_text(text, encoding="utf-8")
    return path


@cache
def judged(folder):
    """All cases of a folder as one table of facts, screened and judged."""
    with TemporaryDirectory() as made:
        policy = load_policy(filled_copy(folder, made))
    (subject,) = {c.subject for c in policy.clauses}
    table = fact_table(policy, subject)
    names = {fact_label(table, fact): fact for fact in facts_of(table)}
    cases = cases_of(folder)
    rows = {name: cells_of(_facts(case, names), table) for name, case in cases.items()}
    frames = {s: t.empty() for s, t in FACT_TABLES.items()}
    frames[subject] = table.conform(pd.DataFrame.from_dict(rows, orient="index"))
    facts = Facts(frames["parcel"], frames["project"], frames["zone"], AS_OF)
    findings = screen(facts, [policy])
    FINDINGS.check(findings.table)
    status = getattr(judge(findings, [policy]), f"{subject}s").set_index("subject_id")
    labels = {fact: label for label, fact in names.items()}
    status["missing"] = [[labels[f] for f in facts] for facts in status["missing_facts"]]
    return Judged(policy, cases, status, findings.truth[policy.id, subject])


def _facts(case, names):
    """Facts by name: the labels of the policy's own may go without what stands in brackets behind them."""
    short = {label.split("（")[0]: fact for label, fact in names.items()} | names
    given = {k: v for k, v in case.items() if k not in EXPECTED and v != UNKNOWN}
    return {short[k]: WORDS.get(v, v) if isinstance(v, str) else v for k, v in given.items()}
