"""Own facts of policies that no file of a plan carries: said once, not file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from landuse.io.header.own_headers import absent_facts
from landuse.labels import label
from landuse.policy import Policy
from landuse.tables import Reading
from landuse.tables.own_facts import SUBJECT_OF, own_facts

__all__ = ["sift_absent"]

_KIND = "own_fact_absent"


def sift_absent(
    kinds: Sequence[str], readings: Sequence[Reading], policies: Sequence[Policy], *, file: str | None
) -> tuple[list[Reading], list[dict[str, Any]]]:
    """Take out of readings what each says of own facts that it lacks, and say it of those that all lack.

    Parameters
    ----------
    kinds : sequence of str
        What each reading is of: parcels, projects …
    readings : sequence of Reading
        The readings, in the same order.
    policies : sequence of Policy
        That declare the facts.
    file : str or None
        The plan.

    Returns
    -------
    readings : list of Reading
        Without the issues ``own_fact_absent``.
    issues : list of dict
        One for each fact that no file carries, with the policies that declare it.
    """
    carried: set[tuple[str, str]] = set()
    sifted = []
    facts = own_facts(f for p in policies for f in p.facts)
    for kind, reading in zip(kinds, readings, strict=True):
        lacking = reading.issues["kind"] == _KIND
        names = set(reading.issues.loc[lacking, "field"])
        subject = SUBJECT_OF.get(kind)
        carried |= {(f.subject, f.name) for f in facts if f.subject == subject and f.name not in names}
        sifted.append(
            replace(reading, issues=reading.issues[~lacking].reset_index(drop=True))
            if lacking.any()
            else reading
        )
    said = []
    for fact in facts:
        if (fact.subject, fact.name) not in carried:
            of = [
                p.id
                for p in policies
                if any((f.subject, f.name) == (fact.subject, fact.name) for f in p.facts)
            ]
            said += absent_facts([fact], {}, file=file, policy=label("zone_evidence", "comma").join(of))
    return sifted, said
