"""Money over land, slowly: exact fractions, loops and dictionaries, read off the rules and not off the code.

Parcels: ``{id: {"area": Fraction, "zone": str | None}}``. Projects: ``{id: {"refs": [...], "zone": str | None,
"requested": (low, high) | None, "total" | "fixed" | "invested" | "planned": (low, high) | None}}``. Amounts in
wan, areas in m2, an open end is ``INF``, nothing known is None.
"""

from __future__ import annotations

import math
from fractions import Fraction

INF = math.inf
MU = Fraction(2000, 3)


def times(factor, amount):
    return Fraction(0) if factor == 0 else factor * amount


def completed(project):
    """(total, fixed) with what the one says of the other; both None where they contradict each other."""
    total, fixed = project["total"], project["fixed"]
    if total and fixed:
        if fixed[0] > total[1]:
            return None, None
        return (max(total[0], fixed[0]), total[1]), (fixed[0], min(fixed[1], total[1]))
    if total:
        return total, (Fraction(0), total[1])
    if fixed:
        return (fixed[0], INF), fixed
    return None, None


def figures(project):
    total, fixed = completed(project)
    return {
        "total": total,
        "fixed": fixed,
        "invested": project["invested"],
        "planned": project["planned"],
    }


def found(parcels, project):
    return sorted({ref for ref in project["refs"] if ref in parcels})


def complete(parcels, project):
    return all(ref in parcels for ref in project["refs"])


def shares(parcels, project):
    here = found(parcels, project)
    land = sum((parcels[p]["area"] for p in here), Fraction(0))
    return {p: parcels[p]["area"] / land for p in here}


def sites(parcels, projects):
    """{project: name of its joint site}, by merging whatever touches until nothing does."""
    groups = [({name}, set(found(parcels, project))) for name, project in sorted(projects.items())]
    groups = [g for g in groups if g[1]]
    merged = True
    while merged:
        merged = False
        for a in range(len(groups)):
            for b in range(a + 1, len(groups)):
                if groups[a][1] & groups[b][1]:
                    groups[a] = (groups[a][0] | groups[b][0], groups[a][1] | groups[b][1])
                    del groups[b]
                    merged = True
                    break
            if merged:
                break
    return {name: "J-" + min(names) for names, _ in groups if len(names) > 1 for name in names}


def add_up(amounts):
    """A sum of intervals; an unknown one may be anything from nothing up; None where all are unknown."""
    known = [a for a in amounts if a is not None]
    if not known:
        return None
    high = INF if len(known) < len(amounts) else sum((a[1] for a in known), Fraction(0))
    return sum((a[0] for a in known), Fraction(0)), high


def over(money, land):
    """Money over land per mu, as an interval; None where either is unknown or there is no land."""
    if money is None or land is None or land[1] == 0:
        return None
    low = Fraction(0) if land[1] == INF else money[0] / (land[1] / MU)
    if money[1] == 0:
        return low, Fraction(0)
    if money[1] == INF or land[0] == 0:
        return low, INF
    return low, money[1] / (land[0] / MU)


def land_of(parcels, projects, members):
    """The land of some projects, each parcel once; no upper end where one names a parcel that is not there."""
    here = {p for name in members for p in found(parcels, projects[name])}
    total = sum((parcels[p]["area"] for p in here), Fraction(0))
    whole = all(complete(parcels, projects[name]) for name in members)
    return total, (total if whole else INF)


def members_of(site, of_project):
    return sorted(name for name, s in of_project.items() if s == site)


def project_facts(parcels, projects):
    of_project = sites(parcels, projects)
    facts = {}
    for name, project in projects.items():
        here = found(parcels, project)
        site = of_project.get(name)
        members = members_of(site, of_project) if site else [name]
        if here:
            land, basis = land_of(parcels, projects, members), "joint" if site else "linked"
        elif project["requested"] and project["requested"][1] > 0 and not project["refs"]:
            land, basis = project["requested"], "requested"
        else:
            land, basis = None, None
        fact = {"basis": basis, "site": site, "land": land}
        for stem in ("total", "fixed"):
            fact[stem] = figures(project)[stem]
            fact[f"{stem}_per_mu"] = over(add_up([figures(projects[m])[stem] for m in members]), land)
        facts[name] = fact
    return facts


def parcel_facts(parcels, projects):
    of_project = sites(parcels, projects)
    by_project = project_facts(parcels, projects)
    facts = {}
    for name, parcel in parcels.items():
        here = sorted(p for p, project in projects.items() if name in found(parcels, project))
        fact = {"projects": len(here)}
        for stem in ("total", "fixed", "invested", "planned"):
            parts = [_part(parcels, projects[p], name, stem) for p in here]
            if stem in ("invested", "planned") and any(part is None for part in parts):
                parts = []
            fact[stem] = add_up(parts)
        joint = [p for p in here if p in of_project]
        for stem in ("total", "fixed"):
            own = over(fact[stem], (parcel["area"], parcel["area"]))
            fact[f"{stem}_per_mu"] = by_project[joint[0]][f"{stem}_per_mu"] if joint else own
        facts[name] = fact
    return facts


def _part(parcels, project, parcel, stem):
    """What of a project's money may lie on a parcel."""
    amount = figures(project)[stem]
    if amount is None:
        return None
    share = shares(parcels, project)[parcel]
    if not complete(parcels, project):
        if stem in ("invested", "planned"):
            return None
        return Fraction(0), times(share, amount[1])
    return times(share, amount[0]), times(share, amount[1])


def zone_of(parcels, project):
    """The ledger's zone, else the one zone of all its parcels."""
    if project["zone"] is not None:
        return project["zone"]
    theirs = {parcels[p]["zone"] for p in found(parcels, project)}
    return theirs.pop() if len(theirs) == 1 else None


def zone_facts(parcels, projects, zones):
    """Sums over the land of projects whose figure the ledger gives at both ends, land and money once each."""
    of_project = sites(parcels, projects)
    facts = {}
    for zone in zones:
        facts[zone] = {}
        for stem in ("total", "fixed"):
            money, land, seen = (Fraction(0), Fraction(0)), set(), set()
            for name in sorted(projects):
                site = of_project.get(name)
                members = members_of(site, of_project) if site else [name]
                if members[0] in seen or not all(_covered(parcels, projects[m], stem) for m in members):
                    continue
                seen.add(members[0])
                theirs = {zone_of(parcels, projects[m]) for m in members}
                one = theirs.pop() if len(theirs) == 1 else None
                for m in members:
                    amount = figures(projects[m])[stem]
                    for parcel, share in shares(parcels, projects[m]).items():
                        if (one or parcels[parcel]["zone"]) == zone:
                            money = money[0] + share * amount[0], money[1] + share * amount[1]
                            land.add(parcel)
            ground = sum((parcels[p]["area"] for p in land), Fraction(0))
            facts[zone][stem] = money if ground else None
            facts[zone][f"{stem}_land"] = ground
            facts[zone][f"{stem}_per_mu"] = over(money, (ground, ground)) if ground else None
    return facts


def _covered(parcels, project, stem):
    raw, settled = project[stem], figures(project)[stem]
    here = found(parcels, project)
    return bool(here) and complete(parcels, project) and None not in (raw, settled) and raw[1] != INF
