"""Links as positions in the tables of parcels and projects, and what tells money and land apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from landuse.errors import LinkError
from landuse.measuring.pairs import Flags, Floats, Ints, Pair, choose, exactly, pair_of
from landuse.tables import Links

__all__ = ["Joins", "joins_of"]


@dataclass(frozen=True)
class Joins:
    """The links as positions.

    ``part`` is the share of the parcel's land that a link adds to its unit: that of its footprint where
    footprints tell land apart, else the whole parcel, with the first link of its unit to it. ``unit`` is what
    a link's land and money are told apart by: the joint site, or else the project. Units are numbered 0 to
    ``units`` - 1; a project or parcel without a link has none (-1); a parcel whose land is
    told apart may belong to several, and has one of them.
    """

    project: Ints
    parcel: Ints
    share: Floats
    part: Pair
    complete: Flags
    joint: Flags
    unit: Ints
    units: int
    unit_of_project: Ints
    unit_of_parcel: Ints
    site_of_project: npt.NDArray[np.object_]
    site_of_parcel: npt.NDArray[np.object_]


def joins_of(links: Links, parcels: pd.Index, projects: pd.Index) -> Joins:
    """Bring links to positions in the two tables.

    Raises
    ------
    LinkError
        Where the links are not those of these tables, or two projects share a parcel and neither footprints
        nor a joint site say whose land is whose.
    """
    table = links.table
    project = np.asarray(projects.get_indexer(pd.Index(table["project_id"])), dtype=np.int64)
    parcel = np.asarray(parcels.get_indexer(pd.Index(table["parcel_id"])), dtype=np.int64)
    if (project < 0).any() or (parcel < 0).any():
        at = int(np.flatnonzero((project < 0) | (parcel < 0))[0])
        raise LinkError(
            f"the links name project {table['project_id'].iloc[at]!r} on parcel "
            f"{table['parcel_id'].iloc[at]!r}, and one of them is not in the tables",
            remedy="link the same parcels and projects that are measured",
        )
    names = table["joint_site_id"].to_numpy(dtype=object)
    joint = ~pd.isna(names)
    apart = table["apart"].to_numpy(dtype=bool)
    part = pair_of(table, "parcel_part")
    shared = np.bincount(parcel, minlength=1)[parcel] > 1
    if (shared & ~joint & ~apart).any():
        raise LinkError("two projects share a parcel and no joint site says so", remedy="use lu.link")
    if (~part.known & ~(joint & ~apart)).any():
        raise LinkError("a link does not say how much of its parcel it counts", remedy="use lu.link")
    sites = pd.factorize(names)[0]
    unit = np.unique(np.where(joint, -1 - sites, project), return_inverse=True)[1].astype(np.int64)
    return Joins(
        project=project,
        parcel=parcel,
        share=table["share"].to_numpy(dtype=np.float64),
        part=_parts(part, joint & ~apart, unit, parcel),
        complete=table["complete"].to_numpy(dtype=bool),
        joint=joint,
        unit=unit,
        units=int(unit.max(initial=-1)) + 1,
        unit_of_project=_put(len(projects), project, unit, -1),
        unit_of_parcel=_put(len(parcels), parcel, unit, -1),
        site_of_project=_put(len(projects), project[joint], names[joint], None),
        site_of_parcel=_put(len(parcels), parcel[joint & ~apart], names[joint & ~apart], None),
    )


def _parts(part: Pair, tied: Flags, unit: Ints, parcel: Ints) -> Pair:
    """Return the share of its parcel that each link adds to its unit; a tied parcel counts whole and once."""
    first = np.zeros(len(unit), dtype=bool)
    where = np.flatnonzero(tied)
    pairs = np.column_stack([unit[where], parcel[where]])
    first[where[np.unique(pairs, axis=0, return_index=True)[1]]] = True
    whole = exactly(first.astype(np.float64))
    return choose(tied, whole, part)


def _put(count: int, at: Ints, values: npt.NDArray[Any], absent: object) -> npt.NDArray[Any]:
    spread = np.full(count, absent, dtype=values.dtype)
    spread[at] = values
    return spread
