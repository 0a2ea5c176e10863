"""Deadlines that policies declare: what must be done within days of a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.policy.model import Deadline
from landuse.tables.spans import Days

__all__ = ["SetOff", "set_off"]


@dataclass(frozen=True)
class SetOff:
    """A deadline and the parcels (positions) whose verdict sets it off.

    ``found`` is the day of finding, the as-of date where ``given`` says that none is known before it.
    """

    policy: str
    deadline: Deadline
    at: npt.NDArray[np.int64]
    verdict: npt.NDArray[np.object_]
    found: Days
    given: npt.NDArray[np.bool_]

    @property
    def due(self) -> Days:
        """The last day of each."""
        return self.found + np.timedelta64(self.deadline.days, "D")


def set_off(
    deadlines: Mapping[str, Sequence[Deadline]],
    status: pd.DataFrame,
    parcels: pd.Index,
    found_on: pd.Series | None,
    today: np.datetime64,
) -> Iterator[SetOff]:
    """Yield every deadline with the parcels that it stands for, in the order of policies and deadlines.

    Parameters
    ----------
    deadlines : mapping
        Policy id to its deadlines.
    status : DataFrame
        Table ``parcel_status``.
    parcels : Index
        Ids of the parcels.
    found_on : Series or None
        Day of finding by parcel id; one that is missing or not before the as-of date is not known.
    today : datetime64[D]
        The as-of date, the start of that day.
    """
    known = np.full(len(parcels), np.datetime64("NaT", "D"))
    if found_on is not None:
        known = pd.to_datetime(found_on).reindex(parcels).to_numpy(dtype="datetime64[D]")
    given = known < today
    found = np.where(given, known, today)
    for policy, several in deadlines.items():
        own = status[(status["policy"] == policy).to_numpy(dtype=bool)]
        verdicts = own.set_index("subject_id")["verdict"].reindex(parcels).to_numpy(dtype=object)
        for deadline in several:
            at = np.flatnonzero(np.isin(verdicts.astype("U"), deadline.after))
            yield SetOff(policy, deadline, at, verdicts[at], found[at], given[at])
