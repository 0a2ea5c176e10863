"""What changed between two runs, slowly: one subject after the other, in fractions, from plain rows.

A run is ``{"zones": {id: row}, "parcels": {id: row}, "projects": {id: row}, "policies": [name, …]}``; a row of a
parcel or project has ``zone`` (an id, None: unknown), ``outside`` (yes or no), ``department``, ``land``,
``money`` (each None or a pair of Fractions; the upper end may be INF) and ``verdicts`` by policy.
"""

from __future__ import annotations

from fractions import Fraction

INF = float("inf")
IDLE = {"idle_1y", "idle_2y", "idle_suspended"}
FLAGGED = {"underused", "overdue", "no_separate_land", "not_met"}
KINDS = ("parcel", "project", "zone")


def rows_of(run, subject):
    return run[f"{subject}s"]


def became(old, new, *, in_old, in_new):
    """What became of a verdict, told as one would tell it."""
    if not in_old:
        return "came"
    if not in_new:
        return "went"
    if old == new:
        return "same"
    if old is None:
        return "policy_added"
    if new is None:
        return "policy_removed"
    if new in IDLE:
        return "still_idle" if old in IDLE else "newly_idle"
    if new == "undecided":
        return "newly_undecided"
    if old in IDLE:
        return "resolved"
    if new in FLAGGED:
        return "verdict_changed" if old in FLAGGED else "newly_flagged"
    if old in FLAGGED:
        return "resolved"
    return "newly_decided" if old == "undecided" else "verdict_changed"


def spoken(run, subject):
    """The policies that have verdicts on such subjects."""
    return [p for p in run["policies"] if any(p in row["verdicts"] for row in rows_of(run, subject).values())]


def changes(old, new):
    """{(subject, id, policy): (kind, old verdict, new verdict)}."""
    found = {}
    for subject in KINDS:
        past, now = rows_of(old, subject), rows_of(new, subject)
        policies = sorted({*spoken(old, subject), *spoken(new, subject)}) or [None]
        for name in {*past, *now}:
            for policy in policies:
                verdicts = [t[name]["verdicts"].get(policy) if name in t else None for t in (past, now)]
                kind = became(*verdicts, in_old=name in past, in_new=name in now)
                found[subject, name, policy] = (kind, *verdicts)
    return found


def department(run, row):
    """Its own, else that of its zone: (department, whose)."""
    if row["department"] is not None:
        return row["department"], "own"
    of_zone = run["zones"].get(row["zone"], {}).get("department")
    return (of_zone, "zone") if of_zone is not None else (None, "unknown")


def line_of(run, row, key):
    """The line of the bulletin that a row belongs to."""
    if key == "department":
        named = department(run, row)[0]
        return ("department", named) if named is not None else ("unknown", None)
    if row["zone"] is not None:
        return "zone", row["zone"]
    return ("outside" if row["outside"] else "unknown"), None


def groups(subject, was, now, kind, moved):
    """The groups that a subject counts in: {group: (in the old run, in the new run)}."""
    core, newly, core_set = ("idle", "newly_idle", IDLE)
    if subject == "project":
        core, newly, core_set = ("flagged", "newly_flagged", FLAGGED)
    before, after = was in core_set, now in core_set
    stayed = before and after and not moved
    fresh = after and not stayed and kind == newly
    solved = before and not stayed and kind == "resolved"
    found = {
        core: (before, after),
        newly: (False, fresh),
        f"{core}_in": (False, after and not stayed and not fresh),
        f"{core}_resolved": (solved, False),
        f"{core}_out": (before and not stayed and not solved, False),
        f"{subject}s_undecided": (was == "undecided", now == "undecided"),
    }
    if subject == "parcel":
        found["parcels_flagged"] = (was in FLAGGED, now in FLAGGED)
    return found


def bulletin(old, new, key):
    """{(line, key, group): {(side, 'count' | 'land' | 'money'): value}}; a value is a count or [known, low, high]."""
    table = {}
    for subject in ("parcel", "project"):
        past, now = rows_of(old, subject), rows_of(new, subject)
        heads = [next(iter(spoken(run, subject)), None) for run in (old, new)]
        for name in {*past, *now}:
            rows = [t.get(name) for t in (past, now)]
            verdicts = [
                row["verdicts"].get(head) if row else None for row, head in zip(rows, heads, strict=True)
            ]
            # what became of it, under the policy that leads the new run (the old one where it went)
            head = (heads[0] or heads[1]) if rows[1] is None else (heads[1] or heads[0])
            told = [row["verdicts"].get(head) if row else None for row in rows]
            kind = became(*told, in_old=rows[0] is not None, in_new=rows[1] is not None)
            lines = [
                line_of(run, row, key) if row else None for run, row in zip((old, new), rows, strict=True)
            ]
            here = {f"{subject}s": (rows[0] is not None, rows[1] is not None)}
            here |= groups(subject, *verdicts, kind, moved=lines[0] != lines[1])
            for group, sides in here.items():
                for side, counts, row, line in zip(("old", "new"), sides, rows, lines, strict=True):
                    if counts:
                        _count(table, (*line, group), side, row)
                        _count(table, ("total", None, group), side, row)
    return table


def _count(table, place, side, row):
    cells = table.setdefault(place, {})
    cells[side, "count"] = cells.get((side, "count"), 0) + 1
    for what in ("land", "money"):
        known, low, high = cells.get((side, what), (0, Fraction(0), Fraction(0)))
        if row[what] is not None:
            known, low, high = known + 1, low + row[what][0], high + row[what][1]
        cells[side, what] = (known, low, high)


def amounts(old, new, subject, what):
    """{id: (change, old, new, difference)} of a figure, each a pair or None."""
    found = {}
    past, now = rows_of(old, subject), rows_of(new, subject)
    for name in {*past} & {*now}:
        one, other = past[name][what], now[name][what]
        if one == other:
            continue
        if one is None:
            found[name] = ("became_known", None, other, None)
        elif other is None:
            found[name] = ("became_unknown", one, None, None)
        else:
            found[name] = ("changed", one, other, (other[0] - one[1], other[1] - one[0]))
    return found
