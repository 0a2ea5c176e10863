"""Policies and facts from a few plain values, for tests of screening."""

from __future__ import annotations

from datetime import date

import pandas as pd

from landuse.policy import load_text
from landuse.tables import PARCEL_FACTS, PROJECT_FACTS, ZONE_FACTS, Facts

AS_OF = date(2026, 6, 30)
OTHERWISE = {"project": "separate_land", "parcel": "in_use", "zone": "met"}
ROUTES = """
[policy.routes]
separate_land = { route = "separate_land", source = "一" }
no_separate_land = { route = "standard_factory", source = "二" }
undecided = { route = "review", source = "三" }
out_of_scope = { route = "review", source = "四" }
"""


def policy_of(subject, *clauses, name="mine", more=""):
    """Clauses as (id, verdict, when) or (id, verdict, when, scope), conditions as TOML text; more of the file."""
    text = [
        f'[policy]\nid = "{name}"\ntitle = "试用"\nsource = "自拟"\neffective = 2000-01-01',
        f'otherwise = {{ {subject} = "{OTHERWISE[subject]}" }}',
        ROUTES,
    ]
    for clause, verdict, when, *scope in clauses:
        text.append(
            f'[[clause]]\nid = "{clause}"\nsubject = "{subject}"\ncite = "第{clause}条"\ntext = "…"\n'
            f'verdict = "{verdict}"\nwhen = {when}' + "".join(f"\nscope = {s}" for s in scope)
        )
    return load_text("\n".join([*text, more]), file=f"{name}.toml")


def facts_of(*, as_of=AS_OF, **rows):
    """Facts by subject: a dict of id to its facts, a pair as a number or [low, high]."""
    tables = {"parcel": PARCEL_FACTS, "project": PROJECT_FACTS, "zone": ZONE_FACTS}
    frames = {}
    for subject, table in tables.items():
        known = rows.get(subject, {})
        cells = {name: cells_of(facts, table) for name, facts in known.items()}
        frames[subject] = (
            table.conform(pd.DataFrame.from_dict(cells, orient="index")) if cells else table.empty()
        )
    return Facts(frames["parcel"], frames["project"], frames["zone"], as_of)


def cells_of(facts, table):
    cells = {}
    for name, value in facts.items():
        if table.is_pair(name):
            low, high = value if isinstance(value, list) else (value, value)
            cells |= {f"{name}_low": low, f"{name}_high": high}
        else:
            cells[name] = value
    return cells


def intensity(fixed, land_mu, other_mu=None):
    """The facts of an intensity: its money, its land by the area used and by the others, the ratio."""
    low, high = fixed if isinstance(fixed, list) else (fixed, fixed)
    other = other_mu if other_mu is not None else land_mu
    ends = other if isinstance(other, list) else [other, other]
    return {
        "intensity_fixed_wan": [low, high],
        "intensity_land_m2": land_mu * 2000 / 3,
        "intensity_alt_land_m2": [e * 2000 / 3 for e in ends],
        "fixed_wan_per_mu": [low / land_mu, high / land_mu],
    }
