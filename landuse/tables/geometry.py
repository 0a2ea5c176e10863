"""What is wrong between parcels: the same land held twice, or by none."""

from __future__ import annotations

from landuse.tables.columns import number, shape, text
from landuse.tables.table import Table

__all__ = ["FAULT_KINDS", "FAULT_NATURES", "GEOMETRY_FAULTS"]

FAULT_KINDS = ("duplicate", "overlap", "gap", "sliver")
FAULT_NATURES = ("overlap", "gap")

GEOMETRY_FAULTS = Table(
    name="geometry_faults",
    meaning="Land that two parcels hold, and enclosed land between parcels that none holds.",
    columns={
        "kind": text(
            "two parcels of one shape, land in two parcels, enclosed land in none, or either of the last two "
            "and thinner than surveyors can tell",
            values=FAULT_KINDS,
            nullable=False,
        ),
        "nature": text(
            "whether the land is held twice or by none; tells what a sliver is",
            values=FAULT_NATURES,
            nullable=False,
        ),
        "parcel_id": text("one of the two parcels; of a gap, those with the longest share of its boundary"),
        "other_id": text("the other one"),
        "area_m2": number(
            "m2",
            "the land: planar area, brought to the ellipsoid by the scale of the parcel",
            least=0.0,
            nullable=False,
        ),
        "width_m": number("m", "its mean width: twice the area over the boundary", least=0.0, nullable=False),
        "geometry": shape("the land"),
    },
)
