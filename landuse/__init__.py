"""landuse: parcels and project ledger to investment per mu, verdicts, blocks, annual plan, map, workbook.

The public verbs and nouns; each loads its room when first used, so that ``import landuse`` stays light.

Examples
--------
>>> import landuse as lu
>>> lu.parse_amount(12000, "wan").low
12000.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from landuse import maps, reports
    from landuse.allocating import allocate
    from landuse.api import check, explain, open_run, run, save, write_database
    from landuse.consolidating import consolidate
    from landuse.errors import LanduseError
    from landuse.io.keeping.ledger_write import write_ledger
    from landuse.io.readers import (
        read_corrections,
        read_hooks,
        read_parcels,
        read_projects,
        read_quota,
        read_renames,
        read_reserve,
        read_zones,
    )
    from landuse.linking import link
    from landuse.measuring import ellipsoid_area, measure
    from landuse.parsing.amounts import parse_amount
    from landuse.parsing.areas import parse_area
    from landuse.parsing.rates import Rate
    from landuse.policy import load_policy, policies_in_force
    from landuse.policy.schemes import load_scheme
    from landuse.quarterly import compare, save_comparison
    from landuse.scoring import ClassRules, ScoreRules, class_firms, quota_factors, score
    from landuse.screening import judge, screen
    from landuse.supervising import supervise

__version__ = "0.1.0"

_HOMES = {
    "landuse.api": ("check", "explain", "open_run", "run", "save", "write_database"),
    "landuse.allocating": ("allocate",),
    "landuse.consolidating": ("consolidate",),
    "landuse.errors": ("LanduseError",),
    "landuse.io.keeping.ledger_write": ("write_ledger",),
    "landuse.io.readers": (
        "read_corrections",
        "read_hooks",
        "read_parcels",
        "read_projects",
        "read_quota",
        "read_renames",
        "read_reserve",
        "read_zones",
    ),
    "landuse.linking": ("link",),
    "landuse.measuring": ("ellipsoid_area", "measure"),
    "landuse.parsing.amounts": ("parse_amount",),
    "landuse.parsing.areas": ("parse_area",),
    "landuse.parsing.rates": ("Rate",),
    "landuse.policy": ("load_policy", "policies_in_force"),
    "landuse.quarterly": ("compare", "save_comparison"),
    "landuse.policy.schemes": ("load_scheme",),
    "landuse.scoring": ("ClassRules", "ScoreRules", "class_firms", "quota_factors", "score"),
    "landuse.screening": ("judge", "screen"),
    "landuse.supervising": ("supervise",),
}
_DOORS = ("maps", "reports")
_WHERE = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "ClassRules",
    "LanduseError",
    "Rate",
    "ScoreRules",
    "allocate",
    "check",
    "class_firms",
    "compare",
    "consolidate",
    "ellipsoid_area",
    "explain",
    "judge",
    "link",
    "load_policy",
    "load_scheme",
    "maps",
    "measure",
    "open_run",
    "parse_amount",
    "parse_area",
    "policies_in_force",
    "quota_factors",
    "read_corrections",
    "read_hooks",
    "read_parcels",
    "read_projects",
    "read_quota",
    "read_renames",
    "read_reserve",
    "read_zones",
    "reports",
    "run",
    "save",
    "save_comparison",
    "score",
    "screen",
    "supervise",
    "write_database",
    "write_ledger",
]


def __getattr__(name: str) -> Any:
    if name in _DOORS:
        return import_module(f"landuse.{name}")
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"landuse has no {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
