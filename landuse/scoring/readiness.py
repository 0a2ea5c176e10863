"""What is known of each zone for a demonstration zone of economical and intensive land use."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landuse.scoring.scorecard import Card, in_zone_order, unit_of
from landuse.tables import ZONE_READINESS

__all__ = ["readiness_table"]


def readiness_table(zones: pd.DataFrame, cards: dict[str, Card], hooks: pd.DataFrame) -> pd.DataFrame:
    """Return zones by items: figure, coverage, what is missing; no limit, for none is known.

    Parameters
    ----------
    zones : DataFrame
        Table ``zone_facts``.
    cards : dict
        Their figures.
    hooks : DataFrame
        Table ``zone_hooks``.

    References
    ----------
    General Office of the People's Government of Henan, 2011, no. 10: model zones in ten fields, one of them
    the economical and intensive use of land. The text of its criteria was not found.
    """
    frames = []
    for name, card in cards.items():
        missing = [list(card.missing) if gap > 0.0 else [] for gap in card.short.tolist()]
        frames.append(
            _item(zones.index, name, missing, unit=unit_of(name)).assign(
                **card.value.columns("value"), covered_share=card.covered_share
            )
        )
    words = hooks["hook_reported"].reindex(zones.index)
    unknown = [["hooks"] if w == "unknown" else [] for w in words]
    frames.append(_item(zones.index, "hook_reported", unknown).assign(value_text=words.to_numpy()))
    doubled = zones["doubled_mu"].to_numpy(dtype=np.float64)
    gaps = [["doubled_mu"] if d != d else [] for d in doubled.tolist()]
    frames.append(
        _item(zones.index, "doubled_land", gaps, unit="mu").assign(value_low=doubled, value_high=doubled)
    )
    return ZONE_READINESS.conform(in_zone_order(frames, len(zones)))


def _item(zones: pd.Index, name: str, missing: list[list[str]], *, unit: str | None = None) -> pd.DataFrame:
    lists = pd.Series(missing, dtype=object).to_numpy()
    return pd.DataFrame({"zone_id": zones, "item": name, "unit": unit, "missing_facts": lists})
