"""Where a subject belongs and what it weighs: its zone, its department in charge, its land and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from landuse.comparing.matching import SUBJECTS
from landuse.tables import OUTSIDE, Result

OWN, OF_ZONE, UNKNOWN = "own", "zone", "unknown"

__all__ = ["PAIRS", "Side", "side_of"]

PAIRS = ("land_mu", "money_wan", "fee_wan")
MONEY_OF = {"parcel": "price_wan", "project": "total_invest_wan", "zone": "total_invest_wan"}


@dataclass(frozen=True)
class Side:
    """One of the two runs, by subject.

    ``about`` has a row a subject: name, holder, zone_id, outside, department, department_basis, land [mu],
    money and fee [wan] as pairs, fee_open; ``status`` a row a subject and policy; ``policies`` names those
    that speak of the subject, the headline first.
    """

    about: Mapping[str, pd.DataFrame]
    status: Mapping[str, pd.DataFrame]
    policies: Mapping[str, list[str]]

    def verdicts(self, subject: str, policy: str, ids: pd.Series) -> pd.DataFrame:
        """Return the status rows of a policy for the subjects named; missing where there is none."""
        table = self.status[subject]
        rows = table[table["policy"] == policy].set_index("subject_id")
        return rows.reindex(pd.Index(ids)).set_axis(ids.index)

    def headline(self, subject: str) -> str | None:
        """Return the policy that comes first for a subject."""
        return next(iter(self.policies[subject]), None)


def side_of(result: Result) -> Side:
    """Gather what a comparison needs of a run.

    Parameters
    ----------
    result : Result
        A finished run.

    Notes
    -----
    The department of a parcel or project is its own; where none is named, that of its zone; else unknown.
    """
    tables = result.tables
    status = {s: tables[f"{s}_status"] for s in SUBJECTS}
    order = list(result.ledger.get("policies", {}))
    policies = {s: _in_order(status[s], order) for s in SUBJECTS}
    about = {s: _about(tables, s, status[s]) for s in SUBJECTS}
    return Side(about, status, policies)


def _in_order(status: pd.DataFrame, order: list[str]) -> list[str]:
    """Return the policies of a status table, the headline first, then as the plan has them."""
    named = status[["policy", "headline"]].drop_duplicates()
    first = dict(zip(named["policy"], named["headline"], strict=True))
    ranks = {p: n for n, p in enumerate(order)}
    return sorted(first, key=lambda p: (not first[p], ranks.get(p, len(ranks)), p))


def _about(tables: Mapping[str, pd.DataFrame], subject: str, status: pd.DataFrame) -> pd.DataFrame:
    table, facts = pd.DataFrame(tables[f"{subject}s"]), tables[f"{subject}_facts"]
    facts = facts.reindex(table.index)
    blank = pd.Series(np.nan, index=table.index, dtype="str")
    zone = pd.Series(table.index, index=table.index, dtype="str") if subject == "zone" else facts["zone_id"]
    data: dict[str, Any] = {
        "name": table.get("name", blank),
        "holder": table.get("holder", blank),
        "zone_id": zone,
        "outside": zone.isna() & (facts["zone_class"] == OUTSIDE).fillna(False).astype(bool),
    }
    data |= _department(tables["zones"], table, zone)
    data |= _land(facts, subject) | _money(facts, MONEY_OF[subject]) | _fee(status, subject, table.index)
    return pd.DataFrame(data, index=table.index)


def _department(zones: pd.DataFrame, table: pd.DataFrame, zone: pd.Series) -> dict[str, pd.Series]:
    own = table["department"]
    of_zone = zone.map(zones["department"].dropna().to_dict(), na_action="ignore").astype("str")
    basis = pd.Series(OWN, index=table.index, dtype="str")
    basis = basis.mask(own.isna().to_numpy(), OF_ZONE).mask((own.isna() & of_zone.isna()).to_numpy(), UNKNOWN)
    return {"department": own.fillna(of_zone), "department_basis": basis}


def _land(facts: pd.DataFrame, subject: str) -> dict[str, pd.Series]:
    low, high = ("land_mu_low", "land_mu_high") if subject == "project" else ("area_mu", "area_mu")
    return {"land_mu_low": facts[low], "land_mu_high": facts[high]}


def _money(facts: pd.DataFrame, stem: str) -> dict[str, pd.Series]:
    return {f"money_wan_{end}": facts[f"{stem}_{end}"] for end in ("low", "high")}


def _fee(status: pd.DataFrame, subject: str, ids: pd.Index) -> dict[str, pd.Series]:
    """Return the fee of the headline policy, and whether one is at stake that is not known."""
    if subject != "parcel":
        nothing = pd.Series(np.nan, index=ids)
        return {"fee_wan_low": nothing, "fee_wan_high": nothing, "fee_open": nothing.notna()}
    first = status[status["headline"]].set_index("subject_id").reindex(ids)
    fees = {name: first[name] for name in ("fee_wan_low", "fee_wan_high")}
    return fees | {"fee_open": first["fee_open"].fillna(False).astype(bool)}
