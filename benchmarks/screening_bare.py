"""The ten clauses of the benchmark of screening by hand: bare numpy, arrays in, truths and verdict codes out.

A truth is 2 (holds), 1 (unknown) or 0 (does not): ``all`` is the least, ``any`` the greatest, ``not`` 2 - x.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from landuse.tables import Facts

CLAUSES = ("14(2)", "14(1)", "2(1).overdue", "2(1).not_due", "2(2)", "1", "2", "3", "4", "5")
VERDICTS = (
    "undecided",
    "out_of_scope",
    "in_use",
    "idle_2y",
    "idle_1y",
    "overdue",
    "not_due",
    "idle_suspended",
    "underused",
)
HELD = (("idle_2y", "idle_1y", "overdue", "not_due", "idle_suspended"), ("underused",) * 5)
STATES = {"not_started": 0, "started": 1, "unknown": 2}
ZONES = {"urban": 0, "county": 1, "outside": 2}
MU = 0.0015
NAMED = (
    "days_past_start",
    "full_years_past_start",
    "full_years_suspended",
    "developed_m2",
    "due_development_m2",
    "invested_wan",
    "planned_wan",
    "intensity_fixed_wan",
    "intensity_output_wan",
    "intensity_tax_wan",
    "intensity_land_m2",
    "floor_area_m2",
    "footprint_m2",
    "total_invest_wan",
)
Arrays = dict[str, Any]


def arrays_of(facts: Facts) -> Arrays:
    """Return the facts as arrays: low and high of pairs, codes of texts."""
    table = facts.parcels
    arrays: Arrays = {n: [table[f"{n}_{end}"].to_numpy() for end in ("low", "high")] for n in NAMED}
    arrays |= {n: table[n].to_numpy() for n in ("area_used_m2", "far_min", "built_share")}
    arrays["state"] = table["start_state"].map(STATES).to_numpy(dtype=np.int8)
    arrays["zone"] = table["zone_class"].map(ZONES).fillna(3).to_numpy(dtype=np.int8)
    arrays["in_scope"] = table["state_construction"].to_numpy(dtype=np.int8) * np.int8(2)
    return arrays


def judged_bare(a: Arrays) -> tuple[list[Any], list[Any]]:
    """Return the truth of every clause and the verdict code under both policies."""
    idle, scope = idle_land(a), a["in_scope"]
    local, started = local_standard(a), np.array([0, 2, 1], dtype=np.int8)[a["state"]]
    truths = [np.minimum(when, scope) for when in idle] + [np.minimum(when, started) for when in local]
    return truths, [_verdict(truths[:5], scope, HELD[0]), _verdict(truths[5:], started, HELD[1])]


def idle_land(a: Arrays) -> list[Any]:
    """Weigh ``cn-idle-land-2012``, without its scope."""
    idle = np.array([2, 0, 1], dtype=np.int8)[a["state"]]
    years, days, suspended = a["full_years_past_start"], a["days_past_start"], a["full_years_suspended"]
    late = 2 - _at_most(days, 0.0)
    little = np.maximum(
        _ratio_under(a["developed_m2"], a["due_development_m2"], 1 / 3),
        _ratio_under(a["invested_wan"], a["planned_wan"], 1 / 4),
    )
    stopped = np.minimum(2 - idle, 2 - _under(suspended, 1.0))
    return [
        np.minimum(idle, 2 - _under(years, 2.0)),
        np.minimum(idle, 2 - _under(years, 1.0)),
        np.minimum(idle, late),
        np.minimum(idle, 2 - late),
        np.minimum(stopped, little),
    ]


def local_standard(a: Arrays) -> list[Any]:
    """Weigh the made-up standard, without its scope."""
    land, area = a["intensity_land_m2"], a["area_used_m2"]
    least = (np.array([200.0, 150.0, np.nan, 150.0]) * MU)[a["zone"]]
    most = (np.array([200.0, 150.0, np.nan, 200.0]) * MU)[a["zone"]]
    money = a["intensity_fixed_wan"]
    return [
        _truth(money[1] < least * land[0], money[0] >= most * land[1]),
        _ratio_under(a["floor_area_m2"], (area, area), a["far_min"]),
        _ratio_under(a["footprint_m2"], (area, area), 0.3),
        np.minimum(
            _ratio_under(a["intensity_output_wan"], land, 200.0 * MU),
            _ratio_under(a["intensity_tax_wan"], land, 10.0 * MU),
        ),
        np.maximum(_under((a["built_share"], a["built_share"]), 0.4), _at_most(a["total_invest_wan"], 500.0)),
    ]


def _truth(yes: Any, no: Any) -> Any:
    return 1 + yes.view(np.int8) - no.view(np.int8)


def _under(value: Any, limit: Any) -> Any:
    return _truth(value[1] < limit, value[0] >= limit)


def _at_most(value: Any, limit: Any) -> Any:
    return _truth(value[1] <= limit, value[0] > limit)


def _ratio_under(top: Any, over: Any, limit: Any) -> Any:
    return _truth(top[1] < limit * over[0], top[0] >= limit * over[1])


def _verdict(truths: list[Any], scope: Any, names: tuple[str, ...]) -> Any:
    """Walk the clauses: the first that holds, unless an earlier one of another verdict is unknown."""
    code = np.full(len(scope), VERDICTS.index("in_use"), dtype=np.int8)
    np.copyto(code, VERDICTS.index("out_of_scope"), where=scope == 0)
    np.copyto(code, VERDICTS.index("undecided"), where=scope == 1)
    for place in reversed(range(len(truths))):
        np.copyto(code, VERDICTS.index(names[place]), where=truths[place] == 2)
        own = code == VERDICTS.index(names[place])
        np.copyto(code, VERDICTS.index("undecided"), where=(truths[place] == 1) & ~own)
    return code
