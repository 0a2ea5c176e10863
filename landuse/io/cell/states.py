"""What several columns of a parcel file say together: dates, started, suspended, whose fault, whose land."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from landuse.io.cell.cells import Cells
from landuse.io.cell.far import settle_far
from landuse.labels import label
from landuse.parsing.parcel_codes import ownership_from_code
from landuse.parsing.words import construction_land, is_supply_of_state_land
from landuse.tables.table import nothing

__all__ = ["STATE_OF", "Said", "settle_land", "settle_periods", "settle_states"]

Said = tuple[int | None, str, str, dict[str, Any]]
"""Position (None: the whole file), column, kind and words of an issue."""

_STATES = (
    ("start_state", "started_on", "started", "not_started"),
    ("suspend_state", "suspended_on", "suspended", "not_suspended"),
)

STATE_OF = {day: state for state, day, _, _ in _STATES}
"""The state whose words may stand in the place of a date."""


_FLAGS = (
    ("start_agreed", ("start_due", "start_due_extended"), "not_agreed"),
    ("handed_over", ("handed_over_on",), "not_handed_over"),
    ("finished", ("finished_on",), "not_finished"),
)
"""A yes or no, the dates that say yes, and what an empty or worded first one may say instead."""


def settle_periods(read: Mapping[str, Cells]) -> tuple[dict[str, Any], list[Said]]:
    """Return days and periods where a file of ours holds both in columns of their own.

    A period counts where no day is known; one that the day does not lie in makes both unknown.
    """
    more: dict[str, Any] = {}
    said: list[Said] = []
    for name, cells in read.items():
        column = name.removesuffix("_period")
        if column == name or column not in read:
            continue
        own, day, found = cells.values[name], read[column].values[column], read[column].values[name]
        text = day.dt.strftime("%Y-%m-%d").astype("str").where(day.notna(), found)
        both = np.flatnonzero(text.notna() & own.notna())
        apart = [p for p in both.tolist() if not _one_in_other(str(text.iat[p]), str(own.iat[p]))]
        said += [(p, column, "periods_differ", {"other": own.iat[p]}) for p in apart]
        differ = np.isin(np.arange(len(own)), apart)
        finer = own.where(found.isna() | (own.str.len() > found.str.len()), found)
        more[column] = day.mask(differ)
        more[name] = finer.mask(differ | day.notna().to_numpy(dtype=bool))
    return more, said


def _one_in_other(one: str, other: str) -> bool:
    """Say whether of two dates, written as ISO 8601 writes them, one lies in the other."""
    return one.startswith(other) or other.startswith(one)


def settle_states(
    read: Mapping[str, Cells], data: Mapping[str, Any], rows: int, blanks: Mapping[str, str]
) -> tuple[dict[str, Any], list[Said]]:
    """Return states, flags and government_cause as dates, words and blank cells have them.

    A date says that it happened, a word says what it says, and an empty cell only what the plan lets it say.
    """
    more: dict[str, Any] = {}
    said: list[Said] = []
    for state, day, yes, no in _STATES:
        if not {state, day, f"{day}_period"} & read.keys():
            continue
        empty = nothing(rows)
        word = read[state].values[state] if state in read else empty
        word = word.mask((word == "unknown").to_numpy(dtype=bool, na_value=False))
        by_day = empty.mask(_dated(data, day, rows), yes)
        if day in read:
            by_day.loc[list(read[day].words)] = list(read[day].words.values())
            by_day = by_day.mask((by_day == "unknown").to_numpy(dtype=bool, na_value=False))
            if blanks.get(day) == no:
                by_day = by_day.mask(read[day].blank & word.isna().to_numpy(dtype=bool), no)
        differ = (word.notna() & by_day.notna() & (word != by_day)).to_numpy(dtype=bool)
        said += [(int(p), day, "states_differ", {"word": word.iat[p]}) for p in np.flatnonzero(differ)]
        more[state] = word.where(word.notna(), by_day).mask(differ).fillna("unknown")
    for settled, words in (_settle_flag(read, data, rows, blanks, *flag) for flag in _FLAGS):
        more |= settled
        said += words
    if "government_cause" in read and blanks.get("government_cause") == "none":
        cause = read["government_cause"].values["government_cause"]
        more["government_cause"] = cause.mask(read["government_cause"].blank, "none")
    return more, said


def _settle_flag(
    read: Mapping[str, Cells],
    data: Mapping[str, Any],
    rows: int,
    blanks: Mapping[str, str],
    flag: str,
    days: tuple[str, ...],
    no: str,
) -> tuple[dict[str, Any], list[Said]]:
    """Return whether something was agreed or has happened, as dates, words and blank cells have it."""
    first = days[0]
    if not {flag, *days, *(f"{day}_period" for day in days)} & read.keys():
        return {}, []
    empty = nothing(rows, "boolean")
    told = read[flag].values[flag] if flag in read else empty
    dated = np.logical_or.reduce([_dated(data, day, rows) for day in days])
    by_day = empty.mask(dated, True)
    if first in read:
        denied = np.zeros(rows, dtype=bool)
        denied[[p for p, word in read[first].words.items() if word == no]] = True
        if blanks.get(first) == no:
            denied |= read[first].blank & told.isna().to_numpy(dtype=bool)
        by_day = by_day.mask(denied & ~dated, False)
    differ = (told.notna() & by_day.notna() & (told != by_day).fillna(False)).to_numpy(dtype=bool)
    said: list[Said] = [
        (int(p), first, "states_differ", {"word": label("yes_no", str(bool(told.iat[p])).lower())})
        for p in np.flatnonzero(differ)
    ]
    return {flag: told.where(told.notna(), by_day).mask(differ)}, said


def _dated(data: Mapping[str, Any], column: str, rows: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say where anything is known of a date: its day, month or year."""
    known = np.zeros(rows, dtype=bool)
    for name in (column, f"{column}_period"):
        if name in data:
            known |= data[name].notna().to_numpy(dtype=bool)
    return known


