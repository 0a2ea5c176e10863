"""Words for what would change a verdict."""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from landuse.labels import label, say
from landuse.policy.vocabulary import fact_label, fact_unit, kind
from landuse.policy.wording import value_name
from landuse.screening.figures import day_texts, digits_of, span_texts
from landuse.screening.flips import AS_OF, OTHER, Change
from landuse.screening.sheet import Sheet
from landuse.screening.views import FlipView

__all__ = ["flip_view"]


def flip_view(change: Change, sheet: Sheet) -> FlipView:
    """Return a change in words.

    Parameters
    ----------
    change : Change
        Of the first row.
    sheet : Sheet
        Its facts.
    """
    fact, value = change.fact, change.value
    if isinstance(value, date):
        return FlipView(AS_OF, label("columns", AS_OF), value.isoformat(), change.verdict)
    name = fact_label(sheet.table, fact)
    if isinstance(value, str):
        said = label("explanation", "flip_none_of") if value == OTHER else value_name(fact, value)
        return FlipView(fact, name, said, change.verdict)
    figure = np.array([value])
    if kind(sheet.table, fact) == "date":
        return FlipView(fact, name, str(day_texts(figure, figure)[0]), change.verdict)
    unit = fact_unit(sheet.table, fact)
    said = str(span_texts(figure, figure, unit)[0])
    return FlipView(fact, name, said, change.verdict, _parts(fact, value, sheet))


def _parts(fact: str, value: float, sheet: Sheet) -> tuple[str, ...]:
    """Say what a value of a ratio means for its numerator, and for its denominator, the other as it is."""
    ratio = sheet.table.ratio(fact)
    if ratio is None or value <= 0.0:
        return ()
    top, bottom, factor = ratio
    more = value > float(sheet.figures(fact)[0][0])
    parts = []
    for name, other, by, least in (
        (top, bottom, value * float(factor), more),
        (bottom, top, 1.0 / (value * float(factor)), not more),
    ):
        low, high = (float(end[0]) for end in sheet.figures(other))
        if low == high and np.isfinite(low):
            unit = fact_unit(sheet.table, name)
            figure = np.array([_outward(low * by, unit, up=least)])
            said = str(span_texts(figure, figure, unit)[0])
            kind_ = "flip_least" if least else "flip_most"
            parts.append(say("explanation", kind_, fact=fact_label(sheet.table, name), value=said))
    return tuple(parts)


def _outward(figure: float, unit: str, *, up: bool) -> float:
    """Round a figure to the decimals shown, to the side where the verdict has changed."""
    step = 10.0 ** digits_of(unit)
    steps = figure * step
    near = round(steps)
    if abs(steps - near) > 1e-6 * max(abs(steps), 1.0):
        near = math.ceil(steps) if up else math.floor(steps)
    return near / step
