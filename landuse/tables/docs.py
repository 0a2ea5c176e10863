"""Write docs/tables.md from the schemas: ``python -m landuse.tables.docs > docs/tables.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from landuse.labels import label
from landuse.tables import (
    CANDIDATES,
    COMPARISON_TABLES,
    CORRECTIONS,
    FIRMS,
    HOOKS,
    RENAMES,
    RUN_TABLES,
    Table,
)

__all__ = ["page"]

_INTRO = """# Tables

Every table of a run folder (`OUT/tables/*.parquet`) and of the Python results. This page is made from the
schemas (`make docs`); a test holds the two together.

Every uncertain amount or area is a pair `…_low` / `…_high`; both missing: unknown; `inf`: no upper end known.
A missing yes/no value is unknown. The tables from `changes` on are those of a comparison folder
([comparing.md](comparing.md)). Units: wan = 10,000 yuan, mu = 2000/3 m2.
"""


def _lines(table: Table) -> Iterator[str]:
    yield f"\n## {table.name}\n"
    yield table.meaning + (f" Index: `{table.key}`." if table.key else "")
    if table.open:
        yield "\nFurther columns may stand in it."
    yield "\n| column | label | type | unit | meaning |"
    yield "|---|---|---|---|---|"
    for name, column in table.columns.items():
        about = column.metadata or {}
        stem = name.removesuffix("_low").removesuffix("_high") if table.is_pair(name) else name
        meaning = about["meaning"]
        if about.get("values"):
            meaning += ": " + ", ".join(f"`{v}`" for v in about["values"])
        yield f"| `{name}` | {label('columns', stem)} | {column.dtype} | {about['unit']} | {meaning} |"


def page() -> str:
    """Return the page as Markdown."""
    lines = [_INTRO]
    more = (CORRECTIONS, RENAMES, HOOKS, FIRMS, CANDIDATES, *COMPARISON_TABLES.values())
    for table in (*RUN_TABLES.values(), *more):
        lines += list(_lines(table))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