def settle_land(data: Mapping[str, Any], rows: int) -> tuple[dict[str, Any], list[Said]]:
    """Return ownership with its basis, and construction_land, as columns, codes and supply have them."""
    more: dict[str, Any] = {}
    said: list[Said] = []
    empty = nothing(rows)
    column = data.get("ownership", empty)
    code = ownership_from_code(data["parcel_id"]).astype("str") if "parcel_id" in data else empty
    differ = (column.notna() & code.notna() & (column != code)).to_numpy(dtype=bool)
    said += [
        (int(p), "ownership", "ownership_differs", {"code": code.iat[p]}) for p in np.flatnonzero(differ)
    ]
    owner = column.where(column.notna(), code).mask(differ)
    basis = empty.mask(code.notna().to_numpy(), "code").mask(column.notna().to_numpy(), "column").mask(differ)
    supplied = _supplied(data, rows) & owner.isna().to_numpy(dtype=bool) & ~differ
    if supplied.any():
        owner, basis = owner.mask(supplied, "state"), basis.mask(supplied, "supply")
        said.append((None, "ownership", "ownership_by_supply", {"count": int(supplied.sum())}))
    more |= {"ownership": owner, "ownership_basis": basis}
    far, doubts = settle_far(dict(data))
    more |= far
    said += doubts
    if "land_use" in data:
        codes, uses = pd.factorize(data["land_use"])
        known = pd.array([construction_land(u) for u in uses] + [None], dtype="boolean")
        by_use = pd.Series(known[codes])
        given = data.get("construction_land")
        more["construction_land"] = by_use if given is None else given.where(given.notna(), by_use)
    return more, said


def _supplied(data: Mapping[str, Any], rows: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which parcels were supplied as state land: by mode, by contract, by an agreed start."""
    flags = np.zeros(rows, dtype=bool)
    if "supply_mode" in data:
        codes, modes = pd.factorize(data["supply_mode"])
        flags |= np.array([is_supply_of_state_land(m) for m in modes] + [False])[codes]
    if "contract_no" in data:
        flags |= data["contract_no"].notna().to_numpy(dtype=bool)
    flags |= _dated(data, "start_due", rows)
    return flags
