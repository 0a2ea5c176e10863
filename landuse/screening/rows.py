"""The rows of findings: the comparisons of a clause where it holds, is unknown or close to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from landuse.policy.vocabulary import fact_unit, kind
from landuse.screening.compare import HOLDS, NOT, UNKNOWN, Bools, Floats, Truth
from landuse.screening.evaluate import Compared, WeighedClause, WeighedSheet, comparisons
from landuse.screening.figures import day_texts
from landuse.screening.sheet import Sheet
from landuse.screening.texts import TEXT, Repeated, chosen, text_column
from landuse.screening.wording import limit_texts
from landuse.tables import FINDINGS

__all__ = ["finding_rows"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Part:
    """A comparison with its place: the clause it stands in, its number there from 1, the rows kept."""

    weighed: WeighedClause
    number: int
    compared: Compared
    rows: Ints

    @property
    def close(self) -> Bools:
        """Whether the comparison is borderline where the clause may apply, for the rows kept."""
        scoped: Bools = self.weighed.in_scope[self.rows] != NOT
        return scoped & self.compared.borderline[self.rows]


def finding_rows(weighed: WeighedSheet) -> pd.DataFrame:
    """Write down the comparisons of every clause, for the rows that the clause concerns.

    Parameters
    ----------
    weighed : WeighedSheet
        The clauses of a policy about one subject.

    Returns
    -------
    DataFrame
        Table ``findings``. A clause that plainly does not hold for a subject leaves no row.
    """
    parts = [
        _Part(w, number, compared, rows)
        for w in weighed.clauses
        for rows in (_kept(w),)
        for number, compared in enumerate(comparisons(w.when), start=1)
    ]
    sheet = weighed.sheet
    sizes = [len(p.rows) for p in parts]
    rows = np.concatenate([p.rows for p in parts])
    block = np.repeat(np.arange(len(parts)), sizes)
    repeated = Repeated(max(sizes))

    def same(texts: Iterable[str]) -> Any:
        return _column(repeated.block(text, size) for text, size in zip(texts, sizes, strict=True))

    data = {
        "subject": same(sheet.subject for _ in parts),
        "subject_id": pd.array(sheet.facts.index, dtype="str").take(rows),
        "policy": same(str(weighed.policy.id) for _ in parts),
        "clause": same(p.weighed.clause.id for p in parts),
        "part": np.array([p.number for p in parts], dtype=np.int64)[block],
        "fact": same(p.compared.leaf.fact for p in parts),
        "value_low": _figures([p.compared.low for p in parts], parts),
        "value_high": _figures([p.compared.high for p in parts], parts),
        "value_text": _column(_value_texts(p, sheet, repeated) for p in parts),
        "op": same(p.compared.leaf.op for p in parts),
        "limit": _limits(parts),
        "limit_text": _column(_limit_texts(p, sheet, repeated) for p in parts),
        "unit": same(fact_unit(sheet.table, p.compared.leaf.fact) for p in parts),
        "part_holds": _three_valued([p.compared.truth for p in parts], parts),
        "holds": _three_valued([p.weighed.truth for p in parts], parts),
        "in_scope": _three_valued([p.weighed.in_scope for p in parts], parts),
        "borderline": np.concatenate([p.close for p in parts]),
    }
    return FINDINGS.conform(pd.DataFrame(data, copy=False))


def _kept(w: WeighedClause) -> Ints:
    """Return the rows for which a clause holds, is unknown, or has a comparison that is borderline."""
    kept = w.truth != NOT
    scoped = w.in_scope != NOT
    for compared in comparisons(w.when):
        kept |= compared.borderline & scoped
    return np.flatnonzero(kept).astype(np.int64, copy=False)


def _column(blocks: Iterable[Any]) -> Any:
    return text_column(pa.chunked_array(list(blocks), TEXT))


def _figures(columns: list[Floats | None], parts: list[_Part]) -> Floats:
    blocks = [
        np.full(len(p.rows), np.nan) if figures is None else figures[p.rows]
        for figures, p in zip(columns, parts, strict=True)
    ]
    return np.concatenate(blocks)


def _limits(parts: list[_Part]) -> Floats:
    limits = (p.compared.limits(p.rows) for p in parts)
    return np.concatenate(
        [np.full(len(p.rows), np.nan) if f is None else f for f, p in zip(limits, parts, strict=True)]
    )


def _three_valued(truths: list[Truth], parts: list[_Part]) -> Any:
    truth = np.concatenate([t[p.rows] for t, p in zip(truths, parts, strict=True)])
    return pd.arrays.BooleanArray(truth == HOLDS, truth == UNKNOWN)


def _value_texts(part: _Part, sheet: Sheet, repeated: Repeated) -> Any:
    """Return the values of a text, yes/no or date fact."""
    fact = part.compared.leaf.fact
    match kind(sheet.table, fact):
        case "number":
            return repeated.block(None, len(part.rows))
        case "date":
            low, high = sheet.figures(fact)
            days = day_texts(low[part.rows], high[part.rows])
            days[days == ""] = None
            return pa.array(days, TEXT)
    codes, names = sheet.classes(fact)
    return chosen([*names, None], codes[part.rows])


def _limit_texts(part: _Part, sheet: Sheet, repeated: Repeated) -> Any:
    compared = part.compared
    own, whole = limit_texts(compared.leaf, compared.bars, sheet)
    if len(own) < 2 or compared.place is None:
        return repeated.block(whole, len(part.rows))
    place = compared.place[part.rows]
    return chosen([*own, whole], np.where(place >= 0, place, len(own)))
