"""Two quarters from a few plain rows: what is read in the old run, and what is other in the new one."""

from __future__ import annotations

from datetime import date

import pandas as pd

from landuse.inspecting import flag_doubled
from landuse.ledger import table_digests, text_digest
from landuse.linking import link
from landuse.measuring import measure
from landuse.measuring.area import measure_areas
from landuse.policy import Policy, load_policy, load_text
from landuse.screening import judge, screen
from landuse.tables import ISSUES, RUN_TABLES, Result
from tests.rows_by_hand import parcels_of, projects_of, zones_of

POLICIES = ("cn-luoyang-zones-2011", "cn-idle-land-2012")
ZONES = [
    {"id": "Z1", "name": "东区", "class": "urban", "slots": [0, 3]},
    {"id": "Z2", "name": "西区", "class": "county", "slots": [4, 7]},
]
DATES = {
    "due": "start_due",
    "extended": "start_due_extended",
    "started": "started_on",
    "suspended": "suspended_on",
}
STATES = {"state": "start_state", "suspend": "suspend_state", "cause": "government_cause"}
OLD, NEW = date(2026, 3, 31), date(2026, 6, 30)


def parcel(row: dict, number: int) -> dict:
    """A row of ``parcels_of``: state-owned construction land of 30 mu, unless the row says otherwise."""
    cells = {"mu": 30, "slot": number, "ownership": "state", "construction_land": True} | row
    cells |= {column: cells.pop(key) for key, column in STATES.items() if key in cells}
    cells |= {column: pd.Timestamp(cells.pop(key)) for key, column in DATES.items() if key in cells}
    if "price" in cells:
        price = cells.pop("price")
        cells["price_wan_low"], cells["price_wan_high"] = price if isinstance(price, list) else (price, price)
    if "stated" in cells:
        cells["stated_area_m2"] = cells.pop("stated")
    return cells


def project(row: dict) -> dict:
    """A row of ``projects_of``: a new project, unless the row says otherwise."""
    return {"is_new": True} | row


def zones(rows: list[dict]):
    table = zones_of(rows)
    return table.assign(department=pd.array([r.get("department") for r in rows], dtype="str"))


def run_of(
    parcels=(),
    projects=(),
    zone_rows=ZONES,
    *,
    as_of: date = OLD,
    policies=POLICIES,
    area: str = "stated",
    title: str = "两季",
    made=(),
) -> Result:
    """A finished run of these rows; ``made`` names parcels and projects whose id the intake made."""
    rules = [p if isinstance(p, Policy) else load_policy(p) for p in policies]
    land = parcels_of([parcel(dict(row), n) for n, row in enumerate(parcels)])
    ledger = projects_of([project(dict(row)) for row in projects])
    said = [
        issue("id_made", table, table.index.get_loc(i))
        for table in (land, ledger)
        for i in made
        if i in table.index
    ]
    tables = _tables(land, ledger, zones(zone_rows) if zone_rows else None, rules, as_of, area)
    tables["issues"] = ISSUES.conform(pd.DataFrame(said, columns=list(ISSUES.columns)))
    book = {
        "title": title,
        "as_of": as_of.isoformat(),
        "policies": {p.id: text_digest(p.text) for p in rules},
        "area": area,
        "digests": table_digests(tables),
    }
    return Result(tables, book, {p.id: p.text for p in rules}, title, as_of)


def _tables(parcels, projects, places, rules, as_of, area) -> dict[str, pd.DataFrame]:
    """Every table of a run but those of the annual plan, which stay empty: the verbs in their order."""
    areas = measure_areas(parcels, basis=area)
    links = link(parcels, projects, areas=areas.table["area_used_m2"])
    own = [fact for rule in rules for fact in rule.facts]
    facts = measure(parcels, projects, links, zones=places, as_of=as_of, areas=areas, own_facts=own)
    empty = {name: table.empty(crs=parcels.crs) for name, table in RUN_TABLES.items()}
    facts, _ = flag_doubled(facts, empty["geometry_faults"], links.table)
    status = judge(screen(facts, rules), rules)
    read = {"parcels": parcels, "projects": projects, "links": links.table, "unlinked": links.unlinked}
    read |= {"link_review": links.review} | ({} if places is None else {"zones": places})
    known = {f"{s}_facts": facts.of(s) for s in ("parcel", "project", "zone")}
    return empty | read | known | {f"{s}_status": status.of(s) for s in ("parcel", "project", "zone")}


def issue(kind: str, table: pd.DataFrame, at: int) -> dict:
    """What the intake says of a row whose id it made."""
    return {
        "source_file": table["source_file"].iloc[at],
        "row": int(table["source_row"].iloc[at]),
        "kind": kind,
        "action": "mended",
        "message": kind,
    }


def edited(name: str, *changes) -> Policy:
    """A shipped policy with parts of its text replaced, each found exactly once."""
    text = load_policy(name).text
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_text(text, file=f"{name}.toml")


def merged(rows: list[dict], changes: list[dict], gone: list[str]) -> list[dict]:
    """The rows of the next quarter: cells replaced by id (null takes one away), new ids added, ``gone`` left out."""
    by_id = {row["id"]: dict(row) | {"slot": row.get("slot", n)} for n, row in enumerate(rows)}
    for change in changes:
        base = by_id.setdefault(change["id"], {"slot": len(by_id)})
        base |= change
        for key in change.get("without", ()):
            base.pop(key, None)
        base.pop("without", None)
    return [row for i, row in by_id.items() if i not in gone]


def quarters(case: dict) -> tuple[Result, Result]:
    """The two runs of a golden case."""
    then = case.get("then", {})
    old_day, new_day = case.get("dates", (OLD, NEW))
    rules = {p: load_policy(p) for p in case.get("policies", POLICIES)}
    later = dict(rules)
    for name, changes in then.get("policy", {}).items():
        later[name] = edited(name, *changes)
    for name in then.get("policies_gone", ()):
        del later[name]
    for name in then.get("policies_added", ()):
        later[name] = load_policy(name)
    parcels, projects = case.get("parcels", []), case.get("projects", [])
    places = case.get("zones", ZONES)
    old = run_of(parcels, projects, places, as_of=old_day, policies=rules.values(), made=case.get("made", ()))
    new = run_of(
        merged(parcels, then.get("parcels", []), then.get("gone", [])),
        merged(projects, then.get("projects", []), then.get("gone", [])),
        then.get("zones", places),
        as_of=new_day,
        policies=later.values(),
        area=then.get("area", "stated"),
        made=then.get("made", case.get("made", ())),
    )
    return old, new
