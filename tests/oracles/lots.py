"""The tree of tests/golden/tree/vacant_lots.toml as anyone would write it: one row, if and else.

A fact is a value or None. Only the facts that the tree asks after (owner, planned, answered_on) may be None.
"""

from __future__ import annotations

from datetime import date


def dispose(lot):
    """Return the outcome and the clause."""
    small = lot["area_m2"] < 120 or lot["width"] < 5
    if lot["in_court"]:
        return "暂缓", "1.court"
    if lot["owner"] is None or lot["planned"] is None:
        return "查明", "2.owner"
    homes = lot["planned"].startswith(("R1", "R2"))
    if lot["owner"] in ("city", "district"):
        if lot["flooded"]:
            if not homes or small or lot["complaints"] > 10:
                return "绿地", "3.green"
        elif small and lot["applicant"] == "neighbour" and lot["applied_on"] >= date(2023, 1, 1):
            return "院落", "4.side_yard"
        if (
            lot["applicant"] in ("community", "school")
            and lot["planned"][0] not in "MW"
            and lot["area_m2"] <= 1000
        ):
            return "花园", "5.garden"
        if homes and not small:
            return "出让", "6.sale"
    else:
        silent = lot["answered_on"] is None or lot["answered_on"] < date(2022, 1, 1)
        if silent and (lot["arrears"] >= 5 or (lot["arrears"] > 1 and lot["complaints"] >= 5)):
            return "收回", "7.recover"
        if lot["complaints"] >= 3 and not (lot["owner"] == "person" and small):
            return "整治", "8.order"
    return "管护", "9.keep"
