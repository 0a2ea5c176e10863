"""Zone sums, slowly: exact fractions and every way in which what is unknown can turn out.

Parcels: ``{id: {"m2", "state": True | False | None, "start": word, "finished": bool, "developed": (low, high) | None,
"floor" | "footprint": (low, high) | None}}``, all of one zone; projects as ``{id: {"on": [parcel], "output" | "tax" |
"jobs": (low, high) | None}}``, each parcel under at most one project.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

MU = Fraction(2000, 3)


def built(parcel):
    if parcel["start"] == "not_started":
        return Fraction(0), Fraction(0)
    if parcel["finished"] and parcel["start"] == "started":
        return parcel["m2"], parcel["m2"]
    most = parcel["m2"] if parcel["developed"] is None else min(parcel["developed"][1], parcel["m2"])
    return Fraction(0), most


def built_out(parcels):
    """The least and greatest share, over every choice of which doubtful parcels count."""
    sure = [p for p in parcels.values() if p["state"] is True]
    doubtful = [p for p in parcels.values() if p["state"] is None]
    shares = []
    for choice in product([False, True], repeat=len(doubtful)):
        inside = sure + [p for p, yes in zip(doubtful, choice, strict=True) if yes]
        land = sum((p["m2"] for p in inside), Fraction(0))
        if land:
            shares += [sum((built(p)[end] for p in inside), Fraction(0)) / land for end in (0, 1)]
    return (min(shares), max(shares)) if shares else None


def over_own_land(parcels, stem):
    """Figure, land and ratio over the parcels where the figure is known."""
    known = [p for p in parcels.values() if p[stem] is not None]
    land = sum((p["m2"] for p in known), Fraction(0))
    figure = tuple(sum((p[stem][end] for p in known), Fraction(0)) for end in (0, 1))
    return land, (figure[0] / land, figure[1] / land) if known else None


def per_mu(parcels, projects, stem):
    """Covered land [mu], and figure over it."""
    known = [p for p in projects.values() if p[stem] is not None and p["on"]]
    land = sum((parcels[a]["m2"] for p in known for a in p["on"]), Fraction(0)) / MU
    figure = tuple(sum((p[stem][end] for p in known), Fraction(0)) for end in (0, 1))
    return land, (figure[0] / land, figure[1] / land) if known else None
