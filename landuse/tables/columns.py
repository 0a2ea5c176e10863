"""How a column is written down: its type, its unit and one sentence of meaning, as schema metadata."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandera.pandas as pa

Columns = dict[str, pa.Column]


def _column(
    dtype: Any,
    meaning: str,
    *,
    unit: str = "",
    nullable: bool = True,
    checks: list[pa.Check] | None = None,
    **more: Any,
) -> pa.Column:
    return pa.Column(
        dtype, checks=checks, nullable=nullable, metadata={"unit": unit, "meaning": meaning, **more}
    )


def text(
    meaning: str, *, values: Sequence[str] | None = None, nullable: bool = True, absent: str | None = None
) -> pa.Column:
    """Describe a text column; ``values`` closes what may stand in it, ``absent`` fills gaps."""
    checks = [pa.Check.isin(list(values))] if values else None
    return _column(
        "str", meaning, nullable=nullable, checks=checks, values=tuple(values or ()), absent=absent
    )


def number(
    unit: str,
    meaning: str,
    *,
    least: float | None = None,
    nullable: bool = True,
    ratio: tuple[str, str, Fraction] | None = None,
) -> pa.Column:
    """Describe a float64 column; ``ratio`` names numerator, denominator and the factor of the denominator."""
    checks = [pa.Check.ge(least)] if least is not None else None
    return _column("float64", meaning, unit=unit, nullable=nullable, checks=checks, ratio=ratio)


def pair(
    stem: str,
    unit: str,
    meaning: str,
    *,
    least: float | None = 0.0,
    ratio: tuple[str, str, Fraction] | None = None,
) -> Columns:
    """Describe the two columns ``stem_low`` and ``stem_high`` of an uncertain figure."""
    return {
        f"{stem}_low": number(unit, f"{meaning}: the least it can be", least=least, ratio=ratio),
        f"{stem}_high": number(
            unit, f"{meaning}: the most it can be (inf: no upper end known)", least=least, ratio=ratio
        ),
    }


def day(meaning: str) -> pa.Column:
    """Describe a date column (datetime64[us], the start of the day)."""
    return _column("datetime64[us]", meaning, unit="date")


PERIOD = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"
"""A month or a year as ISO 8601 writes it with reduced precision: ``2019-03``, ``2019``."""


def dated(name: str, meaning: str) -> Columns:
    """Describe a day, and beside it the month or year where no more than that is known."""
    period = _column(
        "str",
        f"{meaning}: the month or year, where no more is known (ISO 8601: 2019-03, 2019)",
        checks=[pa.Check.str_matches(f"^{PERIOD}$")],
    )
    return {name: day(meaning), f"{name}_period": period}


def flag(meaning: str, *, nullable: bool = True) -> pa.Column:
    """Describe a yes/no column; a nullable one is three-valued (missing: unknown)."""
    return _column("boolean" if nullable else "bool", meaning, nullable=nullable)


def whole(meaning: str, *, unit: str = "", nullable: bool = True) -> pa.Column:
    """Describe a whole-number column."""
    return _column("Int64" if nullable else "int64", meaning, unit=unit, nullable=nullable)


def texts(meaning: str) -> pa.Column:
    """Describe a column that holds a list of texts in each row (empty list: none)."""
    return _column(object, meaning, nullable=False)


def shape(meaning: str) -> pa.Column:
    """Describe the geometry column."""
    return _column("geometry", meaning)


def origin() -> Columns:
    """Describe where a row was read: file and row."""
    return {
        "source_file": text("the file the row was read from"),
        "source_row": whole(
            "the row, record or line in it, counted from 1 as the program that shows it does"
        ),
    }
