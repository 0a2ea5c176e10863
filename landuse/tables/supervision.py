"""Supervision of land after supply: where each parcel stands, what is owed by whom and when."""

from __future__ import annotations

from dataclasses import replace

from landuse.tables.columns import dated, day, flag, number, origin, pair, text, whole
from landuse.tables.table import Table
from landuse.tables.verdicts import PARCEL_VERDICTS

STAGES = (
    "signed",
    "handed_over",
    "not_due",
    "not_started",
    "overdue",
    "started",
    "suspended",
    "finished",
    "unknown",
    "out_of_scope",
)
"""Where a parcel stands: ``signed``, ``handed_over`` and ``not_due`` say that the start is not due yet, the
last that no more is known; ``not_started`` that it has not been made and may be overdue or not; ``started``
claims no more than that it has been made."""
OBLIGATION_KINDS = ("handover", "start", "finish", "deadline")
OBLIGATION_STATES = (
    "done",
    "done_late",
    "done_timing_unknown",
    "due",
    "overdue",
    "unknown",
    "out_of_scope",
)
OWING = ("government", "holder")
FOUND_BASES = ("given", "as_of")

SUPERVISION = Table(
    name="supervision",
    meaning="Where each parcel stands after supply on the as-of date, what is due next, what is at stake.",
    key="parcel_id",
    columns={
        "as_of": day("the date it holds at, the start of that day"),
        "holder": text("who holds the right to use the land"),
        "department": text("the department in charge of it, as the file names it"),
        "zone_id": text("the zone it stands in"),
        "area_mu": number("mu", "its land, by the area that is used", least=0.0),
        "supervised": flag("whether it is state-owned construction land, which supervision is about"),
        "status": text("the step it has reached", values=STAGES, nullable=False),
        **dated("since", "the day from which that holds"),
        **pair("days_in_status", "d", "days since then to the as-of date"),
        "verdict": text(
            "the verdict of the headline policy: suspected, never a finding of law", values=PARCEL_VERDICTS
        ),
        "government_cause": text("cause of delay claimed to lie with the government; missing: unknown"),
        **pair("fee_wan", "wan", "idle land fee at stake, by that verdict"),
        "fee_open": flag("whether such a fee is at stake of which the amount is not known"),
        "overdue": whole("obligations that are overdue, whoever owes them", nullable=False),
        "overdue_of_holder": whole("of them those that the holder owes", nullable=False),
        "handover_late": flag("whether the land was handed over late, or should have been and was not"),
        **pair("handover_days_over", "d", "by how many days; 0: in time"),
        "next_obligation": text("what is due next, and may still be open", values=OBLIGATION_KINDS),
        "next_deadline": text("the deadline of a policy, where it is one"),
        "next_owed_by": text("who owes it", values=OWING),
        "next_state": text("whether it is known to be open", values=OBLIGATION_STATES),
        "next_first": day("the first day that can be its last one"),
        "next_last": day("the last day that can be"),
        **pair("next_days_left", "d", "days from the as-of date to that day"),
        "contradiction": text("what in its dates and states contradicts itself; missing: nothing found"),
        **origin(),
    },
)

OBLIGATIONS = Table(
    name="obligations",
    meaning="One row a parcel and obligation: when it is due, whether it was met, who owes it.",
    columns={
        "parcel_id": text("the parcel", nullable=False),
        "obligation": text(
            "what is owed: handing over, starting, finishing, or meeting a deadline of a policy",
            values=OBLIGATION_KINDS,
            nullable=False,
        ),
        "policy": text("the policy that sets the deadline; missing: contract or decision"),
        "deadline": text("which deadline of the policy"),
        "cite": text("where it stands there"),
        "deadline_text": text("what it asks for"),
        "owed_by": text("who owes it", values=OWING, nullable=False),
        "holder": text("who holds the right to use the land"),
        "zone_id": text("the zone the parcel stands in"),
        "state": text(
            "whether it was met, is due or is overdue; what is missing is unknown, never overdue",
            values=OBLIGATION_STATES,
            nullable=False,
        ),
        "done": flag("whether it has been met; missing: unknown"),
        "due_first": day("the first day that it can be due"),
        "due_last": day("the last day that it can be due"),
        "extended": flag("whether that day is the one of an extension that was granted", nullable=False),
        "counted_from": day("the day a deadline is counted from, the day of finding"),
        "found_basis": text(
            "where that day comes from: given, or the as-of date because it is not known", values=FOUND_BASES
        ),
        "done_first": day("the first day that it can have been met"),
        "done_last": day("the last day that it can have been met"),
        **pair(
            "days_over", "d", "days from the due day to the day it was met, or to the as-of date; 0: in time"
        ),
        **pair("days_left", "d", "days from the as-of date to the due day; 0 once past, missing once met"),
        "handover_late": flag("whether the government handed the land over late, or should have and did not"),
        **pair("handover_days_over", "d", "by how many days; 0: in time. It moves no due day by itself"),
        "verdict": text(
            "the verdict that sets a deadline off, else that of the headline policy", values=PARCEL_VERDICTS
        ),
        "government_cause": text("cause of delay claimed to lie with the government; missing: unknown"),
        **origin(),
    },
)

CALENDAR = replace(
    OBLIGATIONS,
    name="calendar",
    meaning="The obligations that fall due in the months after the as-of date and may still be open, by day.",
)

OVERDUE_HOLDERS = Table(
    name="overdue_holders",
    meaning="Holders who owe what is overdue, the longest delay first; a missing holder is a row of its own.",
    columns={
        "holder": text("the holder, as written; missing: the file names none"),
        "parcels": whole("parcels with an overdue obligation of the holder", nullable=False),
        "area_mu": number("mu", "their land", least=0.0),
        "starts": whole("starts overdue", nullable=False),
        "finishes": whole("finishes overdue", nullable=False),
        **pair("days_over", "d", "the longest delay"),
        "fee_parcels": whole("of the parcels those with an idle land fee at stake", nullable=False),
        **pair("fee_wan", "wan", "the fee at stake on them"),
        "fee_unknown": whole(
            "of the parcels those with a fee at stake of which the amount is not known",
            nullable=False,
        ),
        "handovers_late": whole("of the parcels those handed over late, or not yet", nullable=False),
        "causes_claimed": whole(
            "of the parcels those with a cause claimed to lie with the government", nullable=False
        ),
    },
)
